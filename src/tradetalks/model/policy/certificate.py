"""What is known about chosen tariffs: that they are at rest, at a peak, and that no other peak was found higher.

A payoff need not have one peak only: where a sector weighs much in politics, keeping its imports out and
taxing them moderately can both be peaks (Japan's wheat in Ossa 2014). So four things are looked at.

- Rest: no tariff wants to move (first order).
- Curvature: the payoff falls in every direction of a Krylov subspace, in which the greatest eigenvalue of
  its second derivatives is sought by Lanczos' method from differences of gradients (second order). Tariffs
  are scaled by the square root of their curvature, so -1 is what a tariff alone has.
  What a bargain's rule asks for may be at a peak where the weighted sum is not, for its frontier may be
  dented: directions in which gains leave their proportions are left out, a product bends what a sum does not.
- Rule: the gains of a bargain and the weights of its sides are what the rule asks for. Where bounds hold all
  tariffs they rest under any weights.
- Rivals: climbs from elsewhere (free trade, tariffs of 100%) end no higher, and no leap of a sector's tariffs
  to the upper bound or to the lower gains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import NotConverged
from tradetalks.model.batch import Question
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.climb import TOLERANCE, climb
from tradetalks.model.policy.game import Game, Position

Floats = NDArray[np.float64]

#: A rival counts as higher when it gains more than this, percent of the payoff.
HIGHER = 1e-6

#: Rivals climb until their moves are worth less than this, percent: enough to tell which is higher.
ROUGH = 1e-7

#: The weights of a bargain may be this far from those of its rule, percent.
APART = 1e-4

#: Directions of the second-order check.
DIRECTIONS = 6

#: Log points by which tariffs are moved at most to take a difference of gradients.
NUDGE = 0.02


@dataclass(frozen=True)
class Certificate:
    """What was checked about the tariffs of one player (or of a common objective), others as they are."""

    unrest: float
    """What the tariffs' moves would still gain, percent, twice over."""
    curvature: float
    """Greatest second derivative found, in units of a tariff alone (-1); negative at a peak."""
    directions: int
    """How many directions the subspace had."""
    rivals: int
    """Other starts and leaps that were tried."""
    rival_gain: float
    """The most that any rival would gain, percent: at most zero, up to rounding, where none is higher."""
    binding: int
    """Tariffs at a bound."""
    tariffs: int
    """Tariffs chosen."""
    apart: float = 0.0
    """How far a bargain's gains and weights are from what its rule asks for, percent (of the gains where these are
    above one); nothing where one chooses alone."""

    @property
    def holds(self) -> bool:
        """Whether everything that was checked speaks for a peak than which none higher was found."""
        at_peak = self.unrest <= 10 * TOLERANCE and self.curvature < 0 and self.rival_gain <= HIGHER
        return at_peak and self.apart <= APART

    def sentence(self) -> str:
        """Return what was found in a sentence."""
        if not self.holds:
            return (
                f"NOT certified: moves still worth {self.unrest:.1e}%, greatest curvature {self.curvature:.2f}, "
                f"best of {self.rivals} rivals {self.rival_gain:+.1e}%, {self.apart:.1e}% from a bargain's rule."
            )
        return (
            f"No tariff wants to move (first order, {self.unrest:.0e}%), the payoff falls in all of {self.directions} "
            f"directions searched for a rise (second order, {self.curvature:.2f}), and none of {self.rivals} other "
            f"starts and leaps ends higher; {self.binding} of {self.tariffs} tariffs are at a bound."
        )


@dataclass(frozen=True)
class Bent:
    """How what a rule asks for differs from the weighted sum at second order."""

    held: Floats
    """[k, v] gradients of what stays as it is: directions that change it are left out."""
    less: Floats
    """[k, v] rows r: the second derivatives are less by the sum of r' r."""


def certified(game: Game, found: Position, others: int, rival_gain: float, bent: Bent | None = None) -> Certificate:
    """Return the certificate of ``found``, a position of a game with one objective.

    Args:
        game: one player, or a common objective.
        found: the position at rest.
        others: rivals that were tried.
        rival_gain: the most that any of them gained, percent.
        bent: what a rule asks for, at second order; ``None``: the objective itself.
    """
    curvature, directions = _greatest_curvature(game, found, bent)
    binding = len(found.logs) - _free(game, found).size
    return Certificate(found.unrest, curvature, directions, others, rival_gain, binding, len(found.logs))


def _free(game: Game, found: Position) -> NDArray[np.int64]:
    """Return which tariffs are at no bound."""
    span = game.highest - game.lowest
    return np.flatnonzero((found.logs > game.lowest + 1e-9 * span) & (found.logs < game.highest - 1e-9 * span))


def value(game: Game, payoffs: Floats) -> float:
    """Return the objective of a game with one, percent, from the payoffs [p]."""
    return float(payoffs[0] if game.mix is None else game.mix @ payoffs)


def best_rival(game: Game, found: Position) -> tuple[Position | None, float, int]:
    """Return the best position that other starts and leaps reach if it is higher, its gain, and how many were tried.

    Starts are free trade and tariffs of 100%, as far as the bounds allow; from a leap that gains the climb goes on.
    """
    starts = [np.clip(np.full(len(found.logs), level), game.lowest, game.highest) for level in (0.0, np.log(2.0))]
    leaps = _leaps(game, found)
    here, gains = value(game, found.payoffs), _gains(game, found, leaps)
    if leaps and gains.max() > HIGHER:
        starts.append(leaps[int(gains.argmax())])
    ends = [end for end in (_end(game, start, ROUGH) for start in starts) if end is not None]
    tried = len(starts) + len(leaps)
    if not ends:
        return None, float(gains.max(initial=-np.inf)), tried
    best = max(ends, key=lambda end: value(game, end.payoffs))
    gain = value(game, best.payoffs) - here
    return (_end(game, best.logs, TOLERANCE) if gain > HIGHER else None), gain, tried


def _gains(game: Game, found: Position, leaps: list[Floats]) -> Floats:
    """Return what each leap gains, percent; minus infinity where the world has no equilibrium."""
    here = value(game, found.payoffs)
    point = found.outcome.point
    asked = [
        Question(np.moveaxis(game.tools.set_in(game.gross, leap), 0, 2) - 1.0, None, game.deficits, point)
        for leap in leaps
    ]
    try:
        reached: list[Outcome | None] = [*game.economy.counterfactuals(asked, tolerance=1e-8)]
    except NotConverged:
        reached = [_outcome(game, question) for question in asked]
    return np.array([-np.inf if one is None else value(game, game.worth(one)) - here for one in reached])


def _outcome(game: Game, question: Question) -> Outcome | None:
    try:
        return game.economy.counterfactual(question.tariffs, None, question.deficits, question.start)
    except NotConverged:
        return None


def _leaps(game: Game, found: Position) -> list[Floats]:
    """Return the tariffs with those of one sector at a bound, both bounds of every sector."""
    sector = np.zeros(len(found.logs), dtype=int)
    sector[game.tools.variable] = game.tools.cells[0]
    if len(found.logs) == 1:
        return []
    leaps = []
    for s in np.unique(sector):
        for bound in (game.lowest, game.highest):
            leap = found.logs.copy()
            leap[sector == s] = bound
            leaps.append(leap)
    return leaps


def _end(game: Game, start: Floats, tolerance: float) -> Position | None:
    try:
        return climb(game, start, tolerance=tolerance)[0]
    except NotConverged:
        return None


def _greatest_curvature(game: Game, found: Position, bent: Bent | None) -> tuple[float, int]:
    """Return the greatest eigenvalue [units of a tariff alone] of the second derivatives on a Krylov subspace."""
    free = _free(game, found)
    if not free.size:
        return -np.inf, 0
    root = np.sqrt(found.weight[free])
    none = np.zeros((0, free.size))
    held, less = (none, none) if bent is None else (bent.held[:, free] / root, bent.less[:, free] / root)
    _, sizes, rows = np.linalg.svd(held, full_matrices=False)
    held = rows[sizes > 1e-9 * sizes.max(initial=0.0)]

    def within(direction: Floats) -> Floats:
        inside: Floats = direction - held.T @ (held @ direction)
        return inside

    if len(held) >= free.size:
        return -np.inf, 0
    rng = np.random.default_rng(0)
    direction = within(root * rng.standard_normal(free.size))
    direction /= np.linalg.norm(direction)
    basis: list[Floats] = []
    images: list[Floats] = []
    for _ in range(min(DIRECTIONS, free.size - len(held))):
        basis.append(direction)
        images.append(within(_image(game, found, free, root, direction) - less.T @ (less @ direction)))
        rest = images[-1]
        for _ in range(2):
            rest = within(rest - np.array(basis).T @ (np.array(basis) @ rest))
        size = float(np.linalg.norm(rest))
        if size < 1e-8:
            break
        direction = rest / size
    small = np.array(basis) @ np.array(images).T
    return float(np.linalg.eigvalsh((small + small.T) / 2.0).max()), len(basis)


def _image(game: Game, found: Position, free: NDArray[np.int64], root: Floats, direction: Floats) -> Floats:
    """Return the scaled second derivatives times ``direction``, from two gradients."""
    move = direction / root
    step = NUDGE / np.abs(move).max()
    both = []
    for sign in (1.0, -1.0):
        logs = found.logs.copy()
        logs[free] += sign * step * move
        both.append(game.at(logs, found.outcome).slope[free])
    image: Floats = (both[0] - both[1]) / (2.0 * step) / root
    return image
