"""Cells of the tables: what is shown, and the number as it is for a workbook."""

from __future__ import annotations

from tradetalks.brief.document import Cell
from tradetalks.brief.figures import NOT_KNOWN, Effect, decimals, dollars, level, percent, plain
from tradetalks.value.answer import Interval


def _of(effect: Effect, interval: Interval) -> Cell:
    return Cell(effect.value, effect.span, (interval.value, interval.p10, interval.p90), effect.known)


def usd(interval: Interval) -> Cell:
    """Return an effect in USD billion with its interval."""
    return _of(dollars(interval), interval)


def pct(interval: Interval) -> Cell:
    """Return an effect in per cent with its interval."""
    return _of(percent(interval), interval)


def point(value: float | None, unit: str = "usd") -> Cell:
    """Return an effect without an interval, in USD billion or (``unit`` pct) in per cent."""
    interval = Interval(value=value)
    effect = dollars(interval) if unit == "usd" else percent(interval)
    return Cell(effect.value, None, (value,), effect.known)


def rate(value: float | None, places: int = 1) -> Cell:
    """Return a level: a rate or a flow."""
    return Cell(level(value, places), None, (value,), value is not None)


def chance(interval: Interval) -> Cell:
    """Return a probability in per cent with its interval."""
    if interval.value is None:
        return Cell(NOT_KNOWN, known=False)
    ends = [None if end is None else 100.0 * end for end in (interval.p10, interval.p90)]
    span = None if None in ends else f"{ends[0]:.0f} to {ends[1]:.0f}"
    return Cell(f"{100.0 * interval.value:.0f}%", span, (100.0 * interval.value, *ends))


def spread(median: float, low: float, high: float) -> Cell:
    """Return a median with the range of eight draws in ten; no sign where all is positive."""
    places = decimals((median, low, high), 1)
    return Cell(plain(median, places), f"{plain(low, places)} to {plain(high, places)}", (median, low, high))


def words(text: str, small: str | None = None, url: str | None = None, anchor: str | None = None) -> Cell:
    """Return text, with small print under it."""
    return Cell(text, small or None, url=url, anchor=anchor)


def assumed(value: float | None) -> str:
    """Return an assumed figure as its source gives it."""
    return NOT_KNOWN if value is None else f"{value:,.6g}".replace("-", "−")
