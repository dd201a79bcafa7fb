"""One change in many draws of the economy: of its trade elasticities and of the trade costs behind its base year.

What a draw is does not depend on what is asked of it, so it is looked at once (:class:`Sample`); then the same duties
are asked of all draws with next to nothing done for each but the solve.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.model import batch
from tradetalks.model.batch import CHUNK, Inputs, Question, side_by_side
from tradetalks.model.closures.exchange_rate import ExchangeRate
from tradetalks.model.counterfactuals import Counterfactuals, Deficits
from tradetalks.model.equilibrium import TOLERANCE
from tradetalks.model.labels import sectors_first
from tradetalks.model.outcome import Outcome
from tradetalks.model.system import Array, Change

Floats = NDArray[np.float64]


class Sample(NamedTuple):
    """Draws of an economy, checked."""

    trade_elasticity: Floats
    """[draw, s] theta."""
    trade_costs: tuple[Floats | None, ...]
    """Per draw [i, n, s] hats of the iceberg trade cost that belong to its base; ``None`` where there are none."""
    dearer: Floats
    """[draw, s, i, n] the logs of these."""

    @property
    def first(self) -> Sample:
        """The first draw alone."""
        return Sample(self.trade_elasticity[:1], self.trade_costs[:1], self.dearer[:1])


class Sampled(Counterfactuals):
    """Counterfactuals of many draws of one base year."""

    def sample(self, trade_elasticity: ArrayLike, trade_costs: Sequence[ArrayLike | None]) -> Sample:
        """Return draws of this economy.

        Args:
            trade_elasticity: [draw, s] theta, positive.
            trade_costs: per draw [i, n, s] hats by which its base differs from this one, positive; ``None``: by none.

        Raises:
            BadInput: a shape or value is wrong.
        """
        thetas = np.atleast_2d(np.asarray(trade_elasticity, dtype=float))
        if len(thetas) != len(trade_costs):
            raise BadInput(f"trade_costs: there are {len(trade_costs)} for {len(thetas)} draws of elasticities")
        hats = [
            None if own is None else self._labels.array(own, "trade_costs", self._flow_shape, above=0.0)
            for own in trade_costs
        ]
        dearer = np.zeros((len(thetas), *self._base.gross.shape))
        for k, own in enumerate(hats):
            if own is not None:
                dearer[k] = np.log(sectors_first(own))
        return Sample(np.array([self._elasticity(theta) for theta in thetas]), tuple(hats), dearer)

    @property
    def base_point(self) -> Floats:
        """The ``point`` of the base itself, where no start is better."""
        return np.asarray(self._origin)

    def in_each(
        self,
        sample: Sample,
        tariffs: ArrayLike | None,
        trade_costs: ArrayLike | None,
        deficits: Deficits,
        starts: Floats,
        tolerance: float = TOLERANCE,
    ) -> list[Outcome]:
        """Return the equilibrium of one change in each draw, as :meth:`counterfactuals` would.

        Args:
            sample: the draws.
            tariffs: as in :meth:`counterfactual`.
            trade_costs: as in :meth:`counterfactual`; they come on top of the draw's own.
            deficits: as in :meth:`counterfactual`.
            starts: [draw, u] the ``point`` of an outcome near each, to begin from.
            tolerance: largest log excess of any market that counts as solved.

        Raises:
            BadInput, NotConverged: as :meth:`counterfactual`; a draw that fails fails all.
        """
        large = self._base.gross.size >= batch.LARGE
        if large or batch.accelerator() is not None or isinstance(deficits, ExchangeRate):
            both = [_product(trade_costs, own) for own in sample.trade_costs]
            rows = zip(both, starts, sample.trade_elasticity, strict=True)
            questions = [Question(tariffs, costs, deficits, start, theta) for costs, start, theta in rows]
            return self.counterfactuals(questions, tolerance)
        change = self._taken(self._change(Question(tariffs, trade_costs)))
        shift = np.asarray(change.dearer)
        closure, given = self._closure(deficits)

        def alike(part: Array) -> Floats:
            return np.broadcast_to(np.asarray(part), (CHUNK, *np.shape(part)))

        gross, deficit, number = alike(change.gross), alike(given), alike(closure)

        def solve_rows(begin: int) -> list[Outcome]:
            # A chunk that is not full repeats its last row, which is not solved.
            mine = np.minimum(np.arange(begin, begin + CHUNK), len(starts) - 1)
            theta, dearer, start = sample.trade_elasticity[mine], sample.dearer[mine] + shift, starts[mine]
            stacked = Inputs(theta, Change(gross, None, dearer), deficit, start, number)
            asked = [
                Inputs(theta[k], Change(change.gross, None, dearer[k]), given, start[k], closure)
                for k in range(min(CHUNK, len(starts) - begin))
            ]
            return self._solved_rows(asked, stacked, tolerance)

        return [outcome for chunk in side_by_side(solve_rows, range(0, len(starts), CHUNK)) for outcome in chunk]


def _product(costs: ArrayLike | None, own: Floats | None) -> ArrayLike | None:
    """Return trade costs on top of a draw's own."""
    if costs is None or own is None:
        return own if costs is None else costs
    return np.asarray(np.asarray(costs) * own)
