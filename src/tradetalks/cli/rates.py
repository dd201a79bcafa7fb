"""``tradetalks rates``: import-weighted rates of an origin or of all, broken down as asked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer
from pydantic import BaseModel, ConfigDict

from tradetalks.cli.options import AsJson, print_json
from tradetalks.ground.answer import Meta
from tradetalks.ground.dates import day

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


class RatesAnswer(BaseModel):
    """What ``tradetalks rates --json`` prints."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

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
    meta: Meta


def rates(
    origin: Annotated[str, typer.Option(help="Country of origin, EU, or all.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Day of entry.  [default: today]")] = None,
    known: Annotated[
        str | None, typer.Option(metavar="DATE", help="The law as public on that day.  [default: all of it]")
    ] = None,
    by: Annotated[By | None, typer.Option(help="Break the rate down; all origins come by origin.")] = None,
    json: AsJson = False,
) -> None:
    """Print effective US rates, weighted with imports of 2024.

    \b
    Example:
      tradetalks rates --origin JP --on 2025-04-20 --by sector
    """
    from tradetalks.law.rates import effective_rate

    entered = day(on, "--on") if on else date.today()
    found = effective_rate("USA", origin, entered, day(known, "--known") if known else None, by)
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
                meta=Meta(as_of=found.on, known_through=found.known, warnings=found.warnings),
            )
        )
        return
    for key, rate, value in found.rows:
        typer.echo(f"{key:<24} {rate:8.2f}%  {value / 1e9:10.2f} bn USD")
    total = f"{found.rate_pct:8.2f}%  {found.imports_usd / 1e9:10.2f} bn USD"
    typer.echo(f"{found.origin:<24} {total} of imports in 2024")
    for warning in found.warnings:
        typer.echo(f"tradetalks: {warning}", err=True)
