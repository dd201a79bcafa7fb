"""One term as a draft puts it on the table, with what speaks for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tradetalks.ground.countries import COUNTRIES
from tradetalks.ground.sectors import BY_CODE

_GROUPS = {"EU": "EU", "ROW": "rest of the world"}
_ARTICLE = {"ARE", "COD", "EU", "GBR", "NLD", "PHL", "ROW", "USA"}


@dataclass(frozen=True)
class Proposal:
    """A term of the draft: the fields that a case file holds, and who would ask for it."""

    id: str
    title: str
    kind: str
    """A kind of :data:`tradetalks.value.terms.KINDS`."""
    body: Mapping[str, object]
    asked_by: str
    """The party that wants it."""
    slot: str
    """What it settles; of one slot a package holds one term."""
    source: str
    note: str
    modest: bool = False
    """Whether it is the middle way of its slot, for a package of exchange."""
    illustrative: bool = False
    """Whether nobody named the size."""
    issues: tuple[str, ...] = field(default=())
    """Issues of the record that it would settle."""


def name_of(party: str, start: bool = False) -> str:
    """Return a party's name in prose, such as ``Japan`` or ``the EU``; ``start`` of a sentence."""
    name = _GROUPS[party] if party in _GROUPS else COUNTRIES[party].name
    return f"{'The' if start else 'the'} {name}" if party in _ARTICLE else name


def sector_name(code: str) -> str:
    """Return the plain name of a sector."""
    return BY_CODE[code].name


def money(usd_bn: float) -> str:
    """Return an amount in words, to three digits."""
    return f"{usd_bn:.3g} billion dollars" if usd_bn >= 1 else f"{rounded(1000 * usd_bn, 2):g} million dollars"


def rounded(number: float, digits: int = 1) -> float:
    """Return ``number`` to so many significant digits: a proposal knows no more."""
    if number == 0:
        return 0.0
    return round(number, digits - 1 - math.floor(math.log10(abs(number))))
