"""What is on the table between two governments: the things that a question can be about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tradetalks.talks.stakes import LAW_OF, gives, stakes, units
from tradetalks.value.case import Case


@dataclass(frozen=True)
class Thing:
    """Something that one side may give the other."""

    words: str
    """What it is, in words for the side that wants it."""
    size: str
    """The same, with its size."""
    issue: str
    """The issue that it moves most."""
    stakes: Mapping[str, float]
    """Units of each issue that it gives the party; below zero where the party gives it."""

    @property
    def got(self) -> bool:
        """Whether the party gets it."""
        return self.stakes[self.issue] > 0


def on_table(case: Case, party: str, listed: Collection[str]) -> tuple[Thing, ...]:
    """Return what ``party`` and the other side of ``case`` can give each other.

    In talks with the United States a unit of each issue of ``listed``; in other talks the terms of the case, since the
    issues were drawn up for talks with the United States. A case without such terms has the issues all the same.
    """
    if LAW_OF not in case.parties:
        moved = [(term.title, stakes(term, party)) for term in case.terms]
        found = [
            Thing(f'"{title}"', f'"{title}"', max(units_, key=lambda one: abs(units_[one])), units_)
            for title, units_ in moved
            if units_ and set(units_) <= set(listed)
        ]
        if len({thing.got for thing in found}) == 2:
            return tuple(found)
    other = case.other(party)
    return tuple(
        Thing(unit.words, unit.unit, name, {name: sign})
        for name, unit in units().items()
        for sign, wanted in ((1.0, gives(other, party, name)), (-1.0, gives(party, other, name)))
        if name in listed and wanted
    )
