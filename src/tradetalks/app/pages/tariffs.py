"""Tariffs: find a line, see what stacks on it that day, and how it came to that."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tradetalks.app.pages.common import office, shown, table
from tradetalks.app.pages.history import history
from tradetalks.ground.countries import COUNTRIES
from tradetalks.ground.errors import BadInput
from tradetalks.law.duty import line_duty
from tradetalks.law.editions import of_case
from tradetalks.law.search import search

router = APIRouter()

Words = Annotated[str, Query(max_length=200)]


@router.get("/tariffs", include_in_schema=False)
def tariffs(
    request: Request, q: Words = "", line: Words = "", origin: Words = "", on: Words = "", known: Words | None = None
) -> Response:
    """Search a line; show its stack on a day and its history."""
    view = office(request).view()
    case = view.case
    origin = origin or (case.other("USA") if "USA" in case.parties else case.parties[0])
    on = on or case.as_of.isoformat()
    known = case.as_of.isoformat() if known is None else known
    wrong: list[str] = []
    hits, duty, steps, pictures = [], None, [], None
    if q and re.fullmatch(r"[\d.\s]{8,}", q) and not line:
        line = q.strip()
    with of_case(case.folder):
        try:
            if line:
                duty = line_duty(line, origin, on, known or None)
                steps = history(line, origin, duty.on, known or None)
            elif q:
                hits = search(q, date.fromisoformat(on), 20)
        except (BadInput, ValueError) as error:
            wrong.append(str(error) if isinstance(error, BadInput) else f"on: {on!r} is not a date, such as 2025-04-20")
    if steps:
        from tradetalks.app.pictures import line_history

        pictures = line_history(steps, duty.on if duty else case.as_of, line)
    return shown(
        request,
        "tariffs.html.j2",
        view,
        422 if wrong else 200,
        q=q,
        line=line,
        origin=origin,
        on=on,
        known=known,
        hits=hits,
        duty=duty,
        steps=steps,
        pictures=pictures,
        wrong=wrong,
        countries=sorted((c.name, c.iso3) for c in COUNTRIES.values() if c.iso3 != "USA"),
    )


@router.get("/tariffs.csv", include_in_schema=False)
def download(request: Request, line: Words, origin: Words, on: Words, known: Words = "") -> Response:
    """The stack of a line as a table."""
    with of_case(office(request).view().case.folder):
        duty = line_duty(line, origin, on, known or None)
    rows = [
        (duty.line, duty.origin, duty.on, part.authority, part.rate_pct, part.status, part.citation, part.why)
        for part in duty.components
    ]
    header = ("line", "origin", "on", "authority", "rate_pct", "status", "citation", "why")
    return table(f"duty-{duty.line}-{duty.origin}", header, rows)
