"""What an equilibrium means to each party, in the units that people ask in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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


class Levels(NamedTuple):
    """Where equilibria leave the parties, [equilibrium, party]; hats are ratios to the base of the economy."""

    income: Floats
    """Billion dollars of the parties' own growth, as ``deficit`` and ``in_welfare``."""
    deficit: Floats
    price: Floats
    """Hat of the consumer price index."""
    wage: Floats
    """Hat."""
    exports: Floats
    """Billion dollars of the world's growth, as ``imports``, ``balance`` and ``fiscal``."""
    imports: Floats
    balance: Floats
    """With the other party."""
    revenue: Floats
    """See :func:`revenue`."""
    in_welfare: Floats
    """Duties as they stand in income."""
    fiscal: Floats


def levels(stage: Stage, settled: Sequence[Settled], parties: Sequence[str]) -> Levels:
    """Return the levels of ``parties`` in each equilibrium of ``stage``."""
    at = [stage.region(party) for party in parties]
    scale = stage.scale[at] / 1000.0
    accounts = [one.outcome.new for one in settled]
    sides = [_trade(stage, settled, n, at[1 - place]) for place, n in enumerate(at)]
    exports, imports, balance, duties, inside = (np.stack(level, axis=1) for level in zip(*sides, strict=True))
    return Levels(
        np.array([one.income[at] for one in accounts]) * scale,
        np.array([one.deficit[at] for one in accounts]) * scale,
        np.array([one.consumer_price[at] for one in accounts]),
        np.array([one.wage[at] for one in accounts]),
        exports * stage.flow_scale,
        imports * stage.flow_scale,
        balance * stage.flow_scale,
        duties,
        inside * scale,
        np.array([one.fiscal[at] for one in settled]) * stage.flow_scale,
    )


def measured(
    stage: Stage, new: Settled, reference: Settled, parties: Sequence[str], money: Sequence[Money] = ()
) -> Floats:
    """Return the figures [party, measure] of ``new`` against ``reference``; NaN where one is not known."""
    after, before = (levels(stage, [settled], parties) for settled in (new, reference))
    return np.asarray(compared(after, before, parties, [money])[0])


def compared(new: Levels, reference: Levels, parties: Sequence[str], money: Sequence[Sequence[Money]]) -> Floats:
    """Return the figures [equilibrium, party, measure] of many against their references, or against one."""
    income = reference.income
    dearer, paid = new.price / reference.price, new.wage / reference.wage
    welfare = _percent(new.income / income / dearer)
    net = _percent((new.income - (new.deficit - reference.deficit)) / income / dearer)
    outside = [[[_sum(some, party, once) for once in (False, True)] for party in parties] for some in money]
    figures = [
        welfare,
        income * welfare / 100.0,
        net,
        income * net / 100.0,
        _percent(paid / dearer),
        _percent(dearer / paid),
        new.exports - reference.exports,
        new.imports - reference.imports,
        new.revenue - reference.revenue,
        new.in_welfare - reference.in_welfare,
        new.balance - reference.balance,
        new.fiscal - reference.fiscal,
    ]
    return np.concatenate([np.stack(figures, axis=-1), np.array(outside, dtype=float)], axis=-1)


def _percent(hat: Floats) -> Floats:
    return 100.0 * (hat - 1.0)


def _trade(
    stage: Stage, settled: Sequence[Settled], n: int, other: int
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return exports, imports, balance with ``other``, revenue and duties in income of region ``n`` [equilibrium].

    In base-year currency but for revenue, which is in billion dollars.
    """
    sold = np.array([one.outcome.new.flow[:, n] for one in settled])
    bought = np.array([one.outcome.new.flow[:, :, n].T for one in settled])
    rates = np.array([one.duties[:, n] for one in settled])
    own = bought[:, n].sum(-1)
    collected = (bought * rates).sum((-2, -1)) if stage.duties_known[n] else np.full(len(settled), np.nan)
    return (
        sold.sum((-2, -1)) - own,
        bought.sum((-2, -1)) - own,
        sold[:, :, other].sum(-1) - bought[:, other].sum(-1),
        _revenue(stage, bought, rates, n),
        collected,
    )


def revenue(stage: Stage, settled: Settled, n: int) -> float:
    """Return the duties of importer ``n``, billion dollars a year.

    For the United States the value of imports is the customs value of 2024 times the model's
    change of the flow; elsewhere, and where customs has none, it is the table's flow. NaN where the
    importer's duties sit inside the trade cost.
    """
    return float(_revenue(stage, settled.outcome.new.flow[:, :, n].T, settled.duties[:, n], n))


def _revenue(stage: Stage, bought: Floats, rates: Floats, n: int) -> Floats:
    """Return the same [...] for purchases and duties [..., i, s] of importer ``n``."""
    if not stage.duties_known[n]:
        return np.full(bought.shape[:-2], np.nan)
    value = bought * stage.flow_scale
    if stage.world.regions[n] == "USA":
        base = stage.economy.flows[:, n]
        with np.errstate(divide="ignore", invalid="ignore"):
            by_customs = stage.customs * bought / base
        value = np.where(np.isfinite(by_customs), by_customs, value)
    return np.asarray((value * rates).sum((-2, -1)))


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
