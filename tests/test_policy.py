"""Optimal tariffs, wars and bargains: what theory says of them, whatever the data."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from small_world import small_accounts
from tradetalks.ground.errors import BadInput
from tradetalks.model import Economy
from tradetalks.model.policy import Weights
from tradetalks.model.policy.bargain import SOLUTIONS
from tradetalks.model.policy.climb import _combined
from tradetalks.model.policy.result import Choice
from tradetalks.model.policy.rules import Near, Proportion, weights_by


def exchange(size: float = 1.0, theta: float = 5.0, sectors: int = 1, regions: int = 3) -> Economy:
    """Return a world without inputs, duties or deficits; ``size`` is that of the first region."""
    rng = np.random.default_rng(3)
    flows = rng.uniform(0.5, 1.5, (regions, regions, sectors))
    scale = np.ones(regions)
    scale[0] = size
    flows *= (scale[:, None] * scale[None, :])[:, :, None] / scale.sum()
    flows[np.arange(regions), np.arange(regions)] *= 4.0
    economy = Economy(
        [f"R{n}" for n in range(regions)],
        [f"S{s}" for s in range(sectors)],
        flows,
        np.zeros_like(flows),
        np.zeros((regions, sectors, sectors)),
        flows.sum(1),
        np.full(sectors, theta),
    )
    return economy.counterfactual(deficits="zero").economy()


@pytest.fixture(scope="module")
def linked() -> Economy:
    """A world of four regions and three sectors with inputs, duties and deficits."""
    return Economy(**small_accounts())


def test_small_country_takes_one_over_theta() -> None:
    rates = [
        exchange(size).optimal_tariffs("R0", instruments="uniform").average_tariff("R0") for size in (1, 0.1, 0.01)
    ]
    above = [rate - 1 / 5.0 for rate in rates if rate is not None]
    assert above[0] > 5 * above[1] > 25 * above[2] > 0
    assert above[2] < 0.002


def test_large_country_takes_the_formula_of_gros() -> None:
    # Two regions: 1 / (theta (1 - own share in what the other spends)).
    best = exchange(size=2.0, regions=2).optimal_tariffs("R0")
    spent = best.outcome.flows[:, 1, 0]
    assert best.average_tariff("R0") == pytest.approx(1 / (5.0 * (1 - spent[0] / spent.sum())), rel=1e-4)


def test_one_rate_is_enough_where_elasticities_are_alike() -> None:
    # Without inputs and with one elasticity, a country too small to move others' prices taxes all goods alike.
    economy = exchange(size=0.01, sectors=3)
    uniform, free = (economy.optimal_tariffs("R0", instruments=kind).payoffs[0] for kind in ("uniform", "bilateral"))
    assert free == pytest.approx(uniform, rel=1e-3)


def test_lerner_symmetry() -> None:
    # A tariff on all imports does what a subsidy on all sales at home does, that is, a tax on all exports.
    economy = exchange(sectors=2)
    tariff, subsidy = np.zeros((2, 3, 3, 2))
    tariff[1:, 0] = 0.3
    subsidy[0, 0] = 1 / 1.3 - 1
    on_imports, on_exports = (economy.counterfactual(tariffs=t) for t in (tariff, subsidy))
    np.testing.assert_allclose(on_imports.welfare, on_exports.welfare, atol=1e-8)
    assert abs(on_imports.welfare[0]) > 0.1


def test_more_instruments_never_do_worse(linked: Economy) -> None:
    payoffs = [linked.optimal_tariffs("R1", instruments=kind).payoffs[0] for kind in ("uniform", "mfn", "bilateral")]
    assert all(more >= less - 1e-9 for less, more in pairwise(payoffs))


@pytest.mark.parametrize("kind", ["bilateral", "mfn", "uniform"])
def test_nothing_near_the_optimum_is_better(linked: Economy, kind: str) -> None:
    best = linked.optimal_tariffs("R0", instruments=kind)
    rng = np.random.default_rng(0)
    for _ in range(10):
        noise = rng.normal(0, 0.02, best.tariffs.shape)
        if kind != "bilateral":
            noise = noise[:1] + 0 * noise
        if kind == "uniform":
            noise = noise[:, :, :1] + 0 * noise
        other = np.where(best.chosen, np.maximum(best.tariffs + noise, 0.0), best.tariffs)
        assert linked.counterfactual(tariffs=other).welfare_net[0] < best.payoffs[0]
    assert best.certified
    assert best.payoffs[0] == pytest.approx(best.outcome.welfare_net[0])


def test_tariffs_not_chosen_stay(linked: Economy) -> None:
    best = linked.optimal_tariffs("R0", against="R2", sectors=["S1"], bounds=(0.0, 0.1))
    assert best.chosen.sum() == 1
    assert best.chosen[2, 0, 1]
    np.testing.assert_allclose(best.tariffs[~best.chosen], linked.tariffs[~best.chosen], atol=1e-12)
    assert 0.0 <= best.tariffs[2, 0, 1] <= 0.1 + 1e-12


def test_bounds_hold_and_are_reported(linked: Economy) -> None:
    best = linked.optimal_tariffs("R0", bounds=(0.0, 0.05))
    assert best.tariffs[best.chosen].max() <= 0.05 + 1e-12
    assert best.certificates[0].binding > 0


def test_bloc_has_one_tariff_and_counts_all_members(linked: Economy) -> None:
    best = linked.optimal_tariffs(["R0", "R1"])
    outside = best.tariffs[2:, :2]
    np.testing.assert_allclose(outside[:, 0], outside[:, 1])
    np.testing.assert_allclose(best.tariffs[:2, :2], linked.tariffs[:2, :2])
    gained = best.outcome.equivalent_variation_net[:2].sum() / linked.income[:2].sum()
    assert best.payoffs[0] == pytest.approx(100 * gained)


def test_sector_weights_protect_the_sector(linked: Economy) -> None:
    plain, political = (linked.optimal_tariffs("R0", weights=w) for w in (None, {"S0": 2.0}))
    assert political.tariffs[1, 0, 0] > plain.tariffs[1, 0, 0]
    assert political.outcome.welfare_net[0] < plain.outcome.welfare_net[0]


def test_revenue_and_balance_weights_get_more_of_what_they_weigh(linked: Economy) -> None:
    plain, revenue, balance = (
        linked.optimal_tariffs("R0", weights=w).outcome
        for w in (None, Weights(revenue=0.2), Weights(balance={"R1": 0.05}))
    )
    assert revenue.tariff_revenue[0] > plain.tariff_revenue[0]
    assert balance.bilateral_balance("R0", "R1") > plain.bilateral_balance("R0", "R1")


@pytest.mark.parametrize("against", ["each other", "everyone"])
def test_no_unilateral_change_gains_in_a_war(linked: Economy, against: str) -> None:
    war = linked.nash_tariffs(["R0", "R1", "R3"], against)
    assert war.certified
    for p, n in enumerate((0, 1, 3)):
        slope = linked.gradient(f"welfare:R{n}", war.tariffs)[:, n]
        own = war.chosen[:, n]
        inside = own & (war.tariffs[:, n] > 1e-6)
        assert inside.any()
        np.testing.assert_allclose(slope[inside], 0, atol=1e-3)
        answer = linked.best_response(f"R{n}", war, against=[f"R{i}" for i in range(4) if own[i].any()])
        assert answer.payoffs[0] == pytest.approx(war.payoffs[p], abs=1e-5)


def test_war_costs_the_world(linked: Economy) -> None:
    war = linked.nash_tariffs(linked.regions)
    free = linked.counterfactual(tariffs=np.zeros_like(linked.tariffs))
    assert war.outcome.equivalent_variation.sum() < free.equivalent_variation.sum()


def test_bargains_share_the_gain_by_their_rule() -> None:
    economy = exchange(sectors=2, regions=2)
    deals = {
        rule: economy.bargain(["R0", "R1"], rule, threat="war")
        for rule in ("nash", "egalitarian", "kalai-smorodinsky", "utilitarian")
    }
    for rule, deal in deals.items():
        assert (deal.gains > 0).all(), rule
        assert deal.certified, rule
    dollars = {rule: deal.outcome.equivalent_variation.sum() for rule, deal in deals.items()}
    products = {rule: deal.gains.prod() for rule, deal in deals.items()}
    assert max(dollars, key=dollars.__getitem__) == "utilitarian"
    assert products["nash"] >= max(products.values()) * (1 - 1e-6)
    if deals["egalitarian"].exact:
        assert deals["egalitarian"].gains[0] == pytest.approx(deals["egalitarian"].gains[1], rel=1e-3)


def test_no_tariffs_are_better_for_both_than_a_bargain(linked: Economy) -> None:
    deal = linked.bargain(["R0", "R2"], "nash", threat="war")
    war = linked.nash_tariffs(["R0", "R2"])
    assert (deal.payoffs > war.payoffs).all()
    rng = np.random.default_rng(1)
    for _ in range(20):
        noise = rng.normal(0, 0.05, deal.tariffs.shape)
        other = np.where(deal.chosen, np.clip(deal.tariffs + noise, 0, 10), deal.tariffs)
        welfare = linked.counterfactual(tariffs=other).welfare_net[[0, 2]]
        assert not (welfare > deal.payoffs + 1e-7).all()


@pytest.fixture(scope="module")
def fought(linked: Economy) -> Choice:
    return linked.nash_tariffs(linked.regions)


@pytest.mark.parametrize("rule", SOLUTIONS)
@pytest.mark.parametrize("threat", ["status quo", "war"])
def test_four_sides_share_the_gain_by_their_rule(linked: Economy, fought: Choice, rule: str, threat: str) -> None:
    deal = linked.bargain(linked.regions, rule, fought if threat == "war" else threat)
    assert deal.certified
    if rule != "utilitarian":
        assert (deal.gains > 0).all()
    if rule == "egalitarian":
        np.testing.assert_allclose(deal.gains, deal.gains.mean(), rtol=1e-4)
    if rule == "kalai-smorodinsky":
        assert deal.ideal is not None
        assert (deal.gains < deal.ideal).all()
        np.testing.assert_allclose(deal.gains / deal.ideal, (deal.gains / deal.ideal).mean(), rtol=1e-4)
    score = {
        "nash": lambda gains: np.log(np.maximum(gains, 1e-9)).sum(),
        "egalitarian": lambda gains: gains.min(),
        "kalai-smorodinsky": lambda gains: (gains / deal.ideal).min(),
        "utilitarian": lambda gains: gains @ (linked.income * (1 + np.asarray(deal.threat.welfare_net) / 100)),
    }[rule]
    level = np.asarray(deal.threat.welfare_net)
    rng = np.random.default_rng(4)
    for _ in range(30):
        noise = rng.normal(0, rng.choice([0.003, 0.05, 0.3]), deal.tariffs.shape)
        other = np.where(deal.chosen, np.clip(deal.tariffs + noise, 0, 10), deal.tariffs)
        gains = (np.asarray(linked.counterfactual(tariffs=other).welfare_net) - level) / (1 + level / 100)
        assert not (gains > deal.gains + 1e-7).all()
        assert score(gains) <= score(deal.gains) + 1e-7


@pytest.mark.parametrize("rule", SOLUTIONS)
def test_names_and_order_of_the_sides_do_not_matter(linked: Economy, fought: Choice, rule: str) -> None:
    plain = linked.bargain(linked.regions, rule, fought)
    order = [2, 0, 3, 1]
    accounts = small_accounts()
    for name, axes in {
        "flows": (0, 1),
        "tariffs": (0, 1),
        "input_use": (0,),
        "value_added": (0,),
    }.items():
        for axis in axes:
            accounts[name] = np.take(np.asarray(accounts[name]), order, axis)
    accounts["regions"] = [linked.regions[n] for n in order]
    turned = Economy(**accounts).bargain(accounts["regions"], rule, "war")
    # From a war fought anew, to the digits of its own tolerance.
    np.testing.assert_allclose(turned.gains, plain.gains[order], rtol=2e-3)


def test_bargain_with_coarse_tariffs_tells_what_they_cost(linked: Economy, fought: Choice) -> None:
    fine, coarse = (linked.bargain(linked.regions, "egalitarian", fought, instruments=k) for k in ("bilateral", "mfn"))
    assert fine.efficient is None
    assert not fine.loss.any()
    assert coarse.efficient is not None
    np.testing.assert_allclose(coarse.gains + coarse.loss, fine.gains, rtol=1e-4)
    assert (coarse.loss > 0).all()


def test_talks_with_nothing_to_gain_are_refused(linked: Economy) -> None:
    # From tariffs agreed on with a tariff a sector and partner, one rate for everything gains nobody anything.
    agreed = linked.bargain(linked.regions, "egalitarian").outcome
    with pytest.raises(BadInput, match="every side better off"):
        linked.bargain(linked.regions, "nash", threat=agreed, instruments="uniform", given=agreed)


def test_balance_target_is_met_at_least_cost(linked: Economy) -> None:
    plain = linked.optimal_tariffs("R0")
    at_best = float(plain.outcome.bilateral_balance("R0", "R1"))
    costs = []
    for step in (-1.0, 0.5, 1.0):
        best = linked.optimal_tariffs("R0", weights=Weights(balance_target={"R1": at_best + step}))
        assert float(best.outcome.bilateral_balance("R0", "R1")) == pytest.approx(at_best + step, abs=1e-5)
        assert best.certified
        assert best.balance_worth is not None
        assert np.sign(best.balance_worth) == np.sign(step)
        costs.append(plain.payoffs[0] - best.payoffs[0])
        # The last unit costs what it is said to be worth.
        more = linked.optimal_tariffs("R0", weights=Weights(balance_target={"R1": at_best + step + 0.01}))
        lost = (best.payoffs[0] - more.payoffs[0]) / 100 * float(linked.income[0])
        assert lost / 0.01 == pytest.approx(best.balance_worth, rel=0.05, abs=0.003)
    assert costs[0] > 0
    assert 0 < costs[1] < costs[2]


def test_who_gains_and_which_sectors_pay_add_up(linked: Economy) -> None:
    war = linked.nash_tariffs(["R0", "R1"])
    regions = war.regions()
    assert regions["player"].to_list() == ["R0", "R1", None, None]
    sectors = war.sectors("R0")
    assert sectors["value_added_change"].is_sorted()
    before = linked.value_added[0].sum()
    assert sectors["value_added"].sum() == pytest.approx(before, rel=1e-9)
    after = float(war.outcome.value_added[0].sum() / war.outcome.new.consumer_price[0])
    assert sectors["value_added_change"].sum() == pytest.approx(after - before, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda e: e.optimal_tariffs("R9"), "no region 'R9'"),
        (lambda e: e.optimal_tariffs("R0", against="R0"), "sets the tariffs"),
        (lambda e: e.optimal_tariffs("R0", instruments="mnf"), "did you mean mfn"),
        (lambda e: e.optimal_tariffs("R0", sectors=["cars"]), "no sector 'cars'"),
        (lambda e: e.optimal_tariffs("R0", bounds=(0.5, 0.1)), "the least first"),
        (lambda e: e.optimal_tariffs("R0", weights=[1.0, -1.0, 1.0]), "not negative"),
        (lambda e: e.optimal_tariffs("R0", weights={"S9": 1.0}), "no sector 'S9'"),
        (lambda e: e.nash_tariffs(["R0"]), "two or more"),
        (lambda e: e.nash_tariffs("R0"), "two or more"),
        (lambda e: e.nash_tariffs(["R0", ["R0", "R1"]]), "named twice"),
        (lambda e: e.nash_tariffs(["R0", "R1"], against="all"), "each other or everyone"),
        (lambda e: e.nash_tariffs(["R0", "R1"], weights={"R2": None}), "no player 'R2'"),
        (lambda e: e.bargain(["R0", "R1"], "fair"), "egalitarian"),
        (lambda e: e.optimal_tariffs("R0", weights=Weights(balance_target={"R1": 1e6})), "between about"),
        (lambda e: e.optimal_tariffs("R0", weights=Weights(balance_target={"R0": 1.0})), "name another"),
        (lambda e: e.optimal_tariffs("R0", weights=Weights(balance_target={"R9": 1.0})), "no region 'R9'"),
        (lambda e: e.optimal_tariffs("R0", weights=Weights(balance_target={"R1": np.nan})), "not a number"),
        (lambda e: e.optimal_tariffs("R0", weights=Weights(balance_target={"R1": 0, "R2": 0})), "one partner"),
        (lambda e: e.nash_tariffs(["R0", "R1"], weights={"R0": Weights(balance_target={"R1": 0})}), "optimal_tariffs"),
        (lambda e: e.bargain(["R0", "R1"], threat="peace"), "status quo, war"),
        (lambda e: e.optimal_tariffs(["R0", "R1", "R2", "R3"]), "nobody"),
        (lambda e: e.optimal_tariffs(0), "no list of names"),
        (lambda e: e.optimal_tariffs("R0", against=3), "against: 3"),
        (lambda e: e.optimal_tariffs("R0", instruments=None), "bilateral"),
        (lambda e: e.optimal_tariffs("R0", weights={"S0": "much"}), "'much' is not a number"),
        (lambda e: e.optimal_tariffs("R0", given=exchange().counterfactual()), "another economy"),
        (lambda e: e.nash_tariffs(None), "no list of names"),
        (lambda e: e.nash_tariffs(["R0", "R1"], given="war"), "no outcome"),
        (lambda e: e.best_response("R0", "war"), "no outcome"),
        (lambda e: e.bargain(["R0", "R1"], threat=3), "status quo, war"),
        (lambda e: e.bargain(["R0", "R1"], threat=exchange().counterfactual()), "another economy"),
    ],
)
def test_bad_input_says_what_is_wrong(linked: Economy, call: object, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        call(linked)  # type: ignore[operator]


def test_weights_leave_where_bounds_hold_every_tariff() -> None:
    """At weights alike nobody moves, and one side loses: its weight must rise until a tariff leaves its bound."""
    gains, slopes = np.array([0.3, -0.17]), np.array([[-1.0, -1.0], [-1.0, 0.5]])
    near = Near(gains, slopes, np.ones(2), np.zeros(2), np.ones(2))
    weights = np.array([0.5, 0.5])
    assert not near.moves(weights).any()
    for _ in range(10):
        weights = weights_by(Proportion(np.ones(2)), near, weights)
    # The second tariff alone serves both: the least gain is greatest where they meet, at 0.47 / 1.5.
    np.testing.assert_allclose(near.reached(weights), 0.3 - 0.47 / 1.5, atol=1e-6)


@pytest.mark.parametrize("spread", [0.0, -3.0, -7.0])
def test_combinations_of_differences_are_least_squares(spread: float) -> None:
    """The few inner products serve as well as an orthogonal factorisation, rows that others span included."""
    rng = np.random.default_rng(6)
    rows = rng.normal(size=(6, 6)) @ (np.logspace(0.0, spread, 6)[:, None] * rng.normal(size=(6, 300)))
    rows = np.vstack([rows, rows[0] - rows[1], np.zeros(300)])
    target = rng.normal(size=300) + rng.normal(size=8) @ rows
    exact = np.linalg.lstsq(rows.T, target, rcond=1e-8)[0]
    np.testing.assert_allclose(_combined(rows, target) @ rows, exact @ rows, atol=1e-7)
