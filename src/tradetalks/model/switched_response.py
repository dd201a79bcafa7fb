"""How a base with switches responds to first order: the preconditioner of the solver, by differentiation.

Without switches the response is had from the base shares in closed form (:mod:`.preconditioner`). With them
each switch would add terms by hand; here the system itself is differentiated, so that a new switch needs none.
The two ideas are the same: feedbacks within a region are inverted exactly, and the response of labour markets
everywhere to the wage anywhere is one small matrix.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from tradetalks.model.closures import NUMBERS
from tradetalks.model.equilibrium import excess, flatten, unflatten, unknowns
from tradetalks.model.preconditioner import Preconditioner
from tradetalks.model.system import Array, Base, Change, shock

#: Sweeps over the regions, wages held.
SWEEPS = 8

#: The sweeps have told the response when no market is off by more than this, for a wage that moves by one.
TOLD = 0.1

#: Up to so many unknowns the whole response is inverted where the sweeps do not tell it: with labour supply,
#: scale and inputs together the feedbacks are too strong to be taken one after the other.
DENSE = 3000


def switched_response(base: Base) -> Preconditioner:
    """Return the first-order response of ``base``, switches included."""
    regions = base.labour_income.shape[0]
    count = unknowns(base)
    # Which unknowns but the wage are a region's own: the State has regions last, so a block's rows lie n apart.
    own = np.arange(regions, count).reshape(-1, regions).T
    local = np.linalg.inv(-np.asarray(_own_response(base, own))).astype(np.float32)
    near = Preconditioner(None, None, None, None, local)
    by_wage, wage, gap = _response_to_wages(base, near)
    if not float(gap) <= TOLD and count <= DENSE:
        whole = np.linalg.inv(-np.asarray(_whole_response(base))).astype(np.float32)
        return Preconditioner(None, None, None, None, whole=whole)
    return near._replace(
        by_wage=np.asarray(by_wage, dtype=np.float32), wage=np.linalg.inv(-np.asarray(wage)).astype(np.float32)
    )


def _linear(base: Base) -> Array:
    """Return the derivative at the base of the excess of every market: a function of a move of the unknowns."""
    new = shock(base, Change(base.gross, jnp.ones_like(base.gross)))

    def gaps(point: Array) -> Array:
        return excess(point, new, base, NUMBERS["fixed"], base.deficit)[0]

    return jax.linearize(gaps, jnp.zeros(unknowns(base)))[1]


@jax.jit
def _whole_response(base: Base) -> Array:
    """Return the response [u, u] of all gaps (rows) to all unknowns."""
    response: Array = jax.vmap(_linear(base))(jnp.eye(unknowns(base))).T
    absent = jnp.abs(response).max(1) == 0
    return response - jnp.diag(absent.astype(response.dtype))


@jax.jit
def _own_response(base: Base, own: Array) -> Array:
    """Return the response [n, u, u] of each region's own gaps (rows) to its own unknowns, those at ``own`` [n, u]."""
    push, size = _linear(base), own.shape[1]

    def of_region(mine: Array) -> Array:
        probes = jnp.zeros((size, unknowns(base))).at[jnp.arange(size), mine].set(1.0)
        response = jax.vmap(push)(probes)[:, mine].T
        # Nothing is spent on an absent sector, whatever the unknown says: leave that unknown where it is.
        absent = jnp.abs(response).max(1) == 0
        return response - jnp.diag(absent.astype(response.dtype))

    found: Array = jax.lax.map(of_region, own)
    return found


@jax.jit
def _response_to_wages(base: Base, near: Preconditioner) -> tuple[Array, Array, Array]:
    """Return the response [u, m] of all other unknowns to the wage of m, that of labour markets [n, m], and by how
    much any other market is still off."""
    regions = base.labour_income.shape[0]
    push = _linear(base)

    def settled(moved: Array) -> tuple[Array, Array, Array]:
        def sweep(_: Array, moved: Array) -> Array:
            step = near.own(unflatten(push(moved), base))
            return moved + flatten(step._replace(wage=jnp.zeros_like(step.wage)))

        moved = jax.lax.fori_loop(0, SWEEPS, sweep, moved)
        gap = push(moved)
        return moved[regions:], gap[:regions], jnp.max(jnp.abs(gap[regions:]))

    by_wage, wage, gaps = jax.vmap(settled)(jnp.eye(regions, unknowns(base)))
    return by_wage.T, wage.T, jnp.max(gaps)
