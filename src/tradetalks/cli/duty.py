"""``tradetalks duty``: what a line from an origin pays on a day, part by part, each with its citation."""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel, ConfigDict, Field

from tradetalks.cli.options import AsJson, print_json, progress_bar
from tradetalks.ground.answer import Meta
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.law.provenance import LawAnswer

if TYPE_CHECKING:
    from tradetalks.law.duty import Duty

#: Errors of so many rows are told on standard error; the column ``error`` has all.
SHOWN = 20


class ComponentAnswer(BaseModel):
    """One part of a duty, or a measure that would have been one, and why it is as it is."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        validate_by_name=True,
        serialize_by_alias=True,
    )

    id: str
    authority: str
    treatment: str
    """ordinary, add, ceiling, replace or exempt."""
    rate_pct: float | None
    """Percentage points of customs value that it adds; null where unknown."""
    status: str
    """applies, conditional, excluded or unknown."""
    citation: str
    heading: str
    """Heading of chapter 99 to enter under, or the line; empty where no heading names what takes the duty away."""
    from_: date = Field(serialization_alias="from")
    """First day on which it applies."""
    until: date | None
    """First day on which another act sets the rate or none does, as known; null while open."""
    known_from: date | None
    """When it became public."""
    why: str
    note: str
    """Conditions not modelled; where sources disagree."""


class OtherClockDuty(BaseModel):
    """The duty by the law as it was known on another day."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    known: date | None
    """The day of entry: as published that day; null: by all the law known today."""
    rate_pct: float | None


class DutyAnswer(LawAnswer):
    """What ``tradetalks duty --json`` prints."""

    rate_pct: float | None
    """The whole duty in percent of customs value; null where unknown (``warnings`` says why)."""
    range_pct: tuple[float, float | None] | None
    """Lowest and highest, by facts of the goods that the question leaves open; the highest null where it is unknown."""
    decided_by: tuple[str, ...]
    """Those facts, in words."""
    duty_usd: float | None
    """On the value given."""
    status: str
    """applies, conditional, exempt, unknown or prohibited (the range is then of goods imported before)."""
    components: tuple[ComponentAnswer, ...]
    line: str
    description: str
    origin: str
    """ISO3."""
    importer: str
    """ISO3: whose duty it is."""
    on: date
    known: date | None
    other_clock: OtherClockDuty | None
    """The whole duty as published on the day of entry (with ``--known`` by all the law known today), where acts that
    became public later reach back to it and change the answer; null where they do not."""
    warnings: tuple[str, ...]


def duty(
    ctx: typer.Context,
    line: Annotated[
        str | None, typer.Argument(metavar="LINE", help="HTS line of 6, 8 or 10 digits, with or without dots.")
    ] = None,
    origin: Annotated[str | None, typer.Option(help="Country of origin: ISO2, ISO3, name or Census code.")] = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Day of entry.  [default: today]")] = None,
    known: Annotated[
        str | None, typer.Option(metavar="DATE", help="The law as public on that day.  [default: all of it]")
    ] = None,
    value: Annotated[float | None, typer.Option(metavar="USD", help="Customs value, for the amount.")] = None,
    quantity: Annotated[
        float | None, typer.Option(metavar="Q", help="Quantity in the rate's unit, for specific duties.")
    ] = None,
    us_content: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="US content, share of the value (0.35).  [default: as assumed]"),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv", help="Shipments: columns line, origin, date [known, value, quantity, us_content]."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where the batch goes.  [default: stdout]")
    ] = None,
    importer: Annotated[str, typer.Option(help="Whose duty: the United States, or Japan on US goods.")] = "USA",
    case: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A case whose own editions of the schedule are read too.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Explain the US duty on a line: every part, its citation, and what excludes what.

    With --batch the answer is a CSV, one row for each row of the file, with duty, rate, status, reasons and
    citations; a row that cannot be read has its error there and on standard error, and the rest is done.
    Columns of your own are carried over as they are, and named on standard error. The exit code is 0, or 2
    if no row could be read.

    \b
    Example:
      tradetalks duty 8703.23.01 --origin JP --on 2025-04-20 --value 30000
      tradetalks duty 0201.30 --importer JP --origin US --on 2026-07-09
    """
    if case is not None:
        from tradetalks.law.editions import of_case

        ctx.with_resource(of_case(case))
    if batch is not None:
        asked = {"LINE": line, "--origin": origin, "--on": on, "--known": known, "--value": value}
        asked |= {"--quantity": quantity, "--us-content": us_content, "--json": json or None}
        # A process for this list alone: searching its many small objects for cycles takes a fifth of the time.
        gc.disable()
        try:
            _batch(batch, output, [name for name, given in asked.items() if given is not None])
        finally:
            gc.freeze()  # what is left is kept to the end anyway; nobody needs to look through it on the way out
            gc.enable()
        return
    if line is None or origin is None:
        raise BadInput("duty: name a LINE and its --origin, for example 8703.23.01 --origin JP; or --batch FILE.csv")
    if output is not None:
        raise BadInput("--output: only a --batch is written to a file; redirect the answer instead")
    from tradetalks.ground.countries import country

    if country(importer).iso3 == "USA":
        _single(line, origin, on, known, value, quantity, us_content, json)
        return
    from tradetalks.law.importer import importer_duty

    if (known, quantity, us_content) != (None, None, None):
        raise BadInput(
            "--importer: of another importer's tariff one stage is shipped; leave out --known, --quantity and "
            "--us-content"
        )
    _show(importer_duty(importer, line, origin, day(on, "--on") if on else date.today(), value), value, json)


def _batch(path: Path, output: Path | None, given: list[str]) -> None:
    import csv
    import io

    from tradetalks.ground.files import write_atomic
    from tradetalks.law.batch import answers, header
    from tradetalks.law.editions import editions
    from tradetalks.law.shipment_file import read_shipments

    if given:
        raise BadInput(f"--batch: a list of shipments is read and answered as CSV; leave {given[0]} out")
    if output is not None and output.resolve() == path.resolve():
        raise BadInput(f"--output: {output} is the list itself, which the answer would replace; name another file")
    given_file = read_shipments(path)
    shipments, near = given_file.shipments, given_file.near
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header(given_file.carried))
    bad = 0
    with progress_bar() as progress:
        for done, answer in enumerate(answers(shipments), start=1):
            table.writerow(answer.cells())
            if answer.error:
                bad += 1
                if bad <= SHOWN:
                    typer.echo(f"tradetalks: row {answer.shipment.row}: {answer.error}", err=True)
            if done % 1000 == 0:
                progress("shipments", done / len(shipments))
    if bad > SHOWN:
        typer.echo(f"tradetalks: and {bad - SHOWN:,} rows more; see the column error", err=True)
    if output is None:
        typer.echo(text.getvalue(), nl=False)
    else:
        write_atomic(output, text.getvalue())
    if given_file.carried:
        names = [f"{name} (near {near[name]})" if name in near else name for name in given_file.carried]
        typer.echo(f"tradetalks: carried over, not read: {', '.join(names)}", err=True)
    typer.echo(f"tradetalks: read {'; '.join(editions())}", err=True)
    typer.echo(f"tradetalks: {len(shipments):,} rows, {len(shipments) - bad:,} answered, {bad:,} with errors", err=True)
    if bad == len(shipments):
        raise typer.Exit(2)


def _single(
    line: str,
    origin: str,
    on: str | None,
    known: str | None,
    value: float | None,
    quantity: float | None,
    us_content: float | None,
    json: bool,
) -> None:
    from tradetalks.law.duty import line_duty
    from tradetalks.law.question import check_positive, check_share

    check_positive(value, "--value")
    check_positive(quantity, "--quantity")
    check_share(us_content, "--us-content")
    entered = day(on, "--on") if on else date.today()
    public = day(known, "--known") if known else None
    _show(line_duty(line, origin, entered, public, value, quantity, us_content), value, json)


def _show(found: Duty, value: float | None, json: bool) -> None:
    from tradetalks.ground.countries import COUNTRIES

    other = found.other_clock
    if json:
        print_json(
            DutyAnswer(
                rate_pct=found.rate_pct,
                range_pct=found.range_pct,
                decided_by=found.decided_by,
                duty_usd=found.duty_usd,
                status=found.status,
                components=tuple(
                    ComponentAnswer(
                        id=part.id,
                        authority=part.authority,
                        treatment=part.treatment,
                        rate_pct=part.rate_pct,
                        status=part.status,
                        citation=part.citation,
                        heading=part.heading,
                        from_=part.applies_from,
                        until=part.applies_until,
                        known_from=part.known_from,
                        why=part.why,
                        note=part.note,
                    )
                    for part in found.components
                ),
                line=found.line,
                description=found.description,
                origin=found.origin,
                importer=found.importer,
                on=found.on,
                known=found.known,
                other_clock=OtherClockDuty(known=other.known, rate_pct=other.rate_pct) if other else None,
                warnings=found.warnings,
                editions=found.editions,
                schedule_through=found.schedule_through,
                measures_through=found.measures_through,
                meta=Meta(as_of=found.on, known_through=found.known, warnings=found.warnings),
            )
        )
        return
    as_known = f", as known on {found.known}" if found.known else ""
    land = f"{COUNTRIES[found.origin].name} ({found.origin})"
    into = "" if found.importer == "USA" else f" into {COUNTRIES[found.importer].name}"
    typer.echo(f"{found.line}  {found.description}".rstrip())
    typer.echo(f"from {land}{into}, entered on {found.on}{as_known}\n")
    for part in found.components:
        missing = "prohibited" if part.treatment == "prohibit" else "unknown"
        points = missing if part.rate_pct is None else f"{part.rate_pct:.2f}%"
        sign = {"excluded": "not due", "conditional": "conditional"}.get(part.status, "")
        typer.echo(f"{points:>9}  {part.authority}  {sign}".rstrip())
        heading = f"; heading {part.heading}" if part.heading.startswith("99") else ""
        until = f" until {part.applies_until}" if part.applies_until else ""
        late = part.known_from and part.known_from > part.applies_from
        public = f", retroactively: public on {part.known_from}" if late else ""
        typer.echo(f"           {part.citation}{heading}; from {part.applies_from}{until}{public}")
        typer.echo(f"           {part.why}" + (f"\n           {part.note}" if part.note else ""))
    missing = found.status if found.status == "prohibited" else "unknown"
    whole = missing if found.rate_pct is None else f"{found.rate_pct:.2f}%"
    spread = ""
    if found.range_pct:
        low, high = found.range_pct
        spread = f" ({low:.2f}% at least)" if high is None else f" ({low:.2f}% to {high:.2f}%)"
    amount = f", {found.duty_usd:,.2f} USD on {value:,.2f} USD" if found.duty_usd is not None else ""
    typer.echo(f"{whole:>9}  in all{spread}{amount}: {found.status}")
    if found.decided_by:
        typer.echo(f"           the range by {'; '.join(found.decided_by)}")
    if other:
        rate = "unknown" if other.rate_pct is None else f"{other.rate_pct:.2f}%"
        typer.echo(f"{rate:>9}  {other.words}: acts that became public later reach back to it")
    typer.echo(f"\nread: {'; '.join(found.editions)}")
    for warning in found.warnings:
        typer.echo(f"tradetalks: {warning}", err=True)
