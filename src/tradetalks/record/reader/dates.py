"""Dates named in a text, resolved against the day it was published."""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import date, timedelta

from tradetalks.record.reader.days import BEGINS, COUNTS, ENDS, MONTH, ROUND, YEAR, When, counted, month_number
from tradetalks.record.reader.month_parts import PART, part
from tradetalks.record.reader.related_days import related
from tradetalks.record.reader.tense import tense
from tradetalks.record.reader.weekdays import WEEKDAY, following, nth_of_month, weekday_meant
from tradetalks.record.reader.which_year import dated, day_of, joined

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
#: What goes on behind a day that stands alone.
_THEN = (
    r"(?=[.,;:!?)\"”]|\s(?:and|but|in|at|with|to|when|that|by|he|she|it|they|is|was|stands?|because|as|for|after|before|"
    r"if|under|will|would|has|had|are|were)\b(?!\s(?:\w+\s)?\d+th\s\w{3,}s\b)|$)"
)
_NUMBER = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
#: Further days of the month: "8-9", "1, 4 and 11", "28 through 31".
_N = r"(?:the )?(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\d)"
_MORE = rf"(?:(?P<more>(?:, ?{_N})*(?:,? (?:and|or|to|through|until|till)\s|\s?(?:-|–|—|/|&)\s?){_N})(?!\sfrom\b))?"
#: A number of something and no day: "10 percent", "on July 7 and 14 countries".
_NO_SHARE = r"(?!\d|%|\.\d|\s?(?:per ?cent|points?|trillion|billion|million))"
_NO_COUNT = (
    rf"{_NO_SHARE}(?!\s(?:days|weeks|months|years|hours|minutes|countries|nations|states|governments|members|partners|"
    r"companies|firms|people|others|more|of (?:the|them|its|our))\b)"
)
#: Verbs before "in five days", which elsewhere is as often how long something took.
_COMES = (
    r"ends?|expires?|lapses?|begins?|starts?|opens?|resumes?|meets?|votes?|leaves?|arrives?|returns?|takes? effect|"
    r"enters? into force|due|back"
)
#: "Yesterday's talks" are of that day; "today's rate" is that of now.
_EVENT = (
    r"(?:talks|meeting|call|session|round|summit|hearing|vote|visit|announcement|decision|statement|ruling|order|"
    r"agreement|deal|signing|speech|briefing)"
)
_COUNT = rf"\b(?P<count>an?|\d{{1,3}}|{'|'.join([*COUNTS, *ROUND])})"

_WEEKDAYS = re.compile(rf"\b(?:(?P<which>(?i:last|next|this past|this coming|this|coming)) )?{WEEKDAY}(?:'s|’s)?\b")
_PATTERNS = [
    re.compile(rf"(?<!/){BEGINS}(?P<year>20\d\d|19\d\d)(?P<mark>[-/])(?P<number>0?[1-9]|1[0-2])(?P=mark)"
        rf"(?P<day>0?[1-9]|[12]\d|3[01])(?:(?=T\d)|{ENDS}(?!/))"),
    re.compile(rf"{BEGINS}(?P<day>[0-2]?\d|3[01])\.(?P<number>0?[1-9]|1[0-2])\.(?P<year>20\d\d){ENDS}"),
    re.compile(rf"(?<!/){BEGINS}(?P<one>[0-2]?\d|3[01])/(?P<two>[0-2]?\d|3[01])/(?P<year>20\d\d){ENDS}(?!/)"),
    re.compile(rf"{BEGINS}(?<!\b[Ii]n ){MONTH}\s+(?:the )?{_NUMBER}{_NO_SHARE}{_MORE}{_NO_COUNT}{YEAR}{ENDS}"),
    re.compile(rf"{BEGINS}{_NUMBER}{_MORE}(?:\s+(?:of\s+)?|-){MONTH}(?:-(?=\d))?{YEAR}{ENDS}"),
    re.compile(rf"\b(?i:(?:the )?(?P<ordinal>{'|'.join(_DATES)}) (?:day )?of) {MONTH}(?!['’]){YEAR}{ENDS}"),
    re.compile(rf"{BEGINS}{MONTH} (?:the )?(?P<ordinal>{'|'.join(_DATES)}){YEAR}{_THEN}"),
    re.compile(rf"\b(?P<nth>(?i:first|second|third|fourth|last)) (?:{WEEKDAY}|day) (?:of|in) {MONTH}{YEAR}{ENDS}"),
    re.compile(rf"{_COUNT} (?P<unit>week|month|year)s? (?P<side>ago|from)(?= (?P<told>today|yesterday)\b)", re.I),
    re.compile(rf"{_COUNT} (?P<unit>day)s? (?P<side>ago|from(?= (?:now|today)\b))", re.I),
    re.compile(rf"(?:^|(?<=[.!?] )|(?<=\n)|\b(?:{_COMES}) )(?P<side>[Ii]n) (?P<count>\d{{1,3}}|{'|'.join(COUNTS)}) "
        r"(?P<unit>day)s\b"),
    re.compile(rf"{_NOT_NOW}\b(?P<near>today(?! or\b|, tomorrow\b)|yesterday|the day after tomorrow|"
        r"(?<!today or )(?<!today, )tomorrow|the day before yesterday|this (?:morning|afternoon|evening)|tonight|"
        rf"last (?:night|evening)|a week ago)\b(?!['’]s(?! {_EVENT}))", re.I),
    _WEEKDAYS,
    re.compile(rf"\b(?:on the (?P<bare>{_ALONE})|(?:by|for|since|until|from|after|before|of) the "
        rf"(?P<digits>{_DIGITS}))(?: and (?:the )?(?P<other>{_DIGITS}))?\b{_THEN}", re.I),
    PART,
]  # fmt: skip

#: The list of what is to come, by weekday.
_CALENDAR = re.compile(r"\b(?:(?:week|fortnight|days) ahead|coming week|next week|timetable)\b", re.I)
_HEAD = re.compile(r":\s")
_TIMELINE = re.compile(r"\s*(?:timeline|chronology|key dates)\b", re.I)
#: Between a weekday and its date, and between two weekdays.
_BESIDE = re.compile(r",? |,? the | \(|, on ")
_PAIR = re.compile(r" and | or | to |-|–")
#: Before a number that counts texts, rounds or lines, and no day: "Chapter 11 May Follow".
_NUMBERED = re.compile(r"\b(?:articles?|sections?|chapters?|titles?|rounds?|phase|annex|rules?|lines?|page)\s$", re.I)
#: "The order of the 4th would be carried out": the day has been.
_GONE = re.compile(r"(?:of|since)\b", re.I)
#: Days from that of publication; what is not here is that day itself.
_NEAR = {
    "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2, "last night": -1,
    "last evening": -1, "a week ago": -7,
}  # fmt: skip


def dates(text: str, published: date) -> list[When]:
    """Return the dates that ``text`` names, in order; a year, month or week alone is none.

    A day without a year is the one nearest to publication; the next one where that is long past and its clause speaks
    of what is to come, the one before where that is far ahead and its clause speaks of what has been. A day without a
    month ("on the 25th") is the nearest that agrees with its clause. A weekday is the last one up to publication, or
    the next one where its clause speaks of what is to come.
    """
    found: list[When] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < one.end and one.start < match.end() for one in found):
                found += _resolved(match, published, text)
    found = joined(sorted(found, key=lambda one: (one.start, one.first)), text)
    found = _in_line(found, text, published)
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
            first = following(last.first, one.first)
        elif one.weekday and one in heads:
            known = last.first if last and last.exact and last.first >= published else None
            if listed or (known and len(heads) > 2):
                first = following(known or published, one.first)
        line.append(replace(one, first=first, last=first) if one.exact else one)
    return _timeline(line, text) if _TIMELINE.match(text) else line


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


def _resolved(match: re.Match[str], published: date, text: str) -> list[When]:
    """Return the days, or the part of a month, that a match of one of the patterns means."""
    if match.re is PART:
        found = part(match, published, text)
        return [found] if found else []
    weekday = match.re is _WEEKDAYS
    return [When(*match.span(), day, day, weekday) for day in _days(match, published, text) if day]


def _days(match: re.Match[str], published: date, text: str) -> list[date | None]:
    """Return the days that a match of a pattern of days means; None for what the calendar does not have."""
    given = match.groupdict()
    start, end = match.span()
    if given.get("nth"):
        return [nth_of_month(given, published, text, start, end)]
    if given.get("weekday"):
        return [weekday_meant(given, published, text, start, end)]
    if given.get("near"):
        return [published + timedelta(days=_NEAR.get(given["near"].lower(), 0))]
    if given.get("count"):
        return [_counted(given, published)]
    if given.get("bare") or given.get("digits"):
        words = [word.lower() for name in ("bare", "digits", "other") if (word := given.get(name))]
        ahead = -1 if _GONE.match(text, start) else tense(text, start, end)
        return [_of_month(word, published, ahead) for word in words]
    if given.get("one"):
        return [_either(int(given["one"]), int(given["two"]), int(given["year"]))]
    if _NUMBERED.search(text, max(0, start - 12), start):
        return []
    month = int(given["number"]) if given.get("number") else month_number(given["month"])
    if given.get("ordinal"):
        numbers = [_DATES.index(given["ordinal"].lower()) + 1]
    else:
        numbers = [int(given["day"]), *map(int, re.findall(r"\d+", given.get("more") or ""))]
    return [dated(given, month, number, published, text, start, end) for number in numbers]


def _counted(given: dict[str, str | None], published: date) -> date:
    """Return the day so many days, weeks, months or years before or after that of publication."""
    number = counted(given["count"] or "") * (-1 if (given["side"] or "").lower() == "ago" else 1)
    day = published - timedelta(days=(given.get("told") or "").lower() == "yesterday")
    unit = (given["unit"] or "").lower()
    if unit in ("day", "week"):
        return day + timedelta(days=number * (7 if unit == "week" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1), 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _either(one: int, two: int, year: int) -> date | None:
    """Return the day of "27/06/2025" or "06/27/2025"; None where it could be either way."""
    days = {day for month, number in ((one, two), (two, one)) if (day := day_of(year, month, number))}
    return days.pop() if len(days) == 1 else None


def _of_month(word: str, published: date, ahead: int) -> date | None:
    """Return the day of a month that "on the 25th" means: the nearest one that agrees with the tense of its clause."""
    number = _DATES.index(word) + 1 if word in _DATES else int(word[:-2])
    first = published.replace(day=1)
    months = [(first - timedelta(days=1)).replace(day=1), first, (first + timedelta(days=31)).replace(day=1)]
    days = [one.replace(day=number) for one in months if number <= calendar.monthrange(one.year, one.month)[1]]
    days = [day for day in days if (day - published).days * ahead >= 0]
    return min(days, key=lambda day: abs(day - published), default=None)
