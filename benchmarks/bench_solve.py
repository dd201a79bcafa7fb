"""Time a counterfactual: validated arrays in, an outcome out, to a residual of 1e-10.

    python benchmarks/bench_solve.py [--runs 40] [--rounds 5]

Warm process, one outcome at a time. The median of the runs of a round; of the rounds the best is shown,
and the worst, since other work on the machine only ever adds. The ratio is to the first economy, within
this one run.
"""

from __future__ import annotations

import argparse

import numpy as np

from economies import cases
from measure import machine, medians, memory
from tradetalks.model.equilibrium import TOLERANCE


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a counterfactual.")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{machine()}\ntolerance {TOLERANCE:.0e}, {chosen.runs} runs, best of {chosen.rounds} rounds\n")
    print(f"{'economy':<30} {'size':>7} {'steps':>5} {'residual':>9} {'ms':>7} {'worst':>7} {'target':>7} {'ratio':>6}")
    first = None
    for case in cases():
        outcome = case.economy.counterfactual(case.tariffs)
        assert np.isfinite(outcome.welfare).all()
        times = [
            round_[0]
            for round_ in medians(
                [lambda case=case: case.economy.counterfactual(case.tariffs).welfare], chosen.runs, chosen.rounds
            )
        ]
        first = first or min(times)
        size = f"{len(case.economy.regions)}x{len(case.economy.sectors)}"
        print(
            f"{case.name:<30} {size:>7} {outcome.iterations:5d} {outcome.residual:9.1e} {min(times):7.2f} "
            f"{max(times):7.2f} {case.target:7.1f} {min(times) / first:6.2f}"
        )
    print(f"\nmemory at most {memory()}")


if __name__ == "__main__":
    main()
