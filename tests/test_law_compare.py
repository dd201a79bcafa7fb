"""Somebody else's averages beside ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.law.compare import compare, page


def written(folder: Path, text: str) -> Path:
    file = folder / "theirs.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_both_readings_and_both_clocks(tmp_path: Path) -> None:
    rows = "scope,date,effective_rate_pct,source\nJapan,2025-04-05,14.47,they\nEU,2025-08-27,13.30,they\n"
    japan, europe = compare(written(tmp_path, rows))
    assert (japan.ours_pct, japan.otherwise_pct) == (pytest.approx(13.62, abs=0.005), pytest.approx(14.53, abs=0.005))
    assert japan.difference == pytest.approx(13.62 - 14.47, abs=0.005)
    assert "Customs reads it so" in japan.why
    # The relief of 25 September reaches back to 1 August.
    assert (europe.known_pct, europe.ours_pct) == (pytest.approx(13.05, abs=0.05), pytest.approx(11.49, abs=0.05))
    for row in (japan, europe):
        assert sum(points for _, points in row.authorities) == pytest.approx(row.ours_pct, abs=0.02)


def test_the_page_and_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "scope,date,effective_rate_pct\nJapan,2025-06-04,16.99\n")
    with pytest.raises(SystemExit) as done:
        run(["law", "compare", str(file), "-o", str(tmp_path / "page.md"), "--json"])
    assert done.value.code == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert abs(row["difference"]) < 0.1
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert text == page(compare(file))
    assert "| Japan | 2025-06-04 | 16.99 | 17.00 | +0.01 |" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no rows"),
        ("scope,date\nJapan,2025-04-05\n", "no column effective_rate_pct"),
        ("scope,date,effective_rate_pct\nJapan,2025-04-05,much\n", "row 1: effective_rate_pct: 'much'"),
        ("scope,date,effective_rate_pct\nJapn,2025-04-05,1\n", "row 1: .*Japan"),
        ("scope,date,effective_rate_pct\nJapan,2024-04-05,1\n", "row 1: .*2025-01-01"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        compare(written(tmp_path, text))


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        compare(tmp_path / "nothing.csv")
