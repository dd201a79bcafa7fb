"""From customs lines to sectors: complete, and right where everybody knows the answer."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.ground.concordance import concordance, no_sector_reason, sector_of, sectors_of
from tradetalks.ground.errors import BadInput
from tradetalks.ground.sectors import BY_CODE

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("TRADETALKS_SHARED", ROOT / "../shared"))
raw = pytest.mark.skipif(not (SHARED / "data/trade").is_dir(), reason="raw inputs absent")

TABLE = dict(concordance().select("line", "sector").iter_rows())


@pytest.mark.parametrize(
    ("line", "sector"),
    [
        ("8703.23.01", "C29"),  # cars
        ("8708.29.50", "C29"),  # car parts
        ("8704.31.01", "C29"),  # pick-ups
        ("8711.20", "C302T309"),  # motorcycles
        ("8901.20", "C301"),  # tankers
        ("8802.40.00", "C302T309"),  # airliners
        ("8411.12", "C302T309"),  # jet engines
        ("2709.00", "B06"),  # crude oil
        ("2711.11.00", "B06"),  # LNG
        ("2711.12.00", "C19"),  # propane
        ("2710.19.16.00", "C19"),  # fuel oil
        ("2701.12", "B05"),  # coal
        ("7208.39.00", "C24A"),  # hot-rolled steel
        ("7318.15", "C25"),  # screws
        ("7601.10", "C24B"),  # aluminium
        ("8542.31.00", "C26"),  # processors
        ("8517.13.00", "C26"),  # smartphones
        ("8507.60", "C27"),  # lithium batteries
        ("8429.52", "C28"),  # excavators
        ("3004.90", "C21"),  # medicines
        ("3901.10", "C20"),  # polyethylene
        ("4011.10", "C22"),  # tyres
        ("1006.10", "A01"),  # rice in the husk
        ("1006.30.90", "C10T12"),  # milled rice
        ("0201.30", "C10T12"),  # beef
        ("1201.90", "A01"),  # soybeans
        ("0304.81", "C10T12"),  # fish fillets
        ("4403.21", "A02"),  # logs
        ("4407.11", "C16"),  # sawn wood
        ("2601.11", "B07"),  # iron ore
        ("6109.10", "C13T15"),  # T-shirts
        ("6403.99", "C13T15"),  # shoes
        ("9403.60", "C31T33"),  # furniture
        ("9401.20", "C29"),  # car seats
        ("7204.49", "C24A"),  # steel scrap
        ("9701.21", "C31T33"),  # paintings
    ],
)
def test_known_truths(line: str, sector: str) -> None:
    assert sector_of(line) == sector


@pytest.mark.parametrize("line", ["9801.00.10", "9802.00.40.40", "9903.01.25", "999995", "2716.00.00.00"])
def test_lines_without_sector_say_why(line: str) -> None:
    assert sector_of(line) is None
    assert no_sector_reason(line)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("", "is not a tariff line"),
        ("8703", "is not a tariff line"),
        ("8703.23.010", "is not a tariff line"),
        ("870323010001", "is not a tariff line"),
        ("87032x", "is not a tariff line"),
        ("٨٧٠٣٢٣", "is not a tariff line"),
        ("-870323", "is not a tariff line"),
        ("8703.99", "heading 8703 has 870310"),
        ("0123.45", "no heading 012345"),
        ("7777.77", "no heading 777777"),
    ],
)
def test_bad_lines(line: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint):
        sector_of(line)


def test_table_is_short_and_valid() -> None:
    table = concordance()
    assert table["line"].is_unique().all()
    assert table["line"].str.contains(r"^(\d{6}|\d{8}|\d{10})$").all()
    goods = {code for code, one in BY_CODE.items() if one.goods}
    assert set(table["sector"]) == goods
    assert set(table["how"]) == {"rule", "isic", "naics", "sibling"}
    for line, sector in TABLE.items():
        if len(line) > 6:
            above = next(TABLE[line[:n]] for n in (8, 6) if n < len(line) and line[:n] in TABLE)
            assert above != sector, f"{line} repeats what {line[:6]} says"


@given(st.sampled_from([line for line in TABLE if len(line) == 6]), st.integers(0, 9999))
def test_longest_prefix_decides(hs6: str, tail: int) -> None:
    line = f"{hs6}{tail:04d}"
    expected = next(TABLE[line[:n]] for n in (10, 8, 6) if line[:n] in TABLE)
    assert sector_of(line) == expected
    assert sector_of(f"{line[:4]}.{line[4:6]}.{line[6:8]}.{line[8:]}") == expected
    assert sectors_of([line, "9801001000", "2716000000"]) == [expected, None, None]


@raw
def test_complete_for_every_known_line() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    from build_ground import read_hts_lines, read_imports, read_japan_hs6

    lines = set(read_imports(SHARED)["line"]) | read_hts_lines(SHARED) | read_japan_hs6(SHARED)
    assert len(lines) > 27_000
    without = {line for line in lines if sector_of(line) is None}
    assert {line[:2] for line in without} <= {"98", "99", "27"}
    assert {line for line in without if line.startswith("27")} <= {"271600", "27160000", "2716000000"}


@raw
def test_japan_to_us_by_sector_is_near_the_input_output_table() -> None:
    # Customs 2024 against ICIO 2022: cars and machinery must land in the same sectors.
    file = SHARED / "data/trade/imports_2024/2024-hs10-imports5880.parquet"
    table = pl.read_parquet(file, columns=["HS10", "CON_VAL_YR"]).with_columns(
        sector=pl.col("HS10").map_elements(sector_of, return_dtype=pl.String, skip_nulls=False),
        bn=pl.col("CON_VAL_YR").cast(pl.Float64) / 1e9,
    )
    by_sector = dict(table.group_by("sector").agg(pl.col("bn").sum()).iter_rows())
    assert sum(by_sector.values()) == pytest.approx(151.3, abs=0.05)
    assert sum(by_sector.values()) - by_sector[None] == pytest.approx(144.9, abs=0.05)
    cars = table.filter(pl.col("HS10").str.starts_with("8703"))["bn"].sum()
    assert cars == pytest.approx(41.9, abs=0.05)
    assert by_sector["C29"] == pytest.approx(53.1, abs=0.1)
    assert max((k for k in by_sector if k), key=lambda k: by_sector[k]) == "C29"
