"""Rates by line and by sector: every origin at once, weighted with US imports of 2024.

The ordinary rate of a flow is what it paid in 2024 where that is less than the schedule's (quotas,
preferences, end uses), never more; specific duties are taken at their 2024 ad valorem equivalent.
Goods of Canada and Mexico are a mixture of those that claim USMCA and those that do not, with shares
by line: those of 2024 until April 2025, those of the second half of 2025 afterwards. An origin without
trade of its own in a sector takes the world's mix there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradetalks.ground.concordance import no_sector_reason, sector_of
from tradetalks.ground.countries import country
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.ground.sectors import SECTORS
from tradetalks.law.conditions import mixture
from tradetalks.law.duty_text import parse_rate, programmes
from tradetalks.law.editions import Added, added, beyond
from tradetalks.law.evaluate import Evaluation, rulings, settle
from tradetalks.law.facts import facts_of
from tradetalks.law.measure import DATA, Law, origin_key, override, us_law
from tradetalks.law.other_clock import OtherClock, other_day
from tradetalks.law.schedule import COLUMN_2, PROGRAMME, edition_of, on_day
from tradetalks.law.scope import Floats, Lines

Positions = NDArray[np.intp]

_CODES = (
    "AGO ARE ARG AUS AUT BEL BGD BGR BLR BRA BRN CAN CHE CHL CHN CIV CMR COD COL CRI "
    "CYP CZE DEU DNK EGY ESP EST FIN FRA GBR GRC HKG HRV HUN IDN IND IRL ISL ISR ITA "
    "JOR JPN KAZ KHM KOR LAO LTU LUX LVA MAR MEX MLT MMR MYS NGA NLD NOR NZL PAK PER "
    "PHL POL PRT ROU RUS SAU SEN SGP STP SVK SVN SWE THA TUN TUR TWN UKR VNM ZAF ROW "
)

#: The regions of the world table (OECD ICIO, 2025 edition), the United States left out; ROW is the rest.
REGIONS: tuple[str, ...] = tuple(_CODES.split())

#: The day whose rates are called "base": the schedule and the measures of 2018 to 2024.
BASE_DAY = date(2025, 1, 1)

#: From here on claims are those of the second half of 2025: of imports from Canada (Mexico) 40% (51%) claimed
#: in 2024, 59% (52%) in April to June 2025, 92% (87%) in the second half.
CLAIMS_ROSE = date(2025, 5, 1)


#: Position of each goods sector in the arrays below.
_SECTOR = {code: position for position, code in enumerate(s.code for s in SECTORS if s.goods)}
#: Name of the sector at each position; the last one, at -1, is that of a line without one.
_NAMES = np.array([*_SECTOR, None], dtype=object)


@dataclass(frozen=True, slots=True)
class Trade:
    """US imports of 2024 by line: lines L, their sectors, values and duty."""

    lines: Lines
    place: Positions
    """Position of each line among the world's."""
    sector: Positions
    """Position of each line's sector; -1 where it has none."""
    imports: Floats
    duty: Floats
    usmca: Floats
    """Share that claimed USMCA in 2024; zero for other origins."""
    usmca_late: Floats
    """The same in the second half of 2025, when a claim had come to be worth the paper."""
    own: bool
    """True for trade of the origin itself, whose duty then says what its goods paid; False for a proxy."""


@cache
def _weights() -> pl.DataFrame:
    return pl.read_parquet(str(DATA / "weights_2024.parquet"))


@cache
def _world() -> Trade:
    """Return the imports of 2024 from all origins together, by line."""
    whole = _weights().group_by("line").agg(pl.col("imports_usd", "duty_usd").sum()).sort("line")
    codes = whole["line"].to_list()
    sectors = np.array([-1 if no_sector_reason(code) else _SECTOR[sector_of(code) or ""] for code in codes])
    imports, duty = (whole[name].cast(pl.Float64).to_numpy() for name in ("imports_usd", "duty_usd"))
    nobody = np.zeros(len(codes))
    return Trade(Lines(codes), np.arange(len(codes)), sectors, imports, duty, nobody, nobody, own=False)


@cache
def _own_trades() -> dict[str, Trade]:
    """Return the imports of 2024 from each origin that is shipped by line: ISO3 codes and ``EU``."""
    world = _world()
    numbers = ("imports_usd", "duty_usd", "usmca_2024", "usmca_2025h2")
    flows = _weights().select(
        "origin",
        pl.col("line").cast(pl.Enum(world.lines.codes.tolist())).to_physical().alias("place"),
        *(pl.col(name).fill_null(0).cast(pl.Float64) for name in numbers),
    )
    trades = {}
    for (origin,), flow in flows.sort("origin", "place").partition_by("origin", as_dict=True).items():
        place = flow["place"].to_numpy().astype(np.intp)
        imports, duty, early, late = (flow[name].to_numpy() for name in numbers)
        trades[str(origin)] = Trade(
            world.lines.take(place), place, world.sector[place], imports, duty, early, late, own=True
        )
    return trades


def trade_of(origin: str) -> Trade:
    """Return the imports of 2024 from ``origin`` (ISO3, ``EU``), or the world's where it has none by line."""
    return _own_trades().get(origin, _world())


@cache
def _proxy(sectors: tuple[int, ...]) -> Trade:
    """Return the world's imports in ``sectors``, for an origin that has none there."""
    world = _world()
    place = np.flatnonzero(np.isin(world.sector, sectors))
    nobody = np.zeros(len(place))
    return Trade(
        world.lines.take(place),
        place,
        world.sector[place],
        world.imports[place],
        world.duty[place],
        nobody,
        nobody,
        own=False,
    )


def weighted_origins() -> tuple[str, ...]:
    """Return the origins whose imports are shipped by line: ISO3 codes and ``EU``."""
    return tuple(_own_trades())


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
    lines = pl.DataFrame({"line": _world().lines.codes.tolist()})
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
        _weights()
        .filter(~pl.col("origin").is_in(outside))
        .group_by("line")
        .agg(pl.col("imports_usd", "duty_usd").sum())
    )
    world = _world()
    index = np.searchsorted(world.lines.codes, paid["line"].to_numpy().astype("U10"))
    rate = np.full(len(world.lines), np.nan)
    rate[index] = 100 * paid["duty_usd"].to_numpy() / paid["imports_usd"].to_numpy()
    # Where only preferred or taxed origins sell, their own duty bounds it from what was paid.
    return np.where(np.isnan(rate), 100 * world.duty / world.imports, rate)


def _full(origin: str, trade: Trade, on: date) -> Floats:
    """Return the ordinary rate of each line in percent, no preference claimed, shape (L,)."""
    general, other, _, _ = _statutory(edition_of(on), added())
    return (other if origin in COLUMN_2 else general)[trade.place]


def _ordinary(origin: str, trade: Trade, on: date) -> Floats:
    """Return the ordinary rate of each flow in percent, shape (L,); see the module's text."""
    full = _full(origin, trade, on)
    if trade.own:
        return np.fmin(full, 100 * trade.duty / trade.imports)
    symbol = PROGRAMME.get(origin)
    return full if symbol is None else np.fmin(full, _preferred(edition_of(on), symbol, added())[trade.place])


def evaluations(law: Law, origin: str, trade: Trade, on: date, known: date) -> list[tuple[Floats, Evaluation]]:
    """Return (share of each flow, evaluation): without and with a USMCA claim, and each assumed condition."""
    claims: list[tuple[Floats, bool, Floats]] = [(np.ones(len(trade.lines)), False, _ordinary(origin, trade, on))]
    if trade.usmca.any():
        share = trade.usmca if min(on, known) < CLAIMS_ROSE else trade.usmca_late
        claims = [(1.0 - share, False, _full(origin, trade, on)), (share, True, np.zeros(len(trade.lines)))]
    ruling, found = rulings(law, on, known), []
    for assumed, bearing in mixture(law, trade.lines, origin, on, known):
        for share, claim, base in claims:
            case = settle(bearing, ruling, trade.lines, base, facts_of(trade.lines, usmca=claim))
            found.append((assumed * share, case))
    return found


def origin_of(origin: str) -> str:
    """Return the law's name of an origin typed by a user; the EU as a bloc is one."""
    return "EU" if origin.strip().upper() == "EU" else origin_key(country(origin).iso3)


def land_of(origin: str) -> str:
    """Return the ISO3 code of an origin typed by a user, or ``EU``."""
    return "EU" if origin.strip().upper() == "EU" else country(origin).iso3


def sector_names(trade: Trade) -> NDArray[np.str_]:
    """Return the sector code of each line, "none" where it has none."""
    return np.array([*_SECTOR, "none"])[trade.sector]


def goods_of(trade: Trade) -> NDArray[np.bool_]:
    """Return which lines are in chapters 1 to 97, over which averages are taken."""
    return np.asarray(trade.lines.codes < "98")


#: How an average may be broken down.
BREAKDOWNS = ("sector", "authority", "chapter", "line")


def check_dates(on: str | date, known: str | date | None, name: str = "on") -> tuple[date, date]:
    """Return the day of entry and the day of knowledge (the last day there is for None).

    Raises:
        BadInput: not dates, or entry before the schedule begins.
    """
    entered = day(on, name)
    if entered < BASE_DAY:
        raise BadInput(
            f"{name}: {entered} is before {BASE_DAY}, the first schedule shipped; averages need ordinary rates"
        )
    return entered, date.max if known is None else day(known, "known")


def line_rates(
    importer: str,
    origin: str,
    on: str | date,
    known: str | date | None = None,
    rates: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Return the rate of every line that ``origin`` sold to the United States in 2024.

    An origin without imports by line here has those of the world, a member of the EU those of the EU.

    Columns: ``line``, ``sector`` (null in chapters 98 and 99), ``imports_usd`` (2024), ``mfn_pct`` (ordinary
    rate), ``rate_pct`` (all together), and for each measure in force its percentage points, by its id.

    Args:
        importer: the United States; or Japan, for goods of the United States: lines of Japan's tariff of
            2026 without imports (unweighted) and with a null rate where a part is specific.
        origin: ``EU``, or a country by ISO2, ISO3, name or Census code.
        on: day of entry for consumption.
        known: the law as it was public on this day (default: everything shipped).
        rates: other rates for named measures, percent, e.g. ``{"ieepa-reciprocal-jp": 10.0}``.

    Raises:
        BadInput: an unknown importer, origin, date or measure.
    """
    if country(importer).iso3 == "JPN":
        return _japan(origin, rates)
    _only_usa(importer)
    key = origin_of(origin)
    if key == "USA":
        raise BadInput("origin: goods of the United States are not foreign goods; name another country")
    entered, public = check_dates(on, known)
    trade = trade_of(key)
    mixed = evaluations(override(us_law(), rates or {}), key, trade, entered, public)
    columns: dict[str, Floats] = {}
    for share, case in mixed:
        for name, points in [
            ("mfn_pct", case.base),
            ("rate_pct", case.total()),
            *((p.measure.id, p.points()) for p in case.parts),
        ]:
            columns[name] = columns.get(name, np.zeros(len(trade.lines))) + share * points
    return pl.DataFrame(
        {
            "line": trade.lines.codes.tolist(),
            "sector": pl.Series(_NAMES[trade.sector].tolist(), dtype=pl.String),
            "imports_usd": trade.imports,
            **columns,
        }
    )


def _japan(origin: str, rates: Mapping[str, float] | None) -> pl.DataFrame:
    if country(origin).iso3 != "USA":
        raise BadInput("origin: of Japan's tariff only the rates on goods of the United States are shipped")
    if rates:
        raise BadInput(f"rates: Japan's tariff has no measure {next(iter(rates))!r}; its lines have one rate each")
    lines = pl.read_parquet(str(DATA / "japan_lines_2026.parquet"))
    plain = pl.col("us_specific").is_null()
    return lines.select(
        "line",
        "sector",
        pl.lit(None, dtype=pl.Float64).alias("imports_usd"),
        pl.when(pl.col("mfn_specific").is_null()).then("mfn_pct").alias("mfn_pct"),
        pl.when(plain).then("us_pct").alias("rate_pct"),
    )


@dataclass(frozen=True, slots=True)
class Effective:
    """An effective rate and its breakdown."""

    origin: str
    on: date
    known: date | None
    rate_pct: float
    imports_usd: float
    rows: tuple[tuple[str, float, float], ...]
    """(key, rate in percent, imports in USD); of an authority the rate is its points of all imports."""
    weights: str
    warnings: tuple[str, ...]
    other_clock: OtherClock | None
    """The average as published on the day of entry, or by all the law known today; None where it is the same."""


def effective_rate(
    importer: str,
    origin: str,
    on: str | date,
    known: str | date | None = None,
    by: str | None = None,
) -> Effective:
    """Return duty over imports in chapters 1 to 97, of one origin or of ``all``, with weights of 2024.

    Args:
        importer: the United States.
        origin: a country, ``EU``, or ``all``.
        on: day of entry.
        known: the law as it was public on this day (default: everything shipped).
        by: sector, chapter, line or authority; ``all`` without it comes by origin.

    Raises:
        BadInput: an unknown importer, origin, date or breakdown.
    """
    if by not in (None, *BREAKDOWNS):
        raise BadInput(f"by: {by!r} is no breakdown; choose {', '.join(BREAKDOWNS)}")
    entered, public = check_dates(on, known)
    everyone = origin.strip().casefold() == "all"
    keys = weighted_origins() if everyone else (origin_of(origin),)
    frame = _rated(importer, keys, entered, public)
    imports = float(frame["imports_usd"].sum())
    weight = pl.col("imports_usd")
    if by == "authority":
        names = {"mfn_pct": "MFN and column 2"} | {
            m.id: m.authority for m in us_law().measures if m.id in frame.columns
        }
        points: dict[str, float] = {}
        for name, authority in names.items():
            duty = float((frame[name] * frame["imports_usd"]).sum())
            points[authority] = points.get(authority, 0.0) + duty / imports
        rows = tuple((name, rate, imports) for name, rate in sorted(points.items(), key=lambda one: -one[1]))
    elif by is None and not everyone:
        rows = ()
    else:
        group = {
            "sector": pl.col("sector").fill_null("none"),
            "chapter": pl.col("line").str.slice(0, 2),
            "line": pl.col("line"),
        }
        table = (
            frame.group_by(key=group[by] if by else pl.col("origin"))
            .agg((pl.col("rate_pct") * weight).sum() / weight.sum(), weight.sum())
            .sort("key")
        )
        rows = tuple(table.iter_rows())
    bloc = origin.strip().upper() == "EU"
    land = "all" if everyone else "EU" if bloc else country(origin).iso3
    own = everyone or bloc or land in weighted_origins()
    warnings = beyond(entered, None if known is None else public)
    if not own:
        whose = "the EU" if keys == ("EU",) else "the world"
        warnings = (*warnings, f"weights and imports are those of {whose}: there are none by line for {land}")
    rate = round(_average(frame), 6)
    return Effective(
        origin=land,
        on=entered,
        known=None if known is None else public,
        rate_pct=rate,
        imports_usd=imports,
        rows=tuple((key, round(rate, 6), value) for key, rate, value in rows),
        weights="own" if own else "proxy",
        warnings=warnings,
        other_clock=_by_other_clock(importer, keys, entered, public, frame),
    )


def _rated(importer: str, keys: Sequence[str], on: date, known: date) -> pl.DataFrame:
    """Return :func:`line_rates` of chapters 1 to 97 of several origins (column ``origin``)."""
    frames = [
        line_rates(importer, key, on, known).filter(pl.col("line") < "98").with_columns(origin=pl.lit(key))
        for key in keys
    ]
    return pl.concat(frames, how="diagonal").fill_null(0.0)


def _average(frame: pl.DataFrame) -> float:
    return float((frame["rate_pct"] * frame["imports_usd"]).sum()) / float(frame["imports_usd"].sum())


def _by_other_clock(
    importer: str, keys: Sequence[str], on: date, known: date, frame: pl.DataFrame
) -> OtherClock | None:
    """Return the average of ``frame`` by the law as it was, or came to be, known; None where it is the same."""
    others = {key: other for key in keys if (other := other_day(us_law(), key, on, known))}
    if not others:
        return None
    then = next(iter(others.values()))
    anew = _rated(importer, tuple(others), on, then)
    kept = frame.filter(~pl.col("origin").is_in(list(others)))
    rate = _average(pl.concat([part.select("rate_pct", "imports_usd") for part in (kept, anew)]))
    if abs(rate - _average(frame)) < 5e-7:
        return None
    return OtherClock(None if then == date.max else then, round(rate, 6))


def sector_rates(
    importer: str,
    on: str | date,
    known: str | date | None = None,
    rates: Mapping[str, float] | None = None,
    origins: Sequence[str] = REGIONS,
) -> pl.DataFrame:
    """Return the import-weighted rate of every origin and goods sector.

    Columns: ``origin`` (ISO3, or ROW), ``sector``, ``rate_pct``, ``base_rate_pct`` (on 2025-01-01),
    ``imports_usd`` (2024; null where the weights are not the origin's own), ``weights``: ``own``, or
    ``proxy`` where the mix within the sector is the EU's (members) or the world's.

    Raises:
        BadInput: an unknown importer, date or measure.
    """
    _only_usa(importer)
    entered, public = check_dates(on, known)
    law = override(us_law(), rates or {})
    keys = {origin_key(origin) for origin in origins}
    now = {key: _profile(law, key, entered, public, tuple(origins)) for key in keys}
    rows = []
    for origin in dict.fromkeys(origins):
        rate, imports, own = now[origin_key(origin)]
        base = _base_profile(origin_key(origin), tuple(origins), added())
        for sector, position in _SECTOR.items():
            weights = "own" if own[position] and origin_key(origin) == origin else "proxy"
            value = imports[position] if weights == "own" else None
            rows.append((origin, sector, rate[position], base[position], value, weights))
    names = ["origin", "sector", "rate_pct", "base_rate_pct", "imports_usd", "weights"]
    frame = pl.DataFrame(rows, schema=names, orient="row").filter(pl.col("rate_pct").is_not_nan())
    return frame.sort("origin", "sector")


def _means(law: Law, key: str, trade: Trade, on: date, known: date) -> tuple[Floats, Floats]:
    """Return (import-weighted duty, imports) by sector, both in USD; the first is percent times USD."""
    rate = np.zeros(len(trade.lines))
    for share, case in evaluations(law, key, trade, on, known):
        rate = rate + share * case.total()

    def by_sector(value: Floats) -> Floats:
        return np.bincount(trade.sector + 1, value, len(_SECTOR) + 1)[1:].astype(np.float64)

    return by_sector(rate * trade.imports), by_sector(trade.imports)


def _profile(
    law: Law, key: str, on: date, known: date, regions: tuple[str, ...]
) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return by sector the rate of ``key`` (percent), its imports, and whether the weights are its own."""
    trades = _own_trades()
    named = {origin_key(region) for region in regions}
    sellers = [other for other in trades if other not in named] if key == "ROW" else [key]
    duty, imports = np.zeros(len(_SECTOR)), np.zeros(len(_SECTOR))
    for seller in sellers:
        if seller in trades:
            more, bought = _means(law, seller, trades[seller], on, known)
            duty, imports = duty + more, imports + bought
    own = imports > 0
    if not own.all():
        absent = _proxy(tuple(np.flatnonzero(~own).tolist()))
        proxy_duty, proxy_imports = _means(law, key, absent, on, known)
        duty, imports = np.where(own, duty, proxy_duty), np.where(own, imports, proxy_imports)
    with np.errstate(invalid="ignore"):
        return duty / imports, imports, own


@cache
def _base_profile(key: str, regions: tuple[str, ...], more: tuple[Added, ...]) -> Floats:
    return _profile(us_law(), key, BASE_DAY, date.max, regions)[0]


def _only_usa(importer: str) -> None:
    if country(importer).iso3 != "USA":
        raise BadInput(f"importer: the law of {country(importer).name} is not shipped, only that of the United States")
