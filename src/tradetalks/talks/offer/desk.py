"""The offers that a seat may make: compared on the surrogate, the best of them solved in full."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.talks.deals.acceptance import Judged, Table
from tradetalks.talks.deals.search import Land, land_of
from tradetalks.talks.deals.surrogate import Surrogate
from tradetalks.talks.deals.valued import worths
from tradetalks.talks.offer.choosing import alike, gains, thinned

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Most packages compared draw by draw; a larger space is compared along its frontier.
COMPARED = 20_000

#: Packages solved in full: those of the largest expected gain, and those to be put beside the best.
LEADING, BESIDE = 24, 20

#: A change of payoff below this (billion dollars: a million dollars) is nothing.
NOTHING_USD_BN = 1e-3


@dataclass(frozen=True, eq=False)
class Desk:
    """The packages that the seat may offer, each solved in full."""

    land: Land
    seat: int
    """Place of the seat among the parties."""
    choices: Places
    """[n, factor]."""
    judged: tuple[Judged, ...]
    considered: int
    """Packages compared on the surrogate."""

    @property
    def table(self) -> Table:
        """The table."""
        return self.land.table

    @property
    def own(self) -> Floats:
        """[n, draw] payoff of the seat."""
        return np.array([one.payoff[:, self.seat] for one in self.judged])

    @property
    def accepted(self) -> Floats:
        """[n, draw] probability that the other side accepts."""
        return np.array([one.accepted[:, 1 - self.seat] for one in self.judged])

    @property
    def expected(self) -> Floats:
        """[n] expected payoff of the seat."""
        return np.array([one.expected[self.seat] for one in self.judged])

    @property
    def surplus(self) -> Floats:
        """[n, draw] payoff of the other side over its reservation."""
        other = self.table.wants[1 - self.seat]
        return np.array([one.payoff[:, 1 - self.seat] - other.reservation for one in self.judged])

    def best(self) -> int:
        """Return the place of the offer with the largest expected gain."""
        return int(gains(self.own, self.accepted).argmax())


def desk_of(table: Table, seat: int) -> Desk:
    """Return the offers worth most to the seat, compared on the surrogate and solved in full.

    Of packages by which neither side expects to lose against no deal, where there are any; else of all.

    Raises:
        BadInput: no package can be ratified by both sides.
    """
    land = land_of(table)
    choices = _candidates(land)
    if not len(choices):
        raise BadInput("constraints: no package can be ratified by both sides; loosen a red line, a veto or a budget")
    considered = len(choices)
    # Nobody tables as his best an offer by which he expects the other side to lose, where a better one is there.
    choices = _rational(choices, table.expected.of(choices))
    expected = table.expected.of(choices)
    own, theirs = _payoffs(land, choices, seat)
    other = table.wants[1 - seat]
    accepted = other.acceptance(theirs, {})
    order = np.argsort(-gains(own, accepted), kind="stable")
    near = alike(expected[:, seat], accepted.mean(1), int(order[0]))
    near = near[_settled(table.expected, choices[near])]
    beside = thinned(theirs - other.reservation, near, BESIDE)
    best = choices[list(dict.fromkeys([*order[:LEADING].tolist(), *beside]))]
    packages = [table.space.package(choice) for choice in best]
    points = worths(table.valuation, packages)
    judged = [
        table.judged(package, point, tuple(map(int, choice)))
        for package, point, choice in zip(packages, points, best, strict=True)
    ]
    # The full solve may show a loss where the surrogate showed none.
    kept = _rational(np.arange(len(best)), np.array([one.expected for one in judged]))
    return Desk(land, seat, best[kept], tuple(judged[k] for k in kept), considered)


def _rational(choices: Places, expected: Floats) -> Places:
    """Return the choices by which neither side expects a loss [n, party]; all of them where there is none such."""
    fair = (expected >= 0.0).all(1)
    return choices[fair] if fair.any() else choices


def _settled(payoff: Surrogate, choices: Places) -> Places:
    """Return the rows of ``choices`` in which no change of one factor would be a gain to both, if there are any."""
    base, better = payoff.of(choices), np.zeros(len(choices), dtype=bool)
    for f, count in enumerate(payoff.levels):
        for level in range(count):
            changed = choices.copy()
            changed[:, f] = level
            better |= (payoff.of(changed) > base + NOTHING_USD_BN).all(1)
    return np.flatnonzero(~better) if not better.all() else np.arange(len(choices))


def _candidates(land: Land) -> Places:
    """Return every package that can be ratified, or those of the frontier where they are too many."""
    table = land.table
    if table.space.size <= COMPARED:
        every = np.stack(np.unravel_index(np.arange(table.space.size), land.levels), axis=1)
        return np.asarray(every[land.allows(every)])
    front = land.frontier(table.expected.within(land.blocks))[1]
    return front[:: max(1, -(-len(front) // COMPARED))]


def _payoffs(land: Land, choices: Places, seat: int) -> tuple[Floats, Floats]:
    """Return the payoffs [n, draw] of the seat and of the other side by the surrogate."""
    table = land.table
    alone = sum((own[choices[:, f]] for f, own in enumerate(table.surrogate.single)), np.zeros(2))
    joint = table.surrogate.of(choices) - alone
    found = []
    for p in (seat, 1 - seat):
        weights = table.wants[p].weights
        total = np.repeat(joint[:, p][:, None], len(weights), axis=1)
        for f, (drawn, sides) in enumerate(zip(table.drawn, table.stakes, strict=True)):
            total += (drawn[:, :, p].T + sides[p] @ weights.T)[choices[:, f]]
        for (f, a, g, b), moved in table.drawn_pairs.items():
            total[(choices[:, f] == a) & (choices[:, g] == b)] += moved[:, p]
        found.append(total)
    return found[0], found[1]
