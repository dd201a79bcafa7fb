"""From one clause to the moves it tells of: who makes it, what kind of move, about which issue, and how surely."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import sqrt
from typing import cast

from tradetalks.record.entry import Act
from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.called import called, teller
from tradetalks.record.reader.encoder import encoder
from tradetalks.record.reader.features import Scene
from tradetalks.record.reader.judge import Judged, side
from tradetalks.record.reader.mover import washington

#: How sure a proposal must be (below), the least probability of a second issue of its move, of a second party to it; by
#: cross-validation.
LEAST, LEAST_ISSUE, LEAST_PARTY = 0.2, 0.4, 0.6
#: The least probability of a further issue of a move where the rules find both in the clause.
LEAST_LISTED = 0.12
#: Where what a move is about ends: its condition, or what is wanted for it.
_CUT = re.compile(
    r",?\s(?:if|unless|until|provided|as long as|in return for|in exchange for|before|after|because|so that|despite|"
    r"when|once|should (?=\w+ (?:fail|not|go)))\b",
    re.I,
)
#: After the name of a government: what is told next is another's demand.
_ASKED = re.compile(
    r"\s(?:was|were|is|are|has been|have been|had been) (?:\w+ly |again |also )?"
    r"(?:asked|urged|pressed|pushed|told) (?:to|for)\b"
)
#: "He suggested that Tokyo could buy more gas": a hint, nothing offered yet.
_HINTED = re.compile(
    r"\b(?:suggest|hint|float|indicat|moot)\w*\b[^.;]{0,80}\b(?:could|might|may|would consider)\b", re.I
)
_LEAD = re.compile(r"(?:and|but|while|whilst|whereas|although|though|yet|adding that)\s", re.I)
_UNREAL = re.compile(r"\b(?:rumou?rs?|fictional|hypothetical|imagine|novel|in theory)\b", re.I)


@dataclass(frozen=True, slots=True)
class Move:
    """One move told by the text between two offsets."""

    start: int
    end: int
    act: Act
    party: str
    who: Actor
    teller: Actor | None
    """Whose words tell of it, where that is said."""
    issue: str
    quote: bool
    confidence: float
    """Probability that a clause like this one tells this move, by the model."""


def moves(one: Judged) -> list[Move]:
    """Return the moves of a clause; none where no answer is probable enough."""
    told, parties, cue = one.told, one.parties, one.cue
    scene = told.scene
    if _UNREAL.search(scene.text, scene.start, scene.end):
        return []
    names = encoder().acts
    ranked = sorted(parties, key=lambda party: -one.acts[party][1:].max())
    first = ranked[0]
    mention = parties[first][1]
    act = cast(Act, names[1 + int(one.acts[first][1:].argmax())])
    likely = float(one.acts[first][1:].max())
    if _ASKED.match(scene.text, mention.end, scene.end) and first != "USA":
        # "Tokyo was asked to spend more": the demand is Washington's.
        ranked, parties, act = ["USA"], {"USA": (likely, washington(scene.start))}, "demand"
    elif act == "offer" and _HINTED.search(scene.text, scene.start, scene.end):
        act = "signal"
    issues = _issues(one, first, side(ranked[0]))
    # That a move is told counts more than what about, which whoever reviews it mends at a glance.
    issues = [(issue, chance) for issue, chance in issues if likely * sqrt(chance) >= LEAST]
    issues = [one for n, one in enumerate(issues) if n == 0 or likely * one[1] >= LEAST / 2]
    if not issues:
        return []
    if told.context.agreed and act in ("offer", "signal", "threat", "act"):
        act = "agree"
    joint = [
        other
        for other in ranked[1:2]
        if parties[other][0] >= LEAST_PARTY and _together(scene, mention, parties[other][1])
    ]
    low, high = _span(scene, cue.end if cue else scene.start)
    quote = any(start < scene.end and scene.start < end for start, end in told.quotes)
    place = cue.start if cue else scene.start
    tells = next(iter(teller(told, place)), None)
    return [
        Move(
            low,
            high,
            act,
            party,
            called(told, party, parties[party][1], place),
            tells,
            issue,
            quote,
            round(likely * chance, 3),
        )
        for party in (ranked[0], *joint)
        for issue, chance in issues
    ]


def _together(scene: Scene, one: Actor, other: Actor) -> bool:
    """Return whether two mentions are joined ("Seoul and Washington agreed")."""
    first, second = sorted((one, other), key=lambda actor: actor.start)
    return bool(re.fullmatch(r"\s(?:and|or)\s(?:the\s)?", scene.text[first.end : second.start]))


def _issues(one: Judged, party: str, mover: str) -> list[tuple[str, float]]:
    answers, chances = one.issues(party, mover)
    ranked = sorted(range(len(answers)), key=lambda n: -chances[n])
    listed = {topic.issue for topic in one.told.scene.topics}
    return [
        (answers[n], float(chances[n]))
        for n in ranked[:3]
        if n == ranked[0]
        or chances[n] >= LEAST_ISSUE
        or (chances[n] >= LEAST_LISTED and {answers[n], answers[ranked[0]]} <= listed)
    ]


def _span(scene: Scene, after: int) -> tuple[int, int]:
    """Return the bounds of what is told: the clause without its joining word and its condition."""
    start, end = scene.start, scene.end
    if lead := _LEAD.match(scene.text, start, end):
        start = lead.end()
    cut = _CUT.search(scene.text, max(after, start), end)
    return start, cut.start() if cut and len(scene.text[start : cut.start()].split()) > 3 else end
