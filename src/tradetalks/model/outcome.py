"""What a counterfactual did, region by region: the numbers an economist asks for first.

An outcome compares two equilibria of one economy: the new one and a reference, which is the
base unless :meth:`Outcome.relative_to` named another. All properties are pure functions of the
two sets of accounts, so they can be differentiated; outside a gradient they are numpy arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import jax.numpy as jnp
import numpy as np
import polars as pl

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.model.accounts import Accounts
from tradetalks.model.switches import Switches
from tradetalks.model.system import Array, Base

if TYPE_CHECKING:
    from tradetalks.model.economy import Economy


def position(name: str, names: tuple[str, ...], kind: str) -> int:
    """Return the index of ``name`` among ``names``; ``kind`` ("region", "sector") is for the error.

    Raises:
        BadInput: no such name, with the nearest ones.
    """
    try:
        return names.index(name)
    except ValueError:
        raise BadInput(f"no {kind} {name!r} in this economy{did_you_mean(name, names)}") from None


def _percent(hat: Array) -> Array:
    return 100.0 * (hat - 1.0)


class Decomposition(NamedTuple):
    """First-order welfare change by source, percent of income, per region.

    Caliendo & Parro (2015), equation (15): ``welfare`` is the sum of the two.
    """

    terms_of_trade: Array
    """[n] percent: exports at dearer, imports at cheaper unit costs."""
    volume_of_trade: Array
    """[n] percent: duties collected on imports that grow."""

    @property
    def welfare(self) -> Array:
        """[n] percent: the first-order sum, which is not the exact change in real income."""
        return self.terms_of_trade + self.volume_of_trade


@dataclass(frozen=True)
class Outcome:
    """The equilibrium after a change, against a reference equilibrium.

    Levels are in the currency and year of the economy's flows, with world labour income held
    constant (the numeraire). Percentages are per region, ``[n]``.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    base: Base = field(repr=False)
    new: Accounts = field(repr=False)
    reference: Accounts = field(repr=False)
    residual: float
    """Largest log excess of any market at the solution."""
    iterations: int
    point: Array = field(repr=False)
    """The solved state as one vector: where a nearby counterfactual may start."""

    @property
    def welfare(self) -> Array:
        """[n] percent change of exact real income I/P, less the disutility of labour where its supply is elastic."""
        return _percent(self._welfare_hat(self.new.income))

    @property
    def welfare_net(self) -> Array:
        """[n] percent change of (I - change of deficit)/P: a larger deficit is debt, not income."""
        return _percent(self._welfare_hat(self.new.income - (self.new.deficit - self.reference.deficit)))

    @property
    def equivalent_variation(self) -> Array:
        """[n] the income at reference prices that is worth as much as the change (currency of the flows)."""
        return self._money * self.welfare / 100.0

    @property
    def equivalent_variation_net(self) -> Array:
        """[n] the same for ``welfare_net``."""
        return self._money * self.welfare_net / 100.0

    @property
    def real_wage(self) -> Array:
        """[n] percent change of w/P."""
        return _percent(self._wage_hat / self._consumer_price_hat)

    @property
    def employment(self) -> Array:
        """[n] percent change of labour supplied."""
        return _percent(self.new.labour / self.reference.labour)

    @property
    def wages(self) -> Array:
        """[n] percent change of the wage, world labour income held constant."""
        return _percent(self._wage_hat)

    @property
    def price_index(self) -> Array:
        """[n] percent change of the price index of final demand, world labour income held constant.

        The level depends on that numeraire; ``price_with_wages_held`` does not.
        """
        return _percent(self._consumer_price_hat)

    @property
    def price_with_wages_held(self) -> Array:
        """[n] percent change of P/w: consumer prices with wages held."""
        return _percent(self._consumer_price_hat / self._wage_hat)

    @property
    def sector_price(self) -> Array:
        """[n, s] percent change of the price index of each sector's goods to their buyers."""
        return _percent((self.new.price / self.reference.price).T)

    @property
    def flows(self) -> Array:
        """[i, n, s] value from exporter i to importer n, net of duty."""
        return self.new.flow.transpose(1, 2, 0)

    @property
    def tariffs(self) -> Array:
        """[i, n, s] duty as a fraction."""
        return self.new.gross.transpose(1, 2, 0) - 1.0

    @property
    def output(self) -> Array:
        """[n, s] output, net of duty."""
        return self.new.output.T

    @property
    def output_change(self) -> Array:
        """[n, s] percent change of output in value; NaN where there is none."""
        return _percent(self.new.output.T / self._present(self.reference.output.T))

    @property
    def volume_change(self) -> Array:
        """[n, s] percent change of output in volume (value over unit cost); NaN where there is none."""
        cost = self.new.cost / self.reference.cost
        return _percent((self.new.output / cost).T / self._present(self.reference.output.T))

    @property
    def value_added(self) -> Array:
        """[n, s] labour income and profits of the sector."""
        made = self.base.made(self.new.flow)
        return (self.base.earned(self.new.flow) + (made - self.base.paid(made))).T

    @property
    def tariff_revenue(self) -> Array:
        """[n] duties collected."""
        return self.new.duties

    @property
    def income(self) -> Array:
        """[n] labour income, duties, profits and deficit."""
        return self.new.income

    @property
    def profits(self) -> Array:
        """[n, s] profits of the sector; zero where the economy has none."""
        made = self.base.made(self.new.flow)
        return (made - self.base.paid(made)).T

    @property
    def deficits(self) -> Array:
        """[n] imports less exports."""
        return self.new.deficit

    @property
    def exports(self) -> Array:
        """[n] exports to all other regions, net of duty."""
        return _abroad(self.new.flow).sum((0, 2))

    @property
    def imports(self) -> Array:
        """[n] imports from all other regions, net of duty."""
        return _abroad(self.new.flow).sum((0, 1))

    def decomposition(self) -> Decomposition:
        """Return Caliendo & Parro's (2015) first-order terms; see :class:`Decomposition`."""
        flow = self.reference.flow
        cost = self.new.cost / self.reference.cost - 1.0
        exports_gain = (flow * cost[:, :, None]).sum((0, 2))
        imports_loss = (flow * cost[:, :, None]).sum((0, 1))
        traded = flow > 0
        where = self._numbers.where
        growth = where(traded, self.new.flow / where(traded, flow, 1.0) - 1.0, 0.0)
        duty = (self.reference.gross - 1.0) * flow
        volume = (duty * (growth - cost[:, :, None])).sum((0, 1))
        income = self.reference.income
        return Decomposition(100.0 * (exports_gain - imports_loss) / income, 100.0 * volume / income)

    def bilateral_balance(self, a: str, b: str) -> Array:
        """Return exports of ``a`` to ``b`` less exports of ``b`` to ``a``, net of duty.

        With deficits fixed no tariff changes a region's *total* balance: a bilateral balance that
        improves is another that worsens.
        """
        i, n = (position(name, self.regions, "region") for name in (a, b))
        return self.new.flow[:, i, n].sum() - self.new.flow[:, n, i].sum()

    def table(self) -> pl.DataFrame:
        """Return one row a region and sector: levels (currency of the flows) and percent changes."""
        regions, sectors = len(self.regions), len(self.sectors)
        abroad = _abroad(self.new.flow)
        return pl.DataFrame(
            {
                "region": np.repeat(self.regions, sectors),
                "sector": np.tile(self.sectors, regions),
                "output": self.output.ravel(),
                "output_pct": self.output_change.ravel(),
                "volume_pct": self.volume_change.ravel(),
                "price_pct": self.sector_price.ravel(),
                "exports": np.asarray(abroad.sum(2)).T.ravel(),
                "imports": np.asarray(abroad.sum(1)).T.ravel(),
            }
        )

    def relative_to(self, other: Outcome) -> Outcome:
        """Return this equilibrium measured against ``other`` instead of the base.

        Raises:
            BadInput: the two belong to different economies.
        """
        if (self.regions, self.sectors) != (other.regions, other.sectors) or not np.array_equal(
            self.base.spending, other.base.spending
        ):
            raise BadInput("relative_to: the two outcomes belong to different economies; use the same base")
        return replace(self, reference=other.new)

    def economy(self) -> Economy:
        """Return the economy rebased here: a zero shock to it reproduces this equilibrium."""
        from tradetalks.model.economy import Economy

        return Economy._at(self.regions, self.sectors, self.base, self.new)

    @property
    def _numbers(self) -> ModuleType:
        """The array library of the accounts: numpy, or jax.numpy inside a gradient."""
        return np if isinstance(self.new.flow, np.ndarray) else jnp

    def _present(self, level: Array) -> Array:
        """Return ``level`` with NaN where there is nothing."""
        return self._numbers.where(level > 0, level, np.nan)

    @property
    def _wage_hat(self) -> Array:
        return self.new.wage / self.reference.wage

    @property
    def _consumer_price_hat(self) -> Array:
        return self.new.consumer_price / self.reference.consumer_price

    @property
    def _worth(self) -> Array:
        """[n] income at the reference, less what labour's disutility is worth where its supply is elastic."""
        if self._labour is None:
            return self.reference.income
        return self.reference.income - self.reference.consumer_price * self._disutility(self.reference)

    @property
    def _money(self) -> Array:
        """[n] what welfare is a percentage of; income where the wage bill stands for labour's disutility, since then
        what that is worth at the reference depends on the duties that are compared."""
        on = self._labour
        return self.reference.income if on is None or on.wage_bill is not None else self._worth

    def _welfare_hat(self, income: Array) -> Array:
        """Return the hat of the utility that ``income`` [n] buys at the new prices."""
        real = income / self.reference.income / self._consumer_price_hat
        if self._labour is None:
            return real
        toil = self.reference.consumer_price * self._disutility(self.new)
        return (self.reference.income * real - toil) / self._worth

    @property
    def _labour(self) -> Switches | None:
        """The switches, where labour supply is elastic."""
        on = self.base.switches
        return None if on is None or on.labour_supply is None else on

    def _disutility(self, at: Accounts) -> Array:
        """Return the disutility of labour at the accounts ``at``, in base-year consumption [n]."""
        on, wages = self._labour, self.base.mobile
        assert on is not None
        if self._numbers is np:
            on, wages = Switches(*(None if part is None else np.asarray(part) for part in on)), np.asarray(wages)
        if on.wage_bill is None:
            return on.disutility(at.labour, wages)
        untaxed = on.untaxed(self.new.duties, wages * self.new.wage * self.new.labour)
        share = on.labour_supply / (1.0 + on.labour_supply)
        return share * untaxed * wages * at.wage * at.labour / at.consumer_price


def _abroad(flow: Array) -> Array:
    """Return flows [s, i, n] with the domestic ones set to zero."""
    return flow * (1.0 - np.eye(flow.shape[1]))
