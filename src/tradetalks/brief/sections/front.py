"""The first page: five sentences, one chart, the recommendation and its risk."""

from __future__ import annotations

from tradetalks.brief import charts, sentences
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Front
from tradetalks.brief.figures import dollars
from tradetalks.brief.opening import opening
from tradetalks.brief.recommendation import draft, recommendation
from tradetalks.value.answer import Interval, TermValue


def front(briefing: Briefing) -> Front:
    """Return the first page of ``briefing``."""
    base = briefing.packages[0]
    prices = base.meta.usd_year or "the base year"
    return Front(
        sentences=opening(briefing),
        picture=charts.ranges(_rows(briefing), briefing.sides, _title(briefing)),
        note=(
            "Mark: full solve; line, and range in brackets: eight draws in ten. Real income in prices of "
            f"{prices}, without what the parties want besides; other origins’ duties are the same with and without a "
            "deal. Source: tradetalks world trade model."
        ),
        recommendation=recommendation(briefing),
        seat=briefing.seat,
        other=briefing.other,
        draft=draft(briefing),
    )


def _title(briefing: Briefing) -> str:
    return f"What is at stake, {'each term' if briefing.shared else 'each way out'} against no deal"


def _rows(briefing: Briefing) -> list[tuple[str, list[Interval]]]:
    """Return the ways out of the talks with both sides' gains against no deal."""
    sides = briefing.sides
    if briefing.shared:
        chosen = [term for term in sentences.by_worth(briefing) if dollars(_worth(term, sides[0])).known][:6]
        return [(term.title, [sentences.gain(term.against_no_deal, side) for side in sides]) for term in chosen]
    rows = []
    if briefing.negotiation is not None:
        best = briefing.negotiation.offer.best.deal
        rows.append(("The offer recommended", [best.sides[side].economic_usd_bn for side in sides]))
    rows += [
        (answer.package, [sentences.gain(answer.against_no_deal, side) for side in sides])
        for answer in briefing.packages
    ]
    return rows


def _worth(term: TermValue, side: str) -> Interval:
    return sentences.gain(term.against_no_deal, side)
