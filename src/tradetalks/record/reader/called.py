"""How a text calls who makes a move: the person, the office or the body in its own words, before the government alone.

Whose move it is has been judged before; this only picks, among those who stand for that government, the one to name:
who speaks, else the body or the person that the clause is about, else whom the text before leaves.
"""

from __future__ import annotations

import re

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.governments import party_in
from tradetalks.record.reader.mover import is_subject
from tradetalks.record.reader.scenes import Told
from tradetalks.record.reader.speakers import SAY

#: Bodies that act for a government and seldom bear its name.
_BODY = (
    r"ministr(?:y|ies)|department|cabinet|[Cc]entral [Bb]ank|(?:National|Reserve|Federal) (?:Bank|Council)|Treasury|"
    r"White House|Commission|Council|parliament|[Ss]enate|embassy|mission|delegation|committee|agency|bureau|"
    r"presidency|palace|authorit(?:y|ies)|office|directorate|negotiators|Planalto|Blue House|Kremlin|Élysée"
)
#: What stands between a body and its article: its field or its country.
_FIELD = (
    r"(?:(?!(?:of|in|at|by|to|for|from|with|and|or|that|which|as|than|on|its|the|a|an|his|her|their)\b)"
    r"[\w’'.-]+ ){0,3}"
)
#: Of what it is, and where.
_OF = r"(?: (?:of|in|for|on) (?:the )?[\w’'-]+(?:(?:, and|,| and) (?:the )?[\w’'-]+){0,3})?"
#: A verb comes next, perhaps behind an aside.
_VERB = (
    r"(?=(?:,[^,]{1,60},)? (?:(?:also|then|now|later|\w{3,}ly|for its part) )?(?:has|have|had|is|was|were|are|will|"
    r"would|may|might|could|can|cannot|must|should|does|did|do|said|told|put|let|made|gave|took|won|kept|held|met|"
    r"sought|wrote|went|set|says|say|wants?|asks?|\w{2,}ed|"
    r"(?!(?:this|its|his|plus|versus|goods|tariffs|cars|talks|buildings?)\b)\w{3,}s)\b)"
)
#: "The commerce ministry has widened ...".
_SUBJECT = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]|[Aa]n|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur) |(?<=['’]s ))"
    rf"(?P<who>{_FIELD}(?:{_BODY}){_OF}){_VERB}"
)
#: "..., the foreign ministry in Bern said".
_SAID = re.compile(
    rf"(?:, |[\"”] )(?:the |a |an |its |their |his |her )?(?P<who>{_FIELD}(?:{_BODY}){_OF}) "
    rf"(?:(?:has|had|also|later|then) )*{SAY}\b"
)
_ENDED = re.compile(r"[.!?][\"”]?\s")
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]ur|us|I|[Mm]y)\b")


def teller(told: Told, place: int) -> list[Actor]:
    """Return whose words stand at ``place``, the closest first; "X asked for relief, Y said" is Y's."""
    return [
        voice.actor
        for voice in sorted(told.scene.voices, key=lambda voice: not voice.trailing)
        if voice.actor.kind in ("person", "unnamed", "government")
        and (voice.start <= place < voice.end or voice.tag[0] <= place < voice.tag[1])
    ]


def called(told: Told, party: str, maker: Actor, place: int) -> Actor:
    """Return whom the text names as making the move of ``party`` that it tells at ``place``.

    Args:
        told: the clause.
        party: whose move it is.
        maker: the mention that says so; the answer where the clause has nobody closer.
        place: where its cue stands.
    """
    scene, context = told.scene, told.context
    tells = teller(told, place)
    own = next((one for one in tells if one.party in (party, None)), next(iter(tells), None))
    if own is not None and own.kind != "government":
        return own
    here = maker in scene.mentions
    if (maker.kind == "government" or not here) and (body := _body(told, party)) is not None:
        return body
    if own is not None:
        return own
    last = context.speaker
    if last is not None and last.party == party and maker.kind == "government":
        return last  # what somebody said goes on: "He said ... Pretoria is seeking a quota."
    if maker.kind == "person" and here:
        return maker
    for one in scene.mentions:
        if one.kind in ("person", "unnamed") and one.party in (party, None) and is_subject(scene.text, one):
            return one
    return (_left(told, party, here=here) or maker) if maker.kind == "government" else maker


def _left(told: Told, party: str, *, here: bool) -> Actor | None:
    """Return who of ``party`` acts on from the text before the clause; ``here``: the clause names the government."""
    text, context = told.scene.text, told.context
    for one in () if here else told.earlier:
        # "X met Y and asked for relief": the clause goes on with the subject of the one before.
        goes_on = is_subject(text, one) and not _ENDED.search(text, one.end, told.scene.start)
        if one.kind == "person" and one.party == party and goes_on:
            return one
    speaker = context.speaker or context.person
    if speaker is not None and speaker.party in (party, None):
        if _FIRST_PERSON.search(text, told.scene.start, told.scene.end):
            return speaker
        if speaker.party == party and not here:
            return speaker
    return None


def _body(told: Told, party: str) -> Actor | None:
    """Return the ministry, bank or office of ``party`` that is the subject of the clause, or speaks it."""
    text, start, end = told.scene.text, told.scene.start, told.scene.end
    for pattern in (_SUBJECT, _SAID):
        found = pattern.search(text, start, end)
        if found is None or party_in(found["who"]) not in (party, None):
            continue
        named = Actor(found.start(), found.end("who"), "government", found["who"], party)
        if is_subject(text, named):
            return named
    return None
