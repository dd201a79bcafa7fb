"""Talks: the tariffs of all sides under the weights that a rule asks for, a game that can be climbed.

At each position the gradients of all sides' gains (one adjoint each) give the picture that
:mod:`tradetalks.model.policy.rules` sets the weights in, and the weights say where every tariff wants to be, by the
formula of :mod:`tradetalks.model.policy.game`. Weights and tariffs rest together. The frontier is almost a straight
line in dollars, for tariffs can carry transfers: a search for weights around a search for tariffs
would take hundreds of climbs where this takes one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.certificate import Bent
from tradetalks.model.policy.game import Game, Position
from tradetalks.model.policy.rules import Near, Rule, weights_by

Floats = NDArray[np.float64]

#: The picture of linear gains is trusted this far (log points of a tariff). Where a climb does not come to rest, less:
#: a tariff that bends a gain more than the picture has it goes to and fro, and so do weights that look too far ahead.
REACHES = (1.0, 0.3, 0.03)

#: Curvature of a tariff's weighted sum at least, relative to the sum of its sides' sizes.
LEAST = 1e-6

#: Rounds in which weights and curvature, each from the other, are brought together at the first position.
ROUNDS = 4


@dataclass(frozen=True)
class Agreement(Position):
    """A position under the weights of a rule; ``slope`` and ``weight`` are of the weighted sum of gains."""

    gains: Floats = field(default_factory=lambda: np.zeros(0))
    """[p] over the threat, percent of what each side has there."""
    weights: Floats = field(default_factory=lambda: np.zeros(0))
    """[p] of a percent of each side's gain, sum one."""


@dataclass
class Talks:
    """The game, what happens without agreement, and the rule; it remembers its last weights to go on from."""

    game: Game
    threat: Floats
    """[p] payoffs without agreement, percent."""
    rule: Rule
    weights: Floats | None = None
    """[p] of the last position."""
    reach: float = REACHES[0]
    """How far the picture is trusted when the weights are set; where the tariffs rest it does not matter."""

    @property
    def lowest(self) -> float:
        """Return log(1 + t) at least."""
        return self.game.lowest

    @property
    def highest(self) -> float:
        """Return log(1 + t) at most."""
        return self.game.highest

    @property
    def level(self) -> Floats:
        """Return what each side has at the threat [p], its base being one."""
        level: Floats = 1.0 + self.threat / 100.0
        return level

    def common(self, weights: Floats) -> Game:
        """Return the game with the common objective of ``weights`` [p] of the gains, sum one."""
        return self.game.together(weights / self.level / (weights / self.level).sum())

    def bent(self, found: Agreement) -> Bent:
        """Return how what the rule asks for differs at second order from the common objective at ``found``."""
        slopes = self.game.by_side(found.outcome, found.logs)[0] / self.level[:, None]
        bent = self.rule.bent(found.weights, found.gains, slopes)
        return Bent(bent.held, bent.less / np.sqrt((found.weights / self.level).sum()))

    def gains(self, payoffs: Floats) -> Floats:
        """Return the gains [p] of ``payoffs`` [p] over the threat, percent."""
        gains: Floats = (payoffs - self.threat) / self.level
        return gains

    def at(self, logs: Floats, near: Outcome | None = None) -> Agreement:
        """Return the talks at ``logs`` [v]; ``near`` is an outcome to begin the solver from.

        Raises:
            NotConverged: there is no equilibrium at these tariffs.
        """
        game = self.game
        outcome = game.outcome(logs, near)
        payoffs = game.worth(outcome)
        gains = self.gains(payoffs)
        slopes, curvatures = (part / self.level[:, None] for part in game.by_side(outcome, logs))
        begun = self.weights is not None
        weights = self.rule.first(gains) if self.weights is None else self.weights
        lowest = np.maximum(game.lowest - logs, -self.reach)
        highest = np.minimum(game.highest - logs, self.reach)
        for _ in range(1 if begun else ROUNDS):
            curvature = np.maximum(weights @ curvatures, LEAST * weights @ np.abs(curvatures)) + 1e-300
            weights = weights_by(self.rule, Near(gains, slopes, curvature, lowest, highest), weights)
        self.weights = weights
        mix = weights / weights.sum()
        position = game.position(logs, outcome, payoffs, mix @ slopes, mix @ curvatures)
        return Agreement(**vars(position), gains=gains, weights=mix)
