"""One duty: what a line of an origin pays on a day, component by component, each with its citation."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from tradetalks.law.caveats import caveats
from tradetalks.law.component import (
    Component,
    alters,
    duty_part,
    ordinary_part,
    preference_part,
    uncounted_part,
    what_if,
    why_left_out,
)
from tradetalks.law.editions import beyond, editions, schedule_through
from tradetalks.law.measure import MEASURES_THROUGH, SCHEDULE_SINCE, origin_key, us_law
from tradetalks.law.other_clock import OtherClock, other_day
from tradetalks.law.question import Question, ask
from tradetalks.law.schedule import Entry, book, dotted, words
from tradetalks.law.shipments import Settled, Status, settled


@dataclass(frozen=True, slots=True)
class Duty:
    """The duty on a line: the total, its parts, and what it rests on."""

    line: str
    description: str
    origin: str
    on: date
    known: date | None
    """The law as it was public on this day; None: all that is shipped."""
    rate_pct: float | None
    range_pct: tuple[float, float | None] | None
    """Lowest and highest total, by facts of the goods left open (the highest None where it is unknown); None if
    nothing is open, or neither end is known."""
    decided_by: tuple[str, ...]
    """What decides within the range, in words."""
    duty_usd: float | None
    status: Status
    components: tuple[Component, ...]
    warnings: tuple[str, ...]
    editions: tuple[str, ...]
    """What was read to answer."""
    schedule_through: date
    """Last day whose schedule is known."""
    measures_through: date
    """Last day until which measures are verified."""
    importer: str = "USA"
    """Whose duty it is."""
    other_clock: OtherClock | None = None
    """The total as published on the day of entry, or by all the law known today; None where it is the same."""


def line_duty(
    line: str,
    origin: str,
    on: str | date,
    known: str | date | None = None,
    value: float | None = None,
    quantity: float | None = None,
    us_content: float | None = None,
) -> Duty:
    """Return the United States duty on ``line`` from ``origin`` entered for consumption on ``on``.

    Args:
        line: HTS line of 8 or 10 digits, with or without dots; of 6 where one line of 8 belongs to it.
        origin: country by ISO2, ISO3, name or Census code.
        on: the day of entry.
        known: the law as it was public on this day (default: everything shipped).
        value: customs value in USD, for the amount of duty.
        quantity: in the unit of the rate, for a specific duty; without it the 2024 ad valorem
            equivalent of the line is used.
        us_content: share of the value that is of the United States, 0 to 1; as assumed where it is not given.

    Raises:
        BadInput: no such line, origin or date; a value or quantity that is not a positive number; a share above 1.
    """
    asked = ask(line, origin, on, known, value, quantity, us_content)
    found = settled([asked.question])
    question, code = asked.question, asked.question.line
    entered, public = question.on, question.known
    chosen = book(entered).frame[question.found[0]].to_dicts()
    entry = Entry(**chosen[0])
    base = ordinary_part(entry, question, found.rows.base[0], bool(found.rows.average[0]))
    key, known_on = origin_key(question.iso3), public or date.max
    parts = [(part, place) for part in found.evaluation.parts if (place := part.place(0)) is not None]
    components = [
        base,
        *(
            duty_part(part, place, found.rows.lines, measure.until(act, entered, known_on, key))
            for part, place in parts
            for measure, act in [part.acts[int(part.which[place])]]
        ),
    ]
    if found.rows.offered[0]:
        components.insert(1, preference_part(entry, question.iso3, float(found.rows.preferred[0])))
    owed = {part.measure.group: part.measure.authority for part, place in parts if part.local()[place]}
    for one in found.rows.bearing:
        if why := why_left_out(one, found.rows.lines, owed, question):
            outside = one.measure.lists == ("all",) and not one.measure.claim
            until = one.measure.until(one.act, entered, known_on, key)
            components.append(
                uncounted_part(one.measure, one.act, until, why, "excluded" if outside else "conditional")
            )
    for held in found.rows.supposed:
        if paid := [part for part, place in parts if 0 in held.rows and alters(part, place, held)]:
            authority, terms = paid[0].measure.authority, held.condition.terms
            until = terms.until(held.act, entered, known_on, key)
            uncounted = uncounted_part(terms, held.act, until, what_if(authority, held), "conditional")
            components.append(replace(uncounted, authority=authority))

    warnings = [*beyond(entered, public), *asked.notes, *caveats(question.iso3, entered, question.value)]
    low, high, rate = float(found.low[0]), float(found.high[0]), float(found.rate[0])
    if found.differ[0]:
        totals = found.total
        names = [dotted(line) for line in found.rows.lines.codes.tolist()]
        warnings.append(
            f"the rate depends on the suffix ({np.nanmin(totals):g}% to {np.nanmax(totals):g}%): give 10 digits, "
            f"for example {', '.join(names[:4])}; the parts shown are those of {names[0]}"
        )
    if base.rate_pct is None and entered >= SCHEDULE_SINCE:
        warnings.append(base.why)
        if on_top := sum(part.local()[place] for part, place in parts if not math.isnan(part.local()[place])):
            warnings.append(f"the measures alone make {on_top:g}%, to which the ordinary duty comes")
    if base.status == "conditional":
        warnings.append(f"the ordinary rate is an average, a shipment pays more or less: {base.why}")
    known_rate = None if math.isnan(rate) else round(rate, 6)
    return Duty(
        line=dotted(entry.line if len(question.found) == 1 else code),
        description=words(code, entered) or entry.description,
        origin=question.iso3,
        on=entered,
        known=public,
        rate_pct=known_rate,
        range_pct=_range(low, high) if found.is_open[0] or found.floor_only[0] else None,
        decided_by=found.deciders()[0],
        duty_usd=None if known_rate is None or value is None else round(value * rate / 100, 2),
        status=found.status[0],
        components=tuple(components),
        warnings=tuple(warnings),
        editions=editions(),
        schedule_through=schedule_through(),
        measures_through=MEASURES_THROUGH,
        other_clock=_by_other_clock(question, found),
    )


def _by_other_clock(question: Question, found: Settled) -> OtherClock | None:
    """Return the total of ``question`` by the law as it was, or came to be, known; None where it is that ``found``."""
    then = other_day(us_law(), origin_key(question.iso3), question.on, question.known or date.max)
    if then is None:
        return None
    rate = float(settled([replace(question, known=then)]).rate[0])
    if np.isclose(rate, found.rate[0], rtol=0, atol=5e-7, equal_nan=True):
        return None
    return OtherClock(None if then == date.max else then, None if math.isnan(rate) else round(rate, 6))


def _range(low: float, high: float) -> tuple[float, float | None]:
    return round(low, 6), None if math.isnan(high) else round(high, 6)
