"""Moves: what a package is worth to both sides, at once on a small economy and exactly on the full world.

The small economy has 16 regions (the parties, whom the terms name, the largest partners). Moves that wait are solved
together, equal ones once. What takes time on the small economy is the law, line by line: while one duty moves, the
averages it makes are read at a few knots and interpolated between; the full solve on release reads them anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tradetalks.app.levers import Lever, chosen, settings_of
from tradetalks.app.levers import levers as levers_of
from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.model.equilibrium import TOLERANCE
from tradetalks.talks.deals.valued import unpriced
from tradetalks.value.baseline import STATUS_QUO
from tradetalks.value.case import Case
from tradetalks.value.measures import MEASURES, compared, levels
from tradetalks.value.package import NOTHING, Package, Term
from tradetalks.value.settle import Settled, Settling, settle, settle_all, settling
from tradetalks.value.stage import Stage, draw_stage
from tradetalks.value.terms import Purchases, Quota, Tariff
from tradetalks.value.valuation import Valuation

Floats = NDArray[np.float64]
Answer = dict[str, Any]
Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")

#: Points at which the duties of a moving lever are read from the law.
KNOTS = 5

#: The share of a purchase's or quota's increment that may be missed, the billion dollars of it, and the log excess to
#: which markets clear: on the small economy, which is off by more, and on the full one, where no figure differs by half
#: of the last digit that the page shows.
ROUGH, FINE = (1e-2, 1e-2, 1e-6), (1e-4, 2e-3, 1e-7)

#: Equilibria of the small economy from which on the compiled loop of many is quicker than one by one. On the full world
#: it is one by one always, which leaves the second processor to those who slide.
MANY = 8

#: Knots that are kept, some 60 kilobytes each, and answers, some two.
KNOTS_KEPT, ANSWERS_KEPT = 512, 2048


@dataclass(frozen=True)
class Move:
    """What a session asks: where its levers stand, and which one its hand is on."""

    settings: Mapping[str, float]
    moving: str | None = None


@dataclass(eq=False)
class Play:
    """A case, ready to be moved on one of two economies. Not for two threads at once."""

    case: Case
    small: bool
    """On 16 regions and approximate; else on the full world, with the figures of ``tradetalks value``."""
    _knots: OrderedDict[tuple[Hashable, ...], Floats] = field(default_factory=OrderedDict, init=False, repr=False)
    _answers: OrderedDict[Hashable, Answer] = field(default_factory=OrderedDict, init=False, repr=False)

    @cached_property
    def valuation(self) -> Valuation:
        """The case in full, without draws."""
        return Valuation(self.case, draws=0)

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """What can be moved, by its id."""
        return {lever.id: lever for lever in levers_of(self.case)}

    @cached_property
    def stage(self) -> Stage:
        """The economy; the small one has every region that a term of the case names."""
        if not self.small:
            return self.valuation.stage
        central = self.valuation.central
        effects = [term.body.effect(central) for term in self.case.terms]
        effects += [baseline.changes.effect(central) for baseline in self.valuation.no_deal]
        named = sorted(set().union(*(effect.regions for effect in effects)) - set(self.case.parties))
        regions = (*self.case.parties, *(name for name in named if name in self.valuation.world.regions))
        return draw_stage(self.valuation.world, self.case.as_of.year, regions)

    @cached_property
    def references(self) -> dict[str, Settled]:
        """Each baseline on this economy: the status quo, and the outcomes of no deal."""
        if not self.small:
            return {name: self.valuation.settled(NOTHING, name) for name in self._weights}
        duties = {name: self.stage.duties(self.valuation.tariffs(NOTHING, name)) for name in self._weights}
        return {name: settle(self.stage, duties[name], self.valuation.effect(NOTHING, name)) for name in duties}

    @cached_property
    def _weights(self) -> dict[str, float]:
        outcomes = self.valuation.no_deal
        whole = sum(outcome.probability for outcome in outcomes)
        return {STATUS_QUO: 1.0} | {outcome.name: outcome.probability / whole for outcome in outcomes}

    def prepare(self) -> None:
        """Solve the baselines and a first move, so that the next one is quick."""
        start = settings_of(self.levers.values(), self.case.package()) if self.case.default_package else {}
        self.play([Move(start)])
        if self.small:  # and a first of many together
            self.play([Move({lever.id: lever.amount(lever.terms[0])}) for lever in self.levers.values()])

    def play(self, moves: Sequence[Move]) -> list[Answer | BadInput | NotConverged]:
        """Return what each move is worth, or why it has no worth: it cannot be made, or has no equilibrium."""
        begun = perf_counter()
        keys = [self._key(move) for move in moves]
        new = {key: move for key, move in zip(keys, moves, strict=True) if key not in self._answers}
        found = dict(zip(new, self._solved(list(new.values())), strict=True))
        answers: list[Answer | BadInput | NotConverged] = []
        for key in keys:
            answer = found[key] if key in found else self._answers[key]
            if isinstance(answer, dict):
                _keep(self._answers, key, answer, ANSWERS_KEPT)
                answer = {**answer, "milliseconds": round(1000 * (perf_counter() - begun), 1)}
            answers.append(answer)
        return answers

    def _key(self, move: Move) -> Hashable:
        # Where the small economy interpolates, the lever that moves matters too.
        return (tuple(sorted(move.settings.items())), move.moving if self.small else None)

    def _solved(self, moves: Sequence[Move]) -> list[Answer | BadInput | NotConverged]:
        """Return the answer of each move, all solved together."""
        if not moves:
            return []
        try:
            packages = [chosen(self.levers.values(), move.settings) for move in moves]
            settled = self._settled(moves, packages)
        except (BadInput, NotConverged) as error:
            if len(moves) == 1:
                return [error]
            return [self._solved([move])[0] for move in moves]  # one of them is at fault: each for itself
        money = [package.effect(self.valuation.central).money for package in packages]
        figures = {}
        for (name, reference), found in zip(self.references.items(), settled, strict=True):
            before, after = (levels(self.stage, some, self.case.parties) for some in ([reference], found))
            figures[name] = compared(after, before, self.case.parties, money)
        return [
            self._answer(package, {name: rows[k] for name, rows in figures.items()})
            for k, package in enumerate(packages)
        ]

    def _settled(self, moves: Sequence[Move], packages: Sequence[Package]) -> list[list[Settled]]:
        """Return the equilibria [baseline][package] of ``packages``, which ``moves`` make."""
        slack, dollars, clear = ROUGH if self.small else FINE
        runs = [
            settling(
                self.stage,
                self.duties(move, package, name),
                self.valuation.effect(package, name),
                reference,
                slack,
                slack_usd_bn=dollars,
            )
            for name, reference in self.references.items()
            for move, package in zip(moves, packages, strict=True)
        ]
        if self.small and len(runs) >= MANY:
            found = settle_all(self.stage, runs, clear)
        else:
            # What buys nothing is one solve, with nothing to miss: on the full world that one is exact.
            exact = [not self.small and not any(map(_buys, package.terms)) for package in packages]
            clears = [TOLERANCE if one else clear for one in exact] * len(self.references)
            found = [_alone(self.stage, run, to) for run, to in zip(runs, clears, strict=True)]
        return [found[at : at + len(moves)] for at in range(0, len(found), len(moves))]

    def duties(self, move: Move, package: Package, baseline: str) -> Floats:
        """Return the duties [i, n, s] of this economy under ``package``, which ``move`` makes, on ``baseline``."""
        if not self.small:
            return self.valuation.tariffs(package, baseline)
        stand = {name: at for name, at in move.settings.items() if isinstance(self.levers[name].terms[0].body, Tariff)}
        if move.moving not in stand:
            return self._knot(stand, baseline)
        lever = self.levers[move.moving]
        knots = np.linspace(lever.low, lever.high, KNOTS)
        right = int(np.clip(np.searchsorted(knots, stand[lever.id]), 1, KNOTS - 1))
        share = (stand[lever.id] - knots[right - 1]) / (knots[right] - knots[right - 1])
        low, high = (self._knot({**stand, lever.id: float(knots[k])}, baseline) for k in (right - 1, right))
        return np.asarray((1.0 - share) * low + share * high)

    def _knot(self, stand: Mapping[str, float], baseline: str) -> Floats:
        """Return the small economy's duties where the duties' levers ``stand``, as the law has them."""
        key = (baseline, *sorted(stand.items()))
        if key not in self._knots:
            duties = self._summed(self.valuation.tariffs(chosen(self.levers.values(), stand), baseline), baseline)
            _keep(self._knots, key, duties, KNOTS_KEPT)
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

    def _answer(self, package: Package, figures: Mapping[str, Floats]) -> Answer:
        none = np.sum([self._weights[name] * figures[name] for name in figures if name != STATUS_QUO], axis=0)
        return {
            "approximate": self.small,
            "title": package.title,
            "terms": [term.id for term in package.terms],
            "unpriced": [term.title for term in package.terms if unpriced(term, self.valuation)],
            "no_deal": _by_party(self.case.parties, none),
            "today": _by_party(self.case.parties, figures[STATUS_QUO]),
        }


def _alone(stage: Stage, run: Settling, tolerance: float) -> Settled:
    """Return what ``run`` settles on, solved by itself in this thread."""
    outcome = None
    while True:
        try:
            asked = next(run) if outcome is None else run.send(outcome)
        except StopIteration as end:
            settled: Settled = end.value
            return settled
        outcome = stage.economy.counterfactual(*asked[:4], tolerance=tolerance)


def _buys(term: Term) -> bool:
    """Return whether ``term`` brings a flow to a target, as far as the model can."""
    return isinstance(term.body, Purchases | Quota)


def _by_party(parties: Sequence[str], figures: Floats) -> dict[str, dict[str, float | None]]:
    return {
        party: {
            measure: float(value) if np.isfinite(value) else None
            for measure, value in zip(MEASURES, figures[place], strict=True)
        }
        for place, party in enumerate(parties)
    }


def _keep(cache: OrderedDict[Key, Kept], key: Key, value: Kept, most: int) -> None:
    """Put ``value`` at the end of a cache of the last ``most``."""
    cache[key] = value
    cache.move_to_end(key)
    if len(cache) > most:
        cache.popitem(last=False)
