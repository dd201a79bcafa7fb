"""A forecast of one number: what it can be, and with which probability."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Distribution:
    """Finitely many values with probabilities that sum to one; a continuous law stands as many values close together.

    ``values`` [K] rise and are in the unit of the quantity, ``weights`` [K] are probabilities.
    """

    values: Floats
    weights: Floats

    def quantile(self, share: float) -> float:
        """Return the smallest value that at least ``share`` of the probability does not exceed."""
        place = int(np.searchsorted(np.cumsum(self.weights), share - 1e-12))
        return float(self.values[min(place, len(self.values) - 1)])

    @property
    def median(self) -> float:
        """The value that half of the probability does not exceed."""
        return self.quantile(0.5)

    @property
    def mean(self) -> float:
        """The expected value."""
        return float(self.values @ self.weights)

    def at(self, value: float) -> float:
        """Return the probability of exactly ``value``."""
        return float(self.weights[np.isclose(self.values, value)].sum())

    def below(self, value: float) -> float:
        """Return the probability of less than ``value``."""
        return float(self.weights[(self.values < value) & ~np.isclose(self.values, value)].sum())

    def crps(self, outcome: float) -> float:
        """Return the continuous ranked probability score in the unit of the values; 0 is best.

        E|X - y| - E|X - X'| / 2 (Gneiting and Raftery 2007, eq. 21); of a single value it is the absolute error.
        """
        apart = np.abs(self.values - outcome) @ self.weights
        cumulative = np.cumsum(self.weights)[:-1]
        spread = np.sum(cumulative * (1 - cumulative) * np.diff(self.values))
        return float(apart - spread)

    def times(self, factor: float) -> Distribution:
        """Return the law of the quantity times ``factor`` (positive)."""
        return Distribution(self.values * factor, self.weights)

    def log(self) -> Distribution:
        """Return the law of the natural logarithm; values are positive."""
        return Distribution(np.log(self.values), self.weights)


def point(value: float) -> Distribution:
    """Return the law of a number that is known."""
    return Distribution(np.array([value]), np.array([1.0]))


def mixture(parts: Iterable[tuple[float, float]]) -> Distribution:
    """Return the law that gives each (value, weight) its share; equal values are one, weights need not sum to 1."""
    total: dict[float, float] = {}
    for value, weight in parts:
        total[value] = total.get(value, 0.0) + weight
    values = np.array(sorted(total))
    weights = np.array([total[value] for value in values.tolist()])
    return Distribution(values, weights / weights.sum())
