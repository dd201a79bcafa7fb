"""What each entry of the record does to the weights: the posterior without it, by importance reweighting.

Leaving out an entry multiplies the density by one over its likelihood. Where the weights that this gives are unreliable
(Pareto ``k_hat`` above 0.7) the draws are moved to the posterior without it by Hamiltonian Monte Carlo, and compared
with draws moved alike under the posterior with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.evidence import Evidence
from tradetalks.talks.wants.laplace import UNRELIABLE, move, smoothed
from tradetalks.talks.wants.likelihood import Density
from tradetalks.talks.wants.posterior import Wants

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
    with_it_moved: Floats | None = None
    rows = []
    for source in found.sources:
        mine = [i for i, pick in enumerate(found.picks) if pick.source == source]
        also = [i for i, choice in enumerate(found.choices) if choice.source == source]
        weights, k_hat = smoothed(-(picks[:, mine].sum(1) + choices[:, also].sum(1)))
        refitted = k_hat > UNRELIABLE
        if refitted:
            if with_it_moved is None:
                with_it_moved = _moved(wants, density)
            shift = with_it_moved - _moved(wants, Density(_silenced(found, source), density.priors))
        else:
            shift = with_it - weights @ logs
        touches = {found.picks[i].issue for i in mine}.union(*(found.choices[i].stakes for i in also))
        rows.append(Influence(source, shift, k_hat, refitted, frozenset(touches)))
    return tuple(rows)


def _moved(wants: Wants, density: Density) -> Floats:
    """Return the mean log weights [issue] of ``density``, from the draws at hand moved to it.

    Every density is met with the same random numbers, so that what chance does cancels in a difference.
    """
    z = move(density, wants.fit.near, wants.fit.z, np.random.default_rng(0))
    at = density.point(z)
    return np.asarray(at.log_weights[:, density.counterparts.index(wants.counterpart)].mean(0))


def _silenced(found: Evidence, source: str) -> Evidence:
    """Return the evidence with nothing to learn from ``source``; parameters stay where they are."""
    return replace(
        found,
        picks=tuple(replace(pick, reliability=0.0) if pick.source == source else pick for pick in found.picks),
        choices=tuple(replace(one, reliability=0.0) if one.source == source else one for one in found.choices),
    )
