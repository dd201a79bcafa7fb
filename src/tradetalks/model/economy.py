"""The economy: base-year accounts in, counterfactuals and gradients out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput, NotConverged, did_you_mean
from tradetalks.model.accounts import Accounts, base_accounts
from tradetalks.model.adjoint import RELATIVE_TOLERANCE, Gradient, gradient_of
from tradetalks.model.batch import CHUNK, LARGE, MANY, Inputs, Question, side_by_side, solve_chunk
from tradetalks.model.closures import CLOSURES, NUMBERS
from tradetalks.model.closures.exchange_rate import ExchangeRate, Target, target
from tradetalks.model.equilibrium import TOLERANCE, Equilibrium, response_to_shift, solve, unknowns
from tradetalks.model.objectives import Objective, objective_of
from tradetalks.model.outcome import Outcome
from tradetalks.model.preconditioner import Preconditioner, preconditioner
from tradetalks.model.switched_response import switched_response
from tradetalks.model.system import Array, Base, Change, taken
from tradetalks.model.variants import switched

if TYPE_CHECKING:
    from tradetalks.model.policy.bargain import Bargain
    from tradetalks.model.policy.optimum import Goal
    from tradetalks.model.policy.players import Who
    from tradetalks.model.policy.result import Choice
    from tradetalks.world.world import World

Floats = NDArray[np.float64]
Deficits = str | ArrayLike | ExchangeRate

#: Costs may miss output, and deficits the flows, by this share of world value added: rounding of
#: published data.
SLACK = 1e-6

#: Published input-output tables hold a few small negative inputs (by-products, as in Caliendo & Parro's
#: Canada); up to this share of the sector's cost they are kept and reported.
BY_PRODUCT = 1e-3

#: A base that is off by more than this in any market is solved before it is used.
CONSISTENT = 1e-12


class Economy:
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
        self.regions = _labels(regions, "regions")
        self.sectors = _labels(sectors, "sectors")
        N, S = len(self.regions), len(self.sectors)
        flow = self._array(flows, "flows", (N, N, S), at_least=0.0)
        duty = self._array(tariffs, "tariffs", (N, N, S), above=-1.0)
        added = self._array(value_added, "value_added", (N, S), at_least=0.0)
        inputs = self._array(input_use, "input_use", (N, S, S))
        by_product = np.argwhere(inputs < 0)
        self._inputs_allowed(inputs, added, by_product)
        theta = self._array(trade_elasticity, "trade_elasticity", (S,), above=0.0)
        own = None if deficits is None else self._array(deficits, "deficits", (N,))
        profit = None if profit_share is None else self._array(profit_share, "profit_share", (N, S), at_least=0.0)
        draft, adjustments = self._draft(flow, duty, inputs, added, theta, own, profit)
        self.adjustments = adjustments + tuple(
            f"input_use[{self._cell(tuple(cell), inputs.shape)}] = {inputs[tuple(cell)]:.6g} < 0, kept"
            for cell in by_product
        )
        self._base = self._settle(draft)

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
        other._base = other._settle(
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

    # The base-year accounts, in the orientation of the constructor.

    @cached_property
    def flows(self) -> Floats:
        """[i, n, s] value from exporter i to importer n, net of duty."""
        return _public(self._base_accounts.flow)

    @cached_property
    def tariffs(self) -> Floats:
        """[i, n, s] duty as a fraction."""
        return _public(self._base.gross) - 1.0

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

    def counterfactual(
        self,
        tariffs: ArrayLike | None = None,
        trade_costs: ArrayLike | None = None,
        deficits: Deficits = "fixed",
        start: Outcome | ArrayLike | None = None,
        tolerance: float = TOLERANCE,
    ) -> Outcome:
        """Return the equilibrium under new duties, trade costs or deficits.

        Args:
            tariffs: [i, n, s] new duty as a fraction, above -1 (below zero is a subsidy);
                ``None`` keeps the base.
            trade_costs: [i, n, s] hat of the iceberg trade cost, positive; ``None`` is one. A
                productivity gain of z in region i is 1/z on all of i's sales.
            deficits: ``"fixed"`` in world-GDP units, ``"own-gdp"``, ``"zero"``, [n] amounts that
                sum to zero, or an :class:`~tradetalks.model.ExchangeRate` that they are to bring about.
            start: a nearby outcome of this economy to begin from, or the ``point`` of one.
            tolerance: largest log excess of any market that counts as solved.

        Raises:
            BadInput: a shape or value is wrong.
            NotConverged: there is no equilibrium near, or the solver did not find it.
        """
        return self._answer(self._inputs(Question(tariffs, trade_costs, deficits, start)), tolerance)

    def counterfactuals(self, questions: Sequence[Question], tolerance: float = TOLERANCE) -> list[Outcome]:
        """Return the equilibrium of each question, as :meth:`counterfactual` would, many at a time.

        Args:
            questions: what is new in each, in the arguments of :meth:`counterfactual`, and trade elasticities
                [s] of its own where it has them.
            tolerance: largest log excess of any market that counts as solved.

        Raises:
            BadInput, NotConverged: as :meth:`counterfactual`; one that fails fails all.
        """
        large = self._base.gross.size >= LARGE
        # Draws of one package share its duties and costs: look at them once.
        asked = Counter(map(_identity, questions))
        often = {_identity(one): one for one in questions if asked[_identity(one)] >= (MANY if large else 2)}
        shared = {key: jax.tree.map(jnp.asarray, self._taken(self._change(one))) for key, one in often.items()}
        if large or any(isinstance(one.deficits, ExchangeRate) for one in questions):
            return side_by_side(lambda one: self._answer(self._inputs(one, shared), tolerance), questions)
        asking = [self._inputs(one, shared) for one in questions]
        rows = [row._replace(change=self._taken(row.change)) for row in asking]

        def solve_rows(begin: int) -> list[Outcome]:
            mine = rows[begin : begin + CHUNK]
            # A chunk that is not full repeats its last row, which is not solved.
            full = [*mine, *([mine[-1]] * (CHUNK - len(mine)))]
            stacked = jax.tree.map(lambda *parts: np.stack(parts), *full)
            found = jax.tree.map(np.asarray, solve_chunk(self._base, self._near, stacked, tolerance, len(mine)))
            return [
                self._outcome(row, jax.tree.map(lambda part, k=k: part[k], found))
                if found.residual[k] <= tolerance
                else self._answer(row, tolerance)
                for k, row in enumerate(mine)
            ]

        return [outcome for chunk in side_by_side(solve_rows, range(0, len(rows), CHUNK)) for outcome in chunk]

    def _inputs(self, question: Question, shared: Mapping[tuple[int, int], Change] = MappingProxyType({})) -> Inputs:
        """Return what the solver needs to answer ``question``; ``shared`` holds changes that were looked at already."""
        theta = question.trade_elasticity
        change = shared.get(_identity(question)) or self._change(question)
        closure, given = self._closure(question.deficits)
        start = self._point(question.start, given)
        return Inputs(self._base.theta if theta is None else self._elasticity(theta), change, given, start, closure)

    def _change(self, question: Question) -> Change:
        """Return the new duties and costs of ``question`` as the solver takes them."""
        shape = (len(self.regions), len(self.regions), len(self.sectors))
        gross, cost = self._base.gross, self._no_change
        if question.tariffs is not None:
            gross = _sectors_first(self._array(question.tariffs, "tariffs", shape, above=-1.0), plus=1.0)
        if question.trade_costs is not None:
            cost = _sectors_first(self._array(question.trade_costs, "trade_costs", shape, above=0.0))
        return Change(gross, cost)

    def _taken(self, change: Change) -> Change:
        """Return ``change`` with its logs taken, in numpy."""
        return taken(self._in_numpy, jax.tree.map(np.asarray, change), np.log)

    def _answer(self, asked: Inputs, tolerance: float) -> Outcome:
        base = self._base._replace(theta=asked.theta)
        found = solve(base, self._near, *asked[1:], tolerance)
        if not float(found.residual) <= tolerance:
            # The base response misleads far from the base; small steps are slow but sure.
            origin = self._point(None, asked.given)
            found = solve(base, None, *asked._replace(start=origin)[1:], tolerance)
        self._demand_converged(found, "the counterfactual", tolerance)
        return self._outcome(asked, found)

    def _outcome(self, asked: Inputs, found: Equilibrium) -> Outcome:
        return Outcome(
            self.regions,
            self.sectors,
            self._base._replace(theta=asked.theta),
            Accounts(*map(np.asarray, found.accounts._replace(gross=asked.change.gross))),
            self._base_accounts,
            float(found.residual),
            int(found.iterations),
            found.point,
        )

    def _point(self, start: Outcome | ArrayLike | None, given: Array | Target) -> Array:
        """Return the state to begin from; where deficits are free there is one unknown more."""
        known = start.point if isinstance(start, Outcome) else start
        point: Array = self._origin if known is None else known
        core = self._origin.shape[0]
        if isinstance(given, Target):
            return jnp.append(jnp.asarray(point)[:core], 0.0)
        return point if len(point) == core else point[:core]

    def gradient(
        self,
        objective: Objective,
        tariffs: ArrayLike | None = None,
        trade_costs: ArrayLike | None = None,
        deficits: Deficits = "fixed",
        wrt: str = "tariffs",
    ) -> Floats:
        """Return the derivative [i, n, s] of an outcome with respect to all duties at ``tariffs``.

        Args:
            objective: a function of an :class:`Outcome` that returns a scalar (written with
                jax.numpy), or a name: ``"welfare:JPN"``, ``"real_wage:USA"``, ``"output:JPN:C29"``
                (any property of Outcome, a region, and a sector where it has one).
            tariffs: [i, n, s] where to take the derivative; ``None`` is the base.
            trade_costs: [i, n, s] hats, as in :meth:`counterfactual`.
            deficits: as in :meth:`counterfactual`.
            wrt: ``"tariffs"`` (per unit of the duty as a fraction) or ``"trade_costs"`` (per unit of
                the hat).

        Raises:
            BadInput: a shape, value or name is wrong.
            NotConverged: the equilibrium or its adjoint was not found.
        """
        if wrt not in ("tariffs", "trade_costs"):
            raise BadInput(f"wrt: {wrt!r} is not known; use 'tariffs' or 'trade_costs'")
        outcome = self.counterfactual(tariffs, trade_costs, deficits)
        result = self.gradient_at(outcome, objective, deficits)
        if wrt == "tariffs":
            return _public(result.gross)
        by_log = _public(result.log_cost)
        return by_log if trade_costs is None else by_log / np.asarray(trade_costs)

    def gradient_at(self, outcome: Outcome, objective: Objective, deficits: Deficits = "fixed") -> Gradient:
        """Return value and derivatives (sector-major, [s, i, n]) at an outcome that was solved already.

        ``deficits`` are those of the outcome. See :meth:`gradient`.
        """
        closure, given = self._closure(deficits)
        derivative = gradient_of(objective_of(objective, self.regions, self.sectors))
        result = derivative(
            self._base,
            self._base_accounts,
            self._near,
            outcome.new,
            closure,
            given,
            outcome.point,
        )
        if not float(result.residual) <= RELATIVE_TOLERANCE:
            raise NotConverged(
                f"the gradient of {objective!r} was not found: its linear system is still off by "
                f"{float(result.residual):.1e} of its right-hand side"
            )
        return result

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

    # How the base is made.

    @classmethod
    def _at(cls, regions: tuple[str, ...], sectors: tuple[str, ...], base: Base, levels: Accounts) -> Economy:
        """Return the economy whose base is ``levels``, an equilibrium of ``base``."""
        economy = cls.__new__(cls)
        economy.regions, economy.sectors, economy.adjustments = regions, sectors, ()
        economy._base = economy._settle(
            base._replace(
                share=_shares(levels),
                gross=levels.gross,
                labour_income=levels.labour_income,
                spending=levels.spending,
                deficit=levels.deficit,
            )
        )
        return economy

    def _draft(
        self,
        flow: Floats,
        duty: Floats,
        inputs: Floats,
        added: Floats,
        theta: Floats,
        own: Floats | None,
        profit: Floats | None,
    ) -> tuple[Base, tuple[str, ...]]:
        """Return the base that the accounts describe, consistent or not, and what had to be changed."""
        output, spending, costs = flow.sum(1), (flow * (1 + duty)).sum(0), added + inputs.sum(2)
        world = added.sum()
        self._accounts_agree(output, spending, costs, added, world)
        deficit = flow.sum((0, 2)) - flow.sum((1, 2))
        if own is not None:
            gap = np.abs(own - deficit)
            if gap.max() > SLACK * world:
                worst = int(gap.argmax())
                raise BadInput(
                    f"deficits: {self.regions[worst]} is given {own[worst]:.6g}, "
                    f"its flows say {deficit[worst]:.6g}; leave deficits out here and change them with "
                    "counterfactual(deficits=...)"
                )
        if profit is not None:
            added, costs = added - profit * costs, (1.0 - profit) * costs
            if (added < 0).any():
                n, k = np.argwhere(added < 0)[0]
                raise BadInput(
                    f"profit_share: {self.regions[n]} {self.sectors[k]}: profits of {profit[n, k]:.6g} of sales are "
                    "more than the value added; use a smaller share"
                )
        made = costs > 0
        beta = np.where(made, added / np.where(made, costs, 1.0), 1.0)
        gamma = np.where(made[:, :, None], inputs / np.where(made, costs, 1.0)[:, :, None], 0.0)
        paid = output if profit is None else (1.0 - profit) * output
        final = spending - (gamma * paid[:, :, None]).sum(1)
        negative = np.argwhere(final < -1e-12 * world)
        adjustments = tuple(
            f"final demand of {self.regions[n]} for {self.sectors[s]} was {final[n, s]:.6g}, set to zero"
            for n, s in negative
        )
        final = np.maximum(final, 0.0)
        empty = np.flatnonzero(final.sum(1) <= 0)
        if empty.size:
            raise BadInput(f"flows: region {self.regions[empty[0]]} has no final demand; leave it out or merge it")
        share = flow * (1 + duty) / np.where(spending > 0, spending, 1.0)[None]
        base = Base(
            share=_sectors_first(share),
            gross=_sectors_first(duty, plus=1.0),
            theta=theta,
            beta=beta.T,
            gamma=gamma,
            alpha=(final / final.sum(1, keepdims=True)).T,
            labour_income=(beta * paid).sum(1),
            spending=spending.T,
            deficit=deficit,
            profit=None if profit is None else profit.T,
        )
        return base, adjustments

    def _elasticity(self, values: ArrayLike) -> Floats:
        return self._array(values, "trade_elasticity", (len(self.sectors),), above=0.0)

    def _inputs_allowed(self, inputs: Floats, added: Floats, negative: NDArray[np.int64]) -> None:
        """Refuse negative input use, save the trace of a by-product that published tables carry."""
        costs = added + inputs.sum(2)
        for n, k, s in negative:
            if -inputs[n, k, s] > BY_PRODUCT * costs[n, k]:
                raise BadInput(
                    f"input_use[{self._cell((n, k, s), inputs.shape)}] = {inputs[n, k, s]:.6g} must not be negative"
                )

    def _accounts_agree(self, output: Floats, spending: Floats, costs: Floats, added: Floats, world: float) -> None:
        """Refuse accounts whose sales and costs differ, or a region without income or spending."""
        gap = np.abs(output - costs)
        if gap.max() > SLACK * world:
            n, k = np.unravel_index(int(gap.argmax()), gap.shape)
            raise BadInput(
                f"{self.regions[n]} {self.sectors[k]}: sales are {output[n, k]:.6g} but value added and "
                f"inputs are {costs[n, k]:.6g}; output must equal both"
            )
        for what, level in (("value added", added.sum(1)), ("spending", spending.sum(1))):
            if (level <= 0).any():
                raise BadInput(f"region {self.regions[int(level.argmin())]} has no {what}; leave it out or merge it")

    def _settle(self, draft: Base) -> Base:
        """Return ``draft`` solved to an equilibrium; unchanged where it is one."""
        draft = draft.rebased()
        if _imbalance(draft) <= CONSISTENT:
            return _on_device(draft)
        origin, still = np.zeros(unknowns(draft)), Change(draft.gross, np.ones(draft.gross.shape))
        solved = solve(draft, None, still, draft.deficit, origin, NUMBERS["fixed"], CONSISTENT)
        self._demand_converged(solved, "the base")
        levels = Accounts(*map(np.asarray, solved.accounts))
        return _on_device(
            draft._replace(
                share=_shares(levels), labour_income=levels.labour_income, spending=levels.spending
            ).rebased()
        )

    def _demand_converged(self, solved: Equilibrium, what: str, tolerance: float = TOLERANCE) -> None:
        gap = float(solved.residual)
        if gap <= tolerance:
            return
        if not np.isfinite(gap):
            raise NotConverged(
                f"{what} has no equilibrium: some region's income or some price stops being positive; "
                "use smaller duties, trade costs or deficits"
            )
        raise NotConverged(
            f"{what} did not converge: after {int(solved.iterations)} steps some market is still off by "
            f"{gap:.1e} (needed {tolerance:.0e}); use a smaller change"
        )

    def _closure(self, deficits: Deficits) -> tuple[int, Array | Target]:
        if isinstance(deficits, ExchangeRate):
            aim = target(deficits, self.regions, self._base)
            return NUMBERS["given"], aim._replace(response=response_to_shift(self._base, self._near, aim))
        if isinstance(deficits, str):
            names = [name for name in CLOSURES if name != "given"]
            if deficits not in names:
                raise BadInput(
                    f"deficits: {deficits!r} is not known{did_you_mean(deficits, names)}; "
                    f"use {', '.join(names)} or an array of amounts by region"
                )
            return NUMBERS[deficits], self._base.deficit
        amounts = self._array(deficits, "deficits", (len(self.regions),))
        if abs(amounts.sum()) > SLACK * float(self._base.labour_income.sum()):
            raise BadInput(f"deficits: they sum to {amounts.sum():.6g}; over the world they must sum to zero")
        return NUMBERS["given"], jnp.asarray(amounts - amounts.mean())

    def _array(
        self,
        values: ArrayLike,
        name: str,
        shape: tuple[int, ...],
        at_least: float | None = None,
        above: float | None = None,
    ) -> Floats:
        """Return ``values`` as a float array of ``shape``, or say which cell is wrong."""
        try:
            array = np.asarray(values, dtype=float)
        except (TypeError, ValueError):
            raise BadInput(f"{name}: not an array of numbers") from None
        if array.shape != shape:
            raise BadInput(
                f"{name}: shape {array.shape}, needed {shape} "
                f"({len(self.regions)} regions, {len(self.sectors)} sectors)"
            )
        for wrong, sentence in (
            (~np.isfinite(array), "is missing or not finite"),
            (np.zeros(()) if at_least is None else array < at_least, f"must be at least {at_least}"),
            (np.zeros(()) if above is None else array <= above, f"must be above {above}"),
        ):
            if wrong.any():
                cell = np.unravel_index(int(np.argmax(wrong)), shape)
                raise BadInput(f"{name}[{self._cell(cell, shape)}] = {array[cell]:.6g} {sentence}")
        return array

    def _cell(self, cell: tuple[Any, ...], shape: tuple[int, ...]) -> str:
        """Return the labels of a cell of an array of ``shape``, for an error."""
        names = {len(self.sectors): self.sectors, len(self.regions): self.regions}
        axes = [names[size] for size in shape]
        # Where there are as many regions as sectors the size does not tell; the position does.
        if len(shape) > 1:
            axes[0] = self.regions
        if len(shape) == 3 and len(self.regions) == len(self.sectors):
            return str(tuple(int(index) for index in cell))
        return ", ".join(axis[int(index)] for axis, index in zip(axes, cell, strict=True))

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


def _identity(question: Question) -> tuple[int, int]:
    """Return what is the same in questions whose duties and costs are the same arrays."""
    return id(question.tariffs), id(question.trade_costs)


def _on_device(base: Base) -> Base:
    """Return the base as JAX arrays, so that a solve copies nothing."""
    device: Base = jax.tree.map(jnp.asarray, base)
    return device


def _shares(levels: Accounts) -> Floats:
    """Return the share [s, i, n] of spending that goes to each exporter."""
    spent = np.where(levels.spending > 0, levels.spending, 1.0)
    shares: Floats = levels.flow * levels.gross / spent[:, None, :]
    return shares


def _imbalance(base: Base) -> float:
    """Return the largest log excess of any market of ``base`` as it stands."""
    share, gross, _, _, gamma, alpha, labour_income, spending, deficit = map(np.asarray, base[:9])
    flow = share / gross * spending[:, None, :]
    made = base.made(flow)
    duties = (spending - flow.sum(1)).sum(0)
    paid = np.asarray(base.paid(made))
    profits = np.asarray(made - paid).sum(0)
    implied = alpha * (labour_income + duties + profits + deficit) + np.einsum("nks,kn->sn", gamma, paid)
    goods = np.where(spending > 0, implied, 1.0) / np.where(spending > 0, spending, 1.0)
    labour = np.asarray(base.earned(flow)).sum(0) / labour_income
    return float(max(np.abs(goods - 1).max(), np.abs(labour - 1).max()))


def _labels(names: Sequence[str], field: str) -> tuple[str, ...]:
    labels = tuple(str(name) for name in names)
    if not labels:
        raise BadInput(f"{field}: there are none")
    if len(set(labels)) < len(labels):
        twice = next(name for name in labels if labels.count(name) > 1)
        raise BadInput(f"{field}: {twice!r} stands twice")
    return labels


def _sectors_first(array: Floats, plus: float = 0.0) -> Floats:
    """Return [i, n, s] as [s, i, n], with ``plus`` added: one pass, since these arrays are the largest."""
    return np.add(np.moveaxis(array, 2, 0), plus, order="C")


def _public(array: Array) -> Floats:
    return np.ascontiguousarray(np.moveaxis(np.asarray(array), 0, 2))
