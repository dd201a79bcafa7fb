"""Dates as people write them in cases and on the command line: ISO 8601, nothing else."""

from __future__ import annotations

from datetime import date

from tradetalks.ground.errors import BadInput


def day(text: str | date, field: str = "date") -> date:
    """Return the date in ``text`` (``YYYY-MM-DD``); ``field`` names it in the error.

    Raises:
        BadInput: the text is not an ISO date.
    """
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"{field}: {text!r} is not a date; write it as YYYY-MM-DD, for example 2025-04-20") from None
