"""Duties on many shipments at once: the figures of every answer, single or in a list.

A *question* is a line of an origin on a day; its *rows* are the statistical lines it may mean (the
suffixes of eight digits, the successors of a line that has gone). Rows of all questions are settled
together, then what the facts left open makes of them, and each question takes its figures from its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tradetalks.law.evaluate import Evaluation
from tradetalks.law.measure import Condition
from tradetalks.law.open_facts import FACTS, FIRST_CONDITION, SUFFIX, Facts, conditions_of, corners, settle_rows
from tradetalks.law.question import Question
from tradetalks.law.rows import Flags, Rows, rows_of
from tradetalks.law.scope import Floats
from tradetalks.law.standing import flags

Status = Literal["applies", "conditional", "exempt", "unknown", "prohibited"]


@dataclass(slots=True)
class Settled:
    """The figures, one a question (Q)."""

    rows: Rows
    evaluation: Evaluation
    total: Floats
    """Of each row, percent; NaN where unknown."""
    rate: Floats
    """NaN where unknown, or where it depends on which row is meant."""
    low: Floats
    high: Floats
    differ: Flags
    """Whether the rate depends on which row is meant."""
    is_open: Flags
    """Whether facts of the goods left open change the total."""
    floor_only: Flags
    """Whether the rate is unknown, but not the lowest that it can be: that of a preference, if claimed."""
    decides: NDArray[np.int64]
    """Which facts do: a sum of the keys of :data:`FACTS` and of the bits of ``conditions``."""
    conditions: tuple[Condition, ...]
    """Those that bear on some of the rows; the first has the bit ``FIRST_CONDITION``, the next twice that."""
    status: list[Status]

    def deciders(self) -> list[tuple[str, ...]]:
        """Return in words what decides within the range of each question; nothing where it is one figure."""
        every = FACTS | {FIRST_CONDITION << n: one.terms.why for n, one in enumerate(self.conditions)}
        which = np.where(self.is_open | self.floor_only, self.decides + self.differ * SUFFIX, 0)
        bits, place = np.unique(which, return_inverse=True)
        words = [tuple(text for bit, text in every.items() if one & bit) for one in bits.tolist()]
        return [words[n] for n in place.ravel().tolist()]


def settled(questions: Sequence[Question]) -> Settled:
    """Return the duty that each question asks for, as the figures alone."""
    rows = rows_of(questions)
    evaluation = settle_rows(rows, Facts())
    total, banned = evaluation.total(), evaluation.prohibited()
    low, high, decides = corners(rows, total, banned)
    high[np.isnan(total) & ~banned] = np.nan  # of an unknown rate at most the lowest end is certain
    first = rows.first
    decides = np.bitwise_or.reduceat(decides, first)
    low, high = np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)
    barred, some = np.logical_and.reduceat(banned, first), np.logical_or.reduceat(banned, first)
    differ = np.maximum.reduceat(total, first) - np.minimum.reduceat(total, first) > 1e-9
    differ |= some & ~barred
    rate = np.where(differ, np.nan, total[first])
    is_open = np.isfinite(low) & ((high - low > 1e-9) | some)
    floor_only = np.isfinite(low) & np.isnan(high)
    conditional, excluded = flags(rows, evaluation)
    conditional = is_open | conditional[first]
    unknown, exempt = np.isnan(rate) & ~is_open, (rate == 0) & excluded[first]
    names: tuple[Status, ...] = ("applies", "exempt", "conditional", "unknown", "prohibited")
    code = np.where(barred, 4, np.where(unknown, 3, np.where(conditional, 2, np.where(exempt, 1, 0))))
    status = [names[n] for n in code.tolist()]
    conditions = tuple(conditions_of(rows))
    return Settled(rows, evaluation, total, rate, low, high, differ, is_open, floor_only, decides, conditions, status)
