"""Trade talks: efficient tariffs from a threat point, by a named rule for sharing the gain.

A bargain lies on the frontier: it maximises a weighted sum of payoffs over all tariffs on the table, and the
rule picks the weights (:mod:`tradetalks.model.policy.rules`). For Ralph Ossa, "Trade Wars and Trade Talks with
Data", American Economic Review 104(12), 2014, section IV, all governments gain alike (here ``egalitarian``). With
fewer instruments (one rate for all partners, or for everything) the same rule gives the talks that such
instruments allow; what that costs each side against talks over every tariff is the bargain's ``loss``.

The rule of Kalai and Smorodinsky needs the ideal point: the most that each side could gain while no other loses.
So much in favour of one, tariffs have many peaks, and each ideal is the best of climbs from two sides, from
where all gain alike and from the threat, and of what rivals of the better one lead to.

Ehud Kalai and Meir Smorodinsky, "Other solutions to Nash's bargaining problem", Econometrica 43(3), 1975.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput, NotConverged, did_you_mean
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.certificate import best_rival, certified
from tradetalks.model.policy.climb import climb
from tradetalks.model.policy.game import BOUNDS, Game, Position, beginning
from tradetalks.model.policy.objective import sizes
from tradetalks.model.policy.optimum import PEAKS, Goal, chosen
from tradetalks.model.policy.players import Who, players
from tradetalks.model.policy.result import Choice
from tradetalks.model.policy.rules import Corner, Product, Proportion, Rule, Sum
from tradetalks.model.policy.talks import REACHES, Agreement, Talks
from tradetalks.model.policy.war import nash_tariffs, war_game

if TYPE_CHECKING:
    from tradetalks.model.counterfactuals import Deficits
    from tradetalks.model.economy import Economy

Floats = NDArray[np.float64]

SOLUTIONS = ("nash", "kalai-smorodinsky", "egalitarian", "utilitarian")
THREATS = ("status quo", "war")

#: How alike proportional gains must be to be called so, relative to their mean.
ALIKE = 1e-4

#: The flat frontier asks for tighter climbs than a single optimum.
TIGHT = 1e-11

#: Corners are climbed until moves are worth this, percent; the ideal is then good to about as much.
ROUGH = 1e-6

#: A gain below this, percent, is none.
NOTHING = 1e-6

#: A weight below this share of the greatest is none.
WEIGHTLESS = 1e-6


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
    """Whether gains are in the rule's proportions; if not, who has more could not give it to the others."""
    ideal: Floats | None = None
    """[p] the most that each side was found to gain while no other loses, percent; only of Kalai-Smorodinsky."""
    efficient: Bargain | None = field(default=None, repr=False)
    """The bargain of the same rule and threat over every tariff, where this one has fewer instruments."""

    @property
    def loss(self) -> Floats:
        """[p] what each side gains less than in the efficient bargain, points of percent.

        Nothing where every tariff was on the table; below zero for a side that coarse instruments favour.
        """
        return np.zeros(len(self.gains)) if self.efficient is None else self.efficient.gains - self.gains


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
    given = beginning(economy, given, deficits)
    game = war_game(economy, sides, against, kind, sectors, bounds, weights, given, deficits)
    if not isinstance(threat, Outcome | Choice) and threat not in THREATS:
        raise BadInput(f"threat: {threat!r} is not known{did_you_mean(threat, THREATS)}; use {', '.join(THREATS)}")
    war = threat if isinstance(threat, Choice) else None
    if threat == "war":
        war = nash_tariffs(economy, regions, against, kind, sectors, bounds, weights, given, deficits)
    point = war.outcome if war else threat if isinstance(threat, Outcome) else given
    point = beginning(economy, point, deficits)
    found = replace(_agreed(game, solution, point), war=war)
    if kind == "bilateral":
        return found
    every = war_game(economy, sides, against, "bilateral", sectors, bounds, weights, given, deficits)
    return replace(found, efficient=replace(_agreed(every, solution, point), war=war))


def _agreed(game: Game, solution: str, threat: Outcome) -> Bargain:
    """Return the bargain of a game."""
    search = _Search(game, threat)
    found, rule, ideal = search.solved(solution)
    talks = search.talks(rule)
    common = talks.common(found.weights)
    at = common.at(found.logs, found.outcome)
    certificate = replace(
        certified(common, at, search.rivals, search.rival_gain, talks.bent(found)),
        apart=rule.apart(found.weights, found.gains) / max(1.0, float(np.abs(found.gains).max())),
    )
    choice = chosen(common, game.sides, at, (certificate,), search.positions)
    share = found.weights / search.size
    parts = found.gains / rule.parts if isinstance(rule, Proportion) else np.ones(len(found.gains))
    return Bargain(
        **{part.name: getattr(choice, part.name) for part in fields(choice)},
        solution=solution,
        gains=found.gains,
        threat=threat,
        weights=share / share.mean(),
        exact=bool(np.ptp(parts) <= ALIKE * np.abs(parts).mean()),
        ideal=ideal,
    )


class _Search:
    """The search for a bargain: climbs, each from where another ended, counted."""

    def __init__(self, game: Game, threat: Outcome) -> None:
        self._game, self._threat = game, threat
        self._worth = game.worth(threat)
        size = np.asarray(sizes(game.economy._base, game.economy._base_accounts, game.goals))
        self.size: Floats = size * (1.0 + self._worth / 100.0)
        self.positions = self.rivals = 0
        self.rival_gain = 0.0

    def talks(self, rule: Rule) -> Talks:
        """Return the talks by ``rule``."""
        return Talks(self._game, self._worth, rule)

    def solved(self, solution: str) -> tuple[Agreement, Rule, Floats | None]:
        """Return where the sides agree, by which rule, and the ideal point where there is one.

        Raises:
            BadInput: no tariffs on the table leave everybody better off than the threat.
            NotConverged: no bargain was found.
        """
        P = len(self.size)
        start = self._game.start(self._threat)
        if solution == "utilitarian":
            dollars = Sum(self.size / self.size.sum())
            return self._highest(dollars, self._settled(dollars, start, self._threat)), dollars, None
        alike = Proportion(np.ones(P))
        equal = self._highest(alike, self._settled(alike, start, self._threat))
        if equal.gains.min() < -NOTHING:
            raise BadInput(
                "no tariffs on the table leave every side better off than without agreement: gains alike would be "
                f"{equal.gains.min():+.4f} percent; put more tariffs on the table, or take war as the threat"
            )
        if solution == "egalitarian" or equal.gains.min() < NOTHING:
            return equal, alike, None
        if solution == "nash":
            product = Product()
            return self._highest(product, self._settled(product, equal.logs, equal.outcome)), product, None
        ideal = np.array([self._ideal(side, equal, start) for side in range(P)])
        proportion = Proportion(ideal / ideal.mean())
        found = self._highest(proportion, self._settled(proportion, equal.logs, equal.outcome))
        return found, proportion, ideal

    def _ideal(self, side: int, equal: Agreement, start: Floats) -> float:
        """Return the most that ``side`` gains while no other loses, percent, as far as climbs find it."""
        corner = Corner(side, len(self.size))

        def most(end: Agreement) -> float:
            # With what others miss or have to spare, at its price.
            return float(end.weights @ end.gains) / float(end.weights[side])

        def climbed(logs: Floats, near: Outcome, weights: Floats | None) -> list[Agreement]:
            try:
                return [self._settled(corner, logs, near, ROUGH, weights)]
            except NotConverged:
                return []

        # A side that gains more than alike, because it could not hand on what it has, weighs nothing there.
        own = equal.weights[side]
        near_by = equal.weights / own if own > WEIGHTLESS * equal.weights.max() else None
        ends = climbed(equal.logs, equal.outcome, near_by) + climbed(start, self._threat, None)
        for _ in range(PEAKS if ends else 0):
            best = max(ends, key=most)
            rival = self._rival(self.talks(corner), best)[0]
            higher = [] if rival is None else climbed(rival.logs, rival.outcome, None)
            if not higher or most(higher[0]) <= most(best) + NOTHING:
                break
            ends += higher
        return max([float(equal.gains[side]), *map(most, ends)])

    def _settled(
        self, rule: Rule, logs: Floats, near: Outcome, tolerance: float = TIGHT, weights: Floats | None = None
    ) -> Agreement:
        """Return where the climb by ``rule`` from ``logs`` [v] ends; ``weights`` [p] to begin with.

        Raises:
            NotConverged: nowhere, however short the reach of the picture that sets the weights.
        """
        *longer, shortest = (replace(self.talks(rule), weights=weights, reach=reach) for reach in REACHES)
        for talks in longer:
            try:
                return self._climbed(talks, logs, near, tolerance)
            except NotConverged:
                continue
        return self._climbed(shortest, logs, near, tolerance)

    def _climbed(self, talks: Talks, logs: Floats, near: Outcome, tolerance: float) -> Agreement:
        found, steps = climb(talks, logs, near, tolerance)
        self.positions += steps
        return found

    def _highest(self, rule: Rule, found: Agreement) -> Agreement:
        """Return the best by ``rule`` of ``found`` and of what rivals of its weighted sum lead to."""
        talks = self.talks(rule)
        self.rivals = 0
        for _ in range(PEAKS):
            better, self.rival_gain, tried = self._rival(talks, found)
            self.rivals += tried
            if better is None:
                break
            try:
                other = self._settled(rule, better.logs, better.outcome)
            except NotConverged:
                break
            gained = rule.score(other.gains) - rule.score(found.gains)
            if gained <= NOTHING:
                # The sum is higher elsewhere, but not what the rule asks for: the frontier is dented here.
                self.rival_gain = gained
                break
            found = other
        return found

    def _rival(self, talks: Talks, found: Agreement) -> tuple[Position | None, float, int]:
        common = talks.common(found.weights)
        return best_rival(common, common.at(found.logs, found.outcome))
