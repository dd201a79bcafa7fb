"""How likely it is that something is wanted that nobody has listed.

Hoppe's urn (Hoppe 1984; Ewens 1972): the n-th thing said is of an issue not named before with probability
c / (c + n - 1). The concentration c has a gamma prior; how many issues came up in how many statements tells more of it.
"""

from __future__ import annotations

from math import lgamma

import numpy as np

from tradetalks.talks.wants.priors import Unlisted

#: Fewest statements ahead: so short a talk may still hold a surprise.
FEWEST = 5.0


def unlisted(said: int, named: int, ahead: float, prior: Unlisted) -> float:
    """Return the probability that one of the next ``ahead`` statements is of an issue that is not listed.

    Args:
        said: how often an issue was named so far.
        named: how many different ones are listed.
        ahead: statements to come, not a whole number where it is an expectation.
        prior: of the concentration.
    """
    said, ahead = max(said, named, 1), max(ahead, FEWEST)
    grid = np.linspace(0.02, 60.0, 3000)
    log = (prior.shape - 1.0 + named) * np.log(grid) - prior.rate * grid
    log += np.array([lgamma(c) - lgamma(c + said) for c in grid])
    weights = np.exp(log - log.max())
    none = np.array([lgamma(said + ahead) - lgamma(said) + lgamma(c + said) - lgamma(c + said + ahead) for c in grid])
    return float(1.0 - (weights @ np.exp(none)) / weights.sum())
