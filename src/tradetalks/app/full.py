"""Moves on release: the figures of ``tradetalks value``, on the full world."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from tradetalks.app.play import Move, Play, alone, keep
from tradetalks.ground.errors import NotConverged
from tradetalks.model.equilibrium import TOLERANCE
from tradetalks.value.effect import Effect
from tradetalks.value.package import NOTHING, Package
from tradetalks.value.settle import Near, Settled, brings_to_targets, settling
from tradetalks.value.stage import Stage

#: The share of a purchase's or quota's increment that may be missed, the billion dollars of it, and the log excess to
#: which markets clear: no figure differs by half of the last digit that the page shows.
SLACK, SLACK_USD_BN, CLEAR = 1e-4, 2e-3, 1e-7

#: Moves whose equilibria are kept to begin others at, some 200 kilobytes each: the last of each of many sessions.
NEAR_KEPT = 128

#: Where levers stand, in order.
Stand = tuple[tuple[str, float], ...]


@dataclass(eq=False)
class Full(Play):
    """A case on the full world, one move at a time, which leaves the second processor to those who slide."""

    approximate: ClassVar[bool] = False
    _near: OrderedDict[Stand, dict[str, Near]] = field(default_factory=OrderedDict, init=False, repr=False)

    @property
    def stage(self) -> Stage:
        """The full world."""
        return self.valuation.stage

    @cached_property
    def references(self) -> dict[str, Settled]:
        """Each baseline: the status quo, and the outcomes of no deal."""
        return {name: self.valuation.settled(NOTHING, name) for name in self.weights}

    def key(self, move: Move) -> Hashable:
        """Return what the answer depends on: where the levers stand."""
        return _stand(move)

    def settled(
        self, moves: Sequence[Move], packages: Sequence[Package], effects: Mapping[str, Sequence[Effect]]
    ) -> dict[str, list[Settled]]:
        """Return the equilibria, each begun where the same levers stood nearest."""
        found: dict[str, list[Settled]] = {name: [] for name in effects}
        for k, (move, package) in enumerate(zip(moves, packages, strict=True)):
            near = self._nearest(move)
            for name in effects:
                found[name].append(self._settled(package, name, effects[name][k], near.get(name)))
            keep(self._near, _stand(move), {name: some[k].near for name, some in found.items()}, NEAR_KEPT)
        return found

    def _settled(self, package: Package, baseline: str, effect: Effect, near: Near | None) -> Settled:
        # What buys nothing is one solve, with nothing to miss: that one is exact.
        clear = CLEAR if brings_to_targets(effect) else TOLERANCE
        duties, reference = self.valuation.tariffs(package, baseline), self.references[baseline]
        try:
            run = settling(self.stage, duties, effect, reference, SLACK, near=near, slack_usd_bn=SLACK_USD_BN)
            return alone(self.stage, run, clear)
        except NotConverged:
            if near is None:
                raise
            return self._settled(package, baseline, effect, None)  # a start that misled

    def _nearest(self, move: Move) -> Mapping[str, Near]:
        """Return where each baseline settled when the same levers stood nearest, if they ever did."""
        settings = move.settings
        reach = {name: self.levers[name].high - self.levers[name].low for name in settings}

        def away(stand: Stand) -> float:
            return sum(abs(at - settings[name]) / reach[name] for name, at in stand)

        known = [stand for stand in self._near if dict(stand).keys() == settings.keys()]
        return self._near[min(known, key=away)] if known else {}


def _stand(move: Move) -> Stand:
    return tuple(sorted(move.settings.items()))
