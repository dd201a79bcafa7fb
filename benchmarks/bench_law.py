"""Time the law floor: one duty, and the rates of every origin and sector.

    python benchmarks/bench_law.py [--repeat 15]

Times are of calls in a warm process unless they say first; each is the median of the repeats and the
fastest. The first call of a process reads the shipped tables, so it is timed in processes of its own;
starting Python and importing are left out there and shown apart.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

from tradetalks.law.duty import line_duty
from tradetalks.law.measure import us_law
from tradetalks.law.rates import REGIONS, line_rates, sector_rates, trade_of, weighted_origins
from tradetalks.law.schedule import table

DAYS = ("2025-03-12", "2025-04-05", "2025-04-09", "2025-04-20", "2025-06-04", "2025-07-09", "2025-08-27")

FIRST_CALL = """
from time import perf_counter
begun = perf_counter()
from tradetalks.law.{module} import {name}
imported = perf_counter()
{name}({arguments})
print(imported - begun, perf_counter() - imported)
"""


def timed(calls: list[Callable[[], object]]) -> list[float]:
    """Return the seconds each call takes."""
    found = []
    for call in calls:
        begun = perf_counter()
        call()
        found.append(perf_counter() - begun)
    return found


def report(what: str, seconds: list[float]) -> None:
    print(f"{what:<58} {1000 * median(seconds):8.1f} ms   (fastest {1000 * min(seconds):.1f})")


def first_calls(module: str, name: str, arguments: str, repeat: int) -> None:
    script = FIRST_CALL.format(module=module, name=name, arguments=arguments)
    runs = [
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
        for _ in range(repeat)
    ]
    importing, calling = zip(*([float(part) for part in run.split()] for run in runs), strict=True)
    report(f"import law.{module}", list(importing))
    report(f"{name}({arguments}), first", list(calling))


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the law floor.")
    parser.add_argument("--repeat", type=int, default=15)
    repeat = parser.parse_args().repeat
    flows = sum(len(trade_of(origin).lines) for origin in weighted_origins())
    spells = table().collect().height
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{machine}; Python {platform.python_version()}")
    print(f"{len(us_law().measures)} measures; {spells:,} spells of lines; {len(trade_of('*').lines):,} lines traded;")
    print(f"{flows:,} flows of {len(weighted_origins())} origins; {len(REGIONS)} regions\n")
    first_calls("duty", "line_duty", "'8703.23.01', 'JP', '2025-04-20'", max(3, repeat // 3))
    for line, origin in (("8703.23.01", "JP"), ("9403.20.00.86", "CA"), ("0402.10.50", "JP")):
        calls = [partial(line_duty, line, origin, on) for on in DAYS] * repeat
        report(f"line_duty {line} {origin}", timed(calls))
    first_calls("rates", "sector_rates", "'USA', '2025-04-20', '2025-04-20'", max(3, repeat // 3))
    sector_rates("USA", "2025-04-20", "2025-04-20")
    report("sector_rates, a further date", timed([partial(sector_rates, "USA", on, on) for on in DAYS]))
    report("sector_rates, a date again", timed([partial(sector_rates, "USA", DAYS[0], DAYS[0])] * repeat))
    report("line_rates JP", timed([partial(line_rates, "USA", "JP", on) for on in DAYS] * repeat))


if __name__ == "__main__":
    main()
