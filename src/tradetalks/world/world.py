"""The base-year economy as one immutable, labelled, validated object.

Symbols as in DESIGN.md: exporter i, importer n, sector s, using sector k. Money is in millions of
the currency; tariffs are fractions (0.25 = 25%).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tradetalks.ground.countries import COUNTRIES, country
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.sectors import BY_CODE, sector

Array = npt.NDArray[np.float64]
_A = TypeVar("_A", bound=npt.NDArray[Any])

#: Where a base tariff comes from, by the code in :attr:`World.tariff_source`.
TARIFF_SOURCES: tuple[str, ...] = (
    "inside the trade cost",
    "none is levied",
    "own",
    "eu-block",
    "world-average",
    "unweighted-2026-stage",
    "aggregated",
)


@dataclass(frozen=True, eq=False)
class World:
    """A base-year economy of N regions and S sectors.

    Identities (see :func:`tradetalks.world.check.check`): output of a region's sector is the sum of its
    sales and equals value added plus input use; spending (duty included) is at least input use, the
    rest is final demand.

    Raises:
        BadInput: an array has the wrong shape, a missing, infinite or negative cell, a tariff of -100% or
            below, a label that stands twice, an elasticity that is not positive; the message names the cell.
    """

    name: str
    year: int
    currency: str
    """Unit of the money arrays, for example ``USD million``."""
    regions: tuple[str, ...]
    """ISO3 codes, ``ROW`` for the rest of the world."""
    sectors: tuple[str, ...]
    flows: Array
    """[N, N, S]: sales of exporter i to importer n of sector s, net of duty, domestic included."""
    input_use: Array
    """[N, S, S]: spending of region n's using sector k on input s, duty included."""
    value_added: Array
    """[N, S]: output less input use; product taxes other than import duty sit inside."""
    tariffs: Array
    """[N, N, S]: duty by exporter, importer and sector. Where it is not known it is zero, or in a group
    of regions the known part of it."""
    tariff_known: npt.NDArray[np.bool_]
    """[N, N, S]: false where the duty sits inside the trade cost."""
    elasticities: Mapping[str, Array]
    """Trade elasticities theta by set name, [S] each."""
    default_elasticity: str
    notes: tuple[str, ...] = ()
    """What was done to the publisher's figures."""
    limits: tuple[str, ...] = ()
    """What these figures cannot say."""
    tariff_source: npt.NDArray[np.int8] | None = None
    """[N, N, S]: index into :data:`TARIFF_SOURCES`; made from ``tariff_known`` when not given."""
    members: tuple[tuple[str, ...], ...] = ()
    """By region, the regions of the published table that it sums; itself when not given."""

    def __post_init__(self) -> None:
        n, s = len(self.regions), len(self.sectors)
        _labels(self.name, "region", self.regions)
        _labels(self.name, "sector", self.sectors)
        shapes = {
            "flows": (n, n, s),
            "input_use": (n, s, s),
            "value_added": (n, s),
            "tariffs": (n, n, s),
        }
        for what, shape in shapes.items():
            floor = -1.0 if what == "tariffs" else 0.0
            array = self._money(what, getattr(self, what), shape, floor)
            object.__setattr__(self, what, array)
        known = np.array(self.tariff_known, dtype=bool)
        self._shape("tariff_known", known, (n, n, s))
        if self.tariff_source is None:
            source = np.where(known, TARIFF_SOURCES.index("own"), 0).astype(np.int8)
        else:
            source = np.array(self.tariff_source, dtype=np.int8)
        self._shape("tariff_source", source, (n, n, s))
        object.__setattr__(self, "tariff_known", _frozen(known))
        object.__setattr__(self, "tariff_source", _frozen(source))
        sets = {key: self._elasticity(key, value) for key, value in self.elasticities.items()}
        object.__setattr__(self, "elasticities", MappingProxyType(sets))
        if not self.members:
            object.__setattr__(self, "members", tuple((label,) for label in self.regions))
        if len(self.members) != n:
            raise BadInput(f"world {self.name}: members lists {len(self.members)} groups for {n} regions")
        if self.default_elasticity not in sets:
            raise BadInput(
                f"world {self.name}: no elasticity set {self.default_elasticity!r}; "
                f"there are {', '.join(sets) or 'none'}"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        values = (getattr(self, one.name) for one in fields(self))
        return World, tuple(dict(one) if isinstance(one, MappingProxyType) else one for one in values)

    def _shape(self, what: str, array: npt.NDArray[np.generic], shape: tuple[int, ...]) -> None:
        if array.shape != shape:
            raise BadInput(
                f"world {self.name}: {what} has shape {array.shape}, but {len(self.regions)} regions and "
                f"{len(self.sectors)} sectors need {shape}"
            )

    def _money(self, what: str, value: npt.ArrayLike, shape: tuple[int, ...], floor: float) -> Array:
        array = np.array(value, dtype=np.float64)
        self._shape(what, array, shape)
        bad = ~np.isfinite(array) | ((array <= floor) if what == "tariffs" else (array < floor))
        if bad.any():
            cell = tuple(int(i) for i in np.argwhere(bad)[0])
            need = "a tariff must be above -100%" if what == "tariffs" else "it must be a number, zero or more"
            raise BadInput(
                f"world {self.name}: {what}[{', '.join(self.cell(what, cell))}] is {array[cell]}; {need}"
                + (f" ({int(bad.sum())} such cells)" if bad.sum() > 1 else "")
            )
        return _frozen(array)

    def _elasticity(self, key: str, value: npt.ArrayLike) -> Array:
        theta = np.array(value, dtype=np.float64)
        self._shape(f"elasticity set {key!r}", theta, (len(self.sectors),))
        bad = ~(np.isfinite(theta) & (theta > 0))
        if bad.any():
            worst = int(np.argmax(bad))
            raise BadInput(
                f"world {self.name}: the trade elasticity of {self.sectors[worst]} in set {key!r} is "
                f"{theta[worst]}; it must be above zero"
            )
        return _frozen(theta)

    def cell(self, what: str, index: tuple[int, ...]) -> tuple[str, ...]:
        """Return the labels of one cell of an array, for messages."""
        first = self.regions[index[0]]
        if what in ("input_use", "value_added"):
            return (first, *(self.sectors[i] for i in index[1:]))
        return (first, self.regions[index[1]], *(self.sectors[i] for i in index[2:]))

    @property
    def trade_elasticity(self) -> Array:
        """Theta by sector of the default set, [S]."""
        return self.elasticities[self.default_elasticity]

    @property
    def output(self) -> Array:
        """Gross output by region and sector, [N, S]: the sum of sales."""
        return _frozen(self.flows.sum(axis=1))

    @property
    def spending(self) -> Array:
        """Spending by region and sector, duty included, [N, S]."""
        return _frozen((self.flows * (1.0 + self.tariffs)).sum(axis=0))

    @property
    def final_demand(self) -> Array:
        """Spending less input use by region and sector, [N, S]."""
        return _frozen(self.spending - self.input_use.sum(axis=1))

    @property
    def tariff_revenue(self) -> Array:
        """Duty paid by importer, [N]."""
        return _frozen((self.flows * self.tariffs).sum(axis=(0, 2)))

    @property
    def gdp(self) -> Array:
        """Value added plus known duty by region, [N]; product taxes on final demand are not in it."""
        return _frozen(self.value_added.sum(axis=1) + self.tariff_revenue)

    @property
    def deficits(self) -> Array:
        """Imports less exports by region, both net of duty, [N]; they sum to zero."""
        return _frozen(self.flows.sum(axis=(0, 2)) - self.flows.sum(axis=(1, 2)))

    @property
    def absent(self) -> npt.NDArray[np.bool_]:
        """True for a region's sector without output, [N, S]; it is masked, never seeded."""
        return np.equal(self.output, 0.0)

    def region(self, text: str) -> int:
        """Return the position of the region that ``text`` names (a label, or a country's name or code).

        Raises:
            BadInput: no such region; a country that this world holds only inside a group or ROW is said to be there.
        """
        if text in self.regions:
            return self.regions.index(text)
        if text.upper() in self.regions:
            return self.regions.index(text.upper())
        code = country(text).iso3
        if code in self.regions:
            return self.regions.index(code)
        groups = (label for label, inside in zip(self.regions, self.members, strict=True) if code in inside)
        holder = next(groups, "ROW" if "ROW" in self.regions and code in COUNTRIES else "")
        inside = f"; it is part of {holder}" if holder else ""
        raise BadInput(f"no region {text!r} ({code}) in {self.name}{inside or did_you_mean(code, self.regions)}")

    def sector(self, text: str) -> int:
        """Return the position of the sector that ``text`` names: a label, or "motor vehicles" for C29.

        Raises:
            BadInput: no such sector, with the nearest names.
        """
        for known in (text, text.upper()):
            if known in self.sectors:
                return self.sectors.index(known)
        if all(code in BY_CODE for code in self.sectors):
            code = sector(text).code
            if code in self.sectors:
                return self.sectors.index(code)
        raise BadInput(f"no sector {text!r} in {self.name}{did_you_mean(text, self.sectors)}")

    def rate_pct(self, importer: str, exporter: str, sector: str) -> float | None:
        """Return the base duty in percent, or None where it sits inside the trade cost.

        Raises:
            BadInput: an unknown region or sector.
        """
        cell = self.region(exporter), self.region(importer), self.sector(sector)
        return float(100.0 * self.tariffs[cell]) if self.tariff_known[cell] else None

    def rate_source(self, importer: str, exporter: str, sector: str) -> str:
        """Return where the base duty comes from, one of :data:`TARIFF_SOURCES`.

        Raises:
            BadInput: an unknown region or sector.
        """
        assert self.tariff_source is not None
        cell = self.region(exporter), self.region(importer), self.sector(sector)
        return TARIFF_SOURCES[int(self.tariff_source[cell])]


def _labels(name: str, what: str, labels: tuple[str, ...]) -> None:
    if not labels:
        raise BadInput(f"world {name}: there must be at least one {what}")
    for label in labels:
        if not isinstance(label, str) or not label:
            raise BadInput(f"world {name}: the {what} label {label!r} is not a word")
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise BadInput(f"world {name}: the {what} {twice} stands twice")


def _frozen(array: _A) -> _A:
    array.flags.writeable = False
    return array
