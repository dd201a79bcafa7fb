"""The base-year accounts of an economy as its users see them, and what every solve takes from the base."""

from __future__ import annotations

from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.model.accounts import Accounts, base_accounts
from tradetalks.model.equilibrium import unknowns
from tradetalks.model.labels import Labels, sectors_last
from tradetalks.model.preconditioner import Preconditioner, preconditioner
from tradetalks.model.switched_response import switched_response
from tradetalks.model.system import Array, Base

Floats = NDArray[np.float64]


class BaseYear:
    """A base that is an equilibrium, with its names; arrays in the orientation [i, n, s] of :class:`Economy`."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    adjustments: tuple[str, ...]
    """What was changed, or is odd but kept, in the accounts that were given: a sentence each."""
    _base: Base

    @cached_property
    def flows(self) -> Floats:
        """[i, n, s] value from exporter i to importer n, net of duty."""
        return sectors_last(self._base_accounts.flow)

    @cached_property
    def tariffs(self) -> Floats:
        """[i, n, s] duty as a fraction."""
        return sectors_last(self._base.gross) - 1.0

    @cached_property
    def output(self) -> Floats:
        """[n, k] output."""
        return np.array(np.asarray(self._base_accounts.output).T)

    @cached_property
    def value_added(self) -> Floats:
        """[n, k] value added."""
        flow = self._base_accounts.flow
        made = self._base.made(flow)
        added: Floats = np.asarray(self._base.earned(flow) + (made - self._base.paid(made))).T
        return added

    @cached_property
    def input_use(self) -> Floats:
        """[n, k, s] spending of using sector k on input s, duty-inclusive."""
        paid = self._base.paid(self._base.made(self._base_accounts.flow))
        use: Floats = np.asarray(paid).T[:, :, None] * np.asarray(self._base.gamma)
        return use

    @cached_property
    def spending(self) -> Floats:
        """[n, s] spending, duty-inclusive."""
        return np.array(np.asarray(self._base.spending).T)

    @cached_property
    def final_demand(self) -> Floats:
        """[n, s] final demand, duty-inclusive."""
        demand: Floats = np.asarray(self._base.alpha).T * self.income[:, None]
        return demand

    @cached_property
    def income(self) -> Floats:
        """[n] value added (labour income and profits), duties and deficit."""
        return np.asarray(self._base_accounts.income)

    @cached_property
    def deficits(self) -> Floats:
        """[n] imports less exports."""
        return np.asarray(self._base.deficit)

    @cached_property
    def trade_elasticity(self) -> Floats:
        """[s] theta."""
        return np.asarray(self._base.theta)

    @property
    def _labels(self) -> Labels:
        return Labels(self.regions, self.sectors)

    def _elasticity(self, values: ArrayLike) -> Floats:
        """Return ``values`` as trade elasticities [s]."""
        return self._labels.array(values, "trade_elasticity", (len(self.sectors),), above=0.0)

    @cached_property
    def _near(self) -> Preconditioner:
        guide = preconditioner if self._base.switches is None else switched_response
        response: Preconditioner = jax.tree.map(jnp.asarray, guide(self._base))
        return response

    @cached_property
    def _base_accounts(self) -> Accounts:
        return base_accounts(self._in_numpy)

    @cached_property
    def _in_numpy(self) -> Base:
        base: Base = jax.tree.map(np.asarray, self._base)
        return base

    @cached_property
    def _origin(self) -> Array:
        return jnp.asarray(np.zeros(unknowns(self._base)))

    @cached_property
    def _no_change(self) -> Array:
        return jnp.asarray(np.ones(self._base.gross.shape))

    def __repr__(self) -> str:
        return f"Economy({len(self.regions)} regions x {len(self.sectors)} sectors)"
