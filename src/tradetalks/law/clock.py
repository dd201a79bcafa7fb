"""The clock: what the law, as it was known on a day, schedules for the days after it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from tradetalks.ground.countries import government
from tradetalks.ground.dates import day
from tradetalks.law.measure import Act, origin_key, us_law


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which a measure changes although nobody signs anything more."""

    on: date
    measure: str
    authority: str
    treatment: str
    """How a measure treats goods, of what holds from that day (of what ends, if nothing does)."""
    before_pct: float | None
    """Rate until that day; None where the measure did not apply, or says no percentage."""
    after_pct: float | None
    """Rate from that day; None where the measure ends, or says no percentage."""
    citation: str
    heading: str
    known_from: date
    why: str


def clock(origin: str, as_of: str | date) -> list[Event]:
    """Return the changes that US law known on ``as_of`` schedules for goods of ``origin``, by date.

    Raises:
        BadInput: no such country (nor ``EU``), or not a date.
    """
    key, today = origin_key(government(origin)), day(as_of, "as_of")
    events = []
    for measure in us_law().measures:
        if key not in measure.origins:
            continue
        for turn in (turn for turn in measure.turns(today, key) if turn > today):
            before = measure.act(turn - timedelta(days=1), today, key)
            after = measure.act(turn, today, key)
            if _says(before) == _says(after):
                continue
            shown = after or before
            assert shown is not None  # they differ, so one of them is there
            events.append(
                Event(
                    on=turn,
                    measure=measure.id,
                    authority=measure.authority,
                    treatment=shown.treatment,
                    before_pct=_rate(before),
                    after_pct=_rate(after),
                    citation="; ".join(dict.fromkeys(act.citation for act in (before, after) if act)),
                    heading=shown.heading,
                    known_from=max(act.known_from for act in (before, after) if act),
                    why=": ".join(text for text in (measure.why, shown.why) if text),
                )
            )
    return sorted(events, key=lambda event: (event.on, event.measure))


def _rate(act: Act | None) -> float | None:
    return act.rate_pct if act and act.exempting and not math.isnan(act.rate_pct) else None


def _says(act: Act | None) -> tuple[str, float | None, float | None] | None:
    if act is None or not act.exempting or (act.treatment == "add" and act.rate_pct == 0):
        return None  # nothing is added within a quota
    return act.treatment, _rate(act), None if math.isnan(act.usd) else act.usd
