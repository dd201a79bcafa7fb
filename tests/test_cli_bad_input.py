"""Bad input, as a user gives it: one sentence that names the field, exit code 2, no number, no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradetalks.cli.main import run

DUTY = "duty 8703.23.01 --origin JP --on 2025-04-20"

#: What is typed -> words of the sentence that must come back.
TYPED = {
    # duty
    "duty 9999.99.99 --origin JP --on 2025-04-20": "9999.99.99",
    "duty 870x --origin JP --on 2025-04-20": "870x",
    "duty 8703.23.01 --origin Atlantis --on 2025-04-20": "Atlantis",
    "duty 8703.23.01 --origin EU --on 2025-04-20": "EU",
    "duty 8703.23.01 --origin JP --on 1999-01-01": "1999-01-01",
    "duty 8703.23.01 --origin JP --on yesterday": "--on",
    "duty 8703.23.01 --origin JP --on 2025-02-30": "--on",
    f"{DUTY} --value -5": "--value",
    f"{DUTY} --value nan": "--value",
    f"{DUTY} --value inf": "--value",
    f"{DUTY} --value many": "--value",
    # rates
    "rates --origin Atlantis --on 2025-04-20": "Atlantis",
    "rates --origin JP --on 2025-13-01": "--on",
    "rates --origin JP --on 1999-01-01": "1999-01-01",
    # record
    "record list --as-of 2025-4-20": "--as-of",
    "record list us-japn-2025": "us-japan-2025",
    "record list us-japan-2025 --case other": "--case",
    # value
    "value us-japn-2025": "us-japan-2025",
    "value --package nowhere.yaml": "nowhere.yaml",
    "value tariff:USA<JPN:cars=15": "C29",
    "value tariff:USA<ATL:C29=15": "ATL",
    "value tariff:USA<JPN:C29=-150": "-150",
    "value tariff:USA<JPN:9999.99=15": "9999",
    "value tarif:USA<JPN:C29=15": "tariff",
    # brief
    "brief us-japn-2025 -o page.html": "us-japan-2025",
    "brief -o nowhere/page.html": "nowhere",
    # schema
    "schema valu": "value",
}

#: Package files -> words of the sentence that must come back from ``tradetalks value --package FILE``.
PACKAGES = {
    "": "the file is empty",
    "- tariff: {importer: USA, exporter: JPN, sector: C29, total: 15": "malformed YAML",
    "a: &a [x, x]\nb: [*a, *a]\n": "line 2, column 5: YAML aliases",
    "- &a tariff: {importer: USA}\n- *a\n": "line 2, column 3: YAML aliases",
    "- tariff: {importer: USA, exporter: JPN, sector: cars, total: 15}": "C29",
    "- tariff: {importer: Atlantis, exporter: JPN, sector: C29, total: 15}": "Atlantis",
    "- tariff: {importer: USA, exporter: JPN, sector: C29, total: -150}": "total",
    "- tariff: {importer: USA, exporter: JPN, sector: C29, total: fifteen}": "total",
    "- tariff: {importer: USA, exporter: JPN, sector: C29, total: .nan}": "total",
    "- tariff: {importer: USA, exporter: JPN, sector: C29}": "total",
    "- tariff: {importer: USA, exporter: JPN, sector: C29, total: 15, cut: 5}": "cut",
    "- tariff: {importer: USA, exporter: JPN, total: 15}": "sector",
    "- tariff: {importer: USA, exporter: JPN, sector: C29, lines: ['8703'], total: 15}": "lines",
    "- tariff: {importer: USA, exporter: JPN, sector: C29, total: 15, totl: 1}": "totl",
    "- tarif: {importer: USA, exporter: JPN, sector: C29, total: 15}": "tariff",
    "tariff": "list",
}


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command line, hold that it refuses properly, and return what it said."""
    with pytest.raises(SystemExit) as done:
        run(list(arguments))
    out, err = capsys.readouterr()
    assert done.value.code == 2, err
    assert out == ""
    assert "Traceback" not in err
    assert len(err) < 1000
    return err


@pytest.mark.parametrize("typed", TYPED)
def test_typed(typed: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert TYPED[typed] in refused(capsys, *typed.split())
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("text", PACKAGES)
def test_package_files(text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "package.yaml"
    path.write_text(text, encoding="utf-8")
    said = refused(capsys, "value", "--package", str(path), "--json")
    assert PACKAGES[text] in said
    assert "package.yaml" in said


def test_unreadable_package(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "this is a folder" in refused(capsys, "value", "--package", str(tmp_path))
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"- name: M\xfcnchen\n")
    assert "latin.yaml, line 1, column 10: not UTF-8" in refused(capsys, "value", "--package", str(path))
    if os.geteuid():
        path.chmod(0)
        assert "no permission to read" in refused(capsys, "value", "--package", str(path))


WORD = st.text(st.sampled_from("JPUSAEU0123456789.-:/<>=é "), max_size=14) | st.sampled_from(
    ["8703.23.01", "0201.30", "87", "JP", "Japan", "2025-04-20", "2025-08-07", "", "1e400", "-0", "٢"]
)


@pytest.mark.parametrize("command", ["duty", "rates"])
@given(line=WORD, origin=WORD, on=WORD, value=WORD)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered_or_refused(
    command: str, line: str, origin: str, on: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [line, f"--value={value}"] if command == "duty" else []
    with pytest.raises(SystemExit) as done:
        run([command, f"--origin={origin}", f"--on={on}", *words])
    out, err = capsys.readouterr()
    assert done.value.code in (0, 2), err
    assert bool(out) == (done.value.code == 0)
