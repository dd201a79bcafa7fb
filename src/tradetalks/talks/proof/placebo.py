"""The placebo: the same forecast from shuffled labels, which must lose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tradetalks.record.deals import Deal
from tradetalks.talks.proof.faced import agreed_rates, position
from tradetalks.talks.proof.forecast import (
    SLOPES,
    Material,
    asked,
    learned,
    listed_on,
)
from tradetalks.talks.proof.inclusion import chances
from tradetalks.talks.proof.rates import rate_forecast
from tradetalks.talks.proof.shapes import (
    Placebo,
)
from tradetalks.talks.proof.struck import eve, held, partner

#: Shuffles of each forecast.
SHUFFLES = 20


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


def placebo(quantity: str, score: str, ours: Sequence[float], shuffled: Sequence[Sequence[float]]) -> Placebo:
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
