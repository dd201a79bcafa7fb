"""The joint density of weights, speakers and evidence, with its gradient; docs/wants.md writes it in mathematics.

Parameters are whitened: ``z`` is standard normal under the prior, so that the log posterior is the log likelihood less
|z|^2 / 2. Everything works on many points at once: arrays are [point, ...].
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.evidence import GENERAL, Choice, Evidence, Pick
from tradetalks.talks.wants.priors import Priors

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Point:
    """The parameters at each point."""

    log_weights: Floats
    """[point, counterpart, issue]; the general ones first, then to the counterpart of the case, then to others."""
    salience: Floats
    """[point, kind of speech, issue]."""
    bluff: Floats
    """[point, kind of speech]."""
    reservation: Floats
    """[point] USD bn."""
    noise: Floats
    """[point] USD bn."""


@dataclass(frozen=True)
class Density:
    """Prior and likelihood of one party's evidence."""

    evidence: Evidence
    priors: Priors

    # What the parameters are.

    @cached_property
    def counterparts(self) -> tuple[str, ...]:
        """What the rows of the log weights are to: everybody, the counterpart of the case, others with evidence."""
        picks = [pick.counterpart for pick in self.evidence.picks]
        choices = [choice.counterpart for choice in self.evidence.choices]
        return tuple(dict.fromkeys((GENERAL, self.evidence.counterpart, *picks, *choices)))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of speech that the evidence holds."""
        heard = {pick.voice for pick in self.evidence.picks} | {choice.voice for choice in self.evidence.choices}
        return tuple(kind.id for kind in self.priors.kinds if kind.id in heard)

    @cached_property
    def _apart(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The (counterpart, issue) whose weight may differ from the general: the case's own, and any in evidence."""
        issues = self.evidence.issues
        touched = {(self.evidence.counterpart, issue) for issue in issues}
        touched |= {(pick.counterpart, issue) for pick in self.evidence.picks for issue in pick.among}
        touched |= {(one.counterpart, issue) for one in self.evidence.choices for issue in one.stakes}
        return _places(touched, self.counterparts[1:], issues)

    @cached_property
    def _loud(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The (kind of speech, issue) that may be brought up more than its weight tells."""
        touched = {(pick.voice, issue) for pick in self.evidence.picks for issue in pick.among}
        return _places(touched, self.kinds, self.evidence.issues)

    @cached_property
    def _slices(self) -> dict[str, slice]:
        sizes = {
            "level": 1,
            "issue": len(self.evidence.issues),
            "counterpart": len(self._apart[0]),
            "salience": len(self._loud[0]),
            "bluff": len(self.kinds),
            "reservation": 1,
            "noise": 1,
        }
        ends = np.cumsum(list(sizes.values()))
        return {name: slice(int(end) - size, int(end)) for (name, size), end in zip(sizes.items(), ends, strict=True)}

    @cached_property
    def size(self) -> int:
        """How many parameters there are."""
        return int(self._slices["noise"].stop)

    @cached_property
    def _bluff_logit(self) -> Floats:
        chances = {kind.id: kind.bluff for kind in self.priors.kinds}
        return np.array([np.log(chances[kind] / (1 - chances[kind])) for kind in self.kinds])

    @cached_property
    def _follows(self) -> dict[str, float]:
        return {kind.id: kind.follows for kind in self.priors.kinds}

    def point(self, z: Floats) -> Point:
        """Return the parameters at ``z`` [point, parameter]."""
        part = {name: z[:, where] for name, where in self._slices.items()}
        prior, issues = self.priors, len(self.evidence.issues)
        apart = np.zeros((len(z), len(self.counterparts) - 1, issues))
        apart[:, *self._apart] = prior.weights.counterpart * part["counterpart"]
        salience = np.zeros((len(z), len(self.kinds), issues))
        salience[:, *self._loud] = prior.salience_scale * part["salience"]
        general = np.log(prior.weights.median) + prior.weights.level * part["level"]
        general = general + prior.weights.issue * part["issue"]
        return Point(
            log_weights=np.concatenate([general[:, None], general[:, None] + apart], axis=1),
            salience=salience,
            bluff=_logistic(self._bluff_logit + prior.bluff_scale * part["bluff"]),
            reservation=prior.reservation.mean + prior.reservation.scale * part["reservation"][:, 0],
            noise=np.exp(np.log(prior.noise.median) + prior.noise.scale * part["noise"][:, 0]),
        )

    # The evidence as arrays.

    @cached_property
    def _picks(self) -> _Picks:
        return _Picks.of(self.evidence.picks, self.evidence.issues, self.counterparts, self.kinds, self._follows)

    @cached_property
    def _choices(self) -> _Choices:
        return _Choices.of(self.evidence.choices, self.evidence.issues, self.counterparts, self.kinds)

    # Densities.

    def by_item(self, z: Floats) -> tuple[Floats, Floats]:
        """Return the log likelihoods of each pick [point, pick] and of each choice [point, choice]."""
        at = self.point(z)
        return np.log(self._picks.parts(at)[0]), np.log(self._choices.parts(at)[0])

    def log_posterior(self, z: Floats) -> Floats:
        """Return the log posterior [point], up to a constant."""
        picks, choices = self.by_item(z)
        return np.asarray(picks.sum(1) + choices.sum(1) - 0.5 * (z**2).sum(1))

    def gradient(self, z: Floats) -> Floats:
        """Return the gradient of the log posterior [point, parameter]."""
        at, prior = self.point(z), self.priors
        weights, salience = np.zeros_like(at.log_weights), np.zeros_like(at.salience)
        bluff = np.zeros_like(at.bluff)
        self._picks.add_gradient(at, weights, salience, bluff)
        reservation, noise = self._choices.add_gradient(at, weights, bluff)
        found = np.empty_like(z)
        s = self._slices
        found[:, s["level"]] = prior.weights.level * weights.sum((1, 2))[:, None]
        found[:, s["issue"]] = prior.weights.issue * weights.sum(1)
        found[:, s["counterpart"]] = prior.weights.counterpart * weights[:, 1:][:, *self._apart]
        found[:, s["salience"]] = prior.salience_scale * salience[:, *self._loud]
        found[:, s["bluff"]] = prior.bluff_scale * bluff * at.bluff * (1 - at.bluff)
        found[:, s["reservation"]] = prior.reservation.scale * reservation[:, None]
        found[:, s["noise"]] = prior.noise.scale * (noise * at.noise)[:, None]
        return np.asarray(found - z)

    # Evidence that might have been, or might come.

    def simulated(self, z: Floats, rng: np.random.Generator) -> Evidence:
        """Return evidence of the same design drawn at the one point ``z`` [1, parameter]."""
        at = self.point(z)
        picks = []
        for pick, chances, sure in zip(self.evidence.picks, *self._picks.chances(at), strict=True):
            # [issue, became of it or the reverse]; where nothing can become of it the reverse has no chance.
            became = np.array([[pick.firm, 1 - pick.firm], [pick.bluff, 1 - pick.bluff]])
            joint = sure * chances[:, None] * became[0] + (1 - sure) / len(pick.among) * became[1]
            drawn = int(rng.choice(joint.size, p=joint.ravel() / joint.sum()))
            issue, other = divmod(drawn, 2)
            fate = became[:, other]
            picks.append(replace(pick, issue=pick.among[issue], firm=float(fate[0]), bluff=float(fate[1])))
        chances = self._choices.parts(at)[0][0]
        taken = [
            bool(rng.random() < (p if one.taken else 1 - p))
            for one, p in zip(self.evidence.choices, chances, strict=True)
        ]
        choices = [replace(one, taken=yes) for one, yes in zip(self.evidence.choices, taken, strict=True)]
        return replace(self.evidence, picks=tuple(picks), choices=tuple(choices))


@dataclass(frozen=True)
class _Picks:
    """Picks as arrays; a cell is a counterpart, a kind of speech, a sign and a set of open issues."""

    cell_counterpart: NDArray[np.intp]
    cell_kind: NDArray[np.intp]
    cell_slope: Floats
    """How log odds follow log weights; below zero for offers."""
    open: NDArray[np.bool_]
    """[cell, issue]."""
    cell: NDArray[np.intp]
    """[pick]."""
    issue: NDArray[np.intp]
    reliability: Floats
    firm: Floats
    bluff: Floats

    @classmethod
    def of(
        cls,
        picks: Sequence[Pick],
        issues: Sequence[str],
        counterparts: Sequence[str],
        kinds: Sequence[str],
        follows: Mapping[str, float],
    ) -> _Picks:
        keys = [(pick.counterpart, pick.voice, pick.sign, pick.among) for pick in picks]
        cells = list(dict.fromkeys(keys))
        return cls(
            np.array([counterparts.index(cell[0]) for cell in cells], dtype=np.intp),
            np.array([kinds.index(cell[1]) for cell in cells], dtype=np.intp),
            np.array([cell[2] * follows[cell[1]] for cell in cells]),
            np.array([[issue in cell[3] for issue in issues] for cell in cells]).reshape(len(cells), len(issues)),
            np.array([cells.index(key) for key in keys], dtype=np.intp),
            np.array([issues.index(pick.issue) for pick in picks], dtype=np.intp),
            np.array([pick.reliability for pick in picks]),
            np.array([pick.firm for pick in picks]),
            np.array([pick.bluff for pick in picks]),
        )

    def shares(self, at: Point) -> Floats:
        """Return the probability that a meant statement is of each issue [point, cell, issue]."""
        logits = self.cell_slope[:, None] * at.log_weights[:, self.cell_counterpart] + at.salience[:, self.cell_kind]
        logits = np.where(self.open, logits, -np.inf)
        logits = logits - logits.max(2, initial=-1e9, keepdims=True)
        raised = np.exp(logits)
        return np.asarray(raised / raised.sum(2, keepdims=True))

    def parts(self, at: Point) -> tuple[Floats, Floats, Floats, Floats]:
        """Return probability and its meant part [point, pick], the shares, and whether each is meant [point, pick]."""
        shares = self.shares(at)
        sure = self.reliability * (1 - at.bluff[:, self.cell_kind[self.cell]])
        meant = sure * self.firm * shares[:, self.cell, self.issue]
        empty = (1 - sure) * self.bluff / self.open.sum(1)[self.cell]
        return meant + empty, meant, shares, sure

    def chances(self, at: Point) -> tuple[list[Floats], list[float]]:
        """Return, at the first point, the shares of the open issues of each pick, and whether it is meant."""
        shares, sure = self.shares(at), self.parts(at)[3]
        return [shares[0, c, self.open[c]] for c in self.cell], [float(one) for one in sure[0]]

    def add_gradient(self, at: Point, weights: Floats, salience: Floats, bluff: Floats) -> None:
        """Add the gradient with respect to log weights, salience and share of bluff."""
        if not len(self.cell):
            return
        chance, meant, shares, sure = self.parts(at)
        points, cells, issues = shares.shape
        share_of = meant / chance  # probability that it was meant, given what was said
        hit = np.zeros((len(self.cell), cells * issues))
        hit[np.arange(len(self.cell)), self.cell * issues + self.issue] = 1.0
        inside = np.zeros((len(self.cell), cells))
        inside[np.arange(len(self.cell)), self.cell] = 1.0
        logits = (share_of @ hit).reshape(points, cells, issues) - (share_of @ inside)[:, :, None] * shares
        # d chance / d sure = firm share - bluff / open; sure = reliability (1 - bluff).
        per_sure = (meant / np.maximum(sure, 1e-300) - self.bluff / self.open.sum(1)[self.cell]) / chance
        per_bluff = -per_sure * self.reliability
        for c in range(cells):
            weights[:, self.cell_counterpart[c]] += self.cell_slope[c] * logits[:, c]
            salience[:, self.cell_kind[c]] += logits[:, c]
            bluff[:, self.cell_kind[c]] += per_bluff[:, self.cell == c].sum(1)


@dataclass(frozen=True)
class _Choices:
    """Choices as arrays."""

    counterpart: NDArray[np.intp]
    kind: NDArray[np.intp]
    """-1: a deed, which cannot be a bluff."""
    stakes: Floats
    """[choice, issue]."""
    economic: Floats
    taken: NDArray[np.bool_]
    package: Floats
    reliability: Floats

    @classmethod
    def of(
        cls, choices: Sequence[Choice], issues: Sequence[str], counterparts: Sequence[str], kinds: Sequence[str]
    ) -> _Choices:
        return cls(
            np.array([counterparts.index(one.counterpart) for one in choices], dtype=np.intp),
            np.array([-1 if one.voice is None else kinds.index(one.voice) for one in choices], dtype=np.intp),
            np.array([[one.stakes.get(issue, 0.0) for issue in issues] for one in choices]).reshape(-1, len(issues)),
            np.array([one.economic for one in choices]),
            np.array([one.taken for one in choices], dtype=bool),
            np.array([float(one.package) for one in choices]),
            np.array([one.reliability for one in choices]),
        )

    def _sure(self, at: Point) -> Floats:
        honest = np.concatenate([1 - at.bluff, np.ones((len(at.noise), 1))], axis=1)
        return np.asarray(self.reliability * honest[:, self.kind])

    def parts(self, at: Point) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the probability of each choice, that of one meant, whether it is meant, and the utility in noises."""
        gained = np.einsum("pck,ck->pc", np.exp(at.log_weights)[:, self.counterpart], self.stakes)
        utility = (self.economic + gained - self.package * at.reservation[:, None]) / at.noise[:, None]
        meant = _logistic(np.where(self.taken, utility, -utility))
        sure = self._sure(at)
        return sure * meant + 0.5 * (1 - sure), meant, sure, utility

    def add_gradient(self, at: Point, weights: Floats, bluff: Floats) -> tuple[Floats, Floats]:
        """Add the gradient with respect to log weights and bluff; return that to reservation and noise [point]."""
        chance, meant, sure, utility = self.parts(at)
        per_utility = np.where(self.taken, 1.0, -1.0) * sure * meant * (1 - meant) / chance
        per_gain = per_utility / at.noise[:, None]
        for c, j in enumerate(self.counterpart):
            weights[:, j] += per_gain[:, c, None] * np.exp(at.log_weights[:, j]) * self.stakes[c]
            if self.kind[c] >= 0:
                bluff[:, self.kind[c]] -= self.reliability[c] * (meant[:, c] - 0.5) / chance[:, c]
        reservation = -(per_gain * self.package).sum(1)
        noise = -(per_gain * utility).sum(1)
        return np.asarray(reservation), np.asarray(noise)


def _places(
    touched: Collection[tuple[str, str]], rows: Sequence[str], columns: Sequence[str]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of the pairs ``touched``, in order; a row that is not there is left out."""
    found = [(r, c) for r, row in enumerate(rows) for c, column in enumerate(columns) if (row, column) in touched]
    places = np.array(found, dtype=np.intp).reshape(-1, 2)
    return places[:, 0], places[:, 1]


def _logistic(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), never quite zero, so that a choice against all odds keeps its slope."""
    small = np.exp(-np.minimum(np.abs(x), 700.0))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small))
