"""Word pieces: the whole word where the vocabulary holds it, else its longest known beginnings, one after the other.

Source: Schuster and Nakajima 2012, in the form of BERT (Devlin et al. 2019): small letters without accents; a piece
that goes on inside a word begins with ``##``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

#: The pieces with a meaning of their own: no word, beginning, end, unknown, hidden.
PAD, CLS, SEP, UNK, MASK = "[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"
SPECIAL = (PAD, UNK, CLS, SEP, MASK)

_WORD = re.compile(r"\w+|[^\w\s]")
_STRAIGHT = str.maketrans("’‘“”", "''\"\"")
#: Longer runs of letters are no words.
_LONGEST = 60


def pieces(text: str, start: int, end: int, vocabulary: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """Return the pieces of ``text`` between two offsets: number in the vocabulary, start and end of the word."""
    return [
        (number, found.start(), found.end())
        for found in _WORD.finditer(text, start, end)
        for number in _of_word(found[0], vocabulary)
    ]


def _of_word(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    plain = unicodedata.normalize("NFD", word.lower().translate(_STRAIGHT))
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
    whole = vocabulary.get(plain)
    if whole is not None:
        return [whole]
    found: list[int] = []
    at = 0
    while at < len(plain) <= _LONGEST:
        lead = "##" if at else ""
        stop = next((stop for stop in range(len(plain), at, -1) if lead + plain[at:stop] in vocabulary), None)
        if stop is None:
            return [vocabulary[UNK]]
        found.append(vocabulary[lead + plain[at:stop]])
        at = stop
    return found or [vocabulary[UNK]]
