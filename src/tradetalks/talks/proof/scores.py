"""How good forecasts were: scores that reward saying what one believes, and what their count can prove."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Point forecasts of a yes or no (the last deal had it) are taken for this far from certain; log scores need it.
NEVER_CERTAIN = 0.05


def brier(probability: float, happened: bool) -> float:
    """Return the squared error of a probability: 0 is best, 0.25 is what always saying one half earns."""
    return (probability - happened) ** 2


def log_score(probability: float, happened: bool) -> float:
    """Return minus the natural log of the probability given to what happened: 0 is best, 0.693 for one half.

    Infinite where the impossible happened.
    """
    given = probability if happened else 1 - probability
    return -math.log(given) if given > 0 else math.inf


def binomial_interval(hits: int, of: int, z: float = 1.645) -> tuple[float, float]:
    """Return Wilson's interval for a share: ``hits`` of ``of``, 90% by default; (0, 1) where there was no trial.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class Bin:
    """Forecasts of about one probability: how many, how many came, and the interval that so few leave."""

    low: float
    high: float
    count: int
    forecast: float | None
    """Mean probability; ``None`` where the bin is empty."""
    came: int
    interval: tuple[float, float]
    """90% for the true share, from the count alone."""


def calibration(
    probabilities: Sequence[float], happened: Sequence[bool], edges: Sequence[float] = (0, 0.1, 0.2, 0.4, 0.6, 0.8, 1)
) -> tuple[Bin, ...]:
    """Return what came of forecasts, by bins of probability (the upper edge belongs to the next bin)."""
    bins = []
    for low, high in pairwise(edges):
        inside = [
            (p, y) for p, y in zip(probabilities, happened, strict=True) if low <= p < high or (p == high == edges[-1])
        ]
        came = sum(y for _, y in inside)
        mean = sum(p for p, _ in inside) / len(inside) if inside else None
        bins.append(Bin(low, high, len(inside), mean, came, binomial_interval(came, len(inside))))
    return tuple(bins)


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; ``None`` of nothing."""
    return sum(values) / len(values) if values else None


def standard_error(values: Sequence[float]) -> float | None:
    """Return the standard error of the mean of independent ``values``; ``None`` of fewer than two."""
    count = len(values)
    if count < 2:
        return None
    centre = sum(values) / count
    return math.sqrt(sum((value - centre) ** 2 for value in values) / (count - 1) / count)
