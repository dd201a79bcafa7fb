"""Simulation-based calibration: are the intervals as wide as they say?

Talts, Betancourt, Simpson, Vehtari and Gelman (2020): draw parameters from the prior, evidence of the design at hand
from the likelihood, and the posterior of that evidence. If engine and model agree, the place of the truth in the
posterior (the probability below it) is uniform, and intervals of 80% hold it in 80% of the cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.engine import fit
from tradetalks.talks.wants.importance import UNRELIABLE, smoothed
from tradetalks.talks.wants.likelihood import Density, Point

Floats = NDArray[np.float64]

#: Draws of a posterior, whose proposals, eight times as many, place the truth; bins of the places.
DRAWS, BINS = 250, 10


@dataclass(frozen=True)
class Calibration:
    """Where the truth lies in simulated cases."""

    names: tuple[str, ...]
    """What is placed: the weights of the issues, then reservation, noise and the bluff of each kind of speech."""
    places: Floats
    """[case, name] posterior probability of less than the truth."""
    k_hat: Floats
    """[case]."""
    weights: int
    """How many of the names are weights."""

    def coverage(self, first: int, last: int) -> tuple[float, float]:
        """Return the share of 80% intervals of names ``first`` to ``last`` that hold the truth, and its standard error.

        The names of one case share their evidence, so that the error is that of the cases' own shares.
        """
        inside = np.abs(self.places[:, first:last] - 0.5) <= 0.4
        shares = inside.mean(1)
        return float(shares.mean()), float(shares.std(ddof=1) / np.sqrt(len(shares)))

    @property
    def _bins(self) -> NDArray[np.intp]:
        """[case, issue] the bin of the place of each weight."""
        return np.minimum((self.places[:, : self.weights] * BINS).astype(np.intp), BINS - 1)

    @property
    def histogram(self) -> NDArray[np.intp]:
        """Counts [bin] of the places of the weights; uniform where all is well."""
        return np.bincount(self._bins.ravel(), minlength=BINS)

    def uniform(self) -> tuple[float, float]:
        """Return the largest gap in standard errors of a bin of the weights' places, and what chance alone allows.

        Places of one case hang together, so that the error of a bin is taken from the cases. The second number is the
        95% point of the largest of ``BINS`` normal deviates.
        """
        shares = np.stack([(self._bins == b).mean(1) for b in range(BINS)], axis=1)
        errors = shares.std(axis=0, ddof=1) / np.sqrt(len(shares))
        allowed = float(np.quantile(np.abs(np.random.default_rng(0).standard_normal((20_000, BINS))).max(1), 0.95))
        return float((np.abs(shares.mean(0) - 1 / BINS) / errors).max()), allowed

    @property
    def unreliable(self) -> float:
        """Share of cases whose importance weights were not to be trusted."""
        return float((self.k_hat > UNRELIABLE).mean())


def calibrate(
    density: Density, cases: int, seed: int = 0, progress: Callable[[str, float], None] | None = None
) -> Calibration:
    """Return the calibration of the engine on ``cases`` simulated cases of the design of ``density``'s evidence."""
    kinds = tuple(f"bluff: {kind}" for kind in density.kinds)
    names = (*density.evidence.issues, "reservation", "noise", *kinds)
    places = np.zeros((cases, len(names)))
    k_hat = np.zeros(cases)
    for case in range(cases):
        rng = np.random.default_rng([seed, case])
        truth = rng.standard_normal((1, density.size))
        again = replace(density, evidence=density.simulated(truth, rng))
        found = fit(again, DRAWS, rng)
        true, drawn = _placed(density, density.point(truth))[0], _placed(again, again.point(found.proposed))
        places[case] = smoothed(found.log_weights)[0] @ (drawn < true)
        k_hat[case] = found.k_hat
        if progress:
            progress(f"simulated case {case + 1}", (case + 1) / cases)
    return Calibration(names, places, k_hat, len(density.evidence.issues))


def _placed(density: Density, at: Point) -> Floats:
    """Return [point, name] what is placed."""
    weights = at.log_weights[:, density.counterparts.index(density.evidence.counterpart)]
    return np.concatenate([weights, at.reservation[:, None], np.log(at.noise)[:, None], at.bluff], axis=1)
