"""The case facts that a text names: tariffs and what they fall on, deadlines, holdings of bonds; unchecked."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from tradetalks.ground.fields import Strict
from tradetalks.record.reader.about import topics
from tradetalks.record.reader.amounts import Figure, figures
from tradetalks.record.reader.dates import dates
from tradetalks.record.reader.days import When
from tradetalks.record.reader.duties import AHEAD, DUTY, ELSEWHERE, State, charged_by, origin, state_of
from tradetalks.record.reader.governments import parties_named
from tradetalks.record.reader.notes import about
from tradetalks.record.reader.sentences import sentences
from tradetalks.record.reader.span import Span, span

Precision = Literal["exactly", "more than", "less than", "about"]

_AFTER = re.compile(rf"^[\s-]{{0,2}}(?:(?!and\b|or\b)[\w’'.-]+\s+){{0,4}}?{DUTY}\b", re.I)
_BEFORE = re.compile(
    rf"\b{DUTY}\b[^.;,%]{{0,50}}?\b(?:of|at|to|by|from|is|are|be|was|were|total|"
    rf"reach\w*|and|as high as)\s(?:about |around |a )?$",
    re.I,
)
#: The rate that was: "lowered from 25% to 15%".
_FORMER = re.compile(
    r"\b(?:raised|lowered|reduced|cut|rose|fell|dropped|went|brought|doubled|increased)\b[^.;,%]*\bfrom\s$", re.I
)
_LIMIT = re.compile(
    r"\b(?:until|till|through|deadline|expir\w+|ends? on|to end on|runs? out|lapses?|before the|by)\b", re.I
)
_HELD = re.compile(r"\b(?:Treasur(?:y|ies)|government bonds|U\.?S\.? (?:debt|bonds))", re.I)
_MORE = re.compile(r"\b(?:over|more than|above|in excess of|exceed\w*|at least|upwards of)\s(?:US)?$", re.I)
_LESS = re.compile(r"\b(?:under|less than|below|nearly|almost|up to|at most)\s$", re.I)
_ABOUT = re.compile(r"\b(?:about|around|roughly|some|approximately)\s$", re.I)
#: Goods whose duties the law knows as measures of their own.
SECTORS = ("cars", "metals", "pharma-chips")
_PARTS = re.compile(r"\b(?:auto|car|vehicle|automotive|automobile)s? (?:parts|components)\b", re.I)
#: Before a rate that is not, or no longer, charged.
_OTHER_RATE = re.compile(
    r"\b(?:instead of|rather than|in place of|down from|up from|compared (?:with|to)|than)\s(?:the\s|an?\s)?$", re.I
)
#: "From 10% " before "to 24%".
_STEP = re.compile(r"\bfrom\s[\d.]+(?:%|\sper\s?cent)?\s(?=to\s$)", re.I)
#: "Ranging from 10% to 49%", "from 10% to 15% on most goods": two rates at once.
_RANGE = re.compile(r"\b(?:rang\w+|vary\w*|varied|of|between)\s(?:\w+\s)?from\s$", re.I)
#: Marks of quotation, which part no words here.
_MARKS = re.compile(r"[\"“”„«»‘]|(?<!\w)['’]|['’](?!\w)")
#: At the ends of the words shown: what joins them to the rest.
_LEADING = re.compile(r"(?:[\s,;:\"“”«»—–-]|\b(?:and|or|but|while|then|also|to)\b)*")
_TRAILING = re.compile(
    r"(?:[\s,;:—–(-]|\b(?:and|or|but|to|the|an?|of|on|down|up|from|by|with|at|for|in|as|while|its|their|is|are|be|than|"
    r"instead|which|that|who|will|would|not)\b)+$"
)


class Claim(Strict):
    """A fact that a text states about a tariff, a deadline or a holding."""

    kind: Literal["tariff", "deadline", "holding"]
    country: str | None
    """Whose goods pay the tariff, or who holds the bonds."""
    importer: str | None = None
    """Who charges the tariff."""
    goods: str = "all"
    """The issue whose goods are meant (cars, metals, pharma-chips), or car parts; else all."""
    value: float | None = None
    """Percent, or billions of dollars."""
    precision: Precision = "exactly"
    state: State = "in force"
    """``intended``: asked for, planned, promised or threatened; ``to come``: stated for a day or time ahead."""
    first: date | None = None
    last: date | None = None
    """Of a deadline, the days it can be; of a tariff, those until which it is suspended or from which it holds."""
    span: Span
    """The words that state it first."""
    more: tuple[Span, ...] = ()
    """Other places that state the same."""


def claims(text: str, published: date, other: str | None = None) -> tuple[Claim, ...]:
    """Return the facts that ``text`` states, each once, in the order in which they are first stated.

    Args:
        text: of the document.
        published: the day of publication.
        other: the government of the case besides the United States. It is meant where a sentence names no other,
            unless the text is about another one (:func:`~tradetalks.record.reader.notes.about`).
    """
    meant = about(text, other)
    found: list[Claim] = []
    for start, end in sentences(text):
        numbers = _parted(text[start:end], [one for one in figures(text[start:end]) if one.unit == "percent"])
        named = dates(text[start:end], published)
        for one in numbers:
            if claim := _tariff(text, start, end, one, numbers, named, published, meant):
                found.append(claim)
        found += _deadlines(text, start, end, named, published, meant)
        found += _holdings(text, start, end, meant)
    return _once(found)


def _once(found: list[Claim]) -> tuple[Claim, ...]:
    """Return the facts, each with the further places that state it."""
    groups: dict[Claim, dict[Span, None]] = {}
    for claim in found:
        groups.setdefault(claim.model_copy(update={"span": found[0].span}), {})[claim.span] = None
    told = [(fact, tuple(spans)) for fact, spans in groups.items()]
    return tuple(fact.model_copy(update={"span": spans[0], "more": spans[1:]}) for fact, spans in told)


def _parted(sentence: str, numbers: list[Figure]) -> list[Figure]:
    """Return the rates with those of "from 27.5% to 15%" apart, each in its own place."""
    parted = []
    for one in numbers:
        words = sentence[one.start : one.end]
        first, joint, _ = words.partition(" to ")
        if joint and re.search(r"\bfrom\s$", sentence[: one.start]) and not _RANGE.search(sentence[: one.start]):
            opens = first.removesuffix("%").split(" ")[0] == f"{one.value:g}"
            start = one.start if opens else one.start + len(first) + len(joint)
            parted.append(Figure(start, one.start + len(first) if opens else one.end, one.value, one.unit))
        else:
            parted.append(one)
    return parted


def _tariff(
    text: str,
    start: int,
    end: int,
    one: Figure,
    numbers: list[Figure],
    named: list[When],
    published: date,
    other: str | None,
) -> Claim | None:
    sentence = _MARKS.sub(" ", text[start:end])
    stated = _BEFORE.search(_STEP.sub(lambda words: " " * len(words[0]), sentence[: one.start]))
    if not _AFTER.match(sentence[one.end :]) and not stated:
        return None
    if _OTHER_RATE.search(sentence[: one.start]) and not re.match(r"\s+to\s", sentence[one.end :]):
        return None
    following = [other_one.start for other_one in numbers if other_one.start > one.start]
    stop = min([*following, end - start])
    former = _FORMER.search(sentence[: one.start])
    if former and not AHEAD.search(sentence[: former.start()]) and re.match(r"\s+to\s", sentence[one.end : stop]):
        return None
    comma = re.search(r",(?! (?:steel|alumin|copper|auto))|;", sentence[one.end : stop])
    bound = one.end + comma.start() if comma else stop
    ahead = [other_one for other_one in numbers if other_one.end <= one.start]
    if ahead and _STEP.search(sentence[: one.start]):
        ahead.pop()
    since = max((other_one.end for other_one in ahead), default=0)
    begin = since or sentence.rfind(" ", 0, max(0, one.start - 60)) + 1
    joints = [match.start() for match in ELSEWHERE.finditer(sentence, begin, one.start)]
    begin = joints[-1] if joints else begin
    here = sentence[begin:bound]
    named_goods = [topic.issue for topic in topics(sentence, begin, bound) if topic.duty and topic.issue in SECTORS]
    parties = [party for party in parties_named(here) if party != "USA"]
    parties = parties or [party for party in parties_named(sentence) if party != "USA"]
    country = parties[0] if parties else other
    source = origin(
        sentence[begin : one.end] + re.split(r"\s(?:with|in return|in answer)\b", sentence[one.end : bound])[0]
    )
    importer = charged_by(sentence, one.start, one.end, bound, sector=bool(named_goods))
    if importer is None or importer == source:
        importer = country if source == "USA" else "USA"
    state, day = state_of(sentence, one.start, one.end, begin, bound, since, named, published)
    limits = [when for when in named if when.start > one.start and when.last > date.min]
    if state != "suspended":
        limits = [day] if day else [when for when in limits if when.last > published and not when.weekday]
    shown = one.start
    if stated:
        aside = sentence.rfind(", ", begin, stated.start()) if begin and not since and not joints else -1
        shown = aside + 2 if aside >= 0 else begin
    limit = limits[0] if limits and state != "in force" else None
    return Claim(
        kind="tariff",
        country=country if importer == "USA" else source,
        importer=importer,
        goods=_goods(named_goods, here),
        value=one.value,
        state=state,
        first=limit.first if limit else None,
        last=limit.last if limit else None,
        span=_shown(text, start + shown, start + bound, start + one.end),
    )


def _shown(text: str, start: int, end: int, least: int) -> Span:
    """Return the words between two offsets without what joins them to others; those up to ``least`` at any rate."""
    skipped = _LEADING.match(text, start, least)
    start = skipped.end() if skipped else start
    joins = _TRAILING.search(text[least:end])
    end = least + joins.start() if joins else end
    marks = [mark.start() for mark in re.finditer(r"[\"“”«»]", text[start:end])]
    if len(marks) % 2 and start + marks[-1] >= least:
        end = start + marks[-1]
    return span(text, start, end)


def _goods(issues: list[str], words: str) -> str:
    """Return the goods of a duty that ``words`` name; parts are goods of their own unless cars stand beside them."""
    if not issues:
        return "all"
    if issues[0] == "cars" and _PARTS.search(words):
        whole = re.search(r"\b(?:cars?|vehicles?|autos?|automobiles?|trucks?)\b", _PARTS.sub("", words), re.I)
        return "cars" if whole else "car parts"
    return issues[0]


def _deadlines(text: str, start: int, end: int, named: list[When], published: date, other: str | None) -> list[Claim]:
    found = []
    parties = [party for party in parties_named(text[start:end]) if party != "USA"]
    country = other if other in parties or not parties else parties[0]
    # "Brussels has put its duties on American goods off until August 6."
    theirs = country is not None and origin(text[start:end]) == "USA"
    for when in named:
        before = text[start : start + when.start]
        around = text[start:end]
        if when.last <= published or when.weekday or not re.search(DUTY + r"|suspen\w+|pause|deadline", around, re.I):
            continue
        if _LIMIT.search(before[-30:]) or re.match(r"\s(?:deadline|expiry)", text[start + when.end : end]):
            found.append(
                Claim(
                    kind="deadline",
                    country="USA" if theirs else country,
                    importer=country if theirs else "USA",
                    first=when.first,
                    last=when.last,
                    span=span(text, start + when.start, start + when.end),
                )
            )
    return found


def _holdings(text: str, start: int, end: int, other: str | None) -> list[Claim]:
    sentence = text[start:end]
    if not _HELD.search(sentence) or not re.search(r"\b(?:hold\w*|own\w*|held)\b", sentence, re.I):
        return []
    found = []
    for one in figures(sentence):
        if not one.unit.startswith("USD bn"):
            continue
        before = sentence[max(0, one.start - 20) : one.start]
        precision: Precision = "exactly"
        for word, pattern in (("more than", _MORE), ("less than", _LESS), ("about", _ABOUT)):
            if pattern.search(before):
                precision = word  # type: ignore[assignment]
        parties = [party for party in parties_named(sentence) if party != "USA"]
        country = parties[0] if parties else other
        found.append(
            Claim(
                kind="holding",
                country=country,
                value=one.value,
                precision=precision,
                span=span(text, start + one.start, start + one.end),
            )
        )
    return found
