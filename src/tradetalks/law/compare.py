"""Our effective rates beside those of someone else, and what ours are made of.

Two more figures say what a difference may be: ours as known on the day, since trackers differ in whether they
carry an act out when it was published or from the day to which it reaches back, and ours with contested readings
taken the other way.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import parse_yaml
from tradetalks.law.measure import DATA, Law, us_law
from tradetalks.law.rates import effective_rate, evaluations, goods_of, origin_of, trade_of, weighted_origins

NEEDED = ("scope", "date", "effective_rate_pct")


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of someone else, percent, and ours."""

    scope: str
    """``all``, ``EU`` or a country, as written."""
    on: date
    theirs_pct: float
    ours_pct: float
    """By all the law that is known today."""
    difference: float
    """Ours less theirs, points."""
    known_pct: float
    """Ours as known on the day: without acts that reach back to it."""
    otherwise_pct: float
    """Ours with contested readings taken the other way."""
    authorities: tuple[tuple[str, float], ...]
    """Points of each authority in ours, largest first."""
    why: str
    """What is known of the difference."""
    source: str


def compare(path: Path) -> list[Compared]:
    """Return the figures in a CSV file beside ours, in its order.

    Columns: ``scope``, ``date``, ``effective_rate_pct`` (percent), and if you like ``source`` and ``vintage``.

    Raises:
        BadInput: no such file, a column is missing, or a row cannot be read.
    """
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: this file cannot be read ({error})") from None
    if not rows:
        raise BadInput(f"{path}: no rows; the columns are {', '.join(NEEDED)}")
    if missing := [name for name in NEEDED if name not in rows[0]]:
        raise BadInput(f"{path}: there is no column {' nor '.join(missing)}; needed are {', '.join(NEEDED)}")
    found = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(_compared(row))
        except BadInput as error:
            raise BadInput(f"{path}: row {number}: {error}") from None
    return found


def _compared(row: dict[str, str]) -> Compared:
    scope, on = row["scope"].strip(), day(row["date"], "date")
    try:
        theirs = float(row["effective_rate_pct"])
    except (TypeError, ValueError):
        raise BadInput(f"effective_rate_pct: {row['effective_rate_pct']!r} is not a number") from None
    ours = effective_rate("USA", scope, on, by="authority")
    law = us_law()
    other = replace(law, measures=tuple(one for one in law.measures if not one.contested))
    source = ", ".join(row[name] for name in ("source", "vintage") if row.get(name))
    return Compared(
        scope=scope,
        on=on,
        theirs_pct=theirs,
        ours_pct=ours.rate_pct,
        difference=ours.rate_pct - theirs,
        known_pct=effective_rate("USA", scope, on, on).rate_pct,
        otherwise_pct=_average(other, scope, on),
        authorities=tuple(
            sorted(((name, points) for name, points, _ in ours.rows if abs(points) >= 0.005), key=lambda one: -one[1])
        ),
        why=_reasons().get((ours.origin, on), ""),
        source=source,
    )


def _average(law: Law, scope: str, on: date) -> float:
    """Return duty over imports of chapters 1 to 97 in percent."""
    duty = imports = 0.0
    for key in weighted_origins() if scope.casefold() == "all" else (origin_of(scope),):
        trade = trade_of(key)
        value = trade.imports * goods_of(trade)
        imports += float(value.sum())
        duty += sum(float(share * case.total() @ value) for share, case in evaluations(law, key, trade, on, date.max))
    return duty / imports


@cache
def _reasons() -> dict[tuple[str, date], str]:
    rows = parse_yaml((DATA / "comparisons.yaml").read_text(encoding="utf-8"), "law/data/comparisons.yaml")
    return {(row["scope"], row["date"]): row["why"] for row in rows}


def page(rows: list[Compared]) -> str:
    """Return the comparison as a page of Markdown."""
    table = [
        f"| {row.scope} | {row.on} | {row.theirs_pct:.2f} | {row.ours_pct:.2f} | {row.difference:+.2f} | "
        f"{row.known_pct:.2f} | {row.known_pct - row.theirs_pct:+.2f} | {row.otherwise_pct:.2f} |"
        for row in rows
    ]
    parts = [
        f"| {row.scope} | {row.on} | " + ", ".join(f"{name} {points:.2f}" for name, points in row.authorities) + " |"
        for row in rows
    ]
    words = [f"- **{row.scope}, {row.on}** ({row.difference:+.2f}). {row.why}" for row in rows if row.why]
    sources = sorted({row.source for row in rows if row.source})
    worst = max(rows, key=lambda row: abs(row.difference))
    return "\n".join(
        [
            "# Effective rates: ours beside others'",
            "",
            "Made by `tradetalks law compare FILE -o FILE.md`; do not edit. US duty over imports of chapters 1 to 97,",
            "weights of 2024, in percent.",
            f"Theirs: {'; '.join(sources) or 'the file compared'}.",
            "",
            f"{sum(abs(row.difference) <= 0.2 for row in rows)} of {len(rows)} figures are within 0.2 points; the "
            f"largest difference is {worst.difference:+.2f} ({worst.scope}, {worst.on}).",
            "",
            "| scope | date | theirs | ours | difference | as known on the day | difference | contested otherwise |",
            "|---|---|---|---|---|---|---|---|",
            *table,
            "",
            "*Ours* is by all the law known today. *As known on the day* leaves out acts that became public later and",
            "reach back to it. *Contested otherwise* takes the measures that sources read differently the other way.",
            "",
            "## Why they differ",
            "",
            *(words or ["Nothing is known of these differences."]),
            "",
            "## What ours are made of",
            "",
            "Points of each authority.",
            "",
            "| scope | date | points |",
            "|---|---|---|",
            *parts,
            "",
        ]
    )
