"""Values of all packages from the values of a few: single levels, pairs, and a core solved in full.

A package picks one level of each factor; level 0 is to leave it out. Its value is the sum of its levels'
values alone, of what pairs of levels add, and, for the few factors that act on each other most (the core), of
what more than two of them add. Pairs that hardly matter are dropped, so that the factors fall into blocks
whose values add; how far that is from the full equilibrium is measured, not assumed (see ``deals``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Two terms act on each other when their interaction exceeds this share of the smaller one's value.
SHARE = 0.02

#: Interactions below this (billion dollars: ten thousand dollars) are the solver's dust.
DUST = 1e-5

#: Largest block that is listed; where the share above would join more, it is raised until they fit.
LARGEST = 2**20

#: Most packages of the core, each solved in full.
CORE = 64


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Values of packages as sums, in billion dollars by party [2]."""

    single: tuple[Floats, ...]
    """Per factor [level, party]; level 0 is zero."""
    pair: Mapping[tuple[int, int], Floats] = field(default_factory=dict)
    """(f, g) with f < g -> [level of f, level of g, party], what the two add to their own values."""
    core: tuple[int, ...] = ()
    """Factors, ascending, solved in full together."""
    residual: Floats = field(default_factory=lambda: np.zeros(2))
    """[level of each core factor, ..., party]: what the sums miss of the core."""

    @property
    def levels(self) -> tuple[int, ...]:
        """How many levels each factor has."""
        return tuple(len(values) for values in self.single)

    def plus(self, single: Sequence[Floats]) -> Surrogate:
        """Return the surrogate with ``single`` [level, party] added to each factor's own values."""
        return replace(self, single=tuple(a + b for a, b in zip(self.single, single, strict=True)))

    def of(self, choices: Places) -> Floats:
        """Return the values [n, party] of packages, given as the level of each factor [n, factor]."""
        value = np.zeros((len(choices), 2))
        for f, own in enumerate(self.single):
            value += own[choices[:, f]]
        for (f, g), extra in self.pair.items():
            value += extra[choices[:, f], choices[:, g]]
        return value + self.residual[tuple(choices[:, f] for f in self.core)] if self.core else value

    def within(self, blocks: Sequence[Sequence[int]]) -> Surrogate:
        """Return the surrogate without the pairs that fall in different blocks: blocks add."""
        home = {f: b for b, block in enumerate(blocks) for f in block}
        return replace(self, pair={(f, g): x for (f, g), x in self.pair.items() if home[f] == home[g]})

    def listed(self, block: Sequence[int]) -> Floats:
        """Return the values [n, party] of every choice of levels in ``block``, the last factor fastest."""
        value = np.zeros((2, 1))
        for place, g in enumerate(block):
            columns = [value]
            for level in range(1, len(self.single[g])):
                extra = self.single[g][level][:, None]
                for f in block[:place]:
                    if (f, g) in self.pair:
                        extra = _outer(extra, self.pair[f, g][:, level].T)
                    else:
                        extra = _outer(extra, np.zeros((2, self.levels[f])))
                columns.append(value + extra)
            value = np.stack(columns, axis=2).reshape(2, -1)
        if self.core and set(self.core) <= set(block):
            shape = [self.levels[f] if f in self.core else 1 for f in block]
            missed = np.moveaxis(self.residual, -1, 0).reshape(2, *shape)
            value = (value.reshape(2, *(self.levels[f] for f in block)) + missed).reshape(2, -1)
        return value.T


def summed(single: Sequence[Floats]) -> Floats:
    """Return the sums [n, party] of one row of each of ``single`` [level, party], the last fastest."""
    return _sums(single).T


def _sums(single: Sequence[Floats]) -> Floats:
    """Return the sums [party, n]; halves first, so that the inner loop is long."""
    if len(single) < 2:
        return single[0].T if single else np.zeros((2, 1))
    half = len(single) // 2
    return _outer(_sums(single[:half]), _sums(single[half:]))


def _outer(one: Floats, two: Floats) -> Floats:
    """Return the sums [party, m * n] of [party, m] and [party, n]; each party's lie together in memory."""
    return np.asarray((one[:, :, None] + two[:, None, :]).reshape(2, -1))


def blocks(surrogate: Surrogate, together: Sequence[Sequence[int]] = ()) -> tuple[tuple[tuple[int, ...], ...], float]:
    """Return the factors that must be listed together, and the share above which interactions were kept.

    Args:
        surrogate: economic values.
        together: factors that stay in one block for another reason; the core does too.
    """
    levels = surrogate.levels
    strength = {key: _strength(surrogate, *key) for key in surrogate.pair}
    share = SHARE
    while True:
        joined = [tuple(key) for key, ratio in strength.items() if ratio > share]
        found = _components(len(levels), [*joined, *together, surrogate.core])
        if max((prod(levels[f] for f in block) for block in found), default=1) <= LARGEST:
            return found, share
        weaker = [ratio for ratio in strength.values() if ratio > share]
        if not weaker:
            return found, share
        share = min(weaker)


def _strength(surrogate: Surrogate, f: int, g: int) -> float:
    """Return the largest interaction of two factors' levels, as a share of the smaller term's value."""
    one, two = np.abs(surrogate.single[f])[:, None, :], np.abs(surrogate.single[g])[None, :, :]
    extra = np.abs(surrogate.pair[f, g])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(extra > DUST, extra / np.minimum(one, two), 0.0)
    return float(ratio.max())


def _components(count: int, groups: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Return the sets of 0..count-1 that ``groups`` connect, each ascending."""
    home = list(range(count))
    for group in groups:
        homes = {home[f] for f in group}
        home = [min(homes) if h in homes else h for h in home]
    return tuple(tuple(f for f in range(count) if home[f] == h) for h in sorted(set(home)))


def core_of(pair: Mapping[tuple[int, int], Floats], levels: Sequence[int]) -> tuple[int, ...]:
    """Return the factors that act on each other most, as many as :data:`CORE` packages allow."""
    chosen: set[int] = set()
    for f, g in sorted(pair, key=lambda key: -float(np.abs(pair[key]).max())):
        wider = chosen | {f, g}
        if np.abs(pair[f, g]).max() > DUST and prod(levels[h] for h in wider) <= CORE:
            chosen = wider
    return tuple(sorted(chosen)) if len(chosen) > 2 else ()
