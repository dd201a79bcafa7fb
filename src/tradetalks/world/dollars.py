"""Dollars of another year, and of customs instead of input-output tables.

The model's results are ratios; the base year gives them a size. Two corrections make the size one a
reader knows: nominal GDP growth since the base year, and the gap between customs values and the
input-output table's flows.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl

from tradetalks.ground.errors import BadInput
from tradetalks.world.tariffs import us_duties
from tradetalks.world.world import Array, World

_WDI = "World Bank, World Development Indicators, GDP in current US dollars (NY.GDP.MKTP.CD)"
#: Where the figures of a year come from; an edition can be younger than the case it serves.
EDITIONS: Mapping[int, str] = {
    2022: _WDI,
    2023: _WDI,
    2024: f"{_WDI}, edition of July 2025 (published 2025-07-01), spliced to the earlier edition",
    2025: "IMF, World Economic Outlook, April 2025 (published 2025-04-22; 2025 is a projection), spliced to "
    "World Bank GDP of 2022",
}


def dollar_scale(world: World, year: int) -> tuple[Array, int, str]:
    """Return the factors that turn base-year dollars into dollars of ``year``, by region.

    The factor is nominal GDP in US dollars of the year over that of the base year, summed over a
    group's members. Beyond the last year of the table that year is used. A region without a figure for
    the year is carried on from its last one at the growth of the world, one without any (Taiwan) gets
    the world's factor. The sentence says all of it, and names the edition of the figures with its date:
    it may have been published after the day of the case.

    Returns:
        The factors [N], the year of the dollars, and a sentence that says what was done.

    Raises:
        BadInput: a year before the base year, or a world whose base year has no GDP in the table.
    """
    gdp = _gdp()
    base, years = world.year, sorted({when for _, when in gdp})
    if year < base:
        raise BadInput(f"year: {year} is before {base}, the base year of {world.name}")
    if base not in years:
        raise BadInput(f"{world.name}: no GDP for its base year {base}; there is {years[0]} to {years[-1]}")
    used = min(year, years[-1])
    growth, without, carried = [], [], []
    for region, members in zip(world.regions, world.members, strict=True):
        known = [label for label in members if (label, base) in gdp]
        if not known:
            without.append(region)
            known = ["WORLD"]
        last = {label: max(y for y in years if y <= used and (label, y) in gdp) for label in known}
        carried += [f"{label} ({y})" for label, y in last.items() if y < used]
        now = sum(gdp[label, y] * (gdp["WORLD", used] / gdp["WORLD", y]) for label, y in last.items())
        growth.append(now / sum(gdp[label, base] for label in known))
    note = f"dollars of {used}"
    if used > base:
        note += f": {base} values times growth of nominal GDP in US dollars ({EDITIONS[used]})"
    if used < year:
        note += f"; {used} is the last year in the table, {year} is not"
    if carried:
        note += f"; no figure of {used}, carried on from the last year at world growth: {', '.join(carried)}"
    if without:
        note += f"; no GDP of {', '.join(without)}, world growth used"
    return np.array(growth), used, note


@cache
def _gdp() -> Mapping[tuple[str, int], float]:
    """Return GDP in USD billion by region (``WORLD`` included) and year."""
    table = pl.read_csv((files("tradetalks.world") / "data" / "gdp_usd.csv").read_bytes())
    return {(region, year): gdp for region, year, gdp in table.iter_rows() if gdp is not None}


def reconciliation(world: World, exporter: str, importer: str = "USA") -> pl.DataFrame:
    """Return customs values beside the world's flows, by sector of goods, for imports into the United States.

    Duty in dollars follows the customs value: revenue of a duty is its rate times the model's flow times
    ``ratio``. The ratio mixes growth from 2022 to 2024 with what the two statistics count differently
    (the input-output table re-routes and re-values trade).

    Columns: sector, customs_2024_usd_mn, duty_2024_usd_mn, rate_pct, flow_2022_usd_mn, ratio (customs
    over flow), note (why a figure is null). Sectors in the order of the world.

    Raises:
        BadInput: another importer than the United States, a domestic pair, an unknown region, or a world
            with summed sectors.
    """
    here, there = world.region(exporter), world.region(importer)
    origin, buyer = world.members[here], world.members[there]
    if buyer != ("USA",):
        raise BadInput(f"importer: customs values by sector ship for the United States, not for {importer}")
    if here == there:
        raise BadInput("exporter: the United States does not import from itself")
    customs = us_duties().filter(pl.col("origin").is_in(origin))
    if not set(customs["sector"]) <= set(world.sectors):
        raise BadInput(f"{world.name}: customs values ship by the 28 sectors; this world has summed sectors")
    # The file pools some origins of ROW, not all of them.
    with_file = set(us_duties().filter(pl.col("flag") == "own")["origin"]) - {"ROW"}
    without = ", ".join(label for label in origin if label not in with_file)
    note = f"no customs file for all of {without} (the EU has one for its members together)"
    totals = {
        code: (value / 1e6, duty / 1e6)
        for code, value, duty in customs.group_by("sector").agg(pl.col("imports_usd", "duty_usd").sum()).rows()
    }
    rows = []
    for place, code in enumerate(world.sectors):
        if code not in totals:
            continue
        flow = float(world.flows[here, there, place])
        value, duty = (None, None) if without else totals[code]
        rows.append(
            (
                *(code, value, duty, world.rate_pct(importer, exporter, code), flow),
                value / flow if value is not None and flow > 0 else None,
                note if without else ("" if flow > 0 else "no flow in the world table"),
            )
        )
    names = [
        "sector",
        "customs_2024_usd_mn",
        "duty_2024_usd_mn",
        "rate_pct",
        "flow_2022_usd_mn",
        "ratio",
        "note",
    ]
    types = [pl.String, *[pl.Float64] * 5, pl.String]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")
