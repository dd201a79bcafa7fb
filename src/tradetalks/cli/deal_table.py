"""What ``deals`` and ``offer`` share: how the case is opened, and how packages are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.brief.words import name, nation
from tradetalks.cli.options import chosen_case
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from tradetalks.talks.deals.shapes import Deal, TermShown
    from tradetalks.value.answer import Interval
    from tradetalks.value.case import Case
    from tradetalks.value.package import Term

Draws = Annotated[
    int, typer.Option(min=20, max=2000, help="Draws of the economy and of the wants behind the intervals.")
]
Levels = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Levels of factors, a YAML file of lines such as 'cars: [cars-15, cars-mfn]'."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day of law, record and clock.  [default: the case's]"),
]

#: From this width on a table of terms has room for their ids.
WIDE = 110


def opened(
    argument: str | None, option: str | None, as_of: str | None, levels: Path | None
) -> tuple[Case, dict[str, tuple[Term, ...]] | None]:
    """Return the case named, as it stands on ``as_of``, and the levels by hand if there are any.

    Raises:
        BadInput: the case, the day or the file is wrong, or the day is not before the deadline.
    """
    from tradetalks.talks.deals.space import read_grid
    from tradetalks.value.case import load_case

    case = load_case(chosen_case(argument, option))
    if as_of is not None:
        today = day(as_of, "--as-of")
        if today >= case.deadline:
            raise BadInput(
                f"--as-of: {today} is not before the deadline of {case.name}, {case.deadline}; give an earlier day, or "
                "set a later deadline in the case"
            )
        case = replace(case, as_of=today)
    return case, None if levels is None else read_grid(levels, case)


def screen() -> Console:
    """Return where text goes: as wide as the terminal, or 120 columns."""
    from rich.console import Console

    return Console(width=None if Console().is_terminal else 120, highlight=False)


def named(sentence: str, parties: tuple[str, str]) -> str:
    """Return ``sentence`` with the parties' codes as names."""
    # "The EU" has its article already; no code of a country stands after one.
    codes = rf"(?<![Tt]he )\b({'|'.join(parties)})\b"
    return re.sub(codes, lambda found: nation(found[0], found.start() == 0), sentence)


def payoffs(rows: Sequence[Deal], parties: tuple[str, str], marks: Mapping[str, str]) -> Table:
    """Return a table of packages: both payoffs and chances of acceptance, with intervals."""
    drawn = any(deal.efficient_share is not None for deal in rows)
    table = _table()
    table.add_column("")
    for party in parties:
        table.add_column(f"{name(party)}\nbn", justify="right")
    for party in parties:
        table.add_column(f"{name(party)}\naccepts", justify="right")
    table.add_column("both\naccept", justify="right")
    if drawn:
        table.add_column("efficient\nin draws", justify="right")
    for deal in rows:
        mark = marks.get(deal.label, "").replace(", ", "\n")
        sides = [deal.sides[party] for party in parties]
        cells = [
            deal.label + (f"\n[dim]{mark}[/dim]" if mark else ""),
            *(money(side.payoff_usd_bn) for side in sides),
            *(_chance(side.acceptance) for side in sides),
            _chance(deal.both_accept),
        ]
        if drawn:
            cells.append("" if deal.efficient_share is None else f"{deal.efficient_share:.0%}")
        table.add_row(*cells)
    return table


def contents(rows: Sequence[Deal], terms: Sequence[TermShown], seat: str, wide: bool) -> Table:
    """Return a table of terms in words, what the seat is given first, and which packages hold them.

    ``wide``: with the terms' ids, last.
    """
    table = _table(1)
    table.add_column("", min_width=24)
    for deal in rows:
        table.add_column(deal.label, justify="center")
    if wide:
        table.add_column("", style="dim", no_wrap=True)
    unpriced = {term for deal in rows for term in deal.unpriced}
    for giver, given in groups(terms, {term for deal in rows for term in deal.terms}, seat).items():
        table.add_row(f"[bold]{giver}[/bold]")
        for term in given:
            marks = ["x" if term.id in deal.terms else "[dim]·[/dim]" for deal in rows]
            title = term.title + ("*" if term.id in unpriced else "")
            table.add_row(title, *marks, *([term.id] if wide else []))
    return table


def groups(terms: Sequence[TermShown], held: set[str], seat: str) -> dict[str, list[TermShown]]:
    """Return the terms in ``held`` by who gives them, in words, what the seat is given first."""
    found: dict[str, list[TermShown]] = {}
    for term in sorted(terms, key=lambda term: (term.given_by == seat, term.given_by is None)):
        if term.id in held:
            heading = "Between the two" if term.given_by is None else f"{nation(term.given_by, start=True)} gives"
            found.setdefault(heading, []).append(term)
    return found


def notes(console: Console, sentences: Sequence[str], parties: tuple[str, str], warnings: Sequence[str]) -> None:
    """Print what must be known with an answer, the parties by name; warnings go to standard error."""
    for sentence in sentences:
        console.print(f"- {named(sentence, parties)}")
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)


def money(figure: Interval) -> str:
    """Return an amount with its interval below."""
    low, high = figure.p10 or 0.0, figure.p90 or 0.0
    widest = max(abs(low), abs(high))
    digits = 0 if widest >= 10 else 1 if widest >= 1 else 2
    return f"{figure.value or 0.0:+.2f}\n[dim]{low:+.{digits}f} to {high:+.{digits}f}[/dim]"


def _chance(figure: Interval) -> str:
    low, high = (100 * (end or 0.0) for end in (figure.p10, figure.p90))
    return f"{figure.value or 0.0:.0%}\n[dim]{low:.0f} to {high:.0f}[/dim]"


def _table(gap: int = 2) -> Table:
    from rich.table import Table

    return Table(box=None, pad_edge=False, header_style="bold", padding=(0, gap, 0, 0))
