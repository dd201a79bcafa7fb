"""What chosen tariffs did: who gains, which sectors pay, and what the tariffs are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradetalks.model.outcome import Outcome, position
from tradetalks.model.policy.certificate import Certificate
from tradetalks.model.policy.players import Player, Who, player

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """Tariffs that were chosen, and the equilibrium they lead to, against the economy's base."""

    players: tuple[Player, ...]
    outcome: Outcome = field(repr=False)
    payoffs: Floats
    """[p] what each player's objective gains, percent of its base (welfare net of debt where it has no weights)."""
    certificates: tuple[Certificate, ...]
    """One a player, or one for a common objective."""
    chosen: NDArray[np.bool_] = field(repr=False)
    """[i, n, s] the cells whose tariffs were chosen."""
    positions: int
    """Equilibria with gradients on the way."""
    balance_worth: float | None = None
    """What a unit of the balance with a target must be worth for these tariffs to be best: what the last unit
    costs in real income, each in the currency of the flows. ``None`` without a target."""

    @property
    def tariffs(self) -> Floats:
        """[i, n, s] duty as a fraction: chosen ones, and the others as they were."""
        return np.asarray(self.outcome.tariffs)

    @property
    def certified(self) -> bool:
        """Whether every certificate holds."""
        return all(certificate.holds for certificate in self.certificates)

    def average_tariff(self, name: str, before: bool = False) -> float | None:
        """Return the mean of the tariffs that the player of that name chose, weighted by the flows of the base.

        ``before``: of what they were in the base. ``None`` where it imports nothing.
        """
        side = self._player(name)
        own = np.zeros(len(self.outcome.regions), dtype=bool)
        own[list(side.at)] = True
        cells = self.chosen & own[None, :, None]
        weight = np.moveaxis(np.asarray(self.outcome.reference.flow), 0, 2)[cells]
        rates = np.moveaxis(np.asarray(self.outcome.reference.gross), 0, 2) - 1.0 if before else self.tariffs
        return float(np.average(rates[cells], weights=weight)) if weight.sum() > 0 else None

    def regions(self) -> pl.DataFrame:
        """Return one row a region: what it gains or loses. Amounts in the currency of the flows."""
        outcome = self.outcome
        player = {name: side.name for side in self.players for name in side.members}
        return pl.DataFrame(
            {
                "region": outcome.regions,
                "player": [player.get(name) for name in outcome.regions],
                "welfare_pct": np.asarray(outcome.welfare),
                "welfare_net_pct": np.asarray(outcome.welfare_net),
                "equivalent_variation": np.asarray(outcome.equivalent_variation_net),
                "real_wage_pct": np.asarray(outcome.real_wage),
                "revenue_change": np.asarray(outcome.new.duties - outcome.reference.duties),
                "exports_pct": 100 * (_abroad(outcome.new.flow, 2) / _abroad(outcome.reference.flow, 2) - 1),
                "imports_pct": 100 * (_abroad(outcome.new.flow, 1) / _abroad(outcome.reference.flow, 1) - 1),
            }
        )

    def sectors(self, who: Who) -> pl.DataFrame:
        """Return one row a sector of a region, a bloc or a player by name, those that pay most first.

        ``value_added_change``: real change of value added, in the currency of the flows at base prices;
        ``tariff``: what the player charges on its imports of the sector, weighted by base flows.
        """
        at = self._members(who)
        outcome = self.outcome
        after, before = np.asarray(outcome.value_added)[at], _value_added(outcome)[at]
        price = (
            np.asarray(outcome.new.consumer_price)[at][:, None]
            / np.asarray(outcome.reference.consumer_price)[at][:, None]
        )
        change = (after / price - before).sum(0)
        flow = np.moveaxis(np.asarray(outcome.reference.flow), 0, 2)
        abroad = np.ones(len(outcome.regions), dtype=bool)
        abroad[at] = False
        weight = flow[abroad][:, at].sum((0, 1))
        paid = (flow * self.tariffs)[abroad][:, at].sum((0, 1))
        total = before.sum(0)
        return pl.DataFrame(
            {
                "sector": outcome.sectors,
                "value_added": total,
                "value_added_change": change,
                "value_added_pct": 100 * change / np.where(total > 0, total, np.nan),
                "tariff": paid / np.where(weight > 0, weight, np.nan),
            }
        ).sort("value_added_change")

    def _members(self, who: Who) -> list[int]:
        for side in self.players:
            if side.name == who:
                return list(side.at)
        return list(player(who, self.outcome.regions).at)

    def _player(self, name: str) -> Player:
        names = tuple(side.name for side in self.players)
        return self.players[position(name, names, "player")]


def _value_added(outcome: Outcome) -> Floats:
    """Return the value added [n, s] of the reference."""
    from dataclasses import replace

    return np.asarray(replace(outcome, new=outcome.reference).value_added)


def _abroad(flow: Floats, axis: int) -> Floats:
    """Return sales to (axis 2) or purchases from (axis 1) other regions [n]."""
    flow = np.asarray(flow) * (1.0 - np.eye(flow.shape[1]))
    total: Floats = flow.sum((0, axis))
    return total
