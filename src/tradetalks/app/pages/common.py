"""What the pages share: the office of a request, the frame around a page, the token of a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tradetalks.app.desk import Conflict
from tradetalks.app.exports import as_csv
from tradetalks.app.guard import TOKEN_HEADER, Lock
from tradetalks.app.labels import told
from tradetalks.app.levers import levers
from tradetalks.app.office import Office, View
from tradetalks.app.render import rendered
from tradetalks.app.words import came_from, refusal
from tradetalks.app.worker import Job
from tradetalks.ground.errors import TradetalksError

#: The pages in the order of the menu: path, name.
MENU = (
    ("/", "Overview"),
    ("/tariffs", "Tariffs"),
    ("/moves", "Moves"),
    ("/wants", "Wants"),
    ("/deals", "Deals"),
    ("/record", "Record"),
    ("/brief", "Brief"),
)


class Refusal(BaseModel):
    """Why there is no answer."""

    error: str


#: What the API may answer besides 200, for its description.
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "model": Refusal}
    for status, words in {
        400: "not JSON",
        401: "no session",
        403: "no token, or another site",
        413: "too large",
        421: "another host",
        422: "something given is wrong",
        503: "no solution",
    }.items()
}


def office(request: Request) -> Office:
    """Return the office of the app."""
    found: Office = request.app.state.office
    return found


def token_of(request: Request) -> str:
    """Return the token that the forms of this session carry."""
    lock: Lock = request.app.state.lock
    return lock.token(request.scope["session"])


async def token_checked(request: Request) -> None:
    """Refuse a request that may change something and bears no token of its session.

    Raises:
        HTTPException: 403.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    given = request.headers.get(TOKEN_HEADER)
    if given is None and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        given = str((await request.form()).get("token", ""))
    lock: Lock = request.app.state.lock
    if not lock.fits(request.scope["session"], given or ""):
        raise HTTPException(403, "This form is of another session or none; load its page again. Nothing was done.")


def shown(request: Request, template: str, view: View, status: int = 200, **values: Any) -> HTMLResponse:
    """Return the page ``template`` about the case in ``view``."""
    desk = office(request).desk
    frame = {
        "case": view.case,
        "parties": _seat_first(view),
        "menu": MENU,
        "here": "/" + request.url.path.split("/")[1],
        "token": token_of(request),
        "seen": view.case.hash,
        "undoable": desk.undoable,
        "folder": desk.folder.name if desk.folder else None,
        "notice": request.query_params.get("done", "")[:200],
    }
    return HTMLResponse(rendered(template, **frame, **values), status)


def _seat_first(view: View) -> tuple[str, str]:
    return view.case.seat, view.case.other(view.case.seat)


def waited(job: Job, seconds: float = 0.4) -> Any:
    """Return the result of ``job`` if it is there within a moment, else None.

    Raises:
        TradetalksError: the job found something given to be wrong, or no solution.
    """
    job.done.wait(seconds)
    if job.error is not None:
        if isinstance(job.error, TradetalksError):
            raise job.error
        raise RuntimeError(f"{job.name} failed") from job.error
    return job.result if job.done.is_set() else None


def finished(job: Job, seconds: float = 120.0) -> Any:
    """Return the result of ``job``, awaited for a download.

    Raises:
        TradetalksError: as :func:`waited`.
        HTTPException: 503 where it takes longer than ``seconds``.
    """
    result = waited(job, seconds)
    if not job.done.is_set():
        raise HTTPException(503, "This is still being worked out; try again in a moment.")
    return result


def attachment(content: bytes, kind: str, name: str) -> Response:
    """Return a file to take away, under ``name`` as far as it may stand in a header and on a disk."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "tradetalks"
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{safe}"'})


def table(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return a table to take away as CSV."""
    return attachment(as_csv(header, rows), "text/csv", f"{name}.csv")


def done(path: str, sentence: str) -> Response:
    """Return the way back to a page after a change, with a sentence on what was done."""
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}done={quote(sentence, safe='')}", 303)


def conflict(request: Request, error: Conflict) -> Response:
    """Return the page that shows what changed on disk, with what was typed kept in it."""
    if request.url.path.startswith("/api/"):
        return refusal(409, str(error), as_json=True)
    try:
        view = office(request).view()
    except TradetalksError as wrong:
        return refusal(409, f"{error}. The case on disk cannot be read: {wrong}", as_json=False)
    form = getattr(request, "_form", None)
    typed = (
        {}
        if form is None
        else {name: value for name, value in form.items() if isinstance(value, str) and name not in ("token", "seen")}
    )
    action = request.url.path
    return shown(
        request,
        "conflict.html.j2",
        view,
        409,
        sentence=f"{error}.",
        changes=error.changes,
        typed=typed,
        said=told(typed, levers(view.case)),
        action=action,
        # To take back is not asked again: what would be taken back is no longer what the button named.
        again=action != "/undo",
        back=came_from(request.headers.get("referer", ""), request.headers.get("host", "")),
    )
