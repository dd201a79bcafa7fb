"""The switches of the system: each does nothing until asked, agrees with theory, and has the right gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from small_world import small_accounts
from tradetalks.ground.errors import BadInput
from tradetalks.model import Economy, ExchangeRate, Outcome, Question

N, S = 5, 4

#: Switches alone, and all together (welfare by the wage bill is in test_liberation_day).
SWITCHES: dict[str, dict[str, Any]] = {
    "labour supply": {"labour_supply": [0.5, 0.0, 1.0, 0.3, 0.2]},
    "income tax": {"labour_supply": 0.5, "revenue": "income-tax", "labour_tax": 0.2},
    "services and pass-through": {"services": [0.1, 0.3, 0.0, 0.2, 0.1], "pass_through": [0.7, 1.2, 1.0, 0.5, 1.1]},
    "scale": {"scale": 0.05},
    "specific factors": {"specific_factors": [0.4, 0.0, 0.3, 0.5]},
    "all": {
        "labour_supply": 0.4,
        "revenue": "income-tax",
        "labour_tax": 0.1,
        "services": 0.15,
        "pass_through": 0.8,
        "scale": 0.04,
        "specific_factors": 0.3,
    },
}

#: Closures of deficits, and the names of their cases.
CLOSURES: dict[str, Any] = {
    "zero": "zero",
    "own-gdp": "own-gdp",
    "exchange rate": ExchangeRate("R1", 0.02),
    "exchange rate of two": ExchangeRate("R1", -0.03, against="R3", lenders="R2"),
}


@pytest.fixture(scope="module")
def accounts() -> dict[str, Any]:
    return small_accounts(regions=N, sectors=S, absent=True)


@pytest.fixture(scope="module")
def plain(accounts: dict[str, Any]) -> Economy:
    return Economy(**accounts)


@pytest.fixture(scope="module", params=list(SWITCHES))
def switched(request: pytest.FixtureRequest, plain: Economy) -> Economy:
    return plain.with_switches(**SWITCHES[request.param])


def raised(economy: Economy, rate: float = 0.15) -> np.ndarray:
    """Return the base tariffs with ``rate`` more on all that R0 imports."""
    tariffs = economy.tariffs.copy()
    tariffs[1:, 0] += rate
    return tariffs


def several(outcome: Outcome) -> Any:
    """Return one number that many results have a part in."""
    return (
        outcome.welfare[0]
        + 0.5 * outcome.welfare_net[2]
        - 2.0 * outcome.employment[1]
        + 0.1 * outcome.tariff_revenue[0]
        + 0.2 * outcome.exports[3]
        + outcome.equivalent_variation[4]
    )


def slope(economy: Economy, tariffs: np.ndarray, **more: Any) -> tuple[float, float]:
    """Return the derivative of ``several`` along a random direction: by the adjoint, and by central differences."""
    rng = np.random.default_rng(3)
    direction = rng.uniform(-1.0, 1.0, tariffs.shape) * (economy.flows > 0)
    direction[np.arange(N), np.arange(N)] = 0.0

    def value(step: float) -> float:
        return float(several(economy.counterfactual(tariffs + step * direction, tolerance=1e-13, **more)))

    h = 2e-4
    gradient = economy.gradient(several, tariffs, **more)
    return float((gradient * direction).sum()), (value(h) - value(-h)) / (2 * h)


def test_a_zero_shock_changes_nothing(switched: Economy) -> None:
    still = switched.counterfactual()
    assert still.residual < 1e-11
    for what in ("welfare", "welfare_net", "real_wage", "employment", "wages", "price_index"):
        np.testing.assert_allclose(getattr(still, what), 0.0, atol=1e-8)
    np.testing.assert_allclose(still.flows, switched.flows, rtol=1e-9)


def test_gradients_agree_with_finite_differences(switched: Economy) -> None:
    adjoint, differences = slope(switched, raised(switched))
    assert adjoint == pytest.approx(differences, rel=2e-5, abs=1e-8)


@pytest.mark.parametrize("closure", list(CLOSURES))
def test_gradients_of_each_closure(plain: Economy, closure: str) -> None:
    adjoint, differences = slope(plain, raised(plain), deficits=CLOSURES[closure])
    assert adjoint == pytest.approx(differences, rel=2e-5, abs=1e-8)


def test_the_gradient_to_trade_costs(switched: Economy) -> None:
    gradient = switched.gradient(several, wrt="trade_costs")
    costs = np.ones((N, N, S))
    h = 1e-4
    found = []
    for sign in (1, -1):
        costs[1, 0, 2] = 1.0 + sign * h
        found.append(several(switched.counterfactual(trade_costs=costs, tolerance=1e-13)))
    assert gradient[1, 0, 2] == pytest.approx((found[0] - found[1]) / (2 * h), rel=2e-5)


def test_the_books_balance_with_every_switch(switched: Economy) -> None:
    """Spending is income, value added is income from work, and the world's deficits sum to nothing."""
    new = switched.counterfactual(tariffs=raised(switched))
    final = new.new.spending.sum(0) - np.einsum(
        "nks,kn->n", np.asarray(switched._base.gamma), np.asarray(switched._base.made(new.new.flow))
    )
    np.testing.assert_allclose(final, new.income, rtol=1e-8)
    np.testing.assert_allclose(new.value_added.sum(1), new.new.labour_income, rtol=1e-8)
    world = new.new.labour_income.sum()
    assert abs(new.deficits.sum()) < 1e-9 * world
    assert world == pytest.approx(switched.counterfactual().new.labour_income.sum(), rel=1e-9)


def test_rebasing_after_a_change_keeps_the_equilibrium(switched: Economy) -> None:
    new = switched.counterfactual(tariffs=raised(switched))
    again = new.economy().counterfactual()
    np.testing.assert_allclose(again.flows, new.flows, rtol=1e-7)
    back = new.economy().counterfactual(tariffs=switched.tariffs)
    np.testing.assert_allclose(back.flows / new.flows.sum(), switched.flows / new.flows.sum(), atol=1e-9)


def test_switches_that_are_off_are_not_there(plain: Economy) -> None:
    off = plain.with_switches(labour_supply=0.0, services=0.0, pass_through=1.0, scale=0.0, specific_factors=0.0)
    assert off._base.switches is None
    tariffs = raised(plain)
    np.testing.assert_array_equal(off.counterfactual(tariffs).welfare, plain.counterfactual(tariffs).welfare)


def test_a_switch_close_to_off_is_close_to_the_economy_without(plain: Economy) -> None:
    """As each elasticity goes to its neutral value the answer goes to that of the plain economy."""
    tariffs = raised(plain)
    before = plain.counterfactual(tariffs).welfare
    for near, nearer in (
        ({"labour_supply": 1e-3}, {"labour_supply": 1e-5}),
        ({"services": 1e-3, "pass_through": 1 + 1e-3}, {"services": 1e-5, "pass_through": 1 + 1e-5}),
        ({"scale": 1e-3}, {"scale": 1e-5}),
        ({"specific_factors": 1e-3}, {"specific_factors": 1e-5}),
    ):
        gaps = [
            np.abs(plain.with_switches(**switch).counterfactual(tariffs).welfare - before).max()
            for switch in (near, nearer)
        ]
        assert gaps[1] < 0.02 * gaps[0] + 1e-9, near
        assert gaps[1] < 1e-3


def test_labour_follows_the_real_wage(plain: Economy) -> None:
    kappa = np.array([0.5, 0.0, 1.0, 0.3, 0.2])
    new = plain.with_switches(labour_supply=kappa).counterfactual(tariffs=raised(plain))
    np.testing.assert_allclose(np.log1p(new.employment / 100.0), kappa * np.log1p(new.real_wage / 100.0), atol=1e-9)
    assert new.employment[1] == pytest.approx(0.0, abs=1e-9)


def test_relief_adds_the_tax_to_the_wage(plain: Economy) -> None:
    """Labour supplied follows w/P over one less duties' share of the wage bill (its change, where there were some)."""
    kappa = 0.5
    new = plain.with_switches(labour_supply=kappa, revenue="income-tax").counterfactual(tariffs=raised(plain))
    before, after = (1.0 - at.duties / at.labour_income for at in (new.reference, new.new))
    kept = (1.0 + new.real_wage / 100.0) * before / after
    np.testing.assert_allclose(new.new.labour, kept**kappa, rtol=1e-8)
    lump = plain.with_switches(labour_supply=kappa).counterfactual(tariffs=raised(plain))
    assert new.employment[0] > lump.employment[0]


def test_with_no_tax_a_small_change_of_labour_is_worth_nothing(plain: Economy) -> None:
    """The envelope theorem: at the base, elastic labour moves no first-order welfare of a country too small to
    move prices, and moves little in any; where labour is taxed, more work is worth the tax on it."""
    elastic, taxed = (
        plain.with_switches(labour_supply=0.5, revenue="income-tax", labour_tax=tax) for tax in (0.0, 0.3)
    )
    small = raised(plain, 1e-4)
    untaxed, gain = (e.counterfactual(small, tolerance=1e-13) for e in (elastic, taxed))
    share = 0.5 / 1.5
    income, wages = plain.income[0], plain.value_added.sum(1)[0]
    # Utility differs by the disutility alone: (1 - tax) kappa/(1+kappa) wages L^(1+1/kappa).
    worth = [income - (1 - tax) * share * wages for tax in (0.0, 0.3)]
    gap = gain.welfare[0] * worth[1] - untaxed.welfare[0] * worth[0]
    assert gap == pytest.approx(0.3 * wages * untaxed.employment[0], rel=1e-3)


def test_specific_factors_make_the_short_run_stiff(accounts: dict[str, Any]) -> None:
    """Volumes of output respond less the more of value added cannot move."""
    plain = Economy(**accounts)
    tariffs = raised(plain)
    spread = []
    for share in (0.0, 0.3, 0.6, 0.9):
        economy = plain.with_switches(specific_factors=share) if share else plain
        change = economy.counterfactual(tariffs).volume_change
        spread.append(np.nansum(np.abs(change) * plain.output))
    assert spread == sorted(spread, reverse=True)
    assert spread[-1] < 0.7 * spread[0]


def test_when_nothing_can_move_the_volume_of_labour_does_not(accounts: dict[str, Any]) -> None:
    """The limit of the short run: with nearly all value added specific, value added in volume stands still."""
    economy = without_inputs(accounts)
    tariffs = raised(economy)
    free = np.nanmax(np.abs(economy.counterfactual(tariffs).volume_change))
    stuck = np.nanmax(np.abs(economy.with_switches(specific_factors=0.999).counterfactual(tariffs).volume_change))
    assert stuck < 0.01 * free


def test_specific_factors_earn_their_share(plain: Economy) -> None:
    """Rents and wages exhaust value added, and rents of a sector move as its value added."""
    share = np.array([0.4, 0.0, 0.3, 0.5])
    economy = plain.with_switches(specific_factors=share)
    new = economy.counterfactual(tariffs=raised(plain))
    wages = (economy.value_added * (1 - share)).sum(1) * new.new.wage
    rents = (new.value_added * share).sum(1)
    np.testing.assert_allclose(wages + rents, new.new.labour_income, rtol=1e-8)


def test_scale_economies_are_those_of_the_sector(plain: Economy) -> None:
    """Unit cost is that of a bundle over size^psi, size in bundles (labour income over the cost of a bundle)."""
    psi = 0.05
    economy = plain.with_switches(scale=psi)
    new = economy.counterfactual(tariffs=raised(plain))
    base = economy._base
    bundle = np.asarray(base.beta * np.log(new.new.wage)) + np.einsum(
        "nks,sn->kn", np.asarray(base.gamma), np.log(new.new.price)
    )
    there = economy.output.T > 0
    grown = np.log(np.where(there, new.value_added.T, 1.0) / np.where(there, economy.value_added.T, 1.0))
    np.testing.assert_allclose(np.log(new.new.cost)[there], (bundle - psi * (grown - bundle))[there], atol=1e-8)


@pytest.mark.parametrize("switches", [{}, {"scale": 0.05}, {"specific_factors": 0.4}], ids=str)
def test_lerner_symmetry_without_deficits(accounts: dict[str, Any], switches: dict[str, Any]) -> None:
    """A tax on all imports does what a tax on all exports does (Lerner, Economica 3(11), 1936).

    Without inputs a tax on all that R0 buys, paid back, moves nothing but the unit of account. So a duty on imports
    is as good as the opposite on sales at home, which is a tax on exports.
    """
    plain = without_inputs(accounts).counterfactual(deficits="zero", tariffs=np.zeros((N, N, S))).economy()
    economy = plain.with_switches(**switches) if switches else plain
    on_imports, at_home = np.zeros((2, N, N, S))
    on_imports[1:, 0] = 0.25
    at_home[0, 0] = 1.0 / 1.25 - 1.0
    found = [economy.counterfactual(tariffs=duties, deficits="zero") for duties in (on_imports, at_home)]
    assert abs(found[0].welfare[0]) > 0.1
    np.testing.assert_allclose(found[0].welfare, found[1].welfare, atol=1e-7)
    np.testing.assert_allclose(found[0].volume_change, found[1].volume_change, atol=1e-7)


def without_inputs(accounts: dict[str, Any]) -> Economy:
    """Return the economy of ``accounts`` in which value added is all of output."""
    added = accounts["value_added"] + accounts["input_use"].sum(2)
    return Economy(**{**accounts, "value_added": added, "input_use": np.zeros_like(accounts["input_use"])})


@pytest.mark.parametrize("change", [0.05, -0.05])
def test_deficits_bring_about_the_exchange_rate(plain: Economy, change: float) -> None:
    new = plain.counterfactual(deficits=ExchangeRate("R1", change, against="R3", lenders="R2"))
    prices = new.new.consumer_price
    assert prices[1] / prices[3] == pytest.approx(1.0 + change, rel=1e-9)
    moved = new.deficits - plain.deficits
    assert moved[1] * change > 0, "dearer prices at home take a larger deficit"
    assert moved[2] == pytest.approx(-moved[1], rel=1e-6)
    np.testing.assert_allclose(moved[[0, 3, 4]], 0.0, atol=1e-9)


def test_the_deficits_found_give_the_same_equilibrium(plain: Economy) -> None:
    """The transfer problem read backwards: those deficits, given, lead to the same prices."""
    free = plain.counterfactual(tariffs=raised(plain), deficits=ExchangeRate("R1", 0.02))
    given = plain.counterfactual(tariffs=raised(plain), deficits=free.deficits)
    np.testing.assert_allclose(given.price_index, free.price_index, atol=1e-7)
    started = plain.counterfactual(tariffs=raised(plain), deficits=ExchangeRate("R1", 0.02), start=given)
    np.testing.assert_allclose(started.deficits, free.deficits, atol=1e-6)
    assert plain.counterfactual(tariffs=raised(plain), start=free).residual < 1e-10


def test_an_effective_rate_weighs_partners_by_trade(plain: Economy) -> None:
    new = plain.counterfactual(deficits=ExchangeRate("R1", 0.03))
    trade = plain.flows.sum(2)
    weight = np.array([0.0 if n == 1 else trade[1, n] + trade[n, 1] for n in range(N)])
    rate = np.log(new.new.consumer_price[1]) - (weight / weight.sum()) @ np.log(new.new.consumer_price)
    assert rate == pytest.approx(np.log(1.03), rel=1e-9)
    gdp = plain.value_added.sum(1)
    others = [0, 2, 3, 4]
    np.testing.assert_allclose(
        (new.deficits - plain.deficits)[others], -(new.deficits - plain.deficits)[1] * gdp[others] / gdp[others].sum()
    )


def test_exchange_rates_among_many_questions(plain: Economy) -> None:
    rate = ExchangeRate("R1", 0.02)
    many = plain.counterfactuals([Question(deficits=rate), Question(tariffs=raised(plain))])
    one = plain.counterfactual(deficits=rate)
    np.testing.assert_allclose(many[0].welfare, one.welfare, atol=1e-8)
    np.testing.assert_allclose(many[1].welfare, plain.counterfactual(raised(plain)).welfare, atol=1e-8)


def test_switches_among_many_questions(plain: Economy) -> None:
    switched = plain.with_switches(**SWITCHES["all"])
    found = switched.counterfactuals([Question(), Question(tariffs=raised(switched))])
    np.testing.assert_allclose(found[0].welfare, 0.0, atol=1e-8)
    np.testing.assert_allclose(found[1].welfare, switched.counterfactual(raised(switched)).welfare, atol=1e-7)


def test_both_guides_lead_to_one_equilibrium(plain: Economy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The response is taken region by region, or as a whole where that tells too little: it only guides."""
    import tradetalks.model.switched_response as response

    regional = plain.with_switches(specific_factors=0.4, labour_supply=0.3)
    assert regional._near.whole is None
    monkeypatch.setattr(response, "TOLD", 0.0)
    whole = plain.with_switches(specific_factors=0.4, labour_supply=0.3)
    assert whole._near.local is None
    found = [e.counterfactual(raised(plain)) for e in (whole, regional)]
    np.testing.assert_allclose(found[0].welfare, found[1].welfare, atol=1e-8)
    assert max(each.iterations for each in found) < 30


def test_outcome_worth_is_the_same_in_money_and_percent(switched: Economy) -> None:
    new = switched.counterfactual(tariffs=raised(switched))
    np.testing.assert_allclose(np.sign(new.equivalent_variation), np.sign(new.welfare))
    half = switched.counterfactual(tariffs=raised(switched, 0.07))
    through = (1 + half.welfare / 100) * (1 + new.relative_to(half).welfare / 100)
    np.testing.assert_allclose(through, 1 + new.welfare / 100, rtol=1e-9)
    switches = switched._base.switches
    if switches.labour_supply is None:
        np.testing.assert_allclose(new.equivalent_variation, new.reference.income * new.welfare / 100.0)


@pytest.mark.parametrize(
    ("switches", "message"),
    [
        ({"labour_supply": -0.1}, r"labour_supply\[R0\] = -0.1 must be at least 0"),
        ({"labour_supply": [0.1, 0.2]}, "labour_supply: needs one number, or an array that fits"),
        ({"services": 1.0}, r"services\[R0\] = 1 must be at least 0 and below 1"),
        ({"specific_factors": [0.1, 1.0, 0.1, 0.1]}, r"specific_factors\[R0, S1\] = 1 must be"),
        ({"pass_through": float("nan")}, r"pass_through\[R0\] = nan"),
        ({"scale": 0.5}, "their product must stay below 1"),
        ({"labour_supply": 0.5, "revenue": "income tax"}, "did you mean"),
        ({"revenue": "income-tax"}, "set labour_supply above 0"),
        ({"labour_supply": 0.5, "welfare": "gdp"}, "welfare: 'gdp' is not known"),
        ({"labour_supply": "much"}, "labour_supply: needs one number"),
    ],
    ids=str,
)
def test_bad_switches_are_refused(plain: Economy, switches: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        plain.with_switches(**switches)


def test_switches_are_not_put_on_twice(switched: Economy) -> None:
    with pytest.raises(BadInput, match="already"):
        switched.with_switches(scale=0.01)


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        (ExchangeRate("Rx", 0.1), "no region 'Rx'"),
        (ExchangeRate("R1", -1.0), "must be a fraction above -1"),
        (ExchangeRate("R1", float("nan")), "must be a fraction above -1"),
        (ExchangeRate("R1", 0.1, against="R1"), "against is R1 itself"),
        (ExchangeRate("R1", 0.1, lenders="R11"), "lenders: no region 'R11'"),
    ],
    ids=str,
)
def test_bad_exchange_rates_are_refused(plain: Economy, rate: ExchangeRate, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        plain.counterfactual(deficits=rate)
