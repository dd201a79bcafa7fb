"""Which packages are efficient: against the definition, on small sets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradetalks.talks.efficiency import dominates, efficient, rational

gains = st.tuples(st.integers(-3, 3), st.integers(-3, 3))
sets = st.dictionaries(st.text(min_size=1, max_size=2), gains, min_size=1, max_size=6)


def test_textbook_example() -> None:
    packages = {"a": (1.0, 3.0), "b": (2.0, 2.0), "c": (1.0, 2.0), "d": (3.0, -1.0)}
    assert efficient(packages) == ("a", "b", "d")
    assert rational(packages) == ("a", "b", "c")


@given(sets)
def test_something_is_efficient_and_only_the_dominated_are_left_out(packages: dict[str, tuple[int, int]]) -> None:
    best = set(efficient(packages))
    assert best
    for name in packages:
        beaten = any(
            x[0] >= packages[name][0] and x[1] >= packages[name][1] and x != packages[name] for x in packages.values()
        )
        assert (name not in best) == beaten


@given(gains, gains)
def test_dominance_has_a_direction(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert not (dominates(one, other) and dominates(other, one))
    assert not dominates(one, one)


def test_equal_packages_are_both_kept() -> None:
    assert efficient({"a": (1, 1), "b": (1, 1)}) == ("a", "b")
