"""Scores against their definitions, textbook values, and the property that makes them worth using: truth pays."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.talks.proof.distribution import Distribution, mixture, point
from tradetalks.talks.proof.scores import binomial_interval, brier, calibration, log_score, standard_error

chance = st.floats(0.01, 0.99)


@given(truth=chance, said=chance)
def test_saying_what_one_believes_pays(truth: float, said: float) -> None:
    for score in (brier, log_score):
        honest = truth * score(truth, True) + (1 - truth) * score(truth, False)
        other = truth * score(said, True) + (1 - truth) * score(said, False)
        assert honest <= other + 1e-12


def test_scores_of_the_edges() -> None:
    assert (brier(1, True), brier(0.5, False), brier(0, True)) == (0, 0.25, 1)
    assert log_score(0.5, True) == pytest.approx(math.log(2))
    assert log_score(0, True) == math.inf


@st.composite
def laws(draw: st.DrawFn) -> Distribution:
    values = draw(st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=6, unique=True))
    return mixture((value, draw(st.floats(0.01, 1))) for value in values)


@given(law=laws(), outcome=st.floats(-60, 60))
def test_crps_is_the_integral_of_the_squared_gap_of_distribution_functions(law: Distribution, outcome: float) -> None:
    edges = np.unique(np.append(law.values, outcome))
    between = (edges[:-1] + edges[1:]) / 2
    below = np.array([law.weights[law.values <= x].sum() for x in between])
    assert law.crps(outcome) == pytest.approx(float(((below - (between >= outcome)) ** 2) @ np.diff(edges)), abs=1e-9)


@given(value=st.floats(-1e6, 1e6), outcome=st.floats(-1e6, 1e6))
def test_crps_of_a_point_is_its_absolute_error(value: float, outcome: float) -> None:
    assert point(value).crps(outcome) == pytest.approx(abs(value - outcome))


@given(law=laws(), other=laws())
def test_crps_rewards_the_true_law(law: Distribution, other: Distribution) -> None:
    def expected(said: Distribution) -> float:
        return sum(
            weight * said.crps(value) for value, weight in zip(law.values.tolist(), law.weights.tolist(), strict=True)
        )

    assert expected(law) <= expected(other) + 1e-9


@given(law=laws(), share=st.floats(0.01, 0.99))
def test_a_quantile_splits_the_probability(law: Distribution, share: float) -> None:
    at = law.quantile(share)
    assert law.below(at) <= share + 1e-9
    assert law.below(at) + law.at(at) >= share - 1e-9


def test_equal_values_are_one_and_shares_sum() -> None:
    law = mixture([(10, 1), (15, 2), (10, 1)])
    assert law.values.tolist() == [10, 15]
    assert law.weights.tolist() == [0.5, 0.5]
    assert (law.median, law.mean, law.times(2).mean) == (10, 12.5, 25)


def test_wilsons_interval_against_his_formula() -> None:
    # Agresti and Coull (1998): 10 of 10 at 95% reaches down to n / (n + z^2).
    low, high = binomial_interval(10, 10, z=1.96)
    assert (low, high) == pytest.approx((10 / (10 + 1.96**2), 1.0))
    assert binomial_interval(5, 10, z=1.96) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert binomial_interval(0, 0) == (0, 1)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_every_forecast_falls_in_one_bin(forecasts: list[tuple[float, bool]]) -> None:
    bins = calibration([p for p, _ in forecasts], [y for _, y in forecasts])
    assert sum(one.count for one in bins) == len(forecasts)
    assert sum(one.came for one in bins) == sum(y for _, y in forecasts)
    for one in bins:
        assert one.forecast is None or one.low - 1e-9 <= one.forecast <= one.high + 1e-9


def test_standard_error_of_a_mean() -> None:
    assert standard_error([1, 2, 3, 4]) == pytest.approx(math.sqrt(5 / 3 / 4))
    assert standard_error([1]) is None
