"""Laplace's approximation: the normal around the mode of a density, with its curvature there.

The density is of whitened parameters (standard normal prior).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The search for the mode: most steps, the size of the gradient at which it ends, steps remembered, lengths tried.
STEPS, NEAR, MEMORY, LENGTHS = 300, 1e-5, 20, 0.5 ** np.arange(10)
#: Step of the differences of the gradient that give the curvature.
STEP = 1e-4


class LogDensity(Protocol):
    """A density of whitened parameters, many points at once."""

    @property
    def size(self) -> int:
        """How many parameters there are."""

    def log_posterior(self, z: Floats) -> Floats:
        """Return the log density [point] at ``z`` [point, parameter]."""

    def gradient(self, z: Floats) -> Floats:
        """Return its gradient [point, parameter]."""


@dataclass(frozen=True)
class Normal:
    """A normal of whitened parameters: ``mean + noise @ root``, the noise standard normal."""

    mean: Floats
    root: Floats
    """[noise, parameter]; the covariance is root' root."""

    def at(self, noise: Floats) -> Floats:
        """Return where ``noise`` [point, noise] lands [point, parameter]."""
        return np.asarray(self.mean + noise @ self.root)

    def slope(self, density: LogDensity, noise: Floats) -> Floats:
        """Return the slope of log density less log normal [point, noise]; zero where the normal is the density."""
        return np.asarray(density.gradient(self.at(noise)) @ self.root.T + noise)


def laplace(density: LogDensity) -> Normal:
    """Return the normal around the mode with the curvature there."""
    centre = mode(density)
    curvature = _positive(_curvature(density, centre))
    return Normal(centre, np.linalg.inv(np.linalg.cholesky(curvature)))


def mode(density: LogDensity) -> Floats:
    """Return the mode [parameter], by L-BFGS (Nocedal 1980); the best of a few step lengths is taken at once."""
    z = np.zeros(density.size)
    value, slope = float(density.log_posterior(z[None])[0]), density.gradient(z[None])[0]
    pairs: deque[tuple[Floats, Floats]] = deque(maxlen=MEMORY)
    for _ in range(STEPS):
        if np.abs(slope).max(initial=0.0) < NEAR:
            break
        uphill = _uphill(slope, pairs)
        tried = z + LENGTHS[:, None] * uphill
        values = density.log_posterior(tried)
        best = int(np.argmax(values))
        if not values[best] > value:
            if not pairs:
                break
            pairs.clear()  # the memory misleads; begin again from the gradient
            continue
        after = density.gradient(tried[best][None])[0]
        step, change = tried[best] - z, slope - after
        if step @ change > 1e-12:
            pairs.append((step, change))
        z, value, slope = tried[best], float(values[best]), after
    return z


def _uphill(slope: Floats, pairs: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Return the direction of L-BFGS: the inverse curvature that ``pairs`` (step, change) tell, times ``slope``."""
    found, shares = slope.copy(), []
    for step, change in reversed(pairs):
        shares.append(float(step @ found) / float(step @ change))
        found -= shares[-1] * change
    if pairs:
        step, change = pairs[-1]
        found *= float(step @ change) / float(change @ change)
    for (step, change), share in zip(pairs, reversed(shares), strict=True):
        found += (share - float(change @ found) / float(step @ change)) * step
    return found


def _curvature(density: LogDensity, z: Floats) -> Floats:
    """Return minus the second derivatives, by central differences of the gradient."""
    steps = STEP * np.eye(len(z))
    slopes = density.gradient(np.concatenate([z + steps, z - steps]))
    rows = -(slopes[: len(z)] - slopes[len(z) :]) / (2 * STEP)
    return np.asarray(0.5 * (rows + rows.T))


def _positive(curvature: Floats) -> Floats:
    """Return ``curvature`` with eigenvalues below a tenth of the prior's (1) lifted to it."""
    try:
        np.linalg.cholesky(curvature - 0.1 * np.eye(len(curvature)))
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(curvature)
        return np.asarray((vectors * np.maximum(values, 0.1)) @ vectors.T)
    return curvature
