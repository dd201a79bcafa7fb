"""The office: the case on the desk with what has been worked out about it, anew where the case has changed."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from tradetalks.app.desk import Desk
from tradetalks.value.case import Case

if TYPE_CHECKING:
    from tradetalks.app.worker import Job, Jobs, Player
    from tradetalks.brief.briefing import Briefing
    from tradetalks.brief.negotiation import Negotiation
    from tradetalks.talks.deals.shapes import Deal
    from tradetalks.talks.wants.answer import WantsAnswer
    from tradetalks.talks.wants.posterior import Wants


@dataclass(frozen=True)
class Written:
    """A brief: what it says, and its page."""

    briefing: Briefing
    html: str


@dataclass(eq=False)
class View:
    """One version of the case and what is known of it."""

    case: Case
    player: Player
    jobs: Jobs
    before: View | None = None
    """The version before the last edit, to show what the edit moved."""

    def wants(self, party: str, *, first: bool = True) -> Job:
        """Return the job that finds what ``party`` wants, a :class:`WantsAnswer`."""
        return self.jobs.job(f"wants {party}", lambda job: self._wants(party, job), first=first)

    def negotiation(self, *, first: bool = True) -> Job:
        """Return the job that finds the frontier and the offers, a :class:`Negotiation` or None."""
        return self.jobs.job("deals", self._negotiation, first=first)

    def brief(self, *, shared: bool = False) -> Job:
        """Return the job that writes the brief, or the version for others; a :class:`Written`."""
        return self.jobs.job("brief to share" if shared else "brief", lambda job: self._brief(shared, job), first=True)

    def deal(self, terms: Set[str]) -> Deal | None:
        """Return the package of ``terms`` (ids) as Deals shows it, if it stands there and is known already."""
        job = self.jobs.known("deals")
        if job is None or job.result is None:
            return None
        answer = job.result.deals
        every = (*answer.frontier, *(own.deal for own in answer.case_packages))
        return next((deal for deal in every if set(deal.terms) == terms), None)

    def posterior(self, party: str) -> Wants | None:
        """Return the posterior of ``party`` if it is there already."""
        job = self.jobs.known(f"wants {party}")
        return job.result[0] if job and job.result else None

    def _wants(self, party: str, job: Job) -> tuple[Wants, WantsAnswer]:
        from tradetalks.talks.wants.answer import answer
        from tradetalks.talks.wants.posterior import wants

        job.progress("reading the record", 0.1)
        # A seed each, as for the frontier: the two posteriors are drawn apart.
        found = wants(self.case, party, seed=self.case.seed + self.case.parties.index(party))
        job.progress("what each entry does", 0.6)
        return found, answer(self.case, found)

    def _negotiation(self, job: Job) -> Negotiation | None:
        from tradetalks.brief.negotiation import negotiation
        from tradetalks.value.valuation import Valuation

        return negotiation(Valuation(self.case), self.case.seat, job.progress)

    def _brief(self, shared: bool, job: Job) -> Written:
        from tradetalks.brief.briefing import assemble
        from tradetalks.brief.page import page

        briefing = assemble(self.case, None, job.progress, share=shared)
        return Written(briefing, page(briefing))


class Office:
    """The desk, and the view of the case that lies on it."""

    def __init__(self, reference: str, home: Path) -> None:
        self.desk = Desk(reference, home)
        self._lock = Lock()
        self._view: View | None = None

    def known(self) -> View | None:
        """Return the view of the case if nothing has changed on disk since it was made; at once."""
        return self._view if self._view is not None and self.desk.unchanged(self._view.case) else None

    def view(self) -> View:
        """Return the view of the case as it is on disk now.

        Raises:
            BadInput: the case cannot be read.
        """
        from tradetalks.app.worker import Jobs, Player

        case = self.desk.look()
        with self._lock:
            old = self._view
            if old is not None and old.case.hash == case.hash and old.case.folder == case.folder:
                return old
            same_play = old is not None and _played(old.case) == _played(case)
            player = old.player if old is not None and same_play else Player(case)
            if old is not None:
                old.jobs.close()
                if not same_play:
                    old.player.close()
                old.before = None
            self._view = View(case, player, Jobs(), before=old)
            # What the pages will ask for, begun before they do; after an edit the frontier waits to be asked for.
            for party in (case.other(case.seat), case.seat):
                self._view.wants(party, first=False)
            if old is None:
                self._view.negotiation(first=False)
            return self._view

    def close(self, patience: float = 0.0) -> None:
        """Begin nothing more, and await what runs for up to ``patience`` seconds."""
        with self._lock:
            if self._view is not None:
                self._view.jobs.close(patience)
                self._view.player.close(patience)


def _played(case: Case) -> tuple[Any, ...]:
    """Return what moves depend on: the case and its law, not its record."""
    law = [] if case.folder is None else sorted((case.folder / "law").rglob("*"))
    return (replace(case, hash="", folder=None), tuple((str(path), path.stat().st_mtime_ns) for path in law))
