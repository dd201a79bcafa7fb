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
from tradetalks.world.world import Array, World

PUBLISHER = "World Bank, World Development Indicators, GDP in current US dollars (NY.GDP.MKTP.CD)"


def dollar_scale(world: World, year: int) -> tuple[Array, int, str]:
    """Return the factors that turn base-year dollars into dollars of ``year``, by region.

    The factor is nominal GDP in US dollars of the year over that of the base year, summed over a
    group's members. Beyond the last published year that year is used; a region without published GDP
    (Taiwan) gets the world's factor. The sentence says both.

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
    growth, without = [], []
    for region, members in zip(world.regions, world.members, strict=True):
        known = [label for label in members if (label, base) in gdp and (label, used) in gdp]
        if not known:
            without.append(region)
            known = ["WORLD"]
        growth.append(sum(gdp[label, used] for label in known) / sum(gdp[label, base] for label in known))
    note = f"dollars of {used}: {base} values times growth of nominal GDP in US dollars ({PUBLISHER})"
    if used < year:
        note += f"; {used} is the last year published there, {year} is not"
    if without:
        note += f"; no GDP of {', '.join(without)}, world growth used"
    return np.array(growth), used, note


@cache
def _gdp() -> Mapping[tuple[str, int], float]:
    """Return GDP in USD billion by region (``WORLD`` included) and year."""
    table = pl.read_csv((files("tradetalks.world") / "data" / "gdp_usd.csv").read_bytes())
    return {(region, year): gdp for region, year, gdp in table.iter_rows() if gdp is not None}
