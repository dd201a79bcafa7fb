"""Which day a weekday's name means: of the week that is named, of a month, else the last or the next by tense."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from tradetalks.record.reader.days import DAYS, month_number
from tradetalks.record.reader.tense import CLAUSE, tense
from tradetalks.record.reader.which_year import dated

WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_NTH = ["first", "second", "third", "fourth"]
#: Right before a weekday: it is still to come; also before the first of two ("for Monday and Tuesday").
_UP_TO = re.compile(
    r"\b(?:(?:by|until|till|before|from|starting|for|as of|effective)\s(?:\w+day\s(?:and|or|to)\s)?|"
    r"(?:by|until|till)\s(?:noon|midnight|(?:the )?close(?: of business)?|\d[\d:.]*(?:\s?[ap]\.?m\.?)?)"
    r"(?:\s[A-Z]{2,4})?,?\s(?:on\s)?)$",
    re.I,
)
#: "By Sunday he was explaining": the clause opens with the day, and its verb is past.
_DONE_BY = re.compile(r"\b(?:by|until|before)\s$", re.I)
#: Right before a weekday: it has been ("in force since Friday", "the ruling of Friday").
_GONE = re.compile(r"\b(?:since|(?<!ahead )(?<!as )of)\s$", re.I)
#: Right behind one: what was to come on it did not.
_NEVER = re.compile(r",? (?:never|did not|didn['’]t)\b")
#: No day of this week or the last: "any Tuesday", "a Sunday night".
_ANY = re.compile(r"\b(?:any|every|each|on an?|some|most|Good|Black|Easter|Ash|Cyber|Super|Palm|Holy|Bloody)\s$", re.I)
_PAPER = re.compile(r"\s(?:Times|Telegraph|Express|Mirror|Post|Independent|Mail|papers?|newspapers?)\b")
#: "Tuesday of last week", "next week on Tuesday": the week is named.
_WEEK_AFTER = re.compile(r"(?:,| of)? (?P<which>next|last|this) week\b", re.I)
_WEEK_BEFORE = re.compile(r"\b(?P<which>next|last|this) week,? (?:on )?$", re.I)
#: "On Monday week": a week after Monday.
_WEEK_ON = re.compile(r" week(?=[.,;:!?]|\s(?:and|at|in|to|for|when|if)\b|$)")


def weekday_meant(given: dict[str, str | None], published: date, text: str, start: int, end: int) -> date | None:
    """Return the day of a weekday's name: of the week that is named, else the last or the next by tense.

    None if it is no day, as in "the Sunday papers".
    """
    if _ANY.search(text, max(0, start - 12), start) or _PAPER.match(text, end):
        return None
    number = DAYS.index((given["weekday"] or "").lower())
    back = timedelta(days=(published.weekday() - number) % 7)
    ahead = timedelta(days=(number - published.weekday()) % 7)
    week = timedelta(days=7)
    which = (given.get("which") or "").lower()
    if which in ("next", "coming", "this coming"):
        return published + (ahead or week)
    if which in ("last", "this past"):
        return published - (back or week)
    before = text[max(0, start - 200) : start]
    if _WEEK_ON.match(text, end):
        return published + (ahead or week) + week
    named = _WEEK_AFTER.match(text, end) or _WEEK_BEFORE.search(before)
    if named:
        monday = published - timedelta(days=published.weekday()) + timedelta(days=number)
        return monday + {"next": week, "last": -week}.get(named["which"].lower(), timedelta())
    if _GONE.search(before) or _NEVER.match(text, end):
        return published - back
    ahead_or_back = tense(text, start, end)
    if _UP_TO.search(before):
        opens = not CLAUSE.split(_UP_TO.sub("", before))[-1].strip()
        return published - back if opens and ahead_or_back < 0 and _DONE_BY.search(before) else published + ahead
    return published + ahead if ahead_or_back > 0 or (which == "this" and not ahead_or_back) else published - back


def nth_of_month(given: dict[str, str | None], published: date, text: str, start: int, end: int) -> date | None:
    """Return the day of "the first Monday of July" or "the last day of June"."""
    word = (given["nth"] or "").lower()
    first = dated(given, month_number(given["month"] or ""), 1, published, text, start, end)
    if first is None:
        return None
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    number = DAYS.index(given["weekday"].lower()) if given["weekday"] else None
    if number is None:
        return last if word == "last" else first + timedelta(days=_NTH.index(word))
    if word == "last":
        return last - timedelta(days=(last.weekday() - number) % 7)
    return first + timedelta(days=(number - first.weekday()) % 7 + 7 * _NTH.index(word))


def following(start: date, weekday: date) -> date:
    """Return the first such weekday from ``start`` on."""
    return start + timedelta(days=(weekday.weekday() - start.weekday()) % 7)
