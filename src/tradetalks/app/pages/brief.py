"""Brief: the document, to look at and to take away."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from tradetalks.app.pages.common import REFUSALS, office, shown, waited
from tradetalks.app.words import refusal

router = APIRouter()

_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


@router.get("/brief", include_in_schema=False)
def brief(request: Request) -> Response:
    """The brief in a frame, and its downloads."""
    view = office(request).view()
    job = view.brief()
    return shown(request, "brief.html.j2", view, job=job, ready=waited(job) is not None)


@router.get("/brief/preview", include_in_schema=False)
def preview(request: Request) -> Response:
    """The brief itself; it may show its own styles and nothing else."""
    text = waited(office(request).view().brief(), 0.0)
    if text is None:
        return refusal(404, "The brief is not written yet.", as_json=False)
    styles = " ".join(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in _STYLE.findall(text))
    policy = f"default-src 'none'; style-src {styles}; img-src data:; frame-ancestors 'self'; sandbox allow-popups"
    return HTMLResponse(text, headers={"content-security-policy": policy})


@router.get("/brief/download", include_in_schema=False)
def download(request: Request) -> Response:
    """The brief as a file that opens offline."""
    view = office(request).view()
    text = waited(view.brief(), 120.0)
    headers = {"content-disposition": f'attachment; filename="{view.case.name}-brief.html"'}
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/api/job/{name}", responses=REFUSALS)
def job(request: Request, name: str) -> dict[str, str | float | bool]:
    """How far something is that takes seconds: ``deals``, ``brief``, ``wants PARTY``."""
    found = office(request).view().jobs.known(name)
    if found is None:
        return {"known": False, "done": False, "saying": "", "share": 0.0}
    return {"known": True, "done": found.done.is_set(), "saying": found.saying, "share": round(found.share, 3)}
