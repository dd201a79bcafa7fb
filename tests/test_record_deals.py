"""Deals as packages: every figure is its entry's, a reader of a day sees what that day knew, a file is all it takes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.record.deals import Deal, deals
from tradetalks.record.issues import issue_of, issues
from tradetalks.record.ledger import shipped

ENTRIES = {entry.id: entry for entry in shipped()}
DEALS = {deal.id: deal for deal in deals()}

OWN = """\
id: us-newland-2025
title: A deal of ours
parties: [USA, NZL]
stages:
  - {status: announced, date: 2025-05-01, known_from: 2025-05-02, source: "https://example.org/deal"}
terms:
  - {issue: tariffs, topic: tariff.reciprocal, by: USA, rate_pct: 10, basis: added, source: usa-004}
"""


def with_deal(folder: Path, text: str) -> Path:
    (folder / "deals").mkdir()
    (folder / "deals" / "own.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_figures_everyone_knows() -> None:
    japan = DEALS["us-japan-2025"]
    assert (japan.threat_pct, japan.rate_pct, japan.car_rate_pct) == (25, 15, 15)
    assert (japan.status, japan.known_from) == ("in force", date(2025, 7, 22))
    assert {term.amount for term in japan.terms if term.topic == "investment.total"} == {550}
    rates = {name: deal.rate_pct for name, deal in DEALS.items() if deal.threat_pct and "china" not in name}
    assert rates == dict.fromkeys(
        [f"us-{name}-2025" for name in ("indonesia", "philippines", "thailand", "cambodia", "malaysia")], 19
    ) | {
        **dict.fromkeys(("us-japan-2025", "us-eu-2025"), 15),
        **dict.fromkeys(("us-uk-2025", "us-argentina-2025", "us-japan-2025-05"), 10),
        **dict.fromkeys(("us-japan-2025-06", "us-pakistan-2025", "us-brazil-2025", "us-canada-2025")),
        "us-vietnam-2025": 20,
    }


#: Terms whose source is an entry on the same event and not on the figure itself, read by hand.
BESIDE = {("us-japan-2025-05", "jpnlog-057"), ("us-uk-steel-2025", "gbr-011"), ("us-china-busan-2025", "chn-014")}


@pytest.mark.parametrize("name", DEALS)
def test_every_figure_is_that_of_its_entry(name: str) -> None:
    deal = DEALS[name]
    assert {one.id for one in issues()} >= {term.issue for term in deal.terms}
    for threat in deal.threats:
        assert threat.rate_pct == ENTRIES[threat.source].amount
    for term in deal.terms:
        assert term.topic is not None
        assert issue_of(term.topic) == term.issue
        entry = ENTRIES.get(term.source)
        if entry is None:
            assert term.source.startswith("https://")
            continue
        assert set(deal.parties) == set(entry.sides)
        assert (term.date, term.known_from) == (entry.date, entry.known_from)
        if (name, term.source) in BESIDE:
            continue
        assert term.issue in entry.issues or name == "us-china-london-2025"
        if term.rate_pct is not None:
            assert term.rate_pct == entry.amount
        elif term.amount is not None:
            assert (term.amount, term.unit) == (entry.amount, entry.unit)
        else:
            assert entry.amount is None


def test_every_counterpart_of_the_record_has_a_deal() -> None:
    assert {side for deal in DEALS.values() for side in deal.parties} == {
        side for entry in shipped() for side in entry.sides if side != "all"
    }


@given(day=st.dates(date(2018, 1, 1), date(2026, 12, 31)), later=st.integers(0, 400))
def test_a_reader_sees_what_the_day_knew_and_later_more(day: date, later: int) -> None:
    early = {deal.id: deal for deal in deals(day)}
    late = {deal.id: deal for deal in deals(day + timedelta(days=later))}
    assert set(early) <= set(late)
    for name, deal in early.items():
        for kind in ("threats", "stages", "terms"):
            seen, more = getattr(deal, kind), getattr(late[name], kind)
            assert set(seen) <= set(more)
            assert all(one.known_from <= day for one in seen)


def test_no_deal_of_2025_is_known_on_20_april() -> None:
    assert [deal.id for deal in deals("2025-04-20")] == ["us-korea-2018", "us-japan-2019", "us-china-2020"]
    assert {deal.status for deal in deals("2025-08-01") if deal.id == "us-japan-2025"} == {"announced"}
    assert {deal.status for deal in deals("2025-05-02") if deal.id == "us-japan-2025-05"} == {"pending"}


def test_a_file_adds_a_deal_to_a_case(tmp_path: Path) -> None:
    added = {deal.id: deal for deal in deals(None, with_deal(tmp_path, OWN))}
    assert len(added) == len(DEALS) + 1
    deal = added["us-newland-2025"]
    assert isinstance(deal, Deal)
    assert deal.terms[0].known_from == date(2025, 4, 9)
    assert "us-newland-2025" not in {one.id for one in deals("2025-05-01", tmp_path)}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "status: announced",
            "status: anounced",
            "stages.0.status: there is no status 'anounced'; did you mean announced",
        ),
        ("source: usa-004", "source: usa-0004", "terms.0: source: there is no entry 'usa-0004'"),
        (", known_from: 2025-05-02", "", "stages.0.known_from: this field is missing"),
        ("known_from: 2025-05-02", "known_from: 2025-04-02", "before the day it happened"),
        ("by: USA", "by: JPN", "a term is by JPN, who is not a party"),
        ("rate_pct: 10", "rate: 10", "terms.0.rate: there is no such field"),
        (", basis: added", "", "rate_pct and basis stand together"),
        ("id: us-newland-2025", "id: us-eu-2025", "there is a deal 'us-eu-2025' already"),
        ("[USA, NZL]", "[USA, USA]", "two governments are needed"),
        ("stages:\n", "stages: []\nnote:\n", "stages"),
    ],
)
def test_a_wrong_deal_is_refused_by_field(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in OWN
    with pytest.raises(BadInput) as error:
        deals(None, with_deal(tmp_path, OWN.replace(old, new)))
    assert says in str(error.value)
    assert "own.yaml" in str(error.value)


def test_the_commands_print_json(capsys: pytest.CaptureFixture[str]) -> None:
    def answer(*arguments: str) -> dict[str, list[dict[str, object]]]:
        with pytest.raises(SystemExit) as done:
            run(["record", *arguments, "--json"])
        assert done.value.code == 0
        content: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
        assert "meta" in content
        return content

    assert len(answer("deals")["deals"]) == len(DEALS)
    assert {deal["id"] for deal in answer("deals", "--party", "EU")["deals"]} == {"us-eu-2025"}
    assert len(answer("deals", "--as-of", "2025-04-20")["deals"]) == 3
    assert {one["id"] for one in answer("issues")["issues"]} == {one.id for one in issues()}
