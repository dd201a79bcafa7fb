"""Deals: the frontier to look over, packages to pick, compare and take away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tradetalks.app.pages.common import finished, office, shown, table, waited
from tradetalks.app.scatter import scatter
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.talks.deals.shapes import Beyond, Deal, DealsAnswer

router = APIRouter()

#: The most packages that stand beside each other.
MOST = 4

#: Packages beyond the frontier that are shown.
BEYOND = 6

#: What an idea of fairness is called.
FAIR = {
    "nash": "Nash",
    "kalai-smorodinsky": "Kalai–Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}


Picks = Annotated[list[str] | None, Query(max_length=1000)]


@router.get("/deals", include_in_schema=False)
def deals(request: Request, pick: Picks = None) -> Response:
    """The deals both sides could accept."""
    view = office(request).view()
    job = view.negotiation()
    found = waited(job)
    if found is None:
        return shown(request, "deals.html.j2", view, job=job, answer=None, empty=job.done.is_set())
    answer: DealsAnswer = found.deals
    every = _every(answer)
    offered = found.offer.best.deal
    named = _named(answer)
    wanted = list(dict.fromkeys(pick or ()))
    ticked = [label for label in wanted if label in every]
    picked = ticked[:MOST] or [label for label in _first(answer, view.case.default_package) if label in every]
    return shown(
        request,
        "deals.html.j2",
        view,
        job=job,
        empty=False,
        answer=answer,
        offer=found.offer,
        offered=offered,
        named=named,
        plot=scatter(answer, named, view.case.seat),
        picked=[every[label] for label in picked],
        ticked=ticked or picked,
        left=ticked[MOST:],
        unknown=[label[:60] for label in wanted if label not in every][:MOST],
        every=every,
        titles={term.id: term.title for term in answer.terms} | {own.id: own.title for own in view.case.packages},
        givers={term.id: term.given_by for term in answer.terms},
        fair_names=FAIR,
        beyond=sorted(answer.beyond, key=_loss)[:BEYOND],
        most=MOST,
    )


@router.get("/deals.csv", include_in_schema=False)
def download(request: Request, pick: Picks = None) -> Response:
    """The frontier and the packages of the case as a table, or those picked."""
    view = office(request).view()
    found = finished(view.negotiation())
    if found is None:
        raise BadInput("the case has no term that could stand in a deal")
    answer: DealsAnswer = found.deals
    for label in pick or ():
        if label not in (every := _every(answer)):
            raise BadInput(f"pick: there is no package {label[:60]!r} on Deals{did_you_mean(label[:60], every)}")
    parties = answer.parties
    header = ["package", "terms"]
    for party in parties:
        header += [
            f"{party}_payoff_usd_bn",
            f"{party}_p10",
            f"{party}_p90",
            f"{party}_economic_usd_bn",
            f"{party}_accepts",
        ]
    header += ["both_accept", "efficient_share", "not_priced"]
    rows = []
    for label, deal in _every(answer).items():
        if pick and label not in pick:
            continue
        cells: list[object] = [label, ", ".join(deal.terms)]
        for party in parties:
            side = deal.sides[party]
            payoff = side.payoff_usd_bn
            cells += [payoff.value, payoff.p10, payoff.p90, side.economic_usd_bn.value, side.acceptance.value]
        rows.append([*cells, deal.both_accept.value, deal.efficient_share, ", ".join(deal.unpriced)])
    return table(f"deals-{view.case.name}", header, rows)


def _every(answer: DealsAnswer) -> dict[str, Deal]:
    return {deal.label: deal for deal in (*answer.frontier, *(own.deal for own in answer.case_packages))}


def _named(answer: DealsAnswer) -> dict[str, str]:
    """Return the label of each package that some idea of fairness picks, with their names."""
    names: dict[str, list[str]] = {}
    for point in answer.fair:
        if point.deal is not None:
            names.setdefault(point.deal, []).append(FAIR[point.concept])
    return {label: ", ".join(words) for label, words in names.items()}


def _loss(beyond: Beyond) -> float:
    """Return what the side that loses would lose."""
    return -min(beyond.payoff_usd_bn.values())


def _first(answer: DealsAnswer, own: str | None) -> list[str]:
    """Return what is compared before anybody picks: the Nash point, the case's ``own`` package and its last one."""
    nash = [point.deal for point in answer.fair if point.concept == "nash" and point.deal]
    last = [package.deal.label for package in answer.case_packages[-1:]]
    return list(dict.fromkeys([*nash, *([own] if own else []), *last]))
