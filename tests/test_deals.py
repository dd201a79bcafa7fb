"""Deals: the frontier and the fair points against every package of a small case, each solved in full."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import tradetalks.cli.deals as command
from talks_table import DRAWS, case, every, limited, table
from tradetalks.cli.deal_table import named, opened
from tradetalks.cli.main import run
from tradetalks.cli.schema import answer_model
from tradetalks.ground.errors import BadInput
from tradetalks.talks.deals import search as searching
from tradetalks.talks.deals.acceptance import Table
from tradetalks.talks.deals.answer import answer_of, little_to_share
from tradetalks.talks.deals.constraints import refusals
from tradetalks.talks.deals.search import Found, land_of, search
from tradetalks.talks.deals.shapes import Beyond, DealsAnswer, TermShown
from tradetalks.talks.deals.solutions import CONCEPTS
from tradetalks.talks.deals.space import space_of
from tradetalks.talks.deals.surrogate import Surrogate
from tradetalks.talks.deals.valued import economic, worth, worth_drawn, worths
from tradetalks.value.case import Case
from tradetalks.value.constraints import limits
from tradetalks.value.package import package_of

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def sides() -> Table:
    return table()


@pytest.fixture(scope="module")
def found(sides: Table) -> Found:
    return search(sides, lambda what, share: None)


@pytest.fixture(scope="module")
def full(sides: Table) -> Floats:
    """Expected payoffs of every package, each solved in full."""
    packages = [sides.space.package(choice) for choice in every(sides)]
    return np.array([sides.judged(package).expected for package in packages])


def efficient(points: Floats) -> set[int]:
    """Rational rows that no rational row beats."""
    rows = [k for k, point in enumerate(points) if (point >= 0).all()]
    return {
        k
        for k in rows
        if not any((points[j] >= points[k]).all() and (points[j] > points[k]).any() for j in rows)
    }  # fmt: skip


def names(of: Table, places: set[int]) -> set[frozenset[str]]:
    choices = every(of)
    return {frozenset(term.id for term in of.space.package(choices[k]).terms) for k in places}


def test_the_frontier_is_that_of_every_package_solved_in_full(sides: Table, found: Found, full: Floats) -> None:
    answer = answer_of(found)
    assert {frozenset(deal.terms) for deal in answer.frontier} == names(sides, efficient(full))
    assert len(answer.frontier) > 2
    gains = [deal.sides["JPN"].payoff_usd_bn.value or 0.0 for deal in answer.frontier]
    assert gains == sorted(gains, reverse=True)


def test_the_rest_of_the_frontier_is_solved_too(sides: Table, found: Found, full: Floats) -> None:
    answer = answer_of(found)
    whole = {k for k, own in enumerate(full) if not any((o >= own).all() and (o > own).any() for o in full)}
    losing = {k for k in whole if full[k].min() < 0}
    assert {frozenset(one.terms) for one in answer.beyond} == names(sides, losing)
    assert losing
    by_terms = {frozenset(one.terms): one.payoff_usd_bn for one in answer.beyond}
    for k in losing:
        (terms,) = names(sides, {k})
        np.testing.assert_allclose([by_terms[terms][p] for p in sides.parties], full[k], atol=1e-9)


def test_a_crowded_frontier_is_solved_as_far_as_the_cap_and_says_so(
    sides: Table, full: Floats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_SOLVED", 3)
    few = search(sides, lambda what, share: None)
    answer = answer_of(few)
    assert answer.surrogate.not_solved > 0
    assert answer.surrogate.not_solved + len(few.judged) == answer.surrogate.frontier + (answer.surrogate.near or 0)
    assert any("not solved in full" in sentence for sentence in answer.sentences)
    # The fair points are solved all the same, and are those of every package.
    terms = {deal.label: frozenset(deal.terms) for deal in answer.frontier}
    for point in answer.fair:
        k = CONCEPTS[point.concept].pick(full)
        assert k is not None
        assert {terms[point.deal or ""]} == names(sides, {k})


def test_fair_points_say_how_often_they_hold(found: Found) -> None:
    answer = answer_of(found)
    drawn = np.array([one.payoff for one in found.judged])
    for point in answer.fair:
        assert point.holds is not None
        k = CONCEPTS[point.concept].pick(found.expected)
        assert k is not None
        # It cannot be fair in more draws than it leaves neither side below no deal.
        assert 0.0 <= point.holds <= (drawn[k] >= 0).all(1).mean()


def test_money_outside_the_model_needs_no_equilibrium_of_its_own(sides: Table) -> None:
    term = sides.valuation.case.term
    both = worths(sides.valuation, [package_of([term("gas")]), package_of([term("gas"), term("funds")])])
    alone = worth(sides.valuation, package_of([term("funds")]))
    np.testing.assert_allclose(both[1] - both[0], alone, atol=1e-12)
    whole = economic(sides.valuation.point(package_of([term("cars")]), "no deal: snap-back"))
    np.testing.assert_allclose(worth(sides.valuation, package_of([term("cars")]), "no deal: snap-back"), whole)


def test_the_fair_points_are_those_of_every_package(sides: Table, found: Found, full: Floats) -> None:
    answer = answer_of(found)
    terms = {deal.label: frozenset(deal.terms) for deal in answer.frontier}
    for point in answer.fair:
        k = CONCEPTS[point.concept].pick(full)
        assert k is not None
        assert point.deal is not None
        assert {terms[point.deal]} == names(sides, {k})
        np.testing.assert_allclose([point.gains_usd_bn[p] for p in sides.parties], full[k], atol=1e-9)


def test_the_error_shown_is_that_of_the_packages_solved(sides: Table, found: Found) -> None:
    gap = np.array([worth(sides.valuation, one.package) for one in found.judged])
    gap -= sides.surrogate.within(found.land.blocks).of(found.choices)
    np.testing.assert_allclose(np.abs(found.error).max(0), np.abs(gap).max(0), atol=1e-9)
    shown = answer_of(found).surrogate.error_usd_bn
    np.testing.assert_allclose([shown[p] for p in sides.parties], np.abs(gap).max(0), atol=1e-9)


def test_pairs_are_exact(sides: Table) -> None:
    one, other = sides.space.factors[0].levels[1], sides.space.factors[1].levels[1]
    both = worth(sides.valuation, package_of([*one, *other]))
    np.testing.assert_allclose(sides.surrogate.of(np.array([[1, 1, 0, 0, 0]]))[0], both, atol=1e-9)


def test_no_deal_is_the_expectation_over_its_outcomes(sides: Table) -> None:
    package = package_of([sides.valuation.case.term("cars")])
    parts = [worth(sides.valuation, package, f"no deal: {name}") for name in ("snap-back", "extension")]
    np.testing.assert_allclose(worth(sides.valuation, package), 0.75 * parts[0] + 0.25 * parts[1], atol=1e-12)


def test_the_share_of_draws_is_counted_over_every_package(sides: Table, found: Found) -> None:
    choices = every(sides)
    inner = sides.surrogate.within(found.land.blocks)
    alone = sum((own[choices[:, f]] for f, own in enumerate(inner.single)), np.zeros(2))
    counted = np.zeros(len(choices))
    for draw in range(DRAWS):
        points = sum((own[choices[:, f]] for f, own in enumerate(sides.payoffs_in(draw))), np.zeros(2))
        points = points + inner.of(choices) - alone
        counted += [not (points > point + 1e-9).all(1).any() for point in points]
    np.testing.assert_allclose(found.land.efficient_shares(choices), counted / DRAWS, atol=1e-12)


def test_draws_are_moved_to_the_full_solve(sides: Table) -> None:
    package = sides.valuation.case.package("exchange")
    one = sides.judged(package, choice=sides.space.choice(package))
    own = worth_drawn(sides.valuation, package)
    assert own.shape == one.economic.shape == (DRAWS, 2)
    # Sums of the terms' draws, interactions held: close to the package's own draws, and not the same.
    gap = np.sqrt(((own - one.economic) ** 2).mean(0))
    assert (gap < 0.25 * own.std(0) + 0.02).all()


def test_payoff_and_acceptance_are_what_the_wants_say(sides: Table) -> None:
    package = sides.valuation.case.package("exchange")
    one = sides.judged(package)
    for p, wants in enumerate(sides.wants):
        stakes = {"tariffs": 1.4 * (1 - 2 * p), "cars": 0.9375 * (1 - 2 * p), "energy": -0.8 * (1 - 2 * p)}
        np.testing.assert_allclose(one.payoff[:, p], one.economic[:, p] + wants.weighted(stakes))
        np.testing.assert_allclose(one.accepted[:, p], wants.acceptance(one.economic[:, p], stakes))
    np.testing.assert_allclose(one.both, one.accepted[:, 0] * one.accepted[:, 1])


def test_an_unpriced_term_is_named_and_not_zero(found: Found) -> None:
    answer = answer_of(found)
    gift = next(own.deal for own in answer.case_packages if own.id == "gift")
    assert gift.unpriced == ("funds",)
    assert gift.sides["JPN"].economic_usd_bn.value is not None
    assert any("funds" in deal.terms and "funds" in deal.unpriced for deal in answer.frontier)
    assert any("not known" in sentence for sentence in answer.sentences)


def test_a_case_package_that_is_beaten_says_by_what(found: Found) -> None:
    answer = answer_of(found)
    for own in answer.case_packages:
        payoffs = {p: own.deal.sides[p].payoff_usd_bn.value or 0.0 for p in answer.parties}
        better = [
            deal.label
            for deal in answer.frontier
            if all((deal.sides[p].payoff_usd_bn.value or 0.0) > payoffs[p] for p in answer.parties)
        ]
        assert (own.beaten_by in better) if better else (own.beaten_by is None)
        if better:
            assert not own.efficient


def test_the_chart_holds_the_whole_frontier_and_names_the_fair(found: Found) -> None:
    from tradetalks.brief.frontier_chart import frontier_chart

    answer = answer_of(found)
    drawn = frontier_chart(answer, "ABCD").to_dict()["datasets"].values()
    whole = [tuple(deal.sides[party].payoff_usd_bn.value for party in answer.parties) for deal in answer.frontier]
    axes = "xy" if answer.seat == answer.parties[0] else "yx"
    assert any([tuple(row.get(axis) for axis in axes) for row in rows] == whole for rows in drawn)
    named = {row["name"] for rows in drawn for row in rows if row.get("name")}
    for point in answer.fair:
        assert any(point.concept.split("-")[0] in name.casefold() for name in named)


LIMITS = {
    "veto": "{JPN: {veto: [energy]}}",
    "red line": "{USA: {never: [none, cars]}}",
    "only with": "{USA: {only_with: [[gas, funds]]}, JPN: {only_with: [[cars]]}}",
    "budget": "{JPN: {budget_usd_bn: 7.9}}",
}


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_hold_on_the_whole_frontier(limit: str, full: Floats, sides: Table) -> None:
    answer = answer_of(search(limited(LIMITS[limit]), lambda what, share: None))
    choices = every(sides)
    allowed = []
    for k, choice in enumerate(choices):
        ids = {term.id for term in sides.space.package(choice).terms}
        allowed += [k] if {
            "veto": "gas" not in ids,
            "red line": not ids & {"none", "cars"},
            "only with": bool(ids & {"gas", "funds"}) and "cars" in ids,
            "budget": "gas" not in ids,
        }[limit] else []  # fmt: skip
    best = {allowed[k] for k in efficient(full[allowed])}
    assert {frozenset(deal.terms) for deal in answer.frontier} == names(sides, best)
    assert all(not side.refused for deal in answer.frontier for side in deal.sides.values())
    broken = [own for own in answer.case_packages if any(side.refused for side in own.deal.sides.values())]
    for own in broken:
        assert own.deal.both_accept.value == 0.0
        assert not own.efficient


def test_limits_that_leave_nothing_are_said() -> None:
    of = limited("{JPN: {veto: [energy], only_with: [[gas]]}}")
    answer = answer_of(search(of, lambda what, share: None))
    assert answer.frontier == ()
    assert not answer.rational
    assert all(point.deal is None for point in answer.fair)
    assert any("No package can be ratified" in sentence for sentence in answer.sentences)


IDS = ("ten", "none", "cars", "parts", "gas", "funds")
term_sets = st.lists(st.sampled_from(IDS), unique=True, max_size=2)
own_limits = st.fixed_dictionaries(
    {},
    optional={
        "veto": st.lists(st.sampled_from(["energy", "cars", "investment", "deficit"]), unique=True, max_size=2),
        "never": term_sets,
        "only_with": st.lists(st.lists(st.sampled_from(IDS), unique=True, min_size=1, max_size=2), max_size=2),
        "budget_usd_bn": st.sampled_from([0.0, 7.9, 8.0, 20.0]),
    },
)
both_limits = st.fixed_dictionaries({}, optional={"JPN": own_limits, "USA": own_limits})


def permitted(of: Case) -> set[frozenset[str]]:
    """The packages that the search of a case with limits may find."""
    free, space = table(), space_of(of)
    levels = [len(factor.levels) for factor in space.factors]
    assume(levels)  # a case without terms is refused before it is searched
    values = Surrogate(tuple(np.zeros((n, 2)) for n in levels))
    limited_valuation = copy(free.valuation)
    limited_valuation.case = of
    land = land_of(Table(limited_valuation, space, values, free.whole, free.reference))
    choices = np.array(list(product(*(range(n) for n in levels))), dtype=np.intp).reshape(-1, len(levels))
    return {frozenset(term.id for term in space.package(c).terms) for c in choices[land.allows(choices)]}


def with_limits(given: Mapping[str, Any]) -> Case:
    return replace(case(), constraints=limits(given, ("JPN", "USA"), IDS, "constraints"))


@settings(max_examples=25, deadline=None)
@given(both_limits)
def test_the_search_allows_what_both_can_ratify_and_nothing_else(given: dict[str, Any]) -> None:
    of = with_limits(given)
    every_one = [space_of(case()).package(choice) for choice in every(table())]
    signed = {frozenset(t.id for t in one.terms) for one in every_one if not any(refusals(of, one).values())}
    assert permitted(of) == signed


@settings(max_examples=25, deadline=None)
@given(both_limits, both_limits)
def test_a_further_limit_never_adds_a_package(given: dict[str, Any], more: dict[str, Any]) -> None:
    joined: dict[str, dict[str, Any]] = {}
    for party in ("JPN", "USA"):
        one, other = given.get(party, {}), more.get(party, {})
        joined[party] = {
            key: [*one.get(key, []), *other.get(key, [])] for key in ("veto", "never", "only_with")
        }  # fmt: skip
        budgets = [own["budget_usd_bn"] for own in (one, other) if "budget_usd_bn" in own]
        if budgets:
            joined[party]["budget_usd_bn"] = min(budgets)
    assert permitted(with_limits(joined)) == permitted(with_limits(given)) & permitted(with_limits(more))


def test_terms_are_shown_in_words(found: Found, capsys: pytest.CaptureFixture[str]) -> None:
    answer = answer_of(found)
    command._show("A small case", "", answer)
    shown = capsys.readouterr().out
    titles = {term.id: term.title for term in sides_terms(answer)}
    for term in {term for deal in answer.frontier[:1] for term in deal.terms}:
        assert titles[term] in shown
    assert "Japan gives" in shown
    assert "JPN" not in shown


def sides_terms(answer: DealsAnswer) -> tuple[TermShown, ...]:
    assert {term.id for term in answer.terms} == set(IDS)
    return answer.terms


def test_a_frontier_of_one_package_is_said_once_and_shown_with_what_lies_beside_it(
    found: Found, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = answer_of(found)
    one = answer.frontier[0]
    alike = tuple(point.model_copy(update={"deal": one.label}) for point in answer.fair)
    beside = (Beyond(terms=one.terms, payoff_usd_bn={"JPN": -0.5, "USA": 2.0}), *answer.beyond)
    small = answer.model_copy(update={"frontier": (one,), "fair": alike, "beyond": beside})
    command._show("title", "", small)
    text = " ".join(capsys.readouterr().out.split())
    assert f"{one.label} by every idea of fairness" in text
    assert text.count("Within a tenth") == 0
    assert "one side loses; the least loss first" in text
    assert "Japan -0.50, United States +2.00" in text
    command._show("title", "", answer)
    whole = " ".join(capsys.readouterr().out.split())
    assert ("one side loses; the least loss first" in whole) == (len(answer.frontier) < 3 and bool(answer.beyond))


def test_terms_that_only_move_money_are_called_so(sides: Table) -> None:
    most = max(float(np.abs(own).max()) for own in sides.expected.single)
    little = little_to_share(sides, np.array([[0.0, 0.0], [0.001 * most, 0.001 * most], [most, -most]]))
    assert little is not None
    assert f"{2 * most:.0f} million" in little
    assert little_to_share(sides, np.array([[0.5 * most, 0.5 * most]])) is None
    assert little_to_share(sides, np.array([[most, -most]])) is None


def test_a_name_with_its_article_gets_no_second() -> None:
    assert named("EU: The EU accepts what USA and EU sell", ("EU", "USA")) == (
        "The EU: The EU accepts what the United States and the EU sell"
    )


def test_a_case_is_seen_on_another_day() -> None:
    seen, grid = opened("us-japan-2025", None, "2025-06-20", None)
    assert (seen.as_of, seen.deadline, grid) == (date(2025, 6, 20), date(2025, 7, 9), None)
    with pytest.raises(BadInput, match="not before the deadline"):
        opened("us-japan-2025", None, "2025-07-09", None)
    with pytest.raises(BadInput, match="not a date"):
        opened("us-japan-2025", None, "soon", None)


@cache
def printed(command: str) -> tuple[int, str, str]:
    """Exit code, standard output and error of a fresh process on the shipped case."""
    import subprocess
    import sys

    code = "from tradetalks.cli.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, *command.split()], capture_output=True, text=True, timeout=240, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_answers_by_its_schema() -> None:
    code, out, err = printed("deals us-japan-2025 --as-of 2025-05-30 --draws 20 --json")
    assert code == 0, err
    answer = json.loads(out)
    jsonschema.validate(answer, answer_model("deals").model_json_schema(mode="serialization"))
    read = DealsAnswer.model_validate(answer)
    assert read.meta.case == "us-japan-2025"
    assert read.meta.as_of == read.meta.known_through == date(2025, 5, 30)
    assert "2025-05-30" in read.no_deal
    assert read.packages == 4608
    assert read.frontier
    for deal in (*read.frontier, *(own.deal for own in read.case_packages)):
        for side in deal.sides.values():
            assert 0.0 <= (side.acceptance.p10 or 0.0) <= (side.acceptance.p90 or 0.0) <= 1.0
        assert deal.both_accept.value is not None


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        run(["deals", "--help"])
    assert done.value.code == 0
    assert "tradetalks deals us-japan-2025" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["deals", "us-japn"], "did you mean us-japan-2025"),
        (["deals", "--levels", "nowhere.yaml"], "nowhere.yaml"),
        (["deals", "--draws", "3"], "draws"),
        (["offer", "--seat", "France"], "FRA is not one of the parties"),
        (["offer", "--seat", "Atlantis"], "Atlantis"),
    ],
)
def test_bad_input_is_a_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as done:
        run(arguments)
    assert done.value.code == 2
    given = capsys.readouterr()
    assert given.out == ""
    assert message in given.err
