"""Numbers as a reader sees them: few digits, a real minus sign, never NaN.

An effect is rounded by its own uncertainty: value and interval share the decimals that give the
largest of the three two significant digits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tradetalks.value.answer import Interval

MINUS = "−"
ABOUT_ZERO = "about zero"
NOT_KNOWN = "not known"

#: Most decimals of an effect. Ten million dollars and a thousandth of a per cent are the finest the
#: model and its draws can tell apart; what rounds to nothing there is "about zero".
DOLLAR_DECIMALS = 2
PERCENT_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect in words of a table: its value and, where there is one, its interval."""

    value: str
    span: str | None = None
    known: bool = True
    settled: bool = True
    """False where the interval spans zero: the sign is not settled."""


def decimals(numbers: tuple[float | None, ...], most: int) -> int:
    """Return the decimals (negative: tens) that give the largest number two significant digits."""
    largest = max((abs(number) for number in numbers if number is not None), default=0.0)
    if largest == 0.0:
        return 0
    exponent = math.floor(math.log10(float(f"{largest:.1e}")))
    return min(most, 1 - exponent)


def plain(number: float, places: int) -> str:
    """Return ``number`` with a real minus sign and thousands separated; zero has no sign."""
    rounded = round(number, places)
    if rounded == 0:
        return "0"
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,.{max(places, 0)}f}"


def signed(number: float, places: int) -> str:
    """Return ``number`` as a change: ``+1.2``, ``−0.4``, ``0``."""
    text = plain(number, places)
    return text if text == "0" or text.startswith(MINUS) else f"+{text}"


def spans_zero(interval: Interval) -> bool:
    """Return whether the draws leave the sign open."""
    return interval.p10 is not None and interval.p90 is not None and interval.p10 < 0 < interval.p90


def effect(interval: Interval, most: int = DOLLAR_DECIMALS) -> Effect:
    """Return ``interval`` as text; ``most`` bounds the decimals."""
    value, low, high = interval.value, interval.p10, interval.p90
    if value is None:
        return Effect(NOT_KNOWN, known=False)
    places = decimals((value, low, high), most)
    text = signed(value, places)
    if text == "0" and value != 0.0:
        text = ABOUT_ZERO
    span = None
    if low is not None and high is not None:
        ends = signed(low, places), signed(high, places)
        span = None if ends == ("0", "0") else f"{ends[0]} to {ends[1]}"
    return Effect(text, span, settled=not spans_zero(interval))


def dollars(interval: Interval) -> Effect:
    """Return an effect in USD billion."""
    return effect(interval, DOLLAR_DECIMALS)


def amount(interval: Interval) -> tuple[Effect, str]:
    """Return an effect of USD billion for a sentence and its unit: tens of millions where all of it is below 0.1 bn."""
    ends = [end for end in (interval.value, interval.p10, interval.p90) if end is not None]
    if interval.value is None or any(abs(end) >= 0.1 for end in ends):
        return dollars(interval), "bn"
    low, high = (None if end is None else 1000.0 * end for end in (interval.p10, interval.p90))
    return effect(Interval(value=1000.0 * interval.value, p10=low, p90=high), -1), "million"


def plain_percent(number: float | None) -> str:
    """Return a change in per cent that has no interval."""
    return percent(Interval(value=number)).value


def percent(interval: Interval) -> Effect:
    """Return an effect in per cent."""
    return effect(interval, PERCENT_DECIMALS)


def level(number: float | None, places: int = 1) -> str:
    """Return a level (a rate, a flow), with the same decimals down a column; unknown says so."""
    return NOT_KNOWN if number is None else f"{MINUS if round(number, places) < 0 else ''}{abs(number):,.{places}f}"
