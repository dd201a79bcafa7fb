"""Time ``tradetalks wants`` in fresh processes (nothing kept, values kept, an entry more), and the engine.

    python benchmarks/bench_wants.py [--rounds 3]

Wall and processor seconds; of the rounds the best is shown, since other work on the machine only ever adds.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from measure import machine
from tradetalks.talks.wants.engine import fit
from tradetalks.talks.wants.evidence import evidence
from tradetalks.talks.wants.likelihood import Density
from tradetalks.talks.wants.priors import priors
from tradetalks.value.case import load_case

RUN = "from tradetalks.cli.main import run; run()"
ENTRY = (
    *("--date", "2025-04-19", "--who", "Greer", "--role", "USTR", "--party", "USA", "--act", "demand"),
    *("--issue", "digital", "--position", "No taxes on digital services.", "--source", "own notes"),
)


def command(folder: Path, cache: Path, *words: str) -> tuple[float, float]:
    """Return wall and processor seconds of a command in a process of its own."""
    begun, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", RUN, *words],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return perf_counter() - begun, spent


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the command wants.")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"{machine()}\nbest of {rounds} rounds\n")
    print(f"{'':<44} {'wall s':>7} {'cpu s':>7} {'target':>7}")
    kinds: dict[str, list[tuple[float, float]]] = {
        "nothing kept": [],
        "values kept": [],
        "values kept, an entry more": [],
    }
    asked = ("wants", "us-japan-2025", "--party", "USA", "--json")
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            folder, cache = Path(name), Path(name, "cache")
            kinds["nothing kept"].append(command(folder, cache, *asked))
            kinds["values kept"].append(command(folder, cache, *asked))
            command(folder, cache, "record", "add", "us-japan-2025", *ENTRY)  # copies the case to the folder
            kinds["values kept, an entry more"].append(command(folder, cache, *asked))
    for (kind, times), target in zip(kinds.items(), (8.0, 2.0, 2.0), strict=True):
        wall, spent = (min(one[k] for one in times) for k in (0, 1))
        print(f"{kind:<44} {wall:7.2f} {spent:7.2f} {target:7.1f}")
    case = load_case("us-japan-2025")
    for on in (date(2025, 4, 20), date(2025, 7, 30), date(2026, 11, 1)):
        density = Density(evidence(case, "USA", on, priors(), lambda party, across, stakes: 0.0), priors())
        times = []
        for seed in range(rounds):
            begun, before = perf_counter(), process_time()
            result = fit(density, 1000, np.random.default_rng(seed))
            times.append((perf_counter() - begun, process_time() - before, result.k_hat))
        wall, spent, k_hat = min(times)
        label = f"engine, {density.size} parameters, {on}, k-hat {k_hat:.2f}"
        print(f"{label:<44} {wall:7.2f} {spent:7.2f} {2.0:7.1f}")


if __name__ == "__main__":
    main()
