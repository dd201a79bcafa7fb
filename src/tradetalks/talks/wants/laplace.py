"""A normal approximation of a posterior, corrected by Pareto-smoothed importance resampling.

The density is of whitened parameters (standard normal prior). Candidates are Laplace's normal (mode and curvature) and
normals whose mean and curvature are averaged over themselves (Opper and Archambeau 2009, Neural Computation 21); as in
Pathfinder (Zhang, Carpenter, Gelman and Vehtari 2022, JMLR 23) the one with the highest evidence lower bound proposes
draws, and importance weights correct it. Vehtari, Simpson, Gelman, Yao and Gabry (2024, JMLR 25) smooth the weights and
read off ``k_hat``: below 0.7 the draws can be trusted. Where it is not below, the draws are moved by a few steps of
Hamiltonian Monte Carlo (resample and move: Gilks and Berzuini 2001, JRSS B 63).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The search for the mode: most steps, the size of the gradient at which it ends, steps remembered, lengths tried.
STEPS, NEAR, MEMORY, LENGTHS = 300, 1e-5, 20, 0.5 ** np.arange(10)
#: Step of the differences of the gradient that give the curvature.
STEP = 1e-4
#: Rounds of averaging; pairs of opposite points for the mean, for the curvature, and points for the lower bound.
ROUNDS, MEAN_PAIRS, CURVATURE_PAIRS, BOUND_POINTS = 2, 64, 3, 256
#: Proposals per draw wanted.
PROPOSALS = 4
#: Above it the importance weights are not to be trusted.
UNRELIABLE = 0.7
#: Moves of draws that cannot be trusted: chains, moves before draws are kept, leapfrog steps of a move and their size.
CHAINS, MOVES, LEAPS, LEAP = 200, 8, 6, 0.25


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
class Fit:
    """Draws of a posterior, and how good they are."""

    z: Floats
    """[draw, parameter], of equal weight."""
    near: Normal
    """The normal that proposed them."""
    k_hat: float
    """Shape of the tail of the importance weights; above 0.7 they are not to be trusted."""
    moved: bool
    """Whether the draws were moved by Hamiltonian Monte Carlo, because of that."""
    effective: float
    """How many independent draws the proposals are worth."""


@dataclass(frozen=True)
class Normal:
    """A normal of whitened parameters."""

    mean: Floats
    curvature: Floats
    """Inverse covariance."""

    @cached_property
    def _root(self) -> Floats:
        return np.asarray(np.linalg.inv(np.linalg.cholesky(self.curvature)))

    def around(self, noise: Floats) -> Floats:
        """Return how far from the mean standard normal ``noise`` [point, parameter] lands."""
        return np.asarray(noise @ self._root)

    def along(self, gradient: Floats) -> Floats:
        """Return a ``gradient`` [point, parameter] with respect to the noise that :meth:`around` takes."""
        return np.asarray(gradient @ self._root.T)

    def bound(self, density: LogDensity, noise: Floats) -> float:
        """Return the evidence lower bound, up to a constant that all normals share."""
        inside = float(density.log_posterior(self.mean + self.around(noise)).mean())
        return inside + float(np.log(np.diag(self._root)).sum())


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


def normal(density: LogDensity, rng: np.random.Generator) -> Normal:
    """Return the normal with the highest evidence lower bound among Laplace's and those averaged from it."""
    centre = mode(density)
    best = now = Normal(centre, _positive(_curvature(density, centre)))
    noise = rng.standard_normal((BOUND_POINTS, density.size))
    highest = now.bound(density, noise)
    for _ in range(ROUNDS):
        now = _averaged(density, now, rng)
        bound = now.bound(density, noise)
        if not bound > highest:
            break
        best, highest = now, bound
    return best


def fit(density: LogDensity, draws: int, rng: np.random.Generator) -> Fit:
    """Return ``draws`` draws of the posterior."""
    found = normal(density, rng)
    noise = rng.standard_normal((PROPOSALS * draws, density.size))
    z = found.mean + found.around(noise)
    weights, k_hat = smoothed(density.log_posterior(z) + 0.5 * (noise**2).sum(1))
    effective = 1.0 / float((weights**2).sum())
    chosen = z[resampled(weights, draws, rng)]
    moved = k_hat > UNRELIABLE
    return Fit(move(density, found, chosen, rng) if moved else chosen, found, k_hat, moved, effective)


def move(density: LogDensity, near: Normal, z: Floats, rng: np.random.Generator) -> Floats:
    """Return as many draws as ``z``, after Hamiltonian moves with the metric of ``near`` from the first of them."""
    draws, now = len(z), z[:CHAINS]
    height, slope = density.log_posterior(now), near.along(density.gradient(now))
    kept: list[Floats] = []
    while len(kept) * len(now) < draws + MOVES * len(now):
        momentum = rng.standard_normal(now.shape)
        energy = height - 0.5 * (momentum**2).sum(1)
        # Steps of varied length, lest an orbit closes.
        leap = LEAP * rng.uniform(0.8, 1.2)
        then, steep = now, slope
        for _ in range(LEAPS):
            momentum = momentum + 0.5 * leap * steep
            then = then + near.around(leap * momentum)
            steep = near.along(density.gradient(then))
            momentum = momentum + 0.5 * leap * steep
        reached = density.log_posterior(then)
        better = np.nan_to_num(reached - 0.5 * (momentum**2).sum(1) - energy, nan=-np.inf)
        taken = np.log(rng.random(len(now))) < better
        now, height = np.where(taken[:, None], then, now), np.where(taken, reached, height)
        slope = np.where(taken[:, None], steep, slope)
        kept.append(now)
    return np.concatenate(kept[MOVES:])[:draws]


def _averaged(density: LogDensity, old: Normal, rng: np.random.Generator) -> Normal:
    """Return the normal with curvature and gradient averaged over ``old``; opposite points cancel what is odd."""
    away = old.around(rng.standard_normal((CURVATURE_PAIRS, density.size)))
    curvature = _positive(np.mean([_curvature(density, old.mean + one) for one in (*away, *-away)], axis=0))
    new = Normal(old.mean, curvature)
    away = new.around(rng.standard_normal((MEAN_PAIRS, density.size)))
    slope = density.gradient(np.concatenate([old.mean + away, old.mean - away])).mean(0)
    return Normal(old.mean + np.linalg.solve(curvature, slope), curvature)


def resampled(weights: Floats, draws: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return which points to keep: systematic resampling (Kitagawa 1996), in random order."""
    places = (rng.random() + np.arange(draws)) / draws
    chosen = np.searchsorted(np.cumsum(weights) / weights.sum(), places).clip(max=len(weights) - 1)
    return np.asarray(rng.permutation(chosen))


def smoothed(log_weights: Floats) -> tuple[Floats, float]:
    """Return importance weights that sum to one, their tail smoothed by a Pareto fit, and its shape ``k_hat``."""
    weights = np.exp(log_weights - log_weights.max())
    many = len(weights)
    tail = int(min(0.2 * many, 3.0 * np.sqrt(many)))
    order = np.argsort(weights)
    cut = weights[order[-tail - 1]]
    excess = weights[order[-tail:]] - cut
    if tail < 5 or excess[-1] <= 0 or np.ptp(weights) < 1e-9:
        return np.asarray(weights / weights.sum()), -np.inf
    k, sigma = _pareto(excess)
    ranks = (np.arange(tail) + 0.5) / tail
    fitted = sigma * np.expm1(-k * np.log1p(-ranks)) / k if abs(k) > 1e-9 else -sigma * np.log1p(-ranks)
    weights[order[-tail:]] = np.minimum(cut + fitted, 1.0)
    return np.asarray(weights / weights.sum()), float(k)


def _pareto(excess: Floats) -> tuple[float, float]:
    """Return shape and scale of a generalised Pareto, by Zhang and Stephens (2009), shape drawn to 0.5 as PSIS does."""
    excess = np.maximum(excess, 1e-300)
    many = len(excess)
    grid = 30 + int(np.sqrt(many))
    quarter = excess[int(many / 4 + 0.5) - 1]
    theta = 1.0 / excess[-1] + (1.0 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3.0 * quarter)
    shape = np.log1p(-theta[:, None] * excess).mean(1)
    likelihood = many * (np.log(-theta / shape) - shape - 1.0)
    weights = 1.0 / np.exp(likelihood[None] - likelihood[:, None]).sum(1)
    best = float((theta * weights).sum())
    k = float(np.log1p(-best * excess).mean())
    sigma = -k / best
    return (many * k + 10 * 0.5) / (many + 10), sigma


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
