"""The exact frontier, against the definition on every package of spaces small enough to list."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tradetalks.talks.deals.frontier import LONG, pareto, pareto_of_sums, pareto_with_costs, sum_frontier

Floats = NDArray[np.float64]

whole = st.tuples(st.integers(-6, 6), st.integers(-6, 6))
rows = st.lists(whole, min_size=1, max_size=12).map(lambda found: np.array(found, dtype=float))
few = rows.map(lambda points: points[:5])
spaces = st.lists(few, min_size=1, max_size=3)


def beaten(point: Floats, others: Floats) -> bool:
    """The definition: some other gives each side at least as much, and one of them more."""
    return bool(((others >= point).all(1) & (others > point).any(1)).any())


def efficient(points: Floats) -> set[tuple[float, ...]]:
    return {tuple(point) for point in points if not beaten(point, points)}


def all_sums(blocks: list[Floats]) -> Floats:
    return np.array([sum(rows) for rows in product(*blocks)])


@given(rows)
def test_pareto_is_the_definition_and_keeps_one_of_equals(points: Floats) -> None:
    kept = points[pareto(points)]
    assert {tuple(point) for point in kept} == efficient(points)
    assert len(kept) == len(efficient(points))
    assert (np.diff(kept[:, 0]) < 0).all()


@pytest.mark.parametrize("tilt", [0.0, 0.9, 0.999, 1.0])
def test_long_lists_are_thinned_without_loss(tilt: float) -> None:
    rng = np.random.default_rng(5)
    first, noise = rng.normal(size=(2, 30_000))
    # Rounded, so that there are ties; tilted, so that nearly all points lie near the frontier.
    points = np.round(np.stack([first, (1 - tilt) * noise - tilt * first], 1), 3)
    by_first = points[np.lexsort((-points[:, 1], -points[:, 0]))]
    best, truth = -np.inf, []
    for point in by_first:
        if point[1] > best:
            best = point[1]
            truth.append(tuple(point))
    assert [tuple(point) for point in points[pareto(points)]] == truth


@pytest.mark.parametrize("kind", ["round", "ties", "hollow", "one column", "far", "opposed"])
def test_very_long_lists_are_cut_by_one_row_without_loss(kind: str) -> None:
    rng = np.random.default_rng(7)
    points = rng.normal(size=(LONG + 3, 2))
    if kind == "ties":
        points = np.round(points, 1)
    elif kind == "hollow":
        points = np.sign(points) * np.abs(points) ** 0.3
    elif kind == "one column":
        points[:, 0] = points[:, 1]
    elif kind == "far":
        points = points * [1e9, 1e-9] + [1e12, 5.0]
    elif kind == "opposed":
        points[:, 1] = 0.1 * points[:, 1] - points[:, 0]
    order = np.lexsort((np.arange(len(points)), -points[:, 1], -points[:, 0]))
    second = points[order, 1]
    rises = np.concatenate([[True], second[1:] > np.maximum.accumulate(second)[:-1]])
    assert pareto(points).tolist() == order[rises].tolist()
    assert pareto(np.asfortranarray(points)).tolist() == order[rises].tolist()


def test_long_lists_of_one_value() -> None:
    assert len(pareto(np.ones((10_000, 2)))) == 1


@given(rows, st.integers(0, 4), st.integers(0, 4))
def test_slack_keeps_what_nothing_beats_by_more(points: Floats, a: int, b: int) -> None:
    slack = np.array([a, b], dtype=float)
    kept = set(pareto(points, slack).tolist())
    for k, point in enumerate(points):
        assert (k not in kept) == bool((points > point + slack).all(1).any())


@given(spaces)
def test_frontier_of_sums_is_the_frontier_of_all_sums(blocks: list[Floats]) -> None:
    found, chosen = sum_frontier(blocks)
    assert {tuple(point) for point in found} == efficient(all_sums(blocks))
    assert len({tuple(point) for point in found}) == len(found)
    np.testing.assert_array_equal(found, sum(block[chosen[:, b]] for b, block in enumerate(blocks)))


@given(spaces, st.integers(0, 3), st.integers(0, 3))
def test_slack_on_sums_keeps_all_that_is_near(blocks: list[Floats], a: int, b: int) -> None:
    slack = np.array([a, b], dtype=float)
    every = all_sums(blocks)
    near = {tuple(point) for point in every if not (every > point + slack).all(1).any()}
    assert {tuple(point) for point in sum_frontier(blocks, slack=slack)[0]} == near


@given(st.data(), st.lists(st.integers(0, 8), min_size=1, max_size=2))
def test_budgets_hold_over_the_whole_package(data: st.DataObject, most: list[int]) -> None:
    blocks = data.draw(st.lists(few, min_size=1, max_size=3))
    costs = [
        np.array(data.draw(st.lists(st.lists(st.integers(0, 5), min_size=len(most), max_size=len(most)),
                                    min_size=len(block), max_size=len(block))), dtype=float)
        for block in blocks
    ]  # fmt: skip
    every, spent = all_sums(blocks), all_sums(costs)
    within = every[(spent <= np.array(most)).all(1)]
    found, chosen = sum_frontier(blocks, costs, most)
    assert {tuple(point) for point in found} == efficient(within)
    paid = sum(cost[chosen[:, b]] for b, cost in enumerate(costs))
    assert (np.asarray(paid) <= np.array(most)).all()


@given(rows, st.data())
def test_a_dearer_row_must_be_better(points: Floats, data: st.DataObject) -> None:
    costs = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(points), max_size=len(points))), dtype=float)
    kept = {(*points[k], costs[k]) for k in pareto_with_costs(points, costs[:, None])}
    wide = np.column_stack([points, -costs])
    assert kept == {(point[0], point[1], -point[2]) for point in wide if not beaten(point, wide)}


@given(rows, rows, st.integers(0, 10**6))
def test_sums_in_pieces(one: Floats, two: Floats, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rest = rng.integers(-2, 3, size=(len(one) * len(two), 2)).astype(float)
    hint = rng.integers(0, len(rest), size=3)
    sums = (one[:, None, :] + two[None, :, :]).reshape(-1, 2) + rest
    places = pareto_of_sums(one, two, rest, hint)
    assert {tuple(point) for point in sums[places]} == efficient(sums)


def test_a_million_packages_one_by_one() -> None:
    rng = np.random.default_rng(7)
    give, take = rng.random((2, 20))
    blocks = [np.array([[0.0, 0.0], [a, -b]]) for a, b in zip(give, take, strict=True)]
    every = np.zeros((1, 2))
    for block in blocks:
        every = (every[:, None, :] + block[None, :, :]).reshape(-1, 2)
    assert len(every) == 2**20
    order = np.lexsort((-every[:, 1], -every[:, 0]))
    second = every[order, 1]
    rises = second > np.concatenate([[-np.inf], np.maximum.accumulate(second)[:-1]])
    found, _ = sum_frontier(blocks)
    truth = every[order][rises]
    assert len(found) == len(truth)
    np.testing.assert_allclose(found, truth, atol=1e-12)


def test_a_trillion_packages_hold_the_best_in_every_direction() -> None:
    rng = np.random.default_rng(11)
    blocks = [rng.normal(size=(10, 2)) for _ in range(12)]
    found, chosen = sum_frontier(blocks)
    assert not any(beaten(point, found) for point in found)
    np.testing.assert_allclose(found, sum(block[chosen[:, b]] for b, block in enumerate(blocks)))
    for weight in np.linspace(0.01, 0.99, 25):
        direction = np.array([weight, 1 - weight])
        truth = sum((block @ direction).max() for block in blocks)
        assert (found @ direction).max() == pytest.approx(truth, rel=1e-12)
