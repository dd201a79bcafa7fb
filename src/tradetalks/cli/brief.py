"""``tradetalks brief``: one page that says where we stand and what each move is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tradetalks.cli.options import CaseArgument, CaseOption, chosen_case, progress_bar
from tradetalks.ground.errors import BadInput


def brief(
    argument: CaseArgument = None,
    case: CaseOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.html", help="Where to write.  [default: ./NAME-brief.html]"),
    ] = None,
    draws: Annotated[
        int | None, typer.Option(min=0, max=10_000, help="Draws behind the intervals.  [default: 200]")
    ] = None,
) -> None:
    """Write the brief of a case: one HTML page that opens offline and prints.

    \b
    Example:
      tradetalks brief us-japan-2025 -o brief.html
    """
    from tradetalks.ground.files import write_atomic
    from tradetalks.value.case import load_case

    chosen = load_case(chosen_case(argument, case))
    target = output or Path(f"{Path(chosen.name).name}-brief.html")
    # The page takes a while; say now what would fail then.
    if not target.parent.is_dir():
        raise BadInput(f"--output: the folder {target.parent} does not exist; make it or choose another")
    if target.is_dir():
        raise BadInput(f"--output: {target} is a folder; name a file in it, such as {target / 'brief.html'}")

    from tradetalks.brief.briefing import assemble
    from tradetalks.brief.page import page

    with progress_bar() as progress:
        briefing = assemble(chosen, draws, progress, None if output is None else str(output))
        progress("drawing the charts", 1.0)
        content = page(briefing)
    write_atomic(target, content)
    typer.echo(target)
