"""Making an input-output table balance, and saying what was changed.

A published table is an estimate: some cells contradict each other (a sector that buys more inputs
than it sells, a region that uses more of a good than reaches it). The model needs none of that, so
the fewest cells are moved, by rules, and each is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradetalks.world.world import Array

#: Least share of output that is value added. The unit cost of a sector without value added would
#: not depend on its own wage; 2% is the floor that ICIO itself keeps (Iceland's C21: exactly 0.02).
LEAST_VALUE_ADDED = 0.02


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that balancing moved, in millions of the table's currency."""

    step: str
    region: str
    sector: str
    """Sector whose goods or inputs the cell counts."""
    cell: str
    before: float
    after: float
    why: str


@dataclass(frozen=True, slots=True)
class Balanced:
    """A table that satisfies the identities of :class:`tradetalks.world.world.World`."""

    flows: Array
    input_use: Array
    value_added: Array
    changes: tuple[Change, ...]


def balance(regions: Sequence[str], sectors: Sequence[str], flows: Array, input_use: Array, tariffs: Array) -> Balanced:
    """Return the table with the identities restored, and every changed cell.

    1. negative flows become zero (a fall of stocks that exceeds sales);
    2. a region's sector without output uses no inputs;
    3. a region's use of an input is capped at what it spends on it, all users by the same factor;
    4. a sector's input use is capped at 98% of its output, all inputs by the same factor.

    Steps 3 and 4 only lower input use, so neither undoes the other. Value added is the residual.

    Args:
        regions: N labels.
        sectors: S labels.
        flows: [N, N, S] exporter, importer, sector; net of duty.
        input_use: [N, S, S] region, using sector, input; duty included.
        tariffs: [N, N, S] duties as fractions.
    """
    flows, use = flows.copy(), input_use.copy()
    changes: list[Change] = []

    for i, n, s in np.argwhere(flows < 0):
        cell = f"flows[{regions[i]}, {regions[n]}, {sectors[s]}]"
        changes.append(
            Change("negative flow", regions[i], sectors[s], cell, flows[i, n, s], 0.0, "sales cannot be negative")
        )
    np.maximum(flows, 0.0, out=flows)

    def scale(step: str, region: int, users: slice | int, inputs: slice | int, factor: float, why: str) -> None:
        block = np.zeros(use.shape[1:], dtype=bool)
        block[users, inputs] = True
        for k, s in np.argwhere(block & (use[region] != 0)):
            before = float(use[region, k, s])
            use[region, k, s] = before * factor
            cell = f"input_use[{regions[region]}, {sectors[k]}, {sectors[s]}]"
            changes.append(Change(step, regions[region], sectors[k], cell, before, before * factor, why))

    output = flows.sum(axis=1)
    for n, k in np.argwhere((output == 0) & (use.sum(axis=2) != 0)):
        scale("absent sector", n, int(k), slice(None), 0.0, "the sector has no output")

    spending = (flows * (1.0 + tariffs)).sum(axis=0)
    used = use.sum(axis=1)
    for n, s in np.argwhere(used > spending):
        factor = float(spending[n, s] / used[n, s]) * (1.0 - 1e-12)
        why = f"use {used[n, s]:.6g} above absorption {spending[n, s]:.6g}"
        scale("cap at absorption", n, slice(None), int(s), factor, why)

    cost = use.sum(axis=2)
    most = (1.0 - LEAST_VALUE_ADDED) * output
    for n, k in np.argwhere((cost > most) & (output > 0)):
        why = f"inputs {cost[n, k] / output[n, k]:.4%} of output {output[n, k]:.6g}"
        scale("least value added", n, int(k), slice(None), float(most[n, k] / cost[n, k]), why)

    return Balanced(flows, use, output - use.sum(axis=2), tuple(changes))
