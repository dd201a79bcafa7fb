"""Build the outlines of the brief's world map: ``python tools/build_world_map.py countries-110m.json``.

The argument is the file of that name in the npm package ``world-atlas`` 2.0.2 (``npm pack world-atlas@2.0.2``):
Natural Earth's countries at 1:110 million, edition 4.1.0, as a topology (TopoJSON), in which two neighbours share the
arc between them. Writes ``src/tradetalks/brief/data/world_map.json``, a smaller topology of the same form:

- each arc simplified (Douglas and Peucker 1973) to a tenth of a degree, so that neighbours still meet, and rounded
  to a twentieth;
- every country under its ISO 3166-1 code; a territory without a code has none, and no figure on the map;
- Antarctica left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.countries import country
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import write_atomic

TABLE = Path(__file__).resolve().parent.parent / "src/tradetalks/brief/data/world_map.json"

#: Degrees: what an arc may lose, and the grid that its points are rounded to.
TOLERANCE, GRID = 0.1, 0.05

#: Names that the publisher shortens otherwise than we do.
NAMES = {
    "Bosnia and Herz.": "BIH",
    "Central African Rep.": "CAF",
    "Congo": "COG",
    "Dem. Rep. Congo": "COD",
    "Dominican Rep.": "DOM",
    "Eq. Guinea": "GNQ",
    "Falkland Is.": "FLK",
    "Fr. S. Antarctic Lands": "ATF",
    "Macedonia": "MKD",
    "Palestine": "PSE",
    "S. Sudan": "SSD",
    "Solomon Is.": "SLB",
    "W. Sahara": "ESH",
}

#: Territories that the publisher draws and that have no code of their own.
UNCODED = {"N. Cyprus", "Somaliland"}

Points = NDArray[np.float64]


def arcs(topology: dict[str, Any]) -> list[Points]:
    """Return the arcs in degrees, shape (points, 2): longitude, latitude."""
    scale, move = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + move for arc in topology["arcs"]]


def simplified(arc: Points, tolerance: float) -> Points:
    """Return ``arc`` without the points that lie within ``tolerance`` of the line through the others."""
    if len(arc) < 3:
        return arc
    way = arc[-1] - arc[0]
    length = float(np.hypot(*way))
    aside = arc - arc[0]
    off = np.abs(way[0] * aside[:, 1] - way[1] * aside[:, 0]) / length if length else np.hypot(*aside.T)
    far = int(off.argmax())
    if off[far] <= tolerance:
        return arc[[0, -1]]
    return np.vstack([simplified(arc[: far + 1], tolerance)[:-1], simplified(arc[far:], tolerance)])


def rounded(arc: Points) -> list[list[int]]:
    """Return ``arc`` on the grid, each point but the first as its step from the one before; no step is nothing."""
    kept = simplified(arc, TOLERANCE)
    # An island must stay a surface.
    kept = arc if len(kept) < 4 and np.array_equal(arc[0], arc[-1]) else kept
    places = np.rint((kept + np.array([180.0, 90.0])) / GRID).astype(int)
    steps = np.diff(places, axis=0, prepend=np.zeros((1, 2), dtype=int))
    moved = steps.any(axis=1)
    moved[0] = True
    return [[int(x), int(y)] for x, y in steps[moved]]


def code(name: str) -> str | None:
    """Return the ISO3 code of a territory of the publisher's."""
    if name in UNCODED:
        return None
    try:
        return NAMES.get(name) or country(name).iso3
    except BadInput as unknown:
        raise SystemExit(f"{name}: {unknown}") from None


def references(rings: Any) -> Iterator[int]:
    """Give the arcs that a geometry names, however deep; ``~n`` is arc n backwards."""
    for one in rings:
        if isinstance(one, int):
            yield one if one >= 0 else ~one
        else:
            yield from references(one)


def renumbered(rings: Any, place: dict[int, int]) -> Any:
    """Return a geometry's arcs by their new numbers."""
    if isinstance(rings, int):
        return place[rings] if rings >= 0 else ~place[~rings]
    return [renumbered(one, place) for one in rings]


def main(source: Path) -> None:
    whole = json.loads(source.read_text(encoding="utf-8"))
    lands = [one for one in whole["objects"]["countries"]["geometries"] if one["properties"]["name"] != "Antarctica"]
    used = sorted({arc for land in lands for arc in references(land["arcs"])})
    place = {old: new for new, old in enumerate(used)}
    found = arcs(whole)
    shapes = [
        {"type": land["type"], "id": code(land["properties"]["name"]), "arcs": renumbered(land["arcs"], place)}
        for land in lands
    ]
    topology = {
        "type": "Topology",
        "transform": {"scale": [GRID, GRID], "translate": [-180, -90]},
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": sorted(shapes, key=lambda shape: (shape["id"] is None, str(shape["id"]))),
            }
        },
        "arcs": [rounded(found[old]) for old in used],
    }
    write_atomic(TABLE, json.dumps(topology, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
