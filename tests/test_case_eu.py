"""The European Union as a party, and the cases that ship: every source they name is of the record and of its day."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tradetalks.ground.countries import EU27
from tradetalks.ground.errors import BadInput
from tradetalks.law.clock import clock
from tradetalks.law.rates import line_rates
from tradetalks.record.ledger import everything, ledger
from tradetalks.value import answering
from tradetalks.value.answer import ValueAnswer
from tradetalks.value.case import Case, load_case, shipped_cases
from tradetalks.value.package import NOTHING
from tradetalks.value.stage import draw_stage, full_stage
from tradetalks.value.status_quo import duties_on
from tradetalks.value.valuation import Valuation
from tradetalks.world.bloc import world_of
from tradetalks.world.check import check
from tradetalks.world.load import load_world

UNION, TABLE = world_of(("EU", "USA")), load_world()
JULY = date(2025, 7, 14)


def test_the_union_is_its_members_and_nothing_else_is_summed() -> None:
    assert world_of(("JPN", "USA")) is TABLE
    assert len(UNION.regions) == 81 - 27 + 1
    assert set(UNION.members[UNION.region("EU")]) == set(EU27)
    assert check(UNION) == []
    members = [TABLE.region(code) for code in EU27]
    sold = TABLE.flows[members, TABLE.region("USA")].sum(axis=0)
    np.testing.assert_allclose(UNION.flows[UNION.region("EU"), UNION.region("USA")], sold, rtol=1e-12)
    japan = TABLE.flows[TABLE.region("JPN"), TABLE.region("USA")]
    np.testing.assert_array_equal(UNION.flows[UNION.region("JPN"), UNION.region("USA")], japan)


def test_the_duty_on_the_union_is_that_on_a_member() -> None:
    whole, single = duties_on(UNION, JULY, JULY, ""), duties_on(TABLE, JULY, JULY, "")
    eu, usa = UNION.region("EU"), UNION.region("USA")
    germany = single.tariffs[TABLE.region("DEU"), TABLE.region("USA")]
    np.testing.assert_allclose(whole.tariffs[eu, usa], germany, atol=1e-12)
    # And others' duties do not move with it, the rest of the world's included.
    for other in ("JPN", "CHN", "ROW"):
        theirs = single.tariffs[TABLE.region(other), TABLE.region("USA")]
        np.testing.assert_allclose(whole.tariffs[UNION.region(other), usa], theirs, atol=1e-12)


def test_customs_values_of_the_union_are_its_file_s() -> None:
    stage = full_stage(UNION, 2024)
    # The law's own weights by line are of the same customs file, and were summed by another script.
    lines = line_rates("USA", "EU", JULY).filter(pl.col("sector").is_not_null())
    whole = lines["imports_usd"].sum() / 1e9
    assert 550 < whole < 606
    assert np.nansum(stage.customs[stage.region("EU")]) == pytest.approx(whole, rel=1e-6)


def test_draws_are_played_on_a_world_that_keeps_the_union() -> None:
    stage = draw_stage(UNION, 2025, ("EU", "USA"))
    assert stage.world.regions[:2] == ("EU", "USA")
    assert stage.groups.sum() == len(UNION.regions)
    duties = duties_on(UNION, JULY, JULY, "").tariffs
    np.testing.assert_allclose(stage.duties(duties)[0, 1], duties[UNION.region("EU"), UNION.region("USA")])


def test_the_clock_of_the_union_is_that_of_a_member() -> None:
    assert clock("EU", JULY) == clock("DEU", JULY)
    first = clock("EU", JULY)[0]
    assert (first.on, first.before_pct, first.after_pct) == (date(2025, 8, 1), 10.0, 20.0)


CASE = """schema: 1
name: x
title: x
parties: [{parties}]
seat: USA
as_of: 2025-07-14
deadline: 2025-08-01
terms: [{{id: t, standards: {{importer: {importer}, exporter: USA, sector: C29}}}}]
"""


@pytest.mark.parametrize(
    ("parties", "importer", "sentence"), [("EU, USA", "DEU", "part of EU"), ("DEU, USA", "EU", "EU")]
)
def test_a_member_and_the_union_are_not_mixed(tmp_path: Path, parties: str, importer: str, sentence: str) -> None:
    (tmp_path / "case.yaml").write_text(CASE.format(parties=parties, importer=importer))
    case = load_case(str(tmp_path))
    with pytest.raises(BadInput, match=sentence):
        Valuation(case, draws=0).term(case.term("t"))


def text_of(name: str) -> str:
    return (files("tradetalks.value") / "cases" / name / "case.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", shipped_cases())
def test_every_source_of_a_shipped_case_was_public_on_its_day(name: str) -> None:
    case = load_case(name)
    known = {entry.id for entry in everything(case.as_of)}
    named = set(re.findall(r"\b(?:[a-z]{2,3}|pre|eulog|jpnlog)-\d{3}\b", text_of(name)))
    assert len(named) > 5
    assert named <= known
    assert set(re.findall(r"assumption:([a-z_]+\.[a-z_]+[a-z])\b", text_of(name))) <= set(case.assumptions)
    for term in case.terms:
        assert term.source, term.id
        assert term.note, term.id
        assert term.size in (None, "illustrative")
        assert term.size is None or len(term.note) > 20 or "As for" in term.note


def test_every_term_of_a_shipped_case_stands_in_a_package_or_is_valued_alone() -> None:
    for name in shipped_cases():
        case = load_case(name)
        assert len(case.packages) >= 3
        assert case.default_package in {package.id for package in case.packages}


def test_the_log_of_the_union_s_talks_is_what_a_reader_sees() -> None:
    seen = ledger("2025-07-14", None, ("EU", "USA"))
    assert len(seen) == 34
    assert all(entry.series == "talks" and entry.url for entry in seen)
    early = ledger("2025-04-08", None, ("EU", "USA"))
    assert [entry.act for entry in early if entry.issue == "energy"] == ["demand"]


@cache
def case() -> Case:
    return load_case("us-eu-2025")


@cache
def answer() -> ValueAnswer:
    return answering.answer(Valuation(case(), draws=0), case().package())


def test_the_union_gains_from_the_deal_more_against_no_deal_than_against_today() -> None:
    quo = answer().against_status_quo.parties["EU"].welfare_net_usd_bn.value
    none = answer().against_no_deal.parties["EU"].welfare_net_usd_bn.value
    assert quo is not None
    assert none is not None
    assert 0 < quo < none


def test_no_deal_weighs_the_law_and_the_letter() -> None:
    valuation = Valuation(case(), draws=0)
    i, n = (UNION.region(name) for name in ("EU", "USA"))
    law, letter = (valuation.settled(NOTHING, f"no deal: {name}").duties[i, n] for name in ("snap-back", "letter"))
    s = UNION.sector("C28")
    # Ten points more on what pays the country rate: machinery does, less its parts under other duties.
    assert 0.07 < letter[s] - law[s] < 0.1
    cars = UNION.sector("C29")
    assert letter[cars] - law[cars] < 0.02


def test_rates_of_the_union_are_printed() -> None:
    rows = {row.sector: row for row in answer().rates if row.importer == "USA"}
    cars = rows["C29"]
    assert cars.status_quo_pct is not None
    assert cars.package_pct is not None
    assert cars.package_pct < 15 < cars.status_quo_pct
    assert all(row.base_pct is None for row in answer().rates if row.importer == "EU")
