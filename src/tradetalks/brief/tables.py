"""What the page's tables hold beyond the answers themselves: orders, averages, selections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Stop
from tradetalks.law.clock import Event
from tradetalks.record.entry import Entry
from tradetalks.value.answer import AssumptionUsed, RateChange, TermValue

#: Statements shown; the ledger itself is a command away.
STATEMENTS = 12


def duties(briefing: Briefing, importer: str, exporter: str) -> tuple[RateChange, ...]:
    """Return the duties of ``importer`` on ``exporter`` by sector, the largest imports first, unknown last."""
    rates = (r for r in briefing.packages[0].rates if (r.importer, r.exporter) == (importer, exporter))
    return tuple(sorted(rates, key=lambda r: (r.imports_usd_bn is None, -(r.imports_usd_bn or 0.0), r.sector)))


#: The days a duty is shown for: label, field of RateChange.
COLUMNS = (
    ("Base", "base_pct"),
    ("Today", "status_quo_pct"),
    ("Scheduled, before the deadline", "scheduled_pct"),
    ("No deal, from the deadline", "no_deal_pct"),
)


def columns(rates: Sequence[RateChange]) -> tuple[tuple[str, str], ...]:
    """Return the columns that ``rates`` need: one where no duty differs from one day to another."""
    if all(len({getattr(rate, field) for _, field in COLUMNS}) == 1 for rate in rates):
        return (("On every day", "status_quo_pct"),)
    return COLUMNS


def has_unknown(rates: Sequence[RateChange]) -> bool:
    """Return whether some rate or some imports are not known."""
    fields = ("imports_usd_bn", *(field for _, field in COLUMNS))
    return any(getattr(rate, field) is None for rate in rates for field in fields)


def imports(rates: Sequence[RateChange]) -> float | None:
    """Return the imports of ``rates`` together, USD billion; ``None`` where none is known."""
    known = [rate.imports_usd_bn for rate in rates if rate.imports_usd_bn is not None]
    return sum(known) if known else None


def average(rates: Sequence[RateChange], column: str) -> float | None:
    """Return the mean of a column of ``rates``, percent, weighted with imports.

    ``None`` unless the sectors with both a rate and imports carry nine tenths of the imports.
    """
    known = [
        (rate.imports_usd_bn, float(value))
        for rate in rates
        if rate.imports_usd_bn is not None and (value := getattr(rate, column)) is not None
    ]
    whole = imports(rates) or 0.0
    covered = sum(weight for weight, _ in known)
    if whole <= 0.0 or covered < 0.9 * whole:
        return None
    return sum(weight * value for weight, value in known) / covered


def assumptions(briefing: Briefing) -> tuple[AssumptionUsed, ...]:
    """Return every reduced-form figure that a term of the case or of a package rests on, by id."""
    terms = (*briefing.terms, *(term for answer in briefing.packages for term in answer.terms))
    figures = {figure.id: figure for term in terms for figure in term.reduced_form}
    return tuple(figures[id] for id in sorted(figures))


@dataclass(frozen=True, slots=True)
class Kind:
    """The terms of which the model computes the same."""

    name: str
    computed: str
    terms: tuple[TermValue, ...]


def kinds(terms: Sequence[TermValue]) -> tuple[Kind, ...]:
    """Return ``terms`` by kind and by what is computed, in the order of their first."""
    groups: dict[tuple[str, str], list[TermValue]] = {}
    for term in terms:
        groups.setdefault((term.kind, term.computed), []).append(term)
    return tuple(Kind(*key, tuple(group)) for key, group in groups.items())


def latest(entries: Sequence[Entry], most: int = STATEMENTS) -> tuple[Entry, ...]:
    """Return the last entry of each party on each issue, the ``most`` recent of these, newest first."""
    last = {(entry.party, entry.issue): entry for entry in entries}
    chosen = sorted(last.values(), key=lambda entry: (entry.known_from, entry.date, entry.id), reverse=True)
    return tuple(chosen[:most])


def timeline(briefing: Briefing) -> tuple[Stop, ...]:
    """Return today, the dates that stand in law, and the deadline, by date."""
    stops = [
        Stop(briefing.as_of, 0, "today", "The day of this brief", "", ""),
        Stop(briefing.deadline, briefing.days_left, "deadline", "Deadline of the case", "", ""),
    ]
    for event in briefing.events:
        source = f"{event.citation}; heading {event.heading}; public since {event.known_from}"
        stops.append(Stop(event.on, (event.on - briefing.as_of).days, "law", _turn(event), event.why, source))
    order = {"today": 0, "law": 1, "deadline": 2}
    return tuple(sorted(stops, key=lambda stop: (stop.on, order[stop.kind])))


def _turn(event: Event) -> str:
    """Return what changes on the day, with the rates that the law names."""
    ceiling = event.treatment == "ceiling"
    if event.treatment == "exempt":
        return f"{event.authority}: an exemption {'begins' if event.after_pct is not None else 'ends'}"
    if event.after_pct is None:
        return f"{event.authority}: the {event.before_pct:g}% ends"
    rate = f"{event.after_pct:g}%{' in all' if ceiling else ''}"
    if event.before_pct is None:
        return f"{event.authority}: {rate} begins"
    return f"{event.authority}: {rate} in place of {event.before_pct:g}%"
