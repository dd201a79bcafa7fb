"""Search in the words of the schedule, and in words that people use for what the schedule calls otherwise.

A line counts the words asked for that its own words, those of its headings, or the everyday names of its goods
(``data/everyday.csv``: a laptop is an automatic data processing machine of 8471.30) hold. Of lines with as many
words the one comes first that is named by an everyday word, then by how rare its words are and how few others they
stand with, times the trade of 2024.
"""

from __future__ import annotations

import csv
import math
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

import polars as pl

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.law.editions import Added, added
from tradetalks.law.measure import DATA, SCHEDULE_SINCE
from tradetalks.law.schedule import dotted, edition_of, on_day

#: Words that say nothing of goods.
_EMPTY = frozenset(("a", "and", "as", "by", "for", "from", "in", "its", "nesoi", "not", "of", "on", "or", "other",
                    "than", "the", "their", "to", "whether", "with"))  # fmt: skip
#: Weight of an everyday word: above what any word of the schedule can have.
_EVERYDAY = 200.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A line found."""

    __pydantic_config__: ClassVar = {"use_attribute_docstrings": True}

    line: str
    """With dots: eight digits where all its statistical lines fit, ten where only some do."""
    words: str
    heading: str
    """The words of the heading above it."""
    score: float
    general: str
    """Rate of column 1 general as written."""
    imports_usd: float
    """US imports of 2024 in the line, all origins."""


@dataclass(frozen=True, slots=True)
class _Index:
    """The lines that bear rates on a day, and where each word is."""

    lines: list[str]
    """Ascending."""
    words: list[str]
    general: list[str]
    imports: list[float]
    groups: Mapping[str, str]
    """The words of headings (four digits), subheadings (six) and lines of eight digits that have statistical ones."""


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
def _everyday() -> dict[tuple[str, ...], list[str]]:
    """Return the beginnings of lines of each everyday name, by its stems."""
    rows = csv.DictReader((DATA / "everyday.csv").read_text(encoding="utf-8").splitlines())
    return {tuple(stems(name)): row["codes"].split() for row in rows for name in row["said"].split("|")}


@cache
def _index(edition: date, more: tuple[Added, ...]) -> _Index:
    above = dict(pl.read_parquet(str(DATA / "headings.parquet")).iter_rows())
    lines = on_day(edition).select("line", "description", "general").collect().sort("line")
    parents = set(lines.filter(pl.col("line").str.len_chars() == 10)["line"].str.slice(0, 8))
    whole = lines.filter((pl.col("line").str.len_chars() == 10) | ~pl.col("line").is_in(list(parents)))
    trade = pl.scan_parquet(str(DATA / "weights_2024.parquet")).group_by("line").agg(pl.col("imports_usd").sum())
    bought = whole.join(trade.collect(), on="line", how="left", maintain_order="left")["imports_usd"].fill_null(0)
    codes = whole["line"].to_list()
    eight = {code: words for code, words in lines.select("line", "description").iter_rows() if code in parents}
    return _Index(codes, whole["description"].to_list(), whole["general"].to_list(), bought.to_list(), above | eight)


def search(text: str, on: date, limit: int = 20) -> list[Hit]:
    """Return the lines of ``on`` that fit ``text`` best, best first; digits are the beginning of a line.

    Raises:
        BadInput: no word to look for, or none of them is in the schedule.
    """
    asked = list(dict.fromkeys(stems(text.replace(".", "") if re.fullmatch(r"[\d. ]+", text) else text)))
    if not asked:
        raise BadInput(f"search: {text[:40]!r} has no word to look for; describe the goods, for example 'brake pads'")
    index = _index(edition_of(max(on, SCHEDULE_SINCE)), added())
    hits, score = _scores(asked, index)
    if not score:
        near = did_you_mean(asked[0], _known(index))
        raise BadInput(
            f"search: no line speaks of {text[:40]!r}: the schedule names what goods are and what they are made of, "
            f"no brands{near}"
        )
    ranked: list[tuple[int, float, Hit]] = []
    for code, members in _by_eight(index, score).items():
        best = max(len(hits.get(n, ())) for n in members)
        fits = [n for n in members if len(hits.get(n, ())) == best]
        # Where all the suffixes fit the line is the answer, else those that do.
        for group in [fits] if len(fits) == len(members) else [[n] for n in fits]:
            n, imports = group[0], sum(index.imports[n] for n in group)
            value = max(score[n] for n in group) * (1 + math.log10(1 + imports / 1e6))
            line = code if len(group) == len(members) else index.lines[n]
            words = index.groups.get(line) or index.words[n]
            hit = Hit(dotted(line), words, index.groups.get(line[:4], ""), round(value, 3), index.general[n], imports)
            ranked.append((-best, -value, hit))
    ranked.sort(key=lambda one: (*one[:2], one[2].line))
    return [hit for _, _, hit in ranked[:limit]]


def _scores(asked: list[str], index: _Index) -> tuple[dict[int, set[int]], dict[int, float]]:
    """Return, of each line that fits, which of the words asked for it holds, and its score."""
    hits: dict[int, set[int]] = {}
    score: dict[int, float] = {}

    def hold(n: int, words: range, weight: float) -> None:
        hits.setdefault(n, set()).update(words)
        score[n] = score.get(n, 0.0) + weight

    for words, codes in _named(asked):
        for rank, code in enumerate(codes):
            for n in _beginning(code, index):
                hold(n, words, _EVERYDAY / (1 + 0.2 * rank))
    for place, word in enumerate(asked):
        places = dict.fromkeys(_beginning(word, index), 1.0) if word.isdigit() and len(word) > 3 else {}
        places = places or _places(word, index, exact=True) or _places(word, index, exact=False)
        for n, weight in places.items():
            hold(n, range(place, place + 1), weight * math.log(1 + len(index.lines) / len(places)) ** 2)
    return hits, score


def _named(asked: list[str]) -> list[tuple[range, list[str]]]:
    """Return the everyday names in the words asked for, long ones first and no word twice: places, and codes."""
    found: list[tuple[range, list[str]]] = []
    taken: set[int] = set()
    for length in range(len(asked), 0, -1):
        for first in range(len(asked) - length + 1):
            words = range(first, first + length)
            codes = _everyday().get(tuple(asked[first : first + length]))
            if codes and taken.isdisjoint(words):
                found.append((words, codes))
                taken.update(words)
    return found


def _beginning(code: str, index: _Index) -> range:
    """Return the positions of the lines that begin with ``code``."""
    return range(bisect_left(index.lines, code), bisect_left(index.lines, code + ":"))  # ":" > "9"


def _by_eight(index: _Index, score: Mapping[int, float]) -> dict[str, range]:
    """Return, of the lines of eight digits that hold one with a score, the positions of all their lines."""
    return {code: _beginning(code, index) for code in dict.fromkeys(index.lines[n][:8] for n in score)}


def _places(word: str, index: _Index, *, exact: bool) -> dict[int, float]:
    """Return the lines whose words, or those of a group above them, hold the stem ``word``, with its weight there.

    Not ``exact``, a longer word that begins so will do. A short text says what goods are, a long one mentions much.
    """
    if not exact and len(word) < 4:
        return {}
    sought = word[:-1] if word.endswith("y") else word  # batteries, battery

    def weight(text: str) -> float:
        if sought not in text.casefold():
            return 0.0
        said = stems(text)
        held = word in said if exact else any(other.startswith(word) for other in said)
        return 1 / math.sqrt(len(said)) if held else 0.0

    found: dict[int, float] = {}
    for code, words in index.groups.items():
        if value := weight(words):
            for n in _beginning(code, index):
                found[n] = found.get(n, 0.0) + value
    for n, words in enumerate(index.words):
        # Where a suffix has the words of its line they count once.
        if words != index.groups.get(index.lines[n][:8]) and (value := weight(words)):
            found[n] = found.get(n, 0.0) + value
    return found


def _known(index: _Index) -> list[str]:
    """Return the everyday names, and the stems of the schedule that are words."""
    said = {word for text in (*index.words, *index.groups.values()) for word in stems(text) if len(word) > 2}
    return [*(" ".join(name) for name in _everyday()), *sorted(said)]
