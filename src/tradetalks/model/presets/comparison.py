"""Ours beside theirs: the cells of a published table, and how a reference folder is read."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import read_text


@dataclass(frozen=True)
class Cell:
    """One published figure and ours."""

    result: str
    """Name in our interface, such as ``real_wage``."""
    region: str
    ours: float
    theirs: float
    digits: int
    """Decimals that the paper prints."""
    at_theirs: float | None = None
    """What our equations give at the authors' own choice, such as their tariffs of a war; ``None``: they chose
    nothing, or it is not known."""

    @property
    def difference(self) -> float:
        """Ours less theirs."""
        return self.ours - self.theirs

    @property
    def agrees(self) -> bool:
        """Whether ours is theirs to the printed digit."""
        return self._prints(self.ours)

    @property
    def agrees_at_theirs(self) -> bool:
        """Whether our equations give the printed digit at the authors' own choice; false where that is not known."""
        return self.at_theirs is not None and self._prints(self.at_theirs)

    def _prints(self, figure: float) -> bool:
        return abs(figure - self.theirs) <= 0.5 * 10.0**-self.digits + 1e-12


@dataclass(frozen=True)
class Table:
    """More of our results, for the page: a heading, column names, rows of words and numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    text: str = ""
    """What stands above it."""


@dataclass(frozen=True)
class Comparison:
    """What a comparison with a paper found."""

    paper: str
    citation: str
    unit: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]
    """What the reader must know, a sentence or two each."""
    tables: tuple[Table, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether every cell agrees to the printed digit."""
        return all(cell.agrees for cell in self.cells)

    def page(self) -> str:
        """Return the comparison as a page of Markdown."""
        head = ["result", "region", "ours", "theirs", "difference", "to the printed digit"]
        theirs = any(cell.at_theirs is not None for cell in self.cells)
        head += ["ours at their own choice", "that to the printed digit"] if theirs else []
        parts = [
            f"# Validation: {self.paper}",
            f"Made by `tradetalks validate {self.paper} DIR -o FILE`; do not edit.",
            self.citation,
            self.verdict,
            _markdown(head, [self._row(cell, theirs) for cell in self.cells]),
            "## What to know",
            "\n".join(f"- {note}" for note in self.notes),
        ]
        for table in self.tables:
            shown = [[x if isinstance(x, str) else f"{x:.4f}" for x in row] for row in table.rows]
            parts += [f"## {table.title}", *([table.text] if table.text else []), _markdown(list(table.columns), shown)]
        return "\n\n".join(parts) + "\n"

    @property
    def verdict(self) -> str:
        """How many figures agree, and in which sense."""
        many = len(self.cells)
        found = f"{sum(cell.agrees for cell in self.cells)} of {many} figures agree to the printed digit ({self.unit})"
        known = [cell for cell in self.cells if cell.at_theirs is not None]
        if known:
            there = sum(cell.agrees_at_theirs for cell in known)
            found += f"; at the authors' own choice our equations print {there} of {len(known)} as they did"
        return found + "."

    def _row(self, cell: Cell, theirs: bool) -> list[str]:
        said = {True: "yes", False: "**no**"}
        row = [f"`{cell.result}`", cell.region, f"{cell.ours:.4f}", f"{cell.theirs:.{cell.digits}f}"]
        row += [f"{cell.difference:+.4f}", said[cell.agrees]]
        if theirs:
            there = cell.at_theirs
            row += ["-", "-"] if there is None else [f"{there:.4f}", said[cell.agrees_at_theirs]]
        return row


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    numbers = [all(_is_number(row[column]) for row in rows) for column in range(len(head))]
    rule = ["---:" if number else "---" for number in numbers]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()


def read_arrays(path: Path, shapes: Mapping[str, Sequence[str]]) -> dict[str, NDArray[Any]]:
    """Return the named arrays of the .npz file ``path``.

    Args:
        path: the file.
        shapes: name of each array needed -> the names of its axes; axes of one name are equally long.

    Raises:
        BadInput: no such file or array, or axes that do not match.
    """
    wanted = ", ".join(f"{name}[{', '.join(axes)}]" for name, axes in shapes.items())
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in shapes if name in file}
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file; needed are the arrays {wanted}") from None
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise BadInput(f"{path}: cannot be read as a NumPy .npz file ({error}); needed: {wanted}") from None
    sizes: dict[str, int] = {}
    for name, axes in shapes.items():
        if name not in arrays:
            raise BadInput(f"{path}: the array {name} is missing; needed are {wanted}")
        shape = arrays[name].shape
        if len(shape) != len(axes) or any(
            sizes.setdefault(axis, size) != size for axis, size in zip(axes, shape, strict=True)
        ):
            raise BadInput(f"{path}: {name} has shape {shape}; needed are {wanted}, with equal sizes throughout")
    return arrays


def read_table(path: Path, key: str, columns: Sequence[str], **only: str) -> dict[str, dict[str, str]]:
    """Return the CSV table ``path`` as printed: row name in column ``key`` -> column -> text.

    ``only`` names columns and the text that the rows wanted have there.

    Raises:
        BadInput: no such file or column, or a figure that is not a number.
    """
    reader = csv.DictReader(StringIO(read_text(path)))
    missing = {key, *columns, *only} - set(reader.fieldnames or ())
    if missing:
        raise BadInput(f"{path}: the column {min(missing)} is missing; needed are {', '.join([key, *columns])}")
    rows = {}
    for row in reader:
        if any(row[column] != text for column, text in only.items()):
            continue
        for column in columns:
            if not _is_number(row[column] or ""):
                raise BadInput(f"{path}: {row[key]} {column}: {row[column]!r} is not a number")
        rows[row[key]] = {column: row[column] for column in columns}
    return rows
