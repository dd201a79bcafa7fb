"""The economy: base-year accounts in, counterfactuals, gradients and policies out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.model.accounts import Accounts
from tradetalks.model.counterfactuals import Deficits
from tradetalks.model.drafting import drafted, settled, shares
from tradetalks.model.labels import names
from tradetalks.model.outcome import Outcome
from tradetalks.model.sample import Sampled
from tradetalks.model.system import Base
from tradetalks.model.variants import switched

if TYPE_CHECKING:
    from tradetalks.model.policy.bargain import Bargain
    from tradetalks.model.policy.optimum import Goal
    from tradetalks.model.policy.players import Who
    from tradetalks.model.policy.result import Choice
    from tradetalks.world.world import World

Floats = NDArray[np.float64]


class Economy(Sampled):
    """A base-year world economy that answers counterfactuals.

    Args:
        regions: N names.
        sectors: S names.
        flows: [i, n, s] value from exporter i to importer n, net of duty, domestic sales included.
        tariffs: [i, n, s] ad valorem duty as a fraction (0.25 = 25%).
        input_use: [n, k, s] spending of using sector k on input s, duty-inclusive.
        value_added: [n, k], same currency.
        trade_elasticity: [s] theta, positive: d log(share) / d log(price) = -theta.
        deficits: [n] imports less exports; ``None`` takes them from the flows.
        profit_share: [n, k] share of sales that is profit, a part of value added that pays nobody's
            work: the number of firms is fixed and each takes a markup (Ossa 2014); ``None``: none.

    Final demand is what spending leaves after input use. Where that is negative it is set to
    zero and the rest renormalised; the base is then solved once so that it is an equilibrium, and
    ``adjustments`` lists what was changed.

    ``political_weights`` (region -> [s], none unless set) are what its governments weigh sectors by where a
    method of policy is given no weights; a rebased economy does not keep them.

    Raises:
        BadInput: a shape, label or value is wrong, or the accounts contradict each other.
        NotConverged: the base could not be solved.

    Source: Caliendo & Parro (2015); see :mod:`tradetalks.model.system`.
    """

    political_weights: Mapping[str, Floats] = MappingProxyType({})

    def __init__(
        self,
        regions: Sequence[str],
        sectors: Sequence[str],
        flows: ArrayLike,
        tariffs: ArrayLike,
        input_use: ArrayLike,
        value_added: ArrayLike,
        trade_elasticity: ArrayLike,
        deficits: ArrayLike | None = None,
        profit_share: ArrayLike | None = None,
    ) -> None:
        self.regions = names(regions, "regions")
        self.sectors = names(sectors, "sectors")
        draft, self.adjustments = drafted(
            self._labels,
            flows,
            tariffs,
            input_use,
            value_added,
            trade_elasticity,
            deficits,
            profit_share,
        )
        self._base = settled(draft)

    @classmethod
    def from_world(cls, world: World, trade_elasticity: str | ArrayLike | None = None) -> Economy:
        """Return the economy of ``world``.

        Args:
            world: base-year accounts.
            trade_elasticity: the name of one of the world's elasticity sets, or [s] theta;
                ``None`` takes the world's default.

        Raises:
            BadInput: no such elasticity set.
        """
        theta: ArrayLike
        if trade_elasticity is None:
            theta = world.trade_elasticity
        elif isinstance(trade_elasticity, str):
            if trade_elasticity not in world.elasticities:
                raise BadInput(
                    f"no elasticity set {trade_elasticity!r} in {world.name}"
                    f"{did_you_mean(trade_elasticity, world.elasticities)}; "
                    f"it has {', '.join(world.elasticities)}"
                )
            theta = world.elasticities[trade_elasticity]
        else:
            theta = trade_elasticity
        return cls(
            world.regions,
            world.sectors,
            world.flows,
            world.tariffs,
            world.input_use,
            world.value_added,
            theta,
        )

    def with_elasticity(self, trade_elasticity: ArrayLike) -> Economy:
        """Return the same base-year accounts with other trade elasticities, [s] theta."""
        theta = self._elasticity(trade_elasticity)
        other = Economy.__new__(Economy)
        other.regions, other.sectors, other.adjustments = self.regions, self.sectors, self.adjustments
        other.political_weights = self.political_weights
        other._base = self._base._replace(theta=jnp.asarray(theta))
        # The accounts do not depend on theta. The response does, but as a guide for steps the old one serves.
        for shared in ("_near", "_base_accounts", "_origin", "_no_change"):
            other.__dict__[shared] = getattr(self, shared)
        return other

    def with_switches(
        self,
        labour_supply: ArrayLike = 0.0,
        revenue: str = "lump-sum",
        labour_tax: ArrayLike = 0.0,
        services: ArrayLike = 0.0,
        pass_through: ArrayLike = 1.0,
        scale: ArrayLike = 0.0,
        specific_factors: ArrayLike = 0.0,
        welfare: str = "utility",
    ) -> Self:
        """Return the same base-year accounts with switches of the system on; as they stand here all are off.

        Args:
            labour_supply: [n] elasticity of labour supply to the real wage after tax.
            revenue: ``"lump-sum"`` or ``"income-tax"``: what duties pay for, where labour supply is elastic.
            labour_tax: [n] average tax on labour in the base, as a fraction (welfare needs it).
            services: [n] share of what n pays, net of duty, that labour of n itself earns (distribution).
            pass_through: [n] elasticity of the price that buyers in n feel to one plus the duty; the price
                index of n also falls with the size of its market, by the same less one.
            scale: [n, s] elasticity of productivity to the size of the sector.
            specific_factors: [n, s] share of value added earned by factors that cannot leave the sector.
            welfare: ``"utility"``, or ``"wage-bill"`` as Ignatenko and others (2025) print it.

        A single number is taken for all. See docs/model.md for the equations.

        Raises:
            BadInput: a value is out of range, or the base has switches already.
            NotConverged: the base could not be solved.
        """
        if self._base.switches is not None:
            raise BadInput("with_switches: this economy has switches on already; start from the one without")
        other = type(self).__new__(type(self))
        other.regions, other.sectors, other.adjustments = self.regions, self.sectors, self.adjustments
        other.political_weights = self.political_weights
        other._base = settled(
            switched(
                self._base,
                self.regions,
                self.sectors,
                labour_supply=labour_supply,
                revenue=revenue,
                labour_tax=labour_tax,
                services=services,
                pass_through=pass_through,
                scale=scale,
                specific_factors=specific_factors,
                welfare=welfare,
            )
        )
        return other

    @classmethod
    def _at(cls, regions: tuple[str, ...], sectors: tuple[str, ...], base: Base, levels: Accounts) -> Economy:
        """Return the economy whose base is ``levels``, an equilibrium of ``base``."""
        economy = cls.__new__(cls)
        economy.regions, economy.sectors, economy.adjustments = regions, sectors, ()
        economy._base = settled(
            base._replace(
                share=shares(levels),
                gross=levels.gross,
                labour_income=levels.labour_income,
                spending=levels.spending,
                deficit=levels.deficit,
            )
        )
        return economy

    # What governments could do with their tariffs.

    def optimal_tariffs(
        self,
        region: Who,
        against: Who | Sequence[Who] | None = None,
        instruments: str = "bilateral",
        sectors: Sequence[str] | None = None,
        bounds: tuple[float, float] = (0.0, 10.0),
        weights: Goal = None,
        given: Outcome | None = None,
        deficits: Deficits = "fixed",
    ) -> Choice:
        """Return the best tariffs of a region or bloc when all other tariffs stay as they are.

        Args:
            region: a region, or a bloc with common tariffs as a sequence of regions.
            against: a region, or a list of regions and blocs, whose goods are taxed; ``None``: everybody's.
            instruments: ``"bilateral"`` one tariff a sector and partner, ``"mfn"`` one a sector, or
                ``"uniform"`` one for everything.
            sectors: those whose tariffs are chosen; ``None``: all, services included.
            bounds: least and greatest duty, as fractions; below zero is a subsidy.
            weights: what the government maximises besides welfare (net of debt): weights by sector (mapping or
                [s], scaled to mean one) or :class:`~tradetalks.model.policy.Weights`, which also hold a worth of
                revenue and bilateral balances, or a target for one balance.
            given: the outcome whose tariffs hold where nothing is chosen; ``None``: the base.
            deficits: as in :meth:`counterfactual`.

        The choice carries a certificate: first and second-order conditions, and climbs from elsewhere.

        Raises:
            BadInput: a name or value is wrong.
            NotConverged: no optimum was found.
        """
        from tradetalks.model.policy.optimum import optimal_tariffs

        return optimal_tariffs(self, region, against, instruments, sectors, bounds, weights, given, deficits)

    def best_response(
        self,
        region: Who,
        to: Outcome | Choice,
        against: Who | Sequence[Who] | None = None,
        instruments: str = "bilateral",
        sectors: Sequence[str] | None = None,
        bounds: tuple[float, float] = (0.0, 10.0),
        weights: Goal = None,
        deficits: Deficits = "fixed",
    ) -> Choice:
        """Return the best tariffs of a region or bloc against the tariffs of ``to``, an outcome of this economy.

        The other arguments are those of :meth:`optimal_tariffs`. The choice is measured against the base.
        """
        from tradetalks.model.policy.result import Choice

        if not isinstance(to, Outcome | Choice):
            raise BadInput(f"to: {to!r} is no outcome; give one of this economy, or a war of it")
        given = to if isinstance(to, Outcome) else to.outcome
        return self.optimal_tariffs(region, against, instruments, sectors, bounds, weights, given, deficits)

    def nash_tariffs(
        self,
        regions: Sequence[Who],
        against: str = "each other",
        instruments: str = "bilateral",
        sectors: Sequence[str] | None = None,
        bounds: tuple[float, float] = (0.0, 10.0),
        weights: Mapping[str, Goal] | None = None,
        given: Outcome | None = None,
        deficits: Deficits = "fixed",
    ) -> Choice:
        """Return the tariffs of a war: everyone's are the best answer to everyone else's.

        Args:
            regions: who fights, two or more regions and blocs.
            against: ``"each other"``, or ``"everyone"``: tariffs on third parties' goods are chosen too.
            weights: player name -> weights as in :meth:`optimal_tariffs`; who is left out maximises welfare.

        The other arguments are those of :meth:`optimal_tariffs`. There is one certificate a player.

        Raises:
            BadInput: a name or value is wrong.
            NotConverged: no equilibrium was found.
        """
        from tradetalks.model.policy.war import nash_tariffs

        return nash_tariffs(self, regions, against, instruments, sectors, bounds, weights, given, deficits)

    def bargain(
        self,
        regions: Sequence[Who],
        solution: str = "nash",
        threat: str | Outcome | Choice = "status quo",
        against: str = "each other",
        instruments: str = "bilateral",
        sectors: Sequence[str] | None = None,
        bounds: tuple[float, float] = (0.0, 10.0),
        weights: Mapping[str, Goal] | None = None,
        given: Outcome | None = None,
        deficits: Deficits = "fixed",
    ) -> Bargain:
        """Return tariffs that the sides agree on: on their frontier, the gain shared by a rule.

        Args:
            regions: who talks, two or more regions and blocs.
            solution: ``"nash"`` the greatest product of gains, ``"kalai-smorodinsky"`` equal shares of the
                most that each could gain, ``"egalitarian"`` equal gains in percent, ``"utilitarian"`` the
                greatest sum of dollars (which need not gain everybody).
            threat: what happens without agreement: ``"status quo"``, ``"war"``, or an outcome.

        The other arguments are those of :meth:`nash_tariffs`. Fewer instruments mean less efficient talks: the
        bargain's ``loss`` is what that costs each side against ``efficient``, the bargain over every tariff.

        Raises:
            BadInput: a name or value is wrong, or no tariffs on the table are better for all than the threat.
            NotConverged: no bargain was found.
        """
        from tradetalks.model.policy.bargain import bargain

        return bargain(self, regions, solution, threat, against, instruments, sectors, bounds, weights, given, deficits)
