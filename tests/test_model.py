"""The equilibrium: identities that hold whatever the data, and derivatives."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import small_accounts
from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.model import Economy, Outcome

CLOSURES = ["fixed", "own-gdp", "zero"]


def shocked(economy: Economy, seed: int = 1, size: float = 0.3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    tariffs = economy.tariffs + rng.uniform(0, size, economy.tariffs.shape)
    n = np.arange(len(economy.regions))
    tariffs[n, n] = 0.0
    return tariffs


@pytest.fixture(params=[False, True], ids=["full", "absent cells"])
def economy(request: pytest.FixtureRequest) -> Economy:
    return Economy(**small_accounts(absent=request.param))


@pytest.mark.parametrize("closure", ["fixed", "own-gdp"])
def test_zero_shock_moves_nothing(economy: Economy, closure: str) -> None:
    outcome = economy.counterfactual(deficits=closure)
    for change in (outcome.welfare, outcome.real_wage, outcome.wages, outcome.price_index):
        np.testing.assert_allclose(change, 0, atol=1e-9)
    np.testing.assert_allclose(outcome.flows, economy.flows, rtol=1e-10)


def assert_accounts_hold(economy: Economy, outcome: Outcome) -> None:
    world = economy.value_added.sum()
    flows, tariffs = outcome.flows, outcome.tariffs
    # Walras: labour income is value added in every region, and the world total is the numeraire.
    np.testing.assert_allclose(outcome.value_added.sum(1), np.asarray(outcome.new.labour_income), rtol=1e-8)
    assert outcome.value_added.sum() == pytest.approx(world, rel=1e-9)
    # Sales equal output; what is bought equals spending; duties are collected on flows.
    np.testing.assert_allclose(flows.sum(1), outcome.output, rtol=1e-9, atol=1e-12 * world)
    spending = (flows * (1 + tariffs)).sum(0)
    np.testing.assert_allclose(spending, np.asarray(outcome.new.spending).T, rtol=1e-8, atol=1e-12 * world)
    np.testing.assert_allclose((flows * tariffs).sum((0, 2)), outcome.tariff_revenue, atol=1e-9 * world)
    # Each region's trade balance is its deficit, and the world's balance is zero.
    np.testing.assert_allclose(outcome.imports - outcome.exports, outcome.deficits, atol=1e-8 * world)
    assert abs(outcome.deficits.sum()) < 1e-9 * world


@pytest.mark.parametrize("closure", CLOSURES)
def test_world_accounts_hold_after_a_shock(economy: Economy, closure: str) -> None:
    assert_accounts_hold(economy, economy.counterfactual(shocked(economy), deficits=closure))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.floats(0.01, 1.0), closure=st.sampled_from(CLOSURES))
def test_accounts_hold_for_any_world(seed: int, size: float, closure: str) -> None:
    economy = Economy(**small_accounts(seed=seed))
    assert_accounts_hold(economy, economy.counterfactual(shocked(economy, seed, size), deficits=closure))


def test_closures_do_what_they_say(economy: Economy) -> None:
    tariffs = shocked(economy)
    np.testing.assert_allclose(economy.counterfactual(tariffs).deficits, economy.deficits, atol=1e-9)
    np.testing.assert_allclose(economy.counterfactual(tariffs, deficits="zero").deficits, 0, atol=1e-9)
    own = economy.counterfactual(tariffs, deficits="own-gdp")
    change = own.deficits / own.value_added.sum(1) - economy.deficits / economy.value_added.sum(1)
    np.testing.assert_allclose(change, change[0], atol=1e-9)
    amounts = economy.deficits + np.array([1.0, -1.0, 0.0, 0.0])
    np.testing.assert_allclose(economy.counterfactual(deficits=amounts).deficits, amounts, atol=1e-9)


def test_units_of_account_do_not_matter() -> None:
    data = small_accounts()
    scaled = {**data, **{key: 1000.0 * data[key] for key in ("flows", "input_use", "value_added")}}
    one, thousand = Economy(**data), Economy(**scaled)
    tariffs = shocked(one)
    a, b = one.counterfactual(tariffs), thousand.counterfactual(tariffs)
    np.testing.assert_allclose(a.welfare, b.welfare, atol=1e-8)
    np.testing.assert_allclose(1000 * a.flows, b.flows, rtol=1e-8)


def test_permuting_regions_and_sectors_permutes_results() -> None:
    data = small_accounts(regions=5, sectors=4)
    rng = np.random.default_rng(3)
    r, s = rng.permutation(5), rng.permutation(4)
    permuted = {
        "regions": [data["regions"][n] for n in r],
        "sectors": [data["sectors"][k] for k in s],
        "flows": data["flows"][np.ix_(r, r, s)],
        "tariffs": data["tariffs"][np.ix_(r, r, s)],
        "input_use": data["input_use"][np.ix_(r, s, s)],
        "value_added": data["value_added"][np.ix_(r, s)],
        "trade_elasticity": data["trade_elasticity"][s],
    }
    first = Economy(**data)
    tariffs = shocked(first)
    straight = first.counterfactual(tariffs)
    crossed = Economy(**permuted).counterfactual(tariffs[np.ix_(r, r, s)])
    np.testing.assert_allclose(straight.welfare[r], crossed.welfare, atol=1e-8)
    np.testing.assert_allclose(straight.output[np.ix_(r, s)], crossed.output, rtol=1e-8)


def test_an_equal_rise_of_all_prices_abroad_is_the_armington_formula() -> None:
    """One sector, no inputs, no duties: welfare is (own share hat)^(-1/theta), Arkolakis et al. (2012)."""
    data = small_accounts(regions=3, sectors=1, tariffs=False)
    data["input_use"] = np.zeros_like(data["input_use"])
    balanced = data["flows"] + np.swapaxes(data["flows"], 0, 1)
    data["flows"], data["value_added"] = balanced, balanced.sum(1)
    economy = Economy(**data)
    cost = np.full((3, 3, 1), 1.4)
    cost[np.arange(3), np.arange(3)] = 1.0
    outcome = economy.counterfactual(trade_costs=cost)
    own = np.einsum("nns->n", outcome.flows) / outcome.flows.sum((0, 2))
    base_own = np.einsum("nns->n", economy.flows) / economy.flows.sum((0, 2))
    formula = 100 * ((own / base_own) ** (-1 / economy.trade_elasticity[0]) - 1)
    np.testing.assert_allclose(outcome.welfare, formula, atol=1e-8)


def test_rebasing_and_relative_outcomes_agree(economy: Economy) -> None:
    tariffs, more = shocked(economy, 1), shocked(economy, 2)
    middle = economy.counterfactual(tariffs)
    direct = economy.counterfactual(more).relative_to(middle)
    rebased = middle.economy().counterfactual(more)
    np.testing.assert_allclose(direct.welfare, rebased.welfare, atol=1e-7)
    np.testing.assert_allclose(direct.equivalent_variation, rebased.equivalent_variation, atol=1e-7)
    np.testing.assert_allclose(direct.decomposition().terms_of_trade, rebased.decomposition().terms_of_trade, atol=1e-7)
    np.testing.assert_allclose(middle.relative_to(middle).welfare, 0, atol=1e-12)


def test_first_order_welfare_is_the_derivative(economy: Economy) -> None:
    """For a small shock with balanced trade, exact welfare and the decomposition agree."""
    balanced = economy.counterfactual(deficits="zero").economy()
    small = balanced.counterfactual(balanced.tariffs + 1e-5 * (shocked(balanced) > 0))
    np.testing.assert_allclose(small.decomposition().welfare, small.welfare, rtol=2e-3, atol=1e-9)


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("objective", ["welfare:R1", "welfare_net:R0", "tariff_revenue:R2", "output:R2:S1"])
def test_gradient_is_the_finite_difference(economy: Economy, closure: str, objective: str) -> None:
    tariffs = shocked(economy)
    name, *labels = objective.split(":")
    cell = (int(labels[0][1]), *(int(label[1]) for label in labels[1:]))

    def value(tariffs: np.ndarray, costs: np.ndarray | None = None) -> float:
        return float(getattr(economy.counterfactual(tariffs, costs, closure), name)[cell])

    by_tariff = economy.gradient(objective, tariffs, deficits=closure)
    by_cost = economy.gradient(objective, tariffs, deficits=closure, wrt="trade_costs")
    rng, h = np.random.default_rng(5), 1e-5
    for _ in range(4):
        at = tuple(rng.integers(0, size) for size in tariffs.shape)
        up, down = tariffs.copy(), tariffs.copy()
        up[at] += h
        down[at] -= h
        difference = (value(up) - value(down)) / (2 * h)
        assert by_tariff[at] == pytest.approx(difference, rel=1e-4, abs=1e-6)
        dear, cheap = np.ones_like(tariffs), np.ones_like(tariffs)
        dear[at] += h
        cheap[at] -= h
        difference = (value(tariffs, dear) - value(tariffs, cheap)) / (2 * h)
        assert by_cost[at] == pytest.approx(difference, rel=1e-4, abs=1e-6)


def test_gradient_of_a_function_of_the_outcome(economy: Economy) -> None:
    def objective(outcome: Outcome) -> object:
        return jnp.sum(outcome.flows[:, 0, :]) - 0.5 * outcome.welfare[2]

    tariffs, h = shocked(economy), 1e-5
    gradient = economy.gradient(objective, tariffs)
    up, down = tariffs.copy(), tariffs.copy()
    up[2, 3, 1] += h
    down[2, 3, 1] -= h
    difference = (float(objective(economy.counterfactual(up))) - float(objective(economy.counterfactual(down)))) / (
        2 * h
    )
    assert gradient[2, 3, 1] == pytest.approx(difference, rel=1e-4)


def test_a_large_shock_still_solves() -> None:
    economy = Economy(**small_accounts(regions=6, sectors=5))
    assert_accounts_hold(economy, economy.counterfactual(shocked(economy, size=10.0)))


def test_table_adds_up(economy: Economy) -> None:
    outcome = economy.counterfactual(shocked(economy))
    table = outcome.table()
    assert table.height == len(economy.regions) * len(economy.sectors)
    assert table["exports"].sum() == pytest.approx(outcome.exports.sum())
    assert table["imports"].sum() == pytest.approx(outcome.imports.sum())
    both = outcome.bilateral_balance("R0", "R1") + outcome.bilateral_balance("R1", "R0")
    assert both == pytest.approx(0)


def test_negative_final_demand_is_set_to_zero_and_reported() -> None:
    data = small_accounts()
    # R0 buys 2% less of S0 than its sectors use; the missing sales go to R1, which takes them over.
    spending = (data["flows"] * (1 + data["tariffs"])).sum(0)[0, 0]
    use = data["input_use"][0, :, 0].sum()
    data["input_use"][0, :, 0] *= 1.02 * spending / use
    data["value_added"] = data["flows"].sum(1) - data["input_use"].sum(2)
    assert data["value_added"].min() > 0
    economy = Economy(**data)
    assert any("R0" in line and "S0" in line for line in economy.adjustments)
    assert economy.final_demand.min() >= 0
    np.testing.assert_allclose(economy.counterfactual().welfare, 0, atol=1e-9)
    assert_accounts_hold(economy, economy.counterfactual(shocked(economy)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"tariffs": (0, 1, 0, -1.0)}, "must be above -1"),
        ({"tariffs": (0, 1, 0, np.nan)}, "missing"),
        ({"flows": (0, 1, 0, -2.0)}, "at least 0"),
        ({"flows": (0, 1, 0, np.inf)}, "not finite"),
        ({"input_use": (0, 1, 0, -1.0)}, "must not be negative"),
        ({"value_added": (0, 1, -1.0)}, "at least 0"),
        ({"trade_elasticity": (1, 0.0)}, "must be above 0"),
    ],
)
def test_bad_accounts_are_refused(change: dict[str, tuple[float, ...]], says: str) -> None:
    data = small_accounts()
    for name, (*cell, value) in change.items():
        data[name][tuple(int(c) for c in cell)] = value
        with pytest.raises(BadInput, match=says) as error:
            Economy(**data)
        assert name in str(error.value)


def test_accounts_that_contradict_each_other_are_refused() -> None:
    data = small_accounts()
    data["value_added"][2, 1] += 1.0
    with pytest.raises(BadInput, match="R2 S1: sales are"):
        Economy(**data)
    with pytest.raises(BadInput, match="its flows say"):
        Economy(**small_accounts(), deficits=[9.0, -9.0, 0.0, 0.0])
    with pytest.raises(BadInput, match="shape"):
        Economy(**{**small_accounts(), "flows": np.ones((4, 4))})
    with pytest.raises(BadInput, match="stands twice"):
        Economy(**{**small_accounts(), "regions": ["A", "A", "B", "C"]})


def test_bad_questions_are_refused(economy: Economy) -> None:
    with pytest.raises(BadInput, match="did you mean fixed"):
        economy.counterfactual(deficits="fixd")
    with pytest.raises(BadInput, match="must sum to zero"):
        economy.counterfactual(deficits=[1.0, 0.0, 0.0, 0.0])
    with pytest.raises(BadInput, match="above 0"):
        economy.counterfactual(trade_costs=np.zeros((4, 4, 3)))
    with pytest.raises(BadInput, match="no region 'R9'"):
        economy.gradient("welfare:R9")
    with pytest.raises(BadInput, match="did you mean welfare"):
        economy.gradient("wellfare:R1")
    with pytest.raises(BadInput, match="different economies"):
        economy.counterfactual().relative_to(Economy(**small_accounts(seed=9)).counterfactual())


def test_an_impossible_transfer_is_an_error_and_not_a_number(economy: Economy) -> None:
    income = economy.income
    with pytest.raises(NotConverged):
        economy.counterfactual(deficits=[-3 * income[0], 3 * income[0], 0.0, 0.0])
