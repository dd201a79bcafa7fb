"""Ignatenko, Lashkaripour, Macedoni & Simonovska (2025): the tariffs of 2 April 2025, 194 countries, one sector.

Anna Ignatenko, Ahmad Lashkaripour, Luca Macedoni and Ina Simonovska, "Making America great again? The economic
impacts of Liberation Day tariffs", Journal of International Economics 157, 2025, 104138. Names keep the
paper's symbols: j exporter, i importer, eps trade elasticity, kappa labour supply elasticity, psi scale
elasticity, nu share of spending earned by local services, phi pass-through, T transfers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.model.economy import Economy
from tradetalks.model.outcome import position

Floats = NDArray[np.float64]

#: Share of services in the trade of the rest of the world with itself, and of the USA, that nu reproduces.
SERVICES = (0.12, 0.26)

SECTOR = "all"


class LiberationDayEconomy(Economy):
    """The paper's economy: an :class:`Economy` of one sector that knows the duties that were announced.

    ``welfare`` is the paper's: utility of consumption and labour, the disutility of labour following the real
    wage bill. ``deficits`` are the paper's transfers T; the trade balance moves with services and prices.
    """

    home: int
    """Index of the country whose duties were announced."""
    announced: Floats
    """[j, i, 1] the announced duties, as fractions; zero everywhere else."""
    nu: Floats
    """[i] share of spending net of duty that labour of i itself earns."""
    phi: Floats
    """[i] elasticity of the price that a buyer feels to one plus the duty."""
    eps: float


def liberation_day_2025(
    flows: ArrayLike,
    gdp: ArrayLike,
    tariffs: ArrayLike,
    regions: Sequence[str] | None = None,
    home: str | int = "USA",
    eps: float = 4.0,
    kappa: float = 0.5,
    psi: float = 0.67 / 4.0,
    phi_tilde: float = 1.0,
    beta: float = 1.0,
    nu: ArrayLike | None = None,
    income_tax_relief: bool = True,
) -> LiberationDayEconomy:
    """Return the paper's economy: no duties in the base, the announced ones at hand.

    Args:
        flows: [j, i] exports of j to i; what stands on the diagonal is not read.
        gdp: [i] GDP, in the currency of the flows.
        tariffs: [j] duty that ``home`` announced on j, as a fraction.
        regions: N names; ``None`` numbers them from R1.
        home: the country that announced duties: a name, or its index.
        eps: trade elasticity.
        kappa: elasticity of labour supply.
        psi: scale elasticity; the paper's theta is one over it.
        phi_tilde: pass-through to the prices of firms (1 complete; the paper's variant 0.25).
        beta: share of labour in cost; below one, the rest is spent on the good itself (the paper's 0.49).
        nu: [i] share of services; ``None`` solves for it, see :func:`services_share`.
        income_tax_relief: duties cut the tax on labour; otherwise they are paid out as a lump sum.

    Domestic sales are what GDP and transfers leave after imports, zero at the least.

    Raises:
        BadInput: a shape or value is wrong.
    """
    names = _names(regions, flows)
    usa = _home(home, names)
    traded, income, announced = _read(flows, "flows", 2), _read(gdp, "gdp", 1), _read(tariffs, "tariffs", 1)
    N = len(names)
    if traded.shape != (N, N) or income.shape != (N,) or announced.shape != (N,):
        raise BadInput(
            f"flows {traded.shape}, gdp {income.shape}, tariffs {announced.shape}: needed are ({N}, {N}), ({N},) "
            f"and ({N},) for {N} regions"
        )
    for name, value in {"eps": eps, "kappa": kappa, "psi": psi, "phi_tilde": phi_tilde, "beta": beta}.items():
        if not isinstance(value, int | float | np.number) or not np.isfinite(value):
            raise BadInput(f"{name}: {value!r} is not a number")
    if not 0.0 < beta <= 1.0:
        raise BadInput(f"beta: {beta!r} must be above 0 and at most 1")
    np.fill_diagonal(traded, 0.0)
    services = services_share(traded, income, usa) if nu is None else np.broadcast_to(_read(nu, "nu", None), (N,))
    if not (services < 1.0).all():
        raise BadInput("nu: services must be below 1: somebody makes what is sold")
    sold = with_domestic_sales(traded, income, services)
    # phi = phi_tilde + (1 + theta) / ((1 - nu) theta) - 1 / theta - 1, with theta = 1 / psi.
    phi = phi_tilde + (1.0 + psi) / (1.0 - services) - psi - 1.0
    return paper_economy(names, usa, sold, announced, services, phi, eps, kappa, psi, beta, income_tax_relief)


def paper_economy(
    regions: Sequence[str],
    home: int,
    flows: Floats,
    tariffs: Floats,
    nu: Floats,
    phi: Floats,
    eps: float,
    kappa: float,
    psi: float,
    beta: float = 1.0,
    income_tax_relief: bool = True,
) -> LiberationDayEconomy:
    """Return the economy of ``flows`` [j, i], domestic sales included, with ``nu`` and ``phi`` [i] as they are.

    With nu = 0 and phi = 1 it is that of Eaton and Kortum with elastic labour. See :func:`liberation_day_2025`.
    """
    flows = flows.copy()
    own = np.arange(len(regions))
    # With inputs, sales at home are scaled up so that what they add is what it was.
    flows[own, own] /= beta
    output = flows.sum(1)
    economy = LiberationDayEconomy(
        regions,
        [SECTOR],
        flows[:, :, None],
        np.zeros((*flows.shape, 1)),
        ((1.0 - beta) * output)[:, None, None],
        (beta * output)[:, None],
        [eps],
    )
    economy = economy.with_switches(
        labour_supply=kappa,
        revenue="income-tax" if income_tax_relief and kappa else "lump-sum",
        services=nu,
        pass_through=phi,
        scale=psi,
        welfare="wage-bill" if kappa else "utility",
    )
    economy.home, economy.nu, economy.phi, economy.eps = home, nu, phi, eps
    economy.announced = np.zeros((*flows.shape, 1))
    economy.announced[:, home, 0] = tariffs
    economy.announced[home, home] = 0.0
    return economy


def services_share(flows: ArrayLike, gdp: ArrayLike, home: int, target: tuple[float, float] = SERVICES) -> Floats:
    """Return nu [i], one value for ``home`` and one for all others.

    The two are such that services make up the shares ``target`` of what the others and home produce.

    Args:
        flows: [j, i] exports of j to i, diagonal zero.
        gdp: [i] in the currency of the flows.
        home: index of the country that has a share of its own.
        target: shares of services of the others and of home.

    Raises:
        NotConverged: there is no such pair.
    """
    from scipy.optimize import root

    X, Y = np.asarray(flows, dtype=float), np.asarray(gdp, dtype=float)
    own = np.arange(len(Y)) == home
    exports = np.array([X[~own][:, own].sum(), X[own][:, ~own].sum()])
    inside = np.array([X[~own][:, ~own].sum(), 0.0])
    imports, income = exports[::-1] + inside, np.array([Y[~own].sum(), Y[own].sum()])

    def missing(nu: Floats) -> Floats:
        # What each earns abroad net of the buyers' services, and so what it spends at home.
        earned = (1.0 - nu) * inside + (1.0 - nu[::-1]) * exports
        at_home = income + (1.0 - nu) * (imports - earned) - exports[::-1]
        home_share = at_home / (at_home + exports)
        gap: Floats = home_share * nu + (1.0 - home_share) * nu[::-1] - np.asarray(target)
        return gap

    found = root(missing, np.array([0.1, 0.24]), tol=1e-12)
    if not found.success or np.abs(missing(found.x)).max() > 1e-9:
        raise NotConverged("nu: no shares of services reproduce the targets with these flows and this GDP")
    others, home_nu = np.maximum(found.x, 0.0)
    return np.asarray(np.where(own, home_nu, others), dtype=float)


def with_domestic_sales(flows: Floats, gdp: Floats, nu: Floats) -> Floats:
    """Return ``flows`` [j, i] with sales at home: what GDP and transfers leave after imports."""
    transfers = (1.0 - nu) * (flows.sum(0) - (flows * (1.0 - nu)).sum(1))
    sold = flows.copy()
    np.fill_diagonal(sold, np.maximum(gdp + transfers - flows.sum(0), 0.0))
    return sold


def uniform_optimum(economy: LiberationDayEconomy, abroad: str = "spending") -> float:
    """Return the paper's formula for the duty that serves ``home`` best, equal on all origins.

    t = 1 / ((1 + delta eps) phi - 1), with delta how little home's goods weigh in its markets: the mean over
    markets, by home's exports net of services, of one less home's share there.

    Args:
        economy: the paper's economy, in its base.
        abroad: exports of home are divided by its ``"spending"`` abroad (table 1) or by its ``"income"`` from
            other than sales at home (table 2, last panel); the authors use both.
    """
    flow, share = economy._base_accounts.flow[0], np.asarray(economy._base.share[0])
    n, nu = economy.home, economy.nu
    total = economy.spending[n, 0] if abroad == "spending" else np.asarray(economy._base.labour_income)[n]
    others = np.arange(len(nu)) != n
    felt = (flow[n] * (1.0 - nu) * (1.0 - share[n]))[others].sum()
    delta = felt / ((1.0 - nu[n]) * (total - flow[n, n]))
    return float(1.0 / ((1.0 + delta * economy.eps) * economy.phi[n] - 1.0))


def uniform_retaliation(economy: LiberationDayEconomy) -> float:
    """Return the paper's formula for the duty of all others on ``home``, as if they were one country."""
    flow, n, nu = economy._base_accounts.flow[0], economy.home, economy.nu
    others = np.arange(len(nu)) != n
    first = int(np.flatnonzero(others)[0])
    exports, sales = flow[others, n].sum(), flow[others][:, others].sum()
    income = np.asarray(economy._base.labour_income)[others].sum()
    felt = exports * (1.0 - nu[n]) * (1.0 - exports / (exports + flow[n, n]))
    delta = felt / ((1.0 - nu[first]) * (income - sales))
    return float(1.0 / ((1.0 + delta * economy.eps) * economy.phi[first] - 1.0))


def _names(regions: Sequence[str] | None, flows: ArrayLike) -> tuple[str, ...]:
    if regions is not None:
        return tuple(str(name) for name in regions)
    return tuple(f"R{n + 1}" for n in range(len(np.asarray(flows))))


def _home(home: str | int, names: tuple[str, ...]) -> int:
    """Return the index of ``home``, a name or an index from zero."""
    if not isinstance(home, int | np.integer):
        return position(home, names, "region")
    if not 0 <= home < len(names):
        raise BadInput(f"home: {home}: the index must be from 0 to {len(names) - 1}, or give a name")
    return int(home)


def _read(values: ArrayLike, name: str, axes: int | None) -> Floats:
    """Return ``values`` as floats of that many axes, none missing or below zero."""
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise BadInput(f"{name}: not an array of numbers") from None
    if axes is not None and array.ndim != axes:
        raise BadInput(f"{name}: shape {array.shape}, needed are {axes} axes")
    if not (np.isfinite(array) & (array >= 0)).all():
        raise BadInput(f"{name}: there is a value that is missing, not finite or below zero")
    return array
