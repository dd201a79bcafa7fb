"""First-order shares of variance against functions whose Sobol indices are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from tradetalks.value.variance import first_order


def _normals(n: int, names: str, seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.standard_normal(n) for name in names}


def test_a_linear_answer_has_its_squared_coefficients() -> None:
    x = _normals(4000, "abcd")
    found = {one.name: one for one in first_order(x, 3 * x["a"] + 2 * x["b"] + x["c"])}
    assert set(found) == {"a", "b", "c"}
    for name, share in {"a": 9 / 14, "b": 4 / 14, "c": 1 / 14}.items():
        assert found[name].share == pytest.approx(share, abs=0.03)
        assert abs(found[name].share - share) < 4 * found[name].error + 0.02


def test_curvature_counts_and_an_interaction_does_not() -> None:
    # Y = a^2 + b c: Var 2 + 1; a explains 2/3 alone, b and c nothing alone.
    x = _normals(6000, "abc")
    (only,) = first_order(x, x["a"] ** 2 + x["b"] * x["c"])
    assert only.name == "a"
    assert only.share == pytest.approx(2 / 3, abs=0.05)


def test_a_share_of_a_lognormal_response() -> None:
    # Y = exp(0.5 a) + b: Var(exp(0.5 a)) = exp(0.25) (exp(0.25) - 1); the second degree holds almost all of it.
    x = _normals(8000, "ab", seed=3)
    wide = np.exp(0.25) * (np.exp(0.25) - 1)
    found = {one.name: one.share for one in first_order(x, np.exp(0.5 * x["a"]) + x["b"])}
    assert found["a"] == pytest.approx(wide / (wide + 1), abs=0.03)


def test_two_hundred_draws_do_not_invent_drivers() -> None:
    wrong = 0
    for seed in range(40):
        x = _normals(200, "abcdefghijklmnopqrst", seed=seed)
        found = first_order(x, x["a"] + 0.3 * np.random.default_rng(1000 + seed).standard_normal(200))
        assert found[0].name == "a"
        assert found[0].share == pytest.approx(1 / 1.09, abs=0.06)
        wrong += sum(one.share > 0.03 for one in found[1:])
    assert wrong <= 2


def test_an_input_of_two_values_works_and_a_constant_is_left_out() -> None:
    rng = np.random.default_rng(5)
    coin, noise = rng.integers(0, 2, 3000).astype(float), rng.standard_normal(3000)
    inputs = {"coin": coin, "z": noise, "k": np.ones(3000)}
    found = {one.name: one.share for one in first_order(inputs, coin * 2 + noise)}
    assert found["coin"] == pytest.approx(0.5, abs=0.04)
    assert "k" not in found


def test_nothing_varies_or_too_few_draws() -> None:
    x = _normals(100, "ab")
    assert first_order(x, np.full(100, 3.0)) == []
    assert first_order({name: draws[:10] for name, draws in x.items()}, x["a"][:10]) == []
    assert first_order({}, x["a"]) == []


def test_shares_do_not_depend_on_units() -> None:
    x = _normals(500, "ab")
    y = x["a"] + 0.5 * x["b"]
    one = first_order(x, y)
    other = first_order({"a": 1e6 * x["a"] + 3, "b": -1e-6 * x["b"]}, 1e-3 * y - 7)
    np.testing.assert_allclose([s.share for s in one], [s.share for s in other], rtol=1e-6)
