"""Moves: levers with sliders, and what they are worth to both sides while they move."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from tradetalks.app.edits import with_package
from tradetalks.app.labels import apart
from tradetalks.app.levers import chosen, levers, settings_of
from tradetalks.app.office import View
from tradetalks.app.pages.common import REFUSALS, done, office, shown
from tradetalks.app.play import Move
from tradetalks.ground.errors import BadInput
from tradetalks.value.case import Case
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
    named = [case.term(name) for name in terms.split(",") if name]
    start = package_of(named) if named else case.package(package or None)
    settings = settings_of(levers(case), start)
    return _levers(request, view, {lever: f"{at:g}" for lever, at in settings.items()}, set(settings), start.id)


def _levers(
    request: Request,
    view: View,
    boxes: dict[str, str],
    inside: set[str],
    start: str = "",
    title: str = "",
    wrong: str = "",
) -> Response:
    """Return the page with the number ``boxes`` (lever -> as typed) and the levers ``inside`` ticked."""
    every = levers(view.case)
    return shown(
        request,
        "moves.html.j2",
        view,
        422 if wrong else 200,
        levers=every,
        boxes={lever.id: boxes.get(lever.id, f"{lever.amount(lever.terms[0]):g}") for lever in every},
        inside=inside,
        start=start,
        presets=[(one, settings_of(every, one)) for one in view.case.packages],
        figures=FIGURES,
        title=title,
        wrong=[wrong] if wrong else [],
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
    """Return the mean probability that each party accepts, where its wants are known already.

    It is that of Deals where the package stands there. Elsewhere it is over the same draws of the wants, and at the
    point value of the economy.
    """
    from tradetalks.talks.deals.constraints import refusals
    from tradetalks.talks.stakes import case_reference, package_stakes
    from tradetalks.value.valuation import DRAWS

    case = view.case
    package = chosen(view.player.plays[False].levers.values(), asked.settings)
    if (same := view.deal({term.id for term in package.terms})) is not None:
        return {party: side.acceptance.value or 0.0 for party, side in same.sides.items()}
    reference = case_reference(case.deadline, case.as_of)
    found = {}
    for party in case.parties:
        posterior = view.posterior(party)
        figures = answer["no_deal"][party]
        if posterior is None:
            continue
        economic = sum(figures[name] or 0.0 for name in ("welfare_net_usd_bn", "outside_usd_bn"))
        accepted = posterior.acceptance(economic, package_stakes(package, party, reference))
        found[party] = 0.0 if refusals(case, package).get(party) else float(accepted[:DRAWS].mean())
    return found


@router.post("/moves/save", include_in_schema=False)
async def save(request: Request, seen: Annotated[str, Form()]) -> Response:
    """Keep where the levers stand as a package of the case."""
    form = {field: str(value) for field, value in (await request.form()).items()}
    return await asyncio.to_thread(_saved, request, seen, form)


def _saved(request: Request, seen: str, form: dict[str, str]) -> Response:
    where = office(request)
    title = form.get("title", "").strip()
    try:
        package = _package(where.desk.look(), title, form)
        where.desk.edit(seen, f"package “{apart(title)}”", "case.yaml", lambda text: with_package(text or "", package))
    except BadInput as error:
        boxes = {field.removeprefix("at:"): value for field, value in form.items() if field.startswith("at:")}
        inside = {field.removeprefix("on:") for field in form if field.startswith("on:")}
        return _levers(request, where.view(), boxes, inside, title=title, wrong=f"{error}; nothing was saved")
    return done(f"/moves?package={package.id}", f"Saved as the package “{apart(title)}”.")


def _package(case: Case, title: str, form: dict[str, str]) -> Package:
    """Return the package that a form describes: its ticked levers, each where its box says.

    Raises:
        BadInput: it has no name, a box holds no number of its lever, or nothing is ticked.
    """
    name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60]
    if not name:
        raise BadInput("Give the package a name in letters or digits, such as 'Cars at 12%'")
    every = levers(case)
    titles = {lever.id: lever.title for lever in every}
    settings = {}
    for lever in (field.removeprefix("on:") for field in form if field.startswith("on:")):
        box = form.get(f"at:{lever}", "1").strip()
        try:
            settings[lever] = float(box)
        except ValueError:
            said = f"{box[:40]!r} is not a number" if box else "its box is empty; write a number, or untick it"
            raise BadInput(f"{titles.get(lever, lever)[:60]}: {said}") from None
    inside = chosen(every, settings)
    if not inside.terms:
        raise BadInput("A package needs a term: tick at least one lever")
    return Package(name, title[:120], inside.terms)
