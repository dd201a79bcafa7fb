"""Time a gradient with respect to all tariffs, against a solve of the same economy in the same run.

    python benchmarks/bench_gradient.py [--runs 30] [--rounds 5]

A gradient holds a solve and its adjoint. Both calls take turns, so that what else the machine does hits
both; the round shown is the one with the fastest gradient.
"""

from __future__ import annotations

import argparse

from economies import cases
from measure import machine, medians, memory


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a gradient.")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{machine()}\n{chosen.runs} runs, best of {chosen.rounds} rounds; a gradient is at most 2 solves\n")
    print(f"{'economy':<30} {'tariffs':>8} {'solve ms':>9} {'gradient ms':>12} {'ratio':>6}")
    for case in cases():
        name = "welfare:" + ("USA" if "USA" in case.economy.regions else case.economy.regions[0])
        calls = [
            lambda case=case: case.economy.counterfactual(case.tariffs),
            lambda case=case, name=name: case.economy.gradient(name, case.tariffs),
        ]
        solve, gradient = min(medians(calls, chosen.runs, chosen.rounds), key=lambda times: times[1])
        print(f"{case.name:<30} {case.tariffs.size:8d} {solve:9.2f} {gradient:12.2f} {gradient / solve:6.2f}")
    print(f"\nmemory at most {memory()}")


if __name__ == "__main__":
    main()
