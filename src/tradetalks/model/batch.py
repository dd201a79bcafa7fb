"""Many counterfactuals of one economy at once: by draw, by package, by both.

A small economy solves in half a millisecond, no longer than Python needs to ask for it. So small ones are
solved a chunk at a time inside one compiled loop, and the chunks shared out to threads, which run side by
side because compiled code does not hold the interpreter's lock. A loop rather than a vectorised batch
(``vmap``): each counterfactual takes its own number of steps, and its arrays stay in the processor's cache.
Large ones are solved one by one, two threads side by side. Draws of elasticities that share their duties and trade
costs share the logs of these too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.model.equilibrium import Equilibrium, solved
from tradetalks.model.preconditioner import Preconditioner
from tradetalks.model.system import Array, Base, Change

if TYPE_CHECKING:
    from tradetalks.model.closures.exchange_rate import ExchangeRate
    from tradetalks.model.outcome import Outcome

#: Counterfactuals in one compiled loop.
CHUNK = 32

#: Threads that solve side by side: one a processor that this process may use.
THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

#: Cells of the flows [i, n, s] from which on a solve outweighs the asking.
LARGE = 50_000

#: Questions of a large economy with the same duties and costs from which on compiled code of their own pays.
MANY = 16

Result = TypeVar("Result")
Item = TypeVar("Item")


class Question(NamedTuple):
    """One counterfactual of many; the fields are the arguments of :meth:`tradetalks.model.Economy.counterfactual`."""

    tariffs: ArrayLike | None = None
    trade_costs: ArrayLike | None = None
    deficits: str | ArrayLike | ExchangeRate = "fixed"
    start: Outcome | ArrayLike | None = None
    trade_elasticity: NDArray[np.float64] | None = None
    """[s] theta; ``None`` is the economy's own."""


class Inputs(NamedTuple):
    """The arrays of a chunk, counterfactuals first: [k, ...]."""

    theta: Array
    change: Change
    given: Array
    start: Array
    closure: Array


def side_by_side(do: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return ``do`` of each item, in order, on up to :data:`THREADS` threads."""
    if min(len(items), THREADS) < 2:
        return [do(item) for item in items]
    with ThreadPoolExecutor(min(len(items), THREADS)) as pool:
        return list(pool.map(do, items))


@jax.jit
def solve_chunk(base: Base, near: Preconditioner, inputs: Inputs, tolerance: float, count: Array) -> Equilibrium:
    """Return the first ``count`` equilibria of a chunk, stacked [k, ...]; what is beyond is zero."""

    def one(k: Array) -> Equilibrium:
        mine = jax.tree.map(lambda part: jax.lax.dynamic_index_in_dim(part, k, keepdims=False), inputs)
        return solved(
            base._replace(theta=mine.theta),
            near,
            mine.change,
            mine.given,
            mine.start,
            mine.closure,
            tolerance,
        )

    def put(k: Array, found: Equilibrium) -> Equilibrium:
        stacked: Equilibrium = jax.tree.map(lambda rows, row: rows.at[k].set(row), found, one(k))
        return stacked

    size = inputs.theta.shape[0]
    empty = jax.tree.map(lambda row: jnp.zeros((size, *row.shape), row.dtype), jax.eval_shape(one, jnp.asarray(0)))
    found: Equilibrium = jax.lax.fori_loop(0, count, put, empty)
    return found
