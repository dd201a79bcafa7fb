"""Numbers as the pages show them: few digits, a real minus sign, and words where nothing is known."""

from __future__ import annotations

from tradetalks.brief.figures import ABOUT_ZERO, NOT_KNOWN, plain, signed
from tradetalks.brief.figures import dollars as _dollars
from tradetalks.value.answer import Interval


def money(number: float | None) -> str:
    """Return a change in USD billion as ``+1.27``."""
    if number is None:
        return NOT_KNOWN
    text = signed(number, 2)
    return ABOUT_ZERO if text == "0" and number != 0.0 else text


def dollars(interval: Interval) -> str:
    """Return an effect in USD billion, rounded by its own interval."""
    return _dollars(interval).value


def span(interval: Interval) -> str:
    """Return the interval of an effect in USD billion as ``+1.1 to +2.3``, or nothing."""
    return _dollars(interval).span or ""


def percent(number: float | None, places: int = 3) -> str:
    """Return a change in percent as ``+0.031%``."""
    return NOT_KNOWN if number is None else f"{signed(number, places)}%"


def rate(number: float | None, places: int = 2) -> str:
    """Return a rate of duty as ``27.5%``."""
    if number is None:
        return NOT_KNOWN
    text = plain(number, places)
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def chance(number: float | None) -> str:
    """Return a probability as ``62%``."""
    return NOT_KNOWN if number is None else f"{number:.0%}"
