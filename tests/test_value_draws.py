"""Draws: reproducible, independent of each other, centred, and honest about what drives a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.ground.sectors import SECTORS as ALL_SECTORS
from tradetalks.value.assumptions import Assumption, assumptions
from tradetalks.value.base_error import base_costs, flow_error
from tradetalks.value.blocks import interval
from tradetalks.value.draws import Draws, Uncertain, uncertain
from tradetalks.value.measures import MEASURES
from tradetalks.value.package import NOTHING, Package
from tradetalks.value.stage import Stage
from tradetalks.world.elasticity import elasticity_sets, elasticity_spread
from value_world import REGIONS, SECTORS, package, small_stage, small_world

CODES = [sector.code for sector in ALL_SECTORS]
THETA = elasticity_sets(CODES)["fgo2022"]
WELFARE, FISCAL = MEASURES.index("welfare_pct"), MEASURES.index("fiscal_usd_bn")


def drawn(seed: int = 1, draws: int = 50, figures: Mapping[str, Assumption] | None = None) -> Uncertain:
    return uncertain(THETA, CODES, assumptions() if figures is None else figures, seed, draws)


# What is drawn.


def test_the_same_seed_gives_the_same_draws_and_another_gives_others() -> None:
    one, again, other = drawn(1), drawn(1), drawn(2)
    assert (one.theta == again.theta).all()
    assert one.assumed == again.assumed
    assert (one.theta[1:] != other.theta[1:]).all()
    assert one.assumed[1:] != other.assumed[1:]


def test_the_first_draw_is_the_central_one() -> None:
    for seed in (1, 2):
        found = drawn(seed)
        assert found.theta.shape == (51, len(CODES))
        assert (found.theta[0] == THETA).all()
        assert found.assumed[0] == {name: figure.value for name, figure in assumptions().items()}
    assert len(drawn(draws=0).assumed) == 1


def test_another_assumption_does_not_move_the_draws_of_the_others() -> None:
    table = assumptions()
    few = {name: table[name] for name in ("purchases.delivery", "standards.cars_ave")}
    one, two = drawn(figures=few), drawn(figures=table)
    assert (one.theta == two.theta).all()
    for name in few:
        assert [draw[name] for draw in one.assumed] == [draw[name] for draw in two.assumed]


def test_more_draws_keep_the_elasticities_of_the_first() -> None:
    assert (drawn(draws=20).theta == drawn(draws=50).theta[:21]).all()


def test_sectors_of_one_published_figure_move_together() -> None:
    logs = np.log(drawn(draws=200).theta[1:] / THETA)
    s, k = CODES.index("C24A"), CODES.index("C24B")
    assert np.corrcoef(logs[:, s], logs[:, k])[0, 1] == pytest.approx(1.0)
    assert abs(np.corrcoef(logs[:, s], logs[:, CODES.index("C29")])[0, 1]) < 0.3


def test_elasticities_have_the_spread_between_the_papers() -> None:
    logs = np.log(drawn(draws=4000).theta[1:] / THETA)
    np.testing.assert_allclose(logs.std(0), elasticity_spread(CODES), rtol=0.08)
    services = drawn(draws=4000).theta[1:, CODES.index("SERV")]
    assert np.median(services) == pytest.approx(5, rel=0.05)
    assert np.mean((services > 2) & (services < 8)) > 0.8


@pytest.mark.parametrize("figure", assumptions().values(), ids=lambda figure: figure.id)
def test_every_assumption_draws_what_it_says(figure: Assumption) -> None:
    sample = figure.sample(3, 4000)
    if figure.value is None:
        assert np.isnan(sample).all()
        assert figure.reason
        return
    if figure.low is None or figure.high is None:
        assert (sample == figure.value).all()
        return
    tail_low, tail_high = np.mean(sample < figure.low), np.mean(sample > figure.high)
    if figure.level == "min/max":
        assert tail_low == tail_high == 0
    else:
        assert tail_low <= 0.12
        assert 0.08 <= tail_high <= 0.12
    assert figure.low <= figure.value <= figure.high


def test_delivery_is_nothing_half_of_the_time() -> None:
    figure = assumptions()["purchases.delivery"]
    sample = figure.sample(7, 20_000)
    assert np.mean(sample == 0) == pytest.approx(0.5, abs=0.02)
    assert sample.mean() == pytest.approx(figure.value or 0, abs=0.01)
    assert sample.max() < 1


def test_unknown_stays_unknown_in_every_draw() -> None:
    assert all(draw["investment.additionality"] is None for draw in drawn().assumed)
    assert "investment.additionality" not in drawn().columns
    assert "purchases.lng_from_us_2024" not in drawn().columns


# Draws on a stage.


@cache
def stage() -> Stage:
    return small_stage(small_world())


def play(seed: int = 1, draws: int = 12, changes: Mapping[str, Package] | None = None) -> Draws:
    """Draws on the small world; the base duties are the only baseline, and tariff terms change nothing there."""
    here = stage()
    inputs = uncertain(here.economy.trade_elasticity, ["A01", "B06", "C29"], assumptions(), seed, draws)
    baselines = {"base": NOTHING, **(changes or {})}
    return Draws(here, ("JPN", "USA"), inputs, baselines, lambda p, b: here.world.tariffs)


PURCHASE, STANDARDS = "purchases:JPN<USA:B06=1", "standards:JPN<USA:C29"


def test_a_package_is_worth_the_same_whatever_was_valued_before() -> None:
    fresh = play().value(package(PURCHASE), "base")
    used = play()
    used.value(package(STANDARDS), "base")
    assert (used.value(package(PURCHASE), "base") == fresh).all()
    assert (play(seed=2).value(package(PURCHASE), "base")[1:, 0, WELFARE] != fresh[1:, 0, WELFARE]).any()


def test_no_terms_are_worth_nothing_in_every_draw() -> None:
    assert (play().value(NOTHING, "base") == 0).all()
    assert (play().between("base", "base") == 0).all()


def test_what_is_not_delivered_is_worth_nothing_in_that_draw() -> None:
    engine = play(draws=30)
    value = engine.value(package(PURCHASE), "base")
    share = np.array([draw["purchases.delivery"] for draw in engine.uncertain.assumed], dtype=float)
    assert (share == 0).any()
    assert (value[share == 0] == 0).all()
    assert (value[share > 0, 0, FISCAL] < 0).all()
    # More delivered, more paid: nearly the same ranking, elasticities aside.
    paid = value[share > 0, 0, FISCAL]
    assert np.corrcoef(share[share > 0], paid)[0, 1] < -0.8


def test_a_baseline_s_own_changes_are_on_both_sides() -> None:
    engine = play(changes={"escalation": package(STANDARDS)})
    assert (engine.value(NOTHING, "escalation") == 0).all()
    between = engine.between("escalation", "base")[:, :, WELFARE]
    np.testing.assert_allclose(between, engine.value(package(STANDARDS), "base")[:, :, WELFARE], atol=1e-8)


def test_draws_are_solved_with_their_own_elasticities() -> None:
    engine = play(draws=3)
    here = replace(stage(), economy=stage().economy.with_elasticity(engine.uncertain.theta[2]))
    alone = Draws(
        here,
        ("JPN", "USA"),
        Uncertain(engine.uncertain.theta[2:3], (engine.uncertain.assumed[2],), {}),
        {"base": NOTHING},
        lambda p, b: here.world.tariffs,
    )
    np.testing.assert_allclose(
        alone.value(package(STANDARDS), "base")[0], engine.value(package(STANDARDS), "base")[2], rtol=1e-6, atol=1e-9
    )


# Intervals.


def test_an_interval_is_centred_on_the_full_point() -> None:
    sample = np.concatenate([[1.0], np.linspace(0.0, 2.0, 101)])
    got = interval(5.0, sample)
    assert [got.value, got.p10, got.p90] == pytest.approx([5.0, 4.2, 5.8])
    assert interval(float("nan"), sample).model_dump() == {"value": None, "p10": None, "p90": None}
    assert interval(5.0, sample[:1]).model_dump() == {"value": 5.0, "p10": None, "p90": None}
    assert interval(5.0, np.array([1.0, np.nan, 2.0])).p10 is None
    assert str(interval(-0.0, sample).value) == "0.0"


@given(st.floats(-10, 10), st.lists(st.floats(-10, 10), min_size=2, max_size=30))
def test_an_interval_runs_from_low_to_high(point: float, sample: list[float]) -> None:
    got = interval(point, np.array(sample))
    assert got.p10 is not None
    assert got.p90 is not None
    assert got.p10 <= got.p90 + 1e-9


def test_the_shift_cannot_turn_a_cost_into_a_gain() -> None:
    """Half of the draws deliver nothing and cost nothing; the central cost is 1.7 in full, 2 on the stage."""
    sample = np.concatenate([[-2.0], np.zeros(50), np.linspace(-6, 0, 50)])
    got = interval(-1.7, sample)
    assert got.p90 == pytest.approx(0.0, abs=1e-9)


# Base-year flows.


def test_a_larger_base_flow_is_an_equilibrium_whose_flow_is_larger() -> None:
    here = stage()
    i, n = here.region("JPN"), here.region("USA")
    hats = base_costs(here, {("JPN", "USA"): 0.2}, here.economy.trade_elasticity)
    assert hats is not None
    flows = here.economy.counterfactual(trade_costs=hats).flows
    growth = np.log(flows[i, n] / here.economy.flows[i, n])
    assert (growth > 0.05).all()
    assert (growth < 0.2 + 1e-9).all()
    assert base_costs(here, {("JPN", "USA"): 0.0}, here.economy.trade_elasticity) is None


def test_half_the_squared_gap_between_customs_and_table_is_the_error() -> None:
    world = small_world()
    customs = np.full((4, 3), np.nan)
    customs[1] = world.flows[1, 0] * 1.3
    customs[2] = world.flows[2, 0] * 0.5
    here = small_stage(world, customs=customs)
    assert flow_error(here, "JPN", "USA") == pytest.approx(np.log(1.3) / np.sqrt(2))
    assert flow_error(here, "CHN", "USA") == pytest.approx(np.log(2) / np.sqrt(2))
    middle = (np.log(1.3) + np.log(2)) / 2 / np.sqrt(2)
    assert flow_error(here, "USA", "JPN") == pytest.approx(middle)
    assert flow_error(stage(), "JPN", "USA") == 0.0


def test_doubtful_flows_widen_what_a_term_on_them_is_worth() -> None:
    here = stage()
    sure, doubtful = (
        Draws(
            here,
            ("JPN", "USA"),
            uncertain(here.economy.trade_elasticity, ["A01", "B06", "C29"], assumptions(), 1, 40, errors),
            {"base": NOTHING},
            lambda p, b: here.world.tariffs,
        )
        for errors in (None, {("USA", "JPN"): 0.4})
    )
    one, other = (engine.value(package(STANDARDS), "base")[:, 0, WELFARE] for engine in (sure, doubtful))
    assert one[0] == pytest.approx(other[0])
    assert other.std() > one.std()
    assert (doubtful.value(NOTHING, "base") == 0).all()
    moved = np.corrcoef(doubtful.uncertain.flows["USA", "JPN"][1:], other[1:] / one[1:])[0, 1]
    assert moved > 0.95


def test_the_names_of_the_small_world_are_real() -> None:
    assert set(SECTORS) <= set(CODES)
    assert len(REGIONS) == 4
