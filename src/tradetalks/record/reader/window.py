"""What the encoder sees of a clause: its pieces between those of the text around it, and who may make its move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from tradetalks.record.reader.mover import candidates
from tradetalks.record.reader.scenes import Told
from tradetalks.record.reader.wordpiece import CLS, SEP, pieces

#: Most pieces of the text before, of the clause, and of the text after it.
BEFORE, WITHIN, AFTER = 32, 64, 14
#: Signs of the text before and after that are looked at.
_NEAR_BEFORE, _NEAR_AFTER = 200, 90
#: How a candidate is known, in the order of the first signs of ``Window.signs``.
_HOW = ("named", "spoken", "before", "home", "implied", "text")
#: Signs of a candidate: how it is known; and the United States, named here, speaks, the only one, by a pronoun, before.
SIGNS = len(_HOW) + 6


@dataclass(frozen=True, slots=True)
class Window:
    """A clause as numbers."""

    pieces: list[int]
    inside: list[int]
    """1 for a piece of the clause, 0 for one around it."""
    marks: list[int]
    """Whom a piece of the clause names: 1 the United States, 2 another government, 3 an outsider, 0 nobody."""
    parties: list[str]
    """The governments that may make the move."""
    places: list[list[int]]
    """For each of them, the pieces that name it in the clause, or else before it."""
    signs: Any
    """``signs[party, sign]``."""


def window(told: Told, vocabulary: Mapping[str, int]) -> Window:
    """Return what the encoder sees of a clause."""
    scene = told.scene
    text, start, end = scene.text, scene.start, scene.end
    before = pieces(text, max(0, start - min(len(scene.before), _NEAR_BEFORE)), start, vocabulary)[-BEFORE:]
    within = pieces(text, start, end, vocabulary)[:WITHIN]
    after = pieces(text, end, min(len(text), end + _NEAR_AFTER), vocabulary)[:AFTER]
    first = len(before) + 2
    row = [
        vocabulary[CLS], *(number for number, *_ in before), vocabulary[SEP], *(number for number, *_ in within),
        vocabulary[SEP], *(number for number, *_ in after),
    ]  # fmt: skip
    marks = [0] * len(row)
    here: dict[str, list[int]] = {}
    earlier: dict[str, list[int]] = {}
    for mentions, row_of, offset, places in (
        (scene.mentions, within, first, here),
        (told.earlier, before, 1, earlier),
    ):
        for one in mentions:
            outside = one.kind == "outsider"
            mark = 3 if outside else 0 if one.party is None else 1 if one.party == "USA" else 2
            for n, (_, low, high) in enumerate(row_of, start=offset):
                if low < one.end and one.start < high:
                    marks[n] = mark or marks[n]
                    if one.party is not None and not outside:
                        places.setdefault(one.party, []).append(n)
    known: dict[str, set[str]] = {}
    for one, how in candidates(scene, told.context):
        known.setdefault(cast(str, one.party), set()).add(how)
    speakers = {voice.actor.party for voice in scene.voices}
    pronouns = {one.party for one in scene.mentions if one.kind == "pronoun"}
    signs = [
        [
            *(how in ways for how in _HOW),
            party == "USA", party in here, party in speakers, len(known) == 1, party in pronouns, party in earlier,
        ]
        for party, ways in known.items()
    ]  # fmt: skip
    return Window(
        pieces=row,
        inside=[int(first <= n < first + len(within)) for n in range(len(row))],
        marks=marks,
        parties=list(known),
        places=[here.get(party) or earlier.get(party, []) for party in known],
        signs=np.array(signs, dtype=np.float32),
    )
