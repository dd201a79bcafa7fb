"""A list of shipments: each row its duty and reasons, and what is wrong with the rows that cannot be read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.law.caveats import caveats
from tradetalks.law.editions import beyond
from tradetalks.law.evaluate import Part
from tradetalks.law.measure import SCHEDULE_SINCE, Rule
from tradetalks.law.question import Question, check_positive, check_share, locate, read_day, read_origin
from tradetalks.law.schedule import COLUMN_2, book, dotted, edition_of, read_line
from tradetalks.law.shipment_file import COLUMNS, NEEDED, Shipment
from tradetalks.law.shipments import Settled, settled
from tradetalks.law.standing import disputed

#: Rows settled together: enough to be fast, few enough to stay small.
CHUNK = 100_000

GIVEN = ("row", *COLUMNS)
ANSWERED = ("duty_usd", "rate_pct", "low_pct", "high_pct", "decided_by", "status", "reasons", "citations", "warnings",
            "error")  # fmt: skip


def header(carried: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the header of the answers: the row as given, the columns carried over, what is answered.

    A column carried over that has the name of one of ours has ``_given`` after it.
    """
    ours = {*GIVEN, *ANSWERED}
    return (*GIVEN, *(f"{name}_given" if name in ours else name for name in carried), *ANSWERED)


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
        """Return the row of the answer, in the order of :func:`header`."""
        return [
            self.shipment.row,
            *map(self.shipment.cells.get, COLUMNS),  # csv writes None as an empty cell
            *self.shipment.carried,
            self.duty_usd,
            self.rate_pct,
            self.low_pct,
            self.high_pct,
            "; ".join(self.decided_by),
            self.status,
            "; ".join(self.reasons),
            "; ".join(dict.fromkeys(self.citations)),
            "; ".join(self.warnings),
            self.error,
        ]


def answers(shipments: Sequence[Shipment]) -> Iterator[Answer]:
    """Yield the answer to every row, in order; a row that cannot be read has its error."""
    reader = _Reader()
    for begin in range(0, len(shipments), CHUNK):
        found = [Answer(shipment) for shipment in shipments[begin : begin + CHUNK]]
        asked: list[tuple[Answer, Question]] = []
        for answer, read in zip(found, reader.read([answer.shipment.cells for answer in found]), strict=True):
            if answer.shipment.beyond:
                answer.error = (
                    f"the row goes on after the last column with {answer.shipment.beyond[0].strip()[:40]!r}; "
                    "put a cell that holds the separator in quotes"
                )
            elif isinstance(read, BadInput):
                answer.error = str(read)
            else:
                question, answer.warnings = read
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


#: What was read of a row: its question and what to warn of, or what is wrong.
_Read = tuple[Question, tuple[str, ...]] | BadInput


class _Reader:
    """Reads rows as :func:`tradetalks.law.question.ask` does, column by column."""

    def __init__(self) -> None:
        readers: dict[str, Callable[[str], object]] = {
            "line": read_line,
            "origin": read_origin,
            "date": lambda text: read_day(text, "date"),
            "known": lambda text: day(text, "known") if text else None,
            "value": partial(_number, name="value"),
            "quantity": partial(_number, name="quantity"),
            "us_content": _share,
        }
        self._columns = {
            name: _Once(partial(_filled, name, read) if name in NEEDED else read) for name, read in readers.items()
        }
        self._book = _Once(book)
        exact = _Once(lambda edition: {code: ((n,), ()) for n, code in enumerate(book(edition).codes)})
        self._exact = _Once(lambda on: exact[edition_of(max(on, SCHEDULE_SINCE))])
        self._place = _Once(lambda asked: locate(asked[0], asked[1], self._book[asked[1]]))
        self._beyond = _Once(lambda days: beyond(*days))

    def read(self, rows: Sequence[dict[str, str]]) -> list[_Read]:
        """Return what each row asks; BadInput as for a single duty, or where a cell that is needed is empty."""
        columns = [[once[cells.get(name, "")] for cells in rows] for name, once in self._columns.items()]
        return [self._question(*row) for row in zip(*columns, strict=True)]

    def _question(self, *read: Any) -> _Read:
        if BadInput in map(type, read):
            return next(one for one in read if isinstance(one, BadInput))
        code, iso3, on, known, value, quantity, us_content = read
        place = self._exact[on].get(code) or self._place[code, on]
        if place.__class__ is BadInput:
            return place
        found, notes = place
        warnings = self._beyond[on, known] + notes + caveats(iso3, on, value)
        return Question(code, found, iso3, on, known, value, quantity, us_content), warnings


def _filled(name: str, read: Callable[[str], object], text: str) -> object:
    if not text:
        raise BadInput(f"{name}: the cell is empty")
    return read(text)


def _share(text: str) -> float | None:
    """Return a share of value; None for an empty cell."""
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise BadInput(f"us_content: {text[:40]!r} is not a number") from None
    check_share(number, "us_content")
    return number


#: A number whose thousands are parted by commas.
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")


def _number(text: str, name: str) -> float | None:
    """Return a number written with or without thousands separators and a dollar sign; None for an empty cell."""
    if not text:
        return None
    plain = text if text.isdigit() else text.replace("$", "").strip()
    if "," in plain and not _THOUSANDS.fullmatch(plain):
        raise BadInput(f"{name}: {text[:40]!r} is not a number; write 1234.5 or 1,234.5, with a point before decimals")
    try:
        number = float(plain.replace(",", ""))
    except ValueError:
        raise BadInput(f"{name}: {text[:40]!r} is not a number") from None
    if not 0 < number < math.inf:
        check_positive(number, name)
    return number


def _fill(asked: Sequence[tuple[Answer, Question]], found: Settled) -> None:
    """Write the figures and the reasons of each question into its answer."""
    decided = found.deciders()
    rates, differs = found.rate.tolist(), found.differ.tolist()
    opens, floors = found.is_open.tolist(), found.floor_only.tolist()
    lows, highs = np.round(found.low, 6).tolist(), np.round(found.high, 6).tolist()
    first = found.rows.first
    base, average = found.rows.base[first].tolist(), found.rows.average[first].tolist()
    cited = [f"HTSUS {line}" for line in _dotted(found.rows.lines.codes[first])]
    for n, (answer, question) in enumerate(asked):
        rate = None if rates[n] != rates[n] else rates[n]
        answer.rate_pct = None if rate is None else round(rate, 6)
        answer.status = found.status[n]
        if opens[n] or floors[n]:
            answer.low_pct, answer.high_pct = lows[n], None if floors[n] else highs[n]
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
