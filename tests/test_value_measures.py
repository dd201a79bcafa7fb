"""What an equilibrium means in the units people ask in: percent, dollars, revenue, balances, sectors."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradetalks.value.baseline import STATUS_QUO
from tradetalks.value.effect import DeficitShift, Effect, Money, Purchase
from tradetalks.value.measures import MEASURES, measured, revenue, sector_changes
from tradetalks.value.package import NOTHING
from tradetalks.value.settle import Settled, settle
from tradetalks.value.stage import Stage, draw_stage
from tradetalks.world.load import load_world
from value_world import REGIONS, SECTORS, Floats, package, small_stage, small_world, valuation

USA, JPN, CHN, DEU = range(4)
PARTIES = ("JPN", "USA")
SCALES = (1150.0, 980.0, 1050.0, 1010.0)


@cache
def stage(scales: bool = False) -> Stage:
    return small_stage(small_world(), SCALES if scales else 1000.0)


def settled(stage: Stage, duty: float | None = None, effect: Effect | None = None) -> Settled:
    """The equilibrium with the US duty on Japan's goods at ``duty``."""
    tariffs = stage.world.tariffs.copy()
    if duty is not None:
        tariffs[JPN, USA] = duty
    return settle(stage, tariffs, effect or Effect())


def figures(new: Settled, old: Settled, here: Stage, money: tuple[Money, ...] = ()) -> dict[str, Floats]:
    """Measure -> [JPN, USA]."""
    return dict(zip(MEASURES, measured(here, new, old, PARTIES, money).T, strict=True))


def test_nothing_against_itself_is_nothing() -> None:
    base = settled(stage())
    assert (measured(stage(), base, base, PARTIES) == 0).all()


def test_a_duty_hurts_the_exporter() -> None:
    got = figures(settled(stage(), 0.5), settled(stage()), stage())
    assert got["welfare_pct"][0] < 0
    assert got["real_wage_pct"][0] < 0
    assert got["bilateral_balance_usd_bn"][1] > 0
    assert got["exports_usd_bn"][0] < 0


@pytest.mark.parametrize("scales", [False, True])
def test_dollars_are_income_times_percent_in_each_party_s_growth(scales: bool) -> None:
    here = stage(scales)
    old, new = settled(here, 0.2), settled(here, 0.0)
    got = figures(new, old, here)
    income = old.outcome.income[[JPN, USA]] * here.scale[[JPN, USA]] / 1000.0
    assert got["welfare_usd_bn"] == pytest.approx(income * got["welfare_pct"] / 100)
    assert got["welfare_net_usd_bn"] == pytest.approx(income * got["welfare_net_pct"] / 100)
    exact = new.outcome.relative_to(old.outcome).equivalent_variation[[JPN, USA]]
    assert got["welfare_usd_bn"] == pytest.approx(exact * here.scale[[JPN, USA]] / 1000)


def test_welfare_net_takes_off_the_change_of_the_deficit() -> None:
    old = settled(stage())
    new = settled(stage(), effect=Effect(deficits=(DeficitShift("JPN", "USA", 2.0),)))
    got = figures(new, old, stage())
    moved = (new.outcome.deficits - old.outcome.deficits)[[JPN, USA]]
    price = 1 + np.array([new.outcome.relative_to(old.outcome).price_index[n] for n in (JPN, USA)]) / 100
    assert got["welfare_usd_bn"] - got["welfare_net_usd_bn"] == pytest.approx(moved / price)
    assert got["imports_usd_bn"] - got["exports_usd_bn"] == pytest.approx(moved)
    still = figures(settled(stage(), 0.5), old, stage())
    assert still["welfare_net_pct"] == pytest.approx(still["welfare_pct"])


def test_with_deficits_fixed_no_total_balance_moves() -> None:
    got = figures(settled(stage(), 0.5), settled(stage(), 0.0), stage())
    assert got["exports_usd_bn"] == pytest.approx(got["imports_usd_bn"], abs=1e-7)
    assert abs(got["exports_usd_bn"]).min() > 0.1


def test_with_deficits_fixed_no_total_balance_moves_in_dollars_of_the_year() -> None:
    got = figures(settled(stage(True), 0.5), settled(stage(True), 0.0), stage(True))
    assert got["exports_usd_bn"] == pytest.approx(got["imports_usd_bn"], abs=1e-3)


@pytest.mark.parametrize("scales", [False, True])
def test_the_parties_balances_are_each_other_s_mirror(scales: bool) -> None:
    here = stage(scales)
    got = figures(settled(here, 0.5), settled(here), here)["bilateral_balance_usd_bn"]
    assert got[0] == pytest.approx(-got[1])


def test_price_and_real_wage_are_two_sides_of_one_number() -> None:
    got = figures(settled(stage(), 0.5), settled(stage()), stage())
    assert (1 + got["price_pct"] / 100) * (1 + got["real_wage_pct"] / 100) == pytest.approx(1.0)


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=10, deadline=None)
def test_there_and_back_is_nowhere(first: float, second: float) -> None:
    a, b = settled(stage(), first), settled(stage(), second)
    there, back = figures(a, b, stage()), figures(b, a, stage())
    assert (1 + there["welfare_pct"] / 100) * (1 + back["welfare_pct"] / 100) == pytest.approx(1.0, abs=1e-9)
    for name in ("exports_usd_bn", "imports_usd_bn", "revenue_usd_bn", "bilateral_balance_usd_bn"):
        assert there[name] == pytest.approx(-back[name], abs=1e-9)


# Revenue and budgets.


def test_revenue_is_duty_times_flow() -> None:
    new = settled(stage(), 0.3)
    assert revenue(stage(), new, USA) == pytest.approx((new.outcome.flows * new.duties)[:, USA].sum())
    assert revenue(stage(), new, USA) == pytest.approx(new.outcome.tariff_revenue[USA])
    assert figures(new, settled(stage(), 0.0), stage())["revenue_usd_bn"][1] > 0


def test_revenue_of_the_united_states_follows_customs_values() -> None:
    customs = np.full((len(REGIONS), len(SECTORS)), np.nan)
    customs[JPN, 0], customs[CHN, 1] = 7.0, 3.0
    here = small_stage(small_world(), 1000.0, customs)
    base, new = settled(here), settled(here, 0.3)
    plain = base.outcome.flows[:, USA] * base.duties[:, USA]
    expected = plain.sum() - plain[JPN, 0] - plain[CHN, 1]
    expected += 7.0 * base.duties[JPN, USA, 0] + 3.0 * base.duties[CHN, USA, 1]
    assert revenue(here, base, USA) == pytest.approx(expected)
    growth = new.outcome.flows[JPN, USA, 0] / base.outcome.flows[JPN, USA, 0]
    others = (new.outcome.flows[:, USA] * new.duties[:, USA]).sum() - new.outcome.flows[JPN, USA, 0] * 0.3
    others += (3.0 / base.outcome.flows[CHN, USA, 1] - 1) * (new.outcome.flows * new.duties)[CHN, USA, 1]
    assert revenue(here, new, USA) == pytest.approx(others + 7.0 * growth * 0.3)
    # Everybody else's is the table's.
    assert revenue(here, new, JPN) == pytest.approx((new.outcome.flows * new.duties)[:, JPN].sum())


def test_a_subsidy_is_no_negative_duty() -> None:
    """Revenue counts duties proper; what a purchase costs stands apart as fiscal."""
    old, new = settled(stage()), settled(stage(), effect=Effect(purchases=(Purchase("USA", "JPN", "B06", 1.0),)))
    got = figures(new, old, stage())
    assert got["fiscal_usd_bn"][0] == pytest.approx(new.fiscal[JPN])
    assert got["fiscal_usd_bn"][1] == 0
    assert abs(got["revenue_usd_bn"][0]) < abs(got["fiscal_usd_bn"][0])
    budget = new.outcome.tariff_revenue[JPN] - old.outcome.tariff_revenue[JPN]
    assert got["revenue_usd_bn"][0] + got["fiscal_usd_bn"][0] == pytest.approx(budget)


def test_a_subsidy_is_in_the_dollars_of_its_flow() -> None:
    here = stage(True)
    new = settled(here, effect=Effect(purchases=(Purchase("USA", "JPN", "B06", 1.0),)))
    subsidy = (new.duties - new.outcome.tariffs)[USA, JPN, 1]
    flow = new.outcome.flows[USA, JPN, 1] * here.flow_scale
    assert figures(new, settled(here), here)["fiscal_usd_bn"][0] == pytest.approx(-subsidy * flow, rel=1e-6)


def test_the_united_states_collected_its_duties_of_2024() -> None:
    """75.6 billion dollars of calculated duty in 2024, 77.3 in dollars of 2025; the EU is in the table's flows."""
    valued = valuation()
    base = settle(valued.stage, valued.world.tariffs, Effect())
    assert revenue(valued.stage, base, valued.stage.region("USA")) == pytest.approx(75.6 * 1.0225, rel=0.02)
    quo = revenue(valued.stage, valued.settled(NOTHING, STATUS_QUO), valued.stage.region("USA"))
    assert 150 < quo < 350


def test_money_outside_the_model() -> None:
    base = settled(stage())
    money = (Money("JPN", -2.0, once=True), Money("JPN", -0.5, once=False), Money("USA", 1.5, once=False))
    got = figures(base, base, stage(), (*money, Money("USA", 0.25, once=False), Money("CHN", 9.0, once=False)))
    assert got["once_usd_bn"] == pytest.approx([-2.0, 0.0])
    assert got["outside_usd_bn"] == pytest.approx([-0.5, 1.75])
    unknown = figures(base, base, stage(), (*money, Money("USA", None, once=False)))
    assert np.isnan(unknown["outside_usd_bn"][1])
    assert unknown["outside_usd_bn"][0] == -0.5


# Sectors.


def test_sectors_are_ranked_by_the_change_of_value_added() -> None:
    old, new = settled(stage(), 0.5), settled(stage(), 0.0)
    rows = sector_changes(stage(), new, old, "JPN")
    assert {row.sector for row in rows} == set(SECTORS)
    changes = [row.change_usd_bn for row in rows]
    assert changes == sorted(changes, reverse=True)
    pct = new.outcome.relative_to(old.outcome).volume_change[JPN]
    added = old.outcome.value_added[JPN]
    for row in rows:
        s = SECTORS.index(row.sector)
        assert row.change_pct == pytest.approx(pct[s])
        assert row.change_usd_bn == pytest.approx(added[s] * pct[s] / 100)


def test_a_sector_that_is_not_there_is_not_ranked() -> None:
    here = small_stage(small_world(absent=True))
    base = settled(here)
    rows = sector_changes(here, base, base, "USA")
    assert [row.sector for row in rows].count("A01") == 0
    assert len(rows) == 2


# The stages.


def test_the_stage_of_the_draws_keeps_parties_and_revenue() -> None:
    world = load_world()
    small = draw_stage(world, 2025, ("JPN", "USA"))
    assert small.world.regions[:2] == ("JPN", "USA")
    assert small.world.regions[-1] == "ROW"
    assert len(small.world.regions) == 16
    full = valuation().stage
    duties = valuation().baselines[STATUS_QUO].duties.tariffs
    collected = (full.full_flows * duties).sum((0, 2))
    summed = (small.world.flows * small.duties(duties)).sum((0, 2))
    for party in ("JPN", "USA"):
        assert summed[small.region(party)] == pytest.approx(collected[full.region(party)])
    assert full.duties(duties) is duties
    assert np.nansum(small.customs) == pytest.approx(np.nansum(full.customs), rel=0.1)


def test_the_draws_world_agrees_with_the_full_one() -> None:
    valued = valuation()
    name = "tariff:USA<JPN:C29=2.5"
    here, full = (
        valued.sampled(package(name)).value(package(name), STATUS_QUO)[0],
        valued.point(package(name), STATUS_QUO),
    )
    welfare = MEASURES.index("welfare_pct")
    assert here[:, welfare] == pytest.approx(full[:, welfare], abs=0.003)
