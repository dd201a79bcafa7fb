"""Summing regions and sectors: identities, revenue, and sums of sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.world.aggregate import aggregate
from tradetalks.world.check import check
from tradetalks.world.load import load_world
from tradetalks.world.world import World

WORLD = load_world()
N, S = 6, 5


def toy(seed: int) -> World:
    """A balanced world of six regions and five sectors, with holes and partly known duties."""
    rng = np.random.default_rng(seed)
    flows = rng.uniform(1, 10, (N, N, S)) * (rng.random((N, N, S)) < 0.7)
    flows[np.arange(N), np.arange(N)] += 40.0
    flows[0, :, 0] = 0.0
    tariffs = rng.choice([0.0, 0.05, 0.25], (N, N, S))
    spending = (flows * (1 + tariffs)).sum(axis=0)
    share = rng.dirichlet(np.ones(S), (N, S))
    use = share.transpose(0, 2, 1) * (0.4 * spending)[:, None, :]
    output = flows.sum(axis=1)
    use *= np.minimum(1.0, 0.9 * output / np.maximum(use.sum(axis=2), 1e-9))[:, :, None]
    theta = {name: rng.uniform(1, 9, S) for name in ("fgo2022", "cp2015")}
    return World(
        name="toy",
        year=2022,
        currency="USD million",
        regions=tuple("ABCDEF"),
        sectors=tuple("vwxyz"),
        flows=flows,
        input_use=use,
        value_added=output - use.sum(axis=2),
        tariffs=tariffs,
        tariff_known=rng.random((N, N, S)) < 0.7,
        elasticities=theta,
        default_elasticity="fgo2022",
    )


def grouped(labels: tuple[str, ...], homes: list[int]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for label, home in zip(labels, homes, strict=True):
        groups.setdefault(f"g{home}", []).append(label)
    return groups


homes_of = {size: st.lists(st.integers(0, 2), min_size=size, max_size=size) for size in (N, S)}
seeds = st.integers(0, 10_000)


def same(one: World, two: World, elasticities: bool = True) -> None:
    assert (one.regions, one.sectors) == (two.regions, two.sectors)
    for what in ("flows", "input_use", "value_added", "tariffs"):
        np.testing.assert_allclose(getattr(one, what), getattr(two, what), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(one.tariff_known, two.tariff_known)
    assert [set(group) for group in one.members] == [set(group) for group in two.members]
    if elasticities:
        for name in one.elasticities:
            np.testing.assert_allclose(one.elasticities[name], two.elasticities[name], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(seeds, homes_of[N], homes_of[S])
def test_identities_and_revenue_are_kept(seed: int, region_homes: list[int], sector_homes: list[int]) -> None:
    world = toy(seed)
    groups = grouped(world.regions, region_homes)
    small = aggregate(world, groups, grouped(world.sectors, sector_homes))
    assert check(small) == []
    assert small.flows.sum() == pytest.approx(world.flows.sum())
    for here, members in enumerate(groups.values()):
        parts = [world.regions.index(one) for one in members]
        assert small.tariff_revenue[here] == pytest.approx(world.tariff_revenue[parts].sum())
        assert small.gdp[here] == pytest.approx(world.gdp[parts].sum())
        assert small.deficits[here] == pytest.approx(world.deficits[parts].sum(), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(seeds, homes_of[N], st.permutations(range(3)))
def test_sum_of_sums_of_regions(seed: int, homes: list[int], names: list[int]) -> None:
    world = toy(seed)
    first = grouped(world.regions, homes)
    labels = list(first)
    second = {"x": labels[:1], "y": labels[1:]} if len(labels) > 1 else {"x": labels}
    direct = {name: [one for label in group for one in first[label]] for name, group in second.items()}
    # Elasticities are weighted by the international trade of the world that is summed; without a sum over
    # sectors they do not move.
    same(aggregate(aggregate(world, first), second), aggregate(world, direct))
    renamed = {f"r{i}": [one] for i, one in enumerate(world.regions)}
    same(
        aggregate(aggregate(world, renamed), {f"{i}": [f"r{i}"] for i in range(N)}),
        aggregate(world, {f"{i}": [one] for i, one in enumerate(world.regions)}),
    )


@settings(max_examples=40, deadline=None)
@given(seeds, homes_of[S])
def test_sum_of_sums_of_sectors(seed: int, homes: list[int]) -> None:
    world = toy(seed)
    first = grouped(world.sectors, homes)
    everything = aggregate(world, None, {"all": world.sectors})
    same(aggregate(aggregate(world, None, first), None, {"all": list(first)}), everything)
    low, high = world.trade_elasticity.min(), world.trade_elasticity.max()
    assert low <= everything.trade_elasticity[0] <= high


def test_nothing_to_sum_changes_nothing() -> None:
    same(aggregate(WORLD), WORLD)
    same(aggregate(WORLD, list(WORLD.regions)), WORLD)
    assert np.array_equal(aggregate(WORLD).tariff_source, WORLD.tariff_source)


def test_keeping_some_regions() -> None:
    small = aggregate(WORLD, ["USA", "Japan", "CHN"])
    assert small.regions == ("USA", "JPN", "CHN", "ROW")
    assert len(small.members[-1]) == 78
    assert check(small) == []
    usa = WORLD.region("USA")
    assert small.tariff_revenue[0] == pytest.approx(WORLD.tariff_revenue[usa])
    assert small.rate_pct("USA", "JPN", "C29") == WORLD.rate_pct("USA", "JPN", "C29")
    assert small.rate_pct("CHN", "JPN", "C29") is None


def test_a_duty_is_known_only_where_all_trade_has_a_known_duty() -> None:
    world = toy(1)
    flows, tariffs, known = np.array(world.flows), np.array(world.tariffs), np.array(world.tariff_known)
    flows[:2, 3, 0], tariffs[:2, 3, 0], known[:2, 3, 0] = [30.0, 10.0], [0.2, 0.0], [True, False]
    pair = {"AB": ["A", "B"], "C": ["C"], "D": ["D"], "EF": ["E", "F"]}
    base = {"flows": flows, "tariffs": tariffs, "tariff_source": None}
    half = aggregate(replace(world, tariff_known=known, **base), pair)
    assert half.tariffs[0, 2, 0] == pytest.approx(0.15)
    assert half.rate_pct("D", "AB", "v") is None
    whole = aggregate(replace(world, tariff_known=np.ones_like(known), **base), pair)
    assert whole.rate_pct("D", "AB", "v") == pytest.approx(15.0)
    assert whole.rate_source("D", "AB", "v") == "own"


@pytest.mark.parametrize(
    ("regions", "words"),
    [
        (["USA", "JPN", "USA"], "USA stands twice"),
        (["USA", "Narnia"], "no country 'Narnia'"),
        ("USA", "a list of names is needed"),
        ({"X": ["USA", "JPN"], "Y": ["JPN"]}, "region JPN stands in two groups, X and Y"),
        ({"X": ["USA", "USA"]}, "region USA stands twice in X"),
        ({"X": ["USA"]}, "in no group: AGO, ARE, ARG, AUS, AUT and 75 more"),
        ({"X": ["JPM"]}, "no region 'JPM' in icio-2022; did you mean JPN"),
        ({"X": []}, "region group X is empty"),
        ({"X": "USA"}, "a list of regions is needed"),
    ],
)
def test_bad_partitions_are_named(regions: object, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        aggregate(WORLD, regions)  # type: ignore[arg-type]


def test_bad_sectors_are_named() -> None:
    with pytest.raises(BadInput, match=r"sector group cars: no sector 'C92'"):
        aggregate(WORLD, None, {"cars": ["C92"]})
    with pytest.raises(BadInput, match="in no group: A01"):
        aggregate(WORLD, None, {"cars": ["C29"]})
