"""The evaluator: what the measures in force put on a set of lines of one origin on one day.

One function, vectorised over lines, pure. A single duty calls it with one line, an average with
thousands. Facts that decide whether a measure applies (a USMCA claim, civil aircraft) are definite
here: an average over trade of which only a share claims is a mixture of two evaluations, because the
same goods claim under every measure. Only shares of *value* (metal content) are fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tradetalks.law.measure import Act, Law, Measure, Rule
from tradetalks.law.scope import Floats, Lines


@dataclass(slots=True)
class Part:
    """What one measure puts on each line."""

    measure: Measure
    act: Act
    reach: Floats
    """Share of the line that the measure's own scope reaches (0 to 1)."""
    content: Floats
    """Share of the value on which the duty falls."""
    rate: Floats
    """Percentage points on the value reached; NaN where a ceiling tops up an unknown rate."""
    kept: Floats
    """Share left by exemptions and by stacking rules."""
    relieved: list[tuple[Floats, tuple[Measure, Act] | Rule]] = field(default_factory=list)
    """Who took what share away."""

    def points(self) -> Floats:
        """Return percentage points of customs value; 0 where the measure does not reach."""
        weight = self.reach * self.content * self.kept
        return np.where(weight == 0, 0.0, weight * self.rate)


@dataclass(slots=True)
class Evaluation:
    """The ordinary rate of each line and what each measure puts on it, in percent of customs value."""

    lines: Lines
    base: Floats
    parts: list[Part]

    def total(self) -> Floats:
        """Return the whole rate in percent; NaN where the ordinary rate is unknown."""
        total: Floats = self.base + sum((part.points() for part in self.parts), np.zeros(len(self.lines)))
        return total


def evaluate(
    law: Law,
    lines: Lines,
    origin: str,
    on: date,
    known: date,
    base: Floats,
    facts: Mapping[str, Floats],
) -> Evaluation:
    """Return what the law puts on ``lines`` of ``origin`` entered on ``on``, as it was known on ``known``.

    Args:
        law: measures and stacking rules.
        lines: the lines, L of them.
        origin: ISO3 code, or ``EU`` for its members.
        on: day of entry for consumption.
        known: nothing that became public after this day is used.
        base: ordinary rate of each line in percent, shape (L,); NaN where unknown.
        facts: ``usmca`` and ``aircraft`` (0 or 1), ``steel``, ``aluminium`` and ``copper`` (shares of
            value), each of shape (L,).
    """
    ones = np.broadcast_to(1.0, len(lines))
    parts: list[Part] = []
    reliefs: list[tuple[Measure, Act, Floats]] = []
    for measure, act in law.in_force(origin, on, known):
        reach = lines.covered(measure.lists, measure.except_lists)
        if measure.claim is not None and measure.claim != "list":
            reach = reach * facts[measure.claim] * measure.claim_times
        if not reach.any():
            continue
        if measure.exempts:
            reliefs.append((measure, act, reach))
            continue
        if act.treatment == "ceiling":
            rate = np.maximum(0.0, act.rate_pct - base)
        elif act.treatment == "replace":
            rate = act.rate_pct - base
        else:
            rate = np.broadcast_to(act.rate_pct, len(lines))
        content = facts[measure.content] if measure.content else ones
        parts.append(Part(measure, act, reach, content, rate, kept=ones))

    for measure, act, reach in reliefs:
        for part in parts:
            if part.measure.group in measure.exempts:
                _relieve(part, reach, (measure, act))
    for rule in law.rules_of(on, known):
        trigger = np.zeros(len(lines))
        for part in parts:
            if part.measure.group in rule.when:
                hit = part.reach * part.kept
                trigger += hit * (part.content > 0) if rule.part == "whole" else hit * part.content
        trigger = np.minimum(trigger, 1.0)
        if trigger.any():
            for part in parts:
                if part.measure.group in rule.excludes:
                    _relieve(part, trigger, rule)
    return Evaluation(lines, base, parts)


def _relieve(part: Part, share: Floats, who: tuple[Measure, Act] | Rule) -> None:
    taken = share * (part.reach > 0)
    if taken.any():
        part.relieved.append((taken, who))
        part.kept = part.kept * (1.0 - taken)
