"""What the benchmarks share: how a time is taken, and what the machine is."""

from __future__ import annotations

import os
import platform
import resource
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter


def medians(calls: list[Callable[[], object]], runs: int, rounds: int) -> list[list[float]]:
    """Return, for each round, the median milliseconds of each call; the calls take turns within a round."""
    for call in calls:
        call()
    found = []
    for _ in range(rounds):
        times: list[list[float]] = [[] for _ in calls]
        for _ in range(runs):
            for call, seconds in zip(calls, times, strict=True):
                begun = perf_counter()
                call()
                seconds.append(perf_counter() - begun)
        found.append([1000 * median(seconds) for seconds in times])
    return found


def machine() -> str:
    """Return what the numbers depend on."""
    model = platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return (
        f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; "
        f"Python {platform.python_version()}, jax {version('jax')}, numpy {version('numpy')}"
    )


def memory() -> str:
    """Return the most memory this process has held."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
