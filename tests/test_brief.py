"""The page holds what it was given, in well-formed HTML that loads nothing and hides no doubt."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.brief import figures, sentences, tables
from tradetalks.brief.briefing import Briefing, assemble
from tradetalks.brief.compose import document
from tradetalks.brief.document import Table
from tradetalks.brief.geography import Geography, OriginDuty, RegionGain
from tradetalks.brief.leverage import Leverage, Move
from tradetalks.brief.negotiation import Negotiation
from tradetalks.brief.opening import opening
from tradetalks.brief.outcomes import NoDealOutcome
from tradetalks.brief.page import page
from tradetalks.cli.brief import brief
from tradetalks.ground.answer import Meta
from tradetalks.ground.errors import BadInput
from tradetalks.ground.sectors import SECTORS
from tradetalks.ground.sources import catalogue
from tradetalks.law.clock import clock
from tradetalks.law.path import Step, rate_path
from tradetalks.record.ledger import ledger
from tradetalks.talks.deals.shapes import (
    Asked,
    CasePackage,
    Deal,
    DealsAnswer,
    FairPoint,
    Offer,
    OfferAnswer,
    Outcome,
    Side,
    SurrogateError,
    TermAdvice,
    Waiting,
)
from tradetalks.talks.wants.answer import Asked as WantAsked
from tradetalks.talks.wants.answer import Driver as WantDriver
from tradetalks.talks.wants.answer import Engine, IssueWant, Scale, Source, Spread, WantsAnswer
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
from tradetalks.value.case import load_case

PARTIES = ("JPN", "USA")
TODAY = date(2025, 4, 20)
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
        revenue_in_welfare_usd_bn=around(-usd_bn * 1.2 if party == "USA" else usd_bn / 40, spread / 3),
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


GEOGRAPHY = Geography(
    new_year=date(2025, 1, 1),
    duties=(
        OriginDuty("EU", 560.0, 1.3, 9.0, 14.6),
        OriginDuty("CHN", 418.0, 12.4, 108.8, 109.8),
        OriginDuty("JPN", 145.0, 1.6, 13.8, 22.4),
        OriginDuty("SGP", 38.0, 0.1, 3.4, 3.6),
    ),
    gains=(
        RegionGain("VNM", -1.5, -7.0),
        RegionGain("JPN", -0.22, -9.1),
        RegionGain("ROW", 0.001, 0.05),
        RegionGain("MLT", 0.05, 0.01),
        RegionGain("CAN", 0.06, 1.3),
    ),
)
LEVERAGE = Leverage(
    moves=(
        Move("best of Japan", {"JPN": 0.4, "USA": -1.8}, {"JPN": 0.01, "USA": -0.006}, {"JPN": 7.2, "USA": None},
             (("MEX", -0.2), ("ROW", 0.1)), True),
        Move("tariff war: both", {"JPN": 1.4, "USA": -0.5}, {"JPN": 0.03, "USA": -0.002}, {"JPN": 7.1, "USA": 12.3},
             (("MEX", -0.3), ("CHN", 0.3)), False),
    ),
    today_pct={"JPN": 1.8, "USA": 11.9},
    regions=("JPN", "USA", "MEX", "CHN", "ROW"),
    not_found=("a move that was not found",),
)  # fmt: skip


def side(payoff: float, economic: float | None, refused: tuple[str, ...] = ()) -> Side:
    accepts = Interval(value=0.46, p10=0.0, p90=1.0)
    known = UNKNOWN if economic is None else around(economic, 1.0)
    return Side(
        payoff_usd_bn=around(payoff, 8.0), economic_usd_bn=known, wanted_usd_bn=around(1.0, 1.0), acceptance=accepts,
        refused=refused,
    )  # fmt: skip


def deal(label: str, terms: tuple[str, ...], japan: float, usa: float) -> Deal:
    return Deal(
        label=label, terms=terms, title="; ".join(terms), sides={"JPN": side(japan, 4.7), "USA": side(usa, -2.0)},
        both_accept=Interval(value=0.4), efficient_share=0.3, unpriced=tuple(t for t in terms if t == "investment"),
    )  # fmt: skip


def spread(median: float) -> Spread:
    return Spread(mean=median, p10=median / 3, median=median, p90=median * 3)


def wants_of(party: str, counterpart: str) -> WantsAnswer:
    scale = Scale(posterior=spread(0.2), prior=spread(0.1))
    rows = tuple(
        IssueWant(
            issue=issue, title=title, unit="one of it", side="wants", weight=spread(weight), prior=spread(2.0),
            rank_interval=(1, 5), evidence=("jpnlog-012",), drivers=(WantDriver(source="jpnlog-012", factor=1.2),),
        )
        for issue, title, weight in (("standards", "Rules that are not tariffs", 13.0), ("energy", "Energy", 11.0))
    )  # fmt: skip
    entry = Source(
        id="jpnlog-012", date=date(2025, 3, 31), known_from=date(2025, 3, 31), who="USTR", act="demand",
        words="Certification is not accepted as equal.", source="ustr.gov", url="https://ustr.gov/nte", k_hat=None,
        refitted=False,
    )  # fmt: skip
    return WantsAnswer(
        party=party, counterpart=counterpart, as_of=TODAY, issues=rows, reservation=scale, noise=scale, speakers=(),
        unlisted_probability=0.74, what_would_change_this=(f"If a minister of {party} refuses once more, much moves.",),
        next_questions=(WantAsked(text="Is it farm goods?", issue="agriculture", expected_information=0.38),),
        record=(entry,),
        engine=Engine(method="normal approximation", parameters=9, k_hat=0.4, reliable=True, effective_draws=500.0,
                      draws=1000),
        sentences=("First.", "A weight is what a unit is worth.", "Third."),
        meta=Meta(case="us-japan-2025", as_of=TODAY, usd_year=2025, seed=1),
    )  # fmt: skip


def talks() -> Negotiation:
    best = deal("best", ("reciprocal-0", "lng", "investment"), 28.0, -12.0)
    offer = Offer(deal=best, expected_gain_usd_bn=around(13.0, 9.0), chosen=None, teaches=())
    meta = Meta(case="us-japan-2025", as_of=TODAY, usd_year=2025, seed=1)
    ids = ("status-quo-kept", "japan-asks", "exchange", "us-asks")
    advised = TermAdvice(
        terms=("cars-mfn",), title="Passenger cars back to 2.5%", change="drop", own_usd_bn=-13.0, other_usd_bn=20.0,
        accepts=0.68, why="each billion that it costs brings the other side 1.6",
    )  # fmt: skip
    deals = DealsAnswer(
        parties=PARTIES, seat="JPN", no_deal="no deal", factors=(), packages=4608, left_out=(),
        frontier=(deal("F1", ("reciprocal-0", "lng"), 24.0, 1.0), deal("F2", ("reciprocal-10", "lng"), 13.0, 12.0)),
        rational=True, ideal_usd_bn={"JPN": 24.0, "USA": 12.0},
        fair=(FairPoint(concept="nash", fair_means="The product of gains is largest.", deal="F2", gains_usd_bn={},
                        by_surrogate=None),),
        case_packages=tuple(
            CasePackage(id=id, deal=deal(id, ("lng",), 9.0, 2.0), efficient=False, beaten_by="F2") for id in ids
        ),
        surrogate=SurrogateError(
            solved=9, blocks=(), interaction_share=0.0, core=(), frontier=2, near=0, not_solved=0,
            error_usd_bn={"JPN": 0.01, "USA": 0.01}, draws_error_usd_bn={"JPN": 0.0, "USA": 0.0},
        ),
        unlisted={"JPN": 0.5, "USA": 0.74}, draws=200, sentences=("A payoff of JPN counts what JPN wants.",), meta=meta,
    )  # fmt: skip
    advice = OfferAnswer(
        parties=PARTIES, seat="JPN", other="USA", best=offer, equivalent=(offer,), information_bits=None,
        question=Asked(text="Is it farm goods?", issue="agriculture", expected_information=0.38), keep_back=(advised,),
        refuse=(), ask=(), refuse_packages=("us-asks",),
        waiting=(Waiting(stage="now, 2025-04-20", baseline="the duties of 2025-04-20",
                         month_usd_bn={"JPN": 0.6, "USA": -0.3}),),
        outcomes=(Outcome(outcome="snap-back", probability=1.0, against="the law", best_offer_accepted=0.46,
                          best_offer_gain_usd_bn=13.0, then_best=("lng",), then_accepted=0.5, then_gain_usd_bn=13.0),),
        considered=4608, solved=40, draws=200, sentences=("USA may bring up more.",), meta=meta,
    )  # fmt: skip
    return Negotiation({"JPN": wants_of("JPN", "USA"), "USA": wants_of("USA", "JPN")}, deals, advice)


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
        interaction=dict.fromkeys(("against_status_quo", "against_no_deal"), dict.fromkeys(PARTIES, around(-0.4, 0.3))),
        rates=rates(random.Random(3)),
        reconciliation=tuple(
            Reconciliation(importer="USA", exporter="JPN", sector=c, customs_usd_bn=k, table_usd_bn=t, ratio=r)
            for c, k, t, r in (("C29", 54.1, 51.2, 1.06), ("C28", 30.2, 24.4, 1.24), ("B05", None, 0.01, None))
        ),
        revenue_notes=("Cars at 15%: the cut raises US revenue by USD 0.4 bn a year, since imports grow by more.",),
        aggregation=AggregationError(
            draws=32,
            welfare_net_pct_rms={"JPN": 0.0012, "USA": 0.0004},
            welfare_net_pct_max={"JPN": 0.003, "USA": 0.0011},
            welfare_net_pct_level={"JPN": 0.0004, "USA": -0.0002},
        ),
        drivers={
            side: (
                Driver(assumption="trade elasticity of motor vehicles", share=0.52, error=0.05),
                Driver(assumption="trade elasticity of services", share=0.21, error=0.04),
                Driver(assumption="purchases.delivery", share=0.09, error=0.03),
            )
            for side in PARTIES
        },
        sensitivity=(
            Sensitivity(
                changed="trade elasticities of 4 in every sector",
                against_status_quo_welfare_net_pct={"JPN": 0.031, "USA": -0.002},
                against_no_deal_welfare_net_pct={"JPN": 0.11, "USA": 0.0},
            ),
        ),
        draws=200,
        sentences=("Deficits are fixed in world-GDP units.", "Base duties of the United States are those of 2024."),
        meta=Meta(case="us-japan-2025", as_of=TODAY, known_through=TODAY, usd_year=2025, seed=1),
    )


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
        path=rate_path("JPN", "2025-01-01", "2025-07-09", known="2025-04-20"),
        geography=GEOGRAPHY,
        leverage=LEVERAGE,
        negotiation=talks(),
        givers={row[0]: "USA" if row[2] == "tariff" else "JPN" for row in TERMS},
    )


class Reader(HTMLParser):
    """What the tests ask of the page: balance, order, names, loads."""

    VOID = frozenset({"meta", "br", "img", "input", "hr", "link", "col", "source", "wbr"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.tables: list[Counter[str]] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag, _ in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.tags.append((tag, given))
        if tag == "table":
            self.tables.append(Counter())
        for name, _ in self.open:
            if name == "table":
                self.tables[-1][tag] += 1
        if tag not in self.VOID:
            self.open.append((tag, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1][0] if self.open else 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(tag == "style" for tag, _ in self.open):
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def html(briefing: Briefing) -> str:
    return page(briefing)


@pytest.fixture(scope="module")
def read(html: str) -> Reader:
    return Reader(html)


def words(reader: Reader) -> str:
    return " ".join(" ".join(reader.text).split())


def test_the_page_is_well_formed(read: Reader) -> None:
    assert read.faults == []
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    links = [attrs["href"] for attrs in read.all("a") if (attrs["href"] or "").startswith("#")]
    assert {link[1:] for link in links if link} <= set(ids)


def test_the_page_loads_nothing(html: str, read: Reader) -> None:
    names = {tag for tag, _ in read.tags}
    assert not names & {"script", "link", "iframe", "img", "image", "object", "embed", "base", "use", "form"}
    for tag, attrs in read.tags:
        assert not {"src", "srcset", "poster", "data", "action", "xlink:href", "ping"} & set(attrs), (tag, attrs)
        assert not any(name.startswith("on") for name in attrs)
        if "href" in attrs:
            assert tag == "a"
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_headings_are_in_order(read: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_section_is_there(read: Reader) -> None:
    ids = {attrs.get("id") for _, attrs in read.tags}
    assert {"stand", "no-deal", "terms", "wants", "packages", "doubt", "record", "ground", "remake"} <= ids


def test_tables_and_charts_say_what_they_are(read: Reader) -> None:
    assert len(read.tables) >= 10
    for table in read.tables:
        assert table["caption"] == 1
        assert table["th"] > 0
    assert all(attrs.get("scope") in ("col", "row", "colgroup", "rowgroup") for attrs in read.all("th"))
    charts = [attrs for attrs in read.all("svg") if "aria-hidden" not in attrs]
    # First page; rate, map; two of sectors, map, others; two of terms, wants; packages, frontier; two of causes.
    assert len(charts) == 14
    titles = {attrs.get("id") for name, attrs in read.tags if name in ("title", "desc")}
    for attrs in charts:
        assert attrs["role"] == "img"
        assert set((attrs["aria-labelledby"] or "").split()) <= titles


def test_every_term_package_and_source_is_named(read: Reader, briefing: Briefing) -> None:
    text = words(read)
    for term in briefing.terms:
        assert text.count(term.title) >= 3
        assert term.id in text
    for package in briefing.packages:
        assert package.package in text
    for sources in briefing.sources.values():
        for source in sources:
            assert " ".join(source.citation.split()) in text
    for said in (briefing.marking, briefing.hash, str(briefing.seed), briefing.command):
        assert said in text
    for note in briefing.packages[0].revenue_notes:
        assert note in text


def test_unknown_is_said_and_never_a_number(html: str, read: Reader) -> None:
    text = words(read)
    assert not re.search(r"\b(nan|None|inf|Infinity|undefined)\b", text)
    assert "NaN" not in html
    assert text.count("not known") > 20
    assert "No study was found of pledges of this kind." in text
    assert not re.search(r"(?<![\w-])-\d", text), "a hyphen stands for a minus sign"


def test_balances_come_with_the_sentence_on_totals(read: Reader) -> None:
    assert words(read).count(sentences.BALANCES) == 3


def test_the_clock_tells_days_and_citations(read: Reader) -> None:
    text = words(read)
    assert "in 80 days" in text
    assert "3 May 2025 in 13 days Section 232 auto parts: 25% begins" in text
    assert "EO 14266, 90 FR 15625" in text


def test_five_sentences_are_as_unsure_as_the_numbers(briefing: Briefing) -> None:
    said = opening(briefing)
    assert len(said) == 5
    assert said[0].startswith("On 20 April 2025, 80 days before 9 July 2025, the United States charges ")
    assert "if nothing is agreed; Japan charges 5.3% on average on goods from the United States." in said[0]
    assert "Japan loses USD 10 bn a year and the United States gains USD 1.2 bn against today" in said[1]
    assert "“The 10% goes too”" in said[2]
    assert said[3].startswith(
        "No package is best for both sides: against no deal Japan fares best with “What Japan asks"
    )
    assert "how readily buyers of motor vehicles change their supplier" in said[4]
    full = sentences.no_deal(briefing)
    assert "Japan loses USD 9 bn a year (4 to 13); the United States gains USD 3.4 bn a year" in full
    assert full in words(Reader(page(briefing)))
    wide = around(0.4, 2.0)
    assert sentences.outcome("USA", wide) == (
        "the United States gains USD 0.4 bn a year (from a loss of 1.6 to a gain of 3.0: the sign is open)"
    )
    assert sentences.outcome("JPN", UNKNOWN) == "what Japan gains or loses is not known"
    assert sentences.outcome("JPN", Interval(value=0.001)) == "Japan neither gains nor loses to speak of"


def test_the_first_page_speaks_of_the_average_of_the_law(briefing: Briefing) -> None:
    """Page, chart and map give one number for today; what the model collects lies beside it, moved alike."""
    assert briefing.path is not None
    days = [briefing.as_of - timedelta(days=20), briefing.as_of, briefing.as_of + timedelta(days=1)]
    steps = tuple(Step(on, rate, (), ()) for on, rate in zip(days, (4.0, 33.3, 50.0), strict=True))
    law = replace(briefing, path=replace(briefing.path, steps=steps))
    assert "the United States charges 33.3% on average on goods from Japan" in opening(law)[0]
    rates = tables.duties(law, "USA", "JPN")
    gap = 33.3 - (tables.average(rates, "status_quo_pct") or 0.0)
    assert f"{(tables.average(rates, 'no_deal_pct') or 0.0) + gap:.1f}% if nothing is agreed" in opening(law)[0]
    assert sentences.uncollected(law, "JPN", "USA") == 0.0
    assert sentences.uncollected(replace(law, path=None), "USA", "JPN") == 0.0


def test_small_worths_are_told_in_millions() -> None:
    small = Interval(value=0.012, p10=0.0, p90=0.041)
    assert sentences.outcome("JPN", small) == "Japan gains USD 10 million a year (0 to 40)"
    about = Interval(value=0.001, p10=-0.01, p90=0.02)
    assert sentences.outcome("JPN", about) == (
        "Japan neither gains nor loses to speak of (from a loss of 10 to a gain of 20 million: the sign is open)"
    )


def test_what_beats_what(briefing: Briefing) -> None:
    assert sentences.beaten_by(briefing.packages, ("JPN", "USA")) == {0: 2, 3: 2}
    said = " ".join(sentences.verdicts(briefing))
    assert "“Only the return of the 24% is averted” is beaten" in said
    assert "The United States would be worse off than without a deal under" in said


def test_the_seat_may_be_the_other_side(briefing: Briefing) -> None:
    reader = Reader(page(replace(briefing, seat="USA")))
    assert reader.faults == []
    text = words(reader)
    assert "Brief for the United States" in text
    assert "Japan charges" in text
    assert "The term worth most to the United States is “A stronger yen, by one percent of Japan's GDP”" in text
    assert "(from a loss of 1.6 to a gain of 5.3: the sign is open)" in text


def test_a_bare_case_still_makes_a_page(briefing: Briefing) -> None:
    blank = briefing.packages[0]
    nothing = without_numbers(blank.no_deal)
    blank = blank.model_copy(
        update={
            "terms": (),
            "rates": (),
            "reconciliation": (),
            "drivers": {},
            "sensitivity": (),
            "aggregation": None,
            "against_no_deal": nothing,
            "against_status_quo": nothing,
            "no_deal": nothing,
        }
    )
    bare = replace(
        briefing, terms=(), packages=(blank,), events=(), record=(), sources={}, marking="", path=None, leverage=None,
        negotiation=None,
    )  # fmt: skip
    reader = Reader(page(bare))
    assert reader.faults == []
    assert not re.search(r"\b(nan|None)\b", words(reader))
    assert "No term is on the table." in words(reader)
    assert "the average duty of the United States on goods from Japan is not known" in words(reader)


def test_hostile_words_stay_words(briefing: Briefing) -> None:
    evil = tuple(term.model_copy(update={"title": HOSTILE, "note": HOSTILE}) for term in briefing.terms[:2])
    answers = tuple(a.model_copy(update={"package": HOSTILE, "terms": evil}) for a in briefing.packages)
    said = briefing.record[-1].model_copy(update={"position": HOSTILE, "url": "javascript:alert(1)"})
    hostile = replace(
        briefing,
        title=HOSTILE,
        marking='"; } </style>' + HOSTILE,
        terms=evil,
        packages=answers,
        record=(said,),
    )
    text = page(hostile)
    reader = Reader(text)
    assert reader.faults == []
    assert "script" not in {tag for tag, _ in reader.tags}
    assert text.count("</style>") == 1
    assert "javascript:" not in " ".join(attrs.get("href") or "" for attrs in reader.all("a"))
    assert words(reader).count(HOSTILE) > 5


def test_the_same_briefing_gives_the_same_bytes(briefing: Briefing, html: str) -> None:
    assert page(briefing) == html


@pytest.mark.parametrize(
    ("interval", "value", "span"),
    [
        (Interval(value=12.34, p10=8.4, p90=16.2), "+12", "+8 to +16"),
        (Interval(value=-0.344, p10=-0.51, p90=-0.2), "−0.34", "−0.51 to −0.20"),
        (Interval(value=0.012, p10=-3.4, p90=4.5), "about zero", "−3.4 to +4.5"),
        (Interval(value=0.0, p10=0.0, p90=0.0), "0", None),
        (Interval(value=1e-5, p10=-1e-5, p90=2e-5), "about zero", None),
        (Interval(value=123.4), "+120", None),
        (Interval(value=9.96), "+10", None),
        (Interval(value=-1234.0), "−1,200", None),
        (Interval(value=None), "not known", None),
    ],
)
def test_effects_are_rounded_by_their_uncertainty(interval: Interval, value: str, span: str | None) -> None:
    shown = figures.dollars(interval)
    assert (shown.value, shown.span) == (value, span)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_rounding_keeps_sign_and_order(value: float, below: float, above: float) -> None:
    interval = Interval(value=value, p10=value - below, p90=value + above)
    shown = figures.dollars(interval)

    def number(text: str) -> float:
        return 0.0 if text == figures.ABOUT_ZERO else float(text.replace("−", "-").replace(",", ""))

    largest = max(abs(value), abs(value - below), abs(value + above))
    assert number(shown.value) * value >= 0
    assert abs(number(shown.value) - value) <= max(0.005, 0.05 * largest) * 1.001
    if shown.span is not None:
        low, high = map(number, shown.span.split(" to "))
        assert low <= number(shown.value) <= high


def test_several_outcomes_of_no_deal_are_named_with_their_odds(briefing: Briefing) -> None:
    two = (
        NoDealOutcome("snap-back", 0.6, (), {"USA": 22.4, "JPN": 1.8}),
        NoDealOutcome("letter", 0.4, ("30% on all goods",), {"USA": 27.0, "JPN": 1.8}),
    )
    reader = Reader(page(replace(briefing, outcomes=two, path=None)))
    assert reader.faults == []
    text = words(reader)
    assert "22.4% (snap-back, 60%) or 27.0% (letter, 40%) if nothing is agreed" in text
    assert "on the average of the outcomes (snap-back 60%, letter 40%)" in text
    assert "or letter (40%), that is, “30% on all goods”." in text
    assert "No deal: the outcome snap-back alone (60%)." in text


def test_a_tariff_that_is_not_known_is_not_called_zero(briefing: Briefing) -> None:
    unknown = {field: None for _, field in tables.COLUMNS}
    rates = tuple(
        rate.model_copy(update=unknown) if rate.importer == "JPN" else rate for rate in briefing.packages[0].rates
    )
    first = briefing.packages[0].model_copy(update={"rates": rates})
    text = words(Reader(page(replace(briefing, packages=(first, *briefing.packages[1:])))))
    assert "on average on top of its tariff of today" in text
    assert "instead of 0.0%" not in text
    assert "The tariff of Japan is not shipped and stands inside the trade cost" in text


def test_each_entry_stands_once_in_the_evidence_with_what_it_moves(briefing: Briefing) -> None:
    section = next(one for one in document(briefing).sections if one.id == "wants")
    table = next(one for one in section.blocks if isinstance(one, Table) and one.key == "evidence")
    assert [row[0].text for row in table.rows] == ["jpnlog-012"]
    moved = "Rules that are not tariffs ×1.20, Energy ×1.20"
    assert table.rows[0][2].text == f"United States: {moved}; Japan: {moved}"


def test_averages_are_weighted_and_refuse_thin_cover(briefing: Briefing) -> None:
    rows = tables.duties(briefing, "USA", "JPN")
    expected = sum(r.imports_usd_bn * r.status_quo_pct for r in rows) / sum(r.imports_usd_bn for r in rows)
    assert tables.average(rows, "status_quo_pct") == pytest.approx(expected)
    assert [r.sector for r in rows[:3]] == ["C29", "C28", "C26"]
    gap = (rows[0].model_copy(update={"status_quo_pct": None}), *rows[1:])
    assert tables.average(gap, "status_quo_pct") is None
    assert tables.average((), "status_quo_pct") is None
    assert tables.columns(rows) == tables.COLUMNS
    assert tables.columns(tables.duties(briefing, "JPN", "USA")) == (("On every day", "status_quo_pct"),)


def test_the_last_word_on_each_issue_newest_first(briefing: Briefing) -> None:
    chosen = tables.latest(briefing.record)
    assert 0 < len(chosen) <= tables.STATEMENTS
    assert len({(entry.party, entry.issue) for entry in chosen}) == len(chosen)
    assert [e.known_from for e in chosen] == sorted((e.known_from for e in chosen), reverse=True)
    assert all(entry.known_from <= briefing.as_of for entry in chosen)


def test_the_command_refuses_before_it_computes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, briefing: Briefing, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadInput, match=r"--output: the folder .*missing does not exist"):
        brief(output=tmp_path / "missing" / "brief.html")
    with pytest.raises(BadInput, match=r"brief.doc ends in none of .html, .pdf, .xlsx, .csv.zip"):
        brief(output=tmp_path / "brief.doc")
    with pytest.raises(BadInput, match="ZZZ"):
        brief(seat="ZZZ")
    with pytest.raises(BadInput, match="--since: 'last week' is not a date"):
        brief(since="last week")
    with pytest.raises(BadInput, match="no case 'us-japan-2026'; did you mean us-japan-2025"):
        brief("us-japan-2026")
    monkeypatch.setattr("tradetalks.brief.briefing.assemble", lambda *_: briefing)
    monkeypatch.chdir(tmp_path)
    brief()
    assert capsys.readouterr().out == "us-japan-2025-brief.html\n"
    assert Reader((tmp_path / "us-japan-2025-brief.html").read_text(encoding="utf-8")).faults == []


@pytest.mark.slow
def test_the_brief_of_the_shipped_case() -> None:
    shipped = load_case("us-japan-2025")
    case = replace(shipped, terms=shipped.terms[-3:], packages=shipped.packages[:2])
    told: list[float] = []
    made = assemble(case, draws=8, progress=lambda what, share: told.append(share))
    assert [term.id for term in made.terms] == [term.id for term in case.terms]
    assert len(made.packages) == len(case.packages)
    assert made.command == "tradetalks brief us-japan-2025 --draws 8"
    assert made.negotiation is None, "eight draws give no interval, so no advice either"
    assert made.leverage is not None
    assert made.leverage.not_found == ()
    assert [one.name for one in made.outcomes] == ["snap-back"]
    rates = tables.duties(made, "USA", "JPN")
    assert made.outcomes[0].duty_pct["USA"] == pytest.approx(tables.average(rates, "no_deal_pct"))
    assert made.geography is not None
    assert made.path is not None
    origin = next(one for one in made.geography.duties if one.origin == "JPN")
    in_force = [step.rate_pct for step in made.path.steps if step.on <= made.as_of]
    assert origin.today_pct == pytest.approx(in_force[-1])
    for side, value in made.packages[0].no_deal.parties.items():
        own = next(one for one in made.geography.gains if one.region == side)
        assert own.welfare_usd_bn == pytest.approx(value.welfare_net_usd_bn.value)
        assert own.welfare_pct == pytest.approx(value.welfare_net_pct.value)
    assert told == sorted(told)
    reader = Reader(page(made))
    assert reader.faults == []
    assert not {"nan", "None"} & {text.strip() for text in reader.text}
    assert not re.search(r"\bnan\b", words(reader))
