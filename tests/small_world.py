"""Small random worlds whose accounts add up, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np


def small_accounts(
    regions: int = 4, sectors: int = 3, seed: int = 0, tariffs: bool = True, absent: bool = False
) -> dict[str, Any]:
    """Return keyword arguments of Economy: consistent flows, duties, inputs and value added.

    With ``absent`` one region does not make one sector, and one does not buy another.
    """
    rng = np.random.default_rng(seed)
    N, S = regions, sectors
    flows = rng.uniform(0.5, 2.0, (N, N, S))
    flows[np.arange(N), np.arange(N)] *= 8.0
    if absent:
        flows[0, :, 0] = 0.0
        flows[:, 1, 1] = 0.0
        flows[1, :, 1] = 0.0
    duty = rng.uniform(0.0, 0.2, (N, N, S)) if tariffs else np.zeros((N, N, S))
    duty[np.arange(N), np.arange(N)] = 0.0
    output = flows.sum(1)
    spending = (flows * (1 + duty)).sum(0)
    # Inputs take at most half of output and at most two thirds of what is spent on each good.
    mix = rng.uniform(0.2, 1.0, (N, S, S))
    inputs = 0.5 * output[:, :, None] * mix / mix.sum(2, keepdims=True)
    use = inputs.sum(1)
    limit = np.where(use > 0, np.minimum(1.0, 0.66 * spending / np.where(use > 0, use, 1.0)), 1.0)
    inputs = inputs * limit[:, None, :]
    return {
        "regions": [f"R{n}" for n in range(N)],
        "sectors": [f"S{s}" for s in range(S)],
        "flows": flows,
        "tariffs": duty,
        "input_use": inputs,
        "value_added": output - inputs.sum(2),
        "trade_elasticity": rng.uniform(2.0, 8.0, S),
    }
