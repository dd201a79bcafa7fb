"""The trade equilibrium of Caliendo and Parro (2015) in hat algebra, as one pure function.

Caliendo & Parro, "Estimates of the Trade and Welfare Effects of NAFTA", Review of Economic
Studies 82(1), 2015, equations (9) to (13), in changes. For using sector k, input s, exporter i,
importer n:

    unit cost   c[i,k] = w[i]^beta[i,k] * prod_s P[i,s]^gamma[i,k,s]                       (10)
    price       P[n,s] = (sum_i pi[i,n,s] (d (1+t')/(1+t) c[i,s])^-theta_s)^(-1/theta_s)   (11)
    shares      pi'[i,n,s] = pi[i,n,s] (d (1+t')/(1+t) c[i,s] / P[n,s])^-theta_s           (12)
    spending    X'[n,s] = alpha[n,s] I'[n] + sum_k gamma[n,k,s] Y'[n,k]                    (13)
    output      Y'[i,s] = sum_n pi'[i,n,s] X'[n,s] / (1+t'[i,n,s])
    income      I'[n] = w[n] L[n] + duties[n] + D'[n]
    labour      w[n] L[n] = sum_k beta[n,k] Y'[n,k]

The factorisation that makes it fast: (a c)^-theta = a^-theta c^-theta, so the work over pairs of
regions in one step is three batched matrix-vector products with the constant arrays
``delivered`` = pi (d (1+t')/(1+t))^-theta and ``net`` = delivered / (1+t'). Only region-sector
powers are taken.

Arrays are sector-major inside this package: ``[s, n]`` for region-sectors and ``[s, i, n]`` for
flows from exporter i to importer n. Absent region-sectors (no output, or no spending) are
masked by zero shares; nothing is seeded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp

from tradetalks.model.compiled import keep_compiled
from tradetalks.model.switches import Switches

_config: Any = jax.config
_config.update("jax_enable_x64", True)
# One equilibrium is a long row of small steps, which a processor takes sooner; batches ask for a graphics processor
# themselves (tradetalks.model.batch.accelerator).
if _config.jax_default_device is None and "cpu" in (_config.jax_platforms or "cpu"):
    _config.update("jax_default_device", "cpu")
keep_compiled()

#: numpy or JAX array; under a JAX transformation also a tracer.
Array: TypeAlias = Any


class Base(NamedTuple):
    """The base-year economy: shares, and the levels they were taken from (base currency)."""

    share: Array
    """pi[s, i, n]: share of n's spending on s that goes to i; zero where absent."""
    gross: Array
    """1 + t[s, i, n]: one plus the base duty."""
    theta: Array
    """[s] trade elasticity, positive."""
    beta: Array
    """[s, n] share of value added in the output of sector s."""
    gamma: Array
    """[n, k, s] share of input s in the cost of using sector k."""
    alpha: Array
    """[s, n] share of sector s in final demand."""
    labour_income: Array
    """[n] w L, base currency a year."""
    spending: Array
    """[s, n] X, duty-inclusive, base currency a year; zero where absent."""
    deficit: Array
    """[n] D, imports less exports, both net of duty, base currency a year."""
    profit: Array | None = None
    """[s, n] share of sales that is profit, income of the region (1/sigma under monopolistic competition with
    a fixed number of firms, Ossa 2014); ``None``: there are none. ``beta`` and ``gamma`` are shares of the rest."""

    switches: Switches | None = None
    """What is switched on beyond Caliendo & Parro; ``None``: nothing."""

    @property
    def mobile(self) -> Array:
        """[n] income of labour, which moves between sectors: all of it, but for what specific factors earn."""
        if self.switches is None or self.switches.specific is None:
            return self.labour_income
        return self.labour_income - (self.switches.specific * self.switches.earnings).sum(0)

    def made(self, flow: Array) -> Array:
        """Return what makers get of sales ``flow`` [s, i, n]: all, but for services of the buyer's labour [s, i]."""
        if self.switches is None or self.switches.services is None:
            return flow.sum(2)
        return (flow * (1.0 - self.switches.services)).sum(2)

    def earned(self, flow: Array) -> Array:
        """Return what labour and specific factors earn of sales ``flow`` [s, i, n]: [s, i]."""
        earned = self.beta * self.paid(self.made(flow))
        if self.switches is None or self.switches.services is None:
            return earned
        return earned + self.switches.services * flow.sum(1)

    def rebased(self) -> Base:
        """Return the base with the levels that its switches need, from its own shares and spending."""
        if self.switches is None:
            return self
        flow = self.share / self.gross * self.spending[:, None, :]
        duties = ((self.gross - 1.0) * flow).sum((0, 1))
        return self._replace(switches=self.switches._replace(earnings=self.earned(flow), duties=duties))

    def paid(self, output: Array) -> Array:
        """Return what sales of ``output`` [s, n] leave for labour and inputs once profits are taken."""
        return output if self.profit is None else (1.0 - self.profit) * output


class State(NamedTuple):
    """The unknowns, as logs of hats: zero everywhere is the base."""

    wage: Array
    """[n] log of the wage, relative to base; the numeraire holds world labour income constant."""
    price: Array
    """[s, n] log of the price index, relative to base."""
    spending: Array
    """[s, n] log of spending, relative to base."""
    labour: Array | None = None
    """[n] log of labour supplied, relative to base; only with a labour supply elasticity."""
    size: Array | None = None
    """[s, n] log of the sector's earnings over the wage, relative to base; only where cost depends on it."""
    shift: Array | None = None
    """[1] how far deficits are moved; only where they are free to meet an exchange rate."""


class Shock(NamedTuple):
    """What is new: duties and trade costs, ready for the factorised step."""

    delivered: Array
    """[s, i, n] pi (d (1+t')/(1+t))^-theta."""
    net: Array
    """[s, i, n] delivered / (1+t')."""


class Change(NamedTuple):
    """What is new in a counterfactual: duties and trade costs."""

    gross: Array
    """1 + t'[s, i, n]: one plus the new duty."""
    trade_cost: Array | None
    """[s, i, n] hat d of the iceberg trade cost; ``None`` where ``dearer`` is known."""
    dearer: Array | None = None
    """[s, i, n] log of d (1+t')/(1+t) as far as buyers feel it, where it has been taken already: draws of
    elasticities share it."""


#: Gives the deficits [n] of the new equilibrium from (base, new labour income [n], given [n]).
Closure = Callable[[Base, Array, Array], Array]


class Markets(NamedTuple):
    """What one evaluation of the system gives besides the residual."""

    cost: Array
    """[s, i] log unit cost."""
    supply: Array
    """[s, i] cost^-theta: how much i's cost attracts."""
    pull: Array
    """[s, n] spending over P^-theta: flows are net x supply x pull."""
    output: Array
    """[s, i] output, net of duty, base currency."""
    labour_income: Array
    """[n] what labour and specific factors earn at the state."""
    duties: Array
    """[n] tariff revenue."""
    profits: Array
    """[n] profits; zero where the economy has none."""
    deficit: Array
    """[n] deficit under the closure."""


def taken(base: Base, new: Change, log: Callable[[Array], Array] = jnp.log) -> Change:
    """Return ``new`` with the logs taken, which do not depend on elasticities.

    ``log`` may be ``numpy.log``, a fifth of the time where all is in numpy.
    """
    if new.dearer is not None:
        return new
    if base.switches is None or base.switches.pass_through is None:
        dearer = log(new.trade_cost * new.gross / base.gross)
    else:
        dearer = log(new.trade_cost) + base.switches.pass_through * log(new.gross / base.gross)
    return Change(new.gross, None, dearer)


def shock(base: Base, new: Change) -> Shock:
    """Return the shock of new duties and trade costs."""
    # exp(log) rather than a power: several times faster for arrays of this size.
    delivered = base.share * jnp.exp(-base.theta[:, None, None] * taken(base, new).dearer)
    return Shock(delivered, delivered / new.gross)


def markets(state: State, new: Shock, base: Base, closure: Closure, given: Array) -> tuple[Markets, State]:
    """Evaluate the system at ``state``.

    ``given`` are the deficits [n] of the closure; for a state with a shift, the target that it serves
    (:class:`tradetalks.model.closures.exchange_rate.Target`).

    Returns:
        The market outcomes, and the residual of each unknown as a log ratio: labour demand over
        labour supply, implied price over price, implied spending over spending.
    """
    wage, price, on = state.wage, state.price, base.switches or Switches()
    cost = base.beta * wage + jnp.einsum("nks,sn->kn", base.gamma, price)
    if state.size is not None:
        cost = on.cost(cost, wage, state.size, base.beta)
    supply = jnp.exp(-base.theta[:, None] * cost)
    demand_index = jnp.einsum("sin,si->sn", new.delivered, supply)
    present = base.spending > 0
    demand_index = jnp.where(present, demand_index, 1.0)
    implied_price = -jnp.log(demand_index) / base.theta[:, None]
    if on.pass_through is not None:
        implied_price = implied_price + (1.0 - on.pass_through) * (state.spending - wage)

    spending = base.spending * jnp.exp(state.spending)
    pull = spending / demand_index
    output = supply * jnp.einsum("sin,sn->si", new.net, pull)
    imports = pull * jnp.einsum("sin,si->sn", new.net, supply)
    duties = (spending - imports).sum(0)

    wages = base.mobile * jnp.exp(wage if state.labour is None else wage + state.labour)
    labour_income = wages
    if on.specific is not None:
        labour_income = labour_income + (on.specific * on.earnings * jnp.exp(wage + state.size)).sum(0)
    if state.shift is None:
        deficit = closure(base, labour_income, given)
    else:
        deficit = base.deficit + state.shift * given.direction
    # What the makers are paid: all of a sale, but for the services of the buyer's own labour.
    made = output
    if on.services is not None:
        made = supply * jnp.einsum("sin,sn->si", new.net, (1.0 - on.services) * pull)
    costs = base.paid(made)
    profits = (made - costs).sum(0)
    income = labour_income + duties + deficit + profits
    implied_spending = base.alpha * income + jnp.einsum("nks,kn->sn", base.gamma, costs)
    earnings = base.beta * costs
    if on.services is not None:
        earnings = earnings + on.services * imports
    labour_demand = (earnings if on.specific is None else (1.0 - on.specific) * earnings).sum(0)

    residual = State(
        jnp.log(labour_demand / wages),
        implied_price - price,
        # Absent cells are set to one on both sides, so that derivatives stay finite too.
        jnp.log(jnp.where(present, implied_spending, 1.0) / jnp.where(present, spending, 1.0)),
    )
    if state.labour is not None:
        real_wage = wage - (base.alpha * price).sum(0)
        relief = on.untaxed(duties, wages) / on.untaxed(on.duties, base.mobile)
        residual = residual._replace(labour=on.labour_supply * (real_wage - jnp.log(relief)) - state.labour)
    if state.size is not None:
        there = on.earnings > 0
        growth = jnp.log(jnp.where(there, earnings, 1.0) / jnp.where(there, on.earnings, 1.0))
        residual = residual._replace(size=jnp.where(there, growth - wage, 0.0) - state.size)
    if state.shift is not None:
        rate = (given.weight * (base.alpha * price).sum(0)).sum()
        residual = residual._replace(shift=jnp.reshape(given.goal - rate, (1,)))
    return Markets(cost, supply, pull, output, labour_income, duties, profits, deficit), residual


def numeraire_gap(base: Base, state: State, labour_income: Array) -> Array:
    """Return the log of world labour income over its base value: zero under the numeraire."""
    if state.labour is None and state.size is None:
        weight = base.labour_income / base.labour_income.sum()
        return jnp.log((weight * jnp.exp(state.wage)).sum())
    return jnp.log(labour_income.sum() / base.labour_income.sum())
