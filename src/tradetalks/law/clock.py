"""The clock: what the law, as it was known on a day, schedules for the days after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tradetalks.ground.countries import country
from tradetalks.ground.dates import day
from tradetalks.law.measure import Act, origin_key, us_law


@dataclass(frozen=True, slots=True)
class Event:
    """A day on which a measure changes although nobody signs anything more."""

    on: date
    measure: str
    authority: str
    treatment: str
    """add, ceiling, replace or exempt, of what holds from that day (of what ends, if nothing does)."""
    before_pct: float | None
    """Rate until that day; None where the measure did not apply."""
    after_pct: float | None
    """Rate from that day; None where the measure ends."""
    citation: str
    heading: str
    known_from: date
    why: str


def clock(origin: str, as_of: str | date) -> list[Event]:
    """Return the changes that US law known on ``as_of`` schedules for goods of ``origin``, by date.

    Raises:
        BadInput: no such country, or not a date.
    """
    key, today = origin_key(country(origin).iso3), day(as_of, "as_of")
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
                    before_pct=before.rate_pct if before and before.exempting else None,
                    after_pct=after.rate_pct if after and after.exempting else None,
                    citation="; ".join(dict.fromkeys(act.citation for act in (before, after) if act)),
                    heading=shown.heading,
                    known_from=max(act.known_from for act in (before, after) if act),
                    why=": ".join(text for text in (measure.why, shown.why) if text),
                )
            )
    return sorted(events, key=lambda event: (event.on, event.measure))


def _says(act: Act | None) -> tuple[str, float] | None:
    return (act.treatment, act.rate_pct) if act and act.exempting else None
