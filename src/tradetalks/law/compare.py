"""Our effective rates beside those of someone else, what ours are made of, and how much each convention moves them.

Two counts of the same law differ by conventions: whether an act that reaches back is carried out from the day to
which it reaches, which of two contested readings holds, what becomes of trade of 2024 in lines that have since been
renumbered, which claims of preference are assumed. Ours is computed anew under each of them alone, and under those
that the other is known to follow.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import parse_yaml
from tradetalks.law.facts import content_known, facts_of
from tradetalks.law.flow_rates import evaluations
from tradetalks.law.measure import DATA, Law, override, us_law
from tradetalks.law.rates import effective_rate
from tradetalks.law.schedule import book
from tradetalks.law.scope import Floats, Lines, scope_list
from tradetalks.law.trade import goods_of, origin_of, trade_of, weighted_origins

NEEDED = ("scope", "date", "effective_rate_pct")

#: How a count may differ from ours, by the name used in ``comparisons.yaml``.
CONVENTIONS = {
    "known": "as known on the day: acts that became public later and reach back to it are left out",
    "otherwise": "contested readings taken the other way",
    "gone": "lines of 2024 that the schedule of the day no longer holds count as imports and pay nothing",
    "claims": "claims under USMCA are those of the second half of 2025 throughout",
    "eight": "derivatives of metals included on 18 August 2025 are named by eight digits, count for one metal, and are "
    "half metal where the input-output table has no line",
}
#: The lists of those derivatives; of goods on both, steel is the metal.
INCLUDED = ("steel-content-2025-08", "aluminium-content-2025-08")
#: The share of metal where nothing is known.
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of someone else, percent of imports of 2024 in chapters 1 to 97, and ours."""

    __pydantic_config__: ClassVar = {"use_attribute_docstrings": True}

    scope: str
    """``all``, ``EU`` or a country, as written."""
    on: date
    theirs_pct: float
    ours_pct: float
    """By all the law that is known today."""
    difference: float
    """Ours less theirs, points."""
    conventions: dict[str, float]
    """Ours under each convention alone, percent: known (as known on the day, without acts that reach back to it),
    otherwise (contested readings the other way), gone (lines of 2024 no longer in the schedule pay nothing), claims
    (those under USMCA of late 2025), eight (derivatives of metals by eight digits)."""
    alike: tuple[str, ...]
    """The conventions that they are known to follow there, and rates of single measures that they are known to take."""
    alike_pct: float
    """Ours under all of those together, percent."""
    authorities: dict[str, float]
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
    known = _notes().get((ours.origin, on), {})
    alike, rates = tuple(known.get("alike", ())), dict(known.get("rates", {}))
    points = sorted(((name, points) for name, points, _ in ours.rows if abs(points) >= 0.005), key=lambda one: -one[1])
    return Compared(
        scope=scope,
        on=on,
        theirs_pct=theirs,
        ours_pct=ours.rate_pct,
        difference=ours.rate_pct - theirs,
        conventions={name: average(scope, on, (name,)) for name in CONVENTIONS},
        alike=(*alike, *(f"{name} {rate:g}%" for name, rate in rates.items())),
        alike_pct=average(scope, on, alike, rates),
        authorities=dict(points),
        why=known.get("why", ""),
        source=", ".join(row[name] for name in ("source", "vintage") if row.get(name)),
    )


def average(
    scope: str, on: date, conventions: tuple[str, ...] = (), rates: Mapping[str, float] = MappingProxyType({})
) -> float:
    """Return duty over imports of chapters 1 to 97 on a day in percent, under some of the :data:`CONVENTIONS`.

    ``rates`` are other rates for named measures, percent.
    """
    law = override(us_law(), rates)
    if "otherwise" in conventions:
        law = replace(law, measures=tuple(one for one in law.measures if not one.contested))
    public = on if "known" in conventions else date.max
    held = set(book(on).codes) if "gone" in conventions else None
    duty = imports = 0.0
    for key in weighted_origins() if scope.casefold() == "all" else (origin_of(scope),):
        trade = trade_of(key)
        if "claims" in conventions:
            trade = replace(trade, usmca=trade.usmca_late)
        if "eight" in conventions:
            trade = replace(trade, lines=_by_eight(law, trade.lines))
        value = trade.imports * goods_of(trade)
        imports += float(value.sum())
        if held is not None:
            value = value * np.array([line in held for line in trade.lines.codes.tolist()])
        duty += sum(float(share * case.total() @ value) for share, case in evaluations(law, key, trade, on, public))
    return round(duty / imports, 6)


def _by_eight(law: Law, lines: Lines) -> Lines:
    """Return the lines, of which a list in :data:`INCLUDED` covers all that share eight digits with one on it."""
    named = {name: {code[:8] for code in scope_list(name)} for name in INCLUDED}
    eight = [code[:8] for code in lines.codes.tolist()]
    covered = [np.array([code in named[name] for code in eight], dtype=float) for name in INCLUDED]
    covered[1] *= 1.0 - covered[0]
    told = Lines(lines.codes)
    for measure in law.measures:
        if measure.content and measure.lists[0] in INCLUDED:
            at = INCLUDED.index(measure.lists[0])
            told.remember((measure.lists, measure.except_lists), _given(covered[at]))
            unknown = (covered[at] > 0) & ~content_known(lines)
            share = np.where(unknown, HALF, facts_of(lines, usmca=False)[measure.content])
            told.remember(f"content of {measure.content}", _given(share))
    return told


def _given(values: Floats) -> Callable[[Lines], Floats]:
    return lambda _: values


@cache
def _notes() -> dict[tuple[str, date], dict[str, Any]]:
    rows = parse_yaml((DATA / "comparisons.yaml").read_text(encoding="utf-8"), "law/data/comparisons.yaml")
    return {(row["scope"], row["date"]): row for row in rows}


def signed(points: float) -> str:
    """Return a difference to the hundredth of a point, without the sign of a zero."""
    return f"{points:+.2f}" if abs(points) >= 0.005 else "0.00"


def page(rows: list[Compared]) -> str:
    """Return the comparison as a page of Markdown."""
    table = [
        f"| {row.scope} | {row.on} | {row.theirs_pct:.2f} | {row.ours_pct:.2f} | {signed(row.difference)} | "
        f"{', '.join(row.alike) or 'ours'} | {row.alike_pct:.2f} | {signed(row.alike_pct - row.theirs_pct)} |"
        for row in rows
    ]
    effects = [
        f"| {row.scope} | {row.on} | "
        + " | ".join(signed(row.conventions[name] - row.ours_pct) for name in CONVENTIONS)
        + " |"
        for row in rows
    ]
    parts = [
        f"| {row.scope} | {row.on} | "
        + ", ".join(f"{name} {points:.2f}" for name, points in row.authorities.items())
        + " |"
        for row in rows
    ]
    words = [f"- **{row.scope}, {row.on}** ({signed(row.difference)}). {row.why}" for row in rows if row.why]
    sources = sorted({row.source for row in rows if row.source})
    worst, odd = (
        max(rows, key=lambda row: abs(row.difference)),
        max(rows, key=lambda row: abs(row.alike_pct - row.theirs_pct)),
    )
    return "\n".join(
        [
            "# Effective rates: ours beside others'",
            "",
            "Made by `tradetalks law compare FILE -o FILE.md`; do not edit. US duty over imports of chapters 1 to 97,",
            "weights of 2024, in percent.",
            f"Theirs: {'; '.join(sources) or 'the file compared'}.",
            "",
            f"{sum(abs(row.difference) <= 0.2 for row in rows)} of {len(rows)} figures are within 0.2 points; the "
            f"largest difference is {signed(worst.difference)} ({worst.scope}, {worst.on}). Counted by their "
            f"conventions {sum(abs(row.alike_pct - row.theirs_pct) <= 0.2 for row in rows)} are, and the largest is "
            f"{signed(odd.alike_pct - odd.theirs_pct)} ({odd.scope}, {odd.on}).",
            "",
            "| scope | date | theirs | ours | difference | their conventions | ours by these | difference |",
            "|---|---|---|---|---|---|---|---|",
            *table,
            "",
            "*Ours* is by all the law known today. The conventions:",
            "",
            *(f"- *{name}*: {words_}." for name, words_ in CONVENTIONS.items()),
            "",
            "## What each convention is worth",
            "",
            "Points that it alone adds to ours.",
            "",
            f"| scope | date | {' | '.join(CONVENTIONS)} |",
            "|---|---|" + "---|" * len(CONVENTIONS),
            *effects,
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
