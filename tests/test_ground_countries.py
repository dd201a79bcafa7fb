"""Countries: every code finds its country, and a wrong one says what would be right."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.ground.countries import COUNTRIES, EU27, Country, country
from tradetalks.ground.errors import BadInput

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parent / "../../shared"))


def test_complete_table() -> None:
    # ISO 3166-1 has 249 entries; Kosovo stands beside them.
    assert len(COUNTRIES) == 250
    assert len({one.iso2 for one in COUNTRIES.values()}) == 250
    codes = [code for one in COUNTRIES.values() for code in one.census]
    assert len(codes) == len(set(codes)) == 240


@given(st.sampled_from(list(COUNTRIES.values())), st.sampled_from([str, str.lower, str.upper]))
def test_every_name_of_a_country_finds_it(one: Country, case: Callable[[str], str]) -> None:
    for text in (one.iso2, one.iso3, one.name, *one.census):
        assert country(f" {case(text)} ") is one


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("US", "USA"),
        ("usa", "USA"),
        ("UK", "GBR"),
        ("South Korea", "KOR"),
        ("Korea", "KOR"),
        ("Türkiye", "TUR"),
        ("turkiye", "TUR"),
        ("Cote d’Ivoire", "CIV"),
        ("Viet Nam", "VNM"),
        ("5880", "JPN"),
        ("5082", "PSE"),
    ],
)
def test_common_names(text: str, iso3: str) -> None:
    assert country(text).iso3 == iso3


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Jappan", "JPN (Japan)"),
        ("EU", "bloc"),
        ("ROW", "rest of the world"),
        ("Congo", "COD"),
        ("", "a name or a code is needed"),
        ("zzzqqq" * 10_000, "no country"),
        ("0003", "no country"),
    ],
)
def test_errors_say_what_would_be_right(text: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint.replace("(", r"\(").replace(")", r"\)")) as error:
        country(text)
    assert len(str(error.value)) < 300


def test_eu27() -> None:
    assert len(set(EU27)) == 27
    assert {"DEU", "HRV", "SVK"} <= set(EU27) <= set(COUNTRIES)
    assert not {"GBR", "CHE", "NOR"} & set(EU27)


def test_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        COUNTRIES["JPN"] = COUNTRIES["USA"]  # type: ignore[index]


def test_ground_imports_nothing_heavy() -> None:
    code = (
        "import sys, tradetalks.ground.countries, tradetalks.ground.sectors;"
        "import tradetalks.ground.concordance as c; c.sector_of('870323');"
        "print([m for m in ('polars', 'jax', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.skipif(not (SHARED / "data/crosswalks").is_dir(), reason="raw inputs absent")
def test_every_census_code_is_known() -> None:
    for file, column in (("census_codes.csv", "Code"), ("census_to_iso3.csv", "cty_code")):
        with (SHARED / "data/crosswalks" / file).open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                found = country(row[column])
                if "iso3" in row:
                    assert found.iso3 == row["iso3"], row
