"""The best tariffs of one side, others' tariffs given: the optimal tariff, and the best response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.certificate import best_rival, certified
from tradetalks.model.policy.climb import climb
from tradetalks.model.policy.game import BOUNDS, Game, Position, limits
from tradetalks.model.policy.instruments import instruments
from tradetalks.model.policy.objective import Weights, aims
from tradetalks.model.policy.players import Player, Who, partners, player
from tradetalks.model.policy.result import Choice

if TYPE_CHECKING:
    from tradetalks.model.economy import Deficits, Economy

#: Political weights as a caller may give them: all of :class:`Weights`, or those of the sectors alone.
Goal: TypeAlias = Weights | Mapping[str, float] | ArrayLike | None

#: Higher peaks that are climbed one after another before we give up finding the highest.
PEAKS = 5


def optimal_tariffs(
    economy: Economy,
    region: Who,
    against: Who | Sequence[Who] | None = None,
    kind: str = "bilateral",
    sectors: Sequence[str] | None = None,
    bounds: tuple[float, float] = BOUNDS,
    weights: Goal = None,
    given: Outcome | None = None,
    deficits: Deficits = "fixed",
) -> Choice:
    """Return the best tariffs of ``region``; see :meth:`tradetalks.model.Economy.optimal_tariffs`."""
    own = player(region, economy.regions)
    given = economy.counterfactual(deficits=deficits) if given is None else given
    others = partners(against, own, economy.regions)
    tools = instruments([(own, others)], kind, sectors, economy.sectors, np.asarray(economy._base.share))
    goals = aims((own,), (weights,), economy.regions, economy.sectors, economy.political_weights)
    game = Game(economy, (own,), tools, goals, np.asarray(given.new.gross), deficits, *limits(bounds))
    found, steps = climb(game, game.start(given), given)
    found, gain, tried = highest(game, found)
    return chosen(game, (own,), found, (certified(game, found, tried, gain),), steps)


def highest(game: Game, found: Position) -> tuple[Position, float, int]:
    """Return the highest peak that rivals of ``found`` lead to, what a rival would still gain, how many there were."""
    tried = 0
    for _ in range(PEAKS):
        better, gain, count = best_rival(game, found)
        tried += count
        if better is None:
            break
        found = better
    return found, gain, tried


def chosen(
    game: Game, sides: tuple[Player, ...], found: Position, certificates: tuple[object, ...], steps: int
) -> Choice:
    """Return the position as a choice of ``sides``."""
    cells = np.zeros(game.gross.shape, dtype=bool)
    cells[game.tools.cells] = True
    return Choice(
        sides,
        found.outcome,
        found.payoffs,
        certificates,  # type: ignore[arg-type]
        np.moveaxis(cells, 0, 2),
        steps,
    )
