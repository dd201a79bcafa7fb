"""The gradient of any outcome with respect to all duties and trade costs: one adjoint solve.

The equilibrium z(p) solves r(z, p) = 0. By the implicit function theorem the gradient of
g(z(p), p) is g_p - lambda' r_p with r_z' lambda = g_z; the linear system is solved by the same
accelerated iteration as the equilibrium, with the transposed preconditioner.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import jax
import jax.numpy as jnp

from tradetalks.model.accounts import Accounts, accounts
from tradetalks.model.closures import CLOSURES
from tradetalks.model.equilibrium import flatten, residual, unflatten
from tradetalks.model.preconditioner import Preconditioner
from tradetalks.model.solver import fixed_point
from tradetalks.model.system import Array, Base, Shock, shock

#: The adjoint is solved to this residual relative to its right-hand side.
RELATIVE_TOLERANCE = 1e-10


class Gradient(NamedTuple):
    """An objective's value and its derivatives at an equilibrium."""

    value: Array
    gross: Array
    """[s, i, n] derivative with respect to the duty (a fraction)."""
    trade_cost: Array
    """[s, i, n] derivative with respect to the trade cost hat."""
    residual: Array
    """Largest entry of the adjoint's residual, relative to its right-hand side."""


#: Gives a scalar from the accounts of the equilibrium and the base.
Objective = Callable[[Accounts, Base], Array]


@lru_cache(maxsize=64)
def gradient_of(objective: Objective, closure: str) -> Callable[..., Gradient]:
    """Return the compiled function (base, near, gross, trade_cost, given, solved point) -> Gradient."""

    def gradient(
        base: Base, near: Preconditioner, gross: Array, trade_cost: Array, given: Array, point: Array
    ) -> Gradient:
        new = shock(base, gross, trade_cost)

        def outcome(vector: Array, new: Shock, gross: Array) -> Array:
            state = unflatten(vector, base)
            return objective(accounts(state, new, gross, base, CLOSURES[closure], given), base)

        value, slope = jax.value_and_grad(outcome, argnums=(0, 1, 2))(point, new, gross)
        towards, direct, direct_gross = slope
        _, back = jax.vjp(lambda vector: residual(vector, new, base, closure, given), point)
        scale = jnp.maximum(jnp.max(jnp.abs(towards)), 1e-300)
        turn = jax.linear_transpose(lambda parts: flatten(near.step(unflatten(parts, base))), point)

        def step(adjoint: Array) -> tuple[Array, Array]:
            missing = back(adjoint)[0] - towards / scale
            return turn(missing)[0], jnp.max(jnp.abs(missing))

        solved = fixed_point(step, -turn(towards / scale)[0], RELATIVE_TOLERANCE, limit=300, largest_move=jnp.inf)
        _, through = jax.vjp(lambda new: residual(point, new, base, closure, given), new)
        (by_shock,) = through(solved.point * scale)
        by_net = direct.net - by_shock.net
        # delivered = pi (d g'/g)^-theta and net = delivered / g', so the chain needs no power.
        by_log = -base.theta[:, None, None] * new.delivered * (direct.delivered - by_shock.delivered + by_net / gross)
        return Gradient(value, direct_gross + (by_log - new.net * by_net) / gross, by_log / trade_cost, solved.residual)

    compiled: Callable[..., Gradient] = jax.jit(gradient)
    return compiled
