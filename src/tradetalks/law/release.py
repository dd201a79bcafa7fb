"""A release of the schedule as the US International Trade Commission exports it (JSON), read to lines and rates."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import write_atomic
from tradetalks.law.duty_text import parse_rate
from tradetalks.law.editions import forget
from tradetalks.law.measure import SCHEDULE_SINCE

#: What a row of the export must say.
KEYS = ("htsno", "indent", "description", "general", "special", "other")
#: No export is larger (the whole schedule has some 15 MB).
MAX_BYTES = 200_000_000

_DAY = re.compile(r"(?<!\d)(20\d\d)[-_]?(\d\d)[-_]?(\d\d)(?!\d)")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of an export, ``.json`` or ``.json.gz``.

    Raises:
        BadInput: the file is missing, is no such export, or too large.
    """
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                content = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{path}: this file cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(content) > MAX_BYTES:
        raise BadInput(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; this is no export of the schedule")
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}: not JSON ({error}); export the schedule from hts.usitc.gov as JSON") from None
    if not (isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)):
        raise BadInput(f"{path}: not an export of the schedule; it is a list of rows with {', '.join(KEYS)}")
    for number, row in enumerate(rows, start=1):
        if missing := [key for key in KEYS if key not in row]:
            raise BadInput(f"{path}: row {number} has no {missing[0]!r}; an export has {', '.join(KEYS)} in every row")
        if strange := [key for key in KEYS if key != "indent" and not isinstance(row[key], str | None)]:
            raise BadInput(f"{path}: row {number}: {strange[0]} is no text")
        if not str(row["indent"] or 0).isdigit():
            raise BadInput(f"{path}: row {number}: the indent {str(row['indent'])[:20]!r} is not a whole number")
    return rows


def lines_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, str, str, str]]:
    """Return ``{line: (general, special, other, description)}`` of chapters 1 to 98; rates inherited by indent."""
    lines: dict[str, tuple[str, str, str, str]] = {}
    trail: list[tuple[int, str, tuple[str, str, str]]] = []
    for row in rows:
        indent = int(row["indent"] or 0)
        while trail and trail[-1][0] >= indent:
            trail.pop()
        general, special, other = (
            " ".join(re.sub("<[^>]*>", "", row[key] or "").split()) for key in ("general", "special", "other")
        )
        own = (general, special, other)
        inherited = trail[-1][2] if trail else ("", "", "")
        rates = own if general or other else inherited
        trail.append((indent, row["description"] or "", rates))
        code = re.sub(r"\D", "", row["htsno"] or "")
        if len(code) in (8, 10) and code[:2] != "99":
            lines[code] = (*rates, _brief([text for _, text, _ in trail]))
    return lines


def _brief(trail: list[str]) -> str:
    """Return a short description: the line's own words, led by its parents' while it says "Other"."""
    words = [re.sub(r"<[^>]*>|\s+", " ", part).strip().rstrip(":") for part in trail]
    text = words[-1]
    for parent in reversed(words[:-1]):
        if len(text) >= 40:
            break
        text = f"{parent}: {text}"
    return text if len(text) <= 90 else text[:87].rstrip() + "..."


def with_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with general and other rates as percent and USD a unit too; null where not to be reduced."""

    def parsed(name: str, part: str) -> list[float | str | None]:
        rates = {text: parse_rate(text) for text in frame[name].unique()}
        return [getattr(rate, part) if (rate := rates[text]) else None for text in frame[name]]

    return frame.with_columns(
        pl.Series("mfn_pct", parsed("general", "pct"), dtype=pl.Float32),
        pl.Series("mfn_amount", parsed("general", "amount"), dtype=pl.Float32),
        pl.Series("mfn_unit", parsed("general", "unit"), dtype=pl.String),
        pl.Series("other_pct", parsed("other", "pct"), dtype=pl.Float32),
        pl.Series("other_amount", parsed("other", "amount"), dtype=pl.Float32),
    )


def day_of(path: Path) -> date:
    """Return the date in the name of the file.

    Raises:
        BadInput: there is none.
    """
    for match in _DAY.finditer(path.name):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            continue
    raise BadInput(f"--effective: say from which day {path.name} applies; its name holds no date like 2026-07-01")


def add_edition(path: Path, effective: date | None, folder: Path) -> tuple[Path, date, int]:
    """Store the export ``path`` as an edition in ``folder``; return its file, its first day and its lines.

    From that day on it says what there is in the headings that it holds; headings it does not hold stay.

    Raises:
        BadInput: no such export, no line in it, no date, or the folder cannot be written.
    """
    since = effective or day_of(path)
    if since < SCHEDULE_SINCE:
        raise BadInput(f"--effective: {since} is before {SCHEDULE_SINCE}, where the schedule begins")
    lines = lines_of(read_rows(path))
    if not lines:
        raise BadInput(f"{path}: there is no line of 8 or 10 digits of chapters 1 to 98 in it")
    names = ["line", "general", "special", "other", "description"]
    frame = pl.DataFrame([(line, *said) for line, said in sorted(lines.items())], schema=names, orient="row")
    target = folder / f"schedule-{since}.parquet"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder}: this folder cannot be made ({error.strerror or error})") from None
    table = io.BytesIO()
    with_numbers(frame).write_parquet(table, compression="zstd")
    write_atomic(target, table.getvalue())
    forget()
    return target, since, frame.height
