"""Scores of forecasts: tables of methods, by issue, and how often intervals held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from tradetalks.record.issues import issues
from tradetalks.talks.proof.amounts import KINDS
from tradetalks.talks.proof.faced import FLOOR
from tradetalks.talks.proof.scores import binomial_interval, brier, log_score, standard_error
from tradetalks.talks.proof.shapes import (
    CARS,
    OURS,
    RATE,
    Coverage,
    DealTest,
    IssueScore,
    IssueTest,
    MethodScore,
    NumberTest,
    ScoreTable,
)

#: Earlier rates from which a ridge on three features can say something.
ENOUGH = 3

#: Losses of one method by deal.
Losses = Mapping[str, Sequence[float]]


def mean_brier(test: DealTest) -> float:
    """Return the mean Brier score of the issues of one deal."""
    return float(np.mean([brier(row.probability, row.happened) for row in test.issues]))


def rate_of(test: DealTest) -> float | None:
    """Return the CRPS of the country rate; ``None`` where there is none to score."""
    found = next((number for number in test.numbers if number.quantity == RATE), None)
    return None if found is None or test.truce else found.crps


def issue_losses(tests: Sequence[DealTest], rule: Callable[[float, bool], float]) -> dict[str, list[float]]:
    """Return each method's mean loss over the issues, by deal."""
    methods = (OURS, "record silent", *tests[0].issues[0].others)

    def said(row: IssueTest, method: str) -> float:
        return {OURS: row.probability, "record silent": row.usual, **row.others}[method]

    return {
        method: [float(np.mean([rule(said(row, method), row.happened) for row in test.issues])) for test in tests]
        for method in methods
    }


def scores(tests: Sequence[DealTest]) -> Iterable[ScoreTable]:
    """Yield the tables of scores by method: issues, country rates, duties on cars, each kind of pledge."""
    forecasts = sum(len(test.issues) for test in tests)
    yield _table("issues", "Brier", "squared probability", issue_losses(tests, brier), forecasts)
    yield _table("issues", "log score", "nats", issue_losses(tests, log_score), forecasts)
    scored = [test for test in tests if not test.truce]
    yield from _number_tables(RATE, RATE, scored)
    yield from _number_tables(
        f"{RATE}, threatened above the floor", RATE, [one for one in scored if (one.threat or 0.0) > FLOOR]
    )
    yield from _number_tables(
        f"{RATE}, threatened above the floor, {ENOUGH} such rates known",
        RATE,
        [one for one in scored if (one.threat or 0.0) > FLOOR and one.like_rates >= ENOUGH],
    )
    yield from _number_tables(CARS, CARS, scored)
    for kind in KINDS:
        yield from _number_tables(kind.title, kind.title, tests, logs=True)


def _number_tables(title: str, quantity: str, tests: Sequence[DealTest], *, logs: bool = False) -> Iterable[ScoreTable]:
    """Yield CRPS (of a point its absolute error) and absolute error (ours by the median), where every method spoke."""
    pairs = [(number, number.outcome) for test in tests for number in test.numbers if number.quantity == quantity]
    rows = [(number, outcome) for number, outcome in pairs if outcome is not None]
    methods = list(dict.fromkeys(method for number, _ in rows for method in number.others))
    rows = [(number, outcome) for number, outcome in rows if set(methods) <= number.others.keys()]
    if not rows:
        return

    def off(said: float, outcome: float) -> float:
        return abs(float(np.log(said / outcome))) if logs else abs(said - outcome)

    plain = {method: [off(number.others[method], outcome) for number, outcome in rows] for method in methods}
    unit = "log points" if logs else "points"
    crps = [number.crps for number, _ in rows if number.crps is not None]
    yield _table(title, "CRPS", unit, {OURS: crps, **plain}, len(rows))
    median = [off(number.p50, outcome) for number, outcome in rows]
    yield _table(title, "absolute error", unit, {OURS: median, **plain}, len(rows))


def _table(quantity: str, score: str, unit: str, losses: Losses, forecasts: int) -> ScoreTable:
    ours = losses[OURS]
    scores = []
    for method, theirs in losses.items():
        gaps = [a - b for a, b in zip(theirs, ours, strict=True)]
        scores.append(
            MethodScore(
                method=method,
                mean=float(np.mean(theirs)),
                less_ours=None if method == OURS else float(np.mean(gaps)),
                standard_error=None if method == OURS else standard_error(gaps),
            )
        )
    return ScoreTable(
        quantity=quantity, score=score, unit=unit, forecasts=forecasts, deals=len(ours), methods=tuple(scores)
    )


def by_issue(rows: Sequence[IssueTest]) -> Iterable[IssueScore]:
    """Yield the scores of each issue over all deals that had it listed."""
    for issue in issues():
        mine = [row for row in rows if row.issue == issue.id]
        if mine:
            yield IssueScore(
                issue=issue.id,
                deals=len(mine),
                came=sum(row.happened for row in mine),
                mean_probability=float(np.mean([row.probability for row in mine])),
                brier=float(np.mean([brier(row.probability, row.happened) for row in mine])),
                log_score=float(np.mean([log_score(row.probability, row.happened) for row in mine])),
                base_rate_brier=float(np.mean([brier(row.others["base rate"], row.happened) for row in mine])),
            )


def coverage(tests: Sequence[DealTest]) -> Iterable[Coverage]:
    """Yield how often the intervals of numbers held what came, with binomial intervals."""
    groups = {RATE: [RATE], CARS: [CARS], "pledges": [kind.title for kind in KINDS]}
    for title, quantities in groups.items():
        seen = [
            (number, number.outcome)
            for test in tests
            for number in test.numbers
            if number.quantity in quantities and not (test.truce and title == RATE)
        ]
        rows = [(number, outcome) for number, outcome in seen if outcome is not None]
        for level in (50, 80, 90) if rows else ():
            inside = sum(_inside(number, outcome, level) for number, outcome in rows)
            low, high = binomial_interval(inside, len(rows))
            yield Coverage(quantity=title, interval_pct=level, inside=inside, of=len(rows), p05=low, p95=high)


def _inside(number: NumberTest, outcome: float, level: int) -> bool:
    low, high = {50: (number.p25, number.p75), 80: (number.p10, number.p90), 90: (number.p05, number.p95)}[level]
    return low <= outcome <= high
