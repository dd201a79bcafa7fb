"""Days told from another one: two days later, the evening before, a week from Wednesday."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tradetalks.record.reader.days import COUNTS, DAYS, ROUND, When, counted
from tradetalks.record.reader.tense import NOT_SHORT, tense

_SPAN = rf"(?P<count>an?|the(?= day (?:after|before))|\d{{1,3}}|{'|'.join([*COUNTS, *ROUND])}) (?P<unit>day|week)s?"
#: A day told from another one: the last that the text named, or that of publication.
_RELATIVE = re.compile(
    r"(?<![\w-])(?<!\bnot )(?<!\bto )(?<!\bleast )(?<!\bthan )"
    r"(?:the (?P<eve>day|evening|night|morning) (?:before|earlier)(?= ?[.,;:)\"”]| \w+ (?:that|his|her|its|the)| that"
    r"| \w+ed\b| (?:said|told|put|set|cut|made)\b|$)"
    r"|the (?P<after>day) after(?= ?[.,;:)\"”]| that\b|$)"
    r"|the (?P<morrow>next|following) (?:day|morning)"
    rf"|{_SPAN} (?P<side>later|earlier|after|before|from (?=(?:{'|'.join(DAYS)}))))\b",
    re.I,
)
#: "A day before": told from the day named last; before anything else it tells the day of that.
_ALONE_SO = re.compile(r"\s?[.,;:)\"”]| that\b| and\b|$")
#: "90 days after May 12": told from the day that follows.
_RIGHT_BEFORE = re.compile(r"\s(?:the )?")
_STOP = re.compile(rf"{NOT_SHORT}[.!?;]\s|\n")
_GOES_ON = re.compile(r"\s*(?:It|That|This)\b")


def related(found: list[When], text: str, published: date) -> list[When]:
    """Return the dates with those that are told from another one: two days later, the evening before."""
    told: list[When] = []
    for match in _RELATIVE.finditer(text):
        start, end = match.span()
        if any(one.start < end and start < one.end for one in found):
            continue
        days, side = counted(match["count"] or "a"), (match["side"] or "").lower().strip()
        if side == "from":  # a week from Wednesday: the Wednesday moves
            days *= 7 if (match["unit"] or "").lower() == "week" else 1
            move = timedelta(days=days)
            found = [
                When(start, one.end, one.first + move, one.last + move) if one.start == end else one for one in found
            ]
            continue
        if (match["unit"] or "").lower() == "week":
            if days > 1:  # as round a number as "two months later"
                continue
            days = 7
        near = max(
            (one for one in [*found, *told] if one.exact and one.end <= start), key=lambda one: one.start, default=None
        )
        back = bool(match["eve"]) or side in ("earlier", "before")
        named = next((one for one in found if one.exact and _RIGHT_BEFORE.fullmatch(text, end, one.start)), None)
        if side in ("after", "before") and (named or days > len(COUNTS)):
            if not named:
                continue  # as round a number as "thirty days before they sign"
            near = named
        elif side in ("after", "before") and not _ALONE_SO.match(text, end):
            # "On Monday, two days after X" is about the day of X, which is earlier.
            back = not back
            near = _of_sentence(found, text, start, end, near)
            if near is None and match["count"].lower() == "the":
                continue  # "on the day after publication"
        elif near and back and near.first > published and tense(text, start, end) < 0:
            near = None  # "had said a day before", after a day that is still to come
        day = (near.first if near else published) + timedelta(days=-days if back else days)
        if side not in ("after", "before") and day > published and tense(text, start, end) <= 0:
            continue
        told.append(When(start, end, day, day))
    return found + told


def _of_sentence(found: list[When], text: str, start: int, end: int, near: When | None) -> When | None:
    """Return the day that the sentence around two offsets names, before them if it can be; "It came" goes on."""
    if near and not _STOP.search(text, near.end, start):
        return near
    if near and _GOES_ON.match(_STOP.split(text[:start])[-1]):
        return near
    after = min((one for one in found if one.exact and one.start >= end), key=lambda one: one.start, default=None)
    return after if after and not _STOP.search(text, end, after.start) else None
