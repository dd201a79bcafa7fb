"""The frontier of a case: found on the surrogate, re-solved in full, with the error that this shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.deals.acceptance import Judged, Table
from tradetalks.talks.deals.frontier import Crowded, Slack, pareto_of_sums, sum_frontier
from tradetalks.talks.deals.solutions import rational
from tradetalks.talks.deals.surrogate import Surrogate, blocks, summed
from tradetalks.talks.deals.valued import worths

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Most packages re-solved in full, the frontier first, then the nearest to it.
MOST_SOLVED = 150

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
    front: Floats
    """[m, party] payoffs of the whole frontier by the surrogate, packages below no deal with it."""
    frontier: int
    """How many packages of the frontier were to be solved."""
    near: int | None
    """How many more are within the error of it; ``None`` where they are too many to count."""
    not_solved: int
    """How many of both were left unsolved."""

    @property
    def expected(self) -> Floats:
        """[n, party] payoffs by the full solve."""
        return np.array([one.expected for one in self.judged]).reshape(-1, 2)

    @property
    def error(self) -> Floats:
        """[n, party] full solve less surrogate."""
        return self.expected - self.surrogate


def search(table: Table, progress: Callable[[str, float], None]) -> Found:
    """Return the packages at the frontier and within the surrogate's error of it, solved in full.

    Where some efficient package leaves neither side below no deal, only such packages are solved.
    """
    land = land_of(table)
    payoff = table.expected.within(land.blocks)
    points, choices = land.frontier(payoff)
    fair = len(rational(points)) > 0
    kept = rational(points) if fair else np.arange(len(points))
    solved: dict[tuple[int, ...], Floats] = {}

    def solve(some: Places) -> Floats:
        """Solve packages not yet solved; return the largest error of the surrogate so far."""
        keys_of = (tuple(int(level) for level in choice) for choice in some)
        new = [key for key in dict.fromkeys(keys_of) if key not in solved][: MOST_SOLVED - len(solved)]
        packages = [table.space.package(key) for key in new]
        begun = len(solved) / MOST_SOLVED

        def report(what: str, share: float) -> None:
            progress("solving the frontier in full", 0.4 + 0.5 * (begun + share * len(new) / MOST_SOLVED))

        solved.update(zip(new, worths(table.valuation, packages, progress=report), strict=True))
        keys = np.array(list(solved), dtype=np.intp).reshape(-1, len(land.levels))
        full = np.array(list(solved.values())).reshape(-1, 2)
        return np.asarray(np.abs(full - table.surrogate.within(land.blocks).of(keys)).max(0, initial=0.0))

    error, covered = solve(choices[kept]), np.full(2, -1.0)
    near: int | None = 0
    beside = choices[kept]
    # What lies within the error may show a larger error; look again until it does not.
    while near is not None and len(beside) and (error > covered).any() and len(solved) < MOST_SOLVED:
        covered = error
        try:
            about, beside = land.frontier(payoff, error)
        except Crowded:
            near = None
            break
        if fair:
            inside = (about >= -error).all(1)
            about, beside = about[inside], beside[inside]
        near = len(beside) - len(kept)
        error = solve(beside[np.argsort(_behind(about, points), kind="stable")])
    keys = np.array(list(solved), dtype=np.intp).reshape(-1, len(land.levels))
    judged = tuple(table.judged(table.space.package(key), point, key) for key, point in solved.items())
    left = len({tuple(map(int, choice)) for choice in beside} - set(solved))
    return Found(land, keys, judged, payoff.of(keys), points, len(kept), near, left)


def _behind(points: Floats, front: Floats) -> Floats:
    """Return how far each point lies behind the frontier: the least that it must gain on some side."""
    ahead = front[None, :, :] - points[:, None, :]
    return np.asarray(ahead.min(2).max(1))
