"""One duty: what a line of an origin pays on a day, component by component, each with its citation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from tradetalks.ground.countries import country
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.law.caveats import caveats
from tradetalks.law.conditions import Supposition
from tradetalks.law.duty_text import parse_rate
from tradetalks.law.editions import beyond, editions, schedule_through
from tradetalks.law.evaluate import Bearing, Part, freed
from tradetalks.law.history import successors
from tradetalks.law.measure import MEASURES_THROUGH, SCHEDULE_SINCE, Act, Measure, Rule, origin_key, us_law
from tradetalks.law.other_clock import OtherClock, other_day
from tradetalks.law.schedule import COLUMN_2, GENERAL_NOTE, PROGRAMME, Book, Entry, book, dotted, find, read_line, words
from tradetalks.law.scope import Lines
from tradetalks.law.shipments import Question, Settled, Status, contested, disputed, settled, unmeant

#: The first measures shipped are those of section 201 and 232 of 2018.
FIRST_DAY = date(2018, 1, 1)


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a duty, or a measure that would have been one, and why it is as it is."""

    id: str
    authority: str
    treatment: str
    """ordinary, add, ceiling, replace, exempt, prohibit, minimum or specific."""
    rate_pct: float | None
    """Percentage points of customs value that it adds; None where unknown."""
    status: Literal["applies", "conditional", "excluded", "unknown"]
    citation: str
    heading: str
    """Heading of chapter 99 to enter under; of an ordinary duty the line. Where something takes the duty away, the
    heading of that; empty where none names it."""
    applies_from: date
    """First day on which this act sets the rate; where the duty is taken away, on which that began."""
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
        line: HTS line of 8 or 10 digits, with or without dots.
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
    base = _ordinary(entry, question, found.rows.base[0], bool(found.rows.average[0]))
    key, known_on = origin_key(question.iso3), public or date.max
    parts = [(part, place) for part in found.evaluation.parts if (place := part.place(0)) is not None]
    components = [
        base,
        *(
            _component(part, place, found.rows.lines, measure.until(act, entered, known_on, key))
            for part, place in parts
            for measure, act in [part.acts[int(part.which[place])]]
        ),
    ]
    if found.rows.offered[0]:
        components.insert(1, _preference(entry, question.iso3, float(found.rows.preferred[0])))
    owed = {part.measure.group: part.measure.authority for part, place in parts if part.local()[place]}
    for one in found.rows.bearing:
        if why := _left_out(one, found.rows.lines, owed, question):
            outside = one.measure.lists == ("all",) and not one.measure.claim
            until = one.measure.until(one.act, entered, known_on, key)
            components.append(_uncounted(one.measure, one.act, until, why, "excluded" if outside else "conditional"))
    for held in found.rows.supposed:
        if paid := [part for part, place in parts if 0 in held.rows and _changed(part, place, held)]:
            authority, terms = paid[0].measure.authority, held.condition.terms
            until = terms.until(held.act, entered, known_on, key)
            uncounted = _uncounted(terms, held.act, until, _if_so(authority, held), "conditional")
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood."""

    question: Question
    notes: tuple[str, ...]
    """What the answer must say about the question: that the line has gone and what became of it."""


def ask(
    line: str,
    origin: str,
    on: str | date,
    known: str | date | None = None,
    value: float | None = None,
    quantity: float | None = None,
    us_content: float | None = None,
) -> Asked:
    """Return the question as understood; the arguments and errors are those of :func:`line_duty`."""
    code, iso3, entered = read_line(line), read_origin(origin), read_day(on, "on")
    public = None if known is None else day(known, "known")
    check_positive(value, "value")
    check_positive(quantity, "quantity")
    check_share(us_content, "us_content")
    found, notes = locate(code, entered, book(entered))
    return Asked(Question(code, found, iso3, entered, public, value, quantity, us_content), notes)


def read_origin(text: str) -> str:
    """Return the ISO3 code of an origin.

    Raises:
        BadInput: no such country, or the United States.
    """
    iso3 = country(text).iso3
    if iso3 == "USA":
        raise BadInput("origin: goods of the United States are not foreign goods; name another country")
    return iso3


def read_day(text: str | date, name: str) -> date:
    """Return the day of entry; ``name`` is what the user calls it.

    Raises:
        BadInput: not a date, or before the first measure.
    """
    entered = day(text, name)
    if entered < FIRST_DAY:
        raise BadInput(f"{name}: {entered} is before the first measure shipped; choose a day from {FIRST_DAY}")
    return entered


def locate(code: str, entered: date, then: Book) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return where the line, or what became of it, is in the book of the day ``then``, and what to say of it.

    Raises:
        BadInput: the line is not in the schedule of that day, nor its successors.
    """
    first, last = then.find(code)
    if first < last:
        return tuple(range(first, last)), ()
    heirs = successors(code, entered)
    if heirs is None:
        find(code, entered)  # says why it is not there
        return (), ()
    return tuple(then.find(heir)[0] for heir in heirs.lines), (str(heirs),)


def check_positive(number: float | None, name: str) -> None:
    """Check a value or quantity that may be given; ``name`` is what the user calls it.

    Raises:
        BadInput: a number that is not positive and finite.
    """
    if number is not None and not (math.isfinite(number) and number > 0):
        raise BadInput(f"{name}: {number:g} is not a positive number")


def check_share(number: float | None, name: str) -> None:
    """Check a share that may be given; ``name`` is what the user calls it.

    Raises:
        BadInput: a number below 0 or above 1.
    """
    if number is not None and not 0 <= number <= 1:
        percent = f"; write {number / 100:g} for {number:g}%" if 1 < number <= 100 else ""
        raise BadInput(f"{name}: {number:g} is not a share between 0 and 1{percent}")


def _ordinary(entry: Entry, question: Question, rate_pct: float, average: bool) -> Component:
    """Return the ordinary duty, of the rate settled: column 1 general, or column 2."""
    second = question.iso3 in COLUMN_2
    text = entry.other if second else entry.general
    exact = parse_rate(text)
    rate = None if math.isnan(rate_pct) else rate_pct
    status: Literal["applies", "conditional", "unknown"]
    status = "unknown" if rate is None else "conditional" if average else "applies"
    if question.on < SCHEDULE_SINCE:
        why = f"no schedule before {SCHEDULE_SINCE} is shipped, so the total is unknown"
    elif exact is not None and not exact.amount:
        why = f"rate of duty {text}"
    elif exact is not None and not average and question.value and question.quantity:
        amount = f"{question.quantity:,g} {exact.unit} at {exact.amount:g} USD"
        why = f"rate of duty {text}: {amount} on a value of {question.value:,.2f} USD"
        if exact.pct:
            why += f", and {exact.pct:g}%"
    else:
        found = "no imports of 2024 give" if rate is None else "taken at"
        why = f"rate of duty {text}, {found} its ad valorem equivalent"
        why += "" if rate is None else " (duty over value of the line's imports in 2024 without preference)"
        why += f"; give value and quantity ({exact.unit}) for the exact duty" if exact else ""
    return Component(
        id="column-2" if second else "mfn",
        authority="Column 2" if second else "MFN (column 1 general)",
        treatment="ordinary",
        rate_pct=rate,
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


def _preference(entry: Entry, iso3: str, rate: float) -> Component:
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


def _component(part: Part, index: int, lines: Lines, until: date | None) -> Component:
    """Return the measure's component at ``index`` of the rows it reaches, with what took it away."""
    measure, act = part.acts[int(part.which[index])]
    row = int(part.at[index])
    points = float(part.local()[index])
    content = float(part.content[index])
    excluded = bool(part.kept[index] == 0)
    meant = float(lines.covered(measure.lists, measure.except_lists)[row]) if measure.claim == "list" else 1.0
    takers = [(float(share[index]), who) for share, who in part.relieved if share[index] > 0]
    in_dispute = bool(disputed(part)[index])
    if excluded and not in_dispute and any(share == 1 and not contested(who) for share, who in takers):
        # What an undisputed rule takes away whole needs no disputed one.
        takers = [(share, who) for share, who in takers if not contested(who)]
    cited, notes, headings = [act.citation], [] if excluded else [act.note], [act.heading]
    taken, known, applied = [], [date.max], [date.max]
    for share, who in takers:
        source: Rule | Act = who if isinstance(who, Rule) else who.who(row)[1]
        reason = who.why if isinstance(who, Rule) else who.who(row)[0].why
        taken.append(reason if excluded else f"less {share:.1%}: {reason}")
        cited.append(source.citation)
        notes.append("" if isinstance(source, Rule) else source.note)
        headings.append(source.heading)
        known.append(source.known_from)
        applied.append(source.applies_from)
    scope = ": ".join(text for text in (measure.why, act.why) if text)
    if excluded:
        whole = {"ceiling": " in all", "replace": " in place of the ordinary duty"}.get(act.treatment, "")
        rate = f"{act.rate_pct:g}%{whole} ({act.heading})" if act.heading else f"{act.rate_pct:g}%{whole}"
        # The exclusion is what is claimed at entry; it stands first.
        why = f"{'; '.join(taken)}; otherwise {rate}: {scope}"
        cited = [*cited[1:], cited[0]]
        headings = [*filter(None, headings[1:]), ""]
    else:
        why = "; ".join([scope, *taken])
        if meant < 1:
            why += f"; not due on other goods of the line ({meant:.0%} of its trade is taken to be those meant)"
        if measure.content and content < 1:
            why += f"; on {content:.1%} of the value, an assumed {measure.content} content (average of the industry)"
    status: Literal["applies", "conditional", "excluded", "unknown"] = "applies"
    if excluded:
        status = "conditional" if in_dispute else "excluded"
    elif math.isnan(points) and act.treatment != "prohibit":
        status = "unknown"
    elif part.open()[index] or min(meant, part.reach[index]) < 1 or (measure.content is not None and content < 1):
        status = "conditional"
    return Component(
        id=measure.id,
        authority=measure.authority,
        treatment=act.treatment,
        rate_pct=None if math.isnan(points) else round(points, 6),
        status=status,
        citation="; ".join(dict.fromkeys(cited)),
        heading=headings[0],
        applies_from=max(act.applies_from, min(applied)) if excluded else act.applies_from,
        applies_until=until,
        known_from=max(act.known_from, min(known)) if excluded else act.known_from,
        why=why,
        note="; ".join(note for note in notes if note),
    )


def _changed(part: Part, place: int, supposition: Supposition) -> bool:
    """Return whether the row pays a duty whose terms the condition would change."""
    measure, _ = part.acts[int(part.which[place])]
    return measure.id in supposition.condition.measures and part.kept[place] > 0


def _if_so(authority: str, supposition: Supposition) -> str:
    act, share = supposition.act, supposition.condition.share
    rate = {
        "exempt": "is not due",
        "add": f"is {act.rate_pct:g}%",
        "ceiling": f"tops the ordinary rate up to {act.rate_pct:g}%",
        "replace": f"is {act.rate_pct:g}% in place of the ordinary duty",
        "prohibit": "does not matter, since the goods may not be imported",
        "minimum": f"tops the value up to {act.usd:g} USD a {act.unit}",
        "specific": f"is {act.usd:g} USD a {act.unit}",
    }[act.treatment]
    taken = f"taken to be so of {share:.0%} of trade in averages" if share else "in averages taken not to be so"
    return f"{supposition.condition.terms.why}: if so, {authority} {rate}; not counted ({taken})"


def _left_out(one: Bearing, lines: Lines, owed: Mapping[str, str], question: Question) -> str:
    """Return why a measure that bears on the first row is not counted in its rate; empty if it is, or bears not.

    ``owed`` names the authority of each group of duties that the row pays.
    """
    measure = one.measure
    if one.act.priced:
        if (question.value and question.quantity) or not lines.covered(measure.lists, measure.except_lists)[0]:
            return ""
        return f"{measure.why}: give value and quantity ({one.act.unit}) to know what is due; not counted"
    if measure.exempts:
        covered = lines.covered(measure.lists, measure.except_lists)[0]
        named = measure.claim in ("list", "listed") and lines.named(measure.lists, measure.except_lists)[0]
        if not (covered or named):
            return ""
        if measure.lists == ("all",) and not measure.claim:
            return measure.why
        paid = dict.fromkeys(owed[group] for group in measure.exempts if group in owed)
        if not paid or measure.claim in (None, "us-content") or (measure.claim in ("list", "listed") and covered == 1):
            return ""
        share = float(freed(measure, np.array([math.nan if question.us_content is None else question.us_content]))[0])
        less = "" if share == 1 else f"{share:.0%} of "
        return f"{measure.why}: if so and claimed, {less}{' and '.join(paid)} is not due; not counted"
    if measure.claim == "list" and unmeant(measure, lines)[0]:
        rate = f"{one.act.rate_pct:g}%"
        return f"{measure.why}: most of the line's trade is other goods; not counted ({rate} if these are meant)"
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
