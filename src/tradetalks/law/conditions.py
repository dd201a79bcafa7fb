"""Conditions: what would hold if something were so of the goods that the question does not say.

Goods on the water when a duty began, the country where metal was melted, a quota that is full: each puts
other terms in the place of those of the measures it names (:class:`tradetalks.law.measure.Condition`).
The evaluator then runs as ever, so what the duty displaced comes back where it falls away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tradetalks.law.evaluate import Bearing, bearings
from tradetalks.law.measure import Act, Condition, Law
from tradetalks.law.scope import Lines

Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Supposition:
    """A condition, the act of it that would govern, and the rows where it would change what does."""

    condition: Condition
    act: Act
    rows: Positions


def suppositions(law: Law, terms: Iterable[Bearing], bearing: Sequence[Bearing], lines: Lines) -> list[Supposition]:
    """Return the conditions that would change the terms of some row.

    Args:
        law: whose conditions.
        terms: which of their terms govern which rows.
        bearing: the measures that bear on the rows.
        lines: the line of each row, N of them.
    """
    owner = {one.terms.id: one for one in law.conditions}
    found = []
    for term in terms:
        condition = owner[term.measure.id]
        reached = np.zeros(len(lines), dtype=bool)
        for one in bearing:
            if one.measure.id in condition.measures and _differ(one.act, term.act):
                reached[one.at(lines)] = True
        rows = term.at(lines)
        rows = rows[reached[rows]]
        if len(rows):
            found.append(Supposition(condition, term.act, rows))
    return found


def supposed(bearing: list[Bearing], held: Sequence[Supposition], rows: int) -> list[Bearing]:
    """Return the measures that bear on the N ``rows`` if the conditions ``held`` are so."""
    for one in held:
        found = []
        meant = np.zeros(rows, dtype=bool)
        meant[one.rows] = True
        for duty in bearing:
            if duty.measure.id not in one.condition.measures:
                found.append(duty)
                continue
            at = np.arange(rows) if duty.rows is None else duty.rows
            if not meant[at].any():
                found.append(duty)
                continue
            if len(rest := at[~meant[at]]):
                found.append(replace(duty, rows=rest))
            if one.act.treatment != "exempt":
                found.append(Bearing(duty.measure, one.act, at[meant[at]]))
        bearing = found
    return bearing


def holding(conditions: Iterable[Condition]) -> list[frozenset[str]]:
    """Return the combinations of conditions that may be so together, by their ids: of each fact none or one."""
    facts: dict[str, list[frozenset[str]]] = {}
    for one in conditions:
        facts.setdefault(one.fact, [frozenset()]).append(frozenset({one.terms.id}))
    return [frozenset[str]().union(*combination) for combination in product(*facts.values())]


def mixture(law: Law, lines: Lines, origin: str, on: date, known: date) -> list[tuple[float, list[Bearing]]]:
    """Return (share of trade, what bears on it): one, or one for each combination of conditions assumed in part."""
    plain = bearings(law, origin, on, known)
    assumed = replace(law, conditions=tuple(one for one in law.conditions if one.share))
    terms = bearings(Law(tuple(one.terms for one in assumed.conditions), ()), origin, on, known)
    found = suppositions(assumed, terms, plain, lines)
    cases = []
    for held in holding(one.condition for one in found):
        share = 1.0
        for fact in {one.condition.fact for one in found}:
            shares = {one.condition.terms.id: one.condition.share for one in found if one.condition.fact == fact}
            so = held & shares.keys()
            share *= sum(shares[name] for name in so) if so else 1.0 - sum(shares.values())
        some = [one for one in found if one.condition.terms.id in held]
        cases.append((share, supposed(plain, some, len(lines))))
    return cases


def _differ(now: Act, then: Act) -> bool:
    return (now.treatment, now.rate_pct) != (then.treatment, then.rate_pct)
