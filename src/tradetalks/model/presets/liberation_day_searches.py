"""Two searches of Ignatenko and others (2025) that are not plain counterfactuals.

A joint retaliation by many countries, and an equilibrium in which one market does not clear.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import NotConverged
from tradetalks.model.accounts import Accounts, accounts
from tradetalks.model.closures import NUMBERS
from tradetalks.model.equilibrium import excess, unflatten
from tradetalks.model.outcome import Outcome
from tradetalks.model.presets.liberation_day_2025 import LiberationDayEconomy
from tradetalks.model.system import Array, Change, numeraire_gap, shock

Floats = NDArray[np.float64]


def clear_all_but_one(
    e: LiberationDayEconomy, duties: Floats, transfers: Floats, left_out: int, start: Outcome | None = None
) -> Outcome:
    """Return the equilibrium for ``transfers`` [i] that need not sum to zero: the labour market of one country is
    left out, and takes up the sum.

    The solver of the model clears every market, so this takes Newton steps on the same system with one equation
    exchanged.

    Raises:
        NotConverged: it was not found.
    """
    from scipy.optimize import root

    base, regions = e._base, len(e.regions)
    gross = jnp.asarray(np.moveaxis(1.0 + duties, 2, 0))
    new, given = shock(base, Change(gross, jnp.ones_like(gross))), jnp.asarray(transfers)

    @jax.jit
    def gaps(point: Array) -> Array:
        gap, market = excess(point, new, base, jnp.asarray(NUMBERS["given"]), given)
        unit = numeraire_gap(base, unflatten(point, base), market.labour_income)
        markets = gap[:regions] + unit
        return jnp.concatenate([markets.at[left_out].set(unit), gap[regions:]])

    slopes = jax.jit(jax.jacfwd(gaps))
    found = root(gaps, e._point(start, given), jac=slopes, tol=1e-12)
    worst = float(np.abs(found.fun).max())
    if not worst < 1e-8:
        raise NotConverged(f"the equilibrium with unbalanced transfers was not found: off by {worst:.1e}")
    market = excess(found.x, new, base, NUMBERS["given"], given)[1]
    levels = Accounts(*map(np.asarray, accounts(unflatten(found.x, base), market, new, gross, base)))
    return Outcome(e.regions, e.sectors, base, levels, e._base_accounts, worst, 0, found.x)


#: No duty in the joint retaliation of table 4 is higher.
HIGHEST_RETALIATION = 0.5


def joint_retaliation(e: LiberationDayEconomy) -> Floats:
    """Return the announced duties with those of all others on home that serve the others best together, [j, i, 1].

    What is maximised is the mean of welfare by GDP; each country has its own duty. By the gradient of one adjoint
    solve a step (L-BFGS with bounds).

    Raises:
        NotConverged: the first-order conditions are not met.
    """
    from scipy.optimize import minimize

    others = np.flatnonzero((np.arange(len(e.regions)) != e.home) & (e.flows[e.home, :, 0] > 0))
    gdp = np.asarray(e._base.labour_income)
    weight = np.where(np.arange(len(gdp)) == e.home, 0.0, gdp)
    weight = weight / weight.sum()
    # Small markets count for little: in units of the root of what home sells there all duties weigh alike.
    unit = np.sqrt(e.flows[e.home, :, 0].max() / e.flows[e.home, others, 0])

    def mean_welfare(outcome: Outcome) -> Array:
        return weight @ outcome.welfare

    def duties(logs: Floats) -> Floats:
        new = e.announced.copy()
        new[e.home, others, 0] = np.expm1(logs * unit)
        return new

    def loss(logs: Floats) -> tuple[float, Floats]:
        outcome = e.counterfactual(tariffs=duties(logs))
        found = e.gradient_at(outcome, mean_welfare)
        slope = np.asarray(found.gross)[0, e.home, others] * np.exp(logs * unit) * unit
        return -float(found.value), -slope

    top = np.log1p(HIGHEST_RETALIATION) / unit
    start = np.minimum(np.log1p(e.announced[others, e.home, 0]) / unit, top)
    best = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, t) for t in top],
        options={"maxiter": 500, "ftol": 1e-13},
    )
    inside = np.clip(best.x - loss(best.x)[1], 0.0, top) - best.x
    if np.abs(inside).max() > 1e-4:
        raise NotConverged(f"the joint retaliation was not found: a duty still gains {np.abs(inside).max():.1e}")
    return duties(best.x)
