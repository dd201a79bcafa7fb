"""What the world map shows: the US duty on the goods of every origin, and who gains and loses at no deal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tradetalks.law.editions import of_case
from tradetalks.value.baseline import STATUS_QUO, weights_of
from tradetalks.value.case import Case
from tradetalks.value.package import NOTHING
from tradetalks.value.valuation import Valuation


@dataclass(frozen=True, slots=True)
class OriginDuty:
    """The average US duty on the goods of one origin, per cent of customs value, weighted with imports of 2024."""

    origin: str
    """ISO3 code, or ``EU``."""
    imports_usd_bn: float
    before_pct: float
    """At new year."""
    today_pct: float
    deadline_pct: float
    """From the deadline, by the law known today."""


@dataclass(frozen=True, slots=True)
class RegionGain:
    """What no deal does to one region against today: real income net of borrowing, a year."""

    region: str
    """ISO3 code, ``EU`` where it is a party, or ``ROW`` for everybody else together."""
    welfare_pct: float
    welfare_usd_bn: float


@dataclass(frozen=True, slots=True)
class Geography:
    """Both, with the days the duties are of."""

    new_year: date
    duties: tuple[OriginDuty, ...]
    """The largest sellers first; empty where the United States is no party, since only its law is shipped."""
    gains: tuple[RegionGain, ...]
    """The largest loss first, in per cent."""


def geography(valuation: Valuation, new_year: date) -> Geography:
    """Return what can be mapped of the case.

    Raises:
        NotConverged: an equilibrium was not found.
    """
    case = valuation.case
    return Geography(new_year, _duties(case, new_year) if "USA" in case.parties else (), _gains(valuation))


def _duties(case: Case, new_year: date) -> tuple[OriginDuty, ...]:
    from tradetalks.law.path import rate_path

    days = (new_year, case.as_of, max(case.deadline, case.as_of))
    with of_case(case.folder):
        before, today, then = (rate_path("all", day, day, known=case.as_of).steps[0].rows for day in days)
    rates = [{origin: rate for origin, rate, _ in rows} for rows in (before, then)]
    found = (
        OriginDuty(origin, imports / 1e9, rates[0][origin], rate, rates[1][origin]) for origin, rate, imports in today
    )
    return tuple(sorted(found, key=lambda one: -one.imports_usd_bn))


def _gains(valuation: Valuation) -> tuple[RegionGain, ...]:
    stage, outcomes = valuation.stage, valuation.no_deal
    today = valuation.settled(NOTHING, STATUS_QUO).outcome
    percent, income = np.zeros(len(stage.scale)), np.zeros(len(stage.scale))
    for weight, outcome in zip(weights_of(outcomes), outcomes, strict=True):
        moved = valuation.settled(NOTHING, outcome.name).outcome.relative_to(today)
        percent += weight * np.asarray(moved.welfare_net)
        income = np.asarray(moved.reference.income) * stage.scale / 1000.0
    found = (
        RegionGain(region, float(percent[n]), float(income[n] * percent[n] / 100.0))
        for n, region in enumerate(valuation.world.regions)
    )
    return tuple(sorted(found, key=lambda one: one.welfare_pct))
