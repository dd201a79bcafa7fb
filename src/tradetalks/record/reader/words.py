"""The word lists of the reader, from YAML to patterns, each read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tradetalks.ground.countries import COUNTRIES
from tradetalks.ground.files import parse_yaml

#: Governments whose people write the family name first, and those known by the given name.
FAMILY_FIRST = frozenset({"KOR", "CHN", "TWN", "VNM", "KHM", "HKG", "MMR"})
GIVEN_NAME = frozenset({"THA", "IDN", "MYS"})


def read(name: str) -> Any:
    """Return the content of the word list ``name`` (``acts``, ``issues``, ``people``, ``places``)."""
    path = files("tradetalks.record.reader") / "data" / f"{name}.yaml"
    return parse_yaml(path.read_text(encoding="utf-8"), f"{name}.yaml")


def any_of(words: Any) -> str:
    """Return a pattern that matches any of ``words``, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Places:
    """What stands for a government."""

    seats: dict[str, str]
    """A country, capital or building -> its government."""
    adjectives: dict[str, str]
    """``Japanese`` -> ``JPN``."""
    cities: dict[str, str]
    """Where texts come from; in a text they stand for nobody."""


@cache
def places() -> Places:
    """Return the words that name governments."""
    # Names that are also words or people stay out unless the list names them as a seat.
    seats = {one.name: code for code, one in COUNTRIES.items() if code not in ("JOR", "TCD", "GEO", "MLI", "NIU")}
    adjectives: dict[str, str] = {}
    cities: dict[str, str] = {}
    for row in read("places"):
        code = str(row["code"])
        seats |= dict.fromkeys(map(str, row["seats"]), code)
        seats |= {str(one): code for one in row.get("people", [])}
        adjectives |= dict.fromkeys(map(str, row["adjectives"]), code)
        cities |= dict.fromkeys(map(str, row.get("cities", [])), code)
    return Places(seats, adjectives, cities)


@cache
def people() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """Return (full name -> party, word the press uses) and (that word alone -> the same)."""
    full: dict[str, tuple[str, str]] = {}
    alone: dict[str, tuple[str, str]] = {}
    for row in read("people"):
        party = str(row["party"])
        for name in (*row["alone"], *row["named"]):
            full[name] = (party, family(name, party))
            if party == "JPN":
                full[" ".join(reversed(name.split()))] = full[name]
        for name in row["alone"]:
            alone[family(name, party)] = full[name]
        for name, word in row.get("also", {}).items():
            full[name] = alone[word] = (party, word)
    return full, alone


def family(name: str, party: str | None) -> str:
    """Return the part of a full name by which the press calls its bearer."""
    parts = [part for part in name.split() if part not in ("Jr", "Jr.", "Sr", "Sr.", "II", "III")] or name.split()
    if len(parts) > 1 and party in FAMILY_FIRST | GIVEN_NAME:
        return parts[0]
    small = next((n for n, part in enumerate(parts) if n and part in ("von", "van", "de", "da", "di")), len(parts) - 1)
    return " ".join(parts[small:])
