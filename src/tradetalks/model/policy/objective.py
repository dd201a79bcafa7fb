"""What a government maximises: welfare, or welfare with political weights.

Ralph Ossa, "Trade Wars and Trade Talks with Data", American Economic Review 104(12), 2014: the government of
n maximises sum_s lambda[n,s] X[n,s] / P[n], where X[n,s] is the income of those who live from sector s
(labour income, profits, and duties shared out by labour income) and lambda has mean one. With all lambda one
that is real income. A deficit is shared out like duties, and only its base amount is income: more is debt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.model.accounts import Accounts
from tradetalks.model.outcome import Outcome, position
from tradetalks.model.policy.players import Player
from tradetalks.model.system import Array, Base

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What counts besides welfare, each against a unit of real income."""

    sectors: Mapping[str, float] | ArrayLike | None = None
    """lambda by sector: a mapping (a sector left out has one) or [s]; scaled to mean one."""
    revenue: float = 0.0
    """What a unit of tariff revenue is worth on top of being income."""
    balance: Mapping[str, float] = field(default_factory=dict)
    """Partner region -> what a unit of the bilateral balance (exports less imports) with it is worth."""
    balance_target: Mapping[str, float] = field(default_factory=dict)
    """Partner region -> what the balance with it must be, in the currency of the flows; one partner, and only where
    one side chooses alone. What a unit must be worth for that is found: ``Choice.balance_worth``."""


class Aims(NamedTuple):
    """The objectives of P players as arrays, first axis the player."""

    member: Array
    """[p, n] one where n belongs to p."""
    extra: Array
    """[p, s, n] lambda less one; zero outside p."""
    revenue: Array
    """[p, n] extra worth of revenue."""
    balance: Array
    """[p, i, n] worth of a unit of the flow from i to n."""


def aims(
    sides: Sequence[Player],
    weights: Sequence[Weights | Mapping[str, float] | ArrayLike | None],
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    usual: Mapping[str, Floats],
) -> Aims:
    """Return the objectives of the players, each with its weights (``None``: the ``usual`` ones of its members).

    ``usual``: region -> weights [s]; who is not there maximises welfare.

    Raises:
        BadInput: a weight is negative or not a number, or names no sector or region of the economy.
    """
    P, N, S = len(sides), len(regions), len(sectors)
    found = Aims(np.zeros((P, N)), np.zeros((P, S, N)), np.zeros((P, N)), np.zeros((P, N, N)))
    for p, (side, given) in enumerate(zip(sides, weights, strict=True)):
        own = list(side.at)
        found.member[p, own] = 1.0
        wanted = given if isinstance(given, Weights) else Weights(given)
        for name, n in zip(side.members, side.at, strict=True):
            by_sector = usual.get(name) if wanted.sectors is None else wanted.sectors
            found.extra[p, :, n] = _by_sector(by_sector, sectors) - 1.0
        found.revenue[p, own] = _number(wanted.revenue, "weights: revenue")
        for name, worth in wanted.balance.items():
            partner = position(name, regions, "region")
            if partner in own:
                raise BadInput(f"weights: balance: {name} is {side.name} itself; name another region")
            found.balance[p, own, partner] = _number(worth, f"weights: balance with {name}")
            found.balance[p, partner, own] = -worth
    return found


def payoffs(new: Accounts, base: Base, levels: Accounts, goals: Aims) -> Array:
    """Return what each player gains [p], percent of what its objective is in the base.

    ``levels`` are the accounts of the base. Written for numpy and JAX arrays alike.
    """
    outcome = Outcome((), (), base, new, levels, 0.0, 0, None)
    by_sector, before = _sector_income(new, base, levels), _sector_income(levels, base, levels)
    gained = goals.member @ outcome.equivalent_variation_net
    gained = gained + (goals.extra * (by_sector - before)).sum((1, 2))
    gained = gained + goals.revenue @ (new.duties / new.consumer_price - levels.duties)
    gained = gained + (goals.balance * (new.flow - levels.flow).sum(0)).sum((1, 2))
    return 100.0 * gained / sizes(base, levels, goals)


def sizes(base: Base, levels: Accounts, goals: Aims) -> Array:
    """Return the weighted income of each player in the base [p], base currency: what payoffs are percent of."""
    return goals.member @ levels.income + (goals.extra * _sector_income(levels, base, levels)).sum((1, 2))


def mixed(new: Accounts, base: Base, levels: Accounts, goals: Aims, mix: Array) -> Array:
    """Return the payoffs weighted by ``mix`` [p]: one number to maximise."""
    return mix @ payoffs(new, base, levels, goals)


def _sector_income(new: Accounts, base: Base, levels: Accounts) -> Array:
    """Return the real income [s, n] of those who live from each sector, in base prices; deficits as in the base."""
    earned = base.earned(new.flow)
    made = base.made(new.flow)
    share = earned / earned.sum(0)
    return (earned + (made - base.paid(made)) + share * (new.duties + levels.deficit)) / new.consumer_price


def _by_sector(given: Mapping[str, float] | ArrayLike | None, sectors: tuple[str, ...]) -> Floats:
    if given is None:
        return np.ones(len(sectors))
    if isinstance(given, Mapping):
        weights = np.ones(len(sectors))
        for name, weight in given.items():
            weights[position(name, sectors, "sector")] = _number(weight, f"weights: {name}")
    else:
        try:
            weights = np.asarray(given, dtype=float)
        except (TypeError, ValueError):
            raise BadInput("weights: not an array of numbers") from None
        if weights.shape != (len(sectors),):
            raise BadInput(f"weights: shape {weights.shape}, needed ({len(sectors)},), one a sector")
    if not np.isfinite(weights).all() or (weights < -1e-9).any() or not weights.sum() > 0:
        raise BadInput("weights: each must be a number that is not negative, and one at least positive")
    scaled: Floats = weights / weights.mean()
    return scaled


def _number(value: float, what: str) -> float:
    if not isinstance(value, int | float | np.number) or not np.isfinite(value):
        raise BadInput(f"{what}: {value!r} is not a number")
    return float(value)
