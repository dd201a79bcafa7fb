"""The chart of the average rate through time, its events named."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradetalks.ground.errors import BadInput

if TYPE_CHECKING:
    from tradetalks.law.path import Path as RatePath
    from tradetalks.law.path import Step

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
    # A number goes to the left of its point where another comes within days.
    sides = [
        marks.transform_filter(f"datum.left == {str(left).lower()}")
        .mark_text(dy=-8, dx=-9 if left else 9, fontSize=10, fontWeight="bold")
        .encode(x=x, y="rate:Q", text="number:N")
        for left in (True, False)
    ]
    key = marks.mark_text(align="left", fontSize=11).encode(
        x=alt.value(0), y=alt.Y("number:O", axis=None), text="label:N"
    )
    title = alt.TitleParams(
        f"Effective US tariff on goods of {_land(path.origin)}", subtitle=_about(path), anchor="start"
    )
    layers = [line, *_verified(path, x), points, *sides]
    left = alt.layer(*layers).properties(width=640, height=420, title=title)
    chart: Any = (left | key.properties(width=430, height=420)).configure_view(stroke=None)
    try:
        chart.save(str(file))
    except OSError as error:
        raise BadInput(f"--chart: {file} cannot be written ({error.strerror or error})") from None


def _span(since: date, until: date) -> list[str]:
    return [since.isoformat(), until.isoformat()]


def _land(origin: str) -> str:
    from tradetalks.ground.countries import COUNTRIES

    return {"all": "all origins", "EU": "the European Union"}.get(origin) or COUNTRIES[origin].name


def _about(path: RatePath) -> str:
    from tradetalks.law.editions import schedule_through
    from tradetalks.law.measure import MEASURES_THROUGH

    weights = "" if path.weights == "own" else " of a proxy, the EU or the world"
    return (
        f"duty over imports, weights of 2024{weights}; schedule known through {schedule_through()}, measures verified "
        f"through {MEASURES_THROUGH}"
    )


def _verified(path: RatePath, x: Any) -> list[Any]:
    """Return a line at the last day until which measures are verified, if the chart goes beyond."""
    import altair as alt

    from tradetalks.law.measure import MEASURES_THROUGH

    if path.until <= MEASURES_THROUGH:
        return []
    end = alt.Chart(alt.InlineData(values=[{"on": str(MEASURES_THROUGH), "label": "verified to here"}]))
    rule = end.mark_rule(strokeDash=[4, 4], color="gray").encode(x=x)
    words = end.mark_text(align="right", dx=-4, color="gray", fontSize=10)
    return [rule, words.encode(x=x, y=alt.value(8), text="label:N")]


def _named(path: RatePath) -> list[dict[str, object]]:
    """Return the steps that move the average enough, numbered, with what moved it."""
    moved = [
        (step, f"{step.on:%Y-%m-%d}  {names}  ({before.rate_pct:.1f} to {step.rate_pct:.1f})")
        for before, step in pairwise(path.steps)
        if abs(step.rate_pct - before.rate_pct) >= NAMED and (names := _names(path, step))
    ]
    found: list[dict[str, object]] = []
    for n, (step, text) in enumerate(moved):
        crowded = n + 1 < len(moved) and (moved[n + 1][0].on - step.on).days < 9
        found.append(
            {
                "on": str(step.on),
                "rate": step.rate_pct,
                "number": n + 1,
                "label": f"{n + 1}  {text}",
                "left": crowded,
            }
        )
    return found


def _names(path: RatePath, step: Step) -> str:
    """Return what changed, in a line: of one origin with its rates, of several with the authorities alone."""
    from tradetalks.law.flow_rates import CLAIMS_ROSE

    if not step.events:
        return "more claims under USMCA" if step.on == CLAIMS_ROSE else ""
    if path.origin != "all" and len(step.events) == 1:
        text = f"{step.events[0].authority}: {step.events[0].what}".replace(" added", "")
    else:
        names = list(dict.fromkeys(event.authority for event in step.events))
        text = ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")
    return text if len(text) < 62 else text[:60].rstrip(" ,") + " ..."
