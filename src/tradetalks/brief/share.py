"""The case as the other side or the public may see it: made smaller before anything is computed from it.

What is left out never reaches the page, whatever its template does: a team's limits, its own record, the odds and
outcomes of no deal that it assumes, its own figures, its notes, its packages, and every term that does not rest on
something public.
"""

from __future__ import annotations

from dataclasses import replace

from tradetalks.record.ledger import shipped
from tradetalks.value.assumptions import assumptions
from tradetalks.value.case import Case, NoDeal
from tradetalks.value.constraints import Limits
from tradetalks.value.package import NOTHING, Term


def reduced(case: Case) -> Case:
    """Return ``case`` without what is the team's own.

    What stays: title, parties, days, marking, seed, and the terms whose sources are public and whose size somebody
    named in public. No deal is the law as it stands; editions of the law that the team added are not read.
    """
    public = {entry.id for entry in shipped()}
    return replace(
        case,
        no_deal=(NoDeal("snap-back", 1.0, NOTHING),),
        terms=tuple(replace(term, note=None) for term in case.terms if _public(term, public)),
        packages=(),
        default_package=None,
        assumptions=assumptions({}, "assumptions"),
        constraints=dict.fromkeys(case.parties, Limits()),
        folder=None,
        hash="",
    )


def _public(term: Term, public: set[str]) -> bool:
    """Return whether the term rests on public sources alone, its size with them."""
    sources = [one.strip() for one in (term.source or "").split(";") if one.strip()]
    open_to_all = all(one.removeprefix("record:") in public if one.startswith("record:") else True for one in sources)
    return bool(sources) and open_to_all and term.size is None
