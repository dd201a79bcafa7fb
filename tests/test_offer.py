"""Offers: the best one against every package, three that teach, and advice that adds up."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from talks_table import DRAWS, every, limited, table
from test_deals import printed
from tradetalks.cli.schema import answer_model
from tradetalks.ground.errors import BadInput
from tradetalks.talks.deals.acceptance import Table
from tradetalks.talks.deals.shapes import OfferAnswer
from tradetalks.talks.offer import desk as module
from tradetalks.talks.offer.answer import together
from tradetalks.talks.offer.changes import changes
from tradetalks.talks.offer.choosing import AS_ACCEPTABLE, alike, apart, chosen, gains, information, thinned
from tradetalks.talks.offer.deadline import outcomes, waiting
from tradetalks.talks.offer.desk import Desk, desk_of

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def sides() -> Table:
    return table()


@pytest.fixture(scope="module", params=[0, 1], ids=["JPN", "USA"])
def desk(request: pytest.FixtureRequest, sides: Table) -> Desk:
    return desk_of(sides, request.param)


def test_the_best_offer_is_the_best_of_every_package(sides: Table, desk: Desk) -> None:
    every_one = [sides.judged(sides.space.package(choice), choice=tuple(choice)) for choice in every(sides)]
    fair = [one for one in every_one if min(one.expected) >= 0.0]
    assert 1 < len(fair) < len(every_one)
    worth = [float((one.payoff[:, desk.seat] * one.accepted[:, 1 - desk.seat]).mean()) for one in fair]
    best = desk.judged[desk.best()]
    assert best.package.id == fair[int(np.argmax(worth))].package.id
    assert all(min(one.expected) >= 0.0 for one in desk.judged)
    assert gains(desk.own, desk.accepted).max() == pytest.approx(max(worth))
    assert desk.considered == len(every_one)


def test_the_two_seats_are_advised_apart(sides: Table) -> None:
    one, other = (desk_of(sides, seat) for seat in (0, 1))
    ours, theirs = one.judged[one.best()], other.judged[other.best()]
    assert ours.package.id != theirs.package.id
    assert ours.expected[0] > theirs.expected[0]
    assert theirs.expected[1] > ours.expected[1]


def test_one_offer_is_taken_as_it_is_accepted() -> None:
    rng = np.random.default_rng(3)
    surplus, noise = rng.normal(size=(1, 50)), np.exp(rng.normal(size=50))
    np.testing.assert_allclose(chosen(surplus, noise)[:, 0], 1 / (1 + np.exp(-surplus[0] / noise)))


@given(st.integers(0, 500), st.integers(1, 5))
def test_choices_sum_to_one_and_a_better_offer_is_taken_more(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    surplus, noise = 50 * rng.normal(size=(count, 20)), np.exp(rng.normal(size=20))
    found = chosen(surplus, noise)
    np.testing.assert_allclose(found.sum(1), 1.0)
    assert (found[np.arange(20), surplus.argmax(0)] >= found[:, :-1].max(1)).all()


def test_information_of_known_cases() -> None:
    sure = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert information(sure) == pytest.approx(1.0)
    assert information(np.full((5, 2), 0.5)) == pytest.approx(0.0)
    assert information(np.array([[1.0, 0.0], [1.0, 0.0]])) == pytest.approx(0.0)
    quarter = np.array([[0.9, 0.1], [0.1, 0.9]])
    assert information(quarter) == pytest.approx(1.0 + 0.9 * np.log2(0.9) + 0.1 * np.log2(0.1))


@given(st.integers(0, 300))
def test_information_is_between_none_and_the_entropy_of_the_draws(seed: int) -> None:
    rng = np.random.default_rng(seed)
    told = information(rng.dirichlet([0.3, 0.3, 0.3], size=2))
    assert -1e-12 <= told <= 1.0 + 1e-12


@given(st.integers(0, 200))
def test_three_offers_tell_as_much_as_any_three(seed: int) -> None:
    rng = np.random.default_rng(seed)
    surplus, noise = rng.normal(size=(6, 30)), np.ones(30)
    found, bits = apart(surplus, noise, [5, 2, 0, 1])
    told = {some: information(chosen(surplus[list(some)], noise)) for some in combinations([5, 2, 0, 1], 3)}
    assert bits == pytest.approx(max(told.values()))
    assert told[found] == pytest.approx(bits)


def test_fewer_than_three_are_all_taken() -> None:
    surplus = np.zeros((4, 5))
    assert apart(surplus, np.ones(5), [3])[0] == (3,)


def test_alike_means_alike_to_the_seat_and_acceptable() -> None:
    own = np.array([10.0, 10.4, 9.0, 3.0, 10.1])
    accepted = np.array([0.5, 0.6, 0.46, 0.9, 0.4])
    assert alike(own, accepted, 0).tolist() == [0, 1, 2]


def test_thinning_keeps_the_first_and_no_two_of_a_kind() -> None:
    rng = np.random.default_rng(0)
    kinds = rng.normal(size=(4, 40))
    surplus = np.concatenate([kinds, kinds + 1.0, kinds - 2.0])
    kept = thinned(surplus, np.arange(12), keep=4)
    assert kept[0] == 0
    # A constant more or less ranks nothing otherwise in the draws.
    assert {k % 4 for k in kept} == {0, 1, 2, 3}


def test_offers_made_together_are_equivalent(desk: Desk) -> None:
    best = desk.best()
    some, bits = together(desk, best)
    assert 1 <= len(some) <= 3
    assert bits >= 0.0
    own = np.array([one.deal.sides[desk.table.parties[desk.seat]].payoff_usd_bn.value or 0.0 for one in some])
    assert (np.abs(own - desk.expected[best]) <= 0.4 * abs(desk.expected[best]) + 1e-9).all()
    taken = [one.chosen or 0.0 for one in some]
    assert 0.0 < sum(taken) <= 1.0
    other = desk.table.parties[1 - desk.seat]
    floor = AS_ACCEPTABLE * desk.accepted[best].mean()
    assert all((one.deal.sides[other].acceptance.value or 0.0) >= floor - 1e-9 for one in some)


def test_advice_on_terms_is_the_change_of_the_best_offer(desk: Desk) -> None:
    best = desk.best()
    base = desk.judged[best]
    case_of = desk.table.valuation.case
    seen = 0
    for rows in changes(desk, best).values():
        for row in rows:
            ids = {term.id for term in base.package.terms}
            changed = ids - set(row.terms) if row.change == "drop" else ids | set(row.terms)
            if row.change == "replace":
                changed -= {"ten", "none"} - set(row.terms)
            choice = desk.table.space.choice(
                replace(base.package, terms=tuple(term for term in case_of.terms if term.id in changed))
            )
            assert choice is not None
            then = desk.table.judged(desk.table.space.package(choice), choice=choice).expected - base.expected
            assert row.own_usd_bn == pytest.approx(then[desk.seat])
            assert row.other_usd_bn == pytest.approx(then[1 - desk.seat])
            seen += 1
    assert seen
    advice = changes(desk, best)
    assert all(row.own_usd_bn < 0 < row.other_usd_bn for row in advice["keep back"])
    assert all(row.own_usd_bn > 0 for row in advice["ask"])


def test_a_month_of_waiting_is_a_twelfth_of_the_year(desk: Desk) -> None:
    best = desk.best()
    rows = waiting(desk, best)
    assert len(rows) == 3
    after = rows[-1].month_usd_bn
    np.testing.assert_allclose([12 * after[p] for p in desk.table.parties], desk.judged[best].point)


def test_outcomes_of_no_deal_change_the_answer(desk: Desk) -> None:
    best = desk.best()
    rows = {row.outcome: row for row in outcomes(desk, best)}
    assert set(rows) == {"snap-back", "extension"}
    assert rows["snap-back"].probability == 0.75
    for row in rows.values():
        assert row.then_gain_usd_bn >= row.best_offer_gain_usd_bn - 1e-12
        assert 0.0 <= row.best_offer_accepted <= 1.0


def test_limits_bind_the_best_offer() -> None:
    of = limited("{JPN: {never: [gas]}, USA: {only_with: [[cars, parts]]}}")
    for seat in (0, 1):
        desk = desk_of(of, seat)
        best = {term.id for term in desk.judged[desk.best()].package.terms}
        assert "gas" not in best
        assert best & {"cars", "parts"}
    with pytest.raises(BadInput, match="no package can be ratified"):
        desk_of(limited("{JPN: {veto: [energy], only_with: [[gas]]}}"), 0)


def test_a_space_too_large_to_compare_is_compared_along_its_frontier(
    sides: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPARED", 10)
    small = desk_of(sides, 0)
    assert 0 < small.considered <= 10
    assert small.own.shape[1] == DRAWS


def test_the_command_answers_by_its_schema() -> None:
    code, out, err = printed("offer us-japan-2025 --seat USA --draws 20 --json")
    assert code == 0, err
    answer = json.loads(out)
    jsonschema.validate(answer, answer_model("offer").model_json_schema(mode="serialization"))
    read = OfferAnswer.model_validate(answer)
    assert (read.seat, read.other) == ("USA", "JPN")
    assert read.question is not None
    assert read.question.expected_information > 0
    assert [row.outcome for row in read.outcomes] == ["snap-back", "extension"]
    assert len(read.equivalent) == 3
