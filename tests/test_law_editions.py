"""Editions that a user adds, what became of lines that have gone, the tariff of Japan, and changes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.law import editions
from tradetalks.law.changes import diff, in_force
from tradetalks.law.duty import line_duty
from tradetalks.law.history import successors
from tradetalks.law.importer import importer_duty
from tradetalks.law.rates import effective_rate, line_rates
from tradetalks.law.release import add_edition
from tradetalks.law.trade import trade_of


def row(htsno: str, indent: int, description: str, general: str = "", other: str = "") -> dict[str, object]:
    return {
        "htsno": htsno,
        "indent": str(indent),
        "description": description,
        "superior": None,
        "units": ["No."],
        "general": general,
        "special": "Free (KR)" if general else "",
        "other": other,
    }


EXPORT = [
    row("8482", 0, "Ball or roller bearings, and parts thereof:"),
    row("8482.99.05.00", 1, "Inner or outer rings or races", "7.7%", "67%"),
    row("8482.99.07", 1, "A new line", "3%", "20%"),
    row("8482.99.07.10", 2, "Of steel"),
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the user an empty home and data folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    editions.forget()
    yield tmp_path
    editions.forget()


def leave(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        run(list(arguments))
    assert isinstance(done.value.code, int)
    return done.value.code


@pytest.mark.parametrize("packed", [False, True], ids=["json", "gz"])
def test_an_edition_is_added_and_named(home: Path, packed: bool, capsys: pytest.CaptureFixture[str]) -> None:
    before = line_duty("8482.99.05", "JP", "2026-10-05")
    content = json.dumps(EXPORT).encode()
    file = home / ("export_2026-10-01.json.gz" if packed else "export_2026-10-01.json")
    file.write_bytes(gzip.compress(content) if packed else content)
    assert leave("law", "update", str(file)) == 0
    assert "3 lines in effect from 2026-10-01" in capsys.readouterr().out
    assert (home / "data" / "tradetalks" / "law" / "schedule-2026-10-01.parquet").is_file()

    after = line_duty("8482.99.05", "JP", "2026-10-05")
    assert (before.components[0].rate_pct, after.components[0].rate_pct) == (9.9, 7.7)
    assert any("added by you, in effect 2026-10-01" in name for name in after.editions)
    assert not any("added by you" in name for name in before.editions)
    assert after.schedule_through == date(2026, 10, 1)
    # The rates before its day, and of headings it does not hold, stay.
    assert line_duty("8482.99.05", "JP", "2026-09-30").components[0].rate_pct == 9.9
    assert line_duty("8703.23.01", "JP", "2026-10-05").components[0].rate_pct == 2.5
    assert line_duty("8482.99.07", "JP", "2026-10-05").components[0].rate_pct == 3.0
    with pytest.raises(BadInput, match=r"8482\.99\.07"):
        line_duty("8482.99.07", "JP", "2026-09-30")
    # Lines of the heading that are gone say so; averages read the edition too.
    assert "left the schedule on 2026-10-01" in " ".join(line_duty("8482.99.15.50", "JP", "2026-10-05").warnings)
    rates = dict(line_rates("USA", "JP", "2026-10-05").select("line", "mfn_pct").iter_rows())
    assert rates["8482990500"] <= 7.7


def test_every_answer_names_its_editions(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "export_2026-10-01.json"
    file.write_text(json.dumps(EXPORT), encoding="utf-8")
    assert leave("law", "update", str(file)) == 0
    capsys.readouterr()
    path = ("--since", "2026-10-01", "--until", "2026-10-02")
    for words in (
        ("duty", "8482.99.05", "--origin", "JP", "--on", "2026-10-05"),
        ("rates", "--origin", "JP", "--on", "2026-10-05"),
        ("rates", "--origin", "JP", *path),
        ("law", "list", "--origin", "JP", "--on", "2026-10-05"),
        ("law", "diff", "2026-09-30", "2026-10-05", "--origin", "JP"),
    ):
        assert leave(*words) == 0
        assert "HTS added by you, in effect 2026-10-01" in capsys.readouterr().out, words
        assert leave(*words, "--json") == 0
        assert any("added by you" in name for name in json.loads(capsys.readouterr().out)["editions"])
    assert leave("law", "search", "bearing", "--on", "2026-10-05", "--json") == 0
    assert any("added by you" in name for name in json.loads(capsys.readouterr().out)["editions"])


def test_an_edition_of_a_case(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "case").mkdir()
    file = home / "export.json"
    file.write_text(json.dumps(EXPORT), encoding="utf-8")
    assert leave("law", "update", str(file), "--effective", "2026-10-01", "--into", str(home / "case")) == 0
    assert (home / "case" / "law" / "schedule-2026-10-01.parquet").is_file()
    assert line_duty("8482.99.05", "JP", "2026-10-05").components[0].rate_pct == 9.9
    capsys.readouterr()
    case = ("--case", str(home / "case"), "--json")
    assert leave("duty", "8482.99.05", "--origin", "JP", "--on", "2026-10-05", *case) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["components"][0]["rate_pct"] == 7.7
    assert any("added by you" in name for name in found["editions"])
    for days in (("--on", "2026-10-05"), ("--since", "2026-09-30", "--until", "2026-10-05")):
        assert leave("rates", "--origin", "JP", *days, *case) == 0
        assert any("added by you" in name for name in json.loads(capsys.readouterr().out)["editions"])
    # What follows in the same process is not of the case.
    assert line_duty("8482.99.05", "JP", "2026-10-05").components[0].rate_pct == 9.9
    with editions.of_case(home / "case"):
        lines = line_rates("USA", "JP", "2026-10-05").filter(line="8482990500")
        assert line_duty("8482.99.05", "JP", "2026-10-05").components[0].rate_pct == 7.7
    assert lines["mfn_pct"].item() <= 7.7
    with editions.of_case(None):
        assert line_duty("8482.99.05", "JP", "2026-10-05").components[0].rate_pct == 9.9
    assert leave("rates", "--origin", "JP", "--case", str(home / "nowhere")) == 2
    assert "is not the folder of a case" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", json.dumps(EXPORT), "--effective"),
        ("a_2026-10-01.json", "{", "not JSON"),
        ("a_2026-10-01.json", "{}", "not an export"),
        ("a_2026-10-01.json", json.dumps([{"htsno": "1"}]), "row 1 has no 'indent'"),
        ("a_2026-10-01.json", json.dumps([row("8482", 0, "Bearings") | {"general": 3}]), "general is no text"),
        ("a_2026-10-01.json", json.dumps([row("8482", 0, "Bearings") | {"indent": "x"}]), "not a whole number"),
        ("a_2026-10-01.json", json.dumps([row("8482", 0, "Bearings")]), "no line of 8 or 10"),
        ("a_2024-10-01.json", json.dumps(EXPORT), "before 2025-01-01"),
        ("a_2026-10-01.json.gz", "\x1f\x8bnot gzip", "cannot be read"),
    ],
)
def test_what_is_no_edition_is_refused(home: Path, name: str, content: str, says: str) -> None:
    (home / name).write_bytes(content.encode("latin-1"))
    with pytest.raises(BadInput, match=says):
        add_edition(home / name, None, home / "data")
    assert not (home / "data").exists()
    with pytest.raises(BadInput, match="cannot be read"):
        add_edition(home / "absent_2026-10-01.json", None, home / "data")


def test_a_line_that_has_gone_is_answered_by_what_it_became() -> None:
    found = successors("0201305085", date(2026, 6, 1))
    assert found is not None
    assert (found.lines, found.basis) == (("0201305097",), "changes between editions")
    mango = successors("0804508010", date(2026, 6, 1))
    assert mango is not None
    assert mango.basis == "same eight digits"
    assert successors("0201305085", date(2025, 6, 1)) is None
    answer = line_duty("0201.30.50.85", "AU", "2026-06-01")
    assert answer.components[0].heading == "0201.30.50"
    assert "left the schedule on 2026-01-30" in " ".join(answer.warnings)
    assert "0201.30.50.97" in " ".join(answer.warnings)


def test_six_digits_find_their_only_line() -> None:
    assert line_duty("8471.30", "CN", "2025-04-20").line == line_duty("8471.30.01", "CN", "2025-04-20").line
    with pytest.raises(BadInput, match=r"8708\.29"):
        line_duty("8708.29", "JP", "2025-04-20")


def test_japans_tariff_is_answered_like_ours() -> None:
    beef = importer_duty("JP", "0201.30", "US", "2026-07-09", value=1000)
    assert (beef.rate_pct, beef.range_pct, beef.duty_usd, beef.status) == (20.8, (20.8, 38.5), 208.0, "conditional")
    assert [part.rate_pct for part in beef.components] == [38.5, pytest.approx(-17.7)]
    assert "WTO" in beef.components[0].citation
    assert "Trade Agreement between Japan and the United States" in beef.components[1].citation
    car = importer_duty("Japan", "8703.23", "USA", "2026-07-09")
    assert (car.rate_pct, car.status, len(car.components)) == (0.0, "applies", 1)
    horse = importer_duty("JP", "0101.29.290", "US", "2026-07-09")
    assert (horse.rate_pct, horse.status) == (None, "unknown")
    assert "3,400,000 yen/head" in " ".join(horse.warnings)
    earlier = importer_duty("JP", "0201.30", "US", "2019-06-01")
    assert (earlier.rate_pct, earlier.status) == (38.5, "conditional")
    assert "may differ" in " ".join(earlier.warnings)


@pytest.mark.parametrize(
    ("importer", "line", "origin", "says"),
    [
        ("KR", "0201.30", "US", "South Korea is not shipped"),
        ("JP", "0201.30", "AU", "United States are shipped"),
        ("JP", "0201.31", "US", "did you mean 020130"),
        ("JP", "beef", "US", "no line of Japan"),
    ],
)
def test_bad_input_of_another_importer(importer: str, line: str, origin: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        importer_duty(importer, line, origin, "2026-07-09")


def test_what_changed_is_worth_the_difference_of_the_averages() -> None:
    found = diff("JP", "2025-04-20", "2025-08-20")
    assert found.before_pct == pytest.approx(effective_rate("USA", "JP", "2025-04-20").rate_pct, abs=1e-5)
    assert found.after_pct == pytest.approx(effective_rate("USA", "JP", "2025-08-20").rate_pct, abs=1e-5)
    parts = {change.measure: change for change in found.changes}
    assert (parts["s232-steel"].before, parts["s232-steel"].after) == ("25% added", "50% added")
    assert parts["s232-auto-parts"].what == "begins"
    trade = trade_of("JPN")
    meant = float(trade.imports @ trade.lines.covered(("auto-parts",)))
    assert parts["s232-auto-parts"].worth_usd == pytest.approx(0.25 * meant, rel=0.01)
    assert all(change.citation for change in found.changes)
    # Exemptions that come or go move the duties they relieve, which bear their worth.
    moved = sum(change.worth_usd or 0 for change in found.changes) + found.ordinary_usd
    assert moved == pytest.approx(found.worth_usd, rel=0.02)
    assert diff("JP", "2025-04-20", "2025-04-21").changes == ()


def test_what_is_in_force_is_cited() -> None:
    japan = {one.measure: one for one in in_force("2025-04-20", "JP")}
    assert japan["ieepa-reciprocal-jp"].what == "10% added"
    assert japan["ieepa-reciprocal-jp"].until == date(2025, 7, 9)
    assert "ieepa-fentanyl-cn" not in japan
    everyone = {one.measure for one in in_force("2025-04-20")}
    assert {"ieepa-fentanyl-cn", "ieepa-reciprocal-jp", "s232-steel"} <= everyone
    assert all(one.citation and one.heading for one in japan.values())


def test_an_exemption_from_a_duty_that_ended_is_not_in_force() -> None:
    """The IEEPA duties ended on 24 February 2026 (EO 14389), and their exemptions with them."""
    for origin in ("CA", None):
        assert any(one.authority.startswith("IEEPA") and one.what == "exempt" for one in in_force("2026-02-23", origin))
        assert not any(one.authority.startswith("IEEPA") for one in in_force("2026-02-24", origin))


def test_before_2025_the_answer_says_that_measures_are_missing() -> None:
    """Steel of Japan paid 25% in 2019; its quota began in April 2022 and is what is shipped."""
    then = line_duty("7208.10.15.00", "JP", "2019-06-01")
    assert then.rate_pct is None
    assert any("only those still in force" in warning for warning in then.warnings)
    assert not any(
        "only those still in force" in warning for warning in line_duty("7208.10.15", "JP", "2025-01-01").warnings
    )
