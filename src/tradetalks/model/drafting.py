"""From published accounts to a base that is an equilibrium: checks, shares, and the one solve that it takes."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.model.accounts import Accounts
from tradetalks.model.closures import NUMBERS
from tradetalks.model.equilibrium import demand_converged, solve, unknowns
from tradetalks.model.labels import Labels, sectors_first
from tradetalks.model.system import Base, Change

Floats = NDArray[np.float64]

#: Costs may miss output, and deficits the flows, by this share of world value added: rounding of
#: published data.
SLACK = 1e-6

#: Published input-output tables hold a few small negative inputs (by-products, as in Caliendo & Parro's
#: Canada); up to this share of the sector's cost they are kept and reported.
BY_PRODUCT = 1e-3

#: A base that is off by more than this in any market is solved before it is used.
CONSISTENT = 1e-12


def drafted(
    labels: Labels,
    flows: ArrayLike,
    tariffs: ArrayLike,
    input_use: ArrayLike,
    value_added: ArrayLike,
    trade_elasticity: ArrayLike,
    deficits: ArrayLike | None,
    profit_share: ArrayLike | None,
) -> tuple[Base, tuple[str, ...]]:
    """Return the base that the accounts describe, consistent or not, and what was changed or is odd in them.

    The arguments are those of :class:`tradetalks.model.Economy`.

    Raises:
        BadInput: a shape or value is wrong, or the accounts contradict each other.
    """
    N, S = len(labels.regions), len(labels.sectors)
    flow = labels.array(flows, "flows", (N, N, S), at_least=0.0)
    duty = labels.array(tariffs, "tariffs", (N, N, S), above=-1.0)
    added = labels.array(value_added, "value_added", (N, S), at_least=0.0)
    inputs = labels.array(input_use, "input_use", (N, S, S))
    by_product = np.argwhere(inputs < 0)
    _inputs_allowed(labels, inputs, added, by_product)
    theta = labels.array(trade_elasticity, "trade_elasticity", (S,), above=0.0)
    own = None if deficits is None else labels.array(deficits, "deficits", (N,))
    profit = None if profit_share is None else labels.array(profit_share, "profit_share", (N, S), at_least=0.0)
    base, adjustments = _draft(labels, flow, duty, inputs, added, theta, own, profit)
    return base, adjustments + tuple(
        f"input_use[{labels.cell(tuple(cell), inputs.shape)}] = {inputs[tuple(cell)]:.6g} < 0, kept"
        for cell in by_product
    )


def settled(draft: Base) -> Base:
    """Return ``draft`` solved to an equilibrium, as JAX arrays; its numbers unchanged where it is one.

    Raises:
        NotConverged: it has none, or none was found.
    """
    draft = draft.rebased()
    if _imbalance(draft) <= CONSISTENT:
        return _as_jax(draft)
    origin, still = np.zeros(unknowns(draft)), Change(draft.gross, np.ones(draft.gross.shape))
    solved = solve(draft, None, still, draft.deficit, origin, NUMBERS["fixed"], CONSISTENT)
    demand_converged(solved, "the base")
    levels = Accounts(*map(np.asarray, solved.accounts))
    return _as_jax(
        draft._replace(share=shares(levels), labour_income=levels.labour_income, spending=levels.spending).rebased()
    )


def shares(levels: Accounts) -> Floats:
    """Return the share [s, i, n] of spending that goes to each exporter."""
    spent = np.where(levels.spending > 0, levels.spending, 1.0)
    found: Floats = levels.flow * levels.gross / spent[:, None, :]
    return found


def _draft(
    labels: Labels,
    flow: Floats,
    duty: Floats,
    inputs: Floats,
    added: Floats,
    theta: Floats,
    own: Floats | None,
    profit: Floats | None,
) -> tuple[Base, tuple[str, ...]]:
    regions, sectors = labels
    output, spending, costs = flow.sum(1), (flow * (1 + duty)).sum(0), added + inputs.sum(2)
    world = added.sum()
    _accounts_agree(labels, output, spending, costs, added, world)
    deficit = flow.sum((0, 2)) - flow.sum((1, 2))
    if own is not None:
        gap = np.abs(own - deficit)
        if gap.max() > SLACK * world:
            worst = int(gap.argmax())
            raise BadInput(
                f"deficits: {regions[worst]} is given {own[worst]:.6g}, "
                f"its flows say {deficit[worst]:.6g}; leave deficits out here and change them with "
                "counterfactual(deficits=...)"
            )
    if profit is not None:
        added, costs = added - profit * costs, (1.0 - profit) * costs
        if (added < 0).any():
            n, k = np.argwhere(added < 0)[0]
            raise BadInput(
                f"profit_share: {regions[n]} {sectors[k]}: profits of {profit[n, k]:.6g} of sales are "
                "more than the value added; use a smaller share"
            )
    made = costs > 0
    beta = np.where(made, added / np.where(made, costs, 1.0), 1.0)
    gamma = np.where(made[:, :, None], inputs / np.where(made, costs, 1.0)[:, :, None], 0.0)
    paid = output if profit is None else (1.0 - profit) * output
    final = spending - (gamma * paid[:, :, None]).sum(1)
    negative = np.argwhere(final < -1e-12 * world)
    adjustments = tuple(
        f"final demand of {regions[n]} for {sectors[s]} was {final[n, s]:.6g}, set to zero" for n, s in negative
    )
    final = np.maximum(final, 0.0)
    empty = np.flatnonzero(final.sum(1) <= 0)
    if empty.size:
        raise BadInput(f"flows: region {regions[empty[0]]} has no final demand; leave it out or merge it")
    share = flow * (1 + duty) / np.where(spending > 0, spending, 1.0)[None]
    base = Base(
        share=sectors_first(share),
        gross=sectors_first(duty, plus=1.0),
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


def _inputs_allowed(labels: Labels, inputs: Floats, added: Floats, negative: NDArray[np.int64]) -> None:
    """Refuse negative input use, save the trace of a by-product that published tables carry."""
    costs = added + inputs.sum(2)
    for n, k, s in negative:
        if -inputs[n, k, s] > BY_PRODUCT * costs[n, k]:
            raise BadInput(
                f"input_use[{labels.cell((n, k, s), inputs.shape)}] = {inputs[n, k, s]:.6g} must not be negative"
            )


def _accounts_agree(
    labels: Labels, output: Floats, spending: Floats, costs: Floats, added: Floats, world: float
) -> None:
    """Refuse accounts whose sales and costs differ, or a region without income or spending."""
    gap = np.abs(output - costs)
    if gap.max() > SLACK * world:
        n, k = np.unravel_index(int(gap.argmax()), gap.shape)
        raise BadInput(
            f"{labels.regions[n]} {labels.sectors[k]}: sales are {output[n, k]:.6g} but value added and "
            f"inputs are {costs[n, k]:.6g}; output must equal both"
        )
    for what, level in (("value added", added.sum(1)), ("spending", spending.sum(1))):
        if (level <= 0).any():
            raise BadInput(f"region {labels.regions[int(level.argmin())]} has no {what}; leave it out or merge it")


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


def _as_jax(base: Base) -> Base:
    """Return the base as JAX arrays, so that a solve copies nothing."""
    held: Base = jax.tree.map(jnp.asarray, base)
    return held
