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
    Act,
    Law,
    Measure,
    Rule,
    beyond,
    origin_key,
    us_law,
)
from tradetalks.law.schedule import COLUMN_2, GENERAL_NOTE, PROGRAMME, Entry, dotted, entries, read_line, words
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
    """Heading of chapter 99 to enter under: of the exclusion where one takes the duty away; of an ordinary
    duty the line."""
    applies_from: date
    applies_until: date | None
    """First day on which another act sets the rate or none does, as known."""
    known_from: date | None
    """When it became public; where the duty is taken away, when that did."""
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
    check_positive(value, "value")
    check_positive(quantity, "quantity")
    if land.iso3 == "USA":
        raise BadInput("origin: goods of the United States are not foreign goods; name another country")
    if entered < FIRST_DAY:
        raise BadInput(f"on: {entered} is before the first measure shipped; choose a day from {FIRST_DAY}")

    found = entries(code, entered)
    bases = [_ordinary(entry, code, land.iso3, entered, value, quantity) for entry in found]
    base = np.array([np.nan if part.rate_pct is None else part.rate_pct for part in bases])
    lines = Lines([entry.line for entry in found])
    settled = _evaluate(lines, land.iso3, entered, public, base, usmca=False, aircraft=False, content=None)
    totals = settled.total()
    chosen = 0
    warnings = list(beyond(entered, public))

    law, key, public_day = us_law(), origin_key(land.iso3), public or date.max
    components = [
        bases[chosen],
        *(
            _component(part, chosen, part.measure.until(part.act, entered, public_day, key))
            for part in settled.parts
            if part.reach[chosen] > 0
        ),
    ]
    if (preference := _preference(found[chosen], land.iso3)) is not None:
        components.insert(1, preference)
    for measure, act in law.in_force(key, entered, public_day):
        if why := _left_out(measure, act, lines, chosen, settled):
            outside = measure.lists == ("all",) and not measure.claim
            until = measure.until(act, entered, public_day, key)
            components.append(_uncounted(measure, act, until, why, "excluded" if outside else "conditional"))

    corners = _corners(lines, land.iso3, entered, public, base, found)
    low, high = float(np.min(corners)), float(np.max(corners))
    rate: float | None = float(totals[chosen])
    if len(found) > 1 and float(np.ptp(totals)) > 1e-9:
        rate = None
        warnings.append(
            f"the rate depends on the suffix ({low:g}% to {high:g}%): give 10 digits, for example "
            + ", ".join(dotted(entry.line) for entry in found[:4])
            + f"; the parts shown are those of {dotted(found[chosen].line)}"
        )
    if rate is not None and math.isnan(rate):
        rate = None
    if bases[chosen].rate_pct is None and entered >= SCHEDULE_SINCE:
        warnings.append(bases[chosen].why)
    if bases[chosen].status == "conditional":
        warnings.append(f"the ordinary rate is an average, a shipment pays more or less: {bases[chosen].why}")
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


def check_positive(number: float | None, name: str) -> None:
    """Check a value or quantity that may be given; ``name`` is what the user calls it.

    Raises:
        BadInput: a number that is not positive and finite.
    """
    if number is not None and not (math.isfinite(number) and number > 0):
        raise BadInput(f"{name}: {number:g} is not a positive number")


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


def _ordinary(entry: Entry, asked: str, iso3: str, on: date, value: float | None, quantity: float | None) -> Component:
    """Return the ordinary duty: column 1 general, or column 2; an equivalent is that of the line ``asked`` for."""
    second = iso3 in COLUMN_2
    text = entry.other if second else entry.general
    exact = parse_rate(text)
    rate: float | None
    status: Literal["applies", "conditional", "unknown"]
    if on < SCHEDULE_SINCE:
        rate, status = None, "unknown"
        why = f"no schedule before {SCHEDULE_SINCE} is shipped, so the total is unknown"
    elif exact is not None and not exact.amount:
        rate, status, why = exact.pct, "applies", f"rate of duty {text}"
    elif exact is not None and value is not None and quantity is not None:
        rate, status = exact.pct + 100 * exact.amount * quantity / value, "applies"
        why = f"rate of duty {text}: {quantity:,g} {exact.unit} at {exact.amount:g} USD on a value of {value:,.2f} USD"
        if exact.pct:
            why += f", and {exact.pct:g}%"
    else:
        rate = None if second else _equivalent(asked)
        status = "unknown" if rate is None else "conditional"
        found = "no imports of 2024 give" if rate is None else "taken at"
        ask = f"; give value and quantity ({exact.unit}) for the exact duty" if exact else ""
        why = f"rate of duty {text}, {found} its ad valorem equivalent"
        why += "" if rate is None else " (duty over value of the line's imports in 2024 without preference)"
        why += ask
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
        note="already in the first schedule shipped" if entry.since == SCHEDULE_SINCE else "",
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
    note = GENERAL_NOTE.get(symbol, "3(c)")
    return Component(
        id=f"preference-{symbol.lower()}",
        authority="Preference",
        treatment="replace",
        rate_pct=0.0,
        status="conditional",
        citation=f"HTSUS {dotted(entry.line[:8])}, special rate ({symbol}), general note {note}",
        heading=dotted(entry.line[:8]),
        applies_from=entry.since,
        applies_until=entry.until,
        known_from=None,
        why=f"the ordinary rate would be {rate:g}% if the goods originate under the agreement "
        "and the importer claims it; not counted",
    )


def _component(part: Part, index: int, until: date | None) -> Component:
    """Return the measure's component on the line at ``index``, with what took it away."""
    act, measure = part.act, part.measure
    points = float(part.points()[index])
    kept, content = float(part.kept[index]), float(part.content[index])
    excluded = kept == 0
    relieved = [(float(share[index]), who) for share, who in part.relieved if share[index] > 0]
    if any(share == 1 and not _contested(who) for share, who in relieved):
        # What an undisputed rule takes away whole needs no disputed one.
        relieved = [(share, who) for share, who in relieved if not _contested(who)]
    cited, notes, headings = [act.citation], [] if excluded else [act.note], [act.heading]
    taken, known = [], act.known_from
    for share, who in relieved:
        source = who if isinstance(who, Rule) else who[1]
        reason = who.why if isinstance(who, Rule) else who[0].why
        taken.append(reason if excluded else f"less {share:.1%}: {reason}")
        cited.append(source.citation)
        notes.append("" if isinstance(who, Rule) else who[1].note)
        headings.append(source.heading)
    if excluded:
        known = max(known, min((who if isinstance(who, Rule) else who[1]).known_from for _, who in relieved))
    scope = ": ".join(text for text in (measure.why, act.why) if text)
    if excluded:
        whole = {"ceiling": " in all", "replace": " in place of the ordinary duty"}.get(act.treatment, "")
        rate = f"{act.rate_pct:g}%{whole}"
        # The exclusion is what is claimed at entry; it stands first.
        why = f"{'; '.join(taken)}; otherwise {rate}: {scope}"
        cited = [*cited[1:], cited[0]]
        headings = [heading for heading in headings[1:] if heading] or headings
    else:
        why = "; ".join([scope, *taken])
        if measure.content and content < 1:
            why += f"; on {content:.1%} of the value, an assumed {measure.content} content (average of the industry)"
    status: Literal["applies", "conditional", "excluded", "unknown"] = "applies"
    if excluded:
        status = "conditional" if all(_contested(who) for _, who in relieved) else "excluded"
    elif math.isnan(points):
        status = "unknown"
    elif kept < 1 or part.reach[index] < 1 or (measure.content is not None and content < 1):
        status = "conditional"
    return Component(
        id=measure.id,
        authority=measure.authority,
        treatment=act.treatment,
        rate_pct=None if math.isnan(points) else round(points, 6),
        status=status,
        citation="; ".join(dict.fromkeys(cited)),
        heading=headings[0],
        applies_from=act.applies_from,
        applies_until=until,
        known_from=known,
        why=why,
        note="; ".join(note for note in notes if note),
    )


def _contested(who: tuple[Measure, Act] | Rule) -> bool:
    return not isinstance(who, Rule) and who[0].contested


def _left_out(measure: Measure, act: Act, lines: Lines, index: int, settled: Evaluation) -> str:
    """Return why a measure that bears on the line is not counted in its rate; empty if it is, or bears not."""
    if measure.exempts:
        if not lines.covered(measure.lists, measure.except_lists)[index]:
            return ""
        if measure.lists == ("all",) and not measure.claim:
            return measure.why
        owed = [p.measure.authority for p in settled.parts if p.measure.group in measure.exempts and p.points()[index]]
        if measure.claim in ("usmca", "aircraft") and owed:
            less = "" if measure.claim_times == 1 else f"{measure.claim_times:.0%} of "
            return (
                f"{measure.why}: if so and claimed, {less}{' and '.join(dict.fromkeys(owed))} is not due; not counted"
            )
        return ""
    line = str(lines.codes[index])
    shares = [scope_list(name).get(line[:n]) for name in measure.lists if name != "all" for n in (10, 8, 6, 4)]
    if 0.0 in shares:
        rate = f"{act.rate_pct:g}%"
        return (
            f"{measure.why}: the line is named, but its trade is other goods; not counted ({rate} if these are meant)"
        )
    return ""


def _uncounted(
    measure: Measure, act: Act, until: date | None, why: str, status: Literal["excluded", "conditional"]
) -> Component:
    return Component(
        id=measure.id,
        authority=measure.authority,
        treatment=act.treatment,
        rate_pct=0.0,
        status=status,
        citation=act.citation,
        heading=act.heading,
        applies_from=act.applies_from,
        applies_until=until,
        known_from=act.known_from,
        why=why,
        note=act.note,
    )
