"""What the commands share: how a case is chosen, how JSON is printed, how long work shows progress.

Standard output carries the answer and nothing else; progress, notes and errors go to standard
error, so that ``tradetalks ... --json | jq`` always works.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from tradetalks.ground.errors import BadInput

#: The case that every command takes when none is named.
DEFAULT_CASE = "us-japan-2025"

CaseArgument = Annotated[
    str | None,
    typer.Argument(metavar="[CASE]", help=f"A shipped case or the folder of yours.  [default: {DEFAULT_CASE}]"),
]
CaseOption = Annotated[str | None, typer.Option("--case", metavar="CASE", help="The case, written as an option.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output and nothing else.")]


def chosen_case(argument: str | None, option: str | None) -> str:
    """Return the case named on the command line, positional or by ``--case``, or the default one.

    Raises:
        BadInput: both are given and differ.
    """
    if argument and option and argument != option:
        raise BadInput(f"--case: the command names two cases, {argument!r} and {option!r}; keep one")
    return argument or option or DEFAULT_CASE


def print_json(answer: Any) -> None:
    """Print ``answer`` (a pydantic model, or what :mod:`json` can write) as indented JSON.

    Raises:
        ValueError: a number is NaN or infinite. No answer of ours may be: unknown is ``None``.
    """
    value = answer.model_dump(mode="json") if hasattr(answer, "model_dump") else answer
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """Give a function (what is being done, share done) that moves a bar on standard error.

    Where standard error is no terminal nothing is shown.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)
