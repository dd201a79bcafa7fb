"""A question, as it was understood: the line, origin and day that somebody typed, and what may be wrong with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from tradetalks.ground.countries import country
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.law.history import successors
from tradetalks.law.schedule import Book, book, find, read_line


@dataclass(slots=True)
class Question:
    """A line of an origin on a day, read and known to exist."""

    line: str
    """Digits as asked: 8 or 10."""
    found: tuple[int, ...]
    """Positions of its rows in the book of the day."""
    iso3: str
    on: date
    known: date | None
    value: float | None = None
    quantity: float | None = None
    us_content: float | None = None
    """Share of the value that is of the United States; None where nobody says."""


#: The first measures shipped are those of section 201 and 232 of 2018.
FIRST_DAY = date(2018, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood."""

    question: Question
    notes: tuple[str, ...]
    """What the answer must say about the question: that the line has gone and what became of it."""


def ask(
    line: str,
    origin: str,
    on: str | date,
    known: str | date | None = None,
    value: float | None = None,
    quantity: float | None = None,
    us_content: float | None = None,
) -> Asked:
    """Return the question as understood; the arguments and errors are those of :func:`line_duty`."""
    code, iso3, entered = read_line(line), read_origin(origin), read_day(on, "on")
    public = None if known is None else day(known, "known")
    check_positive(value, "value")
    check_positive(quantity, "quantity")
    check_share(us_content, "us_content")
    found, notes = locate(code, entered, book(entered))
    return Asked(Question(code, found, iso3, entered, public, value, quantity, us_content), notes)


def read_origin(text: str) -> str:
    """Return the ISO3 code of an origin.

    Raises:
        BadInput: no such country, or the United States.
    """
    iso3 = country(text).iso3
    if iso3 == "USA":
        raise BadInput("origin: goods of the United States are not foreign goods; name another country")
    return iso3


def read_day(text: str | date, name: str) -> date:
    """Return the day of entry; ``name`` is what the user calls it.

    Raises:
        BadInput: not a date, or before the first measure.
    """
    entered = day(text, name)
    if entered < FIRST_DAY:
        raise BadInput(f"{name}: {entered} is before the first measure shipped; choose a day from {FIRST_DAY}")
    return entered


def locate(code: str, entered: date, then: Book) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return where the line, or what became of it, is in the book of the day ``then``, and what to say of it.

    Raises:
        BadInput: the line is not in the schedule of that day, nor its successors.
    """
    first, last = then.find(code)
    if first < last:
        return tuple(range(first, last)), ()
    heirs = successors(code, entered)
    if heirs is None:
        find(code, entered)  # says why it is not there
        return (), ()
    return tuple(then.find(heir)[0] for heir in heirs.lines), (str(heirs),)


def check_positive(number: float | None, name: str) -> None:
    """Check a value or quantity that may be given; ``name`` is what the user calls it.

    Raises:
        BadInput: a number that is not positive and finite.
    """
    if number is not None and not (math.isfinite(number) and number > 0):
        raise BadInput(f"{name}: {number:g} is not a positive number")


def check_share(number: float | None, name: str) -> None:
    """Check a share that may be given; ``name`` is what the user calls it.

    Raises:
        BadInput: a number below 0 or above 1.
    """
    if number is not None and not 0 <= number <= 1:
        percent = f"; write {number / 100:g} for {number:g}%" if 1 < number <= 100 else ""
        raise BadInput(f"{name}: {number:g} is not a share between 0 and 1{percent}")
