"""Time optimal tariffs, wars and bargains, certificates included, and the search alone.

    python benchmarks/bench_policy.py [--shared ../shared] [--repeat 5]

Warm: the first call of each compiles and is not counted. Shown are the fastest wall time and the fastest CPU
time (both cores together) of the repeats. The search is the climb to the point of rest; the rest of the
time goes to the certificate: second-order conditions, climbs from elsewhere, leaps of every sector.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from measure import machine, memory
from tradetalks.ground.countries import EU27
from tradetalks.ground.sectors import BY_CODE
from tradetalks.model import Economy
from tradetalks.model.policy.climb import climb
from tradetalks.model.policy.players import players
from tradetalks.model.policy.war import war_game
from tradetalks.model.presets.ossa_2014 import read_ossa
from tradetalks.world.load import load_world


def fastest(call: Callable[[], object], repeat: int) -> tuple[float, float]:
    """Return the least wall and CPU seconds of a call after a first one that does not count."""
    call()
    walls, cpus = [], []
    for _ in range(repeat):
        wall, cpu = perf_counter(), process_time()
        call()
        walls.append(perf_counter() - wall)
        cpus.append(process_time() - cpu)
    return min(walls), min(cpus)


def report(what: str, tariffs: int, call: Callable[[], object], repeat: int, asked: str = "") -> None:
    wall, cpu = fastest(call, repeat)
    print(f"{what:<58} {tariffs:7d} {1000 * wall:9.0f} {1000 * cpu:9.0f}   {asked}")


def search(economy: Economy, sides: list[object], sectors: list[str] | None = None) -> Callable[[], object]:
    """Return the climb of a war alone, without a certificate."""
    given = economy.counterfactual()
    game = war_game(
        economy, players(sides, economy.regions), "each other", "bilateral", sectors, (0.0, 10.0), None, given, "fixed"
    )
    return lambda: climb(game, game.start(given), given)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time policy.")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--repeat", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{machine()}\nfastest of {chosen.repeat}\n")
    print(f"{'':<58} {'tariffs':>7} {'wall ms':>9} {'CPU ms':>9}   asked, wall")
    folder = chosen.shared / "reference" / "ossa2014"
    if folder.is_dir():
        plain, political, _ = read_ossa(folder)
        for name, economy in (("Ossa 2014", plain), ("Ossa 2014, political weights", political)):
            everyone = list(economy.regions)
            repeat = chosen.repeat
            report(f"{name}: US optimum", 198, lambda e=economy: e.optimal_tariffs("US"), repeat, "300 ms")
            report(f"{name}: Nash, search alone", 1386, search(economy, everyone), repeat)
            report(f"{name}: Nash", 1386, lambda e=economy: e.nash_tariffs(e.regions), repeat, "1,000 ms")
        talks = lambda: plain.bargain(plain.regions, "egalitarian")  # noqa: E731
        report("Ossa 2014: talks, equal gains", 1386, talks, 2)
    world = load_world()
    economy = Economy.from_world(world)
    goods = [s for s in world.sectors if s not in BY_CODE or BY_CODE[s].goods]
    best = economy.optimal_tariffs("USA", sectors=goods)
    count = best.certificates[0].tariffs
    report(
        "icio-2022: US optimum",
        count,
        lambda: economy.optimal_tariffs("USA", sectors=goods),
        min(chosen.repeat, 3),
        "5,000 ms",
    )
    sides = ["USA", "CHN", EU27, "JPN"]
    for against in ("each other", "everyone"):
        war = economy.nash_tariffs(sides, against, sectors=goods)
        report(
            f"icio-2022: war of US, China, EU, Japan on {against}",
            sum(one.tariffs for one in war.certificates),
            lambda a=against: economy.nash_tariffs(sides, a, sectors=goods),
            1,
            "60,000 ms",
        )
    talks = lambda: economy.bargain(["USA", "JPN"], "nash", "war", sectors=goods)  # noqa: E731
    report("icio-2022: bargain of US and Japan, threat of war", 2 * len(goods), talks, 1)
    print(f"\nmemory at most {memory()}")


if __name__ == "__main__":
    main()
