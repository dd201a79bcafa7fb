"""``tradetalks brief``: what a minister reads, and the analyst's pages behind it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.cli.options import CaseArgument, CaseOption, chosen_case, progress_bar
from tradetalks.ground.errors import BadInput

if TYPE_CHECKING:
    from tradetalks.brief.briefing import Briefing
    from tradetalks.value.case import Case

#: Endings that ``--output`` may have; a folder takes CSV files.
KINDS = (".html", ".pdf", ".xlsx", ".csv.zip")


def brief(
    argument: CaseArgument = None,
    case: CaseOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write: FILE.html, FILE.pdf, the tables as FILE.xlsx or FILE.csv.zip, or a folder for CSV. "
            " [default: ./NAME-brief.html]",
        ),
    ] = None,
    seat: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Whose brief it is.  [default: the seat of the case]")
    ] = None,
    share: Annotated[
        bool,
        typer.Option(
            "--share", help="The version for others: no wants, limits, reserve, advice, packages or private entries."
        ),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE|CASE", help="Say what changed since a day, or since an earlier case's folder."),
    ] = None,
    draws: Annotated[
        int | None, typer.Option(min=0, max=10_000, help="Draws behind the intervals.  [default: 200]")
    ] = None,
) -> None:
    """Write the brief of a case: a first page for a minister, the analyst's pages behind it.

    \b
    Example:
      tradetalks brief us-japan-2025 -o brief.html
      tradetalks brief us-japan-2025 --seat USA -o brief.pdf
      tradetalks brief us-japan-2025 --share -o for-the-other-side.pdf
      tradetalks brief us-japan-2025 --since 2025-04-01 -o tables.xlsx
    """
    from tradetalks.ground.countries import government
    from tradetalks.value.case import load_case

    chosen = load_case(chosen_case(argument, case))
    party = seat if seat is None or seat in chosen.parties else government(seat)
    earlier = None if since is None else _earlier(since)
    target = output or Path(f"{Path(chosen.name).name}-brief.html")
    # The brief takes a while; say now what would fail then.
    _check(target)

    from tradetalks.brief.briefing import assemble

    with progress_bar() as progress:
        named = None if output is None else str(output)
        briefing = assemble(chosen, draws, progress, named, party, share, earlier)
        progress("drawing the charts", 1.0)
        _write(briefing, target)
    typer.echo(target)


def _check(target: Path) -> None:
    if not target.parent.is_dir():
        raise BadInput(f"--output: the folder {target.parent} does not exist; make it or choose another")
    if not target.is_dir() and not target.name.lower().endswith(KINDS):
        raise BadInput(f"--output: {target.name} ends in none of {', '.join(KINDS)}, and is no folder")


def _write(briefing: Briefing, target: Path) -> None:
    from tradetalks.ground.files import write_atomic

    name = target.name.lower()
    if name.endswith(".html"):
        from tradetalks.brief.page import page

        write_atomic(target, page(briefing))
    elif name.endswith(".pdf"):
        from tradetalks.brief.pdf import pdf

        write_atomic(target, pdf(briefing))
    else:
        from tradetalks.brief.workbook import tables, xlsx, zipped

        if name.endswith(".xlsx"):
            write_atomic(target, xlsx(briefing))
        elif name.endswith(".csv.zip"):
            write_atomic(target, zipped(tables(briefing)))
        else:
            for file, content in tables(briefing).items():
                write_atomic(target / file, content)


def _earlier(text: str) -> date | Case:
    """Return the day or the case that ``--since`` names."""
    from tradetalks.ground.dates import day
    from tradetalks.value.case import load_case, shipped_cases

    if text in shipped_cases() or Path(text).is_dir():
        return load_case(text)
    return day(text, "--since")
