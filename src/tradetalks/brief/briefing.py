"""What a brief is made of: the facts of a case and the answers of the floors below."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date

from tradetalks.brief.geography import Geography
from tradetalks.brief.leverage import Leverage
from tradetalks.brief.negotiation import Negotiation
from tradetalks.brief.outcomes import NoDealOutcome
from tradetalks.brief.share import reduced
from tradetalks.brief.since import Changed
from tradetalks.ground.errors import BadInput
from tradetalks.ground.sources import Source, catalogue
from tradetalks.law.clock import Event, clock
from tradetalks.law.path import Path as RatePath
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import ledger
from tradetalks.value.answer import TermValue, ValueAnswer
from tradetalks.value.case import Case
from tradetalks.value.package import Term


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
    path: RatePath | None = None
    """The average US duty on the other party's goods through the year, as the law of the as-of day has it."""
    outcomes: tuple[NoDealOutcome, ...] = ()
    """Of no deal, the likeliest first."""
    geography: Geography | None = None
    """US duties by origin, and who gains and loses at no deal."""
    leverage: Leverage | None = None
    negotiation: Negotiation | None = None
    """Wants, frontier and advice; not in a shared brief."""
    changed: Changed | None = None
    """What changed since an earlier day or an earlier case."""
    shared: bool = False
    """Whether it is the version for the other side or the public."""
    givers: Mapping[str, str] = field(default_factory=dict)
    """Term -> the party that would give it, ISO3."""
    apportioned_from: tuple[int, ...] = ()
    """By package: the fewest draws from which its doubt can be apportioned to causes."""

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
    seat: str | None = None,
    share: bool = False,
    since: date | Case | None = None,
) -> Briefing:
    """Return the briefing of ``case``: everything the brief says, computed once.

    Args:
        case: the case.
        draws: draws behind the intervals, the engine's own number if None.
        progress: called with a sentence and the share done (0 to 1).
        output: the file named on the command line, for the command that remakes the page.
        seat: the party whose brief it is, the case's own if None.
        share: make the version for others, from a case without what is the team's own.
        since: an earlier day, or an earlier version of the case: the brief then says what has changed.

    Raises:
        BadInput: a term, a date or the record of the case is wrong, or ``seat`` is no party.
        NotConverged: an equilibrium was not found.
    """
    from tradetalks.brief.apportion import fewest
    from tradetalks.brief.geography import geography
    from tradetalks.brief.leverage import leverage
    from tradetalks.brief.negotiation import both_want, negotiable, negotiation
    from tradetalks.brief.outcomes import outcomes
    from tradetalks.brief.since import changed
    from tradetalks.value.answering import answer
    from tradetalks.value.baseline import STATUS_QUO
    from tradetalks.value.valuation import DRAWS, Valuation

    if seat is not None and seat not in case.parties:
        raise BadInput(f"--seat: {seat} is not one of the parties {' and '.join(case.parties)}")
    if share and since is not None:
        raise BadInput("--since: what changed is the team's own; leave it out of a brief that is shared")
    whole, case = case, reduced(case) if share else case
    case = replace(case, seat=seat or case.seat)
    say = progress or (lambda what, share: None)
    packages = case.packages or (case.package(),)
    parts = len(packages) + (1 if share else 2)
    part = 0

    def within(what: str, done: float) -> None:
        say(what, (part + min(done, 1.0)) / parts)

    valuation = Valuation(case, draws=DRAWS if draws is None else draws, progress=within)
    with ThreadPoolExecutor(1) as pool:
        # What hangs on neither terms nor packages runs beside them: leverage, and what both sides want.
        today = valuation.baselines[STATUS_QUO].duties
        lever = pool.submit(leverage, case, valuation.world, today)
        theirs = None if share or not negotiable(valuation) else pool.submit(both_want, case)
        answers = []
        for part, package in enumerate(packages):  # noqa: B007 (within reads it)
            answers.append(answer(valuation, package))
        # Most terms stand in a package and are valued there; only the rest is valued by itself.
        part = len(packages)
        valued = {term.id: term for one in answers for term in one.terms}
        rest = valuation.terms(term for term in case.terms if term.id not in valued)
        valued |= {term.id: term for term in rest}
        talks = None
        if theirs is not None:
            part = len(packages) + 1
            talks = negotiation(valuation, case.seat, within, theirs.result)
        where = geography(valuation, _new_year(case))
        found = lever.result()
    american = "USA" in case.parties
    name = case.name if share or case.folder is None else str(case.folder)
    options = [] if draws is None else ["--draws", str(draws)]
    options += [] if seat is None else ["--seat", seat]
    options += ["--share"] if share else []
    if since is not None:
        options += ["--since", since.isoformat() if isinstance(since, date) else str(since.folder or since.name)]
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
        events=tuple(clock(case.other("USA"), case.as_of)) if american else (),
        record=ledger(case.as_of, case.folder, case.parties),
        sources=catalogue(),
        command=shlex.join(["tradetalks", "brief", name, *options]),
        record_command=shlex.join(["tradetalks", "record", "list", name]),
        givers={term.id: _giver(term, case.parties) for term in case.terms},
        path=_path(case) if american else None,
        outcomes=outcomes(valuation, answers[0].rates),
        geography=where,
        leverage=found,
        negotiation=talks,
        changed=None if since is None else changed(whole, since),
        shared=share,
        apportioned_from=tuple(fewest(valuation, package) for package in packages) if valuation.draws else (),
    )


def _path(case: Case) -> RatePath:
    """Return the average US duty on the other party's goods, from the new year of the as-of day to the deadline."""
    from tradetalks.law.editions import of_case
    from tradetalks.law.path import rate_path

    with of_case(case.folder):
        return rate_path(case.other("USA"), _new_year(case), max(case.deadline, case.as_of), known=case.as_of)


def _new_year(case: Case) -> date:
    """Return the first day of the year of the as-of day, or of the law that is shipped."""
    from tradetalks.law.rates import BASE_DAY

    return max(BASE_DAY, date(case.as_of.year, 1, 1))


def _giver(term: Term, parties: tuple[str, str]) -> str:
    """Return who would give the term: whoever opens its market, buys, lends, moves its currency or holds."""
    for field_ in ("importer", "buyer", "lender", "party", "holder"):
        who = getattr(term.body, field_, None)
        if who in parties:
            return str(who)
    return parties[0]
