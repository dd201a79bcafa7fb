"""The record: two clocks, a case's own entries over the shipped ones, errors that name the entry."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import ledger

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).resolve().parents[2] / "shared"))

OWN = """\
- id: {id}
  date: {date}
  known_from: {known_from}
  who: Akazawa
  party: JPN
  act: offer
  issue: market.rice
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


def test_a_case_adds_entries_and_replaces_by_id(tmp_path: Path) -> None:
    write(tmp_path, own() + own(id="jpnlog-024", position="Corrected."))
    entries = {entry.id: entry for entry in ledger(None, tmp_path)}
    assert len(entries) == len(ALL) + 1
    assert entries["jpnlog-024"].position == "Corrected."
    assert entries["own-1"].amount is None
    assert "own-1" not in {entry.id for entry in ledger("2025-04-18", tmp_path)}
    assert "own-1" in {entry.id for entry in ledger("2025-04-19", tmp_path)}


def test_a_case_without_a_record_reads_the_shipped_one(tmp_path: Path) -> None:
    assert ledger(None, tmp_path) == ALL
    assert ledger(None, write(tmp_path, "[]\n")) == ALL


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (own(known_from="2025-04-16"), ["entry 1 (own-1)", "known_from 2025-04-16", "2025-04-17"]),
        (own(date="soon"), ["entry 1 (own-1)", "date"]),
        (own() + own(), ["entry 2", "'own-1' stands twice"]),
        (own().replace("act: offer", "act: wish"), ["own-1", "act", "'offer'"]),
        (own() + "  amount: 5\n", ["own-1", "amount and unit"]),
        (own() + "  mood: bad\n", ["own-1", "mood"]),
        (own().replace("  who: Akazawa\n", ""), ["own-1", "who"]),
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
    for entry in ALL:
        assert entry.url is not None
        assert entry.source in entry.url
        assert entry.confidence is not None
        assert entry.party in {"USA", "JPN", "both"}


@pytest.mark.skipif(not (SHARED / "data" / "record").is_dir(), reason="the raw inputs are not here")
def test_the_shipped_ledger_is_what_the_tool_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).resolve().parents[1]
    monkeypatch.syspath_prepend(str(root / "tools"))
    import build_record

    assert build_record.TARGET.read_text(encoding="utf-8") == build_record.build(SHARED)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from tradetalks.cli.main import run; run(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )


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


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no-such-case"], "there is no case 'no-such-case'"),
        (["us-japan-2025", "--as-of", "yesterday"], "--as-of: 'yesterday' is not a date"),
    ],
)
def test_the_command_refuses_in_a_sentence(arguments: list[str], sentence: str) -> None:
    done = run("record", "list", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert not done.stdout


def test_the_command_imports_nothing_heavy() -> None:
    code = (
        "import sys; import tradetalks.cli.record, tradetalks.record.ledger as l; l.ledger();"
        "print([m for m in ('jax', 'altair', 'polars', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
