"""The gradient of any outcome with respect to all duties and trade costs: one adjoint solve.

The equilibrium z(p) solves r(z, p) = 0. By the implicit function theorem the gradient of
g(z(p), p) is g_p - lambda' r_p with r_z' lambda = g_z; the linear system is solved by the same
accelerated iteration as the equilibrium, with the transposed preconditioner.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from tradetalks.model.accounts import Accounts, accounts, shock_behind
from tradetalks.model.equilibrium import excess, flatten, guided, unflatten
from tradetalks.model.preconditioner import Preconditioner
from tradetalks.model.solver import fixed_point
from tradetalks.model.system import Array, Base, Shock

#: The adjoint is solved to this residual relative to its right-hand side.
RELATIVE_TOLERANCE = 1e-8


class Gradient(NamedTuple):
    """An objective's value and its derivatives at an equilibrium."""

    value: Array
    gross: Array
    """[s, i, n] derivative with respect to the duty (a fraction)."""
    log_cost: Array
    """[s, i, n] derivative with respect to the log of the trade cost."""
    residual: Array
    """Largest entry of the adjoint's residual, relative to its right-hand side."""


#: Gives a scalar from the accounts of the equilibrium, the base with its accounts, and parameters if it has any.
Objective = Callable[..., Array]


@lru_cache(maxsize=64)
def gradient_of(objective: Objective) -> Callable[..., Gradient]:
    """Return the compiled function of a solved point; its arguments are those of ``gradient`` below."""
    compiled: Callable[..., Gradient] = jax.jit(_of_point(objective))
    return compiled


@lru_cache(maxsize=64)
def gradients_of(objective: Objective) -> Callable[..., Gradient]:
    """Return the same for several objectives at once, which differ in the last of two parameters.

    Its first axis is that of the results. The adjoints share their linear system, so they are solved together.
    """
    many: Callable[..., Gradient] = jax.jit(jax.vmap(_of_point(objective), in_axes=(*[None] * 8, 0)))
    return many


def _of_point(objective: Objective) -> Callable[..., Gradient]:
    def gradient(
        base: Base,
        levels: Accounts,
        near: Preconditioner,
        solved: Accounts,
        closure: Array,
        given: Array,
        point: Array,
        *parameters: Any,
    ) -> Gradient:
        gross = solved.gross
        new = shock_behind(solved, base)

        def outcome(vector: Array, new: Shock, gross: Array) -> tuple[Array, Array]:
            gap, market = excess(vector, new, base, closure, given)
            return objective(
                accounts(unflatten(vector, base), market, new, gross, base), base, levels, *parameters
            ), gap

        (value, gap), back = jax.vjp(outcome, point, new, gross)
        towards = back((jnp.ones_like(value), jnp.zeros_like(gap)))[0]
        scale = jnp.maximum(jnp.max(jnp.abs(towards)), 1e-300)
        turn = jax.linear_transpose(lambda parts: flatten(guided(near, unflatten(parts, base), base, given)), point)

        def step(adjoint: Array) -> tuple[Array, Array, None]:
            missing = back((jnp.zeros_like(value), adjoint))[0] - towards / scale
            return turn(missing)[0], jnp.max(jnp.abs(missing)), None

        start = -turn(towards / scale)[0]
        found = fixed_point(step, start, RELATIVE_TOLERANCE, limit=300, largest_move=jnp.inf)
        _, by_new, by_gross = back((jnp.ones_like(value), -scale * found.point))
        # delivered = pi (d g'/g)^-theta and net = delivered / g', so the chain needs no power.
        by_log = -base.theta[:, None, None] * new.delivered * (by_new.delivered + by_new.net / gross)
        by_duty = by_log if base.switches is None else base.switches.of_duty(by_log)
        return Gradient(value, by_gross + (by_duty - new.net * by_new.net) / gross, by_log, found.residual)

    return gradient
