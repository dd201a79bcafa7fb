"""How good the forecasts are: each deal foretold on its eve, scored, beside what anybody could have said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tradetalks.ground.answer import Meta
from tradetalks.ground.errors import BadInput
from tradetalks.record.deals import Deal
from tradetalks.record.whole import Record, whole_record
from tradetalks.talks.proof.forecast import (
    Material,
)
from tradetalks.talks.proof.leaning import leaning_of
from tradetalks.talks.proof.opened import compare, new_in_detail
from tradetalks.talks.proof.placebo import placebo, shuffled_issues, shuffled_rates
from tradetalks.talks.proof.scores import brier, calibration, log_score
from tradetalks.talks.proof.shapes import (
    RATE,
    BacktestAnswer,
    CalibrationBin,
    Trial,
)
from tradetalks.talks.proof.struck import ASKER, eve, partner, struck_by, struck_on, surprised
from tradetalks.talks.proof.tables import by_issue, coverage, issue_losses, mean_brier, rate_of, scores
from tradetalks.value.case import Case

Progress = Callable[[str, float], None]


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
    whole = whole_record(case.folder, folder)
    every = tuple(deal for deal in whole.deals if ASKER in deal.parties)
    targets = [deal for deal in every if struck_on(deal) is not None and surprised(deal) is not None]
    targets.sort(key=lambda deal: (eve(deal), deal.id))
    own = _own_deal(case, targets)
    material = Material(every, whole.entries, leaning_of(case, eve(targets[0]), whole))
    for number, deal in enumerate(targets):
        progress(f"wants before {deal.id}", 0.4 * number / len(targets))
        material.leaning(partner(deal), eve(deal))
    first = compare(material, own, case.as_of)
    return BacktestAnswer(
        case=first,
        new_in_detail=new_in_detail(material, own, case),
        case_scores={
            score: {method: float(np.mean(losses)) for method, losses in issue_losses([first], rule).items()}
            for score, rule in (("Brier", brier), ("log score", log_score))
        },
        rolling=_test(material, targets, True, case.seed, lambda what, share: progress(what, 0.4 + 0.3 * share)),
        leave_one_out=_test(material, targets, False, case.seed, lambda what, share: progress(what, 0.7 + 0.3 * share)),
        added=_added(whole, whole_record(case.folder)),
        notes=_notes(whole, every, targets),
        meta=Meta(case=case.name, as_of=case.as_of, known_through=None, seed=case.seed),
    )


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
        if rate_of(found[-1]) is not None:
            rate_placebo.append(shuffled_rates(material, target, earlier, rng))
    rows = [row for test in found for row in test.issues]
    return Trial(
        name=name,
        is_forecast=rolling,
        deals=tuple(found),
        scores=tuple(scores(found)),
        issues=tuple(by_issue(rows)),
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
        coverage=tuple(coverage(found)),
        placebo=(
            placebo("issues", "Brier", [mean_brier(test) for test in found], issue_placebo),
            placebo(RATE, "CRPS", [crps for test in found if (crps := rate_of(test)) is not None], rate_placebo),
        ),
    )


def _added(whole: Record, without: Record) -> tuple[str, ...]:
    there = {deal.id for deal in without.deals}
    return tuple(deal.id for deal in whole.deals if deal.id not in there)


def _notes(whole: Record, every: Sequence[Deal], targets: Sequence[Deal]) -> tuple[str, ...]:
    others = [deal.id for deal in whole.deals if deal not in every]
    taught = [deal.id for deal in every if struck_on(deal) is not None and deal not in targets]
    failed = [deal.id for deal in every if struck_on(deal) is None]
    return (
        f"Learned from and not scored, because the list of issues was not half full on their eve: {', '.join(taught)}.",
        f"Never struck, so neither learned from nor scored: {', '.join(failed)}.",
        "Leave one out uses later deals. It is not a forecast.",
        *((f"Evidence on wants alone, because the United States is no party: {', '.join(others)}.",) if others else ()),
    )
