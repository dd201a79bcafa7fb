"""How much is pledged: the ratio of a pledge to the economy it is measured by, as earlier deals scatter.

The log of the ratio is normal around a mean of its kind, with the conjugate prior, so a new one is Student's t
(Gelman and others, "Bayesian Data Analysis", 3rd ed., section 3.3). Few deals leave it wide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradetalks.talks.proof.distribution import Distribution

#: Where the law of the log ratio is evaluated, in its scale; beyond lies less than a thousandth.
STEPS = np.linspace(-10, 10, 401)


@dataclass(frozen=True)
class Kind:
    """A kind of pledge, what it is measured by, and what could be thought of its size before any deal."""

    issue: str
    topics: tuple[str, ...]
    """Topics of the terms that count; several are added."""
    title: str
    per: str
    """``gdp`` (of the counterpart) or ``us_exports`` (goods sold to it)."""
    centre: float
    """Ratio of the pledge to that, before any deal."""
    basis: str
    """Where the centre comes from."""


#: Standard deviation of the log ratio before any deal, and how many deals that judgement and the centre are worth.
SCATTER = 0.9
WORTH = 2.0
FREEDOM = 4.0

KINDS = (
    Kind(
        "investment",
        ("investment.total",),
        "Investment, USD bn in all",
        "gdp",
        0.05,
        "Japan's word of 7 February 2025: a stock of a trillion dollars, 217 billion more, 5% of its GDP (jpn-001)",
    ),
    Kind(
        "energy",
        ("purchases.energy",),
        "Energy purchases, USD bn a year",
        "us_exports",
        0.10,
        "no deal names a figure before April 2025; a tenth of US goods exports to the buyer is a judgement",
    ),
    Kind(
        "agriculture",
        ("purchases.agriculture",),
        "Farm purchases, USD bn a year",
        "us_exports",
        0.10,
        "as energy; the United States sells about a tenth of its goods exports off farms",
    ),
    Kind(
        "purchases",
        ("purchases.defence", "purchases.chips", "purchases.total"),
        "Purchases of manufactures, USD bn a year",
        "us_exports",
        0.30,
        "Phase One: 100 billion a year over 2017, more than half of US goods exports to China, taken down by half for "
        "a counterpart that is not at war over trade (pre-008)",
    ),
)


def amount_forecast(kind: Kind, earlier: Sequence[float]) -> Distribution:
    """Return the law of the ratio of a pledge to its measure, given the ratios of ``earlier`` deals (all positive)."""
    logs = np.log(np.asarray(earlier, dtype=np.float64))
    count, prior = len(logs), math.log(kind.centre)
    average = float(logs.mean()) if count else prior
    centre = (WORTH * prior + count * average) / (WORTH + count)
    freedom = FREEDOM + count
    squares = (
        FREEDOM * SCATTER**2
        + float(((logs - average) ** 2).sum())
        + WORTH * count / (WORTH + count) * (average - prior) ** 2
    )
    scale = math.sqrt(squares / freedom * (1 + 1 / (WORTH + count)))
    density = (1 + STEPS**2 / freedom) ** (-(freedom + 1) / 2)
    return Distribution(np.exp(centre + scale * STEPS), density / density.sum())
