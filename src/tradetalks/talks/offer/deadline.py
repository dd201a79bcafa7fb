"""How the deadline bears on an offer: what waiting costs, and what each outcome of no deal would change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tradetalks.talks.deals.shapes import Outcome, Waiting
from tradetalks.talks.deals.valued import worth, worths
from tradetalks.talks.offer.choosing import gains
from tradetalks.talks.offer.desk import Desk
from tradetalks.talks.stakes import case_reference
from tradetalks.value.baseline import SCHEDULED, STATUS_QUO, Baseline


def waiting(desk: Desk, best: int) -> tuple[Waiting, ...]:
    """Return what a month without the best offer costs each side now, before the deadline, and after it."""
    table = desk.table
    valuation, case = table.valuation, table.valuation.case
    package = desk.judged[best].package
    eve = case.deadline - timedelta(days=1)
    rows = [
        (f"now, {case.as_of}", valuation.baselines[STATUS_QUO].sentence, worth(valuation, package, STATUS_QUO)),
        (f"on {eve}, the eve", valuation.baselines[SCHEDULED].sentence, worth(valuation, package, SCHEDULED)),
        (f"from {case.deadline}", valuation.no_deal_sentence, desk.judged[best].point),
    ]
    return tuple(
        Waiting(
            stage=stage,
            baseline=sentence,
            month_usd_bn={party: float(value[p]) / 12.0 for p, party in enumerate(case.parties)},
        )
        for stage, sentence, value in rows
    )


def outcomes(desk: Desk, best: int) -> tuple[Outcome, ...]:
    """Return the offers if each outcome of no deal were sure, the extension of the pause among them."""
    valuation = desk.table.valuation
    given = {baseline.name: baseline for baseline in valuation.no_deal}
    rows = [_outcome(desk, best, name.removeprefix("no deal: "), baseline) for name, baseline in given.items()]
    if "no deal: extension" not in given:
        rows.append(_outcome(desk, best, "extension", valuation.baselines[SCHEDULED]))
    return tuple(rows)


def _outcome(desk: Desk, best: int, name: str, baseline: Baseline) -> Outcome:
    table = desk.table
    case = table.valuation.case
    # Relief is counted against the duties of that day: without the return of a duty there is less to relieve.
    reference = case_reference(case.deadline if name == "snap-back" else case.deadline - timedelta(days=1), case.as_of)
    other = replace(table, reference=reference)
    packages = [one.package for one in desk.judged]
    points = worths(table.valuation, packages, baseline.name)
    judged = tuple(
        other.judged(package, point, tuple(map(int, choice)))
        for package, point, choice in zip(packages, points, desk.choices, strict=True)
    )
    then = replace(desk, judged=judged)
    gained, accepted = gains(then.own, then.accepted), then.accepted.mean(1)
    k = int(gained.argmax())
    return Outcome(
        outcome=name,
        probability=baseline.probability,
        against=baseline.sentence,
        best_offer_accepted=float(accepted[best]),
        best_offer_gain_usd_bn=float(gained[best]),
        then_best=tuple(term.id for term in judged[k].package.terms),
        then_accepted=float(accepted[k]),
        then_gain_usd_bn=float(gained[k]),
    )
