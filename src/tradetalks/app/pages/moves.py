"""Moves: levers with sliders, and what they are worth to both sides while they move."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from tradetalks.app.edits import with_package
from tradetalks.app.levers import chosen, levers, settings_of
from tradetalks.app.office import View
from tradetalks.app.pages.common import REFUSALS, done, office, shown
from tradetalks.app.play import Move
from tradetalks.ground.errors import BadInput
from tradetalks.value.package import Package, package_of

router = APIRouter()

#: Rows of the table of figures: field, what it is, unit.
FIGURES = (
    ("welfare_net_usd_bn", "Real income net of borrowing", "USD bn a year"),
    ("welfare_net_pct", "Real income net of borrowing", "%"),
    ("real_wage_pct", "Real wage", "%"),
    ("price_pct", "Consumer prices, wages held", "%"),
    ("exports_usd_bn", "Exports to all", "USD bn"),
    ("imports_usd_bn", "Imports from all", "USD bn"),
    ("revenue_usd_bn", "Tariff revenue", "USD bn"),
    ("bilateral_balance_usd_bn", "Balance with the other side", "USD bn"),
    ("fiscal_usd_bn", "Subsidies to purchases, a year", "USD bn"),
    ("outside_usd_bn", "Outside trade, a year", "USD bn"),
    ("once_usd_bn", "Outside trade, once", "USD bn"),
)

Settings = dict[Annotated[str, Field(max_length=100)], Annotated[float, Field(allow_inf_nan=False)]]


class Ask(BaseModel):
    """A move: where the levers stand."""

    model_config = ConfigDict(extra="forbid")

    levers: Annotated[Settings, Field(max_length=100)]
    """Lever -> amount; what is not named is out."""
    moving: Annotated[str, Field(max_length=100)] | None = None
    """The lever that the hand is on."""
    stage: Literal["quick", "full"] = "full"
    """On 16 regions and approximate, or the full world."""
    tab: Annotated[str, Field(max_length=40)] = ""
    """Which page of the session asks; a later move of the same page overtakes this one."""


class Worth(BaseModel):
    """What a move is worth; ``overtaken`` alone where a later move of the session took its place."""

    overtaken: bool = False
    approximate: bool | None = None
    """From the economy of 16 regions."""
    title: str | None = None
    terms: list[str] = []
    unpriced: list[str] = []
    """Titles of terms whose value nobody knows, or only in part; they are not counted."""
    no_deal: dict[str, dict[str, float | None]] = {}
    """Party -> measure -> figure against no deal."""
    today: dict[str, dict[str, float | None]] = {}
    """The same against the status quo."""
    accepts: dict[str, float] = {}
    """Party -> probability that it accepts, where its wants are known already."""
    milliseconds: float | None = None


@router.get("/moves", include_in_schema=False)
def moves(
    request: Request,
    package: Annotated[str, Query(max_length=100)] = "",
    terms: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """The levers of the case, standing as a package has them."""
    view = office(request).view()
    case = view.case
    every = levers(case)
    named = [case.term(name) for name in terms.split(",") if name]
    start = package_of(named) if named else case.package(package or None)
    return shown(
        request,
        "moves.html.j2",
        view,
        levers=every,
        settings=settings_of(every, start),
        start=start,
        presets=[(one, settings_of(every, one)) for one in case.packages],
        figures=FIGURES,
    )


@router.post("/api/move", response_model=Worth, responses=REFUSALS)
async def move(request: Request, ask: Ask) -> Response:
    """What a move is worth to both sides: quickly while a hand is on a lever, in full when it lets go."""
    where = office(request)
    view = where.known()
    if view is None:
        view = await asyncio.to_thread(where.view)
    asked = Move(ask.levers, ask.moving)
    future = view.player.ask(f"{request.scope['session']} {ask.tab}", asked, quick=ask.stage == "quick")
    found: dict[str, Any] = await asyncio.wrap_future(future)
    answer = {"overtaken": False, "accepts": {}, **found}
    if ask.stage == "full" and not answer["overtaken"]:
        answer["accepts"] = await asyncio.to_thread(_accepts, view, asked, answer)
    return JSONResponse(answer)  # as it is: the model would check what we have just made


def _accepts(view: View, asked: Move, answer: dict[str, Any]) -> dict[str, float]:
    """Return the mean probability that each party accepts, where its wants are known already."""
    from tradetalks.talks.deals.constraints import refusals
    from tradetalks.talks.stakes import case_reference, package_stakes

    case = view.case
    package = chosen(view.player.plays[False].levers.values(), asked.settings)
    reference = case_reference(case.deadline, case.as_of)
    found = {}
    for party in case.parties:
        posterior = view.posterior(party)
        figures = answer["no_deal"][party]
        if posterior is None:
            continue
        economic = sum(figures[name] or 0.0 for name in ("welfare_net_usd_bn", "outside_usd_bn"))
        accepted = posterior.acceptance(economic, package_stakes(package, party, reference))
        found[party] = 0.0 if refusals(case, package).get(party) else float(accepted.mean())
    return found


@router.post("/moves/save", include_in_schema=False)
async def save(request: Request, seen: Annotated[str, Form()], title: Annotated[str, Form(max_length=120)]) -> Response:
    """Keep where the levers stand as a package of the case."""
    form = await request.form()
    return await asyncio.to_thread(_saved, request, seen, title.strip(), dict(form.items()))


def _saved(request: Request, seen: str, title: str, form: dict[str, Any]) -> Response:
    where = office(request)
    case = where.desk.look()
    name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60]
    if not name:
        raise BadInput("title: give the package a name in letters or digits, such as 'Cars at 12%'")
    settings = {}
    for field in form:
        if field.startswith("on:"):
            lever = field.removeprefix("on:")
            try:
                settings[lever] = float(str(form.get(f"at:{lever}", "1")))
            except ValueError:
                raise BadInput(f"{lever}: {str(form.get(f'at:{lever}'))[:40]!r} is not a number") from None
    inside = chosen(levers(case), settings)
    if not inside.terms:
        raise BadInput("a package needs a term: tick at least one lever")
    package = Package(name, title, inside.terms)
    where.desk.edit(seen, f"package “{title}”", "case.yaml", lambda text: with_package(text or "", package))
    return done(f"/moves?package={name}", f"Saved as the package “{title}”.")
