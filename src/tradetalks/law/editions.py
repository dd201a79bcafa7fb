"""Editions of the schedule that a user adds to those shipped, and how far what is known reaches.

``tradetalks law update FILE`` stores an edition as a compact table ``schedule-YYYY-MM-DD.parquet`` in the
user's data folder (or a case's). From its day on it says what there is in the headings that it holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tradetalks.ground.errors import BadInput
from tradetalks.law.measure import MEASURES_THROUGH, SCHEDULE_SINCE, SCHEDULE_THROUGH

_NAME = re.compile(r"schedule-(\d{4}-\d{2}-\d{2})\.parquet")


@dataclass(frozen=True, slots=True)
class Added:
    """An edition that the user added."""

    since: date
    path: Path
    stamp: int
    """When the file was written, so that what was read from an older one is read again."""


def user_folder() -> Path:
    """Return the folder of the editions the user added, by the XDG base directory specification."""
    home = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return Path(home) / "tradetalks" / "law"


#: Folder read besides the user's: that of the case at hand.
_case: ContextVar[Path | None] = ContextVar("case", default=None)


@contextmanager
def of_case(folder: Path | None) -> Iterator[None]:
    """Read the editions in ``folder``/law too, within the block; nothing more for a case without a folder.

    Raises:
        BadInput: there is no such folder.
    """
    if folder is not None and not folder.is_dir():
        raise BadInput(f"case: {folder} is not the folder of a case")
    token = _case.set(folder / "law" if folder else None)
    try:
        yield
    finally:
        _case.reset(token)


def added() -> tuple[Added, ...]:
    """Return the added editions, oldest first; of two of one day that of the case holds.

    The folders are looked at once a process, and again after :func:`forget`.
    """
    return _added(os.environ.get("XDG_DATA_HOME"), os.environ.get("HOME"), _case.get())


def forget() -> None:
    """Look at the folders again: an edition was added."""
    _added.cache_clear()


@cache
def _added(_data: str | None, _home: str | None, of_case: Path | None) -> tuple[Added, ...]:
    found: dict[date, Added] = {}
    for folder in (user_folder(), *([of_case] if of_case else [])):
        if folder.is_dir():
            for path in folder.iterdir():
                if match := _NAME.fullmatch(path.name):
                    since = date.fromisoformat(match[1])
                    found[since] = Added(since, path, path.stat().st_mtime_ns)
    return tuple(found[since] for since in sorted(found))


def schedule_through() -> date:
    """Return the day of the last edition of the schedule that is at hand."""
    return max([SCHEDULE_THROUGH, *(edition.since for edition in added())])


def editions() -> tuple[str, ...]:
    """Return what was read to answer: editions of the schedule and the state of the measures."""
    own = (f"HTS added by you, in effect {edition.since} ({edition.path.name})" for edition in added())
    return (
        f"HTS 2025 basic edition to 2026 revision 10 ({SCHEDULE_THROUGH})",
        *own,
        f"US measures in force from {SCHEDULE_SINCE}, verified through {MEASURES_THROUGH}",
    )


def beyond(on: date, known: date | None) -> tuple[str, ...]:
    """Return what to warn of: a day beyond what was verified, or later than the law asked for."""
    found = []
    if on < SCHEDULE_SINCE:
        found.append(
            f"before {SCHEDULE_SINCE} the ordinary rate is not known, and of the measures only those still in force on "
            "that day: duties that had ended or were others by then (on steel of Japan until 2022) are missing"
        )
    if on > MEASURES_THROUGH and (known is None or known > MEASURES_THROUGH):
        found.append(f"measures are verified through {MEASURES_THROUGH}; later acts are missing from this answer")
    if on > (through := schedule_through()):
        found.append(f"the schedule is known through {through}; later revisions are missing from this answer")
    if known is not None and known < on:
        found.append(f"this is what the law known on {known} scheduled for {on}; later acts are left out on purpose")
    return tuple(found)
