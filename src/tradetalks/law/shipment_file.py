"""A file of shipments: a CSV with a header that may be spelt in many ways, read row by row."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from tradetalks.ground.errors import BadInput, did_you_mean

#: Names that a column may have, in lower case with underscores; the first is ours.
COLUMNS = {
    "line": ("line", "hts", "hts10", "hts8", "hts_code", "hts_line", "hts_number", "htsno", "htsus", "code",
             "tariff_line", "tariff_code", "commodity", "commodity_code", "hs_code"),
    "origin": ("origin", "country", "country_of_origin", "coo", "origin_country", "cty_code", "iso3", "iso2"),
    "date": ("date", "on", "day", "entry_date", "date_of_entry", "entered", "entry"),
    "known": ("known", "known_date", "as_known", "known_on"),
    "value": ("value", "value_usd", "customs_value", "customs_value_usd", "entered_value", "usd"),
    "quantity": ("quantity", "qty", "quantity_1", "units"),
    "us_content": ("us_content", "us_content_share", "us_share"),
}  # fmt: skip
#: Those that must be there.
NEEDED = ("line", "origin", "date")


@dataclass(slots=True)
class Shipment:
    """A row of the list as it was written."""

    row: int
    """Number of the row, the first after the header being 1."""
    cells: dict[str, str]
    """By the columns of :data:`COLUMNS` that are there; "" where a cell is empty."""
    beyond: tuple[str, ...] = ()
    """Cells that no column of the header stands over."""


def read_shipments(path: Path) -> list[Shipment]:
    """Return the rows of a CSV file with a header; columns may be separated by comma, semicolon or tab.

    Raises:
        BadInput: no such file, not UTF-8, or a column that is needed is missing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: this file cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        header, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) or [[]]
    except csv.Error as error:
        raise BadInput(f"{path}: not a CSV file ({error})") from None
    place = _places(path, header)
    width = len(header)
    beyond = {n: tuple(filter(str.strip, cells[width:])) for n, cells in enumerate(rows) if len(cells) > width}
    if any(len(cells) != width for cells in rows):
        rows = [(cells + [""] * width)[:width] for cells in rows]
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    stripped = [[cell.strip() for cell in column] for column in columns]
    empty = set(_empty(stripped))
    names = tuple(place)
    return [
        Shipment(n + 1, dict(zip(names, cells, strict=True)), beyond.get(n, ()))
        for n, cells in enumerate(zip(*(stripped[at] for at in place.values()), strict=True))
        if n not in empty or beyond.get(n)
    ]


def _places(path: Path, header: list[str]) -> dict[str, int]:
    """Return where each known column is.

    Raises:
        BadInput: a column that is needed is missing.
    """
    names = [re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_") for cell in header]
    place: dict[str, int] = {}
    for name, spellings in COLUMNS.items():
        found = [spelling for spelling in spellings if spelling in names]
        if found:
            place[name] = names.index(found[0])
    if missing := [name for name in NEEDED if name not in place]:
        seen = ", ".join(cell.strip() or "(nameless)" for cell in header) or "nothing"
        near = did_you_mean(missing[0], [name for name in names if name])
        raise BadInput(
            f"{path}: there is no column {' nor '.join(missing)}; the header has {seen}. Needed are "
            f"{', '.join(NEEDED)}; known, value, quantity and us_content may be added{near}"
        )
    return place


def _empty(columns: list[list[str]]) -> list[int]:
    """Return the rows in which every column is empty."""
    rows = [n for n, cell in enumerate(columns[0]) if not cell]
    for column in columns[1:]:
        rows = [n for n in rows if not column[n]]
    return rows
