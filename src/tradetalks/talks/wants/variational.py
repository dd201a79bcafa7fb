"""The normal nearest to a density, and a proposal around it with heavier tails where it fits least.

Of all normals the nearest (the one with the highest evidence lower bound) has the mean slope and the mean curvature of
the density (Opper and Archambeau 2009, Neural Computation 21). It is reached by natural-gradient steps (Khan and
Nielsen 2018). In the coordinates in which the normal at hand is standard, the slope of log density less log normal,
averaged over its draws, says where the mean should go, and the mean product of that slope with the draw how much wider
or narrower it should be (Stein 1981). The second is only read in the few directions in which the slope is largest (an
*active subspace*: Constantine 2015): of a few hundred directions most are right from the start, and what a few draws
tell of them is noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.laplace import LogDensity, Normal

Floats = NDArray[np.float64]

#: Rounds, pairs of opposite draws in each, and directions that may become wider or narrower in one.
ROUNDS, PAIRS, DIRECTIONS = 32, 64, 24
#: Share of the way that a round goes: the first, by what each later one is less, and the least.
RATE, SLOWER, LEAST = 0.6, 0.87, 0.1
#: Slopes longer than this quantile of theirs are cut to it: a draw behind a cliff says nothing of the middle.
CUT = 0.9
#: The curvatures that one round believes, those of the normal being 1: it is a normal still, and no narrow ridge.
BELIEVED = (-1.5, 0.8)
#: The longest way that the mean goes in one round, in standard deviations: slopes behind a cliff hold only nearby.
LONGEST = 2.0
#: Directions that get heavy tails at most, the mean square slope that earns them, and their degrees of freedom.
HEAVY, SLOPED, FREEDOM = 12, 0.05, 5.0


@dataclass(frozen=True)
class Proposal:
    """Draws around a normal, t distributed in some directions."""

    z: Floats
    """[draw, parameter]."""
    log_density: Floats
    """[draw], up to a constant."""


def nearest(density: LogDensity, start: Normal, rng: np.random.Generator, first: int = 0) -> Normal:
    """Return the normal nearest to ``density``, from ``start``; ``first`` rounds of the search are left out."""
    now = start
    for number in range(first, ROUNDS):
        noise = _pairs(now, rng)
        slope = _cut(now.slope(density, noise))
        directions = _steepest(slope)[0][:, :DIRECTIONS]
        bend = (slope @ directions).T @ (noise @ directions) / len(noise)
        now = _stepped(now, slope.mean(0), directions, 0.5 * (bend + bend.T), max(RATE * SLOWER**number, LEAST))
    return now


def _stepped(now: Normal, slope: Floats, directions: Floats, bend: Floats, rate: float) -> Normal:
    """Return ``now`` moved along its mean ``slope`` and widened by its mean ``bend`` in ``directions``."""
    bends, axes = np.linalg.eigh(bend)
    axes = directions @ axes
    wider = 1.0 / (1.0 - rate * np.clip(bends, *BELIEVED))  # of the variances
    step = rate * (slope + ((wider - 1.0) * (slope @ axes)) @ axes.T)
    step = step * min(1.0, LONGEST / max(float(np.linalg.norm(step)), 1e-300))
    root = now.root + axes @ ((np.sqrt(wider) - 1.0)[:, None] * (axes.T @ now.root))
    return Normal(now.mean + step @ now.root, root)


def proposal(density: LogDensity, near: Normal, draws: int, rng: np.random.Generator) -> Proposal:
    """Return ``draws`` around ``near``, with heavy tails in the directions in which it fits ``density`` least."""
    directions, squares = _steepest(_cut(near.slope(density, _pairs(near, rng))))
    heavy = directions[:, :HEAVY][:, squares[:HEAVY] > SLOPED]
    noise = rng.standard_normal((draws, density.size))
    inside = noise @ heavy
    t = inside * np.sqrt(FREEDOM / rng.chisquare(FREEDOM, inside.shape))
    rest = (noise**2).sum(1) - (inside**2).sum(1)
    log_density = -0.5 * rest - 0.5 * (FREEDOM + 1.0) * np.log1p(t**2 / FREEDOM).sum(1)
    return Proposal(near.at(noise + (t - inside) @ heavy.T), log_density)


def _pairs(near: Normal, rng: np.random.Generator) -> Floats:
    """Return standard normal noise and its opposite, whose odd errors cancel."""
    noise = rng.standard_normal((PAIRS, len(near.mean)))
    return np.concatenate([noise, -noise])


def _cut(slope: Floats) -> Floats:
    """Return ``slope`` [draw, noise] with the longest cut, and of draws so far out that it has no value none."""
    slope = np.where(np.isfinite(slope).all(1, keepdims=True), slope, 0.0)
    long = np.sqrt((slope**2).sum(1))
    most = max(float(np.quantile(long, CUT)), 1e-300)
    return np.asarray(slope * np.minimum(1.0, most / np.maximum(long, most))[:, None])


def _steepest(slope: Floats) -> tuple[Floats, Floats]:
    """Return the directions [noise, direction] of the largest mean square slope, and that square, the largest first."""
    draws, size = slope.shape
    many = min(DIRECTIONS, draws, size)
    squares, axes = np.linalg.eigh(slope @ slope.T if draws < size else slope.T @ slope)
    squares, axes = squares[::-1][:many], axes[:, ::-1][:, :many]
    if draws < size:
        axes = slope.T @ axes / np.sqrt(np.maximum(squares, 1e-300))
    return axes, squares / draws
