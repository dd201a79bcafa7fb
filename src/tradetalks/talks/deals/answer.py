"""Which deals both sides could accept: the frontier, the fair points, the case's own packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.answer import Meta
from tradetalks.ground.errors import BadInput
from tradetalks.talks.deals.acceptance import Judged, Table
from tradetalks.talks.deals.frontier import pareto
from tradetalks.talks.deals.search import Found, search
from tradetalks.talks.deals.shapes import (
    Beyond,
    CasePackage,
    Deal,
    DealsAnswer,
    FactorShown,
    FairPoint,
    LeftOut,
    Level,
    Side,
    SurrogateError,
    TermShown,
)
from tradetalks.talks.deals.solutions import CONCEPTS, holding, ideal, rational
from tradetalks.talks.deals.space import space_of
from tradetalks.talks.deals.valued import surrogate_of, unpriced, worth_drawn
from tradetalks.talks.stakes import case_reference, stakes
from tradetalks.talks.wants.posterior import DRAWS as WANTS_DRAWS
from tradetalks.talks.wants.posterior import Wants, wants
from tradetalks.value.answer import Interval
from tradetalks.value.baseline import SCHEDULED
from tradetalks.value.case import Case
from tradetalks.value.package import Term
from tradetalks.value.valuation import Valuation

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

#: Draws of the economy and of the wants, and the fewest that give an interval.
DRAWS, FEWEST = 200, 20

#: Gains below this share of what the terms move are nothing to share.
LITTLE = 0.02


def silent(what: str, share: float) -> None:
    """Report no progress."""


def table_of(
    case: Case,
    grid: Mapping[str, Sequence[Term]] | None = None,
    draws: int = DRAWS,
    progress: Progress = silent,
    valuation: Valuation | None = None,
) -> Table:
    """Return the table of a case: its space, the surrogate on it, and both sides' wants.

    ``valuation``: of the same case and draws, if there is one at work already.

    Raises:
        BadInput: the case has no term that a deal could hold, or its limits or levels are wrong.
    """
    if draws < FEWEST:
        raise BadInput(f"--draws: {draws} are too few for an interval; {FEWEST} or more are needed")
    space = space_of(case, grid)
    if not space.factors:
        raise BadInput(f"terms: case {case.name} has no term that a deal could hold; add terms to its case.yaml")
    progress("estimating what both sides want", 0.0)
    # A seed each: the two posteriors are independent, and so are their draws.
    many = max(draws, WANTS_DRAWS)

    def both() -> list[Wants]:
        return [wants(case, party, draws=many, seed=case.seed + k) for k, party in enumerate(case.parties)]

    valuation = valuation or Valuation(case, draws=draws)
    # While the wants are estimated on one core the other solves, which leaves the interpreter's lock.
    with ThreadPoolExecutor(1) as pool:
        estimated = pool.submit(both)
        surrogate, solved = surrogate_of(valuation, space, lambda what, share: progress(what, 0.1 + 0.2 * share))
        one, other = estimated.result()
    return Table(valuation, space, surrogate, (one, other), case_reference(case.deadline, case.as_of), solved)


def deals(
    case: Case,
    grid: Mapping[str, Sequence[Term]] | None = None,
    draws: int = DRAWS,
    progress: Progress = silent,
) -> DealsAnswer:
    """Return the deals that both sides of ``case`` could accept.

    Args:
        case: the case.
        grid: factor -> levels set by hand (:func:`tradetalks.talks.deals.space.read_grid`).
        draws: of the economy and of the wants.
        progress: called with a sentence and the share done.

    Raises:
        BadInput: as :func:`table_of`.
    """
    table = table_of(case, grid, draws, progress)
    progress("drawing the terms' values", 0.3)
    found = search(table, progress)
    return answer_of(found)


def answer_of(found: Found) -> DealsAnswer:
    """Return the answer for packages that were searched."""
    table, land = found.land.table, found.land
    valuation, case = table.valuation, table.valuation.case
    expected = found.expected
    order = efficient_order(found)
    shares = land.efficient_shares(found.choices[order])
    labels = {k: f"F{place + 1}" for place, k in enumerate(order)}
    front = tuple(
        shown(found.judged[k], table, labels[k], float(share)) for k, share in zip(order, shares, strict=True)
    )
    own = tuple(_case_package(found, package.id, front, order) for package in case.packages)
    seat = case.parties.index(case.seat)
    others = sorted(set(pareto(expected).tolist()) - set(order), key=lambda k: -float(expected[k, seat]))
    is_rational = bool(len(rational(expected)))
    best = ideal(expected) if is_rational else np.zeros(2)
    names = [factor.name for factor in table.space.factors]
    return DealsAnswer(
        parties=case.parties,
        seat=case.seat,
        no_deal=valuation.no_deal_sentence,
        factors=tuple(
            FactorShown(name=f.name, levels=tuple(Level(terms=tuple(t.id for t in level)) for level in f.levels))
            for f in table.space.factors
        ),
        packages=table.space.size,
        left_out=tuple(LeftOut(term=term.id, reason=why) for term, why in table.space.left_out),
        frontier=front,
        beyond=tuple(
            Beyond(
                terms=tuple(term.id for term in found.judged[k].package.terms),
                payoff_usd_bn=_by_party(case, expected[k]),
            )
            for k in others
        ),
        terms=terms_of(table),
        rational=is_rational,
        ideal_usd_bn=_by_party(case, best),
        fair=_fair(found, labels),
        case_packages=own,
        surrogate=SurrogateError(
            solved=table.solved,
            blocks=tuple(tuple(names[f] for f in block) for block in land.blocks),
            interaction_share=land.share,
            core=tuple(names[f] for f in table.surrogate.core),
            frontier=found.frontier,
            near=found.near,
            not_solved=len(found.left),
            error_usd_bn=_by_party(case, np.abs(found.error).max(0, initial=0.0)),
            draws_error_usd_bn=_by_party(case, _draws_error(found)),
        ),
        unlisted={own.party: own.unlisted for own in table.wants},
        draws=valuation.draws,
        sentences=_sentences(found, is_rational),
        meta=meta_of(table),
    )


def efficient_order(found: Found) -> list[int]:
    """Return the places of the efficient packages among those solved, the best for the seat first."""
    case = found.land.table.valuation.case
    seat = case.parties.index(case.seat)
    expected = found.expected
    some = rational(expected)
    among = some if len(some) else np.arange(len(expected))
    best = among[pareto(expected[among])]
    return [int(k) for k in best[np.argsort(-expected[best, seat], kind="stable")]]


def little_to_share(table: Table, expected: Floats) -> str | None:
    """Return a sentence where both sides together gain next to nothing by any package [n, party] that harms neither.

    Next to nothing: less than :data:`LITTLE` of the most that a side gains or loses by a single level of a factor.
    """
    some = rational(expected)
    if not len(some):
        return None
    most = float(expected[some].sum(1).max())
    if most >= LITTLE * max(float(np.abs(own).max()) for own in table.expected.single):
        return None
    return (
        "These terms hardly do more than move money from one side to the other: by no package that leaves neither "
        f"below no deal do both together gain more than {1000.0 * most:.0f} million dollars a year. Look for terms by "
        "which both gain, such as the end of a duty or a rule that harms both."
    )


def shown(one: Judged, table: Table, label: str, share: float | None = None) -> Deal:
    """Return a judged package as the answer shows it."""
    case = table.valuation.case
    open_ended = tuple(term.id for term in one.package.terms if unpriced(term, table.valuation))
    nothing_priced = bool(one.package.terms) and len(open_ended) == len(one.package.terms) and not one.point.any()
    sides = {}
    for p, party in enumerate(case.parties):
        sides[party] = Side(
            payoff_usd_bn=_interval(float(one.expected[p]), one.payoff[:, p]),
            economic_usd_bn=Interval(value=None)
            if nothing_priced
            else _interval(float(one.point[p]), one.economic[:, p]),
            wanted_usd_bn=_interval(float(one.wanted[p]), one.payoff[:, p] - one.economic[:, p]),
            acceptance=chance(one.accepted[:, p]),
            refused=one.refused[party],
        )
    return Deal(
        label=label,
        terms=tuple(term.id for term in one.package.terms),
        title=one.package.title,
        sides=sides,
        both_accept=chance(one.both),
        efficient_share=share,
        unpriced=open_ended,
    )


def terms_of(table: Table) -> tuple[TermShown, ...]:
    """Return every term of the case and of the space, with who gives it."""
    case = table.valuation.case
    every = {term.id: term for term in (*case.terms, *table.space.terms)}
    shown_so = []
    for term in every.values():
        givers = [p for p in case.parties if min(stakes(term, p, table.reference).values(), default=0.0) < 0.0]
        shown_so.append(TermShown(id=term.id, title=term.title, given_by=givers[0] if len(givers) == 1 else None))
    return tuple(shown_so)


def chance(drawn: Floats) -> Interval:
    """Return the mean of probabilities [draw] with the 10th and 90th percentile."""
    return _interval(float(drawn.mean()), drawn)


def meta_of(table: Table) -> Meta:
    """Return what the answers say about themselves."""
    return table.valuation.meta


def clock_sentences(valuation: Valuation) -> tuple[str, ...]:
    """Say so where the law known on the day no longer changes the parties' duties at the deadline."""
    case = valuation.case
    snap_back = valuation.baselines.get("no deal: snap-back")
    if snap_back is None:
        return ()
    a, b = (valuation.stage.region(party) for party in case.parties)
    then, before = snap_back.duties.tariffs, valuation.baselines[SCHEDULED].duties.tariffs
    if not all(np.array_equal(then[i, n], before[i, n]) for i, n in ((a, b), (b, a))):
        return ()
    return (
        f"By the law known on {case.as_of} the duties of {case.parties[0]} and {case.parties[1]} on each other do not "
        f"change on the deadline, {case.deadline}: where it has moved, give the case the new one.",
    )


def _interval(value: float, drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, [0.1, 0.9])
    return Interval(value=value, p10=float(low), p90=float(high))


def _by_party(case: Case, values: Floats) -> dict[str, float]:
    return {party: float(value) for party, value in zip(case.parties, values, strict=True)}


def _fair(found: Found, labels: Mapping[int, str]) -> tuple[FairPoint, ...]:
    case = found.land.table.valuation.case
    expected = found.expected
    drawn = np.array([one.payoff for one in found.judged])
    points = []
    for name, concept in CONCEPTS.items():
        k, rough = concept.pick(expected), concept.pick(found.surrogate)
        points.append(
            FairPoint(
                concept=name,
                fair_means=concept.fair_means,
                deal=None if k is None else labels[k],
                gains_usd_bn={} if k is None else _by_party(case, expected[k]),
                holds=None if k is None else holding(concept, drawn, k),
                by_surrogate=None if rough in (k, None) else found.judged[rough or 0].package.id,
            )
        )
    return tuple(points)


def _case_package(found: Found, name: str, front: Sequence[Deal], order: Sequence[int]) -> CasePackage:
    table = found.land.table
    package = table.valuation.case.package(name)
    one = table.judged(package, choice=table.space.choice(package))
    beaten = (found.expected - one.expected > 1e-9).all(1).any()
    # Of those that were not solved the surrogate must be sure.
    beaten |= (found.left - one.expected > found.apart).all(1).any()
    gains = {deal.label: (found.expected[k] - one.expected).min() for deal, k in zip(front, order, strict=True)}
    best = max(gains, key=lambda label: float(gains[label]), default=None)
    return CasePackage(
        id=name,
        deal=shown(one, table, package.id),
        efficient=not (any(one.refused.values()) or beaten),
        beaten_by=best if best is not None and gains[best] > 1e-9 else None,
    )


def _draws_error(found: Found) -> Floats:
    """Return the gap [party] between summed draws and a package's own, at the Nash point or the first package."""
    table = found.land.table
    if not len(found.judged):
        return np.zeros(2)
    k = CONCEPTS["nash"].pick(found.expected) or 0
    table.valuation.draw([found.judged[k].package], table.valuation.no_deal)
    own = worth_drawn(table.valuation, found.judged[k].package)
    return np.asarray(np.sqrt(((own - found.judged[k].economic) ** 2).mean(0)))


def _sentences(found: Found, is_rational: bool) -> tuple[str, ...]:
    table = found.land.table
    case = table.valuation.case
    a, b = case.parties
    lines = [
        "A payoff is the package's welfare net of debt plus yearly flows outside trade, against no deal, plus the "
        "party's weights on the issues times what it gets of each. The weights are estimates from the record, for "
        "both sides: see tradetalks wants.",
        *clock_sentences(table.valuation),
    ]
    if not found.judged:
        lines.append("No package can be ratified by both sides: their limits leave nothing.")
    elif not is_rational:
        lines.append(
            "No package leaves both sides at or above no deal at the mean of their wants; the efficient packages are "
            "shown all the same, and there is no fair point."
        )
    elif little := little_to_share(table, found.expected):
        lines.append(little)
    lines += [
        f"{term.title}: its economic value is not known, or only in part; a payoff that holds it counts what the "
        "parties want and what is priced, and no more."
        for term in table.space.terms
        if unpriced(term, table.valuation)
    ]
    if found.near is None:
        lines.append("Too many packages are within the surrogate's error of the frontier to solve them all.")
    if len(found.left):
        off = np.abs(found.error).max(0, initial=0.0)
        lines.append(
            f"{len(found.left)} packages at or near the frontier were not solved in full, being too many; the "
            f"surrogate puts none of them above a fair point. In the {len(found.judged)} that were solved it is off by "
            f"at most {off[0]:.3f} ({a}) and {off[1]:.3f} ({b}) billion dollars a year."
        )
    if found.land.share > 0.02:
        lines.append(
            f"So many terms act on each other that pairs below {found.land.share:.0%} of the smaller term were dropped."
        )
    lines.append(
        "In the draws of a package its terms' own values and the strongest interactions of two are drawn, and what "
        "else they do to each other is held at the full solve."
    )
    lines += [
        f"With probability {own.unlisted:.0%} {own.party} brings up something that is not listed; no package holds it."
        for own in table.wants
    ]
    lines.append(
        f"Probabilities of acceptance are of {a} and {b} facing this package alone, against no deal, in a text they "
        "could sign; they say nothing on who moves first."
    )
    return tuple(lines)
