"""Rates of duty as the tariff schedule writes them: ``2.5%``, ``1.2¢/kg + 3%``, ``Free (JP,KR)``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_PERCENT = re.compile(r"(?P<number>[\d.,]+)\s*%")
_AMOUNT = re.compile(r"(?:\$(?P<dollars>[\d.,]+)|(?P<cents>[\d.,]+)\s*¢)\s*(?:/\s*(?P<unit>[\w.³ ]+?)|(?P<each>each))")
_PROGRAMME = re.compile(r"(?P<rate>[^()]*?)\s*\((?P<codes>[^()]*)\)")


@dataclass(frozen=True, slots=True)
class Rate:
    """An ad valorem percentage plus an amount of USD a unit; either may be zero."""

    pct: float
    amount: float = 0.0
    unit: str | None = None


def _number(text: str) -> float:
    return float(text.replace(",", ""))


@cache
def parse_rate(text: str) -> Rate | None:
    """Return the rate in ``text``, or None where it cannot be reduced to percent plus USD a unit.

    ``Free`` is zero. A rate on a part of the article ("5% on the case"), a conditional or a textual
    rate ("see note 4") is None: it is unknown, not zero.
    """
    words = " ".join(re.sub(r"<[^>]*>|\d+/$", "", text).split()).rstrip(".")
    if words.casefold() == "free":
        return Rate(0.0)
    pct, amount, unit = 0.0, 0.0, None
    for part in words.split(" + "):
        if percent := _PERCENT.fullmatch(part.strip()):
            pct += _number(percent["number"])
        elif (specific := _AMOUNT.fullmatch(part.strip())) and unit is None:
            amount = _number(specific["dollars"]) if specific["dollars"] else _number(specific["cents"]) / 100
            unit = "each" if specific["each"] else specific["unit"].strip()
        else:
            return None
    return Rate(pct, round(amount, 8), unit) if words else None


@cache
def programmes(text: str) -> Mapping[str, str]:
    """Return the rate text of each programme code in a "special" column, e.g. ``{"KR": "Free"}``."""
    found: dict[str, str] = {}
    for match in _PROGRAMME.finditer(" ".join(text.split())):
        for code in match["codes"].split(","):
            found[code.strip()] = match["rate"].strip()
    return found
