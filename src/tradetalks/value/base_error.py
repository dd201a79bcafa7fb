"""How well the base-year trade of the two parties is known, and what a draw of it does.

The input-output table and the customs of the importer put different values on one flow: re-exports, country of
origin against country of dispatch, freight. Neither is the truth; half of their squared log distance is the error
variance of one. A draw in which a flow is larger is an economy whose trade cost on that flow was lower all along, so
that it remains an equilibrium: the hat is (1/factor)^(1/theta), and every baseline of the draw has it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradetalks.value.stage import Stage

Floats = NDArray[np.float64]

#: An error of the log beyond this is another definition, not an error.
LARGEST = 0.7


def flow_error(stage: Stage, exporter: str, importer: str) -> float:
    """Return the standard error of the log of ``exporter``'s goods sales to ``importer``.

    From US customs where the importer is the United States; elsewhere the median of what US imports show, by origin;
    zero on a stage without customs values.
    """
    gaps = _log_gaps(stage)
    i = stage.region(exporter)
    gap = gaps[i] if importer == "USA" and np.isfinite(gaps[i]) else _median(gaps)
    return float(min(gap / np.sqrt(2.0), LARGEST))


def base_costs(stage: Stage, logs: dict[tuple[str, str], float], theta: Floats) -> Floats | None:
    """Return the trade cost hats [i, n, s] that make flows exp(log) times as large; ``None`` where none moves.

    Args:
        stage: the economy.
        logs: (exporter, importer) -> log of the factor.
        theta: [s] trade elasticities of the draw.
    """
    if not any(logs.values()):
        return None
    hats = np.ones(stage.economy.flows.shape)
    for (exporter, importer), log in logs.items():
        hats[stage.region(exporter), stage.region(importer)] = np.exp(-log / theta)
    return hats


def _log_gaps(stage: Stage) -> Floats:
    """Return |log(customs / table)| of US goods imports [i]; NaN where customs has no values."""
    if "USA" not in stage.world.regions:
        return np.full(len(stage.world.regions), np.nan)
    table = stage.economy.flows[:, stage.region("USA")] * stage.flow_scale
    both = np.isfinite(stage.customs) & (table > 0)
    customs, flows = (np.where(both, part, 0.0).sum(1) for part in (stage.customs, table))
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = np.abs(np.log(customs / flows))
    return np.where(np.isfinite(gaps), gaps, np.nan)


def _median(gaps: Floats) -> float:
    return float(np.nanmedian(gaps)) if np.isfinite(gaps).any() else 0.0
