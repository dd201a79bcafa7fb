"""The ordinary rate of lines on a day: column 1 general or 2, a preference, the equivalent of a specific duty."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradetalks.law.duty_text import Rate, parse_rate, programmes
from tradetalks.law.editions import Added, added
from tradetalks.law.measure import DATA
from tradetalks.law.schedule import COLUMN_2, PROGRAMME, Book, book, edition_of, table
from tradetalks.law.scope import Floats, Lines


def every_line() -> Lines:
    """Return every line that the schedule ever held."""
    return _every_line(added())


@lru_cache(maxsize=2)
def _every_line(more: tuple[Added, ...]) -> Lines:
    return Lines(table().select(pl.col("line").unique()).collect()["line"].sort().to_numpy().astype("U10"))


class Texts:
    """The rates of an edition as numbers: percent and USD a unit, NaN where not to be reduced."""

    def __init__(self, book: Book) -> None:
        self._columns = {name: distinct(book.frame[name].to_list()) for name in ("general", "special", "other")}
        self.codes = np.array(book.codes, dtype="U10")
        self.general = self._numbers("general", parse_rate)
        self.other = self._numbers("other", parse_rate)
        self._offers: dict[str, Floats] = {}

    def offers(self, symbol: str) -> Floats:
        """Return the rate under the agreement ``symbol`` in percent; NaN where there is none or it is specific."""
        if symbol not in self._offers:
            pct, amount = self._numbers("special", lambda text: preferred_rate(text, symbol))
            pct[amount != 0] = np.nan
            self._offers[symbol] = pct
        return self._offers[symbol]

    def _numbers(self, column: str, read: Callable[[str], Rate | None]) -> tuple[Floats, Floats]:
        texts, place = self._columns[column]
        rates = [read(text) or Rate(math.nan, math.nan) for text in texts]
        pct, amount = (
            np.array([getattr(rate, name) for rate in rates], dtype=np.float64) for name in ("pct", "amount")
        )
        return pct[place], amount[place]


@cache
def texts_of(edition: date, more: tuple[Added, ...]) -> Texts:
    """Return the rates of an edition, with those that a user added."""
    return Texts(book(edition))


def ordinary(day: date, *, second: bool) -> Floats:
    """Return the ordinary rate of the lines of the :func:`book` of ``day`` in percent; NaN where unknown.

    Column 2 if ``second``. A specific rate of column 1 is its equivalent of 2024.
    """
    texts = texts_of(edition_of(day), added())
    pct, amount = texts.other if second else texts.general
    rate = np.where(amount == 0, pct, np.nan)
    if not second:
        rate = np.where(np.isnan(rate), equivalents(texts.codes), rate)
    return np.asarray(rate.round(6), dtype=np.float64)


@cache
def preferred_rate(special: str, symbol: str) -> Rate | None:
    """Return the rate of the programme ``symbol`` in the text of a special column; None where it offers none."""
    offered = programmes(special)
    text = next((offered[name] for name in (symbol, f"{symbol}+") if name in offered), None)
    return parse_rate(text) if text else None


@cache
def _paid() -> tuple[NDArray[np.str_], Floats, Floats]:
    """Return the lines of 2024, and running sums of value and duty of what paid the ordinary rate."""
    outside = [*PROGRAMME, *COLUMN_2, "CHN", "HKG"]
    paid = (
        pl.scan_parquet(str(DATA / "weights_2024.parquet"))
        .filter(~pl.col("origin").is_in(outside))
        .group_by("line")
        .agg(pl.col("imports_usd", "duty_usd").sum())
        .sort("line")
        .collect()
    )
    value, duty = (np.r_[0.0, np.cumsum(paid[name].to_numpy())] for name in ("imports_usd", "duty_usd"))
    return paid["line"].to_numpy().astype("U10"), value, duty


def equivalents(lines: NDArray[np.str_]) -> Floats:
    """Return duty over value (percent) of the imports of 2024 that paid the ordinary rate; NaN without any.

    Args:
        lines: lines of 8 or 10 digits; of 8 digits it is the average over their suffixes.
    """
    codes, value, duty = _paid()
    first, last = np.searchsorted(codes, lines), np.searchsorted(codes, np.char.add(lines, ":"))
    with np.errstate(invalid="ignore"):
        rate: Floats = 100 * (duty[last] - duty[first]) / (value[last] - value[first])
    return rate


def distinct(names: Sequence[str]) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct names and of each its position among them."""
    place = {name: n for n, name in enumerate(dict.fromkeys(names))}
    return list(place), np.array([place[name] for name in names], dtype=np.intp)
