"""What two governments seem to want of each other, as a forecast of their deal reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from tradetalks.record.issues import issues
from tradetalks.record.whole import Record
from tradetalks.talks.proof.forecast import Leaning, no_leaning
from tradetalks.talks.proof.struck import ASKER
from tradetalks.talks.wants.posterior import wants
from tradetalks.talks.wants.worth import PlainEconomics
from tradetalks.value.case import Case

#: Draws of the posterior; the mean log weight needs no more.
DRAWS = 400


def leaning_of(case: Case, as_of: date, whole: Record) -> Leaning:
    """Return the function that asks the wants posterior of both sides, once for each counterpart and day.

    The posterior reads what the day knew of the ``whole`` record.

    The weight of an issue is the mean log weight over the draws less its mean over the issues; of the two sides the
    higher counts, because one that wants is enough to put an issue on the table. Other counterparts are asked with the
    case's record and seed, and none of its terms. Steps are worth what they are in the world of ``as_of``, or of the
    case's day if that is earlier: ``as_of`` is the first day that is forecast from.
    """
    economics = PlainEconomics(replace(case, as_of=min(case.as_of, as_of)))
    asked: dict[tuple[str, date], tuple[Mapping[str, float], float]] = {}

    def leaning(counterpart: str, day: date) -> tuple[Mapping[str, float], float]:
        if (counterpart, day) not in asked:
            known = bool(issues(day))
            asked[counterpart, day] = (
                _ask(_between(case, counterpart, day), day, economics, whole) if known else no_leaning(counterpart, day)
            )
        return asked[counterpart, day]

    return leaning


def _between(case: Case, counterpart: str, day: date) -> Case:
    if counterpart in case.parties:
        return case
    return replace(
        case,
        parties=(counterpart, ASKER),
        seat=counterpart,
        as_of=day,
        terms=(),
        packages=(),
        default_package=None,
    )


def _ask(case: Case, day: date, economics: PlainEconomics, whole: Record) -> tuple[Mapping[str, float], float]:
    sides = [wants(case, party, day, DRAWS, worth=economics, whole=whole) for party in case.parties]
    relative = []
    for side in sides:
        logs = np.log(side.weights).mean(axis=0)
        relative.append(dict(zip(side.issues, (logs - logs.mean()).tolist(), strict=True)))
    listed = relative[0].keys() & relative[1].keys()
    return {issue: max(side[issue] for side in relative) for issue in listed}, max(side.unlisted for side in sides)
