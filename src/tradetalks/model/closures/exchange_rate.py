"""Deficits free to meet an exchange rate: what a region must borrow or lend for its prices to move so far.

The transfer problem read backwards (Dekle, Eaton & Kortum, IMF Staff Papers 55(3), 2008, give the transfer and
find the prices). There is no money in the model: an exchange rate is a ratio of consumer prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.model.system import Array, Base


@dataclass(frozen=True)
class ExchangeRate:
    """The real exchange rate that a region's deficit is to bring about.

    Consumer prices of ``region``, over those of ``against``, change by ``change`` (0.1: ten percent dearer, a real
    appreciation) relative to the base. All other deficits move by the counter-entry alone.
    """

    region: str
    change: float
    against: str | None = None
    """One region; ``None``: all partners, weighted by their trade with the region."""
    lenders: str | None = None
    """The region whose deficit takes the counter-entry; ``None``: all others, by GDP."""


class Target(NamedTuple):
    """An :class:`ExchangeRate` in numbers."""

    goal: Array
    """Log of the rate to reach, relative to base; a scalar."""
    weight: Array
    """[n] weight of the log of each region's consumer prices in that of the rate; they sum to zero."""
    direction: Array
    """[n] deficits, base currency, that make up one unit of the shift: a GDP of the region; they sum to zero."""
    response: Array | None = None
    """[u] how all unknowns respond at the base to one unit of the shift; it guides the solver."""


def target(rate: ExchangeRate, regions: Sequence[str], base: Base) -> Target:
    """Return ``rate`` in numbers for the economy ``base`` of ``regions``.

    Raises:
        BadInput: no such region, a region against itself, or a change that is not above -1.
    """
    own = _index(rate.region, regions, "region")
    if not np.isfinite(rate.change) or rate.change <= -1.0:
        raise BadInput(f"exchange rate: change = {rate.change!r} must be a fraction above -1 (0.1 is 10% dearer)")
    others = np.arange(len(regions)) != own
    flow = np.asarray(base.share / base.gross * base.spending[:, None, :]).sum(0)
    gdp = np.asarray(base.labour_income)
    partners = _among(rate.against, regions, rate.region, "against", (flow[own] + flow[:, own]) * others)
    lenders = _among(rate.lenders, regions, rate.region, "lenders", gdp * others)
    unit = np.eye(len(regions))[own]
    return Target(np.log1p(rate.change), unit - partners, gdp[own] * (unit - lenders))


def _among(name: str | None, regions: Sequence[str], own: str, field: str, weight: Array) -> Array:
    """Return weights [n] that sum to one: all on ``name``, or in proportion to ``weight``."""
    if name is None:
        return weight / weight.sum()
    if name == own:
        raise BadInput(f"exchange rate: {field} is {own} itself; name another region")
    return np.eye(len(regions))[_index(name, regions, field)]


def _index(name: str, regions: Sequence[str], field: str) -> int:
    if name not in regions:
        raise BadInput(f"exchange rate: {field}: no region {name!r}{did_you_mean(name, regions)}")
    return list(regions).index(name)
