"""Tables as files. A spreadsheet takes a cell that begins with = + - or @ for a formula: words never may."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> str | int | float:
    """Return what a cell holds: numbers as they are, words with an apostrophe before what would be a formula."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a CSV file; the byte-order mark tells a spreadsheet that it is UTF-8."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(header)
    table.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
