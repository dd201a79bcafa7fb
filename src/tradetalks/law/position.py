"""The legal position of goods: which acts and stacking rules govern an origin on a day, for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tradetalks.law.evaluate import Bearing, Ruling, bearings, rulings
from tradetalks.law.measure import Act, Law, Measure

Days = NDArray[np.int64]
"""Days as :meth:`date.toordinal` counts them."""

#: Later than every act.
FOREVER = date.max.toordinal()


def ordinals(days: Sequence[date | None]) -> Days:
    """Return days as numbers; None is later than every act."""
    known = {day: FOREVER if day is None else day.toordinal() for day in set(days)}
    return np.array([known[day] for day in days], dtype=np.int64)


def governing(
    measure: Measure, allowed: NDArray[np.bool_], keys: Sequence[str], key: NDArray[np.intp], on: Days, known: Days
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows that ``measure`` bears on and the number of the act that governs each (-1: none).

    The vector form of :meth:`Measure.act`: of the acts known that cover the day, the one known last.
    """
    rows = np.flatnonzero(allowed[key])
    chosen = np.full(len(rows), -1, dtype=np.intp)
    key, on, known = key[rows], on[rows], known[rows]
    order = sorted(range(len(measure.acts)), key=lambda n: (measure.acts[n].known_from, measure.acts[n].applies_from))
    for number in order if len(rows) else ():
        act = measure.acts[number]
        covers = (known >= act.known_from.toordinal()) & (on >= act.applies_from.toordinal())
        if act.applies_until is not None:
            covers &= on < act.applies_until.toordinal()
        if not _everyone(act):
            covers &= np.array([origin in act.origins for origin in keys])[key]
        chosen[covers] = number
    return rows, chosen


def _everyone(act: Act) -> bool:
    return act.origins.named is None and not act.origins.excluded


def bearings_of(law: Law, keys: Sequence[str], key: NDArray[np.intp], on: Days, known: Days) -> list[Bearing]:
    """Return the measures that bear on the rows, each act with the rows on which it governs.

    Args:
        law: the measures.
        keys: names of origins as the law knows them.
        key: of each row the position of its origin in ``keys``, shape (N,).
        on: day of entry of each row.
        known: nothing that became public after this day is used.
    """
    if (key == key[0]).all() and (on == on[0]).all() and (known == known[0]).all():
        then = date.fromordinal(int(on[0])), date.fromordinal(int(known[0]))
        return bearings(law, keys[int(key[0])], *then)
    found = []
    for measure in law.measures:
        allowed = np.array([origin in measure.origins for origin in keys])
        rows, chosen = governing(measure, allowed, keys, key, on, known)
        for number in np.flatnonzero(np.bincount(chosen[chosen >= 0])).tolist():
            act = measure.acts[number]
            if act.exempting:
                found.append(Bearing(measure, act, rows[chosen == number]))
    return found


def rulings_of(law: Law, on: Days, known: Days) -> list[Ruling]:
    """Return the stacking rules in the order of their names, each with the rows on which it holds."""
    if (on == on[0]).all() and (known == known[0]).all():
        return rulings(law, date.fromordinal(int(on[0])), date.fromordinal(int(known[0])))
    # Days between the same two turns of the rules are one.
    firsts = np.array(sorted({rule.applies_from.toordinal() for rule in law.rules}))
    public = np.array(sorted({rule.known_from.toordinal() for rule in law.rules}))
    stage = np.searchsorted(firsts, on, "right") * (len(public) + 1) + np.searchsorted(public, known, "right")
    stages, row = np.unique(stage, return_inverse=True)
    holds: dict[str, dict[int, list[int]]] = {rule.id: {} for rule in law.rules}
    number = {id(rule): n for n, rule in enumerate(law.rules)}
    for position, (first, seen) in enumerate(divmod(int(one), len(public) + 1) for one in stages):
        if first and seen:
            then = date.fromordinal(firsts[first - 1]), date.fromordinal(public[seen - 1])
            for rule in law.rules_of(*then):
                holds[rule.id].setdefault(number[id(rule)], []).append(position)
    found = []
    for variants in holds.values():
        for n, positions in variants.items():
            mask = np.zeros(len(stages), dtype=bool)
            mask[positions] = True
            found.append(Ruling(law.rules[n], mask[row.ravel()]))
    return found
