"""The review of what a document proposes: shown with what each proposal rests on; what is ticked enters the record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from tradetalks.app.labels import faults
from tradetalks.app.office import View
from tradetalks.app.pages.common import done, office, shown
from tradetalks.app.pages.record import FIELDS, choices, entry_of
from tradetalks.ground.errors import BadInput
from tradetalks.record.append import appended
from tradetalks.record.entry import Entry
from tradetalks.value.case import Case

router = APIRouter()

#: The most proposals of a document that are shown.
MOST = 60

#: A proposal less sure than this is marked as doubtful.
DOUBTFUL = 0.25


class Fact(BaseModel):
    """What a document says of the law, and whether that is so."""

    verdict: str
    quote: str
    sentence: str
    citation: str | None


class Basis(BaseModel):
    """What a proposal rests on: the words before, the words themselves, those after; and how sure the reader is."""

    confidence: float | None
    before: str
    words: str
    after: str


class Review(BaseModel):
    """What a reading found, but for the fields of its proposals, which the form has.

    Nothing of a document is kept here: the page carries this, so that a review with a slip in it can be shown again.
    """

    name: str
    published: date
    left_out: int
    warnings: list[str]
    facts: list[Fact]
    bases: Annotated[list[Basis], Field(max_length=MOST)]


def reviewed(
    request: Request,
    view: View,
    review: Review,
    fields: Sequence[Mapping[str, str]],
    ticked: Sequence[int] = (),
    wrong: Sequence[str] = (),
    slips: Mapping[int, Sequence[str]] | None = None,
) -> Response:
    """Return the page of ``review`` with the ``fields`` of each proposal; ``slips``: what is wrong in which."""
    return shown(
        request,
        "review.html.j2",
        view,
        422 if wrong else 200,
        review=review,
        carried=review.model_dump_json(),
        proposals=list(zip(review.bases, fields, strict=True)),
        ticked=ticked,
        wrong=wrong,
        slips=slips or {},
        doubtful=DOUBTFUL,
        choices=choices(view.case),
    )


@router.post("/record/accept", include_in_schema=False)
async def accept(request: Request, seen: Annotated[str, Form()]) -> Response:
    """Put the ticked proposals, as edited, into the record; all of them or none."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    return await asyncio.to_thread(_accepted, request, seen, form)


def _accepted(request: Request, seen: str, form: dict[str, str]) -> Response:
    where = office(request)
    ticked = sorted({int(key[4:]) for key in form if key.startswith("use:") and key[4:].isdecimal()})
    entries, slips = _entries(where.desk.look(), form, ticked)
    wrong = []
    if not ticked:
        wrong = ["Tick at least one proposal; nothing was added"]
    elif slips:
        several = "s" if len(slips) > 1 else ""
        wrong = [f"Look again at proposal{several} {', '.join(str(n + 1) for n in slips)}; nothing was added"]
    else:
        what = f"{len(entries)} entr{'y' if len(entries) == 1 else 'ies'} from a document"
        try:
            where.desk.edit(seen, what, "record.yaml", lambda text: _with(text or "", entries))
        except BadInput as error:
            wrong = [f"{error}; nothing was added"]
        else:
            return done("/record", f"Added {what}: {', '.join(entry.id for entry in entries)}.")
    try:
        review = Review.model_validate_json(form.get("review", ""))
    except ValidationError:
        raise BadInput("; ".join([*wrong, *(line for lines in slips.values() for line in lines)])) from None
    fields = [{name: form.get(f"{n}:{name}", "") for name in FIELDS} for n in range(len(review.bases))]
    return reviewed(request, where.view(), review, fields, ticked, wrong, slips)


def _entries(case: Case, form: dict[str, str], ticked: Sequence[int]) -> tuple[list[Entry], dict[int, list[str]]]:
    """Return the entries of the ``ticked`` proposals, and what is wrong with those that are none."""
    entries: list[Entry] = []
    slips: dict[int, list[str]] = {}
    for number in ticked:
        fields = {name: form.get(f"{number}:{name}", "") for name in FIELDS}
        try:
            entries.append(entry_of(case, fields, after=len(entries)))
        except BadInput as error:
            slips[number] = faults(str(error))
    return entries, slips


def _with(text: str, entries: Sequence[Entry]) -> str:
    for entry in entries:
        text = appended(text, entry)
    return text
