"""What in a world does not add up: which identity, where, by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradetalks.world.world import Array, World

#: Findings smaller than this share of world GDP are rounding.
TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of an identity."""

    what: str
    """The identity, in words."""
    region: str
    """Region, or ``world``."""
    sector: str | None
    amount: float
    """Left side less right side, in millions of the world's currency."""
    share: float
    """Size of ``amount`` as a share of world GDP."""

    def __str__(self) -> str:
        where = self.region if self.sector is None else f"{self.region} {self.sector}"
        return f"{where}: {self.what}: off by {self.amount:,.6g} million ({self.share:.2e} of world GDP)"


def check(world: World, tolerance: float = TOLERANCE) -> list[Finding]:
    """Return every breach of the world's identities above ``tolerance`` of world GDP, largest first.

    - output = value added + input use, by region and sector;
    - spending covers input use (final demand is not negative), by region and sector;
    - income (value added, duty, deficit) = final demand, by region;
    - trade balances sum to zero over the world;
    - a region's sector without output has no value added and no inputs.
    """
    output, use = world.output, world.input_use
    found: list[tuple[str, Array]] = [
        ("output equals value added plus input use", output - world.value_added - use.sum(axis=2)),
        ("spending covers input use", np.minimum(world.final_demand, 0.0)),
        (
            "a sector without output uses nothing",
            np.where(world.absent, world.value_added + use.sum(axis=2), 0.0),
        ),
        ("income equals final demand", world.gdp + world.deficits - world.final_demand.sum(axis=1)),
        ("trade balances sum to zero", np.array(world.deficits.sum())),
    ]
    gdp = float(world.gdp.sum())
    findings: list[Finding] = []
    for what, gap in found:
        for cell in np.argwhere(np.abs(gap) > tolerance * gdp):
            index = tuple(int(i) for i in cell)
            amount = float(gap[index])
            region = world.regions[index[0]] if index else "world"
            sector = world.sectors[index[1]] if len(index) > 1 else None
            findings.append(Finding(what, region, sector, amount, abs(amount) / gdp))
    return sorted(findings, key=lambda one: -one.share)
