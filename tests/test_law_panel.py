"""The panel and the path of the average: equal to single answers, whole files, honest days."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.law.changes import diff
from tradetalks.law.duty import line_duty
from tradetalks.law.measure import us_law
from tradetalks.law.panel import ORIGINS, Sheet, change_days, read_panel, sheets, write_panel
from tradetalks.law.path import rate_path
from tradetalks.law.rates import effective_rate


def test_the_panel_says_what_single_duties_say() -> None:
    dice = random.Random(20250420)
    asked = 0
    for sheet in sheets(date(2025, 4, 3), date(2025, 8, 7)):
        for origin in ["CHN", "CAN", "DEU", *dice.sample(ORIGINS, 2)]:
            place = dice.randrange(sheet.table.height)
            line, rate = sheet.table["line"][place], sheet.table[origin][place]
            single = line_duty(line, origin, sheet.on).rate_pct
            assert rate == pytest.approx(single, abs=1e-4), (line, origin, sheet.on)
            asked += 1
    assert asked > 50


def test_origins_in_one_position_share_a_vector() -> None:
    first = next(sheets(date(2025, 4, 20), date(2025, 4, 20)))
    assert first.table.width == len(ORIGINS) + 1
    assert first.evaluated < 20
    assert first.table["DEU"].equals(first.table["FRA"])
    assert not first.table["CHN"].equals(first.table["FRA"])


def test_nothing_changes_between_the_days_of_the_panel() -> None:
    days = change_days(us_law(), date(2025, 1, 1), date(2026, 11, 30))
    assert date(2025, 4, 9) in days
    assert date(2025, 4, 10) in days
    lines = ("8703.23.01", "7326.90.86.88", "8482.99.05", "9403.20.00.86", "8541.43.00.10", "0901.11.00.25")
    for day, after in pairwise(days):
        between = day + timedelta((after - day).days // 2)
        for line, origin in zip(lines, ("JP", "CN", "DE", "CA", "VN", "BR"), strict=True):
            if date(2025, 7, 1) <= day < date(2026, 1, 30) or line != "0901.11.00.25":
                assert line_duty(line, origin, day).rate_pct == line_duty(line, origin, between).rate_pct


def test_files_are_whole_and_the_list_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = write_panel(tmp_path, date(2025, 4, 5), date(2025, 4, 10), lambda *_: None)
    assert days == [date(2025, 4, 5), date(2025, 4, 9), date(2025, 4, 10)]
    assert json.loads((tmp_path / "panel.json").read_text())["days"] == [str(day) for day in days]
    rates = read_panel(tmp_path, date(2025, 4, 9), "JPN")
    assert dict(rates.iter_rows())["8482990500"] == pytest.approx(33.9, abs=1e-4)
    assert read_panel(tmp_path, date(2025, 4, 8), "JPN").equals(read_panel(tmp_path, date(2025, 4, 5), "JPN"))
    with pytest.raises(BadInput, match="no panel"):
        read_panel(tmp_path, date(2025, 4, 4), "JPN")

    done: list[Sheet] = []

    def interrupted(*arguments: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(next(sheets(date(2025, 4, 5), date(2025, 4, 5))))

    with pytest.raises(KeyboardInterrupt):
        write_panel(tmp_path, date(2025, 4, 5), date(2025, 4, 10), interrupted)
    assert not (tmp_path / "panel.json").exists()
    assert not list(tmp_path.glob(".*.part"))
    assert read_panel(tmp_path, date(2025, 4, 10), "JPN").height > 19_000


def test_panel_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        run(["law", "panel", "-o", str(tmp_path / "panel"), "--since", "2025-04-05", "--until", "2025-04-05"])
    assert done.value.code == 0
    assert "1 days from 2025-04-05" in capsys.readouterr().out
    with pytest.raises(SystemExit) as done:
        run(["law", "panel", "-o", str(tmp_path), "--since", "2024-04-05"])
    assert done.value.code == 2


@pytest.mark.parametrize("origin", ["JP", "CA", "EU", "KZ", "all"])
def test_a_path_says_what_each_day_says(origin: str) -> None:
    path = rate_path(origin, "2025-03-01", "2025-05-31")
    for step in path.steps:
        assert step.rate_pct == pytest.approx(effective_rate("USA", origin, step.on).rate_pct, abs=1e-5)
    for step, after in pairwise(path.steps):
        eve = after.on - timedelta(1)
        assert step.rate_pct == pytest.approx(effective_rate("USA", origin, eve).rate_pct, abs=1e-5)


@pytest.mark.parametrize("by", ["sector", "chapter", "authority"])
def test_a_breakdown_of_a_path_is_that_of_the_day(by: str) -> None:
    (step,) = rate_path("JP", "2025-06-05", "2025-06-05", by=by).steps
    there = {key: rate for key, rate, _ in effective_rate("USA", "JP", "2025-06-05", by=by).rows}
    assert {key: rate for key, rate, _ in step.rows if rate} == pytest.approx(
        {key: rate for key, rate in there.items() if rate}, abs=1e-5
    )


def test_a_path_names_its_events() -> None:
    steps = {str(step.on): step for step in rate_path("JP", "2025-01-01", "2025-09-30").steps}
    (event,) = steps["2025-04-09"].events
    assert (event.authority, event.what) == ("IEEPA reciprocal", "10% added -> 24% added")
    assert "EO 14257" in event.citation
    assert {event.authority for event in steps["2025-03-12"].events} == {"Section 232 steel", "Section 232 aluminium"}


@pytest.mark.parametrize(("origin", "on", "told"), [("BR", "2025-08-06", True), ("DE", "2025-08-06", False)])
def test_a_stacking_rule_is_told_of_those_who_pay_the_duty(origin: str, on: str, told: bool) -> None:
    """The duty on Brazil of 6 August 2025 came with rules of its own, of no concern to goods of Germany."""
    changed = diff(origin, "2025-08-05", on)
    assert any("Brazil" in rule for rule in changed.rules) is told
    (*_, last) = rate_path(origin, "2025-08-05", on).steps
    assert (str(last.on) == on) is told
    everyone = next(step for step in rate_path("all", "2026-08-01", "2026-08-20").steps if str(step.on) == "2026-08-19")
    assert all(event.origins == ("CAN",) for event in everyone.events)


def test_a_path_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rate.svg"
    words = ["rates", "--origin", "JP", "--since", "2025-03-01", "--until", "2025-05-31", "--chart", str(file)]
    with pytest.raises(SystemExit) as done:
        run(words)
    assert done.value.code == 0
    assert "IEEPA reciprocal" in file.read_text(encoding="utf-8")
    assert "2025-04-05" in capsys.readouterr().out
    with pytest.raises(SystemExit) as done:
        run([*words[:-1], str(tmp_path / "rate.xyz")])
    assert done.value.code == 2
