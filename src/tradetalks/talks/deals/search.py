"""The frontier of a case: found on the surrogate, re-solved in full, with the error that this shows."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.deals.acceptance import Judged, Table
from tradetalks.talks.deals.frontier import Crowded, Slack, pareto_of_sums, sum_frontier
from tradetalks.talks.deals.solutions import CONCEPTS
from tradetalks.talks.deals.surrogate import Surrogate, blocks, summed
from tradetalks.talks.deals.valued import Progress, worths

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Most packages re-solved in full: some ten seconds on two cores.
MOST_SOLVED = 300

#: Threads for draws; the arrays' arithmetic leaves the interpreter's lock.
WORKERS = 2


@dataclass(frozen=True, eq=False)
class Land:
    """The space cut into blocks whose payoffs add, with the packages that can be ratified."""

    table: Table
    blocks: tuple[tuple[int, ...], ...]
    share: float
    """Interactions above this share of the smaller term were kept."""
    allowed: tuple[Places, ...]
    """Per block, the rows that no red line forbids."""
    costs: tuple[Floats, ...]
    """Per block [row, budget], what it costs each side that has a budget."""
    most: tuple[float, ...]
    """The budgets."""

    @property
    def levels(self) -> tuple[int, ...]:
        """How many levels each factor has."""
        return self.table.surrogate.levels

    def frontier(self, payoff: Surrogate, slack: Slack = None) -> tuple[Floats, Places]:
        """Return the frontier of ``payoff``: payoffs [m, 2] and the level of each factor [m, factor]."""
        listed = [payoff.listed(block)[rows] for block, rows in zip(self.blocks, self.allowed, strict=True)]
        return self._sum(listed, self.allowed, slack)

    def _sum(self, listed: Sequence[Floats], rows: Sequence[Places], slack: Slack = None) -> tuple[Floats, Places]:
        costs = [cost[here] for cost, here in zip(self.costs, rows, strict=True)]
        found, chosen = sum_frontier(listed, costs, self.most, slack)
        choices = np.zeros((len(found), len(self.levels)), dtype=np.intp)
        for b, block in enumerate(self.blocks):
            at = np.unravel_index(rows[b][chosen[:, b]], [self.levels[f] for f in block])
            choices[:, list(block)] = np.stack(at, axis=1)
        return found, choices

    def efficient_shares(self, choices: Places) -> Floats:
        """Return the share of draws in which each of ``choices`` [n, factor] is efficient, on the surrogate."""
        table = self.table
        still = Surrogate(
            tuple(np.zeros_like(own) for own in table.surrogate.single),
            table.surrogate.pair,
            table.surrogate.core,
            table.surrogate.residual,
        ).within(self.blocks)
        rest = [still.listed(block) for block in self.blocks]
        whole = [len(rows) == len(part) for rows, part in zip(self.allowed, rest, strict=True)]
        fixed = still.of(choices)
        hints = [self._rows(choices, block) for block in self.blocks]

        def efficient(draw: int) -> NDArray[np.bool_]:
            single = table.payoffs_in(draw)
            listed, rows = [], []
            for b, block in enumerate(self.blocks):
                parts = [single[f] for f in block]
                if whole[b] and not self.most:
                    half = (len(parts) + 1) // 2
                    one, two = summed(parts[:half]), summed(parts[half:])
                    at = pareto_of_sums(one, two, rest[b], hints[b])
                    listed.append(one[at // len(two)] + two[at % len(two)] + rest[b][at])
                else:
                    at = self.allowed[b]
                    listed.append((summed(parts) + rest[b])[at])
                rows.append(at)
            front, _ = self._sum(listed, rows)
            ours = fixed + sum((own[choices[:, f]] for f, own in enumerate(single)), np.zeros(2))
            lead = (front[None, :, :] - ours[:, None, :]).min(2)
            return np.asarray(lead.max(1, initial=-np.inf) <= 1e-9)

        with ThreadPoolExecutor(WORKERS) as pool:
            found = list(pool.map(efficient, range(table.valuation.draws)))
        return np.asarray(np.mean(found, axis=0)) if found else np.full(len(choices), np.nan)

    def allows(self, choices: Places) -> NDArray[np.bool_]:
        """Return which of ``choices`` [n, factor] no red line and no budget forbids."""
        met, spent = np.ones(len(choices), dtype=bool), np.zeros((len(choices), len(self.most)))
        for b, block in enumerate(self.blocks):
            at = np.ravel_multi_index(tuple(choices[:, f] for f in block), [self.levels[f] for f in block])
            met &= np.isin(at, self.allowed[b])
            spent += self.costs[b][at]
        return np.asarray(met & (spent <= np.asarray(self.most) + 1e-9).all(1))

    def _rows(self, choices: Places, block: tuple[int, ...]) -> Places:
        at = np.ravel_multi_index(tuple(choices[:, f] for f in block), [self.levels[f] for f in block])
        return np.unique(at).astype(np.intp)


def land_of(table: Table) -> Land:
    """Return the blocks of a table's surrogate, with both sides' limits."""
    case, space = table.valuation.case, table.space
    wanted = [names for own in case.constraints.values() for names in own.only_with]
    places = [
        [
            f
            for f, factor in enumerate(space.factors)
            if any(term.id in names for level in factor.levels for term in level)
        ]
        for names in wanted
    ]
    found, share = blocks(table.surrogate, [group for group in places if group])
    levels = table.surrogate.levels
    home = {f: b for b, block in enumerate(found) for f in block}
    masks = [np.ones(int(np.prod([levels[f] for f in block])), dtype=bool) for block in found]
    for names, group in zip(wanted, places, strict=True):
        if not group:
            masks = [np.zeros_like(mask) for mask in masks]
            continue
        block = found[home[group[0]]]
        at = np.unravel_index(np.arange(len(masks[home[group[0]]])), [levels[f] for f in block])
        met = np.zeros(len(masks[home[group[0]]]), dtype=bool)
        for f, level in zip(block, at, strict=True):
            holds = np.array([any(term.id in names for term in terms) for terms in space.factors[f].levels])
            met |= holds[level]
        masks[home[group[0]]] &= met
    budgets = [(party, own.budget_usd_bn) for party, own in case.constraints.items() if own.budget_usd_bn is not None]
    spent = [space.costs(party) for party, _ in budgets]
    costs = tuple(
        np.stack([summed([np.stack([own[f], own[f]], 1) for f in block])[:, 0] for own in spent], axis=1)
        if spent
        else np.zeros((len(mask), 0))
        for block, mask in zip(found, masks, strict=True)
    )
    return Land(
        table, found, share, tuple(np.flatnonzero(mask) for mask in masks), costs, tuple(most for _, most in budgets)
    )


@dataclass(frozen=True, eq=False)
class Found:
    """Packages solved in full, and what the surrogate made of them."""

    land: Land
    choices: Places
    """[n, factor]."""
    judged: tuple[Judged, ...]
    surrogate: Floats
    """[n, party] payoffs by the surrogate."""
    frontier: int
    """How many packages are on the surrogate's frontier, those by which a side loses with them."""
    near: int | None
    """How many more are within the error of it; ``None`` where they are too many to count."""
    left: Floats
    """[m, party] payoffs by the surrogate of those of both that were not solved."""

    @property
    def expected(self) -> Floats:
        """[n, party] payoffs by the full solve."""
        return np.array([one.expected for one in self.judged]).reshape(-1, 2)

    @property
    def error(self) -> Floats:
        """[n, party] full solve less surrogate."""
        return self.expected - self.surrogate

    @property
    def apart(self) -> Floats:
        """[party] how far apart the errors lie, none among them: by so much may a comparison be wrong."""
        return _spread(self.error)


def search(table: Table, progress: Progress) -> Found:
    """Return the packages at the surrogate's frontier and within its error of it, solved in full.

    Two packages that the surrogate is off by alike it still compares rightly: what counts is how far apart its errors
    lie. Only a package that it sees none ahead of by more than that, on both sides, can be efficient. So those
    near the frontier are solved too, and again until no errors further apart turn up. At most
    :data:`MOST_SOLVED` are: the fair ones, then those by which no side loses, then the rest, drawn by lot.
    """
    land = land_of(table)
    payoff = table.expected.within(land.blocks)
    points, choices = land.frontier(payoff)
    front = {tuple(choice) for choice in choices.tolist()}
    solved = _Solved(table, table.surrogate.within(land.blocks), progress)
    near: int | None = 0
    around, beside, apart = points, choices, np.full(2, -1.0)
    while True:
        on = np.array([tuple(choice) in front for choice in beside.tolist()], dtype=bool)
        solved.more(beside[_order(around, on)])
        if not (solved.apart > apart).any():
            break
        apart = solved.apart
        try:
            around, beside = land.frontier(payoff, apart)
        except Crowded:
            near = None
            break
        near = len(beside) - len(points)
    # A package that turns out to be a fair one is solved whatever else is left.
    while len(picks := solved.unsolved(beside[_picked(solved.mixed(around, beside))])):
        solved.more(picks, beyond=True)
    keys = solved.choices
    judged = tuple(table.judged(table.space.package(key), point, key) for key, point in solved.full.items())
    left = np.array([tuple(choice) not in solved.full for choice in beside.tolist()], dtype=bool)
    return Found(land, keys, judged, payoff.of(keys), len(points), near, around[left])


@dataclass(eq=False)
class _Solved:
    """Packages solved in full so far."""

    table: Table
    inner: Surrogate
    """The economic surrogate on blocks that add."""
    progress: Progress
    full: dict[tuple[int, ...], Floats] = field(default_factory=dict)
    """Level of each factor -> economic value [party]."""

    @property
    def choices(self) -> Places:
        """[n, factor]."""
        return np.array(list(self.full), dtype=np.intp).reshape(-1, len(self.inner.levels))

    @property
    def apart(self) -> Floats:
        """How far apart [party] the surrogate's errors lie, none among them."""
        return _spread(np.array(list(self.full.values())).reshape(-1, 2) - self.inner.of(self.choices))

    def unsolved(self, some: Places) -> Places:
        """Return those of ``some`` [n, factor] that are not solved, each once."""
        keys = dict.fromkeys(tuple(map(int, choice)) for choice in some)
        new = [key for key in keys if key not in self.full]
        return np.array(new, dtype=np.intp).reshape(-1, some.shape[1])

    def more(self, some: Places, beyond: bool = False) -> None:
        """Solve those of ``some`` that are not, in their order, as many as may be; all, ``beyond`` that number."""
        new = self.unsolved(some)[: None if beyond else MOST_SOLVED - len(self.full)]
        begun = len(self.full) / MOST_SOLVED

        def report(what: str, share: float) -> None:
            self.progress("solving the frontier in full", 0.4 + 0.5 * (begun + share * len(new) / MOST_SOLVED))

        found = worths(self.table.valuation, [self.table.space.package(key) for key in new], progress=report)
        self.full.update(zip(map(tuple, new.tolist()), found, strict=True))

    def mixed(self, payoffs: Floats, choices: Places) -> Floats:
        """Return ``payoffs`` [n, party] by the surrogate with the full solve's in their place where there is one."""
        economic = self.inner.of(choices)
        rows = [self.full.get(tuple(choice), own) for choice, own in zip(choices.tolist(), economic, strict=True)]
        return np.asarray(payoffs + np.array(rows).reshape(-1, 2) - economic)


def _spread(error: Floats) -> Floats:
    """Return how far apart [party] errors [n, party] lie, none among them."""
    return np.asarray(error.max(0, initial=0.0) - error.min(0, initial=0.0))


def _picked(payoffs: Floats) -> Places:
    """Return the rows that some idea of fairness picks."""
    picks = {concept.pick(payoffs) for concept in CONCEPTS.values()}
    return np.array(sorted(k for k in picks if k is not None), dtype=np.intp)


def _order(points: Floats, on: NDArray[np.bool_]) -> Places:
    """Return the order in which packages are solved, where ``on`` are those on the frontier."""
    fair = np.zeros(len(points), dtype=bool)
    fair[_picked(points)] = True
    lot = np.random.default_rng(0).permutation(len(points))
    return np.lexsort((lot, ~on, (points < 0.0).any(1), ~fair))
