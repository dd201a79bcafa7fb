"""Which year a day of a month means: the one named, else the nearest that agrees with the tense of its clause."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

from tradetalks.record.reader.days import MONTH, When
from tradetalks.record.reader.tense import tense

#: A day without a year is this year's even where its clause speaks of what is to come, unless it is so long past; and
#: the coming one even where its clause speaks of what has been, unless it is so far ahead.
LONG = 30
_SINCE = re.compile(r"\bsince\s(?:\w+\s)?$", re.I)
#: Right before a day: it is still to come, whatever the tense ("prolonged the truce to").
_UP_TO = re.compile(r"\b(?:by|until|till|before|from|to|for|starting|as of|effective|ahead of)\s(?:the\s)?$", re.I)
#: Present, though the verb looks past: "is thought possible in early July".
_HELD = re.compile(r"\b(?:is|are|be) (?:\w+ )?(?:thought|believed|said|seen|held|likely|foreseen)\b[^.!?;]*$", re.I)
_TURN = re.compile(r"\b(?P<turn>last|next) $", re.I)
#: The year that opens the sentence: "In 2018 the duties began on July 6".
_OPENS = re.compile(r"(?:^|[.!?;:]\s|\n)In (?P<year>(?:19|20)\d\d)\b[^.!?;:\n]*$")
#: Between two days of which one may name the year of both; "and" may join a day to an earlier one.
_JOINED = re.compile(r"(?:(?P<both> and )| to | until | till | through |\s?[-–—]\s?)(?:on |the )?")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(MONTH)


def dated(
    given: dict[str, str | None], month: int, number: int, published: date, text: str, start: int, end: int
) -> date | None:
    """Return day ``number`` of a month as the words between two offsets mean it; None if there is none.

    Args:
        given: the ``year`` in digits and the ``turn`` (last, next or this year), as far as the words name them.
        month: from 1.
        number: of the day.
        published: the day of publication.
        text: the words stand in.
        start: of the words.
        end: of the words.
    """
    before = text[max(0, start - 200) : start]
    opens = _OPENS.search(before)
    if given.get("year"):
        return day_of(int(given["year"] or ""), month, number)
    if given.get("turn"):
        return day_of(published.year + {"last": -1, "next": 1}.get(given["turn"] or "", 0), month, number)
    if opens:
        return day_of(int(opens["year"]), month, number)
    days = [day for year in (-1, 0, 1) if (day := day_of(published.year + year, month, number))]
    nearest = min(days, key=lambda day: abs(day - published), default=None)
    if nearest is None:
        return None
    away, turn = (nearest - published).days, _TURN.search(before)
    if turn:
        ahead = 1 if turn["turn"].lower() == "next" else -1
    elif _SINCE.search(before):
        ahead = -1
    elif away < -LONG:
        ahead = max(tense(text, start), 0)
    elif away > LONG and not _UP_TO.search(before) and not _HELD.search(before):
        ahead = min(tense(text, start, end), 0)
    else:
        ahead = 0
    if away * ahead >= 0:
        return nearest
    return min(
        (day for day in days if (day - nearest).days * ahead > 0), key=lambda day: abs(day - nearest), default=nearest
    )


def joined(found: list[When], text: str) -> list[When]:
    """Return the days with the year of the one they are joined to: "from 1 October to 31 March 2024"."""
    put = list(found)
    for number, (one, two) in enumerate(pairwise(found)):
        joint = _JOINED.fullmatch(text[one.end : two.start])
        known = [bool(_YEAR.search(text, day.start, day.end)) for day in (one, two)]
        if not joint or not (one.exact and two.exact) or (joint["both"] and not known[1]):
            continue
        bare, full, at = (one, two, number) if known[1] else (two, one, number + 1)
        if sum(known) == 1 and _MONTH.search(text, bare.start, bare.end):
            later = (bare.first.month, bare.first.day) > (full.first.month, full.first.day)
            year = full.first.year - (later if known[1] else later - 1)
            day = day_of(year, bare.first.month, bare.first.day) or bare.first
            put[at] = replace(bare, first=day, last=day)
    return put


def day_of(year: int, month: int, number: int) -> date | None:
    """Return the day; None if the calendar has none."""
    try:
        return date(year, month, number)
    except ValueError:
        return None
