"""Answers that are a sentence: refusals and errors, as a page or as JSON."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, JSONResponse, Response

from tradetalks.app.render import rendered

#: What a status is called on the page.
TITLES = {
    401: "No session",
    403: "Refused",
    404: "Not found",
    405: "Not possible",
    409: "The case has changed",
    413: "Too large",
    415: "Not a kind of file that is read",
    421: "Wrong address",
    422: "Something given is wrong",
    500: "A bug of ours",
    503: "No solution",
}

#: Where the form is of what can only be sent.
FORM_OF = {"/record/add": "/record", "/record/accept": "/record/read", "/moves/save": "/moves", "/undo": "/"}


def refusal(status: int, sentence: str, *, as_json: bool, back: str = "/") -> Response:
    """Return ``sentence`` as the answer, with ``status``; a page has a link ``back``."""
    if as_json:
        return JSONResponse({"error": sentence}, status)
    title = TITLES.get(status, "Not possible")
    return HTMLResponse(rendered("error.html.j2", title=title, sentence=sentence, status=status, back=back), status)


def came_from(referer: str, host: str) -> str:
    """Return the page of ours, at ``host``, that a request came from; the overview where it came from none."""
    try:
        where = urlsplit(referer)
    except ValueError:
        return "/"
    # One slash at the front: "//elsewhere" would lead away.
    path = "/" + where.path.lstrip("/\\")
    if path in FORM_OF:
        return FORM_OF[path]
    return path + (f"?{where.query}" if where.query else "") if where.netloc == host else "/"
