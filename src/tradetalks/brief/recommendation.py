"""The recommendation in words, and its risk: what to offer, ask and keep back, and what could make it wrong."""

from __future__ import annotations

from tradetalks.brief.briefing import Briefing
from tradetalks.brief.figures import ABOUT_ZERO, amount, dollars
from tradetalks.brief.sentences import outcome
from tradetalks.brief.words import nation, series
from tradetalks.talks.deals.shapes import Deal, TermAdvice
from tradetalks.value.answer import Interval


def titles(briefing: Briefing, terms: tuple[str, ...]) -> list[str]:
    """Return the titles of terms by id; an id that is no term of the case as it is."""
    known = {term.id: term.title for term in briefing.terms}
    return [f"“{known.get(term, term)}”" for term in terms]


def recommendation(briefing: Briefing) -> tuple[str, ...]:
    """Return the recommendation, then the risk; nothing where no advice was worked out."""
    if briefing.negotiation is None:
        return ()
    return _advice(briefing), _risk(briefing)


def chance(deal: Deal, party: str) -> str:
    """Return how likely ``party`` is to accept, as ``46% (0 to 100)``."""
    one = deal.sides[party].acceptance
    low, high = (100 * (end or 0.0) for end in (one.p10, one.p90))
    return f"{100 * (one.value or 0.0):.0f}% ({low:.0f} to {high:.0f})"


def _advice(briefing: Briefing) -> str:
    assert briefing.negotiation is not None
    offer, seat, other = briefing.negotiation.offer, briefing.seat, briefing.other
    best = offer.best.deal
    if not best.terms:
        return f"No package on the table is worth offering: {nation(seat)} expects more from no deal."
    said = (
        f"{_exchange(briefing, best.terms)} {outcome(seat, best.sides[seat].economic_usd_bn)[:1].upper()}"
        f"{outcome(seat, best.sides[seat].economic_usd_bn)[1:]} against no deal, and {nation(other)} accepts with a "
        f"probability of {chance(best, other)}. With what each wants besides counted in, the offer is worth "
        f"{_payoff(best, seat)} to {nation(seat)} and {_payoff(best, other)} to {nation(other)}."
    )
    if offer.question is not None:
        said += f" Ask first: “{offer.question.text}”"
    likely = best.sides[other].acceptance.value or 0.0
    helps = [one for one in offer.keep_back if round(one.accepts, 2) > round(likely, 2)]
    if helps:
        said += f" Keep in reserve: {_change(helps[0])}, after which the probability is {100 * helps[0].accepts:.0f}%."
    return said


def _payoff(deal: Deal, party: str) -> str:
    """Return what a side counts the deal worth, as ``USD +25 bn a year`` or ``about nothing``."""
    worth, unit = amount(deal.sides[party].payoff_usd_bn)
    return "about nothing" if worth.value in (ABOUT_ZERO, "0") else f"USD {worth.value} {unit} a year"


def _exchange(briefing: Briefing, terms: tuple[str, ...]) -> str:
    """Return a package as what the seat asks and what it gives in return."""
    gives = [term for term in terms if briefing.givers.get(term) == briefing.seat]
    asks = [term for term in terms if term not in gives]
    if not gives or not asks:
        return f"{'Ask for' if asks else 'Offer'} {series(titles(briefing, terms))}."
    return f"Ask for {series(titles(briefing, tuple(asks)))}; offer {series(titles(briefing, tuple(gives)))}."


def _change(advice: TermAdvice) -> str:
    return {
        "drop": f"giving up “{advice.title}”",
        "replace": f"“{advice.title}” instead",
        "add": f"adding “{advice.title}”",
    }[advice.change]


def _risk(briefing: Briefing) -> str:
    assert briefing.negotiation is not None
    offer, wants = briefing.negotiation.offer, briefing.negotiation.wants
    seat, other = briefing.seat, briefing.other
    first = briefing.packages[0].no_deal
    said = [
        f"The risk: if {nation(other)} refuses and nothing follows, "
        f"{outcome(seat, first.parties[seat].welfare_net_usd_bn)}"
    ]
    said[0] += " against today."
    unlisted = wants[other].unlisted_probability
    known = len(wants[other].record)
    basis = f"estimated from {known} entries and deals" if known else "a guess, since the record holds nothing of it"
    said.append(
        f"What {nation(other)} wants is {basis}, and with a probability of {100 * unlisted:.0f}% it brings up "
        "something that nobody has listed."
    )
    own, theirs = (offer.best.deal.sides[side].economic_usd_bn for side in (seat, other))
    if (own.value or 0.0) < 0:
        said.append(
            f"By plain economics {_costs(own, seat)}: it is advised only for what the record says it wants besides."
        )
    if (theirs.value or 0.0) < 0:
        said.append(f"By plain economics {_costs(theirs, other)}: it accepts only for what it wants besides.")
    if offer.best.deal.unpriced:
        said.append(f"Not priced in full: {series(titles(briefing, offer.best.deal.unpriced))}.")
    return " ".join(said)


def _costs(worth: Interval, party: str) -> str:
    return f"the offer costs {nation(party)} USD {dollars(worth).value.lstrip('−')} bn a year"
