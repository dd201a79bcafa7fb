"""Whether both sides would accept a package, and what it is worth to each with what they want counted in.

A party's payoff is the package's economic value against no deal (:mod:`tradetalks.talks.deals.valued`) plus its
weights on the issues times the units it gets of each, draw by draw: draw k of the economy goes with draw k of
each party's wants, which are drawn apart. A party accepts with the probability that its wants say, and
never what its limits forbid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.deals.constraints import refusals
from tradetalks.talks.deals.space import Space
from tradetalks.talks.deals.surrogate import Surrogate
from tradetalks.talks.deals.valued import worth, worth_drawn
from tradetalks.talks.stakes import Reference, package_stakes
from tradetalks.talks.wants.posterior import Wants
from tradetalks.value.package import Package, Term, package_of
from tradetalks.value.valuation import Valuation

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Interactions drawn too: at most so many, and from this size on (billion dollars a year).
DRAWN_PAIRS, STRONG_USD_BN = 6, 0.1


def levels_of(space: Space) -> list[Package]:
    """Return a package for each level of each factor alone."""
    return [package_of(level) for factor in space.factors for level in factor.levels if level]


@dataclass(frozen=True, eq=False)
class Judged:
    """One package as both sides see it; arrays end with the parties, in the order of the case."""

    package: Package
    point: Floats
    """[party] economic value, full solve, billion dollars a year."""
    wanted: Floats
    """[party] weights times stakes at the mean of the wants."""
    economic: Floats
    """[draw, party] economic value."""
    payoff: Floats
    """[draw, party]."""
    accepted: Floats
    """[draw, party] probability."""
    refused: Mapping[str, tuple[str, ...]]
    """Party -> the limits that forbid it."""

    @property
    def expected(self) -> Floats:
        """The payoffs [party] at the full solve and the mean of the wants."""
        return self.point + self.wanted

    @property
    def both(self) -> Floats:
        """The probability [draw] that both accept."""
        return np.asarray(self.accepted.prod(1))


@dataclass(frozen=True, eq=False)
class Table:
    """The two sides, what they want, and the space between them."""

    valuation: Valuation
    space: Space
    surrogate: Surrogate
    whole: tuple[Wants, Wants]
    """What the parties want, in their order, with at least as many draws as the valuation; means are over all."""
    reference: Reference
    """The duties against which relief is counted."""
    solved: int = 0
    """Packages solved for the surrogate."""

    @property
    def parties(self) -> tuple[str, str]:
        """The parties, in the order of the case."""
        return self.valuation.case.parties

    @cached_property
    def wants(self) -> tuple[Wants, Wants]:
        """The same with as many draws as the valuation, one beside each of the economy's."""
        k = self.valuation.draws
        one, other = (
            replace(own, weights=own.weights[:k], reservation=own.reservation[:k], noise=own.noise[:k])
            for own in self.whole
        )
        return one, other

    @cached_property
    def drawn(self) -> tuple[Floats, ...]:
        """Per factor [draw, level, party]: the economic value of each level alone."""
        self.valuation.draw(levels_of(self.space), self.valuation.no_deal)
        return tuple(
            np.stack([worth_drawn(self.valuation, package_of(level)) for level in factor.levels], axis=1)
            for factor in self.space.factors
        )

    @cached_property
    def strong_pairs(self) -> Mapping[tuple[int, int, int, int], Package]:
        """(f, level, g, level) -> the package of both, where the interaction is strongest."""
        sizes = {
            (f, a, g, b): float(np.abs(extra[a, b]).max())
            for (f, g), extra in self.surrogate.pair.items()
            for a, b in product(range(1, extra.shape[0]), range(1, extra.shape[1]))
        }
        strong = sorted((key for key, size in sizes.items() if size > STRONG_USD_BN), key=lambda key: -sizes[key])
        factors = self.space.factors
        return {
            (f, a, g, b): package_of([*factors[f].levels[a], *factors[g].levels[b]])
            for f, a, g, b in strong[:DRAWN_PAIRS]
        }

    @cached_property
    def drawn_pairs(self) -> Mapping[tuple[int, int, int, int], Floats]:
        """(f, level, g, level) -> [draw, party]: how far the strongest interactions lie from the full solve's."""
        self.valuation.draw(self.strong_pairs.values(), self.valuation.no_deal)
        found = {}
        for (f, a, g, b), both in self.strong_pairs.items():
            joint = worth_drawn(self.valuation, both) - self.drawn[f][:, a] - self.drawn[g][:, b]
            found[f, a, g, b] = joint - self.surrogate.pair[f, g][a, b]
        return found

    @cached_property
    def stakes(self) -> tuple[tuple[Floats, Floats], ...]:
        """Per factor and party [level, issue]: the units that each level gives, in the order of its wants."""
        return tuple((self._units(factor.levels, 0), self._units(factor.levels, 1)) for factor in self.space.factors)

    def _units(self, levels: Sequence[Sequence[Term]], side: int) -> Floats:
        own = self.wants[side]
        given = [package_stakes(package_of(level), own.party, self.reference) for level in levels]
        return np.array([[units.get(issue, 0.0) for issue in own.issues] for units in given])

    @cached_property
    def expected(self) -> Surrogate:
        """The surrogate of payoffs at the mean of the wants."""
        means = [own.weights.mean(0) for own in self.whole]
        return self.surrogate.plus(
            [np.stack([units @ mean for units, mean in zip(sides, means, strict=True)], 1) for sides in self.stakes]
        )

    def payoffs_in(self, draw: int) -> tuple[Floats, ...]:
        """Return, per factor [level, party], the payoff of each level alone in one draw."""
        return tuple(
            drawn[draw] + np.stack([sides[p] @ self.wants[p].weights[draw] for p in (0, 1)], axis=1)
            for drawn, sides in zip(self.drawn, self.stakes, strict=True)
        )

    def judged(self, package: Package, point: Floats | None = None, choice: Sequence[int] | None = None) -> Judged:
        """Return ``package`` as both sides see it.

        Args:
            package: any package, of this space or not.
            point: its economic value if already solved.
            choice: its place in the space, if it has one; the draws are then the sums of its levels' draws and of
                the strongest interactions', moved to the full solve.
        """
        full = worth(self.valuation, package) if point is None else point
        if choice is None:
            drawn = worth_drawn(self.valuation, package)
        else:
            alone = sum(
                (values[level] for values, level in zip(self.surrogate.single, choice, strict=True)), np.zeros(2)
            )
            parts = [values[:, level] for values, level in zip(self.drawn, choice, strict=True)]
            joint = [moved for (f, a, g, b), moved in self.drawn_pairs.items() if (choice[f], choice[g]) == (a, b)]
            drawn = np.asarray(sum([*parts, *joint], np.zeros((self.valuation.draws, 2)))) + full - alone
        units = [package_stakes(package, own.party, self.reference) for own in self.wants]
        wanted = np.stack([own.weighted(given) for own, given in zip(self.wants, units, strict=True)], axis=1)
        refused = refusals(self.valuation.case, package)
        accepted = np.stack(
            [
                np.zeros(len(drawn)) if refused[own.party] else own.acceptance(drawn[:, p], given)
                for p, (own, given) in enumerate(zip(self.wants, units, strict=True))
            ],
            axis=1,
        )
        mean = np.array([own.weighted(given).mean() for own, given in zip(self.whole, units, strict=True)])
        return Judged(package, full, mean, drawn, drawn + wanted, accepted, refused)
