"""From some tariffs to those from which nobody wants to move: the moves of a game, accelerated.

Anderson acceleration as in :mod:`tradetalks.model.solver`, with three differences that tariffs need. Errors
are weighed by their curvature, so that a prohibitive tariff on a flow that has all but ceased does not
disturb the rest. An accelerated step that goes much further than the plain one is not trusted. And what
is accelerated is where the tariffs want to be, beyond the bounds where they cannot go, so that a tariff that
leaves a bound or reaches it bends nothing.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import NotConverged
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.game import Position

Floats = NDArray[np.float64]

Place = TypeVar("Place", bound=Position)
PlaceOut = TypeVar("PlaceOut", bound=Position, covariant=True)


class Land(Protocol[PlaceOut]):
    """What can be climbed: a game, or talks."""

    @property
    def lowest(self) -> float:
        """Return log(1 + t) at least."""
        ...

    @property
    def highest(self) -> float:
        """Return log(1 + t) at most."""
        ...

    def at(self, logs: Floats, near: Outcome | None = None) -> PlaceOut:
        """Return the place at ``logs`` [v]; ``near`` is an outcome to begin the solver from."""
        ...


#: Done when the tariffs' moves are worth less than this, percent of the payoff.
TOLERANCE = 1e-9

#: Differences kept.
MEMORY = 8

#: Steps after which the differences are forgotten: they may be of tariffs far from here.
RESTART = 30

#: An accelerated step of a tariff is trusted up to this size, or that of its plain step (log points).
TRUSTED = 0.1

#: No tariff moves by more in one step (log points).
LARGEST = 2.0


def climb(
    game: Land[Place], logs: Floats, near: Outcome | None = None, tolerance: float = TOLERANCE, limit: int = 200
) -> tuple[Place, int]:
    """Return the position at rest that is reached from ``logs`` [v], and how many positions were looked at.

    Raises:
        NotConverged: there is none within ``limit`` steps, or the world has no equilibrium on the way.
    """
    here, aim = game.at(logs, near), logs
    aims: list[Floats] = []
    moves: list[Floats] = []
    for step in range(1, limit):
        if here.unrest <= tolerance:
            return here, step
        aims, moves = [*aims, aim][-MEMORY - 1 :], [*moves, here.wanted - aim][-MEMORY - 1 :]
        if step % RESTART == 0:
            aims, moves = aims[-1:], moves[-1:]
        here, aim = _onward(game, here, aim, _accelerated(aims, moves, here.weight))
    if here.unrest <= tolerance:
        return here, limit
    raise NotConverged(
        f"no tariffs were found from which nobody wants to move: after {limit} steps the moves are still worth "
        f"{here.unrest:.1e} percent of income; use tighter bounds or fewer tariffs"
    )


def _accelerated(aims: list[Floats], moves: list[Floats], weight: Floats) -> Floats:
    """Return the next step [v] from the last aims and their moves."""
    move = moves[-1]
    if len(aims) == 1:
        return move
    travelled, changed = np.diff(aims, axis=0), np.diff(moves, axis=0)
    root = np.sqrt(weight)
    back = _combined(changed * root, move * root)
    step = move - back @ (travelled + changed)
    trusted: Floats = np.where(np.abs(step - move) > np.maximum(np.abs(move), TRUSTED), move, step)
    return trusted


def _combined(rows: Floats, target: Floats) -> Floats:
    """Return the combination [k] of ``rows`` [k, v] nearest to ``target`` [v]; what they span too weakly gets none.

    From the few inner products, once with the rows and once with what these make orthogonal, which is as exact as an
    orthogonal factorisation while singular values are within 1e-8. LAPACK's would wake threads for it, and
    wait for them longer than it works.
    """
    sizes, turn = np.linalg.eigh(rows @ rows.T)
    kept = sizes > 1e-16 * sizes[-1]
    basis = turn[:, kept] / np.sqrt(sizes[kept])
    across = basis.T @ rows
    # What is left of directions that are nothing but rounding is far from one.
    combined: Floats = basis @ (np.linalg.pinv(across @ across.T, rcond=0.01, hermitian=True) @ (across @ target))
    return combined


def _onward(game: Land[Place], here: Position, aim: Floats, step: Floats) -> tuple[Place, Floats]:
    """Return the position after ``step`` [v], and its aim; a shorter step where the world has no equilibrium there."""
    step = np.clip(step, -LARGEST, LARGEST)
    for _ in range(6):
        try:
            return game.at(np.clip(aim + step, game.lowest, game.highest), here.outcome), aim + step
        except NotConverged:
            step = step / 4.0
    raise NotConverged(
        "the tariffs lead to where the world has no equilibrium: some region's income stops being positive; "
        "use tighter bounds"
    )
