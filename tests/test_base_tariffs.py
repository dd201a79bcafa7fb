"""The base duties of the United States (2024) and Japan (2026 stage), and the reader of Japan's schedule."""

from __future__ import annotations

import os
import sys
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.ground.countries import COUNTRIES, EU27
from tradetalks.ground.sectors import SECTORS

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("TRADETALKS_SHARED", ROOT / "../shared"))
sys.path.insert(0, str(ROOT / "tools"))

from japan_tariff import (  # noqa: E402
    CPTPP,
    US,
    Line,
    applied,
    in_english,
    mfn,
    national,
    parse_rate,
    read_lines,
)

raw = pytest.mark.skipif(not (SHARED / "data/japan_tariff").is_dir(), reason="raw inputs absent")
GOODS = [one.code for one in SECTORS if one.goods]


def table(floor: str, name: str) -> pl.DataFrame:
    data = (files(f"tradetalks.{floor}") / "data" / name).read_bytes()
    return pl.read_parquet(data) if name.endswith("parquet") else pl.read_csv(data, infer_schema_length=None)


US_DUTY, JAPAN_DUTY = table("world", "us_duty_2024.csv"), table("world", "japan_duty_2026.csv")


@pytest.mark.parametrize(("duties", "own", "blocs"), [(US_DUTY, "USA", {"EU"}), (JAPAN_DUTY, "JPN", set())])
def test_every_origin_and_goods_sector_has_a_rate(duties: pl.DataFrame, own: str, blocs: set[str]) -> None:
    assert len(duties) == (80 + len(blocs)) * len(GOODS)
    assert duties.select("origin", "sector").is_unique().all()
    assert set(duties["sector"]) == set(GOODS)
    assert own not in set(duties["origin"])
    assert set(duties["origin"]) <= {*COUNTRIES, *blocs, "ROW"}
    assert duties["rate_pct"].is_between(0, 100).all()


def test_us_flags_and_rates() -> None:
    assert set(US_DUTY["flag"]) == {"own", "eu-block", "world-average"}
    own = US_DUTY.filter(pl.col("flag") == "own")
    assert ((own["duty_usd"] / own["imports_usd"] * 100 - own["rate_pct"]).abs() < 6e-5).all()
    other = US_DUTY.filter(pl.col("flag") != "own")
    assert other["imports_usd"].null_count() == other["duty_usd"].null_count() == len(other)
    assert set(US_DUTY.filter(pl.col("flag") == "eu-block")["origin"]) == set(EU27)
    eu = US_DUTY.filter(pl.col("origin").is_in(EU27)).group_by("sector").agg(pl.col("rate_pct").n_unique())
    assert (eu["rate_pct"] == 1).all()
    # The fifteen regions of the world table that have no file.
    absent = {"BLR", "BRN", "CIV", "CMR", "COD", "ISL", "JOR", "KAZ", "LAO", "MAR", "MMR", "SEN", "STP"}
    absent |= {"TUN", "UKR"}
    no_own = US_DUTY.group_by("origin").agg((pl.col("flag") == "world-average").all().alias("none"))
    assert set(no_own.filter("none")["origin"]) == absent


def test_us_duties_on_japan() -> None:
    japan = US_DUTY.filter(pl.col("origin") == "JPN")
    assert japan["imports_usd"].sum() / 1e9 == pytest.approx(144.9, abs=0.05)
    cars = japan.row(by_predicate=pl.col("sector") == "C29", named=True)
    # Cars pay 2.5%; some parts are free.
    assert cars["rate_pct"] == pytest.approx(2.49, abs=0.01)
    assert cars["imports_usd"] / 1e9 == pytest.approx(53.1, abs=0.05)


@raw
def test_us_totals_are_those_of_the_source() -> None:
    from build_ground import read_imports

    imports = read_imports(SHARED)
    assert imports["imports_usd"].sum() / 1e9 == pytest.approx(3208.8, abs=0.05)
    assert imports["duty_usd"].sum() / 1e9 == pytest.approx(75.63, abs=0.01)
    assert "4359" not in set(imports["origin"])
    # What is kept by origin, the EU one of them, plus what has no sector, is everything.
    none = imports.filter(pl.col("line").str.contains("^(98|99|2716)"))
    kept = US_DUTY["imports_usd"].sum() + none["imports_usd"].sum()
    assert kept == imports["imports_usd"].sum()


def test_japan_means() -> None:
    def rate(origin: str, sector: str) -> float:
        row = JAPAN_DUTY.row(by_predicate=(pl.col("origin") == origin) & (pl.col("sector") == sector), named=True)
        return float(row["rate_pct"])

    assert rate("USA", "C26") == 0 == rate("ARE", "C26")
    assert rate("USA", "C28") == 0
    assert rate("USA", "C29") < 0.1  # only leather seat covers bear a duty
    assert rate("USA", "C10T12") < rate("BRA", "C10T12")  # the 2019 agreement
    assert rate("DEU", "C13T15") < 1 < 7 < rate("USA", "C13T15")  # clothing is outside it
    assert rate("RUS", "C24A") > rate("BRA", "C24A")  # no most-favoured-nation treatment
    assert rate("BGD", "C13T15") < rate("PAK", "C13T15")  # least developed
    total = JAPAN_DUTY.group_by("origin").agg((pl.col("lines") + pl.col("lines_specific")).sum())
    assert total["lines"].unique().to_list() == [9653]


def test_japan_lines() -> None:
    lines = table("law", "japan_lines_2026.parquet")
    assert len(lines) == 9653
    assert lines["line"].str.contains(r"^\d{9}$").all()
    beef = lines.filter(pl.col("line").str.starts_with("020130"))
    assert set(beef["mfn_pct"]) == {38.5}
    assert set(beef["us_pct"]) == {20.8}
    cars = lines.filter(pl.col("line").str.starts_with("8703"))
    assert set(cars["mfn_pct"]) == {0.0}
    assert set(cars["sector"]) == {"C29"}
    # A rate is a figure or a text, never both, never neither.
    for rate, words in (("mfn_pct", "mfn_specific"), ("us_pct", "us_specific")):
        assert (lines[rate].is_null() == lines[words].is_not_null()).all()
    assert lines["mfn_pct"].null_count() == 681
    assert (lines["us_pct"] <= lines["mfn_pct"]).drop_nulls().all()
    assert not lines["mfn_specific"].drop_nulls().str.contains(r"[^\x00-\x7f]").any()
    rice = lines.filter(pl.col("line") == "100630090").row(0, named=True)
    assert rice["mfn_specific"] == "49 yen/kg"


@pytest.mark.parametrize(
    ("cell", "pct", "bracketed"),
    [
        ("無税", 0.0, False),
        ("免税", 0.0, False),
        ("38.5%", 38.5, False),
        ("※1％", 1.0, False),
        ("◎無税", 0.0, False),
        ("(50%)", 50.0, True),
        ("（無税）", 0.0, True),
        ("", None, False),
        ("49円/kg", None, False),
        ("(49円/kg)", None, True),
        ("*(25.5%＋509円/kg)", None, True),
        ("**(7.9%)", 7.9, True),
        ("(500円−課税価格)/kg", None, False),
        ("20%又は48円/kgのうちいずれか高い税率", None, False),
        ("(3.1%)〜(5.2%)", None, True),
        ("(無税〜4.4%)", None, True),
        ("●21%〜（35%）", None, False),
        ("関税割当数量以内のもの\u300030.8%", None, False),
        ("関税割当数量以内のもの\u3000無税\n関税割当数量以外のもの\u300012.5%", 12.5, False),
        ("気密容器入りのもの\u30006.4%\nその他のもの\u3000無税", 6.4, False),
        ("関税割当て\u30005%\nその他のもので、割当数量以内のもの\u3000無税", None, False),
    ],
)
def test_rate_cells(cell: str, pct: float | None, bracketed: bool) -> None:
    rate = parse_rate(cell)
    assert (rate.pct, rate.bracketed) == (pct, bracketed)


@given(st.decimals(0, 999, places=2, allow_nan=False))
def test_a_percentage_reads_back(value: object) -> None:
    for cell, bracketed in ((f"{value}%", False), (f"({value}%)", True), (f"◎{value}％", False)):
        rate = parse_rate(cell)
        assert rate.pct == float(str(value))
        assert rate.bracketed == bracketed


def test_cptpp_rate_by_party() -> None:
    cell = "（マレーシアに対する待遇）　3%\n（ベトナムに対する待遇）　2%\n（他の締約国に対する待遇）　1%"
    assert [parse_rate(cell, party).pct for party in ("MYS", "VNM", "CAN")] == [3.0, 2.0, 1.0]
    assert parse_rate("割当数量以内のもの（カナダに対する待遇）　無税", "CAN").pct is None


def cells(general: str = "", temporary: str = "", wto: str = "", **more: str) -> Line:
    return Line("000000000", {"基本": general, "暫定": temporary, "WTO協定": wto, **more})


@pytest.mark.parametrize(
    ("line", "rate"),
    [
        (cells("(50%)", "38.5%", "(50%)"), 38.5),
        (cells("8%", "", "4.8%"), 4.8),
        (cells("無税", "", "(3%)"), 0.0),
        (cells("無税", "", ""), 0.0),
        (cells("10%", "無税", "8%"), 0.0),
        (cells("15円/kg", "", "3%"), 3.0),
        (cells("5%", "", "49円/kg"), None),
        (cells("(5%)", "49円/kg", "(60円/kg)"), None),
        (cells("3%", "", "●2%〜(4.4%)"), None),
    ],
)
def test_most_favoured_nation_rate(line: Line, rate: float | None) -> None:
    assert mfn(line).pct == rate


def test_preferences_count_only_when_lower_and_for_the_whole_line() -> None:
    line = cells("10%", "", "8%", **{US: "20%", CPTPP: "割当数量以内のもの\u3000無税"})
    assert applied(line, mfn(line), (US, CPTPP), "USA").pct == 8.0
    line = cells("10%", "", "8%", **{US: "2%"})
    assert applied(line, mfn(line), (US,), "USA").pct == 2.0
    line = cells("49円/kg", "", "", **{US: "無税"})
    assert applied(line, mfn(line), (US,), "USA").pct == 0.0
    assert national(line).pct is None


@raw
def test_schedule_is_read_whole() -> None:
    lines = list(read_lines(SHARED / "data/japan_tariff"))
    assert len(lines) == 9653
    assert not any(mfn(line).blank for line in lines)
    beef = next(line for line in lines if line.code == "020130010")
    assert mfn(beef).pct == 38.5  # inherited from the heading
    assert applied(beef, mfn(beef), (US,), "USA").pct == 20.8
    assert in_english("20%又は48円/kgのうちいずれか高い税率") == "20% or 48 yen/kg, whichever is higher"
