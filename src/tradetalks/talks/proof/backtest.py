"""How good the forecasts are: each deal foretold on its eve, scored, beside what anybody could have said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from tradetalks.ground.answer import Meta
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import read_yaml
from tradetalks.record.deals import Deal, deals, parse
from tradetalks.record.issues import issues
from tradetalks.record.ledger import everything, known
from tradetalks.talks.proof.amounts import KINDS
from tradetalks.talks.proof.baselines import amount_baselines, issue_baselines, rate_baselines
from tradetalks.talks.proof.distribution import Distribution
from tradetalks.talks.proof.economies import economy
from tradetalks.talks.proof.forecast import (
    ASKER,
    EMBARGO,
    FLOOR,
    SLOPES,
    Forecast,
    Material,
    agreed_rates,
    asked,
    eve,
    forecast_on,
    held,
    learned,
    listed_on,
    measure,
    no_leaning,
    partner,
    pledged,
    position,
    ratios,
    struck_by,
    struck_on,
    surprised,
)
from tradetalks.talks.proof.inclusion import chances
from tradetalks.talks.proof.leaning import leaning_of
from tradetalks.talks.proof.rates import rate_forecast
from tradetalks.talks.proof.scores import binomial_interval, brier, calibration, log_score, standard_error
from tradetalks.talks.proof.shapes import (
    CARS,
    OURS,
    RATE,
    WITHOUT,
    BacktestAnswer,
    CalibrationBin,
    Coverage,
    DealTest,
    IssueScore,
    IssueTest,
    MethodScore,
    NumberTest,
    Placebo,
    ScoreTable,
    Trial,
)
from tradetalks.value.case import Case

#: Shuffles of the placebo.
SHUFFLES = 20
#: Earlier rates from which a ridge on three features can say something.
ENOUGH = 3

Progress = Callable[[str, float], None]
#: Losses of one method by deal.
Losses = Mapping[str, Sequence[float]]


def backtest(case: Case, folder: Path | None = None, progress: Progress = lambda what, share: None) -> BacktestAnswer:
    """Return forecasts and scores: the case's own talks on its day, every deal on its eve, and every deal left out.

    Args:
        case: whose talks are foretold first, and whose record and deals are read beside those that ship.
        folder: deals to add, a YAML file each, in it or in its ``deals``; its ``record.yaml`` may hold their sources.
        progress: told what is being done and the share done.

    Raises:
        BadInput: the United States is no party of the case, no deal of its talks is in the record, or a file is wrong.
    """
    if ASKER not in case.parties:
        raise BadInput(f"case {case.name}: the deals of the record are those of the United States, which is no party")
    added = extra_deals(folder) if folder else ()
    every = deals(None, case.folder)
    if twice := {deal.id for deal in every} & {deal.id for deal in added}:
        raise BadInput(f"{folder}: there is a deal {min(twice)!r} in the record already; give yours another id")
    entries = everything(None, case.folder)
    if folder:
        there = {entry.id for entry in entries}
        entries += tuple(entry for entry in everything(None, folder) if entry.id not in there)
    every = tuple(deal for deal in (*every, *added) if ASKER in deal.parties)
    targets = [deal for deal in every if struck_on(deal) is not None and surprised(deal) is not None]
    targets.sort(key=lambda deal: (eve(deal), deal.id))
    own = _own_deal(case, targets)
    material = Material(every, entries, leaning_of(case, eve(targets[0])))
    for number, deal in enumerate(targets):
        progress(f"wants before {deal.id}", 0.4 * number / len(targets))
        material.leaning(partner(deal), eve(deal))
    first = compare(material, own, case.as_of)
    return BacktestAnswer(
        case=first,
        new_in_detail=new_in_detail(material, own, case),
        case_scores={
            score: {method: float(np.mean(losses)) for method, losses in _issue_losses([first], rule).items()}
            for score, rule in (("Brier", brier), ("log score", log_score))
        },
        rolling=_test(material, targets, True, case.seed, lambda what, share: progress(what, 0.4 + 0.3 * share)),
        leave_one_out=_test(material, targets, False, case.seed, lambda what, share: progress(what, 0.7 + 0.3 * share)),
        added=tuple(deal.id for deal in added),
        notes=_notes(every, targets),
        meta=Meta(case=case.name, as_of=case.as_of, known_through=None, seed=case.seed),
    )


def extra_deals(folder: Path) -> tuple[Deal, ...]:
    """Return the deals of a folder: its YAML files but ``record.yaml``, and those of its ``deals``.

    Raises:
        BadInput: there is no such folder, no deal in it, two of one id, or a file is wrong (file and field named).
    """
    if not folder.is_dir():
        raise BadInput(f"--deals: there is no folder {folder}; name one that holds deals, a YAML file each")
    paths = [path for path in sorted(folder.glob("*.yaml")) if path.name not in ("record.yaml", "case.yaml")]
    paths += sorted((folder / "deals").glob("*.yaml"))
    if not paths:
        raise BadInput(f"--deals: there is no deal in {folder}; a deal is a .yaml file (see docs/record.md)")
    entries = {entry.id: entry for entry in everything(None, folder)}
    found: dict[str, Deal] = {}
    for path in paths:
        deal = parse(read_yaml(path), str(path), entries)
        if deal.id in found:
            raise BadInput(f"{path}: id: the folder has a deal {deal.id!r} already; give one another id")
        found[deal.id] = deal
    return tuple(found.values())


def _own_deal(case: Case, targets: Sequence[Deal]) -> Deal:
    """Return the first deal of the case's talks that was struck after its day."""
    other = case.other(ASKER)
    later = [deal for deal in targets if partner(deal) == other and eve(deal) >= case.as_of]
    if not later:
        raise BadInput(
            f"case {case.name}: the record has no deal of {ASKER} and {other} after {case.as_of} to compare with; "
            "add one (--deals), or name another case"
        )
    return later[0]


def new_in_detail(material: Material, deal: Deal, case: Case) -> tuple[str, ...]:
    """Return the topics of ``deal`` that nothing known on the case's day had touched, though the issue was listed."""
    listed = {issue.id for issue in issues(case.as_of)}
    seen = {entry.topic for entry in known(material.entries, case.as_of)}
    seen |= {term.topic for one in struck_by(material.deals, case.as_of) for term in one.terms}
    fresh = (term.topic for term in deal.terms if term.issue in listed and term.topic and term.topic not in seen)
    return tuple(dict.fromkeys(fresh))


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


def _others(every: Sequence[Deal], target: Deal) -> list[Deal]:
    """Return all deals that were ever struck but ``target``, by the day they were."""
    struck = [deal for deal in every if struck_on(deal) is not None and deal.id != target.id]
    return sorted(struck, key=lambda deal: (eve(deal), deal.id))


def _test(material: Material, targets: Sequence[Deal], rolling: bool, seed: int, progress: Progress) -> Trial:
    name = "rolling origin" if rolling else "leave one out"
    rng = np.random.default_rng(seed)
    found, issue_placebo, rate_placebo = [], [], []
    for number, target in enumerate(targets):
        progress(f"{name}: {target.id}", number / len(targets))
        learn = None if rolling else _others(material.deals, target)
        earlier = struck_by(material.deals, eve(target)) if learn is None else learn
        found.append(compare(material, target, eve(target), learn))
        issue_placebo.append(shuffled_issues(material, target, earlier, rng))
        if _rate_of(found[-1]) is not None:
            rate_placebo.append(shuffled_rates(material, target, earlier, rng))
    rows = [row for test in found for row in test.issues]
    return Trial(
        name=name,
        is_forecast=rolling,
        deals=tuple(found),
        scores=tuple(_scores(found)),
        issues=tuple(_by_issue(rows)),
        calibration=tuple(
            CalibrationBin(
                low=one.low,
                high=one.high,
                forecasts=one.count,
                mean_probability=one.forecast,
                came=one.came,
                share=one.came / one.count if one.count else None,
                p05=one.interval[0],
                p95=one.interval[1],
            )
            for one in calibration([row.probability for row in rows], [row.happened for row in rows])
        ),
        coverage=tuple(_coverage(found)),
        placebo=(
            _placebo("issues", "Brier", [_mean_brier(test) for test in found], issue_placebo),
            _placebo(RATE, "CRPS", [crps for test in found if (crps := _rate_of(test)) is not None], rate_placebo),
        ),
    )


def shuffled_issues(material: Material, target: Deal, earlier: Sequence[Deal], rng: np.random.Generator) -> list[float]:
    """Return the mean Brier score of ``target`` for each shuffle of which issues the earlier deals and the record name.

    Every earlier deal keeps how many issues it holds and every record how much it says; what they are about is drawn.
    """
    listed = listed_on(eve(target))
    sheet = asked(material, partner(target), eve(target), listed)
    sheets = learned(material, earlier, listed)
    came = np.array([issue.id in held(target) for issue in listed])
    scores = []
    for _ in range(SHUFFLES):
        drawn = [replace(one, came=rng.permutation(one.came)) for one in sheets if one.came is not None]
        found = chances(replace(sheet, features=rng.permutation(sheet.features)), drawn, SLOPES, material.modes)
        scores.append(float(((found.mean - came) ** 2).mean()))
    return scores


def shuffled_rates(material: Material, target: Deal, earlier: Sequence[Deal], rng: np.random.Generator) -> list[float]:
    """Return the CRPS of the target's rate for each shuffle of who got which of the earlier rates."""
    here = position(material.deals, partner(target), eve(target))
    assert here is not None
    assert target.rate_pct is not None
    pairs = agreed_rates(material.deals, earlier)
    scores = []
    for _ in range(SHUFFLES):
        rates = rng.permutation([rate for _, rate in pairs]).tolist()
        drawn = [(there, rate) for (there, _), rate in zip(pairs, rates, strict=True)]
        scores.append(rate_forecast(here, drawn).crps(target.rate_pct))
    return scores


def _placebo(quantity: str, score: str, ours: Sequence[float], shuffled: Sequence[Sequence[float]]) -> Placebo:
    """Return ours beside the shuffles: ``ours`` by deal, ``shuffled`` by deal and shuffle."""
    means = np.array(shuffled).reshape(len(ours), SHUFFLES).mean(axis=0)
    return Placebo(
        quantity=quantity,
        score=score,
        ours=float(np.mean(ours)),
        placebo=float(means.mean()),
        best=float(means.min()),
        shuffles=SHUFFLES,
        better_than_ours=int((means < np.mean(ours)).sum()),
    )


def _mean_brier(test: DealTest) -> float:
    return float(np.mean([brier(row.probability, row.happened) for row in test.issues]))


def _rate_of(test: DealTest) -> float | None:
    """Return the CRPS of the country rate; ``None`` where there is none to score."""
    found = next((number for number in test.numbers if number.quantity == RATE), None)
    return None if found is None or test.truce else found.crps


def _issue_losses(tests: Sequence[DealTest], rule: Callable[[float, bool], float]) -> dict[str, list[float]]:
    """Return each method's mean loss over the issues, by deal."""
    methods = (OURS, "record silent", *tests[0].issues[0].others)

    def said(row: IssueTest, method: str) -> float:
        return {OURS: row.probability, "record silent": row.usual, **row.others}[method]

    return {
        method: [float(np.mean([rule(said(row, method), row.happened) for row in test.issues])) for test in tests]
        for method in methods
    }


def _scores(tests: Sequence[DealTest]) -> Iterable[ScoreTable]:
    forecasts = sum(len(test.issues) for test in tests)
    yield _table("issues", "Brier", "squared probability", _issue_losses(tests, brier), forecasts)
    yield _table("issues", "log score", "nats", _issue_losses(tests, log_score), forecasts)
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


def _by_issue(rows: Sequence[IssueTest]) -> Iterable[IssueScore]:
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


def _coverage(tests: Sequence[DealTest]) -> Iterable[Coverage]:
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


def _notes(every: Sequence[Deal], targets: Sequence[Deal]) -> tuple[str, ...]:
    taught = [deal.id for deal in every if struck_on(deal) is not None and deal not in targets]
    failed = [deal.id for deal in every if struck_on(deal) is None]
    return (
        f"Learned from and not scored, because the list of issues was not half full on their eve: {', '.join(taught)}.",
        f"Never struck, so neither learned from nor scored: {', '.join(failed)}.",
        "Leave one out uses later deals. It is not a forecast.",
    )
