"""Solve the system for a shock: from shares and duties to the state of the new equilibrium."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from tradetalks.ground.errors import NotConverged
from tradetalks.model.accounts import Accounts, accounts
from tradetalks.model.closures import closed_by
from tradetalks.model.preconditioner import Preconditioner
from tradetalks.model.solver import fixed_point
from tradetalks.model.system import Array, Base, Change, Markets, Shock, State, markets, numeraire_gap, shock

#: Converged when no market is off by more than this, as a log ratio.
TOLERANCE = 1e-10

#: Share of the excess demand for labour that wages take up in one cautious step.
CAUTION = 0.15


def unknowns(base: Base) -> int:
    """Return how many unknowns the system of ``base`` has."""
    sectors, regions = base.beta.shape
    count = int(regions + 2 * sectors * regions)
    if base.switches is None:
        return count
    labour = 0 if base.switches.labour_supply is None else regions
    return int(count + labour + (sectors * regions if base.switches.by_size else 0))


def flatten(state: State) -> Array:
    """Return the state as one vector [n + 2 s n], and what is switched on behind it."""
    return jnp.concatenate([part.ravel() for part in state if part is not None])


def unflatten(vector: Array, base: Base) -> State:
    """Return the vector as a state; the inverse of :func:`flatten`."""
    sectors, regions = base.beta.shape
    cells = sectors * regions
    core = regions + 2 * cells
    state = State(
        vector[:regions],
        vector[regions : regions + cells].reshape(sectors, regions),
        vector[regions + cells : core].reshape(sectors, regions),
    )
    on = base.switches
    if on is not None and on.labour_supply is not None:
        state = state._replace(labour=vector[core : core + regions])
        core += regions
    if on is not None and on.by_size:
        state = state._replace(size=vector[core : core + cells].reshape(sectors, regions))
        core += cells
    return state if vector.shape[0] == core else state._replace(shift=vector[core:])


def excess(vector: Array, new: Shock, base: Base, closure: Array, given: Array) -> tuple[Array, Markets]:
    """Return the log excess of every market at ``vector``, numeraire included, as one vector; and the markets.

    ``closure`` is one of :data:`tradetalks.model.closures.NUMBERS`.
    """
    state = unflatten(vector, base)
    market, residual = markets(state, new, base, closed_by(closure), given)
    return flatten(residual._replace(wage=residual.wage - numeraire_gap(base, state, market.labour_income))), market


def guided(near: Preconditioner, residual: State, base: Base, given: Array) -> State:
    """Return the step that ``residual`` calls for: that of ``near``, and of deficits where these are free.

    Deficits are shifted so far that the exchange rate is met when all else has responded.
    """
    if residual.shift is None:
        return near.step(residual)
    step, turn = near.step(residual._replace(shift=None)), unflatten(given.response, base)

    def rate(move: State) -> Array:
        return (given.weight * (base.alpha * move.price).sum(0)).sum()

    shift = (residual.shift - rate(step)) / rate(turn)
    moved: State = jax.tree.map(lambda part, more: part + shift * more, step, turn)
    return moved._replace(shift=shift)


@jax.jit
def response_to_shift(base: Base, near: Preconditioner, given: Array) -> Array:
    """Return how all unknowns [u] respond at the base to one unit of the shift of deficits ``given`` stands for."""
    new = shock(base, Change(base.gross, jnp.ones_like(base.gross)))

    def gaps(point: Array) -> Array:
        return excess(point, new, base, jnp.asarray(0), given)[0]

    count = unknowns(base)
    _, push = jax.linearize(gaps, jnp.zeros(count + 1))

    def step(response: Array) -> tuple[Array, Array, None]:
        missing = push(jnp.append(response, 1.0))[:count]
        return flatten(near.step(unflatten(missing, base))), jnp.max(jnp.abs(missing)), None

    found: Array = fixed_point(step, jnp.zeros(count), 1e-4, limit=60, largest_move=jnp.inf).point
    return found


class Equilibrium(NamedTuple):
    """A solved point and its accounts; look at the residual before you use either."""

    point: Array
    residual: Array
    iterations: Array
    accounts: Accounts

    def row(self, k: int) -> Equilibrium:
        """Return equilibrium ``k`` of several that are stacked [k, ...]; mapping over the tree would take longer."""
        levels = (None if part is None else part[k] for part in self.accounts)
        return Equilibrium(self.point[k], self.residual[k], self.iterations[k], Accounts(*levels))


def solve(
    base: Base,
    near: Preconditioner | None,
    change: Change,
    given: Array,
    start: Array,
    closure: int,
    tolerance: float = TOLERANCE,
) -> Equilibrium:
    """Solve the equilibrium for new duties and trade costs.

    Args:
        base: the base economy.
        near: its first-order response; ``None`` takes small steps instead, for a base that is
            not yet an equilibrium or a shock too large for the response to guide.
        change: the new duties and trade costs.
        given: [n] deficits for the closure ``"given"``; ignored by the others.
        start: [n + 2 s n] where to begin.
        closure: one of :data:`tradetalks.model.closures.NUMBERS`.
        tolerance: largest log excess of any market.
    """
    found: Equilibrium = _solve(base, near, change, given, start, closure, tolerance)
    return found._replace(accounts=found.accounts._replace(gross=change.gross))


def solved(
    base: Base,
    near: Preconditioner | None,
    change: Change,
    given: Array,
    start: Array,
    closure: Array,
    tolerance: float,
) -> Equilibrium:
    """Do the work of :func:`solve`, to be compiled; without the duties in its result, which would only be copied."""
    new = shock(base, change)

    def step(vector: Array) -> tuple[Array, Array, Markets]:
        gap, market = excess(vector, new, base, closure, given)
        parts = unflatten(gap, base)
        move = parts._replace(wage=CAUTION * parts.wage) if near is None else guided(near, parts, base, given)
        return flatten(move), jnp.max(jnp.abs(gap)), market

    solution = fixed_point(step, start, tolerance, limit=2000 if near is None else 150)
    state = unflatten(solution.point, base)
    found = accounts(state, solution.found, new, change.gross, base)._replace(gross=None)
    return Equilibrium(solution.point, solution.residual, solution.iterations, found)


_solve = jax.jit(solved)


def demand_converged(found: Equilibrium, what: str, tolerance: float = TOLERANCE) -> None:
    """Refuse an equilibrium that is none; ``what`` begins the sentence.

    Raises:
        NotConverged: some market is off by more than ``tolerance``.
    """
    gap = float(found.residual)
    if gap <= tolerance:
        return
    if not np.isfinite(gap):
        raise NotConverged(
            f"{what} has no equilibrium: some region's income or some price stops being positive; "
            "use smaller duties, trade costs or deficits"
        )
    raise NotConverged(
        f"{what} did not converge: after {int(found.iterations)} steps some market is still off by "
        f"{gap:.1e} (needed {tolerance:.0e}); use a smaller change"
    )
