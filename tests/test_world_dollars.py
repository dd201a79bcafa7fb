"""Dollars of another year, and customs values beside the input-output table."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.world.aggregate import aggregate
from tradetalks.world.dollars import dollar_scale, reconciliation
from tradetalks.world.load import load_world

WORLD = load_world()


def test_the_base_year_is_itself() -> None:
    factors, used, note = dollar_scale(WORLD, 2022)
    np.testing.assert_array_equal(factors, 1.0)
    assert used == 2022
    assert "last year" not in note


def test_growth_of_nominal_gdp() -> None:
    factors, used, note = dollar_scale(WORLD, 2023)
    assert used == 2023
    # World Bank: 27,361 over 25,744 billion; 4,213 over 4,256.
    assert factors[WORLD.region("USA")] == pytest.approx(27.360935 / 25.744108, rel=1e-6)
    assert factors[WORLD.region("JPN")] == pytest.approx(0.9898, abs=1e-4)
    assert "World Bank" in note


def test_dollars_of_2025_follow_the_imf_and_name_the_edition_with_its_date() -> None:
    factors, used, note = dollar_scale(WORLD, 2025)
    assert used == 2025
    assert "World Economic Outlook, April 2025 (published 2025-04-22; 2025 is a projection)" in note
    # IMF 2025 over the World Bank's 2022 of early 2025, both USD billion.
    for region, now, then in (
        ("USA", 30507.217, 26006.893),
        ("JPN", 4186.431, 4256.411),
        ("DEU", 4744.804, 4163.596),
        ("IND", 4187.017, 3353.470),
    ):
        assert factors[WORLD.region(region)] == pytest.approx(now / then, rel=1e-5)
    # Spliced in 2023: China by the World Bank's revised 2023, Korea by the UN's.
    assert factors[WORLD.region("CHN")] == pytest.approx(19231.705 / 18270.357 * 17794.782 / 17881.783, rel=1e-5)
    assert factors[WORLD.region("KOR")] == pytest.approx(1790.322 / 1839.058 * 1712.793 / 1673.917, rel=1e-5)


def test_dollars_of_2024() -> None:
    factors, used, note = dollar_scale(WORLD, 2024)
    assert used == 2024
    assert "edition of July 2025" in note
    assert factors[WORLD.region("USA")] == pytest.approx(29184.890 / 26006.893, rel=1e-5)
    assert factors[WORLD.region("JPN")] == pytest.approx(4026.211 / 4256.411, rel=1e-5)


@pytest.mark.parametrize("year", [2024, 2025])
def test_no_region_grows_beyond_belief(year: int) -> None:
    # Nigeria's naira lost two thirds of its dollars; Turkey's lira bought more than inflation took.
    factors, _, _ = dollar_scale(WORLD, year)
    assert factors.min() > 0.35
    assert factors.max() < 1.65
    weights = WORLD.value_added.sum(axis=1)
    world = factors[WORLD.region("TWN")]  # without GDP of its own, it has the world's
    assert (factors * weights).sum() / weights.sum() == pytest.approx(world, rel=0.02)


def test_a_region_without_a_figure_is_carried_on_at_world_growth() -> None:
    late, _, note = dollar_scale(WORLD, 2025)
    early, _, _ = dollar_scale(WORLD, 2024)
    assert "carried on from the last year at world growth: AGO (2024), PAK (2024), ROW (2023)" in note
    place, taiwan = WORLD.region("PAK"), WORLD.region("TWN")  # Taiwan's factor is the world's
    assert late[place] / early[place] == pytest.approx(late[taiwan] / early[taiwan])


def test_a_year_beyond_the_data_says_so() -> None:
    factors, used, note = dollar_scale(WORLD, 2026)
    assert used == 2025
    assert "2025 is the last year in the table, 2026 is not" in note
    np.testing.assert_array_equal(factors, dollar_scale(WORLD, 2025)[0])


def test_taiwan_has_no_published_gdp_and_the_note_says_so() -> None:
    factors, _, note = dollar_scale(WORLD, 2023)
    assert "no GDP of TWN" in note
    assert factors[WORLD.region("TWN")] == pytest.approx(105.435 / 101.225, rel=1e-4)


def test_a_group_grows_as_its_members_do() -> None:
    small = aggregate(WORLD, ["USA", "JPN"])
    factors, _, note = dollar_scale(small, 2023)
    wide, _, _ = dollar_scale(WORLD, 2023)
    assert factors[0] == wide[WORLD.region("USA")]
    assert wide.min() < factors[2] < wide.max()
    assert "no GDP" not in note


def test_a_year_before_the_base_is_refused() -> None:
    with pytest.raises(BadInput, match="2021 is before 2022"):
        dollar_scale(WORLD, 2021)


def test_customs_beside_the_table_for_japan() -> None:
    table = reconciliation(WORLD, "Japan", "United States")
    assert table["sector"].to_list() == [code for code in WORLD.sectors if code not in ("B09", "SERV")]
    # Customs 2024 without chapters 98 and 99 (which name no good), and the table's 2022 flows.
    assert table["customs_2024_usd_mn"].sum() / 1e3 == pytest.approx(144.9, abs=0.1)
    assert table["flow_2022_usd_mn"].sum() / 1e3 == pytest.approx(109.6, abs=0.1)
    cars = table.row(by_predicate=pl.col("sector") == "C29", named=True)
    assert cars["ratio"] == pytest.approx(cars["customs_2024_usd_mn"] / cars["flow_2022_usd_mn"])
    assert cars["ratio"] == pytest.approx(1.106, abs=0.01)
    assert cars["duty_2024_usd_mn"] / cars["customs_2024_usd_mn"] * 100 == pytest.approx(cars["rate_pct"], rel=1e-4)


def test_customs_of_a_region_without_a_file_are_unknown_and_the_reason_is_given() -> None:
    for origin in ("DEU", "UKR", "ROW"):
        table = reconciliation(WORLD, origin)
        assert table["customs_2024_usd_mn"].null_count() == table.height
        assert table["ratio"].null_count() == table.height
        assert table["rate_pct"].null_count() == 0
        assert origin in table["note"][0]


def test_customs_are_not_asked_of_others() -> None:
    with pytest.raises(BadInput, match="ship for the United States, not for JPN"):
        reconciliation(WORLD, "USA", "JPN")
    with pytest.raises(BadInput, match="does not import from itself"):
        reconciliation(WORLD, "USA", "USA")
    summed = aggregate(WORLD, None, {"all": list(WORLD.sectors)})
    with pytest.raises(BadInput, match="summed sectors"):
        reconciliation(summed, "JPN", "USA")


def test_customs_of_a_small_world_are_the_same() -> None:
    small = aggregate(WORLD, ["USA", "JPN"])
    assert reconciliation(small, "JPN").equals(reconciliation(WORLD, "JPN"))
