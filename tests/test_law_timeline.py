"""Every row of the two timelines is in the measures, or says why not; and every act says when it became public.

``law_timeline.csv`` names for each row of ``timeline_us_actions.csv`` and ``timeline_japan.csv`` (in their order)
the measures, conditions and stacking rules that hold it.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tradetalks.law.measure import MEASURES_THROUGH, us_law

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parents[2] / "shared"))
LEGAL = SHARED / "data" / "law" / "legal"
MAP = list(csv.DictReader((Path(__file__).parent / "law_timeline.csv").open(encoding="utf-8")))
TABLES = {"us": ("timeline_us_actions.csv", "effective_from"), "jp": ("timeline_japan.csv", "date")}
LAW = us_law()


def days() -> dict[str, set[date]]:
    """Return the days on which the acts of each measure, condition and rule begin or end, and became public."""
    found: dict[str, set[date]] = {}
    for one in (*LAW.measures, *(condition.terms for condition in LAW.conditions)):
        for act in one.acts:
            found.setdefault(one.id, set()).update(
                day for day in (act.applies_from, act.applies_until, act.known_from) if day
            )
    for rule in LAW.rules:
        found.setdefault(rule.id, set()).update((rule.applies_from, rule.known_from))
    return found


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_mapped_in_order(table: str) -> None:
    name, column = TABLES[table]
    if not (path := LEGAL / name).exists():
        pytest.skip("no ../shared")
    rows = list(csv.DictReader(path.open(encoding="utf-8"), delimiter="|"))
    mine = [row for row in MAP if row["table"] == table]
    assert [row["since"] for row in mine] == [row[column] for row in rows]
    assert [int(row["row"]) for row in mine] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("row", MAP, ids=lambda row: f"{row['table']}-{row['row']}")
def test_what_covers_a_row_turns_on_its_day(row: dict[str, str]) -> None:
    """At least one of those named has that day, unless a reason is given why none has."""
    known = days()
    names = row["covered_by"].split()
    assert names or row["reason"]
    assert not set(names) - known.keys()
    since = date.fromisoformat(row["since"])
    if names and not row["reason"]:
        assert any(since in known[name] for name in names), {name: sorted(known[name]) for name in names}


def cited() -> Iterator[tuple[str, date]]:
    for one in (*LAW.measures, *(condition.terms for condition in LAW.conditions)):
        for act in one.acts:
            yield act.citation, act.known_from
    for rule in LAW.rules:
        yield rule.citation, rule.known_from


#: Day of signature of orders and proclamations, and of publication of notices whose page alone is cited.
SIGNED = {
    "Proc 9705": "2018-03-08",
    "Proc 10339": "2022-02-04",
    "EO 14195": "2025-02-01",
    "Proc 10896": "2025-02-10",
    "EO 14228": "2025-03-03",
    "EO 14231": "2025-03-06",
    "Proc 10908": "2025-03-26",
    "EO 14257": "2025-04-02",
    "EO 14259": "2025-04-08",
    "EO 14266": "2025-04-09",
    "EO 14289": "2025-04-29",
    "EO 14298": "2025-05-12",
    "Proc 10947": "2025-06-03",
    "EO 14309": "2025-06-16",
    "EO 14316": "2025-07-07",
    "Proc 10962": "2025-07-30",
    "EO 14323": "2025-07-30",
    "EO 14325": "2025-07-31",
    "EO 14326": "2025-07-31",
    "EO 14329": "2025-08-06",
    "EO 14334": "2025-08-11",
    "EO 14345": "2025-09-04",
    "EO 14346": "2025-09-05",
    "Commerce and USTR notice, 90 FR 46136": "2025-09-25",
    "Proc 10976": "2025-09-29",
    "Proc 10984": "2025-10-17",
    "EO 14357": "2025-11-04",
    "EO 14360": "2025-11-14",
    "EO 14361": "2025-11-20",
    "Commerce and USTR notice, 90 FR 55964": "2025-12-04",
    "Commerce and USTR notice, 90 FR 59281": "2025-12-18",
    "Proc 11002": "2026-01-14",
    "EO 14384": "2026-02-06",
    "Proc 11012": "2026-02-20",
    "Proc 11020": "2026-04-02",
    "Proc 11021": "2026-04-02",
    "Commerce and USTR notice, 91 FR 31818": "2026-05-28",
    "Proc 11032": "2026-06-01",
    "Proc 11046": "2026-07-20",
    "Proc 11055": "2026-08-13",
    "Proc 11064": "2026-09-08",
}


def test_the_day_it_became_public_is_that_of_its_citation() -> None:
    """An act is public on the day its first citation was, or of a later one where it cites an amendment."""
    pages = {name: date.fromisoformat(text) for name, text in SIGNED.items()}
    seen = set()
    for citation, known in cited():
        own = [day for name, day in pages.items() if re.search(rf"(^|; ){re.escape(name)}\b", citation)]
        seen |= {name for name in pages if name in citation}
        if own:
            assert min(own) <= known
            assert known in own or ";" in citation or known < date(2025, 1, 1), (citation, known)
        assert known <= MEASURES_THROUGH
    assert seen == pages.keys()


def test_one_citation_has_one_day() -> None:
    found: dict[str, set[date]] = {}
    for citation, known in cited():
        found.setdefault(citation, set()).add(known)
    several = {citation: sorted(known) for citation, known in found.items() if len(known) > 1}
    assert not several


def test_only_what_the_text_says_reaches_back() -> None:
    """Acts public on or after their first day are those of the notices and orders that say so."""
    back = {
        citation.partition(";")[0].split(", sec.")[0]
        for one in LAW.measures
        for act in one.acts
        for citation in [act.citation]
        if act.known_from >= act.applies_from
    }
    assert {
        re.match(r"(EO|Memorandum|Commerce and USTR notice|Commerce notice|90 FR)", name) is not None for name in back
    } == {True}
