"""``tradetalks sweep``: every package of a grid in every draw, to one Parquet file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict

from tradetalks.cli.options import AsJson, CaseArgument, CaseOption, chosen_case, print_json, progress_bar
from tradetalks.ground.answer import Meta
from tradetalks.ground.errors import BadInput

if TYPE_CHECKING:
    from concurrent.futures import Executor


class SweepAnswer(BaseModel):
    """What a sweep wrote."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    output: str
    """The Parquet file."""
    packages: int
    """Rows of the grid."""
    draws: int
    """Draws of each package besides the central one."""
    key: str
    """Hash of all that the results depend on."""
    meta: Meta


def sweep(
    grid: Annotated[Path, typer.Option(metavar="FILE", help="The grid: YAML with `schema`, `draws` and `factors`.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The Parquet file to write.")],
    case: CaseArgument = None,
    case_option: CaseOption = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Processes on this machine.  [default: one a processor]")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A dask scheduler instead, such as tcp://10.0.0.5:8786 (extra: cluster)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Value every package of a grid in every draw; stop and go on at will.

    The grid names factors and their levels: terms of the case, terms written in a line, or none. Every
    combination is a row. What is done stays in a folder beside the output until all is there: after an
    interruption the same command goes on from it, and refuses to if the case or the grid has changed.

    \b
    Example of a grid:
      schema: 1
      draws: 200
      factors:
        cars: [none, cars-15, cars-mfn]
        gas: {term: "purchases:JPN<USA:B06={}", values: [1, 2, 3]}
    \b
    Example:
      tradetalks sweep us-japan-2025 --grid grid.yaml -o sweep.parquet
    """
    from tradetalks.value.sweep import job_of, parts_of
    from tradetalks.value.sweep import sweep as run

    job = job_of(chosen_case(case, case_option), grid)
    try:
        with _executor(workers, scheduler) as executor, progress_bar() as progress:
            done = run(job, output, executor, progress)
    except KeyboardInterrupt:
        kept = len(list(parts_of(job, output).iterdir()))
        print(f"tradetalks: stopped; {kept} chunks are kept, the same command goes on from there", file=sys.stderr)
        raise typer.Exit(130) from None
    if as_json:
        meta = Meta(case=done.case.name, as_of=done.case.as_of, known_through=done.case.as_of, seed=done.case.seed)
        print_json(
            SweepAnswer(output=str(output), packages=len(done.grid), draws=done.grid.draws, key=job.key, meta=meta)
        )
    else:
        typer.echo(f"{output}: {len(done.grid)} packages, each in {done.grid.draws} draws and the central one")


@contextmanager
def _executor(workers: int | None, scheduler: str | None) -> Iterator[Executor]:
    if scheduler is None:
        from tradetalks.value.sweep import processes

        with processes(workers or len(os.sched_getaffinity(0))) as pool:
            yield pool
        return
    if workers is not None:
        raise BadInput("--workers: the scheduler has workers of its own; give one of the two")
    try:
        from distributed import Client
    except ImportError:
        raise BadInput("--scheduler needs dask: install tradetalks[cluster]") from None
    try:
        client: Any = Client(scheduler, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise BadInput(f"--scheduler: no dask scheduler answers at {scheduler!r} ({error})") from None
    with client, client.get_executor(retries=3) as pool:
        yield pool
