"""Ossa (2014): 7 regions, 33 industries, profits, political weights; optimal tariffs, wars and talks.

Ralph Ossa, "Trade Wars and Trade Talks with Data", American Economic Review 104(12), 2014, pages 4104-4146.
Names keep the paper's symbols: i exporter, j importer, s industry. There are no inputs; firms make
varieties with labour, their number is fixed, and a share 1/sigma of sales is profit, so that trade
reacts to prices with elasticity sigma - 1. Governments maximise G_j = sum_s lambda_js W_js.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.model.economy import Economy
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy import objective
from tradetalks.model.policy.objective import aims
from tradetalks.model.policy.players import player
from tradetalks.model.presets.comparison import read_arrays

Floats = NDArray[np.float64]

ARRAYS = {
    "regions": "j",
    "sectors": "s",
    "trade_ijs": "jjs",
    "tariff_ijs": "jjs",
    "sigma": "s",
    "lambda_political": "js",
    "optimal_tariff_base": "jjs",
    "optimal_tariff_pol": "jjs",
    "mfn_optimal_tariff_base": "sj",
    "mfn_optimal_tariff_pol": "sj",
    "nash_tariff_base": "jjs",
    "nash_tariff_pol": "jjs",
    "mfn_nash_tariff_base": "jjs",
    "mfn_nash_tariff_pol": "jjs",
}

#: Panel of table 4 -> suffix of the author's arrays, and what it is called.
PANELS = {"A": ("base", "welfare"), "B": ("pol", "political weights")}


def ossa_2014(
    flows: ArrayLike,
    tariffs: ArrayLike,
    sigma: ArrayLike,
    weights: ArrayLike | None = None,
    regions: Sequence[str] | None = None,
    industries: Sequence[str] | None = None,
) -> Economy:
    """Return the paper's economy.

    Args:
        flows: T_ijs [i, j, s] trade at factory-gate prices, net of duty, domestic sales included.
        tariffs: t_ijs [i, j, s] as a fraction.
        sigma: [s] elasticity of substitution, above one.
        weights: lambda_js [j, s] political weight of each industry, which the methods of policy then take for
            each government; scaled to mean one. ``None``: governments maximise welfare.
        regions: names; ``None``: ``"1"``, ``"2"`` and so on.
        industries: names; ``None``: likewise.

    Raises:
        BadInput: a shape or value is wrong; see :class:`Economy`.
    """
    trade, elasticity = _read(flows, "flows"), _read(sigma, "sigma")
    if trade.ndim != 3 or trade.shape[0] != trade.shape[1]:
        raise BadInput(f"flows: shape {trade.shape}, needed [i, j, s]: exporters, as many importers, industries")
    J, _, S = trade.shape
    if elasticity.shape != (S,) or not (elasticity > 1.0).all():
        raise BadInput(f"sigma: needed are {S} elasticities of substitution, one an industry, above one")
    names = tuple(regions) if regions is not None else tuple(str(j + 1) for j in range(J))
    economy = Economy(
        names,
        tuple(industries) if industries is not None else tuple(str(s + 1) for s in range(S)),
        flows=trade,
        tariffs=tariffs,
        input_use=np.zeros((J, S, S)),
        value_added=trade.sum(1),
        trade_elasticity=elasticity - 1.0,
        profit_share=np.broadcast_to(1.0 / elasticity, (J, S)),
    )
    if weights is not None:
        by_region = _read(weights, "weights")
        if by_region.shape != (J, S):
            raise BadInput(f"weights: shape {by_region.shape}, needed ({J}, {S}): regions, industries")
        if not (np.isfinite(by_region).all() and (by_region >= 0).all() and (by_region.sum(1) > 0).all()):
            raise BadInput("weights: each must be a number that is not negative, and one of each region positive")
        economy.political_weights = {name: by_region[j] for j, name in enumerate(names)}
    return economy


def _read(values: ArrayLike, name: str) -> Floats:
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise BadInput(f"{name}: not an array of numbers") from None


def read_ossa(directory: Path) -> tuple[Economy, Economy, dict[str, NDArray[np.generic]]]:
    """Return the economy without and with political weights, and the arrays of ``ARRAYS``.

    Args:
        directory: holds ``ossa2014_gtap7_33.npz``; trade is after the author's purge of deficits.

    Raises:
        BadInput: the folder does not have that layout.
    """
    data = read_arrays(directory / "ossa2014_gtap7_33.npz", ARRAYS)
    names = {
        "regions": [str(name) for name in data["regions"]],
        "industries": [str(name) for name in data["sectors"]],
    }
    common = (data["trade_ijs"], data["tariff_ijs"], data["sigma"])
    return ossa_2014(*common, **names), ossa_2014(*common, data["lambda_political"], **names), data


def wages(outcome: Outcome) -> Floats:
    """Return the paper's wage change [j], percent: less the average over regions, world labour income held constant."""
    hat = np.asarray(outcome.new.wage / outcome.reference.wage)
    change: Floats = 100.0 * (hat - hat.mean())
    return change


def profits(outcome: Outcome) -> Floats:
    """Return the paper's profit change [j], percent: of profits over the wage."""
    wage = np.asarray(outcome.new.wage / outcome.reference.wage)
    hat = np.asarray(outcome.new.profits / outcome.reference.profits) / wage
    change: Floats = 100.0 * (hat - 1.0)
    return change


def median_tariff(tariffs: Floats) -> Floats:
    """Return the median over partners and industries of each importer's tariffs [j], percent."""
    J = len(tariffs)
    return np.array([100.0 * np.median(np.delete(tariffs[:, j], j, axis=0)) for j in range(J)])


def payoffs(economy: Economy, outcome: Outcome) -> Floats:
    """Return what each government gains [j], percent: its G_j, with the economy's political weights."""
    sides = tuple(player(name, economy.regions) for name in economy.regions)
    goals = aims(sides, [None] * len(sides), economy.regions, economy.sectors, economy.political_weights)
    return np.asarray(objective.payoffs(outcome.new, economy._base, economy._base_accounts, goals))


def columns(economy: Economy, outcome: Outcome, gains: Floats | None = None) -> dict[str, Floats]:
    """Return the columns of the paper's tables with the mean over regions behind them: [j + 1].

    ``gains`` [j] are those of governments where ``outcome`` is not measured against the economy's base.
    """
    found = {
        "govt_welfare_pct": payoffs(economy, outcome) if gains is None else gains,
        "welfare_pct": np.asarray(outcome.welfare),
        "wage_pct": wages(outcome),
        "profits_pct": profits(outcome),
        "median_tariff_pct": median_tariff(np.asarray(outcome.tariffs)),
    }
    return {name: np.append(column, column.mean()) for name, column in found.items()}


def mean_tariff(tariffs: Floats, trade: Floats) -> Floats:
    """Return each importer's tariffs [j], percent, weighted by factual imports."""
    weight = trade * (1.0 - np.eye(len(trade)))[:, :, None]
    mean: Floats = 100.0 * (weight * tariffs).sum((0, 2)) / weight.sum((0, 2))
    return mean
