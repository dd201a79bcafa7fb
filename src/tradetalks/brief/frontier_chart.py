"""The frontier as a chart: what each efficient package is worth to both sides, the fair ones named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt

from tradetalks.brief.charts import INK, MUTED, RULE, WIDTH
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

#: The kinds of packages, with their shape, fill and outline. No colour of a party: a package is of both.
FRONT, FAIR, OWN = "beaten by no other package", "the same, and picked by an idea of fairness", "package of the case"
SHAPES, FILLS, OUTLINES = ["circle", "diamond", "square"], ["#8b949e", "white", INK], ["#8b949e", INK, INK]


def frontier_chart(answer: DealsAnswer, letters: Sequence[str], width: int = WIDTH) -> alt.LayerChart:
    """Return the efficient packages and the case's own, payoffs above no deal on both axes, billion dollars a year.

    The larger a mark of the frontier, the likelier that both accept. Packages of the case that lie far from the
    frontier are left out.

    Args:
        answer: of ``tradetalks deals``.
        letters: what the packages of the case are called, in their order.
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
    own = [
        _row(one.deal, seat, other, letter) | {"kind": OWN}
        for letter, one in zip(letters, answer.case_packages, strict=False)
    ]
    own = [row for row in own if all(low <= row[axis] <= high for axis, (low, high) in reach.items())]
    x = alt.X("x:Q", axis=_axis(f"{name(seat)}: USD bn a year above no deal"), scale=_scale(reach["x"]))
    y = alt.Y("y:Q", axis=_axis(f"{name(other)}: USD bn a year above no deal"), scale=_scale(reach["y"]))
    line = alt.Chart(_values(front)).mark_line(color=RULE, strokeWidth=1.5).encode(x=x, y=y, order="x:Q")
    zero = [
        alt.Chart(_values([{"zero": 0}]))
        .mark_rule(color=MUTED, strokeWidth=0.8)
        .encode(x=alt.X("zero:Q", scale=_scale(reach["x"]))),
        alt.Chart(_values([{"zero": 0}]))
        .mark_rule(color=MUTED, strokeWidth=0.8)
        .encode(y=alt.Y("zero:Q", scale=_scale(reach["y"]))),
    ]
    fair = [row for row in front if row["name"]]
    marks = alt.Chart(_values([*(row for row in front if not row["name"]), *fair])).mark_point(
        opacity=1, strokeWidth=1.6
    )
    marks = marks.encode(x=x, y=y, size=_size(), **_kinds())
    squares = alt.Chart(_values(own)).mark_point(opacity=1, size=230).encode(x=x, y=y, **_kinds())
    inside = alt.Chart(_values(own)).mark_text(color="white", fontWeight="bold", fontSize=11)
    # Fair packages lie near each other: their names stand on the two sides in turn.
    words = [*_labels(fair[::2], x, y, "left"), *_labels(fair[1::2], x, y, "right")]
    layers = [*zero, line, marks, *words, squares, inside.encode(x=x, y=y, text="name:N")]
    return alt.LayerChart(layer=layers).properties(width=width, height=3 * width // 4)


def _row(deal: Deal, seat: str, other: str, label: str) -> dict[str, Any]:
    return {
        "x": deal.sides[seat].payoff_usd_bn.value,
        "y": deal.sides[other].payoff_usd_bn.value,
        "accept": deal.both_accept.value,
        "name": label,
        "kind": FAIR if label else FRONT,
    }


def _kinds() -> dict[str, Any]:
    """Return shape, fill and outline by kind, with one legend of all three."""
    legend = alt.Legend(
        title=None, orient="top", columns=1, labelFontSize=11.5, labelColor=INK, symbolSize=90, labelLimit=WIDTH,
    )  # fmt: skip

    def scale(values: list[str]) -> alt.Scale:
        return alt.Scale(domain=[FRONT, FAIR, OWN], range=values)

    return {
        "shape": alt.Shape("kind:N", scale=scale(SHAPES), legend=legend),
        "fill": alt.Fill("kind:N", scale=scale(FILLS), legend=legend),
        "stroke": alt.Stroke("kind:N", scale=scale(OUTLINES), legend=legend),
    }


def _size() -> alt.Size:
    return alt.Size("accept:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[15, 90]))


def _reach(values: list[float]) -> tuple[float, float]:
    """Return the ends of an axis: the frontier and no deal, with room for names; far packages are not drawn."""
    low, high = min([0.0, *values]), max([0.0, *values])
    room = 0.2 * (high - low) or 1.0
    return low - room, high + room


def _scale(reach: tuple[float, float]) -> alt.Scale:
    return alt.Scale(domain=list(reach), nice=False, zero=False)


def _labels(rows: list[dict[str, Any]], x: alt.X, y: alt.Y, align: Align) -> list[alt.Chart]:
    """Return the names of points, white beneath so that a line does not cross them out."""
    aside = {"dx": 9, "dy": -6} if align == "left" else {"dx": -9, "dy": 6}
    letters: dict[str, Any] = {"align": align, **aside, "baseline": "middle", "fontSize": 11}
    base = alt.Chart(_values(rows)).encode(x=x, y=y, text="name:N")
    under = base.mark_text(**letters, stroke="white", strokeWidth=4, strokeJoin="round")
    return [under, base.mark_text(**letters, color=INK)]


def _axis(title: str) -> alt.Axis:
    return alt.Axis(title=title, grid=False, domain=False, tickColor=RULE, labelColor=MUTED, titleColor=INK)


def _values(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)
