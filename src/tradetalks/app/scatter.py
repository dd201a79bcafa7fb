"""A plane of two payoffs as plain SVG numbers: points that a reader can hover, reach by keyboard and pick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10

from tradetalks.app.numbers import chance, money
from tradetalks.brief.words import name, nation
from tradetalks.talks.deals.shapes import Deal, DealsAnswer

WIDTH, HEIGHT = 640, 420
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 16, 46

#: Pixels between two names of fair packages, across and along together.
APART = 34


@dataclass(frozen=True)
class Point:
    """A package on the plane."""

    label: str
    x: float
    y: float
    radius: float
    own: bool
    """A package of the case, not of the frontier."""
    fair: str
    says: str
    named: bool
    """Its name stands beside it: that of a package of the case, or of a fair one that no name is near."""


@dataclass(frozen=True)
class Plot:
    """A plane with its points, in pixels."""

    points: tuple[Point, ...]
    path: str
    """The frontier as an SVG path."""
    across: tuple[tuple[float, str], ...]
    """Ticks: pixels and words."""
    along: tuple[tuple[float, str], ...]
    zero: tuple[float, float]
    far: tuple[str, ...]
    """Packages of the case too far from the frontier to be drawn."""
    summary: str
    width: int = WIDTH
    height: int = HEIGHT


def scatter(answer: DealsAnswer, fair: Mapping[str, str], seat: str) -> Plot:
    """Return the frontier and the case's packages, the payoff of ``seat`` to the right, the other's up."""
    other = next(party for party in answer.parties if party != seat)
    spots = [(deal, _at(deal, seat), _at(deal, other), False) for deal in answer.frontier]
    reach = (_reach([spot[1] for spot in spots]), _reach([spot[2] for spot in spots]))
    own = [(one.deal, _at(one.deal, seat), _at(one.deal, other), True) for one in answer.case_packages]
    near = [spot for spot in own if all(low <= v <= high for v, (low, high) in zip(spot[1:3], reach, strict=True))]
    points = []
    names: list[tuple[float, float]] = []
    for deal, x, y, ours in [*spots, *near]:
        says = (
            f"{deal.label}: {name(seat)} {money(x)}, {name(other)} {money(y)}, payoffs in billion dollars a year; both "
            f"accept {chance(deal.both_accept.value)}"
        )
        at = _px(x, reach[0]), _py(y, reach[1])
        named = ours or (deal.label in fair and all(abs(at[0] - a) + abs(at[1] - b) > APART for a, b in names))
        if named and not ours:
            names.append(at)
        radius = 4.0 + 6.0 * (deal.both_accept.value or 0.0)
        points.append(Point(deal.label, *at, radius, ours, fair.get(deal.label, ""), says, named))
    line = sorted((_px(x, reach[0]), _py(y, reach[1])) for _, x, y, _ in spots)
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) if line else ""
    return Plot(
        tuple(points),
        path,
        tuple((_px(v, reach[0]), f"{v:g}".replace("-", "−")) for v in _ticks(reach[0])),
        tuple((_py(v, reach[1]), f"{v:g}".replace("-", "−")) for v in _ticks(reach[1])),
        (_px(0.0, reach[0]), _py(0.0, reach[1])),
        tuple(spot[0].label for spot in own if spot not in near),
        _summary(answer, seat, other),
    )


def _summary(answer: DealsAnswer, seat: str, other: str) -> str:
    if not answer.frontier:
        return "No package can be signed by both sides."
    first, last = answer.frontier[0], answer.frontier[-1]
    return (
        f"{len(answer.frontier)} efficient packages, from {first.label} (payoff of {nation(seat)} "
        f"{money(_at(first, seat))}, of {nation(other)} {money(_at(first, other))}) to {last.label} "
        f"({money(_at(last, seat))} and {money(_at(last, other))} billion dollars a year above no deal)."
    )


def _at(deal: Deal, party: str) -> float:
    return float(deal.sides[party].payoff_usd_bn.value or 0.0)


def _reach(values: list[float]) -> tuple[float, float]:
    low, high = min([0.0, *values]), max([0.0, *values])
    air = 0.12 * (high - low) or 1.0
    return low - air, high + air


def _px(value: float, reach: tuple[float, float]) -> float:
    return round(LEFT + (value - reach[0]) / (reach[1] - reach[0]) * (WIDTH - LEFT - RIGHT), 1)


def _py(value: float, reach: tuple[float, float]) -> float:
    return round(HEIGHT - BOTTOM - (value - reach[0]) / (reach[1] - reach[0]) * (HEIGHT - TOP - BOTTOM), 1)


def _ticks(reach: tuple[float, float]) -> list[float]:
    rough = (reach[1] - reach[0]) / 5
    power = 10.0 ** floor(log10(rough))
    step = next(k * power for k in (1, 2, 5, 10) if k * power >= rough)
    first = int(reach[0] // step)
    return [round(k * step, 10) for k in range(first, first + 12) if reach[0] <= k * step <= reach[1]]
