"""What a piece of a sentence is about, in issues of the record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from tradetalks.record.reader.words import read

#: Issues that say how talks go on, not what they are about: they hold only where nothing else does.
_LAST = ("procedure", "deficit")
#: Words of procedure that hold against a bare "tariffs": the pause on tariffs, retaliatory tariffs.
_PROCEDURE = re.compile(
    r"\b(?:pause|deadlines?|retaliat\w+|counter-?measures?|counter-?tariffs?|"
    r"rebalancing|WTO|World Trade Organi[sz]ation|"
    r"investigations?|probes?|ratif\w+|legally binding|consultations)\b",
    re.I,
)
_JOINED = re.compile(r",|;|\b(?:and|or|but|as well as|along with)\b")
#: The goods of the United States, on which a duty is another country's.
_AMERICAN = re.compile(
    r"\b(?:on|against|for|of|facing)\b[^,;.]{0,40}?\b(?:American|U\.?S\.?|United States)(?: [\w-]+){0,3}? ?"
    r"(?:goods|products|exports|imports|cars|vehicles|autos?|farm|beef|pork|whiskey|bourbon|steel|soy\w*|industrial|"
    r"agricultural|corn|wine|oil|coal|LNG|companies|motorcycles|apples|almonds)|"
    r"\b(?:American|U\.?S\.?)(?: [\w-]+){0,2} (?:goods|products|exports|cars)\b",
)
_OWNED = re.compile(r"\b(?:its|their|our|the country['’]s|his country['’]s)\s(?:[\w-]+\s){0,3}?$")


@dataclass(frozen=True, slots=True)
class Topic:
    """An issue that the text between two offsets names; ``duty`` where it is somebody's tariff."""

    start: int
    end: int
    issue: str
    duty: bool = False
    others: bool = False
    """A duty on goods of the United States, or one that the clause calls the speaker's own."""


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    what: str


@cache
def _lists() -> tuple[
    list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]
]:
    content = read("issues")

    def compiled(pairs: Any) -> list[tuple[str, re.Pattern[str]]]:
        return [(name, re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.I)) for name, pattern in pairs]

    return compiled(content["direct"]), compiled(content["frames"].items()), compiled(content["goods"].items())


@cache
def _table() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    content = read("issues")
    return content["table"], content["others"]


def foreign(issue: str) -> str:
    """Return the issue of a duty when it is not the United States' own."""
    return _table()[1].get(issue, issue)


def _words(lists: list[tuple[str, re.Pattern[str]]], text: str, start: int, end: int) -> list[_Word]:
    found: list[_Word] = []
    for name, pattern in lists:
        for match in pattern.finditer(text, start, end):
            if match.end() > match.start() and not any(
                match.start() < one.end and one.start < match.end() for one in found
            ):
                found.append(_Word(*match.span(), name))
    return sorted(found, key=lambda one: one.start)


def topics(text: str, start: int, end: int) -> list[Topic]:
    """Return the issues that ``text`` names between two offsets, the governing one first, each once."""
    direct_list, frame_list, goods_list = _lists()
    table, _ = _table()
    direct = _words(direct_list, text, start, end)
    plain = [one for one in direct if one.what not in _LAST]
    frames = [one for one in _words(frame_list, text, start, end) if not _inside(one, plain)]
    goods = [one for one in _words(goods_list, text, start, end) if not _inside(one, plain)]
    frames = _governing(text, frames)
    found: list[Topic] = []
    used: set[_Word] = set()
    for good in goods:
        frame = _frame_of(text, good, frames, goods)
        if frame is None:
            # "imports of medicines will face a tariff": the duty follows its goods.
            frame = next((one for one in frames if one.start >= good.end and one.what in ("tariff", "quota")), None)
        # Of "export controls on chips" and "access for cars built to our standards" the goods are not the issue.
        if (frame is None or frame.what == "quota") and any(not _apart(text, good, one) for one in plain):
            used |= {frame} if frame else set()
            continue
        issue = table[frame.what if frame else "bare"][good.what]
        if frame:
            used.add(frame)
        found.append(_topic(text, good, issue, frame, end))
    found += [Topic(one.start, one.end, one.what) for one in plain]
    bare = [one.start for one in found if not one.duty]
    for frame in frames:
        if (
            frame.what in ("tariff", "quota")
            and used & set(frames)
            and any(start < frame.start for start in bare if not frames[0].start < start)
        ):
            continue
        near = [one for one in plain if not _apart(text, frame, one)]
        if frame not in used and not near:
            found.append(_topic(text, frame, table[frame.what]["alone"], frame, end))
    last = [Topic(one.start, one.end, one.what) for one in direct if one.what in _LAST]
    strong = [one for one in last if _PROCEDURE.search(text, one.start, one.end)]
    if strong and all(one.issue in ("tariffs", "standards", "market-access") for one in found):
        found = strong
    elif not found:
        found = sorted(last, key=lambda one: _LAST.index(one.issue) == 0)
    unique: dict[str, Topic] = {}
    for one in sorted(found, key=lambda one: one.start):
        unique.setdefault(one.issue, one)
    return list(unique.values())


def _inside(word: _Word, others: list[_Word]) -> bool:
    return any(word.start < one.end and one.start < word.end for one in others)


def _apart(text: str, one: _Word, other: _Word) -> bool:
    low, high = min(one.end, other.end), max(one.start, other.start)
    return bool(_JOINED.search(text, low, max(low, high)))


def _governing(text: str, frames: list[_Word]) -> list[_Word]:
    """Return the frames that govern: of "limits on imports", the limits; of "tariffs and quotas", both."""
    kept: list[_Word] = []
    for frame in frames:
        if (
            kept
            and not _JOINED.search(text, kept[-1].end, frame.start)
            and not (frame.what == "tariff" and kept[-1].what == "quota")
        ):
            # "import tariffs", "investment rules": the later word is the head of the compound.
            # and of "imports of medicines will face a tariff" the duty is what is told.
            if frame.start - kept[-1].end <= 1 or (frame.what == "tariff" and kept[-1].what == "purchase"):
                kept[-1] = frame
            continue
        kept.append(frame)
    return kept


def _frame_of(text: str, good: _Word, frames: list[_Word], goods: list[_Word]) -> _Word | None:
    """Return the frame that ``good`` belongs to: the head of its compound, else the last one before it."""
    after = next((frame for frame in frames if frame.start >= good.end), None)
    if after is not None:
        between = text[good.end : after.start]
        for other in goods:
            if good.end <= other.start < after.start:
                between = between.replace(text[other.start : other.end], "")
        if len(between) <= 24 and not re.search(
            r"\b(?:on|of|for|to|in|with|by|at|from|is|are|will|would|pays?)\b|[.;:]", between
        ):
            return after
    return next((frame for frame in reversed(frames) if frame.end <= good.start), None)


def _topic(text: str, word: _Word, issue: str, frame: _Word | None, end: int) -> Topic:
    duty = frame is not None and frame.what == "tariff"
    others = False
    if duty and frame is not None:
        others = bool(_AMERICAN.search(text, frame.end, min(end, frame.end + 90)))
    return Topic(word.start, word.end, issue, duty, others)


def own_duty(text: str, topic: Topic, start: int) -> bool:
    """Return whether the words before a duty call it the subject's own ("its tariffs on cars")."""
    return bool(_OWNED.search(text[start : topic.start])) or bool(
        re.search(
            r"\b(?:its|their|our)\s(?:[\w-]+\s){0,3}?(?:tariffs?|dut(?:y|ies)|lev(?:y|ies))", text[start : topic.end]
        )
    )
