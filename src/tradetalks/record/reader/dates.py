"""Dates named in a text, resolved against the day it was published."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tradetalks.record.reader.days import COUNTS, DAYS, ROUND, When, counted
from tradetalks.record.reader.related_days import related
from tradetalks.record.reader.tense import CLAUSE, tense

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_DATES = [
    *_ORDINALS, "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", *(f"twenty-{one}" for one in _ORDINALS[:9]), "thirtieth", "thirty-first",
]  # fmt: skip
#: "Not today", "as it is today", "that is all for today": now, and no day.
_NOT_NOW = r"(?<!\bnot )(?<!\bnot only )(?<!\bit is )(?<!\bthey are )(?<!\ball for )"
#: "On the first" and the like is seldom a day.
_DIGITS = r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)"
_ALONE = "|".join([_DIGITS, *_DATES[4:]])
#: May and March are words too: months are read with their capital.
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?|"
    r"JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)"
)
_NUMBER = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_TO = r"(?:\s?(?:-|–|—|,? and|to|or)\s?(?P<{name}>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\sfrom\b))?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
_B, _E = r"(?<![\w.$€£¥-])", r"(?![\w%])"

_PATTERNS = [
    re.compile(rf"{_B}(?P<year>20\d\d|19\d\d)-(?P<number>0[1-9]|1[0-2])-(?P<day>[0-2]\d|3[01]){_E}"),
    re.compile(rf"{_B}(?P<day>[0-2]?\d|3[01])\.(?P<number>0?[1-9]|1[0-2])\.(?P<year>20\d\d){_E}"),
    re.compile(rf"{_B}{_MONTH}\s+{_NUMBER}(?!\d|\s?(?:percent|per cent|%|billion|million)|"
        rf"\.\d){_TO.format(name='until')}(?!\d|%|\s?(?:percent|billion|million)){_YEAR}{_E}"),
    re.compile(rf"{_B}{_NUMBER}{_TO.format(name='until')}\s+(?:of\s+)?{_MONTH}{_YEAR}{_E}"),
    re.compile(rf"\b(?:the )?(?P<ordinal>{'|'.join(_DATES)}) (?:day )?of {_MONTH}{_YEAR}{_E}", re.I),
    re.compile(rf"\b(?P<years>an?|\d{{1,2}}|{'|'.join([*COUNTS, *ROUND])}) years? ago(?= (?:today|yesterday)\b)",
        re.I),
    re.compile(rf"\b(?P<count>\d{{1,2}}|{'|'.join([*COUNTS, *ROUND])}) days "
        r"(?P<side>ago|from (?=(?:now|today)\b))", re.I),
    re.compile(rf"(?:^|(?<=[.!?] )|(?<=\n))(?P<side>In) (?P<count>\d{{1,2}}|{'|'.join(COUNTS)}) days\b"),
    re.compile(rf"{_NOT_NOW}\b(?P<near>today(?! or\b|, tomorrow\b)|yesterday|(?<!today or )(?<!today, )"
        r"tomorrow|the day before yesterday|this (?:morning|afternoon|evening)|tonight|last (?:night|evening)|"
        r"a week ago)\b(?!['’]s)", re.I),
    re.compile(r"\b(?:(?P<which>last|next|this|this past|this coming|coming) )?(?P<weekday>Monday|"
        r"Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?:'s|’s)?\b"),
    re.compile(rf"\b(?:on the (?P<bare>{_ALONE})|(?:by|for|since|until|from|after|before|of) the "
        rf"(?P<digits>{_DIGITS}))\b(?=[.,;:!?)\"”]|\s(?:and|but|in|at|with|to|when|that|by|he|she|"
        r"it|they|is|was|stands?|because|as|for|after|before|if|under)\b|$)", re.I),
    re.compile(rf"\b(?P<part>early|mid|late|the beginning of|the start of|the middle of|"
        rf"the end of|end of)(?:-|\s+|\s+in\s+){_MONTH}{_YEAR}{_E}"),
]  # fmt: skip

#: The list of what is to come, by weekday.
_CALENDAR = re.compile(r"\b(?:(?:week|fortnight|days) ahead|coming week|next week|timetable)\b", re.I)
#: Right before a weekday: it is still to come; also before the first of two ("for Monday and Tuesday").
_UP_TO = re.compile(
    r"\b(?:by|until|till|before|from|starting|for|as of|effective)\s(?:\w+day\s(?:and|or|to)\s)?$", re.I
)
#: "By Sunday he was explaining": the clause opens with the day, and its verb is past.
_DONE_BY = re.compile(r"\b(?:by|until|before)\s$", re.I)
#: Right before a weekday: it has been ("in force since Friday", "the ruling of Friday").
_GONE = re.compile(r"\b(?:since|(?<!ahead )(?<!as )of)\s$", re.I)
#: No day of this week or the last: "any Tuesday", "a Sunday night".
_ANY = re.compile(r"\b(?:any|every|each|on an?|some|most|Good|Black|Easter|Ash)\s$", re.I)
_PAPER = re.compile(r"\s(?:Times|Telegraph|Express|Mirror|Post|Independent|Mail|papers?|newspapers?)\b")
#: "Tuesday of last week", "next week on Tuesday": the week is named.
_WEEK_AFTER = re.compile(r"(?:,| of)? (?P<which>next|last|this) week\b", re.I)
_WEEK_BEFORE = re.compile(r"\b(?P<which>next|last|this) week,? (?:on )?$", re.I)
_HEAD = re.compile(r":\s")
_TIMELINE = re.compile(r"\s*(?:timeline|chronology|key dates)\b", re.I)
#: Between a weekday and its date, and between two weekdays.
_BESIDE = re.compile(r",? |,? the | \(|, on ")
_PAIR = re.compile(r" and | or | to |-|–")

_NEAR = {
    "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "last night": -1, "last evening": -1,
    "a week ago": -7,
}  # fmt: skip
#: A day without a year is this year's even where its clause speaks of what is to come, unless it is so long past.
LONG_PAST = 30


def dates(text: str, published: date) -> list[When]:
    """Return the dates that ``text`` names, in order; a year or month alone is none.

    A day without a year, or without a month ("on the 25th"), is the one nearest to publication, or the next one where
    that is long past and its clause speaks of what is to come. A weekday is the last one up to publication, or the
    next one where its clause speaks of what is to come.
    """
    found: list[When] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < one.end and one.start < match.end() for one in found):
                found += _resolved(match, published, text)
    found = _in_line(sorted(found, key=lambda one: (one.start, one.first)), text, published)
    return sorted(related(found, text, published), key=lambda one: (one.start, one.first))


def _in_line(found: list[When], text: str, published: date) -> list[When]:
    """Return the dates in order with the weekdays and the heads of lists put in line with their neighbours.

    A weekday beside its own date ("Wednesday, 9 July") is that date; the second of two weekdays follows the first; the
    heads of a list of what is to come follow each other, those of a timeline lead up to publication.
    """
    line: list[When] = []
    heads = [one for one in found if one.exact and _HEAD.match(text, one.end)]
    listed = _CALENDAR.search(text) is not None
    for number, one in enumerate(found):
        between = text[one.end : found[number + 1].start] if number + 1 < len(found) else "."
        if one.weekday and _BESIDE.fullmatch(between) and found[number + 1].first.weekday() == one.first.weekday():
            continue
        last = line[-1] if line else None
        first = one.first
        if one.weekday and last and last.weekday and _PAIR.fullmatch(text[last.end : one.start]):
            first = _following(last.first, one.first)
        elif one.weekday and one in heads:
            known = last.first if last and last.exact and last.first >= published else None
            if listed or (known and len(heads) > 2):
                first = _following(known or published, one.first)
        line.append(replace(one, first=first, last=first) if one.exact else one)
    return _timeline(line, text) if _TIMELINE.match(text) else line


def _following(start: date, weekday: date) -> date:
    """Return the first such weekday from ``start`` on."""
    return start + timedelta(days=(weekday.weekday() - start.weekday()) % 7)


def _timeline(line: list[When], text: str) -> list[When]:
    """Return the dates with the heads of a timeline, where they name no year, none after the head that follows it."""
    later: date | None = None
    put = []
    for one in reversed(line):
        first = one.first
        if one.exact and _HEAD.match(text, one.end):
            if later and first > later and not re.search(r"\d{4}", text[one.start : one.end]):
                first = first - timedelta(days=365 + calendar.isleap(first.year))
                first = first.replace(day=one.first.day) if first.month == one.first.month else first
            later = first
        put.append(replace(one, first=first, last=first) if one.exact else one)
    return put[::-1]


def _resolved(match: re.Match[str], published: date, text: str) -> Iterator[When]:
    given = match.groupdict()
    start, end = match.span()
    if given.get("weekday"):
        if not _ANY.search(text, max(0, start - 12), start) and not _PAPER.match(text, end):
            day = _weekday(given, published, text, start, end)
            yield When(start, end, day, day, weekday=True)
    elif given.get("near"):
        day = published + timedelta(days=_NEAR.get(given["near"].lower(), 0))
        yield When(start, end, day, day)
    elif given.get("years"):
        day = date(published.year - counted(given["years"]), published.month, min(published.day, 28))
        day += timedelta(days=published.day - day.day)
        yield When(start, end, day, day)
    elif given.get("count"):
        days = counted(given["count"] or "")
        day = published + timedelta(days=-days if (given["side"] or "").lower() == "ago" else days)
        yield When(start, end, day, day)
    elif given.get("bare") or given.get("digits"):
        word = (given.get("bare") or given.get("digits") or "").lower()
        alone = _of_month(word, published, tense(text, start, end))
        if alone:
            yield When(start, end, alone, alone)
    elif given.get("part"):
        yield from _part(given, start, end, published)
    else:
        number = int(given["number"]) if given.get("number") else _month(given["month"])
        first = _DATES.index(given["ordinal"].lower()) + 1 if given.get("ordinal") else int(given["day"])
        for named in (first, *([int(given["until"])] if given.get("until") else [])):
            nearest = _nearest(given.get("year"), number, named, published)
            if nearest and not given.get("year") and (published - nearest).days > LONG_PAST:
                year = str(nearest.year + (tense(text, start) > 0))
                nearest = _nearest(year, number, named, published)
            if nearest:
                yield When(start, end, nearest, nearest)


def _part(given: dict[str, str | None], start: int, end: int, published: date) -> Iterator[When]:
    """Yield the third of a month that ``early``, ``mid`` or ``late`` names."""
    month = _nearest(given.get("year"), _month(given["month"] or ""), 15, published)
    if month is None:
        return
    word = (given["part"] or "").lower()
    length = calendar.monthrange(month.year, month.month)[1]
    first, last = (1, 10) if word in ("early", "the beginning of", "the start of") else (11, 20)
    if word in ("late", "the end of", "end of"):
        first, last = 21, length
    yield When(start, end, month.replace(day=first), month.replace(day=last))


def _month(word: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, start=1) if name.startswith(word.lower().rstrip(".")[:3]))


def _nearest(year: str | None, month: int, number: int, published: date) -> date | None:
    """Return that day of the year named, or of the year that brings it nearest to publication."""
    years = [int(year)] if year else [published.year - 1, published.year, published.year + 1]
    days = []
    for one in years:
        try:
            days.append(date(one, month, number))
        except ValueError:
            continue
    return min(days, key=lambda day: abs(day - published), default=None)


def _of_month(word: str, published: date, ahead: int) -> date | None:
    """Return the day of a month that "on the 25th" means: the nearest one that agrees with the tense of its clause."""
    number = _DATES.index(word) + 1 if word in _DATES else int(word[:-2])
    first = published.replace(day=1)
    months = [(first - timedelta(days=1)).replace(day=1), first, (first + timedelta(days=31)).replace(day=1)]
    days = [one.replace(day=number) for one in months if number <= calendar.monthrange(one.year, one.month)[1]]
    days = [day for day in days if (day - published).days * ahead >= 0]
    return min(days, key=lambda day: abs(day - published), default=None)


def _weekday(given: dict[str, str | None], published: date, text: str, start: int, end: int) -> date:
    """Return the day of a weekday's name: of the week that is named, else the last or the next by tense."""
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
    named = _WEEK_AFTER.match(text, end) or _WEEK_BEFORE.search(before)
    if named:
        monday = published - timedelta(days=published.weekday()) + timedelta(days=number)
        return monday + {"next": week, "last": -week}.get(named["which"].lower(), timedelta())
    if _GONE.search(before):
        return published - back
    ahead_or_back = tense(text, start, end)
    if _UP_TO.search(before):
        opens = not CLAUSE.split(_UP_TO.sub("", before))[-1].strip()
        return published - back if opens and ahead_or_back < 0 and _DONE_BY.search(before) else published + ahead
    return published + ahead if ahead_or_back > 0 else published - back
