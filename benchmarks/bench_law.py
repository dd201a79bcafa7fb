"""Time the law floor: one duty, lists of shipments, averages, the path of all of them, the panel.

    python benchmarks/bench_law.py [--repeat 15] [--rows 100000]

Times are of calls in a warm process unless they say first; each is the median of the repeats and the
fastest. The first call of a process reads the shipped tables, so it is timed in processes of its own;
starting Python and importing are left out there and shown apart. What the issue asks for stands behind.
The shipments are drawn at random over all lines, origins and days, the hardest list there is: goods of
real lists share more of each.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from tradetalks.law.batch import answers
from tradetalks.law.duty import line_duty
from tradetalks.law.measure import DATA, us_law
from tradetalks.law.panel import ORIGINS, sheets, write_panel
from tradetalks.law.path import rate_path
from tradetalks.law.rates import line_rates
from tradetalks.law.schedule import book, table
from tradetalks.law.sector_rates import sector_rates
from tradetalks.law.shipment_file import Shipment
from tradetalks.law.trade import REGIONS, trade_of, weighted_origins

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


def report(what: str, seconds: list[float], asked: str = "") -> None:
    limit = f"   asked: {asked}" if asked else ""
    print(f"{what:<58} {1000 * median(seconds):8.1f} ms   (fastest {1000 * min(seconds):.1f}){limit}")


def cold(arguments: list[str], repeat: int) -> list[float]:
    """Return the seconds that the command takes, Python and all."""
    script = "from tradetalks.cli.main import run; run()"
    command = [sys.executable, "-c", script, *arguments]
    return timed([partial(subprocess.run, command, check=True, capture_output=True)] * repeat)


def shipments(rows: int) -> list[Shipment]:
    """Return a list of shipments drawn at random, the same every time."""
    dice = random.Random(2025)
    lines = book(date(2025, 3, 1)).codes
    first, days = date(2025, 1, 1), 700
    return [
        Shipment(
            row,
            {
                "line": dice.choice(lines),
                "origin": dice.choice(ORIGINS),
                "date": str(first + timedelta(dice.randrange(days))),
                "value": str(dice.randrange(100, 100_000)),
                "quantity": str(dice.randrange(1, 1000)),
            },
        )
        for row in range(1, rows + 1)
    ]


def batch(listed: list[Shipment], repeat: int) -> list[float]:
    """Return the seconds that the command takes to read, settle and write the list."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shipments.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, listed[0].cells)
            table.writeheader()
            table.writerows(shipment.cells for shipment in listed)
        return cold(["duty", "--batch", str(path), "-o", str(Path(folder) / "duties.csv")], repeat)


def size(folder: Path) -> float:
    """Return the megabytes in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


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
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    repeat = options.repeat
    flows = sum(len(trade_of(origin).lines) for origin in weighted_origins())
    spells = table().collect().height
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{machine}; Python {platform.python_version()}")
    print(f"{len(us_law().measures)} measures; {spells:,} spells of lines; {len(trade_of('*').lines):,} lines traded;")
    print(f"{flows:,} flows of {len(weighted_origins())} origins; {len(REGIONS)} regions\n")
    first_calls("duty", "line_duty", "'8703.23.01', 'JP', '2025-04-20'", max(3, repeat // 3))
    for line, origin in (("8703.23.01", "JP"), ("9403.20.00.86", "CA"), ("0402.10.50", "JP")):
        calls = [partial(line_duty, line, origin, on) for on in DAYS] * repeat
        report(f"line_duty {line} {origin}", timed(calls), "10 ms")
    duty = ["duty", "8703.23.01", "--origin", "JP", "--on", "2025-04-20"]
    report("tradetalks duty, cold command", cold(duty, max(3, repeat // 3)), "1 s")
    search = ["law", "search", "brake pads"]
    report("tradetalks law search, cold command", cold(search, max(3, repeat // 3)), "1 s")
    first_calls("sector_rates", "sector_rates", "'USA', '2025-04-20', '2025-04-20'", max(3, repeat // 3))
    sector_rates("USA", "2025-04-20", "2025-04-20")
    report("sector_rates, a further date", timed([partial(sector_rates, "USA", on, on) for on in DAYS]))
    report("sector_rates, a date again", timed([partial(sector_rates, "USA", DAYS[0], DAYS[0])] * repeat))
    report("line_rates JP", timed([partial(line_rates, "USA", "JP", on) for on in DAYS] * repeat))

    few = max(3, repeat // 5)
    report("rate_path of all origins, 2025-01-01 to 2026-11-30", timed([everyone] * few), "10 s")
    listed = shipments(options.rows)
    report(f"{options.rows:,} shipments", timed([lambda: list(answers(listed))] * few), "5 s for 100,000")
    last = date(2026, 11, 30)
    report(f"tradetalks duty --batch, cold command, {options.rows:,} rows", batch(listed, few), "5 s for 100,000")
    report("the panel in memory", timed([lambda: [sheet.on for sheet in sheets(date(2025, 1, 1), last)]] * few))
    with tempfile.TemporaryDirectory() as folder:
        to_disk = partial(write_panel, Path(folder), date(2025, 1, 1), last, lambda *_: None)
        report("the panel in Parquet", timed([to_disk] * few), "30 s")
        days = len(list(Path(folder).glob("on=*.parquet")))
        cells = days * len(ORIGINS) * len(book(last).codes) / 1e6
        print(f"\npanel: {days} days, {len(ORIGINS)} origins, {cells:.0f} million rates, {size(Path(folder)):.0f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"shipped: {size(Path(str(DATA))):.1f} MB (asked: 12); peak memory of all this: {peak:.2f} GB (asked: 2.5)")


def everyone() -> object:
    return rate_path("all", "2025-01-01", "2026-11-30")


if __name__ == "__main__":
    main()
