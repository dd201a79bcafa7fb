"""Forecasts that anybody could make: what ours must beat to be worth its trouble."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from tradetalks.talks.proof.rates import Position
from tradetalks.talks.proof.scores import NEVER_CERTAIN

#: Penalty of the ridge on coefficients of standardised features.
PENALTY = 1.0
#: What is said of an issue that was raised; of one that was not, the rest.
RAISED = 0.75


def issue_baselines(
    issues: Sequence[str], earlier: Sequence[frozenset[str]], raised: Mapping[str, int]
) -> dict[str, dict[str, float]]:
    """Return the probability of each issue by method.

    Args:
        issues: the frozen list.
        earlier: the issues that each earlier deal held, in the order they became known.
        raised: entries on each issue in these talks, refusals taken off.
    """
    count = len(earlier)
    share = sum(len(deal.intersection(issues)) for deal in earlier) / (count * len(issues)) if count else 0.5
    common = min(max(share, NEVER_CERTAIN), 1 - NEVER_CERTAIN)
    last = earlier[-1] if earlier else frozenset()
    return {
        "one share for all": dict.fromkeys(issues, common),
        "base rate": {issue: (sum(issue in deal for deal in earlier) + 2 * common) / (count + 2) for issue in issues},
        "the last deal": {issue: 1 - NEVER_CERTAIN if issue in last else NEVER_CERTAIN for issue in issues},
        "what was raised": {issue: RAISED if raised[issue] > 0 else 1 - RAISED for issue in issues},
    }


def rate_baselines(here: Position, earlier: Sequence[tuple[Position, float]]) -> dict[str, float]:
    """Return the rate, percent, by method; without an earlier deal each says the threat."""
    rates = [rate for _, rate in earlier]
    return {
        "the threat": here.threat,
        "the last deal": rates[-1] if rates else here.threat,
        "the median": float(np.median(rates)) if rates else here.threat,
        "ridge": ridge(here, earlier),
        "ridge on the threatened": ridge(here, [one for one in earlier if one[0].threat > one[0].floor]),
    }


def ridge(here: Position, earlier: Sequence[tuple[Position, float]]) -> float:
    """Return the rate by a ridge on threat, surplus and income per head; what is unknown takes its mean.

    The intercept is free. With fewer than two earlier deals there is nothing to fit: the threat.
    """
    if len(earlier) < 2:
        return here.threat
    rows = np.array([_features(position) for position, _ in (*earlier, (here, 0.0))])
    known = rows[:-1]
    centre = np.array([_mean(column) for column in known.T])
    rows = np.where(np.isnan(rows), centre, rows) - centre
    scale = rows[:-1].std(axis=0)
    rows = rows / np.where(scale > 0, scale, 1.0)
    rates = np.array([rate for _, rate in earlier])
    x = rows[:-1]
    slopes = np.linalg.solve(x.T @ x + PENALTY * np.eye(x.shape[1]), x.T @ (rates - rates.mean()))
    return float(rates.mean() + rows[-1] @ slopes)


def _features(position: Position) -> tuple[float, float, float]:
    return (
        position.threat,
        math.nan if position.surplus is None else position.surplus,
        math.nan if position.income is None else position.income,
    )


def _mean(column: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Return the mean of what is known, 0 where nothing is."""
    seen = column[~np.isnan(column)]
    return float(seen.mean()) if len(seen) else 0.0


def amount_baselines(earlier: Sequence[float]) -> dict[str, float]:
    """Return the ratio of a pledge to its measure by method; empty without an earlier deal."""
    if not earlier:
        return {}
    return {"the last deal": earlier[-1], "the median": float(np.median(earlier))}
