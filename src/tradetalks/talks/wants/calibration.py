"""Simulation-based calibration: are the intervals as wide as they say?

Talts, Betancourt, Simpson, Vehtari and Gelman (2020): draw parameters from the prior, evidence of the design at hand
from the likelihood, and the posterior of that evidence. If engine and model agree, the rank of the truth among the
draws is uniform, and intervals of 80% hold it in 80% of the cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.laplace import UNRELIABLE, fit
from tradetalks.talks.wants.likelihood import Density, Point

Floats = NDArray[np.float64]

#: Draws that the truth is ranked among, of as many as are fitted: ranks 0 to 99 in ten bins of ten.
RANKED, BINS, DRAWS = 99, 10, 990


@dataclass(frozen=True)
class Calibration:
    """Ranks of the truth in simulated cases."""

    names: tuple[str, ...]
    """What is ranked: the weights of the issues, then reservation, noise and the bluff of each kind of speech."""
    ranks: NDArray[np.intp]
    """[case, name] 0 to 99."""
    inside: NDArray[np.bool_]
    """[case, name] whether the interval from the 10% to the 90% point holds the truth."""
    k_hat: Floats
    """[case]."""
    weights: int
    """How many of the names are weights."""

    def coverage(self, first: int, last: int) -> tuple[float, float]:
        """Return the share of 80% intervals of names ``first`` to ``last`` that hold the truth, and its standard error.

        The names of one case share their evidence, so that the error is that of the cases' own shares.
        """
        shares = self.inside[:, first:last].mean(1)
        return float(shares.mean()), float(shares.std(ddof=1) / np.sqrt(len(shares)))

    @property
    def histogram(self) -> NDArray[np.intp]:
        """Counts [bin] of the ranks of the weights; uniform where all is well."""
        return np.bincount(self.ranks[:, : self.weights].ravel() * BINS // (RANKED + 1), minlength=BINS)

    def uniform(self) -> tuple[float, float]:
        """Return the largest gap in standard errors of a bin of the weights' ranks, and what chance alone allows.

        Ranks of one case hang together, so that the error of a bin is taken from the cases. The second number is the
        95% point of the largest of ``BINS`` normal deviates.
        """
        bins = self.ranks[:, : self.weights] * BINS // (RANKED + 1)
        shares = np.stack([(bins == b).mean(1) for b in range(BINS)], axis=1)
        errors = shares.std(axis=0, ddof=1) / np.sqrt(len(shares))
        allowed = float(np.quantile(np.abs(np.random.default_rng(0).standard_normal((20_000, BINS))).max(1), 0.95))
        return float((np.abs(shares.mean(0) - 1 / BINS) / errors).max()), allowed

    @property
    def unreliable(self) -> float:
        """Share of cases whose importance weights were not to be trusted, so that the draws were moved."""
        return float((self.k_hat > UNRELIABLE).mean())


def calibrate(
    density: Density, cases: int, seed: int = 0, progress: Callable[[str, float], None] | None = None
) -> Calibration:
    """Return the calibration of the engine on ``cases`` simulated cases of the design of ``density``'s evidence."""
    kinds = tuple(f"bluff: {kind}" for kind in density.kinds)
    names = (*density.evidence.issues, "reservation", "noise", *kinds)
    ranks = np.zeros((cases, len(names)), dtype=np.intp)
    inside = np.zeros((cases, len(names)), dtype=bool)
    k_hat = np.zeros(cases)
    for case in range(cases):
        rng = np.random.default_rng([seed, case])
        truth = rng.standard_normal((1, density.size))
        again = replace(density, evidence=density.simulated(truth, rng))
        found = fit(again, DRAWS, rng)
        true, drawn = _ranked(density, density.point(truth))[0], _ranked(again, again.point(found.z))
        ranks[case] = (drawn[:: DRAWS // RANKED][:RANKED] < true).sum(0)
        low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
        inside[case] = (low <= true) & (true <= high)
        k_hat[case] = found.k_hat
        if progress:
            progress(f"simulated case {case + 1}", (case + 1) / cases)
    return Calibration(names, ranks, inside, k_hat, len(density.evidence.issues))


def _ranked(density: Density, at: Point) -> Floats:
    """Return [point, name] what is ranked."""
    weights = at.log_weights[:, density.counterparts.index(density.evidence.counterpart)]
    return np.concatenate([weights, at.reservation[:, None], np.log(at.noise)[:, None], at.bluff], axis=1)
