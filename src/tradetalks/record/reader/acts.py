"""What kind of move a sentence tells of: the words that say so, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from tradetalks.record.entry import Act
from tradetalks.record.reader.words import read

_FORMS = {
    "{will}": r"(?:will|would|shall|['’]ll)",
    "{be}": r"(?:is|are|was|were|be|been|['’](?:s|re|m)|am)",
    "{have}": r"(?:has|have|had)",
    "{when}": r"(?:(?:late |again |early )?(?:on|this|last|in)? ?(?:Monday|Tuesday|Wednesday|"
    r"Thursday|Friday|Saturday|Sunday|week|month|year|today|yesterday) )",
    "{adv}": r"(?:(?:also|again|now|\w+ly|already|still|simply|just|first|once|even|further|"
    r"yet|then|therefore|fully) )",
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase between two offsets that says what a sentence does."""

    start: int
    end: int
    act: Act
    about: Literal["after", "before"]
    """Where what it is about stands."""
    weak: bool
    text: str


@cache
def _patterns() -> list[tuple[Act, Literal["after", "before"], bool, re.Pattern[str]]]:
    found = []
    for row in read("acts"):
        for cue in row["cues"]:
            for form, pattern in _FORMS.items():
                cue = cue.replace(form + "?", f"(?:{pattern})?").replace(form, pattern)
            compiled = re.compile(rf"(?<![\w-])(?:{cue})", re.I)
            found.append((cast(Act, row["act"]), row["object"], bool(row.get("weak")), compiled))
    return found


def cues(text: str, start: int, end: int) -> list[Cue]:
    """Return the cues of ``text`` between two offsets, in order, none overlapping another."""
    every = []
    for rank, (act, about, weak, pattern) in enumerate(_patterns()):
        for match in pattern.finditer(text, start, end):
            every.append((weak, match.start(), rank, Cue(*match.span(), act, about, weak, match[0])))
    kept: list[Cue] = []
    for _, _, _, cue in sorted(every, key=lambda one: one[:3]):
        if not any(cue.start < one.end and one.start < cue.end for one in kept):
            kept.append(cue)
    return sorted(kept, key=lambda one: one.start)
