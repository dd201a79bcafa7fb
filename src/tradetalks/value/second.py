"""A second process that draws packages while this one estimates, solves and compares.

Draws are thousands of small equilibria with as much Python between them as there is arithmetic, and one process runs
its Python on one processor. So a command that needs draws later starts another process first, and orders them as soon
as it knows which. The figures are those that it would have computed itself.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tradetalks.value.case import Case
    from tradetalks.value.package import Package

#: (baseline, the package's terms) -> figures [draw, party, measure], as a valuation keeps them.
Drawn = dict[tuple[str, str], NDArray[np.float64]]


class Second:
    """The other process; what it cannot do is left to this one."""

    def __init__(self, case: Case, draws: int) -> None:
        # Spawned, not forked: threads of libraries do not survive a fork.
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, case, draws), daemon=True)
        self._process.start()
        theirs.close()
        self._open = 0

    def order(self, packages: Iterable[Package], against: Iterable[str]) -> None:
        """Ask for ``packages`` against the named baselines in every draw; returns at once."""
        with suppress(OSError):
            self._ours.send((list(packages), list(against)))
            self._open += 1

    def collect(self) -> Drawn:
        """Return all that was ordered since the last time; wait for what is not done."""
        found: Drawn = {}
        with suppress(OSError, EOFError):
            while self._open:
                self._open -= 1
                found.update(self._ours.recv())
        return found

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self._ours.close()
        self._process.terminate()
        self._process.join()


@contextmanager
def second(case: Case, draws: int) -> Iterator[Second | None]:
    """Give a second process at work on ``case``, or ``None`` where there is one processor only."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if processors < 2:
        yield None
        return
    other = Second(case, draws)
    try:
        yield other
    finally:
        other.stop()


def _serve(pipe: Connection, case: Case, draws: int) -> None:
    """Draw what is ordered until the other end is closed."""
    import signal

    from tradetalks.ground.errors import TradetalksError
    from tradetalks.model import batch
    from tradetalks.value.valuation import Valuation

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    batch.THREADS = 1
    valuation = Valuation(case, draws=draws)
    orders: tuple[Sequence[Package], Sequence[str]]
    with suppress(EOFError, OSError):
        while True:
            orders = pipe.recv()
            found: Drawn = {}
            # An error is raised by the first process, when it finds the figures missing.
            with suppress(TradetalksError):
                found = valuation.draw(orders[0], [valuation.baselines[name] for name in orders[1]])
            pipe.send(found)
