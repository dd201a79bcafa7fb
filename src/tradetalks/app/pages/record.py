"""Record: what was said and done, a form to add to it, and a reader that proposes entries from a document."""

from __future__ import annotations

import asyncio
from datetime import date
from itertools import count, islice
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from tradetalks.app.labels import apart, faults
from tradetalks.app.pages.common import done, office, shown, table
from tradetalks.ground.errors import BadInput
from tradetalks.ground.fields import validated
from tradetalks.record.append import appended
from tradetalks.record.entry import Act, Attribution, Entry
from tradetalks.record.fields import UNITS, Confidence
from tradetalks.record.issues import issues
from tradetalks.record.ledger import everything, ledger
from tradetalks.value.case import Case

router = APIRouter()

Words = Annotated[str, Query(max_length=100)]

#: Fields of the form that become an entry.
FIELDS = ("date", "known_from", "who", "role", "party", "counterpart", "act", "issue", "topic", "position", "amount",
          "unit", "attribution", "confidence", "source", "url", "note")  # fmt: skip


@router.get("/record", include_in_schema=False)
def record(
    request: Request,
    since: Words = "",
    until: Words = "",
    issue: Words = "",
    party: Words = "",
    act: Words = "",
) -> Response:
    """The record known on the as-of day, filtered."""
    view = office(request).view()
    wrong: list[str] = []
    entries = ledger(None, view.case.folder, view.case.parties)
    try:
        first, last = _day(since, "since"), _day(until, "until")
    except BadInput as error:
        wrong.append(str(error))
        first, last = None, None
    last = last or view.case.as_of
    public = sum(entry.known_from <= last for entry in entries)
    rows = [entry for entry in _wanted(entries, issue, party, act) if (first or date.min) <= entry.known_from <= last]
    return shown(
        request,
        "record.html.j2",
        view,
        422 if wrong else 200,
        rows=rows[::-1],
        every=public,
        last=last,
        since=since,
        until=until or last.isoformat(),
        issue=issue,
        chosen_party=party,
        act=act,
        choices=choices(view.case),
        typed={},
        wrong=wrong,
        own=_own(view.case),
    )


@router.get("/record.csv", include_in_schema=False)
def download(
    request: Request, since: Words = "", until: Words = "", issue: Words = "", party: Words = "", act: Words = ""
) -> Response:
    """The record as a table."""
    case = office(request).view().case
    first, last = _day(since, "since") or date.min, _day(until, "until") or case.as_of
    entries = _wanted(ledger(None, case.folder, case.parties), issue, party, act)
    names = list(Entry.model_fields)
    rows = [
        [", ".join(value) if isinstance(value, tuple) else value for value in (getattr(entry, n) for n in names)]
        for entry in entries
        if first <= entry.known_from <= last
    ]
    return table(f"record-{case.name}", names, rows)


@router.post("/record/add", include_in_schema=False)
async def add(request: Request, seen: Annotated[str, Form()]) -> Response:
    """Add an entry to the case's record."""
    form = dict((await request.form()).items())
    return await asyncio.to_thread(_added, request, seen, {k: str(v) for k, v in form.items() if isinstance(v, str)})


def _added(request: Request, seen: str, form: dict[str, str]) -> Response:
    where = office(request)
    view = where.view()
    back = "/wants" if form.get("back") == "/wants" else "/record"
    try:
        entry = entry_of(view.case, form)
    except BadInput as error:
        return shown(
            request,
            "add.html.j2",
            view,
            422,
            typed=form,
            choices=choices(view.case),
            wrong=faults(str(error)),
            back=back,
        )
    where.desk.edit(seen, f"entry {entry.id}", "record.yaml", lambda text: appended(text or "", entry))
    # Both sides' wants are found anew, this one's first, so that the page has them soon.
    late = "" if entry.known_from <= view.case.as_of else f" It is public from {entry.known_from}, after the as-of day."
    party = f"?party={entry.party}" if back == "/wants" and entry.party in view.case.parties else ""
    return done(f"{back}{party}", f"Added as {entry.id}: {apart(entry.who)}, {entry.act}, {entry.issue}.{late}")


def entry_of(case: Case, form: dict[str, str], after: int = 0) -> Entry:
    """Return the entry that a form describes; empty fields are unknown. ``after`` so many others of the same edit.

    Raises:
        BadInput: a field is missing or wrong.
    """
    given: dict[str, Any] = {name: form[name].strip() for name in FIELDS if form.get(name, "").strip()}
    given.setdefault("known_from", given.get("date"))
    if given.get("party") in case.parties:
        given.setdefault("counterpart", case.other(given["party"]))
    if "amount" in given:
        try:
            given["amount"] = float(given["amount"].replace(",", ""))
        except ValueError:
            raise BadInput(f"amount: {given['amount'][:40]!r} is not a number; write it plainly, such as 24") from None
    return validated(Entry, {"id": _next_id(case, after), **given}, "the entry")


def choices(case: Case) -> dict[str, Any]:
    """Return what the fields of the form may be."""
    return {
        "parties": case.parties,
        "acts": get_args(Act),
        "issues": [(one.id, one.title) for one in issues()],
        "units": UNITS,
        "attributions": get_args(Attribution),
        "confidences": get_args(Confidence),
        "as_of": case.as_of.isoformat(),
    }


def _wanted(entries: tuple[Entry, ...], issue: str, party: str, act: str) -> list[Entry]:
    return [
        entry
        for entry in entries
        if (not issue or issue in entry.issues)
        and (not party or party in (entry.party, *(entry.sides if entry.party == "both" else ())))
        and (not act or entry.act == act)
    ]


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{field}: {text!r} is not a date; write YYYY-MM-DD, for example 2025-04-20") from None


def _own(case: Case) -> set[str]:
    """Return the ids of the case's own entries."""
    if case.folder is None:
        return set()
    shipped = {entry.id for entry in everything()}
    return {entry.id for entry in everything(None, case.folder)} - shipped


def _next_id(case: Case, after: int) -> str:
    taken = {entry.id for entry in everything(None, case.folder)}
    free = (name for name in (f"own-{n}" for n in count(1)) if name not in taken)
    return next(islice(free, after, None))
