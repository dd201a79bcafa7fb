"""The economy on which a package is played, full or summed to the parties and their partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.sectors import BY_CODE
from tradetalks.model import Economy
from tradetalks.world.aggregate import aggregate
from tradetalks.world.dollars import dollar_scale
from tradetalks.world.tariffs import us_duties
from tradetalks.world.world import World

Floats = NDArray[np.float64]

#: The year of the customs values.
CUSTOMS_YEAR = 2024

#: Regions of the economy used for draws: the parties, whom the terms name, and the largest partners.
DRAW_REGIONS = 16


@dataclass(frozen=True, eq=False)
class Stage:
    """A world, its economy, and what its dollars are worth."""

    world: World
    economy: Economy
    scale: Floats
    """[n] dollars of ``usd_year`` per base-year dollar."""
    usd_year: int
    note: str
    """How the dollars were scaled."""
    groups: Floats
    """[full region, region] membership: one where the full region belongs to the region."""
    full_flows: Floats
    """[i, n, s] base flows of the full world, the weights for duties."""
    customs: Floats
    """[i, s] customs value of US imports by origin, billion dollars of ``usd_year``; NaN where there is none."""
    customs_growth: float = 1.0
    """How far ``customs`` was raised from dollars of its own year."""
    closure: str = "fixed"
    """What happens to deficits where no term shifts them."""

    def duties(self, full: Floats) -> Floats:
        """Return duties of the full world [i, n, s] as averages over this world's flows."""
        if self.groups.shape[0] == self.groups.shape[1]:
            return full
        return self._sum(full * self.full_flows) / self._divisor

    def _sum(self, full: Floats) -> Floats:
        """Return [i, n, s] summed over the regions of each group."""
        summed: Floats = np.einsum("ia,ins,nb->abs", self.groups, full, self.groups, optimize=True)
        return summed

    @cached_property
    def _divisor(self) -> Floats:
        flows = self._sum(self.full_flows)
        return np.where(flows > 0, flows, 1.0)

    @cached_property
    def duties_known(self) -> NDArray[np.bool_]:
        """[n] whether the base duties of the importer are known on all the goods it buys abroad."""
        abroad = self.world.flows * (1.0 - np.eye(len(self.world.regions)))[:, :, None] > 0
        goods = np.array([code not in BY_CODE or BY_CODE[code].goods for code in self.world.sectors])
        return np.asarray((self.world.tariff_known | ~abroad | ~goods).all((0, 2)))

    @cached_property
    def flow_scale(self) -> float:
        """Billion dollars of ``usd_year`` per base-year million of trade: growth of world GDP.

        One factor for all flows, so that balances that are fixed stay fixed in dollars.
        """
        return float((self.scale * self.world.gdp).sum() / self.world.gdp.sum()) / 1000.0

    def region(self, name: str) -> int:
        """Return the position of a region, by its code."""
        return self.world.regions.index(name)


def full_stage(world: World, year: int) -> Stage:
    """Return the stage of the whole ``world`` with dollars of ``year`` (or the last year published)."""
    return _stage(world, world, np.eye(len(world.regions)), year)


def draw_stage(world: World, year: int, named: Sequence[str]) -> Stage:
    """Return the stage summed to ``named`` regions, their largest partners, and the rest."""
    n = [world.regions.index(name) for name in named]
    trade = world.flows[:, n].sum((1, 2)) + world.flows[n].sum((0, 2))
    partners = [world.regions[i] for i in np.argsort(-trade) if world.regions[i] not in (*named, "ROW")]
    kept = [*named, *partners][: max(DRAW_REGIONS - 1, len(named))]
    small = aggregate(world, kept)
    home = {member: g for g, members in enumerate(small.members) for member in members}
    groups = np.zeros((len(world.regions), len(small.regions)))
    for i, members in enumerate(world.members):
        groups[i, home[members[0]]] = 1.0
    return _stage(world, small, groups, year)


def _stage(full: World, world: World, groups: Floats, year: int) -> Stage:
    scale, usd_year, note = dollar_scale(world, year)
    return Stage(
        world=world,
        economy=Economy.from_world(world),
        scale=scale,
        usd_year=usd_year,
        note=note,
        groups=groups,
        full_flows=full.flows,
        customs=_customs(full, groups) * _growth_since_customs(world, year),
        customs_growth=_growth_since_customs(world, year),
    )


def _growth_since_customs(world: World, year: int) -> float:
    """Return the growth of world GDP from the year of the customs values to ``year``."""
    now, then = (dollar_scale(world, when)[0] @ world.gdp for when in (year, max(CUSTOMS_YEAR, world.year)))
    return float(now / then)


def _customs(full: World, groups: Floats) -> Floats:
    """Return the customs value of US imports [i, s], USD billion; NaN where no origin has any.

    Where only some members of a group have customs values, their ratio to the table's flow stands for all.
    """
    value = np.full((len(full.regions), len(full.sectors)), np.nan)
    for row in us_duties().iter_rows(named=True):
        if row["imports_usd"] is not None and row["origin"] in full.regions and row["sector"] in full.sectors:
            i, s = full.regions.index(row["origin"]), full.sectors.index(row["sector"])
            value[i, s] = row["imports_usd"] / 1e9
    if "USA" not in full.regions:
        return np.full((groups.shape[1], value.shape[1]), np.nan)
    table = full.flows[:, full.regions.index("USA")]
    covered = groups.T @ np.where(np.isnan(value), 0.0, table)
    customs = groups.T @ np.nan_to_num(value)
    whole = groups.T @ table
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(covered > 0, customs * whole / covered, np.nan)
