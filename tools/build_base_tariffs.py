"""Build the base tariffs of the United States and of Japan, by origin region and sector.

    python tools/build_base_tariffs.py [--shared ../shared]

``world/data/us_duty_2024.csv``: calculated duty over customs value of imports for consumption, 2024.
A 2024 proxy for 2022. Members of the EU get the rate of the bloc (the source has no file for them;
their own imports are unknown and left blank); ROW pools the origins that are no region of the world
table and have a file; regions without a file, and cells without imports, get the average of the
sector over all origins. Lines without a sector (chapters 98 and 99, electricity) are left out.

``world/data/japan_duty_2026.csv``: simple mean over lines of the ad valorem rate that applies to the
origin, schedule of 2026-07-09 (so the 2026 stage of each agreement), unweighted. Lines whose rate is
specific, mixed, or differs inside the line are counted, not averaged.

``law/data/japan_lines_2026.parquet``: the lines behind it, with the most-favoured-nation rate and the
rate for goods of the United States.
"""

from __future__ import annotations

import argparse
import io
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import polars as pl

from build_ground import read_imports, to_csv
from japan_tariff import (
    ASEAN,
    CPTPP,
    EU,
    GSP,
    LDC,
    RCEP,
    RCEP_CHINA,
    RCEP_KOREA,
    UK,
    US,
    Line,
    Rate,
    applied,
    in_english,
    mfn,
    national,
    read_lines,
)
from tradetalks.ground.concordance import sector_of
from tradetalks.ground.countries import COUNTRIES, EU27
from tradetalks.ground.files import write_atomic
from tradetalks.ground.sectors import SECTORS

HERE = Path(__file__).parent
DATA = HERE.parent / "src/tradetalks"
GOODS = [sector.code for sector in SECTORS if sector.goods]
JAPAN_STAGE = "2026-07-09"

#: Japan's agreements in force, by partner; least developed countries also have the GSP's own rates.
PREFERENCES: dict[str, tuple[str, ...]] = {
    "USA": (US,),
    **dict.fromkeys(EU27, (EU,)),
    "GBR": (UK, CPTPP),
    "AUS": ("EPA_豪州", CPTPP, RCEP),
    "NZL": (CPTPP, RCEP),
    "CAN": (CPTPP,),
    "MEX": ("EPA_メキシコ", CPTPP),
    "CHL": ("EPA_チリ", CPTPP),
    "PER": ("EPA_ペルー", CPTPP),
    "SGP": ("EPA_シンガポール", ASEAN, CPTPP, RCEP),
    "MYS": ("EPA_マレーシア", ASEAN, CPTPP, RCEP),
    "VNM": ("EPA_ベトナム", ASEAN, CPTPP, RCEP),
    "BRN": ("EPA_ブルネイ", ASEAN, CPTPP, RCEP),
    "THA": ("EPA_タイ", ASEAN, RCEP),
    "IDN": ("EPA_インドネシア", ASEAN, RCEP),
    "PHL": ("EPA_フィリピン", ASEAN, RCEP),
    "CHN": (RCEP_CHINA,),
    "KOR": (RCEP_KOREA,),
    "CHE": ("EPA_スイス",),
    "IND": ("EPA_インド",),
    "KHM": (GSP, LDC, ASEAN, RCEP),
    "LAO": (GSP, LDC, ASEAN, RCEP),
    "MMR": (GSP, LDC, ASEAN),
    **dict.fromkeys(("AGO", "BGD", "COD", "SEN"), (GSP, LDC)),
}
_NAMES = {US: "US-Japan", EU: "EU", UK: "UK", CPTPP: "CPTPP", ASEAN: "AJCEP", GSP: "GSP", LDC: "LDC"}
_NAMES |= {RCEP: "RCEP", RCEP_CHINA: "RCEP", RCEP_KOREA: "RCEP"}


def column_name(origin: str) -> str:
    """Return what applies to ``origin`` in words: the agreements beside MFN, or the national rate."""
    if origin == "RUS":
        return "national rate (most-favoured-nation treatment withdrawn in April 2022)"
    own = [_NAMES.get(column, "own agreement") for column in PREFERENCES.get(origin, ())]
    return " or ".join(["MFN", *own])


def us_duty(imports: pl.DataFrame, regions: list[str]) -> list[tuple[object, ...]]:
    """Return rows (origin, sector, imports, duty, rate, flag) for every origin but the US itself, and for the EU."""
    by_census = {code: one.iso3 for one in COUNTRIES.values() for code in one.census} | {"0003": "EU27"}
    sectors = {line: sector_of(line) for line in imports["line"].unique()}
    money: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for census, line, value, duty in imports.iter_rows():
        sector = sectors[line]
        origin = by_census[census]
        if sector is None:
            continue
        for key in {origin if origin in regions or origin == "EU27" else "ROW", "world"}:
            money[key, sector][0] += value
            money[key, sector][1] += duty
    rows: list[tuple[object, ...]] = []
    for origin in (*regions, "EU"):
        if origin == "USA":
            continue
        for sector in GOODS:
            key = "EU27" if origin in (*EU27, "EU") else origin
            value, duty = money.get((key, sector), (0, 0))
            if value == 0:
                value, duty = money["world", sector]
                rows.append((origin, sector, None, None, round(100 * duty / value, 4), "world-average"))
            elif origin in EU27:
                rows.append((origin, sector, None, None, round(100 * duty / value, 4), "eu-block"))
            else:
                rows.append((origin, sector, value, duty, round(100 * duty / value, 4), "own"))
    return rows


def rate_for(line: Line, origin: str) -> Rate:
    if origin == "RUS":
        return national(line)
    return applied(line, mfn(line), PREFERENCES.get(origin, ()), origin)


def japan_duty(lines: list[Line], regions: list[str]) -> list[tuple[object, ...]]:
    """Return rows (origin, sector, mean rate, lines averaged, lines not averaged, columns)."""
    sectors = [sector_of(line.code[:6]) for line in lines]
    rows: list[tuple[object, ...]] = []
    for origin in regions:
        if origin == "JPN":
            continue
        found: dict[str, list[float]] = {code: [] for code in GOODS}
        specific = dict.fromkeys(GOODS, 0)
        for line, sector in zip(lines, sectors, strict=True):
            if sector is None:
                continue
            rate = rate_for(line, origin)
            if rate.pct is None:
                specific[sector] += 1
            else:
                found[sector].append(rate.pct)
        for sector in GOODS:
            mean = round(float(np.mean(found[sector])), 4)
            rows.append((origin, sector, mean, len(found[sector]), specific[sector], column_name(origin)))
    return rows


def japan_lines(lines: list[Line]) -> pl.DataFrame:
    """Return one row a line: nine digits, stage, sector, MFN and US rate in percent, or else as text."""
    rows = []
    for line in lines:
        base, us = mfn(line), rate_for(line, "USA")
        text = [None if rate.pct is not None else in_english(rate.text) for rate in (base, us)]
        rows.append((line.code, JAPAN_STAGE, sector_of(line.code[:6]), base.pct, text[0], us.pct, text[1]))
    names = ["line", "stage", "sector", "mfn_pct", "mfn_specific", "us_pct", "us_specific"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("stage").str.to_date())


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the base tariffs of the US and Japan")
    shared = Path(os.environ.get("TRADETALKS_SHARED", HERE.parent / "../shared"))
    parser.add_argument("--shared", type=Path, default=shared, help="folder with data/ (%(default)s)")
    data = parser.parse_args().shared / "data"

    with np.load(data / "world/icio2022_80c_28s.npz") as world:
        regions = [str(region) for region in world["countries81"]]
    imports = read_imports(data.parent)
    header = ("origin", "sector", "imports_usd", "duty_usd", "rate_pct", "flag")
    rows = us_duty(imports, regions)
    write_atomic(DATA / "world/data/us_duty_2024.csv", to_csv(rows, header))
    print(f"US: {len(rows)} cells; imports {int(imports['imports_usd'].sum()) / 1e9:.1f} bn in all")

    lines = list(read_lines(data / "japan_tariff"))
    rows = japan_duty(lines, regions)
    header = ("origin", "sector", "rate_pct", "lines", "lines_specific", "column")
    write_atomic(DATA / "world/data/japan_duty_2026.csv", to_csv(rows, header))
    table = japan_lines(lines)
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd", statistics=False)
    write_atomic(DATA / "law/data/japan_lines_2026.parquet", buffer.getvalue())
    open_ = table["mfn_pct"].null_count()
    print(f"Japan: {len(lines)} lines, {len(lines) - open_} ad valorem, {open_} specific, mixed or varying")


if __name__ == "__main__":
    main()
