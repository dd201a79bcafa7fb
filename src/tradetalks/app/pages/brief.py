"""Brief: the document, to look at and to take away, for the team and for others."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from tradetalks.app.pages.common import REFUSALS, attachment, finished, office, shown, waited
from tradetalks.app.words import refusal

if TYPE_CHECKING:
    from tradetalks.app.office import Written

router = APIRouter()

_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)

Version = Literal["own", "shared"]
Ending = Literal["html", "pdf", "xlsx", "csv.zip"]

#: What a brief may be taken away as: its ending, what the link says, and what a browser is told.
KINDS: Mapping[Ending, tuple[str, str]] = {
    "pdf": ("PDF", "application/pdf"),
    "html": ("HTML, one file", "text/html; charset=utf-8"),
    "xlsx": ("Tables, Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv.zip": ("Tables, CSV", "application/zip"),
}


@router.get("/brief", include_in_schema=False)
def brief(request: Request, version: Version = "own") -> Response:
    """The brief in a frame, and its downloads."""
    view = office(request).view()
    job = view.brief(shared=version == "shared")
    ready = waited(job) is not None
    return shown(request, "brief.html.j2", view, job=job, ready=ready, version=version, kinds=KINDS)


@router.get("/brief/preview", include_in_schema=False)
def preview(request: Request, version: Version = "own") -> Response:
    """The brief itself; it may show its own styles and nothing else."""
    found: Written | None = waited(office(request).view().brief(shared=version == "shared"), 0.0)
    if found is None:
        return refusal(404, "The brief is not written yet.", as_json=False)
    styles = " ".join(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in _STYLE.findall(found.html))
    policy = f"default-src 'none'; style-src {styles}; img-src data:; frame-ancestors 'self'; sandbox allow-popups"
    return HTMLResponse(found.html, headers={"content-security-policy": policy})


@router.get("/brief/download", include_in_schema=False)
def download(request: Request, version: Version = "own", kind: Ending = "html") -> Response:
    """The brief as a file that opens offline, or its tables."""
    view = office(request).view()
    found: Written = finished(view.brief(shared=version == "shared"))
    name = f"{view.case.name}-brief{'-to-share' if version == 'shared' else ''}.{kind}"
    return attachment(_made(found, kind), KINDS[kind][1], name)


def _made(found: Written, kind: Ending) -> bytes:
    from tradetalks.brief.pdf import pdf
    from tradetalks.brief.workbook import tables, xlsx, zipped

    makers: dict[Ending, Callable[[], bytes]] = {
        "html": lambda: found.html.encode(),
        "pdf": lambda: pdf(found.briefing),
        "xlsx": lambda: xlsx(found.briefing),
        "csv.zip": lambda: zipped(tables(found.briefing)),
    }
    return makers[kind]()


@router.get("/api/job/{name}", responses=REFUSALS)
def job(request: Request, name: str) -> dict[str, str | float | bool]:
    """How far something is that takes seconds: ``deals``, ``brief``, ``brief to share``, ``wants PARTY``."""
    found = office(request).view().jobs.known(name)
    if found is None:
        return {"known": False, "done": False, "saying": "", "share": 0.0}
    return {"known": True, "done": found.done.is_set(), "saying": found.saying, "share": round(found.share, 3)}
