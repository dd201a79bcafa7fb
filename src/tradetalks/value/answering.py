"""The answer of ``tradetalks value``: a package and its terms, how sure that is, and what it rests on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tradetalks.value.answer import AggregationError, Block, Driver, Interval, Sensitivity, ValueAnswer
from tradetalks.value.baseline import SCHEDULED, STATUS_QUO, Baseline, weights_of
from tradetalks.value.blocks import as_block, blank, interval, tidy
from tradetalks.value.measures import MEASURES, NET_PCT, NET_USD, measured, sector_changes
from tradetalks.value.package import NOTHING, Package
from tradetalks.value.remarks import rates, reconciliation, revenue_notes, sentences
from tradetalks.value.settle import settle
from tradetalks.value.stage import Stage
from tradetalks.value.valuation import CHECKED, Valuation
from tradetalks.value.variance import first_order

Floats = NDArray[np.float64]

#: Elasticity sets shown as alternatives, and how they are named.
SETS = {
    "fgo2022": "of Fontagne, Guimbard and Orefice (2022)",
    "cp2015": "of Caliendo and Parro (2015)",
    "uniform4": "of 4 in every sector",
}


def answer(valuation: Valuation, package: Package) -> ValueAnswer:
    """Return what ``package`` and each of its terms is worth, with intervals, and what that rests on.

    Raises:
        BadInput: a term, a day or a party does not fit the case.
        NotConverged: an equilibrium was not found.
    """
    steps = len(package.terms) + 3
    singles = []
    for number, term in enumerate(package.terms):
        valuation.progress(f"valuing {term.title}", number / steps)
        singles.append(valuation.term_and_draws(term))
    valuation.progress("valuing the package", (steps - 2) / steps)
    quo, quo_draws = valuation.block(package, [valuation.baselines[STATUS_QUO]], valuation.quo_sentence)
    none, none_draws = valuation.block(package, valuation.no_deal, valuation.no_deal_sentence)
    terms = tuple(value for value, _, _ in singles)
    unpriced = tuple(term.title for term in terms if term.status == "unpriced")
    if terms and len(unpriced) == len(terms):
        quo, none = blank(quo), blank(none)
    interaction = {
        "against_status_quo": _interaction(
            valuation, quo, quo_draws, [(t.against_status_quo, q) for t, q, _ in singles]
        ),
        "against_no_deal": _interaction(valuation, none, none_draws, [(t.against_no_deal, n) for t, _, n in singles]),
    }
    valuation.progress("checking the draws against the full world", (steps - 1) / steps)
    found = ValueAnswer(
        package=package.title,
        against_status_quo=quo,
        against_no_deal=none,
        no_deal=between(
            valuation, valuation.no_deal, f"{valuation.no_deal_sentence}; against {valuation.quo_sentence}"
        ),
        no_deal_others_held=others_held(valuation),
        scheduled=between(
            valuation,
            [valuation.baselines[SCHEDULED]],
            f"{valuation.baselines[SCHEDULED].sentence}; against {valuation.quo_sentence}",
        ),
        terms=terms,
        interaction=interaction,
        rates=rates(valuation, package),
        reconciliation=reconciliation(valuation),
        revenue_notes=revenue_notes(valuation, package),
        aggregation=_aggregation(valuation, package),
        drivers=_drivers(valuation, package, none_draws),
        sensitivity=sensitivity(valuation, package),
        draws=valuation.draws,
        sentences=(
            *(f"Not priced, and not in the package's value: {title}." for title in unpriced),
            *sentences(valuation),
        ),
        meta=valuation.meta,
    )
    valuation.progress("done", 1.0)
    return found


def _interaction(
    valuation: Valuation, whole: Block, draws: Floats, parts: list[tuple[Block, Floats]]
) -> dict[str, Interval]:
    found = {}
    for place, party in enumerate(valuation.case.parties):
        values = [block.parties[party].welfare_net_usd_bn.value or 0.0 for block, _ in parts]
        point = (whole.parties[party].welfare_net_usd_bn.value or 0.0) - sum(values)
        rest = draws[:, place, NET_USD] - sum(part[:, place, NET_USD] for _, part in parts)
        found[party] = interval(point, np.asarray(rest))
    return found


def _drivers(valuation: Valuation, package: Package, drawn: Floats) -> dict[str, tuple[Driver, ...]]:
    used = {name for term in package.terms for name in term.body.assumptions}
    columns = {
        valuation.figures[name].sentence.rstrip(".") if name in valuation.figures else name: column
        for name, column in valuation.uncertain.columns.items()
        if name in used or name not in valuation.figures
    }
    return {
        party: tuple(
            Driver(assumption=one.name, share=one.share, error=one.error)
            for one in first_order(columns, drawn[:, place, NET_PCT])
        )
        for place, party in enumerate(valuation.case.parties)
    }


def _aggregation(valuation: Valuation, package: Package) -> AggregationError | None:
    if not package.terms or valuation.draws == 0:
        return None
    many = min(CHECKED, valuation.draws)
    full = valuation.checked.value(package, STATUS_QUO)[: many + 1, :, NET_PCT]
    small = valuation.value_of_draws(package, STATUS_QUO)[: many + 1, :, NET_PCT]
    # Intervals are shifted to the full point, so only how the two move apart counts.
    gap = (full - full[0]) - (small - small[0])
    return AggregationError(
        draws=many,
        welfare_net_pct_rms={p: float(np.sqrt((gap[:, k] ** 2).mean())) for k, p in enumerate(valuation.case.parties)},
        welfare_net_pct_max={p: float(np.abs(gap[:, k]).max()) for k, p in enumerate(valuation.case.parties)},
        welfare_net_pct_level={p: float(small[0, k] - full[0, k]) for k, p in enumerate(valuation.case.parties)},
    )


def _alternatives(valuation: Valuation) -> list[tuple[str, Stage]]:
    """Other closures and elasticities: a sentence and the stage."""
    own = "deficits fixed as a share of each region's own value added"
    found = [(own, replace(valuation.stage, closure="own-gdp"))]
    for name in valuation.world.elasticities:
        if name in SETS and name != valuation.world.default_elasticity:
            economy = valuation.stage.economy.with_elasticity(valuation.world.elasticities[name])
            found.append((f"trade elasticities {SETS[name]}", replace(valuation.stage, economy=economy)))
    return found


def sensitivity(valuation: Valuation, package: Package) -> tuple[Sensitivity, ...]:
    """Return the package's welfare under other closures and elasticities, by full solves."""
    shifted = [baseline for baseline in valuation.no_deal if valuation.effect(package, baseline.name).deficits]
    # A term that sets deficits leaves nothing for the other closure to say.
    others = [one for one in _alternatives(valuation) if one[1].closure == "fixed" or not shifted]
    rows = []
    for sentence, stage in others:
        quo = _alone(valuation, stage, package, [valuation.baselines[STATUS_QUO]])
        none = _alone(valuation, stage, package, valuation.no_deal)
        rows.append(
            Sensitivity(
                changed=sentence,
                against_status_quo_welfare_net_pct=dict(zip(valuation.case.parties, quo, strict=True)),
                against_no_deal_welfare_net_pct=dict(zip(valuation.case.parties, none, strict=True)),
            )
        )
    return tuple(rows)


def _alone(valuation: Valuation, stage: Stage, package: Package, against: list[Baseline]) -> list[float]:
    """Return the welfare of ``package`` in percent on another stage, by party."""
    weights = weights_of(against)
    welfare = np.zeros(2)
    for weight, baseline in zip(weights, against, strict=True):
        before = valuation.effect(NOTHING, baseline.name)
        reference = settle(stage, valuation.tariffs(NOTHING, baseline.name), before)
        effect = valuation.effect(package, baseline.name)
        new = settle(stage, valuation.tariffs(package, baseline.name), effect, reference)
        welfare += weight * measured(stage, new, reference, valuation.case.parties)[:, NET_PCT]
    return [tidy(change) for change in welfare]


def between(valuation: Valuation, baselines: list[Baseline], sentence: str) -> Block:
    """Return the baselines (weighted by probability) against the status quo."""
    weights = weights_of(baselines)
    quo = valuation.settled(NOTHING, STATUS_QUO)
    point, drawn = np.zeros((2, len(MEASURES))), np.zeros((valuation.draws + 1, 2, len(MEASURES)))
    for weight, baseline in zip(weights, baselines, strict=True):
        new = valuation.settled(NOTHING, baseline.name)
        money = baseline.changes.effect(valuation.central).money
        point += weight * measured(valuation.stage, new, quo, valuation.case.parties, money)
        drawn += weight * valuation.sampled(NOTHING).between(baseline.name, STATUS_QUO)
    likeliest = valuation.settled(NOTHING, max(baselines, key=lambda b: b.probability).name)
    sectors = {p: sector_changes(valuation.stage, likeliest, quo, p) for p in valuation.case.parties}
    return as_block(valuation.case.parties, point, drawn, sentence, sectors)


def others_held(valuation: Valuation) -> Block:
    """Return no deal against the status quo when only the parties' duties on each other change."""
    now = valuation.baselines[STATUS_QUO].duties.tariffs
    weights = weights_of(valuation.no_deal)
    a, b = (valuation.stage.region(party) for party in valuation.case.parties)
    quo = valuation.settled(NOTHING, STATUS_QUO)
    point = np.zeros((2, len(MEASURES)))
    likeliest, most = quo, 0.0
    for weight, baseline in zip(weights, valuation.no_deal, strict=True):
        tariffs = now.copy()
        then = valuation.tariffs(NOTHING, baseline.name)
        tariffs[a, b], tariffs[b, a] = then[a, b], then[b, a]
        effect = baseline.changes.effect(valuation.central)
        new = settle(valuation.stage, tariffs, effect, quo)
        point += weight * measured(valuation.stage, new, quo, valuation.case.parties, effect.money)
        if weight > most:
            likeliest, most = new, weight
    sectors = {p: sector_changes(valuation.stage, likeliest, quo, p) for p in valuation.case.parties}
    sentence = f"{valuation.quo_sentence}; the parties' duties on each other change, nobody else's"
    return as_block(valuation.case.parties, point, np.full((1, 2, len(MEASURES)), np.nan), sentence, sectors)
