"""``tradetalks deals``: which deals both sides could accept, and which would be fair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.cli.options import AsJson, CaseArgument, CaseOption, chosen_case, print_json, progress_bar

if TYPE_CHECKING:
    from rich.table import Table

    from tradetalks.talks.deals.shapes import Deal, DealsAnswer
    from tradetalks.value.answer import Interval

Draws = Annotated[
    int, typer.Option(min=20, max=2000, help="Draws of the economy and of the wants behind the intervals.")
]
Levels = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Levels of factors, a YAML file of lines such as 'cars: [cars-15, cars-mfn]'."),
]

#: Efficient packages shown in the table; JSON has them all.
SHOWN = 12


def deals(
    case: CaseArgument = None,
    case_option: CaseOption = None,
    levels: Levels = None,
    draws: Draws = 200,
    as_json: AsJson = False,
) -> None:
    """Find the deals that no other beats for both sides, and the fair ones among them.

    \b
    Example:
      tradetalks deals us-japan-2025
      tradetalks deals us-japan-2025 --levels levels.yaml --json
    """
    from tradetalks.talks.deals.answer import deals as answer_of
    from tradetalks.talks.deals.space import read_grid
    from tradetalks.value.case import load_case

    chosen = load_case(chosen_case(case, case_option))
    grid = None if levels is None else read_grid(levels, chosen)
    with progress_bar() as progress:
        answer = answer_of(chosen, grid, draws, progress)
    if as_json:
        print_json(answer)
    else:
        _show(chosen.title, chosen.marking, answer)


def _show(title: str, marking: str, answer: DealsAnswer) -> None:
    from rich.console import Console

    console = Console(width=None if Console().is_terminal else 120, highlight=False)
    console.print(f"[bold]{title}[/bold]: deals both sides could accept, seen by {answer.seat}")
    if marking:
        console.print(marking, style="italic")
    console.print(f"[dim]Payoffs in billion dollars of {answer.meta.usd_year} a year, against {answer.no_deal}[/dim]")
    points = _marks(answer)
    rows = _chosen(answer, points)
    heading = "Efficient packages" + (", neither side below no deal" if answer.rational else "")
    console.print(f"\n[bold]{heading}[/bold]: {len(rows)} of {len(answer.frontier)}, of {answer.packages:,} packages")
    if rows:
        console.print(deal_table(rows, answer.parties, points))
    if answer.rational:
        console.print("\n[bold]Fair points[/bold]")
        for point in answer.fair:
            gains = ", ".join(f"{party} {gain:+.2f}" for party, gain in point.gains_usd_bn.items())
            console.print(f"[bold]{point.concept}[/bold] {point.deal}: {gains}. {point.fair_means}")
    if answer.case_packages:
        console.print("\n[bold]The packages of the case[/bold]")
        marks = {
            own.id: "efficient" if own.efficient else f"less than {own.beaten_by}" if own.beaten_by else ""
            for own in answer.case_packages
        }
        console.print(deal_table([own.deal for own in answer.case_packages], answer.parties, marks))
        for own in answer.case_packages:
            for party, side in own.deal.sides.items():
                for reason in side.refused:
                    console.print(f"- {own.id}: {party} cannot ratify it: {reason}")
    console.print("\n* not priced in full")
    for left in answer.left_out:
        console.print(f"- {left.term} is in no package: {left.reason}.")
    for sentence in answer.sentences:
        console.print(f"- {sentence}")
    searched = answer.surrogate
    errors = ", ".join(f"{party} {error:.3f}" for party, error in searched.error_usd_bn.items())
    console.print(
        f"Surrogate from {searched.solved} full solves; {searched.frontier} frontier and {searched.near or 'no'} near "
        f"packages re-solved; largest error {errors} bn. {answer.draws} draws, seed {answer.meta.seed}."
    )
    for warning in answer.meta.warnings:
        typer.echo(f"warning: {warning}", err=True)


#: What stands beside a package that an idea of fairness picks.
_SHORT = {"nash": "Nash", "kalai-smorodinsky": "Kalai-S.", "egalitarian": "egalit.", "utilitarian": "utilit."}


def _marks(answer: DealsAnswer) -> dict[str, str]:
    """Return the label of each package that some idea of fairness picks, with their names."""
    marks: dict[str, str] = {}
    for point in answer.fair:
        if point.deal is not None:
            name = _SHORT[point.concept]
            marks[point.deal] = f"{marks[point.deal]}, {name}" if point.deal in marks else name
    return marks


def _chosen(answer: DealsAnswer, marks: dict[str, str]) -> list[Deal]:
    """Return the fair packages and others spread along the frontier."""
    front = answer.frontier
    if len(front) <= SHOWN:
        return list(front)
    spread = {round(k * (len(front) - 1) / (SHOWN - 1)) for k in range(SHOWN)}
    return [deal for k, deal in enumerate(front) if k in spread or deal.label in marks]


def deal_table(rows: Sequence[Deal], parties: tuple[str, str], marks: Mapping[str, str]) -> Table:
    """Return a table of packages: both payoffs and chances of acceptance, with intervals."""
    from rich.table import Table

    drawn = any(deal.efficient_share is not None for deal in rows)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("Terms", min_width=30)
    for party in parties:
        table.add_column(f"{party}\nbn", justify="right", no_wrap=True)
    for party in parties:
        table.add_column(f"{party}\naccepts", justify="right", no_wrap=True)
    table.add_column("both\naccept", justify="right", no_wrap=True)
    if drawn:
        table.add_column("efficient\nin draws", justify="right")
    for deal in rows:
        mark = marks.get(deal.label, "").replace(", ", "\n")
        sides = [deal.sides[party] for party in parties]
        cells = [
            deal.label + (f"\n[dim]{mark}[/dim]" if mark else ""),
            ", ".join(f"{name}*" if name in deal.unpriced else name for name in deal.terms) or "nothing",
            *(_money(side.payoff_usd_bn) for side in sides),
            *(_chance(side.acceptance) for side in sides),
            _chance(deal.both_accept),
        ]
        if drawn:
            cells.append("" if deal.efficient_share is None else f"{deal.efficient_share:.0%}")
        table.add_row(*cells)
    return table


def _money(figure: Interval) -> str:
    low, high = figure.p10 or 0.0, figure.p90 or 0.0
    digits = 0 if max(abs(low), abs(high)) >= 10 else 1
    return f"{figure.value or 0.0:+.2f}\n[dim]{low:+.{digits}f} to {high:+.{digits}f}[/dim]"


def _chance(figure: Interval) -> str:
    low, high = (100 * (end or 0.0) for end in (figure.p10, figure.p90))
    return f"{figure.value or 0.0:.0%}\n[dim]{low:.0f} to {high:.0f}[/dim]"
