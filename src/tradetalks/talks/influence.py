"""What each entry of the record does to the weights: the posterior without it, by importance reweighting.

Leaving out an entry multiplies the density by one over its likelihood. Where the weights that this gives are unreliable
(Pareto ``k_hat`` above 0.7) the posterior is fitted again without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.laplace import UNRELIABLE, fit, smoothed
from tradetalks.talks.likelihood import Density
from tradetalks.talks.wants import Wants

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Influence:
    """What one entry or deal does."""

    source: str
    shift: Floats
    """[issue] mean log weight with it less that without it."""
    k_hat: float
    refitted: bool
    touches: frozenset[str]
    """The issues that it speaks of or moves."""


def influences(wants: Wants) -> tuple[Influence, ...]:
    """Return the influence of each entry and deal that the posterior rests on."""
    density, found = wants.density, wants.evidence
    picks, choices = density.by_item(wants.fit.z)
    logs = np.log(wants.weights)
    with_it = logs.mean(0)
    rows = []
    for source in found.sources:
        mine = [i for i, pick in enumerate(found.picks) if pick.source == source]
        also = [i for i, choice in enumerate(found.choices) if choice.source == source]
        weights, k_hat = smoothed(-(picks[:, mine].sum(1) + choices[:, also].sum(1)))
        refitted = k_hat > UNRELIABLE
        without_it = _refitted(wants, source) if refitted else weights @ logs
        touches = {found.picks[i].issue for i in mine}.union(*(found.choices[i].stakes for i in also))
        rows.append(Influence(source, with_it - without_it, k_hat, refitted, frozenset(touches)))
    return tuple(rows)


def _refitted(wants: Wants, source: str) -> Floats:
    found = wants.evidence
    left = replace(
        found,
        picks=tuple(pick for pick in found.picks if pick.source != source),
        choices=tuple(choice for choice in found.choices if choice.source != source),
    )
    density = Density(left, wants.density.priors)
    # Means of logarithms are read off, which need no tails: the draws are not moved.
    at = density.point(fit(density, len(wants.weights), np.random.default_rng(0), move=False).z)
    return np.asarray(at.log_weights[:, density.counterparts.index(found.counterpart)].mean(0))
