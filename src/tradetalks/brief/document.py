"""The brief as a document: sections of a few kinds of blocks, which the page, the PDF and the tables all print.

Text is plain: whatever stands in it is escaped where it is printed, so that words of a record stay words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as an SVG element, with its title and what it shows in words."""

    svg: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text: plain, a command or code, or a link."""

    text: str
    kind: Literal["plain", "code", "link", "strong"] = "plain"
    url: str | None = None


def code(text: str) -> Run:
    """Return ``text`` as code."""
    return Run(text, "code")


def link(text: str, url: str | None) -> Run:
    """Return ``text`` as a link, or plain where ``url`` is none that a reader may be sent to."""
    return Run(text, "link", url) if url and url.startswith(("https://", "http://")) else Run(text)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph: plain, a note with a bar beside it, or the small print of a source."""

    runs: tuple[Run, ...]
    kind: Literal["plain", "note", "source"] = "plain"


def text(*parts: str | Run, kind: Literal["plain", "note", "source"] = "plain") -> Text:
    """Return a paragraph of ``parts``."""
    return Text(tuple(Run(part) if isinstance(part, str) else part for part in parts), kind)


def source(*parts: str | Run) -> Text:
    """Return the line under a table or chart that says where it is from."""
    return text(*parts, kind="source")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    items: tuple[Text, ...]
    ordered: bool = False


def points(*items: str, ordered: bool = False) -> Points:
    """Return a list of plain sentences."""
    return Points(tuple(text(item) for item in items), ordered)


@dataclass(frozen=True, slots=True)
class Legend:
    """Which mark is whose."""

    seat: str
    other: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Charts, one beside the other where there is room."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A day on the clock."""

    on: date
    days: int
    """From the as-of day."""
    kind: Literal["today", "law", "deadline"]
    what: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Days that matter, in order."""

    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``group`` stands over neighbours that share it."""

    label: str
    group: str | None = None
    kind: Literal["text", "number", "interval"] = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, the range or remark under it, and the numbers as they are for a workbook."""

    text: str
    small: str | None = None
    numbers: tuple[float | None, ...] = ()
    known: bool = True
    url: str | None = None
    anchor: str | None = None

    @property
    def day(self) -> bool:
        """Whether it is a day such as 2025-04-20, which stands on one line."""
        return _DAY.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a caption; the first cell of a row is its name."""

    key: str
    """Name of its sheet and file."""
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: Text
    total: tuple[Cell, ...] | None = None
    fold: int | None = None
    """Rows that are shown at once on a screen; the others unfold."""

    @property
    def slim(self) -> bool:
        """Whether it is a name and a few single numbers, which stand too far apart on a wide page."""
        return len(self.columns) <= 6 and all(column.kind == "number" for column in self.columns[1:])

    @property
    def groups(self) -> tuple[tuple[str | None, int], ...]:
        """The groups of columns in order, each with how many columns it spans; empty where there is none."""
        if not any(column.group for column in self.columns):
            return ()
        found: list[tuple[str | None, int]] = []
        for column in self.columns:
            if found and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return tuple(found)


Block = Text | Heading | Points | Legend | Figures | Clock | Table
BLOCKS = (Text, Heading, Points, Legend, Figures, Clock, Table)


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the brief."""

    id: str
    title: str
    short: str
    """For the contents."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """The first page: what a minister reads."""

    sentences: tuple[str, ...]
    picture: Picture
    note: str
    """What brackets and dollars mean, and the source of the chart."""
    recommendation: tuple[str, ...]
    """The recommendation, then its risk; empty where none is given."""
    seat: str
    other: str
    draft: str | None = None
    """What to say of a brief made with few draws."""


@dataclass(frozen=True, slots=True)
class Document:
    """The whole brief."""

    title: str
    subtitle: str
    marking: str
    """Stands on every page."""
    facts: tuple[tuple[str, str], ...]
    front: Front
    sections: tuple[Section, ...]
    command: str
    colophon: tuple[tuple[str, str], ...]
    """Version, case, seed and the like."""
    version: str

    def tables(self) -> Iterator[Table]:
        """Give every table in order."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield block
