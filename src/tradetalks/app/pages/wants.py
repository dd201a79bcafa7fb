"""Wants: what each side seems to want, what that rests on, and what the last entry moved."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tradetalks.app.office import View
from tradetalks.app.pages.common import finished, office, shown, table, waited
from tradetalks.app.pages.record import choices
from tradetalks.ground.errors import BadInput
from tradetalks.talks.wants.answer import WantsAnswer

router = APIRouter()

Party = Annotated[str, Query(max_length=60)]


@router.get("/wants", include_in_schema=False)
def wants(request: Request, party: Party = "") -> Response:
    """The weights of a party with their evidence."""
    view = office(request).view()
    wanted = _party(view, party)
    job = view.wants(wanted)
    found = waited(job)
    answer = found[1] if found else None
    before = _before(view, wanted) if answer else {}
    return shown(
        request,
        "wants.html.j2",
        view,
        party=wanted,
        job=job,
        answer=answer,
        before=before,
        changed=bool(before),
        entries={entry.id: entry for entry in answer.record} if answer else {},
        reach=max((row.weight.p90 for row in answer.issues), default=1.0) if answer else 1.0,
        choices=choices(view.case),
        typed={"party": wanted},
        wrong=[],
    )


@router.get("/wants.csv", include_in_schema=False)
def download(request: Request, party: Party = "") -> Response:
    """The weights as a table."""
    view = office(request).view()
    wanted = _party(view, party)
    answer: WantsAnswer = finished(view.wants(wanted))[1]
    header = ("party", "issue", "unit", "side", "median_usd_bn", "p10", "p90", "prior_median", "evidence")
    rows = [
        (wanted, row.title, row.unit, row.side, row.weight.median, row.weight.p10, row.weight.p90, row.prior.median,
         " ".join(row.evidence))
        for row in answer.issues
    ]  # fmt: skip
    return table(f"wants-{wanted}", header, rows)


def _party(view: View, text: str) -> str:
    case = view.case
    if text and text not in case.parties:
        raise BadInput(f"party: {text!r} is not a party of this case; they are {' and '.join(case.parties)}")
    return text or case.other(case.seat)


def _before(view: View, party: str) -> dict[str, float]:
    """Return the median weights of the version before the last edit, by issue."""
    job = view.before.jobs.known(f"wants {party}") if view.before else None
    if job is None or not job.result:
        return {}
    return {row.issue: row.weight.median for row in job.result[1].issues}
