"""Many counterfactuals of one economy at once: by draw, by package, by both.

One function answers one counterfactual (:func:`_one`); here it is repeated, in one of two ways (:func:`accelerator`
tells which, and nothing else does).

On a processor a small economy solves in half a millisecond, no longer than Python needs to ask for it. So small
ones are solved a chunk at a time inside one compiled loop, and the chunks shared out to threads, which run side by
side because compiled code does not hold the interpreter's lock. A loop rather than a vectorised batch
(``vmap``): each counterfactual takes its own number of steps, and its arrays stay in the processor's cache.
Large ones are solved one by one, two threads side by side. Draws of elasticities that share their duties and trade
costs share the logs of these too.

On a graphics processor a chunk is a vectorised batch of hundreds: all lanes step together, and those that have
converged stand still until the last one has. What lanes share is there once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

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

#: Cells of flows, over all counterfactuals of a vectorised chunk: half a gigabyte an array, of which some eight live.
LANE_CELLS = 2**26

#: Counterfactuals in a vectorised chunk at the most.
LANES = 1024

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
    """The arrays of one counterfactual; of a chunk, counterfactuals first: [k, ...]."""

    theta: Array
    change: Change
    given: Array
    start: Array
    closure: Array


class Pooled(NamedTuple):
    """An input of a vectorised chunk: its values, each once, and which of them is whose."""

    values: Array
    """[d, ...]; d = 1 where all counterfactuals share it."""
    whose: Array
    """[k] place in ``values``."""

    def of(self, k: Array) -> Array:
        """Return the value of counterfactual ``k``; one that all share stays one."""
        return self.values[0] if self.values.shape[0] == 1 else self.values[self.whose[k]]


def accelerator() -> Any:
    """Return the graphics processor that batches are solved on, or ``None``: the only choice between the two ways."""
    return jax.devices()[0] if jax.default_backend() == "gpu" else None


def lanes(cells: int) -> int:
    """Return how many counterfactuals of an economy of so many ``cells`` make a vectorised chunk: a power of two."""
    return 1 << min(LANES, max(1, LANE_CELLS // cells)).bit_length() - 1


def side_by_side(do: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return ``do`` of each item, in order, on up to :data:`THREADS` threads."""
    if min(len(items), THREADS) < 2:
        return [do(item) for item in items]
    with ThreadPoolExecutor(min(len(items), THREADS)) as pool:
        return list(pool.map(do, items))


def filled(parts: Sequence[ArrayLike]) -> NDArray[Any]:
    """Return ``parts`` stacked in an array as long as a chunk; rows of zeros come last, and are not solved."""
    arrays = [np.asarray(part) for part in parts]
    stacked = np.zeros((CHUNK, *arrays[0].shape), np.result_type(*(array.dtype for array in arrays)))
    for k, array in enumerate(arrays):
        stacked[k] = array
    return stacked


def _one(base: Base, near: Preconditioner, mine: Inputs, tolerance: float) -> Equilibrium:
    """Return the equilibrium of one counterfactual."""
    own = base._replace(theta=mine.theta)
    return solved(own, near, mine.change, mine.given, mine.start, mine.closure, tolerance)


@jax.jit
def solve_chunk(base: Base, near: Preconditioner, inputs: Inputs, tolerance: float, count: Array) -> Equilibrium:
    """Return the first ``count`` equilibria of a chunk, stacked [k, ...]; what is beyond is zero."""

    def one(k: Array) -> Equilibrium:
        mine = jax.tree.map(lambda part: jax.lax.dynamic_index_in_dim(part, k, keepdims=False), inputs)
        return _one(base, near, mine, tolerance)

    def put(k: Array, found: Equilibrium) -> Equilibrium:
        stacked: Equilibrium = jax.tree.map(lambda rows, row: rows.at[k].set(row), found, one(k))
        return stacked

    size = inputs.theta.shape[0]
    empty = jax.tree.map(lambda row: jnp.zeros((size, *row.shape), row.dtype), jax.eval_shape(one, jnp.asarray(0)))
    found: Equilibrium = jax.lax.fori_loop(0, count, put, empty)
    return found


@jax.jit
def solve_lanes(base: Base, near: Preconditioner, inputs: Inputs, tolerance: float) -> Equilibrium:
    """Return the equilibria of a chunk, stacked [k, ...], all lanes at once; each of ``inputs`` is :class:`Pooled`."""

    def one(k: Array) -> Equilibrium:
        mine = jax.tree.map(lambda part: part.of(k), inputs, is_leaf=lambda part: isinstance(part, Pooled))
        return _one(base, near, mine, tolerance)

    found: Equilibrium = jax.vmap(one)(jnp.arange(inputs.theta.whose.shape[0]))
    return found


def solve_vectorised(
    base: Base, near: Preconditioner, chunks: Iterable[Sequence[Inputs]], tolerance: float, device: Any
) -> Iterator[tuple[Sequence[Inputs], Equilibrium]]:
    """Yield each chunk with its equilibria, stacked in numpy; the next chunk is under way while one is read.

    Args:
        base: the base economy.
        near: its first-order response.
        chunks: counterfactuals that are alike in which inputs they have; changes without their logs.
        tolerance: largest log excess of any market.
        device: where to solve.
    """
    base, near = jax.device_put((base, near), device)
    ahead: tuple[Sequence[Inputs], Equilibrium] | None = None
    for rows in chunks:
        inputs = jax.device_put(jax.tree.map(lambda *parts: _pooled(parts), *rows), device)
        begun = rows, solve_lanes(base, near, inputs, tolerance)
        if ahead:
            yield ahead[0], jax.tree.map(np.asarray, ahead[1])
        ahead = begun
    if ahead:
        yield ahead[0], jax.tree.map(np.asarray, ahead[1])


def _pooled(parts: Sequence[Array]) -> Pooled:
    """Return ``parts``, one a counterfactual, as their distinct values; both counts are rounded up to powers of two,
    so that few programs are compiled, by repeating the last."""
    places: dict[int, int] = {}
    whose = [places.setdefault(id(part), len(places)) for part in parts]
    first = dict(zip(whose, parts, strict=True))
    return Pooled(np.stack(_doubled(list(map(np.asarray, first.values())))), np.asarray(_doubled(whose)))


def _doubled(items: list[Any]) -> list[Any]:
    """Return ``items`` with the last repeated up to a power of two."""
    return items + [items[-1]] * ((1 << (len(items) - 1).bit_length()) - len(items))
