"""``tradetalks law``: what is in force, what changed, search in the schedule, new editions, the full panel."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tradetalks.cli.options import AsJson, print_json, progress_bar
from tradetalks.ground.dates import day

app = typer.Typer(
    help="The law: what is in force, what changed, search, new editions, the panel.", no_args_is_help=True
)

Known = Annotated[str | None, typer.Option(metavar="DATE", help="The law as public on that day.  [default: all of it]")]


def _say(warnings: tuple[str, ...]) -> None:
    """Print what was read, the two days through which it reaches, and what to warn of."""
    from tradetalks.law.editions import editions

    typer.echo(f"\nread: {'; '.join(editions())}")
    for warning in warnings:
        typer.echo(f"tradetalks: {warning}", err=True)


@app.command("diff")
def diff_(
    first: Annotated[str, typer.Argument(metavar="DATE", help="The first day.")],
    second: Annotated[str, typer.Argument(metavar="DATE", help="The second day.")],
    origin: Annotated[str, typer.Option(help="Country of origin, or EU.")],
    known: Known = None,
    json: AsJson = False,
) -> None:
    """Say what changed between two days for goods of an origin, and what it is worth on the imports of 2024.

    \b
    Example:
      tradetalks law diff 2025-04-20 2025-08-20 --origin JP
    """
    from tradetalks.law.answers import DiffAnswer
    from tradetalks.law.changes import diff
    from tradetalks.law.editions import beyond
    from tradetalks.law.provenance import provenance

    found = diff(origin, first, second, known)
    public = day(known, "--known") if known else None
    warnings = beyond(max(found.first, found.second), public)
    if found.weights == "proxy":
        warnings = (*warnings, "weights: proxy, the origin has no imports by line here")
    if json:
        print_json(DiffAnswer(**dict(found), **provenance(found.second, public, warnings)))
        return
    for one in found.changes:
        what = " -> ".join(text or "nothing" for text in (one.before, one.after))
        worth = (
            f"{(one.worth_usd or 0) / 1e6:+,.0f} million USD on {one.lines:,} lines" if one.lines else "no trade moves"
        )
        typer.echo(f"{one.authority}: {what}  ({worth})\n    {one.citation}; heading {one.heading}\n    {one.why}")
    for rule in found.rules:
        typer.echo(f"Stacking: {rule}")
    if found.ordinary_lines:
        typer.echo(f"Ordinary rates: {found.ordinary_lines:,} lines, {found.ordinary_usd / 1e6:+,.0f} million USD")
    typer.echo(
        f"{found.origin}: {found.before_pct:.2f}% on {found.first}, {found.after_pct:.2f}% on {found.second}, "
        f"{found.worth_usd / 1e9:+,.2f} billion USD on the imports of 2024"
    )
    _say(warnings)


@app.command("list")
def list_(
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Day of entry.  [default: today]")] = None,
    origin: Annotated[str | None, typer.Option(help="Country of origin, or EU.  [default: any]")] = None,
    known: Known = None,
    json: AsJson = False,
) -> None:
    """List the measures in force on a day, each with its citation.

    \b
    Example:
      tradetalks law list --on 2025-04-20 --origin JP
    """
    from tradetalks.law.answers import MeasuresAnswer
    from tradetalks.law.changes import in_force
    from tradetalks.law.editions import beyond
    from tradetalks.law.provenance import provenance
    from tradetalks.law.trade import land_of

    entered = day(on, "--on") if on else date.today()
    public = day(known, "--known") if known else None
    found = in_force(entered, origin, public)
    warnings = beyond(entered, public)
    if json:
        land, measures = land_of(origin) if origin else None, tuple(found)
        print_json(MeasuresAnswer(on=entered, origin=land, measures=measures, **provenance(entered, public, warnings)))
        return
    for one in found:
        until = f" until {one.until}" if one.until else ""
        typer.echo(f"{one.authority}: {one.what}, from {one.since}{until}  ({one.measure})")
        typer.echo(f"    {one.citation}; heading {one.heading}\n    {one.why}")
    _say(warnings)


@app.command("search")
def search_(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words for the goods.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Day of the schedule.  [default: today]")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many lines at most.")] = 20,
    json: AsJson = False,
) -> None:
    """Find lines of the schedule by words, everyday ones too, or by their first digits; best first.

    \b
    Example:
      tradetalks law search "brake pads"
    """
    from tradetalks.law.answers import SearchAnswer
    from tradetalks.law.editions import beyond
    from tradetalks.law.provenance import provenance
    from tradetalks.law.search import search

    then = day(on, "--on") if on else date.today()
    hits, warnings = search(text, then, limit), beyond(then, None)
    if json:
        print_json(SearchAnswer(asked=text, on=then, hits=tuple(hits), **provenance(then, None, warnings)))
        return
    for hit in hits:
        bought = f"{hit.imports_usd / 1e9:8.2f} bn" if hit.imports_usd else f"{'no trade':>11}"
        words = hit.words + (f"  [{hit.heading}]" if hit.heading and hit.heading[:80] != hit.words[:80] else "")
        typer.echo(f"{hit.line:<14} {hit.general:<16} {bought}  {words}")
    _say(warnings)


@app.command()
def compare(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="Columns scope (all, EU, a country), date, effective_rate_pct.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.md", help="Write the page as well.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Set somebody else's effective rates beside ours, with what ours are made of.

    \b
    Example:
      tradetalks law compare ../shared/reference/law/effective_rates.csv -o docs/validation/law.md
    """
    from tradetalks.ground.files import write_atomic
    from tradetalks.law.answers import CompareAnswer
    from tradetalks.law.compare import compare, page, signed
    from tradetalks.law.provenance import provenance

    found = compare(file)
    if output:
        write_atomic(output, page(found))
    if json:
        print_json(CompareAnswer(rows=tuple(found), **provenance(None)))
        return
    typer.echo(f"{'scope':<12} {'date':<10} {'theirs':>8} {'ours':>8} {'difference':>11}  by their conventions")
    for row in found:
        theirs = f"{row.alike_pct:8.2f} {signed(row.alike_pct - row.theirs_pct):>6}  ({', '.join(row.alike) or 'ours'})"
        typer.echo(
            f"{row.scope:<12} {row.on} {row.theirs_pct:8.2f} {row.ours_pct:8.2f} {signed(row.difference):>11} {theirs}"
        )
    for row in found:
        if row.why:
            typer.echo(f"\n{row.scope}, {row.on}: {row.why}")
    _say(())


@app.command()
def update(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="USITC's JSON export of the schedule (.json, .json.gz).")
    ],
    effective: Annotated[
        str | None, typer.Option(metavar="DATE", help="First day of the edition.  [default: the date in the file name]")
    ] = None,
    into: Annotated[
        Path | None, typer.Option(metavar="CASE", help="Keep it in this case's folder.  [default: the user's data]")
    ] = None,
) -> None:
    """Add an edition of the schedule; from its first day on it holds for the headings that are in the file.

    Export the schedule from hts.usitc.gov as JSON. Every answer names the editions it used.

    \b
    Example:
      tradetalks law update hts_2026_revision_11.json --effective 2026-07-01
    """
    from tradetalks.ground.errors import BadInput
    from tradetalks.law.editions import user_folder
    from tradetalks.law.release import add_edition

    if into is not None and not into.is_dir():
        raise BadInput(f"--into: {into} is not the folder of a case")
    folder = user_folder() if into is None else into / "law"
    target, since, lines = add_edition(file, day(effective, "--effective") if effective else None, folder)
    typer.echo(f"{lines:,} lines in effect from {since}, kept in {target}")


@app.command()
def panel(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the Parquet files go.")],
    since: Annotated[str, typer.Option(metavar="DATE", help="First day.")] = "2025-01-01",
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day.  [default: today]")] = None,
) -> None:
    """Write the rate of every line from every origin for every day on which something changed, a file a day.

    Interrupted, what is there stays and is whole; panel.json comes last and says that all is there.

    \b
    Example:
      tradetalks law panel -o panel --since 2025-04-01 --until 2025-04-10
    """
    from tradetalks.law.panel import write_panel

    last = day(until, "--until") if until else date.today()
    with progress_bar() as progress:
        days = write_panel(output, day(since, "--since"), last, progress)
    typer.echo(f"{len(days)} days from {days[0]} to {days[-1]} in {output}")
