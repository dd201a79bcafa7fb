"""The parts of a duty in words: each with its rate, citation, heading, days and the reason that it is as it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from tradetalks.law.conditions import Supposition
from tradetalks.law.duty_text import parse_rate
from tradetalks.law.evaluate import Bearing, Part, freed
from tradetalks.law.measure import SCHEDULE_SINCE, Act, Measure, Rule
from tradetalks.law.question import Question
from tradetalks.law.schedule import COLUMN_2, GENERAL_NOTE, PROGRAMME, Entry, dotted
from tradetalks.law.scope import Lines
from tradetalks.law.standing import contested, disputed, unmeant


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


def ordinary_part(entry: Entry, question: Question, rate_pct: float, average: bool) -> Component:
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


def preference_part(entry: Entry, iso3: str, rate: float) -> Component:
    """Return the rate under the origin's trade agreement, which is not counted unless claimed."""
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


def duty_part(part: Part, index: int, lines: Lines, until: date | None) -> Component:
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


def alters(part: Part, place: int, supposition: Supposition) -> bool:
    """Return whether the row pays a duty whose terms the condition would change."""
    measure, _ = part.acts[int(part.which[place])]
    return measure.id in supposition.condition.measures and part.kept[place] > 0


def what_if(authority: str, supposition: Supposition) -> str:
    """Return what a condition would make of the duty of ``authority``, were it so of the goods."""
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


def why_left_out(one: Bearing, lines: Lines, owed: Mapping[str, str], question: Question) -> str:
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


def uncounted_part(
    measure: Measure, act: Act, until: date | None, why: str, status: Literal["excluded", "conditional"]
) -> Component:
    """Return a measure that adds nothing, shown with the reason."""
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
