"""The accounts of an equilibrium: every level that an outcome reports, from the solved state."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp

from tradetalks.model.system import Array, Base, Markets, Shock, State


class Accounts(NamedTuple):
    """Levels in base currency a year (world labour income as numeraire); hats relative to base."""

    gross: Array
    """[s, i, n] one plus duty."""
    flow: Array
    """[s, i, n] value from exporter i to importer n, net of duty."""
    spending: Array
    """[s, n] duty-inclusive."""
    output: Array
    """[s, i] output, net of duty."""
    labour_income: Array
    """[n] what labour earns, w L, and specific factors where there are any."""
    duties: Array
    """[n] tariff revenue."""
    profits: Array
    """[n] profits; zero where the economy has none."""
    deficit: Array
    """[n] imports less exports."""
    wage: Array
    """[n] hat of the wage."""
    labour: Array
    """[n] hat of labour supplied."""
    cost: Array
    """[s, i] hat of the unit cost."""
    price: Array
    """[s, n] hat of the sector price index."""
    consumer_price: Array
    """[n] hat of the price index of final demand."""

    @property
    def income(self) -> Array:
        """[n] labour income, duties, profits and deficit: what final demand spends."""
        return self.labour_income + self.duties + self.profits + self.deficit


def accounts(state: State, market: Markets, new: Shock, gross: Array, base: Base) -> Accounts:
    """Return the accounts of ``base`` under ``new`` at the solved ``state`` and its ``market``."""
    return Accounts(
        gross=gross,
        flow=new.net * market.supply[:, :, None] * market.pull[:, None, :],
        spending=base.spending * jnp.exp(state.spending),
        output=market.output,
        labour_income=market.labour_income,
        duties=market.duties,
        profits=market.profits,
        deficit=market.deficit,
        wage=jnp.exp(state.wage),
        labour=jnp.exp(state.wage * 0.0 if state.labour is None else state.labour),
        cost=jnp.exp(market.cost),
        price=jnp.exp(state.price),
        consumer_price=jnp.exp((base.alpha * state.price).sum(0)),
    )


def shock_behind(solved: Accounts, base: Base) -> Shock:
    """Return the shock that led from ``base`` to ``solved``: from the flows, so that no power is taken again."""
    power = base.theta[:, None]
    supply = solved.cost**-power
    price = solved.price
    if base.switches is not None and base.switches.pass_through is not None:
        # The price index less what it owes to the size of the market.
        present = base.spending > 0
        market = jnp.where(present, solved.spending, 1.0) / jnp.where(present, base.spending, 1.0) / solved.wage
        price = price * market ** (base.switches.pass_through - 1.0)
    pull = solved.spending * price**power
    drawn = supply[:, :, None] * pull[:, None, :]
    net = jnp.where(drawn > 0, solved.flow / jnp.where(drawn > 0, drawn, 1.0), 0.0)
    return Shock(net * solved.gross, net)


def base_accounts(base: Base) -> Accounts:
    """Return the accounts of the base itself, in numpy: all hats are one."""
    flow = base.share / base.gross * base.spending[:, None, :]
    output = flow.sum(2)
    made = base.made(flow)
    one, ones = base.labour_income * 0.0 + 1.0, base.spending * 0.0 + 1.0
    return Accounts(
        gross=base.gross,
        flow=flow,
        spending=base.spending,
        output=output,
        labour_income=base.labour_income,
        duties=(flow * (base.gross - 1)).sum((0, 1)),
        profits=(made - base.paid(made)).sum(0),
        deficit=base.deficit,
        wage=one,
        labour=one,
        cost=ones,
        price=ones,
        consumer_price=one,
    )
