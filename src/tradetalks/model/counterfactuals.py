"""Counterfactuals and gradients of a base year: what is asked becomes arrays, and the solved point an outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput, NotConverged, did_you_mean
from tradetalks.model import batch
from tradetalks.model.accounts import Accounts
from tradetalks.model.adjoint import RELATIVE_TOLERANCE, Gradient, gradient_of
from tradetalks.model.base_year import BaseYear
from tradetalks.model.batch import CHUNK, Inputs, Question, filled, side_by_side, solve_chunk, solve_vectorised
from tradetalks.model.closures import CLOSURES, NUMBERS
from tradetalks.model.closures.exchange_rate import ExchangeRate, Target, target
from tradetalks.model.drafting import SLACK
from tradetalks.model.equilibrium import TOLERANCE, Equilibrium, demand_converged, response_to_shift, solve
from tradetalks.model.labels import sectors_first, sectors_last
from tradetalks.model.objectives import Objective, objective_of
from tradetalks.model.outcome import Outcome
from tradetalks.model.system import Array, Change, taken

Floats = NDArray[np.float64]
Deficits = str | ArrayLike | ExchangeRate

#: The number of a closure, and the deficits [n] or the target that go with it.
Closed = tuple[int, Array | Target]


class Counterfactuals(BaseYear):
    """A base year that answers what a change does."""

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
        # Draws of one package share its duties and costs, and what else takes time: look at it once.
        rates = {one.deficits for one in questions if isinstance(one.deficits, ExchangeRate)}
        closures = {rate: self._closure(rate) for rate in rates}
        device = batch.accelerator()
        if device is not None:
            return self._vectorised(questions, closures, tolerance, device)
        if self._base.gross.size >= batch.LARGE or rates:
            asked = Counter(map(_identity, questions))
            often = {_identity(one): one for one in questions if asked[_identity(one)] >= batch.MANY}
            changes = {key: jax.tree.map(jnp.asarray, self._taken(self._change(one))) for key, one in often.items()}
            return side_by_side(lambda one: self._answer(self._inputs(one, changes, closures), tolerance), questions)
        changes = {key: self._taken(change) for key, change in self._changes(questions).items()}
        return self._looped([self._inputs(one, changes) for one in questions], tolerance)

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
            return sectors_last(result.gross)
        by_log = sectors_last(result.log_cost)
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

    # From questions to arrays.

    def _inputs(
        self,
        question: Question,
        changes: Mapping[tuple[int, int], Change] = MappingProxyType({}),
        closures: Mapping[ExchangeRate, Closed] = MappingProxyType({}),
    ) -> Inputs:
        """Return what the solver needs to answer ``question``; ``changes`` and ``closures`` are known already."""
        theta, deficits = question.trade_elasticity, question.deficits
        change = changes.get(_identity(question)) or self._change(question)
        known = closures.get(deficits) if isinstance(deficits, ExchangeRate) else None
        closure, given = known or self._closure(deficits)
        start = self._point(question.start, given)
        return Inputs(self._base.theta if theta is None else self._elasticity(theta), change, given, start, closure)

    def _change(self, question: Question) -> Change:
        """Return the new duties and costs of ``question`` as the solver takes them."""
        return Change(self._gross(question.tariffs), self._cost(question.trade_costs))

    def _changes(self, questions: Sequence[Question]) -> dict[tuple[int, int], Change]:
        """Return the changes of ``questions`` by :func:`_identity`: each array once, whatever it is combined with."""
        duties = {id(one.tariffs): one.tariffs for one in questions}
        hats = {id(one.trade_costs): one.trade_costs for one in questions}
        gross = {key: self._gross(array) for key, array in duties.items()}
        cost = {key: self._cost(array) for key, array in hats.items()}
        return {(duty, hat): Change(gross[duty], cost[hat]) for duty, hat in map(_identity, questions)}

    def _gross(self, tariffs: ArrayLike | None) -> Array:
        if tariffs is None:
            return self._base.gross
        return sectors_first(self._labels.array(tariffs, "tariffs", self._flow_shape, above=-1.0), plus=1.0)

    def _cost(self, trade_costs: ArrayLike | None) -> Array:
        if trade_costs is None:
            return self._no_change
        return sectors_first(self._labels.array(trade_costs, "trade_costs", self._flow_shape, above=0.0))

    @property
    def _flow_shape(self) -> tuple[int, int, int]:
        return len(self.regions), len(self.regions), len(self.sectors)

    def _taken(self, change: Change) -> Change:
        """Return ``change`` with its logs taken, in numpy."""
        return taken(self._in_numpy, jax.tree.map(np.asarray, change), np.log)

    def _closure(self, deficits: Deficits) -> Closed:
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
        amounts = self._labels.array(deficits, "deficits", (len(self.regions),))
        if abs(amounts.sum()) > SLACK * float(self._base.labour_income.sum()):
            raise BadInput(f"deficits: they sum to {amounts.sum():.6g}; over the world they must sum to zero")
        return NUMBERS["given"], jnp.asarray(amounts - amounts.mean())

    def _point(self, start: Outcome | ArrayLike | None, given: Array | Target) -> Array:
        """Return the state to begin from; where deficits are free there is one unknown more."""
        known = start.point if isinstance(start, Outcome) else start
        point: Array = self._origin if known is None else known
        core = self._origin.shape[0]
        if isinstance(given, Target):
            return jnp.append(jnp.asarray(point)[:core], 0.0)
        return point if len(point) == core else point[:core]

    # From arrays to outcomes.

    def _answer(self, asked: Inputs, tolerance: float) -> Outcome:
        base = self._base._replace(theta=asked.theta)
        found = solve(base, self._near, *asked[1:], tolerance)
        if not float(found.residual) <= tolerance:
            # The base response misleads far from the base; small steps are slow but sure.
            origin = self._point(None, asked.given)
            found = solve(base, None, *asked._replace(start=origin)[1:], tolerance)
        demand_converged(found, "the counterfactual", tolerance)
        return self._outcome(asked, found)

    def _looped(self, asked: Sequence[Inputs], tolerance: float) -> list[Outcome]:
        """Return the outcomes of a small economy: a chunk in one compiled loop, chunks on threads."""

        def solve_rows(begin: int) -> list[Outcome]:
            mine = asked[begin : begin + CHUNK]
            return self._solved_rows(mine, jax.tree.map(lambda *parts: filled(parts), *mine), tolerance)

        return [outcome for chunk in side_by_side(solve_rows, range(0, len(asked), CHUNK)) for outcome in chunk]

    def _solved_rows(self, asked: Sequence[Inputs], stacked: Inputs, tolerance: float) -> list[Outcome]:
        """Return the outcomes of a chunk: what is asked row by row, and the same stacked to the length of a chunk."""
        found = solve_chunk(self._base, self._near, stacked, tolerance, len(asked))
        return self._outcomes(asked, jax.tree.map(np.asarray, found), tolerance)

    def _vectorised(
        self, questions: Sequence[Question], closures: Mapping[ExchangeRate, Closed], tolerance: float, device: Any
    ) -> list[Outcome]:
        """Return the outcomes of vectorised chunks; those with an exchange rate to meet have chunks of their own."""
        size = batch.lanes(self._base.gross.size)

        def chunks(mine: Sequence[Question]) -> Iterator[list[Inputs]]:
            for begin in range(0, len(mine), size):
                asked = mine[begin : begin + size]
                changes = self._changes(asked)
                yield [self._inputs(one, changes, closures) for one in asked]

        answers: dict[int, Outcome] = {}
        for free in (False, True):
            places = [k for k, one in enumerate(questions) if isinstance(one.deficits, ExchangeRate) is free]
            mine = chunks([questions[k] for k in places])
            solved = solve_vectorised(self._base, self._near, mine, tolerance, device)
            outcomes = [outcome for rows, found in solved for outcome in self._outcomes(rows, found, tolerance)]
            answers |= dict(zip(places, outcomes, strict=True))
        return [answers[k] for k in range(len(questions))]

    def _outcomes(self, asked: Sequence[Inputs], found: Equilibrium, tolerance: float) -> list[Outcome]:
        """Return the outcome of each equilibrium, stacked; one that was not found is tried again with small steps."""
        return [
            self._outcome(row, found.row(k)) if found.residual[k] <= tolerance else self._answer(row, tolerance)
            for k, row in enumerate(asked)
        ]

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


def _identity(question: Question) -> tuple[int, int]:
    """Return what is the same in questions whose duties and costs are the same arrays."""
    return id(question.tariffs), id(question.trade_costs)
