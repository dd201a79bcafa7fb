"""Trade elasticities: the published sets mapped to the 28 sectors, and how far they differ.

Theta is the elasticity of an exporter's share of duty-inclusive spending to its cost (Caliendo &
Parro 2015, eq. 6). Flows net of duty react to 1 + duty with theta + 1, so a figure estimated from
net-of-duty flows on tariffs is theta + 1. The table says for each figure which it is.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.world.world import Array

#: The set used unless another is asked for.
DEFAULT_ELASTICITY = "fgo2022"

#: The interval of the services elasticity, an assumption (read as its 5th and 95th percentile).
SERVICES_INTERVAL = (2.0, 8.0)

#: ICIO's 23 services industries; all have the elasticity of services.
SERVICES: tuple[str, ...] = (
    *("D", "E", "F", "G", "H49", "H50", "H51", "H52", "H53", "I", "J58T60", "J61", "J62_63"),
    *("K", "L", "M", "N", "O", "P", "Q", "R", "S", "T"),
)


def elasticity_table() -> pl.DataFrame:
    """Return every figure with its origin.

    Columns: set, sector, theta, published_code, published_value, is_theta_or_sigma (``theta`` or
    ``theta+1``), source, se (standard error, null where none is at hand), note.
    """
    return pl.DataFrame(
        [{**row, "theta": float(row["theta"]), "se": float(row["se"]) if row["se"] else None} for row in _rows()],
        schema_overrides={"se": pl.Float64},
    )


def elasticity_sets(sectors: Sequence[str]) -> dict[str, Array]:
    """Return theta by set, [S] each, for ``sectors`` (of the 28, or ICIO's services industries).

    Raises:
        BadInput: a sector without an elasticity.
    """
    sets: dict[str, dict[str, float]] = {}
    for row in _rows():
        sets.setdefault(row["set"], {})[row["sector"]] = float(row["theta"])
    found: dict[str, Array] = {}
    for name, values in sets.items():
        known = {**values, **dict.fromkeys(SERVICES, values["SERV"])}
        for code in sectors:
            if code not in known:
                raise BadInput(f"no trade elasticity for sector {code!r}{did_you_mean(code, known)}")
        found[name] = np.array([known[code] for code in sectors])
    return found


def elasticity_spread(sectors: Sequence[str]) -> Array:
    """Return the standard deviation of ln theta by sector, [S], for draws.

    No paper's standard errors are at hand in the inputs, and papers differ by more than their standard
    errors, so this is the spread between the six published sets: the interquartile range over 1.349
    (that of a normal), which one far figure such as 64.85 for petroleum cannot inflate. Services: the
    interval 2 to 8 read as 90%.

    Raises:
        BadInput: a sector without an elasticity.
    """
    sets = elasticity_sets(sectors)
    logs = np.log([theta for name, theta in sets.items() if name != "uniform4"])
    low, high = np.quantile(logs, [0.25, 0.75], axis=0)
    spread: Array = (high - low) / 1.349
    services = np.log(SERVICES_INTERVAL[1] / SERVICES_INTERVAL[0]) / (2 * 1.645)
    return np.where([code in SERVICES or code == "SERV" for code in sectors], services, spread)


@cache
def _rows() -> tuple[dict[str, str], ...]:
    table = files("tradetalks.world") / "data" / "elasticities.csv"
    return tuple(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
