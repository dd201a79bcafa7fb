"""The game that tariffs are chosen in: from chosen tariffs to payoffs, gradients and the next tariffs.

The idea that makes it fast. At an equilibrium z of the system r(z, t) = 0 the gain of a tariff change is
that of the Lagrangian G - lambda' r, with lambda from one adjoint solve. Given z and lambda, a tariff enters
only through its own cells, as A tau^-theta + B tau^-(theta+1) with tau = 1 + t: what the good delivers to
its buyers, A, and what it costs the country to get, B < 0. That is greatest where

    tau = (1 + 1/theta) (-B / A),

the optimal tariff formula of Gros (1987), 1/theta where a good costs what it is worth, with B and A taking
account of everything else: other sectors, inputs, profits, partners, weights. Each tariff is moved there at
once, whatever its flow is worth, so tariffs on tiny flows are as well determined as on large ones; the
moves contract, and :mod:`tradetalks.model.policy.climb` accelerates them. With D = A tau^-theta the
curvature of the Lagrangian in log tau is -theta D: the natural weight of a tariff's error.

Daniel Gros, "A note on the optimal tariff, retaliation and the welfare loss from tariff wars in a
framework with intra-industry trade", Journal of International Economics 23, 1987.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import jax
import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.model.adjoint import RELATIVE_TOLERANCE, gradient_of, gradients_of
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.instruments import Instruments
from tradetalks.model.policy.objective import Aims, mixed, payoffs
from tradetalks.model.policy.players import Player
from tradetalks.model.system import Base

if TYPE_CHECKING:
    from tradetalks.model.counterfactuals import Deficits
    from tradetalks.model.economy import Economy

Floats = NDArray[np.float64]

#: A tariff may take any value between these unless the caller says otherwise: import subsidies are not on
#: the table of trade talks, and ten times the value keeps everything out (Ossa 2014 has the same bounds).
BOUNDS = (0.0, 10.0)


@dataclass(frozen=True)
class Position:
    """The game at chosen tariffs."""

    logs: Floats
    """[v] log(1 + t)."""
    outcome: Outcome
    payoffs: Floats
    """[p] percent."""
    slope: Floats
    """[v] derivative of the owner's payoff (or of the common objective) to the log."""
    weight: Floats
    """[v] curvature, positive: percent per squared log."""
    wanted: Floats
    """[v] where each tariff wants to be, whatever the bounds."""
    move: Floats
    """[v] to there, as far as the bounds allow."""

    @property
    def unrest(self) -> float:
        """Weighted square of the moves, percent: about twice what they would still gain."""
        return float((self.move**2 * self.weight).sum())


@dataclass(frozen=True)
class Game:
    """Who sets which tariffs and what each maximises; the other tariffs stay as in ``gross``."""

    economy: Economy
    sides: tuple[Player, ...]
    tools: Instruments
    goals: Aims
    gross: Floats
    """[s, i, n] 1 + t where nothing is chosen."""
    deficits: Deficits
    lowest: float
    """log(1 + t) at least."""
    highest: float
    mix: Floats | None = None
    """[p] weights of the payoffs in a common objective; ``None``: each player maximises its own."""

    def only(self, p: int) -> Game:
        """Return the game of player p alone: the tariffs of the others stay as in ``gross``."""
        at = self.tools.owner == p
        new = np.cumsum(at) - 1
        cells = at[self.tools.variable]
        tools = Instruments(
            tuple(axis[cells] for axis in self.tools.cells),
            new[self.tools.variable[cells]],
            np.zeros(int(at.sum()), dtype=int),
        )
        goals = Aims(*(part[[p]] for part in self.goals))
        return replace(self, sides=(self.sides[p],), tools=tools, goals=goals, mix=None)

    def start(self, outcome: Outcome) -> Floats:
        """Return the chosen tariffs as they are in ``outcome``, log(1 + t) [v], within the bounds."""
        new = outcome.new
        logs = self.tools.read_from(np.asarray(new.gross), np.asarray(new.flow))
        return np.clip(logs, self.lowest, self.highest)

    def worth(self, outcome: Outcome) -> Floats:
        """Return the payoffs [p] at an outcome, percent."""
        base: Base = jax.tree.map(np.asarray, self.economy._base)
        return np.asarray(payoffs(outcome.new, base, self.economy._base_accounts, self.goals))

    def at(self, logs: Floats, near: Outcome | None = None) -> Position:
        """Return the game at ``logs`` [v]; ``near`` is an outcome to begin the solver from.

        Raises:
            NotConverged: there is no equilibrium at these tariffs.
        """
        outcome = self.outcome(logs, near)
        slope, weight = np.zeros(len(logs)), np.zeros(len(logs))
        whose, mixes = self._adjoints()
        for row, parts in enumerate(zip(*self._parts(outcome, logs, mixes), strict=True)):
            mine = whose == row
            slope[mine], weight[mine] = (part[mine] for part in parts)
        return self.position(logs, outcome, self.worth(outcome), slope, weight)

    def outcome(self, logs: Floats, near: Outcome | None = None) -> Outcome:
        """Return the equilibrium at ``logs`` [v].

        Raises:
            NotConverged: there is none.
        """
        gross = self.tools.set_in(self.gross, logs)
        return self.economy.counterfactual(np.moveaxis(gross, 0, 2) - 1.0, deficits=self.deficits, start=near)

    def by_side(self, outcome: Outcome, logs: Floats) -> tuple[Floats, Floats]:
        """Return the slopes and the curvatures [p, v] of every side's payoff in every tariff.

        Raises:
            NotConverged: a gradient was not found.
        """
        return self._parts(outcome, logs, np.eye(len(self.sides)))

    def position(self, logs: Floats, outcome: Outcome, gains: Floats, slope: Floats, weight: Floats) -> Position:
        """Return the position at ``logs`` [v] from the payoffs [p] and each tariff's slope and curvature [v]."""
        # Where the good is worth its place (A > 0 > B) the Lagrangian has its greatest value inside;
        # elsewhere it only rises or falls.
        ratio = 1.0 + slope / np.where(weight > 0, weight, 1.0)
        inside = (weight > 0) & (ratio > 0)
        wanted = logs + np.where(inside, np.log(np.where(inside, ratio, 1.0)), np.sign(slope))
        move = np.clip(wanted, self.lowest, self.highest) - logs
        floor = 1e-14 * max(float(weight.max()), 1e-300)
        return Position(logs, outcome, gains, slope, np.maximum(weight, floor), wanted, move)

    def together(self, mix: Floats) -> Game:
        """Return the game with the common objective that weighs the payoffs by ``mix`` [p]."""
        return replace(self, mix=mix)

    def _adjoints(self) -> tuple[NDArray[np.int64], Floats]:
        """Return which mix of the payoffs each variable follows [v], and the mixes [m, p]."""
        if self.mix is not None:
            return np.zeros_like(self.tools.owner), self.mix[None]
        return self.tools.owner, np.eye(len(self.sides))

    def _parts(self, outcome: Outcome, logs: Floats, mixes: Floats) -> tuple[Floats, Floats]:
        """Return for each tariff the slopes of the ``mixes`` [m, p], and their theta D, both [m, v]."""
        economy = self.economy
        gross = self.tools.set_in(self.gross, logs)
        base = economy._base
        closure, given = economy._closure(self.deficits)
        alone = len(mixes) == 1
        found = (gradient_of if alone else gradients_of)(mixed)(
            base,
            economy._base_accounts,
            economy._near,
            outcome.new,
            closure,
            given,
            outcome.point,
            self.goals,
            mixes[0] if alone else mixes,
        )
        if not float(np.max(found.residual)) <= RELATIVE_TOLERANCE:
            raise NotConverged("the gradient of a payoff was not found; use tighter bounds")
        power = np.asarray(base.theta)[:, None, None]
        by_log = np.asarray(found.log_cost)
        if base.switches is not None:
            power, by_log = np.asarray(base.switches.of_duty(power)), np.asarray(base.switches.of_duty(by_log))
        by_tariff = gross * np.asarray(found.gross)
        # by_log = -theta (D + N) and by_tariff = by_log - N, with D = A tau^-theta and N = B tau^-(theta+1).
        delivered = -(by_log + power * (by_log - by_tariff))
        rows = [(by_tariff, delivered)] if alone else zip(by_tariff, delivered, strict=True)
        slopes, curvatures = zip(*(map(self.tools.gathered, row) for row in rows), strict=True)
        return np.array(slopes), np.array(curvatures)


def beginning(economy: Economy, given: Outcome | None, deficits: Deficits) -> Outcome:
    """Return ``given``, or the base where there is none.

    Raises:
        BadInput: it is no outcome of this economy.
    """
    if given is None:
        return economy.counterfactual(deficits=deficits)
    if not isinstance(given, Outcome):
        raise BadInput(
            f"{type(given).__name__} is no outcome; give what counterfactual or a war of this economy returned"
        )
    if (given.regions, given.sectors) != (economy.regions, economy.sectors):
        raise BadInput("the outcome is of another economy, with other regions or sectors; give one of this economy")
    return given


def limits(bounds: tuple[float, float]) -> tuple[float, float]:
    """Return the logs of one plus each bound.

    Raises:
        BadInput: not two numbers above -1 in rising order.
    """
    try:
        low, high = (float(bound) for bound in bounds)
    except (TypeError, ValueError):
        raise BadInput("bounds: give the least and the greatest duty as fractions, such as (0, 0.5)") from None
    if not -1.0 < low < high < np.inf:
        raise BadInput(
            f"bounds: ({low:g}, {high:g}): give the least and the greatest duty as fractions above -1, the least first"
        )
    return float(np.log1p(low)), float(np.log1p(high))
