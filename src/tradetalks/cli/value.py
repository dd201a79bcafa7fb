"""``tradetalks value``: what a package is worth to each side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.cli.options import DEFAULT_CASE, AsJson, CaseOption, print_json, progress_bar
from tradetalks.ground.errors import BadInput, did_you_mean

if TYPE_CHECKING:
    from rich.table import Table

    from tradetalks.value.answer import Interval, ValueAnswer
    from tradetalks.value.case import Case
    from tradetalks.value.package import Package


def value(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CASE] [TERM]...",
            help="A shipped case or the folder of yours, then terms: ids of the case, or written in a line. "
            f"[default: {DEFAULT_CASE} and its first package]",
        ),
    ] = None,
    case: CaseOption = None,
    package: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A package: a YAML list of terms, or the id of one in the case."),
    ] = None,
    draws: Annotated[int, typer.Option(min=0, max=10_000, help="Draws behind the intervals; 0 leaves them out.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Value a package of terms for both parties, against the status quo and against no deal.

    \b
    Example:
      tradetalks value us-japan-2025
      tradetalks value us-japan-2025 cars-15 lng
      tradetalks value 'tariff:USA<JPN:C29=15' 'purchases:JPN<USA:B06=3' --json
      tradetalks value us-japan-2025 --package offer.yaml
    """
    from tradetalks.value.answering import answer
    from tradetalks.value.valuation import Valuation

    chosen, terms = _case_and_terms(words or [], case)
    wanted = _package(chosen, terms, package)
    with progress_bar() as progress:
        found = answer(Valuation(chosen, draws=draws, progress=progress), wanted)
    if as_json:
        print_json(found)
    else:
        _show(chosen, found)


def _case_and_terms(words: list[str], option: str | None) -> tuple[Case, list[str]]:
    """Return the case, and the words that are terms: the first word is a case unless it is a term."""
    from tradetalks.value.case import load_case, shipped_cases

    if option:
        case = load_case(option)
        return case, words[1:] if words and words[0] == option else words
    if not words:
        return load_case(DEFAULT_CASE), []
    first = words[0]
    if first in shipped_cases() or Path(first).is_dir():
        return load_case(first), words[1:]
    default = load_case(DEFAULT_CASE)
    if ":" in first or first in [term.id for term in default.terms]:
        return default, words
    known = [*shipped_cases(), *(term.id for term in default.terms)]
    raise BadInput(
        f"{first!r} is no case and no term of {default.name}{did_you_mean(first, known)}; a case is a shipped name or "
        "a folder that holds a case.yaml, a term an id or a line such as tariff:USA<JPN:C29=15"
    )


def _package(case: Case, terms: list[str], package: str | None) -> Package:
    from tradetalks.value.package import package_of, read_package

    if package is not None and terms:
        raise BadInput("--package: give a package or terms, not both")
    if package is not None:
        if package in [known.id for known in case.packages]:
            return case.package(package)
        return read_package(Path(package), {term.id: term for term in case.terms})
    return package_of(case.term(name) for name in terms) if terms else case.package()


#: The figures that the table shows: field, heading, digits.
_SHOWN = (
    ("welfare_net_pct", "Welfare net of debt, %", 3),
    ("welfare_net_usd_bn", "Welfare net of debt, USD bn", 2),
    ("welfare_pct", "Real income, debt included, %", 3),
    ("welfare_usd_bn", "Real income, debt included, USD bn", 2),
    ("real_wage_pct", "Real wage, %", 3),
    ("price_pct", "Consumer prices over wages, %", 3),
    ("exports_usd_bn", "Exports, USD bn", 1),
    ("imports_usd_bn", "Imports, USD bn", 1),
    ("revenue_usd_bn", "Tariff revenue at customs values, USD bn", 2),
    ("revenue_in_welfare_usd_bn", "  of which in welfare, USD bn", 2),
    ("bilateral_balance_usd_bn", "Balance with the other, USD bn", 1),
    ("fiscal_usd_bn", "Cost of purchases, USD bn", 2),
    ("outside_usd_bn", "Outside trade, USD bn a year", 2),
    ("once_usd_bn", "One-off, USD bn", 1),
)


def _show(case: Case, answer: ValueAnswer) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if Console().is_terminal else 100, highlight=False)
    console.print(f"[bold]{case.title}[/bold]: {answer.package}")
    if case.marking:
        console.print(case.marking, style="italic")
    for heading, block in (
        ("Against the status quo", answer.against_status_quo),
        ("Against no deal", answer.against_no_deal),
        ("No deal itself, against the status quo", answer.no_deal),
    ):
        console.print(f"\n[bold]{heading}[/bold]\n[dim]{block.baseline}[/dim]")
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("")
        for party in case.parties:
            table.add_column(party, justify="right")
            table.add_column("10% to 90%", justify="right", style="dim")
        for field, label, digits in _SHOWN:
            figures = [getattr(block.parties[party], field) for party in case.parties]
            same = field in ("welfare_pct", "welfare_usd_bn") and all(
                figure == getattr(block.parties[party], field.replace("welfare", "welfare_net"))
                for figure, party in zip(figures, case.parties, strict=True)
            )
            if same:
                continue
            if any(figure.value not in (0.0, None) for figure in figures) or field == "welfare_net_pct":
                table.add_row(label, *(text for figure in figures for text in _texts(figure, digits)))
        console.print(table)
        for party in case.parties:
            value = block.parties[party]
            for words, changes in (("gain most", value.sectors_gain), ("lose most", value.sectors_lose)):
                if changes:
                    sectors = ", ".join(
                        f"{change.name} {change.change_usd_bn:+.2f} bn ({change.change_pct:+.1f}%)"
                        for change in changes
                    )
                    console.print(f"{party} sectors that {words}: {sectors}")
    if answer.terms:
        console.print("\n[bold]Each term alone: welfare net of debt, USD bn[/bold]")
        console.print(_terms_table(case, answer))
    for party in case.parties:
        if causes := answer.drivers.get(party):
            shares = ", ".join(f"{cause.assumption} {100 * cause.share:.0f}%" for cause in causes)
            console.print(f"{party}: its gain against no deal depends on {shares} (shares of its variance)")
    console.print()
    for term in answer.terms:
        for figure in term.reduced_form:
            if figure.value is None:
                console.print(f"- {term.id}: not priced in full: {figure.id} is not known. {figure.reason}")
    for warning in answer.meta.warnings:
        if warning not in answer.sentences:
            typer.echo(f"warning: {warning}", err=True)
    for note in (*answer.revenue_notes, *answer.sentences):
        console.print(f"- {note}")
    console.print(f"Dollars of {answer.meta.usd_year}; {answer.draws} draws, seed {answer.meta.seed}.")


def _terms_table(case: Case, answer: ValueAnswer) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("", max_width=34)
    for words in ("against the\nstatus quo", "against\nno deal"):
        for party in case.parties:
            table.add_column(f"{party} {words}", justify="right")

    def cell(figure: Interval) -> str:
        point, interval = _texts(figure, 2)
        return f"{point}\n[dim]{interval}[/dim]" if interval else point

    for term in answer.terms:
        blocks = (term.against_status_quo, term.against_no_deal)
        worth = [block.parties[party].welfare_net_usd_bn for block in blocks for party in case.parties]
        table.add_row(term.title, *map(cell, worth))
    parts = ("against_status_quo", "against_no_deal")
    rest = [answer.interaction[part][party] for part in parts for party in case.parties]
    table.add_row("Interaction", *map(cell, rest))
    return table


def _texts(figure: Interval, digits: int) -> tuple[str, str]:
    """Return the value and its interval as text."""
    if figure.value is None:
        return "not known", ""
    point = _signed(figure.value, digits)
    if figure.p10 is None or figure.p90 is None or figure.value == figure.p10 == figure.p90:
        return point, ""
    return point, f"({_signed(figure.p10, digits)} to {_signed(figure.p90, digits)})"


def _signed(number: float, digits: int) -> str:
    text = f"{number:+.{digits}f}"
    return text[1:] if float(text) == 0 else text
