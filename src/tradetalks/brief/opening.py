"""The five sentences of the first page: one thing each, few figures; the pages behind it give the intervals."""

from __future__ import annotations

from tradetalks.brief import sentences
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.figures import ABOUT_ZERO, NOT_KNOWN, Effect, amount
from tradetalks.brief.words import nation
from tradetalks.value.answer import Interval


def opening(briefing: Briefing) -> tuple[str, ...]:
    """Return the five sentences at the head of the brief."""
    seat, other = briefing.sides
    if briefing.shared:
        return (
            _standing(briefing),
            _no_deal(briefing),
            _best_term(briefing, seat),
            _best_term(briefing, other),
            "The figures are those of an open model and of public sources; whoever doubts one can follow it to its "
            "source.",
        )
    return (
        _standing(briefing),
        _no_deal(briefing),
        _best_term(briefing, seat),
        _best_package(briefing),
        _main_doubt(briefing),
    )


def told(party: str, worth: Interval, again: bool = False) -> str:
    """Return a clause such as ``Japan loses USD 9.1 bn a year``, without its interval; an open sign is said.

    ``again``: the sentence has said before that amounts are a year.
    """
    shown, _ = amount(worth)
    clause = sentences.outcome(party, Interval(value=worth.value), amount(worth))
    clause = clause.removesuffix(" a year") if again else clause
    return clause if shown.settled or not _counts(shown) else f"{clause} (its sign is open)"


def sum_of(worth: Interval) -> str:
    """Return what something is worth, as ``USD +25 bn a year`` or ``about nothing``."""
    shown, unit = amount(worth)
    if not shown.known:
        return NOT_KNOWN
    return f"USD {shown.value} {unit} a year" if _counts(shown) else "about nothing"


def between_the_two(briefing: Briefing, *parties: str) -> str | None:
    """Return what no deal brings ``parties`` by the duties between the two alone; ``None``: none changes."""
    first = briefing.packages[0]
    if not sentences.moved(briefing):
        return None
    clauses = [
        told(party, sentences.gain(first.no_deal_others_held, party), again=party != parties[0]) for party in parties
    ]
    return " and ".join(clauses)


def _counts(shown: Effect) -> bool:
    """Return whether an effect is other than nothing."""
    return shown.known and shown.value not in (ABOUT_ZERO, "0")


def _standing(briefing: Briefing) -> str:
    seat, other = briefing.sides
    charges = [(other, seat), (seat, other)]
    known = [pair for pair in charges if sentences.charged(briefing, *pair) is not None]
    said = "; ".join(sentences.charge(briefing, *pair, briefly=True) for pair in known or charges[:1])
    return f"{sentences.when(briefing)}, {said}."


def _no_deal(briefing: Briefing) -> str:
    said = between_the_two(briefing, *briefing.sides)
    if said is None:
        return "Without a deal no duty between the two changes at the deadline."
    mean = ", on the average of its outcomes" if len(briefing.outcomes) > 1 else ""
    return f"Without a deal{mean} and by the duties between the two alone, {said} against today."


def _best_term(briefing: Briefing, side: str) -> str:
    other = next(party for party in briefing.parties if party != side)
    best = sentences.best_term_of(briefing, side)
    if best is None:
        return sentences.best_term(briefing, side)
    block = best.against_no_deal
    return (
        f"The term worth most to {nation(side)} is “{best.title}”: against no deal "
        f"{told(side, sentences.gain(block, side))} and {told(other, sentences.gain(block, other), again=True)}."
    )


def _best_package(briefing: Briefing) -> str:
    seat, other = briefing.sides
    ours, theirs = (sentences.best_for(briefing, side) for side in briefing.sides)
    if not any(answer.terms for answer in briefing.packages):
        return "The case names no package of its own."
    if ours is None or theirs is None:
        return "No package can be compared: at least one side's value is not known."
    own = sum_of(sentences.gain(ours.against_no_deal, seat))
    their = sum_of(sentences.gain(theirs.against_no_deal, other))
    if ours is theirs:
        alone = len(briefing.packages) == 1
        return (
            f"{'The package is' if alone else 'One package is best for both sides:'} “{ours.package}”, worth {own} to "
            f"{nation(seat)} and {their} to {nation(other)} against no deal."
        )
    return (
        f"No package is best for both sides: against no deal {nation(seat)} fares best with “{ours.package}” ({own}), "
        f"{nation(other)} with “{theirs.package}” ({their.removesuffix(' a year')})."
    )


def _main_doubt(briefing: Briefing) -> str:
    seat = briefing.seat
    best = sentences.best_for(briefing, seat) or briefing.packages[0]
    what, worth = "its best package", sentences.gain(best.against_no_deal, seat)
    if not best.terms and briefing.negotiation is not None:
        what, worth = "the offer recommended", briefing.negotiation.offer.best.deal.sides[seat].economic_usd_bn
    cause = sentences.main_cause(best, seat, plain=True)
    tail = f", and hangs most on {cause}" if cause else ""
    shown, unit = amount(worth)
    if shown.span is None:
        return f"The main doubt: no interval is known for what {what} brings {nation(seat)}{tail}."
    low, high = shown.span.split(" to ")
    if low.startswith("+"):
        low, high = low.lstrip("+"), high.lstrip("+")
    return (
        f"The main doubt: what {what} brings {nation(seat)} lies between USD {low} and {high} {unit} a year "
        f"in eight draws of ten{'' if shown.settled else ', so even its sign is open'}{tail}."
    )
