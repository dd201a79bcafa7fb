"""A grid of packages: every combination of the levels of some factors, each combination known by its number."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import prod
from typing import Any

from pydantic import Field

from tradetalks.ground.errors import BadInput
from tradetalks.ground.fields import Strict, validated
from tradetalks.ground.files import parse_yaml
from tradetalks.value.case import Case
from tradetalks.value.measures import MEASURES
from tradetalks.value.package import Package, Term, inline, package_of

#: Columns of a sweep's table besides the factors.
COLUMNS = ("row", "draw", "party", "against", *MEASURES, "problem")

#: Where a value goes in the ``term`` of a factor with ``values``.
SLOT = "{}"

#: The level of a factor without any term.
NONE = "none"


class _Range(Strict):
    term: str
    values: list[float] = Field(min_length=1)


class _GridFile(Strict):
    schema_: int = Field(alias="schema", ge=1, le=1)
    draws: int = Field(default=200, ge=0, le=100_000)
    factors: dict[str, Any] = Field(min_length=1)


@dataclass(frozen=True)
class Level:
    """One setting of a factor."""

    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Grid:
    """Factors with their levels; a row is one level of each, the last factor moving fastest."""

    factors: dict[str, tuple[Level, ...]]
    draws: int
    hash: str
    """First 12 hex digits of the SHA-256 of its file."""

    def __len__(self) -> int:
        return prod(len(levels) for levels in self.factors.values())

    def row(self, number: int) -> dict[str, Level]:
        """Return the level of each factor in row ``number``."""
        chosen = {}
        for name, levels in reversed(self.factors.items()):
            number, place = divmod(number, len(levels))
            chosen[name] = levels[place]
        return dict(reversed(chosen.items()))

    def package(self, number: int) -> Package:
        """Return the package of row ``number``; a term that two factors name stands in it once."""
        chosen = self.row(number)
        once = {term.id: term for level in chosen.values() for term in level.terms}
        return package_of(once.values(), ", ".join(f"{name}: {level.name}" for name, level in chosen.items()))


def parse_grid(text: str, where: str, case: Case) -> Grid:
    """Return the grid in the YAML ``text``; terms are ids of ``case`` or written in a line.

    Raises:
        BadInput: a factor has no such form; ``where`` names the file.
    """
    file = validated(_GridFile, parse_yaml(text, where), where)
    factors = {name: _levels(levels, case, f"{where}: factors: {name}") for name, levels in file.factors.items()}
    taken = next((name for name in factors if name in COLUMNS), None)
    if taken:
        raise BadInput(f"{where}: factors: {taken!r} is a column of the output; give the factor another name")
    return Grid(factors, file.draws, hashlib.sha256(text.encode()).hexdigest()[:12])


def _levels(given: Any, case: Case, where: str) -> tuple[Level, ...]:
    if isinstance(given, dict):
        span = validated(_Range, given, where)
        if SLOT not in span.term:
            raise BadInput(f"{where}: term: {span.term!r} has no {SLOT} where the values go")
        lines = [span.term.replace(SLOT, f"{value:g}") for value in span.values]
        found = [Level(line, (inline(line),)) for line in lines]
    elif isinstance(given, list) and given:
        found = [_level(entry, case, f"{where}[{number}]") for number, entry in enumerate(given)]
    else:
        raise BadInput(
            f"{where}: a factor is a list of levels ({NONE}, a term, or a list of terms), "
            f"or a term with {SLOT} and its values"
        )
    names = [level.name for level in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadInput(f"{where}: the level {twice!r} stands twice; each combination is computed once")
    return tuple(found)


def _level(entry: Any, case: Case, where: str) -> Level:
    words = [entry] if isinstance(entry, str) else entry
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadInput(f"{where}: a level is {NONE}, a term, or a list of terms, not {entry!r}")
    if words == [NONE]:
        return Level(NONE, ())
    try:
        return Level(" + ".join(words), tuple(case.term(word) for word in words))
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
