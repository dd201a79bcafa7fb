"""Variants of an economy: the same base-year accounts with a switch of the system turned on.

See :mod:`tradetalks.model.switches` for the sources, and docs/model.md for the equations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.model.switches import Switches
from tradetalks.model.system import Base

Floats = NDArray[np.float64]

#: What duties collected pay for, where labour supply is elastic: the share that cuts the labour tax.
REVENUE = {"lump-sum": 0.0, "income-tax": 1.0}


def switched(
    base: Base,
    regions: Sequence[str],
    sectors: Sequence[str],
    *,
    labour_supply: ArrayLike,
    revenue: str,
    labour_tax: ArrayLike,
    services: ArrayLike,
    pass_through: ArrayLike,
    scale: ArrayLike,
    specific_factors: ArrayLike,
    welfare: str,
) -> Base:
    """Return ``base`` with the switches on whose values are not those of Caliendo & Parro.

    Arguments and errors are those of :meth:`tradetalks.model.Economy.with_switches`.
    """
    by_region, by_cell = (len(regions),), (len(regions), len(sectors))
    kappa = _values(labour_supply, "labour_supply", by_region, (regions,), 0.0)
    tax = _values(labour_tax, "labour_tax", by_region, (regions,), 0.0, below=1.0)
    nu = _values(services, "services", by_region, (regions,), 0.0, below=1.0)
    phi = _values(pass_through, "pass_through", by_region, (regions,), 0.0)
    psi = _values(scale, "scale", by_cell, (regions, sectors), 0.0)
    stays = _values(specific_factors, "specific_factors", by_cell, (regions, sectors), 0.0, below=1.0)
    for name, value, known in (("revenue", revenue, REVENUE), ("welfare", welfare, ("utility", "wage-bill"))):
        if value not in known:
            raise BadInput(f"{name}: {value!r} is not known{did_you_mean(value, known)}; use {' or '.join(known)}")
    supply = bool(kappa.any())
    if not supply and (revenue != "lump-sum" or tax.any() or welfare != "utility"):
        raise BadInput(
            "revenue, labour_tax, welfare: they only matter where labour supply is elastic; set labour_supply above 0"
        )
    theta = np.asarray(base.theta)
    tight = np.argwhere(psi * theta >= 1.0)
    if len(sectors) > 1 and tight.size:
        n, s = tight[0]
        raise BadInput(
            f"scale[{regions[n]}, {sectors[s]}] = {psi[n, s]:.3g} with a trade elasticity of {theta[s]:.3g}: their "
            "product must stay below 1, or a sector gathers in one region and there are many equilibria"
        )
    on = Switches(
        labour_supply=kappa if supply else None,
        relief=np.full(by_region, REVENUE[revenue]) if supply and REVENUE[revenue] else None,
        labour_tax=tax if tax.any() else None,
        wage_bill=np.ones(()) if welfare == "wage-bill" else None,
        services=nu if nu.any() else None,
        pass_through=phi if (phi != 1.0).any() else None,
        scale=psi.T if psi.any() else None,
        specific=stays.T if stays.any() else None,
    )
    if all(value is None for value in on):
        return base._replace(switches=None)
    return _with_services(base, nu)._replace(switches=on).rebased()


def _with_services(base: Base, nu: Floats) -> Base:
    """Return ``base`` with incomes as they are when labour of n earns the share ``nu`` [n] of n's purchases.

    Flows and spending stay. What makers get falls, so do their inputs; the deficit is what final demand
    exceeds income by, which is no longer imports less exports.
    """
    if not nu.any():
        return base
    base = base._replace(switches=Switches(services=nu))
    flow = np.asarray(base.share) / np.asarray(base.gross) * np.asarray(base.spending)[:, None, :]
    made = base.made(flow)
    paid = base.paid(made)
    spending = np.asarray(base.spending)
    final = spending - np.einsum("nks,kn->sn", np.asarray(base.gamma), np.asarray(paid))
    labour_income = np.asarray(base.earned(flow)).sum(0)
    duties = (spending - flow.sum(1)).sum(0)
    profits = np.asarray(made - paid).sum(0)
    return base._replace(
        alpha=final / final.sum(0),
        labour_income=labour_income,
        deficit=final.sum(0) - labour_income - duties - profits,
    )


def _values(
    values: ArrayLike,
    name: str,
    shape: tuple[int, ...],
    labels: tuple[Sequence[str], ...],
    at_least: float,
    below: float = np.inf,
) -> Floats:
    """Return ``values`` as an array of ``shape`` (a scalar or the last axis is repeated), or say what is wrong."""
    try:
        array = np.broadcast_to(np.asarray(values, dtype=float), shape)
    except (TypeError, ValueError):
        raise BadInput(f"{name}: needs one number, or an array that fits {shape}") from None
    wrong = ~(np.isfinite(array) & (array >= at_least) & (array < below))
    if wrong.any():
        cell = np.unravel_index(int(np.argmax(wrong)), shape)
        where = ", ".join(axis[int(index)] for axis, index in zip(labels, cell, strict=True))
        limit = f"at least {at_least:g}" + (f" and below {below:g}" if np.isfinite(below) else "")
        raise BadInput(f"{name}[{where}] = {array[cell]:.6g} must be {limit}")
    return np.array(array)
