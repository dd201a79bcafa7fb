"""A tariff war: everyone's tariffs are the best answer to everyone else's (Nash)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tradetalks.ground.errors import BadInput, NotConverged, did_you_mean
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.certificate import best_rival, certified
from tradetalks.model.policy.climb import climb
from tradetalks.model.policy.game import BOUNDS, Game, Position, beginning, limits
from tradetalks.model.policy.instruments import instruments
from tradetalks.model.policy.objective import Weights, aims
from tradetalks.model.policy.optimum import Goal, chosen
from tradetalks.model.policy.players import Player, Who, partners, players
from tradetalks.model.policy.result import Choice

if TYPE_CHECKING:
    from tradetalks.model.counterfactuals import Deficits
    from tradetalks.model.economy import Economy

SCOPES = ("each other", "everyone")

#: Rounds in which a player that has something better moves there and the war goes on.
ROUNDS = 5


def nash_tariffs(
    economy: Economy,
    regions: Sequence[Who],
    against: str = "each other",
    kind: str = "bilateral",
    sectors: Sequence[str] | None = None,
    bounds: tuple[float, float] = BOUNDS,
    weights: Mapping[str, Goal] | None = None,
    given: Outcome | None = None,
    deficits: Deficits = "fixed",
) -> Choice:
    """Return a Nash equilibrium in tariffs; see :meth:`tradetalks.model.Economy.nash_tariffs`."""
    sides = players(regions, economy.regions)
    given = beginning(economy, given, deficits)
    game = war_game(economy, sides, against, kind, sectors, bounds, weights, given, deficits)
    logs, near, steps = game.start(given), given, 0
    for _ in range(ROUNDS):
        found, more = climb(game, logs, near)
        steps += more
        singles, answers = zip(*(_answer(game, found, p) for p in range(len(sides))), strict=True)
        if all(better is None for better, _, _ in answers):
            certificates = tuple(
                certified(alone, at, tried, gain)
                for (alone, at), (_, gain, tried) in zip(singles, answers, strict=True)
            )
            return chosen(game, sides, found, certificates, steps)
        logs, near = found.logs.copy(), found.outcome
        for p, (better, _, _) in enumerate(answers):
            if better is not None:
                logs[game.tools.owner == p] = better.logs
    raise NotConverged(
        "no tariffs were found that are everyone's best answer: in every round some player had something better "
        "elsewhere; there may be no equilibrium in these tariffs; use tighter bounds"
    )


def war_game(
    economy: Economy,
    sides: tuple[Player, ...],
    against: str,
    kind: str,
    sectors: Sequence[str] | None,
    bounds: tuple[float, float],
    weights: Mapping[str, Goal] | None,
    given: Outcome,
    deficits: Deficits,
) -> Game:
    """Return the game of several sides that set tariffs on each other's goods, or on everyone's."""
    if against not in SCOPES:
        raise BadInput(f"against: {against!r} is not known{did_you_mean(against, SCOPES)}; use {' or '.join(SCOPES)}")
    rest = [name for name in economy.regions if not any(name in side.members for side in sides)]
    opposite = []
    for side in sides:
        others: list[Who] = [other.members for other in sides if other is not side]
        if against == "everyone":
            others += rest
        opposite.append((side, partners(others, side, economy.regions)))
    tools = instruments(opposite, kind, sectors, economy.sectors, np.asarray(economy._base.share))
    names = tuple(side.name for side in sides)
    for name in weights or {}:
        if name not in names:
            raise BadInput(
                f"weights: no player {name!r}{did_you_mean(name, names)}; the players are {', '.join(names)}"
            )
    for name, goal in (weights or {}).items():
        if isinstance(goal, Weights) and goal.balance_target:
            raise BadInput(f"weights: {name}: a balance_target is for optimal_tariffs; give the balance a worth here")
    goals = aims(
        sides,
        [(weights or {}).get(name) for name in names],
        economy.regions,
        economy.sectors,
        economy.political_weights,
    )
    return Game(economy, sides, tools, goals, np.asarray(given.new.gross), deficits, *limits(bounds))


def _answer(game: Game, found: Position, p: int) -> tuple[tuple[Game, Position], tuple[Position | None, float, int]]:
    """Return player p's own game at ``found``, and whether it has a better answer than the one it gives."""
    alone = replace(game, gross=np.asarray(found.outcome.new.gross)).only(p)
    at = alone.at(found.logs[game.tools.owner == p], found.outcome)
    return (alone, at), best_rival(alone, at)
