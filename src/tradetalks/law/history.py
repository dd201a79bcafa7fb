"""What became of a line that has left the schedule: by the published changes, else by its first digits."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from tradetalks.law.measure import DATA
from tradetalks.law.schedule import book, dotted, spells


@dataclass(frozen=True, slots=True)
class Successors:
    """The lines of a day that hold the goods of a line that has gone."""

    line: str
    gone: date
    """First day on which the line was no longer in the schedule."""
    lines: tuple[str, ...]
    basis: str
    """How they were found."""

    def __str__(self) -> str:
        names = ", ".join(map(dotted, self.lines[:6])) + (", ..." if len(self.lines) > 6 else "")
        return f"{dotted(self.line)} left the schedule on {self.gone}; its goods are now in {names} ({self.basis})"


@cache
def _changes() -> dict[str, list[tuple[str, date]]]:
    text = (DATA / "line_history.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, date]]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["old"], []).append((row["new"], date.fromisoformat(row["since"])))
    return found


def successors(line: str, day: date) -> Successors | None:
    """Return the lines in force on ``day`` that hold the goods of ``line``; None if it has not left before then.

    The changes between editions say it; where they do not, the lines with the same first eight digits, then
    with the same first six.
    """
    found = spells(line)
    pairs = zip(found["line"].to_list(), found["until"].to_list(), strict=True)
    own: list[tuple[str, date | None]] = [pair for pair in pairs if len(line) < 10 or pair[0] == line]
    ends = [until for _, until in own if until is not None]
    if not own or len(ends) < len(own) or (gone := max(ends)) > day:
        return None
    then = book(day)
    reached, front = set[str](), sorted({code for code, _ in own})
    for old in front:  # grows: a line that replaced it may have been replaced in its turn
        for new, since in _changes().get(old, ()):
            if since <= day and new not in reached:
                reached.add(new)
                front.append(new)
    if now := tuple(sorted(code for code in reached if then.codes[slice(*then.find(code))] == [code])):
        return Successors(line, gone, now, "changes between editions")
    for digits, words in ((8, "same eight digits"), (6, "same six digits")):
        if now := tuple(then.codes[slice(*then.find(line[:digits]))]):
            return Successors(line, gone, now, words)
    return None
