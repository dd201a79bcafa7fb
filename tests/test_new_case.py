"""``tradetalks new``: a case from two governments and a day; what it proposes is law, trade or record of that day."""

from __future__ import annotations

import json
import os
import random
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tradetalks.cli.main import run
from tradetalks.cli.schema import answer_model
from tradetalks.ground.errors import BadInput
from tradetalks.record.ledger import everything, ledger
from tradetalks.talks.draft import folder as folders
from tradetalks.talks.draft.asked import from_record
from tradetalks.talks.draft.draft import Draft, draft
from tradetalks.talks.draft.folder import write_case
from tradetalks.talks.draft.measures import bites
from tradetalks.value.answering import answer
from tradetalks.value.case import Case, load_case
from tradetalks.value.terms import Purchases, Standards, Tariff
from tradetalks.value.valuation import Valuation
from tradetalks.world.bloc import world_of
from tradetalks.world.load import load_world

SPRING = date(2025, 4, 20)


def some_pairs() -> list[tuple[str, str, date]]:
    """Eight pairs of regions of the world, half of them with the United States, each on a day of its own."""
    chance = random.Random(20261122)
    regions = [region for region in load_world().regions if region not in ("USA", "ROW")]
    pairs = [(chance.choice(regions), "USA") for _ in range(4)] + [tuple(chance.sample(regions, 2)) for _ in range(4)]
    return [(*pair, date(2025, 1, 2) + timedelta(days=chance.randrange(600))) for pair in pairs]  # type: ignore[misc]


def made(tmp_path: Path, one: str, other: str, day: date, **more: str) -> tuple[Draft, Case]:
    """A draft, and the case that it becomes on disk."""
    found = draft((one, other), day, **more)
    return found, write_case(found, tmp_path / f"{one}-{other}".lower())


@pytest.mark.parametrize(("one", "other", "day"), [*some_pairs(), ("JPN", "AUS", SPRING), ("EU", "CHN", SPRING)])
def test_any_pair_makes_a_case_that_reads_back(tmp_path: Path, one: str, other: str, day: date) -> None:
    found, case = made(tmp_path, one, other, day)
    assert case.parties == (one, other)
    assert (case.as_of, case.deadline) == (day, found.deadline)
    assert [term.id for term in case.terms] == [term.id for term in found.terms] != []
    assert all(term.source and term.note for term in case.terms)
    assert [package.id for package in case.packages] == list(found.packages) != []
    assert sum(outcome.probability for outcome in case.no_deal) == 1
    # Its record is empty, and lies over the shipped one.
    assert case.folder is not None
    assert ledger(day, case.folder, (one, other)) == ledger(day, None, (one, other))
    assert set(ledger(day, None, (one, other))) >= {one for one in found.entries if one.series == "talks"}


@pytest.mark.parametrize(("other", "day"), [("KOR", date(2025, 7, 1)), ("JPN", SPRING), ("ARG", date(2025, 10, 1))])
def test_the_record_counts_the_entries_that_its_reader_is_shown(
    tmp_path: Path, other: str, day: date, capsys: pytest.CaptureFixture[str]
) -> None:
    found, case = made(tmp_path, other, "BRA" if other == "ARG" else "USA", day)
    assert case.folder is not None
    text = (case.folder / "record.yaml").read_text()
    with pytest.raises(SystemExit):
        run(["record", "list", "--case", str(case.folder)])
    listed = capsys.readouterr().out.splitlines()
    said = re.search(r"the shipped record: (\d+) entr(?:y|ies) on the two", text)
    assert (int(said[1]) if said else 0) == len(listed)
    # What else the terms were drawn from is counted apart, and one option away.
    more = re.search(r"record list --facts: (\d+) entr", text)
    shown = {line.rpartition("[")[2].rstrip("]") for line in listed}
    assert (int(more[1]) if more else 0) == sum(entry.id not in shown for entry in found.entries)
    with pytest.raises(SystemExit):
        run(["record", "list", "--facts", "--case", str(case.folder)])
    whole = capsys.readouterr().out
    assert all(f"[{entry.id}]" in whole for entry in found.entries)


def test_the_terms_for_japan_in_april_2025_are_those_of_the_law_then(tmp_path: Path) -> None:
    found, case = made(tmp_path, "JPN", "USA", SPRING)
    # EO 14266 suspends the country rate until 9 July; parts were due on 3 May.
    assert found.deadline == date(2025, 7, 9)
    assert found.outcome == "snap-back"
    assert [when for when, _, _ in found.dates][:2] == [date(2025, 5, 3), date(2025, 7, 9)]
    bodies = {term.id: term.body for term in case.terms}
    kept = bodies["ieepa-reciprocal-held"]
    assert isinstance(kept, Tariff)
    assert (kept.measure, kept.rate) == ("ieepa-reciprocal", 10)
    half = bodies["s232-autos-half"]
    assert isinstance(half, Tariff)
    assert half.rate == 12.5
    assert {"s232-autos-0", "s232-auto-parts-off", "s232-steel-0"} <= bodies.keys()
    assert not any("50%" in (term.note or "") for term in case.terms), "the doubled metal duties came in June"
    assert case.seat == "JPN"


def test_duties_of_the_notes_are_rate_times_imports() -> None:
    found = bites("JPN", SPRING, date(2025, 7, 9))
    (cars,) = found["s232-autos"]
    assert cars.duty_now_usd_bn == pytest.approx(0.25 * cars.imports_usd_bn, rel=1e-6)
    # Japan sold 41.9 billion dollars of cars in 2024 (US Census); the list adds light trucks.
    assert cars.imports_usd_bn == pytest.approx(41.9, abs=1)
    (country,) = found["ieepa-reciprocal"]
    assert country.duty_then_usd_bn == pytest.approx(2.4 * country.duty_now_usd_bn, rel=0.01)


def test_nothing_of_the_record_is_younger_than_the_day(tmp_path: Path) -> None:
    known = {entry.id: entry.known_from for entry in everything()}
    for day in (date(2025, 3, 1), SPRING, date(2025, 7, 14)):
        _, case = made(tmp_path / str(day) if (tmp_path / str(day)).mkdir() is None else tmp_path, "JPN", "USA", day)
        assert case.folder is not None
        text = "".join((case.folder / name).read_text() for name in ("case.yaml", "record.yaml"))
        named = set(re.findall(r"(?:record:|\[)((?:jpn|usa|jpnlog)-\d+)", text))
        assert named
        assert all(known[name] <= day for name in named)


def test_a_named_amount_sizes_a_purchase_and_too_large_a_one_does_not() -> None:
    world = world_of(("EU", "USA"))
    entries = [entry for entry in everything("2025-07-14") if entry.id in ("eulog-007", "eulog-030")]
    (asked,) = from_record(world, ("EU", "USA"), entries)
    # What equals a deficit is no flow of purchases; 59.5 billion dollars of oil and gas were sold in 2022.
    assert asked.body["amount_usd_bn"] == pytest.approx(10)  # a fifth of the flow, one digit
    assert asked.illustrative
    assert "350" in asked.note
    (asked,) = from_record(world, ("EU", "USA"), [entries[0].model_copy(update={"unit": "USD bn a year"})])
    assert asked.body["amount_usd_bn"] == pytest.approx(10)
    assert "would more than double that trade" in asked.note
    total = entries[0].model_copy(update={"amount": 120.0, "unit": "USD bn, to 2028"})
    (asked,) = from_record(world, ("EU", "USA"), [total])
    assert (asked.body["amount_usd_bn"], asked.body["years"], asked.illustrative) == (120.0, 3.0, False)
    (asked,) = from_record(
        world, ("EU", "USA"), [entries[0].model_copy(update={"amount": 20, "unit": "EUR bn a year"})]
    )
    assert asked.illustrative, "the rate of exchange is ours"
    modest = entries[0].model_copy(update={"amount": 30.0, "unit": "USD bn a year"})
    (asked,) = from_record(world, ("EU", "USA"), [modest])
    assert (asked.body["amount_usd_bn"], asked.illustrative) == (30.0, False)


def test_a_threat_stands_ready_to_be_weighed(tmp_path: Path) -> None:
    _, case = made(tmp_path, "EU", "USA", date(2025, 7, 14))
    assert case.folder is not None
    file = case.folder / "case.yaml"
    text = file.read_text()
    weighed = text.replace("  # - {outcome: threat", "  - {outcome: threat")
    file.write_text(weighed.replace("snap-back, probability: 1.0", "snap-back, probability: 0.5"))
    threat, law = load_case(str(case.folder)).no_deal
    assert (threat.outcome, law.outcome) == ("threat", "snap-back")
    (term,) = threat.terms.terms
    assert isinstance(term.body, Tariff)
    assert (term.body.measure, term.body.rate) == ("ieepa-reciprocal", 30)
    # By 20 April the 24% for Japan was law, only suspended.
    _, older = made(tmp_path, "JPN", "USA", SPRING)
    assert older.folder is not None
    assert "outcome: threat" not in (older.folder / "case.yaml").read_text()


def test_a_rate_already_named_is_on_the_table(tmp_path: Path) -> None:
    found, case = made(tmp_path, "VNM", "USA", date(2025, 7, 20))
    # 20% was announced for Vietnam on 2 July (vnm-002); 46% was the law from 1 August.
    body = case.term("ieepa-reciprocal-20").body
    assert isinstance(body, Tariff)
    assert (body.rate, case.term("ieepa-reciprocal-20").source) == (20, "record:vnm-002")
    assert "ieepa-reciprocal-20" in found.packages["exchange"][1]
    assert "ieepa-reciprocal-held" not in found.packages["exchange"][1]
    before = draft(("VNM", "USA"), date(2025, 7, 1))
    assert "ieepa-reciprocal-20" not in [term.id for term in before.terms]


def test_retaliation_in_force_is_a_term_that_can_be_valued(tmp_path: Path) -> None:
    found, case = made(tmp_path, "CHN", "USA", date(2025, 5, 1))
    term = case.term("chn-retaliation-all")
    assert isinstance(term.body, Tariff)
    assert term.body.cut == 125
    worth = Valuation(case, draws=0).term(term).against_status_quo.parties["USA"].welfare_net_usd_bn.value
    assert worth is not None
    assert worth > 0
    assert found.seat == "CHN"


def test_without_law_of_either_side_no_deal_is_today_and_the_case_says_so(tmp_path: Path) -> None:
    found, case = made(tmp_path, "BRA", "ARG", date(2025, 10, 1))
    assert found.outcome == "extension"
    assert found.deadline == date(2025, 12, 30)
    assert found.entries == ()
    said = " ".join(found.limits)
    assert "No tariff of Argentina is shipped" in said
    assert "holds nothing on these two" in said
    assert {type(term.body) for term in case.terms} == {Purchases, Standards}


def test_japan_s_known_tariff_is_a_term_for_any_partner(tmp_path: Path) -> None:
    _, case = made(tmp_path, "JPN", "AUS", SPRING)
    world = load_world()
    cut = case.term("jpn-duty-c10t12").body
    assert isinstance(cut, Tariff)
    assert cut.cut is not None
    base = world.rate_pct("JPN", "AUS", "C10T12")
    assert base is not None
    assert cut.cut == pytest.approx(base / 2, abs=0.05)


def test_a_purchase_by_rule_is_a_fifth_of_the_flow(tmp_path: Path) -> None:
    _, case = made(tmp_path, "JPN", "AUS", SPRING)
    body = case.term("jpn-buys-b05").body
    world = load_world()
    flow = world.flows[world.region("AUS"), world.region("JPN"), world.sector("B05")] / 1000
    assert isinstance(body, Purchases)
    assert body.amount_usd_bn == pytest.approx(flow / 5, rel=0.34)  # one digit: 1.5 becomes 2
    assert f"{body.amount_usd_bn:g}" == f"{body.amount_usd_bn:.1g}"


def test_no_rules_are_proposed_for_fuels_and_metals() -> None:
    # India sells the United Kingdom more refined petroleum than any other manufacture.
    made_by = draft(("GBR", "IND"), "2026-06-01", None, None)
    sectors = {term.body["sector"] for term in made_by.terms if term.kind == "standards"}
    assert sectors
    assert not sectors & {"C19", "C24A", "C24B"}


@pytest.mark.parametrize(("one", "other", "day"), [("KOR", "USA", date(2025, 7, 1)), ("BRA", "ARG", SPRING)])
def test_what_it_makes_can_be_valued(tmp_path: Path, one: str, other: str, day: date) -> None:
    _, case = made(tmp_path, one, other, day)
    found = answer(Valuation(case, draws=2), case.package())
    worth = found.against_no_deal.parties[one].welfare_net_usd_bn.value
    assert worth is not None
    assert abs(worth) > 1e-3
    assert len(found.terms) == len(case.package().terms)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["x", "--parties", "KOR", "KOR", "--as-of", "2025-07-01"], "both are KOR"),
        (["x", "--parties", "Koera", "USA", "--as-of", "2025-07-01"], "did you mean KOR"),
        (["x", "--parties", "ECU", "USA", "--as-of", "2025-07-01"], "no region of icio-2022"),
        (["x", "--parties", "EU", "FRA", "--as-of", "2025-07-01"], "member of the EU"),
        (["x", "--parties", "KOR", "USA", "--as-of", "2024-12-31"], "before 2025-01-01"),
        (["x", "--parties", "KOR", "USA", "--as-of", "yesterday"], "not a date"),
        (["x", "--parties", "KOR", "USA", "--as-of", "9999-12-31"], "no day for a deadline"),
        (["x", "--parties", "KOR", "USA", "--as-of", "2025-07-01", "--deadline", "2025-07-01"], "not after"),
        (["x", "--parties", "KOR", "USA", "--as-of", "2025-07-01", "--seat", "JPN"], "not one of the parties"),
        (["no/x", "--parties", "KOR", "USA", "--as-of", "2025-07-01"], "the folder no does not exist"),
        (["us-japan-2025", "--parties", "KOR", "USA", "--as-of", "2025-07-01"], "a case that ships"),
        (["..", "--parties", "KOR", "USA", "--as-of", "2025-07-01"], "no new folder"),
        (["y" * 300, "--parties", "KOR", "USA", "--as-of", "2025-07-01"], "cannot be written"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        run(["new", *words])
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert sentence in err
    assert list(tmp_path.iterdir()) == []


def test_it_never_writes_over_anything(tmp_path: Path) -> None:
    found = draft(("BRA", "ARG"), SPRING)
    for there in ("folder", "file", "link"):
        path = tmp_path / there
        if there == "folder":
            path.mkdir()
        elif there == "file":
            path.write_text("mine")
        else:
            path.symlink_to(tmp_path / "nowhere")
        with pytest.raises(BadInput, match="already"):
            write_case(found, path)
    assert (tmp_path / "file").read_text() == "mine"
    assert list((tmp_path / "folder").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "link"]


def test_a_folder_that_does_not_read_back_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "case_text", lambda draft, name: "schema: 1\n")
    with pytest.raises(BadInput, match="missing"):
        write_case(draft(("BRA", "ARG"), SPRING), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_place_where_one_may_not_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(BadInput, match="no permission"):
        write_case(draft(("BRA", "ARG"), SPRING), tmp_path / "x")


def test_an_odd_name_stays_the_name(tmp_path: Path) -> None:
    case = write_case(draft(("BRA", "ARG"), SPRING), tmp_path / 'a: "b" #c')
    assert case.name == 'a: "b" #c'


def test_json_obeys_its_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        run(["new", "here", "--parties", "Viet Nam", "US", "--as-of", "2025-07-20", "--seat", "US", "--json"])
    assert left.value.code == 0
    answer = json.loads(capsys.readouterr().out)
    Draft202012Validator(answer_model("new").model_json_schema(mode="serialization")).validate(answer)
    assert (answer["parties"], answer["seat"], answer["deadline"]) == (["VNM", "USA"], "USA", "2025-08-01")
    assert {name for terms in answer["packages"].values() for name in terms} <= {term["id"] for term in answer["terms"]}
