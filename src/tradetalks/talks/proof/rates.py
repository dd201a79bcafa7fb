"""The duty that a deal will set: a new figure, or one that a like counterpart already got.

Agreed rates come in a few values that are passed on from deal to deal. So the forecast is a Chinese restaurant
process that depends on the guest (Blei and Frazier 2011, "Distance dependent Chinese restaurant processes", JMLR 12):
each earlier deal lends its own rate, the more the more alike the counterparts are, and ``alpha`` is the weight
of a new figure. How much alike counts, and alpha, are averaged over a small grid by how well each would have foretold
the earlier deals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from tradetalks.talks.proof.distribution import Distribution, mixture

#: Where a new figure falls: a judgement that docs/validation/backtest.md argues and earlier deals correct.
PLACES = {"below the floor": 0.10, "the floor": 0.30, "between": 0.45, "the threat": 0.10, "above": 0.05}
#: The judgement counts as much as so many deals.
JUDGEMENT = 4.0
#: A multiple of five is so many times as likely as another whole percent.
ROUND = 3.0
#: Highest rate above the threat that a new figure may take, percentage points.
BEYOND = 10
#: One unit of unlikeness: points of threat, log points of income per head, points of surplus over trade.
SCALES = (10.0, 1.0, 0.5)
#: Weight of a new figure against one earlier deal with a counterpart just alike, and multiples of the scales.
ALPHAS = (0.25, 0.5, 1.0, 2.0, 4.0)
WIDTHS = (0.5, 1.0, 2.0)
#: A rate that no setting thought possible counts as this likely.
UNFORESEEN = 1e-4


@dataclass(frozen=True)
class Position:
    """What a counterpart faces and is, when the rate is set."""

    floor: float
    """The rate that everybody pays, percent."""
    threat: float
    """The rate that no deal brings, percent."""
    income: float | None = None
    """GDP per head, USD thousand."""
    surplus: float | None = None
    """Its surplus with the other side over their trade, -1 to 1."""


def rate_forecast(position: Position, earlier: Sequence[tuple[Position, float]]) -> Distribution:
    """Return the law of the rate, percent, for ``position``, given ``earlier`` deals in the order they became known."""
    rates = [rate for _, rate in earlier]
    positions = [there for there, _ in earlier]
    # Of each earlier deal, and last of the one asked about, the squared gaps to those before it.
    gaps = [
        np.array([_gap(one, other) for other in positions[:number]])
        for number, one in enumerate([*positions, position])
    ]
    fresh = [_new_figure(there, earlier[:number]).get(rate, 0.0) for number, (there, rate) in enumerate(earlier)]
    fits, lent, new = [], [], []
    for alpha, width in product(ALPHAS, WIDTHS):
        likeness = [np.exp(-gap / (2 * width**2)) for gap in gaps]
        fit = 0.0
        for number, rate in enumerate(rates):
            alike = likeness[number]
            same = alike @ (np.array(rates[:number]) == rate)
            fit += math.log(max((same + alpha * fresh[number]) / (alike.sum() + alpha), UNFORESEEN))
        whole = likeness[-1].sum() + alpha
        fits.append(fit)
        lent.append(likeness[-1] / whole)
        new.append(alpha / whole)
    shares = np.exp(np.array(fits) - max(fits))
    shares /= shares.sum()
    from_others = zip(rates, (shares @ np.array(lent)).tolist(), strict=True)
    mass = float(shares @ np.array(new))
    return mixture(
        [*from_others, *((value, mass * weight) for value, weight in _new_figure(position, earlier).items())]
    )


def _gap(one: Position, other: Position) -> float:
    """Return how unlike two counterparts are, squared; what is unknown of one of them does not set them apart."""
    gaps = [
        one.threat - other.threat,
        None if one.income is None or other.income is None else math.log(one.income / other.income),
        None if one.surplus is None or other.surplus is None else one.surplus - other.surplus,
    ]
    return sum((gap / scale) ** 2 for gap, scale in zip(gaps, SCALES, strict=True) if gap is not None)


def _new_figure(position: Position, earlier: Sequence[tuple[Position, float]]) -> dict[float, float]:
    """Return the probability of each figure where no earlier deal lends one.

    Who was threatened with no more than the floor teaches nothing on how much of a threat is given back.
    """
    counts = {place: JUDGEMENT * weight for place, weight in PLACES.items()}
    for other, rate in earlier:
        counts[_place(other, rate)] += other.threat > other.floor
    found: dict[float, float] = {}
    for place, values in _values(position).items():
        shape = [ROUND if value % 5 == 0 else 1.0 for value in values]
        found |= {value: counts[place] * weight / sum(shape) for value, weight in zip(values, shape, strict=True)}
    total = sum(found.values())
    return {value: weight / total for value, weight in found.items()}


def _values(position: Position) -> dict[str, list[float]]:
    """Return the figures that each place holds; a place that holds none is left out."""
    floor, threat = position.floor, position.threat
    top = math.ceil(max(floor, threat))
    places = {
        "below the floor": [float(value) for value in range(math.ceil(floor))],
        "the floor": [floor],
        "between": [float(value) for value in range(math.floor(floor) + 1, math.ceil(threat))],
        "the threat": [threat] if threat > floor else [],
        "above": [float(value) for value in range(top + 1, top + BEYOND + 1)],
    }
    return {place: values for place, values in places.items() if values}


def _place(position: Position, rate: float) -> str:
    if rate < position.floor:
        return "below the floor"
    if rate == position.floor:
        return "the floor"
    if rate < position.threat:
        return "between"
    return "the threat" if rate == position.threat else "above"
