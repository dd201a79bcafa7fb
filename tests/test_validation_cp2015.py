"""Caliendo & Parro (2015), table 2: against the printed figures and against a solver of another kind."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.model.presets import Comparison, caliendo_parro_2015, validate
from tradetalks.model.presets.caliendo_parro_2015 import ARRAYS
from tradetalks.model.presets.comparison import Cell

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parents[2] / "shared"))
FOLDER = SHARED / "reference" / "cp2015"
needs_reference = pytest.mark.skipif(not FOLDER.is_dir(), reason="the reference folder cp2015 is not here")

Floats = np.ndarray


@pytest.fixture(scope="module")
def found() -> Comparison:
    return validate("cp2015", FOLDER)


@needs_reference
def test_every_published_figure_to_the_printed_digit(found: Comparison) -> None:
    ours = {(cell.result, cell.region): cell for cell in found.cells}
    assert len(ours) == 12
    assert found.agrees, [cell for cell in found.cells if not cell.agrees]
    # The figures that everybody quotes, so that a wrong table cannot pass.
    for region, real_wage, first_order in (("Mexico", 1.72, 1.31), ("Canada", 0.32, -0.06), ("USA", 0.11, 0.08)):
        assert round(ours["real_wage", region].ours, 2) == real_wage
        assert round(ours["decomposition().welfare", region].ours, 2) == first_order


@needs_reference
def test_exact_welfare_is_another_number_and_the_page_says_so(found: Comparison) -> None:
    page = found.page()
    assert "exact welfare is Mexico 0.0073, Canada -0.1101, USA 0.0741" in page
    assert "solved again without aggregate deficits" in page
    assert "is negative in 18" in page
    assert "input_use[Canada, Basic metals, Other]" in page
    assert page.count("| yes |") == 12
    shipped = (Path(__file__).parents[1] / "docs" / "validation" / "cp2015.md").read_text()

    def figures(text: str) -> list[str]:
        # How many steps it takes may differ between machines in the last one.
        return [line for line in text.splitlines() if not line.startswith("- Every market clears")]

    assert figures(page) == figures(shipped), "run: tradetalks validate cp2015 -o docs/validation/cp2015.md"


def prices_and_shares(
    wage: Floats, share: Floats, factor: Floats, theta: Floats, beta: Floats, gamma: Floats
) -> tuple[Floats, Floats, Floats]:
    """Iterate prices for given wages; return costs, prices [n, s] and new shares [i, n, s]."""
    price = np.ones_like(beta)
    taxed = share * factor**-theta
    for _ in range(500):
        cost = wage[:, None] ** beta * np.exp((np.log(price)[:, None, :] @ gamma)[:, 0, :])
        weights = taxed * (cost**-theta)[:, None, :]
        new = weights.sum(0) ** (-1 / theta)
        if np.abs(np.log(new / price)).max() < 1e-12:
            return cost, new, weights / weights.sum(0)
        price = new
    raise AssertionError("prices did not settle")


def solve_by_wages(
    share: Floats, duty: Floats, new_duty: Floats, theta: Floats, beta: Floats, gamma: Floats, alpha: Floats, wl: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return hats of wages and prices, and new shares and spending, with balanced trade.

    Nested as in the paper: prices for given wages, spending by a linear system, and Broyden's
    iteration on the labour markets from a Jacobian by differences. Arrays are [i, n, s], [n, s];
    ``gamma[n, input, user]``.
    """
    N, S = beta.shape
    factor = (1 + new_duty) / (1 + duty)

    def excess(log_wage: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        wage = np.exp(log_wage - np.log((wl * np.exp(log_wage)).sum() / wl.sum()))
        _, price, new = prices_and_shares(wage, share, factor, theta, beta, gamma)
        sold = new / (1 + new_duty)
        # X[n,s] = alpha[n,s] (w L + sum_j duties[n,j] X[n,j]) + sum_k gamma[n,s,k] sum_m sold[n,m,k] X[m,k]
        matrix = np.einsum("nsk,nmk->nsmk", gamma, sold)
        own = np.arange(N)
        matrix[own, :, own, :] += alpha[:, :, None] * (new_duty * sold).sum(0)[:, None, :]
        right = alpha * (wl * wage)[:, None]
        flat = np.linalg.solve(np.eye(N * S) - matrix.reshape(N * S, N * S), right.ravel())
        spending = flat.reshape(N, S)
        output = np.einsum("nmk,mk->nk", sold, spending)
        return np.log((beta * output).sum(1) / (wl * wage)), wage, price, spending

    log_wage, h = np.zeros(N), 1e-6
    gap, wage, price, spending = excess(log_wage)
    jacobian = np.stack([(excess(log_wage + h * e)[0] - gap) / h for e in np.eye(N)], axis=1)
    for _ in range(100):
        # Wages are relative: the pseudo-inverse leaves out the direction in which all move together.
        step = -np.linalg.pinv(jacobian, rcond=1e-6) @ gap
        step *= min(1.0, 0.03 / np.abs(step).max())
        log_wage = log_wage + step
        before = gap
        gap, wage, price, spending = excess(log_wage)
        if np.abs(gap).max() < 1e-11:
            return wage, price, prices_and_shares(wage, share, factor, theta, beta, gamma)[2], spending
        jacobian += np.outer(gap - before - jacobian @ step, step) / (step @ step)
    raise AssertionError(f"wages did not settle: {np.abs(gap).max()}")


@needs_reference
@pytest.mark.slow
def test_all_regions_against_a_solver_of_another_kind(found: Comparison) -> None:
    """Nothing but NumPy and the published arrays: no code shared with the model."""
    data = np.load(FOLDER / "cp2015_nafta.npz")
    share, duty, nafta_duty = (np.swapaxes(data[key], 0, 1) for key in ("pi_nij", "tau_nij", "tau_nij_cfl"))
    theta, gamma = data["theta_j"], data["gamma_nkj"]
    # Costs add up to one in the published data only to seven digits.
    whole = data["gamma_nj"] + gamma.sum(1)
    beta, gamma = data["gamma_nj"] / whole, gamma / whole[:, None, :]
    output = (share / (1 + duty) * data["X_nj"]).sum(1)
    final = np.maximum(data["X_nj"] - np.einsum("nsk,nk->ns", gamma, output), 0)
    alpha = final / final.sum(1, keepdims=True)
    wl = (beta * output).sum(1)

    # The base without deficits, then NAFTA from there.
    wage0, _, share0, spending0 = solve_by_wages(share, duty, duty, theta, beta, gamma, alpha, wl)
    wl0 = wl * wage0
    wage, price, share1, spending1 = solve_by_wages(share0, duty, nafta_duty, theta, beta, gamma, alpha, wl0)
    consumer = np.exp((alpha * np.log(price)).sum(1))
    income0 = wl0 + (share0 * duty / (1 + duty) * spending0).sum((0, 2))
    income1 = wl0 * wage + (share1 * nafta_duty / (1 + nafta_duty) * spending1).sum((0, 2))
    theirs = {
        "real wage": 100 * (wage / consumer - 1),
        "exact welfare": 100 * (income1 / income0 / consumer - 1),
    }
    (table,) = found.tables
    assert len(table.rows) == 31
    for column, values in theirs.items():
        ours = np.array([row[table.columns.index(column)] for row in table.rows], dtype=float)
        np.testing.assert_allclose(ours, values, atol=1e-6, err_msg=column)


def test_a_cell_agrees_to_the_printed_digit_only() -> None:
    assert Cell("real_wage", "Mexico", 1.7249, 1.72, 2).agrees
    assert not Cell("real_wage", "Mexico", 1.7251, 1.72, 2).agrees
    assert not Cell("real_wage", "Mexico", 1.7149, 1.72, 2).agrees


def test_the_preset_takes_the_papers_notation() -> None:
    """Two regions, one sector, no inputs: flows net of duty are pi X / (1 + tau), importer first in pi."""
    economy = caliendo_parro_2015(
        ["A", "B"],
        ["G"],
        X_nj=[[10.0], [20.0]],
        pi_nij=[[[0.8], [0.2]], [[0.1], [0.9]]],
        tau_nij=[[[0.0], [0.25]], [[0.0], [0.0]]],
        gamma_nj=np.ones((2, 1)),
        gamma_nkj=np.zeros((2, 1, 1)),
        theta_j=[4.0],
    )
    np.testing.assert_allclose(economy.flows[:, :, 0], [[8.0, 2.0], [1.6, 18.0]])
    assert economy.tariffs[1, 0, 0] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pi_nij": [[[0.8], [0.8]], [[0.1], [0.9]]]}, "the shares of A, G sum to 1.6"),
        ({"pi_nij": [[0.8, 0.2]]}, "pi_nij: shape"),
        ({"tau_nij": "none"}, "tau_nij: not an array"),
        ({"X_nj": [[10.0], [-20.0]]}, r"X_nj\[B, G\] = -20 must be at least"),
    ],
    ids=str,
)
def test_what_the_preset_cannot_use_is_named_as_the_paper_names_it(change: dict[str, object], words: str) -> None:
    good = {
        "X_nj": [[10.0], [20.0]],
        "pi_nij": [[[0.8], [0.2]], [[0.1], [0.9]]],
        "tau_nij": np.zeros((2, 2, 1)),
        "gamma_nj": np.ones((2, 1)),
        "gamma_nkj": np.zeros((2, 1, 1)),
        "theta_j": [4.0],
    }
    with pytest.raises(BadInput, match=words):
        caliendo_parro_2015(["A", "B"], ["G"], **{**good, **change})  # type: ignore[arg-type]


def copied(folder: Path) -> Path:
    for file in FOLDER.iterdir():
        shutil.copyfile(file, folder / file.name)
    return folder


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as done:
        run(["validate", *arguments])
    out, err = capsys.readouterr()
    assert (done.value.code, out) == (2, "")
    assert "Traceback" not in err
    return err


def test_wrong_papers_and_folders_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no folder" in refused(capsys, "cp2015", str(tmp_path / "nowhere"))
    assert "did you mean cp2015?" in refused(capsys, "cp2016", str(tmp_path))
    assert "cp2015_table2.csv" in refused(capsys, "cp2015", str(tmp_path))
    table = tmp_path / "cp2015_table2.csv"
    table.write_text("country,welfare_pct\nMexico,1.31\n")
    assert "the column real_wage_pct is missing" in refused(capsys, "cp2015", str(tmp_path))
    header = "country,welfare_pct,terms_of_trade_pct,volume_of_trade_pct,real_wage_pct\n"
    table.write_text(header + "Mexico,1.31,many,1.72,1.72\n")
    assert "Mexico terms_of_trade_pct: 'many' is not a number" in refused(capsys, "cp2015", str(tmp_path))
    table.write_text(header + "Mexico,1.31,-0.41,1.72,1.72\n")
    assert "cp2015_nafta.npz: there is no such file" in refused(capsys, "cp2015", str(tmp_path))
    (tmp_path / "cp2015_nafta.npz").write_text("not an archive")
    assert "cannot be read as a NumPy .npz file" in refused(capsys, "cp2015", str(tmp_path))
    np.savez(tmp_path / "cp2015_nafta.npz", regions=np.array(["Mexico"]))
    assert "the array sectors is missing; needed are regions[n]" in refused(capsys, "cp2015", str(tmp_path))
    arrays = {name: np.ones([2] * len(axes)) for name, axes in ARRAYS.items()}
    np.savez(tmp_path / "cp2015_nafta.npz", **{**arrays, "pi_nij": np.ones((2, 3, 2))})
    assert "pi_nij has shape (2, 3, 2)" in refused(capsys, "cp2015", str(tmp_path))


@needs_reference
def test_a_region_of_the_table_that_the_data_do_not_have(tmp_path: Path) -> None:
    table = copied(tmp_path) / "cp2015_table2.csv"
    table.write_text(table.read_text().replace("Mexico", "Mexiko"))
    with pytest.raises(BadInput, match="no region 'Mexiko' in this economy; did you mean Mexico"):
        validate("cp2015", tmp_path)


@needs_reference
def test_the_command_prints_cells_and_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    with pytest.raises(SystemExit) as done:
        run(["validate", "cp2015", str(FOLDER), "--json", "-o", str(page)])
    out, err = capsys.readouterr()
    assert (done.value.code, err) == (0, "")
    answer = json.loads(out)
    assert answer["agrees"]
    assert len(answer["cells"]) == 12
    assert {"result", "region", "ours", "theirs", "difference", "agrees"} == set(answer["cells"][0])
    assert page.read_text().startswith("# Validation: cp2015")
