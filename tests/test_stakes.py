"""What a term gives each side, in units of the issues."""

from __future__ import annotations

from datetime import date

import pytest

from tradetalks.record.deals import deals
from tradetalks.record.issues import issues
from tradetalks.talks.stakes import (
    Reference,
    commitment_stakes,
    deal_stakes,
    gives,
    package_stakes,
    stakes,
    units,
)
from tradetalks.value.case import load_case
from tradetalks.value.package import inline

CASE = load_case("us-japan-2025")
DEALS = {deal.id: deal for deal in deals()}


def test_every_issue_has_a_unit_but_those_that_are_not_weighed() -> None:
    assert {issue.id for issue in issues()} - set(units()) == {"procedure", "other"}
    assert set(units()) <= {issue.id for issue in issues()}


@pytest.mark.parametrize("term", CASE.terms, ids=lambda term: term.id)
def test_what_one_side_gives_the_other_gets(term) -> None:
    ours, theirs = stakes(term, "USA"), stakes(term, "JPN")
    assert ours
    assert theirs == {issue: -amount for issue, amount in ours.items()}


def test_who_is_not_in_a_term_has_no_stakes_in_it() -> None:
    assert stakes(CASE.term("lng"), "DEU") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 24% would return (EO 14257), 10% stays: 14 points.
        ("tariff:USA<JPN:ieepa-reciprocal=10", {"tariffs": -1.4}),
        ("tariff:USA<JPN:ieepa-reciprocal=24", {}),
        ("tariff:USA<JPN:all-=10", {"tariffs": -1.0}),
        ("tariff:USA<JPN:all+=10", {"tariffs": 1.0}),
        # 27.5 to 15 on cars and parts.
        ("tariff:USA<JPN:C29=15", {"cars": -1.25}),
        ("purchases:JPN<USA:B06=50/5", {"energy": 1.0, "deficit": 0.5}),
        ("purchases:JPN<USA:A01=5/1", {"agriculture": 1.0, "deficit": 0.25}),
        ("purchases:JPN<USA:C302T309=10/1", {"purchases": 1.0, "deficit": 0.5}),
        ("investment:USA<JPN:C29=200/5", {"investment": 2.0}),
        ("investment:USA<JPN:C301=150/5", {"shipbuilding": 1.5}),
        ("standards:JPN<USA:C29", {"standards": 1.0}),
        ("currency:JPN<USA:gdp=1", {"currency": 1.0}),
        ("securities:USA<JPN:sell=100", {"treasuries": -1.0}),
        ("tariff:JPN<USA:all-=5", {"market-access": 1.0}),
    ],
)
def test_units_of_a_term_for_the_united_states(text: str, expected: dict[str, float]) -> None:
    assert stakes(inline(text), "USA") == pytest.approx(expected)


def test_relief_is_counted_against_the_law_of_the_reference() -> None:
    term = inline("tariff:USA<JPN:ieepa-reciprocal=10")
    suspended = Reference(date(2025, 5, 1), date(2025, 4, 20))
    assert stakes(term, "JPN", suspended) == {}
    assert stakes(term, "JPN", Reference(stated={"tariffs": 25.0})) == pytest.approx({"tariffs": 1.5})


def test_a_package_adds_up() -> None:
    package = CASE.package("exchange")
    whole = package_stakes(package, "JPN")
    for issue in whole:
        assert whole[issue] == pytest.approx(sum(stakes(term, "JPN").get(issue, 0.0) for term in package.terms))


def test_a_recorded_deal_is_counted_against_the_threat_before_it() -> None:
    found = deal_stakes(DEALS["us-japan-2025"], "JPN")
    assert found["cars"] == pytest.approx(1.25)  # 27.5 to 15
    assert found["tariffs"] == pytest.approx(1.0 + units()["tariffs"].topics["tariff.aircraft"])  # 25 to 15
    assert found["investment"] < -5.0  # 550 billion
    assert "metals" not in found  # left as it was
    assert {i: -x for i, x in deal_stakes(DEALS["us-japan-2025"], "USA").items() if i != "currency"} == pytest.approx(
        {i: x for i, x in found.items() if i != "currency"}
    )


def test_a_joint_clause_is_given_away_by_neither() -> None:
    clause = next(term for term in DEALS["us-japan-2025"].terms if term.issue == "currency")
    assert commitment_stakes(clause, "USA") == commitment_stakes(clause, "JPN") == {"currency": 0.5}


def test_a_figure_told_twice_counts_once() -> None:
    # The farm purchases stand as a total and as a yearly figure; 8 billion a year is the larger.
    farm = deal_stakes(DEALS["us-japan-2025"], "USA")["agriculture"]
    assert farm == pytest.approx(8 / 5 + units()["agriculture"].unsized)  # and rice


@pytest.mark.parametrize(
    ("party", "other", "issue", "expected"),
    [
        ("USA", "JPN", "cars", True),
        ("JPN", "USA", "cars", False),
        ("JPN", "USA", "energy", True),
        ("USA", "KOR", "energy", False),
        ("USA", "CHN", "economic-security", True),
        ("DEU", "JPN", "cars", True),
        ("JPN", "DEU", "cars", True),
    ],
)
def test_who_gives_an_issue(party: str, other: str, issue: str, expected: bool) -> None:
    assert gives(party, other, issue) is expected
