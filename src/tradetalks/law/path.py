"""The path of the average rate: every day on which it changed, and the events that changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.law.changes import Event, events
from tradetalks.law.evaluate import bearings, rulings
from tradetalks.law.flow_rates import CLAIMS_ROSE, evaluations
from tradetalks.law.measure import us_law
from tradetalks.law.panel import change_days
from tradetalks.law.rates import BREAKDOWNS, check_dates
from tradetalks.law.schedule import edition_of
from tradetalks.law.scope import Floats
from tradetalks.law.trade import Trade, goods_of, land_of, origin_of, sector_names, trade_of, weighted_origins


@dataclass(frozen=True, slots=True)
class Step:
    """The average from a day until the next step."""

    on: date
    rate_pct: float
    rows: tuple[tuple[str, float, float], ...]
    """(key, rate in percent, imports in USD) of the breakdown; of an authority its points of all imports."""
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """The average rate of an origin, or of all, through time, weighted with US imports of 2024."""

    origin: str
    since: date
    until: date
    imports_usd: float
    steps: tuple[Step, ...]
    weights: str


def rate_path(
    origin: str, since: str | date, until: str | date, known: str | date | None = None, by: str | None = None
) -> Path:
    """Return duty over imports of chapters 1 to 97 from ``since`` through ``until``, a step a change.

    Args:
        origin: a country, ``EU``, or ``all``.
        since: first day.
        until: last day.
        known: the law as it was public on this day (default: everything shipped).
        by: sector, chapter, line or authority; ``all`` without it comes by origin.

    Raises:
        BadInput: an unknown origin, date or breakdown, or ``until`` before ``since``.
    """
    (first, public), (last, _) = check_dates(since, known, "since"), check_dates(until, known, "until")
    if last < first:
        raise BadInput(f"--until: {last} is before --since {first}")
    if by not in (None, *BREAKDOWNS):
        raise BadInput(f"by: {by!r} is no breakdown; choose {', '.join(BREAKDOWNS)}")
    everyone = origin.strip().casefold() == "all"
    land = "all" if everyone else land_of(origin)
    keys = weighted_origins() if everyone else (origin_of(origin),)
    law = us_law()
    days = change_days(law, first, last)
    if first < CLAIMS_ROSE <= last and {"CAN", "MEX"} & set(keys):
        days = sorted({*days, CLAIMS_ROSE})
    duty: list[dict[str, float]] = [{} for _ in days]
    imports: dict[str, float] = {}
    total = 0.0
    for key in keys:
        trade = trade_of(key)
        labels, group = _groups(trade, key, by, everyone)
        goods = goods_of(trade)
        total += float(trade.imports[goods].sum())
        for label, value in zip(labels, np.bincount(group[goods], trade.imports[goods], len(labels)), strict=True):
            imports[label] = imports.get(label, 0.0) + float(value)
        seen: dict[object, dict[str, float]] = {}
        for n, on in enumerate(days):
            position = (
                tuple((id(one.measure), id(one.act)) for one in bearings(law, key, on, public)),
                tuple(id(one.rule) for one in rulings(law, on, public)),
                edition_of(on),
                min(on, public) < CLAIMS_ROSE if trade.usmca.any() else None,
            )
            if position not in seen:
                seen[position] = _duties(key, trade, on, public, labels, group, by == "authority")
            for label, value in seen[position].items():
                duty[n][label] = duty[n].get(label, 0.0) + value
    named: dict[date, list[Event]] = {}
    for event in events(law, keys, days[1:], public):
        named.setdefault(event.on, []).append(event)
    steps: list[Step] = []
    for n, on in enumerate(days):
        rate = sum(duty[n].values()) / total
        rows = tuple(
            (label, round(value / (total if by == "authority" else imports[label]), 6), imports.get(label, total))
            for label, value in sorted(duty[n].items())
            if by == "authority" or imports[label] > 0
        )
        moved = tuple(named.get(on, ()))
        if not steps or moved or abs(rate - steps[-1].rate_pct) > 5e-7:
            steps.append(Step(on, round(rate, 6), rows if by or everyone else (), moved))
    own = everyone or land in weighted_origins()
    return Path(land, first, last, total, tuple(steps), "own" if own else "proxy")


def _groups(trade: Trade, key: str, by: str | None, everyone: bool) -> tuple[list[str], NDArray[np.intp]]:
    """Return the labels of the breakdown and of each line the position of its label."""
    codes = trade.lines.codes
    if by == "sector":
        names = sector_names(trade)
    elif by in ("chapter", "line"):
        names = codes.astype("U2") if by == "chapter" else codes
    else:
        names = np.full(len(codes), key if everyone else "all")
    labels, group = np.unique(names, return_inverse=True)
    return [str(label) for label in labels], group.ravel()


def _duties(
    key: str, trade: Trade, on: date, public: date, labels: list[str], group: NDArray[np.intp], by_authority: bool
) -> dict[str, float]:
    """Return percent times imports by label, or by authority."""
    goods = goods_of(trade)
    weight = np.where(goods, trade.imports, 0.0)
    found: dict[str, float] = {}

    def add(label: str, value: float) -> None:
        found[label] = found.get(label, 0.0) + value

    rate: Floats = np.zeros(len(weight))
    for share, case in evaluations(us_law(), key, trade, on, public):
        if by_authority:
            add("MFN and column 2", float((share * case.base * weight).sum()))
            for part in case.parts:
                add(part.measure.authority, float((share * weight)[part.at] @ part.local()))
        rate = rate + share * case.total()
    if not by_authority:
        for label, value in zip(labels, np.bincount(group, rate * weight, len(labels)), strict=True):
            add(label, float(value))
    return found
