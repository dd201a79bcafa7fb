"""Reading a document: what it proposes for the record, shown for review; nothing enters but what a person ticks."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tradetalks.app.pages.common import done, office, shown
from tradetalks.app.pages.record import FIELDS, choices, entry_of
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.record.append import appended
from tradetalks.record.entry import Entry
from tradetalks.record.fields import UNITS

if TYPE_CHECKING:
    from tradetalks.record.reader.extract import Document
    from tradetalks.record.reader.proposals import Proposal

router = APIRouter()

#: Kinds of files that are read, by the end of their names.
KINDS = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")

#: The most proposals of a document that are shown, and characters around the words that one rests on.
MOST, AROUND = 60, 90

#: A proposal less sure than this is marked as doubtful.
DOUBTFUL = 0.25


@router.get("/record/read", include_in_schema=False)
def ask(request: Request) -> Response:
    """The form: a file, or text to paste."""
    return shown(request, "read.html.j2", office(request).view(), wrong=[], found=None, kinds=KINDS, typed={})


@router.post("/record/read", include_in_schema=False)
async def read(
    request: Request,
    file: UploadFile | None = None,
    text: Annotated[str, Form(max_length=1_000_000)] = "",
    published: Annotated[str, Form(max_length=40)] = "",
    source: Annotated[str, Form(max_length=200)] = "",
    url: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """What the document proposes. Nothing is kept of it."""
    name, content = "the text", text.encode("utf-8", "replace")
    if file is not None and file.filename:
        name, content = PurePath(file.filename.replace("\\", "/")).name[:120], await file.read()
        if PurePath(name).suffix.casefold() not in KINDS:
            raise HTTPException(415, f"{name}: {', '.join(KINDS)} are read here; save it as one of these.")
    typed = {"published": published, "source": source or ("" if name == "the text" else name), "url": url, "text": text}
    return await asyncio.to_thread(_read, request, name, content, typed)


def _read(request: Request, name: str, content: bytes, typed: dict[str, str]) -> Response:
    from tradetalks.record.reader.extract import document
    from tradetalks.record.reader.facts import claims
    from tradetalks.record.reader.proposals import read as read_text
    from tradetalks.talks.article_check import check

    view = office(request).view()
    try:
        paper = document(content, name)
        on = day(typed["published"], "published") if typed["published"] else paper.published
        if on is None:
            raise BadInput(
                "published: neither the text nor its name says when it was published, and “Monday” means nothing "
                "without it; give the day"
            )
        reading = read_text(paper.text, on)
        other = next((party for party in view.case.parties if party != "USA"), None)
        facts = check(claims(paper.text, on, other), on)
    except BadInput as error:
        return shown(request, "read.html.j2", view, 422, wrong=[str(error)], found=None, kinds=KINDS, typed=typed)
    surest = sorted(reading.proposals, key=lambda one: -(one.confidence or 0.0))[:MOST]
    rows = [(one.confidence, _context(paper, one), _fields(one, on, typed)) for one in surest]
    return shown(
        request,
        "read.html.j2",
        view,
        wrong=[],
        found=rows,
        left_out=max(0, len(reading.proposals) - MOST),
        doubtful=DOUBTFUL,
        facts=facts,
        warnings=paper.warnings,
        name=name,
        published=on,
        kinds=KINDS,
        typed=typed,
        choices=choices(view.case),
    )


def _context(paper: Document, one: Proposal) -> tuple[str, str, str]:
    """Return the words before, the words it rests on, and those after."""
    start, end = one.span.start, one.span.end
    before, after = paper.text[max(0, start - AROUND) : start], paper.text[end : end + AROUND]
    return before.partition(" ")[2] if start > AROUND else before, paper.text[start:end], after.rpartition(" ")[0]


def _fields(one: Proposal, published: date, typed: dict[str, str]) -> dict[str, Any]:
    """Return the entry that a proposal would make, as the fields of a form; a figure where there is exactly one."""
    figures = [q for q in one.quantities if q.unit.partition(",")[0].strip() in UNITS]
    single = figures[0] if len(figures) == 1 else None
    return {
        "date": min(one.date, published).isoformat(),
        "known_from": published.isoformat(),
        "who": one.who,
        "role": one.role or "",
        "party": one.party,
        "act": one.act,
        "issue": one.issue,
        "position": " ".join(one.span.text.split())[:400],
        "amount": f"{single.value:g}" if single else "",
        "unit": single.unit if single else "",
        "attribution": one.recorded_as,
        "source": typed["source"],
        "url": typed["url"],
    }


@router.post("/record/accept", include_in_schema=False)
async def accept(request: Request, seen: Annotated[str, Form()]) -> Response:
    """Put the ticked proposals, as edited, into the record; all of them or none."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    return await asyncio.to_thread(_accepted, request, seen, form)


def _accepted(request: Request, seen: str, form: dict[str, str]) -> Response:
    where = office(request)
    case = where.desk.look()
    ticked = sorted({int(key[4:]) for key in form if key.startswith("use:") and key[4:].isdigit()})
    if not ticked:
        raise BadInput("tick at least one proposal; nothing was added")
    entries: list[Entry] = []
    for number in ticked:
        fields = {name: form.get(f"{number}:{name}", "") for name in FIELDS}
        try:
            entries.append(entry_of(case, fields, after=len(entries)))
        except BadInput as error:
            raise BadInput(f"proposal {number + 1}: {error}; nothing was added") from None

    def change(text: str | None) -> str:
        whole = text or ""
        for entry in entries:
            whole = appended(whole, entry)
        return whole

    what = f"{len(entries)} entr{'y' if len(entries) == 1 else 'ies'} from a document"
    where.desk.edit(seen, what, "record.yaml", change)
    return done("/record", f"Added {what}: {', '.join(entry.id for entry in entries)}.")
