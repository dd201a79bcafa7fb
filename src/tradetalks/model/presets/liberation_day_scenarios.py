"""The scenarios of Ignatenko and others (2025): who taxes whom, and the columns of their tables.

``SCENARIOS`` names them by table and panel; each is a function of the data. What the authors' program does that their
text would not lead one to expect is said where it is done here, and on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.model.outcome import Outcome
from tradetalks.model.presets.liberation_day_2025 import LiberationDayEconomy, uniform_optimum, uniform_retaliation
from tradetalks.model.presets.liberation_day_data import EU25, FLOOR, Data
from tradetalks.model.presets.liberation_day_searches import clear_all_but_one, joint_retaliation
from tradetalks.model.system import Array

Floats = NDArray[np.float64]


class Columns:
    """Names of the columns of the paper's tables, in the order of :func:`columns`."""

    NAMES = (
        "welfare_pct",
        "deficit_pct",
        "exports_gdp_pct",
        "imports_gdp_pct",
        "employment_pct",
        "prices_pct",
        "revenue_share",
    )


def columns(outcome: Outcome, numeraire: str = "prices") -> Floats:
    """Return the paper's columns [i, 7] of an outcome of the paper's economy, in percent but for the last.

    Welfare; trade deficit, over its absolute base value; exports over GDP; imports over GDP; employment;
    consumer prices; duties over base spending.

    Args:
        outcome: of an economy of one sector.
        numeraire: what prices and deficits are measured in: ``"prices"`` (the world's price level, weighted by
            spending: tables 1 to 3 and 8 to 10) or ``"wages"`` (weighted by GDP: table 4).
    """
    new, old = outcome.new, outcome.reference
    spent, paid = old.spending[0], old.labour_income
    price = new.consumer_price / old.consumer_price
    hat, weight = (price, spent) if numeraire == "prices" else (new.wage / old.wage, paid)
    unit = (weight * hat).sum() / weight.sum()

    def balance(flow: Array) -> Array:
        return flow.sum(0) - flow.sum(1)

    def traded(flow: Array) -> Array:
        return flow * (1.0 - np.eye(len(flow)))

    flow, base = new.flow[0], old.flow[0]
    return np.stack(
        [
            outcome.welfare,
            100.0 * (balance(flow) / unit - balance(base)) / np.abs(balance(base)),
            100.0 * (traded(flow).sum(1) / new.labour_income / (traded(base).sum(1) / paid) - 1.0),
            100.0 * (traded(flow).sum(0) / new.labour_income / (traded(base).sum(0) / paid) - 1.0),
            outcome.employment,
            100.0 * (price / unit - 1.0),
            new.duties / unit / spent,
        ],
        axis=1,
    )


# Duties [j, i, 1] of each scenario.


def announced(e: LiberationDayEconomy) -> Floats:
    """Return the announced duties."""
    return e.announced


def retaliated(e: LiberationDayEconomy, duties: Floats, rate: float | Floats) -> Floats:
    """Return ``duties`` with ``rate`` on all that home sells abroad."""
    both = duties.copy()
    both[e.home, :, 0] = rate
    both[e.home, e.home] = 0.0
    return both


def reciprocal(e: LiberationDayEconomy) -> Floats:
    """Return the announced duties, and the same on what home sells."""
    return retaliated(e, e.announced, e.announced[:, e.home, 0])


def best_reply(e: LiberationDayEconomy) -> Floats:
    """Return the announced duties, and the best common duty of the others by the formula."""
    return retaliated(e, e.announced, uniform_retaliation(e))


def uniform(e: LiberationDayEconomy, rate: float) -> Floats:
    """Return a duty of ``rate`` on all that home buys abroad."""
    duties = np.zeros_like(e.announced)
    duties[:, e.home] = rate
    duties[e.home, e.home] = 0.0
    return duties


def optimal(e: LiberationDayEconomy) -> Floats:
    """Return the best uniform duty of home by the formula."""
    return uniform(e, uniform_optimum(e))


def optimal_war(e: LiberationDayEconomy) -> Floats:
    """Return the best duties of both sides by the formula."""
    return retaliated(e, uniform(e, uniform_optimum(e, abroad="income")), uniform_retaliation(e))


def war_with(e: LiberationDayEconomy, foes: tuple[str, ...], rate: float | None = None) -> Floats:
    """Return 10% both ways between home and all others, and on ``foes`` what was announced (or ``rate``)."""
    duties = uniform(e, FLOOR)
    at = [e.regions.index(name) for name in foes]
    duties[at, e.home] = e.announced[at, e.home] if rate is None else rate
    return retaliated(e, duties, duties[:, e.home, 0])


def like_the_last(e: LiberationDayEconomy) -> Floats:
    """Return the optimal duties of home as table 4 has them: all origins are charged what is best for the last one.

    The authors choose 193 duties and go on with the last of them; the formula does not hold with inputs.
    """
    best = e.optimal_tariffs(e.regions[e.home]).outcome.tariffs
    return uniform(e, float(best[-1, e.home, 0]))


# The scenarios.


def solved(e: LiberationDayEconomy, duties: Floats) -> Outcome:
    """Return the equilibrium under ``duties`` [j, i, 1]."""
    return e.counterfactual(tariffs=duties)


@dataclass(frozen=True)
class Scenario:
    """One panel of a table: the paper's columns of an equilibrium, and how the others than home are averaged."""

    solve: Callable[[Data], Floats]
    """Gives [i, 7]."""
    weights: str = "spending"
    """``"spending"`` or ``"gdp"`` in the base."""
    plain_welfare: bool = False
    """The authors average welfare here without weights."""


def _one(
    economy: str, duties: Callable[[LiberationDayEconomy], Floats], numeraire: str = "prices", weights: str = "spending"
) -> Scenario:
    def solve(data: Data) -> Floats:
        e = getattr(data, economy)
        return columns(solved(e, duties(e)), numeraire)

    return Scenario(solve, weights)


def transfers_without_us(data: Data) -> Floats:
    """Return transfers [i] less each country's imbalance with the USA, zero for the USA itself (table 10)."""
    flow, n = data.main.flows[:, :, 0], data.usa
    transfers = np.asarray(data.main.deficits) - (flow[n] - flow[:, n])
    transfers[n] = 0.0
    return np.asarray(transfers)


def without_us_deficit(retaliation: bool) -> Scenario:
    """Return the scenario of table 10 in which the USA has no deficit, a difference of two equilibria.

    The authors take imbalances with the USA out of all transfers and set those of the USA to zero; what is left
    does not sum to zero over the world, and since their program leaves the labour market of the last country out
    of the system, that market does not clear. We solve the same, to compare; see the page.
    """

    def solve(data: Data) -> Floats:
        e, n = data.main, data.usa
        transfers = transfers_without_us(data)
        # On home's exports: the duty that home would choose against a small country.
        rate = 1.0 / ((1.0 + e.eps) * e.phi[n] - 1.0)
        duties = retaliated(e, e.announced, rate) if retaliation else e.announced
        balanced = clear_all_but_one(e, np.zeros_like(duties), transfers, len(e.regions) - 1)
        taxed = clear_all_but_one(e, duties, transfers, len(e.regions) - 1, start=balanced)
        return columns(taxed) - columns(balanced)

    return Scenario(solve, plain_welfare=True)


def deficit_shared_out(data: Data) -> Floats:
    """Return what table 10, second panel, becomes with transfers that sum to zero, the sum shared out by GDP."""
    e, n = data.main, data.usa
    transfers = transfers_without_us(data)
    weight = np.asarray(e._base.labour_income) * (np.arange(len(e.regions)) != n)
    transfers -= transfers.sum() * weight / weight.sum()
    balanced, taxed = (e.counterfactual(tariffs=duties, deficits=transfers) for duties in (None, e.announced))
    return columns(taxed) - columns(balanced)


#: Table, section, and the first words of the panel's heading -> the scenario.
SCENARIOS: Mapping[tuple[str, str, str], Scenario] = {
    ("Table_1", "", "Case 1"): _one("main", announced),
    ("Table_1", "", "Case 2"): _one("lump_sum", announced),
    ("Table_1", "", "Case 3"): _one("main", optimal),
    ("Table_2", "", "(1)"): _one("main", reciprocal),
    ("Table_2", "", "(3)"): _one("main", best_reply),
    ("Table_2", "", "(4)"): _one("main", optimal_war),
    ("Table_4", "pre", "(1)"): _one("inputs", announced, "wages", "gdp"),
    ("Table_4", "pre", "(2)"): _one("inputs", like_the_last, "wages", "gdp"),
    ("Table_4", "post", "(1)"): _one("inputs", reciprocal, "wages", "gdp"),
    ("Table_4", "post", "(2)"): _one("inputs", joint_retaliation, "wages", "gdp"),
    ("Table_8", "", "Case 1"): _one("main", lambda e: war_with(e, ("CHN", *EU25))),
    ("Table_8", "", "Case 2"): _one("main", lambda e: war_with(e, ("CHN",))),
    ("Table_8", "", "Case 3"): _one("main", lambda e: war_with(e, ("CHN",), 1.08)),
    ("Table_9", "", "Baseline"): _one("main", announced),
    ("Table_9", "", "Alternative 2"): _one("partial", announced),
    ("Table_9", "", "Alternative 3"): _one("elastic", announced),
    ("Table_9", "", "Alternative 4"): _one("eaton_kortum", announced),
    ("Table_10", "", "(1)"): Scenario(
        lambda data: columns(solved(data.eaton_kortum, data.eaton_kortum.announced)), plain_welfare=True
    ),
    ("Table_10", "", "(2)"): without_us_deficit(retaliation=False),
    ("Table_10", "", "(3)"): Scenario(
        lambda data: columns(
            solved(
                data.eaton_kortum,
                retaliated(data.eaton_kortum, data.eaton_kortum.announced, 1.0 / data.eaton_kortum.eps),
            )
        ),
        plain_welfare=True,
    ),
    ("Table_10", "", "(4)"): without_us_deficit(retaliation=True),
}


def averaged(found: Floats, scenario: Scenario, data: Data, country: str) -> Floats:
    """Return the columns [7] of a row of a table: a country, or a group averaged as the authors do.

    Args:
        found: [i, 7] columns by country.
        scenario: what they are of.
        data: the paper's data.
        country: an ISO3 code, ``"EU"``, ``"RoW"`` (neither the USA, China nor the EU) or ``"non-US"``.

    Raises:
        BadInput: no such country.
    """
    names = np.array(data.regions)
    group = {
        "EU": np.isin(names, EU25),
        "ROW": ~np.isin(names, ("USA", "CHN", *EU25)),
        "NON-US": names != "USA",
    }.get(country.partition("(")[0].strip().upper())
    if group is None:
        if country not in data.regions:
            raise BadInput(f"country {country!r} is not among the {len(names)} of the data, nor EU, RoW or non-US")
        one: Floats = found[data.regions.index(country)]
        return one
    weight = group * (data.gdp if scenario.weights == "gdp" else data.main.spending[:, 0])
    mean: Floats = weight @ found / weight.sum()
    if scenario.plain_welfare:
        mean[0] = found[group, 0].mean()
    return mean


def scenario_of(table: str, section: str, case: str) -> tuple[str, str, str] | None:
    """Return the key in ``SCENARIOS`` of a panel as the reference tables name it; ``None``: we have none."""
    for key in SCENARIOS:
        if key[0] == table and key[1] in section.lower() and case.lower().lstrip().startswith(key[2].lower()):
            return key
    return None


def world_change(outcome: Outcome) -> tuple[float, float]:
    """Return the change of world trade (duties included) over GDP, and of employment, percent."""
    abroad = 1.0 - np.eye(len(outcome.regions))
    new, old = outcome.new, outcome.reference
    trade = (new.flow * new.gross)[0] * abroad
    grown = trade.sum() / (old.flow * old.gross * abroad)[0].sum()
    paid = old.labour_income
    return (
        float(100.0 * (grown / (new.labour_income.sum() / paid.sum()) - 1.0)),
        float(outcome.employment @ paid / paid.sum()),
    )
