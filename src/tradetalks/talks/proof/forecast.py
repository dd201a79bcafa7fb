"""What a deal with the United States will hold, from what a day knew.

Three small models stand side by side: which issues it holds (:mod:`inclusion`), which duty it sets (:mod:`rates`) and
how much is pledged (:mod:`amounts`). Each starts from a judgement written beside it and learns from the deals known
by then. Nothing public later than the day is read: entries, threats, stages and terms all pass by their ``known_from``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from tradetalks.ground.errors import BadInput
from tradetalks.record.deals import Deal
from tradetalks.record.entry import Entry
from tradetalks.record.fields import same_side
from tradetalks.record.issues import Issue, issues
from tradetalks.record.ledger import known
from tradetalks.record.whole import whole_record
from tradetalks.talks.proof.amounts import KINDS, Kind, amount_forecast
from tradetalks.talks.proof.distribution import Distribution, Floats
from tradetalks.talks.proof.economies import Economy, economy
from tradetalks.talks.proof.faced import (
    ANNOUNCED,
    CARS_ANNOUNCED,
    agreed_car_rates,
    agreed_rates,
    cars_position,
    position,
)
from tradetalks.talks.proof.inclusion import Sheet, chances
from tradetalks.talks.proof.rates import rate_forecast
from tradetalks.talks.proof.struck import ASKER, eve, held, partner, pledged, struck_by, struck_on, surprised
from tradetalks.value.case import Case

#: Issues that no term can be on: an outcome, and what no issue covers.
NO_TERM = ("deficit", "other")
#: A deal within so many days after another of the same pair is a follow-up.
FOLLOW_UP = timedelta(days=3 * 365)

#: What the record says of an issue in the talks, and what each is thought to do to the log odds (mean, deviation).
FEATURES: Mapping[str, tuple[float, float]] = {
    "raised": (0.8, 0.4),
    "wanted": (0.5, 0.4),
    "at stake": (1.0, 0.5),
    "follow-up": (-0.7, 0.5),
}

SLOPES = tuple(FEATURES.values())

#: Issues on which an additional duty can be taken off, from the day it was announced (metals: Proclamations 9704
#: and 9705).
AT_STAKE = {"metals": date(2018, 3, 8), "cars": CARS_ANNOUNCED, "tariffs": ANNOUNCED}

#: What is thought of an unlisted issue's entering the text, in deals' worth; half of what matters is written down.
UNLISTED_WORTH = 4.0
WRITTEN_DOWN = 0.5

#: Relative weight of each issue, log points over the mean issue, and the chance that something unlisted matters.
Leaning = Callable[[str, date], tuple[Mapping[str, float], float]]


def no_leaning(counterpart: str, day: date) -> tuple[Mapping[str, float], float]:
    """Return that nothing is known of what the two sides want."""
    return {}, 0.5


@dataclass(frozen=True)
class Material:
    """What forecasts are made from, of all days: a forecast reads the part that its day knew."""

    deals: tuple[Deal, ...]
    entries: tuple[Entry, ...]
    leaning: Leaning = no_leaning
    modes: dict[int, Floats] = field(default_factory=dict, compare=False)
    """Where the last fit ended and the next starts; it moves no result beyond rounding."""


@dataclass(frozen=True)
class IssueChance:
    """One issue of the frozen list."""

    issue: Issue
    probability: float
    p10: float
    p90: float
    usual: float
    """The probability if the record were silent on these talks: the pooled base rate."""
    raised: int
    """Entries on it in these talks, refusals apart."""
    refused: int


@dataclass(frozen=True)
class Forecast:
    """What a deal between the United States and ``counterpart`` would hold, by what ``as_of`` knew."""

    counterpart: str
    as_of: date
    issues: tuple[IssueChance, ...]
    rate: Distribution | None
    """The country rate, percent; ``None`` where no such rates were known of."""
    threat: float | None
    """The last country rate threatened, percent."""
    car_rate: Distribution | None
    """The whole duty on cars if the deal sets one, percent."""
    amounts: Mapping[str, Distribution]
    """Pledges by kind (:data:`tradetalks.talks.proof.amounts.KINDS`) if the deal names one, in their unit."""
    unlisted: float
    """Probability that the deal holds an issue that is not on the list."""
    learned_from: tuple[str, ...]
    """Ids of the deals that it learned from."""


def forecast(case: Case, as_of: date | None = None) -> Forecast:
    """Return what a deal between the parties of ``case`` would hold, by what ``as_of`` (the case's day) knew.

    Raises:
        BadInput: the United States is not a party; the case's record or deals are malformed.
    """
    if ASKER not in case.parties:
        raise BadInput(f"case {case.name}: the deals of the record are those of the United States, which is no party")
    from tradetalks.talks.proof.leaning import leaning_of

    day = as_of or case.as_of
    whole = whole_record(case.folder)
    material = Material(whole.deals, whole.entries, leaning_of(case, day, whole))
    return forecast_on(material, case.other(ASKER), day)


def forecast_on(material: Material, counterpart: str, as_of: date, learn: Sequence[Deal] | None = None) -> Forecast:
    """Return the forecast for ``counterpart`` by what ``as_of`` knew; ``learn`` are other deals to learn from instead.

    A leave-one-out forecast gives ``learn``, later deals included, and is then no forecast of that day.
    """
    earlier = struck_by(material.deals, as_of) if learn is None else tuple(learn)
    size = economy(counterpart)
    here = position(material.deals, counterpart, as_of)
    listed = listed_on(as_of)
    sheet, counted = _sheet(material, counterpart, as_of, listed)
    found = chances(sheet, learned(material, earlier, listed), SLOPES, material.modes)
    cars = cars_position(counterpart, as_of)
    return Forecast(
        counterpart=counterpart,
        as_of=as_of,
        issues=tuple(
            IssueChance(
                issue,
                float(found.mean[place]),
                float(found.p10[place]),
                float(found.p90[place]),
                float(found.usual[place]),
                *counted[issue.id],
            )
            for place, issue in enumerate(listed)
        ),
        rate=None if here is None else rate_forecast(here, agreed_rates(material.deals, earlier)),
        threat=None if here is None else here.threat,
        car_rate=None if cars is None else rate_forecast(cars, agreed_car_rates(earlier)),
        amounts=_amounts(size, earlier),
        unlisted=_unlisted(material.leaning(counterpart, as_of)[1], earlier),
        learned_from=tuple(deal.id for deal in earlier),
    )


def listed_on(as_of: date) -> tuple[Issue, ...]:
    """Return the issues public by ``as_of`` that a term can be on."""
    return tuple(issue for issue in issues(as_of) if issue.id not in NO_TERM)


def asked(material: Material, counterpart: str, as_of: date, listed: Sequence[Issue]) -> Sheet:
    """Return what the record of the talks says of each listed issue by ``as_of``."""
    return _sheet(material, counterpart, as_of, listed)[0]


def learned(material: Material, earlier: Sequence[Deal], listed: Sequence[Issue]) -> list[Sheet]:
    """Return what each earlier deal teaches on the listed issues: the record on its eve, and which issues came."""
    return [
        replace(
            asked(material, partner(deal), eve(deal), listed), came=np.array([one.id in held(deal) for one in listed])
        )
        for deal in earlier
    ]


def measure(size: Economy | None, kind: Kind) -> float | None:
    """Return what pledges of ``kind`` are measured by, USD bn; ``None`` where it is unknown."""
    if size is None:
        return None
    return size.gdp if kind.per == "gdp" else size.us_exports


def ratios(deals: Sequence[Deal], kind: Kind) -> list[float]:
    """Return the pledges of ``kind`` over their measure, of those deals that name one."""
    found = [(pledged(deal, kind), measure(economy(partner(deal)), kind)) for deal in deals]
    return [amount / base for amount, base in found if amount is not None and base]


def _amounts(size: Economy | None, earlier: Sequence[Deal]) -> dict[str, Distribution]:
    bases = {kind: base for kind in KINDS if (base := measure(size, kind))}
    return {kind.issue: amount_forecast(kind, ratios(earlier, kind)).times(base) for kind, base in bases.items()}


def _unlisted(matters: float, earlier: Sequence[Deal]) -> float:
    """Return the chance of an unlisted issue: a judgement on what matters, and how often earlier deals held one."""
    surprises = [surprise for deal in earlier if (surprise := surprised(deal)) is not None]
    prior = WRITTEN_DOWN * matters
    return (UNLISTED_WORTH * prior + sum(surprises)) / (UNLISTED_WORTH + len(surprises))


def _sheet(
    material: Material, counterpart: str, as_of: date, listed: Sequence[Issue]
) -> tuple[Sheet, dict[str, tuple[int, int]]]:
    """Return the features of talks as ``as_of`` knew them, and how often each issue was raised and refused."""
    seen = [
        entry
        for entry in known(material.entries, as_of)
        if entry.act != "report" and entry.repeats is None and _of_talks(entry, counterpart)
    ]
    raised = {issue.id: sum(issue.id in one.issues for one in seen if one.act != "refuse") for issue in listed}
    refused = {issue.id: sum(issue.id in one.issues for one in seen if one.act == "refuse") for issue in listed}
    wanted, _ = material.leaning(counterpart, as_of)
    earlier = struck_by(material.deals, as_of)
    follows = any(
        partner(deal) == counterpart and as_of - day <= FOLLOW_UP for deal in earlier if (day := struck_on(deal))
    )
    rows = [
        (
            math.log2(1 + raised[issue.id]) - math.log2(1 + refused[issue.id]),
            wanted.get(issue.id, 0.0),
            float(AT_STAKE.get(issue.id, date.max) <= as_of),
            float(follows),
        )
        for issue in listed
    ]
    return Sheet(np.array(rows).reshape(len(listed), len(FEATURES))), {
        issue.id: (raised[issue.id], refused[issue.id]) for issue in listed
    }


def _of_talks(entry: Entry, counterpart: str) -> bool:
    """Return whether ``entry`` is of the talks of the United States with ``counterpart``, or bears on everybody."""
    sides = entry.sides
    if entry.for_all:
        return ASKER in sides
    return ASKER in sides and any(same_side(side, counterpart) for side in sides if side != ASKER)
