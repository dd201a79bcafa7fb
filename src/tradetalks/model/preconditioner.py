"""How the base economy responds to first order: the preconditioner of the solver.

Two ideas turn the plain iteration into a quasi-Newton step. Most of a region's inputs are its
own, so the feedback of prices on costs, and of output on spending, is inverted exactly within
each region. And the response of labour demand everywhere to the wage anywhere, with prices
and spending adjusting, is a small matrix that can be had once from the base shares.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradetalks.model.system import Array, Base, State

Floats = NDArray[np.float64]

#: Sweeps of the linear response. A rough inverse is enough: beyond four the solver needs no fewer steps.
SWEEPS = 6


class Preconditioner(NamedTuple):
    """Inverse responses at the base, in 32 bits: they guide a step, and the solver is bound by memory traffic."""

    price: Array
    """[n, s, k] inverse of (1 - own share x input share): own-region feedback of prices."""
    spending: Array
    """[n, s, k] the same for spending."""
    by_wage: Array
    """[2 s n, m] response of log prices, then of log spending, and of what is switched on behind them, to the log
    wage of m."""
    wage: Array
    """[n, m] inverse of the response of log labour income less log labour demand to log wages."""
    local: Array | None = None
    """[n, u, u] with switches, in the place of ``price`` and ``spending``: inverse response of all a region's own
    unknowns but its wage to each other."""
    whole: Array | None = None
    """[u, u] with switches and few unknowns, in the place of all others: inverse response of all to all."""

    def step(self, residual: State) -> State:
        """Return the step that the residual calls for."""
        import jax.numpy as jnp

        rough = State(*(None if part is None else part.astype(jnp.float32) for part in residual))
        if self.whole is not None:
            step = self.whole @ jnp.concatenate([part.ravel() for part in rough if part is not None])
            sizes = np.cumsum([0, *(part.size for part in rough if part is not None)])
            pieces = iter(step[a:b] for a, b in pairwise(sizes))
            return State(
                *(None if part is None else next(pieces).reshape(part.shape).astype(part.dtype) for part in residual)
            )
        wage = self.wage @ rough.wage
        moved = self.by_wage @ wage
        own = self.own(rough)
        parts, begin = [wage], 0
        for part in own[1:]:
            if part is None:
                parts.append(None)
                continue
            parts.append(part + moved[begin : begin + part.size].reshape(part.shape))
            begin += part.size
        return State(*(None if part is None else part.astype(residual.wage.dtype) for part in parts))

    def own(self, residual: State) -> State:
        """Return the step with wages held: what the feedbacks within each region call for."""
        import jax.numpy as jnp

        if self.local is None:
            return residual._replace(
                price=jnp.einsum("nsk,kn->sn", self.price, residual.price),
                spending=jnp.einsum("nsk,kn->sn", self.spending, residual.spending),
            )
        there = [part for part in residual[1:] if part is not None]
        table = jnp.concatenate([jnp.atleast_2d(part) for part in there])
        rows = iter(jnp.einsum("nuv,vn->un", self.local, table))
        parts = [
            None if part is None else next(rows) if part.ndim == 1 else jnp.stack([next(rows) for _ in part])
            for part in residual[1:]
        ]
        return State(residual.wage, *parts)


def preconditioner(base: Base) -> Preconditioner:
    """Return the first-order response of ``base``; see :class:`Preconditioner`."""
    share, gross, theta, beta, gamma, alpha, labour_income, spending = (
        np.asarray(array, dtype=float) for array in base[:8]
    )
    sectors, regions = beta.shape
    present = spending > 0
    level = np.where(present, spending, 1.0)
    flow = share / gross * spending[:, None, :]
    output = flow.sum(2)
    made = output > 0
    identity = np.eye(sectors)

    own = np.einsum("snn->ns", share)
    price = np.linalg.inv(identity - own[:, :, None] * gamma)
    # Of a sale, this much pays for labour and inputs; the rest is profit.
    paid = np.asarray(base.paid(np.ones_like(output)))
    own_sales = np.einsum("snn->ns", flow) * paid.T
    # dX[s] = sum_k gamma[k, s] dY[k], with dY[k] = own sales[k] dlog X[k]
    feedback = np.swapaxes(gamma, 1, 2) * own_sales[:, None, :] / level.T[:, :, None]
    spending_inverse = np.linalg.inv(identity - feedback)

    wages = np.eye(regions)
    direct = beta[:, :, None] * wages
    shares_in = np.ascontiguousarray(np.swapaxes(share, 1, 2))
    flow_out = flow
    flow_in = np.ascontiguousarray(np.swapaxes(flow, 1, 2))

    def own_price(right: Floats) -> Floats:
        return np.swapaxes(price @ np.swapaxes(right, 0, 1), 0, 1)

    def own_spending(right: Floats) -> Floats:
        return np.swapaxes(spending_inverse @ np.swapaxes(right, 0, 1), 0, 1)

    prices = np.zeros((sectors, regions, regions))
    for _ in range(SWEEPS):
        cost = direct + np.swapaxes(gamma @ np.swapaxes(prices, 0, 1), 0, 1)
        prices = prices + own_price(shares_in @ cost - prices)
    cost = direct + np.swapaxes(gamma @ np.swapaxes(prices, 0, 1), 0, 1)

    power = theta[:, None, None]
    sold_by_price = flow_out @ (power * prices) - power * output[:, :, None] * cost
    bought_by_cost = -power * (flow_in @ cost) + power * flow.sum(1)[:, :, None] * prices
    labour = np.einsum("n,nm->nm", labour_income, wages)
    spent = np.zeros_like(prices)
    for _ in range(SWEEPS):
        sold = sold_by_price + flow_out @ spent
        bought = bought_by_cost + flow.sum(1)[:, :, None] * spent
        duties = (spending[:, :, None] * spent - bought).sum(0)
        costs = paid[:, :, None] * sold
        new = alpha[:, :, None] * (labour + duties + (sold - costs).sum(0)) + np.swapaxes(
            np.swapaxes(gamma, 1, 2) @ np.swapaxes(costs, 0, 1), 0, 1
        )
        spent = spent + own_spending(np.where(present[:, :, None], new / level[:, :, None], 0.0) - spent)
    sold = sold_by_price + flow_out @ spent
    demand = np.einsum("sn,snm->nm", paid * beta, np.where(made[:, :, None], sold, 0.0)) / labour_income[:, None]
    weight = labour_income / labour_income.sum()
    # Labour markets clear jointly (Walras): the numeraire takes the place of the lost rank.
    response = wages - demand + weight[None, :]
    by_wage = np.concatenate([prices, spent]).reshape(-1, regions)
    parts = (price, spending_inverse, by_wage, np.linalg.inv(response))
    return Preconditioner(*(part.astype(np.float32) for part in parts))
