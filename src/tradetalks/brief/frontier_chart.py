"""The frontier as a chart: what each efficient package is worth to both sides, the fair ones named."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt

from tradetalks.brief.charts import INK, MUTED, OTHER, RULE, SEAT, WIDTH
from tradetalks.brief.words import name
from tradetalks.talks.deals.shapes import Deal, DealsAnswer

Align = Literal["left", "right"]

#: What stands beside the package that an idea of fairness picks.
NAMES = {
    "nash": "Nash",
    "kalai-smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}


def frontier_chart(answer: DealsAnswer, width: int = WIDTH) -> alt.LayerChart:
    """Return the efficient packages and the case's own, payoffs above no deal on both axes, billion dollars a year.

    The larger a dot, the likelier that both accept; the fair packages are ringed. Packages of the case that lie far
    from the frontier are left out.

    Args:
        answer: of ``tradetalks deals``.
        width: pixels; the chart is three quarters as high.
    """
    seat = answer.seat
    other = answer.parties[1] if answer.parties[0] == seat else answer.parties[0]
    named: dict[str, list[str]] = {}
    for point in answer.fair:
        if point.deal is not None:
            named.setdefault(point.deal, []).append(NAMES[point.concept])
    front = [_row(deal, seat, other, ", ".join(named.get(deal.label, ()))) for deal in answer.frontier]
    reach = {axis: _reach([row[axis] for row in front]) for axis in "xy"}
    own = [_row(one.deal, seat, other, one.id) for one in answer.case_packages]
    own = [row for row in own if all(low <= row[axis] <= high for axis, (low, high) in reach.items())]
    x = alt.X("x:Q", axis=_axis(f"{name(seat)}: USD bn a year above no deal"), scale=_scale(reach["x"]))
    y = alt.Y("y:Q", axis=_axis(f"{name(other)}: USD bn a year above no deal"), scale=_scale(reach["y"]))
    tips = [
        alt.Tooltip("label:N", title="Package"),
        alt.Tooltip("terms:N", title="Terms"),
        alt.Tooltip("x:Q", title=seat, format="+.2f"),
        alt.Tooltip("y:Q", title=other, format="+.2f"),
        alt.Tooltip("accept:Q", title="Both accept", format=".0%"),
    ]
    line = alt.Chart(_values(front)).mark_line(color=RULE, strokeWidth=1.5).encode(x=x, y=y, order="x:Q")
    dots = alt.Chart(_values(front)).mark_point(filled=True, color=SEAT, opacity=1)
    dots = dots.encode(x=x, y=y, size=alt.Size("accept:Q", legend=None, scale=alt.Scale(range=[15, 70])), tooltip=tips)
    ours = alt.Chart(_values(own)).mark_point(shape="diamond", filled=True, color=OTHER, size=70, opacity=1)
    ours = ours.encode(x=x, y=y, tooltip=tips)
    zero = [
        alt.Chart(_values([{"zero": 0}]))
        .mark_rule(color=MUTED, strokeWidth=0.8)
        .encode(x=alt.X("zero:Q", scale=_scale(reach["x"]))),
        alt.Chart(_values([{"zero": 0}]))
        .mark_rule(color=MUTED, strokeWidth=0.8)
        .encode(y=alt.Y("zero:Q", scale=_scale(reach["y"]))),
    ]
    fair = [row for row in front if row["name"]]
    rings = alt.Chart(_values(fair)).mark_point(color=SEAT, size=150, strokeWidth=1.5, opacity=1).encode(x=x, y=y)
    # Fair packages lie near each other: their names stand on the two sides in turn.
    words = [
        *_labels(fair[::2], x, y, INK, "left"),
        *_labels(fair[1::2], x, y, INK, "right"),
        *_labels(own, x, y, OTHER, "right"),
    ]
    return alt.LayerChart(layer=[*zero, line, dots, rings, ours, *words]).properties(width=width, height=3 * width // 4)


def _row(deal: Deal, seat: str, other: str, label: str) -> dict[str, Any]:
    return {
        "label": deal.label,
        "terms": ", ".join(deal.terms) or "nothing",
        "x": deal.sides[seat].payoff_usd_bn.value,
        "y": deal.sides[other].payoff_usd_bn.value,
        "accept": deal.both_accept.value,
        "name": label,
    }


def _reach(values: list[float]) -> tuple[float, float]:
    """Return the ends of an axis: the frontier and no deal, with room for names; far packages are not drawn."""
    low, high = min([0.0, *values]), max([0.0, *values])
    room = 0.2 * (high - low) or 1.0
    return low - room, high + room


def _scale(reach: tuple[float, float]) -> alt.Scale:
    return alt.Scale(domain=list(reach), nice=False, zero=False)


def _labels(rows: list[dict[str, Any]], x: alt.X, y: alt.Y, color: str, align: Align) -> list[alt.Chart]:
    """Return the names of points, white beneath so that a line does not cross them out."""
    aside = {"dx": 9, "dy": -6} if align == "left" else {"dx": -9, "dy": 6}
    letters: dict[str, Any] = {"align": align, **aside, "baseline": "middle", "fontSize": 11}
    base = alt.Chart(_values(rows)).encode(x=x, y=y, text="name:N")
    under = base.mark_text(**letters, stroke="white", strokeWidth=4, strokeJoin="round")
    return [under, base.mark_text(**letters, color=color)]


def _axis(title: str) -> alt.Axis:
    return alt.Axis(title=title, grid=False, domain=False, tickColor=RULE, labelColor=MUTED, titleColor=INK)


def _values(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)
