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
from tradetalks.value.draws import NOTHING
from tradetalks.value.package import Term


def reduced(case: Case) -> Case:
    """Return ``case`` without what is the team's own.

    What stays: title, parties, days, marking, seed, and the terms whose source is an entry of the shipped record or
    an address on the web. No deal is the law as it stands. The name loses the folder, the law its own editions.
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
    sources = [one.strip() for one in (term.source or "").split(";")]
    return all(
        one.startswith(("https://", "http://")) or one.removeprefix("record:") in public for one in sources if one
    ) and bool(term.source)
