"""From one sentence to the moves it tells of: who, what kind of move, about which issue, said by whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tradetalks.record.entry import Act
from tradetalks.record.reader.about import Topic, foreign, own_duty, topics
from tradetalks.record.reader.acts import Cue, cues
from tradetalks.record.reader.speakers import Voice, voices
from tradetalks.record.reader.who import Actor

#: Where what a move is about ends: its condition, its reason, its aim, what else is told.
_CUT = re.compile(
    r"\b(?:if|unless|until|because|after|before|despite|whereas|although|though|"
    r"even as|as long as|provided|in return for|"
    r"in exchange for|in response to|in return|rather than|instead of|over (?=its|their|his)|"
    r"to (?:win|avoid|escape|avert|secure|gain|get|persuade|head off|help)|hoping|"
    r"in the hope|so that|when|where|in an effort|in order|following|"
    r"amid|ahead of|while|since|as (?=\w+ (?:seeks?|tries|tried|sought|races|"
    r"pushes)))\b|\band (?:said|says|added|noted|told)\b|;| — | – |, (?:which|"
    r"who|saying|adding|but)\b|\bbut\b",
    re.I,
)
#: A condition, with its own verb, is no move.
_CONDITION = re.compile(r"\b(?:if|unless|provided(?: that)?|as long as|should (?=\w+ (?:fail|not)))\b[^,;]*", re.I)
#: What somebody was asked is not what they said.
_QUESTION = re.compile(
    r"\b(?:when |if |being )?(?:asked|pressed|questioned) (?:about|whether|if|why|how|on)\b[^,;.\"“]*", re.I
)
#: "a duty that took effect", "as Washington demands": what is told of goods or in passing is no move here.
_RELATIVE = re.compile(r"(?:\w{4,} (?:that|which)|(?<!, )\bas(?: [A-Z][\w.]+){1,2})(?: \w+ly)? $")
_AUXILIARY = re.compile(
    r"(?:has|have|had|is|are|was|were|be|been|will|would|signed|took|takes|came|comes|entered|raises|brings)\b", re.I
)
_AUXILIARY_BEFORE = re.compile(
    r"(?:\b(?:has|have|had|was|were|be|been|also|and|then|who|it|he|she|they|we|I)|,) $", re.I
)
_LATER = re.compile(r"delay|postpone|extend|prolong|hold off|push(?:ed)? back|put off", re.I)
_LOWER = re.compile(
    r"\b(?:lower\w*|cut\w*|reduc\w+|eliminat\w+|scrap\w*|remov\w+|abolish\w*|drop\w*|zero|lift\w*|slash\w*|halv\w+)\b",
    re.I,
)
#: Verbs of speech: after "and" without a subject they go back to the speaker, not to whom the speech is about.
_SPEECH = re.compile(
    r"^(?:hint|suggest|insist|warn|signal|indicat|ask|urg|call|complain|acknowledg|threat|rul|dismiss|reject|refus)",
    re.I,
)
_MUST = re.compile(r"^(?:must|has to|have to|needs? to|ought|should)", re.I)
_EFFECT = re.compile(
    r"\b(?:hit|hurt|harm|cost|damage|blow|burden|prices|jobs|growth|profits?|suffer\w*|pain\w*|inflation)\b", re.I
)
_PASSED = re.compile(r"\b(?:is|was|were|been|being) (?:\w+ly |also )?$", re.I)
_UNDER = re.compile(r"Under (?:the|a|an|their|this) (?:[\w-]+ ){0,3}?(?:agreement|deal|accord|framework|pact)\b")
#: "Economists expect Washington to demand": what is to come in another's eyes.
_EXPECTED = re.compile(r"\bexpect\w* (?:[\w.]+ ){0,4}to $", re.I)
_BACK = re.compile(
    r"\b(?:such|this|these|those)\s(?:[\w-]+\s){0,2}[\w-]+$|\bthe\s(?:bans?|rules?|restrictions?|limits?)$", re.I
)
_JOINED = re.compile(r",|;|\b(?:and|but|while|whereas|as|or|yet)\b", re.I)
#: What is left over at the end of a clause where the next one begins.
_LOOSE = re.compile(r"(?:[,;]|\b(?:and|but|as|or|while|has|have|had|also|then|that|not)\b|\s)+$", re.I)
_NOT_SUBJECT = re.compile(
    r"\b(?:with|of|by|to|from|in|on|at|against|for|into|between|about|toward|"
    r"towards|through|under|over|like|than|including|"
    r"meeting|met|told|meet|joining|visit\w*|urg\w+|press\w*|ask\w*|call\w* on|"
    r"demand\w*|let|lets|make|makes|made|help\w*|allow\w*)(?: the| both)? $",
    re.I,
)
_PASSIVE = re.compile(r"^[^.;]{0,60}?\bby (?:the |US |U\.S\. )?$", re.I)
#: Verbs of wanting whose act depends on who wants what.
_WANTS = re.compile(
    r"^(?:\w+ly )?(?:sought|seek|call|urg|appeal|want|wish|expect|press|push|"
    r"must|ha[sv]e? to|need|ought|should|insist|(?:is|are|was|were) insist|rais|"
    r"bring|brought)",
    re.I,
)
_ASKS = re.compile(r"^(?:\w+ly )?(?:ask|request|plead|lobb)", re.I)
_RELIEF = re.compile(
    r"\b(?:remov\w+|lift\w*|lower\w*|exempt\w*|relief|cut\w*|reduc\w+|suspen\w+|"
    r"scrap\w*|eliminat\w+|end|drop\w*|abolish\w*|roll\w* back|"
    r"withdraw\w*|bring\w*|postpone\w*|delay\w*|eas\w+|waiv\w+|spar\w+|repeal\w*|"
    r"reconsider\w*|review|zero|free|carve-?out|extension|exclu\w+)\b",
    re.I,
)
_NEW_DUTY = re.compile(
    r"\b(?:impos\w+|new|additional|extra|higher|rais\w+|hit|slap|double|retaliat\w+|"
    r"100%)\b[^.;]{0,60}?\b(?:tariffs?|dut|lev)",
    re.I,
)
_REFERS = re.compile(
    r"\b(?:such|those|these|this|the) (?:dut\w+|tariffs?|lev\w+|measures?|order|"
    r"move|step|plan|proposal|idea|demand|offer|request|total|rate)\b",
    re.I,
)
_STRONG = re.compile(
    r"^(?:said|says|noted|notes|wrote|announced|stated|told|added|declared|suggested|"
    r"confirmed|acknowledged|hinted|posted|stressed|explained|indicated|repeated|"
    r"claimed|reiterated|argued|emphasi\w+|tells?|writes)$"
)
_UNREAL = re.compile(
    r"\b(?:nobody|no one|neither side|rumou?rs?|fictional|hypothetical|imagine|novel|film|in theory)\b", re.I
)


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
    duty: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What the sentences before this one leave behind."""

    speaker: Actor | None = None
    subject: Actor | None = None
    person: Actor | None = None
    government: Actor | None = None
    moves: tuple[Move, ...] = ()
    """Of the last two sentences that told of any."""
    agreed: bool = False
    """Whether the text is that of a deal."""
    other: str | None = None
    """The government across the table from the United States that the text names most."""


def moves(
    text: str, start: int, end: int, actors: list[Actor], quotes: list[tuple[int, int]], context: Context
) -> tuple[list[Move], Context]:
    """Return the moves of the sentence between two offsets, and the context for the next sentence."""
    mentions = [_known(one, context, actors) for one in actors if start <= one.start < end]
    said = voices(text, start, end, mentions)
    spoken = _in_quotes(start, end, quotes)
    if not said and context.speaker is not None and spoken > 0.8 * (end - start):
        said = [Voice(start, end, context.speaker, "said", (start, start), False)]
    found: list[Move] = []
    if not _UNREAL.search(text, start, end):
        last: tuple[Cue, Actor] | None = None
        kept = _told(text, start, end, mentions, said)
        for cue, stop in zip(kept, [*(cue.start for cue in kept), end][1:], strict=False):
            told = _move(text, start, stop, cue, mentions, said, quotes, context, last)
            found += told[0]
            last = told[1] or last
        if not found:
            found = _plain(text, start, end, mentions, said, quotes, context)
    return found, _after(context, found, mentions, said, text, start)


def _known(one: Actor, context: Context, actors: list[Actor]) -> Actor:
    """Return ``one`` with a pronoun replaced by whom the text before means."""
    if one.kind != "pronoun":
        return one
    earlier = [other for other in actors if other.end <= one.start and other.start > one.start - 400]
    if one.who in ("he", "she", "his country", "her country"):
        people = [other for other in earlier if other.kind == "person"]
        person = people[-1] if people and context.person is None else context.person
        same = [other for other in people if person is not None and other.start > person.start]
        person = same[-1] if same and same[-1].start > one.start - 120 else person
        return replace(person, start=one.start, end=one.end) if person else one
    if "sides" in one.who or "countries" in one.who or "governments" in one.who or one.who == "the pair":
        return one
    return one


def _in_quotes(start: int, end: int, quotes: list[tuple[int, int]]) -> int:
    return sum(max(0, min(end, high) - max(start, low)) for low, high in quotes)


def _told(text: str, start: int, end: int, mentions: list[Actor], said: list[Voice]) -> list[Cue]:
    """Return the cues that stand for moves: no condition, no complement of another cue, no tag."""
    dead = [match.span() for match in _CONDITION.finditer(text, start, end)]
    dead += [match.span() for match in _QUESTION.finditer(text, start, end)]
    dead += [voice.tag for voice in said if voice.trailing]
    kept: list[Cue] = []
    every = [cue for cue in cues(text, start, end) if not any(low <= cue.start < high for low, high in dead)]
    every = [cue for cue in every if not _EXPECTED.search(text[max(start, cue.start - 60) : cue.start])]
    every = [cue for cue in every if not _RELATIVE.search(text[max(start, cue.start - 40) : cue.start])]
    every = [cue for cue in every if cue.act != "act" or _finite(text, start, cue, mentions)]
    strong = [cue for cue in every if not cue.weak]
    for cue in every:
        if cue.weak and any(_same_clause(text, cue, other, mentions) for other in strong):
            continue
        if kept and not _own_clause(text, kept[-1], cue, mentions):
            continue
        kept.append(cue)
    return kept


def _finite(text: str, start: int, cue: Cue, mentions: list[Actor]) -> bool:
    """Return whether a past form is a verb with a subject, not a participle ("an interview published on Monday")."""
    if any(0 <= cue.start - one.end <= 30 for one in mentions) or _AUXILIARY.match(cue.text):
        return True
    return bool(_AUXILIARY_BEFORE.search(text[max(start, cue.start - 20) : cue.start]))


def _same_clause(text: str, cue: Cue, other: Cue, mentions: list[Actor]) -> bool:
    low, high = min(cue.end, other.end), max(cue.start, other.start)
    return not re.search(r";|, (?:and|but|while|as)\b|\bbut\b", text[low:high])


def _own_clause(text: str, before: Cue, cue: Cue, mentions: list[Actor]) -> bool:
    """Return whether ``cue`` begins a clause of its own after ``before`` and is no part of its complement."""
    between = text[before.end : cue.start]
    if re.search(r"\bto $", between) or not _JOINED.search(between):
        return False
    subject = any(before.end <= one.start and one.end <= cue.start and _is_subject(text, one) for one in mentions)
    if (
        before.act == cue.act
        and not subject
        and before.text != cue.text
        and re.search(r"[\"“]", text[before.start : cue.start])
    ):
        return False
    return subject or bool(re.search(r"(?:,|;|\band|\bbut)[\"”]?(?: \w+){0,2} ?$", between))


def _is_subject(text: str, one: Actor) -> bool:
    after = text[one.end : one.end + 2]
    return not _NOT_SUBJECT.search(text[max(0, one.start - 20) : one.start]) and after not in ("'s", "’s")


def _voice_at(place: int, said: list[Voice]) -> Voice | None:
    # "X asked for relief, Y said": the sentence is Y's.
    ranked = sorted(said, key=lambda voice: not voice.trailing)
    return next(
        (voice for voice in ranked if voice.start <= place < voice.end or voice.tag[0] <= place < voice.tag[1]), None
    )


def _subject(
    text: str, start: int, cue: Cue, mentions: list[Actor], voice: Voice | None, context: Context
) -> Actor | None:
    """Return who makes the move of ``cue``."""
    low = start
    if voice is not None and not voice.trailing and voice.start <= cue.start:
        low = voice.tag[0]
    owner = [one for one in mentions if text[one.end : cue.start] in ("'s ", "’s ")]
    if owner:
        return _resolved(owner[-1], voice, context)
    if re.search(r" (?:by|from)$", cue.text):
        return next((one for one in mentions if cue.end <= one.start <= cue.end + 6), None)
    before = [one for one in mentions if low <= one.start and one.end <= cue.start and _is_subject(text, one)]
    if voice is not None and voice.trailing:
        before = [one for one in before if one.start < voice.end]
    if voice is not None and not voice.trailing and voice.start <= cue.start and _SPEECH.match(cue.text) and before:
        gap = text[before[-1].end : cue.start]
        if re.search(r"\band (?:\w+ly )?$", gap) and len(gap) > 8:
            return voice.actor
    if before:
        return _resolved(before[-1], voice, context)
    agent = next(
        (one for one in mentions if one.start >= cue.end and _PASSIVE.match(text[cue.end - 3 : one.start])), None
    )
    return agent or (voice.actor if voice else None)


def _resolved(one: Actor, voice: Voice | None, context: Context) -> Actor | None:
    if one.kind == "outsider" and voice is not None and voice.actor.kind != "outsider":
        return voice.actor
    if one.kind != "pronoun":
        return one
    if "both" in one.who or "two" in one.who or one.who in ("the sides", "the pair"):
        return None
    if voice is not None and voice.actor is not one and voice.actor.kind != "pronoun":
        return voice.actor
    if one.who in ("we", "i"):
        return context.speaker
    if one.who == "they" and context.speaker is not None and context.subject is context.speaker:
        return context.government  # in a speech "they" are the others
    if one.who in ("they", "it") or one.who.startswith("the "):
        return (
            context.subject if context.subject and context.subject.kind in ("government", "unnamed", "person") else None
        )
    return context.person


def _move(
    text: str, start: int, end: int, cue: Cue, mentions: list[Actor], said: list[Voice], quotes: list[tuple[int, int]],
    context: Context, last: tuple[Cue, Actor] | None,
) -> tuple[list[Move], tuple[Cue, Actor] | None]:  # fmt: skip
    voice = _voice_at(cue.start, said)
    subject = _subject(text, start, cue, mentions, voice, context)
    if last is not None and not any(
        last[0].end <= one.start and one.end <= cue.start and _is_subject(text, one) for one in mentions
    ):
        subject = last[1]
    speaker = voice.actor if voice and voice.actor.kind != "pronoun" else None
    if subject is not None and subject.kind == "outsider" and context.agreed and subject.party:
        whose = text[start : subject.end].rsplit(None, 2)[-2:]
        subject = replace(subject, kind="government", who=" ".join(whose))
    if subject is None or subject.kind == "outsider" or (speaker is not None and speaker.kind == "outsider"):
        return [], None
    if _MUST.match(cue.text):
        # "Japan must open its market" is what the speaker demands of Japan.
        if speaker is None or speaker.party in (None, subject.party):
            return [], None
        subject = speaker
    party = subject.party or (speaker.party if speaker else None)
    if cue.act in ("demand", "ask") and _PASSED.search(text[max(start, cue.start - 24) : cue.start]):
        # "Tokyo was asked to spend more": the demand is that of the other side.
        party = "USA" if party not in (None, "USA") else context.other
        subject = replace(
            subject, kind="government", who="United States" if party == "USA" else party or "", party=party
        )
    if party is None:
        return [], None
    low, high = _clause(text, start, end, cue, voice)
    joint = _joint(text, subject, mentions)
    if cue.about == "after" and voice is not None and subject is voice.actor and voice.trailing:
        found = topics(text, low, high)  # "medicines will face a duty, X said": what it is about is the subject
    else:
        found = topics(text, cue.start, high) if cue.about == "after" else topics(text, low, cue.end)
    if _only_last(found):
        rest = topics(text, low, cue.end) if cue.about == "after" else topics(text, cue.start, high)
        found = rest if rest and not (found and _only_last(rest)) else found or rest
    if not found and (context.moves and (_REFERS.search(text, start, end) or cue.text.lower().startswith("signed"))):
        found = [Topic(cue.start, cue.end, context.moves[-1].issue, context.moves[-1].duty)]
    if (
        context.moves
        and found
        and _BACK.search(text[max(low, found[0].start - 30) : found[0].end])
        and found[0].issue in ("tariffs", "standards")
    ):
        found = [replace(found[0], issue=context.moves[-1].issue), *found[1:]]
    act = _act(cue, party, text[cue.start : high], found)
    if act == "act" and _LATER.search(cue.text) and all(one.issue == "tariffs" for one in found):
        found = [replace(one, issue="procedure", duty=False) for one in found]
    if (context.agreed or _UNDER.match(text, start)) and act in ("offer", "signal"):
        act = "agree"
    if act == "report" and speaker is not None and speaker.party:
        party = speaker.party
    who = speaker if speaker is not None else subject
    told = []
    for topic in found:
        issue = _issue(text, topic, act, party, low)
        giver = _giver(issue, subject, joint) if joint else None
        quote = any(a < max(topic.end, cue.end) and min(topic.start, cue.start) < b for a, b in quotes)
        quote = quote or any(cue.end <= a < (voice.end if voice and voice.trailing else end) for a, _ in quotes)
        named = giver if giver and speaker is None else who
        told.append(Move(low, high, act, (giver and giver.party) or party, named, issue, quote, topic.duty))
    return told, (cue, subject)


def _only_last(found: list[Topic]) -> bool:
    return all(one.issue in ("procedure", "deficit") for one in found)


def _clause(text: str, start: int, end: int, cue: Cue, voice: Voice | None) -> tuple[int, int]:
    """Return the bounds of what is told around ``cue``: from the clause's begin to its condition, reason or tag."""
    cut = _CUT.search(text, cue.end, end)
    high = cut.start() if cut else end
    low = start
    if voice is not None and voice.trailing and cue.start < voice.end:
        high = min(high, voice.end)
    elif voice is not None and not voice.trailing and voice.start <= cue.start:
        low = voice.start
    before = [
        match.end()
        for match in re.finditer(
            r";|, (?:and|but|as|while|adding that)\b|\bbut\b|\band (?:said|added|noted)(?: that)?\b",
            text[low : cue.start],
        )
    ]
    loose = _LOOSE.search(text, max(low, cue.end), high)
    return low + (before[-1] if before else 0), max(loose.start() if loose else high, cue.end)


def _joint(text: str, subject: Actor, mentions: list[Actor]) -> Actor | None:
    """Return who is named together with the subject ("London and Washington"), if anybody of another party is."""
    for one in mentions:
        if (
            one.end <= subject.start
            and text[one.end : subject.start].strip() in ("and", "and the")
            and one.party not in (None, subject.party)
        ):
            return one
    return None


def _giver(issue: str, one: Actor, other: Actor) -> Actor:
    """Return who of two that act together gives something: the United States its duties, the other side the rest."""
    american = one if one.party == "USA" else other if other.party == "USA" else None
    if american is None:
        return one
    across = other if american is one else one
    return american if issue in ("tariffs", "cars", "metals", "pharma-chips") else across


def _act(cue: Cue, party: str, clause: str, found: list[Topic]) -> Act:
    """Return the act that ``cue`` names, corrected by who makes the move and of what."""
    rest = clause[len(cue.text) :]
    duty = any(one.duty for one in found)
    if cue.act in ("demand", "ask"):
        if _WANTS.match(cue.text):
            if party == "USA":
                return "demand"
            return "ask" if _RELIEF.search(clause) else "demand"
        if _ASKS.match(cue.text) and party == "USA" and not _only_last(found):
            return "demand"
    if cue.act == "offer" and duty and _NEW_DUTY.search(rest):
        return "threat"
    if cue.act == "threat" and re.match(r"\s*(?:no|zero)\b", rest, re.I):
        return "offer"
    return cue.act


def _issue(text: str, topic: Topic, act: Act, party: str, low: int) -> str:
    """Return the issue of ``topic``; whose duty it is decides between the asker's and the asked one's."""
    if not topic.duty:
        return topic.issue
    own = own_duty(text, topic, low)
    if party != "USA":
        if act in ("act", "threat") and (topic.others or not own):
            return "procedure" if topic.others or act == "threat" else foreign(topic.issue)
        lowers = bool(_LOWER.search(text[low : topic.end + 60]))
        if topic.others or (act in ("offer", "agree", "act") and topic.issue == "tariffs" and lowers):
            return foreign(topic.issue)
        return foreign(topic.issue) if own and act in ("offer", "agree", "refuse") else topic.issue
    return foreign(topic.issue) if topic.others or act == "demand" else topic.issue


def _plain(
    text: str,
    start: int,
    end: int,
    mentions: list[Actor],
    said: list[Voice],
    quotes: list[tuple[int, int]],
    context: Context,
) -> list[Move]:
    """Return what a government's speaker says of an issue without a word that makes it more than a signal."""
    voice = next(
        (one for one in said if one.actor.party and one.actor.kind in ("person", "government", "unnamed")), None
    )
    own = re.search(
        r"\b(?:American|U\.?S\.?|United States) (?:tariffs?|duties)\b[^.;]*?\b(?:will|"
        r"would) (?:be|fall|drop|rise|total)",
        text[start:end],
    )
    if voice is None and own is None:
        return []
    if voice is not None and (not _STRONG.match(voice.verb) or _EFFECT.search(text, voice.start, voice.end)):
        return []
    low, high = (voice.start, voice.end) if voice else (start, end)
    cut = _CUT.search(text, low, high)
    found = [
        one for one in topics(text, low, cut.start() if cut else high) if one.issue not in ("procedure", "deficit")
    ]
    found = [
        one
        for one in found
        if one.duty or one.issue in ("treasuries", "currency", "digital", "defence", "minerals", "economic-security")
    ]
    if not found:
        return []
    # A duty that "such duties" points back to is that of the sentence before.
    if context.moves and _REFERS.search(text, low, high):
        found = [replace(found[0], issue=context.moves[-1].issue)]
    if voice is None:
        if not context.moves or context.moves[-1].act != "agree":
            return []
        subject = Actor(start, start, "government", "United States", "USA")
        return [
            Move(start, end, "agree", "USA", subject, one.issue, False, one.duty) for one in topics(text, start, end)
        ]
    party = voice.actor.party or ""
    quote = _in_quotes(low, high, quotes) > 0
    return [
        Move(low, high, "signal", party, voice.actor, _issue(text, one, "signal", party, low), quote, one.duty)
        for one in found
    ]


def _after(
    context: Context, found: list[Move], mentions: list[Actor], said: list[Voice], text: str, start: int
) -> Context:
    subjects = [one for one in mentions if one.kind != "pronoun" and _is_subject(text, one)]
    people = [one for one in subjects if one.kind == "person"]
    speaker = next((voice.actor for voice in reversed(said) if voice.actor.kind != "pronoun"), None)
    opening = [one for one in subjects if one.start - start < 60]
    return replace(
        context,
        speaker=speaker
        if speaker and speaker.kind != "outsider"
        else (None if speaker else context.speaker if not subjects else None),
        subject=subjects[0]
        if opening or subjects
        else (context.subject if any(one.kind == "pronoun" for one in mentions) else None),
        person=speaker if speaker and speaker.kind == "person" else people[0] if people else context.person,
        government=next((one for one in reversed(subjects) if one.kind == "government"), context.government),
        moves=(*context.moves[-3:], *found),
    )
