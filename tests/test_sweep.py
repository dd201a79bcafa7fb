"""Sweeps: a grid's rows, chunks that are written once, going on after a stop, refusing a changed case."""

from __future__ import annotations

import os
import signal
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.value import sweep as sweeping
from tradetalks.value.baseline import STATUS_QUO
from tradetalks.value.case import load_case
from tradetalks.value.grid import parse_grid
from tradetalks.value.measures import MEASURES, NET_USD
from tradetalks.value.package import package_of
from tradetalks.value.sweep import Job, chunk, job_of, parts_of, processes, sweep
from tradetalks.value.valuation import Valuation

GRID = """
schema: 1
draws: 3
factors:
  cars: [none, cars-15, [cars-mfn, steel-mfn]]
  gas: {term: "purchases:JPN<USA:B06={}", values: [1, 2]}
  yen: [none, yen]
"""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return job_of("us-japan-2025", _file(tmp_path))


def _file(folder: Path, text: str = GRID) -> Path:
    path = folder / "grid.yaml"
    path.write_text(text)
    return path


class _Here(Executor):
    """Computes at once in this process; dies after ``lives`` chunks, as a machine does."""

    def __init__(self, lives: int = 1000) -> None:
        self.lives, self.computed = lives, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.computed < self.lives:
            self.computed += 1
            future.set_result(fn(*args, **kwargs))
        else:
            future.set_exception(KeyboardInterrupt())
        return future


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row a chunk, and a chunk that tells its rows without solving anything."""
    monkeypatch.setattr(sweeping, "ROWS", 1)

    def quick(job: Job, number: int) -> bytes:
        from io import BytesIO

        target = BytesIO()
        pl.DataFrame({"row": [number]}).write_parquet(target)
        return target.getvalue()

    monkeypatch.setattr(sweeping, "chunk", quick)


# The grid.


def test_every_combination_is_one_row() -> None:
    grid = parse_grid(GRID, "grid.yaml", load_case("us-japan-2025"))
    assert len(grid) == 12
    rows = [tuple(level.name for level in grid.row(number).values()) for number in range(12)]
    assert len(set(rows)) == 12
    assert rows[0] == ("none", "purchases:JPN<USA:B06=1", "none")
    assert rows[1] == ("none", "purchases:JPN<USA:B06=1", "yen")
    assert rows[11] == ("cars-mfn + steel-mfn", "purchases:JPN<USA:B06=2", "yen")
    assert [term.id for term in grid.package(9).terms] == ["cars-mfn", "steel-mfn", "purchases:JPN<USA:B06=1/1", "yen"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "grid.yaml"),
        ("schema: 1\nfactors: {}", "factors"),
        ("schema: 2\nfactors: {a: [none]}", "schema"),
        ("schema: 1\nfactors: {cars: [cars-51]}", "cars-15"),
        ("schema: 1\nfactors: {cars: []}", "list of levels"),
        ("schema: 1\nfactors: {cars: [none, none]}", "twice"),
        ("schema: 1\nfactors: {cars: {term: 'tariff:USA<JPN:C29=5', values: [1]}}", "{}"),
        ("schema: 1\nfactors: {draw: [none]}", "column"),
        ("schema: 1\ndraws: -1\nfactors: {a: [none]}", "draws"),
        ("schema: 1\nfactors: {a: [3]}", "level"),
    ],
)
def test_a_wrong_grid_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_grid(text, "grid.yaml", load_case("us-japan-2025"))
    assert said in str(error.value)
    assert "grid.yaml" in str(error.value)


# What is computed.


def test_a_row_is_what_value_says(job: Job) -> None:
    from io import BytesIO

    table = pl.read_parquet(BytesIO(chunk(job, 0)))
    case = load_case("us-japan-2025")
    package = package_of(case.term(name) for name in ("cars-15", "purchases:JPN<USA:B06=2", "yen"))
    truth = Valuation(case, draws=3).drawn(package, STATUS_QUO)
    row = table.filter(row=7, against=STATUS_QUO)
    assert row["cars"].unique().to_list() == ["cars-15"]
    for place, party in enumerate(case.parties):
        found = row.filter(party=party).sort("draw")
        assert found["draw"].to_list() == [0, 1, 2, 3]
        np.testing.assert_allclose(found[MEASURES[NET_USD]], truth[:, place, NET_USD], rtol=1e-9)
    assert table["problem"].null_count() == len(table)
    assert table["row"].unique().sort().to_list() == list(range(8))


def test_a_package_without_a_value_says_so_and_stops_nothing(tmp_path: Path) -> None:
    from io import BytesIO

    text = "schema: 1\ndraws: 1\nfactors: {gas: {term: 'purchases:JPN<USA:B06={}', values: [1, 100000]}}"
    table = pl.read_parquet(BytesIO(chunk(job_of("us-japan-2025", _file(tmp_path, text)), 0)))
    (bad,) = table.filter(row=1).to_dicts()
    assert "more than a purchase can be" in bad["problem"]
    assert bad["draw"] is None
    assert bad["welfare_pct"] is None
    assert table.filter(row=0)["welfare_net_usd_bn"].null_count() == 0


@pytest.mark.slow
def test_two_processes_write_what_one_thread_writes(job: Job, tmp_path: Path) -> None:
    alone, two = tmp_path / "alone.parquet", tmp_path / "two.parquet"
    sweep(job, alone, _Here())
    with processes(2) as pool:
        sweep(job, two, pool)
    one, other = pl.read_parquet(alone), pl.read_parquet(two)
    assert one.drop(*MEASURES).equals(other.drop(*MEASURES))
    for name in MEASURES:
        np.testing.assert_allclose(one[name].to_numpy(), other[name].to_numpy(), rtol=1e-9, atol=1e-12)


# Nothing lost, nothing doubled.


@pytest.mark.usefixtures("small_chunks")
def test_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    job = job_of("us-japan-2025", _file(tmp_path))
    output = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        sweep(job, output, _Here(lives=5))
    assert not output.exists()
    kept = len(list(parts_of(job, output).iterdir()))
    assert 0 < kept <= 5
    again = _Here()
    said: list[float] = []
    sweep(job, output, again, lambda what, share: said.append(share))
    assert again.computed == 12 - kept
    assert pl.read_parquet(output)["row"].to_list() == list(range(12))
    assert said[-1] == 1.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grid.yaml", "out.parquet"]


@pytest.mark.usefixtures("small_chunks")
def test_another_grid_or_case_refuses_to_go_on(tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        sweep(job_of("us-japan-2025", _file(tmp_path)), output, _Here(lives=2))
    with pytest.raises(BadInput, match="another case, grid or version"):
        sweep(job_of("us-japan-2025", _file(tmp_path, GRID.replace("draws: 3", "draws: 4"))), output, _Here())


def test_a_case_that_changes_on_the_way_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    text = (files("tradetalks.value") / "cases" / "us-japan-2025" / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text)
    job = job_of(str(folder), _file(tmp_path))
    (folder / "case.yaml").write_text(text.replace("seed: 20250420", "seed: 7"))
    with pytest.raises(BadInput, match="has changed"):
        chunk(job, 0)


@pytest.mark.usefixtures("small_chunks")
def test_no_file_is_written_over(job: Job, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    output.write_text("mine")
    with pytest.raises(BadInput, match="exists"):
        sweep(job, output, _Here())
    assert output.read_text() == "mine"
    with pytest.raises(BadInput, match="no folder"):
        sweep(job, tmp_path / "nowhere" / "out.parquet", _Here())


@pytest.mark.usefixtures("small_chunks")
def test_threads_may_do_it_too(job: Job, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        sweep(job, tmp_path / "out.parquet", pool)
    assert pl.read_parquet(tmp_path / "out.parquet")["row"].to_list() == list(range(12))


def slow_chunk(job: Job, number: int) -> bytes:
    """A chunk for the cluster test: half a second of work, and the worker that did it."""
    from io import BytesIO
    from time import sleep

    sleep(0.5)
    target = BytesIO()
    pl.DataFrame({"row": [number], "worker": [os.getpid()]}).write_parquet(target)
    return target.getvalue()


@pytest.mark.slow
def test_a_worker_of_a_cluster_killed_midway_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(sweeping, "ROWS", 1)
    monkeypatch.setattr(sweeping, "chunk", slow_chunk)
    output = tmp_path / "out.parquet"
    killed: list[int] = []
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor(retries=3) as pool,
    ):

        def kill_one(what: str, share: float) -> None:
            if not killed and share > 0.2:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        sweep(job_of("us-japan-2025", _file(tmp_path)), output, pool, kill_one)
    assert killed
    table = pl.read_parquet(output)
    assert table["row"].to_list() == list(range(12))
    assert table["worker"].n_unique() >= 2
