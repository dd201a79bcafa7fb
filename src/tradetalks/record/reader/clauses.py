"""Where a sentence falls into clauses that can each tell a move of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tradetalks.record.reader.actor import Actor

#: What parts two clauses: a semicolon, a dash, or a joining word with or without a comma.
_JOINT = re.compile(
    r"\s*;\s+|\s[—–-]{1,2}\s(?=\w)|,?\s(?=(?:but|while|whilst|whereas|although|though|and|yet|after|when|since)\s)|"
    r",\s(?=(?:adding that|as)\s)",
    re.I,
)
#: A verb that can stand without a subject of its own after the joining word.
_VERB = re.compile(
    r"(?:and|but|yet)\s(?:(?:has|had|is|was|will|would|also|then|again|later|instead|\w+ly)\s){0,2}(?:refus\w+|offer(?:s|ed)|"
    r"demand(?:s|ed)|threaten\w*|agre(?:es|ed)|accept(?:s|ed)|reject(?:s|ed)|pledg(?:es|ed)|promis(?:es|ed)|vow(?:s|ed)|"
    r"warn(?:s|ed)|urg(?:es|ed)|propos(?:es|ed)|announc(?:es|ed)|hint(?:s|ed)|suggest(?:s|ed)|signal+(?:s|ed)|"
    r"impos(?:es|ed)|insist(?:s|ed)|press(?:es|ed)|request(?:s|ed)|declin(?:es|ed)|rul(?:es|ed)|dismiss(?:es|ed)|"
    r"ask(?:s|ed)|want(?:s|ed)|sought|call(?:s|ed)|undertook|committed|complain(?:s|ed))\b",
    re.I,
)
_FINITE = re.compile(
    r"(?:['’]s\s[\w-]+)?,?\s(?:(?:[\w-]+ly|also|again|now|then|on \w+|in turn|for its part|for his part),?\s)?"
    r"(?:\w+ed|\w{3,}s|has|had|have|is|are|was|were|will|would|could|can|cannot|may|might|must|should|did|does|said|told|sought|"
    r"put|made|kept|took|gave|held|cut|let|won['’]t|want|undertook)\b"
)
#: What may stand between a joining word and its subject.
_BEFORE_SUBJECT = re.compile(
    r"(?:(?:but|while|whilst|whereas|although|though|and|as|yet|after|when|since)\s(?:that\s)?)?"
    r"(?:(?:later|then|in turn|on \w+|\w+ly),?\s)?(?:(?:its|their|his|her|both)\s)?",
    re.I,
)
_PRONOUN = re.compile(r"(?:but|while|whilst|whereas|although|though|and|yet)\s(?:it|he|she|they|we|I)\s", re.I)
#: No clause is shorter, in words.
_LEAST = 4


def clauses(text: str, start: int, end: int, actors: Sequence[Actor]) -> list[tuple[int, int]]:
    """Return (start, end) of the clauses of the sentence between two offsets, in order."""
    found: list[tuple[int, int]] = []
    here = start
    for match in _JOINT.finditer(text, start, end):
        low, high = match.span()
        if low < here or len(text[here:low].split()) < _LEAST or len(text[high:end].split()) < _LEAST:
            continue
        if _opens(text, high, end, actors):
            found.append((here, low))
            here = high
    return [*found, (here, end)]


def _opens(text: str, start: int, end: int, actors: Sequence[Actor]) -> bool:
    """Return whether a clause with a subject and verb, or a verb that tells a move, begins at ``start``."""
    if _VERB.match(text, start, end) or _PRONOUN.match(text, start, end):
        return True
    opening = _BEFORE_SUBJECT.match(text, start, end)
    subject = next((one for one in actors if opening and one.start == opening.end() and one.kind != "pronoun"), None)
    return subject is not None and bool(_FINITE.match(text, subject.end, end))
