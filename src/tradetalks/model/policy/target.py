"""The best tariffs that bring a bilateral balance to a target.

The multiplier of the target is what a unit of the balance must be worth for the best tariffs to reach it: a search
in one number over optima, each a climb from the last, first for a bracket, then by Brent's method. The
multiplier is reported: what the last unit of the balance costs, in units of real income. Far out the
balance is all that counts, and where it then stands is as far as it can be moved.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.certificate import Certificate, best_rival, certified
from tradetalks.model.policy.climb import climb
from tradetalks.model.policy.game import Game, Position

Floats = NDArray[np.float64]

#: Peaks from which the search is taken up.
PEAKS = 5

#: Worth of a unit of balance at the first step away from none, growth of the steps, and the farthest, where the
#: balance is all that counts.
FIRST, GROWTH, FARTHEST = 0.02, 3.0, 50.0

#: How far from the target the balance may end, relative to the two flows.
MISS = 1e-6

#: Climbs go on until moves are worth less than this, percent: the balance is off by the square root of it.
TIGHT = 1e-13


class _Search:
    """Optima along the worth of the balance with ``partner`` (position), each from where the last ended."""

    def __init__(self, game: Game, partner: int, start: Outcome) -> None:
        self._game, self._partner = game, partner
        self._own = list(game.sides[0].at)
        self.steps = 0
        self.worth = 0.0
        self.here: Position
        self._climb(game.start(start), start)

    def game(self) -> Game:
        """Return the game in which a unit of the balance is worth ``worth``."""
        balance = self._game.goals.balance.copy()
        balance[0, self._own, self._partner] += self.worth
        balance[0, self._partner, self._own] -= self.worth
        return replace(self._game, goals=self._game.goals._replace(balance=balance))

    def flows(self) -> tuple[float, float]:
        """Return exports to the partner and imports from it."""
        flow = np.asarray(self.here.outcome.new.flow).sum(0)
        return float(flow[self._own, self._partner].sum()), float(flow[self._partner, self._own].sum())

    def balance(self, worth: float) -> float:
        """Return the balance at the best tariffs where a unit of it is worth ``worth``, and stay there."""
        self.worth = worth
        self._climb(self.here.logs, self.here.outcome)
        exports, imports = self.flows()
        return exports - imports

    def _climb(self, logs: Floats, near: Outcome) -> None:
        self.here, steps = climb(self.game(), logs, near, TIGHT * max(1.0, self.worth**2))
        self.steps += steps


def at_target(game: Game, partner: int, target: float, given: Outcome) -> tuple[Position, float, Certificate, int]:
    """Return the best position of the game's one side at which its balance with ``partner`` is ``target``.

    Args:
        game: the side's own game.
        partner: position of the region that the balance is with.
        target: exports less imports, net of duty, in the currency of the flows.
        given: the outcome to begin from.

    Returns:
        The position, the worth of a unit of the balance there, the certificate of both together, and how many
        positions were looked at.

    Raises:
        BadInput: the target is out of reach; the message has the range.
        NotConverged: the balance jumps across the target.
    """
    search = _Search(game, partner, given)
    tried = 0
    for _ in range(PEAKS):
        _meet(search, target)
        better, gain, count = best_rival(search.game(), search.here)
        tried += count
        if better is None:
            break
        search.here = better
    at = search.game().at(search.here.logs, search.here.outcome)
    return search.here, search.worth, certified(search.game(), at, tried, gain), search.steps


def _meet(search: _Search, target: float) -> None:
    """Move along the worth to where the balance is ``target``."""

    def gap(worth: float) -> float:
        return search.balance(worth) - target

    near, step = search.worth, FIRST
    before = gap(near)
    way = -np.sign(before)
    while way:
        far = float(np.clip(search.worth + way * step, -FARTHEST, FARTHEST))
        if np.sign(gap(far)) != np.sign(before):
            gap(brentq(gap, near, far, xtol=1e-12, rtol=1e-12, maxiter=80))
            break
        if abs(far) >= FARTHEST:
            ends = sorted(search.balance(end) for end in (-FARTHEST, FARTHEST))
            raise BadInput(
                f"weights: balance_target: {target:g} is out of reach: these tariffs bring the balance to between "
                f"about {ends[0]:g} and {ends[1]:g}; choose a target between, or more tariffs"
            )
        near, step = far, GROWTH * step
    exports, imports = search.flows()
    if abs(exports - imports - target) > MISS * (exports + imports):
        raise NotConverged(
            f"weights: balance_target: the best tariffs jump across {target:g}, to {exports - imports:g}: two peaks "
            "are equally good there; choose another target or tighter bounds"
        )
