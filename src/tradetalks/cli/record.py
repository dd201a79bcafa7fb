"""``tradetalks record``: what was said and done, as it could be known on a day."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from tradetalks.cli.options import AsJson, CaseArgument, CaseOption, chosen_case, print_json
from tradetalks.ground.answer import Meta
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.files import read_yaml
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import ledger

app = typer.Typer(no_args_is_help=True, help="What was said and done, as it could be known on a day.")


class RecordAnswer(BaseModel):
    """What ``tradetalks record list --json`` prints."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    entries: tuple[Entry, ...]
    """By the day they became known."""
    meta: Meta


@app.callback()
def _group() -> None:
    """What was said and done, as it could be known on a day."""


@app.command("list")
def list_entries(
    argument: CaseArgument = None,
    case: CaseOption = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day of the reader.  [default: the case's]"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the statements and moves known on a day.

    \b
    Example:
      tradetalks record list us-japan-2025 --as-of 2025-04-20
    """
    name = chosen_case(argument, case)
    folder = _folder(name)
    through = day(as_of, "--as-of") if as_of else _as_of(folder)
    entries = ledger(through, folder)
    if as_json:
        print_json(RecordAnswer(entries=entries, meta=Meta(case=name, as_of=through, known_through=through)))
        return
    for entry in entries:
        typer.echo(
            f"{entry.known_from}  {entry.party:<4}  {entry.act:<7} {entry.issue:<24} {entry.who}: "
            f"{entry.position}  [{entry.id}]"
        )
    typer.echo(f"{len(entries)} entries known on {through}", err=True)


def _folder(name: str) -> Path:
    """Return the folder of the case ``name``: a folder of the user's, else a shipped case."""
    own = Path(name)
    if (own / "case.yaml").is_file():
        return own
    shipped = Path(str(files("tradetalks.value") / "cases"))
    if Path(name).name == name and (shipped / name / "case.yaml").is_file():
        return shipped / name
    if own.is_dir():
        raise BadInput(f"CASE: the folder {name} has no case.yaml")
    names = sorted(path.parent.name for path in shipped.glob("*/case.yaml"))
    near = did_you_mean(name, names)
    raise BadInput(f"CASE: there is no case {name!r}{near or '; shipped cases: ' + ', '.join(names)}")


def _as_of(folder: Path) -> date:
    """Return the case's own as-of date, the default day of the reader."""
    path = folder / "case.yaml"
    content = read_yaml(path)
    if not isinstance(content, dict) or "as_of" not in content:
        raise BadInput(f"{path}: as_of is missing; write for example as_of: 2025-04-20, or give --as-of")
    return day(content["as_of"], f"{path}, as_of")
