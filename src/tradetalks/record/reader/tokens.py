"""The words of a stretch of text as the model sees them: stems, with actors, figures and dates as classes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.words import any_of, places

_WORD = re.compile(
    r"(?P<money>(?:US|C|A|NZ|S|HK|NT|R)?[$€£¥₩₹]\s?\d[\d,.]*)|(?P<percent>\d[\d,.]*\s?(?:%|per ?cent\b|pct\b))|"
    r"(?P<number>\d[\d,.]*\d|\d)|(?P<word>[^\W\d_](?:[\w’'-]*\w)?)|(?P<mark>[\"“”?!;:])"
)
_IRREGULAR = {
    "bought": "buy", "sought": "seek", "said": "say", "says": "say", "told": "tell", "made": "make", "gave": "give",
    "given": "give", "took": "take", "taken": "take", "won": "win", "met": "meet", "wrote": "write", "written": "write",
    "held": "hold", "kept": "keep", "left": "leave", "paid": "pay", "sent": "send", "spent": "spend", "went": "go",
    "gone": "go", "came": "come", "put": "put", "set": "set", "threw": "throw", "thrown": "throw", "broke": "break",
    "broken": "break", "brought": "bring", "struck": "strike", "stood": "stand", "drew": "draw", "drawn": "draw",
    "began": "begin", "begun": "begin", "withdrew": "withdraw", "withdrawn": "withdraw", "undertook": "undertake",
    "swore": "swear", "saw": "see", "seen": "see", "rose": "rise", "fell": "fall", "let": "let", "got": "get",
    "built": "build", "meant": "mean", "laid": "lay", "dug": "dig", "hung": "hang", "forgave": "forgive",
    "was": "be", "were": "be", "is": "be", "are": "be", "been": "be", "am": "be", "being": "be", "has": "have",
    "had": "have", "having": "have", "does": "do", "did": "do", "done": "do", "refusal": "refuse",
    "rejection": "reject", "agreement": "agreement", "won't": "not", "can't": "not", "cannot": "not", "don't": "not",
    "doesn't": "not", "isn't": "not", "aren't": "not", "wouldn't": "not", "didn't": "not", "couldn't": "not",
    "wasn't": "not", "weren't": "not", "hasn't": "not", "haven't": "not", "shan't": "not", "shouldn't": "not",
    "tariff": "tariff", "duties": "duty", "levies": "levy", "levied": "levy", "pharmaceuticals": "pharmaceutical",
}  # fmt: skip
#: Endings, the least length of a word that can have one, and what takes its place.
_ENDINGS = (("ies", 5, "y"), ("ied", 5, "y"), ("ing", 6, ""), ("ed", 5, ""), ("es", 5, "e"), ("s", 4, ""))


@dataclass(frozen=True, slots=True)
class Token:
    """A word between two offsets: as written in small letters, and its stem or class."""

    start: int
    end: int
    word: str
    stem: str


@cache
def stem(word: str) -> str:
    """Return ``word``, in small letters, without the common endings; a few hundred forms are known by heart."""
    word = word.replace("’", "'")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = re.sub(r"'s?$", "", word)
    for ending, least, put in (
        ("ies", 5, "y"),
        ("ied", 5, "y"),
        ("ing", 6, ""),
        ("ed", 5, ""),
        ("es", 5, "e"),
        ("s", 4, ""),
    ):
        if word.endswith(ending) and len(word) >= least and not word.endswith(("ss", "us", "is")):
            word = word[: -len(ending)] + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


@cache
def _governments() -> dict[str, str]:
    return {name: "US" if code == "USA" else "GOV" for name, code in (places().seats | places().adjectives).items()}


@cache
def _named() -> re.Pattern[str]:
    """Names of governments of more than one word, or with stops."""
    return re.compile(rf"(?<![\w])(?:{any_of(name for name in _governments() if not name.isalpha())})(?![\w])")


_KINDS = {"person": "PER", "government": "GOV", "unnamed": "SOURCE", "outsider": "OUT"}


def tokens(text: str, start: int, end: int, actors: Sequence[Actor]) -> list[Token]:
    """Return the tokens of ``text`` between two offsets; ``actors``, in order, stand as one token each."""
    inside = [one for one in actors if one.kind in _KINDS and start <= one.start and one.end <= end]
    starts = [one.start for one in inside]
    found: list[Token] = []
    at = 0
    for match in _WORD.finditer(text, start, end):
        if match.start() < at:
            continue
        n = bisect_left(starts, match.start())
        if n < len(inside) and inside[n].start == match.start():
            one = inside[n]
            kind = _KINDS[one.kind]
            whose = "US" if one.party == "USA" else "" if one.party is None else "X"
            found.append(Token(one.start, one.end, kind, f"{kind}{whose}"))
            at = one.end
            continue
        raw = match[0]
        if match["word"] and raw[0].isupper() and (named := _named().match(text, match.start(), end)):
            found.append(Token(*named.span(), "ADJ", f"ADJ{_governments()[named[0]]}"))
            at = named.end()
            continue
        if match["money"]:
            found.append(Token(*match.span(), "MONEY", "MONEY"))
        elif match["percent"]:
            found.append(Token(*match.span(), "PCT", "PCT"))
        elif match["number"]:
            found.append(Token(*match.span(), "NUM", "NUM"))
        elif match["mark"]:
            mark = "QUOTE" if raw in '"“”' else raw
            found.append(Token(*match.span(), mark, mark))
        else:
            plain = re.sub(r"['’]s?$", "", raw)
            government = _governments().get(plain)
            if government:
                found.append(Token(*match.span(), government, f"ADJ{government}"))
            else:
                found.append(Token(*match.span(), raw.lower().replace("’", "'"), stem(raw.lower())))
    return found
