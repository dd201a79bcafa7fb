"""Which uncertain input moves an answer most: first-order Sobol indices from the draws that are there.

Sobol (1993): the share of an answer's variance that is explained by one input alone, Var(E[Y|X_j]) / Var(Y).
The draws of all inputs are independent, so an additive regression of the answer on orthonormal polynomials of each
input separates the shares (polynomial chaos: Sudret, "Global sensitivity analysis using polynomial chaos
expansions", Reliability Engineering & System Safety 93(7), 2008); no further solves are needed. What is left is
interaction between inputs, or curvature beyond the second degree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Degree of the polynomials: a response to an elasticity bends, it does not wiggle.
DEGREE = 2

#: A share is reported where it is this many times what chance alone would show (one false report in a thousand),
#: and at least this large.
SIGNIFICANT, LEAST = 6.0, 0.005


class Share(NamedTuple):
    """One input's share of the variance."""

    name: str
    share: float
    error: float
    """Standard error of the share, from the finite number of draws."""


def first_order(inputs: Mapping[str, Floats], result: Floats, most: int = 5) -> list[Share]:
    """Return the inputs that explain most of the variance of ``result``, largest first.

    Args:
        inputs: name -> [draw], independent of each other.
        result: [draw].
        most: how many at the most.

    Inputs that do not vary, and shares that chance alone would bring about, are left out; an answer that does not
    vary has no drivers. Needs more than three draws an input: fewer say nothing, and nothing is returned.
    """
    varied = {name: draws for name, draws in inputs.items() if np.ptp(draws) > 0}
    n, spread = len(result), float(result.var())
    if n <= 3 * DEGREE * max(len(varied), 1) or np.sqrt(spread) <= 1e-12 * max(1.0, float(np.abs(result).max())):
        return []
    columns = [_polynomials(draws) for draws in varied.values()]
    design = np.concatenate([np.ones((n, 1)), *columns], axis=1)
    fit, _, rank, _ = np.linalg.lstsq(design, result, rcond=None)
    noise = float(((result - design @ fit) ** 2).sum()) / max(n - int(rank), 1)
    shares, at = [], 1
    for name, column in zip(varied, columns, strict=True):
        part = column @ fit[at : at + column.shape[1]]
        at += column.shape[1]
        chance = column.shape[1] * noise / n
        share = (float(part.var()) - chance) / spread
        # Two sources of error: chance in each coefficient, and its product with the coefficient's own size.
        error = float(np.sqrt(4.0 * max(share, 0.0) * noise / (n * spread) + 2.0 * (chance / spread) ** 2))
        if share > max(SIGNIFICANT * chance / spread, LEAST):
            shares.append(Share(name, min(share, 1.0), error))
    return sorted(shares, key=lambda one: -one.share)[:most]


def _polynomials(draws: Floats) -> Floats:
    """Return polynomials of an input, orthonormal over its own draws, without the constant: [draw, degree]."""
    scaled = (draws - draws.mean()) / draws.std()
    powers = np.stack([scaled**degree for degree in range(DEGREE + 1)], axis=1)
    basis, triangle = np.linalg.qr(powers)
    # An input of two values has no square of its own.
    real = np.abs(np.diagonal(triangle)) > 1e-9 * np.sqrt(len(draws))
    kept: Floats = basis[:, 1:][:, real[1:]] * np.sqrt(len(draws))
    return kept
