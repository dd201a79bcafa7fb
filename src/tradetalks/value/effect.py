"""What a term does to the world, as data: shocks for the model, and money outside it.

Effects add: a package's effect is the sum of its terms', in any order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal


@dataclass(frozen=True)
class RateEdit:
    """A change of an importer's duty on one exporter's goods."""

    importer: str
    exporter: str
    scope: Literal["lines", "sector", "measure"]
    names: tuple[str, ...]
    """HTS prefixes (digits), or one sector (or ``all``), or one measure or group of measures."""
    how: Literal["total", "add", "cut", "rate"]
    """All-in duty; points on top; points off (never below zero); the measure's own rate."""
    pct: float


@dataclass(frozen=True)
class CostCut:
    """A trade cost hat on one flow; several multiply."""

    exporter: str
    importer: str
    sector: str
    hat: float


@dataclass(frozen=True)
class Purchase:
    """A yearly increment of one flow, at exporter prices, over what it is without purchases."""

    seller: str
    buyer: str
    sector: str
    usd_bn: float


@dataclass(frozen=True)
class Diversion:
    """A yearly amount of one flow that comes out of the other foreign suppliers'."""

    exporter: str
    importer: str
    sector: str
    usd_bn: float


@dataclass(frozen=True)
class DeficitShift:
    """A rise of one party's deficit, with the counter-entry in another's, or in all others' by GDP."""

    party: str
    counterpart: str | None
    pct_of_gdp: float
    limit_pct: float = 3.0
    """Largest move of any region's deficit that is priced, percent of its GDP."""


@dataclass(frozen=True)
class Money:
    """A gain (+) or cost (-) outside the model; ``None`` is not known."""

    party: str
    usd_bn: float | None
    once: bool
    """One-off, as a loss on securities held; otherwise a year's flow."""


@dataclass(frozen=True)
class Effect:
    """The shocks of a term or a package."""

    rates: tuple[RateEdit, ...] = ()
    costs: tuple[CostCut, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    diversions: tuple[Diversion, ...] = ()
    deficits: tuple[DeficitShift, ...] = ()
    money: tuple[Money, ...] = ()

    @property
    def regions(self) -> set[str]:
        """Every region that the effect names."""
        found: set[str] = set()
        for edit in self.rates:
            found |= {edit.importer, edit.exporter}
        for cut in self.costs:
            found |= {cut.importer, cut.exporter}
        for diversion in self.diversions:
            found |= {diversion.importer, diversion.exporter}
        for purchase in self.purchases:
            found |= {purchase.buyer, purchase.seller}
        for shift in self.deficits:
            found |= {shift.party} | ({shift.counterpart} if shift.counterpart else set())
        return found - {"*"}


#: The kinds of shocks, in order.
_KINDS = tuple(field.name for field in fields(Effect))


def total(effects: Iterable[Effect]) -> Effect:
    """Return the sum of ``effects`` in a canonical order, so that the order of terms cannot matter."""
    several = tuple(effects)
    kinds = (tuple(one for effect in several for one in getattr(effect, kind)) for kind in _KINDS)
    return Effect(*(tuple(sorted(found, key=repr)) if len(found) > 1 else found for found in kinds))
