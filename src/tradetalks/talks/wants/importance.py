"""Importance weights with a smoothed tail, and resampling.

Vehtari, Simpson, Gelman, Yao and Gabry (2024, JMLR 25) smooth the largest weights by a Pareto fit and read off its
shape ``k_hat``: below 0.7 an average over the weighted draws can be trusted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Above it the weights are not to be trusted.
UNRELIABLE = 0.7


def smoothed(log_weights: Floats) -> tuple[Floats, float]:
    """Return importance weights that sum to one, their tail smoothed by a Pareto fit, and its shape ``k_hat``."""
    weights = np.exp(log_weights - log_weights.max())
    many = len(weights)
    tail = int(min(0.2 * many, 3.0 * np.sqrt(many)))
    if tail < 5:
        return np.asarray(weights / weights.sum()), -np.inf
    largest = np.argpartition(weights, -tail - 1)[-tail - 1 :]
    largest = largest[np.argsort(weights[largest])]
    cut, order = weights[largest[0]], largest[1:]
    excess = weights[order] - cut
    if excess[-1] <= 0 or np.ptp(weights) < 1e-9:
        return np.asarray(weights / weights.sum()), -np.inf
    k, sigma = _pareto(excess)
    ranks = (np.arange(tail) + 0.5) / tail
    fitted = sigma * np.expm1(-k * np.log1p(-ranks)) / k if abs(k) > 1e-9 else -sigma * np.log1p(-ranks)
    weights[order] = np.minimum(cut + fitted, 1.0)
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


def resampled(weights: Floats, draws: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return which points to keep: systematic resampling (Kitagawa 1996), in random order."""
    places = (rng.random() + np.arange(draws)) / draws
    chosen = np.searchsorted(np.cumsum(weights) / weights.sum(), places).clip(max=len(weights) - 1)
    return np.asarray(rng.permutation(chosen))
