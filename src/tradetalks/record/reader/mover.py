"""Who can be the one that makes the move of a clause: whom it mentions, whom the text before left, or Washington."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.acts import Cue
from tradetalks.record.reader.features import Scene
from tradetalks.record.reader.speakers import Voice

_NOT_SUBJECT = re.compile(
    r"\b(?:with|of|by|to|from|in|on|at|against|for|into|between|about|toward|"
    r"towards|through|under|over|like|than|including|"
    r"meeting|met|told|meet|joining|visit\w*|urg\w+|press\w*|ask\w*|call\w* on|"
    r"demand\w*|let|lets|make|makes|made|help\w*|allow\w*)(?: the| both)? $",
    re.I,
)
_PASSIVE = re.compile(r"^[^.;]{0,60}?\bby (?:the |US |U\.S\. )?$", re.I)
#: What stands before a mere place ("said in Washington").
_PLACE = re.compile(r"\b(?:in|near|outside) (?:the )?$", re.I)
#: Verbs of speech: after "and" without a subject they go back to the speaker.
_SPEECH = re.compile(
    r"^(?:hint|suggest|insist|warn|signal|indicat|ask|urg|call|complain|acknowledg|threat|rul|dismiss|reject|refus)",
    re.I,
)
_BOTH = ("both", "two", "the sides", "the pair")


@dataclass(frozen=True, slots=True)
class Context:
    """What the sentences before this one leave behind."""

    speaker: Actor | None = None
    subject: Actor | None = None
    person: Actor | None = None
    government: Actor | None = None
    home: Actor | None = None
    """The government but Washington from whose city the text comes, or that it names most."""
    others: tuple[Actor, ...] = ()
    """Further governments but Washington that the text names, the most named first."""
    agreed: bool = False
    """Whether the text is that of a deal."""


def washington(place: int) -> Actor:
    """Return the United States as a mover that no word names ("the president", "an executive order")."""
    return Actor(place, place, "government", "United States", "USA")


def is_subject(text: str, one: Actor) -> bool:
    """Return whether ``one`` can be the subject of a verb: no preposition governs it, and it owns nothing."""
    after = text[one.end : one.end + 2]
    return not _NOT_SUBJECT.search(text[max(0, one.start - 20) : one.start]) and after not in ("'s", "’s")


def known(one: Actor, context: Context, actors: list[Actor]) -> Actor:
    """Return ``one`` with a pronoun replaced by whom the text before means."""
    if one.kind != "pronoun" or any(word in one.who for word in _BOTH):
        return one
    if one.who in ("he", "she", "his country", "her country"):
        earlier = [other for other in actors if one.start - 400 < other.start and other.end <= one.start]
        people = [other for other in earlier if other.kind == "person"]
        person = people[-1] if people and context.person is None else context.person
        later = [other for other in people if person is not None and other.start > person.start]
        person = later[-1] if later and later[-1].start > one.start - 120 else person
        return replace(person, start=one.start, end=one.end) if person else one
    return one


def resolved(one: Actor, voice: Voice | None, context: Context) -> Actor | None:
    """Return whom a subject means: a pronoun goes back to the speaker or to the sentence before."""
    if one.kind == "outsider" and voice is not None and voice.actor.kind != "outsider":
        return voice.actor
    if one.kind != "pronoun":
        return one
    if any(word in one.who for word in _BOTH):
        return None
    if voice is not None and voice.actor is not one and voice.actor.kind != "pronoun":
        return voice.actor
    if one.who in ("we", "i"):
        return context.speaker
    if one.who == "they" and context.speaker is not None and context.subject is context.speaker:
        return context.government  # in a speech "they" are the others
    if one.who in ("they", "it") or one.who.startswith("the "):
        named = context.subject
        return named if named is not None and named.kind in ("government", "unnamed", "person") else None
    return context.person


def voice_at(place: int, said: tuple[Voice, ...]) -> Voice | None:
    """Return whose words stand at ``place``; "X asked for relief, Y said" is Y's."""
    ranked = sorted(said, key=lambda voice: not voice.trailing)
    return next(
        (voice for voice in ranked if voice.start <= place < voice.end or voice.tag[0] <= place < voice.tag[1]), None
    )


def subject(scene: Scene, cue: Cue | None, context: Context) -> Actor | None:
    """Return who by the rules of grammar makes the move that ``cue`` tells of."""
    text, start = scene.text, scene.start
    if cue is None:
        first = next((one for one in scene.mentions if is_subject(text, one)), None)
        voice = voice_at(start, scene.voices)
        return voice.actor if voice else resolved(first, None, context) if first else None
    voice = voice_at(cue.start, scene.voices)
    if voice is not None and not voice.trailing and voice.start <= cue.start:
        start = voice.tag[0]
    owner = [one for one in scene.mentions if text[one.end : cue.start] in ("'s ", "’s ")]
    if owner:
        return resolved(owner[-1], voice, context)
    if re.search(r" (?:by|from)$", cue.text):
        return next((one for one in scene.mentions if cue.end <= one.start <= cue.end + 6), None)
    before = [one for one in scene.mentions if start <= one.start and one.end <= cue.start and is_subject(text, one)]
    if voice is not None and voice.trailing:
        before = [one for one in before if one.start < voice.end]
    if voice is not None and not voice.trailing and voice.start <= cue.start and _SPEECH.match(cue.text) and before:
        gap = text[before[-1].end : cue.start]
        if re.search(r"\band (?:\w+ly )?$", gap) and len(gap) > 8:
            return voice.actor
    if before:
        return resolved(before[-1], voice, context)
    agent = next(
        (one for one in scene.mentions if one.start >= cue.end and _PASSIVE.match(text[cue.end - 3 : one.start])), None
    )
    return agent or (voice.actor if voice else None)


def candidates(scene: Scene, context: Context) -> list[tuple[Actor, str]]:
    """Return who can make the move of a clause, each with how it is known (named, spoken, before and so on)."""
    named = [one for one in scene.mentions if one.party is not None and one.kind != "outsider"]
    acting = [one for one in named if one.kind != "government" or not _PLACE.search(scene.text[: one.start][-8:])]
    found = [(one, "named") for one in acting or named]
    found += [
        (voice.actor, "spoken") for voice in scene.voices if voice.actor.party and voice.actor not in scene.mentions
    ]
    for one in (context.speaker, context.subject, context.person):
        if one is not None and one.party is not None:
            found.append((replace(one, start=scene.start, end=scene.start), "before"))
            break
    for how, further in (("home", (context.home,)), ("text", context.others)):
        for one in further:
            if one is not None and all(one.party != other.party for other, _ in found):
                found.append((replace(one, start=scene.start, end=scene.start), how))
    return [*found, (washington(scene.start), "implied")]


def after(context: Context, mentions: list[Actor], said: list[Voice], text: str, start: int) -> Context:
    """Return the context that a sentence leaves."""
    subjects = [one for one in mentions if one.kind != "pronoun" and is_subject(text, one)]
    people = [one for one in subjects if one.kind == "person"]
    speaker = next((voice.actor for voice in reversed(said) if voice.actor.kind != "pronoun"), None)
    keeps = any(one.kind == "pronoun" for one in mentions)
    last = context.speaker
    goes_on = last is not None and all(one.party == last.party and one.kind != "person" for one in subjects)
    return replace(
        context,
        speaker=(speaker if speaker.kind != "outsider" else None) if speaker else (last if goes_on else None),
        subject=subjects[0] if subjects else (context.subject if keeps else None),
        person=speaker if speaker and speaker.kind == "person" else people[0] if people else context.person,
        government=next((one for one in reversed(subjects) if one.kind == "government"), context.government),
    )
