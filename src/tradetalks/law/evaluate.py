"""The evaluator: what the measures that bear on goods put on them.

One function, :func:`settle`, vectorised over *rows*: a row is a line of an origin on a day. A single
duty calls it with a row or a few, a shipment list with all its rows, an average or the panel with all
the lines of one legal position. Facts that decide whether a measure applies (a USMCA claim, civil
aircraft) are definite here: an average over trade of which only a share claims is a mixture of two
evaluations, because the same goods claim under every measure. Only shares of *value* (metal content)
and of what a list means by a line are fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tradetalks.law.measure import Act, Law, Measure, Rule
from tradetalks.law.scope import Floats, Lines

Positions = NDArray[np.intp]


#: A list means the goods of a line where it means at least this share of their trade.
MOST = 0.5


@dataclass(frozen=True, slots=True)
class Bearing:
    """A measure, the act of it that governs, and the rows on which it does (None: on all)."""

    measure: Measure
    act: Act
    rows: Positions | None = None

    def at(self, lines: Lines) -> Positions:
        """Return the rows, of ``lines``, that the scope of the measure names and the act governs."""
        measure = self.measure
        named = measure.claim in ("list", "listed")
        if self.rows is None:
            return lines.where(measure.lists, measure.except_lists, named=named)
        share = lines.named if named else lines.covered
        return self.rows[share(measure.lists, measure.except_lists)[self.rows] > 0]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A stacking rule and the rows on which it holds (None: on all)."""

    rule: Rule
    rows: NDArray[np.bool_] | None = None


@dataclass(slots=True)
class Reach:
    """Measures of one scope and where they reach: the rows, ascending, and which of the acts governs each."""

    acts: list[tuple[Measure, Act]]
    at: Positions
    which: Positions
    reach: Floats
    """Share of each of these rows that the scope covers (above 0, at most 1)."""

    @property
    def measure(self) -> Measure:
        """The measure, or the first of several with the same scope."""
        return self.acts[0][0]

    @property
    def act(self) -> Act:
        """The act that governs the first row."""
        return self.acts[int(self.which[0])][1]

    def place(self, row: int) -> int | None:
        """Return the position of ``row`` in ``at``; None if it is not reached."""
        position = int(np.searchsorted(self.at, row))
        return position if position < len(self.at) and self.at[position] == row else None

    def who(self, row: int) -> tuple[Measure, Act]:
        """Return the measure and act that govern ``row``, one of those reached."""
        return self.acts[int(self.which[np.searchsorted(self.at, row)])]


@dataclass(slots=True)
class Part(Reach):
    """What measures of one scope put on the rows they reach."""

    rows: int
    """Number of rows in all."""
    content: Floats
    """Share of the value on which the duty falls."""
    rate: Floats
    """Percentage points on the value reached; NaN where a ceiling tops up an unknown rate."""
    ordinary: Floats
    """The ordinary rate in percent, from which ceilings and replaced rates are counted."""
    kept: Floats
    """Share left by exemptions and by stacking rules."""
    relieved: list[tuple[Floats, Reach | Rule]] = field(default_factory=list)
    """Who took what share away, on the rows of ``at``."""

    def open(self) -> NDArray[np.bool_]:
        """Return where anything but the US content that is stated takes a share away."""
        stated = np.ones(len(self.at))
        for share, who in self.relieved:
            if isinstance(who, Reach) and who.measure.claim == "us-content":
                stated = stated * (1.0 - share)
        found: NDArray[np.bool_] = self.kept < stated
        return found

    def local(self) -> Floats:
        """Return percentage points of customs value on the rows of ``at``; 0 where all is taken away."""
        weight = self.reach * self.content * self.kept
        return np.where(weight == 0, 0.0, weight * self.rate)

    def points(self) -> Floats:
        """Return percentage points of customs value on every row; 0 where the measure does not reach."""
        whole = np.zeros(self.rows)
        whole[self.at] = self.local()
        return whole


@dataclass(slots=True)
class Evaluation:
    """The ordinary rate of each row and what each measure puts on it, in percent of customs value."""

    lines: Lines
    base: Floats
    parts: list[Part]
    reliefs: list[Reach]

    def total(self) -> Floats:
        """Return the whole rate in percent; NaN where the ordinary rate is unknown, or importing is prohibited."""
        total = self.base.copy()
        for part in self.parts:
            total[part.at] += part.local()
        return total

    def prohibited(self) -> NDArray[np.bool_]:
        """Return which rows may not be imported."""
        found = np.zeros(len(self.lines), dtype=bool)
        for part in self.parts:
            banned = np.array([act.treatment == "prohibit" for _, act in part.acts])
            if banned.any():
                found[part.at[banned[part.which] & (part.kept > 0)]] = True
        return found


def bearings(law: Law, origin: str, on: date, known: date) -> list[Bearing]:
    """Return the measures that bear on goods of ``origin`` entered on ``on``, as known on ``known``."""
    return [Bearing(measure, act) for measure, act in law.in_force(origin, on, known)]


def rulings(law: Law, on: date, known: date) -> list[Ruling]:
    """Return the stacking rules of the day ``on`` as known on ``known``."""
    return [Ruling(rule) for rule in law.rules_of(on, known)]


def settle(
    bearing: Sequence[Bearing],
    ruling: Iterable[Ruling],
    lines: Lines,
    base: Floats,
    facts: Mapping[str, Floats],
) -> Evaluation:
    """Return what the measures in ``bearing`` put on the rows, after exemptions and stacking rules.

    Args:
        bearing: measures, their acts and the rows on which each governs.
        ruling: stacking rules in their order, and the rows on which each holds.
        lines: the line of each row, N of them.
        base: ordinary rate of each row in percent, shape (N,); NaN where unknown.
        facts: ``usmca`` and ``aircraft`` (0 or 1), ``steel``, ``aluminium`` and ``copper`` (shares of
            value), each of shape (N,). Of a line that a list means in part the share in the list counts,
            unless ``listed`` says whether the goods are those on which the list puts a duty (0, 1, or NaN: as
            most of the line's trade), and ``claimed`` whether those that it exempts (0 or 1). ``preference``
            likewise says whether the agreement of the origin is claimed. ``us_content`` is the share of value that is
            of the United States; without it (or where NaN) as assumed. ``barred`` (1) makes prohibitions
            hold; left out of averages, which weigh goods that came in. ``price`` is USD a unit, without which
            (or where NaN) duties in USD a unit are not counted.
    """
    parts: list[Part] = []
    reliefs: list[Reach] = []
    for group in _alike(bearing, len(lines)):
        reached = _reach(group, lines, facts)
        if reached is None:
            continue
        measure = reached.measure
        if measure.exempts:
            reliefs.append(reached)
            continue
        if any(act.treatment == "replace" for _, act in reached.acts):
            base = _replaced(base, reached)
        content = facts[measure.content][reached.at] if measure.content else np.ones(len(reached.at))
        ordinary = base[reached.at]
        parts.append(
            Part(
                reached.acts,
                reached.at,
                reached.which,
                reached.reach,
                rows=len(lines),
                content=content,
                rate=_rates(reached, ordinary, facts.get("price")),
                ordinary=ordinary,
                kept=np.ones(len(reached.at)),
            )
        )

    share = np.zeros(len(lines))
    for relief in reliefs:
        share[relief.at] = relief.reach
        for part in parts:
            if part.measure.group in relief.measure.exempts:
                _relieve(part, share[part.at], relief)
        share[relief.at] = 0.0
    groups = {part.measure.group for part in parts}
    for rule in ruling:
        if not (groups.isdisjoint(rule.rule.when) or groups.isdisjoint(rule.rule.excludes)):
            _stack(rule, parts, len(lines))
    return Evaluation(lines, base, parts, reliefs)


def rerated(case: Evaluation, rates: Mapping[str, float]) -> Evaluation:
    """Return ``case`` with other ``rates`` of measures, by id, in percent: whom these reach, what frees goods of them
    and which yields to which does not rest on their rates.

    Where a price was stated, or a condition took the place of one of these measures, it is wrong; read the law anew.
    """
    parts = []
    for part in case.parts:
        if any(measure.id in rates for measure, _ in part.acts):
            acts = [(one, replace(act, rate_pct=float(rates.get(one.id, act.rate_pct)))) for one, act in part.acts]
            part = replace(part, acts=acts)
            part.rate = _rates(part, part.ordinary, None)
        parts.append(part)
    return replace(case, parts=parts)


def _alike(bearing: Sequence[Bearing], rows: int) -> list[list[Bearing]]:
    """Return the bearings in groups of equal scope and effect whose rows are apart, in their order."""
    if all(one.rows is None for one in bearing):
        return [[one] for one in bearing]
    groups: dict[object, list[tuple[NDArray[np.bool_], list[Bearing]]]] = {}
    order: list[list[Bearing]] = []
    for one in bearing:
        measure = one.measure
        scope = (measure.group, measure.lists, measure.except_lists, measure.exempts, measure.content)
        rivals = groups.setdefault((scope, measure.claim, measure.claim_times, measure.contested), [])
        at: Positions | slice = slice(None) if one.rows is None else one.rows
        taken, group = next(
            (rival for rival in rivals if not rival[0][at].any()), (np.zeros(rows, dtype=bool), list[Bearing]())
        )
        if not group:
            rivals.append((taken, group))
            order.append(group)
        taken[at] = True
        group.append(one)
    return order


def _reach(group: list[Bearing], lines: Lines, facts: Mapping[str, Floats]) -> Reach | None:
    measure = group[0].measure
    if measure.claim == "us-content" and "us_content" not in facts:
        return None
    covered = lines.covered(measure.lists, measure.except_lists)
    definite = measure.claim in ("list", "listed") and "listed" in facts
    preferred = measure.claim == "preference" and "preference" in facts
    acts = [(one.measure, one.act) for one in group]
    if group[0].rows is None:
        at = lines.where(measure.lists, measure.except_lists, named=definite)
        which = np.zeros(len(at), dtype=np.intp)
    else:
        within = lines.named(measure.lists, measure.except_lists) if definite else covered
        rows = [one.rows[within[one.rows] > 0] for one in group if one.rows is not None]
        which = np.repeat(np.arange(len(rows), dtype=np.intp), [len(some) for some in rows])
        at = np.concatenate(rows)
        order = np.argsort(at, kind="stable")
        at, which = at[order], which[order]
    reach = covered[at]
    if definite:
        meant = facts["claimed" if measure.exempts and measure.claim == "list" else "listed"][at]
        meant = np.where(np.isnan(meant), reach >= MOST, meant)
        reach = np.where(reach < 1, meant, reach)
    elif preferred:
        reach = facts["preference"][at]
    elif measure.claim in ("usmca", "aircraft"):
        reach = reach * facts[measure.claim][at] * _freed(measure, at, facts)
    elif measure.claim == "us-content":
        reach = reach * _freed(measure, at, facts)
    reach = np.where(_silent(acts, at, which, facts), 0.0, reach)
    if not reach.all():
        some = reach > 0
        at, which, reach = at[some], which[some], reach[some]
    return Reach(acts, at, which, reach) if len(at) else None


def freed(measure: Measure, us_content: Floats) -> Floats:
    """Return the share of value that a claim frees of goods of the US content given (NaN: as assumed)."""
    if measure.us_content is None:
        return np.full(len(us_content), measure.claim_times)
    least, most = measure.us_content
    counted = np.where(us_content >= least, np.minimum(us_content, most), 0.0)
    return np.where(np.isnan(us_content), measure.claim_times, counted)


def _freed(measure: Measure, at: Positions, facts: Mapping[str, Floats]) -> Floats | float:
    return freed(measure, facts["us_content"][at]) if "us_content" in facts else measure.claim_times


def _replaced(base: Floats, reached: Reach) -> Floats:
    """Return ``base`` with 0 where it is unknown and a rate takes its place, so that the total is that rate."""
    replaced = np.array([act.treatment == "replace" for _, act in reached.acts])[reached.which]
    base = base.copy()
    at = reached.at[replaced & np.isnan(base[reached.at])]
    base[at] = 0.0
    return base


def _silent(
    acts: Sequence[tuple[Measure, Act]], at: Positions, which: Positions, facts: Mapping[str, Floats]
) -> NDArray[np.bool_] | bool:
    """Return which rows an act says nothing of for want of a fact: a price, or that prohibitions hold."""
    silent: NDArray[np.bool_] | bool = False
    if any(act.priced for _, act in acts):
        unpriced = np.isnan(facts["price"][at]) if "price" in facts else True
        silent = np.array([act.priced for _, act in acts])[which] & unpriced
    if any(act.treatment == "prohibit" for _, act in acts):
        free = facts["barred"][at] == 0 if "barred" in facts else True
        silent |= np.array([act.treatment == "prohibit" for _, act in acts])[which] & free
    return silent


def _rates(reached: Reach, base: Floats, price: Floats | None) -> Floats:
    """Return percentage points on the value reached.

    Of an addition its rate, of a ceiling what tops the ordinary rate up to it, of a minimum what tops the value up
    to it, of a specific duty its share of the value; NaN where importing is prohibited.
    """
    rate = np.array([act.rate_pct for _, act in reached.acts])[reached.which]
    kind = np.array([act.treatment for _, act in reached.acts])[reached.which]
    if (kind == "add").all():
        return rate
    found = np.where(kind == "ceiling", np.maximum(0.0, rate - base), np.where(kind == "replace", rate - base, rate))
    if price is not None and any(act.priced for _, act in reached.acts):
        specific = 100 * np.array([act.usd for _, act in reached.acts])[reached.which] / price[reached.at]
        found = np.where(kind == "minimum", np.maximum(0.0, specific - 100), found)
        found = np.where(kind == "specific", specific, found)
    return found


def _stack(ruling: Ruling, parts: list[Part], rows: int) -> None:
    rule = ruling.rule
    givers = [part for part in parts if part.measure.group in rule.when]
    takers = [part for part in parts if part.measure.group in rule.excludes]
    trigger = np.zeros(rows)
    for part in givers:
        hit = part.reach * part.kept
        trigger[part.at] += hit * (part.content > 0) if rule.part == "whole" else hit * part.content
    trigger = np.minimum(trigger, 1.0)
    if ruling.rows is not None:
        trigger = trigger * ruling.rows
    for part in takers:
        _relieve(part, trigger[part.at], rule)


def _relieve(part: Part, taken: Floats, who: Reach | Rule) -> None:
    if taken.any():
        part.relieved.append((taken, who))
        part.kept = part.kept * (1.0 - taken)
