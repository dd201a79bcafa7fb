"""Fair points: against brute force, against the papers' own examples, and what they must not depend on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tradetalks.talks.deals.frontier import pareto
from tradetalks.talks.deals.solutions import (
    CONCEPTS,
    egalitarian,
    holding,
    ideal,
    kalai_smorodinsky,
    nash,
    rational,
    utilitarian,
)

Floats = NDArray[np.float64]
Pick = Callable[[Floats], int | None]

ALL = [nash, kalai_smorodinsky, egalitarian, utilitarian]
gains = st.lists(st.tuples(st.integers(-5, 9), st.integers(-5, 9)), min_size=1, max_size=25).map(
    lambda found: np.array(found, dtype=float)
)


def point(pick: Pick, some: Floats) -> tuple[float, ...]:
    k = pick(some)
    assert k is not None
    return tuple(some[k])


def triangle(*corners: tuple[float, float], steps: int = 2000) -> Floats:
    """Points on the edges between neighbouring corners."""
    along = np.linspace(0.0, 1.0, steps + 1)[:, None]
    return np.concatenate([np.array(a) * (1 - along) + np.array(b) * along for a, b in pairwise(corners)])


def test_nash_barter_of_bill_and_jack() -> None:
    # Nash (1950), The Bargaining Problem: Bill has five goods, Jack four; utilities to (Bill, Jack).
    bills = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}
    jacks = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}
    goods = [*((name, -b, j) for name, (b, j) in bills.items()), *((name, b, -j) for name, (b, j) in jacks.items())]
    packages = list(product((0, 1), repeat=len(goods)))
    points = np.array(
        [[sum(g[1] for g, x in zip(goods, p, strict=True) if x), sum(g[2] for g, x in zip(goods, p, strict=True) if x)]
         for p in packages], dtype=float)  # fmt: skip
    k = nash(points)
    assert k is not None
    given_away = {good[0] for good, inside in zip(goods, packages[k], strict=True) if inside}
    assert given_away == {"book", "whip", "ball", "bat", "pen", "toy", "knife"}
    assert tuple(points[k]) == (12.0, 5.0)


def test_splitting_money_with_a_risk_averse_side() -> None:
    # One side counts money as it is, the other by its root: Nash gives the bolder side 2/3 (the root of x(1-x)^1/2).
    x = np.linspace(0.0, 1.0, 200_001)
    split = np.stack([x, np.sqrt(1.0 - x)], axis=1)
    assert point(nash, split)[0] == pytest.approx(2 / 3, abs=1e-4)
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    assert point(kalai_smorodinsky, split)[0] == pytest.approx(golden, abs=1e-4)
    assert point(egalitarian, split)[0] == pytest.approx(golden, abs=1e-4)
    assert point(utilitarian, split)[0] == pytest.approx(3 / 4, abs=1e-4)


def test_kalai_and_smorodinsky_against_nash() -> None:
    # Kalai and Smorodinsky (1975): every gain of side one allows side two at least as much in the second
    # set as in the first; Nash gives side two less there, theirs does not.
    first = triangle((0, 1), (0.75, 0.75), (1, 0))
    second = triangle((0, 1), (1, 0.7), (1, 0))
    assert point(nash, first) == pytest.approx((0.75, 0.75), abs=1e-3)
    assert point(nash, second) == pytest.approx((1.0, 0.7), abs=1e-3)
    assert point(kalai_smorodinsky, first) == pytest.approx((0.75, 0.75), abs=1e-3)
    # Where the line of equal shares meets the edge from (0, 1) to (1, 0.7): x = 1 - 0.3 x.
    assert point(kalai_smorodinsky, second) == pytest.approx((1 / 1.3, 1 / 1.3), abs=1e-3)


def test_nobody_is_put_below_no_deal() -> None:
    some = np.array([[100.0, -1.0], [1.0, 2.0], [-3.0, 50.0]])
    for pick in ALL:
        assert pick(some) == 1
        assert pick(np.array([[1.0, -1.0], [-1.0, 5.0]])) is None
        assert pick(np.zeros((0, 2))) is None
    np.testing.assert_array_equal(rational(some), [1])
    np.testing.assert_array_equal(ideal(some), [1.0, 2.0])


def test_where_one_side_cannot_gain_the_other_does() -> None:
    some = np.array([[0.0, 0.0], [3.0, 0.0], [1.0, 0.0]])
    for pick in ALL:
        assert pick(some) == 1


@given(gains)
def test_against_brute_force(some: Floats) -> None:
    fair = [tuple(row) for row in some if min(row) >= 0]
    if not fair:
        assert all(pick(some) is None for pick in ALL)
        return
    a, b = max(x for x, _ in fair), max(y for _, y in fair)
    assert np.prod(point(nash, some)) == max(x * y for x, y in fair)
    assert min(point(egalitarian, some)) == max(min(x, y) for x, y in fair)
    assert sum(point(utilitarian, some)) == max(x + y for x, y in fair)
    if a > 0 and b > 0:
        x, y = point(kalai_smorodinsky, some)
        assert min(x / a, y / b) == max(min(x / a, y / b) for x, y in fair)


@given(gains)
def test_every_fair_point_is_efficient(some: Floats) -> None:
    assume(len(rational(some)))
    for pick in ALL:
        x, y = point(pick, some)
        assert not any((u >= x and v >= y and (u, v) != (x, y)) for u, v in some)


@given(gains, st.sampled_from([0.25, 0.5, 2.0, 8.0]), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_nash_and_kalai_smorodinsky_do_not_depend_on_units(some: Floats, one: float, other: float) -> None:
    scaled = some * np.array([one, other])
    for pick in (nash, kalai_smorodinsky):
        assert pick(scaled) == pick(some)


@given(gains, st.sampled_from([0.5, 4.0]))
def test_one_unit_for_both_leaves_every_point(some: Floats, unit: float) -> None:
    for pick in ALL:
        assert pick(some * unit) == pick(some)


@given(gains)
def test_sides_can_change_places(some: Floats) -> None:
    assume(len(rational(some)))
    swapped = some[:, ::-1]
    best = np.prod(point(nash, some)), min(point(egalitarian, some)), sum(point(utilitarian, some))
    assert best == (np.prod(point(nash, swapped)), min(point(egalitarian, swapped)), sum(point(utilitarian, swapped)))


@given(gains, st.data())
def test_nash_egalitarian_and_utilitarian_ignore_what_would_not_be_chosen(some: Floats, data: st.DataObject) -> None:
    assume(len(rational(some)))
    for pick in (nash, egalitarian, utilitarian):
        k = pick(some)
        assert k is not None
        keep = data.draw(st.lists(st.booleans(), min_size=len(some), max_size=len(some)))
        left = [j for j in range(len(some)) if keep[j] or j == k]
        if pick is nash and point(nash, some)[0] * point(nash, some)[1] == 0:
            continue  # no product to compare: shares of the best decide, which may be dropped
        assert point(pick, some[left]) == tuple(some[k])


@given(st.integers(0, 10_000))
def test_kalai_smorodinsky_is_monotone(seed: int) -> None:
    # Individual monotonicity is a theorem on convex sets with a dense frontier: side two's options improve for
    # every gain of side one, the best of side one stays; side two must not lose.
    rng = np.random.default_rng(seed)
    x = np.linspace(0.0, 1.0, 4001)
    bend, better = 1.0 + 3.0 * rng.random(2)
    low = 1.0 - x**bend
    high = np.maximum(low, (1.0 + rng.random()) * (1.0 - x**better))
    small, large = np.stack([x, low], 1), np.stack([x, high], 1)
    assert point(kalai_smorodinsky, large)[1] >= point(kalai_smorodinsky, small)[1] - 2e-3


@given(gains)
def test_the_frontier_is_enough(some: Floats) -> None:
    assume(len(rational(some)))
    front = some[pareto(some)]
    for pick in ALL:
        assert point(pick, front) == point(pick, some)


def test_every_concept_says_what_fair_means() -> None:
    assert list(CONCEPTS) == ["nash", "kalai-smorodinsky", "egalitarian", "utilitarian"]
    assert [concept.pick for concept in CONCEPTS.values()] == ALL


@pytest.mark.parametrize("pick", ALL)
def test_a_perfect_tie_does_not_hang_on_the_order(pick: Callable[[Floats], int | None]) -> None:
    some = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert point(pick, some) == point(pick, some[::-1]) == (1.0, 0.0)


def test_a_package_holds_where_it_comes_within_a_tenth_of_the_best() -> None:
    # Three packages in four draws; the second is asked about.
    drawn = np.array(
        [
            [(10.0, 10.0), (10.0, 10.0), (10.0, 10.0), (-1.0, 10.0)],
            [(9.5, 9.5), (8.0, 8.0), (9.5, -0.1), (1.0, 1.0)],
            [(0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)],
        ]
    )
    assert holding(CONCEPTS["nash"], drawn, 1) == 0.5
    assert holding(CONCEPTS["egalitarian"], drawn, 1) == 0.5
    assert holding(CONCEPTS["egalitarian"], drawn, 0) == 0.75
    assert holding(CONCEPTS["utilitarian"], drawn, 2) == 0.0
