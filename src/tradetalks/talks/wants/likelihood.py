"""The joint density of weights, speakers and evidence, with its gradient; docs/wants.md writes it in mathematics.

Parameters are whitened: ``z`` is standard normal under the prior, so that the log posterior is the log likelihood less
|z|^2 / 2. Everything works on many points at once: arrays are [point, ...].
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.evidence import GENERAL, Evidence
from tradetalks.talks.wants.items import Choices, Columns, Picks, logistic
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
        at, issues = self._columns(z), len(self.evidence.issues)
        return Point(
            log_weights=np.moveaxis(at.log_weights.reshape(len(self.counterparts), issues, len(z)), 2, 0),
            salience=np.moveaxis(at.salience.reshape(len(self.kinds), issues, len(z)), 2, 0),
            bluff=at.bluff.T,
            reservation=at.reservation,
            noise=at.noise,
        )

    def _columns(self, z: Floats) -> Columns:
        part = {name: np.ascontiguousarray(z[:, where].T) for name, where in self._slices.items()}
        prior, issues = self.priors, len(self.evidence.issues)
        general = np.log(prior.weights.median) + prior.weights.level * part["level"]
        weights = np.empty((len(self.counterparts), issues, len(z)))
        weights[:] = general + prior.weights.issue * part["issue"]
        weights[1:][self._apart] += prior.weights.counterpart * part["counterpart"]
        salience = np.zeros((len(self.kinds), issues, len(z)))
        salience[self._loud] = prior.salience_scale * part["salience"]
        return Columns(
            log_weights=weights.reshape(-1, len(z)),
            salience=salience.reshape(-1, len(z)),
            bluff=logistic(self._bluff_logit[:, None] + prior.bluff_scale * part["bluff"]),
            reservation=prior.reservation.mean + prior.reservation.scale * part["reservation"][0],
            noise=np.exp(np.log(prior.noise.median) + prior.noise.scale * part["noise"][0]),
        )

    # The evidence as arrays.

    @cached_property
    def _picks(self) -> Picks:
        return Picks.of(self.evidence.picks, self.evidence.issues, self.counterparts, self.kinds, self._follows)

    @cached_property
    def _choices(self) -> Choices:
        return Choices.of(self.evidence.choices, self.evidence.issues, self.counterparts, self.kinds)

    # Densities.

    def by_item(self, z: Floats) -> tuple[Floats, Floats]:
        """Return the log likelihoods of each pick [point, pick] and of each choice [point, choice]."""
        at = self._columns(z)
        return np.log(self._picks.parts(at).chance).T, np.log(self._choices.parts(at).chance).T

    def log_posterior(self, z: Floats) -> Floats:
        """Return the log posterior [point], up to a constant."""
        picks, choices = self.by_item(z)
        return np.asarray(picks.sum(1) + choices.sum(1) - 0.5 * (z**2).sum(1))

    def gradient(self, z: Floats) -> Floats:
        """Return the gradient of the log posterior [point, parameter]."""
        at, prior, s = self._columns(z), self.priors, self._slices
        slope = at.zeros()
        self._picks.add_gradient(at, slope)
        self._choices.add_gradient(at, slope)
        rows = (len(self.counterparts), len(self.evidence.issues), len(z))
        weights = slope.log_weights.reshape(rows)
        by_issue = weights.sum(0)
        found = np.empty((self.size, len(z)))
        found[s["level"]] = prior.weights.level * by_issue.sum(0)
        found[s["issue"]] = prior.weights.issue * by_issue
        found[s["counterpart"]] = prior.weights.counterpart * weights[1:][self._apart]
        found[s["salience"]] = prior.salience_scale * slope.salience.reshape(-1, rows[1], rows[2])[self._loud]
        found[s["bluff"]] = prior.bluff_scale * slope.bluff * at.bluff * (1 - at.bluff)
        found[s["reservation"]] = prior.reservation.scale * slope.reservation
        found[s["noise"]] = prior.noise.scale * slope.noise * at.noise
        return np.asarray(found.T - z)

    # Evidence that might have been, or might come.

    def simulated(self, z: Floats, rng: np.random.Generator) -> Evidence:
        """Return evidence of the same design drawn at the one point ``z`` [1, parameter]."""
        at = self._columns(z)
        picks = []
        for pick, chances, sure in zip(self.evidence.picks, *self._picks.chances(at), strict=True):
            # [issue, became of it or the reverse]; where nothing can become of it the reverse has no chance.
            became = np.array([[pick.firm, 1 - pick.firm], [pick.bluff, 1 - pick.bluff]])
            joint = sure * chances[:, None] * became[0] + (1 - sure) / len(pick.among) * became[1]
            drawn = int(rng.choice(joint.size, p=joint.ravel() / joint.sum()))
            issue, other = divmod(drawn, 2)
            fate = became[:, other]
            picks.append(replace(pick, issue=pick.among[issue], firm=float(fate[0]), bluff=float(fate[1])))
        chances = self._choices.parts(at).chance[:, 0]
        taken = [
            bool(rng.random() < (p if one.taken else 1 - p))
            for one, p in zip(self.evidence.choices, chances, strict=True)
        ]
        choices = [replace(one, taken=yes) for one, yes in zip(self.evidence.choices, taken, strict=True)]
        return replace(self.evidence, picks=tuple(picks), choices=tuple(choices))


def _places(
    touched: Collection[tuple[str, str]], rows: Sequence[str], columns: Sequence[str]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of the pairs ``touched``, in order; a row that is not there is left out."""
    found = [(r, c) for r, row in enumerate(rows) for c, column in enumerate(columns) if (row, column) in touched]
    places = np.array(found, dtype=np.intp).reshape(-1, 2)
    return places[:, 0], places[:, 1]
