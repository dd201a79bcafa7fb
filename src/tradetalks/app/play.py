"""Moves: what a package is worth to both sides; at once by :mod:`quick`, and exactly by :mod:`full`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from tradetalks.app.levers import Lever, chosen, settings_of
from tradetalks.app.levers import levers as levers_of
from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.talks.deals.valued import unpriced
from tradetalks.value.baseline import STATUS_QUO
from tradetalks.value.case import Case
from tradetalks.value.effect import Effect
from tradetalks.value.measures import MEASURES, Levels, compared, levels
from tradetalks.value.package import Package
from tradetalks.value.settle import Settled, Settling
from tradetalks.value.stage import Stage
from tradetalks.value.valuation import Valuation

Floats = NDArray[np.float64]
Answer = dict[str, Any]
Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")

#: Answers that are kept, some two kilobytes each.
ANSWERS_KEPT = 2048


@dataclass(frozen=True)
class Move:
    """What a session asks: where its levers stand, and which one its hand is on."""

    settings: Mapping[str, float]
    moving: str | None = None


@dataclass(eq=False)
class Play(ABC):
    """A case, ready to be moved on an economy. Not for two threads at once."""

    case: Case
    approximate: ClassVar[bool]
    _answers: OrderedDict[Hashable, Answer] = field(default_factory=OrderedDict, init=False, repr=False)

    @cached_property
    def valuation(self) -> Valuation:
        """The case in full, without draws."""
        return Valuation(self.case, draws=0)

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """What can be moved, by its id."""
        return {lever.id: lever for lever in levers_of(self.case)}

    @property
    @abstractmethod
    def stage(self) -> Stage:
        """The economy."""

    @property
    @abstractmethod
    def references(self) -> Mapping[str, Settled]:
        """Each baseline on this economy: the status quo, and the outcomes of no deal."""

    @abstractmethod
    def key(self, move: Move) -> Hashable:
        """Return what the answer to ``move`` depends on."""

    @abstractmethod
    def settled(
        self, moves: Sequence[Move], packages: Sequence[Package], effects: Mapping[str, Sequence[Effect]]
    ) -> dict[str, list[Settled]]:
        """Return the equilibria of ``packages``, which ``moves`` make, by baseline.

        ``effects`` are those of the packages and of what the baseline changes.
        """

    def prepare(self) -> None:
        """Solve the baselines and a first move, so that the next one is quick."""
        start = settings_of(self.levers.values(), self.case.package()) if self.case.default_package else {}
        self.play([Move(start)])

    def play(self, moves: Sequence[Move]) -> list[Answer | BadInput | NotConverged]:
        """Return what each move is worth, or why it has no worth: it cannot be made, or has no equilibrium."""
        begun = perf_counter()
        keys = [self.key(move) for move in moves]
        new = {key: move for key, move in zip(keys, moves, strict=True) if key not in self._answers}
        found = dict(zip(new, self._solved(list(new.values())), strict=True))
        answers: list[Answer | BadInput | NotConverged] = []
        for key in keys:
            answer = found[key] if key in found else self._answers[key]
            if isinstance(answer, dict):
                keep(self._answers, key, answer, ANSWERS_KEPT)
                answer = {**answer, "milliseconds": round(1000 * (perf_counter() - begun), 1)}
            answers.append(answer)
        return answers

    @cached_property
    def weights(self) -> dict[str, float]:
        """Each baseline's share: of no deal its outcomes' probabilities, which sum to one."""
        outcomes = self.valuation.no_deal
        whole = sum(outcome.probability for outcome in outcomes)
        return {STATUS_QUO: 1.0} | {outcome.name: outcome.probability / whole for outcome in outcomes}

    @cached_property
    def _levels(self) -> dict[str, Levels]:
        """The levels of each baseline."""
        return {name: levels(self.stage, [one], self.case.parties) for name, one in self.references.items()}

    def _solved(self, moves: Sequence[Move]) -> list[Answer | BadInput | NotConverged]:
        """Return the answer of each move, all solved together."""
        if not moves:
            return []
        try:
            packages = [chosen(self.levers.values(), move.settings) for move in moves]
            alone = [package.effect(self.valuation.central) for package in packages]
            effects = {name: [self.valuation.joined(effect, name) for effect in alone] for name in self.references}
            settled = self.settled(moves, packages, effects)
        except (BadInput, NotConverged) as error:
            if len(moves) == 1:
                return [error]
            return [self._solved([move])[0] for move in moves]  # one of them is at fault: each for itself
        figures = {}
        for name, before in self._levels.items():
            after = levels(self.stage, settled[name], self.case.parties)
            figures[name] = compared(after, before, self.case.parties, [effect.money for effect in alone])
        return [
            self._answer(package, {name: rows[k] for name, rows in figures.items()})
            for k, package in enumerate(packages)
        ]

    def _answer(self, package: Package, figures: Mapping[str, Floats]) -> Answer:
        none = np.sum([self.weights[name] * figures[name] for name in figures if name != STATUS_QUO], axis=0)
        return {
            "approximate": self.approximate,
            "title": package.title,
            "terms": [term.id for term in package.terms],
            "unpriced": [term.title for term in package.terms if unpriced(term, self.valuation)],
            "no_deal": _by_party(self.case.parties, none),
            "today": _by_party(self.case.parties, figures[STATUS_QUO]),
        }


def alone(stage: Stage, run: Settling, tolerance: float) -> Settled:
    """Return what ``run`` settles on, solved by itself in this thread.

    Raises:
        BadInput, NotConverged: as :func:`tradetalks.value.settle.settle`.
    """
    outcome = None
    while True:
        try:
            asked = next(run) if outcome is None else run.send(outcome)
        except StopIteration as end:
            settled: Settled = end.value
            return settled
        outcome = stage.economy.counterfactual(*asked[:4], tolerance=tolerance)


def keep(cache: OrderedDict[Key, Kept], key: Key, value: Kept, most: int) -> None:
    """Put ``value`` at the end of a cache of the last ``most``."""
    cache[key] = value
    cache.move_to_end(key)
    if len(cache) > most:
        cache.popitem(last=False)


def _by_party(parties: Sequence[str], figures: Floats) -> dict[str, dict[str, float | None]]:
    return {
        party: {
            measure: float(value) if np.isfinite(value) else None
            for measure, value in zip(MEASURES, figures[place], strict=True)
        }
        for place, party in enumerate(parties)
    }
