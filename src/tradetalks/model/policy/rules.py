"""Rules for sharing a gain, as weights of the sides: where on the frontier a bargain lies.

Near chosen tariffs the gain of each side is about linear in the tariffs, and the curvature of their weighted
sum about diagonal (:mod:`tradetalks.model.policy.game`). In that picture, :class:`Near`, what a rule asks for is a
convex problem in the tariffs, and its dual a convex problem in the weights of the sides, of which there are
few: it is solved by Newton's method, and the weights say where all tariffs go next. Where they rest the
picture is exact at first order, and so is the rule.

- :class:`Sum`: weights are given.
- :class:`Product`: the greatest product of gains (Nash 1950).
- :class:`Proportion`: gains in given proportions, as large as they can be. Where more for some cannot be had
  by giving less to others, the others keep more than their proportion: the least proportional gain is
  the greatest, as Imai (1983) has it for frontiers with flat or missing corners.
- :class:`Corner`: the most that one side gains while no other loses.

John F. Nash, "The Bargaining Problem", Econometrica 18(2), 1950; Haruo Imai, "Individual monotonicity and
lexicographic maxmin solution", Econometrica 51(2), 1983.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradetalks.model.policy.certificate import Bent

Floats = NDArray[np.float64]

#: Newton steps of the dual.
STEPS = 40

#: Done when the weights change by less than this, relatively.
SETTLED = 1e-11

#: What keeps weights near the last ones where the picture leaves them open, relative to the pull.
NEARNESS = 1e-4


@dataclass(frozen=True)
class Near:
    """Gains of P sides as seen from chosen tariffs, for moves of V tariffs."""

    gains: Floats
    """[p] at the tariffs, percent."""
    slopes: Floats
    """[p, v] of the gains."""
    curvature: Floats
    """[v] of their weighted sum, positive."""
    lowest: Floats
    """[v] moves at least."""
    highest: Floats
    """[v] moves at most."""

    def moves(self, weights: Floats) -> Floats:
        """Return the moves [v] that are best for the sum with ``weights`` [p]."""
        best: Floats = np.clip(weights @ self.slopes / self.curvature, self.lowest, self.highest)
        return best

    def value(self, weights: Floats) -> float:
        """Return that sum."""
        moves = self.moves(weights)
        return float(weights @ self.gains + (weights @ self.slopes) @ moves - 0.5 * self.curvature @ moves**2)

    def reached(self, weights: Floats) -> Floats:
        """Return the gains [p] after those moves."""
        gains: Floats = self.gains + self.slopes @ self.moves(weights)
        return gains

    def pull(self, weights: Floats) -> Floats:
        """Return how the gains change with the weights [p, p]."""
        wanted = weights @ self.slopes / self.curvature
        free = self.slopes[:, (wanted > self.lowest) & (wanted < self.highest)]
        pull: Floats = (free / self.curvature[(wanted > self.lowest) & (wanted < self.highest)]) @ free.T
        return pull


class Rule(Protocol):
    """What a rule says about the weights of the sides."""

    def first(self, gains: Floats) -> Floats:
        """Return weights [p] to begin with where the sides gain ``gains`` [p]."""

    def own(self, weights: Floats) -> float:
        """Return the rule's own part of the dual; infinite where the weights cannot be."""

    def step(self, weights: Floats, gains: Floats, pull: Floats) -> Floats:
        """Return the weights of Newton's step, from the gains [p] and their pull [p, p] at ``weights``."""

    def apart(self, weights: Floats, gains: Floats) -> float:
        """Return how far, percent, ``weights`` [p] are from those the rule asks for at ``gains`` [p]."""

    def score(self, gains: Floats) -> float:
        """Return what the rule wants to be as large as it can, percent."""

    def bent(self, weights: Floats, gains: Floats, slopes: Floats) -> Bent:
        """Return how that differs at second order from the sum of gains with ``weights`` [p], from slopes [p, v]."""


@dataclass(frozen=True)
class Sum:
    """Given weights [p]."""

    weights: Floats

    def first(self, gains: Floats) -> Floats:
        """Return weights [p] to begin with."""
        return self.weights

    def own(self, weights: Floats) -> float:
        """Return the rule's own part of the dual."""
        return 0.0

    def step(self, weights: Floats, gains: Floats, pull: Floats) -> Floats:
        """Return the weights [p] of Newton's step."""
        return self.weights

    def apart(self, weights: Floats, gains: Floats) -> float:
        """Return nothing: they are given."""
        return 0.0

    def score(self, gains: Floats) -> float:
        """Return the sum."""
        return float(self.weights @ gains / self.weights.sum())

    def bent(self, weights: Floats, gains: Floats, slopes: Floats) -> Bent:
        """Return how that differs from the sum at second order."""
        return Bent(slopes[:0], slopes[:0])


class Product:
    """The product of gains: each side weighs one over its gain."""

    def first(self, gains: Floats) -> Floats:
        """Return weights [p] to begin with."""
        first: Floats = 1.0 / np.maximum(gains, np.abs(gains).max() / 10.0 + 1e-3)
        return first

    def own(self, weights: Floats) -> float:
        """Return the rule's own part of the dual."""
        return -float(np.log(weights).sum()) if (weights > 0).all() else np.inf

    def step(self, weights: Floats, gains: Floats, pull: Floats) -> Floats:
        """Return the weights [p] of Newton's step."""
        new: Floats = weights - np.linalg.solve(pull + np.diag(weights**-2.0), gains - 1.0 / weights)
        return new

    def apart(self, weights: Floats, gains: Floats) -> float:
        """Return by how much gains differ from what their weights stand for, one over the weight."""
        asked = float(weights @ gains) / len(gains) / np.maximum(weights, 1e-300)
        return float(np.abs(gains - asked).max())

    def score(self, gains: Floats) -> float:
        """Return the geometric mean of gains; where there is a loss, the loss."""
        return float(np.exp(np.log(gains).mean())) if (gains > 0).all() else float(min(gains.min(), 0.0))

    def bent(self, weights: Floats, gains: Floats, slopes: Floats) -> Bent:
        """Return how that differs from the sum at second order."""
        # Weights with sum one are 1 / gain over the sum of those.
        return Bent(slopes[:0], np.sqrt((1.0 / gains).sum()) * weights[:, None] * slopes)


@dataclass(frozen=True)
class Proportion:
    """Gains in the proportions ``parts`` [p]."""

    parts: Floats

    def first(self, gains: Floats) -> Floats:
        """Return weights [p] to begin with."""
        first: Floats = 1.0 / self.parts / len(self.parts)
        return first

    def own(self, weights: Floats) -> float:
        """Return the rule's own part of the dual."""
        return 0.0

    def step(self, weights: Floats, gains: Floats, pull: Floats) -> Floats:
        """Return the weights [p] of Newton's step."""
        return _least(pull, gains, weights, self.parts)

    def apart(self, weights: Floats, gains: Floats) -> float:
        """Return how much more those with weight have than the least proportional gain, at their weights."""
        return float(weights @ gains / (weights @ self.parts) - (gains / self.parts).min()) * float(self.parts.mean())

    def score(self, gains: Floats) -> float:
        """Return the least proportional gain, scaled to a mean."""
        return float((gains / self.parts).min() * self.parts.mean())

    def bent(self, weights: Floats, gains: Floats, slopes: Floats) -> Bent:
        """Return how that differs from the sum at second order."""
        # Only those at the least proportional gain have weight, and stay alike.
        least = (slopes / self.parts[:, None])[weights > 0]
        return Bent(least[1:] - least[0], slopes[:0])


@dataclass(frozen=True)
class Corner:
    """The most for one ``side`` of P, by position."""

    side: int
    sides: int

    def first(self, gains: Floats) -> Floats:
        """Return weights [p] to begin with."""
        return np.ones(self.sides)

    def own(self, weights: Floats) -> float:
        """Return the rule's own part of the dual."""
        return 0.0

    def step(self, weights: Floats, gains: Floats, pull: Floats) -> Floats:
        """Return the weights [p] of Newton's step."""
        return _least(pull, gains, weights, np.eye(self.sides)[self.side])

    def apart(self, weights: Floats, gains: Floats) -> float:
        """Return what others who have weight are away from no gain and no loss, at their weights."""
        others = np.arange(self.sides) != self.side
        return float(np.abs(weights * gains)[others].sum() / weights[self.side])

    def score(self, gains: Floats) -> float:
        """Return the side's gain."""
        return float(gains[self.side])

    def bent(self, weights: Floats, gains: Floats, slopes: Floats) -> Bent:
        """Return how that differs from the sum at second order."""
        others = (np.arange(self.sides) != self.side) & (weights > 0)
        return Bent(slopes[others], slopes[:0])


def weights_by(rule: Rule, near: Near, weights: Floats) -> Floats:
    """Return the weights [p] that ``rule`` asks for in the picture ``near``; the search begins at ``weights``."""
    # Where bounds hold every tariff nothing pulls, and what would if they did not is the measure.
    pulled = float(np.trace(near.pull(weights))) or float((near.slopes**2 / near.curvature).sum())
    slack = NEARNESS * pulled / len(weights)
    last = weights

    def dual(weights: Floats) -> float:
        return near.value(weights) + rule.own(weights) + 0.5 * slack * float(((weights - last) ** 2).sum())

    here = dual(weights)
    for _ in range(STEPS):
        gains = near.reached(weights) + slack * (weights - last)
        newton = rule.step(weights, gains, near.pull(weights) + slack * np.eye(len(weights)))
        if np.abs(newton - weights).max() <= SETTLED * np.abs(weights).max():
            return newton
        reached = _shorter(dual, weights, newton - weights, here)
        if reached is None:
            return weights
        weights, here = reached
    return weights


def _shorter(dual: Callable[[Floats], float], start: Floats, step: Floats, at: float) -> tuple[Floats, float] | None:
    """Return the end of the longest of ever shorter steps that does not raise the dual, and its value."""
    for halvings in range(20):
        end = start + 0.5**halvings * step
        value = dual(end)
        if value <= at + 1e-13 * abs(at):
            return end, value
    return None


def _least(pull: Floats, gains: Floats, weights: Floats, parts: Floats) -> Floats:
    """Return the weights w >= 0 with parts @ w = 1 at which the dual's quadratic picture at ``weights`` is least.

    Sides leave the set of those with weight, and come back, until nobody's gain falls short: a small active set.
    """
    P = len(weights)
    flat = gains - pull @ weights
    on = np.ones(P, dtype=bool)
    new = weights
    for _ in range(4 * P):
        at = np.flatnonzero(on)
        system = np.zeros((len(at) + 1, len(at) + 1))
        system[:-1, :-1] = pull[np.ix_(at, at)]
        system[:-1, -1], system[-1, :-1] = -parts[at], parts[at]
        # Least squares: side by side tariffs may pull all sides alike.
        solved = np.linalg.lstsq(system, np.append(-flat[at], 1.0), rcond=1e-14)[0]
        new = np.zeros(P)
        new[at] = solved[:-1]
        if new.min() < -1e-12 * np.abs(new).max():
            on[int(new.argmin())] = False
            continue
        short = np.where(on, 0.0, pull @ new + flat - solved[-1] * parts)
        if short.min() >= -1e-10:
            break
        on[int(short.argmin())] = True
    return np.maximum(new, 0.0)
