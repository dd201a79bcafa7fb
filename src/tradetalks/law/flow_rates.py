"""What each flow of 2024 pays: its ordinary rate, and the measures as mixtures over claims and conditions.

The ordinary rate of a flow is what it paid in 2024 where that is less than the schedule's (quotas,
preferences, end uses), never more; specific duties are taken at their 2024 ad valorem equivalent.
Goods of Canada and Mexico are a mixture of those that claim USMCA and those that do not, with shares
by line: those of 2024 until April 2025, those of the second half of 2025 afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import numpy as np
import polars as pl

from tradetalks.law.conditions import mixture
from tradetalks.law.duty_text import parse_rate, programmes
from tradetalks.law.editions import Added, added
from tradetalks.law.evaluate import Evaluation, rerated, rulings, settle
from tradetalks.law.facts import facts_of
from tradetalks.law.measure import Law, check_rates, override
from tradetalks.law.schedule import COLUMN_2, PROGRAMME, edition_of, on_day
from tradetalks.law.scope import Floats
from tradetalks.law.trade import Positions, Trade, weight_table, whole_world

#: From here on claims are those of the second half of 2025: of imports from Canada (Mexico) 40% (51%) claimed
#: in 2024, 59% (52%) in April to June 2025, 92% (87%) in the second half.
CLAIMS_ROSE = date(2025, 5, 1)


@cache
def _statutory(edition: date, more: tuple[Added, ...]) -> tuple[Floats, Floats, Positions, list[str]]:
    """Return, for the world's lines, general and column 2 rates, and the special column's text.

    Rates are in percent; a specific one, or that of a line of 2024 no longer in the schedule, is the
    equivalent of 2024. The text is a position in the list that comes last.
    """

    def ad_valorem(column: str) -> pl.Expr:
        specific = pl.col(f"{column}_amount") != 0
        return pl.when(~specific).then(f"{column}_pct").cast(pl.Float64).fill_null(float("nan")).alias(column)

    table = on_day(edition).select("line", ad_valorem("mfn"), ad_valorem("other"), "special").collect()
    by_8 = table.group_by(pl.col("line").str.slice(0, 8), maintain_order=True).first()
    lines = pl.DataFrame({"line": whole_world().lines.codes.tolist()})
    # A line of 2024 that has gone is read in what its first eight digits say today.
    exact = lines.join(table, on="line", how="left", maintain_order="left")
    broad = lines.select(pl.col("line").str.slice(0, 8)).join(by_8, on="line", how="left", maintain_order="left")
    found = {name: exact[name].fill_null(broad[name]) for name in ("mfn", "other", "special")}
    rates = [found[name].fill_null(float("nan")).to_numpy() for name in ("mfn", "other")]
    general, other = (np.where(np.isnan(rate), _equivalents(), rate) for rate in rates)
    special = found["special"].fill_null("")
    texts = special.unique()
    place = special.cast(pl.Enum(texts)).to_physical().to_numpy().astype(np.intp)
    return general, other, place, texts.to_list()


@cache
def _preferred(edition: date, symbol: str, more: tuple[Added, ...]) -> Floats:
    """Return, for the world's lines, the rate of the trade agreement ``symbol`` in percent, NaN without."""
    _, _, special, texts = _statutory(edition, more)
    offers = [parse_rate(programmes(text).get(symbol, "")) for text in texts]
    return np.array([offer.pct if offer and not offer.amount else np.nan for offer in offers])[special]


@cache
def _equivalents() -> Floats:
    """Return duty over value (percent) of each line in 2024 where the ordinary rate was paid."""
    outside = [*PROGRAMME, *COLUMN_2, "CHN", "HKG"]
    paid = (
        weight_table()
        .filter(~pl.col("origin").is_in(outside))
        .group_by("line")
        .agg(pl.col("imports_usd", "duty_usd").sum())
    )
    world = whole_world()
    index = np.searchsorted(world.lines.codes, paid["line"].to_numpy().astype("U10"))
    rate = np.full(len(world.lines), np.nan)
    rate[index] = 100 * paid["duty_usd"].to_numpy() / paid["imports_usd"].to_numpy()
    # Where only preferred or taxed origins sell, their own duty bounds it from what was paid.
    return np.where(np.isnan(rate), 100 * world.duty / world.imports, rate)


def _full(origin: str, trade: Trade, on: date) -> Floats:
    """Return the ordinary rate of each line in percent, no preference claimed, shape (L,)."""
    general, other, _, _ = _statutory(edition_of(on), added())
    return (other if origin in COLUMN_2 else general)[trade.place]


def ordinary_of_flows(origin: str, trade: Trade, on: date) -> Floats:
    """Return the ordinary rate of each flow in percent, shape (L,); see the module's text."""
    full = _full(origin, trade, on)
    if trade.own:
        return np.fmin(full, 100 * trade.duty / trade.imports)
    symbol = PROGRAMME.get(origin)
    return full if symbol is None else np.fmin(full, _preferred(edition_of(on), symbol, added())[trade.place])


def evaluations(law: Law, origin: str, trade: Trade, on: date, known: date) -> list[tuple[Floats, Evaluation]]:
    """Return (share of each flow, evaluation): without and with a USMCA claim, and each assumed condition."""
    claims: list[tuple[Floats, bool, Floats]] = [
        (np.ones(len(trade.lines)), False, ordinary_of_flows(origin, trade, on))
    ]
    if trade.usmca.any():
        share = trade.usmca if min(on, known) < CLAIMS_ROSE else trade.usmca_late
        claims = [(1.0 - share, False, _full(origin, trade, on)), (share, True, np.zeros(len(trade.lines)))]
    ruling, found = rulings(law, on, known), []
    for assumed, bearing in mixture(law, trade.lines, origin, on, known):
        for share, claim, base in claims:
            case = settle(bearing, ruling, trade.lines, base, facts_of(trade.lines, usmca=claim))
            found.append((assumed * share, case))
    return found


def evaluations_at(
    rates: Mapping[str, float],
    before: Sequence[tuple[Floats, Evaluation]],
    law: Law,
    origin: str,
    trade: Trade,
    on: date,
    known: date,
) -> list[tuple[Floats, Evaluation]]:
    """Return the :func:`evaluations` of ``law`` with other ``rates`` of measures, by id, in percent.

    ``before`` are those of ``law`` as it is, for the same origin, trade and days; they are not read again.

    Raises:
        BadInput: as :func:`tradetalks.law.measure.override`.
    """
    if any(one.share and not one.measures.isdisjoint(rates) for one in law.conditions):
        # Whether an assumed condition differs from the measure rests on the measure's rate.
        return evaluations(override(law, rates), origin, trade, on, known)
    check_rates(law, rates)
    return [(share, rerated(case, rates)) for share, case in before]
