"""Many packages on one baseline, each begun where smaller ones, solved before, point to.

What a package does to the world is nearly the sum of what its terms do alone and of what pairs of them add. So a
package is begun at that sum over the terms and pairs that are known, with the subsidies of its purchases, and packages
that differ only in what is bought share the equilibrium without it. Where a package begins changes how many steps it
takes, and no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import NotConverged
from tradetalks.model import Outcome
from tradetalks.value.effect import Effect
from tradetalks.value.package import Term
from tradetalks.value.settle import Cells, Near, Settled, settle_all, settling
from tradetalks.value.stage import Stage

Floats = NDArray[np.float64]

#: Equilibria without purchases that are kept, some two megabytes each.
KEPT = 24

#: Packages of so many terms are known by where they settled.
SMALL = 2


class Asked(NamedTuple):
    """A package on the baseline."""

    terms: frozenset[Term]
    """Those that move anything."""
    duties: Floats
    """[i, n, s]."""
    effect: Effect
    """Of the package and of what the baseline changes."""


class Place(NamedTuple):
    """Where a package settled; in many draws [draw] at once, or in none."""

    point: Floats
    """[..., u] the state, as :attr:`tradetalks.model.Outcome.point`."""
    logs: Mapping[Cells, Floats | float]
    """The wedges [...] of its purchases and quotas."""

    def of(self, draw: int) -> Near:
        """Return one draw's, to begin from."""
        return Near(self.point[draw].astype(float), {cell: np.ravel(log)[draw] for cell, log in self.logs.items()})


def placed(settled: Sequence[Settled]) -> Place:
    """Return where draws settled; single precision is enough to begin from."""
    cells = {cell for one in settled for cell in one.logs}
    logs = {cell: np.array([one.logs.get(cell, 0.0) for one in settled]) for cell in cells}
    return Place(np.array([one.outcome.point for one in settled], dtype=np.float32), logs)


@dataclass(eq=False)
class Places:
    """Where small packages settled on one baseline."""

    origin: Place
    """The baseline itself."""
    _known: dict[frozenset[Term], Place] = field(default_factory=dict, init=False, repr=False)

    def learn(self, terms: frozenset[Term], place: Place) -> None:
        """Keep where ``terms`` settled, if they are one or two."""
        if 1 <= len(terms) <= SMALL:
            self._known[terms] = place

    def of(self, terms: frozenset[Term]) -> Place | None:
        """Return where ``terms`` settled, if that is kept."""
        return self._known.get(terms)

    def sum(self, terms: frozenset[Term]) -> Place | None:
        """Return the baseline plus what terms alone and pairs of them add, if two terms or more are known."""
        alone = sorted((term for term in terms if frozenset((term,)) in self._known), key=lambda term: term.id)
        if len(alone) < 2:
            return None
        pairs = [frozenset(pair) for pair in combinations(alone, 2) if frozenset(pair) in self._known]
        # A pair counts once, its terms once less for each pair that they are in.
        shares = [(1.0 - len(alone) + len(pairs), self.origin)]
        shares += [(1.0 - sum(term in pair for pair in pairs), self._known[frozenset((term,))]) for term in alone]
        shares += [(1.0, self._known[pair]) for pair in pairs]
        return added(shares)


def added(shares: Sequence[tuple[float, Place]]) -> Place:
    """Return the sum of places, each with its share."""
    cells = {cell for _, place in shares for cell in place.logs}
    logs = {cell: sum((share * place.logs.get(cell, 0.0) for share, place in shares), 0.0) for cell in cells}
    point = np.zeros_like(shares[0][1].point)
    for share, place in shares:
        point += share * place.point
    return Place(point, logs)


def rounds(packages: Sequence[frozenset[Term]], most: int) -> Iterator[list[int]]:
    """Yield the places of ``packages``, at most so many together: single terms, then pairs, then the rest."""
    sizes = [min(len(terms), SMALL + 1) for terms in packages]
    # Those alike but for what is bought follow each other.
    alike = [sorted(term.id for term in _unbought(terms)) for terms in packages]
    for size in sorted(set(sizes)):
        members = sorted((k for k, own in enumerate(sizes) if own == size), key=alike.__getitem__)
        yield from (members[begin : begin + most] for begin in range(0, len(members), most))


@dataclass(eq=False)
class Nearby:
    """The packages on one baseline that were solved, as far as they help others."""

    stage: Stage
    reference: Settled
    """The baseline itself."""
    _free: dict[Effect, Outcome] = field(default_factory=dict, init=False, repr=False)
    _bends: dict[Cells, float] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def _places(self) -> Places:
        return Places(Place(np.asarray(self.reference.outcome.point), self.reference.logs))

    def settled(self, asked: Sequence[Asked], tolerance: float) -> list[Settled]:
        """Return what each package settles on.

        Raises:
            BadInput, NotConverged: as :func:`tradetalks.value.settle.settle`; one that fails fails all.
        """
        free = {key: self._free[key] for key in map(_free, asked) if key in self._free}
        new = {_free(one): one for one in asked if _free(one) not in free}
        plain = [one._replace(terms=_unbought(one.terms), effect=key) for key, one in new.items()]
        free.update(zip(new, (one.outcome for one in self._run(plain, {}, tolerance)), strict=True))
        self._free.update(free)
        while len(self._free) > KEPT:
            del self._free[next(iter(self._free))]
        return self._run(asked, free, tolerance)

    def _run(self, asked: Sequence[Asked], free: Mapping[Effect, Outcome], tolerance: float) -> list[Settled]:
        def runs(near: bool) -> list[Settled]:
            begun = [
                settling(
                    self.stage,
                    one.duties,
                    one.effect,
                    self.reference,
                    free=free.get(_free(one)),
                    near=self._near(one.terms, free.get(_free(one))) if near else None,
                )
                for one in asked
            ]
            return settle_all(self.stage, begun, tolerance)

        try:
            found = runs(True)
        except NotConverged:
            found = runs(False)  # a start that misled
        for one, settled in zip(asked, found, strict=True):
            if len(one.terms) == 1:
                self._bends.update(settled.bends)
            self._places.learn(one.terms, Place(np.asarray(settled.outcome.point), settled.logs))
        return found

    def _near(self, terms: frozenset[Term], free: Outcome | None) -> Near | None:
        """Return where ``terms`` are likely to settle, if two of them or more are known."""
        place = self._places.sum(terms)
        if place is None:
            return None
        sold = _unbought(terms)
        summed = self._places.sum(sold) or self._places.of(sold)
        if free is not None and summed is not None:
            # What the sum misses of the equilibrium without purchases it will miss with them.
            place = place._replace(point=place.point + np.asarray(free.point) - summed.point)
        return Near(place.point, place.logs, self._bends)


def _free(asked: Asked) -> Effect:
    """Return the effect without purchases, quotas and money outside the model: these share an equilibrium."""
    return replace(asked.effect, purchases=(), diversions=(), money=())


def _unbought(terms: frozenset[Term]) -> frozenset[Term]:
    """Return ``terms`` without those that bring flows to targets."""
    return frozenset(term for term in terms if term.body.kind not in ("purchases", "quota"))
