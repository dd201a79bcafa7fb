"""Draws of a posterior: the nearest normal proposes, importance weights correct.

As in Pathfinder (Zhang, Carpenter, Gelman and Vehtari 2022, JMLR 23) a normal is fitted to the density and draws around
it are resampled by their importance weights; ``k_hat`` says whether that can be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.importance import UNRELIABLE, resampled, smoothed
from tradetalks.talks.wants.laplace import LogDensity, Normal, laplace
from tradetalks.talks.wants.variational import ROUNDS, nearest, proposal

Floats = NDArray[np.float64]

#: Proposals per draw wanted.
PROPOSALS = 8
#: Rounds of a search that begins near its end: from the normal of nearly the same evidence.
AGAIN = 12


@dataclass(frozen=True)
class Fit:
    """Draws of a posterior, and how good they are."""

    z: Floats
    """[draw, parameter], of equal weight."""
    near: Normal
    """The normal that they were proposed around."""
    proposed: Floats
    """[proposal, parameter]."""
    log_weights: Floats
    """[proposal] log density less that of the proposal, up to a constant."""
    k_hat: float
    """Shape of the tail of the importance weights; above 0.7 they are not to be trusted."""
    effective: float
    """How many independent draws the proposals are worth."""


def fit(density: LogDensity, draws: int, rng: np.random.Generator, start: Normal | None = None) -> Fit:
    """Return ``draws`` draws of the posterior.

    Where the weights are not to be trusted the search goes on once, and the better of the two answers is given.

    Args:
        density: of whitened parameters.
        draws: how many.
        rng: of everything drawn.
        start: the normal of nearly the same density, if one is known; it saves most of the search.
    """
    near = nearest(density, laplace(density), rng) if start is None else _again(density, start, rng)
    found = _drawn(density, near, draws, rng)
    if found.k_hat > UNRELIABLE:
        found = min(found, _drawn(density, _again(density, near, rng), draws, rng), key=lambda one: one.k_hat)
    return found


def _again(density: LogDensity, start: Normal, rng: np.random.Generator) -> Normal:
    return nearest(density, start, rng, first=ROUNDS - AGAIN)


def _drawn(density: LogDensity, near: Normal, draws: int, rng: np.random.Generator) -> Fit:
    proposed = proposal(density, near, PROPOSALS * draws, rng)
    log_weights = density.log_posterior(proposed.z) - proposed.log_density
    weights, k_hat = smoothed(log_weights)
    chosen = proposed.z[resampled(weights, draws, rng)]
    return Fit(chosen, near, proposed.z, log_weights, k_hat, 1.0 / float((weights**2).sum()))
