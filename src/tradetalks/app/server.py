"""The app: routes of all pages behind the guard, and one way for errors to become sentences."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tradetalks import __version__
from tradetalks.app.desk import Conflict
from tradetalks.app.guard import Guard, Lock
from tradetalks.app.office import Office
from tradetalks.app.pages import brief, deals, moves, overview, reading, record, review, tariffs, wants
from tradetalks.app.pages.common import conflict, token_checked
from tradetalks.app.words import came_from, refusal
from tradetalks.ground.errors import BadInput, NotConverged

#: fastapi can send traces to a collector that the environment names; nothing leaves this machine.
SILENT: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}

PAGES = (overview, tariffs, moves, wants, deals, record, reading, review, brief)


def build(office: Office, lock: Lock, hosts: frozenset[str]) -> Guard:
    """Return the app of ``office``, to be served at ``hosts`` (values of the Host header)."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        office.close()

    # The pages that fastapi offers for its API load from elsewhere; they are left out.
    app = FastAPI(
        title="tradetalks",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(token_checked)],
        telemetry=SILENT,
    )
    app.state.office = office
    app.state.lock = lock
    for page in PAGES:
        app.include_router(page.router)
    app.mount("/static", StaticFiles(directory=str(Path(str(files("tradetalks.app"))) / "static")))

    @app.exception_handler(Conflict)
    def conflicted(request: Request, error: Conflict) -> Response:
        return conflict(request, error)

    @app.exception_handler(BadInput)
    def wrong(request: Request, error: BadInput) -> Response:
        return _refused(request, 422, _capital(str(error)))

    @app.exception_handler(NotConverged)
    def unsolved(request: Request, error: NotConverged) -> Response:
        return _refused(request, 503, _capital(str(error)))

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc'][1:])) or 'body'}: {one['msg']}" for one in error.errors()[:5]
        )
        return _refused(request, 422, f"{faults}.")

    @app.exception_handler(HTTPException)
    def missing(request: Request, error: HTTPException) -> Response:
        sentences = {404: "There is no such page.", 405: "This cannot be done here."}
        return _refused(request, error.status_code, sentences.get(error.status_code, str(error.detail)))

    @app.exception_handler(Exception)
    def bug(request: Request, error: Exception) -> Response:
        return _refused(
            request,
            500,
            f"This is a bug, not your input ({type(error).__name__}). The terminal that runs the app shows where; "
            "please report it.",
        )

    return Guard(app, lock, hosts)


def _refused(request: Request, status: int, sentence: str) -> Response:
    back = came_from(request.headers.get("referer", ""), request.headers.get("host", ""))
    return refusal(status, sentence, as_json=request.url.path.startswith("/api/"), back=back)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
