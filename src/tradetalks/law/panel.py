"""The full panel: the rate of every line from every origin on every day on which something changed.

Origins in the same legal position (the same acts by effect, the same stacking rules, the same column of
the same edition) share a vector, which is evaluated once. A day is a Parquet file, written as it is
done: ``on=2025-04-05.parquet`` with a row a statistical line and a column an origin (ISO3), in percent.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tradetalks.ground.countries import COUNTRIES
from tradetalks.ground.errors import BadInput
from tradetalks.law.editions import editions
from tradetalks.law.evaluate import bearings, rulings
from tradetalks.law.measure import SCHEDULE_SINCE, Law, origin_key, us_law
from tradetalks.law.open_facts import Facts, settle_rows
from tradetalks.law.ordinary_rate import every_line, ordinary
from tradetalks.law.position import FOREVER, governing
from tradetalks.law.rows import Rows
from tradetalks.law.schedule import COLUMN_2, book, edition_of, turns
from tradetalks.law.scope import Lines

#: Every origin of the panel.
ORIGINS = tuple(iso3 for iso3 in COUNTRIES if iso3 != "USA")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The panel on a day."""

    on: date
    table: pl.DataFrame
    """``line`` and a column an origin: the rate in percent, null where unknown."""
    evaluated: int
    """How many legal positions had to be evaluated for it."""


def change_days(law: Law, since: date, until: date) -> list[date]:
    """Return ``since`` and the days after it, through ``until``, on which an act, a rule or the schedule turns."""
    acts = [act for measure in law.measures for act in measure.acts]
    days = {act.applies_from for act in acts} | {act.applies_until for act in acts if act.applies_until}
    days |= {rule.applies_from for rule in law.rules} | {*turns()}
    return sorted({since, *(day for day in days if since <= day <= until)})


def sheets(since: date, until: date) -> Iterator[Sheet]:
    """Yield the panel of each day between ``since`` and ``until`` on which something changed, in order.

    The rate is that of a single duty (:func:`tradetalks.law.duty.line_duty`): no preference is claimed, metal
    content and specific duties are averages.

    Raises:
        BadInput: the days are before the schedule begins, or in the wrong order.
    """
    if since < SCHEDULE_SINCE:
        raise BadInput(f"--since: {since} is before {SCHEDULE_SINCE}, the first schedule shipped")
    if until < since:
        raise BadInput(f"--until: {until} is before --since {since}")
    law = us_law()
    days = change_days(law, since, until)
    keys = sorted({origin_key(iso3) for iso3 in ORIGINS})
    effects = _effects(law, keys, days)
    edition, known = date.min, dict[object, pl.Series]()
    for n, on in enumerate(days):
        if edition_of(on) != edition:
            edition, known = edition_of(on), {}
            whole, codes = every_line(), np.array(book(on).codes, dtype="U10")
            lines = whole.take(np.searchsorted(whole.codes, codes))
        ruling = tuple(id(one.rule) for one in rulings(law, on, date.max))
        before, columns = len(known), {"line": pl.Series(codes.tolist(), dtype=pl.String)}
        for iso3 in ORIGINS:
            key, second = origin_key(iso3), iso3 in COLUMN_2
            position = (effects[n, keys.index(key)], ruling, second)
            if position not in known:
                rate = _rates(law, lines, key, on, second).round(6).astype(np.float32)
                known[position] = pl.Series(rate, dtype=pl.Float32).fill_nan(None)
            columns[iso3] = known[position]
        yield Sheet(on, pl.DataFrame(columns), len(known) - before)


def _effects(law: Law, keys: list[str], days: list[date]) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return the effects that bear on each (day, origin), by the position of both: what is equal is one number."""
    key = np.tile(np.arange(len(keys)), len(days))
    on = np.repeat(np.array([day.toordinal() for day in days]), len(keys))
    known = np.full(len(on), FOREVER)
    found: list[list[int]] = [[] for _ in key]
    number: dict[object, int] = {}
    for measure in law.measures:
        scope = (measure.group, measure.lists, measure.except_lists, measure.exempts, measure.content)
        allowed = np.array([origin in measure.origins for origin in keys])
        rows, chosen = governing(measure, allowed, keys, key, on, known)
        for n, act in enumerate(measure.acts):
            if act.exempting:
                effect = (scope, measure.claim, measure.claim_times, measure.contested, act.treatment, act.rate_pct)
                one = number.setdefault(effect, len(number))
                for row in rows[chosen == n].tolist():
                    found[row].append(one)
    pairs = zip(*divmod(np.arange(len(key)), len(keys)), found, strict=True)
    return {(int(day), int(origin)): tuple(sorted(effect)) for day, origin, effect in pairs}


def _rates(law: Law, lines: Lines, key: str, on: date, second: bool) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    base = ordinary(on, second=second)
    nobody = np.zeros(len(lines), dtype=bool)
    rows = Rows(
        question=np.arange(len(lines)),
        first=np.arange(len(lines)),
        lines=lines,
        base=base,
        average=nobody,
        preferred=np.full(len(lines), np.nan),
        offered=nobody,
        north=nobody,
        bearing=bearings(law, key, on, date.max),
        ruling=rulings(law, on, date.max),
    )
    return settle_rows(rows, Facts()).total()


def write_panel(folder: Path, since: date, until: date, progress: Callable[[str, float], None]) -> list[date]:
    """Write the panel into ``folder`` and return its days.

    Each file appears whole or not at all, and ``panel.json`` last: without it the panel is not complete.

    Raises:
        BadInput: the folder cannot be written, or the days are wrong.
    """
    days = change_days(us_law(), since, until)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "panel.json").unlink(missing_ok=True)
        for n, sheet in enumerate(sheets(since, until)):
            progress(f"panel {sheet.on}", n / len(days))
            _write(folder / f"on={sheet.on}.parquet", sheet.table)
        about = {
            "days": [str(day) for day in days],
            "since": str(since),
            "until": str(until),
            "origins": list(ORIGINS),
            "unit": "percent of customs value; null where unknown",
            "editions": list(editions()),
        }
        (folder / "panel.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder}: the panel cannot be written ({error.strerror or error})") from None
    return days


def _write(path: Path, table: pl.DataFrame) -> None:
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        table.write_parquet(part, compression="zstd", statistics=False)
        os.replace(part, path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def read_panel(folder: Path, on: date, origin: str) -> pl.DataFrame:
    """Return (line, rate_pct) of ``origin`` (ISO3) on a day, from the last file until that day.

    Raises:
        BadInput: no panel there, or it begins later.
    """
    days = sorted(date.fromisoformat(path.stem.removeprefix("on=")) for path in folder.glob("on=*.parquet"))
    if not days or on < days[0]:
        raise BadInput(f"{folder}: there is no panel of {on} here")
    last = max(day for day in days if day <= on)
    return pl.read_parquet(folder / f"on={last}.parquet", columns=["line", origin]).rename({origin: "rate_pct"})
