"""Reading a document: what it proposes for the record, to be reviewed."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import Response

from tradetalks.app.guard import LARGEST_UPLOAD
from tradetalks.app.pages.common import office, shown
from tradetalks.app.pages.review import MOST, Basis, Fact, Review, reviewed
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.record.fields import UNITS

if TYPE_CHECKING:
    from tradetalks.record.reader.extract import Document
    from tradetalks.record.reader.proposals import Proposal

router = APIRouter()

#: Kinds of files that are read, by the end of their names.
KINDS = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")

#: Characters shown around the words that a proposal rests on.
AROUND = 90

#: What a file must hold whose name ends so.
SAYS = {".pdf": "pdf", ".docx": "docx"}


@router.get("/record/read", include_in_schema=False)
def ask(request: Request) -> Response:
    """The form: a file, or text to paste."""
    return _asked(request, {})


def _asked(request: Request, typed: dict[str, str], status: int = 200, wrong: str = "") -> Response:
    """Return the form with what was ``typed``, and what was ``wrong`` with it."""
    view, faults = office(request).view(), [wrong] if wrong else []
    return shown(request, "read.html.j2", view, status, wrong=faults, kinds=KINDS, most=LARGEST_UPLOAD, typed=typed)


@router.post("/record/read", include_in_schema=False)
async def read(
    request: Request,
    file: UploadFile | None = None,
    text: Annotated[str, Form()] = "",
    published: Annotated[str, Form(max_length=40)] = "",
    source: Annotated[str, Form(max_length=200)] = "",
    url: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """What the document proposes. Nothing is kept of it."""
    name, content = "the text", text.encode("utf-8", "replace")
    if file is not None and file.filename:
        name, content = PurePath(file.filename.replace("\\", "/")).name[:120], await file.read()
    typed = {"published": published, "source": source or ("" if name == "the text" else name), "url": url, "text": text}
    if not content.strip() and name == "the text":
        return await asyncio.to_thread(_asked, request, typed, 422, "Paste a text or choose a file.")
    if name != "the text" and PurePath(name).suffix.casefold() not in KINDS:
        kinds = f"{name}: {', '.join(KINDS)} are read here; save it as one of these."
        return await asyncio.to_thread(_asked, request, typed, 415, kinds)
    return await asyncio.to_thread(_read, request, name, content, typed)


def _read(request: Request, name: str, content: bytes, typed: dict[str, str]) -> Response:
    from tradetalks.record.reader.extract import document
    from tradetalks.record.reader.facts import claims
    from tradetalks.record.reader.notes import another_pair
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
        return _asked(request, typed, 422, str(error))
    surest = sorted(reading.proposals, key=lambda one: -(one.confidence or 0.0))[:MOST]
    review = Review(
        name=name,
        published=on,
        left_out=max(0, len(reading.proposals) - MOST),
        warnings=[*_misnamed(paper), *paper.warnings, *another_pair(paper.text, other, paper.name)],
        facts=[
            Fact(verdict=one.verdict, quote=one.claim.span.text, sentence=one.sentence, citation=one.citation)
            for one in facts
        ],
        bases=[_basis(paper, one) for one in surest],
    )
    return reviewed(request, view, review, [_fields(one, on, typed) for one in surest])


def _misnamed(paper: Document) -> list[str]:
    """Return the warning that a file is not what its name says."""
    ending = PurePath(paper.name).suffix.casefold()
    if SAYS.get(ending, paper.kind) == paper.kind:
        return []
    return [f"{paper.name} is no {ending[1:].upper()} file: what it holds was read as {paper.kind}"]


def _basis(paper: Document, one: Proposal) -> Basis:
    start, end = one.span.start, one.span.end
    before, after = paper.text[max(0, start - AROUND) : start], paper.text[end : end + AROUND]
    return Basis(
        confidence=one.confidence,
        before=before.partition(" ")[2] if start > AROUND else before,
        words=paper.text[start:end],
        after=after.rpartition(" ")[0],
    )


def _fields(one: Proposal, published: date, typed: dict[str, str]) -> dict[str, str]:
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
