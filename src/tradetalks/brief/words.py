"""Names of governments, sectors and days as a reader writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tradetalks.ground.countries import COUNTRIES
from tradetalks.ground.sectors import BY_CODE

_ARTICLE = {"ARE", "BHS", "CAF", "COD", "COG", "COM", "DOM", "EU", "GBR", "GMB", "MDV", "MHL", "NLD", "PHL", "USA"}

_ISO_DAY = re.compile(r"\b20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]|29|3[01])\b")


def nation(iso3: str, start: bool = False) -> str:
    """Return the country’s name with the article that prose needs; ``start`` of a sentence."""
    name = COUNTRIES[iso3].name if iso3 in COUNTRIES else iso3
    if iso3 not in _ARTICLE:
        return name
    return f"{'The' if start else 'the'} {name}"


def name(iso3: str) -> str:
    """Return the country’s name as a heading of a table."""
    return COUNTRIES[iso3].name if iso3 in COUNTRIES else iso3


def series(words: Sequence[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def long_date(day: date) -> str:
    """Return ``20 April 2025``."""
    return f"{day.day} {day:%B %Y}"


def spelled(text: str) -> str:
    """Return ``text`` with the codes of sectors and countries replaced by their names."""

    def spell(found: re.Match[str]) -> str:
        article, word = found["article"] or "", found["word"]
        if word in BY_CODE:
            return f"{article}{BY_CODE[word].name}"
        return nation(word, article.startswith("T")) if word in _ARTICLE else f"{article}{nation(word)}"

    return re.sub(r"(?P<article>\b[Tt]he )?\b(?P<word>[A-Z]\w+)\b", spell, text)


def sentence(text: str) -> str:
    """Return ``text`` with a capital, a full stop and its days written out."""
    text = _ISO_DAY.sub(lambda found: long_date(date.fromisoformat(found[0])), text.strip())
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def plainly(text: str, parties: Sequence[str]) -> str:
    """Return ``text`` with the codes of ``parties`` replaced by their names and days written out.

    An article that stands before a code is not said twice, and a name that begins a sentence has its capital. A code
    within a compound (``US-EU``) or after ``a`` and ``an`` belongs to the word that follows and stays.
    """
    for party in parties:
        code = re.compile(rf"(?<!\ba )(?<!\ban )(?P<article>\b[Tt]he )?(?<![\w-]){party}(?![\w-])")
        text = code.sub(lambda found, party=party: nation(party, _begins(found)), text)  # type: ignore[misc]
    return sentence(text)


def _begins(found: re.Match[str]) -> bool:
    """Return whether a match begins a sentence."""
    before = found.string[: found.start()].rstrip(" “(")
    return (found["article"] or "").startswith("T") or not before or before.endswith((".", "!", "?"))
