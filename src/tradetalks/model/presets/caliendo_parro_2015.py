"""Caliendo & Parro (2015): 31 regions, 40 sectors, and what NAFTA's tariff cuts did.

Lorenzo Caliendo and Fernando Parro, "Estimates of the Trade and Welfare Effects of NAFTA", Review of
Economic Studies 82(1), 2015, pages 1-44. Names keep the paper's symbols: n importer, i exporter, j
sector, k using or supplying sector.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.model.economy import Economy
from tradetalks.model.labels import Labels, names
from tradetalks.model.outcome import position
from tradetalks.model.presets.comparison import Cell, Comparison, Table, read_arrays, read_table

Floats = NDArray[np.float64]

CITATION = (
    'L. Caliendo and F. Parro, "Estimates of the Trade and Welfare Effects of NAFTA", *Review of Economic '
    "Studies* 82(1), 2015, table 2: the effects of NAFTA's tariff changes, 1993 to 2005, other tariffs as in "
    "1993."
)

ARRAYS = {
    "regions": "n",
    "sectors": "j",
    "X_nj": "nj",
    "pi_nij": "nnj",
    "tau_nij": "nnj",
    "tau_nij_cfl": "nnj",
    "theta_j": "j",
    "gamma_nj": "nj",
    "gamma_nkj": "njj",
}

#: Shares of spending sum to one within this.
ROUNDED = 1e-6

#: Column of the published table -> where our result is.
RESULTS = {
    "real_wage_pct": "real_wage",
    "welfare_pct": "decomposition().welfare",
    "terms_of_trade_pct": "decomposition().terms_of_trade",
    "volume_of_trade_pct": "decomposition().volume_of_trade",
}


def caliendo_parro_2015(
    regions: Sequence[str],
    sectors: Sequence[str],
    X_nj: ArrayLike,
    pi_nij: ArrayLike,
    tau_nij: ArrayLike,
    gamma_nj: ArrayLike,
    gamma_nkj: ArrayLike,
    theta_j: ArrayLike,
) -> Economy:
    """Return the paper's economy, deficits as in its flows.

    Args:
        regions: N names.
        sectors: J names.
        X_nj: [n, j] spending, duty-inclusive.
        pi_nij: [n, i, j] share of n's spending on j that goes to i.
        tau_nij: [n, i, j] duty of importer n on i, as a fraction (the paper's tau less one).
        gamma_nj: [n, j] share of value added in output.
        gamma_nkj: [n, k, j] share of input k in the output of j.
        theta_j: [j] trade elasticity.

    Raises:
        BadInput: a shape or value is wrong; see :class:`Economy`.
    """
    labels = Labels(names(regions, "regions"), names(sectors, "sectors"))
    N, J = len(labels.regions), len(labels.sectors)
    spending = labels.array(X_nj, "X_nj", (N, J), at_least=0.0)
    share = labels.array(pi_nij, "pi_nij", (N, N, J), at_least=0.0)
    duty = np.swapaxes(labels.array(tau_nij, "tau_nij", (N, N, J), above=-1.0), 0, 1)
    inputs = labels.array(gamma_nkj, "gamma_nkj", (N, J, J))
    total = np.where(spending > 0, share.sum(1), 1.0)
    if (away := np.abs(total - 1.0)).max() > ROUNDED:
        cell = np.unravel_index(int(away.argmax()), away.shape)
        raise BadInput(
            f"pi_nij: the shares of {labels.cell(cell, (N, J))} sum to {total[cell]:.6g}; they must sum to 1"
        )
    flows = np.swapaxes(share, 0, 1) * spending / (1.0 + duty)
    output = flows.sum(1)
    return Economy(
        labels.regions,
        labels.sectors,
        flows=flows,
        tariffs=duty,
        input_use=np.swapaxes(inputs, 1, 2) * output[:, :, None],
        value_added=labels.array(gamma_nj, "gamma_nj", (N, J)) * output,
        trade_elasticity=theta_j,
    )


def read_nafta(directory: Path) -> tuple[Economy, Floats]:
    """Return the economy of 1993, deficits as observed, and the duties with NAFTA, [i, n, j].

    Args:
        directory: holds ``cp2015_nafta.npz`` with the arrays of ``ARRAYS``; ``tau_nij_cfl`` are the duties
            with NAFTA.

    Raises:
        BadInput: the folder does not have that layout.
    """
    data = read_arrays(directory / "cp2015_nafta.npz", ARRAYS)
    nafta = np.swapaxes(data.pop("tau_nij_cfl"), 0, 1)
    return caliendo_parro_2015(**data), nafta  # type: ignore[arg-type]


def validate_nafta(directory: Path) -> Comparison:
    """Return our NAFTA beside table 2 of the paper.

    Args:
        directory: holds the data that :func:`read_nafta` reads, and ``cp2015_table2.csv``.

    Raises:
        BadInput: the folder does not have that layout.
        NotConverged: an equilibrium was not found.
    """
    published = read_table(directory / "cp2015_table2.csv", "country", list(RESULTS))
    observed, duties = read_nafta(directory)
    # The authors remove the aggregate deficits first and compare with that base.
    without = observed.counterfactual(deficits="zero")
    balanced = without.economy()
    nafta = balanced.counterfactual(tariffs=duties)
    first_order = nafta.decomposition()
    ours = {
        "real_wage_pct": nafta.real_wage,
        "welfare_pct": first_order.welfare,
        "terms_of_trade_pct": first_order.terms_of_trade,
        "volume_of_trade_pct": first_order.volume_of_trade,
    }
    cells = []
    for column, result in RESULTS.items():
        for region, row in published.items():
            text = row[column]
            at = position(region, balanced.regions, "region")
            digits = len(text.partition(".")[2])
            cells.append(Cell(result, region, float(ours[column][at]), float(text), digits))
    exact = ", ".join(
        f"{region} {nafta.welfare[position(region, balanced.regions, 'region')]:.4f}" for region in published
    )
    kept = [line.removesuffix(", kept") for line in observed.adjustments if line.endswith(", kept")]
    emptied = len(observed.adjustments) - len(kept)
    notes = (
        "The base is the paper's: the 1993 economy solved again without aggregate deficits. NAFTA is "
        "measured against that, not against the observed year.",
        "`welfare` in our interface is the exact change of real income, I'/P'. The paper prints the "
        "first-order sum of terms of trade and volume of trade, which is `decomposition().welfare` here. "
        f"The two differ where duties fall far: exact welfare is {exact}. Real wages are exact in both.",
        f"Final demand, what spending leaves after input use, is negative in {emptied} cells of the published "
        "data. As the authors do, we set it to zero and share a region's income over the rest.",
        f"Negative inputs in the published data, kept as they are: {'; '.join(kept) or 'none'}.",
        f"Every market clears within {max(without.residual, nafta.residual):.0e} (log excess), after "
        f"{without.iterations} evaluations of the system without deficits and {nafta.iterations} with NAFTA.",
    )
    everyone = Table(
        "All regions, percent",
        ("region", "real wage", "exact welfare", "first-order welfare", "terms of trade", "volume of trade"),
        tuple(
            (
                region,
                *(float(column[n]) for column in (nafta.real_wage, nafta.welfare, *list(ours.values())[1:])),
            )
            for n, region in enumerate(balanced.regions)
        ),
    )
    return Comparison("cp2015", CITATION, "percent", tuple(cells), notes, (everyone,))
