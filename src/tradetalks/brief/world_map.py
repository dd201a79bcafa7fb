"""The world map: a figure for each country by classes that differ in lightness, the two parties outlined.

Equal Earth projection (Savric, Patterson and Jenny 2018), so that areas compare; outlines by Natural Earth.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import altair as alt

from tradetalks.brief.charts import INK, MUTED, OTHER, SEAT, WIDTH, drawn
from tradetalks.brief.document import Picture
from tradetalks.brief.geography import OriginDuty, RegionGain
from tradetalks.brief.words import name, nation, series
from tradetalks.ground.countries import EU27

#: What the source line of a map says of its outlines.
OUTLINES = (
    "Outlines: Natural Earth, 1:110 million, simplified; as the publisher draws them, which says nothing about whose a "
    "territory is. Small countries stand in the table only."
)

#: Lower ends of the classes of a duty, per cent, and their colours: even steps of lightness.
DUTIES = (0.0, 5.0, 10.0, 15.0, 20.0, 40.0)
RAMP = ("#edf2f7", "#c9d6e4", "#9fb5ce", "#7190b4", "#436795", "#14365d")

#: Lower ends of the classes of a loss of real income, per cent; a gain by as much as the first is dotted.
LOSSES = (0.02, 0.1, 0.3, 1.0)

HATCH, DOTS = "url(#hatch)", "url(#dots)"

#: Textures that the two ends of grey do not have: hatched is unknown, dotted is a gain.
_TEXTURES = (
    '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="4" height="4" fill="#ffffff"/><rect width="0.9" height="4" fill="#aab3bc"/></pattern>'
    '<pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<rect width="4" height="4" fill="#ffffff"/><circle cx="2" cy="2" r="1.1" fill="#14365d"/></pattern></defs>'
)


#: Longitude and latitude, degrees.
Point = tuple[float, float]

#: Degrees of longitude: a country wider than that has its name within, one beyond that its name on the right.
WIDE, EASTERN = 50.0, 60.0


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the key, from light to dark."""

    label: str
    fill: str


def duty_map(duties: Sequence[OriginDuty], importer: str, sides: tuple[str, str]) -> Picture:
    """Return the average duty of ``importer`` by origin."""
    ends = [f"{end:.0f}" for end in DUTIES]
    labels = [f"under {ends[1]}", *(f"{low} to {high}" for low, high in pairwise(ends[1:]))]
    labels.append(f"{ends[-1]} and more")
    classes = [Class(label, fill) for label, fill in zip(labels, RAMP, strict=True)]
    own = Class(nation(importer), "#ffffff")
    shown = {one.origin: classes[_place(one.today_pct, DUTIES)] for one in duties} | {importer: own}
    title = f"Average duty of {nation(importer)} by origin, per cent"
    return _map(shown, classes, title, sides)


def gains_map(gains: Sequence[RegionGain], sides: tuple[str, str]) -> Picture:
    """Return who gains and loses real income at no deal."""
    ends = [f"{end:g}" for end in LOSSES]
    labels = [f"{low} to {high}" for low, high in pairwise(ends)]
    gain, still = Class(f"gains over {ends[0]}", DOTS), Class(f"less than {ends[0]}", RAMP[0])
    losses = [*(f"loses {label}" for label in labels), f"loses over {ends[-1]}"]
    steps = [still, *(Class(label, fill) for label, fill in zip(losses, RAMP[2:], strict=True))]
    shown = {
        one.region: gain if one.welfare_pct > LOSSES[0] else steps[_place(-one.welfare_pct, (0.0, *LOSSES))]
        for one in gains
        if one.region != "ROW"
    }
    return _map(shown, [gain, *steps], "No deal against today: real income, per cent", sides)


def _place(value: float, ends: Sequence[float]) -> int:
    """Return the class of ``value``: the last whose lower end it reaches, the first for less."""
    return max((place for place, end in enumerate(ends) if value >= end), default=0)


def _map(shown: Mapping[str, Class], classes: Sequence[Class], title: str, sides: tuple[str, str]) -> Picture:
    """Return countries in the fill of their class, which ``classes`` gives in the order of the key.

    Who has no figure is hatched, the two parties are outlined and named.
    """
    unknown = Class("no figure", HATCH)
    key = [*classes, unknown]
    known = list(dict.fromkeys([*key, *shown.values()]))
    fills = {land: one for code, one in shown.items() for land in _lands(code)}
    topology = _topology()
    shapes = topology["objects"]["countries"]["geometries"]
    lands = [{**one, "properties": {"class": fills.get(one["id"], unknown).label}} for one in shapes]
    color = alt.Color(
        "properties.class:N",
        scale=alt.Scale(domain=[one.label for one in known], range=[one.fill for one in known]),
        legend=alt.Legend(
            values=[one.label for one in key], title=None, orient="bottom", direction="horizontal", columns=4,
            symbolType="square", symbolSize=130, symbolStrokeColor=MUTED, symbolStrokeWidth=0.5, labelFontSize=11.5,
            labelColor=INK, columnPadding=14, rowPadding=3, offset=6,
        ),
    )  # fmt: skip
    countries = {**topology, "objects": {"countries": {"type": "GeometryCollection", "geometries": lands}}}
    data = alt.NamedData(name="countries", format=alt.TopoDataFormat(type="topojson", feature="countries"))
    layers = [alt.Chart(data).mark_geoshape(stroke=MUTED, strokeWidth=0.3).encode(color=color)]
    strokes = dict(zip(sides, (SEAT, OTHER), strict=True))
    for side in reversed(sides):
        layers += _outlined(side, strokes[side])
    for side in sides:
        layers += _named(side)
    chart = alt.layer(*layers).project("equalEarth").properties(width=WIDTH, height=round(0.46 * WIDTH))
    members = {one.label: [code for code, its in shown.items() if its is one] for one in classes}
    said = [f"{label}: {series([name(code) for code in codes])}" for label, codes in members.items() if codes]
    svg = drawn(chart, {"countries": countries})
    return Picture(svg.replace(">", ">" + _TEXTURES, 1), title, "; ".join(said) + ".")


def outline(party: str) -> list[list[Point]]:
    """Return the border and coast of ``party`` as lines in degrees: the arcs that its lands use once."""
    used = Counter(arc for polygon in _polygons(party) for arc in _arcs(polygon))
    return [_degrees(arc) for arc, times in used.items() if times == 1]


def is_drawn(party: str) -> bool:
    """Return whether ``party`` is large enough for the map."""
    return bool(_polygons(party))


def _outlined(party: str, stroke: str) -> list[alt.Chart]:
    """Return the outline of ``party``, white beneath so that it stands out from any fill."""
    lines = {"type": "MultiLineString", "coordinates": outline(party)}
    border = alt.Chart(alt.InlineData(values=[{"type": "Feature", "geometry": lines, "properties": {}}]))
    return [
        border.mark_geoshape(filled=False, stroke=colour, strokeWidth=width, strokeJoin="round")
        for width, colour in ((2.4, "#ffffff"), (1.1, stroke))
    ]


def _named(party: str) -> list[alt.Chart]:
    """Return the name of ``party``: within a large country, else beside it, on the side of an ocean."""
    if not is_drawn(party):
        return []
    # What lies overseas does not count: of each land its largest part.
    boxes = [
        max((_box(polygon) for polygon in _polygons(land)), key=_size) for land in _lands(party) if _polygons(land)
    ]
    west, south, east, north = (
        pick(ends) for pick, ends in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)
    )
    wide = east - west > WIDE
    eastward = west > EASTERN
    at = {"lon": 0.5 * (west + east) if wide else east if eastward else west, "lat": 0.5 * (south + north)}
    place: dict[str, Any] = {"align": "center" if wide else "left" if eastward else "right"}
    place |= {"dx": 0 if wide else 5 if eastward else -5, "baseline": "middle", "fontSize": 11, "fontWeight": "bold"}
    base = alt.Chart(alt.InlineData(values=[{**at, "name": name(party)}]))
    base = base.encode(longitude="lon:Q", latitude="lat:Q", text="name:N")
    under = base.mark_text(**place, color="white", stroke="white", strokeWidth=3, strokeJoin="round")
    return [under, base.mark_text(**place, color=INK)]


def _box(polygon: Any) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a polygon, degrees."""
    longitudes, latitudes = zip(*(point for arc in _arcs(polygon) for point in _degrees(arc)), strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _size(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _polygons(party: str) -> list[Any]:
    """Return the polygons of the lands of ``party``, each as its rings of arcs."""
    lands = set(_lands(party))
    shapes = [one for one in _topology()["objects"]["countries"]["geometries"] if one["id"] in lands]
    return [polygon for one in shapes for polygon in (one["arcs"] if one["type"] == "MultiPolygon" else [one["arcs"]])]


def _lands(code: str) -> tuple[str, ...]:
    return EU27 if code == "EU" else (code,)


def _arcs(rings: Any) -> Iterator[int]:
    for one in rings:
        if isinstance(one, int):
            yield one if one >= 0 else ~one
        else:
            yield from _arcs(one)


def _degrees(arc: int) -> list[Point]:
    topology = _topology()
    (across, along), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    line, x, y = [], 0, 0
    for step in topology["arcs"][arc]:
        x, y = x + step[0], y + step[1]
        line.append((round(left + across * x, 2), round(low + along * y, 2)))
    return line


@cache
def _topology() -> dict[str, Any]:
    text = (files("tradetalks.brief") / "data" / "world_map.json").read_text(encoding="utf-8")
    topology: dict[str, Any] = json.loads(text)
    return topology
