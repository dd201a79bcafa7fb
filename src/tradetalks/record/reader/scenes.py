"""A text as clauses, each with its mentions, speakers and what the sentences before left behind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.clauses import clauses
from tradetalks.record.reader.features import Scene
from tradetalks.record.reader.governments import parties_named
from tradetalks.record.reader.mover import Context, after, known
from tradetalks.record.reader.sentences import folded, quotations, sentences
from tradetalks.record.reader.speakers import Voice, label, voices

#: The text of a deal, in which what a side will do is agreed.
_AGREED = re.compile(
    r"\b(?:joint (?:statement|declaration|communiqu)|fact sheet on the|terms of the (?:deal|"
    r"agreement|framework)|text of the (?:deal|agreement|framework))",
    re.I,
)
_STATEMENT = re.compile(
    r"\b(?:statement|remarks|speech|address|letter|testimony)\b[^.\n]{0,30}\b(?:by|of|from)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Told:
    """A clause, what the text before it leaves, and the stretches of it that are quoted."""

    scene: Scene
    context: Context
    quotes: tuple[tuple[int, int], ...]


def flat(text: str) -> str:
    """Return ``text`` with the ends of folded lines as blanks, so that phrases run on; no offset changes."""
    return re.sub(r"(?<!\n)\n(?!\s*\n)", " ", text) if folded(text) else text


def _home(text: str, mentions: list[Actor]) -> Actor | None:
    """Return the government but Washington that the text names most, as it calls it first."""
    party = next((party for party, _ in parties_named(text).most_common() if party != "USA"), None)
    return next((one for one in mentions if one.party == party and one.kind == "government"), None) if party else None


def scenes(text: str, mentions: list[Actor]) -> Iterator[Told]:
    """Yield the clauses of ``text`` in order; what a transcript's questioner says is left out."""
    quotes, smooth = quotations(text), flat(text)
    starts = [one.start for one in mentions]
    context = Context(agreed=bool(_AGREED.search(text[:300])), home=_home(text, mentions))
    floor: Actor | None = None
    muted = False
    bounds = sentences(text)
    if bounds and _STATEMENT.search(text, *bounds[0]):
        floor = next((one for one in mentions if one.kind == "person" and one.start < bounds[0][1]), None)
    for start, end in bounds:
        labelled = label(smooth, start, end, mentions[bisect_left(starts, start) : bisect_left(starts, end)])
        if labelled is not None:
            start, floor = labelled
            muted = floor is None
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
            heard = tuple(one for one in said if (one.start < high and low < one.end) or low <= one.tag[0] < high)
            before = smooth[max(0, low - 300) : low]
            yield Told(Scene(smooth, low, high, mine, heard, len(pieces) > 1, before), context, within)
        context = after(context, here, said, smooth, start)
