"""The charts, drawn with Altair and rendered to SVG here, so that the page needs no script.

Each panel is as wide as a telephone and keeps its labels above the marks, on bands of their own; two stand side by
side on a desk. The seat is dark with discs and solid lines, the counterpart light with diamonds and dashed lines: the
difference survives grey print and colour blindness. A party's colour is for that party alone: what belongs to both is
dark grey.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from textwrap import wrap
from typing import Any, Literal

import altair as alt
import vl_convert

from tradetalks.brief.document import Picture
from tradetalks.brief.figures import Effect, dollars, signed
from tradetalks.brief.sentences import gain
from tradetalks.brief.words import long_date, name, nation, spelled
from tradetalks.law.path import Path as RatePath
from tradetalks.law.path import Step
from tradetalks.talks.deals.shapes import DealsAnswer
from tradetalks.talks.wants.answer import WantsAnswer
from tradetalks.value.answer import Driver, Interval, PartyValue, SectorChange, TermValue, ValueAnswer

SEAT, OTHER = "#14365d", "#c8681e"
INK, MUTED, RULE = "#1c2126", "#59636e", "#d8dde2"
FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"
WIDTH = 440

#: Of the labels of rows, pixels: space above, height of a line; letters that fit a line in the widest of the fonts.
LEAD, LINE, LETTERS = 6, 15, 62


def terms(worth: Sequence[TermValue], baseline: str, sides: tuple[str, str], reach: tuple[float, float]) -> Picture:
    """Return what each term is worth to each side, in the order given.

    Args:
        worth: the terms.
        baseline: ``against_no_deal`` or ``against_status_quo``.
        sides: seat and counterpart, ISO3.
        reach: lowest and highest dollar figure of the axis, the same for panels that are compared.
    """
    rows = [(term.title, [gain(getattr(term, baseline), side) for side in sides]) for term in worth]
    against = "no deal" if baseline == "against_no_deal" else "today"
    return ranges(rows, sides, f"Worth of each term against {against}", reach)


def ranges(
    rows: Sequence[tuple[str, Sequence[Interval]]],
    sides: tuple[str, str],
    title: str,
    extent: tuple[float, float] | None = None,
    unit: str = "USD bn a year, net of borrowing",
    width: int = WIDTH,
) -> Picture:
    """Return a mark and a line for each side under each row's label.

    Args:
        rows: label, and an interval for each side.
        sides: seat and counterpart, ISO3.
        title: of the chart.
        extent: lowest and highest figure of the axis; what holds everything if None.
        unit: of the axis.
        width: pixels.
    """
    marks, said = [], []
    ends: list[float] = []
    known = [any(number.value is not None for number in numbers) for _, numbers in rows]
    named = stacked(
        [label if some else f"{label} (no price)" for (label, _), some in zip(rows, known, strict=True)], 29
    )
    for top, (label, numbers) in zip(named.tops, rows, strict=True):
        for row, (side, number) in enumerate(zip(sides, numbers, strict=True)):
            if number.value is not None:
                low, value, high = _ends(number.value, number)
                ends += low, value, high
                marks.append({"y": top + 8 + 11 * row, "side": side, "x": value, "x1": low, "x2": high})
            said.append(f"{label}, {name(side)}: {_said(dollars(number))}")
    y = _down(named.height)
    x_scale = alt.Scale(domain=list(extent or reach(ends)), nice=False, zero=False)
    x = alt.X("x:Q", scale=x_scale, axis=_axis(unit, orient="top"))
    base = alt.Chart(_values(marks)).encode(y=y, color=_color(sides))
    layers = [
        _zero("x"),
        *_labelled(named, y, width),
        base.mark_rule(strokeWidth=2.2, strokeCap="butt").encode(
            x=alt.X("x1:Q", scale=x_scale), x2="x2:Q", strokeDash=_dash(sides)
        ),
        base.mark_point(filled=True, size=75, opacity=1).encode(x=x, shape=_shape(sides)),
    ]
    return _picture(alt.layer(*layers).properties(width=width, height=named.height), title, said)


@dataclass(frozen=True, slots=True)
class Stacked:
    """Rows of a chart, each a label of as many lines as it needs and its marks below; pixels from the top."""

    bands: list[dict[str, Any]]
    """``y`` and ``y2`` of each row's label."""
    lines: list[dict[str, Any]]
    """``y`` and ``text`` of each line of a label."""
    tops: list[int]
    """Where each row's marks begin."""
    height: int


def stacked(labels: Sequence[str], marks: int, most: int = LETTERS) -> Stacked:
    """Return where the rows of a chart stand.

    Args:
        labels: of the rows; broken at words into lines that fit, and never cut.
        marks: pixels for the marks of a row.
        most: letters that fit a line.
    """
    found = Stacked([], [], [], max(1, sum(LEAD + LINE * len(wrap(label, most)) + marks for label in labels)))
    top = 0
    for label in labels:
        lines = wrap(label, most)
        found.lines.extend({"y": top + LEAD + LINE * (at + 0.5), "text": line} for at, line in enumerate(lines))
        found.bands.append({"y": top, "y2": top + LEAD + LINE * len(lines)})
        found.tops.append(top + LEAD + LINE * len(lines))
        top = found.tops[-1] + marks
    return found


def _labelled(named: Stacked, y: alt.Y, width: int = WIDTH) -> list[alt.Chart]:
    """Return the labels of rows on bands of their own, free of grid and zero line, a rule above all but the first."""
    letters: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 12.5, "color": INK}
    free = alt.Chart(_values(named.bands)).mark_rect(color="white", opacity=1)
    rule = alt.Chart(_values(named.bands[1:])).mark_rule(color=RULE, strokeWidth=0.7)
    text = alt.Chart(_values(named.lines)).mark_text(**letters)
    return [
        free.encode(y=y, y2="y2:Q", x=alt.value(0), x2=alt.value(width)),
        rule.encode(y=y),
        text.encode(y=y, x=alt.value(0), text="text:N"),
    ]


def _down(height: int) -> alt.Y:
    """Return the vertical axis of rows: pixels from the top."""
    return alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)


def frontier(answer: DealsAnswer, letters: Sequence[str]) -> Picture:
    """Return the efficient packages, the fair ones named, as both sides value them; ``letters`` of the case's own."""
    from tradetalks.brief.frontier_chart import frontier_chart

    said = [
        f"{deal.label}: " + ", ".join(f"{name(p)} {_said(dollars(s.payoff_usd_bn))}" for p, s in deal.sides.items())
        for deal in answer.frontier
    ]
    return _picture(frontier_chart(answer, letters), "Packages that no other package beats for both", said)


def rate_path(path: RatePath, today: date, importer: str, exporter: str) -> Picture:
    """Return the average duty through time as steps, numbered where an event moved it; the key is a table beside."""
    until = path.until
    steps = [{"on": str(step.on), "rate": step.rate_pct} for step in path.steps]
    rows: list[dict[str, Any]] = steps
    rows.append({"on": str(until + timedelta(days=12)), "rate": path.steps[-1].rate_pct})
    past = [row for row in rows if row["on"] <= str(today)]
    past.append({"on": str(today), "rate": past[-1]["rate"]})
    ahead = [{"on": str(today), "rate": past[-1]["rate"]}, *(row for row in rows if row["on"] > str(today))]
    top = 1.15 * max(step.rate_pct for step in path.steps) or 1.0
    scale = alt.Scale(domain=[0, top], nice=False)
    days = alt.Scale(type="utc")  # whole days: no time zone may move them
    x = alt.X("on:T", title=None, scale=days, axis=alt.Axis(format="%b", tickCount="month", grid=False))
    y = alt.Y("rate:Q", scale=scale, axis=_axis("Duty over imports of 2024, per cent", orient="left"))
    marks = [{"on": str(step.on), "rate": step.rate_pct, "number": str(number)} for number, step in numbered(path)]
    line: dict[str, Any] = {"interpolate": "step-after", "strokeWidth": 2.2, "color": INK}
    layers = [
        alt.Chart(_values([{"on": str(today)}])).mark_rule(color=MUTED, strokeWidth=1).encode(x="on:T"),
        alt.Chart(_values([{"on": str(today), "rate": top, "text": "today"}]))
        .mark_text(align="left", baseline="top", dx=4, fontSize=11.5, color=MUTED)
        .encode(x="on:T", y=alt.Y("rate:Q", scale=scale), text="text:N"),
        alt.Chart(_values(past)).mark_line(**line).encode(x=x, y=y),
        alt.Chart(_values(ahead)).mark_line(**line, strokeDash=[4, 3]).encode(x=x, y=y),
        alt.Chart(_values(marks))
        .mark_circle(color="white", size=230, opacity=1, stroke=INK, strokeWidth=1.4)
        .encode(x=x, y=y),
        alt.Chart(_values(marks))
        .mark_text(fontSize=11, fontWeight="bold", color=INK)
        .encode(x=x, y=y, text="number:N"),
    ]
    said = [f"from {long_date(step.on)} {step.rate_pct:.1f} per cent" for step in path.steps]
    title = f"Average duty of {nation(importer)} on goods from {nation(exporter)}"
    return _picture(alt.layer(*layers).properties(width=WIDTH, height=240), title, said)


def numbered(path: RatePath) -> list[tuple[int, Step]]:
    """Return the steps that an event moved by a tenth of a point or more, with their numbers."""
    moved = [
        step for before, step in pairwise(path.steps) if step.events and abs(step.rate_pct - before.rate_pct) >= 0.1
    ]
    return list(enumerate(moved, start=1))


def bars(rows: Sequence[tuple[str, float]], title: str, unit: str) -> Picture:
    """Return signed amounts as bars, labels on the left, numbers on the right."""
    values = [
        {"y": place, "x": amount, "name": label, "text": dollars(Interval(value=amount)).value}
        for place, (label, amount) in enumerate(rows)
    ]
    height = max(1, len(values)) * 24
    longest = max((abs(amount) for _, amount in rows), default=1.0) or 1.0
    y = alt.Y("y:Q", scale=alt.Scale(domain=[len(values) - 0.5, -0.5], nice=False, zero=False), axis=None)
    scale = alt.Scale(domain=[-longest, longest], range=[_room([label for label, _ in rows]), WIDTH - 70], nice=False)
    base = alt.Chart(_values(values))
    layers = [
        base.mark_rule(color=MUTED, strokeWidth=11).encode(
            x=alt.X("x:Q", scale=scale, axis=None), x2=alt.X2(datum=0), y=y
        ),
        alt.Chart(_values([{"x": 0.0}])).mark_rule(color=INK, strokeWidth=1).encode(x=alt.X("x:Q", scale=scale)),
        base.mark_text(align="left", fontSize=12, color=INK).encode(x=alt.value(0), y=y, text="name:N"),
        base.mark_text(align="right", fontSize=12, color=INK).encode(x=alt.value(WIDTH), y=y, text="text:N"),
    ]
    said = [f"{row['name']} {row['text']}" for row in values]
    return _picture(alt.layer(*layers).properties(width=WIDTH, height=height), f"{title}, {unit}", said)


def weights(answers: Mapping[str, WantsAnswer], sides: tuple[str, str], issues: Sequence[str]) -> Picture:
    """Return the weights of both parties on ``issues``, median and interval; the prior's median as a grey stroke.

    The axis is logarithmic: a weight is known by its factor. An issue that one side has no weight on has one mark.
    """
    marks: list[dict[str, Any]] = []
    priors, said = [], []
    found = {side: {row.issue: row for row in answers[side].issues} for side in sides}
    named = stacked([next(found[s][issue].title for s in sides if issue in found[s]) for issue in issues], 29)
    for top, issue in zip(named.tops, issues, strict=True):
        for lane, side in enumerate(sides):
            row = found[side].get(issue)
            if row is None:
                continue
            one = row.weight
            at = {"y": top + 8 + 11 * lane, "side": side}
            marks.append({**at, "x": one.median, "x1": one.p10, "x2": one.p90})
            priors.append({"y": at["y"], "x": row.prior.median})
            said.append(f"{row.title}, {name(side)}: {one.median:.1f} ({one.p10:.1f} to {one.p90:.1f})")
    y = _down(named.height)
    ends = [float(mark[end]) for mark in marks for end in ("x1", "x2")]
    low, high = 0.9 * min(ends, default=1.0), 1.1 * max(ends, default=10.0)
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    ticks = [tick for tick in (0.1, 0.3, 1, 3, 10, 30, 100, 300) if low <= tick <= high]
    axis = alt.Axis(title="USD bn a year for one unit, beyond plain economics", orient="top", values=ticks, format="~f")
    base = alt.Chart(_values(marks)).encode(y=y, color=_color(sides))
    layers = [
        *_labelled(named, y),
        base.mark_rule(strokeWidth=2.2, strokeCap="butt").encode(
            x=alt.X("x1:Q", scale=scale), x2="x2:Q", strokeDash=_dash(sides)
        ),
        alt.Chart(_values(priors))
        .mark_point(shape="stroke", angle=90, color=MUTED, size=110, strokeWidth=1.6, opacity=1)
        .encode(x=alt.X("x:Q", scale=scale), y=y),
        base.mark_point(filled=True, size=75, opacity=1).encode(
            x=alt.X("x:Q", scale=scale, axis=axis), shape=_shape(sides)
        ),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH, height=named.height)
    return _picture(chart, "What a unit of each issue seems to be worth to each side", said)


def packages(answers: Sequence[ValueAnswer], letters: Sequence[str], sides: tuple[str, str]) -> Picture:
    """Return both sides' gains above no deal, a cross of intervals for each package."""
    rows, said = [], []
    horizontal: list[float] = []
    vertical: list[float] = []
    for letter, answer in zip(letters, answers, strict=True):
        ours, theirs = (gain(answer.against_no_deal, side) for side in sides)
        said.append(
            f"{letter}, {answer.package}: {name(sides[0])} {_said(dollars(ours))}, "
            f"{name(sides[1])} {_said(dollars(theirs))}"
        )
        if ours.value is None or theirs.value is None:
            continue
        x1, x, x2 = _ends(ours.value, ours)
        y1, y, y2 = _ends(theirs.value, theirs)
        rows.append({"package": letter, "x1": x1, "x": x, "x2": x2, "y1": y1, "y": y, "y2": y2})
        horizontal += x1, x2
        vertical += y1, y2
    across = alt.Scale(domain=list(reach(horizontal)), nice=False, zero=False)
    along = alt.Scale(domain=list(reach(vertical)), nice=False, zero=False)
    right = alt.X("x:Q", scale=across, axis=_axis(f"{name(sides[0])}: USD bn a year above no deal"))
    up = alt.Y("y:Q", scale=along, axis=_axis(f"{name(sides[1])}: USD bn a year above no deal", orient="left"))
    base = alt.Chart(_values(rows))
    layers = [
        _zero("x"),
        _zero("y"),
        base.mark_rule(color=MUTED, strokeWidth=1.6).encode(
            x=alt.X("x1:Q", scale=across), x2="x2:Q", y=alt.Y("y:Q", scale=along)
        ),
        base.mark_rule(color=MUTED, strokeWidth=1.6).encode(
            x=alt.X("x:Q", scale=across), y=alt.Y("y1:Q", scale=along), y2="y2:Q"
        ),
        base.mark_circle(color=INK, size=380, opacity=1).encode(x=right, y=up),
        base.mark_text(color="white", fontWeight="bold", fontSize=13).encode(x=right, y=up, text="package:N"),
        _note(f"{name(sides[0])} as at no deal", align="left", baseline="top", dx=5).encode(
            x=alt.X("zero:Q", scale=across), y=alt.value(0)
        ),
        _note(f"{name(sides[1])} as at no deal", align="right", baseline="bottom", dy=-4).encode(
            x=alt.value(WIDTH - 40), y=alt.Y("zero:Q", scale=along)
        ),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH - 40, height=330)
    return _picture(chart, "Packages: gains of both sides above no deal", said)


def sectors(value: PartyValue, side: str, dark: bool) -> Picture:
    """Return the sectors that gain and lose most, with the numbers beside the bars."""
    chosen = [*value.sectors_gain, *reversed(value.sectors_lose)]
    rows = [
        {"y": place, "x": one.change_usd_bn, "name": one.name, "text": _change(one)} for place, one in enumerate(chosen)
    ]
    said = [f"{one.name} {_change(one)}" for one in chosen]
    band = 26
    longest = max((abs(one.change_usd_bn) for one in chosen), default=1.0) or 1.0
    height = max(1, len(rows)) * band
    y = alt.Y("y:Q", scale=alt.Scale(domain=[len(rows) - 0.5, -0.5], nice=False, zero=False), axis=None)
    # The bars keep to the middle: names stand on the left, numbers on the right.
    left, right = _room([one.name for one in chosen]), WIDTH - 126.0
    bars = alt.Scale(domain=[-longest, longest], range=[left, right], nice=False)
    base = alt.Chart(_values(rows))
    layers = [
        base.mark_rule(color=SEAT if dark else OTHER, strokeWidth=12).encode(
            x=alt.X("x:Q", scale=bars, axis=None), x2=alt.X2(datum=0), y=y
        ),
        alt.Chart(_values([{"x": 0.0}])).mark_rule(color=INK, strokeWidth=1).encode(x=alt.X("x:Q", scale=bars)),
        base.mark_text(align="left", fontSize=12, color=INK).encode(x=alt.value(0), y=y, text="name:N"),
        base.mark_text(align="right", fontSize=12, color=INK).encode(x=alt.value(WIDTH), y=y, text="text:N"),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH, height=height)
    return _picture(chart, f"{name(side)}: value added by sector at no deal", said)


def drivers(causes: Sequence[Driver], side: str, dark: bool) -> Picture:
    """Return the shares of the variance of a side's gain, the largest first."""
    chosen = sorted(causes, key=lambda cause: -cause.share)[:6]
    named = stacked([spelled(cause.assumption) for cause in chosen], 19)
    rows = [
        {"y": top + 7, "share": cause.share, "text": f"{100 * cause.share:.0f}%"}
        for top, cause in zip(named.tops, chosen, strict=True)
    ]
    said = [f"{spelled(cause.assumption)} {row['text']}" for cause, row in zip(chosen, rows, strict=True)]
    y = _down(named.height)
    scale = alt.Scale(domain=[0, 1], range=[0, WIDTH - 40], nice=False)
    base = alt.Chart(_values(rows))
    letters: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 12, "color": INK}
    layers = [
        base.mark_rule(color=SEAT if dark else OTHER, strokeWidth=9).encode(
            x=alt.X("share:Q", scale=scale, axis=None), x2=alt.X2(datum=0), y=y
        ),
        base.mark_text(**letters, dx=6).encode(x=alt.X("share:Q", scale=scale), y=y, text="text:N"),
        alt.Chart(_values(named.lines)).mark_text(**letters).encode(x=alt.value(0), y=y, text="text:N"),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH, height=named.height)
    return _picture(chart, f"{name(side)}: what its gain depends on", said)


def _room(names: Sequence[str]) -> float:
    """Return the pixels that names on the left of bars need, in the widest of the fonts."""
    return max(110.0, 6.4 * max(map(len, names), default=0))


def reach(numbers: Sequence[float]) -> tuple[float, float]:
    """Return an axis that holds ``numbers`` and zero, with a little air."""
    low, high = min((0.0, *numbers)), max((0.0, *numbers))
    air = 0.06 * (high - low) or 1.0
    return low - air, high + air


def _change(one: SectorChange) -> str:
    usd, share = (
        dollars(Interval(value=one.change_usd_bn)).value,
        signed(one.change_pct, 1 if abs(one.change_pct) >= 0.95 else 2),
    )
    return f"{usd} bn ({share}%)"


def _said(effect: Effect) -> str:
    if not effect.known:
        return effect.value
    return f"{effect.value} bn" + (f" ({effect.span})" if effect.span else "")


def _values(rows: Sequence[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=list(rows))


def _ends(value: float, interval: Interval) -> tuple[float, float, float]:
    """Return low end, value, high end; the value itself where there is no interval."""
    low, high = interval.p10, interval.p90
    return (value if low is None else low), value, (value if high is None else high)


def _axis(title: str, orient: Any = "bottom") -> alt.Axis:
    # Vega writes a real minus sign by itself.
    return alt.Axis(title=title, orient=orient, tickCount=6, format="~f")


def _zero(along: Literal["x", "y"]) -> alt.Chart:
    rule = alt.Chart(_values([{"zero": 0.0}])).mark_rule(color=INK, strokeWidth=1)
    chart: alt.Chart = rule.encode(x=alt.X("zero:Q")) if along == "x" else rule.encode(y=alt.Y("zero:Q"))
    return chart


def _note(text: str, **place: Any) -> alt.Chart:
    """Return a remark at zero of one axis."""
    chart: alt.Chart = alt.Chart(_values([{"zero": 0.0}])).mark_text(text=text, fontSize=11, color=MUTED, **place)
    return chart


def _color(sides: tuple[str, str]) -> alt.Color:
    return alt.Color("side:N", scale=alt.Scale(domain=list(sides), range=[SEAT, OTHER]), legend=None)


def _shape(sides: tuple[str, str]) -> alt.Shape:
    return alt.Shape("side:N", scale=alt.Scale(domain=list(sides), range=["circle", "diamond"]), legend=None)


def _dash(sides: tuple[str, str]) -> alt.StrokeDash:
    return alt.StrokeDash("side:N", scale=alt.Scale(domain=list(sides), range=[[1, 0], [4, 2]]), legend=None)


def _picture(chart: alt.LayerChart | alt.FacetChart, title: str, said: Sequence[str]) -> Picture:
    return Picture(drawn(chart), title, "; ".join(said) + ".")


def drawn(chart: alt.LayerChart | alt.FacetChart, data: Mapping[str, Any] | None = None) -> str:
    """Return ``chart`` in the style of the brief as SVG; ``data`` is what the chart names, not copied as its own is."""
    styled = (
        chart.configure(font=FONT, background="transparent", padding=2)
        .configure_view(stroke=None)
        .configure_axis(
            gridColor="#eceff2",
            domain=False,
            tickColor=RULE,
            labelColor=MUTED,
            titleColor=MUTED,
            labelFontSize=11.5,
            titleFontSize=11.5,
            titleFontWeight="normal",
            titlePadding=8,
        )
    )
    spec = styled.to_dict()
    spec["datasets"] = {**spec.get("datasets", {}), **(data or {})}
    return vl_convert.vegalite_to_svg(json.dumps(spec))


_ROOT = re.compile(r"<svg\b[^>]*?width=\"([\d.]+)\"[^>]*?viewBox=\"([^\"]+)\"[^>]*>")
_ARIA = re.compile(r" (?:role|aria-[a-z]+)=\"[^\"]*\"")


def element(picture: Picture, key: str) -> str:
    """Return the picture as an accessible inline SVG; ``key`` keeps its ids apart from other pictures'."""
    drawn = _ARIA.sub("", picture.svg)
    drawn = re.sub(r'\bid="', f'id="{key}-', drawn)
    drawn = re.sub(r"url\((['\"]?)#", rf"url(\1#{key}-", drawn)
    found = _ROOT.match(drawn)
    if found is None:
        raise ValueError(f"the renderer's SVG begins unlike before: {drawn[:120]}")
    width, box = found.groups()
    head = (
        f'<svg viewBox="{box}" width="{width}" role="img" aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">{html.escape(picture.title)}</title>'
        f'<desc id="{key}-desc">{html.escape(picture.description)}</desc>'
    )
    return head + drawn[found.end() :]
