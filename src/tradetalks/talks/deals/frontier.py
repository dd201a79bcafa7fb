"""The packages that no other beats for both sides, exactly, in spaces too large to list.

Where a package's payoffs are a sum over blocks, a package can only be efficient when each block's part is
efficient within its block: whatever beats the part beats the package. So the frontier of the sum is the
frontier of the sums of the blocks' frontiers, built block by block and pruned at each step. Nothing is
approximated; of packages with equal payoffs the one listed first is kept.

Points are rows of two payoffs. Costs, where a budget limits their sum, are further columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Slack = Floats | None

#: From this many points on, those below a sample of good ones are dropped before the rest are sorted.
MANY = 4096

#: Points in that sample, and steps into which the first payoff is cut to compare with it.
SAMPLE, STEPS = 2**15, 2048

#: Most sums that are formed in one step of the frontier of sums.
CROWD = 20_000_000

#: Sums that are formed at once in a long list: about what fits a processor's cache.
CHUNK = 2**16

#: Rows compared with the sample at once: of a list for the cache nearest the processor, of a long one more, since such
#: lists are looked through side by side, and threads that part often wait for each other.
CUT, CUT_LONG, LONG = 2**14, 2**17, 2**18


def pareto(points: Floats, slack: Slack = None) -> Places:
    """Return the places of the efficient rows of ``points`` [n, 2], the best for the first side first.

    A row is efficient when no other gives each side at least as much and one of them more. Of equal rows
    the first is kept. With ``slack`` [2] also rows that no other beats by more than the slack on both sides.
    """
    if slack is not None:
        return _nearly(points, slack)
    if len(points) >= MANY:
        kept = _hopeful(points)
        return np.asarray(kept[_sorted_out(points[kept])])
    return _sorted_out(points)


def _nearly(points: Floats, slack: Floats) -> Places:
    """Return the rows that no row beats by more than ``slack`` in both columns, in their order."""
    front = points[pareto(points)]
    # The frontier falls in the first column and rises in the second: the last row that is far enough ahead
    # in the first is the one with most in the second.
    ahead = np.searchsorted(-front[:, 0], -(points[:, 0] + slack[0]), side="left")
    best = np.concatenate([[-np.inf], front[:, 1]])[ahead]
    return np.flatnonzero(best <= points[:, 1] + slack[1])


def _sorted_out(points: Floats) -> Places:
    """Return the efficient rows by sorting: going down the first payoff, the second must rise."""
    # A stable sort merges runs that are already in order, which the sums of frontiers are.
    order = np.argsort(-points[:, 0], kind="stable")
    first, second = points[order, 0], points[order, 1]
    best = np.maximum.accumulate(second)
    rises = np.ones(len(order), dtype=bool)
    rises[1:] = second[1:] > best[:-1]
    # Of rows equal in the first payoff the last that rises beats the earlier ones.
    order, first = order[rises], first[rises]
    last = np.ones(len(order), dtype=bool)
    last[:-1] = first[1:] != first[:-1]
    return np.asarray(order[last])


def _hopeful(points: Floats) -> Places:
    """Return rows that hold every efficient one: those that no row of a sample beats by a whole step."""
    kept, before = _unbeaten(points, _sample(points)), len(points)
    while MANY <= len(kept) <= before // 2:
        left, before = points[kept], len(kept)
        kept = kept[_unbeaten(left, _sample(left))]
    return kept


def _sample(points: Floats) -> Floats:
    """Return rows spread over the list, at an odd step: lists of packages repeat at even ones."""
    return points[:: len(points) // SAMPLE | 1]


def _unbeaten(points: Floats, sample: Floats) -> Places:
    """Return the rows of ``points`` that no row of ``sample`` beats by a whole step of the first payoff.

    A few passes over what the processor's cache holds, without a sort.
    """
    low, high = sample[:, 0].min(), sample[:, 0].max()
    if low == high:
        return np.arange(len(points))
    scale = (STEPS - 1) / (high - low)
    # Below the sample counts as its first step, above it as the last, which nothing beats.
    last = float(STEPS - 1)
    tops = np.full(STEPS + 1, -np.inf)
    np.maximum.at(tops, np.minimum((sample[:, 0] - low) * scale, last).astype(np.intp), sample[:, 1])
    # The best second payoff of the sample among steps above each.
    above = np.maximum.accumulate(tops[::-1])[::-1][1:].copy()

    cut = min(CUT if len(points) < LONG else CUT_LONG, len(points))
    place, step, best = np.empty(cut), np.empty(cut, dtype=np.intp), np.empty(cut)
    found = []
    for at in range(0, len(points), cut):
        part = points[at : at + cut]
        m = len(part)
        np.subtract(part[:, 0], low, out=place[:m])
        np.multiply(place[:m], scale, out=place[:m])
        np.minimum(place[:m], last, out=place[:m])
        np.copyto(step[:m], place[:m], casting="unsafe")
        np.take(above, step[:m], mode="clip", out=best[:m])
        found.append(np.flatnonzero(part[:, 1] > best[:m]) + at)
    return np.concatenate(found)


def pareto_of_sums(one: Floats, two: Floats, rest: Floats, hint: Places) -> Places:
    """Return ``pareto`` of the sums one[k] + two[l] + rest[k * len(two) + l], without holding them all.

    Args:
        one: rows [n, 2].
        two: rows [m, 2], the faster index.
        rest: what is added to each sum [n * m, 2].
        hint: places of sums that are likely to be efficient; good ones make it fast, none change the result.
    """
    a, b, c = one.T, two.T, rest.T
    m = len(two)
    sample = one[hint // m] + two[hint % m] + rest[hint]
    places, points = [hint], [sample]
    rows = max(1, CHUNK // m)
    for start in range(0, len(one), rows):
        part = (a[:, start : start + rows, None] + b[:, None, :]).reshape(2, -1)
        part += c[:, start * m : start * m + part.shape[1]]
        kept = _unbeaten(part.T, sample)
        places.append(kept + start * m)
        points.append(part.T[kept])
    where, found = np.concatenate(places), np.concatenate(points)
    # In the order of the list, so that of equal rows the first is kept.
    order = np.argsort(where, kind="stable")
    return np.asarray(where[order][pareto(found[order])])


def pareto_with_costs(points: Floats, costs: Floats, slack: Slack = None) -> Places:
    """Return the rows that no other beats for both sides at no higher cost in any column of ``costs`` [n, c]."""
    if costs.shape[1] == 0:
        return pareto(points, slack)
    levels, level = np.unique(costs, axis=0, return_inverse=True)
    level = level.reshape(-1)
    members = [np.flatnonzero(level == k) for k in range(len(levels))]
    best: list[Places] = []
    # Lexicographic order: whatever costs no more in every column has come before.
    for k, cost in enumerate(levels):
        cheaper = [best[j] for j in range(k) if (levels[j] <= cost).all()]
        pool = np.concatenate([*cheaper, members[k]])
        efficient = pool[pareto(points[pool], slack)]
        best.append(efficient[level[efficient] == k])
    return np.concatenate([np.zeros(0, dtype=np.intp), *best])


def sum_frontier(
    blocks: Sequence[Floats],
    costs: Sequence[Floats] | None = None,
    most: Sequence[float] = (),
    slack: Slack = None,
) -> tuple[Floats, Places]:
    """Return the frontier of the sums of one row a block: payoffs [m, 2] and the row of each block [m, b].

    Args:
        blocks: the rows [n_b, 2] of each block.
        costs: what each row costs [n_b, c], not negative.
        most: the highest sum of each column of costs.
        slack: with it, also the sums that no other beats by more than this on both sides.

    Raises:
        Crowded: more sums are that near the frontier than can be held.
    """
    given = costs if costs is not None else [np.zeros((len(block), 0)) for block in blocks]
    caps = np.asarray(most, dtype=float)
    total, spent = np.zeros((1, 2)), np.zeros((1, len(caps)))
    steps: list[tuple[Places, Places]] = []
    # Small blocks first, so that the long sums are built once.
    own = _own(blocks, given, caps, slack)
    order = sorted(range(len(blocks)), key=lambda b: len(own[b]))
    for b in order:
        part, cost = blocks[b][own[b]], given[b][own[b]]
        if len(part) * len(total) > CROWD:
            raise Crowded
        # Row by row of the block, each copy of the frontier in its order: runs for the sort to merge.
        sums = (part[:, None, :] + total[None, :, :]).reshape(-1, 2)
        money = (cost[:, None, :] + spent[None, :, :]).reshape(len(sums), len(caps))
        if len(caps):
            within = np.flatnonzero((money <= caps + 1e-9).all(1))
            kept = within[pareto_with_costs(sums[within], money[within], slack)]
        else:
            kept = pareto(sums, slack)
        steps.append((own[b][kept // max(len(total), 1)], kept % max(len(total), 1)))
        total, spent = sums[kept], money[kept]
    efficient = pareto(total, slack)
    chosen = np.empty((len(efficient), len(blocks)), dtype=np.intp)
    at = efficient
    for b, (rows, before) in zip(reversed(order), reversed(steps), strict=True):
        chosen[:, b], at = rows[at], before[at]
    return total[efficient], chosen


def _own(blocks: Sequence[Floats], given: Sequence[Floats], caps: Floats, slack: Slack) -> list[Places]:
    """Return :func:`_affordable` of each block; two long ones are looked through side by side."""

    def own(block: Floats, cost: Floats) -> Places:
        return _affordable(block, cost, caps, slack)

    long = sum(len(block) >= LONG for block in blocks)
    return list((_pair().map if long > 1 else map)(own, blocks, given))


@cache
def _pair() -> ThreadPoolExecutor:
    """Return two threads that stay: new ones begin with no memory of their own, which costs as much as the work."""
    return ThreadPoolExecutor(2)


def _affordable(block: Floats, cost: Floats, caps: Floats, slack: Slack) -> Places:
    """Return the efficient rows of a block that the budgets allow by themselves."""
    if not len(caps):
        return pareto(block, slack)
    within = np.flatnonzero((cost <= caps + 1e-9).all(1))
    return np.asarray(within[pareto_with_costs(block[within], cost[within], slack)])


class Crowded(Exception):
    """More sums are near the frontier than can be held."""
