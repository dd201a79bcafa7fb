"""What an equilibrium means to each party, in the units that people ask in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.sectors import BY_CODE
from tradetalks.value.answer import SectorChange
from tradetalks.value.effect import Money
from tradetalks.value.settle import Settled
from tradetalks.value.stage import Stage

Floats = NDArray[np.float64]

#: The figures of a party, in the order of the arrays below; see :class:`tradetalks.value.answer.PartyValue`.
MEASURES = (
    "welfare_pct",
    "welfare_usd_bn",
    "welfare_net_pct",
    "welfare_net_usd_bn",
    "real_wage_pct",
    "price_pct",
    "exports_usd_bn",
    "imports_usd_bn",
    "revenue_usd_bn",
    "revenue_in_welfare_usd_bn",
    "bilateral_balance_usd_bn",
    "fiscal_usd_bn",
    "outside_usd_bn",
    "once_usd_bn",
)
#: Welfare as terms are compared by it: net of a change of the deficit, which is debt.
NET_PCT, NET_USD = MEASURES.index("welfare_net_pct"), MEASURES.index("welfare_net_usd_bn")


def measured(
    stage: Stage, new: Settled, reference: Settled, parties: Sequence[str], money: Sequence[Money] = ()
) -> Floats:
    """Return the figures [party, measure] of ``new`` against ``reference``; NaN where one is not known."""
    outcome = new.outcome.relative_to(reference.outcome)
    rows = []
    for place, party in enumerate(parties):
        n = stage.region(party)
        other = stage.region(parties[1 - place])
        income = outcome.reference.income[n] * stage.scale[n] / 1000.0
        welfare, net = outcome.welfare[n], outcome.welfare_net[n]
        after, before = (_levels(stage, settled, n, other) for settled in (new, reference))
        exports, imports, balance, duties, inside = (a - b for a, b in zip(after, before, strict=True))
        rows.append(
            [
                welfare,
                income * welfare / 100.0,
                net,
                income * net / 100.0,
                outcome.real_wage[n],
                outcome.price_with_wages_held[n],
                exports,
                imports,
                duties,
                inside,
                balance,
                (new.fiscal[n] - reference.fiscal[n]) * stage.flow_scale,
                _sum(money, party, once=False),
                _sum(money, party, once=True),
            ]
        )
    return np.array(rows, dtype=float)


def _levels(stage: Stage, settled: Settled, n: int, other: int) -> tuple[float, float, float, float, float]:
    """Return exports, imports, balance with ``other``, revenue, and revenue in welfare; kept with the equilibrium."""
    key = (n, other)
    if key not in settled.levels:
        flow = settled.outcome.new.flow
        own = flow[:, n, n].sum()
        trade = (flow[:, n].sum() - own, flow[:, :, n].sum() - own, flow[:, n, other].sum() - flow[:, other, n].sum())
        exports, imports, balance = (float(level) * stage.flow_scale for level in trade)
        settled.levels[key] = (exports, imports, balance, revenue(stage, settled, n), _in_welfare(stage, settled, n))
    return settled.levels[key]


def revenue(stage: Stage, settled: Settled, n: int) -> float:
    """Return the duties of importer ``n``, billion dollars a year.

    For the United States the value of imports is the customs value of 2024 times the model's
    change of the flow; elsewhere, and where customs has none, it is the table's flow. NaN where the
    importer's duties sit inside the trade cost.
    """
    if not stage.duties_known[n]:
        return float("nan")
    flow = settled.outcome.new.flow[:, :, n].T
    value = flow * stage.flow_scale
    if stage.world.regions[n] == "USA":
        base = stage.economy.flows[:, n]
        with np.errstate(divide="ignore", invalid="ignore"):
            by_customs = stage.customs * flow / base
        value = np.where(np.isfinite(by_customs), by_customs, value)
    return float((value * settled.duties[:, n]).sum())


def _in_welfare(stage: Stage, settled: Settled, n: int) -> float:
    """Return the duties of importer ``n`` as they stand in its income, billion dollars of its own GDP's growth."""
    if not stage.duties_known[n]:
        return float("nan")
    flow = settled.outcome.new.flow[:, :, n].T
    return float((flow * settled.duties[:, n]).sum() * stage.scale[n] / 1000.0)


def _sum(money: Sequence[Money], party: str, once: bool) -> float:
    """Return the sum of a party's flows of one kind; NaN when one of them is not known."""
    amounts = [one.usd_bn for one in money if one.party == party and one.once == once]
    return float("nan") if None in amounts else float(sum(amount or 0.0 for amount in amounts))


def sector_changes(stage: Stage, new: Settled, reference: Settled, party: str) -> list[SectorChange]:
    """Return every sector of ``party``, the largest gain of value added (in volume) first."""
    n = stage.region(party)
    outcome = new.outcome.relative_to(reference.outcome)
    pct = np.nan_to_num(outcome.volume_change[n])
    added = np.asarray(reference.outcome.value_added[n]) * stage.scale[n] / 1000.0
    changes = [
        SectorChange(
            sector=code,
            name=BY_CODE[code].name,
            change_usd_bn=float(added[s] * pct[s] / 100.0),
            change_pct=float(pct[s]),
        )
        for s, code in enumerate(stage.world.sectors)
        if added[s] > 0
    ]
    return sorted(changes, key=lambda change: -change.change_usd_bn)
