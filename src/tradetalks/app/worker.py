"""Work off the request: two threads that play moves, the latest of each session, and one for what takes seconds."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tradetalks.app.full import Full
from tradetalks.app.play import Move, Play
from tradetalks.app.quick import Quick
from tradetalks.value.case import Case

#: Moves solved together: on the small economy all that wait, on the full world each alone.
TOGETHER = {True: 64, False: 1}

#: What a move that a later one of the same session has overtaken is answered.
OVERTAKEN: dict[str, Any] = {"overtaken": True}


class Player:
    """Plays the moves of every session on one case: on the small economy in one thread, on the full world in another.

    Of a session the latest move counts. A full solve takes as long as ten quick ones; nobody's slider waits for it.
    """

    def __init__(self, case: Case) -> None:
        self.plays: dict[bool, Play] = {True: Quick(case), False: Full(case)}
        self._ready = threading.Condition()
        self._closed = False
        self._waiting: dict[bool, OrderedDict[str, tuple[Move, Future[dict[str, Any]]]]] = {
            quick: OrderedDict() for quick in self.plays
        }
        self._threads = [
            threading.Thread(target=self._run, args=(quick,), name="moves", daemon=True) for quick in self.plays
        ]
        # A full solve gives way within half a millisecond to who slides, not within Python's five.
        sys.setswitchinterval(0.0005)
        for thread in self._threads:
            thread.start()

    def ask(self, session: str, move: Move, *, quick: bool) -> Future[dict[str, Any]]:
        """Return the answer to come; an earlier move of the session that still waits is overtaken at once."""
        future: Future[dict[str, Any]] = Future()
        with self._ready:
            if self._closed:
                future.set_result(OVERTAKEN)
                return future
            for queue in self._waiting.values():
                if session in queue:
                    queue.pop(session)[1].set_result(OVERTAKEN)
            self._waiting[quick][session] = (move, future)
            self._ready.notify_all()
        return future

    def close(self, patience: float = 0.0) -> None:
        """End the threads, awaited for up to ``patience`` seconds; who still waits is overtaken."""
        with self._ready:
            self._closed = True
            for queue in self._waiting.values():
                while queue:
                    queue.popitem()[1][1].set_result(OVERTAKEN)
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(patience)

    def _run(self, quick: bool) -> None:
        play, queue = self.plays[quick], self._waiting[quick]
        with suppress(Exception):  # whoever moves first is told
            play.prepare()
        while True:
            with self._ready:
                while not self._closed and not queue:
                    self._ready.wait()
                if self._closed:
                    return
                taken = [queue.popitem(last=False)[1] for _ in range(min(TOGETHER[quick], len(queue)))]
            answers: Sequence[dict[str, Any] | Exception]
            try:
                answers = play.play([move for move, _ in taken])
            except Exception as error:
                answers = [error for _ in taken]
            for (_, future), answer in zip(taken, answers, strict=True):
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)


class Stopped(Exception):
    """Nobody wants the result any more."""


@dataclass(eq=False)
class Job:
    """Something that takes seconds: what it does now, how far it is, and what came of it."""

    name: str
    saying: str = "waiting"
    share: float = 0.0
    result: Any = None
    error: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False

    def progress(self, what: str, share: float) -> None:
        """Note how far it is.

        Raises:
            Stopped: nobody wants the result any more.
        """
        if self.stopped:
            raise Stopped
        self.saying, self.share = what, share


class Jobs:
    """Runs jobs one after the other; each is done once."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._queue: list[tuple[Job, Callable[[Job], Any]]] = []
        self._ready = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    def job(self, name: str, work: Callable[[Job], Any], *, first: bool = False) -> Job:
        """Return the job ``name``, begun if it is new; ``first``: before those that wait."""
        with self._ready:
            if name not in self._jobs:
                self._jobs[name] = Job(name)
                self._queue.append((self._jobs[name], work))
            if first:
                self._queue.sort(key=lambda one: one[0].name != name)
            self._ready.notify()
            return self._jobs[name]

    def known(self, name: str) -> Job | None:
        """Return the job ``name`` if it was ever begun."""
        return self._jobs.get(name)

    def close(self, patience: float = 0.0) -> None:
        """Begin nothing more, and await what runs for up to ``patience`` seconds: it stops at its next step."""
        with self._ready:
            self._closed = True
            self._queue.clear()
            for job in self._jobs.values():
                job.stopped = True
            self._ready.notify()
        self._thread.join(patience)

    def _run(self) -> None:
        while True:
            with self._ready:
                while not self._queue and not self._closed:
                    self._ready.wait()
                if self._closed:
                    return
                job, work = self._queue.pop(0)
            try:
                job.result = work(job)
            except Exception as error:
                job.error = error
            job.done.set()
