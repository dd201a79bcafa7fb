"""The world map: its outlines, its classes in grey, who is outlined, and what stands in words beside it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise

import pytest

from test_brief import Reader, briefing, words  # noqa: F401 (briefing is a fixture)
from tradetalks.brief import world_map
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.compose import document
from tradetalks.brief.document import Figures, Table
from tradetalks.brief.geography import Geography, OriginDuty, RegionGain
from tradetalks.brief.page import page
from tradetalks.brief.sections.stand import stand
from tradetalks.ground.countries import COUNTRIES, EU27
from tradetalks.world.load import load_world

TOPOLOGY = json.loads((files("tradetalks.brief") / "data" / "world_map.json").read_text(encoding="utf-8"))
SHAPES = TOPOLOGY["objects"]["countries"]["geometries"]


def lightness(colour: str) -> float:
    """Return CIE L* of a colour, 0 (black) to 100 (white)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    ]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116.0 * luminance ** (1 / 3) - 16.0 if luminance > 0.008856 else 903.3 * luminance


def fills(svg: str) -> list[str]:
    """Return the fills of the countries, in the order of the topology."""
    return re.findall(r'<path [^>]*aria-roledescription="geoshape"[^>]*? fill="([^"]+)"[^>]*stroke-width="0.3"', svg)


def fill_of(svg: str, code: str) -> str:
    found = fills(svg)
    assert len(found) == len(SHAPES)
    return found[[shape["id"] for shape in SHAPES].index(code)]


def test_the_outlines_are_those_of_countries_and_small() -> None:
    codes = [shape["id"] for shape in SHAPES if shape["id"] is not None]
    assert len(codes) == len(set(codes))
    assert set(codes) <= set(COUNTRIES)
    assert len([shape for shape in SHAPES if shape["id"] is None]) == 2, "Northern Cyprus and Somaliland"
    # What the world table tells apart and the map does not: two city states and two islands.
    absent = set(load_world().regions) - set(codes) - {"ROW"}
    assert absent == {"HKG", "MLT", "SGP", "STP"}
    assert len(json.dumps(TOPOLOGY)) < 100_000


def test_a_country_lies_where_it_should() -> None:
    for code, west, south, east, north in (("JPN", 128, 30, 146, 46), ("NZL", 166, -48, 179, -34)):
        points = [point for line in world_map.outline(code) for point in line]
        assert west <= min(x for x, _ in points) < max(x for x, _ in points) <= east
        assert south <= min(y for _, y in points) < max(y for _, y in points) <= north


def test_a_bloc_is_outlined_without_its_inner_borders() -> None:
    lines = {code: [tuple(line) for line in world_map.outline(code)] for code in ("FRA", "DEU", "CHE")}
    shared = set(lines["FRA"]) & set(lines["DEU"])
    assert shared, "the two have one border in common"
    bloc = {tuple(line) for line in world_map.outline("EU")}
    assert not shared & bloc
    assert set(lines["DEU"]) & set(lines["CHE"]) <= bloc
    assert not world_map.is_drawn("SGP")


def test_classes_differ_in_grey() -> None:
    steps = [lightness(colour) for colour in world_map.RAMP]
    assert all(before - after > 9.0 for before, after in pairwise(steps))


@pytest.mark.parametrize(
    ("rate", "place"),
    [(0.0, 0), (4.99, 0), (5.0, 1), (10.0, 2), (14.9, 2), (15.0, 3), (39.9, 4), (40.0, 5), (145.0, 5)],
)
def test_a_duty_has_the_fill_of_its_class(rate: float, place: int) -> None:
    svg = world_map.duty_map([OriginDuty("BRA", 40.0, 1.0, rate, rate)], "USA", ("JPN", "USA")).svg
    assert fill_of(svg, "BRA") == world_map.RAMP[place]
    assert fill_of(svg, "ARG") == world_map.HATCH, "no figure is no colour"
    assert fill_of(svg, "USA") == "#ffffff"


def test_a_gain_is_dotted_and_a_loss_the_darker_the_larger() -> None:
    found = [
        RegionGain("BRA", 0.03, 1.0),
        RegionGain("IND", 0.01, 1.0),
        RegionGain("AUS", -0.01, -1.0),
        RegionGain("CHN", -0.05, -1.0),
        RegionGain("EU", -0.2, -1.0),
        RegionGain("KAZ", -0.5, -1.0),
        RegionGain("VNM", -1.5, -1.0),
        RegionGain("ROW", -3.0, -1.0),
    ]
    picture = world_map.gains_map(found, ("EU", "USA"))
    shown = [fill_of(picture.svg, code) for code in ("BRA", "IND", "AUS", "CHN", "DEU", "KAZ", "VNM")]
    ramp = world_map.RAMP
    assert shown == [world_map.DOTS, ramp[0], ramp[0], *ramp[2:]]
    assert {fill_of(picture.svg, code) for code in EU27 if world_map.is_drawn(code)} == {ramp[3]}
    assert fill_of(picture.svg, "MNG") == world_map.HATCH, "the rest of the world is not told apart"
    assert "loses over 1: Vietnam" in picture.description


def test_the_map_stands_with_its_words_and_its_table(briefing: Briefing) -> None:  # noqa: F811
    blocks = stand(briefing).blocks
    assert any(isinstance(one, Figures) and "by origin" in one.pictures[0].title for one in blocks)
    table = next(one for one in blocks if isinstance(one, Table) and one.key == "duties-by-origin")
    assert [row[0].text for row in table.rows] == ["EU", "China", "Japan", "Singapore"]
    assert table.total is not None
    assert table.total[3].numbers[0] == pytest.approx((560 * 9.0 + 418 * 108.8 + 145 * 13.8 + 38 * 3.4) / 1161)
    said = words(Reader(page(briefing)))
    assert "Of the 3 other origins with a figure 2 pay less; they supply 59% of what the others sell" in said
    assert "goods from Japan pay 22.4%, and 2 origins with 59% of these sales pay less." in said
    assert "Besides the two, Vietnam (−1.5%) loses most" in said
    assert "Canada (+0.060%) gains most" in said, "Malta moves too little money to be named"
    assert "Outlines: Natural Earth" in said


def test_without_law_there_is_no_map_of_duties(briefing: Briefing) -> None:  # noqa: F811
    bare = replace(briefing, geography=Geography(briefing.as_of, (), ()))
    assert not [table for table in document(bare).tables() if table.key == "duties-by-origin"]


def test_a_party_without_a_rate_of_its_own_is_said_to_have_none(briefing: Briefing) -> None:  # noqa: F811
    found = briefing.geography
    assert found is not None
    few = replace(found, duties=tuple(one for one in found.duties if one.origin != "JPN"))
    said = words(Reader(page(replace(briefing, geography=few))))
    assert "For Japan there is no average of its own" in said
