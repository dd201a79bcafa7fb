"""Overview: where the case stands, on one page; and undo."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from tradetalks.app.levers import levers, settings_of
from tradetalks.app.pages.common import done, office, shown
from tradetalks.law.clock import clock
from tradetalks.law.measure import SCHEDULE_SINCE
from tradetalks.law.path import Path as RatePath
from tradetalks.law.path import rate_path
from tradetalks.record.ledger import ledger

router = APIRouter()

#: The chart of the rate begins so many days before the as-of day, and looks past the deadline by so many.
BEFORE, AFTER = 120, 30

#: What no deal may bring, for whoever has not met the word.
OUTCOMES = {
    "snap-back": "snap-back, the duties that the law already has for that day",
    "extension": "extension, the duties of the day before go on",
    "escalation": "escalation, higher duties than the law has",
}


@router.get("/", include_in_schema=False)
def overview(request: Request) -> Response:
    """Where we stand: who, until when, what the law charges, what the packages of the case are worth."""
    view = office(request).view()
    case = view.case
    path = _path(case.other("USA"), case.as_of, case.deadline) if "USA" in case.parties else None
    return shown(
        request,
        "overview.html.j2",
        view,
        outcomes=OUTCOMES,
        days=(case.deadline - case.as_of).days,
        events=clock(case.other("USA"), case.as_of) if "USA" in case.parties else [],
        path=path,
        pictures=None if path is None else _drawn(path, case.as_of, case.deadline),
        starts={package.id: settings_of(levers(case), package) for package in case.packages},
        latest=ledger(case.as_of, case.folder, case.parties)[:-6:-1],
    )


@router.post("/undo", include_in_schema=False)
def undo(request: Request, seen: Annotated[str, Form()], back: Annotated[str, Form()] = "/") -> Response:
    """Take the last edit back."""
    what = office(request).desk.undo(seen)
    pages = ("/", "/moves", "/wants", "/deals", "/record", "/brief", "/tariffs")
    return done(back if back in pages else "/", f"Taken back: {what}.")


@lru_cache(maxsize=8)
def _path(origin: str, as_of: date, deadline: date) -> RatePath:
    first = max(as_of - timedelta(days=BEFORE), SCHEDULE_SINCE)
    return rate_path(origin, first, deadline + timedelta(days=AFTER), as_of)


@lru_cache(maxsize=8)
def _drawn(path: Any, as_of: date, deadline: date) -> Any:
    from tradetalks.app.pictures import rates

    return rates(path, as_of, deadline)
