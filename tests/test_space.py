"""The packages on the table: levels, what cannot stand together, and what a parliament forbids."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.talks.deals.constraints import limits_of, refusals
from tradetalks.talks.deals.space import conflict, read_grid, space_of
from tradetalks.value.case import Case, load_case
from tradetalks.value.package import inline, package_of
from value_world import shipped

CASE = """
schema: 1
name: small
title: A small case
parties: [JPN, USA]
seat: JPN
as_of: 2025-04-20
deadline: 2025-07-09
terms:
  - {id: ten, tariff: {importer: USA, exporter: JPN, measure: ieepa-reciprocal, rate: 10}}
  - {id: none, tariff: {importer: USA, exporter: JPN, measure: ieepa-reciprocal, rate: 0}}
  - {id: cars, tariff: {importer: USA, exporter: JPN, lines: ["8703"], total: 15}}
  - {id: gas, purchases: {buyer: JPN, seller: USA, sector: B06, amount_usd_bn: 3}}
  - {id: maize, purchases: {buyer: JPN, seller: USA, sector: A01, amount_usd_bn: 2, years: 2}}
  - {id: rules, standards: {importer: JPN, exporter: USA, sector: C29}}
"""


def case_with(folder: Path, constraints: str) -> Case:
    (folder / "case.yaml").write_text(CASE + constraints, encoding="utf-8")
    return load_case(str(folder))


def ids(case: Case) -> list[list[tuple[str, ...]]]:
    return [[tuple(term.id for term in level) for level in factor.levels] for factor in space_of(case).factors]


def test_terms_on_the_same_duty_are_levels_of_one_factor(tmp_path: Path) -> None:
    case = case_with(tmp_path, "")
    assert ids(case) == [[(), ("ten",), ("none",)], *([(), (name,)] for name in ("cars", "gas", "maize", "rules"))]
    assert space_of(case).size == 3 * 2**4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("tariff:USA<JPN:C29=15", "tariff:USA<JPN:C29=5", True),
        ("tariff:USA<JPN:C29=15", "tariff:USA<KOR:C29=15", False),
        ("tariff:USA<JPN:C29=15", "tariff:USA<JPN:C26=15", False),
        ("tariff:USA<JPN:all=15", "tariff:USA<JPN:C26=0", True),
        ("tariff:USA<JPN:8703=15", "tariff:USA<JPN:8703.23,8704=5", True),
        ("tariff:USA<JPN:8703=15", "tariff:USA<JPN:8704=5", False),
        ("tariff:USA<JPN:8703=15", "tariff:USA<JPN:C29=5", True),
        ("tariff:USA<JPN:8703=15", "tariff:USA<JPN:A01=5", False),
        ("tariff:USA<JPN:87=15", "tariff:USA<JPN:C29=5", True),
        ("tariff:USA<JPN:8703.23.01.10=15", "tariff:USA<JPN:C29=5", True),
        ("tariff:USA<JPN:ieepa-reciprocal=10", "tariff:USA<JPN:ieepa-reciprocal-jp=0", True),
        ("tariff:USA<JPN:ieepa-reciprocal=10", "tariff:USA<JPN:s232-autos=0", False),
        ("tariff:USA<JPN:s232-autos=10", "tariff:USA<JPN:8703=2.5", False),
        ("purchases:JPN<USA:B06=3", "purchases:JPN<USA:B06=6/2", True),
        ("purchases:JPN<USA:B06=3", "purchases:JPN<USA:A01=3", False),
        ("purchases:JPN<USA:B06=3", "purchases:USA<JPN:B06=3", False),
        ("standards:JPN<USA:C29", "standards:JPN<USA:C29=3", True),
        ("currency:JPN<USA:gdp=1", "currency:JPN<all:gdp=1", True),
        ("quota:JPN<USA:A01=0.05", "purchases:JPN<USA:A01=1", False),
    ],
)
def test_what_cannot_stand_together(one: str, other: str, same: bool) -> None:
    assert conflict(inline(one), inline(other)) is same
    assert conflict(inline(other), inline(one)) is same


def test_terms_that_each_touch_a_third_may_stand_together(tmp_path: Path) -> None:
    extra = "".join(
        f'  - {{id: {name}, tariff: {{importer: USA, exporter: JPN, lines: ["{line}"], total: 0}}}}\n'
        for name, line in (("whole", "87"), ("trucks", "8704"), ("parts", "8708"))
    )
    factor = ids(case_with(tmp_path, extra))[1]
    assert factor == [(), ("cars",), ("whole",), ("trucks",), ("parts",), ("cars", "trucks"), ("cars", "parts"),
                      ("trucks", "parts"), ("cars", "trucks", "parts")]  # fmt: skip


def test_every_choice_is_a_package_and_back() -> None:
    space = space_of(shipped())
    some = list(product(*(range(len(factor.levels)) for factor in space.factors)))
    assert len(some) == space.size == len({space.package(choice).id for choice in some})
    for choice in some[:: max(1, len(some) // 300)]:
        assert space.choice(space.package(choice)) == choice
    for package in shipped().packages:
        assert space.choice(package) is not None
    assert space.choice(package_of([shipped().term("treasuries")])) is None
    assert space.choice(package_of([inline("tariff:USA<JPN:C26=0")])) is None


def test_a_threat_is_no_offer() -> None:
    assert [(term.id, "threat" in why) for term, why in space_of(shipped()).left_out] == [("treasuries", True)]


def test_levels_by_hand(tmp_path: Path) -> None:
    case = case_with(tmp_path, "")
    grid = tmp_path / "levels.yaml"
    grid.write_text("gas: [gas, 'purchases:JPN<USA:B06=6', 'purchases:JPN<USA:B06=9']\nduty: [ten, none]\n")
    space = space_of(case, read_grid(grid, case))
    assert [factor.name for factor in space.factors] == ["gas", "duty", "cars", "maize", "rules"]
    assert [len(factor.levels) for factor in space.factors] == [4, 3, 2, 2, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[gas]", "factors and their levels"),
        ("gas: 3", "a list of terms"),
        ("gas: [gass]", "did you mean gas"),
        ("one: [gas]\ntwo: [gas]", "stands twice"),
        ("one: [ten]\ntwo: [none]", "touch the same duties"),
        ("one: [ten]", "touch the same duties"),
    ],
)
def test_wrong_levels_are_refused(tmp_path: Path, text: str, message: str) -> None:
    case = case_with(tmp_path, "")
    grid = tmp_path / "levels.yaml"
    grid.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        space_of(case, read_grid(grid, case))


def test_a_veto_and_a_red_line_take_terms_off_the_table(tmp_path: Path) -> None:
    case = case_with(tmp_path, "constraints: {JPN: {veto: [agriculture]}, USA: {never: [none]}}")
    assert ids(case)[0] == [(), ("ten",)]
    assert {term.id: why for term, why in space_of(case).left_out} == {
        "none": "a red line of USA",
        "maize": "JPN has a veto on farm goods, rice and food",
    }


def test_reasons_are_given_for_any_package(tmp_path: Path) -> None:
    case = case_with(
        tmp_path,
        "constraints: {JPN: {veto: [energy], only_with: [[cars, none]], budget_usd_bn: 3.5}, USA: {never: [none]}}",
    )

    def broken(*names: str) -> dict[str, int]:
        found = refusals(case, package_of(case.term(name) for name in names))
        return {party: len(reasons) for party, reasons in found.items()}

    assert broken("cars") == {"JPN": 0, "USA": 0}
    assert broken() == {"JPN": 1, "USA": 0}
    assert broken("none") == {"JPN": 0, "USA": 1}
    assert broken("cars", "gas") == {"JPN": 1, "USA": 0}
    # Four billion a year promised: three of gas, one of maize (two over two years).
    assert broken("cars", "gas", "maize") == {"JPN": 2, "USA": 0}


def test_a_case_without_limits_has_none() -> None:
    assert all(not any(reasons) for reasons in refusals(shipped(), shipped().package()).values())


@pytest.mark.parametrize(
    ("constraints", "message"),
    [
        ("constraints: {KOR: {veto: [cars]}}", "'KOR' is not one of the parties"),
        ("constraints: {JPN: {vetoes: [cars]}}", "did you mean veto"),
        ("constraints: {JPN: {never: [carz]}}", "did you mean cars"),
        ("constraints: {JPN: {only_with: [[]]}}", "an empty list"),
        ("constraints: {JPN: {only_with: [cars]}}", "only_with"),
        ("constraints: {JPN: {budget_usd_bn: -1}}", "budget_usd_bn"),
        ("constraints: {JPN: {budget_usd_bn: .nan}}", "budget_usd_bn"),
        ("constraints: {JPN: 3}", "fields such as veto"),
        ("constraints: [JPN]", "constraints"),
    ],
)
def test_wrong_limits_are_refused_with_the_case(tmp_path: Path, constraints: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        case_with(tmp_path, constraints)


def test_a_veto_on_no_issue_is_refused(tmp_path: Path) -> None:
    case = case_with(tmp_path, "constraints: {JPN: {veto: [agricultur]}}")
    with pytest.raises(BadInput, match="did you mean agriculture"):
        limits_of(case)
