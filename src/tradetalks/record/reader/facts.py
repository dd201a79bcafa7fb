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
from tradetalks.record.reader.governments import parties_named
from tradetalks.record.reader.sentences import sentences
from tradetalks.record.reader.span import Span, span

State = Literal["in force", "suspended", "to come"]
Precision = Literal["exactly", "more than", "less than", "about"]

_DUTY = r"(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|surcharges?|(?:country|tariff|baseline|reciprocal) rates?)"
_AFTER = re.compile(rf"^[\s-]?(?:(?!and\b|or\b)[\w’'.-]+\s){{0,4}}?{_DUTY}\b", re.I)
_BEFORE = re.compile(
    rf"\b{_DUTY}\b[^.;,%]{{0,50}}?\b(?:of|at|to|by|from|is|are|be|was|were|total|"
    rf"reach\w*|and|as high as)\s(?:about |around |a )?$",
    re.I,
)
_SUSPENDED = re.compile(r"\b(?:suspend\w*|suspension|pause[ds]?|pausing|put off|postponed?|on hold|frozen?)\b", re.I)
_IN_FORCE = re.compile(r"\b(?:remains?|stays?|still|in effect|in force|already|has imposed|have imposed|now)\b", re.I)
_TO_COME = re.compile(r"\b(?:will|would|threat\w*|from|plans?|could|snap back|return|due to)\b", re.I)
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
#: Where one duty's clause ends and another's may begin.
_ELSEWHERE = re.compile(
    r"\b(?:before|after|while|once|when|until|unless|if|and|but)\s(?:the|a|an|its|this|that)\b", re.I
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
    first: date | None = None
    last: date | None = None
    """Of a deadline, the days it can be; of a tariff, those until which it is suspended or from which it holds."""
    span: Span


def claims(text: str, published: date, other: str | None = None) -> tuple[Claim, ...]:
    """Return the facts that ``text`` states, in order.

    Args:
        text: of the document.
        published: the day of publication.
        other: the government meant where a sentence names none but the United States; by default the one named most.
    """
    most = next((party for party, _ in parties_named(text).most_common() if party != "USA"), None)
    found: list[Claim] = []
    for start, end in sentences(text):
        numbers = [one for one in figures(text[start:end]) if one.unit == "percent"]
        named = dates(text[start:end], published)
        for one in numbers:
            if claim := _tariff(text, start, end, one, numbers, named, other or most):
                found.append(claim)
        found += _deadlines(text, start, end, named, published, other or most)
        found += _holdings(text, start, end, other or most)
    return tuple(dict.fromkeys(found))


def _tariff(
    text: str, start: int, end: int, one: Figure, numbers: list[Figure], named: list[When], other: str | None
) -> Claim | None:
    sentence = text[start:end]
    if not _AFTER.match(sentence[one.end :]) and not _BEFORE.search(sentence[: one.start]):
        return None
    following = [other_one.start for other_one in numbers if other_one.start > one.start]
    stop = min([*following, end - start])
    comma = re.search(r",(?! (?:steel|alumin|copper|auto))|;", sentence[one.end : stop])
    bound = one.end + comma.start() if comma else stop
    begin = max((other_one.end for other_one in numbers if other_one.end <= one.start), default=max(0, one.start - 60))
    joints = [match.start() for match in _ELSEWHERE.finditer(sentence, begin, one.start)]
    begin = joints[-1] if joints else begin
    here = sentence[begin:bound]
    named_goods = [topic.issue for topic in topics(sentence, begin, bound) if topic.duty and topic.issue in SECTORS]
    parties = [party for party in parties_named(here) if party != "USA"]
    parties = parties or [party for party in parties_named(sentence) if party != "USA"]
    own = re.search(r"\b(?:on|of) (?:American|U\.?S\.?|United States)\b", here)
    after = sentence[one.end : bound]
    state: State = "in force"
    parted = _ELSEWHERE.search(after)
    own_words = sentence[begin if joints else 0 : one.end + parted.start() if parted else len(sentence)]
    if _SUSPENDED.search(own_words) and not _IN_FORCE.search(after):
        state = "suspended"
    elif _TO_COME.search(here) and not _IN_FORCE.search(after):
        state = "to come"
    limits = [when for when in named if when.last > date.min and when.start > one.start] if state != "in force" else []
    country = parties[0] if parties else other
    return Claim(
        kind="tariff",
        country="USA" if own else country,
        importer=country if own else "USA",
        goods=_goods(named_goods, here),
        value=one.value,
        state=state,
        first=limits[0].first if limits else None,
        last=limits[0].last if limits else None,
        span=span(text, start + begin if _BEFORE.search(sentence[: one.start]) else start + one.start, start + bound),
    )


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
    for when in named:
        before = text[start : start + when.start]
        around = text[start:end]
        if when.last <= published or when.weekday or not re.search(_DUTY + r"|suspen\w+|pause|deadline", around, re.I):
            continue
        if _LIMIT.search(before[-30:]) or re.match(r"\s(?:deadline|expiry)", text[start + when.end : end]):
            found.append(
                Claim(
                    kind="deadline",
                    country=other,
                    importer="USA",
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
