"""A file of shipments: a CSV with a header that may be spelt in many ways, read row by row.

Columns of other names (an invoice number, a supplier) are the user's own and carried over as they are; one that
looks like a slip of the pen for a column that is not there is refused, since what it says would be left out.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import takewhile
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
_MEANS = {spelling: name for name, spellings in COLUMNS.items() for spelling in spellings}
#: Shorter names are too near to others for a slip to be told from a name; so is a singular (a unit is not units).
SLIP_LETTERS = 5


@dataclass(slots=True)
class Shipment:
    """A row of the list as it was written."""

    row: int
    """Number of the row, the first after the header being 1."""
    cells: dict[str, str]
    """By the columns of :data:`COLUMNS` that are there; "" where a cell is empty."""
    beyond: tuple[str, ...] = ()
    """Cells that no column of the header stands over."""
    carried: tuple[str, ...] = ()
    """Cells of the columns that are carried over, as written."""


@dataclass(frozen=True, slots=True)
class ShipmentFile:
    """What a file holds."""

    shipments: list[Shipment]
    carried: tuple[str, ...]
    """Names of the columns that are not read but carried over."""
    near: dict[str, str]
    """Of these, the known spelling that a name is near to, where one is."""


def read_shipments(path: Path) -> ShipmentFile:
    """Return the rows of a CSV file with a header; columns may be separated by comma, semicolon or tab.

    Raises:
        BadInput: no such file, not UTF-8, a column that is needed is missing, two that mean the same, or one whose
            name looks like a slip.
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
    own = [at for at in range(width) if at not in place.values() and (header[at].strip() or any(stripped[at]))]
    carried = list(zip(*(columns[at] for at in own), strict=True)) if own else [()] * len(rows)
    names = tuple(place)
    shipments = [
        Shipment(n + 1, dict(zip(names, cells, strict=True)), beyond.get(n, ()), carried[n])
        for n, cells in enumerate(zip(*(stripped[at] for at in place.values()), strict=True))
        if n not in empty or beyond.get(n)
    ]
    titles = {at: header[at].strip() or f"column {at + 1}" for at in own}
    near = {titles[at]: close[0] for at in own if (close := get_close_matches(_plain(header[at]), _MEANS, 1, 0.8))}
    return ShipmentFile(shipments, tuple(titles.values()), near)


def _plain(title: str) -> str:
    """Return the title of a column in lower case with underscores."""
    return re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")


def _places(path: Path, header: list[str]) -> dict[str, int]:
    """Return where each known column is.

    Raises:
        BadInput: a column that is needed is missing, two mean the same, or one looks like a slip.
    """
    names = [_plain(title) for title in header]
    found = {name: [at for at, given in enumerate(names) if _MEANS.get(given) == name] for name in COLUMNS}
    for name, places in found.items():
        if len(places) > 1:
            twice = " and ".join(repr(header[at].strip()) for at in places)
            raise BadInput(f"{path}: the columns {twice} are both read as {name}; rename the one that is not")
    place = {name: places[0] for name, places in found.items() if places}
    if missing := [name for name in NEEDED if name not in place]:
        seen = ", ".join(cell.strip() or "(nameless)" for cell in header) or "nothing"
        near = did_you_mean(missing[0], [name for name in names if name])
        raise BadInput(
            f"{path}: there is no column {' nor '.join(missing)}; the header has {seen}. Needed are "
            f"{', '.join(NEEDED)}; known, value, quantity and us_content may be added{near}"
        )
    for at, given in enumerate(names):
        meant = next((s for s, name in _MEANS.items() if name not in place and _slip(given, s)), None)
        if given not in _MEANS and meant:
            raise BadInput(
                f"{path}: the column {header[at].strip()!r} is not known; did you mean {meant} ({_MEANS[meant]})? "
                "A column of your own is carried over under any name less near to it"
            )
    return place


def _slip(given: str, meant: str) -> bool:
    """Return whether one letter of ``meant`` is missing, added, changed or swapped with the next in ``given``."""
    if len(meant) < SLIP_LETTERS or meant in (given, f"{given}s"):
        return False
    begin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(given, meant, strict=False)))
    given, meant = given[begin:], meant[begin:]
    swapped = given[:2] == meant[1::-1] and given[2:] == meant[2:]
    return swapped or given == meant[1:] or given[1:] in (meant, meant[1:])


def _empty(columns: list[list[str]]) -> list[int]:
    """Return the rows in which every column is empty."""
    rows = [n for n, cell in enumerate(columns[0]) if not cell]
    for column in columns[1:]:
        rows = [n for n in rows if not column[n]]
    return rows
