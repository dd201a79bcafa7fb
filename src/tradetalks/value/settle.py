"""The equilibrium under a set of duties and an effect, purchases and quotas solved jointly.

A purchase brings a flow to its target by an import subsidy that the buyer's budget pays; a quota share
moves a value from the other foreign suppliers by a pair of wedges that leave total imports where they
were. The wedges are found outside the equilibrium by a quasi-Newton iteration (Broyden 1965): a
handful of solves, each started at the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput, NotConverged, did_you_mean
from tradetalks.model import Outcome, Question, Sample
from tradetalks.model.equilibrium import TOLERANCE
from tradetalks.value.effect import Effect
from tradetalks.value.stage import Stage

Floats = NDArray[np.float64]

#: Largest change of a wedge in one step, and largest subsidy that is tried (both as logs).
LARGEST_STEP, LARGEST_SUBSIDY = 1.0, 4.0

#: Flows are on target within this, as a log ratio.
ON_TARGET = 1e-8


#: Flows (exporter, importer, sector) that one wedge moves.
Cells = tuple[tuple[int, int, int], ...]


class Near(NamedTuple):
    """Where an equilibrium is likely to be: its state, its wedges, and how the flows answer to these."""

    point: Floats
    logs: Mapping[Cells, Floats | float]
    bends: Mapping[Cells, float] = MappingProxyType({})
    free: Floats | None = None
    """[u] the state without its wedges, if that is known."""
    missed: Mapping[Cells, float] = MappingProxyType({})
    """The log of its flows over their targets there."""


@dataclass(frozen=True, eq=False)
class Settled:
    """An equilibrium, and the part of its duties that are wedges of purchases and quotas."""

    outcome: Outcome
    duties: Floats
    """[i, n, s] duties proper, without wedges."""
    fiscal: Floats
    """[n] what purchases cost the budget, base-year currency, negative; quotas cost nothing net."""
    plain: bool
    """Nothing but duties moved it from the base."""
    logs: Mapping[Cells, float] = field(default_factory=dict)
    """The wedge on each group of flows that a purchase or a quota moves, as a log."""
    bends: Mapping[Cells, float] = field(default_factory=dict)
    """How far the flows' own response to it was from that of :func:`_slopes`, as a ratio."""
    missed: Mapping[Cells, float] = field(default_factory=dict)
    """The log of each group of flows over its target, without wedges."""
    free: Floats | None = None
    """[u] the state without wedges, where there are any."""

    @property
    def near(self) -> Near:
        """Where one like it is likely to be."""
        point = np.asarray(self.outcome.point)
        return Near(point, self.logs, self.bends, point if self.free is None else self.free, self.missed)


#: Asks for equilibria, is sent their outcomes, and returns what it has settled.
Settling = Generator[Question, Outcome, Settled]


def settle(
    stage: Stage, duties: Floats, effect: Effect, start: Settled | None = None, tolerance: float = TOLERANCE
) -> Settled:
    """Return the equilibrium of ``stage`` under ``duties`` and ``effect``; see :func:`settling`.

    Raises:
        BadInput: a region or sector that the world does not have, or a quota beyond what others sell.
        NotConverged: no equilibrium was found, or no subsidy that brings a flow to its target.
    """
    return settle_all(stage, [settling(stage, duties, effect, start)], tolerance)[0]


def settle_all(stage: Stage, runs: Sequence[Settling], tolerance: float = TOLERANCE) -> list[Settled]:
    """Return what each run settles on; the equilibria that they ask for are solved together, round by round.

    ``tolerance`` is that of the equilibrium, as in :meth:`tradetalks.model.Economy.counterfactual`.
    """
    done: dict[int, Settled] = {}
    answers: dict[int, Outcome | None] = dict.fromkeys(range(len(runs)))
    while answers:
        questions: dict[int, Question] = {}
        for k, outcome in answers.items():
            try:
                questions[k] = next(runs[k]) if outcome is None else runs[k].send(outcome)
            except StopIteration as end:
                done[k] = end.value
        found = stage.economy.counterfactuals(list(questions.values()), tolerance) if questions else []
        answers = dict(zip(questions, found, strict=True))
    return [done[k] for k in range(len(runs))]


def settling(
    stage: Stage,
    duties: Floats,
    effect: Effect,
    start: Settled | None = None,
    slack: float = 0.0,
    theta: Floats | None = None,
    base_costs: Floats | None = None,
    free: Outcome | None = None,
    near: Near | None = None,
    slack_usd_bn: float = 0.0,
) -> Settling:
    """Settle an equilibrium step by step.

    Args:
        stage: the economy.
        duties: [i, n, s] with the terms' edits already made.
        effect: trade costs, purchases, diversions and shifts of deficits to apply.
        start: a nearby equilibrium to begin from; where nothing but purchases and quotas is new, it is
            also the equilibrium without them.
        slack: share of a purchase's or quota's increment that may be missed; exact (1e-8 of the flow) if zero.
        theta: [s] trade elasticities of this draw; ``None`` is the economy's own.
        base_costs: [i, n, s] trade cost hats that belong to this draw's base, ``start`` included.
        free: the equilibrium without purchases and quotas, if it is known.
        near: where the equilibrium is likely to be, if something is known of that; it may be wrong.
        slack_usd_bn: billion dollars by which a purchase or quota may be missed whatever its size: a share of a small
            one asks for more than anybody can see.
    """
    costs, deficits = _costs(stage, effect), _deficits(stage, effect)
    closure = stage.closure if deficits is None else deficits

    fiscal = np.zeros(len(stage.world.regions))
    plain = costs is None and deficits is None
    if base_costs is not None:
        costs = base_costs if costs is None else base_costs * costs

    def question(tariffs: Floats, begin: Outcome | Floats | None) -> Question:
        return Question(tariffs, costs, closure, begin, theta)

    if free is None:
        if start is not None and plain and start.plain and np.array_equal(start.duties, duties):
            free = start.outcome
        else:
            begin: Outcome | Floats | None = None if start is None else start.outcome
            if near is not None:
                begin = (begin if near.free is None else near.free) if brings_to_targets(effect) else near.point
            free = yield question(duties, begin)
    wedges = _wedges(stage, effect, free)
    if not wedges:
        return Settled(free, duties, fiscal, plain)
    elasticities = stage.economy.trade_elasticity if theta is None else theta
    targets = np.array([wedge.target for wedge in wedges])
    logs, outcome = np.zeros(len(wedges)), free
    miss = np.log(_values(wedges, free) / targets)
    within = np.maximum(ON_TARGET, np.maximum(slack * np.abs(miss), slack_usd_bn / (targets * stage.flow_scale)))
    bends = np.ones(len(wedges))
    missed = miss
    if near and all(wedge.cells in near.logs for wedge in wedges):
        logs = np.array([near.logs[wedge.cells] for wedge in wedges])
        bends = np.array([near.bends.get(wedge.cells, 1.0) for wedge in wedges])
        point = near.point
        if near.free is not None and near.missed:
            # Another target, or other flows without wedges, ask for more or less of them.
            further = miss - np.array([near.missed[wedge.cells] for wedge in wedges])
            step = -np.linalg.solve(_slopes(elasticities, wedges, free) * bends, further)
            logs = logs + np.clip(step, -LARGEST_STEP, LARGEST_STEP)
            point = point + (np.asarray(free.point) - near.free)
        outcome = yield question(_with_wedges(duties, wedges, logs), point)
        miss = np.log(_values(wedges, outcome) / targets)
    jacobian = _slopes(elasticities, wedges, outcome) * bends
    for _ in range(40):
        if (np.abs(miss) <= within).all() or logs.min() < -LARGEST_SUBSIDY:
            break
        step = np.clip(-np.linalg.solve(jacobian, miss), -LARGEST_STEP, LARGEST_STEP)
        if not np.isfinite(step).all():
            break
        logs = logs + step
        outcome = yield question(_with_wedges(duties, wedges, logs), outcome)
        new = np.log(_values(wedges, outcome) / targets)
        change = new - miss
        jacobian += np.outer(change - jacobian @ step, step) / (step @ step)
        miss = new
    if not (np.abs(miss) <= within).all():
        raise NotConverged(
            "purchases: no subsidy was found that brings the flow to its target; a smaller amount may have one"
        )
    for wedge, log in zip(wedges, logs, strict=True):
        if wedge.bought:
            ((i, n, s),) = wedge.cells
            paid = outcome.new.flow[s, i, n] * (1.0 + duties[i, n, s]) * (np.exp(log) - 1.0)
            fiscal[n] += wedge.bought * paid
    cells = [wedge.cells for wedge in wedges]
    bent = np.diag(jacobian) / np.diag(_slopes(elasticities, wedges, outcome))
    return Settled(
        outcome,
        duties,
        fiscal,
        plain=False,
        logs=dict(zip(cells, logs.tolist(), strict=True)),
        bends=dict(zip(cells, bent.tolist(), strict=True)),
        missed=dict(zip(cells, missed.tolist(), strict=True)),
        free=np.asarray(free.point),
    )


def settle_in_each(
    stage: Stage,
    duties: Floats,
    effect: Effect,
    sample: Sample,
    starts: Sequence[Settled] | None,
    points: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> list[Settled]:
    """Return what :func:`settling` settles on in each draw of ``sample``, for an ``effect`` that all draws share and
    that brings no flow to a target.

    Args:
        stage: as in :func:`settle`.
        duties: as in :func:`settle`.
        effect: as in :func:`settle`.
        sample: the draws.
        starts: per draw a nearby equilibrium; the answer itself where nothing is new.
        points: [draw, u] where the equilibria are likely to be, if more is known of them.
        tolerance: as in :func:`settle`.

    Raises:
        BadInput, NotConverged: as :func:`settle`.
    """
    costs, deficits = _costs(stage, effect), _deficits(stage, effect)
    plain = costs is None and deficits is None
    if starts is not None and plain and all(one.plain and np.array_equal(one.duties, duties) for one in starts):
        outcomes = [one.outcome for one in starts]
    else:
        if points is None:
            base = [stage.economy.base_point] * len(sample.trade_elasticity)
            points = np.array(base if starts is None else [one.outcome.point for one in starts])
        closure = stage.closure if deficits is None else deficits
        # What the first draw's start misses, the others' are likely to miss too.
        (first,) = stage.economy.in_each(sample.first, duties, costs, closure, points[:1], tolerance)
        points = points + (np.asarray(first.point) - points[0])
        outcomes = stage.economy.in_each(sample, duties, costs, closure, points, tolerance)
    nothing = np.zeros(len(stage.world.regions))
    return [Settled(outcome, duties, nothing, plain) for outcome in outcomes]


def brings_to_targets(effect: Effect) -> bool:
    """Return whether ``effect`` moves flows to targets."""
    return bool(effect.purchases or effect.diversions)


@dataclass(frozen=True)
class _Wedge:
    """A factor on the duties of some cells, and the total value of those flows that it must bring about."""

    cells: Cells
    target: float
    sector: int
    bought: float
    """Share of the change that is a purchase, paid by the budget; the rest is a quota's."""


def _slopes(elasticities: Floats, wedges: list[_Wedge], free: Outcome) -> Floats:
    """Return the elasticity [m, m] of each wedge's flows to each factor, costs and spending held.

    Own: -(1 + theta (1 - share)); of another wedge on the same buyer's market: theta times its share.
    """
    flow, gross = free.new.flow, free.new.gross
    slopes = np.zeros((len(wedges), len(wedges)))
    for column, wedge in enumerate(wedges):
        _, buyer, sector = wedge.cells[0]
        theta = elasticities[sector]
        spent = sum(flow[s, i, n] * gross[s, i, n] for i, n, s in wedge.cells)
        share = float(spent / free.new.spending[sector, buyer])
        for row, other in enumerate(wedges):
            if other.cells[0][1:] == (buyer, sector):
                slopes[row, column] = theta * share - (1.0 + theta) * (row == column)
    return slopes


def _wedges(stage: Stage, effect: Effect, free: Outcome) -> list[_Wedge]:
    """Return the wedges that ``effect`` needs, with targets over the flows of ``free``."""
    flows = free.flows
    bought: dict[tuple[int, int, int], float] = defaultdict(float)
    for purchase in effect.purchases:
        cell = _cell(stage, purchase.seller, purchase.buyer, purchase.sector)
        bought[cell] += purchase.usd_bn / stage.flow_scale
    moved: dict[tuple[int, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for diversion in effect.diversions:
        i, n, s = _cell(stage, diversion.exporter, diversion.importer, diversion.sector)
        moved[n, s][i] += diversion.usd_bn / stage.flow_scale
    wedges = []
    # A purchase on a flow that a quota favours comes on top: one wedge for both.
    raised = {cell: amount for cell, amount in bought.items() if amount > 0}
    for (n, s), favoured in moved.items():
        for i in favoured:
            raised.setdefault((i, n, s), 0.0)
    for (i, n, s), amount in raised.items():
        _there(stage, flows, i, n, s)
        abroad = flows[:, n, s].sum() - flows[n, n, s]
        if amount > abroad:
            raise BadInput(
                f"purchases: amount_usd_bn: {stage.world.regions[n]} buys {stage.world.sectors[s]} worth "
                f"{abroad * stage.flow_scale:.3g} billion dollars a year abroad in all; the increment is "
                f"{amount * stage.flow_scale:.3g}, more than a purchase can be"
            )
        quota = moved[n, s][i] if i in moved.get((n, s), {}) else 0.0
        target = flows[i, n, s] + amount + quota
        wedges.append(_Wedge(((i, n, s),), target, s, bought=amount / (amount + quota)))
    for (n, s), favoured in moved.items():
        others = [i for i in range(len(flows)) if i != n and (i, n, s) not in raised and flows[i, n, s] > 0]
        taken, left = sum(favoured.values()), sum(flows[i, n, s] for i in others)
        if taken >= left:
            raise BadInput(
                f"quota: amount_usd_bn: {stage.world.regions[n]} buys {stage.world.sectors[s]} worth "
                f"{left * stage.flow_scale:.3g} billion dollars from others, and the amount is more"
            )
        wedges.append(_Wedge(tuple((i, n, s) for i in others), left - taken, s, bought=0.0))
    return wedges


def _there(stage: Stage, flows: Floats, i: int, n: int, s: int) -> None:
    if flows[i, n, s] <= 0:
        world = stage.world
        raise BadInput(
            f"purchases or quota: {world.regions[i]} sells no {world.sectors[s]} to {world.regions[n]} "
            f"in {world.name}, and the model cannot begin a trade that is not there"
        )


def _values(wedges: list[_Wedge], outcome: Outcome) -> Floats:
    flow = outcome.new.flow
    return np.array([sum(flow[s, i, n] for i, n, s in wedge.cells) for wedge in wedges])


def _with_wedges(duties: Floats, wedges: list[_Wedge], logs: Floats) -> Floats:
    tariffs = duties.copy()
    for wedge, log in zip(wedges, logs, strict=True):
        for cell in wedge.cells:
            tariffs[cell] = (1.0 + duties[cell]) * np.exp(log) - 1.0
    return tariffs


def _costs(stage: Stage, effect: Effect) -> Floats | None:
    """Return the trade cost hats [i, n, s]; ``None`` where no term changes any."""
    if not effect.costs:
        return None
    hats = np.ones_like(stage.economy.flows)
    for cut in effect.costs:
        s = _sector(stage, cut.sector)
        i = _region(stage, cut.exporter)
        importers = slice(None) if cut.importer == "*" else _region(stage, cut.importer)
        hats[i, importers, s] *= cut.hat
    return hats


def _deficits(stage: Stage, effect: Effect) -> Floats | None:
    """Return the deficits [n]; ``None`` where no term shifts any."""
    if not effect.deficits:
        return None
    gdp = stage.world.gdp
    deficits = stage.economy.deficits.copy()
    for shift in effect.deficits:
        party = _region(stage, shift.party)
        amount = shift.pct_of_gdp / 100.0 * gdp[party]
        if shift.counterpart is None:
            others = gdp.copy()
            others[party] = 0.0
            deficits -= amount * others / others.sum()
        else:
            deficits[_region(stage, shift.counterpart)] -= amount
        deficits[party] += amount
    moved = 100.0 * np.abs(deficits - stage.economy.deficits) / gdp
    limit = min(shift.limit_pct for shift in effect.deficits)
    if moved.max() > limit + 1e-9:
        raise BadInput(
            f"currency: deficit_shift_pct_gdp: the deficit of {stage.world.regions[int(moved.argmax())]} would move by "
            f"{moved.max():.3g} percent of its GDP, beyond the {limit:g} percent that is priced; see docs/terms.md"
        )
    return deficits


def _cell(stage: Stage, exporter: str, importer: str, sector: str) -> tuple[int, int, int]:
    return _region(stage, exporter), _region(stage, importer), _sector(stage, sector)


def _region(stage: Stage, name: str) -> int:
    return stage.world.region(name)


def _sector(stage: Stage, name: str) -> int:
    try:
        return stage.world.sectors.index(name)
    except ValueError:
        raise BadInput(f"no sector {name!r} in {stage.world.name}{did_you_mean(name, stage.world.sectors)}") from None
