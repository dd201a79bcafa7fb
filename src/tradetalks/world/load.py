"""Opening the worlds that ship with the product."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.world.elasticity import DEFAULT_ELASTICITY, elasticity_sets
from tradetalks.world.world import World

#: The worlds that ship.
WORLDS: tuple[str, ...] = ("icio-2022",)

_DATA = files("tradetalks.world") / "data"


@cache
def load_world(name: str = "icio-2022") -> World:
    """Return the shipped world ``name``; the same immutable object on every call.

    Raises:
        BadInput: no such world.
    """
    if name not in WORLDS:
        raise BadInput(f"no world {name!r}; there is {', '.join(WORLDS)}{did_you_mean(name, WORLDS)}")
    with np.load(BytesIO((_DATA / f"{name}.npz").read_bytes()), allow_pickle=False) as stored:
        tables = {key: stored[key] for key in stored.files}
    sectors = tuple(str(code) for code in tables["sectors"])
    return World(
        name=name,
        year=int(tables["year"]),
        currency=str(tables["currency"]),
        regions=tuple(str(code) for code in tables["regions"]),
        sectors=sectors,
        flows=tables["flows"],
        input_use=tables["input_use"],
        value_added=tables["value_added"],
        tariffs=tables["tariffs"],
        tariff_known=tables["tariff_source"] > 0,
        elasticities=elasticity_sets(sectors),
        default_elasticity=DEFAULT_ELASTICITY,
        notes=tuple(str(line) for line in tables["notes"]),
        limits=tuple(str(line) for line in tables["limits"]),
        tariff_source=tables["tariff_source"],
    )
