"""What to offer, what to ask, what to keep back, and how the deadline changes it: advice to one seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.talks.deals.acceptance import Table
from tradetalks.talks.deals.answer import (
    DRAWS,
    Progress,
    clock_sentences,
    little_to_share,
    meta_of,
    shown,
    silent,
    table_of,
    terms_of,
)
from tradetalks.talks.deals.shapes import Asked, Learned, Offer, OfferAnswer
from tradetalks.talks.deals.valued import unpriced
from tradetalks.talks.offer.changes import changes
from tradetalks.talks.offer.choosing import alike, apart, chosen, thinned
from tradetalks.talks.offer.deadline import outcomes, waiting
from tradetalks.talks.offer.desk import Desk, desk_of
from tradetalks.talks.wants.questions import questions
from tradetalks.value.answer import Interval
from tradetalks.value.case import Case
from tradetalks.value.package import Term

Floats = NDArray[np.float64]


def offer(
    case: Case,
    seat: str | None = None,
    grid: Mapping[str, Sequence[Term]] | None = None,
    draws: int = DRAWS,
    progress: Progress = silent,
) -> OfferAnswer:
    """Return what one side should offer, ask, keep back and refuse.

    Args:
        case: the case.
        seat: the side that asks, ISO3; the case's own seat if not given.
        grid: factor -> levels set by hand.
        draws: of the economy and of the wants.
        progress: called with a sentence and the share done.

    Raises:
        BadInput: ``seat`` is no party, no package can be ratified, or as :func:`table_of`.
    """
    party = case.seat if seat is None else seat
    if party not in case.parties:
        raise BadInput(f"--seat: {party} is not one of the parties {' and '.join(case.parties)}")
    return advise(table_of(case, grid, draws, progress), party, progress)


def advise(table: Table, party: str, progress: Progress = silent) -> OfferAnswer:
    """Return the same for a table that is already laid, to the ``party`` of the case.

    Raises:
        BadInput: no package can be ratified.
    """
    case = table.valuation.case
    progress("comparing packages", 0.5)
    desk = desk_of(table, case.parties.index(party))
    best = desk.best()
    progress("choosing what to put beside it", 0.8)
    equivalent, bits = together(desk, best)
    advice = changes(desk, best)
    other = case.other(party)
    return OfferAnswer(
        parties=case.parties,
        seat=party,
        other=other,
        terms=terms_of(table),
        best=_offer(desk, best, "best"),
        equivalent=equivalent,
        information_bits=bits if len(equivalent) > 1 else None,
        question=_question(desk),
        keep_back=tuple(sorted(advice["keep back"], key=lambda one: -one.other_usd_bn / -one.own_usd_bn)),
        refuse=tuple(sorted(advice["refuse"], key=lambda one: one.own_usd_bn)),
        ask=tuple(sorted(advice["ask"], key=lambda one: -one.own_usd_bn)),
        refuse_packages=_packages_below(desk),
        waiting=waiting(desk, best),
        outcomes=outcomes(desk, best),
        considered=desk.considered,
        solved=len(desk.judged),
        draws=table.valuation.draws,
        sentences=_sentences(desk, best, other),
        meta=meta_of(table),
    )


def _offer(desk: Desk, k: int, label: str, taken: Floats | None = None) -> Offer:
    """Return offer ``k``; ``taken`` [draw] is the probability that it is chosen among several."""
    one = desk.judged[k]
    accepted = one.accepted[:, 1 - desk.seat] if taken is None else taken
    drawn = one.payoff[:, desk.seat] * accepted
    low, high = np.quantile(drawn, [0.1, 0.9])
    return Offer(
        deal=shown(one, desk.table, label),
        expected_gain_usd_bn=Interval(value=float(drawn.mean()), p10=float(low), p90=float(high)),
        chosen=None if taken is None else float(taken.mean()),
        teaches=_teaches(desk, accepted),
    )


def _teaches(desk: Desk, accepted: Floats, most: int = 2) -> tuple[Learned, ...]:
    """Return the issues whose mean weight to the other side moves most if it accepts, in its own spread."""
    wants = desk.table.wants[1 - desk.seat]
    if not accepted.any():
        return ()
    now = wants.weights.mean(0)
    then = (accepted[:, None] * wants.weights).sum(0) / accepted.sum()
    spread = wants.weights.std(0)
    moved = np.abs(then - now) / np.where(spread > 0.0, spread, np.inf)
    return tuple(
        Learned(issue=wants.issues[k], weight_usd_bn=float(now[k]), then_usd_bn=float(then[k]))
        for k in np.argsort(-moved, kind="stable")[:most]
    )


def together(desk: Desk, best: int) -> tuple[tuple[Offer, ...], float]:
    """Return three offers of about the same worth, and the bits that the choice among them tells."""
    surplus, noise = desk.surplus, desk.table.wants[1 - desk.seat].noise
    near = alike(desk.expected, desk.accepted.mean(1), best)
    some, bits = apart(surplus, noise, thinned(surplus, near))
    taken = chosen(surplus[list(some)], noise)
    offers = tuple(_offer(desk, k, "ABC"[place], taken[:, place]) for place, k in enumerate(some))
    return offers, bits


def _question(desk: Desk) -> Asked | None:
    """Return the question to the other side that is expected to teach most."""
    best = next(iter(questions(desk.table.whole[1 - desk.seat])), None)
    if best is None:
        return None
    return Asked(text=best.text, issue=best.issue, expected_information=best.expected_information)


def _packages_below(desk: Desk) -> tuple[str, ...]:
    table = desk.table
    below = []
    for package in table.valuation.case.packages:
        one = table.judged(package, choice=table.space.choice(package))
        if one.expected[desk.seat] < 0.0:
            below.append(package.id)
    return tuple(below)


def _sentences(desk: Desk, best: int, other: str) -> tuple[str, ...]:
    table = desk.table
    one = desk.judged[best]
    case = table.valuation.case
    seat = case.parties[desk.seat]
    lines = [
        "The best single offer is, of the packages by which neither side expects to lose against no deal, the one with "
        f"the largest payoff to {seat} times the probability that {other} accepts it; if {other} refuses, there is no "
        "deal. It is best if there is only one; in talks, open above it.",
        f"The offers to be made together are worth about the same to {seat} and about as acceptable; they are those "
        f"whose choice by {other} tells most about what it wants. A mean weight after the choice is that of the draws "
        "in which it is likely.",
        "A month's cost of waiting counts the economy only, not the weights: duties that are scheduled or in force "
        "until a deal lifts them. It is the long-run model's yearly figure, a twelfth of it.",
        *clock_sentences(table.valuation),
    ]
    if one.expected[desk.seat] <= 0.0:
        lines.insert(0, f"Even the best offer is not expected to leave {seat} above no deal: better to wait or to ask.")
    if one.expected[1 - desk.seat] < 0.0:
        lines.insert(
            0,
            f"No package leaves both sides above no deal: by the mean of its wants {other} would lose by the best "
            f"offer ({one.expected[1 - desk.seat]:+.2f} billion dollars a year), and the chance that it accepts is the "
            "chance that we are wrong about it. Read it as an opening; better to bring a term that is not in the case.",
        )
    elif little := little_to_share(table, np.array([judged.expected for judged in desk.judged])):
        lines.insert(0, little)
    lines += [
        f"{term.title}: its economic value is not known, or only in part, so its cost to the side that gives it is "
        "understated; what the parties want is counted."
        for term in one.package.terms
        if unpriced(term, table.valuation)
    ]
    wants = table.wants[1 - desk.seat]
    lines.append(
        f"With probability {wants.unlisted:.0%} {other} brings up something that is not listed: ask before you offer."
    )
    return tuple(lines)
