"""The best tariffs of one side, others' tariffs given: the optimal tariff, and the best response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tradetalks.ground.errors import BadInput
from tradetalks.model.outcome import Outcome, position
from tradetalks.model.policy.certificate import best_rival, certified
from tradetalks.model.policy.climb import climb
from tradetalks.model.policy.game import BOUNDS, Game, Position, beginning, limits
from tradetalks.model.policy.instruments import instruments
from tradetalks.model.policy.objective import Weights, aims
from tradetalks.model.policy.players import Player, Who, partners, player
from tradetalks.model.policy.result import Choice
from tradetalks.model.policy.target import at_target

if TYPE_CHECKING:
    from tradetalks.model.counterfactuals import Deficits
    from tradetalks.model.economy import Economy

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
    given = beginning(economy, given, deficits)
    others = partners(against, own, economy.regions)
    tools = instruments([(own, others)], kind, sectors, economy.sectors, np.asarray(economy._base.share))
    goals = aims((own,), (weights,), economy.regions, economy.sectors, economy.political_weights)
    game = Game(economy, (own,), tools, goals, np.asarray(given.new.gross), deficits, *limits(bounds))
    if isinstance(weights, Weights) and weights.balance_target:
        partner, target = _target(weights, own, economy.regions)
        found, worth, certificate, steps = at_target(game, partner, target, given)
        # The payoff is of what the side wants besides the target.
        found = replace(found, payoffs=game.worth(found.outcome))
        return replace(chosen(game, (own,), found, (certificate,), steps), balance_worth=worth)
    found, steps = climb(game, game.start(given), given)
    found, gain, tried = highest(game, found)
    return chosen(game, (own,), found, (certified(game, found, tried, gain),), steps)


def _target(weights: Weights, own: Player, regions: tuple[str, ...]) -> tuple[int, float]:
    """Return the partner by position and the balance with it.

    Raises:
        BadInput: several partners, no such region, a member of ``own``, or not a number.
    """
    if len(weights.balance_target) > 1:
        raise BadInput("weights: balance_target: give one partner; tariffs have one multiplier to find here")
    ((name, target),) = weights.balance_target.items()
    partner = position(name, regions, "region")
    if partner in own.at:
        raise BadInput(f"weights: balance_target: {name} is {own.name} itself; name another region")
    if name in weights.balance:
        raise BadInput(f"weights: the balance with {name} has a worth and a target; give one of them")
    if isinstance(target, bool) or not isinstance(target, int | float) or not np.isfinite(target):
        raise BadInput(f"weights: balance_target: {target!r} is not a number in the currency of the flows")
    return partner, float(target)


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
