"""Work off the request: a thread that plays moves, the latest of each session, and a thread for what takes seconds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from tradetalks.app.play import Move, Play
from tradetalks.ground.errors import BadInput

#: Moves solved together.
TOGETHER = 50

#: What a move that a later one of the same session has overtaken is answered.
OVERTAKEN: dict[str, Any] = {"overtaken": True}


class Player:
    """Plays the moves of every session on one case, one thread, the latest move of each session."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self._waiting: dict[bool, OrderedDict[str, tuple[Move, Future[dict[str, Any]]]]] = {
            True: OrderedDict(),
            False: OrderedDict(),
        }
        self._ready = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="moves", daemon=True)
        self._thread.start()

    def ask(self, session: str, move: Move, *, quick: bool) -> Future[dict[str, Any]]:
        """Return the answer to come; an earlier move of the session that still waits is overtaken."""
        future: Future[dict[str, Any]] = Future()
        with self._ready:
            if self._closed:
                future.set_result(OVERTAKEN)
                return future
            for queue in self._waiting.values():
                if session in queue:
                    queue.pop(session)[1].set_result(OVERTAKEN)
            self._waiting[quick][session] = (move, future)
            self._ready.notify()
        return future

    def close(self, patience: float = 0.0) -> None:
        """End the thread, awaited for up to ``patience`` seconds; who still waits is overtaken."""
        with self._ready:
            self._closed = True
            for queue in self._waiting.values():
                while queue:
                    queue.popitem()[1][1].set_result(OVERTAKEN)
            self._ready.notify()
        self._thread.join(patience)

    def _run(self) -> None:
        try:
            self.play.prepare()
        except Exception:
            pass
        while True:
            with self._ready:
                while not self._closed and not any(self._waiting.values()):
                    self._ready.wait()
                if self._closed:
                    return
                quick = [
                    self._waiting[True].popitem(last=False)[1] for _ in range(min(TOGETHER, len(self._waiting[True])))
                ]
                full = self._waiting[False].popitem(last=False)[1] if self._waiting[False] else None
            if quick:
                _settle_each(
                    [future for _, future in quick], lambda moves=quick: self.play.quick([m for m, _ in moves])
                )
            if full:
                _settle_each([full[1]], lambda one=full: [self.play.full(one[0])])


def _settle_each(futures: list[Future[dict[str, Any]]], work: Callable[[], list[dict[str, Any] | BadInput]]) -> None:
    try:
        answers = work()
    except Exception as error:
        for future in futures:
            future.set_exception(error)
        return
    for future, answer in zip(futures, answers, strict=True):
        if isinstance(answer, BadInput):
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
