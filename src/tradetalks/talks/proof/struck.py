"""Deals as outcomes: when they were struck, with whom, what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tradetalks.ground.errors import BadInput
from tradetalks.record.deals import Commitment, Deal
from tradetalks.record.issues import issues
from tradetalks.talks.proof.amounts import Kind
from tradetalks.talks.stakes import YEARS

#: The deals of the record are this government's.
ASKER = "USA"
#: Statuses of a deal that was struck, however far it came later.
STRUCK = ("announced", "agreed", "in force")


def struck_on(deal: Deal) -> date | None:
    """Return the day on which it became known that the deal was struck; ``None`` if it was not."""
    return next((stage.known_from for stage in deal.stages if stage.status in STRUCK), None)


def struck_by(deals: Sequence[Deal], as_of: date) -> tuple[Deal, ...]:
    """Return the deals struck by ``as_of``, each as that day knew it, in the order they became known."""
    seen = [deal.known(as_of) for deal in deals]
    found = [deal for deal in seen if deal is not None and struck_on(deal) is not None]
    return tuple(sorted(found, key=lambda deal: (struck_on(deal), deal.id)))


def eve(deal: Deal) -> date:
    """Return the day before the deal was struck: the last on which it could be forecast."""
    on = struck_on(deal)
    if on is None:
        raise BadInput(f"{deal.id}: it was never struck; there is nothing to forecast")
    return on - timedelta(days=1)


def partner(deal: Deal) -> str:
    """Return the party that is not the United States."""
    if ASKER not in deal.parties:
        raise BadInput(f"{deal.id}: parties are {' and '.join(deal.parties)}; forecasts are of deals with {ASKER}")
    return deal.parties[1] if deal.parties[0] == ASKER else deal.parties[0]


def held(deal: Deal) -> frozenset[str]:
    """Return the issues that the deal holds a term on."""
    return frozenset(term.issue for term in deal.terms)


def surprised(deal: Deal) -> bool | None:
    """Return whether the deal holds an issue that its eve did not list; ``None`` where the list was not half full."""
    listed = {issue.id for issue in issues(eve(deal))}
    return bool(held(deal) - listed) if 2 * len(listed) >= len(issues()) else None


def pledged(deal: Deal, kind: Kind) -> float | None:
    """Return what the deal pledges of ``kind``, USD bn (a year, where the kind is yearly); ``None`` without a figure.

    Topics add up; where one is told twice the larger counts. A term without a topic is about its issue at large. A
    total without years is spread over four, as everywhere.
    """
    yearly = kind.per == "us_exports"
    found: dict[str, float] = {}
    for term in deal.terms:
        topic = kind.topics[-1] if term.issue == kind.issue and term.topic is None else term.topic
        if topic in kind.topics and (dollars := _dollars(term, yearly)) is not None:
            found[topic] = max(dollars, found.get(topic, 0.0))
    return sum(found.values()) or None


def _dollars(term: Commitment, yearly: bool) -> float | None:
    base = (term.unit or "").partition(",")[0]
    if term.amount is None or term.amount <= 0 or base not in ("USD bn", "USD bn a year"):
        return None
    if base == "USD bn a year":
        return term.amount if yearly else term.amount * (term.years or YEARS)
    return term.amount / (term.years or YEARS) if yearly else term.amount
