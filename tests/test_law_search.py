"""Search: everyday words find what the schedule calls otherwise."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.law.measure import DATA
from tradetalks.law.schedule import book
from tradetalks.law.search import search, stems

ON = date(2026, 6, 8)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("laptop", "8471.30"),
        ("brake pads", "8708.30"),
        ("car", "8703.23"),
        ("cars", "8703.23"),
        ("Electric car", "8703.80"),
        ("whisky", "2208.30"),
        ("EV battery", "8507.60"),
        ("sneakers", "6404.11"),
        ("beef", "020"),
        ("smartphone", "8517.13"),
        ("solar panel", "8541.43"),
        ("LNG", "2711.11"),
        ("t-shirts", "6109"),
        ("red wine", "2204.21"),
        ("leather handbags", "4202.21"),
        ("stainless steel nuts", "7318.16"),
        ("roller bearing", "8482"),
        ("canned beef", "16"),
        ("copper wire", "74"),
        ("8703.80", "8703.80"),
        ("870380", "8703.80"),
    ],
)
def test_what_people_say_finds_what_the_schedule_says(asked: str, first: str) -> None:
    assert search(asked, ON)[0].line.startswith(first)


def test_every_everyday_name_leads_to_lines_that_exist_and_to_one_place() -> None:
    rows = list(csv.DictReader((DATA / "everyday.csv").read_text(encoding="utf-8").splitlines()))
    then = book(ON)
    for row in rows:
        for code in row["codes"].split():
            first, last = then.find(code)
            assert first < last, (row["said"], code)
    names = [tuple(stems(name)) for row in rows for name in row["said"].split("|")]
    assert all(names)
    assert len(names) == len(set(names))


def test_the_line_is_the_answer_where_all_its_suffixes_fit_else_the_suffix() -> None:
    assert "8471.30.01" in [hit.line for hit in search("laptop", ON)]
    booster = [hit.line for hit in search("children booster seats", ON)]
    assert booster[0] == "9401.80.40.01", "its neighbour is no seat for children"


def test_of_equal_words_the_line_with_more_trade_comes_first() -> None:
    cars = [hit for hit in search("car", ON, limit=30) if hit.line.startswith("8703.2")]
    assert [hit.imports_usd for hit in cars[:3]] == sorted((hit.imports_usd for hit in cars[:3]), reverse=True)


def test_all_the_words_come_before_some() -> None:
    hits = search("metal office furniture", ON)
    assert "9403.10.00" in hits[0].line


def test_nothing_found_says_so_and_what_is_near() -> None:
    with pytest.raises(BadInput, match=r"no line speaks of 'snekers'.*sneaker"):
        search("snekers", ON)
    with pytest.raises(BadInput, match="no word to look for"):
        search("of the", ON)
