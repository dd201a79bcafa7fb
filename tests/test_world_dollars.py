"""Dollars of another year, and customs values beside the input-output table."""

from __future__ import annotations

import numpy as np
import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.world.aggregate import aggregate
from tradetalks.world.dollars import dollar_scale
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


def test_a_year_beyond_the_data_says_so() -> None:
    factors, used, note = dollar_scale(WORLD, 2025)
    assert used == 2023
    assert "2025 is not" in note
    np.testing.assert_array_equal(factors, dollar_scale(WORLD, 2023)[0])


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
