"""Point values and draws as the answer shows them: an interval a figure, a block a baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tradetalks.value.answer import AssumptionUsed, Block, Interval, PartyValue, SectorChange
from tradetalks.value.assumptions import Assumption
from tradetalks.value.measures import MEASURES

Floats = NDArray[np.float64]


def as_block(
    parties: Sequence[str], point: Floats, drawn: Floats, sentence: str, sectors: Mapping[str, Sequence[SectorChange]]
) -> Block:
    """Return the figures [party, measure] with the intervals of their draws [draw, party, measure].

    ``sectors`` are those of each party, the largest gain first; ``sentence`` says what it is compared with.
    """
    rows = {}
    for place, party in enumerate(parties):
        figures = {name: interval(point[place, m], drawn[:, place, m]) for m, name in enumerate(MEASURES)}
        ranked = sectors[party]
        rows[party] = PartyValue(
            **figures,
            sectors_gain=tuple(change for change in ranked[:5] if change.change_usd_bn > 0),
            sectors_lose=tuple(change for change in ranked[:-6:-1] if change.change_usd_bn < 0),
        )
    return Block(baseline=sentence, parties=rows)


def interval(point: float, drawn: Floats) -> Interval:
    """Return the point with the percentiles of the draws, moved so that the central draw meets it."""
    if not np.isfinite(point):
        return Interval(value=None)
    if len(drawn) < 2 or not np.isfinite(drawn).all():
        return Interval(value=tidy(point))
    low, high = np.quantile(drawn[1:], [0.1, 0.9])
    centre = float(drawn[0])
    # The draws' economy is summed: bring its interval to the full point, by a factor where the two are
    # alike (so that a bound of zero stays zero), else by a shift.
    if centre != 0.0 and 0.5 < point / centre < 2.0:
        low, high = low * point / centre, high * point / centre
    else:
        low, high = low + point - centre, high + point - centre
    return Interval(value=tidy(point), p10=tidy(low), p90=tidy(high))


def tidy(number: float) -> float:
    """Return ``number`` with the solver's dust (below a trillionth) and minus zero as zero."""
    return 0.0 if abs(number) < 1e-12 else float(number)


def used(figure: Assumption) -> AssumptionUsed:
    """Return an assumption as an answer names it."""
    return AssumptionUsed(
        id=figure.id,
        sentence=figure.sentence,
        unit=figure.unit,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        citation=figure.citation or "no source",
        reason=figure.reason,
    )


def blank(block: Block) -> Block:
    """Return ``block`` without numbers, for a term that nobody can price."""
    empty = PartyValue(**{name: Interval(value=None) for name in MEASURES}, sectors_gain=(), sectors_lose=())
    return Block(baseline=block.baseline, parties=dict.fromkeys(block.parties, empty))
