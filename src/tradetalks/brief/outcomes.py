"""What no deal may bring: each outcome of the case with its odds and the duties between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tradetalks.value.answer import RateChange
from tradetalks.value.package import NOTHING
from tradetalks.value.valuation import Valuation


@dataclass(frozen=True, slots=True)
class NoDealOutcome:
    """One thing that may happen at the deadline if nothing is agreed."""

    name: str
    probability: float
    terms: tuple[str, ...]
    """Titles of what it changes beyond the law."""
    duty_pct: Mapping[str, float | None]
    """By importer, ISO3: its average duty on the other's goods, as the first page counts it; ``None``: not known."""


def outcomes(valuation: Valuation, rates: tuple[RateChange, ...]) -> tuple[NoDealOutcome, ...]:
    """Return the outcomes of no deal, the likeliest first.

    Args:
        valuation: the case at work.
        rates: of an answer, for the imports of each sector and where the duty is known.
    """
    parties = valuation.case.parties
    found = []
    for outcome in valuation.no_deal:
        duties = {
            importer: _average(valuation, rates, outcome.name, importer, exporter)
            for importer, exporter in (parties, parties[::-1])
        }
        titles = tuple(term.title for term in outcome.changes.terms)
        found.append(NoDealOutcome(outcome.name.removeprefix("no deal: "), outcome.probability, titles, duties))
    return tuple(sorted(found, key=lambda one: -one.probability))


def _average(
    valuation: Valuation, rates: tuple[RateChange, ...], baseline: str, importer: str, exporter: str
) -> float | None:
    from tradetalks.brief.tables import average

    i, n = valuation.stage.region(exporter), valuation.stage.region(importer)
    duty = dict(zip(valuation.world.sectors, valuation.tariffs(NOTHING, baseline)[i, n], strict=True))
    rows = [
        one.model_copy(update={"no_deal_pct": 100.0 * float(duty[one.sector])})
        for one in rates
        if (one.importer, one.exporter) == (importer, exporter) and one.no_deal_pct is not None
    ]
    return average(rows, "no_deal_pct")
