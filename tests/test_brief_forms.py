"""The other forms of the brief: PDF, workbook, CSV, the shared version, what changed since."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from test_brief import HOSTILE, TODAY, Reader, briefing, words  # noqa: F401 (briefing is a fixture)
from tradetalks.brief import pdf as pdf_of
from tradetalks.brief.briefing import Briefing, assemble
from tradetalks.brief.compose import document
from tradetalks.brief.page import page
from tradetalks.brief.share import reduced
from tradetalks.brief.since import changed
from tradetalks.brief.workbook import grid, neutral, tables, xlsx, zipped
from tradetalks.ground.errors import BadInput
from tradetalks.record.append import append
from tradetalks.record.entry import Entry
from tradetalks.value.case import Case, load_case

#: What stands in the private parts of the case below and may stand nowhere in a shared brief.
SECRETS = (
    "PRIVATE-NOTE", "PRIVATE-TERM", "PRIVATE-PACKAGE", "PRIVATE-ENTRY", "PRIVATE-OUTCOME", "PRIVATE-CITATION",
    "271.828", "31.4159",
)  # fmt: skip


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A case with something of the team's own in every part that may hold it."""
    folder = tmp_path_factory.mktemp("PRIVATE-FOLDER")
    (folder / "case.yaml").write_text(
        """
schema: 1
name: talks
title: Tariff talks
parties: [JPN, USA]
seat: JPN
as_of: 2025-04-20
deadline: 2025-07-09
marking: Restricted
no_deal:
  - {outcome: snap-back, probability: 0.6}
  - outcome: PRIVATE-OUTCOME
    probability: 0.4
    terms: [{id: out, title: PRIVATE-OUTCOME, tariff: {importer: USA, exporter: JPN, lines: ["8703"], total: 40}}]
terms:
  - id: cars-mfn
    title: Passenger cars back to 2.5%
    tariff: {importer: USA, exporter: JPN, lines: ["8703"], total: 2.5}
    source: record:jpnlog-006
    note: PRIVATE-NOTE on how far we would go
  - id: fallback
    title: PRIVATE-TERM
    tariff: {importer: USA, exporter: JPN, lines: ["8703"], total: 11.5}
    source: record:own-1
  - id: sized
    title: PRIVATE-TERM of our size
    purchases: {buyer: JPN, seller: USA, sector: B05, amount_usd_bn: 31.4159, years: 1}
    source: record:jpnlog-045
    size: illustrative
packages:
  - {id: secret, title: PRIVATE-PACKAGE, terms: [fallback]}
assumptions:
  purchases.delivery: {value: 0.5, citation: PRIVATE-CITATION}
constraints:
  JPN: {never: [sized], budget_usd_bn: 271.828}
""",
        encoding="utf-8",
    )
    entry = {
        "id": "own-1", "date": "2025-04-19", "known_from": "2025-04-19", "who": "PRIVATE-ENTRY", "party": "USA",
        "counterpart": "JPN", "act": "signal", "issue": "cars", "position": "PRIVATE-ENTRY of a dinner",
        "source": "own notes", "source_type": "own notes",
    }  # fmt: skip
    append(folder, Entry.model_validate(entry))
    return load_case(str(folder))


def test_a_case_made_smaller_holds_nothing_of_the_teams_own(private: Case) -> None:
    assert all(secret in repr(private) for secret in SECRETS if secret != "PRIVATE-ENTRY")
    small = reduced(private)
    assert not [secret for secret in (*SECRETS, "PRIVATE-FOLDER") if secret in repr(small)]
    assert [term.id for term in small.terms] == ["cars-mfn"]


@pytest.mark.slow
def test_a_shared_brief_holds_nothing_of_the_teams_own(private: Case) -> None:
    shared = assemble(private, draws=4, share=True)
    whole = json.dumps(tables(shared)) + page(shared) + repr(document(shared)) + repr(shared)
    leaked = [secret for secret in (*SECRETS, "PRIVATE-FOLDER", private.hash) if secret in whole]
    assert leaked == []
    text = words(Reader(page(shared)))
    for word in (
        "Passenger cars back to 2.5%",
        "Restricted",
        "shared version",
        "The term worth most to the United States",
    ):
        assert word in text
    for word in ("Recommendation", "must exceed no deal", "seems to want", "cannot ratify", "Keep in reserve"):
        assert word not in text
    assert shared.negotiation is None
    assert "--share" in shared.command
    with pytest.raises(BadInput, match="what changed is the team's own"):
        assemble(private, share=True, since=date(2025, 4, 1))


def test_the_pdf_says_what_the_page_says(briefing: Briefing) -> None:  # noqa: F811
    made = pdf_of.pdf(briefing)
    assert made.startswith(b"%PDF-")
    assert made == pdf_of.pdf(briefing), "the same briefing gives the same bytes"
    assert b"/StructTreeRoot" in made, "tagged, so that it can be read aloud"


def test_hostile_words_are_no_markup_in_the_pdf(briefing: Briefing) -> None:  # noqa: F811
    evil = '#panic("x") *b* $ x $ `c` @ref <l> \\ " #{ #read("brief.json") ' + HOSTILE
    said = briefing.record[-1].model_copy(update={"position": evil, "url": "javascript:alert(1)"})
    hostile = replace(briefing, title=evil, marking=evil, record=(said,))
    assert b"javascript:" not in pdf_of.pdf(hostile)


def test_the_workbook_holds_every_table_and_its_numbers(briefing: Briefing) -> None:  # noqa: F811
    book = openpyxl.load_workbook(io.BytesIO(xlsx(briefing)))
    expected = list(document(briefing).tables())
    assert len(book.sheetnames) == len(expected) + 1
    sheet = book["terms"]
    assert sheet["A1"].value == briefing.marking
    best = max(briefing.terms, key=lambda term: term.against_no_deal.parties["JPN"].welfare_net_usd_bn.value or -1e9)
    assert sheet["A6"].value == best.title
    row = [cell.value for cell in sheet[6]]
    value = best.against_no_deal.parties["JPN"].welfare_net_usd_bn
    assert row[2:5] == pytest.approx([value.value, value.p10, value.p90])
    assert all(cell.data_type != "f" for one in book for line in one.iter_rows() for cell in line)


def test_cells_are_no_formulas(briefing: Briefing) -> None:  # noqa: F811
    for start in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\ufeff=1", "＝1"):
        assert neutral(start) == "'" + start
    assert neutral("plain − text") == "plain − text"
    evil = '=HYPERLINK("https://x.example","y")'
    terms = (briefing.terms[0].model_copy(update={"title": evil}), *briefing.terms[1:])
    files = tables(replace(briefing, terms=terms, marking="+" + evil))
    cells = [cell for text in files.values() for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'" + evil in cells
    # A number may begin with a minus sign; nothing else may begin a formula.
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@")]
    for cell in cells:
        if cell.startswith("-"):
            float(cell)


def test_the_archive_holds_the_same_tables(briefing: Briefing) -> None:  # noqa: F811
    files = tables(briefing)
    made = zipped(files)
    assert made == zipped(files)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == list(files)
        assert archive.read("terms.csv").decode("utf-8-sig") == files["terms.csv"]


def test_a_table_is_a_rectangle(briefing: Briefing) -> None:  # noqa: F811
    keys = [table.key for table in document(briefing).tables()]
    assert len(keys) == len(set(keys))
    for table in document(briefing).tables():
        assert all(len(row) == len(table.columns) for row in table.rows), table.key
        assert len({len(row) for row in grid(table)}) == 1, table.key


def test_what_changed_since_a_day() -> None:
    shipped = load_case("us-japan-2025")
    found = changed(shipped, date(2025, 4, 8))
    assert found.law is not None
    assert found.law.before_pct == pytest.approx(found.law.after_pct, abs=1e-9), "10% on 8 April and again on 20 April"
    assert all(date(2025, 4, 8) < entry.known_from <= TODAY for entry in found.entries)
    assert found.entries
    with pytest.raises(BadInput, match="is not before the as-of day"):
        changed(shipped, date(2025, 4, 20))


def test_what_changed_between_two_versions(private: Case, tmp_path: Path) -> None:
    text = (private.folder or tmp_path).joinpath("case.yaml").read_text(encoding="utf-8")
    old = tmp_path / "old"
    old.mkdir()
    edited = text.replace("total: 11.5", "total: 12.5").replace("probability: 0.6", "probability: 0.5")
    edited = edited.replace("probability: 0.4", "probability: 0.5").replace(
        "deadline: 2025-07-09", "deadline: 2025-07-01"
    )
    (old / "case.yaml").write_text(edited.replace("271.828", "100"), encoding="utf-8")
    found = changed(private, load_case(str(old)))
    said = " ".join(found.case)
    assert "The deadline was 2025-07-01 and is 2025-07-09." in said
    assert "Term “PRIVATE-TERM” was tariff:USA<JPN:8703=12.5 and is tariff:USA<JPN:8703=11.5." in said
    assert "The limits of Japan differ." in said
    assert [entry.id for entry in found.entries] == ["own-1"]
    assert found.law is None, "the same day"
    other = load_case("us-eu-2025")
    with pytest.raises(BadInput, match="is of EU and USA"):
        changed(private, other)


def test_the_page_says_what_changed(briefing: Briefing) -> None:  # noqa: F811
    new = replace(briefing, changed=changed(load_case("us-japan-2025"), date(2025, 3, 1)))
    reader = Reader(page(new))
    assert reader.faults == []
    text = words(reader)
    assert "What changed since 1 March 2025" in text
    assert "Section 232 autos" in text
    assert "begins: 25% added" in text
