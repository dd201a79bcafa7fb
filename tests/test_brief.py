"""The page holds what it was given, in well-formed HTML that loads nothing and hides no doubt."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.brief import figures, sentences, tables
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.page import page
from tradetalks.ground.answer import Meta
from tradetalks.ground.sectors import SECTORS
from tradetalks.ground.sources import catalogue
from tradetalks.law.clock import clock
from tradetalks.record.ledger import ledger
from tradetalks.value.answer import (
    AggregationError,
    AssumptionUsed,
    Block,
    Driver,
    Interval,
    PartyValue,
    RateChange,
    Reconciliation,
    SectorChange,
    Sensitivity,
    TermValue,
    ValueAnswer,
)

PARTIES = ("JPN", "USA")
GDP = {"JPN": 4200.0, "USA": 29000.0}
UNKNOWN = Interval(value=None)
ZERO = Interval(value=0.0, p10=0.0, p90=0.0)
HOSTILE = "<script>alert('&')</script>"


def around(value: float, spread: float) -> Interval:
    return Interval(value=value, p10=value - spread, p90=value + 1.3 * spread)


def worth(party: str, usd_bn: float, dice: random.Random, spread: float | None = None) -> PartyValue:
    """A party's block whose numbers belong together about as those of the engine do."""
    spread = abs(usd_bn) * 0.4 if spread is None else spread
    share = 100 / GDP[party]
    goods = [s for s in SECTORS if s.goods]
    dice.shuffle(goods)
    changes = sorted((dice.gauss(0, 1) * (1 + abs(usd_bn)) / 8 for _ in range(10)), reverse=True)
    sectors = [
        SectorChange(sector=s.code, name=s.name, change_usd_bn=c, change_pct=c / 3)
        for s, c in zip(goods[:10], changes, strict=True)
    ]
    dollars, percent = around(usd_bn, spread), around(usd_bn * share, spread * share)
    return PartyValue(
        welfare_pct=percent,
        welfare_usd_bn=dollars,
        welfare_net_pct=percent,
        welfare_net_usd_bn=dollars,
        real_wage_pct=around(usd_bn * share * 1.4, spread * share),
        price_pct=around(-usd_bn * share, spread * share),
        exports_usd_bn=around(usd_bn * 3.1, spread * 2),
        imports_usd_bn=around(usd_bn * 2.9, spread * 2),
        revenue_usd_bn=around(-usd_bn * 1.5 if party == "USA" else usd_bn / 40, spread / 3),
        bilateral_balance_usd_bn=around(usd_bn * 0.8, spread),
        fiscal_usd_bn=ZERO,
        outside_usd_bn=ZERO,
        once_usd_bn=ZERO,
        sectors_gain=tuple(sectors[:5]),
        sectors_lose=tuple(reversed(sectors[5:])),
    )


def block(baseline: str, japan: float, usa: float, dice: random.Random, spread: float | None = None) -> Block:
    values = {"JPN": worth("JPN", japan, dice, spread), "USA": worth("USA", usa, dice, spread)}
    return Block(baseline=baseline, parties=values)


def without_numbers(some: Block) -> Block:
    blank = {field: UNKNOWN for field, info in PartyValue.model_fields.items() if info.annotation is Interval}
    blank |= {"sectors_gain": (), "sectors_lose": ()}
    return some.model_copy(
        update={"parties": {side: value.model_copy(update=blank) for side, value in some.parties.items()}}
    )


DELIVERY = AssumptionUsed(
    id="purchases.delivery",
    sentence="The share of a promised increase in purchases that comes about because of the promise.",
    unit="share of the increment",
    value=0.197,
    low=0.0,
    high=0.603,
    citation="Bown, 2022, China bought none of the extra 200 billion dollars of US exports, PIIE",
)
ADDITIONAL = AssumptionUsed(
    id="investment.additionality",
    sentence="The part of a pledged investment that would not have come without it.",
    unit="share",
    value=None,
    low=None,
    high=None,
    citation="",
    reason="No study was found of pledges of this kind.",
)

#: id, title, kind, Japan's and the US gain against no deal and against today.
TERMS = (
    ("reciprocal-10", "The 10% stays and the 24% never returns", "tariff", (7.1, -2.2), (0.0, 0.0)),
    ("reciprocal-0", "The 10% goes too", "tariff", (12.4, -4.9), (5.0, -2.6)),
    ("cars-mfn", "Passenger cars back to 2.5%", "tariff", (5.2, 0.9), (5.1, 0.8)),
    ("cars-15", "Passenger cars at 15%", "tariff", (2.6, 1.1), (2.5, 1.0)),
    ("parts-mfn", "Car parts stay at the ordinary duty", "tariff", (1.4, 0.02), (0.0, 0.0)),
    ("steel-mfn", "Steel exempted", "tariff", (0.31, 0.12), (0.3, 0.12)),
    ("aluminium-mfn", "Aluminium exempted", "tariff", (0.024, 0.004), (0.024, 0.004)),
    ("lng", "Japan buys 3 billion dollars more US gas a year", "purchases", (-0.06, 0.11), (-0.06, 0.11)),
    ("farm", "Japan buys a billion dollars more US maize and soya a year", "purchases", (-0.03, 0.05), (-0.03, 0.05)),
    ("rice", "Japan takes 70,000 tonnes more US rice inside its quota", "quota", (0.001, 0.003), (0.001, 0.003)),
    ("car-standards", "Japan accepts cars built to US safety rules", "standards", (0.2, 0.06), (0.2, 0.06)),
    ("investment", "Japan lifts its investment in the US to a trillion dollars", "investment", None, None),
    ("yen", "A stronger yen, by one percent of Japan's GDP", "currency", (-2.1, 1.4), (-2.0, 1.5)),
    ("treasuries", "Japan sells 100 billion dollars of US Treasuries", "securities", (0.0, 0.0), (0.0, 0.0)),
)  # fmt: skip


def term(row: tuple, dice: random.Random) -> TermValue:
    id, title, kind, no_deal, today = row
    blocks = [
        block(text, *(pair or (0.0, 0.0)), dice)
        for text, pair in (("Against no deal.", no_deal), ("Against today.", today))
    ]
    if id == "yen":  # wide enough to leave the sign open
        blocks[0] = block("Against no deal.", *no_deal, dice, spread=3.0)
    if id == "treasuries":
        for some in blocks:
            some.parties["JPN"] = some.parties["JPN"].model_copy(update={"once_usd_bn": around(-8.0, 3.0)})
            some.parties["USA"] = some.parties["USA"].model_copy(update={"outside_usd_bn": around(-5.0, 2.0)})
    if no_deal is None:
        blocks = [without_numbers(some) for some in blocks]
    figure = {"purchases": (DELIVERY,), "investment": (ADDITIONAL,)}.get(kind, ())
    return TermValue(
        id=id,
        title=title,
        inline=f"{kind}:{id}",
        kind=kind,
        status="unpriced" if no_deal is None else "part" if kind == "securities" else "priced",
        computed="The change of the duty on the lines, by exporter, importer and sector.",
        reduced_form=figure,
        note=None if kind == "tariff" else "Nobody had named the figure by that day.",
        against_no_deal=blocks[0],
        against_status_quo=blocks[1],
    )


def rates(dice: random.Random) -> tuple[RateChange, ...]:
    found = []
    for s in SECTORS:
        if not s.goods:
            continue
        imports = {"C29": 48.2, "C28": 27.1, "C26": 17.4, "C20": 8.9}.get(s.code, dice.uniform(0.0, 6.0))
        today = {"C29": 21.3, "C24A": 26.0}.get(s.code, 11.0 + dice.uniform(0, 3))
        found.append(
            RateChange(
                importer="USA",
                exporter="JPN",
                sector=s.code,
                name=s.name,
                base_pct=dice.uniform(0, 4),
                status_quo_pct=today,
                scheduled_pct=today + (4.0 if s.code == "C29" else 0.0),
                no_deal_pct=today + 12,
                package_pct=today - 4,
                imports_usd_bn=imports,
            )
        )
        own = None if s.code in ("B05", "C301") else dice.uniform(0, 9)
        bought = None if s.code == "B05" else dice.uniform(0, 9)
        found.append(
            RateChange(
                importer="JPN",
                exporter="USA",
                sector=s.code,
                name=s.name,
                base_pct=own,
                status_quo_pct=own,
                scheduled_pct=own,
                no_deal_pct=own,
                package_pct=own,
                imports_usd_bn=bought,
            )
        )
    return tuple(found)


def answer(title: str, terms: tuple[TermValue, ...], gains: tuple[float, float], dice: random.Random) -> ValueAnswer:
    return ValueAnswer(
        package=title,
        against_status_quo=block("Against the tariffs of 20 April 2025.", gains[0] - 9.0, gains[1] + 3.0, dice),
        against_no_deal=block("Against no deal.", *gains, dice),
        no_deal=block("No deal: the 24% returns on 9 July 2025, and other countries' rates with it.", -9.1, 3.4, dice),
        no_deal_others_held=block("Only the duties of the two on each other change.", -9.6, 1.2, dice),
        scheduled=block("The 25% on car parts, signed on 26 March, applies from 3 May.", -1.4, -0.02, dice, 0.1),
        terms=terms,
        interaction={b: {side: around(-0.4, 0.3) for side in PARTIES} for b in ("against_status_quo", "against_no_deal")},
        rates=rates(random.Random(3)),
        reconciliation=tuple(
            Reconciliation(importer="USA", exporter="JPN", sector=c, customs_usd_bn=k, table_usd_bn=t, ratio=r)
            for c, k, t, r in (("C29", 54.1, 51.2, 1.06), ("C28", 30.2, 24.4, 1.24), ("B05", None, 0.01, None))
        ),
        revenue_notes=("Cars at 15%: the cut raises US revenue by USD 0.4 bn a year, since imports grow by more.",),
        aggregation=AggregationError(
            draws=32, welfare_pct_rms={"JPN": 0.0012, "USA": 0.0004}, welfare_pct_max={"JPN": 0.003, "USA": 0.0011}
        ),
        drivers={
            side: (
                Driver(assumption="trade elasticity of motor vehicles", share=0.52),
                Driver(assumption="trade elasticity of services", share=0.21),
                Driver(assumption="purchases.delivery", share=0.09),
            )
            for side in PARTIES
        },
        sensitivity=(
            Sensitivity(
                changed="trade elasticities of 4 in every sector",
                against_status_quo_welfare_pct={"JPN": 0.031, "USA": -0.002},
                against_no_deal_welfare_pct={"JPN": 0.11, "USA": 0.0},
            ),
        ),
        draws=200,
        sentences=("Deficits are fixed in world-GDP units.", "Base duties of the United States are those of 2024."),
        meta=Meta(case="us-japan-2025", as_of=date(2025, 4, 20), known_through=date(2025, 4, 20), usd_year=2025, seed=1),
    )  # fmt: skip


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    dice = random.Random(7)
    terms = tuple(term(row, dice) for row in TERMS)
    return Briefing(
        name="us-japan-2025",
        title="US-Japan tariff talks, 20 April 2025",
        parties=PARTIES,
        seat="JPN",
        as_of=date(2025, 4, 20),
        deadline=date(2025, 7, 9),
        marking="Illustrative - open data only",
        seed=20250420,
        hash="3f1c9a5e07d2b8446a1e",
        terms=terms,
        packages=(
            answer("Only the return of the 24% is averted", terms[:1], (7.1, -2.2), dice),
            answer("What Japan asks for, with nothing in return", terms[1:5], (18.0, -4.1), dice),
            answer("Cars at 15% against purchases and car rules", terms[3:9], (9.6, -0.8), dice),
            answer("What the US asks for and Japan may give", terms[7:13], (4.0, -1.9), dice),
        ),
        events=tuple(clock("JPN", date(2025, 4, 20))),
        record=ledger(date(2025, 4, 20)),
        sources=catalogue(),
        command="tradetalks brief us-japan-2025 -o us-japan-2025-brief.html",
        record_command="tradetalks record list us-japan-2025",
    )
