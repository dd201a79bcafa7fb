"""What each entry of the record does to the weights: the posterior without it, by importance reweighting.

Leaving out an entry divides the importance weights of the proposals by its likelihood. Where the weights that this
gives are unreliable (Pareto ``k_hat`` above 0.7) the posterior without it is fitted, from the normal of that with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.engine import fit
from tradetalks.talks.wants.evidence import Evidence
from tradetalks.talks.wants.importance import UNRELIABLE, smoothed
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
    density, found, near = wants.density, wants.evidence, wants.fit
    picks, choices = density.by_item(near.proposed)
    logs = _logs(wants, density, near.proposed)
    with_it = smoothed(near.log_weights)[0] @ logs
    rows = []
    for source in found.sources:
        mine = [i for i, pick in enumerate(found.picks) if pick.source == source]
        also = [i for i, choice in enumerate(found.choices) if choice.source == source]
        weights, k_hat = smoothed(near.log_weights - picks[:, mine].sum(1) - choices[:, also].sum(1))
        refitted = k_hat > UNRELIABLE
        without = _refitted(wants, source) if refitted else weights @ logs
        touches = {found.picks[i].issue for i in mine}.union(*(found.choices[i].stakes for i in also))
        rows.append(Influence(source, with_it - without, k_hat, refitted, frozenset(touches)))
    return tuple(rows)


def _refitted(wants: Wants, source: str) -> Floats:
    """Return the mean log weights [issue] of the posterior without ``source``."""
    density = Density(_silenced(wants.evidence, source), wants.density.priors)
    again = fit(density, len(wants.weights) // 2, np.random.default_rng(0), wants.fit.near)
    return np.asarray(smoothed(again.log_weights)[0] @ _logs(wants, density, again.proposed))


def _logs(wants: Wants, density: Density, z: Floats) -> Floats:
    """Return the log weights to the counterpart [point, issue]."""
    return np.asarray(density.point(z).log_weights[:, density.counterparts.index(wants.counterpart)])


def _silenced(found: Evidence, source: str) -> Evidence:
    """Return the evidence with nothing to learn from ``source``; parameters stay where they are."""
    return replace(
        found,
        picks=tuple(replace(pick, reliability=0.0) if pick.source == source else pick for pick in found.picks),
        choices=tuple(replace(one, reliability=0.0) if one.source == source else one for one in found.choices),
    )
