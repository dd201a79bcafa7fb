"""What both sides want and what to offer, on the valuation that the brief has already made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tradetalks.talks.deals.answer import FEWEST, answer_of, table_of
from tradetalks.talks.deals.search import search
from tradetalks.talks.deals.shapes import DealsAnswer, OfferAnswer
from tradetalks.talks.deals.space import space_of
from tradetalks.talks.offer.answer import advise
from tradetalks.talks.wants.answer import WantsAnswer, answer
from tradetalks.talks.wants.posterior import wants
from tradetalks.value.case import Case
from tradetalks.value.valuation import Valuation


@dataclass(frozen=True, slots=True)
class Negotiation:
    """The talks floor's answers."""

    wants: dict[str, WantsAnswer]
    """By party."""
    deals: DealsAnswer
    offer: OfferAnswer


def negotiation(
    valuation: Valuation,
    seat: str,
    progress: Callable[[str, float], None],
    weights: Callable[[], dict[str, WantsAnswer]] | None = None,
) -> Negotiation | None:
    """Return wants, frontier and advice to ``seat``; ``None`` where no term could stand in a deal or draws are few.

    Args:
        valuation: the case at work.
        seat: the side that asks.
        progress: called with a sentence and the share done.
        weights: gives both sides' wants where :func:`both_want` is being worked out elsewhere.

    Raises:
        BadInput: two terms cannot be valued together, or no package can be ratified.
        NotConverged: an equilibrium was not found.
    """
    if not negotiable(valuation):
        return None
    case, draws = valuation.case, valuation.draws
    table = table_of(case, None, draws, lambda what, share: progress(what, 1.5 * share), valuation)
    found = search(table, lambda what, share: progress(what, 0.2 + 0.5 * share))
    progress("comparing offers", 0.7)
    advice = advise(table, seat)
    progress("what each entry of the record says", 0.9)
    return Negotiation(weights() if weights else both_want(case), answer_of(found), advice)


def negotiable(valuation: Valuation) -> bool:
    """Return whether some term could stand in a deal, and the draws give an interval."""
    return valuation.draws >= FEWEST and bool(space_of(valuation.case, None).factors)


def both_want(case: Case) -> dict[str, WantsAnswer]:
    """Return the wants of both parties, drawn as the command ``tradetalks wants`` draws them."""
    return {party: answer(case, wants(case, party)) for party in case.parties}
