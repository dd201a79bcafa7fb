"""Picks and choices as arrays: the probability of each piece of evidence, and its slope.

Inside, arrays are [row, point], so that a row (a weight, a pick, an issue that could have been picked) is contiguous.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.evidence import Choice, Pick

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Columns:
    """The parameters at each point, a point a column; or a gradient with respect to them."""

    log_weights: Floats
    """[counterpart x issue, point]."""
    salience: Floats
    """[kind of speech x issue, point]."""
    bluff: Floats
    """[kind of speech, point]."""
    reservation: Floats
    """[point]."""
    noise: Floats
    """[point]."""

    def zeros(self) -> Columns:
        """Return a gradient of the same shapes to add to."""
        return Columns(*(np.zeros_like(part) for part in vars(self).values()))


@dataclass(frozen=True)
class Sums:
    """Sums of rows by the row that each belongs to."""

    order: Rows
    starts: Rows
    belongs: Rows
    """The rows that any belong to."""

    @classmethod
    def by(cls, rows: Rows) -> Sums:
        """Return the sums of rows that belong to ``rows``, one a row."""
        order = np.argsort(rows, kind="stable")
        belongs, starts = np.unique(rows[order], return_index=True)
        return cls(order, starts, belongs)

    def add(self, values: Floats, to: Floats) -> None:
        """Add ``values`` [row, point] to the rows of ``to`` that they belong to."""
        if len(self.order):
            to[self.belongs] += np.add.reduceat(values[self.order], self.starts, axis=0)


@dataclass(frozen=True)
class PickParts:
    """What the probability of each pick is made of."""

    chance: Floats
    """[pick, point]."""
    meant: Floats
    """The part of it that follows the weights [pick, point]."""
    shares: Floats
    """The probability that a meant statement is of the issue [place, point]."""
    sure: Floats
    """The probability that it is meant [pick, point]."""


@dataclass(frozen=True)
class Picks:
    """Picks as arrays. A *cell* is a counterpart, a kind of speech, a sign and a set of open issues; a *place* an open
    issue of a cell."""

    starts: Rows
    """The first place of each cell; the places of a cell stand together."""
    cell: Rows
    """[place]."""
    weight: Rows
    """[place] the row of its log weight."""
    loudness: Rows
    """[place] the row of its salience."""
    follows: Floats
    """[place] how its log odds follow the log weight; below zero for offers."""
    place: Rows
    """[pick] which place was picked."""
    kind: Rows
    """[pick]."""
    reliability: Floats
    firm: Floats
    empty: Floats
    """[pick] the probability of it, and of what became of it, where it follows nothing."""
    to_place: Sums
    to_kind: Sums
    to_weight: Sums
    to_loudness: Sums

    @classmethod
    def of(
        cls,
        picks: Sequence[Pick],
        issues: Sequence[str],
        counterparts: Sequence[str],
        kinds: Sequence[str],
        follows: Mapping[str, float],
    ) -> Picks:
        """Return ``picks`` as arrays; the rows of weights and salience are those of :class:`Columns`."""
        cells = list(dict.fromkeys((pick.counterpart, pick.voice, pick.sign, pick.among) for pick in picks))
        places = [(n, cell, issues.index(issue)) for n, cell in enumerate(cells) for issue in cell[3]]
        where = {(*cell, issues[k]): m for m, (_, cell, k) in enumerate(places)}
        cell = _rows(n for n, _, _ in places)
        weight = _rows(counterparts.index(cell[0]) * len(issues) + k for _, cell, k in places)
        loudness = _rows(kinds.index(cell[1]) * len(issues) + k for _, cell, k in places)
        place = _rows(where[pick.counterpart, pick.voice, pick.sign, pick.among, pick.issue] for pick in picks)
        kind = _rows(kinds.index(pick.voice) for pick in picks)
        return cls(
            np.searchsorted(cell, np.arange(len(cells))),
            cell,
            weight,
            loudness,
            np.array([cell[2] * follows[cell[1]] for _, cell, _ in places]),
            place,
            kind,
            np.array([pick.reliability for pick in picks]),
            np.array([pick.firm for pick in picks]),
            np.array([pick.bluff / len(pick.among) for pick in picks]),
            Sums.by(place),
            Sums.by(kind),
            Sums.by(weight),
            Sums.by(loudness),
        )

    def shares(self, at: Columns) -> Floats:
        """Return the probability that a meant statement is of each open issue of its cell [place, point]."""
        if not len(self.starts):
            return np.zeros((0, len(at.noise)))
        logits = self.follows[:, None] * at.log_weights[self.weight] + at.salience[self.loudness]
        raised = np.exp(logits - np.maximum.reduceat(logits, self.starts, axis=0)[self.cell])
        return np.asarray(raised / np.add.reduceat(raised, self.starts, axis=0)[self.cell])

    def parts(self, at: Columns) -> PickParts:
        """Return the probability of each pick and what it is made of."""
        shares = self.shares(at)
        sure = self.reliability[:, None] * (1 - at.bluff[self.kind])
        meant = sure * self.firm[:, None] * shares[self.place]
        return PickParts(meant + (1 - sure) * self.empty[:, None], meant, shares, sure)

    def chances(self, at: Columns) -> tuple[list[Floats], list[float]]:
        """Return, at the first point, the shares of the open issues of each pick, and whether it is meant."""
        parts = self.parts(at)
        ends = np.append(self.starts[1:], len(self.cell))
        return [parts.shares[self.starts[c] : ends[c], 0] for c in self.cell[self.place]], parts.sure[:, 0].tolist()

    def add_gradient(self, at: Columns, slope: Columns) -> None:
        """Add the gradient of the log probability of all picks to ``slope``."""
        if not len(self.place):
            return
        parts = self.parts(at)
        follows = parts.meant / parts.chance  # the probability that it was meant, given what was said
        logits = np.zeros_like(parts.shares)
        self.to_place.add(follows, logits)
        logits -= parts.shares * np.add.reduceat(logits, self.starts, axis=0)[self.cell]
        self.to_weight.add(self.follows[:, None] * logits, slope.log_weights)
        self.to_loudness.add(logits, slope.salience)
        # chance = sure firm share + (1 - sure) empty, and sure = reliability (1 - bluff).
        per_sure = self.firm[:, None] * parts.shares[self.place] - self.empty[:, None]
        self.to_kind.add(-self.reliability[:, None] * per_sure / parts.chance, slope.bluff)


@dataclass(frozen=True)
class ChoiceParts:
    """What the probability of each choice is made of, each [choice, point]."""

    chance: Floats
    meant: Floats
    """The probability of a choice that follows the weights."""
    sure: Floats
    """The probability that it follows them."""
    utility: Floats
    """In units of the noise."""


@dataclass(frozen=True)
class Choices:
    """Choices as arrays; a *stake* is an issue that a choice moves."""

    starts: Rows
    """The first stake of each choice; the stakes of a choice stand together."""
    choice: Rows
    """[stake]."""
    weight: Rows
    """[stake] the row of its log weight."""
    amount: Floats
    """[stake] units that the choice gives."""
    voiced: Rows
    """The choices that may be bluff."""
    kind: Rows
    """[voiced]."""
    economic: Floats
    sign: Floats
    """[choice] 1 where it was taken, -1 where not."""
    package: Floats
    reliability: Floats
    to_weight: Sums
    to_kind: Sums

    @classmethod
    def of(
        cls, choices: Sequence[Choice], issues: Sequence[str], counterparts: Sequence[str], kinds: Sequence[str]
    ) -> Choices:
        """Return ``choices`` as arrays; the rows of weights are those of :class:`Columns`."""
        # A choice without a stake in a listed issue keeps one of nothing, so that every choice has a row.
        stakes = [
            (n, one, issue, one.stakes.get(issue, 0.0))
            for n, one in enumerate(choices)
            for issue in ([issue for issue in issues if one.stakes.get(issue)] or issues[:1])
        ]
        choice = _rows(n for n, _, _, _ in stakes)
        weight = _rows(counterparts.index(one.counterpart) * len(issues) + issues.index(k) for _, one, k, _ in stakes)
        voiced = [(n, kinds.index(one.voice)) for n, one in enumerate(choices) if one.voice is not None]
        kind = _rows(k for _, k in voiced)
        return cls(
            np.searchsorted(choice, np.arange(len(choices))),
            choice,
            weight,
            np.array([amount for _, _, _, amount in stakes]),
            _rows(n for n, _ in voiced),
            kind,
            np.array([one.economic for one in choices]),
            np.array([1.0 if one.taken else -1.0 for one in choices]),
            np.array([float(one.package) for one in choices]),
            np.array([one.reliability for one in choices]),
            Sums.by(weight),
            Sums.by(kind),
        )

    def parts(self, at: Columns) -> ChoiceParts:
        """Return the probability of each choice and what it is made of."""
        if not len(self.starts):
            nothing = np.zeros((0, len(at.noise)))
            return ChoiceParts(nothing, nothing, nothing, nothing)
        gained = np.add.reduceat(self.amount[:, None] * np.exp(at.log_weights[self.weight]), self.starts, axis=0)
        utility = (self.economic[:, None] + gained - self.package[:, None] * at.reservation) / at.noise
        meant = logistic(self.sign[:, None] * utility)
        sure = np.repeat(self.reliability[:, None], len(at.noise), axis=1)
        sure[self.voiced] *= 1 - at.bluff[self.kind]
        return ChoiceParts(sure * meant + 0.5 * (1 - sure), meant, sure, utility)

    def add_gradient(self, at: Columns, slope: Columns) -> None:
        """Add the gradient of the log probability of all choices to ``slope``."""
        if not len(self.starts):
            return
        parts = self.parts(at)
        per_utility = self.sign[:, None] * parts.sure * parts.meant * (1 - parts.meant) / parts.chance
        per_gain = per_utility / at.noise
        gain = self.amount[:, None] * np.exp(at.log_weights[self.weight])
        self.to_weight.add(per_gain[self.choice] * gain, slope.log_weights)
        may = self.voiced
        per_sure = (parts.meant[may] - 0.5) / parts.chance[may]
        self.to_kind.add(-self.reliability[may, None] * per_sure, slope.bluff)
        slope.reservation[:] -= self.package @ per_gain
        slope.noise[:] -= (per_gain * parts.utility).sum(0)


def logistic(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), never quite zero, so that a choice against all odds keeps its slope."""
    small = np.exp(-np.minimum(np.abs(x), 700.0))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small))


def _rows(numbers: Iterable[int]) -> Rows:
    return np.array(list(numbers), dtype=np.intp)
