"""Ignatenko, Lashkaripour, Macedoni & Simonovska (2025): the published tables, and the paper's equations by hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import root
from typer.testing import CliRunner

from tradetalks.cli.main import app
from tradetalks.ground.errors import BadInput
from tradetalks.model.presets import liberation_day_2025, validate
from tradetalks.model.presets.liberation_day_2025 import (
    LiberationDayEconomy,
    services_share,
    uniform_optimum,
    with_domestic_sales,
)
from tradetalks.model.presets.liberation_day_data import Data, read_data
from tradetalks.model.presets.liberation_day_scenarios import SCENARIOS, averaged, columns, scenario_of

FOLDER = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parents[2] / "shared"), "reference", "liberation_day")
needs_data = pytest.mark.skipif(not FOLDER.is_dir(), reason="the reference folder is not here")

N = 6
KAPPA, PSI, EPS = 0.5, 0.67 / 4.0, 4.0


def world(seed: int = 0) -> dict[str, Any]:
    """Return a small world in the paper's layout: trade, GDP, announced duties."""
    rng = np.random.default_rng(seed)
    flows = rng.uniform(0.5, 3.0, (N, N))
    np.fill_diagonal(flows, 0.0)
    return {
        "flows": flows,
        "gdp": flows.sum(0) * rng.uniform(3.0, 6.0, N),
        "tariffs": rng.uniform(0.1, 0.5, N),
        "regions": [f"C{n}" for n in range(N)],
        "home": "C2",
        "nu": rng.uniform(0.05, 0.25, N),
    }


def by_hand(
    e: LiberationDayEconomy, t: np.ndarray, beta: float, relief: bool, eps: float = EPS
) -> dict[str, np.ndarray]:
    """Return hats of wages, spending, labour and prices from the paper's equations (one sector), by a root finder."""
    X = e.flows[:, :, 0]
    nu, phi = e.nu, e.phi
    E, share = X.sum(0), X / X.sum(0)
    made = (X * (1.0 - nu)).sum(1)
    Y = beta * made + nu * X.sum(0)
    T = E - Y - (1.0 - beta) * made

    def parts(logs: np.ndarray) -> tuple[np.ndarray, ...]:
        w, spent, labour, price = np.exp(logs.reshape(4, N))
        size = (w / price) ** (1.0 - beta) * labour
        cost = w**beta * price ** (1.0 - beta) / size**PSI
        weights = share * cost[:, None] ** -eps * (1.0 + t) ** (-eps * phi)
        flow = weights / weights.sum(0) * E * spent / (1.0 + t)
        duties = (t * flow).sum(0)
        return w, spent, labour, price, weights, flow, duties

    def gaps(logs: np.ndarray) -> np.ndarray:
        w, spent, labour, price, weights, flow, duties = parts(logs)
        income = w * labour * Y
        made_new = (flow * (1.0 - nu)).sum(1)
        work = beta * made_new + nu * flow.sum(0) - income
        work[-1] = income.sum() - Y.sum()
        purse = duties + income + (1.0 - beta) * made_new + T * income.sum() / Y.sum() - E * spent
        tax = duties / income if relief else 0.0
        supply = labour - (w / price / (1.0 - tax)) ** KAPPA
        index = price - (spent / w) ** (1.0 - phi) * weights.sum(0) ** (-1.0 / eps)
        return np.concatenate([work / Y, purse / E, supply, index])

    found = root(gaps, np.zeros(4 * N), tol=1e-13)
    assert np.abs(found.fun).max() < 1e-10
    w, _, labour, price, _, flow, duties = parts(found.x)
    tax = duties / (w * labour * Y) if relief else 0.0
    final = Y + T
    final_new = duties + w * labour * Y + T
    weight = final / (final - KAPPA / (1.0 + KAPPA) * (1.0 - tax) * Y)
    welfare = weight * final_new / final / price + (1.0 - weight) * w * labour / price
    return {"wage": w, "labour": labour, "price": price, "flow": flow, "welfare": 100.0 * (welfare - 1.0)}


@pytest.mark.parametrize(("beta", "relief"), [(1.0, True), (1.0, False), (0.49, True), (0.49, False)])
def test_the_equations_are_the_papers(beta: float, relief: bool) -> None:
    economy = liberation_day_2025(**world(), beta=beta, income_tax_relief=relief)
    anything = np.random.default_rng(5).uniform(0.0, 0.4, (N, N, 1)) * (1.0 - np.eye(N))[:, :, None]
    for duties in (economy.announced, anything):
        ours = economy.counterfactual(tariffs=duties)
        theirs = by_hand(economy, duties[:, :, 0], beta, relief)
        np.testing.assert_allclose(ours.new.wage, theirs["wage"], rtol=1e-7)
        np.testing.assert_allclose(ours.new.labour, theirs["labour"], rtol=1e-7)
        np.testing.assert_allclose(ours.new.consumer_price, theirs["price"], rtol=1e-7)
        np.testing.assert_allclose(ours.flows[:, :, 0], theirs["flow"], rtol=1e-6)
        np.testing.assert_allclose(ours.welfare, theirs["welfare"], atol=1e-6)


def test_no_change_is_no_change() -> None:
    economy = liberation_day_2025(**world())
    still = economy.counterfactual()
    np.testing.assert_allclose(columns(still)[:, :6], 0.0, atol=1e-7)
    assert economy.announced[:, 2, 0].sum() == pytest.approx(world()["tariffs"].sum() - world()["tariffs"][2])


def test_the_gradient_of_the_papers_welfare() -> None:
    economy = liberation_day_2025(**world(), beta=0.49)
    gradient = economy.gradient("welfare:C2", economy.announced)[:, 2, 0]
    h = 1e-4
    for n in (0, 4):
        step = np.zeros_like(economy.announced)
        step[n, 2] = h
        up, down = (economy.counterfactual(economy.announced + s * step, tolerance=1e-13).welfare[2] for s in (1, -1))
        assert gradient[n] == pytest.approx((up - down) / (2 * h), rel=1e-5)


def test_shares_of_services_reach_their_targets() -> None:
    """The share of services in what a side produces is its own where it sells at home, the other's abroad."""
    data = world()
    nu = services_share(data["flows"], data["gdp"], 2, (0.12, 0.2))
    sold = with_domestic_sales(data["flows"], data["gdp"], nu)
    home = np.arange(N) == 2
    # Two countries: all others are one. Of what each sells, the buyer's services are the buyer's share.
    sales = np.array(
        [[sold[~home][:, ~home].sum(), sold[~home][:, home].sum()], [sold[home][:, ~home].sum(), sold[2, 2]]]
    )
    share = sales @ np.array([nu[0], nu[2]]) / sales.sum(1)
    np.testing.assert_allclose(share, [0.12, 0.2], atol=1e-8)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"home": "C9"}, "no region 'C9'"),
        ({"home": 99}, "the index must be from 0"),
        ({"home": -1}, "the index must be from 0"),
        ({"psi": np.nan}, "psi: nan is not a number"),
        ({"eps": "4"}, "eps: '4' is not a number"),
        ({"beta": 0.0}, "beta: 0.0 must be above 0"),
        ({"gdp": np.ones(3)}, "needed are"),
        ({"tariffs": -np.ones(N)}, "tariffs: there is a value that is missing, not finite or below zero"),
        ({"flows": "many"}, "flows: not an array of numbers"),
        ({"kappa": -1.0}, "labour_supply"),
        ({"nu": 1.0}, "nu: services must be below 1"),
    ],
    ids=str,
)
def test_bad_data_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        liberation_day_2025(**{**world(), **change})


@pytest.fixture(scope="module")
def data() -> Data:
    return read_data(FOLDER)


@needs_data
def test_the_optimum_with_inputs_is_certified_and_beats_the_announced(data: Data) -> None:
    economy = data.inputs
    best = economy.optimal_tariffs("USA")
    assert best.certified
    assert best.outcome.welfare[data.usa] > economy.counterfactual(economy.announced).welfare[data.usa]
    # At rest: no duty of the USA gains, by the gradient.
    slope = economy.gradient("welfare:USA", best.tariffs)[:, data.usa, 0]
    inside = (best.tariffs[:, data.usa, 0] > 1e-6) & (np.arange(len(slope)) != data.usa)
    worth = slope * economy.flows[:, data.usa, 0] / economy.flows[:, data.usa, 0].sum()
    assert np.abs(worth[inside]).max() < 1e-3


@needs_data
def test_the_formula_is_near_the_optimum_without_inputs(data: Data) -> None:
    """The paper's formula is a first-order one: between a half and one and a half of the best uniform duty."""
    best = data.main.optimal_tariffs("USA", instruments="uniform").average_tariff("USA")
    assert best is not None
    assert 0.5 < uniform_optimum(data.main) / best < 1.5


@needs_data
def test_every_published_figure_is_met_to_the_printed_digit(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    result = CliRunner().invoke(app, ["validate", "liberation_day", str(FOLDER), "--json", "-o", str(page)])
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["paper"] == "liberation_day"
    wrong = [cell for cell in answer["cells"] if not cell["agrees"]]
    assert not wrong
    assert answer["agrees"] is True
    ours = {(cell["result"], cell["region"]): cell["ours"] for cell in answer["cells"]}
    # The figures of the abstract's story, so that a wrong table cannot pass.
    assert round(ours["Table 1 Case 1: welfare_pct", "USA"], 2) == 1.13
    assert round(ours["Table 1 Case 2: welfare_pct", "USA"], 2) == -0.01
    text = page.read_text(encoding="utf-8")
    for key in SCENARIOS:
        assert " ".join(part for part in key if part).replace("_", " ") in text


def test_panels_are_known_by_the_first_words_of_their_heading() -> None:
    assert scenario_of("Table_2", "", "(3) USTR tariff + optimal retaliation") == ("Table_2", "", "(3)")
    assert scenario_of("Table_4", "Post-Retaliation Scenarios", "(1) reciprocal") == ("Table_4", "post", "(1)")
    assert scenario_of("Table_9", "", "Alternative 1: multiple sectors") is None


@needs_data
def test_groups_and_countries_of_a_row(data: Data) -> None:
    scenario = SCENARIOS["Table_1", "", "Case 1"]
    found = scenario.solve(data)
    np.testing.assert_array_equal(averaged(found, scenario, data, "USA"), found[data.usa])
    with pytest.raises(BadInput, match="country 'XXX' is not among the 194"):
        averaged(found, scenario, data, "XXX")


@needs_data
def test_a_folder_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="country_labels"):
        validate("liberation_day", tmp_path)
    for path in FOLDER.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "liberation_day_gdp.csv").write_text("gdp\n1.0\n", encoding="utf-8")
    with pytest.raises(BadInput, match="1 rows of 1 numbers, needed are 194 of 1"):
        validate("liberation_day", tmp_path)
