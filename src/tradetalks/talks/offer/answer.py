"""What to offer, what to ask, what to keep back, and how the deadline changes it: advice to one seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.talks.deals.acceptance import Judged, Table
from tradetalks.talks.deals.answer import DRAWS, Progress, meta_of, no_deal_sentence, shown, silent, table_of
from tradetalks.talks.deals.search import Land, land_of
from tradetalks.talks.deals.shapes import Asked, Change, Learned, Offer, OfferAnswer, Outcome, TermAdvice, Waiting
from tradetalks.talks.deals.valued import unpriced, worth, worths
from tradetalks.talks.offer.choosing import alike, apart, chosen, gains, thinned
from tradetalks.talks.stakes import case_reference
from tradetalks.talks.wants.questions import questions
from tradetalks.value.answer import Interval
from tradetalks.value.baseline import SCHEDULED, STATUS_QUO, Baseline
from tradetalks.value.case import Case
from tradetalks.value.package import Term

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Most packages compared draw by draw; a larger space is compared along its frontier.
COMPARED = 20_000

#: Packages solved in full before the best is named.
SOLVED = 40

#: A change of payoff below this (billion dollars: a million dollars) is nothing.
NOTHING_USD_BN = 1e-3


@dataclass(frozen=True, eq=False)
class Desk:
    """The packages that the seat may offer, each solved in full."""

    land: Land
    seat: int
    """Place of the seat among the parties."""
    choices: Places
    """[n, factor]."""
    judged: tuple[Judged, ...]
    considered: int
    """Packages compared on the surrogate."""

    @property
    def table(self) -> Table:
        """The table."""
        return self.land.table

    @property
    def own(self) -> Floats:
        """[n, draw] payoff of the seat."""
        return np.array([one.payoff[:, self.seat] for one in self.judged])

    @property
    def accepted(self) -> Floats:
        """[n, draw] probability that the other side accepts."""
        return np.array([one.accepted[:, 1 - self.seat] for one in self.judged])

    @property
    def expected(self) -> Floats:
        """[n] expected payoff of the seat."""
        return np.array([one.expected[self.seat] for one in self.judged])

    @property
    def surplus(self) -> Floats:
        """[n, draw] payoff of the other side over its reservation."""
        other = self.table.wants[1 - self.seat]
        return np.array([one.payoff[:, 1 - self.seat] - other.reservation for one in self.judged])

    def best(self) -> int:
        """Return the place of the offer with the largest expected gain."""
        return int(gains(self.own, self.accepted).argmax())


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
    equivalent, bits = _together(desk, best)
    advice = _terms(desk, best)
    other = case.other(party)
    return OfferAnswer(
        parties=case.parties,
        seat=party,
        other=other,
        best=_offer(desk, best, "best"),
        equivalent=equivalent,
        information_bits=bits if len(equivalent) > 1 else None,
        question=_question(desk),
        keep_back=tuple(sorted(advice["keep back"], key=lambda one: -one.other_usd_bn / -one.own_usd_bn)),
        refuse=tuple(sorted(advice["refuse"], key=lambda one: one.own_usd_bn)),
        ask=tuple(sorted(advice["ask"], key=lambda one: -one.own_usd_bn)),
        refuse_packages=_packages_below(desk),
        waiting=_waiting(desk, best),
        outcomes=_outcomes(desk, best),
        considered=desk.considered,
        solved=len(desk.judged),
        draws=table.valuation.draws,
        sentences=_sentences(desk, best, other),
        meta=meta_of(table),
    )


def desk_of(table: Table, seat: int) -> Desk:
    """Return the offers worth most to the seat, compared on the surrogate and solved in full.

    Of packages by which neither side expects to lose against no deal, where there are any; else of all.

    Raises:
        BadInput: no package can be ratified by both sides.
    """
    land = land_of(table)
    choices = _candidates(land)
    if not len(choices):
        raise BadInput("constraints: no package can be ratified by both sides; loosen a red line, a veto or a budget")
    considered = len(choices)
    # Nobody tables as his best an offer by which he expects the other side to lose, where a better one is there.
    choices = _rational(choices, table.expected.of(choices))
    own, theirs = _payoffs(land, choices, seat)
    accepted = table.wants[1 - seat].acceptance(theirs, {})
    best = choices[np.argsort(-gains(own, accepted), kind="stable")[:SOLVED]]
    packages = [table.space.package(choice) for choice in best]
    points = worths(table.valuation, packages)
    judged = [
        table.judged(package, point, tuple(map(int, choice)))
        for package, point, choice in zip(packages, points, best, strict=True)
    ]
    # The full solve may show a loss where the surrogate showed none.
    kept = _rational(np.arange(len(best)), np.array([one.expected for one in judged]))
    return Desk(land, seat, best[kept], tuple(judged[k] for k in kept), considered)


def _rational(choices: Places, expected: Floats) -> Places:
    """Return the choices by which neither side expects a loss [n, party]; all of them where there is none such."""
    fair = (expected >= 0.0).all(1)
    return choices[fair] if fair.any() else choices


def _candidates(land: Land) -> Places:
    """Return every package that can be ratified, or those of the frontier where they are too many."""
    table = land.table
    if table.space.size <= COMPARED:
        every = np.stack(np.unravel_index(np.arange(table.space.size), land.levels), axis=1)
        return np.asarray(every[land.allows(every)])
    front = land.frontier(table.expected.within(land.blocks))[1]
    return front[:: max(1, -(-len(front) // COMPARED))]


def _payoffs(land: Land, choices: Places, seat: int) -> tuple[Floats, Floats]:
    """Return the payoffs [n, draw] of the seat and of the other side by the surrogate."""
    table = land.table
    alone = sum((own[choices[:, f]] for f, own in enumerate(table.surrogate.single)), np.zeros(2))
    joint = table.surrogate.of(choices) - alone
    found = []
    for p in (seat, 1 - seat):
        weights = table.wants[p].weights
        total = np.repeat(joint[:, p][:, None], len(weights), axis=1)
        for f, (drawn, sides) in enumerate(zip(table.drawn, table.stakes, strict=True)):
            total += (drawn[:, :, p].T + sides[p] @ weights.T)[choices[:, f]]
        for (f, a, g, b), moved in table.drawn_pairs.items():
            total[(choices[:, f] == a) & (choices[:, g] == b)] += moved[:, p]
        found.append(total)
    return found[0], found[1]


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


def _together(desk: Desk, best: int) -> tuple[tuple[Offer, ...], float]:
    """Return three offers of about the same worth, and the bits that the choice among them tells."""
    surplus, noise = desk.surplus, desk.table.wants[1 - desk.seat].noise
    near = alike(desk.expected, desk.accepted.mean(1), best)
    some, bits = apart(surplus, noise, thinned(surplus, near))
    taken = chosen(surplus[list(some)], noise)
    offers = tuple(_offer(desk, k, "ABC"[place], taken[:, place]) for place, k in enumerate(some))
    return offers, bits


def _terms(desk: Desk, best: int) -> dict[str, list[TermAdvice]]:
    """Return what to do with each other way to settle one factor, the rest of the best offer as it is."""
    table, seat = desk.table, desk.seat
    base, at = desk.judged[best], desk.choices[best]
    advice: dict[str, list[TermAdvice]] = {"keep back": [], "refuse": [], "ask": []}
    for f, factor in enumerate(table.space.factors):
        held = factor.levels[at[f]]
        for level, terms in enumerate(factor.levels):
            if level == at[f]:
                continue
            choice = np.array(at)
            choice[f] = level
            changed = table.judged(table.space.package(choice), choice=tuple(map(int, choice)))
            own, other = (float(changed.expected[p] - base.expected[p]) for p in (seat, 1 - seat))
            what, why = _verdict(own, other, changed.refused)
            # A demand may be dropped as a concession; a concession that the offer makes is there to be made.
            if what is None or (not terms and what != "keep back"):
                continue
            change: Change = "add" if not held else "replace" if terms else "drop"
            advice[what].append(
                TermAdvice(
                    terms=tuple(term.id for term in terms or held),
                    title="; ".join(term.title for term in terms or held),
                    change=change,
                    own_usd_bn=own,
                    other_usd_bn=other,
                    accepts=float(changed.accepted[:, 1 - seat].mean()),
                    why=why,
                )
            )
    return advice


def _verdict(own: float, other: float, refused: Mapping[str, tuple[str, ...]]) -> tuple[str | None, str]:
    """Return what to do with a change of the best offer, and why."""
    limits = [f"{party}: {reason}" for party, reasons in refused.items() for reason in reasons]
    if limits:
        return "refuse", f"it cannot be ratified ({'; '.join(limits)})"
    if own > NOTHING_USD_BN:
        return (
            "ask",
            "it would be a gain, and the other side would lose by it" if other < 0 else "both would gain by it",
        )
    if own < -NOTHING_USD_BN:
        if other > -own:
            return "keep back", f"each billion that it costs brings the other side {other / -own:.2f}"
        if other > 0:
            return "refuse", f"each billion that it costs brings the other side only {other / -own:.2f}"
        return "refuse", "both would lose by it"
    return None, ""


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


def _waiting(desk: Desk, best: int) -> tuple[Waiting, ...]:
    """Return what a month without the best offer costs each side now, before the deadline, and after it."""
    table = desk.table
    valuation, case = table.valuation, table.valuation.case
    package = desk.judged[best].package
    eve = case.deadline - timedelta(days=1)
    rows = [
        (f"now, {case.as_of}", valuation.baselines[STATUS_QUO].sentence, worth(valuation, package, STATUS_QUO)),
        (f"on {eve}, the eve", valuation.baselines[SCHEDULED].sentence, worth(valuation, package, SCHEDULED)),
        (f"from {case.deadline}", no_deal_sentence(valuation), desk.judged[best].point),
    ]
    return tuple(
        Waiting(
            stage=stage,
            baseline=sentence,
            month_usd_bn={party: float(value[p]) / 12.0 for p, party in enumerate(case.parties)},
        )
        for stage, sentence, value in rows
    )


def _outcomes(desk: Desk, best: int) -> tuple[Outcome, ...]:
    """Return the offers if each outcome of no deal were sure, the extension of the pause among them."""
    valuation = desk.table.valuation
    given = {baseline.name: baseline for baseline in valuation.no_deal}
    rows = [_outcome(desk, best, name.removeprefix("no deal: "), baseline) for name, baseline in given.items()]
    if "no deal: extension" not in given:
        rows.append(_outcome(desk, best, "extension", valuation.baselines[SCHEDULED]))
    return tuple(rows)


def _outcome(desk: Desk, best: int, name: str, baseline: Baseline) -> Outcome:
    table = desk.table
    case = table.valuation.case
    # Relief is counted against the duties of that day: without the return of a duty there is less to relieve.
    reference = case_reference(case.deadline if name == "snap-back" else case.deadline - timedelta(days=1), case.as_of)
    other = replace(table, reference=reference)
    packages = [one.package for one in desk.judged]
    points = worths(table.valuation, packages, baseline.name)
    judged = tuple(
        other.judged(package, point, tuple(map(int, choice)))
        for package, point, choice in zip(packages, points, desk.choices, strict=True)
    )
    then = replace(desk, judged=judged)
    gained, accepted = gains(then.own, then.accepted), then.accepted.mean(1)
    k = int(gained.argmax())
    return Outcome(
        outcome=name,
        probability=baseline.probability,
        against=baseline.sentence,
        best_offer_accepted=float(accepted[best]),
        best_offer_gain_usd_bn=float(gained[best]),
        then_best=tuple(term.id for term in judged[k].package.terms),
        then_accepted=float(accepted[k]),
        then_gain_usd_bn=float(gained[k]),
    )


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
