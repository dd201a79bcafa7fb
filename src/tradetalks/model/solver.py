"""Anderson-accelerated fixed point, in JAX.

Anderson (1965); Walker & Ni, "Anderson Acceleration for Fixed-Point Iterations", SIAM J. Numer.
Anal. 49(4), 2011, in the difference form: the next point is z + f - (dZ + dF) a with a the
least-squares combination of the last few differences. The caller gives the preconditioned step
f and the norm of the residual that it comes from; convergence is judged by that norm alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from tradetalks.model.system import Array


class Solution(NamedTuple):
    """A point, how well it solves the system, what it took, and what else was found there."""

    point: Array
    residual: Array
    iterations: Array
    found: Any


class _Memory(NamedTuple):
    solution: Solution
    step: Array
    pulls: Array
    changes: Array
    gram: Array


def fixed_point(
    step: Callable[[Array], tuple[Array, Array, Any]],
    start: Array,
    tolerance: float,
    limit: int = 400,
    memory: int = 8,
    largest_move: float = 0.5,
) -> Solution:
    """Find z [m] where ``step(z)`` is zero.

    Args:
        step: gives the (preconditioned) step [m] from a point, the norm of its residual, and anything
            else that the caller wants to have of the last point.
        start: [m] where to begin.
        tolerance: the residual norm to reach.
        limit: most evaluations of ``step``; at the limit the last point is returned with its
            residual, which the caller must look at.
        memory: how many differences are kept.
        largest_move: the most that any unknown moves in one step (0.5 in logs keeps the early
            steps of a big shock in the domain); infinite for a linear problem.
    """
    size = start.shape[0]

    def bounded(move: Array) -> Array:
        largest = jnp.max(jnp.abs(move))
        return move * jnp.minimum(1.0, largest_move / jnp.maximum(largest, 1e-300))

    def unfinished(m: _Memory) -> Array:
        _, norm, evaluations, _ = m.solution
        return (evaluations == 0) | ((norm > tolerance) & (evaluations < limit) & jnp.isfinite(norm))

    def advance(m: _Memory) -> _Memory:
        # The first evaluation is at the start itself: there is neither a step yet nor a memory.
        evaluations = m.solution.iterations
        used = jnp.arange(memory) < evaluations - 1
        right = jnp.where(used, m.changes @ m.step, 0.0)
        scale = jnp.where(used, jnp.sqrt(jnp.maximum(jnp.diagonal(m.gram), 1e-300)), 1.0)
        gram = jnp.where(used[:, None] & used[None, :], m.gram / (scale[:, None] * scale[None, :]), 0.0)
        weights = _solved(gram, right / scale) / scale
        move = bounded(m.step - weights @ m.pulls)
        point = m.solution.point + move
        new_step, norm, found = step(point)
        change = new_step - m.step
        slot = (evaluations - 1) % memory
        pulls = m.pulls.at[slot].set(move + change)
        changes = m.changes.at[slot].set(change)
        inner = changes @ change
        gram = m.gram.at[slot, :].set(inner).at[:, slot].set(inner)
        return _Memory(Solution(point, norm, evaluations + 1, found), new_step, pulls, changes, gram)

    _, norm, found = jax.tree.map(lambda a: jnp.zeros(a.shape, a.dtype), jax.eval_shape(step, start))
    begin = _Memory(
        Solution(start, norm, jnp.asarray(0), found),
        jnp.zeros(size),
        jnp.zeros((memory, size)),
        jnp.zeros((memory, size)),
        jnp.zeros((memory, memory)),
    )
    return jax.lax.while_loop(unfinished, advance, begin).solution


def _solved(gram: Array, right: Array) -> Array:
    """Solve the small system of normal equations, ``gram`` [k, k] with a unit or a zero diagonal.

    Gauss and Jordan's elimination needs no pivoting here and no LAPACK, whose loading costs a cold start
    a quarter of a second. A difference that the others span (or that is not there) gets no weight.
    """
    size = right.shape[0]

    def eliminate(k: Array, table: Array) -> Array:
        row = table[k]
        pivot = row[k]
        row = jnp.where(pivot > 1e-14, row / pivot, 0.0)
        return (table - table[:, k, None] * row).at[k].set(row)

    return jax.lax.fori_loop(0, size, eliminate, jnp.concatenate([gram, right[:, None]], axis=1))[:, size]
