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
from tradetalks.model.presets.comparison import Cell, Comparison, Table, read_arrays, read_table

Floats = NDArray[np.float64]

CITATION = (
    'R. Ossa, "Trade Wars and Trade Talks with Data", *American Economic Review* 104(12), 2014, table 4: Nash '
    "tariffs without (panel A) and with political weights (panel B), and the author's tariffs."
)

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

COLUMNS = ("govt_welfare_pct", "welfare_pct", "wage_pct", "profits_pct", "median_tariff_pct")


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
    trade, elasticity = np.asarray(flows, dtype=float), np.asarray(sigma, dtype=float)
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
        by_region = np.asarray(weights, dtype=float)
        if by_region.shape != (J, S):
            raise BadInput(f"weights: shape {by_region.shape}, needed ({J}, {S}): regions, industries")
        economy.political_weights = {name: by_region[j] for j, name in enumerate(names)}
    return economy


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
    hat = np.asarray(outcome.new.wage)
    change: Floats = 100.0 * (hat - hat.mean())
    return change


def profits(outcome: Outcome) -> Floats:
    """Return the paper's profit change [j], percent: of profits over the wage."""
    hat = np.asarray(outcome.new.profits / outcome.reference.profits) / np.asarray(outcome.new.wage)
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


def _columns(economy: Economy, outcome: Outcome) -> dict[str, Floats]:
    """Return the columns of table 4 with the mean over regions behind them: [j + 1]."""
    columns = {
        "govt_welfare_pct": payoffs(economy, outcome),
        "welfare_pct": np.asarray(outcome.welfare),
        "wage_pct": wages(outcome),
        "profits_pct": profits(outcome),
        "median_tariff_pct": median_tariff(np.asarray(outcome.tariffs)),
    }
    return {name: np.append(column, column.mean()) for name, column in columns.items()}


def _mean_tariff(tariffs: Floats, trade: Floats) -> Floats:
    """Return each importer's tariffs [j], percent, weighted by factual imports."""
    weight = trade * (1.0 - np.eye(len(trade)))[:, :, None]
    mean: Floats = 100.0 * (weight * tariffs).sum((0, 2)) / weight.sum((0, 2))
    return mean


def _short_of_best(economy: Economy, outcome: Outcome) -> list[tuple[str, float, float]]:
    """Return for each government what its best answer to ``outcome`` would still gain it, in points, and how far
    that answer is: the root mean square change of one plus the tariff, percent, weighted by trade."""
    rows = []
    for j, region in enumerate(economy.regions):
        best = economy.best_response(region, outcome)
        weight = np.asarray(outcome.flows)[:, j].copy()
        weight[j] = 0.0
        distance = np.log1p(best.tariffs[:, j]) - np.log1p(np.asarray(outcome.tariffs)[:, j])
        apart = 100.0 * np.sqrt((weight * distance**2).sum() / weight.sum())
        rows.append((region, float(best.payoffs[0] - payoffs(economy, outcome)[j]), float(apart)))
    return rows


def validate_ossa(directory: Path) -> Comparison:
    """Return our Nash tariffs beside table 4 of the paper, and our optimal and MFN tariffs beside the author's.

    Args:
        directory: holds what :func:`read_ossa` reads, and ``ossa2014_table4_nash_tariffs.csv``.

    Raises:
        BadInput: the folder does not have that layout.
        NotConverged: an equilibrium was not found.
    """
    table = directory / "ossa2014_table4_nash_tariffs.csv"
    plain, political, data = read_ossa(directory)
    trade = np.asarray(data["trade_ijs"], dtype=float)
    cells: list[Cell] = []
    at_theirs: list[tuple[str | float, ...]] = []
    others: dict[str, list[tuple[str | float, ...]]] = {
        title: [] for title in ("Optimal tariffs", "MFN optimal tariffs", "MFN Nash tariffs")
    }
    certified = []
    short: list[tuple[str | float, ...]] = []
    moved = 0.0
    for panel, (suffix, called) in PANELS.items():
        economy = plain if panel == "A" else political
        published = read_table(table, "region", COLUMNS, panel=panel)
        nash = economy.nash_tariffs(economy.regions)
        certified += list(nash.certificates)
        ours = _columns(economy, nash.outcome)
        authors = economy.counterfactual(tariffs=np.asarray(data[f"nash_tariff_{suffix}"]))
        theirs = _columns(economy, authors)
        short += [(f"{panel}: {region}", 1e6 * gain, apart) for region, gain, apart in _short_of_best(economy, authors)]
        from_theirs = economy.nash_tariffs(economy.regions, given=authors)
        moved = max(moved, float(np.abs(from_theirs.payoffs - nash.payoffs).max()))
        for j, region in enumerate((*economy.regions, "Mean")):
            row = published[region]
            for name in COLUMNS:
                digits = len(row[name].partition(".")[2])
                cells.append(Cell(f"{panel}: {name}", region, float(ours[name][j]), float(row[name]), digits))
            at_theirs.append((f"{panel}: {region}", *(float(theirs[name][j]) for name in COLUMNS)))
        mfn_nash = economy.nash_tariffs(economy.regions, instruments="mfn")
        certified += list(mfn_nash.certificates)
        their_mfn = np.asarray(data[f"mfn_nash_tariff_{suffix}"], dtype=float)
        pairs = zip(
            mfn_nash.payoffs,
            payoffs(economy, economy.counterfactual(tariffs=their_mfn)),
            _mean_tariff(mfn_nash.tariffs, trade),
            _mean_tariff(their_mfn, trade),
            strict=True,
        )
        others["MFN Nash tariffs"] += [
            (f"{region}, {called}", *map(float, row)) for region, row in zip(economy.regions, pairs, strict=True)
        ]
        for j, region in enumerate(economy.regions):
            for title, kind, array in (
                ("Optimal tariffs", "bilateral", data[f"optimal_tariff_{suffix}"]),
                ("MFN optimal tariffs", "mfn", data[f"mfn_optimal_tariff_{suffix}"]),
            ):
                best = economy.optimal_tariffs(region, instruments=kind)
                certified += list(best.certificates)
                own = np.asarray(data["tariff_ijs"], dtype=float).copy()
                own[:, j] = array[:, j] if kind == "bilateral" else np.asarray(array)[:, j][None, :]
                own[j, j] = 0.0
                others[title].append(
                    (
                        f"{region}, {called}",
                        float(best.payoffs[0]),
                        float(payoffs(economy, economy.counterfactual(tariffs=own))[j]),
                        float(_mean_tariff(best.tariffs, trade)[j]),
                        float(_mean_tariff(own, trade)[j]),
                    )
                )
    return Comparison(
        "ossa2014",
        CITATION,
        "percent",
        tuple(cells),
        _notes(cells, short, moved, sum(one.holds for one in certified), len(certified)),
        (
            Table("Table 4 at the author's own tariffs, percent", ("region", *COLUMNS), tuple(at_theirs)),
            Table(
                "How far the author's Nash tariffs are from mutual best answers",
                ("region", "a best answer gains, millionths of a point", "tariff factors move by, percent"),
                tuple(short),
            ),
            *(
                Table(
                    f"{title}: government welfare and tariffs weighted by factual trade, percent",
                    ("region", "welfare, ours", "at the author's", "mean tariff, ours", "the author's"),
                    tuple(rows),
                )
                for title, rows in others.items()
            ),
        ),
    )


def _notes(
    cells: Sequence[Cell], short: Sequence[tuple[str | float, ...]], moved: float, holding: int, certificates: int
) -> tuple[str, ...]:
    welfare = [cell for cell in cells if "welfare" in cell.result]
    worst = max(welfare, key=lambda cell: abs(cell.difference))
    near = sum(abs(cell.difference) <= 0.05 + 1e-9 for cell in welfare)
    gain, apart = (max(float(row[column]) for row in short) for column in (1, 2))
    return (
        f"Of {len(welfare)} welfare figures {near} are within 0.05 points; the farthest is {worst.result} of "
        f"{worst.region}, {worst.difference:+.3f}.",
        "At the author's own tariffs our model gives the table below. Where that equals the printed figure and our "
        "Nash equilibrium does not, the equations agree and the tariffs differ: the author's search stopped where a "
        f"government still gains up to {1e-6 * gain:.5f} points by its best answer and moves its tariff factors by "
        f"up to {apart:.2f} percent for it (third table). What one gains by that is of second order; what the others "
        "lose is of the first, and that is the difference.",
        "It is not another equilibrium: the war begun at the author's tariffs ends at ours, payoffs within "
        f"{moved:.0e} points.",
        "Wages are less their average over regions, with world labour income held constant; profits are over the wage. "
        "Both are what reproduces the paper's columns from the author's tariffs.",
        "Medians are over cells, among them many with hardly any trade, where the author's search had nothing to go "
        "by; means weighted by trade are in the tables below.",
        "With political weights Japan's payoff has several peaks: keeping wheat and rice out, at the upper bound of "
        "1000%, is the highest. From factual tariffs alone a climb ends lower; the search for rivals finds it.",
        f"{holding} of {certificates} certificates hold (first and second-order conditions, climbs from elsewhere).",
    )
