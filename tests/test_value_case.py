"""Cases: what a case file may hold, and what is refused rather than guessed at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.value.case import Case, load_case, shipped_cases
from value_world import shipped

BASE: dict[str, Any] = {
    "schema": 1,
    "name": "talks",
    "title": "Talks",
    "parties": ["Japan", "US"],
    "seat": "JPN",
    "as_of": "2025-04-20",
    "deadline": "2025-07-09",
}
CARS = {"id": "cars", "tariff": {"importer": "USA", "exporter": "JPN", "sector": "C29", "total": 15}}
ESCALATION = {"outcome": "escalation", "terms": ["tariff:USA<JPN:C29+=50"]}


def case(folder: Path, **fields: Any) -> Case:
    """The case of BASE with other ``fields``, from a folder; JSON is YAML."""
    (folder / "case.yaml").write_text(json.dumps({**BASE, **fields}), encoding="utf-8")
    return load_case(str(folder))


def refused(folder: Path, **fields: Any) -> str:
    with pytest.raises(BadInput) as error:
        case(folder, **fields)
    assert "case.yaml" in str(error.value)
    return str(error.value)


def test_the_shipped_case() -> None:
    found = shipped()
    assert found.name in shipped_cases()
    assert (found.parties, found.seat) == (("JPN", "USA"), "JPN")
    assert (str(found.as_of), str(found.deadline)) == ("2025-04-20", "2025-07-09")
    assert [(one.outcome, one.probability) for one in found.no_deal] == [("snap-back", 1.0)]
    assert found.folder is None
    assert {term.body.kind for term in found.terms} == {
        *("tariff", "standards", "purchases", "quota", "investment", "currency", "securities")
    }
    assert found.package().id == "exchange"
    assert found.other("JPN") == "USA"
    assert found.other("USA") == "JPN"


def test_every_term_of_the_shipped_case_has_a_source_and_every_size_a_reason() -> None:
    for term in shipped().terms:
        assert term.source, term.id
        assert term.note, term.id
        assert term.size in (None, "illustrative"), term.id


def test_the_least_case(tmp_path: Path) -> None:
    found = case(tmp_path)
    assert found.parties == ("JPN", "USA")
    assert [(one.outcome, one.probability, one.terms.terms) for one in found.no_deal] == [("snap-back", 1.0, ())]
    assert (found.terms, found.packages, found.seed) == ((), (), 0)
    assert found.package().terms == ()
    assert found.folder == tmp_path


def test_the_hash_is_of_the_files(tmp_path: Path) -> None:
    first = case(tmp_path).hash
    assert case(tmp_path).hash == first
    assert case(tmp_path, title="Other talks").hash != first
    case(tmp_path)
    (tmp_path / "record.yaml").write_text("[]", encoding="utf-8")
    assert load_case(str(tmp_path)).hash != first


def test_packages_and_terms_by_name(tmp_path: Path) -> None:
    found = case(tmp_path, terms=[CARS], packages=[{"id": "a", "terms": ["cars"]}, {"id": "b", "terms": []}])
    assert found.package().id == "a"
    assert found.package("b").terms == ()
    assert found.term("cars").body.inline() == "tariff:USA<JPN:C29=15"
    assert found.term("quota:JPN<USA:A01=1").body.kind == "quota"
    with pytest.raises(BadInput, match=r"no package 'c'.*it has a, b"):
        found.package("c")
    with pytest.raises(BadInput, match="did you mean cars"):
        found.term("car")
    assert (
        case(tmp_path, packages=[{"id": "a", "terms": []}, {"id": "b", "terms": []}], package="b").package().id == "b"
    )


# No deal.


@pytest.mark.parametrize("outcome", ["snap-back", "extension"])
def test_outcomes_of_the_law_need_no_terms(tmp_path: Path, outcome: str) -> None:
    (found,) = case(tmp_path, no_deal=[{"outcome": outcome, "probability": 1}]).no_deal
    assert found.terms.terms == ()


def test_outcomes_and_probabilities(tmp_path: Path) -> None:
    found = case(
        tmp_path,
        no_deal=[{"outcome": "snap-back", "probability": 0.7}, {**ESCALATION, "probability": 0.3}],
    ).no_deal
    assert [(one.outcome, one.probability, len(one.terms.terms)) for one in found] == [
        ("snap-back", 0.7, 0),
        ("escalation", 0.3, 1),
    ]
    assert "list its terms" in refused(tmp_path, no_deal=[{"outcome": "escalation", "probability": 1}])
    assert "no_deal[0]" in refused(tmp_path, no_deal=[{"outcome": "snap-back", "probability": 1.2}])
    assert "probability" in refused(tmp_path, no_deal=[{"outcome": "snap-back", "probability": -0.1}])
    assert "sum to 0, not 1" in refused(tmp_path, no_deal=[])


@given(weights=st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_probabilities_must_sum_to_one(weights: list[float], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("case")
    entries = [
        {"outcome": f"outcome {k}", "terms": ["tariff:USA<JPN:C29+=5"], "probability": weight}
        for k, weight in enumerate(weights)
    ]
    if abs(sum(weights) - 1) > 1e-9:
        assert "sum to" in refused(folder, no_deal=entries)
    else:
        assert sum(one.probability for one in case(folder, no_deal=entries).no_deal) == pytest.approx(1)


def test_outcomes_need_different_names(tmp_path: Path) -> None:
    twice = {**ESCALATION, "probability": 0.5}
    assert "escalation" in refused(tmp_path, no_deal=[twice, {**twice, "terms": ["tariff:USA<JPN:C29+=5"]}])


def test_packages_need_different_ids(tmp_path: Path) -> None:
    assert "twice" in refused(tmp_path, packages=[{"id": "a", "terms": []}, {"id": "a", "terms": []}])


# Assumptions.


def test_a_case_replaces_an_assumption_by_a_point_or_by_fields(tmp_path: Path) -> None:
    name = "purchases.delivery"
    point = case(tmp_path, assumptions={name: 0.6}).assumptions[name]
    assert (point.value, point.low, point.high, point.distribution) == (0.6, None, None, "point")
    assert "case.yaml" in (point.citation or "")
    assert set(point.sample(1, 5)) == {0.6}
    fields = {"value": 0.5, "low": 0.4, "high": 0.6, "distribution": "uniform"}
    spread = case(tmp_path, assumptions={name: fields}).assumptions[name].sample(1, 100)
    assert spread.min() >= 0.4
    assert spread.max() <= 0.6
    assert case(tmp_path, assumptions={name: None}).assumptions[name].value is None
    untouched = shipped().assumptions["securities.duration"]
    assert case(tmp_path, assumptions={name: 0.6}).assumptions["securities.duration"] == untouched


def test_assumptions_refused(tmp_path: Path) -> None:
    assert "did you mean purchases.delivery" in refused(tmp_path, assumptions={"purchases.delivry": 1})
    assert "value: 'much' is not a number" in refused(tmp_path, assumptions={"purchases.delivery": "much"})
    assert "distribution" in refused(tmp_path, assumptions={"purchases.delivery": {"distribution": "cauchy"}})
    assert "did you mean low" in refused(tmp_path, assumptions={"purchases.delivery": {"lo": 1}})


@pytest.mark.parametrize(
    "change",
    [
        {"securities.duration": {"high": 3.5}},  # below the value of 4
        {"standards.cars_ave": {"low": 0}},  # the logarithm of zero
        {"purchases.delivery": {"parameters": None}},
        {"purchases.delivery": {"distribution": "uniform", "low": 0.5, "high": 0.1}},
    ],
)
def test_an_interval_must_hold_its_value(tmp_path: Path, change: dict[str, Any]) -> None:
    assert next(iter(change)) in refused(tmp_path, assumptions=change)


@pytest.mark.parametrize("change", [{"purchases.delivery": -1}, {"standards.cars_actionable_share": 3}])
def test_a_share_lies_between_nothing_and_all(tmp_path: Path, change: dict[str, float]) -> None:
    assert next(iter(change)) in refused(tmp_path, assumptions=change)


# What is refused.

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"schema": 2}, "schema"),
    ({"schema": None}, "schema"),
    ({"titel": "x"}, "did you mean title"),
    ({"parties": ["JPN"]}, "parties"),
    ({"parties": ["JPN", "Japan"]}, "parties: both are JPN"),
    ({"parties": ["Germany", "EU"], "seat": "EU"}, "parties: DEU is a member of the EU"),
    ({"parties": ["JPN", "Atlantis"]}, "Atlantis"),
    ({"seat": "CHN"}, "seat: CHN is not one of the parties"),
    ({"as_of": "2025-4-20"}, "as_of"),
    ({"as_of": "2025-02-30"}, "as_of"),
    ({"as_of": 2025}, "as_of"),
    ({"deadline": "soon"}, "deadline"),
    ({"deadline": "2025-04-20"}, "deadline: 2025-04-20 is not after as_of"),
    ({"seed": "luck"}, "seed"),
    ({"seed": -1}, "seed: -1 given"),
    ({"marking": 5}, "marking"),
    ({"terms": {"cars": 1}}, "terms: {'cars': 1} given"),
    ({"terms": [CARS, CARS]}, "stands twice"),
    ({"terms": [{**CARS, "quota": {}}]}, "terms[0]"),
    ({"packages": [{"id": "a", "terms": ["cras"]}], "terms": [CARS]}, "did you mean cars"),
    ({"packages": [{"terms": []}]}, "packages[0]: id: this field is missing"),
    ({"package": "a"}, "package: no package 'a'"),
    ({"no_deal": [5]}, "no_deal[0]"),
]


@pytest.mark.parametrize(("fields", "words"), REFUSED, ids=lambda value: value if isinstance(value, str) else None)
def test_refused(tmp_path: Path, fields: dict[str, Any], words: str) -> None:
    assert words in refused(tmp_path, **fields)


def test_several_wrong_fields_are_all_named(tmp_path: Path) -> None:
    said = refused(tmp_path, seat="CHN", seed="luck", titel="x")
    assert "seed" in said
    assert "titel" in said


def test_no_such_case(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no case 'us-japn-2025'.*did you mean us-japan-2025"):
        load_case("us-japn-2025")
    with pytest.raises(BadInput, match=r"holds no case\.yaml"):
        load_case(str(tmp_path))
