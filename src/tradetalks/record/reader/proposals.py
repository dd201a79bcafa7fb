"""From a text to what could enter the record: each move once, with the place it comes from. Nothing is entered here."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from tradetalks.ground.fields import Strict
from tradetalks.record.entry import Act
from tradetalks.record.entry import Attribution as RecordAttribution
from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.amounts import Figure, figures
from tradetalks.record.reader.dates import dates
from tradetalks.record.reader.days import When
from tradetalks.record.reader.governments import parties_named
from tradetalks.record.reader.judge import judged
from tradetalks.record.reader.moves import Move, moves
from tradetalks.record.reader.scenes import flat, scenes
from tradetalks.record.reader.sentences import sentences
from tradetalks.record.reader.span import Span, span
from tradetalks.record.reader.who import actors

Attribution = Literal["quote", "reported", "unnamed"]

#: A text that names no government and none of these is not about trade talks.
_TRADE = re.compile(
    r"\b(?:tariffs?|dut(?:y|ies)|trade|lev(?:y|ies)|negotiat\w+|imports?|exports?|talks|deal|currenc(?:y|ies)|quotas?|"
    r"exchange rates?|offers?|purchas\w+|market|commerce|goods|Treasur(?:y|ies)|agreement|access|sanctions?|"
    r"digital (?:services )?tax(?:es)?|rare earths?|countermeasures?|retaliat\w+|customs|WTO|"
    r"(?:buy|buys|buying|bought|sells?|selling|sold)\b[^.;]{0,60}\b(?:gas|oil|crude|LNG|coal|soy\w*|beef|rice|corn|wheat|"
    r"aircraft|jets|planes|cars|arms|ships?|steel|bonds))\b",
    re.I,
)
_READOUT = re.compile(r"\bread-?out\b", re.I)


class Quantity(Strict):
    """A figure that the text names: a percentage, a sum of money in billions, or a count of goods."""

    value: float
    unit: str
    """``percent``, ``percentage points``, such as ``USD bn`` or ``USD bn a year``, or what is counted."""
    span: Span


class Day(Strict):
    """A date that the text names: one day, or the first and last day of a vaguer one (early July)."""

    first: date
    last: date
    span: Span


class Proposal(Strict):
    """A statement or move that a person may accept into the record."""

    number: int
    """Place in the list, from 1."""
    date: date
    """The day it happened, as far as the text says; else the day of publication."""
    who: str
    """The speaker, or the actor where nobody is named as speaking."""
    role: str | None
    party: str
    """The government whose move it is."""
    act: Act
    issue: str
    attribution: Attribution
    """In the speaker's own words, reported, or told by people without a name."""
    recorded_as: RecordAttribution
    """The same in the words of the record."""
    quantities: tuple[Quantity, ...]
    """The figures in the span, and in the other places that say the same."""
    span: Span
    """The words it rests on."""
    more: tuple[Span, ...] = ()
    """Other places that say the same."""
    confidence: float | None = None
    """Probability by the model that the words tell this move; none where a language model proposed it."""


class Reading(Strict):
    """What a text says, in order."""

    published: date
    proposals: tuple[Proposal, ...]
    quantities: tuple[Quantity, ...]
    days: tuple[Day, ...]


def read(text: str, published: date) -> Reading:
    """Return what ``text``, published on that day, says about trade talks, and every figure and date in it."""
    smooth = flat(text)
    named, numbers = dates(smooth, published), figures(smooth)
    mentions, bounds = actors(smooth), sentences(text)
    told = _merged(_told(text, mentions)) if _about_trade(smooth, mentions) else []
    proposals = tuple(
        _proposal(number, text, group, bounds, named, numbers, published) for number, group in enumerate(told, start=1)
    )
    return Reading(
        published=published,
        proposals=proposals,
        quantities=tuple(_quantity(text, one) for one in numbers),
        days=tuple(Day(first=one.first, last=one.last, span=span(text, one.start, one.end)) for one in named),
    )


def _about_trade(text: str, mentions: list[Actor]) -> bool:
    """Return whether ``text`` can be about trade talks: a government and a word of trade in it, or two governments."""
    parties = {*parties_named(text), *(one.party for one in mentions if one.party)}
    return len(parties) > 1 or (bool(parties) and bool(_TRADE.search(text)))


def _told(text: str, mentions: list[Actor]) -> list[Move]:
    return [move for one in judged(list(scenes(text, mentions))) for move in moves(one)]


def _merged(found: list[Move]) -> list[list[Move]]:
    """Return the moves grouped: what one party says twice of one issue is one entry."""
    groups: dict[tuple[str, str, str], list[Move]] = {}
    for move in found:
        groups.setdefault((move.party, move.act, move.issue), []).append(move)
    return list(groups.values())


def _proposal(
    number: int,
    text: str,
    group: list[Move],
    bounds: list[tuple[int, int]],
    named: list[When],
    numbers: list[Figure],
    published: date,
) -> Proposal:
    first = next((one for one in group if one.who.kind == "person" and one.who.who[0].isupper()), group[0])
    attribution: Attribution = "reported"
    if "unnamed" in (first.who.kind, first.teller and first.teller.kind):
        attribution = "unnamed"
    elif any(one.quote for one in group):
        attribution = "quote"
    spans = list(dict.fromkeys((one.start, one.end) for one in group))
    main = spans.pop(spans.index((first.start, first.end)))
    return Proposal(
        number=number,
        date=_happened(first, bounds, named, published),
        who=first.who.who,
        role=first.who.role,
        party=first.party,
        act=first.act,
        issue=first.issue,
        attribution=attribution,
        recorded_as=_recorded(text, first, attribution),
        quantities=tuple(
            _quantity(text, one) for one in numbers if any(low <= one.start < high for low, high in (main, *spans))
        ),
        span=span(text, *main),
        more=tuple(span(text, *one) for one in spans),
        confidence=max(one.confidence for one in group),
    )


def _recorded(text: str, move: Move, attribution: Attribution) -> RecordAttribution:
    if attribution == "unnamed":
        return "sources"
    if any(one is not None and one.party not in (None, move.party) for one in (move.who, move.teller)):
        return "reported by the other side"
    if _READOUT.search(text[:400]):
        return "readout"
    return "on record" if move.who.kind == "person" else "second hand"


def _happened(move: Move, bounds: list[tuple[int, int]], named: list[When], published: date) -> date:
    """Return the last exact day up to publication that the move's sentence names; else that of publication."""
    start, end = next((pair for pair in bounds if pair[0] <= move.start < pair[1]), (move.start, move.end))
    days = [one.first for one in named if one.exact and start <= one.start < end and one.first <= published]
    return max(days, default=published)


def _quantity(text: str, one: Figure) -> Quantity:
    return Quantity(value=one.value, unit=one.unit, span=span(text, one.start, one.end))
