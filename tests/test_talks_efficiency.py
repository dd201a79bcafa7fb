"""Which packages are efficient: the definition, and the frontier against it on small sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.talks.deals.efficiency import dominates
from tradetalks.talks.deals.frontier import pareto
from tradetalks.talks.deals.solutions import rational

gains = st.tuples(st.integers(-3, 3), st.integers(-3, 3))


def _efficient(packages: list[tuple[float, float]]) -> set[tuple[float, float]]:
    points = np.array(packages, dtype=float)
    return {tuple(row) for row in points[pareto(points)]}


def test_textbook_example() -> None:
    packages = [(1.0, 3.0), (2.0, 2.0), (1.0, 2.0), (3.0, -1.0)]
    assert _efficient(packages) == {(1.0, 3.0), (2.0, 2.0), (3.0, -1.0)}
    assert sorted(rational(np.array(packages))) == [0, 1, 2]


@given(st.lists(gains, min_size=1, max_size=6))
def test_something_is_efficient_and_only_the_dominated_are_left_out(packages: list[tuple[int, int]]) -> None:
    best = _efficient([(float(a), float(b)) for a, b in packages])
    assert best
    for own in packages:
        assert (own not in best) == any(dominates(rival, own) for rival in packages)


@given(gains, gains)
def test_dominance_has_a_direction(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert not (dominates(one, other) and dominates(other, one))
    assert not dominates(one, one)
