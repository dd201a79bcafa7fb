"""Dates named in a text, resolved against the day it was published."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

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
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_COUNTS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_DATES = [
    *_ORDINALS, "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", *(f"twenty-{one}" for one in _ORDINALS[:9]), "thirtieth", "thirty-first",
]  # fmt: skip
#: "On the first" and the like is seldom a day.
_ALONE = "|".join([r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)", *_DATES[4:]])
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
    re.compile(r"\b(?P<near>today|yesterday|tomorrow|the day before yesterday|this (?:morning|"
        r"afternoon|evening)|tonight|last (?:night|evening)|a week ago)\b(?!['’]s)", re.I),
    re.compile(rf"\b(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) days (?P<side>ago|from (?:now|today))\b", re.I),
    re.compile(r"\b(?:(?P<which>last|next|this|this past|this coming|coming) )?(?P<weekday>Monday|"
        r"Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?:'s|’s)?\b"),
    re.compile(rf"\bon the (?P<bare>{_ALONE})\b(?=[.,;:!?)\"”]|\s(?:and|but|in|at|with|to|when|that|by|he|she|it|"
        r"they)\b|$)", re.I),
    re.compile(rf"\b(?P<part>early|mid|late|the beginning of|the start of|the middle of|"
        rf"the end of|end of)(?:-|\s+|\s+in\s+){_MONTH}{_YEAR}{_E}"),
]  # fmt: skip

#: Before a weekday, in the same clause: it is still to come.
_AHEAD = re.compile(
    r"\b(?:will|would|is to|are to|due|set (?:to|for)|scheduled|plans?|planned|expected|ahead of|"
    r"begins?|takes? effect|deadline|later this week|meets?|leaves?|fl(?:y|ies)|arrives?|opens?|resumes?|travels?|"
    r"go(?:es)? on|come in|is on|run into|takes the plane|enters? into force|prolonged|extended|falls)\b",
    re.I,
)
#: What is still to be done, up to its verb: "will be signed", "is to be held".
_TO_BE = re.compile(
    r"\b(?:will|would|shall|to|may|might|could|should)\s(?:not\s|also\s|then\s|\w+ly\s)?(?:be|have been)\s"
    r"(?:\w+ly\s)?\w+",
    re.I,
)
#: The list of what is to come, by weekday.
_CALENDAR = re.compile(r"\bweek ahead\b|\bcoming week\b", re.I)
#: Right before a weekday: the same.
_UP_TO = re.compile(r"\b(?:by|until|till|before|from|starting)\s*$", re.I)
#: After such a verb it is the day on which something was said.
_TOLD = re.compile(
    r"\b(?:said|told|announced|wrote|posted|added|reported|published|signed|met|spoke|suggested|noted|warned|declared|"
    r"statement|confirmed|claimed|agreed|rejected|held|issued|released|struck|voted|went|came|fell|rose|doubted|resigned|"
    r"opened|began|sent|made|took|gave|won|lost|cut|put|visited|called|decided|adopted|passed|approved|ended|closed|"
    r"turned|proposed|offered|asked|demanded|raised|imposed|filed|ordered|refused|replied|answered)\b",
    re.I,
)


_SPAN = rf"(?P<count>an?|\d{{1,2}}|{'|'.join(_COUNTS)}) (?P<unit>day|week)s?"
#: A day told from another one: the last that the text named, or that of publication.
_RELATIVE = re.compile(
    rf"\b(?:{_SPAN} (?P<side>later|earlier|after|before|from (?=(?:{'|'.join(_DAYS)})))"
    r"|the (?P<eve>day|evening|night|morning) (?:before|earlier)(?= ?[.,;:)\"”]| \w+ (?:that|his|her|its|the)| that)"
    r"|the (?P<morrow>next|following) (?:day|morning))\b",
    re.I,
)


_NEAR = {
    "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "last night": -1, "last evening": -1,
    "a week ago": -7,
}  # fmt: skip
#: A day without a year is this year's even where its clause speaks of what is to come, unless it is so long past.
LONG_PAST = 30


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
    return sorted(_related(found, text, published), key=lambda one: (one.start, one.first))


def _related(found: list[When], text: str, published: date) -> list[When]:
    """Return the dates with those that are told from another one: two days later, the evening before."""
    told = []
    for match in _RELATIVE.finditer(text):
        start, end = match.span()
        count, side = (match["count"] or "a").lower(), (match["side"] or "").lower().strip()
        days = _COUNTS.index(count) + 1 if count in _COUNTS else 1 if count in ("a", "an") else int(count)
        days *= 7 if (match["unit"] or "").lower() == "week" else 1
        if side == "from":  # a week from Wednesday: the Wednesday moves
            found = [
                When(start, one.end, one.first + timedelta(days=days), one.last + timedelta(days=days))
                if one.start == end
                else one
                for one in found
            ]
            continue
        near = max((one for one in found if one.exact and one.end <= start), key=lambda one: one.start, default=None)
        # "On Monday, two days after X" is about the day of X; without a day named just before, no day is told.
        if side in ("after", "before") and (near is None or re.search(r"[.;]\s", text[near.end : start])):
            continue
        back = match["eve"] or side in ("earlier", "after")
        day = (near.first if near else published) + timedelta(days=-days if back else days)
        told.append(When(start, end, day, day))
    return found + told


def _resolved(match: re.Match[str], published: date, text: str) -> Iterator[When]:
    given = match.groupdict()
    start, end = match.span()
    if given.get("weekday"):
        listed = text[end : end + 1] == ":" and bool(_CALENDAR.search(text, 0, start))
        day = _weekday(given, published, text[max(0, start - 160) : start], listed)
        yield When(start, end, day, day, weekday=True)
    elif given.get("near"):
        word = given["near"].lower()
        shift = _NEAR.get(word, 0)
        day = published + timedelta(days=shift)
        yield When(start, end, day, day)
    elif given.get("count"):
        word = given["count"].lower()
        days = int(word) if word.isdigit() else _COUNTS.index(word) + 1
        day = published + timedelta(days=-days if given["side"].lower() == "ago" else days)
        yield When(start, end, day, day)
    elif given.get("bare"):
        alone = _of_month(given["bare"].lower(), published, text[max(0, start - 160) : start])
        if alone:
            yield When(start, end, alone, alone)
    elif given.get("part"):
        yield from _part(given, start, end, published)
    else:
        number = int(given["number"]) if given.get("number") else _month(given["month"])
        before = text[max(0, start - 160) : start]
        first = _DATES.index(given["ordinal"].lower()) + 1 if given.get("ordinal") else int(given["day"])
        for named in (first, *([int(given["until"])] if given.get("until") else [])):
            nearest = _nearest(given.get("year"), number, named, published)
            if nearest and not given.get("year") and (published - nearest).days > LONG_PAST:
                nearest = _nearest(str(nearest.year + 1), number, named, published) if _is_ahead(before) else nearest
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


def _of_month(word: str, published: date, before: str) -> date | None:
    """Return the day of a month that "on the 25th" means: the nearest, or the next where it is still to come."""
    number = _DATES.index(word) + 1 if word in _DATES else int(word[:-2])
    first = published.replace(day=1)
    months = [(first - timedelta(days=1)).replace(day=1), first, (first + timedelta(days=31)).replace(day=1)]
    days = [one.replace(day=number) for one in months if number <= calendar.monthrange(one.year, one.month)[1]]
    if _is_ahead(before):
        days = [day for day in days if day >= published]
    return min(days, key=lambda day: abs(day - published), default=None)


def _is_ahead(before: str) -> bool:
    """Return whether the clause that ends with ``before`` speaks of what is to come."""
    clause = re.split(r"[.;,\"”“]|\bthat\b", before)[-1]
    to_come = max((match.start() for match in _AHEAD.finditer(clause)), default=-1)
    to_come = max((match.end() for match in _TO_BE.finditer(clause)), default=to_come)
    told = max((match.start() for match in _TOLD.finditer(clause)), default=-1)
    return to_come > told


def _weekday(given: dict[str, str | None], published: date, before: str, listed: bool) -> date:
    number = _DAYS.index((given["weekday"] or "").lower())
    back = timedelta(days=(published.weekday() - number) % 7)
    ahead = timedelta(days=(number - published.weekday()) % 7)
    week = timedelta(days=7)
    which = (given.get("which") or "").lower()
    if which in ("next", "coming", "this coming"):
        return published + (ahead or week)
    if which in ("last", "this past"):
        return published - (back or week)
    clause = re.split(r"[.;,\"”“]|\bthat\b", before)[-1]
    if _UP_TO.search(clause):
        return published + ahead
    return published + ahead if listed or _is_ahead(before) else published - back
