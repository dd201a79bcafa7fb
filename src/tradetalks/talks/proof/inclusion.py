"""Which issues a deal will hold: a logistic model with partial pooling over issues and deals.

logit P(issue i is in deal d) = m + a_i + u_d + b . x_di, with a_i ~ N(0, s^2) for how common an issue is,
u_d ~ N(0, t^2) for how long a deal is, and b for what the record says of the issue in these talks. Fitted
by Newton's method to the posterior mode and its curvature (Laplace); s and t are averaged over a grid by their evidence
(Rasmussen and Williams 2006, section 3.4, the same formulas for a linear logit). A new deal's u_d is a fresh draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Mean and standard deviation of the log odds of an issue of which nothing is known: one in four, a tenth to a half.
USUAL = (-1.1, 0.8)
#: Spread of issues (s) and of deals (t), in log odds.
SPREADS = tuple(product((0.6, 1.2, 2.0), (0.3, 0.8, 1.5)))
_STEPS = 50
#: Nodes of the rule that averages the logistic over a normal.
_NODES, _SHARES = np.polynomial.hermite_e.hermegauss(40)


@dataclass(frozen=True)
class Sheet:
    """What is asked of, or known of, one deal: features and, where it is known, which issues came."""

    features: Floats
    """[issue, feature], 0 where the record says nothing."""
    came: NDArray[np.bool_] | None = None
    """[issue]; ``None`` for the deal that is forecast."""


@dataclass(frozen=True)
class Chances:
    """Probability of each issue [issue], and the 10th and 90th percentile of what the model thinks it could be."""

    mean: Floats
    p10: Floats
    p90: Floats
    usual: Floats
    """The same of a deal whose record is silent: the base rate, pooled."""


def chances(
    target: Sheet,
    earlier: Sequence[Sheet],
    slopes: Sequence[tuple[float, float]],
    start: dict[int, Floats] | None = None,
) -> Chances:
    """Return the chances of each issue in ``target``, learned from ``earlier`` deals on the same issues.

    Args:
        target: features of the deal asked about.
        earlier: deals whose issues are known.
        slopes: prior mean and standard deviation of each feature's coefficient, log odds per unit.
        start: modes of an earlier fit by point of the grid, where Newton starts; those found are put there.
    """
    issues, features = target.features.shape
    base = np.zeros((issues, 1 + issues + features))
    base[:, 0] = 1.0
    base[np.arange(issues), 1 + np.arange(issues)] = 1.0
    silent = base.copy()
    base[:, 1 + issues :] = target.features
    design, outcome = _stack(earlier, issues, features)
    means = np.array([USUAL[0], *[0.0] * issues, *(mean for mean, _ in slopes), *[0.0] * len(earlier)])
    asked = np.vstack([base, silent])
    logits, spreads, evidences = [], [], []
    for place, (of_issues, of_deals) in enumerate(SPREADS):
        sd = np.array([USUAL[1], *[of_issues] * issues, *(sd for _, sd in slopes), *[of_deals] * len(earlier)])
        guess = None if start is None else start.get(place)
        mode, curvature, evidence = _laplace(design, outcome, means, sd, guess)
        if start is not None:
            start[place] = mode
        size = base.shape[1]
        covariance = np.linalg.inv(curvature)[:size, :size]
        logits.append(asked @ mode[:size])
        spreads.append(np.sqrt(np.einsum("ij,jk,ik->i", asked, covariance, asked) + of_deals**2))
        evidences.append(evidence)
    shares = np.exp(np.array(evidences) - max(evidences))
    shares /= shares.sum()
    centre, spread = shares @ np.array(logits), shares @ np.array(spreads)
    mean = shares @ np.array([_average(mu, sd) for mu, sd in zip(logits, spreads, strict=True)])
    low, high = _logistic(centre - 1.2816 * spread), _logistic(centre + 1.2816 * spread)
    return Chances(mean[:issues], low[:issues], high[:issues], mean[issues:])


def _stack(earlier: Sequence[Sheet], issues: int, features: int) -> tuple[Floats, Floats]:
    """Return the design [deal x issue, parameter] and the outcomes of the earlier deals."""
    width = 1 + issues + features
    design = np.zeros((len(earlier) * issues, width + len(earlier)))
    outcome = np.zeros(len(earlier) * issues)
    for number, sheet in enumerate(earlier):
        rows = slice(number * issues, (number + 1) * issues)
        design[rows, 0] = 1.0
        design[rows, 1 : 1 + issues] = np.eye(issues)
        design[rows, 1 + issues : width] = sheet.features
        design[rows, width + number] = 1.0
        outcome[rows] = sheet.came
    return design, outcome


def _laplace(
    design: Floats, outcome: Floats, means: Floats, sd: Floats, guess: Floats | None
) -> tuple[Floats, Floats, float]:
    """Return the posterior mode, the curvature there, and the log evidence up to what all grid points share."""
    precision = 1 / sd**2
    at = means.copy()
    if guess is not None and guess.shape == at.shape:
        at = guess.copy()

    def height(values: Floats) -> float:
        logit = design @ values
        return float(outcome @ logit - np.logaddexp(0, logit).sum() - precision @ (values - means) ** 2 / 2)

    now = height(at)
    for _ in range(_STEPS):
        chance = _logistic(design @ at)
        slope = design.T @ (outcome - chance) - precision * (at - means)
        curvature = (design.T * (chance * (1 - chance))) @ design + np.diag(precision)
        step = np.linalg.solve(curvature, slope)
        size = 1.0
        while (later := height(at + size * step)) < now - 1e-12 and size > 1e-6:
            size /= 2
        at, gained, now = at + size * step, later - now, later
        if gained < 1e-10:
            break
    chance = _logistic(design @ at)
    curvature = (design.T * (chance * (1 - chance))) @ design + np.diag(precision)
    evidence = now - np.linalg.slogdet(curvature)[1] / 2 - np.log(sd).sum()
    return at, curvature, float(evidence)


def _average(mean: Floats, sd: Floats) -> Floats:
    """Return the mean of the logistic of a normal [issue]."""
    return np.asarray(_logistic(mean[:, None] + sd[:, None] * _NODES) @ _SHARES / _SHARES.sum())


def _logistic(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(value, -500, 500))))
