"""Choosing among offers: the one worth most, and three that are worth the same and tell hypotheses apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

#: Offers made together are worth within this share of the best one's payoff to the seat; widened in turn.
ALIKE = (0.05, 0.1, 0.2, 0.4)

#: An offer made together with others is accepted at least this often, as a share of the best one's chance.
AS_ACCEPTABLE = 0.85

#: Offers to choose three from: more are thinned first; where there are fewer than ``ENOUGH`` alike, it is widened.
SHORTLIST, ENOUGH = 24, 6


def gains(own: Floats, accepted: Floats) -> Floats:
    """Return the expected gain [n] of offers: own payoff [n, draw] where the other side accepts [n, draw]."""
    return np.asarray((own * accepted).mean(1))


def chosen(surplus: Floats, noise: Floats) -> Floats:
    """Return the probability [draw, n + 1] that each of offers made together is taken; the last column is none.

    Args:
        surplus: [n, draw] what each offer is worth to the other side over its reservation.
        noise: [draw] scale of the logistic; with one offer this is its probability of acceptance.
    """
    scaled = np.concatenate([surplus / noise, np.zeros((1, surplus.shape[1]))]).T
    powers = np.exp(scaled - scaled.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def information(probability: Floats) -> float:
    """Return the expected information (bits) of a choice about which draw is true.

    That is the entropy of the choice less its mean entropy within a draw [draw, choice].
    """
    return float(_entropy(probability.mean(0)) - _entropy(probability).mean())


def _entropy(probability: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(probability > 0.0, np.log2(probability), 0.0)
    return np.asarray(-(probability * logs).sum(-1))


def alike(own: Floats, accepted: Floats, best: int) -> Places:
    """Return offers worth about the same to the seat as ``best`` and about as acceptable, the nearest first.

    Args:
        own: [n] expected payoffs of the seat.
        accepted: [n] mean probability that the other side accepts.
        best: the place of the best offer.
    """
    gap = np.abs(own - own[best])
    near = np.zeros(0, dtype=np.intp)
    for share in ALIKE:
        near = np.flatnonzero((gap <= share * abs(own[best])) & (accepted >= AS_ACCEPTABLE * accepted[best]))
        if len(near) >= ENOUGH:
            break
    return np.asarray(near[np.argsort(gap[near], kind="stable")])


def apart(surplus: Floats, noise: Floats, shortlist: Sequence[int], count: int = 3) -> tuple[tuple[int, ...], float]:
    """Return the ``count`` offers of ``shortlist`` whose choice tells most, and the bits it tells.

    Args:
        surplus: [n, draw] of every offer to the other side over its reservation.
        noise: [draw].
        shortlist: places of offers; fewer than ``count`` are all taken.
        count: how many.
    """
    best, most = tuple(shortlist[:count]), -1.0
    for some in combinations(shortlist, min(count, len(shortlist))):
        told = information(chosen(surplus[list(some)], noise))
        if told > most:
            best, most = some, told
    return best, max(most, 0.0)


def thinned(surplus: Floats, shortlist: Places, keep: int = SHORTLIST) -> list[int]:
    """Return ``keep`` offers of ``shortlist`` that the draws rank most differently, the first one kept.

    Each next offer is the one whose surplus [draw] differs most, over the draws, from the nearest of those kept.
    """
    if len(shortlist) <= keep:
        return [int(k) for k in shortlist]
    some = surplus[shortlist]
    distance = np.full(len(shortlist), np.inf)
    kept = [0]
    while len(kept) < keep:
        distance = np.minimum(distance, (some - some[kept[-1]]).std(1))
        kept.append(int(distance.argmax()))
    return [int(shortlist[k]) for k in kept]
