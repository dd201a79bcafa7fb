"""Time the search for deals: the exact frontier of large spaces, and the two commands.

    python benchmarks/bench_deals.py [--repeat 20]

The frontiers are timed on payoffs drawn at random, the least and the median of the repeats; the commands as a fresh
process each, the median of three, with compiled programs kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from bench_value import run
from measure import machine
from tradetalks.talks.deals.frontier import pareto, pareto_of_sums, sum_frontier
from tradetalks.talks.deals.search import WORKERS
from tradetalks.talks.deals.surrogate import summed

Floats = NDArray[np.float64]
COMMAND = str(Path(sys.executable).with_name("tradetalks"))


def timed(call: Callable[[], object], repeat: int) -> tuple[float, float]:
    """Return the least and the median milliseconds of the repeats, after one that does not count."""
    call()
    taken = []
    for _ in range(repeat):
        begun = perf_counter()
        call()
        taken.append(1000.0 * (perf_counter() - begun))
    return min(taken), median(taken)


def spaces(rng: np.random.Generator) -> dict[str, list[Floats]]:
    """Return spaces of 10^12 packages as blocks of rows [level, party]."""

    def traded(levels: int) -> Floats:
        give, take = np.sort(rng.random((2, levels)), axis=1)
        return np.stack([give - give[0], take[0] - take], axis=1)

    def together(terms: int) -> Floats:
        """Terms in or out that act on each other: payoffs near a line, as those of give and take are."""
        sums = summed([traded(2) for _ in range(terms)])
        return sums + rng.normal(0.0, 0.02, sums.shape)

    def opposed(rows: int) -> Floats:
        first = rng.normal(size=rows)
        return np.stack([first, 0.1 * rng.normal(size=rows) - first], axis=1)

    return {
        "10^12: 12 factors of 10 levels, at random": [rng.normal(size=(10, 2)) for _ in range(12)],
        "10^12: 12 factors of 10 levels, give and take": [traded(10) for _ in range(12)],
        "10^12: 20 factors of 4 levels, give and take": [traded(4) for _ in range(20)],
        "10^12: 40 terms, in or out": [traded(2) for _ in range(40)],
        "10^12: 6 blocks of 100 packages": [rng.normal(size=(100, 2)) for _ in range(6)],
        "10^12: 4 blocks of 10 terms that interact": [together(10) for _ in range(4)],
        "10^12: 2 blocks of 20 terms that interact": [together(20) for _ in range(2)],
        "10^12: 2 blocks of 10^6 packages, at random": [rng.normal(size=(10**6, 2)) for _ in range(2)],
        "10^12: 2 blocks of 10^6 packages, opposed": [opposed(10**6) for _ in range(2)],
    }


def enumerated(rng: np.random.Generator, draws: int = 200, terms: int = 20) -> Callable[[], object]:
    """Return the frontier of 2^20 packages that act on each other, in each of the draws."""
    signs = rng.choice([-1.0, 1.0], size=(terms, 1)) * np.array([1.0, -1.0])
    means = np.sort(3.0 * rng.random((terms, 2)), axis=0)[::-1] * signs
    joint = rng.normal(0.0, 0.1, size=(2, 2**terms)).T
    drawn = [[np.stack([np.zeros(2), mean * rng.normal(1.0, 0.3, 2)]) for mean in means] for _ in range(draws)]
    hint = pareto(summed([np.stack([np.zeros(2), mean]) for mean in means]) + joint)

    def one(k: int) -> int:
        half = terms // 2
        return len(pareto_of_sums(summed(drawn[k][:half]), summed(drawn[k][half:]), joint, hint))

    def all_draws() -> list[int]:
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, range(draws)))

    return all_draws


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the search for deals.")
    parser.add_argument("--repeat", type=int, default=20)
    repeat = parser.parse_args().repeat
    rng = np.random.default_rng(0)
    print(f"{machine()}\n{repeat} repeats, ms\n")
    print(f"{'exact frontier':<52} {'least':>8} {'median':>8} {'target':>7} {'efficient':>10}")
    for name, blocks in spaces(rng).items():
        least, usual = timed(lambda rows=blocks: sum_frontier(rows), repeat)
        print(f"{name:<52} {least:8.2f} {usual:8.2f} {'10':>7} {len(sum_frontier(blocks)[0]):10,}")
    every = rng.normal(size=(2**20, 2))
    least, usual = timed(lambda: pareto(every), repeat)
    print(f"{'10^6 payoffs, one draw':<52} {least:8.2f} {usual:8.2f}")
    least, usual = timed(enumerated(rng), 2)
    print(f"{'10^6 packages in each of 200 draws':<52} {least:8.0f} {usual:8.0f} {'3000':>7}")
    print(f"\n{'fresh process, median of 3':<52} {'s':>8} {'target':>7} {'MB':>10}")
    with tempfile.TemporaryDirectory() as cache:
        for name, case, target in (
            ("deals", "us-japan-2025", "10"),
            ("deals", "us-eu-2025", "10"),
            ("offer", "us-japan-2025", ""),
        ):
            run([COMMAND, name, case], cache)
            taken_by = [run([COMMAND, name, case], cache)[:2] for _ in range(3)]
            seconds, megabytes = median(t for t, _ in taken_by), max(m for _, m in taken_by)
            print(f"{f'tradetalks {name} {case}':<52} {seconds:8.2f} {target:>7} {megabytes:10.0f}")


if __name__ == "__main__":
    main()
