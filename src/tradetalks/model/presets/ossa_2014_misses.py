"""Why a figure of our Nash equilibrium is not the printed one: whose tariffs move it, and how firm a median is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradetalks.model.economy import Economy
from tradetalks.model.presets.comparison import Cell, Table
from tradetalks.model.presets.ossa_2014 import columns, median_tariff, payoffs

Floats = NDArray[np.float64]

#: Rounds of best answers in turn.
ROUNDS = 3


def misses(economy: Economy, cells: Sequence[Cell], ours: Floats, theirs: Floats, trade: Floats) -> tuple[Table, Table]:
    """Return a table of the figures among ``cells`` that differ, and one of the medians among them.

    Args:
        economy: the paper's, of the panel.
        cells: those of the panel.
        ours: [i, j, s] our Nash tariffs.
        theirs: [i, j, s] the author's.
        trade: [i, j, s] factual trade.
    """
    differ = [cell for cell in cells if not cell.agrees]
    names = (*economy.regions, "Mean")
    # From the author's tariffs to ours, one importer after the other: what each step does to each figure.
    tariffs, figures = theirs.copy(), [columns(economy, economy.counterfactual(tariffs=theirs))]
    for j in range(len(economy.regions)):
        tariffs[:, j] = ours[:, j]
        figures.append(columns(economy, economy.counterfactual(tariffs=tariffs)))
    steps: list[tuple[str | float, ...]] = []
    for cell in differ:
        column = cell.result.partition(": ")[2]
        if column == "median_tariff_pct":
            continue
        path = np.array([figure[column][names.index(cell.region)] for figure in figures])
        steps.append(
            (
                cell.result,
                cell.region,
                f"{cell.theirs:.{cell.digits}f}",
                float(path[0]),
                float(path[-1]),
                *map(float, np.diff(path)),
            )
        )
    medians: list[tuple[str | float, ...]] = []
    best = payoffs(economy, economy.counterfactual(tariffs=ours))
    for cell in differ:
        if not cell.result.endswith("median_tariff_pct") or cell.region not in economy.regions:
            continue
        j = economy.regions.index(cell.region)
        both = 100.0 * np.stack([np.delete(one[:, j], j, axis=0).ravel() for one in (theirs, ours)])
        low, high = np.sort([median_tariff(one)[j] for one in (theirs, ours)])
        between = ((both >= low) & (both <= high)).any(0)
        weight = np.delete(trade[:, j], j, axis=0).ravel()
        mixed = ours.copy()
        mixed[:, j] = theirs[:, j]
        cost = best[j] - payoffs(economy, economy.counterfactual(tariffs=mixed))[j]
        medians.append(
            (
                cell.result.partition(":")[0] + ": " + cell.region,
                f"{cell.theirs:.{cell.digits}f}",
                float(cell.at_theirs or 0.0),
                cell.ours,
                f"{between.sum()} of {between.size}",
                float(100.0 * weight[between].sum() / weight.sum()),
                float(1e6 * cost),
            )
        )
    return (
        Table(
            "",
            (
                "figure",
                "region",
                "theirs",
                "ours at their tariffs",
                "ours",
                *(f"by tariffs of {region}" for region in economy.regions),
            ),
            tuple(steps),
        ),
        Table(
            "",
            (
                "region",
                "theirs",
                "ours at their tariffs",
                "ours",
                "tariffs between the two medians",
                "their share of imports, percent",
                "their tariffs would cost it, millionths of a point",
            ),
            tuple(medians),
        ),
    )


def in_turn(economy: Economy, ours: Floats, theirs: Floats, trade: Floats) -> tuple[float, float]:
    """Return how far best answers in turn, from factual tariffs, end from ``ours`` and from ``theirs``.

    Distances are root mean squares of changes of one plus the tariff, percent, weighted by trade.
    """
    tariffs = np.array(economy.tariffs)
    for _ in range(ROUNDS):
        for j, region in enumerate(economy.regions):
            answer = economy.best_response(region, economy.counterfactual(tariffs=tariffs))
            tariffs[:, j] = answer.tariffs[:, j]
    return apart(tariffs, ours, trade), apart(tariffs, theirs, trade)


def apart(one: Floats, other: Floats, trade: Floats) -> float:
    """Return the root mean square change of one plus the tariff, percent, weighted by trade across borders."""
    weight = trade * (1.0 - np.eye(len(trade)))[:, :, None]
    distance = np.log1p(one) - np.log1p(other)
    return float(100.0 * np.sqrt((weight * distance**2).sum() / weight.sum()))
