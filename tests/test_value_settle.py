"""The equilibrium under purchases, quotas, trade costs and deficits, on a small world whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.value.effect import CostCut, DeficitShift, Diversion, Effect, Purchase
from tradetalks.value.settle import Near, Settled, settle, settle_in_each, settling
from tradetalks.value.stage import Stage
from value_world import REGIONS, SECTORS, Floats, small_stage, small_world

USA, JPN, CHN, DEU = range(4)
A01, B06, C29 = range(3)
CELL = USA, JPN, B06


@cache
def stage(tariffs: bool = True) -> Stage:
    """At a thousand dollars a unit, a unit of money is a billion dollars."""
    return small_stage(small_world(tariffs=tariffs))


@cache
def free(tariffs: bool = True) -> Settled:
    here = stage(tariffs)
    return settle(here, here.world.tariffs, Effect())


def under(effect: Effect, tariffs: bool = True) -> Settled:
    return settle(stage(tariffs), stage(tariffs).world.tariffs, effect)


def buy(usd_bn: float, seller: str = "USA", sector: str = "B06", buyer: str = "JPN") -> Purchase:
    return Purchase(seller, buyer, sector, usd_bn)


def same(one: Settled, other: Settled, within: float = 1e-7) -> None:
    np.testing.assert_allclose(one.outcome.flows, other.outcome.flows, rtol=within)
    np.testing.assert_allclose(one.fiscal, other.fiscal, rtol=within, atol=1e-12)


def test_no_effect_is_the_base() -> None:
    np.testing.assert_allclose(free().outcome.flows, stage().world.flows, rtol=1e-9)
    assert free().plain
    assert (free().fiscal == 0).all()


# Purchases.


@pytest.mark.parametrize("usd_bn", [1e-4, 0.1, 1.0, 3.0])
def test_the_flow_reaches_its_target(usd_bn: float) -> None:
    got = under(Effect(purchases=(buy(usd_bn),)))
    assert got.outcome.flows[CELL] == pytest.approx(free().outcome.flows[CELL] + usd_bn, rel=1e-6)
    assert not got.plain
    assert (got.duties == stage().world.tariffs).all()


def test_dollars_become_money_of_the_base_year_by_the_growth_of_the_world() -> None:
    scale = (1210.0, 1000.0, 1050.0, 900.0)
    here = small_stage(small_world(), scale)
    got = settle(here, here.world.tariffs, Effect(purchases=(buy(0.5),)))
    gdp = here.world.gdp
    growth = (gdp * np.array(scale)).sum() / gdp.sum() / 1000.0
    assert got.outcome.flows[CELL] - free().outcome.flows[CELL] == pytest.approx(0.5 / growth, rel=1e-6)


def test_two_purchases_on_one_flow_are_one_of_the_sum() -> None:
    same(under(Effect(purchases=(buy(0.3), buy(0.2)))), under(Effect(purchases=(buy(0.5),))))


def test_purchases_on_several_flows_are_met_together() -> None:
    wants = (buy(0.5), buy(0.3, sector="A01"), buy(0.4, seller="CHN"), buy(0.2, buyer="DEU"))
    got = under(Effect(purchases=wants))
    for want in wants:
        cell = REGIONS.index(want.seller), REGIONS.index(want.buyer), SECTORS.index(want.sector)
        assert got.outcome.flows[cell] - free().outcome.flows[cell] == pytest.approx(want.usd_bn, rel=1e-6)
    assert (got.fiscal[[JPN, DEU]] < 0).all()
    assert (got.fiscal[[USA, CHN]] == 0).all()


@pytest.mark.parametrize("usd_bn", [0.05, 0.5, 2.0])
def test_the_buyer_pays_and_loses_less_than_it_pays(usd_bn: float) -> None:
    """Most of a subsidy comes back as cheaper goods; without other duties the rest is lost."""
    got = under(Effect(purchases=(buy(usd_bn),)), tariffs=False)
    assert got.fiscal[JPN] < 0
    assert (np.delete(got.fiscal, JPN) == 0).all()
    lost = got.outcome.relative_to(free(False).outcome).equivalent_variation
    assert got.fiscal[JPN] < lost[JPN] < 0
    assert lost[USA] > 0


def test_the_fiscal_cost_is_the_subsidy_times_the_flow() -> None:
    got = under(Effect(purchases=(buy(0.5),)))
    subsidy = stage().world.tariffs[CELL] - got.outcome.tariffs[CELL]
    assert subsidy > 0
    assert got.fiscal[JPN] == pytest.approx(-subsidy * got.outcome.flows[CELL])
    # Nothing else is subsidised, and the model's own revenue says the same.
    others = np.ones(got.duties.shape, dtype=bool)
    others[CELL] = False
    np.testing.assert_allclose(got.outcome.tariffs[others], got.duties[others], atol=1e-12)
    duties = (got.outcome.flows * got.duties).sum((0, 2))
    np.testing.assert_allclose(got.outcome.tariff_revenue - duties, got.fiscal, atol=1e-9)


def test_what_is_not_delivered_does_nothing() -> None:
    got = under(Effect(purchases=(buy(0.0),)))
    assert (got.outcome.flows == free().outcome.flows).all()
    assert (got.fiscal == 0).all()


def test_a_purchase_comes_on_top_of_the_flow_in_the_same_package() -> None:
    """Over the flow with the new duties, not over the flow before them."""
    here = stage()
    duties = here.world.tariffs.copy()
    duties[CELL] = 0.0
    without = settle(here, duties, Effect())
    got = settle(here, duties, Effect(purchases=(buy(0.5),)), free())
    assert without.outcome.flows[CELL] > free().outcome.flows[CELL] * 1.01
    assert got.outcome.flows[CELL] == pytest.approx(without.outcome.flows[CELL] + 0.5, rel=1e-6)


def test_where_it_starts_does_not_matter() -> None:
    effect = Effect(purchases=(buy(0.5),), deficits=(DeficitShift("JPN", "USA", 1.0),))
    cold = under(effect)
    same(settle(stage(), stage().world.tariffs, effect, free()), cold)
    same(settle(stage(), stage().world.tariffs, effect, under(Effect(purchases=(buy(1.0),)))), cold)


@pytest.mark.parametrize(
    "near",
    [
        Effect(purchases=(buy(0.9),)),
        Effect(purchases=(buy(3.0),)),
        Effect(purchases=(buy(1.0),), costs=(CostCut("JPN", "USA", "C29", 0.95),)),
    ],
    ids=["less", "more", "other costs"],
)
def test_begun_near_another_package_it_is_the_same_and_found_sooner(near: Effect) -> None:
    here, asked = stage(), Effect(purchases=(buy(1.0),), diversions=(Diversion("USA", "JPN", "C29", 0.01),))
    near = replace(near, diversions=asked.diversions)

    def run(begin: Near | None) -> tuple[Settled, int]:
        running = settling(here, here.world.tariffs, asked, free(), 1e-4, near=begin)
        outcome, questions = None, 0
        while True:
            try:
                question = next(running) if outcome is None else running.send(outcome)
            except StopIteration as end:
                return end.value, questions
            questions += 1
            outcome = here.economy.counterfactual(*question[:4])

    (alone, many), (begun, few) = run(None), run(under(near).near)
    assert few <= many
    same(begun, alone, 1e-4)


@given(usd_bn=st.floats(0.001, 2.0), more=st.floats(0.01, 1.0))
@settings(max_examples=15, deadline=None)
def test_more_costs_more(usd_bn: float, more: float) -> None:
    one, two = (under(Effect(purchases=(buy(amount),))).fiscal[JPN] for amount in (usd_bn, usd_bn + more))
    assert two < one < 0


def test_a_trade_that_is_not_there_cannot_begin() -> None:
    here = small_stage(small_world(absent=True))
    with pytest.raises(BadInput, match="USA sells no A01 to CHN"):
        settle(here, here.world.tariffs, Effect(purchases=(buy(0.1, sector="A01", buyer="CHN"),)))
    with pytest.raises(BadInput, match="USA sells no A01 to CHN"):
        settle(here, here.world.tariffs, Effect(diversions=(Diversion("USA", "CHN", "A01", 0.1),)))


def test_beyond_all_means_there_is_no_number() -> None:
    with pytest.raises(BadInput, match="abroad in all"):
        under(Effect(purchases=(buy(1e4),)))


# Quotas.


def quota(usd_bn: float, exporter: str = "USA", sector: str = "A01") -> Diversion:
    return Diversion(exporter, "JPN", sector, usd_bn)


def foreign(settled: Settled, sector: int = A01) -> Floats:
    """Japan's imports by exporter, its own sales left out."""
    flows = settled.outcome.flows[:, JPN, sector].copy()
    flows[JPN] = 0.0
    return np.asarray(flows)


@pytest.mark.parametrize("usd_bn", [0.001, 0.1, 0.5])
def test_a_quota_moves_value_and_leaves_the_total(usd_bn: float) -> None:
    before, after = foreign(free()), foreign(under(Effect(diversions=(quota(usd_bn),))))
    assert after[USA] - before[USA] == pytest.approx(usd_bn, rel=1e-5)
    assert after.sum() == pytest.approx(before.sum(), rel=1e-7)
    assert (after[[CHN, DEU]] < before[[CHN, DEU]]).all()


def test_a_quota_costs_the_budget_next_to_nothing() -> None:
    """The subsidy of one and the charge on the others nearly cancel where no other duty stands between."""
    got = under(Effect(diversions=(quota(0.01),)), tariffs=False)
    assert (got.fiscal == 0).all()
    wedges = (got.outcome.flows * (got.outcome.tariffs - got.duties)).sum(2)[:, JPN]
    assert wedges[USA] < 0 < wedges[CHN]
    assert abs(wedges.sum()) < 0.1 * abs(wedges[USA])


def test_two_quotas_in_one_sector() -> None:
    before = foreign(free())
    after = foreign(under(Effect(diversions=(quota(0.1), quota(0.05, exporter="CHN")))))
    assert after - before == pytest.approx([0.1, 0, 0.05, -0.15], rel=1e-5, abs=1e-7)


def test_two_shares_of_one_quota_add_up() -> None:
    same(under(Effect(diversions=(quota(0.1), quota(0.05)))), under(Effect(diversions=(quota(0.15),))))


def test_a_purchase_and_a_quota_on_the_same_flow() -> None:
    effect = Effect(purchases=(buy(0.3, sector="A01"),), diversions=(quota(0.1),))
    before, after = foreign(free()), foreign(under(effect))
    assert after[USA] - before[USA] == pytest.approx(0.4, rel=1e-6)
    assert after[[CHN, DEU]].sum() - before[[CHN, DEU]].sum() == pytest.approx(-0.1, rel=1e-5)
    got = under(effect)
    # Of the subsidy the budget pays the purchase's share; the quota's is its licences'.
    paid = got.outcome.flows[USA, JPN, A01] * (got.outcome.tariffs - got.duties)[USA, JPN, A01]
    assert got.fiscal[JPN] == pytest.approx(0.75 * paid)


def test_a_purchase_and_a_quota_in_different_sectors_meet_both_targets() -> None:
    got = under(Effect(purchases=(buy(0.3),), diversions=(quota(0.1),)))
    assert got.outcome.flows[CELL] - free().outcome.flows[CELL] == pytest.approx(0.3, rel=1e-5)
    assert foreign(got)[USA] - foreign(free())[USA] == pytest.approx(0.1, rel=1e-5)


def test_a_purchase_from_a_supplier_that_a_quota_takes_from() -> None:
    got = under(Effect(purchases=(buy(0.3, seller="CHN", sector="A01"),), diversions=(quota(0.1),)))
    change = foreign(got) - foreign(free())
    assert change[USA] == pytest.approx(0.1, rel=1e-5)
    assert change.sum() == pytest.approx(0.3, rel=1e-5)


def test_a_target_may_be_missed_by_so_many_dollars_and_no_more() -> None:
    effect = Effect(purchases=(buy(1.0),), diversions=(quota(0.3),))
    asked: list[int] = []
    for usd_bn in (0.0, 0.02):
        run = settling(stage(), stage().world.tariffs, effect, free(), slack_usd_bn=usd_bn)
        outcome, solves = None, 0
        while True:
            try:
                question = next(run) if outcome is None else run.send(outcome)
            except StopIteration as end:
                got: Settled = end.value
                break
            outcome, solves = stage().economy.counterfactual(*question[:4]), solves + 1
        asked.append(solves)
        assert abs(got.outcome.flows[CELL] - free().outcome.flows[CELL] - 1.0) <= usd_bn + 1e-6
    assert asked[1] < asked[0]


def test_a_quota_beyond_what_others_sell_is_refused() -> None:
    others = foreign(free())[[CHN, DEU]].sum()
    with pytest.raises(BadInput, match=f"worth {others:.3g} billion"):
        under(Effect(diversions=(quota(others * 1.001),)))


# Trade costs.


def test_a_cost_cut_is_the_model_s_own() -> None:
    costs = np.ones_like(stage().world.flows)
    costs[CELL] = 0.9
    got = under(Effect(costs=(CostCut("USA", "JPN", "B06", 0.9),)))
    expected = stage().economy.counterfactual(trade_costs=costs)
    np.testing.assert_allclose(got.outcome.flows, expected.flows, rtol=1e-8)
    assert got.outcome.welfare[JPN] > 0
    assert not got.plain


def test_cuts_of_one_flow_multiply_and_a_star_is_every_buyer() -> None:
    cut = CostCut("USA", "JPN", "B06", 0.9)
    same(under(Effect(costs=(cut, cut))), under(Effect(costs=(CostCut("USA", "JPN", "B06", 0.81),))))
    every = tuple(CostCut("USA", region, "B06", 0.9) for region in REGIONS)
    same(under(Effect(costs=every)), under(Effect(costs=(CostCut("USA", "*", "B06", 0.9),))))


# Deficits.


def test_a_shift_of_one_deficit_is_a_counter_entry_in_another() -> None:
    got = under(Effect(deficits=(DeficitShift("JPN", "USA", 2.0),)))
    moved = got.outcome.deficits - free().outcome.deficits
    gdp = stage().world.gdp
    assert moved == pytest.approx([-0.02 * gdp[JPN], 0.02 * gdp[JPN], 0, 0], abs=1e-9)


def test_without_a_counterpart_all_others_share_by_gdp() -> None:
    got = under(Effect(deficits=(DeficitShift("JPN", None, 1.0),)))
    moved, gdp = got.outcome.deficits - free().outcome.deficits, stage().world.gdp
    others = [USA, CHN, DEU]
    assert moved[JPN] == pytest.approx(0.01 * gdp[JPN])
    assert moved[others] == pytest.approx(-0.01 * gdp[JPN] * gdp[others] / gdp[others].sum())


@given(
    st.lists(st.tuples(st.sampled_from(REGIONS[:3]), st.sampled_from([None, "DEU"]), st.floats(-0.5, 0.5)), max_size=4)
)
@settings(max_examples=15, deadline=None)
def test_the_world_s_deficits_sum_to_zero(shifts: list[tuple[str, str | None, float]]) -> None:
    got = under(Effect(deficits=tuple(DeficitShift(*shift) for shift in shifts)))
    assert got.outcome.deficits.sum() == pytest.approx(0, abs=1e-8)


def test_a_larger_deficit_is_debt_not_income() -> None:
    outcome = under(Effect(deficits=(DeficitShift("JPN", "USA", 2.0),))).outcome.relative_to(free().outcome)
    assert outcome.welfare[JPN] > 1.0
    assert abs(outcome.welfare_net[JPN]) < outcome.welfare[JPN] / 3
    assert outcome.welfare[USA] < outcome.welfare_net[USA]
    assert outcome.wages[JPN] > outcome.wages[USA]


# Names.


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Effect(purchases=(buy(1, seller="FRA"),)), "no region 'FRA'"),
        (Effect(purchases=(buy(1, sector="C30"),)), "no sector 'C30'"),
        (Effect(costs=(CostCut("USA", "ITA", "B06", 0.9),)), "no region 'ITA'"),
        (Effect(deficits=(DeficitShift("ITA", None, 1.0),)), "no region 'ITA'"),
    ],
)
def test_unknown_names_are_refused(effect: Effect, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        under(effect)


def test_in_each_draw_it_settles_as_alone() -> None:
    here = stage()
    rng = np.random.default_rng(3)
    thetas = here.economy.trade_elasticity * rng.uniform(0.8, 1.25, (5, 3))
    sample = here.economy.sample(thetas, [None] * 5)
    cut = Effect(costs=(CostCut("USA", "JPN", "B06", 0.9),), deficits=(DeficitShift("JPN", None, 0.1),))
    base = settle_in_each(here, here.world.tariffs, Effect(), sample, None)
    points = np.array([one.outcome.point for one in base]) + 1e-3
    for starts, near in ((None, None), (base, None), (base, points)):
        for theta, found in zip(
            thetas, settle_in_each(here, here.world.tariffs, cut, sample, starts, near), strict=True
        ):
            drawn = replace(here, economy=here.economy.with_elasticity(theta))
            alone = settle(drawn, here.world.tariffs, cut)
            np.testing.assert_allclose(found.outcome.flows, alone.outcome.flows, rtol=1e-8)
            assert found.plain is alone.plain is False
            assert not found.fiscal.any()


def test_where_nothing_is_new_each_draw_stays_where_it_was() -> None:
    here = stage()
    sample = here.economy.sample(np.tile(here.economy.trade_elasticity, (3, 1)), [None] * 3)
    base = settle_in_each(here, here.world.tariffs, Effect(), sample, None)
    again = settle_in_each(here, here.world.tariffs.copy(), Effect(), sample, base)
    assert all(one.outcome is other.outcome for one, other in zip(again, base, strict=True))
