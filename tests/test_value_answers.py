"""The answers of a valuation: the laws that any number of ours must obey, on the shipped case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.value import answering, remarks
from tradetalks.value.answer import Block, ValueAnswer
from tradetalks.value.baseline import SCHEDULED, STATUS_QUO, Baseline
from tradetalks.value.case import NoDeal
from tradetalks.value.effect import Effect
from tradetalks.value.measures import MEASURES, measured
from tradetalks.value.package import NOTHING, Package, Term, inline, terms
from tradetalks.value.settle import settle
from tradetalks.value.valuation import Valuation
from value_world import Floats, package, shipped, valuation

JPN, USA = 0, 1
SNAP_BACK = "no deal: snap-back"


def figure(name: str) -> int:
    return MEASURES.index(name)


WELFARE, NET, REVENUE = figure("welfare_pct"), figure("welfare_net_pct"), figure("revenue_usd_bn")


def point(*texts: str, baseline: str = STATUS_QUO) -> Floats:
    return valuation().point(package(*texts), baseline)


def quick(package: Package) -> ValueAnswer:
    """The answer without the sensitivity to closures and elasticities, which takes several more full solves."""
    valued = valuation()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answering, "sensitivity", lambda valuation, package: ())
        return answering.answer(valued, package)


@cache
def answer() -> ValueAnswer:
    """A cut, a purchase and a term that nobody can price."""
    found = shipped()
    three = Package("three", "three", tuple(found.term(t) for t in ("cars-15", "lng", "investment")))
    return answering.answer(valuation(), three)


# Laws.


@pytest.mark.parametrize("baseline", [STATUS_QUO, SNAP_BACK])
def test_free_trade_for_japan_helps_japan_and_costs_us_revenue(baseline: str) -> None:
    value = point("tariff:USA<JPN:all=0", baseline=baseline)
    assert value[JPN, WELFARE] > 0.1
    assert value[USA, REVENUE] < -5
    assert value[JPN, figure("exports_usd_bn")] > 0
    assert value[JPN, figure("bilateral_balance_usd_bn")] == pytest.approx(
        -value[USA, figure("bilateral_balance_usd_bn")]
    )


@pytest.mark.parametrize("baseline", [STATUS_QUO, SCHEDULED, SNAP_BACK])
def test_no_terms_are_worth_exactly_nothing(baseline: str) -> None:
    assert (valuation().point(package(), baseline) == 0).all()
    assert (valuation().point(NOTHING, baseline) == 0).all()


def test_no_terms_answer_zero_in_both_blocks() -> None:
    got = quick(package())
    for block in (got.against_status_quo, got.against_no_deal):
        for party in block.parties.values():
            for name in MEASURES:
                interval = getattr(party, name)
                assert (interval.value, interval.p10, interval.p90) == (0, 0, 0), name
            assert party.sectors_gain == party.sectors_lose == ()
    assert got.terms == ()
    assert got.revenue_notes == ()
    assert got.drivers == {"JPN": (), "USA": ()}
    assert all(value.value == 0 for row in got.interaction.values() for value in row.values())


def test_the_order_of_terms_does_not_matter() -> None:
    texts = ["tariff:USA<JPN:8703=15", "tariff:USA<JPN:84-=5", "purchases:JPN<USA:B06=3", "quota:JPN<USA:A01=0.05"]
    # A valuation remembers what it solved, so the second order is solved by another.
    fresh = Valuation(shipped(), draws=0)
    fresh.__dict__.update({name: getattr(valuation(), name) for name in ("world", "baselines", "stage", "uncertain")})
    np.testing.assert_allclose(fresh.point(package(*texts[::-1]), STATUS_QUO), point(*texts), rtol=0, atol=1e-10)


def test_the_return_of_the_24_percent_costs_japan_what_averting_it_is_worth() -> None:
    averted = point("tariff:USA<JPN:ieepa-reciprocal=10", baseline=SNAP_BACK)
    assert averted[JPN, WELFARE] > 0.02
    assert point("tariff:USA<JPN:ieepa-reciprocal=10") == pytest.approx(0, abs=1e-9)
    held = answering.others_held(valuation()).parties["JPN"].welfare_pct.value
    assert held is not None
    assert held < 0


def test_the_value_of_a_term_needs_every_origin_taxed() -> None:
    """On a base where only Japan is taxed, taking the car tariff away seems to help the United States."""
    valued = valuation()
    stage, now = valued.stage, valued.baselines[STATUS_QUO].duties.tariffs
    at = stage.region("JPN"), stage.region("USA"), stage.world.sectors.index("C29")
    alone = valued.world.tariffs.copy()
    alone[at[:2]] = now[at[:2]]
    value = {}
    for name, tariffs in (("all", now), ("Japan", alone)):
        cut = tariffs.copy()
        cut[at] = 0.025
        before = settle(stage, tariffs, Effect())
        value[name] = measured(stage, settle(stage, cut, Effect(), before), before, ("JPN", "USA"))
    assert value["all"][USA, WELFARE] < 0 < value["Japan"][USA, WELFARE]
    assert value["all"][JPN, WELFARE] > 1.3 * value["Japan"][JPN, WELFARE] > 0


def test_third_countries_count() -> None:
    cheaper_rivals = point("tariff:USA<KOR:C29=0")
    assert cheaper_rivals[JPN, WELFARE] < 0
    assert cheaper_rivals[USA, REVENUE] < 0


def test_a_purchase_against_its_buyer() -> None:
    value = point("purchases:JPN<USA:B06=3")
    cost, lost = value[JPN, figure("fiscal_usd_bn")], value[JPN, figure("welfare_usd_bn")]
    assert cost < lost < 0
    assert value[USA, figure("welfare_usd_bn")] > 0
    assert value[JPN, figure("bilateral_balance_usd_bn")] < 0
    twice = point("purchases:JPN<USA:B06=6/2")
    np.testing.assert_allclose(twice, value, atol=1e-9)


def test_a_currency_term_is_borrowed_spending() -> None:
    value = point("currency:JPN<USA:gdp=1")
    assert value[JPN, WELFARE] > 0.8
    assert 0 < value[JPN, NET] < 0.3 * value[JPN, WELFARE]
    assert value[USA, WELFARE] < 0


def test_car_rules_help_the_united_states_and_lose_no_revenue() -> None:
    value = point("standards:JPN<USA:C29")
    assert value[USA, WELFARE] > 0
    assert abs(value[JPN, REVENUE]) < 0.01
    assert (value[:, figure("fiscal_usd_bn")] == 0).all()


def test_a_quota_pays_its_new_supplier() -> None:
    value = point("quota:JPN<USA:A01=0.05")
    assert value[USA, WELFARE] > 0
    assert (value[:, figure("fiscal_usd_bn")] == 0).all()


def test_the_licences_of_the_shipped_quota_cost_the_budget_nothing() -> None:
    """The subsidy to one and the charge on the others: their sum is within two percent of either."""
    new = valuation().settled(package("quota:JPN<USA:A01=0.05"), STATUS_QUO)
    wedges = (new.outcome.flows * (new.outcome.tariffs - new.duties)).sum(2)[:, valuation().stage.region("JPN")]
    assert abs(wedges.sum()) < 0.02 * wedges[wedges > 0].sum()


# Revenue.


def test_a_cut_can_raise_revenue_and_the_answer_says_so() -> None:
    """At 145% most US duties on China are beyond their peak."""
    value = point("tariff:USA<CHN:C27-=20")
    assert value[USA, REVENUE] > 0.5
    got = quick(package("tariff:USA<CHN:C27-=20"))
    assert got.revenue_notes
    assert f"{value[USA, REVENUE]:.2f} billion" in got.revenue_notes[0]
    assert "status quo" in got.revenue_notes[0]


def test_a_cut_that_loses_revenue_has_no_note() -> None:
    assert point("tariff:USA<JPN:8703=15")[USA, REVENUE] < 0
    assert answer().revenue_notes == ()


def test_a_rise_that_raises_revenue_is_not_called_a_cut() -> None:
    got = quick(package("tariff:USA<JPN:all+=5"))
    assert not any("lower" in note for note in got.revenue_notes)


# Blocks.


def parts(block: Block) -> dict[str, Floats]:
    """Measure -> [party, (value, p10, p90)]."""
    return {
        name: np.array(
            [
                [getattr(getattr(party, name), field) for field in ("value", "p10", "p90")]
                for party in block.parties.values()
            ],
            dtype=float,
        )
        for name in MEASURES
    }


def test_the_blocks_are_the_points() -> None:
    whole = package("tariff:USA<JPN:8703=15", "purchases:JPN<USA:B06=3")
    got = quick(whole)
    for block, baseline in ((got.against_status_quo, STATUS_QUO), (got.against_no_deal, SNAP_BACK)):
        value = valuation().point(whole, baseline)
        for m, name in enumerate(MEASURES):
            np.testing.assert_allclose(parts(block)[name][:, 0], value[:, m], atol=1e-11)
        assert list(block.parties) == ["JPN", "USA"]


def test_intervals_are_intervals() -> None:
    for block in (answer().against_status_quo, answer().against_no_deal, answer().no_deal, answer().scheduled):
        for name, array in parts(block).items():
            known = np.isfinite(array).all(1)
            assert (array[known, 1] <= array[known, 2]).all(), name
    welfare = parts(answer().no_deal)["welfare_pct"]
    assert (welfare[:, 1] < welfare[:, 2]).all()


def test_no_deal_and_the_scheduled_law_hurt_japan() -> None:
    for block in (answer().no_deal, answer().scheduled, answer().no_deal_others_held):
        assert parts(block)["welfare_pct"][JPN, 0] < 0
    assert str(shipped().deadline) in answer().no_deal.baseline
    assert answer().no_deal_others_held.parties["JPN"].welfare_pct.p10 is None


def test_the_interaction_is_the_package_less_its_terms() -> None:
    for which in ("against_status_quo", "against_no_deal"):
        whole: Block = getattr(answer(), which)
        for party in ("JPN", "USA"):
            alone = sum(getattr(term, which).parties[party].welfare_usd_bn.value or 0 for term in answer().terms)
            got = answer().interaction[which][party]
            assert got.value == pytest.approx((whole.parties[party].welfare_usd_bn.value or 0) - alone, abs=1e-10)
            assert got.p10 is not None
            assert got.p90 is not None
            assert got.p10 <= got.p90


def test_the_interaction_of_one_term_is_nothing() -> None:
    got = quick(package("tariff:USA<JPN:8703=15"))
    for row in got.interaction.values():
        for interval in row.values():
            assert [interval.value, interval.p10, interval.p90] == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_term_that_nobody_can_price_has_no_number() -> None:
    cars, gas, pledge = answer().terms
    assert (cars.status, gas.status, pledge.status) == ("priced", "priced", "unpriced")
    for block in (pledge.against_status_quo, pledge.against_no_deal):
        for party in block.parties.values():
            assert all(getattr(party, name).value is None for name in MEASURES)
            assert party.sectors_gain == ()
    assert any(used.value is None and used.reason for used in pledge.reduced_form)
    assert answer().against_status_quo.parties["JPN"].outside_usd_bn.value is None
    assert answer().against_status_quo.parties["JPN"].welfare_pct.value is not None
    assert [used.id for used in gas.reduced_form] == ["purchases.delivery"]
    assert cars.reduced_form == ()


def test_the_five_sectors() -> None:
    value = answer().terms[0].against_status_quo.parties["JPN"]
    assert value.sectors_gain[0].sector == "C29"
    assert len(value.sectors_gain) <= 5
    assert all(change.change_usd_bn > 0 for change in value.sectors_gain)
    assert all(change.change_usd_bn < 0 for change in value.sectors_lose)


def test_drivers_are_named() -> None:
    for rows in answer().drivers.values():
        assert sum(row.share for row in rows) <= 1 + 1e-12
        assert all(row.assumption and not row.assumption.startswith("securities") for row in rows)


def test_the_aggregation_error_is_small() -> None:
    error = answer().aggregation
    assert error is not None
    assert error.draws == 8
    for party in ("JPN", "USA"):
        assert error.welfare_net_pct_rms[party] <= error.welfare_net_pct_max[party] < 0.005


def test_other_closures_and_elasticities_tell_the_same_story() -> None:
    rows = answer().sensitivity
    assert len(rows) >= 3
    point_value = answer().against_status_quo.parties["JPN"].welfare_pct.value
    assert point_value is not None
    for row in rows:
        assert row.against_status_quo_welfare_net_pct["JPN"] > 0
        assert row.against_status_quo_welfare_net_pct["JPN"] != point_value


def test_rates_are_shown_where_they_are_known() -> None:
    rows = {(row.importer, row.sector): row for row in answer().rates}
    cars = rows["USA", "C29"]
    assert cars.base_pct == pytest.approx(2.5, abs=0.2)
    assert cars.status_quo_pct is not None
    assert cars.no_deal_pct is not None
    assert cars.package_pct is not None
    assert cars.base_pct is not None
    assert cars.base_pct < cars.package_pct < cars.status_quo_pct < cars.no_deal_pct
    assert rows["JPN", "A01"].status_quo_pct == rows["JPN", "A01"].base_pct
    assert ("USA", "SERV") not in rows


def test_meta_says_where_it_comes_from() -> None:
    meta = answer().meta
    assert (meta.case, meta.seed) == ("us-japan-2025", shipped().seed)
    assert meta.as_of == meta.known_through == shipped().as_of
    assert meta.usd_year == 2025
    assert any("dollars of 2025" in warning for warning in meta.warnings)


def test_reconciliation() -> None:
    rows = {row.sector: row for row in answer().reconciliation}
    assert rows["C29"].ratio == pytest.approx((rows["C29"].customs_usd_bn or 0) / rows["C29"].table_usd_bn)
    assert 0.5 < (rows["C29"].ratio or 0) < 2
    assert sum(row.customs_usd_bn or 0 for row in rows.values()) == pytest.approx(148, rel=0.03)


def test_the_answer_is_json() -> None:
    text = answer().model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    assert ValueAnswer.model_validate(json.loads(text)) == answer()


def test_the_same_case_and_seed_give_the_same_answer() -> None:
    again = Valuation(shipped(), draws=8)
    again.__dict__.update({name: getattr(valuation(), name) for name in ("world", "baselines", "stage")})
    term = shipped().term("lng")
    assert again.term(term) == valuation().term(term)
    other = Valuation(replace(shipped(), seed=1), draws=8)
    other.__dict__.update({name: getattr(valuation(), name) for name in ("world", "baselines", "stage")})
    one, two = (v.term(term).against_status_quo.parties["JPN"].welfare_pct for v in (valuation(), other))
    assert one.value == two.value
    assert (one.p10, one.p90) != (two.p10, two.p90)


def test_without_draws_there_are_no_intervals() -> None:
    none = Valuation(shipped(), draws=0)
    none.__dict__.update({name: getattr(valuation(), name) for name in ("world", "baselines", "stage")})
    got = answering.answer(none, package("tariff:USA<JPN:8703=15"))
    value = got.against_status_quo.parties["JPN"].welfare_pct
    assert value.value == pytest.approx(point("tariff:USA<JPN:8703=15")[JPN, WELFARE])
    assert (value.p10, value.p90) == (None, None)
    assert got.aggregation is None
    assert got.drivers == {"JPN": (), "USA": ()}
    assert got.draws == 0


# Outcomes of no deal.


def with_no_deal(*outcomes: tuple[str, float, Sequence[Any]]) -> Valuation:
    """The shipped case with these outcomes (name, probability, terms), without draws."""
    told = tuple(
        NoDeal(name, probability, Package(name, name, terms(list(entries), "no_deal")))
        for name, probability, entries in outcomes
    )
    found = Valuation(replace(shipped(), no_deal=told), draws=0)
    found.__dict__.update({name: getattr(valuation(), name) for name in ("world", "stage")})
    # The law of each date was read already.
    dates = {b.duties.on: b.duties for b in valuation().baselines.values()}
    found.__dict__["_duties"] = lambda name, on, sentence: Baseline(name, sentence, 0.0, dates[on])
    return found


CARS = "tariff:USA<JPN:8703=15"


def expected(valued: Valuation) -> dict[str, dict[str, Floats]]:
    """No deal, no deal with others held, and a car deal against no deal: measure -> value by party."""
    blocks = {
        "no deal": answering.between(valued, valued.no_deal, "x"),
        "others held": answering.others_held(valued),
        "a deal": valued.block(package(CARS), valued.no_deal, "x")[0],
    }
    return {which: {name: array[:, 0] for name, array in parts(block).items()} for which, block in blocks.items()}


def test_an_extension_is_the_scheduled_law() -> None:
    got = expected(with_no_deal(("extension", 1.0, ())))
    scheduled = parts(answering.between(valuation(), [valuation().baselines[SCHEDULED]], "x"))
    np.testing.assert_allclose(got["no deal"]["welfare_pct"], scheduled["welfare_pct"][:, 0], atol=1e-9)
    np.testing.assert_allclose(got["a deal"]["welfare_pct"], point(CARS, baseline=SCHEDULED)[:, WELFARE], atol=1e-8)


def test_no_deal_is_the_weighted_mean_of_its_outcomes() -> None:
    outcomes: tuple[tuple[str, Sequence[Any]], ...]
    outcomes = (("snap-back", ()), ("extension", ()), ("escalation", ["tariff:USA<JPN:C28+=10"]))
    single = [expected(with_no_deal((name, 1.0, entries))) for name, entries in outcomes]
    weights = (0.6, 0.3, 0.1)
    valued = with_no_deal(*((name, weight, told) for weight, (name, told) in zip(weights, outcomes, strict=True)))
    mixed = expected(valued)
    for which, measures in mixed.items():
        for name in ("welfare_pct", "revenue_usd_bn", "exports_usd_bn"):
            mean = sum(w * one[which][name] for w, one in zip(weights, single, strict=True))
            np.testing.assert_allclose(measures[name], mean, atol=1e-8)
    assert "60% snap-back, 30% extension, 10% escalation" in valued.no_deal_sentence
    snap_back, extended, escalated = (one["no deal"]["welfare_pct"][JPN] for one in single)
    assert snap_back < extended < 0
    assert escalated < extended


def test_a_deal_replaces_the_duty_that_no_deal_would_have_brought() -> None:
    escalation = ("escalation", 1.0, ["tariff:USA<JPN:C29=50"])
    assert with_no_deal(escalation).point(package("tariff:USA<JPN:C29=15"), "no deal: escalation")[JPN, WELFARE] > 0


def test_a_total_is_all_in_also_where_no_deal_adds_points() -> None:
    valued = with_no_deal(("escalation", 1.0, ["tariff:USA<JPN:C29+=50"]))
    at = valued.stage.region("JPN"), valued.stage.region("USA"), valued.world.sectors.index("C29")
    settled = valued.settled(package("tariff:USA<JPN:C29=15"), "no deal: escalation")
    assert settled.duties[at] == pytest.approx(0.15, abs=0.01)


def test_the_rates_of_no_deal_include_what_it_brings() -> None:
    valued = with_no_deal(("escalation", 1.0, ["tariff:USA<JPN:C29+=50"]))
    (cars,) = (row for row in remarks.rates(valued, package()) if (row.importer, row.sector) == ("USA", "C29"))
    assert cars.no_deal_pct is not None
    assert cars.no_deal_pct > 70


def test_the_money_of_no_deal_counts() -> None:
    valued = with_no_deal(("escalation", 1.0, ["securities:USA<JPN:sell=100"]))
    block = answering.between(valued, valued.no_deal, "x")
    assert (block.parties["JPN"].once_usd_bn.value or 0) < 0


# What terms may name.


def test_a_term_may_name_a_country_outside_the_largest_partners() -> None:
    assert valuation().term(inline("quota:JPN<THA:A01=0.05")).status == "priced"


def test_the_limit_of_currency_terms_holds_for_the_counterpart() -> None:
    with pytest.raises(BadInput, match="beyond"):
        point("currency:USA<JPN:gdp=3")


def test_the_limit_of_currency_terms_holds_for_their_sum() -> None:
    both = Package(
        "x", "x", tuple(Term(t, t, inline(t).body) for t in ("currency:JPN<USA:gdp=2", "currency:JPN<USA:gdp=1.5"))
    )
    with pytest.raises(BadInput, match="beyond"):
        valuation().point(both, STATUS_QUO)


def test_a_party_that_the_world_does_not_have_is_refused() -> None:
    lost = Valuation(replace(shipped(), parties=("CUB", "USA"), seat="USA"), draws=0)
    with pytest.raises(BadInput, match="CUB"):
        answering.answer(lost, package())


def test_the_other_closure_is_left_out_where_a_term_sets_deficits() -> None:
    own = "deficits fixed as a share of each region's own value added"
    valued = valuation()
    assert own in [row.changed for row in answering.sensitivity(valued, package("tariff:USA<JPN:C29=15"))]
    assert own not in [
        row.changed for row in answering.sensitivity(valued, package("tariff:USA<JPN:C29=15", "currency:JPN<USA:gdp=1"))
    ]
