"""From one clause to the moves it tells of: who makes it, what kind of move, about which issue, and how surely."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from tradetalks.record.entry import Act
from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.features import Scene, act_features, issue_features, mover_features, words
from tradetalks.record.reader.model import regression
from tradetalks.record.reader.mover import candidates, subject, voice_at, washington
from tradetalks.record.reader.scenes import Told

#: The least probabilities of a proposal, of a second issue of its move, of a second party to it; by cross-validation.
LEAST, LEAST_ISSUE, LEAST_PARTY = 0.2, 0.4, 0.6
#: The least probability that a clause tells of its speaker's own move where it names nobody else.
SPOKEN = 0.7
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
    issue: str
    quote: bool
    confidence: float
    """Probability that a clause like this one tells this move, by the model."""


def moves(told: Told) -> list[Move]:
    """Return the moves of a clause; none where no answer is probable enough."""
    scene = told.scene
    cue = next((one for one in scene.cues if not one.weak), None) or next(iter(scene.cues), None)
    if _UNREAL.search(scene.text, scene.start, scene.end):
        return []
    pick = subject(scene, cue, told.context)
    parties = _parties(scene, told, pick)
    told_by = {party: _act(scene, _side(party), mention) for party, (_, mention) in parties.items()}
    ranked = sorted(parties, key=lambda party: -parties[party][0] * told_by[party][1])
    sure, mention = parties[ranked[0]]
    act, likely = told_by[ranked[0]]
    side = _side(ranked[0])
    if _ASKED.match(scene.text, mention.end, scene.end) and ranked[0] != "USA":
        # "Tokyo was asked to spend more": the demand is Washington's.
        ranked, parties, act, side = ["USA"], {"USA": (sure, washington(scene.start))}, "demand", "US"
    issues = _issues(scene, side)
    if sure * likely * max(chance for _, chance in issues) < LEAST:
        return []
    # Of further issues none that makes a proposal less than half as sure as the least.
    issues = [(issue, chance) for issue, chance in issues if sure * likely * chance >= LEAST / 2]
    if told.context.agreed and act in ("offer", "signal", "threat", "act"):
        act = "agree"
    joint = [
        one for one in ranked[1:2] if parties[one][0] >= LEAST_PARTY and _together(scene, mention, parties[one][1])
    ]
    low, high = _span(scene, cue.end if cue else scene.start)
    quote = any(start < scene.end and scene.start < end for start, end in told.quotes)
    voice = voice_at(cue.start if cue else scene.start, scene.voices)
    speaker = voice.actor if voice and voice.actor.kind in ("person", "government", "unnamed") else None
    last = told.context.speaker
    if voice is None and last is not None and last.party == ranked[0] and not joint and mention.kind == "government":
        speaker = last  # what somebody said goes on: "He said ... Pretoria is seeking a quota."
    return [
        Move(low, high, act, party, speaker or parties[party][1], issue, quote, round(sure * likely * chance, 3))
        for party in (ranked[0], *joint)
        for issue, chance in issues
    ]


def _side(party: str) -> str:
    return "US" if party == "USA" else "X"


def _parties(scene: Scene, told: Told, pick: Actor | None) -> dict[str, tuple[float, Actor]]:
    """Return for each government the probability that the move is its own, and the mention that says so."""
    found: dict[str, tuple[float, Actor]] = {}
    fit = regression("mover")
    for one, how in candidates(scene, told.context):
        chance = float(fit.probabilities(mover_features(scene, one, how, pick))[1])
        party = cast(str, one.party)
        if party not in found or chance > found[party][0]:
            # The words that name it are kept where only what is implied makes it surer.
            mention = found[party][1] if how == "implied" and party in found else one
            found[party] = (chance, mention)
    named = {one.party for one, how in candidates(scene, told.context) if how in ("named", "spoken")}
    if len(named) == 1 and len(scene.voices) == 1 and scene.voices[0].trailing and scene.voices[0].actor.party in named:
        # "..., X said", and nobody else is named: the words are X's own.
        party = cast(str, scene.voices[0].actor.party)
        found[party] = (max(found[party][0], SPOKEN), found[party][1])
    return found


def _together(scene: Scene, one: Actor, other: Actor) -> bool:
    """Return whether two mentions are joined ("Seoul and Washington agreed")."""
    first, second = sorted((one, other), key=lambda actor: actor.start)
    return bool(re.fullmatch(r"\s(?:and|or)\s(?:the\s)?", scene.text[first.end : second.start]))


def _act(scene: Scene, side: str, mention: Actor) -> tuple[Act, float]:
    model = regression("act")
    chances = model.probabilities(act_features(scene, side, mention), [one.word for one in words(scene)])
    best = max((n for n, answer in enumerate(model.answers) if answer != "none"), key=lambda n: chances[n])
    return cast(Act, model.answers[best]), float(chances[best])


def _issues(scene: Scene, side: str) -> list[tuple[str, float]]:
    model = regression("issue")
    plain = [one.word for one in scene.tokens if one.word.isalpha() and not one.stem.isupper()]
    chances = model.probabilities(issue_features(scene, side), plain)
    ranked = sorted(range(len(model.answers)), key=lambda n: -chances[n])
    listed = {topic.issue for topic in scene.topics}
    return [
        (model.answers[n], float(chances[n]))
        for n in ranked[:3]
        if n == ranked[0]
        or chances[n] >= LEAST_ISSUE
        or (chances[n] >= LEAST_LISTED and {model.answers[n], model.answers[ranked[0]]} <= listed)
    ]


def _span(scene: Scene, after: int) -> tuple[int, int]:
    """Return the bounds of what is told: the clause without its joining word and its condition."""
    start, end = scene.start, scene.end
    if lead := _LEAD.match(scene.text, start, end):
        start = lead.end()
    cut = _CUT.search(scene.text, max(after, start), end)
    return start, cut.start() if cut and len(scene.text[start : cut.start()].split()) > 3 else end
