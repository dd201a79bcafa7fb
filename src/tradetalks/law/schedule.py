"""The Harmonized Tariff Schedule of the United States by line and day: ordinary rates, words, neighbours."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from tradetalks.ground.errors import BadInput, nearest
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


@cache
def table() -> pl.LazyFrame:
    """Return the schedule: one row for each spell of a line, sorted by line (``until`` is exclusive)."""
    return pl.scan_parquet(str(DATA / "schedule.parquet"))


def on_day(day: date) -> pl.LazyFrame:
    """Return the lines in force on ``day``."""
    return table().filter(pl.col("since") <= day, pl.col("until").is_null() | (pl.col("until") > day))


@cache
def _editions() -> list[date]:
    turns = table().select("since", "until").collect()
    return sorted({*turns["since"], *turns["until"].drop_nulls()})


def edition_of(day: date) -> date:
    """Return the last day until ``day`` on which a line of the schedule began, changed or ended."""
    return _editions()[bisect_right(_editions(), day) - 1]


def dotted(line: str) -> str:
    """Return ``line`` with dots, as the schedule prints it: 8703.23.01.40."""
    cuts = (line[:4], line[4:6], line[6:8], line[8:])
    return ".".join(part for part in cuts if part)


def read_line(text: str) -> str:
    """Return the digits of a line typed with or without dots (8 or 10 of them).

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
        raise BadInput(f"line: {text[:40]!r} is not a tariff line; write 8 or 10 digits, for example 8703.23.01")
    if len(plain) == 6:
        children = _like(plain, 8)
        if not children:
            raise BadInput(f"line: there is no subheading {dotted(plain)}{_did_you_mean(plain)}")
        if len(children) == 1:
            return children[0]
        names = ", ".join(dotted(child) for child in children[:8])
        raise BadInput(f"line: {dotted(plain)} has several lines with rates of their own; choose among {names}")
    if len(plain) not in (8, 10):
        raise BadInput(f"line: {text[:40]!r} has {len(plain)} digits; write 8 or 10, for example 8703.23.01")
    return plain


def entries(line: str, day: date) -> list[Entry]:
    """Return the statistical lines of ``line`` on ``day`` (itself where it has none), in order.

    Raises:
        BadInput: the line is not in the schedule of that day (with its spell, or the nearest lines).
    """
    spells = table().filter(pl.col("line").str.starts_with(line[:8])).collect()
    # Before the shipped schedule only the scope of measures can be told: the first edition names the line.
    shown = max(day, SCHEDULE_SINCE)
    then = spells.filter(pl.col("since") <= shown, pl.col("until").is_null() | (pl.col("until") > shown))
    exact = then.filter(pl.col("line") == line)
    if len(line) == 8:
        children = then.filter(pl.col("line").str.len_chars() == 10)
        exact = children if children.height else exact
    if not exact.height:
        raise BadInput(_absent(line, day, spells))
    return [Entry(**row) for row in exact.to_dicts()]


def words(line: str, day: date) -> str:
    """Return the description of ``line`` on ``day``; of an 8-digit line its own, not that of a suffix."""
    then = on_day(max(day, SCHEDULE_SINCE)).filter(pl.col("line").is_in([line, line + "00"])).sort("line").collect()
    return str(then["description"][0]) if then.height else ""


def _absent(line: str, day: date, spells: pl.DataFrame) -> str:
    own: list[dict[str, Any]] = spells.filter(pl.col("line") == line).to_dicts()
    if own:
        since, until = own[0]["since"], own[-1]["until"]
        when = f"was in the schedule from {since} until {until}" if until else f"is in the schedule since {since}"
        now = spells.filter(pl.col("until").is_null())["line"].to_list()
        near = f"; its neighbours now: {', '.join(map(dotted, now[:6]))}" if until and now else ""
        return f"line: {dotted(line)} {when}, not on {day}{near}"
    return f"line: there is no line {dotted(line)} in the schedule of {day}{_did_you_mean(line)}"


def _did_you_mean(line: str) -> str:
    for length in (8, 6, 4):
        if len(line) > length and (near := _like(line[:length], 8 if length < 8 else 10)):
            chosen = nearest(line, near) or near[:3]
            return f"; did you mean {' or '.join(map(dotted, chosen))}?"
    return ""


def _like(prefix: str, length: int) -> list[str]:
    found = (
        table()
        .filter(pl.col("line").str.starts_with(prefix), pl.col("line").str.len_chars() == length)
        .select("line")
        .unique()
        .collect()
    )
    return sorted(found["line"].to_list())
