"""Which tariffs are chosen, and which cells of the tariff array each of them moves.

The unknown of a choice is log(1 + t). ``bilateral``: one a sector and partner; ``mfn``: one a sector,
the same for all partners; ``uniform``: one rate for everything. Members of a bloc share their tariffs,
and a bloc as a partner is met with one. Cells without trade in the base are left alone: a tariff moves
nothing there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.model.outcome import position
from tradetalks.model.policy.players import Player

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KINDS = ("bilateral", "mfn", "uniform")


@dataclass(frozen=True)
class Instruments:
    """V chosen tariffs and the C cells [s, i, n] that they move, by positions."""

    cells: tuple[Ints, Ints, Ints]
    """Sector, exporter, importer of each cell [c]."""
    variable: Ints
    """[c] which tariff moves the cell."""
    owner: Ints
    """[v] which player sets the tariff, by position among the players."""

    def gathered(self, array: Floats) -> Floats:
        """Return the sums [v] over each tariff's cells of ``array`` [s, i, n]."""
        sums: Floats = np.bincount(self.variable, array[self.cells], len(self.owner)).astype(float)
        return sums

    def set_in(self, gross: Floats, logs: Floats) -> Floats:
        """Return a copy of ``gross`` = 1 + t [s, i, n] in which the tariffs are exp(``logs``) - 1, ``logs`` [v]."""
        new = gross.copy()
        new[self.cells] = np.exp(logs[self.variable])
        return new

    def read_from(self, gross: Floats, weight: Floats) -> Floats:
        """Return log(1 + t) [v] of each tariff in ``gross``, the mean over its cells by ``weight`` [s, i, n]."""
        # A sliver for all, so that a tariff on goods that have ceased to flow has a mean too.
        weight = weight + 1e-12 * weight.max()
        logs: Floats = self.gathered(weight * np.log(gross)) / self.gathered(weight)
        return logs


def instruments(
    sides: Sequence[tuple[Player, Sequence[Player]]],
    kind: str,
    sectors: Sequence[str] | None,
    names: tuple[str, ...],
    share: Floats,
) -> Instruments:
    """Return the tariffs that each player may set on its partners' goods.

    Args:
        sides: each player with its partners.
        kind: one of ``KINDS``.
        sectors: names of the sectors whose tariffs are chosen; ``None``: all.
        names: the economy's sectors.
        share: [s, i, n] base shares: zero where nothing flows.

    Raises:
        BadInput: no such kind or sector, or nothing flows.
    """
    if kind not in KINDS:
        raise BadInput(f"instruments: {kind!r} is not known{did_you_mean(kind, KINDS)}; use {', '.join(KINDS)}")
    if isinstance(sectors, str):
        raise BadInput(f"sectors: give a list, such as [{sectors!r}]")
    taxed = range(len(names)) if sectors is None else sorted({position(s, names, "sector") for s in sectors})
    ids: dict[tuple[int, ...], int] = {}
    owner: list[int] = []
    rows: list[tuple[int, int, int, int]] = []
    for p, (own, others) in enumerate(sides):
        for s in taxed:
            for o, other in enumerate(others):
                flows = [(i, n) for i in other.at for n in own.at if share[s, i, n] > 0]
                if not flows:
                    continue
                key = {"bilateral": (p, s, o), "mfn": (p, s), "uniform": (p,)}[kind]
                variable = ids.setdefault(key, len(ids))
                if variable == len(owner):
                    owner.append(p)
                rows += [(s, i, n, variable) for i, n in flows]
    if not rows:
        who = ", ".join(own.name for own, _ in sides)
        raise BadInput(f"{who} import nothing of what is named in this economy; name other sectors or partners")
    s, i, n, variable_of = np.array(rows).T
    return Instruments((s, i, n), variable_of, np.array(owner))
