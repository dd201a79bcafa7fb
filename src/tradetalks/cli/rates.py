"""``tradetalks rates``: import-weighted rates of an origin or of all, broken down as asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import BaseModel, ConfigDict

from tradetalks.cli.options import AsJson, print_json
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.law.provenance import LawAnswer, provenance

By = Literal["sector", "chapter", "line", "authority"]


class RateRow(BaseModel):
    """One row of the breakdown."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    key: str
    """Sector code, chapter, line or authority; the origin where all origins are asked for."""
    effective_rate_pct: float
    """Duty over imports; of an authority, its percentage points of all imports."""
    imports_usd: float
    """US imports of 2024."""


class OtherClockRate(BaseModel):
    """The average by the law as it was known on another day."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    known: date | None
    """The day of entry: as published that day; null: by all the law known today."""
    effective_rate_pct: float | None


class RatesAnswer(LawAnswer):
    """What ``tradetalks rates --json`` prints."""

    effective_rate_pct: float
    """Duty over imports of chapters 1 to 97, weighted with US imports of 2024."""
    imports_usd: float
    """US imports of 2024 in chapters 1 to 97."""
    origin: str
    on: date
    known: date | None
    by: str | None
    rows: tuple[RateRow, ...]
    weights: str
    """``own``, or ``proxy`` where the mix of goods is the EU's (its members) or the world's."""
    other_clock: OtherClockRate | None
    """The average as published on the day of entry (with ``--known`` by all the law known today), where acts that
    became public later reach back to it and make it another one; null where they do not."""


class EventRow(BaseModel):
    """What happened to duties of one authority."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    authority: str
    what: str
    """Before and after, for example "10% added -> 24% added"."""
    citation: str
    origins: tuple[str, ...]
    """Whose goods, of the origins asked for."""


class StepRow(BaseModel):
    """The average from a day until the next step."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    on: date
    effective_rate_pct: float
    rows: tuple[RateRow, ...]
    """The breakdown asked for; of all origins without one, by origin."""
    events: tuple[EventRow, ...]
    """What changed on that day; none where only claims, exemptions or the schedule did."""


class PathAnswer(LawAnswer):
    """What ``tradetalks rates --since --until --json`` prints."""

    origin: str
    since: date
    until: date
    known: date | None
    by: str | None
    imports_usd: float
    """US imports of 2024 in chapters 1 to 97."""
    steps: tuple[StepRow, ...]
    weights: str
    """``own``, or ``proxy`` where the mix of goods is the EU's (its members) or the world's."""


def rates(
    ctx: typer.Context,
    origin: Annotated[str, typer.Option(help="Country of origin, EU, or all.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Day of entry.  [default: today]")] = None,
    known: Annotated[
        str | None, typer.Option(metavar="DATE", help="The law as public on that day.  [default: all of it]")
    ] = None,
    by: Annotated[By | None, typer.Option(help="Break the rate down; all origins come by origin.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="First day of a path through time.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day of the path.  [default: today]")] = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the path, its events named (.svg, .png, .html).")
    ] = None,
    case: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A case whose own editions of the schedule are read too.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Print effective US rates, weighted with imports of 2024: of a day, or of every day on which they changed.

    \b
    Example:
      tradetalks rates --origin JP --on 2025-04-20 --by sector
      tradetalks rates --origin JP --since 2025-01-01 --until 2025-09-30
    """
    if case is not None:
        from tradetalks.law.editions import of_case

        ctx.with_resource(of_case(case))
    if since or until or chart:
        if on:
            raise BadInput("--on: a path through time has --since and --until instead")
        last = day(until, "--until") if until else date.today()
        _path(origin, day(since, "--since") if since else date(2025, 1, 1), last, known, by, chart, json)
        return
    from tradetalks.law.editions import editions
    from tradetalks.law.rates import effective_rate

    entered = day(on, "--on") if on else date.today()
    found = effective_rate("USA", origin, entered, day(known, "--known") if known else None, by)
    other = found.other_clock
    if json:
        rows = tuple(RateRow(key=key, effective_rate_pct=rate, imports_usd=value) for key, rate, value in found.rows)
        print_json(
            RatesAnswer(
                effective_rate_pct=found.rate_pct,
                imports_usd=found.imports_usd,
                origin=found.origin,
                on=found.on,
                known=found.known,
                by=by,
                rows=rows,
                weights=found.weights,
                other_clock=OtherClockRate(known=other.known, effective_rate_pct=other.rate_pct) if other else None,
                **provenance(found.on, found.known, found.warnings),
            )
        )
        return
    for key, rate, value in found.rows:
        typer.echo(f"{key:<24} {rate:8.2f}%  {value / 1e9:10.2f} bn USD")
    total = f"{found.rate_pct:8.2f}%  {found.imports_usd / 1e9:10.2f} bn USD"
    typer.echo(f"{found.origin:<24} {total} of imports in 2024")
    if other:
        typer.echo(f"{'':<24} {other.rate_pct:8.2f}%  {other.words}: acts that became public later reach back to it")
    typer.echo(f"\nread: {'; '.join(editions())}")
    for warning in found.warnings:
        typer.echo(f"tradetalks: {warning}", err=True)


def _path(
    origin: str, since: date, until: date, known: str | None, by: str | None, chart: Path | None, json: bool
) -> None:
    from tradetalks.law.editions import beyond, editions
    from tradetalks.law.path import rate_path

    public = day(known, "--known") if known else None
    found = rate_path(origin, since, until, public, by)
    warnings = beyond(found.until, public)
    if found.weights == "proxy":
        warnings = (*warnings, f"weights: proxy, there are no imports by line for {found.origin}")
    if chart:
        from tradetalks.cli.rate_chart import draw

        draw(found, chart)
    if json:
        steps = tuple(
            StepRow(
                on=step.on,
                effective_rate_pct=step.rate_pct,
                rows=tuple(RateRow(key=key, effective_rate_pct=rate, imports_usd=usd) for key, rate, usd in step.rows),
                events=tuple(
                    EventRow(authority=one.authority, what=one.what, citation=one.citation, origins=one.origins)
                    for one in step.events
                ),
            )
            for step in found.steps
        )
        print_json(
            PathAnswer(
                origin=found.origin,
                since=found.since,
                until=found.until,
                known=public,
                by=by,
                imports_usd=found.imports_usd,
                steps=steps,
                weights=found.weights,
                **provenance(found.until, public, warnings),
            )
        )
        return
    for step in found.steps:
        typer.echo(f"{step.on} {step.rate_pct:8.2f}%")
        for event in step.events:
            typer.echo(f"             {event.authority}: {event.what}  ({event.citation})")
        for key, rate, _ in step.rows if by else ():
            typer.echo(f"             {key:<24} {rate:8.2f}%")
    typer.echo(f"\nread: {'; '.join(editions())}")
    for warning in warnings:
        typer.echo(f"tradetalks: {warning}", err=True)
