"""The recommendation in words, and its risk: what to offer, ask and keep back, and what could make it wrong."""

from __future__ import annotations

from tradetalks.brief import sentences
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.likelihood import left_open, likely
from tradetalks.brief.opening import between_the_two, sum_of
from tradetalks.brief.words import nation, series
from tradetalks.talks.deals.shapes import Deal, TermAdvice
from tradetalks.value.answer import Interval


def titles(briefing: Briefing, terms: tuple[str, ...]) -> list[str]:
    """Return the titles of terms by id, in quotes; an id that is no term of the case as it is."""
    known = {term.id: term.title for term in briefing.terms}
    return [f"“{known.get(term, term)}”" for term in terms]


def recommendation(briefing: Briefing) -> tuple[str, ...]:
    """Return the recommendation, then the risk; nothing where no advice was worked out."""
    if briefing.negotiation is None:
        return ()
    return _advice(briefing), _risk(briefing)


def draft(briefing: Briefing) -> str | None:
    """Return the remark on a brief that has fewer draws than the default; ``None`` where it has as many."""
    from tradetalks.talks.deals.answer import FEWEST
    from tradetalks.value.valuation import DRAWS

    draws = briefing.packages[0].draws
    if draws >= DRAWS:
        return None
    made = f"A quick draft with {draws} draws: "
    if briefing.negotiation is not None:
        return f"{made}the recommendation may change with the full {DRAWS}."
    if draws < FEWEST and not briefing.shared:
        return f"{made}a recommendation needs {FEWEST} or more, and the full brief has {DRAWS}."
    return f"{made}intervals may change with the full {DRAWS}."


def in_full(briefing: Briefing) -> str:
    """Return the recommendation with the figures that the first page leaves out."""
    assert briefing.negotiation is not None
    offer, seat, other = briefing.negotiation.offer, briefing.seat, briefing.other
    best = offer.best.deal
    if not best.terms:
        return _none(briefing)
    said = (
        f"{_gain(briefing, best)} by plain economics, and "
        f"{nation(other)} accepts with a probability of {chance(best, other)}. With what each wants besides counted "
        f"in, the offer is worth {sum_of(best.sides[seat].payoff_usd_bn)} to {nation(seat)} and "
        f"{sum_of(best.sides[other].payoff_usd_bn)} to {nation(other)}."
    )
    if offer.question is not None:
        said += f" Ask first: “{offer.question.text}”"
    helps = _reserve(briefing)
    if helps is not None:
        said += f" Keep in reserve: {_change(helps)}, after which the probability is {100 * helps.accepts:.0f}%."
    return said


def chance(deal: Deal, party: str) -> str:
    """Return how likely ``party`` is to accept, as ``46% (0 to 100)``."""
    one = deal.sides[party].acceptance
    low, high = (100 * (end or 0.0) for end in (one.p10, one.p90))
    return f"{100 * (one.value or 0.0):.0f}% ({low:.0f} to {high:.0f})"


def _advice(briefing: Briefing) -> str:
    assert briefing.negotiation is not None
    offer, other = briefing.negotiation.offer, briefing.other
    best = offer.best.deal
    if not best.terms:
        return _none(briefing)
    accepts = best.sides[other].acceptance
    odds = likely(accepts.value or 0.0, nation(other), "accept")
    said = f"{_gain(briefing, best)}, and {odds}{left_open(accepts)}."
    helps = _reserve(briefing)
    if helps is not None:
        said += f" Keep in reserve: {_change(helps)}."
    return said


def _gain(briefing: Briefing, deal: Deal) -> str:
    """Return what ``deal`` exchanges and what it brings the reader's side, billion dollars a year against no deal."""
    economic = sentences.outcome(briefing.seat, deal.sides[briefing.seat].economic_usd_bn)
    return f"{_exchange(briefing, deal)} {economic[:1].upper()}{economic[1:]} against no deal"


def _none(briefing: Briefing) -> str:
    return f"No package on the table is worth offering: {nation(briefing.seat)} expects more from no deal."


def _reserve(briefing: Briefing) -> TermAdvice | None:
    """Return the concession in reserve that makes acceptance likelier, the cheapest for what it brings."""
    assert briefing.negotiation is not None
    offer = briefing.negotiation.offer
    now = offer.best.deal.sides[briefing.other].acceptance.value or 0.0
    return next((one for one in offer.keep_back if round(one.accepts, 2) > round(now, 2)), None)


def _exchange(briefing: Briefing, deal: Deal) -> str:
    """Return a package as what the seat asks and what it gives in return."""
    named = dict(zip(deal.terms, titles(briefing, deal.terms), strict=True))
    named |= {term: f"{named[term]} (not priced in full)" for term in deal.unpriced if term in named}
    gives = [title for term, title in named.items() if briefing.givers.get(term) == briefing.seat]
    asks = [title for term, title in named.items() if briefing.givers.get(term) != briefing.seat]
    if not gives or not asks:
        return f"{'Ask for' if asks else 'Offer'} {series(asks or gives)}."
    return f"Ask for {series(asks)}; offer {series(gives)}."


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
    alone = between_the_two(briefing, seat)
    refused = f"{alone} by the duties between the two alone" if alone else "the duties between the two stay as they are"
    said = [f"The risk: if {nation(other)} refuses, {refused}."]
    known = len(wants[other].record)
    basis = f"is read from {known} entries and deals" if known else "is a guess, since the record holds nothing of it"
    unlisted = likely(wants[other].unlisted_probability, "it", "bring up something that nobody has listed")
    said.append(f"What {nation(other)} wants {basis}, and {unlisted}.")
    best = offer.best.deal
    if best.terms and (best.sides[other].payoff_usd_bn.value or 0.0) < 0:
        said.append("By that reading it would lose by the offer: take the offer as an opening.")
    own, theirs = (best.sides[side].economic_usd_bn for side in (seat, other))
    if (own.value or 0.0) < 0:
        said.append(
            f"By plain economics the offer costs {nation(seat)} {_loss(own)}: it is advised only for what "
            "the record says that side wants besides."
        )
    if (theirs.value or 0.0) < 0:
        said.append(
            f"By plain economics the offer costs {nation(other)} {_loss(theirs)}: it accepts only for what it wants "
            "besides."
        )
    return " ".join(said)


def _loss(worth: Interval) -> str:
    return sum_of(worth).replace("−", "")
