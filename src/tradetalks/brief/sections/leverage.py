"""Leverage: what each side loses at no deal, what it could do with its tariffs, and what waiting costs."""

from __future__ import annotations

from tradetalks.brief import charts, figures, sentences, tables
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Block, Cell, Column, Figures, Heading, Points, Section, Table, source, text
from tradetalks.brief.leverage import Leverage, Move
from tradetalks.brief.sections import geography
from tradetalks.brief.sections.cells import pct, point, rate, usd, words
from tradetalks.brief.words import long_date, name, nation, plainly, sentence, series
from tradetalks.value.answer import Interval, ValueAnswer

#: Rows of the table of outcomes: label, unit, field of PartyValue.
MEASURES: tuple[tuple[str, str, str], ...] = (
    ("Real income", "%", "welfare_pct"),
    ("Real income", "USD bn", "welfare_usd_bn"),
    ("Real income net of borrowing", "USD bn", "welfare_net_usd_bn"),
    ("Real wage", "%", "real_wage_pct"),
    ("Consumer prices, wages held", "%", "price_pct"),
    ("Exports to all", "USD bn", "exports_usd_bn"),
    ("Imports from all", "USD bn", "imports_usd_bn"),
    ("Tariff revenue", "USD bn", "revenue_usd_bn"),
    ("Balance with the other party", "USD bn", "bilateral_balance_usd_bn"),
)

#: Other regions shown.
THIRD = 8


def leverage(briefing: Briefing) -> Section:
    """Return what no deal, a strike and a war would do to each side."""
    base = briefing.packages[0]
    blocks: list[Block] = [Heading("If nothing is agreed"), *_no_deal(briefing, base)]
    if briefing.geography is not None:
        blocks += geography.gains(briefing, briefing.geography)
    if briefing.leverage is not None:
        blocks += [Heading("What each side could do with its tariffs"), *_moves(briefing, briefing.leverage)]
    if briefing.negotiation is not None:
        blocks += [Heading("What waiting costs"), *_waiting(briefing)]
    return Section("no-deal", "Leverage: no deal, a strike, a war", "Leverage", tuple(blocks))


def model_source(briefing: Briefing) -> str:
    """Return where a table of effects is from."""
    base = briefing.packages[0]
    prices = base.meta.usd_year or "the base year"
    return (
        f"Source: tradetalks world trade model, prices of {prices}; with each value the 10th to 90th percentile of "
        f"{base.draws} draws."
    )


def _no_deal(briefing: Briefing, base: ValueAnswer) -> list[Block]:
    blocks_of = (
        ("No deal", base.no_deal),
        ("No deal, only duties between the two change", base.no_deal_others_held),
        ("Scheduled law alone", base.scheduled),
    )
    columns = (
        Column("Measure"),
        *(Column(name(side), title, "interval") for title, _ in blocks_of for side in briefing.sides),
    )
    rows = [
        (
            words(f"{label}, {unit}"),
            *(
                (pct if unit == "%" else usd)(getattr(block.parties[side], field))
                for _, block in blocks_of
                for side in briefing.sides
            ),
        )
        for label, unit, field in MEASURES
        if field != "welfare_net_usd_bn" or _deficits_move(base)
    ]
    held = sentence(base.no_deal_others_held.baseline)
    if base.no_deal_others_held.parties[briefing.seat].welfare_usd_bn.p10 is None:
        held += " A full solve, without draws."
    pictures = tuple(charts.sectors(base.no_deal.parties[side], side, side == briefing.seat) for side in briefing.sides)
    return [
        text(f"{sentences.no_deal(briefing)} {_meant(briefing, base)}"),
        Table("no-deal", "What changes against today, a year", columns, tuple(rows), source(model_source(briefing))),
        text(sentences.BALANCES, kind="note"),
        Points(
            (
                text(f"No deal, only duties between the two change: {held}"),
                text(f"Scheduled law alone: {sentence(base.scheduled.baseline)}"),
            )
        ),
        Figures(pictures),
        source(
            "The five sectors that gain and lose most at no deal; USD bn a year (and per cent) of value added in "
            "volume, "
            f"against today. Source: tradetalks world trade model, prices of {base.meta.usd_year or 'the base year'}; "
            "full solves."
        ),
    ]


def _meant(briefing: Briefing, base: ValueAnswer) -> str:
    """Return what no deal is taken to be."""
    if len(briefing.outcomes) < 2:
        return sentence(base.no_deal.baseline)
    law = f"the law known on {long_date(briefing.as_of)} takes effect on {long_date(briefing.deadline)}"
    kinds = [
        f"{one.name} ({100 * one.probability:.0f}%), "
        + (f"that is, {series([f'“{title}”' for title in one.terms])}" if one.terms else f"in which {law}")
        for one in briefing.outcomes
        if one.probability > 0
    ]
    return f"No deal is {'; or '.join(kinds)}. The figures are the mean over these outcomes, against today."


def _deficits_move(answer: ValueAnswer) -> bool:
    """Return whether net and plain real income differ anywhere in the table of outcomes."""
    values = [v for b in (answer.no_deal, answer.no_deal_others_held, answer.scheduled) for v in b.parties.values()]
    shown = figures.dollars
    return any(shown(value.welfare_usd_bn) != shown(value.welfare_net_usd_bn) for value in values)


def _moves(briefing: Briefing, found: Leverage) -> list[Block]:
    sides = briefing.sides
    columns = (
        Column("Move"),
        *(Column(name(side), "Real income net of borrowing, USD bn a year", "number") for side in sides),
        *(Column(name(side), "The same, %", "number") for side in sides),
        *(Column(name(side), "Average duty it chooses on the other, %", "number") for side in sides),
    )
    rows = tuple(_move(move, sides) for move in found.moves)
    missing = [f"Not found: {what}. " for what in found.not_found]
    missing += [
        f"The tariff of {nation(side)} is not shipped and stands inside the trade cost: what it chooses comes on top. "
        for side in sides
        if not _is_known(briefing, side)
    ]
    regions = len(found.regions)
    where = source(
        "Averages of duties here have the model’s imports as weights, so they differ from those of customs above. "
        "Against the duties of today on every origin; tariffs on the other party’s goods, one a sector, chosen for "
        "real "
        f"income net of borrowing alone; no draws. Source: tradetalks world trade model summed to {regions} regions "
        "(the parties, their largest partners, everybody else). ",
        *missing,
        "An optimum of this model knows no politics, no reputation and no retaliation beyond the one named.",
    )
    blocks: list[Block] = [text(reading) for reading in _readings(briefing, found)]
    if rows:
        blocks.append(Table("leverage", "The best each side could do, and the war", columns, rows, where))
        last = found.moves[-1]
        third = [(name(region) if region != "ROW" else "All others", amount) for region, amount in last.third]
        largest = sorted(third, key=lambda row: -abs(row[1]))[:THIRD]
        shown = sorted(largest, key=lambda row: row[1])
        title = f"Who else gains or loses by this: {last.what.split(':')[0]}"
        blocks.append(Figures((charts.bars(shown, title, "USD bn a year"),)))
        blocks.append(
            source(
                f"The {len(shown)} other regions moved most, USD bn a year against today; everybody not shown moves "
                "less. Source: as above."
            )
        )
    else:
        blocks.append(where)
    return blocks


def _move(move: Move, sides: tuple[str, str]) -> tuple[Cell, ...]:
    none = Cell("as today")
    return (
        words(f"{move.what[:1].upper()}{move.what[1:]}", None if move.certified else "optimum not certified"),
        *(point(move.welfare_usd_bn[side]) for side in sides),
        *(point(move.welfare_pct[side], "pct") for side in sides),
        *(none if move.tariff_pct[side] is None else rate(move.tariff_pct[side]) for side in sides),
    )


def _is_known(briefing: Briefing, importer: str) -> bool:
    """Return whether the duties of a party on the other's goods are known."""
    exporter = next(party for party in briefing.parties if party != importer)
    return tables.average(tables.duties(briefing, importer, exporter), "status_quo_pct") is not None


def _dollars(amount: float) -> str:
    return figures.dollars(Interval(value=abs(amount))).value.lstrip("+")


def _readings(briefing: Briefing, found: Leverage) -> list[str]:
    """Return what each side's best tariff says, beside today's."""
    said = []
    for move in found.moves:
        chosen = {side: tariff for side, tariff in move.tariff_pct.items() if tariff is not None}
        if len(chosen) != 1:
            continue
        ((side, tariff),) = chosen.items()
        victim = next(party for party in briefing.parties if party != side)
        own, theirs = (_dollars(move.welfare_usd_bn[party]) for party in (side, victim))
        rates = f"{tariff:.1f}% on average instead of {found.today_pct[side]:.1f}%"
        if not _is_known(briefing, side):
            rates = f"{tariff:.1f}% on average on top of its tariff of today"
        if move.welfare_usd_bn[victim] >= 0:
            said.append(
                f"If {nation(side)} chose its tariffs on {nation(victim)} for nothing but its own real income, it "
                "would gain "
                f"USD {own} bn a year and {nation(victim)} {theirs}: {rates}, and spread otherwise over the sectors. "
                "By "
                f"this measure today’s duties already press harder than pays, and more of them cost {nation(side)} too."
            )
        else:
            said.append(
                f"{nation(side, True)} could still gain by duties of its own on {nation(victim)}: {rates} would "
                "bring it "
                f"USD {own} bn a year and cost {nation(victim)} {theirs}, if nobody answers."
            )
    return said


def _waiting(briefing: Briefing) -> list[Block]:
    assert briefing.negotiation is not None
    offer = briefing.negotiation.offer
    columns = (
        Column("When"),
        *(Column(name(side), "A month without the recommended offer, USD bn", "number") for side in briefing.sides),
        Column("Measured against"),
    )
    # A deal that is worth something costs its worth as long as it is not there.
    rows = tuple(
        (
            words(plainly(one.stage, briefing.parties).rstrip(".")),
            *(point(-one.month_usd_bn[side]) for side in briefing.sides),
            words(plainly(one.baseline, briefing.parties)),
        )
        for one in offer.waiting
    )
    return [
        Table(
            "waiting",
            f"What {series([nation(side) for side in briefing.sides])} lose (−) or gain (+) by waiting",
            columns,
            rows,
            source(
                "A twelfth of the long-run model’s yearly figure, economy only, what the parties want besides not "
                f"counted; the law known on {long_date(briefing.as_of)}. Source: tradetalks world trade model, full "
                "solves."
            ),
        )
    ]
