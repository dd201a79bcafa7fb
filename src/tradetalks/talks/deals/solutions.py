"""Which deal is fair: four answers of bargaining theory, on a finite set of packages.

All take gains above no deal [n, 2] and choose among the packages that leave neither party below it; where
several tie, one that is efficient. There are no lotteries between packages: governments sign one text.
Each concept is defined by what it does not depend on, which is what parties argue about:

- Nash (1950): the largest product of gains; the unit in which either side counts does not matter, nor do
  packages that would not have been chosen.
- Kalai and Smorodinsky (1975): equal shares of what each could hope for at most (raised, where one share can
  rise without lowering the other's); the units do not matter, and a side never loses when its options get better.
- Egalitarian: the smaller gain as large as it can be (then the larger); gains are compared in dollars.
- Utilitarian: the largest sum of gains in dollars; how it is shared does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rational(gains: Floats) -> NDArray[np.intp]:
    """Return the rows of ``gains`` [n, 2] in which neither side is below no deal."""
    return np.flatnonzero((gains >= 0.0).all(1))


def ideal(gains: Floats) -> Floats:
    """Return the most that each side can gain [2] where the other is not below no deal; zero if nothing is."""
    fair = gains[rational(gains)]
    return np.asarray(fair.max(0)) if len(fair) else np.zeros(2)


def nash(gains: Floats) -> int | None:
    """Return the row with the largest product of gains; ``None`` where no row leaves both at or above no deal."""
    return _first(gains, _by_product)


def kalai_smorodinsky(gains: Floats) -> int | None:
    """Return the row whose smaller share of the ideal gain is largest; ``None`` where no row is rational."""
    return _first(gains, _by_share)


def egalitarian(gains: Floats) -> int | None:
    """Return the row whose smaller gain is largest; ``None`` where no row is rational."""
    return _first(gains, _by_smaller)


def utilitarian(gains: Floats) -> int | None:
    """Return the row with the largest sum of gains; ``None`` where no row is rational."""
    return _first(gains, _by_sum)


def _by_product(fair: Floats) -> tuple[Floats, Floats]:
    product = fair[:, 0] * fair[:, 1]
    # Where one side cannot gain the product is nil throughout, and the sum of shares decides.
    return product, np.where(product > 0.0, 0.0, _shares(fair).sum(1))


def _by_share(fair: Floats) -> tuple[Floats, Floats]:
    return _shares(fair).min(1), _shares(fair).max(1)


def _by_smaller(fair: Floats) -> tuple[Floats, Floats]:
    return fair.min(1), fair.max(1)


def _by_sum(fair: Floats) -> tuple[Floats, Floats]:
    return fair.sum(1), fair.min(1)


def holding(concept: Concept, drawn: Floats, k: int) -> float:
    """Return the share of draws in which row ``k`` is fair, or nearly.

    That is where it leaves no side below no deal, and what the idea makes as large as it can be (the product, the
    smaller share, the smaller gain, the sum) is within a tenth of the best that a row reaches in that draw.

    Args:
        concept: the idea of fairness.
        drawn: [n, draw, 2] gains above no deal.
        k: the row.
    """
    held = 0
    for gains in drawn.transpose(1, 0, 2):
        rows = rational(gains)
        if k in rows:
            reached = concept.criteria(gains[rows])[0]
            held += bool(reached[np.searchsorted(rows, k)] >= NEARLY * reached.max())
    return float(held / drawn.shape[1])


def _shares(fair: Floats) -> Floats:
    """Return gains as shares of each side's best; one for a side that cannot gain, so that it does not bind."""
    best = fair.max(0)
    return np.where(best > 0.0, fair / np.where(best > 0.0, best, 1.0), 1.0)


def _first(gains: Floats, criteria: Callable[[Floats], tuple[Floats, Floats]]) -> int | None:
    """Return the rational row that is best by the first criterion, then by the second.

    Where both tie the first party's gain decides, so that the answer does not depend on the order of the packages.
    """
    rows = rational(gains)
    if not len(rows):
        return None
    one, two = criteria(gains[rows])
    return int(rows[np.lexsort((-gains[rows, 0], -two, -one))[0]])


class Concept(NamedTuple):
    """One idea of fairness."""

    pick: Callable[[Floats], int | None]
    """Gains [n, 2] -> the row that it picks."""
    fair_means: str
    criteria: Callable[[Floats], tuple[Floats, Floats]]
    """Rational gains [n, 2] -> what it makes largest [n], and what decides a tie [n]."""


#: A package is nearly fair where it reaches this share of the best.
NEARLY = 0.9

CONCEPTS: Mapping[str, Concept] = {
    "nash": Concept(
        nash,
        "No other package raises one side's gain by a larger percentage than it lowers the other's. The dollars "
        "in which each side counts do not matter, only its own proportions.",
        _by_product,
    ),
    "kalai-smorodinsky": Concept(
        kalai_smorodinsky,
        "Each side gets as nearly as possible the same share of the most it could hope for. The dollars do not "
        "matter; a side that could hope for more gets more.",
        _by_share,
    ),
    "egalitarian": Concept(
        egalitarian,
        "The side that gains less gains as much as it can. Gains are compared in billions of dollars a year, so a "
        "billion counts the same for both, whatever the size of the country.",
        _by_smaller,
    ),
    "utilitarian": Concept(
        utilitarian,
        "The two gains together are as large as they can be, in billions of dollars a year. Who gets them does not "
        "count, as if one could pay the other.",
        _by_sum,
    ),
}
