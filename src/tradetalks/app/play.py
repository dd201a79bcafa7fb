"""Moves: what a package is worth to both sides, quickly on a small economy and then exactly.

The small economy has 16 regions (the parties, whom the terms name, the largest partners) and is solved for many
sessions at once. What takes time there is the law, line by line: while one duty moves, the averages it makes are read
at a few knots and interpolated between; the full solve on release reads them anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.app.levers import Lever, chosen, levers
from tradetalks.ground.errors import BadInput
from tradetalks.value.case import Case
from tradetalks.value.draws import NEAR_CLEAR, NEAR_TARGET, NOTHING
from tradetalks.value.measures import MEASURES, measured
from tradetalks.value.package import Package, package_of
from tradetalks.value.settle import Settled, settle, settle_all, settling
from tradetalks.value.stage import Stage, draw_stage
from tradetalks.value.terms import Tariff
from tradetalks.value.valuation import STATUS_QUO, Valuation

Floats = NDArray[np.float64]

#: Points at which the duties of a moving lever are read from the law.
KNOTS = 5

#: Sets of knots kept, some 60 kilobytes a knot.
KEPT = 256


@dataclass(frozen=True)
class Move:
    """What a session asks: where its levers stand, and which one its hand is on."""

    settings: Mapping[str, float]
    moving: str | None = None


@dataclass(eq=False)
class Play:
    """A case, ready to be moved. Not for two threads at once."""

    case: Case
    _duties: OrderedDict[tuple[Any, ...], Floats] = field(default_factory=OrderedDict, init=False, repr=False)

    @cached_property
    def valuation(self) -> Valuation:
        """The case in full, without draws."""
        return Valuation(self.case, draws=0)

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What can be moved."""
        return levers(self.case)

    @cached_property
    def stage(self) -> Stage:
        """The small economy, with every region that a term of the case names."""
        central = self.valuation._central
        effects = [term.body.effect(central) for term in self.case.terms]
        effects += [baseline.changes.effect(central) for baseline in self.valuation.no_deal]
        named = sorted(set().union(*(effect.regions for effect in effects)) - set(self.case.parties))
        regions = (*self.case.parties, *(name for name in named if name in self.valuation.world.regions))
        return draw_stage(self.valuation.world, self.case.as_of.year, regions)

    @cached_property
    def _references(self) -> dict[str, Settled]:
        """Each baseline on the small economy."""
        return {name: self._baseline(name) for name in self._weights}

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Baselines played: the status quo, and the outcomes of no deal by probability."""
        outcomes = self.valuation.no_deal
        whole = sum(outcome.probability for outcome in outcomes)
        return {STATUS_QUO: 1.0} | {outcome.name: outcome.probability / whole for outcome in outcomes}

    def _baseline(self, name: str) -> Settled:
        duties = self.stage.duties(self.valuation._tariffs(NOTHING, name))
        return settle(self.stage, duties, self.valuation._effect(NOTHING, name))

    def package(self, move: Move) -> Package:
        """Return the package of a move.

        Raises:
            BadInput: a lever or amount that is not there.
        """
        return chosen(self.levers, move.settings)

    def prepare(self, *, quick: bool) -> None:
        """Solve the baselines, small or full, and a first move, so that the next one is quick."""
        first = Move({})
        if self.case.default_package:
            from tradetalks.app.levers import settings_of

            first = Move(settings_of(self.levers, self.case.package()))
        if quick:
            self.quick([first])
        else:
            self.full(first)

    def quick(self, moves: Sequence[Move]) -> list[dict[str, Any] | Exception]:
        """Return what each move is worth on the small economy, or why it cannot be made."""
        begun = perf_counter()
        stage = self.stage
        packages: list[Package | BadInput] = []
        runs, places = [], []
        for k, move in enumerate(moves):
            try:
                package = self.package(move)
                mine = []
                for name, reference in self._references.items():
                    effect = self.valuation._effect(package, name)
                    duties = self._small_duties(move, package, name)
                    mine.append(settling(stage, duties, effect, reference, NEAR_TARGET))
                packages.append(package)
            except BadInput as error:
                packages.append(error)
                continue
            runs += mine
            places += [(k, name) for name in self._references]
        try:
            found = dict(zip(places, settle_all(stage, runs, NEAR_CLEAR), strict=True))
        except BadInput as error:
            if len(moves) > 1:  # one of them is at fault: each for itself
                return [self.quick([move])[0] for move in moves]
            return [error]
        answers: list[dict[str, Any] | Exception] = []
        for k, made in enumerate(packages):
            if isinstance(made, BadInput):
                answers.append(made)
                continue
            money = made.effect(self.valuation._central).money
            figures = {
                name: measured(stage, found[k, name], reference, self.case.parties, money)
                for name, reference in self._references.items()
            }
            answers.append(self._answer(made, figures, approximate=True, begun=begun))
        return answers

    def full(self, move: Move) -> dict[str, Any]:
        """Return what a move is worth on the full world.

        Raises:
            BadInput: the move cannot be made.
            NotConverged: no equilibrium was found.
        """
        begun = perf_counter()
        package = self.package(move)
        figures = {name: self.valuation.point(package, name) for name in self._weights}
        return self._answer(package, figures, approximate=False, begun=begun)

    def _small_duties(self, move: Move, package: Package, baseline: str) -> Floats:
        """Return the duties [i, n, s] of the small economy under a move."""
        lever = next((one for one in self.levers if one.id == move.moving), None)
        if lever is None or lever.id not in move.settings or not isinstance(lever.terms[0].body, Tariff):
            return self._read(package_of(t for t in package.terms if isinstance(t.body, Tariff)), baseline)
        at = move.settings[lever.id]
        knots = np.linspace(lever.low, lever.high, KNOTS)
        right = int(np.clip(np.searchsorted(knots, at), 1, KNOTS - 1))
        share = (at - knots[right - 1]) / (knots[right] - knots[right - 1])
        low, high = (self._knot(move, lever, float(knots[k]), baseline) for k in (right - 1, right))
        return np.asarray((1.0 - share) * low + share * high)

    def _knot(self, move: Move, lever: Lever, amount: float, baseline: str) -> Floats:
        package = chosen(self.levers, {**move.settings, lever.id: amount})
        return self._read(package_of(term for term in package.terms if isinstance(term.body, Tariff)), baseline)

    def _read(self, tariffs: Package, baseline: str) -> Floats:
        key = (baseline, tuple(repr(term.body) for term in tariffs.terms))
        if key not in self._duties:
            self._duties[key] = self.stage.duties(self.valuation._tariffs(tariffs, baseline))
            if len(self._duties) > KEPT:
                self._duties.popitem(last=False)
        self._duties.move_to_end(key)
        return self._duties[key]

    def _answer(
        self, package: Package, figures: Mapping[str, Floats], *, approximate: bool, begun: float
    ) -> dict[str, Any]:
        none = np.sum([self._weights[name] * figures[name] for name in figures if name != STATUS_QUO], axis=0)
        return {
            "approximate": approximate,
            "title": package.title,
            "terms": [term.id for term in package.terms],
            "unpriced": [term.title for term in package.terms if self._unpriced(package, term.id)],
            "no_deal": _by_party(self.case.parties, none),
            "today": _by_party(self.case.parties, figures[STATUS_QUO]),
            "milliseconds": round(1000 * (perf_counter() - begun), 1),
        }

    def _unpriced(self, package: Package, name: str) -> bool:
        from tradetalks.talks.deals.valued import unpriced

        return any(unpriced(term, self.valuation) for term in package.terms if term.id == name)


def _by_party(parties: Sequence[str], figures: Floats) -> dict[str, dict[str, float | None]]:
    return {
        party: {
            measure: float(value) if np.isfinite(value) else None
            for measure, value in zip(MEASURES, figures[place], strict=True)
        }
        for place, party in enumerate(parties)
    }
