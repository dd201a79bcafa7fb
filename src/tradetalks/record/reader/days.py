"""A date named in a text, and the words for numbers of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
COUNTS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ROUND = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}


@dataclass(frozen=True, slots=True)
class When:
    """A date named between two offsets: a day, or the days ``first`` to ``last`` of a vaguer one (early July)."""

    start: int
    end: int
    first: date
    last: date
    weekday: bool = False

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


def counted(word: str) -> int:
    """Return the number that digits or a word say."""
    if word.isdigit():
        return int(word)
    return ROUND.get(word.lower()) or (COUNTS.index(word.lower()) + 1 if word.lower() in COUNTS else 1)
