"""A list of shipments: read a CSV, give each row its duty and reasons, and report the rows that cannot be read."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.law.duty import check_positive, locate, read_day, read_origin
from tradetalks.law.editions import beyond
from tradetalks.law.evaluate import Part
from tradetalks.law.measure import SCHEDULE_SINCE, Rule
from tradetalks.law.schedule import COLUMN_2, book, dotted, edition_of, read_line
from tradetalks.law.shipments import Question, Settled, disputed, settled

#: Names that a column may have, in lower case with underscores; the first is ours.
COLUMNS = {
    "line": ("line", "hts", "hts10", "hts8", "hts_code", "hts_line", "hts_number", "htsno", "htsus", "code",
             "tariff_line", "tariff_code", "commodity", "commodity_code", "hs_code"),
    "origin": ("origin", "country", "country_of_origin", "coo", "origin_country", "cty_code", "iso3", "iso2"),
    "date": ("date", "on", "day", "entry_date", "date_of_entry", "entered", "entry"),
    "known": ("known", "known_date", "as_known", "known_on"),
    "value": ("value", "value_usd", "customs_value", "customs_value_usd", "entered_value", "usd"),
    "quantity": ("quantity", "qty", "quantity_1", "units"),
}  # fmt: skip
#: Those that must be there.
NEEDED = ("line", "origin", "date")
#: Rows settled together: enough to be fast, few enough to stay small.
CHUNK = 50_000

HEADER = ("row", *COLUMNS, "duty_usd", "rate_pct", "low_pct", "high_pct", "decided_by", "status", "reasons",
          "citations", "warnings", "error")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shipment:
    """A row of the list as it was written: the columns that are there, "" where a cell is empty."""

    row: int
    """Number of the row, the first after the header being 1."""
    cells: dict[str, str]
    beyond: tuple[str, ...] = ()
    """Cells that no column of the header stands over."""


@dataclass(slots=True)
class Answer:
    """What a row of the list is answered."""

    shipment: Shipment
    duty_usd: float | None = None
    rate_pct: float | None = None
    low_pct: float | None = None
    high_pct: float | None = None
    decided_by: tuple[str, ...] = ()
    """What decides within the range."""
    status: str = "error"
    reasons: list[str] = field(default_factory=list)
    citations: list[str] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    error: str = ""

    def cells(self) -> list[object]:
        """Return the row of the answer, in the order of :data:`HEADER`."""
        figures = (self.duty_usd, self.rate_pct, self.low_pct, self.high_pct)
        given = self.shipment.cells
        return [
            self.shipment.row,
            *(given.get(name, "") for name in COLUMNS),
            *("" if figure is None else figure for figure in figures),
            "; ".join(self.decided_by),
            self.status,
            "; ".join(self.reasons),
            "; ".join(dict.fromkeys(self.citations)),
            "; ".join(self.warnings),
            self.error,
        ]


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
            f"{', '.join(NEEDED)}; known, value and quantity may be added{near}"
        )
    shipments, columns = [], tuple(place.items())
    for number, cells in enumerate(rows, start=1):
        if any(map(str.strip, cells)):
            given = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns}
            shipments.append(Shipment(number, given, tuple(filter(str.strip, cells[len(header) :]))))
    return shipments


def answers(shipments: Sequence[Shipment]) -> Iterator[Answer]:
    """Yield the answer to every row, in order; a row that cannot be read has its error."""
    reader = _Reader()
    for begin in range(0, len(shipments), CHUNK):
        found = [Answer(shipment) for shipment in shipments[begin : begin + CHUNK]]
        asked: list[tuple[Answer, Question]] = []
        for answer in found:
            if answer.shipment.beyond:
                answer.error = (
                    f"the row goes on after the last column with {answer.shipment.beyond[0].strip()[:40]!r}; "
                    "put a cell that holds the separator in quotes"
                )
                continue
            try:
                question, notes = reader.read(answer.shipment.cells)
            except BadInput as error:
                answer.error = str(error)
                continue
            answer.warnings = notes
            asked.append((answer, question))
        if asked:
            _fill(asked, settled([question for _, question in asked]))
        yield from found


class _Once(dict[Any, Any]):
    """What a function returns for a word, or the BadInput it raises; each word is asked once."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, word: Any) -> Any:
        try:
            found = self._read(word)
        except BadInput as error:
            found = error
        self[word] = found
        return found


class _Reader:
    """Reads rows as :func:`tradetalks.law.duty.ask` does."""

    def __init__(self) -> None:
        self._line = _Once(read_line)
        self._origin = _Once(read_origin)
        self._date = _Once(lambda text: read_day(text, "date"))
        self._known = _Once(lambda text: day(text, "known") if text else None)
        self._book = _Once(book)
        editions = _Once(lambda edition: {code: (n,) for n, code in enumerate(book(edition).codes)})
        self._statistical = _Once(lambda on: editions[edition_of(max(on, SCHEDULE_SINCE))])
        self._place = _Once(lambda asked: locate(asked[0], asked[1], self._book[asked[1]]))
        self._beyond = _Once(lambda days: beyond(*days))

    def read(self, cells: dict[str, str]) -> tuple[Question, tuple[str, ...]]:
        """Return the question of a row and what to warn of.

        Raises:
            BadInput: as for a single duty; a cell that is needed is empty.
        """
        for name in NEEDED:
            if not cells[name]:
                raise BadInput(f"{name}: the cell is empty")
        code, iso3, on, known = read = (
            self._line[cells["line"]],
            self._origin[cells["origin"]],
            self._date[cells["date"]],
            self._known[cells.get("known", "")],
        )
        if BadInput in map(type, read):
            raise BadInput(str(next(one for one in read if isinstance(one, BadInput))))
        value, quantity = _number(cells.get("value"), "value"), _number(cells.get("quantity"), "quantity")
        warnings = self._beyond[on, known]
        exact = self._statistical[on].get(code)
        if exact is not None:
            return Question(code, exact, iso3, on, known, value, quantity), warnings
        first, last = self._book[on].find(code)
        if first < last:
            return Question(code, tuple(range(first, last)), iso3, on, known, value, quantity), warnings
        place = self._place[code, on]
        if isinstance(place, BadInput):
            raise BadInput(str(place))
        found, notes = place
        return Question(code, found, iso3, on, known, value, quantity), (*warnings, *notes)


def _number(text: str | None, name: str) -> float | None:
    """Return a number written with or without thousands separators and a dollar sign; None for an empty cell."""
    if not text:
        return None
    try:
        number = float(text if text.isdigit() else text.replace(",", "").replace("$", "").strip())
    except ValueError:
        raise BadInput(f"{name}: {text[:40]!r} is not a number") from None
    if not 0 < number < math.inf:
        check_positive(number, name)
    return number


def _fill(asked: Sequence[tuple[Answer, Question]], found: Settled) -> None:
    """Write the figures and the reasons of each question into its answer."""
    decided = found.deciders()
    rates, opens, differs = found.rate.tolist(), found.is_open.tolist(), found.differ.tolist()
    lows, highs = np.round(found.low, 6).tolist(), np.round(found.high, 6).tolist()
    first = found.rows.first
    base, average = found.rows.base[first].tolist(), found.rows.average[first].tolist()
    cited = [f"HTSUS {line}" for line in _dotted(found.rows.lines.codes[first])]
    for n, (answer, question) in enumerate(asked):
        rate = None if rates[n] != rates[n] else rates[n]
        answer.rate_pct = None if rate is None else round(rate, 6)
        answer.status = found.status[n]
        if opens[n]:
            answer.low_pct, answer.high_pct = lows[n], highs[n]
            answer.decided_by = decided[n]
        if rate is not None and question.value is not None:
            answer.duty_usd = round(question.value * rate / 100, 2)
        second = question.iso3 in COLUMN_2
        name = "column 2" if second else "MFN"
        answer.reasons.append(f"{name} unknown" if base[n] != base[n] else f"{name} {base[n]:g}%")
        answer.citations.append(cited[n])
        if differs[n]:
            answer.warnings += ("the rate depends on the suffix: give 10 digits",)
        if average[n]:
            answer.warnings += ("the ordinary rate is the average of the line in 2024: give value and quantity",)
        elif base[n] != base[n] and question.on >= SCHEDULE_SINCE:
            answer.warnings += ("the ordinary rate is specific and nothing of 2024 says what it amounts to",)
    # The row that stands for a question; -1 for the other rows.
    place = np.full(len(found.rows.question), -1, dtype=np.intp)
    place[first] = np.arange(len(first))
    for part in found.evaluation.parts:
        _reasons(part, place, asked)


def _dotted(codes: NDArray[np.str_]) -> list[str]:
    """Return the first eight digits of lines, with dots."""
    unique, place = np.unique(codes.astype("U8"), return_inverse=True)
    names = [dotted(code) for code in unique.tolist()]
    return [names[n] for n in place.ravel().tolist()]


def _reasons(
    part: Part, place: np.ndarray[tuple[int], np.dtype[np.intp]], asked: Sequence[tuple[Answer, Question]]
) -> None:
    which, question = part.which.tolist(), place[part.at].tolist()
    gone, dispute, points = (part.kept == 0).tolist(), disputed(part).tolist(), part.local().tolist()
    for n, at in enumerate(question):
        if at < 0:
            continue
        measure, act = part.acts[which[n]]
        answer = asked[at][0]
        if not gone[n]:
            amount = "unknown" if points[n] != points[n] else f"{points[n]:g}%"
            amount = "prohibited" if act.treatment == "prohibit" else amount
            answer.reasons.append(f"{measure.authority} {amount}")
            answer.citations.append(act.citation)
            continue
        takers = [who for share, who in part.relieved if share[n] > 0]
        taker = takers[0]
        source = taker if isinstance(taker, Rule) else taker.who(int(part.at[n]))[1]
        answer.reasons.append(f"{measure.authority} {'not due, disputed' if dispute[n] else 'not due'}")
        answer.citations.append(source.citation)
