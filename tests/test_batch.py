"""Many counterfactuals at once equal one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest

from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.model import Economy, ExchangeRate, Outcome, Question, batch
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
    monkeypatch.setattr("tradetalks.model.batch.LARGE", 1)
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


@pytest.mark.parametrize("switches", [{}, {"pass_through": [0.7, 0.8, 0.9, 1.0]}])
@pytest.mark.parametrize("large", [False, True])
def test_one_change_in_each_draw_is_as_asked_draw_by_draw(
    economy: Economy, switches: dict[str, list[float]], large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = economy.with_switches(**switches) if switches else economy
    rng = np.random.default_rng(5)
    count = CHUNK + 3
    thetas = base.trade_elasticity * rng.uniform(0.7, 1.4, (count, 3))
    hats = [None if k % 4 == 0 else rng.uniform(0.9, 1.1, base.tariffs.shape) for k in range(count)]
    tariffs, costs = base.tariffs + 0.1, rng.uniform(0.95, 1.0, base.tariffs.shape)
    starts = np.tile(base.base_point, (count, 1))
    if large:
        monkeypatch.setattr("tradetalks.model.batch.LARGE", 1)
    sample = base.sample(thetas, hats)
    for own in (None, costs):
        both = [own if hat is None else hat if own is None else own * hat for hat in hats]
        questions = [Question(tariffs, one, "zero", None, theta) for one, theta in zip(both, thetas, strict=True)]
        found = base.in_each(sample, tariffs, own, "zero", starts)
        for one, other in zip(found, base.counterfactuals(questions), strict=True):
            np.testing.assert_allclose(one.welfare, other.welfare, atol=1e-8)
            np.testing.assert_allclose(one.flows, other.flows, rtol=1e-9)
            np.testing.assert_allclose(one.tariffs, tariffs, atol=1e-12)
            np.testing.assert_allclose(one.base.theta, other.base.theta)


def test_a_sample_is_checked(economy: Economy) -> None:
    thetas = np.array([economy.trade_elasticity, economy.trade_elasticity])
    with pytest.raises(BadInput, match=r"trade_costs: there are 1 for 2 draws"):
        economy.sample(thetas, [None])
    with pytest.raises(BadInput, match=r"trade_costs\[.*must be above 0"):
        economy.sample(thetas, [None, np.zeros(economy.tariffs.shape)])
    with pytest.raises(BadInput, match="trade_elasticity"):
        economy.sample(-thetas, [None, None])


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
        monkeypatch.setattr("tradetalks.model.batch.LARGE", 1)
        monkeypatch.setattr("tradetalks.model.batch.MANY", 2)
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


# What a graphics processor would do, on the processor: all in vectorised chunks.


def _compared(
    economy: Economy, questions: list[Question], monkeypatch: pytest.MonkeyPatch, lanes: int = 8
) -> list[Outcome]:
    """Return the vectorised answers to ``questions``, which equal those one at a time."""
    loop = economy.counterfactuals(questions, 1e-12)
    monkeypatch.setattr(batch, "accelerator", lambda: jax.devices()[0])
    monkeypatch.setattr(batch, "LANES", lanes)
    monkeypatch.setattr(Economy, "_answer", _never)
    together = economy.counterfactuals(questions, 1e-12)
    assert len(together) == len(loop)
    for one, other in zip(together, loop, strict=True):
        np.testing.assert_allclose(one.point, other.point, rtol=0.0, atol=1e-10)
        assert abs(one.residual - other.residual) <= 1e-10
        assert abs(one.iterations - other.iterations) <= 1
        np.testing.assert_allclose(one.flows, other.flows, rtol=1e-9)
        np.testing.assert_array_equal(one.base.theta, other.base.theta)
        np.testing.assert_array_equal(one.tariffs, other.tariffs)
    return together


def _never(*_: object) -> Outcome:
    raise AssertionError("a lane was solved again alone")


def _asked(economy: Economy, what: str) -> list[Question]:
    """Return 21 questions: two chunks of eight and one only part full."""
    rng = np.random.default_rng(5)
    shape = economy.tariffs.shape
    duties = [economy.tariffs + rng.uniform(0.0, 0.3, shape) for _ in range(3)]
    hats = rng.uniform(0.9, 1.1, shape)
    thetas = economy.trade_elasticity * rng.uniform(0.7, 1.4, (21, 3))
    near = economy.counterfactual(duties[0])
    shift = rng.normal(0.0, 0.05, len(economy.regions))
    amounts = economy.deficits + shift - shift.mean()
    rates = [ExchangeRate("R1", 0.02), ExchangeRate("R0", -0.01, against="R2")]
    asking = {
        "duties": lambda k: Question(duties[k % 3] * (1.0 + 0.01 * k)),
        "elasticities": lambda k: Question(duties[0], hats, trade_elasticity=thetas[k]),
        "both": lambda k: Question(duties[k % 3], hats if k % 2 else None, trade_elasticity=thetas[k // 2]),
        "nothing": lambda k: Question(duties[0]),
        "closures and starts": lambda k: Question(
            duties[k % 3], None, ("fixed", "own-gdp", "zero", amounts)[k % 4], (None, near, near.point)[k % 3]
        ),
        "rates": lambda k: Question(duties[k % 2], None, ("fixed", *rates)[k % 3]),
    }
    return [asking[what](k) for k in range(21)]


@pytest.mark.parametrize("what", ["duties", "elasticities", "both", "nothing", "closures and starts", "rates"])
def test_vectorised_equals_one_at_a_time(economy: Economy, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _compared(economy, _asked(economy, what), monkeypatch)


def test_vectorised_with_switches(economy: Economy, monkeypatch: pytest.MonkeyPatch) -> None:
    switches = {"labour_supply": 0.5, "revenue": "income-tax", "labour_tax": 0.2, "scale": 0.1, "pass_through": 0.8}
    _compared(economy.with_switches(**switches), _asked(economy, "both"), monkeypatch)


def test_a_large_economy_goes_through_vectorised_chunks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "LARGE", 1)
    economy = _economy(12, 3, seed=7)
    _compared(economy, _asked(economy, "both"), monkeypatch)


def test_a_lane_without_equilibrium_hurts_no_other(economy: Economy, monkeypatch: pytest.MonkeyPatch) -> None:
    good = Question(economy.tariffs + 0.1)
    drained = economy.deficits.copy()
    drained[0] -= 3.0 * economy.income[0]
    drained[1] += 3.0 * economy.income[0]
    questions = [good, Question(deficits=drained), Question()]
    monkeypatch.setattr(batch, "accelerator", lambda: jax.devices()[0])
    alone = economy.counterfactual(good.tariffs)
    ((rows, found),) = batch.solve_vectorised(
        economy._base, economy._near, [[economy._inputs(one) for one in questions]], 1e-10, jax.devices()[0]
    )
    assert len(rows) == 3
    assert found.point.shape[0] == 4, "a chunk part full repeats its last row"
    np.testing.assert_allclose(found.point[0], alone.point, rtol=0.0, atol=1e-9)
    assert found.residual[0] <= 1e-10
    assert found.residual[2] <= 1e-10
    assert found.iterations[2] == 1, "what has converged stands still while others go on"
    assert not found.residual[1] <= 1e-10
    with pytest.raises(NotConverged, match="has no equilibrium"):
        economy.counterfactuals(questions)


def test_what_lanes_share_is_there_once(economy: Economy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the host nor the program copies the duties and costs of draws that share them."""
    duties, hats = economy.tariffs + 0.1, np.full(economy.tariffs.shape, 0.9)
    rng = np.random.default_rng(6)
    questions = [
        Question(duties, hats, trade_elasticity=economy.trade_elasticity * draw) for draw in rng.uniform(0.8, 1.2, 8)
    ]
    sent = []
    solve = batch.solve_lanes
    monkeypatch.setattr(batch, "accelerator", lambda: jax.devices()[0])
    monkeypatch.setattr(batch, "solve_lanes", lambda *arguments: sent.append(arguments[2]) or solve(*arguments))
    economy.counterfactuals(questions)
    (inputs,) = sent
    assert inputs.change.gross.values.shape == (1, 3, 4, 4)
    assert inputs.change.trade_cost.values.shape == (1, 3, 4, 4)
    assert inputs.theta.values.shape == (8, 3)
    logs = jax.make_jaxpr(solve)(economy._base, economy._near, inputs, 1e-10)
    shapes = [one.outvars[0].aval.shape for one in logs.eqns[0].params["jaxpr"].eqns if one.primitive.name == "log"]
    assert (3, 4, 4) in shapes
    assert (8, 3, 4, 4) not in shapes


def test_few_distinct_duties_are_sent_once_each(economy: Economy) -> None:
    arrays = [np.full(2, float(k)) for k in range(3)]
    pooled = batch._pooled([arrays[k] for k in (0, 1, 0, 2, 1)])
    assert pooled.values.shape == (4, 2)
    assert pooled.whose.shape == (8,)
    picked = [np.asarray(pooled.of(k))[0] for k in range(5)]
    assert picked == [0.0, 1.0, 0.0, 2.0, 1.0]


@pytest.mark.parametrize(("cells", "many"), [(81 * 81 * 28, 256), (16 * 16 * 28, 1024), (10**9, 1)])
def test_a_chunk_fits_the_memory(cells: int, many: int) -> None:
    """Half a gigabyte an array at the most, a power of two."""
    assert batch.lanes(cells) == many
    assert many == 1 or many * cells * 8 <= 2**29


def test_the_processor_does_not_vectorise() -> None:
    assert jax.default_backend() == "cpu"
    assert batch.accelerator() is None


def test_chunks_go_to_the_device_and_single_solves_stay() -> None:
    """A second processor stands for the card: what is sent there stays together, and comes back."""
    script = """
import jax, numpy as np
from test_batch import _economy
from tradetalks.model import Question, batch
economy = _economy(3, 2)
questions = [Question(economy.tariffs + step) for step in (0.1, 0.2, 0.3)]
alone = [economy.counterfactual(one.tariffs, tolerance=1e-12) for one in questions]
first, second = jax.devices()
batch.accelerator = lambda: second
solve, where = batch.solve_lanes, []
def watched(*arguments):
    found = solve(*arguments)
    where.append(found.point.devices())
    return found
batch.solve_lanes = watched
for one, other in zip(economy.counterfactuals(questions, 1e-12), alone, strict=True):
    np.testing.assert_allclose(one.point, other.point, rtol=0.0, atol=1e-10)
assert where == [{second}], where
assert alone[0].point.devices() == {first}
"""
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, **flags}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
