"""The tables of the brief as a workbook or as CSV files, for whoever wants to calculate with them.

A cell that begins with = + - @ or a control character would be read as a formula by a spreadsheet: such text gets an
apostrophe before it. Numbers are written as numbers, with as many digits as were computed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from tradetalks.brief.briefing import Briefing
from tradetalks.brief.compose import document
from tradetalks.brief.document import Cell, Column, Document, Table

#: What begins a formula in some spreadsheet; OWASP's list on CSV injection.
_FORMULA = re.compile(r"^[\s\ufeff]*[=+\-@\t\r＝＋－＠]")

#: What Excel does not allow in the name of a sheet.
_SHEET = re.compile(r"[\[\]:*?/\\]")

_DAY = (1980, 1, 1, 0, 0, 0)

Value = str | float | None


def neutral(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def grid(table: Table) -> list[list[Value]]:
    """Return a table as rows of text and numbers, its heading first; an interval takes three columns."""
    heads: list[Value] = []
    for column in table.columns:
        label = f"{column.group}: {column.label}" if column.group else column.label
        heads += [label, f"{label}, 10%", f"{label}, 90%"] if column.kind == "interval" else [label]
        if column.kind == "text" and _remarks(table, column):
            heads.append(f"{label}: remark or link")
    rows = [heads]
    for cells in (*table.rows, *((table.total,) if table.total else ())):
        row: list[Value] = []
        for column, cell in zip(table.columns, cells, strict=True):
            row += _values(cell, column)
            if column.kind == "text" and _remarks(table, column):
                row.append(neutral("; ".join(part for part in (cell.small, cell.url) if part)))
        rows.append(row)
    return rows


def _remarks(table: Table, column: Column) -> bool:
    place = table.columns.index(column)
    return any(cells[place].small or cells[place].url for cells in table.rows)


def _values(cell: Cell, column: Column) -> list[Value]:
    width = {"text": 0, "number": 1, "interval": 3}[column.kind]
    if not width:
        return [neutral(cell.text)]
    numbers = [*cell.numbers, *([None] * width)][:width]
    # A word in place of a number, such as "not known", says why there is none.
    return [cell.text if numbers[0] is None else numbers[0], *numbers[1:]]


def xlsx(briefing: Briefing) -> bytes:
    """Return the tables as an Excel workbook, a sheet each, the first one the summary."""
    import xlsxwriter  # type: ignore[import-untyped]

    brief = document(briefing)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = briefing.as_of
    book.set_properties({"title": brief.title, "created": datetime(day.year, day.month, day.day)})
    strong, wrap = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
    front = book.add_worksheet("Summary")
    front.set_column(0, 0, 100, wrap)
    for number, line in enumerate(_summary(brief)):
        front.write_string(number, 0, line)
    taken: set[str] = set()
    for table in brief.tables():
        sheet = book.add_worksheet(_sheet(table.key, taken))
        sheet.set_header(f"&L{brief.marking.replace('&', '&&')}")
        sheet.write_string(0, 0, neutral(brief.marking))
        sheet.write_string(1, 0, neutral(table.caption), strong)
        sheet.write_string(2, 0, neutral("".join(run.text for run in table.source.runs)))
        for row, values in enumerate(grid(table), start=4):
            for place, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(row, place, value, strong if row == 4 else wrap)
                elif value is not None:
                    sheet.write_number(row, place, value)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 40, 16)
        sheet.freeze_panes(5, 1)
    book.close()
    return file.getvalue()


def _sheet(key: str, taken: set[str]) -> str:
    name = _SHEET.sub(" ", key)[:31]
    while name.casefold() in taken:
        name = f"{name[:28]}~{len(taken)}"
    taken.add(name.casefold())
    return name


def _summary(brief: Document) -> list[str]:
    lines = [brief.marking, brief.title, brief.subtitle, *(f"{label}: {value}" for label, value in brief.facts), ""]
    lines += [*brief.front.sentences, "", *brief.front.recommendation, "", brief.command]
    return [neutral(line) for line in lines]


def tables(briefing: Briefing) -> dict[str, str]:
    """Return the tables as CSV by file name, the marking, caption and source in the first lines' place of each."""
    brief = document(briefing)
    files = {"summary.csv": _csv([[line] for line in _summary(brief)])}
    for table in brief.tables():
        about: list[list[Value]] = [
            [neutral(brief.marking)],
            [neutral(table.caption)],
            [neutral("".join(run.text for run in table.source.runs))],
            [],
        ]
        files[f"{table.key}.csv"] = _csv([*about, *grid(table)])
    return files


def _csv(rows: Sequence[Sequence[Value]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def zipped(files: dict[str, str]) -> bytes:
    """Return ``files`` in an archive; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), "\ufeff" + content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
