"""Somebody else's averages beside ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.law.compare import average, compare, page, signed


def written(folder: Path, text: str) -> Path:
    file = folder / "theirs.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_each_convention_is_worth(tmp_path: Path) -> None:
    rows = """scope,date,effective_rate_pct,source
Japan,2025-04-05,14.47,they
China,2025-08-27,42.00,they
EU,2025-08-27,13.30,they
Canada,2025-04-05,9,me
"""
    japan, china, europe, canada = compare(written(tmp_path, rows))
    assert "Customs" in japan.why
    assert (japan.alike, canada.alike) == (("otherwise", "gone"), ())
    # Read their way, each is near what they have.
    assert (japan.alike_pct, china.alike_pct) == (pytest.approx(14.47, abs=0.4), pytest.approx(42.0, abs=0.7))
    assert europe.conventions["known"] == pytest.approx(13.30, abs=0.7)
    # Medicines of 3004.90.92, by eight digits and half metal at 50%: 17 of 562 billion.
    assert europe.alike_pct == pytest.approx(13.30, abs=0.2)
    assert europe.conventions["eight"] - europe.ours_pct == pytest.approx(100 * 17.4 / 562 * 0.25, abs=0.1)
    assert japan.conventions["eight"] == japan.ours_pct, "the derivatives of August"
    # The relief of 25 September reaches back to 1 August: 10 points less on cars and parts.
    assert europe.conventions["known"] > europe.ours_pct + 1
    for row in (japan, china, europe, canada):
        assert sum(row.authorities.values()) == pytest.approx(row.ours_pct, abs=0.05)
        assert row.conventions["gone"] < row.ours_pct, "some lines have gone, and none pays less than nothing"
        assert (row.conventions["claims"] != row.ours_pct) == (row is canada)
    assert canada.alike_pct == canada.ours_pct


def test_the_page_and_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "scope,date,effective_rate_pct\nJapan,2025-06-04,16.99\n")
    with pytest.raises(SystemExit) as done:
        run(["law", "compare", str(file), "-o", str(tmp_path / "page.md"), "--json"])
    assert done.value.code == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert abs(row["difference"]) < 0.4
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert text == page(compare(file))
    assert f"| Japan | 2025-06-04 | 16.99 | {row['ours_pct']:.2f} | {signed(row['difference'])} |" in text


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


def test_a_rate_that_they_are_known_to_take(tmp_path: Path) -> None:
    """34% on China from 5 April: 24 points more on what the reciprocal duty reaches."""
    (world,) = compare(written(tmp_path, "scope,date,effective_rate_pct\nall,2025-04-05,14.50\n"))
    assert world.alike[-1] == "ieepa-reciprocal-cn 34%"
    without = average("all", world.on, world.alike[:-1])
    assert 1.5 < world.alike_pct - without < 24 * 0.145, "China is a seventh of all imports"
    assert world.alike_pct == pytest.approx(14.50, abs=0.3)
