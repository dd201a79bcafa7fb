"""What changed in the law between two days: measures begun, ended, changed; and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

import polars as pl
from pydantic import BaseModel, ConfigDict

from tradetalks.ground.dates import day
from tradetalks.law.measure import Act, Law, Measure, Rule, us_law
from tradetalks.law.rates import check_dates, line_rates
from tradetalks.law.trade import land_of, origin_of, weighted_origins


@dataclass(frozen=True, slots=True)
class Change:
    """A measure that bears otherwise on goods of an origin on the second day than on the first."""

    __pydantic_config__: ClassVar = {"use_attribute_docstrings": True}

    measure: str
    authority: str
    what: str
    """begins, ends or changes."""
    before: str
    """What it put on the goods on the first day, in words; empty if nothing."""
    after: str
    citation: str
    heading: str
    why: str
    known_from: date
    lines: int | None = None
    """Lines of 2024 trade on which its points differ; None where trade was not asked."""
    worth_usd: float | None = None
    """Its duty on the imports of 2024 on the second day less that on the first."""


class Diff(BaseModel):
    """What changed between two days."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    origin: str
    first: date
    second: date
    changes: tuple[Change, ...]
    rules: tuple[str, ...]
    """Stacking rules that began, changed or ended, with their citation."""
    ordinary_lines: int
    """Lines whose ordinary rate differs."""
    ordinary_usd: float
    before_pct: float
    """Duty over imports of 2024, chapters 1 to 97, on the first day."""
    after_pct: float
    worth_usd: float
    """All together: duty on the imports of 2024 on the second day less that on the first."""
    weights: str
    """``own``, or ``proxy`` where the mix of goods is the EU's (its members) or the world's."""


def words_of(act: Act | None) -> str:
    """Return what an act does in words; empty where it does nothing."""
    if act is None or not act.exempting:
        return ""
    return {
        "add": f"{act.rate_pct:g}% added",
        "ceiling": f"{act.rate_pct:g}% in all",
        "replace": f"{act.rate_pct:g}% in place of the ordinary rate",
        "exempt": "exempt",
        "prohibit": "importing prohibited",
        "minimum": f"value topped up to {act.usd:g} USD a {act.unit}",
        "specific": f"{act.usd:g} USD a {act.unit}",
    }[act.treatment]


def _governs(measure: Measure, key: str, on: date, known: date) -> Act | None:
    act = measure.act(on, known, key)
    return act if act is not None and act.exempting else None


def changes(law: Law, key: str, first: date, second: date, known: date = date.max) -> list[Change]:
    """Return the measures that bear otherwise on ``key`` on ``second`` than on ``first``, in the order of the law."""
    found = []
    for measure in law.measures:
        if key not in measure.origins:
            continue
        before, after = _governs(measure, key, first, known), _governs(measure, key, second, known)
        if words_of(before) == words_of(after):
            continue
        # What ends a measure may be an act of its own, which then is what to cite.
        ending = measure.act(second, known, key) if after is None else None
        source = after or ending or before
        assert source is not None
        found.append(
            Change(
                measure=measure.id,
                authority=measure.authority,
                what="begins" if before is None else "ends" if after is None else "changes",
                before=words_of(before),
                after=words_of(after),
                citation=source.citation,
                heading=source.heading,
                why=": ".join(text for text in (measure.why, source.why) if text),
                known_from=source.known_from,
            )
        )
    return found


def diff(origin: str, first: str | date, second: str | date, known: str | date | None = None) -> Diff:
    """Return what changed for goods of ``origin`` between two days, weighted with US imports of 2024.

    Raises:
        BadInput: no such origin, not a date, or a day before the schedule begins.
    """
    key, land = origin_of(origin), land_of(origin)
    (one, public), (two, _) = check_dates(first, known, "first date"), check_dates(second, known, "second date")
    law = us_law()
    frames = [line_rates("USA", key, on, public).filter(pl.col("line") < "98") for on in (one, two)]
    imports = frames[0]["imports_usd"]

    def worth(name: str) -> tuple[int, float]:
        points = [frame[name] if name in frame.columns else pl.zeros(frame.height, eager=True) for frame in frames]
        moved = points[1] - points[0]
        return int((moved.abs() > 1e-9).sum()), float((moved * imports).fill_nan(0.0).sum()) / 100

    found = []
    for change in changes(law, key, one, two, public):
        lines, usd = worth(change.measure)
        found.append(replace(change, lines=lines, worth_usd=usd))
    ruled = [f"{rule.why} ({rule.citation})" for rule in _new_rules(law, key, one, two, public)]
    ordinary_lines, ordinary_usd = worth("mfn_pct")
    total = float(imports.sum())
    before, after = (float((frame["rate_pct"] * imports).sum()) / total for frame in frames)
    return Diff(
        origin=land,
        first=one,
        second=two,
        changes=tuple(found),
        rules=tuple(ruled),
        ordinary_lines=ordinary_lines,
        ordinary_usd=ordinary_usd,
        before_pct=round(before, 6),
        after_pct=round(after, 6),
        worth_usd=(after - before) * total / 100,
        weights="own" if land in weighted_origins() else "proxy",
    )


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a day to duties of one authority, over the origins asked for."""

    on: date
    authority: str
    what: str
    """For example "10% added -> 24% added"."""
    citation: str
    origins: tuple[str, ...]


def events(law: Law, keys: Sequence[str], days: Iterable[date], known: date = date.max) -> list[Event]:
    """Return the events of ``days`` for the origins ``keys`` (names as the law knows them), one an authority.

    An exemption is an event where no duty of its authority changes on that day, a stacking rule where nothing
    else does.
    """
    found = []
    for on in days:
        duties: dict[str, list[tuple[str, Change]]] = {}
        exemptions: dict[str, list[tuple[str, Change]]] = {}
        acting = tuple(
            measure
            for measure in law.measures
            if any(on in (act.applies_from, act.applies_until) for act in measure.acts if act.known_from <= known)
        )
        exempting = {measure.id for measure in acting if measure.exempts}
        for key in keys:
            for change in changes(Law(acting, ()), key, on - timedelta(1), on, known):
                moved = exemptions if change.measure in exempting else duties
                moved.setdefault(change.authority, []).append((key, change))
        for authority, moved_by in (
            duties | {name: one for name, one in exemptions.items() if name not in duties}
        ).items():
            before, after = (
                _summary([getattr(change, name) for _, change in moved_by]) for name in ("before", "after")
            )
            what = f"{before or 'nothing'} -> {after or 'nothing'}"
            if authority not in duties:
                what = f"exemptions: {_summary([change.why for _, change in moved_by])}"
            found.append(
                Event(
                    on=on,
                    authority=authority,
                    what=what,
                    citation="; ".join(dict.fromkeys(change.citation for _, change in moved_by)),
                    origins=tuple(dict.fromkeys(key for key, _ in moved_by)),
                )
            )
        if not (duties or exemptions):
            found += _stacking(law, keys, on, known)
    return found


def _stacking(law: Law, keys: Sequence[str], on: date, known: date) -> list[Event]:
    """Return the event of the stacking rules that begin or change on a day, for the origins whose goods they touch."""
    ruled = {key: rules for key in keys if (rules := _new_rules(law, key, on - timedelta(1), on, known))}
    if not ruled:
        return []
    distinct = list({rule.id: rule for rules in ruled.values() for rule in rules}.values())
    what, citation = ("; ".join(getattr(rule, name) for rule in distinct) for name in ("why", "citation"))
    return [Event(on, "Stacking", what, citation, tuple(ruled))]


def _new_rules(law: Law, key: str, first: date, second: date, known: date) -> list[Rule]:
    """Return the stacking rules of the second day that are new, of those between duties that goods of ``key`` pay."""
    before = {rule.id: rule for rule in law.rules_of(first, known)}
    begun = [rule for rule in law.rules_of(second, known) if before.get(rule.id) is not rule]
    if not begun:
        return []
    groups = {measure.group for measure, _ in law.in_force(key, second, known) if not measure.exempts}
    return [rule for rule in begun if not (groups.isdisjoint(rule.when) or groups.isdisjoint(rule.excludes))]


def _summary(texts: list[str]) -> str:
    """Return the distinct texts, or how many there are where they are many."""
    distinct = sorted({text for text in texts if text}, key=lambda text: (len(text), text))
    if len(distinct) > 3:
        return f"{distinct[0]} to {distinct[-1]}"
    return ", ".join(distinct)


@dataclass(frozen=True, slots=True)
class InForce:
    """A measure in force."""

    __pydantic_config__: ClassVar = {"use_attribute_docstrings": True}

    measure: str
    authority: str
    what: str
    citation: str
    heading: str
    since: date
    until: date | None
    """First day on which another act sets the rate or none does, as known."""
    why: str


def in_force(on: str | date, origin: str | None = None, known: str | date | None = None) -> list[InForce]:
    """Return the measures in force on a day, for goods of ``origin`` or, without it, of any origin.

    An exemption is listed as long as there is a duty that it relieves. Without an origin an act is listed once, with
    the end it has for the first origin it governs.

    Raises:
        BadInput: no such origin, or not a date.
    """
    entered, public = day(on, "on"), date.max if known is None else day(known, "known")
    law = us_law()
    keys = [origin_of(origin)] if origin else list(weighted_origins())
    found: dict[tuple[str, str, str], InForce] = {}
    for key in keys:
        bearing = law.in_force(key, entered, public)
        owed = {measure.group for measure, _ in bearing if not measure.exempts}
        for measure, act in bearing:
            if measure.exempts and owed.isdisjoint(measure.exempts):
                continue
            found.setdefault(
                (measure.id, act.citation, words_of(act)),
                InForce(
                    measure=measure.id,
                    authority=measure.authority,
                    what=words_of(act),
                    citation=act.citation,
                    heading=act.heading,
                    since=act.applies_from,
                    until=measure.until(act, entered, public, key),
                    why=": ".join(text for text in (measure.why, act.why) if text),
                ),
            )
    return list(found.values())
