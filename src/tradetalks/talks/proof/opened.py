"""One forecast, opened: beside what came, and beside what anybody could have said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tradetalks.record.deals import Deal
from tradetalks.record.issues import issues
from tradetalks.record.ledger import known
from tradetalks.talks.proof.amounts import KINDS
from tradetalks.talks.proof.baselines import amount_baselines, issue_baselines, rate_baselines
from tradetalks.talks.proof.distribution import Distribution
from tradetalks.talks.proof.economies import economy
from tradetalks.talks.proof.faced import EMBARGO, agreed_rates, position
from tradetalks.talks.proof.forecast import (
    Forecast,
    Material,
    forecast_on,
    measure,
    no_leaning,
    ratios,
)
from tradetalks.talks.proof.shapes import (
    CARS,
    RATE,
    WITHOUT,
    DealTest,
    IssueTest,
    NumberTest,
)
from tradetalks.talks.proof.struck import held, partner, pledged, struck_by, struck_on
from tradetalks.value.case import Case


def compare(material: Material, deal: Deal, as_of: date, learn: Sequence[Deal] | None = None) -> DealTest:
    """Return the forecast of ``as_of`` beside what ``deal`` held and what the baselines would have said of it.

    ``learn`` are the deals to learn from, where they are not those known on ``as_of``.
    """
    forecast = forecast_on(material, partner(deal), as_of, learn)
    without = forecast_on(replace(material, leaning=no_leaning), partner(deal), as_of, learn)
    earlier = struck_by(material.deals, as_of) if learn is None else learn
    came = held(deal)
    plain = issue_baselines(
        [one.issue.id for one in forecast.issues],
        [held(one) for one in earlier],
        {one.issue.id: one.raised - one.refused for one in forecast.issues},
    )
    plain[WITHOUT] = {one.issue.id: one.probability for one in without.issues}
    rows = tuple(
        IssueTest(
            issue=one.issue.id,
            title=one.issue.title,
            probability=one.probability,
            p10=one.p10,
            p90=one.p90,
            usual=one.usual,
            raised=one.raised,
            refused=one.refused,
            happened=one.issue.id in came,
            others={method: said[one.issue.id] for method, said in plain.items()},
        )
        for one in forecast.issues
    )
    on = struck_on(deal)
    assert on is not None
    listed = {issue.id for issue in issues(forecast.as_of)}
    return DealTest(
        deal=deal.id,
        title=deal.title,
        counterpart=forecast.counterpart,
        as_of=forecast.as_of,
        struck=on,
        learned_from=len(forecast.learned_from),
        threat=forecast.threat,
        like_rates=sum(one.threat > one.floor for one, _ in agreed_rates(material.deals, earlier)),
        truce=forecast.threat is not None and forecast.threat >= EMBARGO,
        issues=rows,
        numbers=tuple(_numbers(material, deal, forecast, earlier)),
        unlisted=forecast.unlisted,
        unlisted_came=tuple(sorted(came - listed)),
    )


def _numbers(material: Material, deal: Deal, forecast: Forecast, earlier: Sequence[Deal]) -> Iterable[NumberTest]:
    here = position(material.deals, forecast.counterpart, forecast.as_of)
    if forecast.rate is not None and here is not None:
        others = rate_baselines(here, agreed_rates(material.deals, earlier))
        yield _number(RATE, "percent", forecast.rate, deal.rate_pct, others)
    if forecast.car_rate is not None:
        rates = [one.car_rate_pct for one in earlier if one.car_rate_pct is not None]
        others = {"the last deal": rates[-1], "the median": float(np.median(rates))} if rates else {}
        yield _number(CARS, "percent, in all", forecast.car_rate, deal.car_rate_pct, others)
    size = economy(forecast.counterpart)
    for kind in KINDS:
        base = measure(size, kind)
        if kind.issue in forecast.amounts and base:
            others = {method: base * ratio for method, ratio in amount_baselines(ratios(earlier, kind)).items()}
            unit = "USD bn a year" if kind.per == "us_exports" else "USD bn"
            yield _number(kind.title, unit, forecast.amounts[kind.issue], pledged(deal, kind), others, logs=True)


def _number(
    quantity: str,
    unit: str,
    law: Distribution,
    outcome: float | None,
    others: Mapping[str, float],
    *,
    logs: bool = False,
) -> NumberTest:
    scored = law.log() if logs else law
    return NumberTest(
        quantity=quantity,
        unit=unit,
        **{f"p{share:02d}": law.quantile(share / 100) for share in (5, 10, 25, 50, 75, 90, 95)},
        outcome=outcome,
        crps=None if outcome is None else scored.crps(float(np.log(outcome)) if logs else outcome),
        others=dict(others),
    )


def new_in_detail(material: Material, deal: Deal, case: Case) -> tuple[str, ...]:
    """Return the topics of ``deal`` that nothing known on the case's day had touched, though the issue was listed."""
    listed = {issue.id for issue in issues(case.as_of)}
    seen = {entry.topic for entry in known(material.entries, case.as_of)}
    seen |= {term.topic for one in struck_by(material.deals, case.as_of) for term in one.terms}
    fresh = (term.topic for term in deal.terms if term.issue in listed and term.topic and term.topic not in seen)
    return tuple(dict.fromkeys(fresh))
