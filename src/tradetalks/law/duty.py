"""One duty: what a line of an origin pays on a day, component by component, each with its citation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal

import numpy as np
import polars as pl

from tradetalks.ground.countries import country
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.law.duty_text import parse_rate, programmes
from tradetalks.law.evaluate import Evaluation, Part, evaluate
from tradetalks.law.facts import METALS, facts_of
from tradetalks.law.measure import (
    DATA,
    SCHEDULE_SINCE,
    Law,
    Rule,
    beyond,
    origin_key,
    us_law,
)
from tradetalks.law.schedule import COLUMN_2, PROGRAMME, Entry, dotted, entries, read_line, words
from tradetalks.law.scope import Lines, scope_list

Status = Literal["applies", "conditional", "exempt", "unknown"]

#: What was read to answer.
EDITIONS = ("HTS 2025 basic edition to 2026 revision 10", "US measures in force 2025-01-01 to 2025-09-30")

#: The first measures shipped are those of section 201 and 232 of 2018.
FIRST_DAY = date(2018, 1, 1)


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a duty, or a measure that would have been one, and why it is as it is."""

    id: str
    authority: str
    treatment: str
    """ordinary, add, ceiling, replace or exempt."""
    rate_pct: float | None
    """Percentage points of customs value that it adds; None where unknown."""
    status: Literal["applies", "conditional", "excluded", "unknown"]
    citation: str
    heading: str
    applies_from: date
    applies_until: date | None
    """First day on which it no longer applies."""
    known_from: date | None
    why: str
    note: str = ""


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
    range_pct: tuple[float, float] | None
    """Lowest and highest total, by facts of the goods left open; None if nothing is open."""
    duty_usd: float | None
    status: Status
    components: tuple[Component, ...]
    warnings: tuple[str, ...]
    editions: tuple[str, ...] = EDITIONS


def line_duty(
    line: str,
    origin: str,
    on: str | date,
    known: str | date | None = None,
    value: float | None = None,
    quantity: float | None = None,
) -> Duty:
    """Return the United States duty on ``line`` from ``origin`` entered for consumption on ``on``.

    Args:
        line: HTS line of 8 or 10 digits, with or without dots.
        origin: country by ISO2, ISO3, name or Census code.
        on: the day of entry.
        known: the law as it was public on this day (default: everything shipped).
        value: customs value in USD, for the amount of duty.
        quantity: in the unit of the rate, for a specific duty; without it the 2024 ad valorem
            equivalent of the line is used.

    Raises:
        BadInput: no such line, origin or date; a value or quantity that is not a positive number.
    """
    code, land = read_line(line), country(origin)
    entered = day(on, "on")
    public = None if known is None else day(known, "known")
    for name, number in (("value", value), ("quantity", quantity)):
        if number is not None and not (math.isfinite(number) and number > 0):
            raise BadInput(f"{name}: {number} is not a positive number")
    if land.iso3 == "USA":
        raise BadInput("origin: goods of the United States are not foreign goods; name another country")
    if entered < FIRST_DAY:
        raise BadInput(f"on: {entered} is before the first measure shipped; choose a day from {FIRST_DAY}")

    found = entries(code, entered)
    bases = [_ordinary(entry, land.iso3, entered, value, quantity) for entry in found]
    base = np.array([np.nan if part.rate_pct is None else part.rate_pct for part in bases])
    lines = Lines([entry.line for entry in found])
    settled = _evaluate(lines, land.iso3, entered, public, base, usmca=False, aircraft=False, content=None)
    totals = settled.total()
    chosen = 0
    warnings = list(beyond(entered, public))

    components = [
        bases[chosen],
        *(_component(part, chosen) for part in settled.parts if part.reach[chosen] > 0),
    ]
    if (preference := _preference(found[chosen], land.iso3)) is not None:
        components.insert(1, preference)
    components += _by_end_use(found[chosen].line, land.iso3, entered, public)

    corners = _corners(lines, land.iso3, entered, public, base, found)
    low, high = float(np.min(corners)), float(np.max(corners))
    rate: float | None = float(totals[chosen])
    if len(found) > 1 and float(np.ptp(totals)) > 1e-9:
        rate = None
        warnings.append(
            f"the rate depends on the suffix ({low:g}% to {high:g}%): give 10 digits, for example "
            + ", ".join(dotted(entry.line) for entry in found[:4])
        )
    if rate is not None and math.isnan(rate):
        rate = None
    if components[0].rate_pct is None:
        warnings.append(components[0].why)
    is_open = math.isfinite(low) and high - low > 1e-9
    status: Status
    if rate is None and not is_open:
        status = "unknown"
    elif is_open or any(part.status == "conditional" for part in components):
        status = "conditional"
    elif rate == 0 and any(part.status == "excluded" for part in components):
        status = "exempt"
    else:
        status = "applies"
    return Duty(
        line=dotted(found[0].line if len(found) == 1 else code),
        description=words(code, entered) or found[chosen].description,
        origin=land.iso3,
        on=entered,
        known=public,
        rate_pct=None if rate is None else round(rate, 6),
        range_pct=(round(low, 6), round(high, 6)) if is_open else None,
        duty_usd=None if rate is None or value is None else round(value * rate / 100, 2),
        status=status,
        components=tuple(components),
        warnings=tuple(warnings),
    )


def _evaluate(
    lines: Lines,
    iso3: str,
    on: date,
    known: date | None,
    base: np.ndarray[tuple[int], np.dtype[np.float64]],
    *,
    usmca: bool,
    aircraft: bool,
    content: str | None,
    contested: bool = True,
) -> Evaluation:
    """Evaluate; ``content`` is the metal the goods are made of ("" for none), None assumes shares."""
    facts = facts_of(lines, usmca=usmca, aircraft=aircraft)
    if content is not None:
        facts |= {metal: np.full(len(lines), float(metal == content)) for metal in METALS}
    law = us_law()
    if not contested:
        law = Law(tuple(measure for measure in law.measures if not measure.contested), law.rules)
    return evaluate(law, lines, origin_key(iso3), on, known or date.max, base, facts)


def _corners(
    lines: Lines,
    iso3: str,
    on: date,
    known: date | None,
    base: np.ndarray[tuple[int], np.dtype[np.float64]],
    found: list[Entry],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the totals at the corners of what is open: claims made or not, content, contested readings."""
    north = iso3 in ("CAN", "MEX")
    preferred = np.array([_preferred_pct(entry, iso3) for entry in found])
    totals = []
    for claims, aircraft, content in product((False, True), (False, True), (None, "", *METALS)):
        lowered = np.fmin(base, preferred) if claims else base
        case = _evaluate(lines, iso3, on, known, lowered, usmca=claims and north, aircraft=aircraft, content=content)
        metal = any(part.measure.content for part in case.parts)
        if content is not None and not metal:
            continue
        totals.append(case.total())
    strict = _evaluate(lines, iso3, on, known, base, usmca=False, aircraft=False, content=None, contested=False)
    return np.concatenate([*totals, strict.total()])


def _ordinary(entry: Entry, iso3: str, on: date, value: float | None, quantity: float | None) -> Component:
    """Return the ordinary duty: column 1 general, or column 2."""
    second = iso3 in COLUMN_2
    text = entry.other if second else entry.general
    pct = entry.other_pct if second else entry.mfn_pct
    amount = (entry.other_amount if second else entry.mfn_amount) or 0.0
    rate, why = pct, f"rate of duty {text}"
    status: Literal["applies", "unknown"] = "applies"
    if on < SCHEDULE_SINCE:
        rate, status, why = (
            None,
            "unknown",
            f"no schedule before {SCHEDULE_SINCE} is shipped, so the total is unknown",
        )
    elif pct is None or amount:
        if pct is not None and value is not None and quantity is not None:
            rate = pct + 100 * amount * quantity / value
            why += f": {quantity:g} {entry.mfn_unit} at {amount:g} USD on a value of {value:g} USD"
        elif not second and (equivalent := _equivalent(entry.line)) is not None:
            rate = equivalent
            why += "; equivalent: duty over value of its imports in 2024 from countries without preference"
        else:
            rate, status = None, "unknown"
            why += ": no imports of 2024 give its ad valorem equivalent; give value and quantity"
    return Component(
        id="column-2" if second else "mfn",
        authority="Column 2" if second else "MFN (column 1 general)",
        treatment="ordinary",
        rate_pct=None if rate is None else round(float(rate), 6),
        status=status,
        citation=f"HTSUS {dotted(entry.line[:8])}"
        + (", column 2, general note 3(b)" if second else ", column 1 general"),
        heading=dotted(entry.line[:8]),
        applies_from=entry.since,
        applies_until=entry.until,
        known_from=None,
        why=why,
        note="in the first schedule shipped; it began earlier" if entry.since == SCHEDULE_SINCE else "",
    )


def _equivalent(line: str) -> float | None:
    """Return duty over value (percent) of the line's imports in 2024 that paid the ordinary rate, or None."""
    outside = [*PROGRAMME, *COLUMN_2, "CHN", "HKG"]
    trade = (
        pl.scan_parquet(str(DATA / "weights_2024.parquet"))
        .filter(pl.col("line").str.starts_with(line), ~pl.col("origin").is_in(outside))
        .select(pl.col("imports_usd").sum(), pl.col("duty_usd").sum())
        .collect()
    )
    value, duty = trade.row(0)
    return 100 * duty / value if value else None


def _preferred_pct(entry: Entry, iso3: str) -> float:
    """Return the rate under the origin's free trade agreement in percent; NaN where there is none."""
    symbol = PROGRAMME.get(iso3)
    offered = programmes(entry.special)
    text = next((offered[name] for name in (symbol, f"{symbol}+") if name in offered), None) if symbol else None
    rate = parse_rate(text) if text else None
    return rate.pct if rate and not rate.amount else math.nan


def _preference(entry: Entry, iso3: str) -> Component | None:
    rate = _preferred_pct(entry, iso3)
    if math.isnan(rate) or entry.mfn_pct == 0:
        return None
    symbol = PROGRAMME[iso3]
    return Component(
        id=f"preference-{symbol.lower()}",
        authority="Preference",
        treatment="replace",
        rate_pct=0.0,
        status="conditional",
        citation=f"HTSUS {dotted(entry.line[:8])}, special rate ({symbol}), general note 3(c)",
        heading=dotted(entry.line[:8]),
        applies_from=entry.since,
        applies_until=entry.until,
        known_from=None,
        why=f"the ordinary rate would be {rate:g}% if the goods originate under the agreement "
        "and the importer claims it; not counted",
    )


def _component(part: Part, index: int) -> Component:
    """Return the measure's component on the line at ``index``, with what took it away."""
    act, measure = part.act, part.measure
    points = float(part.points()[index])
    kept, content = float(part.kept[index]), float(part.content[index])
    reasons = [": ".join(text for text in (measure.why, act.why) if text)]
    cited, notes = [act.citation], [act.note] if act.note else []
    for share, who in part.relieved:
        if share[index] > 0:
            rule = who if isinstance(who, Rule) else None
            source = who if isinstance(who, Rule) else who[1]
            words = rule.why if rule else who[0].why  # type: ignore[index]
            reasons.append(("excluded: " if share[index] == 1 else f"less {share[index]:.0%}: ") + words)
            cited.append(source.citation)
            if not isinstance(who, Rule) and who[1].note:
                notes.append(who[1].note)
    if measure.content and content < 1:
        reasons.append(f"on {content:.1%} of the value, an assumed {measure.content} content (average of the industry)")
    whole = act.treatment if act.treatment != "add" else f"{act.rate_pct:g}%"
    excluded = kept == 0
    conditional = not excluded and (kept < 1 or part.reach[index] < 1 or (measure.content is not None and content < 1))
    return Component(
        id=measure.id,
        authority=measure.authority,
        treatment=act.treatment,
        rate_pct=None if math.isnan(points) else round(points, 6),
        status="excluded"
        if excluded
        else "unknown"
        if math.isnan(points)
        else "conditional"
        if conditional
        else "applies",
        citation="; ".join(dict.fromkeys(cited)),
        heading=act.heading,
        applies_from=act.applies_from,
        applies_until=act.applies_until,
        known_from=act.known_from,
        why="; ".join(reasons) + (f" ({whole} otherwise)" if excluded and act.treatment == "add" else ""),
        note="; ".join(notes),
    )


def _by_end_use(line: str, iso3: str, on: date, known: date | None) -> list[Component]:
    """Return measures that name the line but are assumed not to reach its trade: end use decides."""
    found = []
    for measure, act in us_law().in_force(origin_key(iso3), on, known or date.max):
        if measure.exempts or measure.lists == ("all",):
            continue
        shares = [scope_list(name).get(line[:length]) for name in measure.lists for length in (10, 8, 6, 4)]
        if 0.0 in shares:
            found.append(
                Component(
                    id=measure.id,
                    authority=measure.authority,
                    treatment=act.treatment,
                    rate_pct=0.0,
                    status="conditional",
                    citation=act.citation,
                    heading=act.heading,
                    applies_from=act.applies_from,
                    applies_until=act.applies_until,
                    known_from=act.known_from,
                    why=f"{measure.why}: the line is named, but its trade is other goods; not counted "
                    f"({act.rate_pct:g}% if these are meant)",
                    note=act.note,
                )
            )
    return found
