"""Base duties: known where looked up, None elsewhere, each with its source."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tradetalks.ground.countries import EU27
from tradetalks.ground.errors import BadInput
from tradetalks.world.load import load_world
from tradetalks.world.tariffs import base_tariffs, japan_duties, us_duties
from tradetalks.world.world import TARIFF_SOURCES

WORLD = load_world()
USA, JPN = WORLD.region("USA"), WORLD.region("JPN")


@pytest.mark.parametrize(
    ("importer", "exporter", "sector", "rate_pct", "source"),
    [
        ("USA", "JPN", "C29", 2.4931, "own"),
        ("USA", "DEU", "C29", 2.466, "eu-block"),
        ("USA", "UKR", "C29", None, "world-average"),
        ("JPN", "USA", "C29", None, "unweighted-2026-stage"),
        ("JPN", "USA", "SERV", 0.0, "none is levied"),
        ("USA", "USA", "C29", 0.0, "none is levied"),
        ("DEU", "DEU", "C29", 0.0, "none is levied"),
    ],
)
def test_known_rates(importer: str, exporter: str, sector: str, rate_pct: float | None, source: str) -> None:
    found = WORLD.rate_pct(importer, exporter, sector)
    assert found is not None
    if rate_pct is not None:
        assert found == pytest.approx(rate_pct, abs=1e-4)
    assert WORLD.rate_source(importer, exporter, sector) == source


def test_no_rate_is_printed_where_the_duty_is_inside_the_trade_cost() -> None:
    others = [n for n in range(81) if n not in (USA, JPN)]
    foreign = ~np.eye(81, dtype=bool)
    for n in others:
        assert not WORLD.tariff_known[foreign[:, n], n].any()
        assert not WORLD.tariffs[:, n].any()
    assert WORLD.rate_pct("DEU", "JPN", "C29") is None
    assert WORLD.rate_source("DEU", "JPN", "C29") == "inside the trade cost"
    assert WORLD.tariff_known[:, [USA, JPN]].all()


def test_every_member_of_the_eu_has_the_rate_of_the_bloc() -> None:
    eu = [WORLD.region(code) for code in EU27]
    rates = WORLD.tariffs[eu, USA]
    np.testing.assert_array_equal(rates, np.broadcast_to(rates[0], rates.shape))
    assert {WORLD.rate_source("USA", code, "C28") for code in EU27} == {"eu-block"}


def test_the_shipped_table_carries_the_two_duty_tables() -> None:
    tariffs, source = base_tariffs(WORLD.regions, WORLD.sectors)
    np.testing.assert_array_equal(tariffs, WORLD.tariffs)
    assert WORLD.tariff_source is not None
    np.testing.assert_array_equal(source, WORLD.tariff_source)
    for table, origins in ((us_duties(), 81), (japan_duties(), 80)):  # the United States know the EU as a whole too
        assert table.height == origins * 26
        assert table.select(pl.struct("origin", "sector").is_duplicated().any()).item() is False
        assert table["rate_pct"].is_between(0, 200).all()
        assert set(table["flag"]) <= set(TARIFF_SOURCES)


def test_duties_on_inputs_left_value_added() -> None:
    # Revenue of the base is near the customs duty of 2024 (75.8 billion on other flows).
    assert WORLD.tariff_revenue[USA] / 1e3 == pytest.approx(82, abs=5)
    assert WORLD.tariff_revenue[[n for n in range(81) if n not in (USA, JPN)]].sum() == 0
    spending = WORLD.spending[USA].sum()
    assert spending == pytest.approx(WORLD.flows[:, USA].sum() + WORLD.tariff_revenue[USA])


def test_unknown_names() -> None:
    with pytest.raises(BadInput, match="did you mean C29"):
        WORLD.rate_pct("USA", "JPN", "cars")
    with pytest.raises(BadInput, match="bloc"):
        WORLD.rate_pct("USA", "EU", "C29")
