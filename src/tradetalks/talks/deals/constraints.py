"""Ratification: which packages each side's limits forbid, and why."""

from __future__ import annotations

from collections.abc import Mapping

from tradetalks.record.issues import issue
from tradetalks.talks.stakes import case_reference, stakes
from tradetalks.value.case import Case
from tradetalks.value.constraints import Limits
from tradetalks.value.package import Package, Term
from tradetalks.value.terms import Purchases


def limits_of(case: Case) -> Mapping[str, Limits]:
    """Return both parties' limits, their issues checked.

    Raises:
        BadInput: a veto names an issue that does not exist.
    """
    for own in case.constraints.values():
        for name in own.veto:
            issue(name)
    return case.constraints


def forbidden(case: Case, term: Term) -> str | None:
    """Return why some party cannot sign a deal that holds ``term``, or ``None``."""
    for party, own in limits_of(case).items():
        if term.id in own.never:
            return f"a red line of {party}"
        given = stakes(term, party, case_reference(case.deadline, case.as_of))
        for name in own.veto:
            if given.get(name, 0.0) < 0.0:
                return f"{party} has a veto on {issue(name).title.casefold()}"
    return None


def refusals(case: Case, package: Package) -> dict[str, tuple[str, ...]]:
    """Return, for each party, why it cannot ratify ``package``: one reason a limit that is broken."""
    found = {}
    reference = case_reference(case.deadline, case.as_of)
    inside = {term.id: term.title for term in package.terms}
    for party, own in limits_of(case).items():
        reasons = [f"red line: {inside[name]}" for name in own.never if name in inside]
        for name in own.veto:
            lost = [term.title for term in package.terms if stakes(term, party, reference).get(name, 0.0) < 0.0]
            reasons += [f"veto on {issue(name).title.casefold()}: {title}" for title in lost]
        for names in own.only_with:
            if not inside.keys() & set(names):
                reasons.append(f"red line: no deal without {' or '.join(case.term(name).title for name in names)}")
        spent = sum(bought(term, party) for term in package.terms)
        if own.budget_usd_bn is not None and spent > own.budget_usd_bn + 1e-9:
            reasons.append(f"budget: {spent:g} billion dollars a year promised, {own.budget_usd_bn:g} at most")
        found[party] = tuple(reasons)
    return found


def bought(term: Term, party: str) -> float:
    """Return what ``party`` promises in ``term`` to buy, billion dollars a year."""
    body = term.body
    return body.amount_usd_bn / body.years if isinstance(body, Purchases) and body.buyer == party else 0.0
