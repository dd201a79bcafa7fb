"""The chart of the average rate through time, its events named."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradetalks.ground.errors import BadInput

if TYPE_CHECKING:
    from tradetalks.law.path import Path as RatePath

#: Events that move the average by less (points) are drawn but not named.
NAMED = 0.3
_KINDS = (".svg", ".png", ".html")


def draw(path: RatePath, file: Path) -> None:
    """Draw the path into ``file``; the ending chooses SVG, PNG or HTML.

    Raises:
        BadInput: another ending, or the file cannot be written.
    """
    import altair as alt

    if file.suffix.lower() not in _KINDS:
        raise BadInput(f"--chart: {file.name} ends in none of {', '.join(_KINDS)}")
    steps = [{"on": str(step.on), "rate": step.rate_pct} for step in path.steps]
    steps.append({"on": str(path.until), "rate": path.steps[-1].rate_pct})
    x = alt.X("on:T", title=None, scale=alt.Scale(domain=_span(path.since, path.until)))
    y = alt.Y("rate:Q", title="duty over imports of 2024, percent", scale=alt.Scale(zero=True))
    line = alt.Chart(alt.InlineData(values=steps)).mark_line(interpolate="step-after", strokeWidth=2).encode(x=x, y=y)
    named = _named(path)
    marks = alt.Chart(alt.InlineData(values=named))
    points = marks.mark_point(filled=True, size=30).encode(x=x, y="rate:Q")
    numbers = marks.mark_text(dy=-10, dx=7, fontSize=10, fontWeight="bold").encode(x=x, y="rate:Q", text="number:N")
    key = marks.mark_text(align="left", fontSize=11).encode(
        x=alt.value(0), y=alt.Y("number:O", axis=None), text="label:N"
    )
    title = alt.TitleParams(
        "Effective US tariff, all origins"
        if path.origin == "all"
        else f"Effective US tariff on goods of {path.origin}",
        subtitle="import-weighted, 2024 weights; the law as data, sources in tradetalks law list",
        anchor="start",
    )
    left = (line + points + numbers).properties(width=640, height=420, title=title)
    chart: Any = (left | key.properties(width=330, height=420)).configure_view(stroke=None)
    try:
        chart.save(str(file))
    except OSError as error:
        raise BadInput(f"--chart: {file} cannot be written ({error.strerror or error})") from None


def _span(since: date, until: date) -> list[str]:
    return [since.isoformat(), until.isoformat()]


def _named(path: RatePath) -> list[dict[str, object]]:
    """Return the steps that move the average enough, numbered, with what moved it."""
    found: list[dict[str, object]] = []
    for before, step in pairwise(path.steps):
        if step.events and abs(step.rate_pct - before.rate_pct) >= NAMED:
            number = len(found) + 1
            names = ", ".join(dict.fromkeys(event.authority for event in step.events[:3]))
            label = f"{number}  {step.on:%Y-%m-%d}  {names}  ({before.rate_pct:.1f} to {step.rate_pct:.1f})"
            found.append({"on": str(step.on), "rate": step.rate_pct, "number": number, "label": label})
    return found
