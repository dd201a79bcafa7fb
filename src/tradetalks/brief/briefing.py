"""What a brief is made of: the facts of a case and the answers of the floors below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tradetalks.ground.sources import Source
from tradetalks.law.clock import Event
from tradetalks.record.entry import Entry
from tradetalks.value.answer import TermValue, ValueAnswer


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything the page shows; the page computes nothing but sums and averages of it."""

    name: str
    title: str
    parties: tuple[str, str]
    """ISO3 codes."""
    seat: str
    """The party whose brief it is."""
    as_of: date
    deadline: date
    marking: str
    seed: int
    hash: str
    """Digest of the case's folder."""
    terms: tuple[TermValue, ...]
    """Every term of the case, in its order."""
    packages: tuple[ValueAnswer, ...]
    """At least one; what they share (no deal, rates, reconciliation) is read from the first."""
    events: tuple[Event, ...]
    """Dates in law known on the as-of day, by date."""
    record: tuple[Entry, ...]
    """What was known to be said and done by the as-of day, by the day it became known."""
    sources: Mapping[str, Sequence[Source]]
    """Provenance of the shipped tables by floor."""
    command: str
    """The command that remakes the page."""

    @property
    def other(self) -> str:
        """The counterpart of the seat, ISO3."""
        return next(party for party in self.parties if party != self.seat)

    @property
    def sides(self) -> tuple[str, str]:
        """Seat, then counterpart."""
        return self.seat, self.other

    @property
    def days_left(self) -> int:
        """Days from the as-of day to the deadline."""
        return (self.deadline - self.as_of).days
