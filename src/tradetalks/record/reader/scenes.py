"""A text as clauses, each with its mentions, speakers and what the sentences before left behind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tradetalks.ground.countries import COUNTRIES
from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.clauses import clauses
from tradetalks.record.reader.features import Scene
from tradetalks.record.reader.governments import parties_named
from tradetalks.record.reader.mover import Context, after, known
from tradetalks.record.reader.sentences import folded, quotations, sentences
from tradetalks.record.reader.speakers import Voice, voices
from tradetalks.record.reader.transcripts import turns
from tradetalks.record.reader.words import places

#: The text of a deal, in which what a side will do is agreed.
_AGREED = re.compile(
    r"\b(?:joint (?:statement|declaration|communiqu)|fact sheet on the|terms of the (?:deal|"
    r"agreement|framework)|text of the (?:deal|agreement|framework))",
    re.I,
)
#: Where a text comes from: "GENEVA, 5 May - ...".
_DATELINE = re.compile(r"\s*(?P<city>[A-ZÀ-Ž][A-ZÀ-Ž .'’-]{2,30}?)(?:[,/ (][^-–—\n.:]{0,60})?\s*[-–—.:]\s")
#: What is told so is the reporter's ("Brussels said it would wait after Trump threatened ...").
_ASIDE = re.compile(r"(?:after|when|since)\s", re.I)
#: Signs of the text before a clause that go with it.
_BEFORE = 300
#: Most governments but the likeliest that may make a move without being named near it.
_OTHERS = 2
_STATEMENT = re.compile(
    r"\b(?:statement|remarks|speech|address|letter|testimony)\b[^.\n]{0,30}\b(?:by|of|from)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Told:
    """A clause, what the text before it leaves, and the stretches of it that are quoted."""

    scene: Scene
    context: Context
    quotes: tuple[tuple[int, int], ...]
    earlier: tuple[Actor, ...] = ()
    """Who is mentioned shortly before it."""


def flat(text: str) -> str:
    """Return ``text`` with the ends of folded lines as blanks, so that phrases run on; no offset changes."""
    return re.sub(r"(?<!\n)\n(?!\s*\n)", " ", text) if folded(text) else text


def _named(text: str, mentions: list[Actor]) -> list[Actor]:
    """Return the governments but Washington that the text names, as it calls them first, the likeliest mover first.

    That is the one from whose city the text comes, then the one it names most.
    """
    often = parties_named(text)
    for one in mentions:
        if one.party is not None and one.party not in often:
            often[one.party] += 1
    place = _DATELINE.match(text)
    cities = {name.casefold(): party for name, party in (places().seats | places().cities).items()}
    home = cities.get(place["city"].strip().casefold()) if place else None
    if home is not None:
        often[home] += often.total()
    return [_government(party, mentions) for party, _ in often.most_common() if party != "USA"]


def _government(party: str, mentions: list[Actor]) -> Actor:
    named = next((one for one in mentions if one.party == party and one.kind == "government"), None)
    name = "European Union" if party == "EU" else COUNTRIES[party].name
    return named or Actor(0, 0, "government", name, party)


def scenes(text: str, mentions: list[Actor]) -> Iterator[Told]:
    """Yield the clauses of ``text`` in order; what a transcript's questioner says is left out."""
    quotes, smooth = quotations(text), flat(text)
    starts = [one.start for one in mentions]
    others = _named(text, mentions)
    home = others[0] if others else None
    context = Context(agreed=bool(_AGREED.search(text[:300])), home=home, others=tuple(others[1 : 1 + _OTHERS]))
    floor: Actor | None = None
    muted = False
    bounds = sentences(text)
    turn = turns(smooth, bounds, mentions, home)
    if bounds and _STATEMENT.search(text, *bounds[0]):
        floor = next((one for one in mentions if one.kind == "person" and one.start < bounds[0][1]), None)
    for start, end in bounds:
        labelled = turn.get(start)
        if labelled is not None:
            start, floor = labelled.start, labelled.speaker
            muted = labelled.asks
        if muted:
            continue
        spoken = quotes
        if floor is not None:
            context = replace(context, speaker=floor, subject=floor, person=floor)
            if labelled is not None or not any(low <= start < high for low, high in quotes):
                spoken = [*quotes, (start, end)]
        near = mentions[bisect_left(starts, start - 400) : bisect_left(starts, end)]
        within = tuple((low, high) for low, high in spoken if low < end and start < high)
        here = [known(one, context, near) for one in near if start <= one.start]
        said = voices(smooth, start, end, here)
        share = sum(max(0, min(end, high) - max(start, low)) for low, high in within)
        if not said and context.speaker is not None and share > 0.8 * (end - start):
            said = [Voice(start, end, context.speaker, "said", (start, start), False)]
        pieces = clauses(smooth, start, end, here)
        for low, high in pieces:
            mine = tuple(one for one in here if low <= one.start < high)
            aside = _ASIDE.match(smooth, low, high)
            heard = tuple(
                one
                for one in said
                if low <= one.tag[0] < high or (one.start < high and low < one.end and aside is None)
            )
            before = smooth[max(0, low - _BEFORE) : low]
            earlier = tuple(one for one in near if low - _BEFORE <= one.start < low)
            yield Told(Scene(smooth, low, high, mine, heard, len(pieces) > 1, before), context, within, earlier)
        context = after(context, here, said, smooth, start)
