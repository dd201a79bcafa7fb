"""Packages and deals: the case's own compared, the frontier, the fair points, what to offer and to keep back."""

from __future__ import annotations

import string

from tradetalks.brief import charts, sentences
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import (
    Block,
    Cell,
    Column,
    Figures,
    Heading,
    Points,
    Section,
    Table,
    code,
    points,
    source,
    text,
)
from tradetalks.brief.recommendation import in_full, titles
from tradetalks.brief.sections.cells import chance, pct, point, usd, words
from tradetalks.brief.sections.leverage import model_source
from tradetalks.brief.words import name, nation, plainly, series
from tradetalks.talks.deals.shapes import CasePackage, Deal, DealsAnswer, Offer, OfferAnswer, TermAdvice
from tradetalks.value.answer import ValueAnswer

#: Packages of the frontier that are listed besides the fair ones.
LISTED = 10

#: What a fair point is called.
FAIR = {
    "nash": "Nash",
    "kalai-smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "Egalitarian",
    "utilitarian": "Utilitarian",
}


def letters(briefing: Briefing) -> tuple[str, ...]:
    """Return what the packages are called in a chart."""
    return tuple(string.ascii_uppercase[n % 26] * (1 + n // 26) for n in range(len(briefing.packages)))


def packages(briefing: Briefing) -> Section:
    """Return the packages compared, the frontier and the advice."""
    marks = letters(briefing)
    blocks: list[Block] = [
        Heading("The packages of the case"),
        Figures((charts.packages(briefing.packages, marks, briefing.sides),)),
        source(f"Mark: full solve; cross: eight draws in ten. {model_source(briefing)}"),
        text(sentences.best_package(briefing)),
        points(*sentences.verdicts(briefing)),
        *_compared(briefing, marks),
        text(sentences.BALANCES, kind="note"),
    ]
    if briefing.negotiation is not None:
        blocks += [*_frontier(briefing, briefing.negotiation.deals), *_offer(briefing, briefing.negotiation.offer)]
    return Section("packages", "Deals: packages, the frontier, what to offer", "Deals", tuple(blocks))


def _compared(briefing: Briefing, marks: tuple[str, ...]) -> list[Block]:
    def sided(label: str, kind: str = "interval") -> list[Column]:
        return [Column(name(side), label, "interval") for side in briefing.sides]

    worth, trade = [], []
    for letter, answer in zip(marks, briefing.packages, strict=True):
        no_deal, today = answer.against_no_deal.parties, answer.against_status_quo.parties
        head = words(f"{letter}. {answer.package}", "; ".join(term.title for term in answer.terms) or "no terms")
        worth.append(
            (
                head,
                *(usd(no_deal[side].welfare_net_usd_bn) for side in briefing.sides),
                *(pct(no_deal[side].welfare_net_pct) for side in briefing.sides),
                *(usd(today[side].welfare_net_usd_bn) for side in briefing.sides),
            )
        )
        trade.append(
            (
                words(f"{letter}. {answer.package}"),
                *(usd(today[side].revenue_usd_bn) for side in briefing.sides),
                *(usd(today[side].bilateral_balance_usd_bn) for side in briefing.sides),
                *(usd(answer.interaction["against_no_deal"][side]) for side in briefing.sides),
            )
        )
    first = [
        Column("Package"),
        *sided("Against no deal, USD bn"),
        *sided("Against no deal, %"),
        *sided("Against today, USD bn"),
    ]
    second = [
        Column("Package"),
        *sided("Tariff revenue against today"),
        *sided("Balance with the other, against today"),
        *sided("Interaction of terms"),
    ]
    between = (
        "Interaction: the package’s real income against no deal less the sum of what its terms are worth one by one. "
    )
    return [
        Table(
            "packages",
            "What each package is worth: real income net of borrowing, a year",
            tuple(first),
            tuple(worth),
            source(model_source(briefing)),
        ),
        Table(
            "packages-trade",
            "Revenue, balance and interaction, USD bn a year",
            tuple(second),
            tuple(trade),
            source(between + model_source(briefing)),
        ),
    ]


def _frontier(briefing: Briefing, answer: DealsAnswer) -> list[Block]:
    if not answer.frontier:
        return [Heading("The frontier"), *(text(plainly(said, briefing.parties)) for said in answer.sentences)]
    fair: dict[str, list[str]] = {}
    for one in answer.fair:
        if one.deal is not None:
            fair.setdefault(one.deal, []).append(FAIR[one.concept])
    step = max(1, -(-len(answer.frontier) // LISTED))
    listed = [deal for place, deal in enumerate(answer.frontier) if place % step == 0 or deal.label in fair]
    rows = tuple(
        _deal(briefing, deal, f"{deal.label}{', ' + ', '.join(fair[deal.label]) if deal.label in fair else ''}")
        for deal in listed
    )
    own = tuple(
        _deal(briefing, one.deal, f"{letter}. {answered.package}", _verdict(one))
        for letter, (one, answered) in zip(letters(briefing), _own(briefing, answer), strict=False)
    )
    searched = answer.surrogate
    error = ", ".join(f"{nation(party)} {worst:.2f}" for party, worst in searched.error_usd_bn.items())
    return [
        Heading("The frontier"),
        text(
            f"Of {answer.packages:,} packages that the terms make, {len(answer.frontier)} are beaten by no other for "
            "both "
            "sides" + (", and leave neither below no deal." if answer.rational else "; none leaves both above no deal.")
        ),
        Figures((charts.frontier(answer, letters(briefing)),)),
        source(
            "The larger a dot, the likelier both accept. Letters: the packages of the case, as above; those far from "
            "the frontier are not drawn. Payoffs as in the table."
        ),
        Table(
            "frontier",
            f"Packages of the frontier, the best for {nation(answer.seat)} first; {len(rows)} of "
            f"{len(answer.frontier)}",
            _columns(briefing, "Package"),
            rows,
            source(
                "Payoff: plain economics and what the side wants besides, USD bn a year above no deal. Probability: "
                "that a "
                f"side facing this package alone takes it. {answer.draws} draws; frontier solved in full, largest "
                "error "
                f"of the search {error} bn. Source: tradetalks; ",
                code(f"tradetalks deals {briefing.name}"),
                ".",
            ),
        ),
        Points(
            tuple(
                text(f"{FAIR[one.concept]} ({one.deal or 'none'}): {plainly(one.fair_means, briefing.parties)}")
                for one in answer.fair
            )
        ),
        *([_judged(briefing, own)] if own else []),
        *(text(plainly(said, briefing.parties), kind="source") for said in answer.sentences),
    ]


def _own(briefing: Briefing, answer: DealsAnswer) -> list[tuple[CasePackage, ValueAnswer]]:
    """Return the packages of the case with what they are worth; a case without any is valued without terms."""
    own = answer.case_packages
    return list(zip(own, briefing.packages, strict=True)) if own else []


def _judged(briefing: Briefing, rows: tuple[tuple[Cell, ...], ...]) -> Table:
    return Table(
        "case-packages-judged",
        "The packages of the case as both sides would judge them",
        _columns(briefing, "Package, and how it stands to the frontier"),
        rows,
        source("Payoff and probability as above. Source: tradetalks."),
    )


def _verdict(one: CasePackage) -> str:
    """Return how a package of the case stands to the frontier, and who cannot ratify it."""
    beaten = f"less than {one.beaten_by} for both" if one.beaten_by else "not efficient"
    limits = (
        f"{nation(party)} cannot ratify it: {why}" for party, side in one.deal.sides.items() for why in side.refused
    )
    return "; ".join(["efficient" if one.efficient else beaten, *limits])


def _columns(briefing: Briefing, head: str) -> tuple[Column, ...]:
    return (
        Column(head),
        *(Column(name(side), "Payoff, USD bn a year", "interval") for side in briefing.sides),
        *(Column(name(side), "Of it plain economics", "interval") for side in briefing.sides),
        *(Column(name(side), "Accepts, %", "interval") for side in briefing.sides),
    )


def _deal(briefing: Briefing, deal: Deal, label: str, verdict: str | None = None) -> tuple[Cell, ...]:
    sides = [deal.sides[side] for side in briefing.sides]
    known = {term.id: term.title for term in briefing.terms}
    named = [f"{known.get(term, term)}{'*' if term in deal.unpriced else ''}" for term in deal.terms]
    terms = "; ".join(named) or "nothing"
    if deal.unpriced:
        terms += " (*: not priced in full)"
    return (
        words(label, terms if verdict is None else verdict),
        *(usd(side.payoff_usd_bn) for side in sides),
        *(usd(side.economic_usd_bn) for side in sides),
        *(chance(side.acceptance) for side in sides),
    )


def _offer(briefing: Briefing, offer: OfferAnswer) -> list[Block]:
    seat, other = nation(briefing.seat), nation(briefing.other)
    together = offer.equivalent if len(offer.equivalent) > 1 else ()
    rows = [_deal(briefing, one.deal, f"Offer {one.deal.label}, {_standing(one, offer)}") for one in together]
    if all(one.deal.terms != offer.best.deal.terms for one in together):
        rows.insert(0, _deal(briefing, offer.best.deal, "The best single offer"))
    blocks: list[Block] = [
        Heading(f"What {seat} should offer"),
        text(in_full(briefing)),
        text("The first page says it in short, with its risk; here is what it was weighed against."),
        Table(
            "offers",
            "The best offer, and offers of about the same worth whose choice tells most",
            _columns(briefing, "Offer"),
            tuple(rows),
            source(
                f"{offer.considered:,} packages compared, {offer.solved} solved in full; {offer.draws} draws. The "
                "choice among those made together is expected to tell as much as "
                f"{offer.information_bits or 0.0:.1f} questions whose yes and no are equally likely. Source: "
                "tradetalks; ",
                code(f"tradetalks offer {briefing.name} --seat {briefing.seat}"),
                ".",
            ),
        ),
    ]
    moves = [
        ("Keep in reserve", offer.keep_back),
        ("Refuse", offer.refuse),
        ("Ask for, but not at the price of the deal", offer.ask),
    ]
    changed = tuple((words(_change(one), what), *_advised(one)) for what, some in moves for one in some)
    if changed:
        columns = (
            Column("Change of the best offer"),
            Column(f"Payoff of {seat}, USD bn a year", kind="number"),
            Column(f"Payoff of {other}, USD bn a year", kind="number"),
            Column(f"{name(briefing.other)} then accepts, %", kind="number"),
            Column("Why"),
        )
        where = source("Changes against the best offer, the rest of it as it is; payoffs as above. Source: tradetalks.")
        blocks.append(Table("advice", "What to keep back, refuse and ask for", columns, changed, where))
    if offer.refuse_packages:
        below = series(titles_of_packages(briefing, offer.refuse_packages))
        blocks.append(text(f"Below no deal for {seat}, weights counted: {below}.", kind="note"))
    blocks.append(_outcomes(briefing, offer))
    blocks += [text(plainly(said, briefing.parties), kind="source") for said in offer.sentences]
    return blocks


def _standing(one: Offer, offer: OfferAnswer) -> str:
    """Return what an offer is among those to be made together."""
    return "the best single one" if one.deal.terms == offer.best.deal.terms else "to be made together"


def titles_of_packages(briefing: Briefing, ids: tuple[str, ...]) -> list[str]:
    """Return the titles of packages of the case by id, in quotes."""
    assert briefing.negotiation is not None
    known = {one.id: answer.package for one, answer in _own(briefing, briefing.negotiation.deals)}
    return [f"“{known[id]}”" for id in ids]


def _change(one: TermAdvice) -> str:
    return {"add": "", "replace": "Instead: ", "drop": "Without: "}[one.change] + one.title


def _advised(one: TermAdvice) -> tuple[Cell, ...]:
    percent = 100.0 * one.accepts
    return (
        point(one.own_usd_bn),
        point(one.other_usd_bn),
        Cell(f"{percent:.0f}%", None, (percent,)),
        words(one.why),
    )


def _outcomes(briefing: Briefing, offer: OfferAnswer) -> Table:
    columns = (
        Column("If this is sure at the deadline"),
        Column("Odds in the case, %", kind="number"),
        Column("Best offer accepted, %", kind="number"),
        Column(f"Its expected gain to {nation(briefing.seat)}, USD bn a year", kind="number"),
        Column("The offer to make then"),
    )
    rows = tuple(
        (
            words(one.outcome, plainly(one.against, briefing.parties)),
            Cell(f"{100 * one.probability:.0f}%", None, (100 * one.probability,)),
            Cell(f"{100 * one.best_offer_accepted:.0f}%", None, (100 * one.best_offer_accepted,)),
            point(one.best_offer_gain_usd_bn),
            words(series(titles(briefing, one.then_best)) if one.then_best else "nothing"),
        )
        for one in offer.outcomes
    )
    where = source("Expected gain: own payoff times the probability of acceptance. Source: tradetalks, full solves.")
    return Table("outcomes", "How the deadline changes the offer", columns, rows, where)
