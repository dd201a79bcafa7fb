"""Time a chunk of a sweep: eight packages of the shipped case in 200 and in 1,000 draws, on one thread.

    python benchmarks/bench_sweep.py [--repeat 3]

Seconds of processor time, which other work on the machine does not lengthen, per package and per solve; the best of
the repeats, after a first chunk that reads the law and compiles. And the bytes of a chunk's Parquet part.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from time import process_time

from measure import machine, memory
from tradetalks.model import batch
from tradetalks.value.sweep import ROWS, chunk, job_of

GRID = """
schema: 1
draws: {draws}
factors:
  cars: [none, cars-15, cars-mfn, parts-mfn]
  country: [none, reciprocal-10, reciprocal-0]
  metals: [none, steel-mfn, aluminium-mfn]
  standards: [none, car-standards]
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a chunk of a sweep.")
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    batch.THREADS = 1
    print(f"{machine()}\n{ROWS} packages a chunk, best of {repeat}\n")
    print(f"{'draws':>6} {'s a chunk':>10} {'ms a package':>13} {'ms a solve':>11} {'kB a part':>10}")
    for draws in (200, 1000):
        with tempfile.TemporaryDirectory() as folder:
            grid = Path(folder, "grid.yaml")
            grid.write_text(GRID.format(draws=draws))
            job = job_of("us-japan-2025", grid)
            chunk(job, 0)
            seconds, size = [], 0
            for number in range(1, repeat + 1):
                begun = process_time()
                size = len(chunk(job, number))
                seconds.append(process_time() - begun)
        each = min(seconds) / ROWS
        # Each package is solved on two baselines, in each draw and the central one.
        solve = each / (2 * (draws + 1))
        print(f"{draws:6d} {min(seconds):10.2f} {1000 * each:13.0f} {1000 * solve:11.2f} {size / 1000:10.0f}")
    print(f"\nmemory at most {memory()}")


if __name__ == "__main__":
    main()
