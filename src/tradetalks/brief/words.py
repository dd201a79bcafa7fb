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
    return re.sub(r"\b[A-Z]\w+\b", lambda word: BY_CODE[word[0]].name if word[0] in BY_CODE else nation(word[0]), text)


def sentence(text: str) -> str:
    """Return ``text`` with a capital, a full stop and its days written out."""
    text = _ISO_DAY.sub(lambda found: long_date(date.fromisoformat(found[0])), text.strip())
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def plainly(text: str, parties: Sequence[str]) -> str:
    """Return ``text`` with the codes of ``parties`` replaced by their names and days written out."""
    for party in parties:
        text = re.sub(rf"^{party}\b", nation(party, True), text)
        text = re.sub(rf"\b{party}\b", nation(party), text)
    return sentence(text)
