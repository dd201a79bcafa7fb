"""Build nominal GDP of the world's regions: ``python tools/build_gdp.py [SHARED]``.

SHARED is the folder with the raw inputs (default: the environment variable TRADETALKS_SHARED, else
``../shared`` beside the project). Its World Bank file ends in 2023; ``gdp_recent.csv`` beside this
script carries the later years. Writes ``src/tradetalks/world/data/gdp_usd.csv``.

Editions differ: a later one also revises the years before. A figure Y(t) of a later edition is
therefore spliced: level(t) = level(b) * Y(t) / Y(b), with b the overlapping year of ``gdp_recent.csv``
(2022 or 2023). Without an overlapping figure Y(t) is the level itself. The world has no overlapping
figure: its level of the base year is revised by the sum of what its regions are revised by.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tradetalks.ground.files import write_atomic
from tradetalks.world.load import load_world

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "tradetalks" / "world" / "data" / "gdp_usd.csv"
BASE = 2022

Figures = Mapping[tuple[str, int], float]


def world_bank(shared: Path, regions: tuple[str, ...]) -> dict[tuple[str, int], float]:
    """Return GDP in USD billion from the shared file; ROW is the world less the published economies."""
    found: dict[tuple[str, int], float] = {}
    with (shared / "data" / "macro" / "gdp_datasets.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code = "WORLD" if row["Country Code"] == "WLD" else row["Country Code"]
            if int(row["Year"]) >= BASE and code in (*regions, "WORLD"):
                found[code, int(row["Year"])] = float(row["Value"]) / 1e9
    for year in sorted({year for _, year in found}):
        economies = sum(gdp for (code, when), gdp in found.items() if when == year and code != "WORLD")
        found["ROW", year] = found["WORLD", year] - economies
    return found


def recent() -> dict[tuple[str, int], float]:
    """Return the figures of later editions, the overlapping years included."""
    with (Path(__file__).parent / "gdp_recent.csv").open(encoding="utf-8") as file:
        return {(row["region"], int(row["year"])): float(row["gdp_usd_bn"]) for row in csv.DictReader(file)}


def splice(levels: Figures, later: Figures) -> dict[tuple[str, int], float]:
    """Return ``levels`` with the later years, on the edition of ``levels``."""
    last = max(year for _, year in levels)
    revision = {code: gdp / levels[code, year] for (code, year), gdp in later.items() if year <= last}
    added = sum((ratio - 1) * levels[code, BASE] for code, ratio in revision.items())
    revision["WORLD"] = 1 + added / levels["WORLD", BASE]
    beyond = {(code, year): gdp / revision.get(code, 1.0) for (code, year), gdp in later.items() if year > last}
    return {**levels, **beyond}


def main(shared: Path) -> None:
    regions = load_world().regions
    table = splice(world_bank(shared, regions), recent())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["region", "year", "gdp_usd_bn"])
    for year in sorted({year for _, year in table}):
        for code in (*regions, "WORLD"):
            writer.writerow([code, year, f"{table[code, year]:.3f}" if (code, year) in table else ""])
    write_atomic(TABLE, text.getvalue())


if __name__ == "__main__":
    default = os.environ.get("TRADETALKS_SHARED", str(ROOT.parent / "shared"))
    main(Path(sys.argv[1] if len(sys.argv) > 1 else default))
