"""Who a sentence is attributed to: "X said that ...", "..., X said", "according to X"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tradetalks.record.reader.actor import Actor

SAY = (
    r"(?:said|says|say|told|tells|added|adds|noted|notes|wrote|writes|stated|"
    r"states|explained|announced|announces|declared|"
    r"commented|remarked|argued|argues|stressed|stresses|emphasi[sz]ed|recalled|confirmed|suggested|insisted|insists|"
    r"warned|acknowledged|admitted|repeated|reiterated|posted|hinted|claimed|"
    r"claims|pointed out|conceded|replied|answered|"
    r"made clear|continued|called|asked|described|indicated|revealed|disclosed|"
    r"signalled|signaled|underlined|maintained|cautioned|"
    r"observed|vowed|pledged|promised|reported|testified|informed|assured|murmured|mused|muses|allows|went on|goes on|"
    r"retorted|countered|related|explains|observes|let it be (?:known|understood)|spoke of|told|answers|replies|warns|"
    r"remarks|suggests|proposes|recalls|confirms)"
)
_ADVERB = r"(?:(?:,[^,]{1,60},)|(?: (?:also|again|later|then|has|had|have|\w+ly)))*"
_PLACE = r"(?: (?:at|in|of|from|with|for|on|close to) (?:(?! and )[^,.;:\"”“]){1,50}?)?"
_VERB_AFTER = re.compile(rf"{_PLACE}{_ADVERB} (?P<verb>{SAY})\b")
_VERB_BEFORE = re.compile(
    r"(?:[,.?!][\"”’]?|[\"”]) (?P<verb>said|says|added|adds|wrote|noted|explained|explains|"
    r"warned|warns|according to|replied|went on|asked) $"
)
_ACCORDING = re.compile(r"\b(?:according to|in the words of|as) $|\baccording to (?:\w+ )?$", re.I)


@dataclass(frozen=True, slots=True)
class Voice:
    """Between two offsets a sentence says what ``actor`` said; the words that tell so are ``tag``."""

    start: int
    end: int
    actor: Actor
    verb: str
    tag: tuple[int, int]
    trailing: bool


def voices(text: str, start: int, end: int, mentions: list[Actor]) -> list[Voice]:
    """Return the attributions in the sentence between two offsets, of what stands before the tag or after it."""
    found: list[Voice] = []
    for actor in mentions:
        after = _VERB_AFTER.match(text, actor.end, end)
        before = text[start : actor.start]
        if _ACCORDING.search(before) and actor.kind != "pronoun":
            opening = len(before.split()) <= 3
            found.append(_voice(start, end, actor, "according to", (actor.start, actor.end), trailing=not opening))
        elif inverted := _VERB_BEFORE.search(before):
            found.append(
                _voice(start, end, actor, inverted["verb"], (start + inverted.start("verb"), actor.end), trailing=True)
            )
        elif after is not None and not re.search(r"\b(?:who|which|that) $", before):
            trailing = (
                bool(re.search(r"[,”\"?!]\s*(?:as |the |a |an )?$", before))
                and len(before.split()) > 2
                and not _opens(before)
            )
            found.append(_voice(start, end, actor, after["verb"], (actor.start, after.end()), trailing=trailing))
    return found


def _opens(before: str) -> bool:
    """Return whether ``before`` is only an opening ("On Monday,", "In a letter posted on Monday,"), no statement."""
    return (
        len(before.split()) <= 12
        and not re.search(r"[\"”]", before)
        and bool(
            re.match(
                r"(?:On|In|At|After|During|Before|Earlier|Later|For|Speaking|Asked|Following|"
                r"Writing|Meanwhile|Separately|By|As|With|When|But|And|Also)\b",
                before.strip(),
            )
        )
    )


def _voice(start: int, end: int, actor: Actor, verb: str, tag: tuple[int, int], *, trailing: bool) -> Voice:
    scope = (start, tag[0]) if trailing else (tag[1], end)
    return Voice(*scope, actor, verb, tag, trailing)
