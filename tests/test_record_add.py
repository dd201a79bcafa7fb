"""Adding to a record and checking one: whole or not at all, nothing rewritten, every fault with its place."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import parse_yaml
from tradetalks.record.append import append, appended
from tradetalks.record.check import check_text
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import everything, ledger

FIELDS = {
    "id": "own-1",
    "date": "2025-04-17",
    "known_from": "2025-04-19",
    "who": "Akazawa",
    "party": "JPN",
    "counterpart": "USA",
    "act": "offer",
    "issue": "energy",
    "position": "More gas: 'soon', #1.",
    "source": "our notes",
}
ENTRY = Entry.model_validate(FIELDS)

#: What the command needs, as options.
OPTIONS = ["--date=2025-04-17", "--who=Akazawa", "--party=JPN", "--act=offer", "--issue=energy"]
OPTIONS += ["--position=More gas.", "--source=our notes"]

ONE = appended("", ENTRY)


def other(**fields: object) -> Entry:
    return Entry.model_validate(FIELDS | {"id": "own-2"} | fields)


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as done:
        run(["record", *arguments])
    out, err = capsys.readouterr()
    assert isinstance(done.value.code, int)
    return done.value.code, out, err


def case(folder: Path, record: str | None = None) -> Path:
    (folder / "case.yaml").write_text("schema: 1\nas_of: 2025-04-20\nparties: [JPN, USA]\n", encoding="utf-8")
    if record is not None:
        (folder / "record.yaml").write_text(record, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# ours\n",
        "---\n",
        "[]\n",
        "# ours\n\n[]\n",
        ONE,
        ONE.rstrip("\n"),
        ONE + "\n\n# the end\n",
        "".join("  " + line for line in ONE.splitlines(keepends=True)),
    ],
    ids=["empty", "comment", "start", "none", "none with comment", "one", "no newline", "comment after", "indented"],
)
def test_what_stood_there_stays(before: str) -> None:
    after = appended(before, other())
    kept = before.replace("[]\n", "").rstrip("\n")
    assert after.startswith(kept)
    sound, wrong = check_text(after, "record.yaml")
    assert wrong == ()
    assert sound[-1] == other()


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("who: me\n", "a record is a list of entries"),
        ("- id: [1\n", "line"),
        ("- &a {id: x}\n- *a\n", "aliases"),
        ("[{id: own-9, date: 2025-04-01, known_from: 2025-04-01, who: a, party: JPN, act: offer, issue: energy, "
         "position: b, source: c}]\n", "nothing was added: the list is not written as lines"),
        (ONE + "...\n", "nothing was added"),
        (ONE + "  mood: bad\n", "mood"),
        (ONE.replace("own-1", "own-2"), "the case has an entry 'own-2'"),
        ("null\n", "the file is empty"),
    ],
)  # fmt: skip
def test_a_record_we_do_not_understand_is_left_alone(tmp_path: Path, before: str, says: str) -> None:
    case(tmp_path, before)
    with pytest.raises(BadInput) as error:
        append(tmp_path, other())
    assert says in str(error.value)
    assert (tmp_path / "record.yaml").read_text(encoding="utf-8") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml", "record.yaml"]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_words_and_figures_read_back_as_they_were(words: str, amount: float) -> None:
    entry = other(position=words[:400].strip() or "x", who=words.strip()[:50] or "x", amount=amount, unit="USD bn")
    try:
        after = appended(ONE, entry)
    except BadInput:  # characters that YAML refuses; then nothing is written
        return
    assert Entry.model_validate(parse_yaml(after, "record.yaml")[-1]) == entry


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    case(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: append(tmp_path, other(id=f"own-{number}")), range(8)))
    assert len(ledger(None, tmp_path)) == len(ledger()) + 8


def test_the_command_copies_a_shipped_case_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = command(capsys, "add", "us-japan-2025", *OPTIONS, "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["copied"]
    assert answer["entry"]["id"] == "own-1"
    assert answer["entry"]["counterpart"] == "USA"
    assert answer["entry"]["known_from"] == "2025-04-17"
    assert sorted(path.name for path in Path("us-japan-2025").iterdir()) == ["case.yaml", "record.yaml"]
    code, out, _ = command(capsys, "add", "us-japan-2025", *OPTIONS, "--party=both", "--json")
    answer = json.loads(out)
    assert (answer["copied"], answer["entry"]["id"], answer["entry"]["counterpart"]) == (False, "own-2", "JPN+USA")
    code, out, _ = command(capsys, "check", "us-japan-2025")
    assert (code, out) == (0, f"{Path('us-japan-2025/record.yaml')} is sound: 2 entries\n")
    _, out, _ = command(capsys, "list", "us-japan-2025")
    assert len(out.splitlines()) == 50


def test_the_command_adds_nothing_when_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = command(capsys, "add", *OPTIONS[:-1], "--issue=enrgy", "--source=x", "--amount=3", "--url=foo")
    assert (code, out) == (2, "")
    assert "--issue: there is no issue 'enrgy'; did you mean energy" in err
    assert "--url: 'foo' is not an address" in err
    code, out, err = command(capsys, "add", "--who=Akazawa")
    assert (code, out) == (2, "")
    assert "nothing was added: --date, --party, --act, --issue, --position, --source missing" in err
    code, _, err = command(capsys, "add", *OPTIONS, "--id=jpnlog-024")
    assert code == 2
    assert "the shipped record has an entry 'jpnlog-024'" in err
    assert list(tmp_path.iterdir()) == []
    Path("us-japan-2025").mkdir()
    code, _, err = command(capsys, "add", *OPTIONS)
    assert code == 2
    assert "that is no case" in err
    assert list(Path("us-japan-2025").iterdir()) == []


def test_a_terminal_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda text, **_: "energy")
    code, _, _ = command(capsys, "add", str(case(tmp_path)), *[one for one in OPTIONS if "--issue" not in one])
    assert code == 0
    assert {entry.issue for entry in ledger(None, tmp_path) if entry.id == "own-1"} == {"energy"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    case(tmp_path, ONE)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(BadInput, match="no permission"):
            append(tmp_path, other())
    finally:
        tmp_path.chmod(0o700)
    assert (tmp_path / "record.yaml").read_text(encoding="utf-8") == ONE


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    folder = tmp_path / "case"
    folder.mkdir()
    case(folder)
    target = tmp_path / "real" / "record.yaml"
    target.write_text(ONE, encoding="utf-8")
    target.chmod(0o640)
    (folder / "record.yaml").symlink_to(target)
    append(folder, other())
    assert (folder / "record.yaml").is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.read_text(encoding="utf-8").startswith(ONE)


FAULTY = """\
# a record with faults
- id: own-1
  date: 2025-04-17
  known_from: 2025-04-16
  who: Akazawa
  party: JPN
  act: offer
  issue: energy
  position: a
  source: b
- id: own-2
  date: 2025-04-17
  known_from: 2025-04-17
  wo: Akazawa
  party: JPN
  act: ofer
  issue: energy
  position: a
  source: b
- id: own-3
  date: 2025-04-17
  known_from: 2025-04-17
  who: Akazawa
  party: JPN
  act: offer
  issue: energy
  position: a
  source: b
  corrects: jpnlog-999
- id: own-3
  date: 2025-04-17
  known_from: 2025-04-17
  who: Akazawa
  party: JPN
  act: offer
  issue: energy
  position: a
  source: b
- words
"""


def test_every_fault_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(FAULTY, encoding="utf-8")
    code, out, err = command(capsys, "check", str(path))
    assert (code, out) == (2, "")
    first, *faults = err.splitlines()
    assert first.endswith("7 faults:")
    starts = [line.removeprefix(f"{path}, ").split(":")[0] for line in faults]
    assert starts == [
        "line 2, entry 1 (own-1)",
        *("line 11, entry 2 (own-2)", "line 14, entry 2 (own-2)", "line 16, entry 2 (own-2)"),
        "line 29, entry 3 (own-3)",
        "line 30, entry 4 (own-3)",
        "line 39, entry 5",
    ]
    for said in ("known_from 2025-04-16 is before", "wo: there is no such field; did you mean who", "who: this field"):
        assert said in err
    assert "corrects: there is no entry 'jpnlog-999'" in err
    assert "stands twice, first in entry 3" in err


@pytest.mark.parametrize(
    ("text", "says"),
    [("- id: [1\n", "line 2, column 1"), ("- &a {id: x}\n- *a\n", "line 2, column 3"), ("a: b\n", "a list of entries")],
)
def test_a_malformed_file_is_told_by_line_and_column(
    tmp_path: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case(tmp_path, text)
    code, out, err = command(capsys, "check", str(tmp_path))
    assert (code, out) == (2, "")
    assert says in err


@pytest.mark.parametrize("text", ["", "\n", "# ours\n", "---\n", "[]\n"])
def test_a_record_without_content_has_no_entries_wherever_it_is_read(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = case(tmp_path, text)
    assert ledger(None, folder) == ledger()
    assert everything(None, folder) == everything()
    assert command(capsys, "check", str(folder))[:2] == (0, f"{folder / 'record.yaml'} is sound: 0 entries\n")
    code, shown, _ = command(capsys, "list", "--case", str(folder))
    assert (code, shown.count("\n")) == (0, len(ledger("2025-04-20")))
    assert command(capsys, "add", "--case", str(folder), *OPTIONS)[0] == 0
    assert [entry.id for entry in ledger(None, folder) if entry not in ledger()] == ["own-1"]


def test_what_is_sound_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = command(capsys, "check")
    assert (code, err) == (0, "")
    assert out.startswith("the shipped record is sound: 322 entries, 20 issues, 29 deals")
    code, out, _ = command(capsys, "check", str(case(tmp_path)))
    assert (code, out) == (0, f"{tmp_path} has no record of its own\n")
    code, _, err = command(capsys, "check", "nowhere")
    assert code == 2
    assert "there is no case 'nowhere'" in err
