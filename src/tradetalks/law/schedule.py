"""The Harmonized Tariff Schedule of the United States by line and day: ordinary rates, words, neighbours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from tradetalks.ground.errors import BadInput, nearest
from tradetalks.law.editions import Added, added, schedule_through
from tradetalks.law.measure import DATA, SCHEDULE_SINCE

#: Countries whose goods pay column 2 (general note 3(b); Russia and Belarus by Pub. L. 117-110 of 2022).
COLUMN_2 = frozenset({"RUS", "BLR", "CUB", "PRK"})

#: Programme symbol of the free trade agreement with an origin (general note 3(c)).
PROGRAMME = {
    "AUS": "AU",
    "BHR": "BH",
    "CHL": "CL",
    "COL": "CO",
    "ISR": "IL",
    "JOR": "JO",
    "KOR": "KR",
    "MAR": "MA",
    "OMN": "OM",
    "PAN": "PA",
    "PER": "PE",
    "SGP": "SG",
    "JPN": "JP",
    "CRI": "P",
    "DOM": "P",
    "GTM": "P",
    "HND": "P",
    "NIC": "P",
    "SLV": "P",
    "CAN": "S",
    "MEX": "S",
    "NPL": "NP",
}


#: General note that holds the rules of each programme, by its symbol.
GENERAL_NOTE = {
    "IL": 8,
    "S": 11,
    "JO": 18,
    "SG": 25,
    "CL": 26,
    "MA": 27,
    "AU": 28,
    "P": 29,
    "BH": 30,
    "OM": 31,
    "PE": 32,
    "KR": 33,
    "CO": 34,
    "PA": 35,
    "JP": 36,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the schedule as it stood on a day."""

    line: str
    since: date
    until: date | None
    description: str
    general: str
    special: str
    other: str
    mfn_pct: float | None
    """Ad valorem part of the general rate; None where the text cannot be reduced."""
    mfn_amount: float | None
    """Specific part, USD a unit."""
    mfn_unit: str | None
    other_pct: float | None
    other_amount: float | None


#: What an edition says of a line; a spell lasts while none of it changes.
RATES = ("general", "special", "other")


def table() -> pl.LazyFrame:
    """Return the schedule: one row for each spell of a line, sorted by line (``until`` is exclusive)."""
    return _table(added())


@cache
def _table(more: tuple[Added, ...]) -> pl.LazyFrame:
    shipped = pl.scan_parquet(str(DATA / "schedule.parquet"))
    if not more:
        return shipped
    whole = shipped.collect()
    for edition in more:
        whole = _layered(whole, pl.read_parquet(edition.path).with_columns(since=pl.lit(edition.since)))
    return whole.lazy()


def _layered(whole: pl.DataFrame, edition: pl.DataFrame) -> pl.DataFrame:
    """Return the schedule in which ``edition`` says, from its day on, what the headings it holds are."""
    since = edition["since"][0]
    named = pl.col("line").str.slice(0, 4).is_in(edition["line"].str.slice(0, 4).unique().to_list())
    before = whole.filter(named, pl.col("since") < since)
    was_open = pl.col("until").is_null() | (pl.col("until") > since)
    same = before.filter(was_open).join(edition.select("line", *RATES), on=["line", *RATES], how="semi")
    until = pl.when(was_open).then(pl.lit(since)).otherwise(pl.col("until"))
    kept = before.join(same.select("line", "since"), on=["line", "since"], how="anti").with_columns(until=until)
    new = edition.join(same.select("line"), on="line", how="anti").with_columns(until=pl.lit(None, dtype=pl.Date))
    parts = [whole.filter(~named), kept, same.with_columns(until=pl.lit(None, dtype=pl.Date)), new]
    return pl.concat([part.select(whole.columns) for part in parts]).sort("line", "since")


def on_day(day: date) -> pl.LazyFrame:
    """Return the lines in force on ``day``."""
    return table().filter(pl.col("since") <= day, pl.col("until").is_null() | (pl.col("until") > day))


def turns() -> list[date]:
    """Return the days on which a line of the schedule began, changed or ended."""
    return _turns(added())


@cache
def _turns(more: tuple[Added, ...]) -> list[date]:
    spells = _table(more).select("since", "until").collect()
    return sorted({*spells["since"], *spells["until"].drop_nulls()})


def edition_of(day: date) -> date:
    """Return the last day until ``day`` on which a line of the schedule began, changed or ended."""
    return turns()[bisect_right(turns(), day) - 1]


@dataclass(frozen=True, slots=True)
class Book:
    """The lines that bear rates on a day: statistical lines, and lines of 8 digits without any."""

    codes: list[str]
    """In ascending order."""
    frame: pl.DataFrame
    """Their spells, in the same order."""

    def find(self, line: str) -> tuple[int, int]:
        """Return the first and one past the last position of ``line``, its suffixes where it has 8 digits."""
        first = bisect_left(self.codes, line)
        if len(line) < 10:
            return first, bisect_left(self.codes, line + ":")  # ":" > "9"
        return first, first + (self.codes[first : first + 1] == [line])


def book(day: date) -> Book:
    """Return the lines that bear rates on ``day``; before the schedule begins those of its first day."""
    return _book(edition_of(max(day, SCHEDULE_SINCE)), added())


@cache
def _book(edition: date, more: tuple[Added, ...]) -> Book:
    then = pl.col("since") <= edition, pl.col("until").is_null() | (pl.col("until") > edition)
    lines = _table(more).filter(*then).sort("line").collect()
    whole = lines.filter(pl.col("line").str.len_chars() == 8)["line"]
    parents = lines.filter(pl.col("line").str.len_chars() == 10)["line"].str.slice(0, 8).unique()
    alone = whole.filter(~whole.is_in(parents.implode()))
    frame = lines.filter((pl.col("line").str.len_chars() == 10) | pl.col("line").is_in(alone.implode()))
    return Book(frame["line"].to_list(), frame)


def dotted(line: str) -> str:
    """Return ``line`` with dots, as the schedule prints it: 8703.23.01.40."""
    cuts = (line[:4], line[4:6], line[6:8], line[8:])
    return ".".join(part for part in cuts if part)


#: Letters that are typed, or scanned, for digits.
_LOOKALIKES = str.maketrans("OQILSBZ", "0011582")


def read_line(text: str) -> str:
    """Return the digits of a line typed with or without dots: 8 or 10, or 6 to which one line of 8 belongs.

    Raises:
        BadInput: the text is no line, or has 6 digits, to which several rates may belong.
    """
    plain = text.strip().replace(".", "").replace(" ", "")
    if plain.startswith("99") and plain.isdigit():
        raise BadInput(
            f"line: {text[:40]!r} is in chapter 99, which puts duties on goods of other chapters; name the line "
            "of the goods themselves, for example 8703.23.01"
        )
    if not (plain.isascii() and plain.isdigit()):
        digits = plain.upper().translate(_LOOKALIKES)
        if len(digits) in (6, 8, 10) and digits.isascii() and digits.isdigit() and _like(digits, len(digits)):
            raise BadInput(f"line: {text[:40]!r} has letters for digits; did you mean {dotted(digits)}?")
        raise BadInput(
            f"line: {text[:40]!r} is not a tariff line; write 6, 8 or 10 digits, like 8703.23.01, or find the line: "
            f'tradetalks law search "{text.strip()[:40]}"'
        )
    if len(plain) == 6:
        children = _like(plain, 8)
        if not children:
            raise BadInput(f"line: there is no subheading {dotted(plain)}{_did_you_mean(plain)}")
        if len(children) == 1:
            return children[0]
        names = ", ".join(dotted(child) for child in children[:8])
        raise BadInput(f"line: {dotted(plain)} has several lines with rates of their own; choose among {names}")
    if len(plain) not in (8, 10):
        whole = f"0{plain}"  # a spreadsheet takes codes for numbers and drops the zero that they begin with
        lost = len(whole) in (6, 8, 10) and _like(whole, len(whole))
        hint = f"; did it begin with a zero: {dotted(whole)}?" if lost else ", for example 8703.23.01"
        raise BadInput(f"line: {text[:40]!r} has {len(plain)} digits; write 6, 8 or 10{hint}")
    return plain


def find(line: str, day: date) -> tuple[int, int]:
    """Return where ``line`` is in the :func:`book` of ``day``.

    Raises:
        BadInput: the line is not in the schedule of that day (with its spell, or the nearest lines).
    """
    first, last = book(day).find(line)
    if first == last:
        raise BadInput(_absent(line, day, spells(line)))
    return first, last


def entries(line: str, day: date) -> list[Entry]:
    """Return the statistical lines of ``line`` on ``day`` (itself where it has none), in order.

    Raises:
        BadInput: the line is not in the schedule of that day (with its spell, or the nearest lines).
    """
    first, last = find(line, day)
    return [Entry(**row) for row in book(day).frame[first:last].to_dicts()]


def spells(line: str) -> pl.DataFrame:
    """Return every spell of the lines that share eight digits with ``line``."""
    codes, whole = _spells(added())
    return whole[bisect_left(codes, line[:8]) : bisect_left(codes, line[:8] + ":")]


@cache
def _spells(more: tuple[Added, ...]) -> tuple[list[str], pl.DataFrame]:
    whole = _table(more).collect()
    return whole["line"].to_list(), whole


def words(line: str, day: date) -> str:
    """Return the description of ``line`` on ``day``; of an 8-digit line its own, not that of a suffix."""
    found = _words(edition_of(max(day, SCHEDULE_SINCE)), added())
    return found.get(line) or found.get(line + "00", "")


@cache
def _words(edition: date, more: tuple[Added, ...]) -> dict[str, str]:
    then = pl.col("since") <= edition, pl.col("until").is_null() | (pl.col("until") > edition)
    return dict(_table(more).filter(*then).select("line", "description").collect().iter_rows())


def _absent(line: str, day: date, spells: pl.DataFrame) -> str:
    own: list[dict[str, Any]] = [spell for spell in spells.to_dicts() if spell["line"] == line]
    if own:
        since, until = own[0]["since"], own[-1]["until"]
        when = f"was in the schedule from {since} until {until}" if until else f"is in the schedule since {since}"
        now = [spell["line"] for spell in spells.to_dicts() if spell["until"] is None]
        near = f"; its neighbours now: {', '.join(map(dotted, now[:6]))}" if until and now else ""
        return f"line: {dotted(line)} {when}, not on {day}{near}"
    first, last = book(day).find(line[:8])
    if len(line) == 10 and first < last:
        # A suffix of a later revision (484(f) numbers change each January and July) may be asked for.
        through = f", known through {schedule_through()}" if day > schedule_through() else ""
        return (
            f"line: there is no line {dotted(line)} in the schedule of {day}{through}{_did_you_mean(line)} Or ask for "
            f"{dotted(line[:8])}, the line it would be a part of"
        )
    return f"line: there is no line {dotted(line)} in the schedule of {day}{_did_you_mean(line)}"


def _did_you_mean(line: str) -> str:
    for length in (8, 6, 4, 2):
        if len(line) > length and (near := _like(line[:length], 8 if length < 8 else 10)):
            chosen = nearest(line, near) or near[:3]
            return f"; did you mean {' or '.join(map(dotted, chosen))}?"
    return ""


def _like(prefix: str, length: int) -> list[str]:
    """Return the beginnings of ``length`` digits, once each, of the lines that begin with ``prefix``."""
    codes, _ = _spells(added())
    found = codes[bisect_left(codes, prefix) : bisect_left(codes, prefix + ":")]
    return sorted({code[:length] for code in found if len(code) >= length})
