"""What the facts that nobody states leave open: the lowest and highest total of each row, and what decides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tradetalks.law.conditions import Supposition, holding, supposed
from tradetalks.law.evaluate import Bearing, Evaluation, Ruling, settle
from tradetalks.law.facts import METALS, facts_of
from tradetalks.law.measure import Condition
from tradetalks.law.rows import Flags, Positions, Rows
from tradetalks.law.scope import Floats

#: What the facts of :class:`Facts` are called, by their bits; those of conditions follow.
SUFFIX = 1
FACTS = {
    SUFFIX: "the statistical suffix",
    2: "whether a preference is claimed",
    4: "whether they are articles of civil aircraft",
    8: "the metal they contain",
    16: "whether they are the goods of the line that a duty is meant for",
    32: "whether they are the goods of the line that are exempt, and that is claimed",
    64: "how a contested text is read",
    128: "whether they were imported before the prohibition",
}
FIRST_CONDITION = 256


@dataclass(frozen=True, slots=True)
class Facts:
    """What is taken to be so of the goods, where the question does not say."""

    usmca: bool = False
    """A preference (of Canada and Mexico USMCA) is claimed."""
    aircraft: bool = False
    """They are articles of civil aircraft."""
    content: str | None = None
    """The metal they are made of, "" for none; None takes the assumed shares."""
    listed: float = math.nan
    """Whether they are those on which a list puts a duty: 0, 1, or as most of the line's trade."""
    claimed: bool = False
    """Whether they are those that a list exempts, and that is claimed."""
    contested: bool = True
    """Whether contested readings are taken."""
    held: frozenset[str] = frozenset()
    """Ids of the conditions that are so."""
    barred: bool = True
    """Whether prohibitions hold; not for goods imported before them."""


def settle_rows(rows: Rows, facts: Facts) -> Evaluation:
    """Return what the law puts on the rows if ``facts`` are so."""
    return settle(_terms(rows, facts), rows.ruling, rows.lines, _base(rows, facts), _shares(rows, facts))


def _terms(rows: Rows, facts: Facts) -> list[Bearing]:
    """Return the measures that bear on the rows if contested readings and conditions are as ``facts`` say."""
    bearing = [one for one in rows.bearing if facts.contested or not one.measure.contested]
    held = [one for one in rows.supposed if one.condition.terms.id in facts.held]
    return supposed(bearing, held, len(rows.lines))


def _base(rows: Rows, facts: Facts) -> Floats:
    return np.fmin(rows.base, rows.preferred) if facts.usmca else rows.base


def _shares(rows: Rows, facts: Facts) -> dict[str, Floats]:
    """Return what the evaluator asks of the goods of each row."""
    shares = facts_of(rows.lines, usmca=False, aircraft=facts.aircraft)
    shares["usmca"] = rows.north.astype(np.float64) * facts.usmca
    stated = {"listed": facts.listed, "claimed": facts.claimed, "preference": facts.usmca, "barred": facts.barred}
    shares |= {name: np.full(len(rows.lines), float(value)) for name, value in stated.items()}
    if rows.price is not None:
        shares["price"] = rows.price
    if rows.us_content is not None:
        shares["us_content"] = rows.us_content
    if facts.content is not None:
        shares |= {metal: np.full(len(rows.lines), float(metal == facts.content)) for metal in METALS}
    return shares


def _totals(rows: Rows, terms: Sequence[Facts], goods: Sequence[Facts]) -> Floats:
    """Return the total of each row (N) for each of T readings of the terms and G sorts of goods: (T, G, N).

    Infinite where importing is prohibited. The sorts of goods are settled together, as copies of the rows.
    """
    size, copies = len(rows.lines), len(goods)
    lines = rows.lines.take(np.tile(np.arange(size), copies))
    ruling = [Ruling(one.rule, None if one.rows is None else np.tile(one.rows, copies)) for one in rows.ruling]
    base = np.concatenate([_base(rows, facts) for facts in goods])
    each = [_shares(rows, facts) for facts in goods]
    shares = {name: np.concatenate([one[name] for one in each]) for name in each[0]}
    begin = size * np.arange(copies)[:, None]
    found = []
    for facts in terms:
        bearing = [
            Bearing(one.measure, one.act, None if one.rows is None else (begin + one.rows).ravel())
            for one in _terms(rows, facts)
        ]
        case = settle(bearing, ruling, lines, base, shares)
        found.append(np.where(case.prohibited(), np.inf, case.total()).reshape(copies, size))
    return np.array(found)


def _split(rows: Rows, group: Positions) -> list[tuple[Positions, Rows]]:
    """Return the rows of each group but those of group 0, with the measures that reach any of them.

    ``group`` is the number of each row's group; the rows stand for questions no more.
    """
    order = np.argsort(group, kind="stable")
    numbers, starts, counts = np.unique(group[order], return_index=True, return_counts=True)
    which = np.searchsorted(numbers, group)
    place = np.empty(len(group), dtype=np.intp)
    place[order] = np.arange(len(group)) - np.repeat(starts, counts)
    bearing: list[list[Bearing]] = [[] for _ in numbers]
    supposed: list[list[Supposition]] = [[] for _ in numbers]
    for one in rows.bearing:
        for n, mine in _shared(one.at(rows.lines), which, place):
            bearing[n].append(Bearing(one.measure, one.act, None if one.rows is None else mine))
    for condition in rows.supposed:
        for n, mine in _shared(condition.rows, which, place):
            supposed[n].append(replace(condition, rows=mine))
    found = []
    for n, part in enumerate(np.split(order, starts[1:])):
        if numbers[n]:
            some = Rows(
                question=rows.question[part],
                first=np.arange(0),
                lines=rows.lines.take(part),
                base=rows.base[part],
                average=rows.average[part],
                preferred=rows.preferred[part],
                offered=rows.offered[part],
                north=rows.north[part],
                bearing=bearing[n],
                ruling=[Ruling(one.rule, None if one.rows is None else one.rows[part]) for one in rows.ruling],
                supposed=supposed[n],
                price=None if rows.price is None else rows.price[part],
                us_content=None if rows.us_content is None else rows.us_content[part],
            )
            found.append((part, some))
    return found


def _shared(at: Positions, which: Positions, place: Positions) -> list[tuple[int, Positions]]:
    """Return, of the rows ``at``, those of each group: its number and their positions in it."""
    group = which[at]
    order = np.argsort(group, kind="stable")
    numbers, starts = np.unique(group[order], return_index=True)
    return list(zip(numbers.tolist(), np.split(place[at[order]], starts[1:]), strict=False))


def conditions_of(rows: Rows) -> list[Condition]:
    """Return the conditions that bear on some of the rows, each once."""
    return list({one.condition.terms.id: one.condition for one in rows.supposed}.values())


def corners(rows: Rows, total: Floats, banned: Flags) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the lowest and highest total of each row over the :class:`Facts` that are open to it, and which decide.

    What may not be imported (``banned``) has no total; its range is that of goods imported before the ban. A fact
    decides where some total differs by it alone.
    """
    low, high = np.where(banned, np.nan, total), np.where(banned, np.nan, total)
    decides = np.zeros(len(total), dtype=np.int64)
    aircraft, content, listed, claimed, contested, barred, preferred = _scopes(rows)
    claims = rows.offered | rows.north | preferred
    groups = np.zeros(len(total), dtype=np.int64)
    for bit_of, asked in zip(
        (2, 4, 8, 16, 32, 64, 128), (claims, aircraft, content, listed, claimed, contested, barred), strict=True
    ):
        groups += bit_of * asked
    conditions = conditions_of(rows)
    bit = {one.terms.id: FIRST_CONDITION << n for n, one in enumerate(conditions)}
    for one in rows.supposed:
        groups[one.rows] |= bit[one.condition.terms.id]
    for part, some in _split(rows, groups) if groups.any() else ():
        group = int(groups[part[0]])
        held = holding([one for one in conditions if group & bit[one.terms.id]])
        dutiable = {one.measure.content for one in some.bearing}
        readings = (True, False) if group & 64 else (True,)
        axes = (
            (False, True) if group & 2 else (False,),
            (False, True) if group & 4 else (False,),
            (None, "", *(metal for metal in METALS if metal in dutiable)) if group & 8 else (None,),
            (0.0, 1.0) if group & 16 else (math.nan,),
            (False, True) if group & 32 else (False,),
            (True, False) if group & 128 else (True,),
        )
        terms = [Facts(contested=reading, held=one) for reading, one in product(readings, held)]
        goods = [Facts(*option[:5], barred=option[5]) for option in product(*axes)]
        cases = _totals(some, terms, goods).reshape(len(readings), len(held), *map(len, axes), len(part))
        finite = np.where(np.isinf(cases), np.nan, cases).reshape(-1, len(part))
        low[part], high[part] = np.fmin(low[part], _fmin(finite)), np.fmax(high[part], -_fmin(-finite))
        for axis, fact in enumerate((64, 0, 2, 4, 8, 16, 32, 128)):
            if fact and cases.shape[axis] > 1:
                decides[part] |= fact * _varies(cases, axis)
        for name in (name for name in bit if group & bit[name]):
            pairs = [(n, held.index(one - {name})) for n, one in enumerate(held) if name in one]
            for pair in pairs:
                decides[part] |= bit[name] * _varies(cases[:, pair], 1)
    return low, high, decides


def _fmin(cases: Floats) -> Floats:
    """Return the least of each column; NaN where all are."""
    least: Floats = np.fmin.reduce(cases, axis=0)
    return least


def _varies(cases: Floats, axis: int) -> Flags:
    """Return, of each row (the last axis), whether some total differs along ``axis`` alone."""
    first = np.take(cases, [0], axis=axis)
    with np.errstate(invalid="ignore"):
        differs = (np.abs(cases - first) > 1e-9) | (np.isfinite(cases) != np.isfinite(first))
    found: Flags = differs.reshape(-1, cases.shape[-1]).any(axis=0)
    return found


def _scopes(rows: Rows) -> NDArray[np.bool_]:
    """Return which rows are in the scope of a measure that asks for a fact: (7, N).

    The facts: civil aircraft, metal content, what a list puts a duty on, what a list exempts, a contested reading,
    a prohibition, a preference claimed.
    """
    found: Flags = np.zeros((7, len(rows.question)), dtype=bool)
    for one in rows.bearing:
        measure, banned = one.measure, one.act.treatment == "prohibit"
        asks = measure.claim in ("aircraft", "list", "listed", "preference")
        if not (asks or measure.content or measure.contested or banned):
            continue
        at = one.at(rows.lines)
        partly = at[rows.lines.covered(measure.lists, measure.except_lists)[at] < 1]
        if measure.claim == "aircraft":
            found[0, at] = True
        if measure.content:
            found[1, at] = True
        if measure.claim in ("list", "listed"):
            found[3 if measure.exempts and measure.claim == "list" else 2, partly] = True
        if measure.contested:
            found[4, at] = True
        if banned:
            found[5, at] = True
        if measure.claim == "preference":
            found[6, at] = True
    return found
