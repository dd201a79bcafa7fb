"""Anderson-accelerated fixed point, in JAX.

Anderson (1965); Walker & Ni, "Anderson Acceleration for Fixed-Point Iterations", SIAM J. Numer.
Anal. 49(4), 2011, in the difference form: the next point is z + f - (dZ + dF) a with a the
least-squares combination of the last few differences. The caller gives the preconditioned step
f and the norm of the residual that it comes from; convergence is judged by that norm alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from tradetalks.model.system import Array


class Solution(NamedTuple):
    """A point, how well it solves the system, and what it took."""

    point: Array
    residual: Array
    iterations: Array


class _Memory(NamedTuple):
    point: Array
    step: Array
    norm: Array
    iteration: Array
    pulls: Array
    changes: Array
    gram: Array


def fixed_point(
    step: Callable[[Array], tuple[Array, Array]],
    start: Array,
    tolerance: float,
    limit: int = 400,
    memory: int = 8,
    largest_move: float = 0.5,
) -> Solution:
    """Find z [m] where ``step(z)`` is zero.

    Args:
        step: gives the (preconditioned) step [m] from a point and the norm of its residual.
        start: [m] where to begin.
        tolerance: the residual norm to reach.
        limit: most evaluations of ``step``; at the limit the last point is returned with its
            residual, which the caller must look at.
        memory: how many differences are kept.
        largest_move: the most that any unknown moves in one step (0.5 in logs keeps the early
            steps of a big shock in the domain); infinite for a linear problem.
    """
    size = start.shape[0]
    ridge = 1e-14

    def bounded(move: Array) -> Array:
        largest = jnp.max(jnp.abs(move))
        return move * jnp.minimum(1.0, largest_move / jnp.maximum(largest, 1e-300))

    def unfinished(m: _Memory) -> Array:
        return (m.norm > tolerance) & (m.iteration < limit) & jnp.isfinite(m.norm)

    def advance(m: _Memory) -> _Memory:
        seen = jnp.minimum(m.iteration - 1, memory)
        used = jnp.arange(memory) < seen
        right = jnp.where(used, m.changes @ m.step, 0.0)
        scale = jnp.where(used, jnp.sqrt(jnp.maximum(jnp.diagonal(m.gram), 1e-300)), 1.0)
        gram = jnp.where(used[:, None] & used[None, :], m.gram / (scale[:, None] * scale[None, :]), 0.0)
        gram = gram + jnp.diag(jnp.where(used, ridge, 1.0))
        weights = jnp.linalg.solve(gram, right / scale) / scale
        move = bounded(m.step - weights @ m.pulls)
        point = m.point + move
        new_step, norm = step(point)
        change = new_step - m.step
        slot = (m.iteration - 1) % memory
        pulls = m.pulls.at[slot].set(move + change)
        changes = m.changes.at[slot].set(change)
        inner = changes @ change
        gram = m.gram.at[slot, :].set(inner).at[:, slot].set(inner)
        return _Memory(point, new_step, norm, m.iteration + 1, pulls, changes, gram)

    first, norm = step(start)
    begin = _Memory(
        start,
        first,
        norm,
        jnp.asarray(1),
        jnp.zeros((memory, size)),
        jnp.zeros((memory, size)),
        jnp.zeros((memory, memory)),
    )
    end = jax.lax.while_loop(unfinished, advance, begin)
    return Solution(end.point, end.norm, end.iteration)
