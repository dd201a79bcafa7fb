"""Many counterfactuals at once equal one at a time."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.model import Economy, Question
from tradetalks.model.batch import CHUNK, side_by_side
from tradetalks.model.system import Change, shock, taken


def _economy(regions: int = 4, sectors: int = 3, seed: int = 1) -> Economy:
    """Return a small random economy with inputs, duties and deficits."""
    rng = np.random.default_rng(seed)
    flows = rng.uniform(0.1, 1.0, (regions, regions, sectors))
    flows[np.arange(regions), np.arange(regions)] += 5.0
    tariffs = rng.uniform(0.0, 0.2, flows.shape)
    tariffs[np.arange(regions), np.arange(regions)] = 0.0
    output = flows.sum(1)
    inputs = output[:, :, None] * rng.dirichlet(np.ones(sectors), (regions, sectors)) * 0.3
    names = [f"R{i}" for i in range(regions)], [f"S{s}" for s in range(sectors)]
    return Economy(*names, flows, tariffs, inputs, output - inputs.sum(2), rng.uniform(2.0, 6.0, sectors))


@pytest.fixture(scope="module")
def economy() -> Economy:
    return _economy()


def test_each_equals_the_single_answer_whatever_it_asks(economy: Economy) -> None:
    rng = np.random.default_rng(2)
    questions = []
    for k in range(CHUNK + 5):
        tariffs = economy.tariffs + rng.uniform(0.0, 0.3, economy.tariffs.shape)
        costs = rng.uniform(0.9, 1.1, economy.tariffs.shape) if k % 3 else None
        shift = rng.normal(0.0, 0.05, 4)
        deficits = ("fixed", "own-gdp", "zero", economy.deficits + shift - shift.mean())[k % 4]
        theta = economy.trade_elasticity * rng.uniform(0.7, 1.4) if k % 2 else None
        questions.append(Question(tariffs, costs, deficits, None, theta))
    for question, outcome in zip(questions, economy.counterfactuals(questions), strict=True):
        alone = economy if question.trade_elasticity is None else economy.with_elasticity(question.trade_elasticity)
        single = alone.counterfactual(question.tariffs, question.trade_costs, question.deficits)
        np.testing.assert_allclose(outcome.welfare, single.welfare, atol=1e-7)
        np.testing.assert_allclose(outcome.flows, single.flows, rtol=1e-8)
        np.testing.assert_allclose(outcome.tariffs, single.tariffs, atol=1e-12)
        np.testing.assert_allclose(outcome.base.theta, single.base.theta)


def test_a_start_at_the_answer_needs_one_step(economy: Economy) -> None:
    first = economy.counterfactual(economy.tariffs + 0.1)
    again, by_point = economy.counterfactuals(
        [Question(economy.tariffs + 0.1, start=first), Question(economy.tariffs + 0.1, start=first.point)]
    )
    assert again.iterations == by_point.iterations == 1


def test_a_large_economy_gives_the_same(economy: Economy, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = [Question(economy.tariffs + step, trade_elasticity=np.full(3, 3.0 + step)) for step in (0.0, 0.1)]
    small = economy.counterfactuals(questions)
    monkeypatch.setattr("tradetalks.model.economy.LARGE", 1)
    for one, other in zip(small, economy.counterfactuals(questions), strict=True):
        np.testing.assert_allclose(one.welfare, other.welfare, atol=1e-9)


@pytest.mark.parametrize("switches", [{}, {"pass_through": [0.7, 0.8, 0.9, 1.0]}])
def test_logs_taken_beforehand_make_the_same_shock(economy: Economy, switches: dict[str, list[float]]) -> None:
    base = (economy.with_switches(**switches) if switches else economy)._base
    rng = np.random.default_rng(4)
    gross, cost = np.asarray(base.gross) * rng.uniform(0.9, 1.3, base.gross.shape), rng.uniform(0.9, 1.1, (3, 4, 4))
    logs = taken(jax.tree.map(np.asarray, base), Change(gross, cost), np.log)
    assert logs.trade_cost is None
    for one, other in zip(shock(base, Change(gross, cost)), shock(base, logs), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)


@pytest.mark.parametrize("large", [False, True])
def test_draws_of_the_same_duties_equal_each_alone(
    economy: Economy, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where questions share the arrays of duties and costs, their logs are taken once; the answer is the same."""
    rng = np.random.default_rng(3)
    tariffs = economy.tariffs + rng.uniform(0.0, 0.3, economy.tariffs.shape)
    costs = rng.uniform(0.9, 1.1, economy.tariffs.shape)
    thetas = economy.trade_elasticity * rng.uniform(0.7, 1.4, (3, 3))
    asked = [(None, None), (tariffs, None), (None, costs), (tariffs, costs)]
    questions = [Question(new, hats, trade_elasticity=theta) for new, hats in asked for theta in thetas]
    if large:
        monkeypatch.setattr("tradetalks.model.economy.LARGE", 1)
        monkeypatch.setattr("tradetalks.model.economy.MANY", 2)
    for question, outcome in zip(questions, economy.counterfactuals(questions), strict=True):
        assert question.trade_elasticity is not None
        alone = economy.with_elasticity(question.trade_elasticity)
        single = alone.counterfactual(question.tariffs, question.trade_costs)
        np.testing.assert_allclose(outcome.flows, single.flows, rtol=1e-9)
        np.testing.assert_allclose(1.0 + outcome.welfare / 100, 1.0 + single.welfare / 100, rtol=1e-9)


def test_nothing_asked_nothing_answered(economy: Economy) -> None:
    assert economy.counterfactuals([]) == []


def test_a_wrong_question_is_refused_in_words(economy: Economy) -> None:
    wrong = economy.tariffs.copy()
    wrong[1, 2, 0] = -1.0
    with pytest.raises(BadInput, match="tariffs"):
        economy.counterfactuals([Question(), Question(wrong)])
    with pytest.raises(BadInput, match="trade_elasticity"):
        economy.counterfactuals([Question(trade_elasticity=np.zeros(3))])


def test_one_without_an_equilibrium_fails_all(economy: Economy) -> None:
    drained = economy.deficits.copy()
    drained[0] -= 3.0 * economy.income[0]
    drained[1] += 3.0 * economy.income[0]
    with pytest.raises(NotConverged):
        economy.counterfactuals([Question(), Question(deficits=drained)])


def test_side_by_side_keeps_the_order_and_raises() -> None:
    assert side_by_side(lambda x: x * x, range(10)) == [x * x for x in range(10)]
    assert side_by_side(lambda x: x, []) == []
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda x: 1 / x, [1, 0])
