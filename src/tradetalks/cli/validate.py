"""``tradetalks validate``: published results, ours beside theirs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from tradetalks.cli.options import AsJson, print_json
from tradetalks.ground.answer import Meta
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import write_atomic


class CellAnswer(BaseModel):
    """One published figure and ours."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    result: str
    """Name in the Python interface, such as ``real_wage``."""
    region: str
    ours: float
    theirs: float
    """As printed in the paper."""
    difference: float
    """Ours less theirs."""
    agrees: bool
    """Equal to the printed digit."""


class ValidateAnswer(BaseModel):
    """What ``tradetalks validate --json`` prints."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    paper: str
    citation: str
    unit: str
    agrees: bool
    """Every cell equals the paper to the printed digit."""
    cells: tuple[CellAnswer, ...]
    notes: tuple[str, ...]
    meta: Meta


def validate(
    paper: Annotated[
        str,
        typer.Argument(help="cp2015 (Caliendo & Parro 2015), liberation_day (Ignatenko and others 2025), ossa2014."),
    ] = "cp2015",
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Its reference folder.  [default: reference/PAPER in $TRADETALKS_SHARED or ../shared]",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE.md", help="Write the page as well.")] = None,
    json: AsJson = False,
) -> None:
    """Compare the model with a published paper, cell by cell.

    \b
    Example:
      tradetalks validate cp2015 ../shared/reference/cp2015
      tradetalks validate cp2015 -o docs/validation/cp2015.md
    """
    from tradetalks.model.presets import validate as compare

    folder = directory or Path(os.environ.get("TRADETALKS_SHARED", "../shared"), "reference", paper)
    if not folder.is_dir():
        raise BadInput(
            f"DIR: there is no folder {folder}; name the folder with the published data and tables of {paper}"
        )
    found = compare(paper, folder)
    if out:
        write_atomic(out, found.page())
    if json:
        cells = tuple(
            CellAnswer(
                result=cell.result,
                region=cell.region,
                ours=cell.ours,
                theirs=cell.theirs,
                difference=cell.difference,
                agrees=cell.agrees,
            )
            for cell in found.cells
        )
        print_json(
            ValidateAnswer(
                paper=found.paper,
                citation=found.citation,
                unit=found.unit,
                agrees=found.agrees,
                cells=cells,
                notes=found.notes,
                meta=Meta(),
            )
        )
        return
    typer.echo(f"{found.citation}\n")
    typer.echo(f"{'result':<32} {'region':<10} {'ours':>9} {'theirs':>8} {'difference':>11}")
    for cell in found.cells:
        typer.echo(
            f"{cell.result:<32} {cell.region:<10} {cell.ours:9.4f} {cell.theirs:8.{cell.digits}f} "
            f"{cell.difference:+11.4f}{_differs(cell.agrees, cell.at_theirs)}"
        )
    typer.echo(f"\n{found.verdict}")
    for note in found.notes:
        typer.echo(f"- {note}")


def _differs(agrees: bool, at_theirs: float | None) -> str:
    if agrees:
        return ""
    return "  differs" if at_theirs is None else f"  differs; at their own choice {at_theirs:.4f}"
