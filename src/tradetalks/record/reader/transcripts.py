"""Who has the floor in a transcript: the labels before the turns, and which of them only ask."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.days import DAYS
from tradetalks.record.reader.governments import party_in
from tradetalks.record.reader.persons import office_party
from tradetalks.record.reader.words import people

_LABEL = re.compile(
    r"(?P<who>(?:(?:MR|MS|MRS|DR|Mr|Ms|Mrs|Dr)\.? )?[A-ZÀ-ŽÞ][\w.’'-]*(?: [\w.’'-]+){0,9})(?: ?\([^()]{1,40}\))?\s?:\s"
)
#: As the White House prints a question.
_BARE = re.compile(r"(?P<who>Q)[ \t]{2,}(?=\S)")
#: Labels of those who ask.
_ASKS = re.compile(
    r"(?:[A-ZÀ-Ž][\w-]* )?(?:Q\d*|question|reporter|journalist|moderator|interviewer|host|anchor|presenter|press|media|"
    r"correspondent|chair(?:man|woman|person)?|operator|periodista|mp|member|lawmaker|congressman|congresswoman)\b",
    re.I,
)
_ANSWERS = re.compile(r"(?:A|answer|reply|response)$", re.I)
#: No label is longer in words, unless it ends with somebody whom the text names.
_LONGEST = 5
#: Signs between the last one whom a label names and its end.
_GAP = 25


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a turn's speech begins, whose it is (``None``: nobody's that we know), and whether it is one who asks."""

    start: int
    speaker: Actor | None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class _Label:
    place: int
    start: int
    who: str
    named: Actor | None


def turns(
    text: str, bounds: Sequence[tuple[int, int]], mentions: Sequence[Actor], home: Actor | None
) -> dict[int, Turn]:
    """Return the turns of a transcript by where their first sentence begins.

    Args:
        text: without folds.
        bounds: (start, end) of its sentences.
        mentions: of actors in it, in order.
        home: the government that somebody without a country stands for.

    Outside a transcript only labels that end with somebody whom the text names count ("Bessent: ...").
    """
    found = [one for start, end in bounds if (one := _label(text, start, end, mentions)) is not None]
    often = Counter(one.who for one in found)
    ends = [*(one.place for one in found), len(text)][1:]
    told = [(one.who, text[one.start : end].rstrip()) for one, end in zip(found, ends, strict=True)]
    puts = Counter(who for who, speech in told if speech.endswith("?"))
    asking = {who for who, times in puts.items() if 2 * times > often[who]}
    # Repeated headings ("Rate: ...") make no transcript.
    known = any(
        _ASKS.fullmatch(who) or (times > 1 and len(often) > 1 and (who.isupper() or who in asking))
        for who, times in often.items()
    )
    turn: dict[int, Turn] = {}
    bearers: dict[str, Actor | None] = {}
    for n, one in enumerate(found):
        if one.named is not None:
            turn[one.place] = Turn(one.start, one.named)
        elif known:
            if one.who not in bearers:
                # Whoever has neither office nor name that we know and mostly puts questions is a broadcaster.
                asks = _ASKS.fullmatch(one.who) or (one.who in asking and office_party(one.who.title()) is None)
                question = text[found[n - 1].start : one.place] if n else ""
                bearers[one.who] = None if asks else _bearer(one.who, question, mentions, home)
            speaker = bearers[one.who]
            turn[one.place] = Turn(
                one.start, speaker and replace(speaker, start=one.place, end=one.place), asks=speaker is None
            )
    if all(one.asks for one in turn.values()):
        # Questions and answers in print: what follows a question has no label. A heading ("Media: ...") asks nothing.
        for (start, end), (after, _) in pairwise([*bounds, (len(text), len(text))]):
            if start in turn and not text[start:end].rstrip().endswith("?"):
                turn[start] = Turn(turn[start].start, None)
            elif start in turn and after not in turn:
                turn[after] = Turn(after, None)
    return turn


def _start(one: Actor) -> int:
    return one.start


def _label(text: str, start: int, end: int, mentions: Sequence[Actor]) -> _Label | None:
    match = _LABEL.match(text, start, end) or _BARE.match(text, start, end)
    if match is None or match["who"].split()[-1].casefold() in DAYS:
        return None
    who, after = match["who"], match.end()
    near = mentions[bisect_left(mentions, start, key=_start) : bisect_left(mentions, after, key=_start)]
    inside = [one for one in near if one.kind in ("person", "government")]
    named = inside[-1] if inside and after - inside[-1].end <= _GAP else None
    if _ASKS.fullmatch(who):
        named = None
    return _Label(start, after, who, named) if named is not None or len(who.split()) <= _LONGEST else None


def _bearer(label: str, question: str, mentions: Sequence[Actor], home: Actor | None) -> Actor:
    """Return who speaks under a label whose bearer the text names nowhere else as we know."""
    people_named = [one for one in mentions if one.kind == "person"]
    spelt = label.title() if label.isupper() else label
    if _ANSWERS.match(label):
        known = next((one for one in people_named if one.party is not None), None)
        if known is not None:
            return known
        addressed = re.match(r"\s*(?:Mr\.? |Madam )?(\w+(?: \w+)?),", question)
        spelt = addressed[1] if addressed else "the speaker"
    last = spelt.split()[-1].casefold()
    same = next((one for one in people_named if one.who.casefold() == last), None)
    if same is not None:
        return same
    alone = next((entry for name, entry in people()[1].items() if name.casefold() == last), None)
    if alone is not None:
        return Actor(0, 0, "person", alone[1], alone[0])
    party = party_in(spelt) or ("USA" if label == "THE PRESIDENT" else office_party(spelt))
    return Actor(0, 0, "person", spelt, party or (home.party if home else None), spelt)
