"""A date named in a text, and the words for days, months and numbers of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
COUNTS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ROUND = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
#: May and March are words too: months are read with their capital.
MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?|"
    r"JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|"
    r"JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)"
)
#: The year behind a day or month: in digits, or told from that of publication.
YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d)|,?(?: of)? (?P<turn>last|next|this) year(?!['’]))?"
#: Where a date may begin and end.
BEGINS, ENDS = r"(?<![\w.$€£¥])(?<![^a-z]-)", r"(?![\w%])"


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


def month_number(word: str) -> int:
    """Return the number of a month's name, whole or short."""
    return _MONTHS.index(word.lower()[:3]) + 1
