"""The record: two clocks, a case's own entries over the shipped ones, errors that name the entry."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.cli.main import run as main
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import read_yaml
from tradetalks.record.entry import Entry
from tradetalks.record.fields import web_address
from tradetalks.record.issues import issue, issue_of, issues
from tradetalks.record.ledger import everything, known, ledger, shipped
from tradetalks.value.terms import KINDS

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).resolve().parents[2] / "shared"))

OWN = """\
- id: {id}
  date: {date}
  known_from: {known_from}
  who: Akazawa
  party: JPN
  act: offer
  issue: agriculture
  position: {position}
  source: our own notes
"""


def write(folder: Path, text: str) -> Path:
    (folder / "record.yaml").write_text(text, encoding="utf-8")
    return folder


def own(**fields: str) -> str:
    given_fields = {
        "id": "own-1",
        "date": "2025-04-17",
        "known_from": "2025-04-19",
        "position": "More rice.",
    }
    return OWN.format(**(given_fields | fields))


def test_the_record_of_20_april_2025_holds_what_was_public_and_nothing_later() -> None:
    known = {entry.id: entry for entry in ledger("2025-04-20")}
    assert len(known) == 48
    # Kato's refusal of 9 April was public; the US refusal of 16 April came out on the 24th only.
    assert known["jpnlog-024"].act == "refuse"
    assert known["jpnlog-024"].issue == "treasuries"
    assert "jpnlog-037" not in known
    assert {entry.id: entry for entry in ledger()}["jpnlog-037"].date == date(2025, 4, 16)


@given(day=st.dates(date(2025, 1, 1), date(2025, 12, 31)), later=st.integers(0, 200))
def test_a_later_reader_knows_everything_an_earlier_one_knew(day: date, later: int) -> None:
    early, late = ledger_cached(day), ledger_cached(day + timedelta(days=later))
    assert set(early) <= set(late)
    assert all(entry.known_from <= day for entry in early)
    assert [entry.known_from for entry in early] == sorted(entry.known_from for entry in early)


ALL = ledger()


def ledger_cached(day: date) -> tuple[Entry, ...]:
    """Return what :func:`ledger` returns for ``day``; checked against it once, to keep the test fast."""
    return tuple(entry for entry in ALL if entry.known_from <= day)


@pytest.mark.parametrize("day", ["2025-02-06", "2025-02-07", "2025-04-24", "2026-01-01"])
def test_the_reader_of_a_day_sees_the_prefix_of_the_ledger(day: str) -> None:
    assert ledger(day) == ledger_cached(date.fromisoformat(day))


def test_a_case_adds_entries_and_corrects_by_a_new_one(tmp_path: Path) -> None:
    write(tmp_path, own() + own(id="own-2", position="Corrected.").rstrip() + "\n  corrects: jpnlog-024\n")
    entries = {entry.id: entry for entry in ledger(None, tmp_path)}
    assert len(entries) == len(ALL) + 1
    assert "jpnlog-024" not in entries
    assert entries["own-2"].position == "Corrected."
    assert entries["own-1"].amount is None
    assert "own-1" not in {entry.id for entry in ledger("2025-04-18", tmp_path)}
    assert "own-1" in {entry.id for entry in ledger("2025-04-19", tmp_path)}


def test_a_correction_is_unknown_before_its_day(tmp_path: Path) -> None:
    write(tmp_path, own(known_from="2025-05-01").rstrip() + "\n  corrects: jpnlog-024\n")
    assert "jpnlog-024" in {entry.id for entry in ledger("2025-04-30", tmp_path)}
    assert "jpnlog-024" not in {entry.id for entry in ledger("2025-05-01", tmp_path)}


def test_a_case_without_a_record_reads_the_shipped_one(tmp_path: Path) -> None:
    assert ledger(None, tmp_path) == ALL
    assert ledger(None, write(tmp_path, "[]\n")) == ALL


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (own(known_from="2025-04-16"), ["entry 1 (own-1)", "known_from 2025-04-16", "2025-04-17"]),
        (own(date="soon"), ["entry 1 (own-1)", "date"]),
        (own() + own(), ["entry 2", "'own-1' stands twice"]),
        (own().replace("act: offer", "act: wish"), ["own-1", "act", "offer"]),
        (own() + "  amount: 5\n", ["own-1", "amount and unit"]),
        (own() + "  mood: bad\n", ["own-1", "mood"]),
        (own().replace("  who: Akazawa\n", ""), ["own-1", "who", "missing"]),
        (own().replace("  who:", "  whom:"), ["own-1", "whom: there is no such field; did you mean who"]),
        (own().replace("act: offer", "act: ofer"), ["act: there is no act 'ofer'; did you mean offer"]),
        (
            own().replace("issue: agriculture", "issue: agricultur"),
            ["issue: there is no issue", "did you mean agriculture"],
        ),
        (
            own().replace("issue: agriculture", "issue: market.rice"),
            ["a topic of the issue agriculture", "topic: market.rice"],
        ),
        (own() + "  topic: tariff.autos\n", ["the topic tariff.autos belongs to the issue cars"]),
        (own() + "  topic: market.ricee\n", ["topic: there is no topic", "did you mean market.rice"]),
        (own() + "  amount: 5\n  unit: dollar\n", ["unit: there is no unit 'dollar'"]),
        (own() + "  amount: .inf\n  unit: USD bn\n", ["amount"]),
        (own() + "  amount: true\n  unit: USD bn\n", ["amount", "not a number"]),
        (own() + "  url: example\n", ["url", "not an address"]),
        (own() + "  counterpart: JPN\n", ["party and counterpart are both JPN"]),
        (own() + "  counterpart: JPN+USA\n", ["party both"]),
        (own() + "  also: [agriculture]\n", ["not the issue itself"]),
        (own() + "  corrects: nothing\n", ["corrects: there is no entry 'nothing'"]),
        (own() + "  corrects: own-1\n", ["cannot repeat or correct itself"]),
        (own(id="jpnlog-024"), ["the shipped record has an entry 'jpnlog-024'", "corrects: jpnlog-024"]),
        (own(id="'own 1'"), ["id", "letters, digits"]),
        (own(date="2025"), ["date: 2025 is not a date"]),
        (own(date="2025-02-30"), ["line 2", "not a day of the calendar"]),
        (own().replace("party: JPN", "party: Japon"), ["party", "Japan"]),
        ("- &a {id: x}\n- *a\n", ["line 2", "aliases"]),
        ("who: Akazawa\n", ["a list of entries"]),
        ("- just words\n", ["entry 1", "fields"]),
        ("- id: [1\n", ["line", "column"]),
    ],
)
def test_a_bad_entry_is_named_with_its_field(tmp_path: Path, text: str, names: list[str]) -> None:
    with pytest.raises(BadInput) as error:
        ledger(None, write(tmp_path, text))
    for name in ["record.yaml", *names]:
        assert name in str(error.value)


def test_a_day_that_is_no_date_is_refused() -> None:
    with pytest.raises(BadInput, match="as_of: '20 April' is not a date"):
        ledger("20 April")


def test_every_shipped_entry_has_its_source() -> None:
    for entry in shipped():
        assert entry.url is not None
        assert web_address(entry.url) == entry.url
        assert entry.source in entry.url
        assert entry.confidence is not None
        assert entry.source_type is not None
        assert len(entry.sides) == 2
        assert "USA" in entry.sides
    assert len({entry.id for entry in shipped()}) == len(shipped())


def test_the_whole_record_stands_on_its_issues_and_its_own_ids() -> None:
    names = {one.id for one in issues()}
    ids = {entry.id: entry for entry in shipped()}
    for entry in shipped():
        assert set(entry.issues) <= names
        assert entry.topic is not None
        assert issue_of(entry.topic) == entry.issue
        if entry.repeats:
            told = ids[entry.repeats]
            assert told.repeats is None
            # A fact tells again what the log tells, or an act on one country what was done to all.
            assert (entry.series, told.series) == ("facts", "talks") or told.issue == entry.issue


@given(day=st.dates(date(2018, 1, 1), date(2026, 12, 31)), later=st.integers(0, 400))
def test_the_whole_record_knows_nothing_early_and_forgets_nothing(day: date, later: int) -> None:
    early, late = known(shipped(), day), known(shipped(), day + timedelta(days=later))
    assert set(early) <= set(late)
    assert len(early) == sum(entry.known_from <= day for entry in shipped())


#: Words that would tell a reader of an early day what came after it.
HINDSIGHT = re.compile(r"\b(later|afterwards|eventually|subsequently|in the end|turned out|would become)\b", re.I)


def test_positions_tell_nothing_that_came_later() -> None:
    told = {entry.id for entry in shipped() if HINDSIGHT.search(entry.position)}
    assert told == {"eu-004"}  # "later" there is of duties announced for a later day


MONTHS = {date(2025, number, 1).strftime("%B"): number for number in range(1, 13)}


def test_a_position_names_a_later_day_only_as_a_date_to_come() -> None:
    """Days after ``known_from`` in a position are deadlines and starts, read by hand; a new one must be read too."""
    ahead = set()
    for entry in shipped():
        for number, month in re.findall(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b(?! \d{{4}})", entry.position):
            if date(entry.known_from.year, MONTHS[month], int(number)) > entry.known_from:
                ahead.add(entry.id)
    assert ahead == {"jpnlog-008", "jpnlog-080", "jpn-004", "jpn-009", "usa-006", "usa-007", "eu-002", "eu-008"} | {
        *("gbr-007", "phl-002", "eulog-008", "eulog-014", "eulog-016", "eulog-017", "eulog-018", "eulog-030"),
        "eulog-031",
    }


def test_no_position_is_long_enough_to_be_a_quotation() -> None:
    assert max(len(entry.position.split()) for entry in shipped()) <= 32
    for entry in shipped():
        for said in re.findall(r"(?:^|\s)['\"“](.+?)['\"”](?=\W|$)", entry.position):
            assert len(said.split()) <= 5, (entry.id, said)


def test_facts_are_added_to_the_log_or_stand_for_it() -> None:
    talks = ledger("2025-04-20")
    with_facts = ledger("2025-04-20", facts=True)
    assert set(talks) < set(with_facts)
    assert {entry.id for entry in with_facts} >= {"jpn-006", "usa-004", "pre-005"}
    assert all(set(entry.sides) == {"JPN", "USA"} or entry.for_all for entry in with_facts)
    # No log ships of other talks: their facts are the record, and a member of the EU reads the EU's.
    britain = ledger("2025-06-30", between=("USA", "GBR"))
    assert [entry.id for entry in britain][:2] == ["gbr-001", "gbr-002"]
    assert ledger(between=("DEU", "USA")) == ledger(between=("EU", "USA")) != ()
    assert ledger(between=("NZL", "USA")) == ()


def test_the_issues() -> None:
    every = issues()
    assert 15 <= len(every) <= 20
    assert len({topic for one in every for topic in one.topics}) == sum(len(one.topics) for one in every)
    entries = {entry.id: entry for entry in shipped()}
    for one in every:
        assert set(one.terms) <= set(KINDS)
        assert bool(one.terms) != bool(one.unpriced)
        assert (one.since is None) == (one.citation is None) == (one.id == "other")
        if one.citation and one.citation.startswith("record:"):
            entry = entries[one.citation.removeprefix("record:")]
            assert one.id in entry.issues
            assert entry.known_from == one.since
        elif one.citation:
            assert web_address(one.citation)
    # An issue is listed no later than the record first speaks of it.
    for entry in shipped():
        for name in entry.issues:
            since = issue(name).since
            assert since is not None
            assert since <= entry.known_from, entry.id
    assert {kind for one in every for kind in one.terms} == set(KINDS)


def test_the_issues_of_20_april_2025() -> None:
    then = {one.id for one in issues("2025-04-20")}
    assert {one.id for one in issues()} - then == {"minerals", "other"}
    assert {name for entry in everything("2025-04-20") for name in entry.issues} <= then


def test_the_page_shows_the_issues_as_they_are() -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "record.md").read_text(encoding="utf-8")
    for one in issues():
        terms = ", ".join(one.terms) or "none"
        assert f"| `{one.id}` | {one.title} | {terms} | {one.since or 'never'} |" in page


RAW = SHARED / "data" / "record"


def test_no_deed_is_counted_twice() -> None:
    counted = [entry for entry in shipped() if entry.repeats is None]
    same = [
        (one.date, one.party, one.counterpart, one.issue, one.topic, one.act, one.who)
        for one in counted
        if one.act in ("act", "threat")
    ]
    assert len(same) == len(set(same))
    # One duty on one industry or on all alike, put on everybody: once, not once a country.
    general = {(one.issue, one.amount) for one in counted if one.for_all and one.act == "act" and one.amount}
    for one in counted:
        if one.act == "act" and one.party == "USA" and not one.for_all and one.date < date(2025, 7, 1):
            assert (one.issue, one.amount) not in general, one.id
    # The duty on parts is that on cars and parts, come into force.
    ids = {entry.id: entry for entry in shipped()}
    assert ids["jpn-007"].repeats == "jpnlog-008"


@pytest.mark.skipif(not RAW.is_dir(), reason="the raw inputs are not here")
def test_the_shipped_record_is_what_the_tool_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).resolve().parents[1]
    monkeypatch.syspath_prepend(str(root / "tools"))
    import build_record

    texts = build_record.files_of(SHARED)
    assert {path.name: path.read_text(encoding="utf-8") for path in build_record.TARGET.iterdir()} == texts


@pytest.mark.skipif(not RAW.is_dir(), reason="the raw inputs are not here")
def test_every_fact_of_the_base_is_in_the_record_with_its_figures() -> None:
    entries = {entry.id: entry for entry in shipped()}
    counted: dict[str, int] = {}
    for path in RAW.glob("*.yaml"):
        content = read_yaml(path)
        code = content["counterpart"] if path.name == "japan-log.yaml" else content["counterpart"]["code"]
        for raw in content.get("facts", content.get("entries")):
            entry = entries.pop(raw["id"])
            counted[code] = counted.get(code, 0) + 1
            assert entry.url == raw["source"].replace("\\", "/")
            assert code in (*entry.sides, "PRE") or entry.for_all
            if entry.amount is not None and "value" in raw:
                assert entry.amount == raw["value"]
            if raw["id"] not in {"jpn-004", "can-003"}:
                assert (str(entry.date), str(entry.known_from)) == (raw["date"], raw["known_from"])
    by_hand = {"khm-008", "kor-001", "eu-018", "idn-014", "idn-015", "tha-011", "usa-013", "usa-014"}
    assert set(entries) == by_hand | {f"eulog-{number:03}" for number in range(1, 35)}
    assert counted["JPN"] == 95 + 32
    assert sum(counted.values()) == 280


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from tradetalks.cli.main import run; run(sys.argv[1:])"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_the_command_prints_json_of_the_case_day(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("schema: 1\nas_of: 2025-04-20\n", encoding="utf-8")
    write(tmp_path, own())
    done = run("record", "list", "--case", str(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert len(answer["entries"]) == 49
    assert answer["meta"]["known_through"] == "2025-04-20"
    done = run("record", "list", str(tmp_path), "--as-of", "2025-02-07")
    assert len(done.stdout.splitlines()) == 2


def test_the_command_filters(capsys: pytest.CaptureFixture[str]) -> None:
    def listed(*arguments: str) -> list[dict[str, object]]:
        with pytest.raises(SystemExit) as done:
            main(["record", "list", "us-japan-2025", *arguments, "--json"])
        assert done.value.code == 0
        entries: list[dict[str, object]] = json.loads(capsys.readouterr().out)["entries"]
        return entries

    assert len(listed()) == 48
    assert {entry["id"] for entry in listed("--issue", "market.rice", "--party", "Japan")} == {"jpnlog-048"}
    assert all("currency" in (entry["issue"], *entry["also"]) for entry in listed("--issue", "currency"))  # type: ignore[misc]
    assert len(listed("--issue", "currency")) == 5
    assert {entry["act"] for entry in listed("--act", "refuse")} == {"refuse"}
    assert len(listed("--all")) == len(everything("2025-04-20"))
    assert {entry["party"] for entry in listed("--all", "--party", "EU", "--as-of", "2026-06-30")} == {"EU", "both"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no-such-case"], "there is no case 'no-such-case'"),
        (["us-japan-2025", "--as-of", "yesterday"], "--as-of: 'yesterday' is not a date"),
        (["--issue", "rise"], "--issue: there is no issue 'rise'"),
        (["--issue", "market.rise"], "--issue: there is no topic 'market.rise'; did you mean market.rice"),
        (["--act", "refused"], "--act: there is no act 'refused'; did you mean refuse"),
        (["--party", "Atlantis"], "--party: "),
    ],
)
def test_the_command_refuses_in_a_sentence(arguments: list[str], sentence: str) -> None:
    done = run("record", "list", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert not done.stdout


def test_the_command_imports_nothing_heavy() -> None:
    code = (
        "import sys; import tradetalks.cli.record, tradetalks.record.deals as d; d.deals();"
        "print([m for m in ('jax', 'altair', 'polars', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
