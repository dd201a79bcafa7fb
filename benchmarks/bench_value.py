"""Time commands as a user meets them: a fresh process each, with and without compiled programs in the cache.

    python benchmarks/bench_value.py [--repeat 3]

Seconds from start to exit, the median of the repeats, and the most memory of any of them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from measure import machine

SOLVE = """
from time import perf_counter
from tradetalks.model import Economy
from tradetalks.world.load import load_world
begun = perf_counter()
economy = Economy.from_world(load_world("icio-2022"))
economy.counterfactual(economy.tariffs + 0.01)
print(perf_counter() - begun)
"""

COMMAND = str(Path(sys.executable).with_name("tradetalks"))


def run(arguments: list[str], cache: str) -> tuple[float, float, str]:
    """Return the seconds and the megabytes of a process, and what it printed."""
    environment = {**os.environ, "XDG_CACHE_HOME": cache}
    begun = perf_counter()
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed")
    return perf_counter() - begun, usage.ru_maxrss / 1024, printed


def main() -> None:
    parser = argparse.ArgumentParser(description="Time cold commands.")
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    duty = ["duty", "8703.23.01", "--origin", "JP", "--on", "2025-04-20", "--value", "30000"]
    print(f"{machine()}\nmedian of {repeat}\n")
    print(f"{'fresh process':<46} {'s':>6} {'target':>7} {'MB':>6}")
    for name, arguments, empty, target in (
        ("tradetalks --help", [COMMAND, "--help"], False, 1.0),
        ("tradetalks duty", [COMMAND, *duty], False, 1.0),
        ("tradetalks value, no compiled programs", [COMMAND, "value"], True, 12.0),
        ("tradetalks value, compiled programs kept", [COMMAND, "value"], False, 8.0),
        ("first 81x28 solve, no compiled programs", [sys.executable, "-c", SOLVE], True, None),
        ("first 81x28 solve, compiled programs kept", [sys.executable, "-c", SOLVE], False, 1.0),
    ):
        with tempfile.TemporaryDirectory() as cache:
            if not empty:
                run(arguments, cache)
            seconds, most = [], 0.0
            for turn in range(repeat):
                taken, megabytes, printed = run(arguments, f"{cache}/{turn}" if empty else cache)
                # A solve tells its own time, without the start of Python and the imports.
                seconds.append(float(printed) if arguments[1] == "-c" else taken)
                most = max(most, megabytes)
        wanted = "" if target is None else f"{target:.1f}"
        print(f"{name:<46} {median(seconds):6.2f} {wanted:>7} {most:6.0f}")


if __name__ == "__main__":
    main()
