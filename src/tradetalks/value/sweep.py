"""Sweeps: every package of a grid in every draw, a chunk at a time, to one Parquet file.

A chunk is a few rows of the grid. Whoever computes it (a process of this machine, a worker of a cluster) sends it
back, and only the process that was started writes it: one file a chunk, atomically, in a folder beside the output
whose name is a key of the case, the grid, the seed and the version. So nothing is lost when it stops and nothing
stands twice when it goes on. Random numbers are counted from the seed, the input and the draw, so results do not
depend on who computed what.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from tradetalks import __version__
from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.ground.files import read_text, write_atomic
from tradetalks.value.baseline import STATUS_QUO
from tradetalks.value.case import Case, load_case
from tradetalks.value.grid import Grid, parse_grid
from tradetalks.value.measures import MEASURES
from tradetalks.value.valuation import Valuation

#: Rows of the grid in one chunk: some seconds of work, so that little is lost and little is sent.
ROWS = 8

#: Called with a sentence and the share done (0 to 1).
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Job:
    """What a sweep computes; small enough to send to every worker."""

    case: str
    """Name of a shipped case, or a folder that every worker can read."""
    grid: str
    """Text of the grid's file."""
    where: str
    """Name of that file, for errors."""
    key: str
    """First 16 hex digits of a hash of all that the results depend on."""


def job_of(case: str, grid: Path) -> Job:
    """Return the job of sweeping ``case`` over the grid in the file ``grid``.

    Raises:
        BadInput: the case or the grid does not validate.
    """
    text = read_text(grid)
    chosen = load_case(case)
    parsed = parse_grid(text, str(grid), chosen)
    return Job(case, text, str(grid), _key(chosen, parsed))


def _key(case: Case, grid: Grid) -> str:
    parts = (__version__, case.hash, grid.hash, str(ROWS))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


class Done(NamedTuple):
    """What a finished sweep was of."""

    case: Case
    grid: Grid


class _Bench(NamedTuple):
    """A job at work in one process."""

    grid: Grid
    valuation: Valuation
    baselines: tuple[str, ...]


@lru_cache(maxsize=1)
def _bench(job: Job) -> _Bench:
    case = load_case(job.case)
    grid = parse_grid(job.grid, job.where, case)
    if _key(case, grid) != job.key:
        raise BadInput(f"{job.case} has changed since the sweep began; start a new one")
    valuation = Valuation(case, draws=grid.draws)
    return _Bench(grid, valuation, (STATUS_QUO, *(baseline.name for baseline in valuation.no_deal)))


def chunk(job: Job, number: int) -> bytes:
    """Return chunk ``number`` of ``job`` as the bytes of a Parquet file.

    Columns: ``row`` of the grid, a column a factor with its level, ``draw`` (0 is central), ``party``, ``against``
    (a baseline), the figures of :data:`tradetalks.value.measures.MEASURES`, and ``problem``: a sentence where the
    package has no value, with one line for the row and no figures.

    Raises:
        BadInput: the case is no longer what it was when the sweep began.
    """
    bench = _bench(job)
    last = min((number + 1) * ROWS, len(bench.grid))
    target = BytesIO()
    pl.concat([_row(bench, row) for row in range(number * ROWS, last)]).write_parquet(target)
    return target.getvalue()


def _row(bench: _Bench, row: int) -> pl.DataFrame:
    """Return the lines of one package, baseline by baseline."""
    grid, parties = bench.grid, bench.valuation.case.parties
    levels = {name: level.name for name, level in grid.row(row).items()}
    package = grid.package(row)
    try:
        figures = {baseline: bench.valuation.drawn(package, baseline) for baseline in bench.baselines}
    except (BadInput, NotConverged) as problem:
        return pl.DataFrame({"row": [row], **levels, "problem": str(problem)}).select(
            pl.col(name).cast(kind) if name in ("row", "problem", *levels) else pl.lit(None, kind).alias(name)
            for name, kind in _schema(grid).items()
        )
    frames = []
    for baseline, drawn in figures.items():
        draws = len(drawn)
        frame = pl.DataFrame(
            {
                "draw": np.repeat(np.arange(draws), len(parties)),
                "party": np.tile(parties, draws),
                **{name: drawn[:, :, m].ravel() for m, name in enumerate(MEASURES)},
            },
            nan_to_null=True,
        )
        frames.append(frame.with_columns(row=pl.lit(row), against=pl.lit(baseline), problem=pl.lit(None)))
    named = pl.concat(frames).with_columns(pl.lit(level).alias(name) for name, level in levels.items())
    return named.select(pl.col(name).cast(kind) for name, kind in _schema(grid).items())


def _schema(grid: Grid) -> dict[str, type[pl.DataType]]:
    return {
        "row": pl.UInt32,
        **dict.fromkeys(grid.factors, pl.String),
        "draw": pl.UInt32,
        "party": pl.String,
        "against": pl.String,
        **dict.fromkeys(MEASURES, pl.Float64),
        "problem": pl.String,
    }


def sweep(job: Job, output: Path, executor: Executor, progress: Progress = lambda what, share: None) -> Done:
    """Compute what is missing of ``job`` with ``executor`` and write ``output``.

    Args:
        job: from :func:`job_of`.
        output: the Parquet file. Parts lie in a folder beside it until all are there.
        executor: anything with the interface of :mod:`concurrent.futures`.
        progress: told after every chunk.

    Raises:
        BadInput: parts of another sweep, or a file, lie where this one writes.
    """
    case = load_case(job.case)
    grid = parse_grid(job.grid, job.where, case)
    folder = parts_of(job, output)
    chunks = range((len(grid) + ROWS - 1) // ROWS)
    done = {number for number in chunks if _part(folder, number).exists()}
    missing = [number for number in chunks if number not in done]
    waiting: dict[Future[bytes], int] = {}
    try:
        for number in missing:
            waiting[executor.submit(chunk, job, number)] = number
        while waiting:
            ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
            # What is done is kept before what failed is raised.
            for future in sorted(ready, key=lambda one: one.exception() is not None):
                number = waiting.pop(future)
                write_atomic(_part(folder, number), future.result())
                done.add(number)
            progress(f"{len(done)} of {len(chunks)} chunks", len(done) / len(chunks))
    finally:
        for future in waiting:
            future.cancel()
    whole = output.with_name(output.name + ".new")
    pl.scan_parquet([_part(folder, number) for number in chunks]).sink_parquet(whole)
    os.replace(whole, output)
    shutil.rmtree(folder)
    return Done(case, grid)


def parts_of(job: Job, output: Path) -> Path:
    """Return the folder of the parts of ``job``, made if it is not there.

    Raises:
        BadInput: ``output`` exists, its folder does not, or parts of another sweep lie beside it.
    """
    if output.exists():
        raise BadInput(f"{output} exists; a sweep writes a new file: remove it or name another")
    if not output.parent.is_dir():
        raise BadInput(f"{output}: there is no folder {output.parent}; make it first")
    folder = output.with_name(f"{output.name}.parts-{job.key}")
    others = [path for path in output.parent.glob(f"{output.name}.parts-*") if path != folder]
    if others:
        raise BadInput(
            f"{others[0]} holds parts of a sweep of another case, grid or version; what is there does not belong to "
            "this one: remove the folder, or write to another file"
        )
    folder.mkdir(exist_ok=True)
    return folder


def _part(folder: Path, number: int) -> Path:
    return folder / f"part-{number:07d}.parquet"


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """Give an executor of ``workers`` processes, each solving on one thread."""
    # Spawned, not forked: compiled programs do not survive a fork.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_alone)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone() -> None:
    """Solve on one thread, since the neighbours have the other processors, and leave Ctrl-C to the first process."""
    import signal

    # Nor does it take most of a graphics processor's memory for itself, where there is one.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

    from tradetalks.model import batch

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    batch.THREADS = 1
