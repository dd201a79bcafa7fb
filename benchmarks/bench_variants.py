"""Time the variants: the Liberation Day economy, each switch, and deficits that meet an exchange rate.

    python benchmarks/bench_variants.py [--runs 20] [--rounds 5]

Warm process, a counterfactual to a residual of 1e-10. The median of the runs of a round; of the rounds the best
is shown, and the worst. The ratio is to the plain economy of the same size, within this one run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from economies import SHARED, shocked
from measure import machine, medians, memory
from tradetalks.model import ExchangeRate, Outcome
from tradetalks.model.presets.liberation_day_data import read_data
from tradetalks.world.aggregate import aggregate
from tradetalks.world.load import load_world

RATE = ExchangeRate("JPN", 0.02)

SWITCHES = {
    "labour supply": {"labour_supply": 0.5},
    "income-tax relief": {"labour_supply": 0.5, "revenue": "income-tax", "labour_tax": 0.2},
    "services": {"services": 0.15},
    "pass-through": {"pass_through": 0.8},
    "scale": {"scale": 0.05},
    "specific factors": {"specific_factors": 0.4},
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the variants.")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{machine()}\n{chosen.runs} runs, best of {chosen.rounds} rounds\n")
    print(f"{'economy':<42} {'size':>7} {'steps':>5} {'ms':>7} {'worst':>7} {'target':>7} {'ratio':>6}")

    def show(name: str, solve: Callable[[], Outcome], target: float | None, plain: float | None) -> float:
        outcome = solve()
        assert np.isfinite(outcome.welfare).all()
        times = [round_[0] for round_ in medians([lambda: solve().welfare], chosen.runs, chosen.rounds)]
        size = f"{len(outcome.regions)}x{len(outcome.sectors)}"
        goal = "" if target is None else f"{target:.1f}"
        ratio = "" if plain is None else f"{min(times) / plain:.2f}"
        print(f"{name:<42} {size:>7} {outcome.iterations:5d} {min(times):7.2f} {max(times):7.2f} {goal:>7} {ratio:>6}")
        return min(times)

    folder = SHARED / "reference" / "liberation_day"
    if folder.is_dir():
        data = read_data(folder)
        for name, paper in (("Liberation Day, USTR tariffs", data.main), ("the same with inputs", data.inputs)):
            show(name, lambda paper=paper: paper.counterfactual(paper.announced), 5.0, None)
    world = load_world("icio-2022")
    largest = [world.regions[n] for n in np.argsort(-world.value_added.sum(1)) if world.regions[n] != "ROW"]
    for name, small in (("icio-2022 summed", aggregate(world, largest[:15])), ("icio-2022", world)):
        case = shocked(name, small, 0.0)
        plain = show(f"{name}, plain", lambda case=case: case.economy.counterfactual(case.tariffs), None, None)
        show(
            f"{name}, yen 2% dearer",
            lambda case=case: case.economy.counterfactual(case.tariffs, deficits=RATE),
            None,
            plain,
        )
        for switch, values in SWITCHES.items():
            economy = case.economy.with_switches(**values)
            show(
                f"{name}, {switch}",
                lambda economy=economy, case=case: economy.counterfactual(case.tariffs),
                None,
                plain,
            )
    print(f"\nmemory at most {memory()}")


if __name__ == "__main__":
    main()
