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

#: Importer -> its table in ``world/data``.
TABLES: dict[str, str] = {"USA": "us_duty_2024.csv", "JPN": "japan_duty_2026.csv"}

_FREE = TARIFF_SOURCES.index("none is levied")


def base_tariffs(
    regions: Sequence[str], sectors: Sequence[str], duties: bool = True
) -> tuple[Array, npt.NDArray[np.int8]]:
    """Return the base duties [N, N, S] (exporter, importer, sector; fractions) and the code of their source.

    No duty is levied on domestic sales anywhere, nor on services by the importers of :data:`TABLES`.
    ``duties=False`` leaves out the tables (a year they are no proxy for).
    """
    n, s = len(regions), len(sectors)
    tariffs, source = np.zeros((n, n, s)), np.zeros((n, n, s), dtype=np.int8)
    if duties:
        at_region = {label: place for place, label in enumerate(regions)}
        at_sector = {label: place for place, label in enumerate(sectors)}
        services = [place for label, place in at_sector.items() if label not in BY_CODE or label == "SERV"]
        for importer in TABLES:
            if importer not in at_region:
                continue
            here = at_region[importer]
            source[:, here, services] = _FREE
            for origin, code, rate, flag in (
                duty_table(importer).select("origin", "sector", "rate", "tariff_source").iter_rows()
            ):
                if origin in at_region and code in at_sector:
                    cell = at_region[origin], here, at_sector[code]
                    tariffs[cell], source[cell] = rate, TARIFF_SOURCES.index(flag)
    own = np.arange(n)
    tariffs[own, own], source[own, own] = 0.0, _FREE
    return tariffs, source


@cache
def duty_table(importer: str) -> pl.DataFrame:
    """Return the duties of an importer of :data:`TABLES`."""
    return pl.read_csv((files("tradetalks.world") / "data" / TABLES[importer]).read_bytes())
