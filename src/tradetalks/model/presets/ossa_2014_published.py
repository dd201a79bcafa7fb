"""The published tables of Ossa (2014) in a folder: which experiment each row is of.

A table is a CSV file with a column ``region`` and some of :data:`COLUMNS`. What is done there stands in the other
columns and, for what these leave open, in the name of the file: "nash", "optimal" or "cooperative" tariffs, "mfn" or
not, political weights or not (else panel A is without, B with), and for cooperative ones where talks begin.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import read_text

COLUMNS = ("govt_welfare_pct", "welfare_pct", "wage_pct", "profits_pct", "median_tariff_pct")

#: What is done -> words that say so; the first that occurs counts.
KINDS = {"talks": ("coop", "talks", "bargain", "efficient"), "optimal": ("optimal",), "nash": ("nash", "war")}

#: Where talks begin -> words that say so; the first that occurs counts.
STARTS = {"status quo": ("factual", "status quo"), "free trade": ("zero", "free trade"), "war": ("nash", "war")}


#: How a table says that it prints nothing.
BLANK = ("", "-", "–", "n/a", "na")


class Experiment(NamedTuple):
    """What a row of a table is the outcome of."""

    kind: str
    """One of :data:`KINDS`."""
    political: bool
    """Whether governments have political weights."""
    mfn: bool
    """Whether each importer has one tariff an industry."""
    start: str = "status quo"
    """Where talks begin, one of :data:`STARTS`, and what their figures are measured against."""

    @property
    def label(self) -> str:
        """A short name; for the war of table 4 its panel."""
        panel = "B" if self.political else "A"
        said = ("MFN " if self.mfn else "") + (f"talks from {self.start}" if self.kind == "talks" else self.kind)
        return panel if said == "nash" else f"{said}, {panel}"


class Row(NamedTuple):
    """A row of a published table."""

    experiment: Experiment | None
    """``None``: it does not say which."""
    name: str
    """File and region, and what else the row says of itself."""
    region: str
    figures: dict[str, str]
    """Column -> figure as printed, of :data:`COLUMNS`."""


def published(directory: Path) -> Iterator[Row]:
    """Yield the rows of all tables of the folder.

    Raises:
        BadInput: a figure is not a number.
    """
    for path in sorted(directory.glob("*.csv")):
        reader = csv.DictReader(StringIO(read_text(path)))
        held = [name for name in COLUMNS if name in (reader.fieldnames or ())]
        if not held or "region" not in (reader.fieldnames or ()):
            continue
        for line in reader:
            figures = {name: (line[name] or "").strip() for name in held}
            for name, text in figures.items():
                if text.casefold() not in BLANK and not _is_number(text):
                    raise BadInput(f"{path}: {line['region']} {name}: {text!r} is not a number")
            printed = {name: text for name, text in figures.items() if text.casefold() not in BLANK}
            told = " ".join(text or "" for name, text in line.items() if name not in (*held, "region", None))
            own = experiment(told, path.stem, (line.get("panel") or "").strip())
            yield Row(own, f"{path.name} {told} {line['region']}", line["region"], printed)


def experiment(told: str, file: str, panel: str = "") -> Experiment | None:
    """Return the experiment that a row speaks of, or ``None``: its words ``told`` count before the ``file`` name's."""
    row, whole = told.casefold(), f"{told} {file}".casefold()
    kind = _said(KINDS, row) or _said(KINDS, whole)
    if "polit" in row or "lobby" in row:
        # "lobbying weights constant" are none.
        political = "polit" in row or "constant" not in row
    elif panel in ("A", "B"):
        political = panel == "B"
    else:
        political = "polit" in whole
    start = _said(STARTS, row) or _said(STARTS, whole) if kind == "talks" else "status quo"
    return Experiment(kind, political, "mfn" in whole, start) if kind and start else None


def _said(words: Mapping[str, tuple[str, ...]], text: str) -> str | None:
    return next((key for key, any_of in words.items() if any(word in text for word in any_of)), None)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
