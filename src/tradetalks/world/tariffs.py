"""The base duties that are known: of the United States in 2024, of Japan at its 2026 stage.

Everywhere else the duty sits inside the trade cost: hat algebra needs only its change, and a rate
that nobody looked up is never printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import polars as pl

from tradetalks.ground.sectors import BY_CODE
from tradetalks.world.world import TARIFF_SOURCES, Array

_FREE = TARIFF_SOURCES.index("none is levied")


def base_tariffs(
    regions: Sequence[str], sectors: Sequence[str], duties: bool = True
) -> tuple[Array, npt.NDArray[np.int8]]:
    """Return the base duties [N, N, S] (exporter, importer, sector; fractions) and the code of their source.

    No duty is levied on domestic sales anywhere, nor on services by the United States and Japan.
    ``duties=False`` leaves out the tables of those two (for a year they are no proxy for).
    """
    n, s = len(regions), len(sectors)
    tariffs, source = np.zeros((n, n, s)), np.zeros((n, n, s), dtype=np.int8)
    region = {label: place for place, label in enumerate(regions)}
    sector = {label: place for place, label in enumerate(sectors)}
    services = [place for label, place in sector.items() if label not in BY_CODE or not BY_CODE[label].goods]
    tables = {"USA": us_duties(), "JPN": japan_duties()} if duties else {}
    for importer, table in tables.items():
        if importer in region:
            here = region[importer]
            source[:, here, services] = _FREE
            for origin, code, rate_pct, flag in table.select("origin", "sector", "rate_pct", "flag").rows():
                if origin in region and code in sector:
                    cell = region[origin], here, sector[code]
                    tariffs[cell], source[cell] = rate_pct / 100.0, TARIFF_SOURCES.index(flag)
    source[np.arange(n), np.arange(n)] = _FREE
    return tariffs, source


@cache
def us_duties() -> pl.DataFrame:
    """Return US imports and calculated duties of 2024 by origin and sector.

    Columns: origin, sector, imports_usd, duty_usd (null where the origin has no file of its own or no
    imports), rate_pct, flag (one of :data:`TARIFF_SOURCES`).
    """
    return _table("us_duty_2024.csv")


@cache
def japan_duties() -> pl.DataFrame:
    """Return Japan's unweighted mean duty by origin and sector, schedule of July 2026.

    Columns: origin, sector, rate_pct, lines (averaged), lines_specific (left out), column (what applies
    to the origin), flag.
    """
    return _table("japan_duty_2026.csv").with_columns(flag=pl.lit("unweighted-2026-stage"))


def _table(name: str) -> pl.DataFrame:
    return pl.read_csv((files("tradetalks.world") / "data" / name).read_bytes(), infer_schema_length=None)
