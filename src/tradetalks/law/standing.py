"""How a duty stands on a row: taken away or only conditional, by whom, and whether that is contested."""

from __future__ import annotations

import numpy as np

from tradetalks.law.evaluate import MOST, Evaluation, Part, Reach
from tradetalks.law.measure import Measure, Rule
from tradetalks.law.rows import Flags, Rows
from tradetalks.law.scope import Lines


def contested(who: Reach | Rule) -> bool:
    """Return whether who took a duty away reads the law in a way that others do not."""
    return not isinstance(who, Rule) and who.measure.contested


def disputed(part: Part) -> Flags:
    """Return, on the rows of the part, whether what takes it away whole is contested."""
    plain = np.zeros(len(part.at), dtype=bool)
    for share, who in part.relieved:
        if not contested(who):
            plain |= share > 0
    gone: Flags = (part.kept == 0) & ~plain
    return gone


def flags(rows: Rows, evaluation: Evaluation) -> tuple[Flags, Flags]:
    """Return which rows have a part that is conditional, and which one that is taken away."""
    conditional = rows.average.copy()
    excluded = np.zeros(len(rows.question), dtype=bool)
    for part in evaluation.parts:
        points, gone = part.local(), part.kept == 0
        partly = part.open() | (part.reach < 1)
        if part.measure.content:
            partly |= part.content < 1
        open_ = np.where(gone, disputed(part), ~np.isnan(points) & partly)
        conditional[part.at[open_]] = True
        excluded[part.at[gone & ~open_]] = True
    for held in rows.supposed:
        if held.act.treatment == "prohibit":
            conditional[held.rows] = True
    owed = {
        group: np.max([p.points() != 0 for p in evaluation.parts if p.measure.group == group], axis=0)
        for group in {part.measure.group for part in evaluation.parts}
    }
    for one in rows.bearing:
        measure, at = one.measure, one.at(rows.lines)
        if not measure.exempts:
            if measure.claim == "list":
                partly = rows.lines.covered(measure.lists, measure.except_lists)[at] < 1
                conditional[at[partly]] = True
            if one.act.priced:
                conditional[at if rows.price is None else at[np.isnan(rows.price[at])]] = True
        elif measure.lists == ("all",) and not measure.claim:
            excluded[at] = True
        elif measure.claim and measure.claim != "us-content":
            if measure.claim in ("list", "listed"):
                at = at[rows.lines.covered(measure.lists, measure.except_lists)[at] < 1]
            for group in measure.exempts:
                if group in owed:
                    conditional[at[owed[group][at]]] = True
    return conditional, excluded


def unmeant(measure: Measure, lines: Lines) -> Flags:
    """Return which lines the measure's lists name although most of their trade is other goods."""
    named = lines.named(measure.lists, measure.except_lists) > 0
    other: Flags = lines.covered(measure.lists, measure.except_lists) < MOST
    return named & other
