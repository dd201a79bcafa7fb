"""Search in the words of the schedule: lines whose own words, or those of their headings, hold what is asked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.law.editions import Added, added
from tradetalks.law.measure import DATA, SCHEDULE_SINCE
from tradetalks.law.schedule import edition_of, on_day

#: Words that say nothing of goods.
_EMPTY = frozenset(("a", "and", "as", "by", "for", "from", "in", "its", "nesoi", "not", "of", "on", "or", "other",
                    "than", "the", "their", "to", "whether", "with"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A line found."""

    line: str
    """Digits."""
    words: str
    heading: str
    """The words of the heading above it."""
    score: float
    general: str
    """Rate of column 1 general as written."""


def stems(text: str) -> list[str]:
    """Return the words of ``text`` without endings of number, lower case."""
    found = []
    for word in re.findall(r"[a-z0-9]+", text.casefold()):
        if word in _EMPTY:
            continue
        if len(word) > 4 and word.endswith("ies"):
            word = word[:-3] + "y"
        elif len(word) > 4 and re.search(r"(?:sh|ch|x|ss|z)es$", word):
            word = word[:-2]
        elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            word = word[:-1]
        found.append(word)
    return found


@cache
def _index(edition: date, more: tuple[Added, ...]) -> tuple[pl.DataFrame, dict[str, dict[int, float]]]:
    """Return the lines of 10 digits (or 8 without any), and of each word the lines it is in with its weight."""
    above = dict(pl.read_parquet(str(DATA / "headings.parquet")).iter_rows())
    lines = on_day(edition).select("line", "description", "general").collect()
    parents = set(lines.filter(pl.col("line").str.len_chars() == 10)["line"].str.slice(0, 8))
    whole = lines.filter((pl.col("line").str.len_chars() == 10) | ~pl.col("line").is_in(list(parents)))
    eight = dict(lines.select("line", "description").iter_rows())
    heading = [above.get(code[:4], "") for code in whole["line"]]
    index: dict[str, dict[int, float]] = {}
    for n, (code, words) in enumerate(whole.select("line", "description").iter_rows()):
        for text in {words, eight.get(code[:8], ""), above.get(code[:6], ""), heading[n]}:
            said = stems(text)
            for word in set(said):
                # A short text says what the goods are, a long one mentions much.
                places = index.setdefault(word, {})
                places[n] = places.get(n, 0.0) + 1 / math.sqrt(len(said))
    return whole.with_columns(heading=pl.Series(heading, dtype=pl.String)), index


def search(text: str, on: date, limit: int = 20) -> list[Hit]:
    """Return the lines of ``on`` that fit ``text`` best, best first.

    A word counts by how rare it is and by how few others it stands with, in the line's own words and in those of
    its headings; lines that have all the words come first.

    Raises:
        BadInput: no word to look for, or none of them is in the schedule.
    """
    asked = list(dict.fromkeys(stems(text)))
    if not asked:
        raise BadInput(f"search: {text[:40]!r} has no word to look for; describe the goods, for example 'brake pads'")
    lines, index = _index(edition_of(max(on, SCHEDULE_SINCE)), added())
    score: dict[int, float] = {}
    hit: dict[int, int] = {}
    for word in asked:
        places = _like(word, index)
        for n, weight in places.items():
            score[n] = score.get(n, 0.0) + weight * math.log(1 + lines.height / len(places)) ** 2
            hit[n] = hit.get(n, 0) + 1
    if not score:
        raise BadInput(f"search: no line speaks of {' '.join(asked)}{did_you_mean(asked[0], index)}")
    ranked = sorted(score, key=lambda n: (-hit[n], -score[n], n))[:limit]
    return [
        Hit(row["line"], row["description"], row["heading"], round(score[n], 3), row["general"])
        for n, row in zip(ranked, lines[ranked].to_dicts(), strict=True)
    ]


def _like(word: str, index: dict[str, dict[int, float]]) -> dict[int, float]:
    """Return the lines with ``word``; where none has it, those with a word that begins so."""
    if word in index:
        return index[word]
    longer: Iterable[str] = (other for other in index if len(word) > 3 and other.startswith(word))
    found: dict[int, float] = {}
    for other in longer:
        found |= index[other]
    return found
