"""Trade talks: efficient tariffs from a threat point, by a named rule for sharing the gain.

A bargain lies on the frontier: it maximises a weighted sum of payoffs over all tariffs on the table, and
the rule picks the weights. For Ralph Ossa, "Trade Wars and Trade Talks with Data", American Economic Review
104(12), 2014, section IV, all governments gain alike (here ``egalitarian``). With fewer instruments (one
rate for all partners, or for everything) the same rule gives the talks that such instruments allow.

Tariffs can carry transfers (one side's duty, the other's subsidy), so the frontier is almost a straight line
in dollars and small changes of the weights move the gains far; the weights are therefore found by a root
search on the gains, each step a climb from the last. With more than two sides the rule of Kalai and Smorodinsky
asks for corners of the frontier that may not exist (someone gains whatever the others do); it is then refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, root

from tradetalks.ground.errors import BadInput, NotConverged, did_you_mean
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.certificate import certified
from tradetalks.model.policy.climb import climb
from tradetalks.model.policy.game import BOUNDS, Game, Position
from tradetalks.model.policy.objective import sizes
from tradetalks.model.policy.optimum import PEAKS, Goal, chosen, highest
from tradetalks.model.policy.players import Who, players
from tradetalks.model.policy.result import Choice
from tradetalks.model.policy.war import nash_tariffs, war_game

if TYPE_CHECKING:
    from tradetalks.model.economy import Deficits, Economy

Floats = NDArray[np.float64]

SOLUTIONS = ("nash", "kalai-smorodinsky", "egalitarian", "utilitarian")
THREATS = ("status quo", "war")

#: How alike the shares of the gain must be, relative to the gain.
ALIKE = 1e-4

#: Weights of the sides differ by at most this factor, in logs: beyond it a side might as well decide alone.
FURTHEST = 5.0

#: The flat frontier asks for tighter climbs than a single optimum.
TIGHT = 1e-11


@dataclass(frozen=True)
class Bargain(Choice):
    """Tariffs that the sides agree on, against the economy's base; gains are against the threat."""

    solution: str = ""
    gains: Floats = field(default_factory=lambda: np.zeros(0))
    """[p] what each side's objective gains over the threat point, percent of what it is there."""
    threat: Outcome | None = field(default=None, repr=False)
    """What happens without agreement."""
    war: Choice | None = field(default=None, repr=False)
    """The choice that the threat is, where it is one: the war."""
    weights: Floats = field(default_factory=lambda: np.zeros(0))
    """[p] weight of a dollar of each side at the bargain, mean one: where on the frontier it lies."""
    exact: bool = True
    """Whether the rule holds to the letter; where no tariffs share the gain so, the nearest end of the frontier."""


def bargain(
    economy: Economy,
    regions: Sequence[Who],
    solution: str = "nash",
    threat: str | Outcome | Choice = "status quo",
    against: str = "each other",
    kind: str = "bilateral",
    sectors: Sequence[str] | None = None,
    bounds: tuple[float, float] = BOUNDS,
    weights: Mapping[str, Goal] | None = None,
    given: Outcome | None = None,
    deficits: Deficits = "fixed",
) -> Bargain:
    """Return the tariffs that the sides agree on; see :meth:`tradetalks.model.Economy.bargain`."""
    if solution not in SOLUTIONS:
        raise BadInput(
            f"solution: {solution!r} is not known{did_you_mean(solution, SOLUTIONS)}; use {', '.join(SOLUTIONS)}"
        )
    sides = players(regions, economy.regions)
    given = economy.counterfactual(deficits=deficits) if given is None else given
    game = war_game(economy, sides, against, kind, sectors, bounds, weights, given, deficits)
    if isinstance(threat, str) and threat not in THREATS:
        raise BadInput(f"threat: {threat!r} is not known{did_you_mean(threat, THREATS)}; use {', '.join(THREATS)}")
    war = threat if isinstance(threat, Choice) else None
    if threat == "war":
        war = nash_tariffs(economy, regions, against, kind, sectors, bounds, weights, given, deficits)
    point = war.outcome if war else threat if isinstance(threat, Outcome) else given
    frontier = _Frontier(game, game.start(given), given, point)
    for _ in range(PEAKS):
        exact = _settle(frontier, solution)
        common = frontier.game()
        found, gain, tried = highest(common, frontier.here)
        if found is frontier.here:
            break
        frontier.here = found
    choice = chosen(common, sides, found, (certified(common, found, tried, gain),), frontier.positions)
    return Bargain(
        **{part.name: getattr(choice, part.name) for part in fields(choice)},
        solution=solution,
        gains=frontier.gains,
        threat=point,
        war=war,
        weights=frontier.weights,
        exact=exact,
    )


def _settle(frontier: _Frontier, solution: str) -> bool:
    """Move along the frontier to where the rule holds; return whether it does to the letter."""
    if solution == "utilitarian":
        frontier.go(np.zeros(frontier.sides))
        return True
    exact = frontier.meet(lambda: frontier.gains)
    if solution == "kalai-smorodinsky":
        # From the middle of the frontier to each of its corners, and back.
        middle = np.log(frontier.weights)
        ideal = np.array([frontier.ideal(p, middle) for p in range(frontier.sides)])
        frontier.go(middle)
        return frontier.meet(lambda: frontier.gains / ideal)
    # The product of gains is greatest where each side's gain, in weighted dollars, is the same.
    return frontier.meet(lambda: frontier.weights * frontier.size * frontier.gains) if solution == "nash" else exact


class _Frontier:
    """The frontier of a game, walked by the weights of its sides; each climb begins where the last ended."""

    def __init__(self, game: Game, logs: Floats, near: Outcome, threat: Outcome) -> None:
        economy = game.economy
        self._game, self.sides = game, len(game.sides)
        size = np.asarray(sizes(economy._base, economy._base_accounts, game.goals))
        self._threat = game.worth(threat)
        self.size = size * (1.0 + self._threat / 100.0) / size.sum()
        self._share = size / size.sum()
        self.weights = np.ones(self.sides)
        self.positions = 0
        self.here: Position
        self._climb(logs, near)

    def game(self) -> Game:
        """Return the game with the common objective of the weights."""
        return replace(self._game, mix=self.weights * self._share)

    @property
    def gains(self) -> Floats:
        """[p] gain over the threat, percent of what each side has there."""
        gained: Floats = (self.here.payoffs - self._threat) / (1.0 + self._threat / 100.0)
        return gained

    def go(self, logs: Floats) -> None:
        """Go to where the sides' dollars weigh exp(``logs``) [p], scaled to mean one."""
        weights = np.exp(logs - logs.mean())
        self.weights = weights / weights.mean()
        self._climb(self.here.logs, self.here.outcome)

    def ideal(self, p: int, start: Floats) -> float:
        """Return the most that side p gains where no other side loses, percent; the search begins at ``start`` [p]."""
        self.go(start)
        others = np.arange(self.sides) != p
        self.meet(lambda: np.where(others, self.gains, 0.0))
        return max(float(self.gains[p]), 1e-9)

    def meet(self, measure: Callable[[], Floats]) -> bool:
        """Go to where ``measure`` [p] is alike for all sides; return whether there is such a point.

        Raises:
            NotConverged: the search failed.
        """
        return self._meet_two(measure) if self.sides == 2 else self._meet_many(measure)

    def _meet_two(self, measure: Callable[[], Floats]) -> bool:
        def gap(tilt: float) -> float:
            self.go(np.array([tilt, -tilt]) / 2.0)
            first, second = measure()
            return float(first - second)

        at, far = 0.0, 0.05
        lead = gap(at)
        if lead == 0.0:
            return True
        # Weight goes to the side that has less, further and further until it has more.
        way = -np.sign(lead)
        while abs(at) < FURTHEST:
            beyond = way * min(far, FURTHEST)
            if np.sign(gap(beyond)) != np.sign(lead):
                gap(brentq(gap, at, beyond, xtol=1e-10, rtol=1e-10, maxiter=60))
                return True
            at, far = beyond, 3.0 * far
        return False

    def _meet_many(self, measure: Callable[[], Floats]) -> bool:
        def gaps(free: Floats) -> Floats:
            self.go(np.concatenate([[0.0], free]))
            found = measure()
            return np.asarray(found[1:] - found[0])

        start = np.log(self.weights[1:] / self.weights[0])
        found = root(gaps, start, method="hybr", options={"eps": 1e-4, "factor": 0.1, "xtol": 1e-9})
        miss = float(np.abs(gaps(found.x)).max())
        if miss > ALIKE * max(1.0, float(np.abs(measure()).mean())):
            raise NotConverged(
                f"no tariffs were found that share the gains by the rule: shares still differ by {miss:.1e}; "
                "use tighter bounds"
            )
        return True

    def _climb(self, logs: Floats, near: Outcome) -> None:
        self.here, steps = climb(self.game(), logs, near, TIGHT)
        self.positions += steps
