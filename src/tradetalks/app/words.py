"""Answers that are a sentence: refusals and errors, as a page or as JSON."""

from __future__ import annotations

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


def refusal(status: int, sentence: str, *, as_json: bool) -> Response:
    """Return ``sentence`` as the answer, with ``status``."""
    if as_json:
        return JSONResponse({"error": sentence}, status)
    title = TITLES.get(status, "Not possible")
    return HTMLResponse(rendered("error.html.j2", title=title, sentence=sentence, status=status), status)
