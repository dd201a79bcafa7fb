"""The rows that questions mean: statistical lines of an origin on a day, with what bears on them, and no facts yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tradetalks.law.conditions import Supposition, suppositions
from tradetalks.law.editions import added
from tradetalks.law.evaluate import Bearing, Ruling
from tradetalks.law.measure import SCHEDULE_SINCE, Law, origin_key, us_law
from tradetalks.law.ordinary_rate import distinct, equivalents, every_line, texts_of
from tradetalks.law.position import bearings_of, ordinals, rulings_of
from tradetalks.law.question import Question
from tradetalks.law.schedule import COLUMN_2, PROGRAMME, edition_of
from tradetalks.law.scope import Floats, Lines

Positions = NDArray[np.intp]
Flags = NDArray[np.bool_]
#: Above this many rows the lines of the whole schedule are asked once, instead of those of the rows.
_FEW = 200


@dataclass(slots=True)
class Rows:
    """The statistical lines that the questions mean, N of them, and what they pay before any measure."""

    question: Positions
    first: Positions
    """Of each question its first row."""
    lines: Lines
    base: Floats
    """Ordinary rate, percent; NaN where unknown."""
    average: Flags
    """The ordinary rate is an average of 2024 and a shipment pays more or less."""
    preferred: Floats
    """Rate under the origin's trade agreement, percent; NaN where there is none."""
    offered: Flags
    """Whether there is such a rate and something to gain by it."""
    north: Flags
    """Goods of Canada and Mexico, which may claim USMCA."""
    bearing: list[Bearing]
    ruling: list[Ruling]
    supposed: list[Supposition] = field(default_factory=list)
    """Conditions that would change what governs some of the rows."""
    price: Floats | None = None
    """Value over quantity, USD a unit; NaN (or None for all) where not given."""
    us_content: Floats | None = None
    """Share of value that is of the United States; NaN (or None for all) where not given."""


def rows_of(questions: Sequence[Question]) -> Rows:
    """Return the statistical lines that the questions mean, in their order."""
    counts = np.array([len(question.found) for question in questions])
    question = np.repeat(np.arange(len(questions)), counts)
    first = np.cumsum(counts) - counts
    place = np.fromiter(chain.from_iterable(one.found for one in questions), np.intp, int(counts.sum()))
    keys, key = distinct([origin_key(one.iso3) for one in questions])
    lands, land = distinct([one.iso3 for one in questions])
    on, known = ordinals([one.on for one in questions]), ordinals([one.known for one in questions])

    editions, edition = _editions(questions)
    codes = np.empty(len(place), dtype="U10")
    base, preferred = np.full(len(place), np.nan), np.full(len(place), np.nan)
    average, offered = np.zeros(len(place), dtype=bool), np.zeros(len(place), dtype=bool)
    second = np.isin(np.array(lands), list(COLUMN_2))[land][question]
    value, quantity = (
        np.array([getattr(one, name) or np.nan for one in questions])[question] for name in ("value", "quantity")
    )
    for n, when in enumerate(editions):
        mine = np.flatnonzero(edition[question] == n)
        texts, at = texts_of(when, added()), place[mine]
        codes[mine] = texts.codes[at]
        for (pct, amount), use in ((texts.general, ~second[mine]), (texts.other, second[mine])):
            exact = pct[at] + 100 * np.where(amount[at] == 0, 0.0, amount[at] * quantity[mine] / value[mine])
            base[mine[use]] = np.round(exact[use], 6)
        for n_land, name in enumerate(lands):
            if name in PROGRAMME:
                ours = mine[land[question[mine]] == n_land]
                preferred[ours] = texts.offers(PROGRAMME[name])[place[ours]]
        pct, amount = texts.general
        offered[mine] = (preferred[mine] < pct[at]) | ((amount[at] != 0) & ~np.isnan(preferred[mine]))
    gap = np.isnan(base) & ~second
    if gap.any():
        asked = np.array([one.line for one in questions])[question[gap]]
        base[gap] = np.round(equivalents(asked), 6)
        average = gap & ~np.isnan(base)
    early = on[question] < SCHEDULE_SINCE.toordinal()
    base[early], preferred[early], average = np.nan, np.nan, average & ~early
    offered &= ~early

    if len(place) > _FEW:
        whole = every_line()
        lines = whole.take(np.searchsorted(whole.codes, codes))
    else:
        unique, index = np.unique(codes, return_inverse=True)
        lines = Lines(unique).take(index.ravel())
    law = us_law()
    where = keys, key[question], on[question], known[question]
    bearing = bearings_of(law, *where)
    terms = bearings_of(Law(tuple(one.terms for one in law.conditions), ()), *where)
    return Rows(
        question=question,
        first=first,
        lines=lines,
        base=base,
        average=average,
        preferred=preferred,
        offered=offered,
        north=np.isin(np.array(lands), ["CAN", "MEX"])[land][question],
        bearing=bearing,
        ruling=rulings_of(law, on[question], known[question]),
        supposed=suppositions(law, terms, bearing, lines),
        price=value / quantity,
        us_content=np.array([np.nan if one.us_content is None else one.us_content for one in questions])[question]
        if any(one.us_content is not None for one in questions)
        else None,
    )


def _editions(questions: Sequence[Question]) -> tuple[list[date], Positions]:
    edition = {day: edition_of(max(day, SCHEDULE_SINCE)) for day in {one.on for one in questions}}
    place = {day: n for n, day in enumerate(sorted(set(edition.values())))}
    return list(place), np.array([place[edition[one.on]] for one in questions], dtype=np.intp)
