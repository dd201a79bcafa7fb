"""Dates as people write them in cases and on the command line: YYYY-MM-DD, nothing else."""

from __future__ import annotations

import re
from datetime import date

from tradetalks.ground.errors import BadInput

# date.fromisoformat alone would also take 20250420 and 2025-W16-7.
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str | date, field: str = "date") -> date:
    """Return the date in ``text`` (``YYYY-MM-DD``); ``field`` names it in the error.

    Raises:
        BadInput: the text is not such a date.
    """
    if isinstance(text, date):
        return text
    written = str(text).strip()
    try:
        if _WRITTEN.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        raise BadInput(f"{field}: {written} is not a day of the calendar") from None
    raise BadInput(f"{field}: {written[:40]!r} is not a date; write YYYY-MM-DD, for example 2025-04-20")
