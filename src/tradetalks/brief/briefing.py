"""What a brief is made of: the facts of a case and the answers of the floors below."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tradetalks.ground.sources import Source, catalogue
from tradetalks.law.clock import Event, clock
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import ledger
from tradetalks.value.answer import TermValue, ValueAnswer
from tradetalks.value.case import Case


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
    record_command: str
    """The command that lists the whole record."""

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


def assemble(
    case: Case,
    draws: int | None = None,
    progress: Callable[[str, float], None] | None = None,
    output: str | None = None,
) -> Briefing:
    """Return the briefing of ``case``: its terms and packages valued, the clock, the record, the sources.

    Args:
        case: the case.
        draws: draws behind the intervals, the engine's own number if None.
        progress: called with a sentence and the share done (0 to 1).
        output: the file named on the command line, for the command that remakes the page.

    Raises:
        BadInput: a term, a date or the record of the case is wrong.
        NotConverged: an equilibrium was not found.
    """
    from tradetalks.value.valuation import DRAWS, Valuation

    say = progress or (lambda what, share: None)
    packages = case.packages or (case.package(),)
    steps = len(packages) + 1
    step = 0

    def within(what: str, share: float) -> None:
        say(what, (step + min(share, 1.0)) / steps)

    valuation = Valuation(case, draws=DRAWS if draws is None else draws, progress=within)
    answers = []
    for step, package in enumerate(packages):  # noqa: B007 (within reads it)
        answers.append(valuation.answer(package))
    # Most terms stand in a package and are valued there; only the rest is valued by itself.
    step = len(packages)
    valued = {term.id: term for answer in answers for term in answer.terms}
    rest = valuation.terms(term for term in case.terms if term.id not in valued)
    valued |= {term.id: term for term in rest}
    reference = str(case.folder) if case.folder else case.name
    options = [] if draws is None else ["--draws", str(draws)]
    options += [] if output is None else ["-o", output]
    return Briefing(
        name=case.name,
        title=case.title,
        parties=case.parties,
        seat=case.seat,
        as_of=case.as_of,
        deadline=case.deadline,
        marking=case.marking,
        seed=case.seed,
        hash=case.hash,
        terms=tuple(valued[term.id] for term in case.terms),
        packages=tuple(answers),
        events=tuple(clock(case.other("USA"), case.as_of)) if "USA" in case.parties else (),
        record=ledger(case.as_of, case.folder, case.parties),
        sources=catalogue(),
        command=shlex.join(["tradetalks", "brief", reference, *options]),
        record_command=shlex.join(["tradetalks", "record", "list", reference]),
    )
