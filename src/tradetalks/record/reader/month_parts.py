"""Parts of a month that a text names: early July, the end of next month, the first week of May."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from tradetalks.record.reader.days import BEGINS, ENDS, MONTH, YEAR, When, month_number
from tradetalks.record.reader.which_year import dated

#: First and last day; 31 is the last of any month.
_PARTS = {
    "early": (1, 10), "beginning": (1, 10), "start": (1, 10), "mid": (11, 20), "middle": (11, 20), "late": (21, 31),
    "end": (21, 31), "first half": (1, 15), "second half": (16, 31), "first week": (1, 7), "second week": (8, 14),
    "third week": (15, 21), "last week": (25, 31),
}  # fmt: skip
_OF = r"(?:beginning|start|middle|end|(?:first|second) half|(?:first|second|third|last) week)"
PART = re.compile(
    rf"{BEGINS}(?:(?P<part>(?i:early|mid|late)|(?i:end)(?=-))(?:(?:-|-?\s)to(?:-|\s)(?P<upto>mid|late))?"
    rf"(?:-|\s+|\s+in\s+)|(?:[Tt]he )?(?P<of>(?i:{_OF})) of\s+)"
    rf"(?:{MONTH}{YEAR}|(?P<which>the|this|next|last) month(?!['’])){ENDS}"
)
_NAMED = re.compile(rf"{BEGINS}{MONTH}\b[^.!?\n]*$")


def part(match: re.Match[str], published: date, text: str) -> When | None:
    """Return the days that a match of :data:`PART` names; None where "the month" may be another than this one."""
    given = match.groupdict()
    start, end = match.span()
    if given["which"]:
        which = given["which"].lower()
        if which == "the" and _NAMED.search(text, max(0, start - 200), start):
            return None
        this = published.replace(day=1)
        first = this + timedelta(days={"next": 31, "last": -1}.get(which, 0))
    else:
        month = dated(given, month_number(given["month"]), 15, published, text, start, end)
        if month is None:
            return None
        first = month
    length = calendar.monthrange(first.year, first.month)[1]
    low, high = _PARTS[(given["part"] or given["of"]).lower()]
    high = _PARTS[given["upto"].lower()][1] if given["upto"] else high
    return When(start, end, first.replace(day=low), first.replace(day=min(high, length)))
