"""Charts of the law: a rate through time, drawn on the server."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import vl_convert

from tradetalks.app.numbers import rate
from tradetalks.app.pages.history import Step
from tradetalks.brief.charts import FONT, INK, MUTED, RULE, SEAT
from tradetalks.brief.document import Picture
from tradetalks.brief.words import long_date, nation
from tradetalks.law.path import Path

#: Width and height of the drawing, and ticks of the days: for a desk, and for a telephone.
WIDE, NARROW = (860, 250, 6), (270, 200, 3)

#: Pixels of a letter of a day's name, generously, and from a row of names to the next.
LETTER, ROW = 6.4, 15

Pictures = tuple[Picture, Picture]
"""The same chart, wide and narrow."""


def rates(path: Path, as_of: date, deadline: date) -> Pictures:
    """Return the average US duty on an origin through time, with the as-of day and the deadline."""
    steps = [(step.on, step.rate_pct) for step in path.steps]
    said = [f"{long_date(on)} {rate(value, 1)}" for on, value in steps]
    title = f"Average US duty on {nation(path.origin)}’s goods"
    return _steps(steps, path.until, {"today": as_of, "deadline": deadline}, title, said)


def line_history(steps: Sequence[Step], on: date, line: str) -> Pictures:
    """Return the whole duty on a line through time."""
    known = [(step.since, step.rate_pct) for step in steps if step.rate_pct is not None]
    said = [f"from {long_date(day)} {rate(value)}" for day, value in known]
    last = max([on, *(day for day, _ in known)]) + timedelta(days=30)
    return _steps(known, last, {"day asked for": on}, f"Duty on {line} through time", said)


def _steps(
    steps: Sequence[tuple[date, float]], until: date, marks: dict[str, date], title: str, said: Sequence[str]
) -> Pictures:
    words = "; ".join(said) + "." if said else "No rate is known."
    wide, narrow = (Picture(_drawn(steps, until, marks, *size), title, words) for size in (WIDE, NARROW))
    return wide, narrow


def _drawn(
    steps: Sequence[tuple[date, float]], until: date, marks: dict[str, date], width: int, height: int, ticks: int
) -> str:
    rows = [{"on": on.isoformat(), "rate": value} for on, value in steps]
    if rows:
        rows.append({"on": until.isoformat(), "rate": rows[-1]["rate"]})
    x = alt.X("on:T", axis=alt.Axis(title=None, format="%b %Y", tickCount=ticks, labelFlush=True))
    y = alt.Y("rate:Q", axis=alt.Axis(title="percent of customs value", tickCount=5), scale=alt.Scale(zero=True))
    line = alt.Chart(_values(rows)).mark_line(interpolate="step-after", color=SEAT, strokeWidth=2.4).encode(x=x, y=y)
    said = {f"{words}, {day.day} {day:%b}": day for words, day in marks.items()}
    first = min([*(day for day, _ in steps), *said.values()])
    pixels = width / max((max(until, *said.values()) - first).days, 1)
    at = alt.X("on:T")
    days = _values([{"on": day.isoformat()} for day in said.values()])
    rule = alt.Chart(days).mark_rule(color=MUTED, strokeDash=[3, 3]).encode(x=at)
    rows_of = _rows({words: (pixels * (day - first).days, LETTER * len(words)) for words, day in said.items()})
    named = [
        alt.Chart(_values([{"on": day.isoformat(), "says": words}]))
        .mark_text(dy=-5 - ROW * rows_of[words], baseline="bottom", fontSize=11.5, color=INK)
        .encode(x=at, y=alt.value(0), text="says:N")
        for words, day in said.items()
    ]
    chart = (
        alt.layer(rule, line, *named)
        .properties(width=width, height=height)
        .configure(font=FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(grid=True, gridColor="#eceff2", domain=False, tickColor=RULE, labelColor=MUTED,
                        titleColor=MUTED, labelFontSize=11.5, titleFontSize=11.5, titleFontWeight="normal")
    )  # fmt: skip
    return str(vl_convert.vegalite_to_svg(json.dumps(chart.to_dict())))


def _rows(labels: Mapping[str, tuple[float, float]]) -> dict[str, int]:
    """Return the row, from below, in which each label stands, none over another; ``labels``: middle and width."""
    ends: list[float] = []
    rows = {}
    for words, (middle, wide) in sorted(labels.items(), key=lambda one: one[1]):
        row = next((row for row, end in enumerate(ends) if end <= middle - wide / 2), len(ends))
        ends[row : row + 1] = [middle + wide / 2]
        rows[words] = row
    return rows


def _values(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)
