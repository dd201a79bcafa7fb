"""Moves while a hand is on a lever: approximate, on an economy of 16 regions.

These are the parties, whom the terms name, and the largest partners. Moves that wait are solved together, equal ones
once, and those that differ in what is bought share the equilibrium without it. What else takes time is the law, line by
line: duties that fall on lines of their own are read apart, so that few readings serve all sessions, and while one
moves, the averages it makes are read at a few knots and interpolated between.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import ClassVar

import numpy as np

from tradetalks.app.levers import Lever, chosen
from tradetalks.app.play import Floats, Move, Play, alone, keep
from tradetalks.ground.errors import BadInput
from tradetalks.value.effect import Effect
from tradetalks.value.package import NOTHING, Package
from tradetalks.value.settle import Settled, Settling, settle, settle_all, settling
from tradetalks.value.stage import Stage, draw_stage
from tradetalks.value.terms import Tariff

#: Points at which the duties of a moving lever are read from the law.
KNOTS = 5

#: Levers of duties of which any two are looked at, whether they may be read apart.
MOST_APART = 8

#: Duties (fractions) that differ by no more are the same.
ADD_UP = 1e-9

#: The share of a purchase's or quota's increment that may be missed, the billion dollars of it, and the log excess to
#: which markets clear: this economy is off by more.
SLACK, SLACK_USD_BN, CLEAR = 1e-2, 1e-2, 1e-6

#: Equilibria from which on the compiled loop of many is quicker than one by one.
MANY = 8

#: Knots that are kept, some 60 kilobytes each, and equilibria without purchases, some 400.
KNOTS_KEPT, FREE_KEPT = 512, 128


@dataclass(eq=False)
class Quick(Play):
    """A case on the economy of 16 regions."""

    approximate: ClassVar[bool] = True
    _knots: OrderedDict[Hashable, Floats] = field(default_factory=OrderedDict, init=False, repr=False)
    _free: OrderedDict[Hashable, Settled] = field(default_factory=OrderedDict, init=False, repr=False)

    @cached_property
    def stage(self) -> Stage:
        """The economy; it has every region that a term of the case names."""
        central = self.valuation.central
        effects = [term.body.effect(central) for term in self.case.terms]
        effects += [baseline.changes.effect(central) for baseline in self.valuation.no_deal]
        named = sorted(set().union(*(effect.regions for effect in effects)) - set(self.case.parties))
        regions = (*self.case.parties, *(name for name in named if name in self.valuation.world.regions))
        return draw_stage(self.valuation.world, self.case.as_of.year, regions)

    @cached_property
    def references(self) -> dict[str, Settled]:
        """Each baseline: the status quo, and the outcomes of no deal."""
        duties = {name: self.stage.duties(self.valuation.tariffs(NOTHING, name)) for name in self.weights}
        return {name: settle(self.stage, duties[name], self.valuation.effect(NOTHING, name)) for name in duties}

    def prepare(self) -> None:
        """Solve the baselines, a first move, and a first of many together."""
        super().prepare()
        self.play([Move({lever.id: lever.amount(lever.terms[0])}) for lever in self.levers.values()])

    def key(self, move: Move) -> Hashable:
        """Return what the answer depends on: where the levers stand, and, between knots, which one moves."""
        return tuple(sorted(move.settings.items())), move.moving

    def settled(
        self, moves: Sequence[Move], packages: Sequence[Package], effects: Mapping[str, Sequence[Effect]]
    ) -> dict[str, list[Settled]]:
        """Return the equilibria, all solved together."""
        asked = [(name, move, effect) for name in effects for move, effect in zip(moves, effects[name], strict=True)]
        # Those of equal duties, trade costs and deficits differ in what is bought alone.
        keys = [(name, self._stand(move), effect.costs, effect.deficits) for name, move, effect in asked]
        first = dict(zip(keys, asked, strict=True))
        new = {key: self.duties(move, name) for key, (name, move, _) in first.items() if key not in self._free}
        unbought = self._run(
            [
                settling(self.stage, new[key], Effect(costs=key[2], deficits=key[3]), self.references[key[0]])
                for key in new
            ]
        )
        free = {key: self._free[key] for key in first if key not in new} | dict(zip(new, unbought, strict=True))
        for key, one in free.items():
            keep(self._free, key, one, FREE_KEPT)
        found = iter(
            self._run(
                [
                    settling(
                        self.stage,
                        free[key].duties,
                        effect,
                        self.references[name],
                        SLACK,
                        free=free[key].outcome,
                        slack_usd_bn=SLACK_USD_BN,
                    )
                    for key, (name, _, effect) in zip(keys, asked, strict=True)
                ]
            )
        )
        return {name: [next(found) for _ in moves] for name in effects}

    def _run(self, runs: Sequence[Settling]) -> list[Settled]:
        if len(runs) >= MANY:
            return settle_all(self.stage, runs, CLEAR)
        return [alone(self.stage, run, CLEAR) for run in runs]

    def duties(self, move: Move, baseline: str) -> Floats:
        """Return the duties [i, n, s] of this economy under ``move`` on ``baseline``."""
        stand, moving = self._stand(move)
        settings = dict(stand)
        low = {name: self.levers[name].low for name in settings}
        groups = [{name: settings[name] for name in group if name in settings} for group in self.apart]
        read = [self._read({**low, **mine}, moving if moving in mine else None, baseline) for mine in groups if mine]
        if len(read) == 1:
            return read[0]
        found: Floats = np.add.reduce(read) - (len(read) - 1) * self._knot(low, baseline)
        return np.maximum(found, 0.0)

    @cached_property
    def apart(self) -> tuple[frozenset[str], ...]:
        """The levers of duties in groups: how far those of one group move the duties, does not rest on the others.

        Two are in one group where that does not hold at the ends of both, or where the law refuses both at once; more
        than :data:`MOST_APART` are one group, since to look at every two of them would take seconds.
        """
        duties = [name for name, lever in self.levers.items() if isinstance(lever.terms[0].body, Tariff)]
        if len(duties) > MOST_APART:
            return (frozenset(duties),)
        groups = [frozenset({name}) for name in duties]
        for one, other in combinations(duties, 2):
            rest = [self.levers[name] for name in duties if name not in (one, other)]
            if not self._add_up(self.levers[one], self.levers[other], rest):
                joined = [group for group in groups if one in group or other in group]
                groups = [group for group in groups if group not in joined] + [frozenset().union(*joined)]
        return tuple(groups)

    def _add_up(self, one: Lever, other: Lever, rest: Sequence[Lever]) -> bool:
        """Return whether ``one`` moves the duties as far where ``other`` is high as where it is low.

        The ``rest`` is looked at absent, low and high: all lines of a sector may be free only together, and what cuts
        take off may be more than there is only together.
        """
        for around in ({}, {lever.id: lever.low for lever in rest}, {lever.id: lever.high for lever in rest}):
            for baseline in self.references:
                try:
                    least, first, second, most = (
                        self._knot({**around, one.id: here, other.id: there}, baseline)
                        for here, there in product((one.low, one.high), (other.low, other.high))
                    )
                except BadInput:
                    if not around:
                        return False
                    continue  # the rest is at odds with itself; who asks for all at once is told
                if np.abs(most - first - (second - least)).max() > ADD_UP:
                    return False
        return True

    def _read(self, stand: Mapping[str, float], moving: str | None, baseline: str) -> Floats:
        """Return the duties where levers ``stand``, between knots of the one that is ``moving``."""
        if moving is None:
            return self._knot(stand, baseline)
        lever, at = self.levers[moving], stand[moving]
        knots = np.linspace(lever.low, lever.high, KNOTS)
        right = int(np.clip(np.searchsorted(knots, at), 1, KNOTS - 1))
        share = (at - knots[right - 1]) / (knots[right] - knots[right - 1])
        low, high = (self._knot({**stand, moving: float(knots[k])}, baseline) for k in (right - 1, right))
        return np.asarray((1.0 - share) * low + share * high)

    def _stand(self, move: Move) -> tuple[tuple[tuple[str, float], ...], str | None]:
        """Return where the levers of duties stand, in order, and which of these moves."""
        stand = sorted(
            (name, at) for name, at in move.settings.items() if isinstance(self.levers[name].terms[0].body, Tariff)
        )
        return tuple(stand), move.moving if move.moving in dict(stand) else None

    def _knot(self, stand: Mapping[str, float], baseline: str) -> Floats:
        """Return the duties where the duties' levers ``stand``, as the law has them."""
        key = (baseline, *sorted(stand.items()))
        if key not in self._knots:
            duties = self._summed(self.valuation.tariffs(chosen(self.levers.values(), stand), baseline), baseline)
            keep(self._knots, key, duties, KNOTS_KEPT)
        self._knots.move_to_end(key)
        return self._knots[key]

    def _summed(self, full: Floats, baseline: str) -> Floats:
        """Return ``stage.duties(full)``; a move changes few flows of the baseline's, and only these are summed."""
        before, flows, groups = self.valuation.tariffs(NOTHING, baseline), self.stage.full_flows, self.stage.groups
        duties = self.references[baseline].duties.copy()
        for i, n in np.argwhere((full != before).any(2)):
            a, b = int(groups[i].argmax()), int(groups[n].argmax())
            whole = flows[np.ix_(groups[:, a] > 0, groups[:, b] > 0)].sum((0, 1))
            duties[a, b] += (full[i, n] - before[i, n]) * flows[i, n] / np.where(whole > 0, whole, 1.0)
        return duties
