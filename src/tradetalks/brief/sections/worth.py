"""What each term is worth to each side, by sector too, and what of it is computed or assumed."""

from __future__ import annotations

from tradetalks.brief import charts, figures, sentences, tables
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Block, Cell, Column, Figures, Legend, Section, Table, code, source, text
from tradetalks.brief.sections.cells import assumed, pct, usd, words
from tradetalks.brief.sections.leverage import model_source
from tradetalks.brief.words import name, nation, sentence
from tradetalks.value.answer import AssumptionUsed, Interval, PartyValue, SectorChange, TermValue

#: Money that a term moves besides duties: label, field of PartyValue.
MONEY: tuple[tuple[str, str], ...] = (
    ("Subsidies to purchases, a year", "fiscal_usd_bn"),
    ("Outside trade, a year", "outside_usd_bn"),
    ("Outside trade, once", "once_usd_bn"),
)

_STATUS = {"priced": "", "part": " · priced in part", "unpriced": " · not priced"}


def terms(briefing: Briefing) -> Section:
    """Return the terms of ``briefing``, each by itself."""
    title = "What each term is worth to each side"
    worth = sentences.by_worth(briefing)
    if not worth:
        return Section("terms", title, "Terms", (text("No term is on the table."),))
    outside = [(term, side) for term in worth for side in briefing.sides if _moves(term.against_no_deal.parties[side])]
    notes = dict.fromkeys(note for answer in briefing.packages for note in answer.revenue_notes)
    blocks: list[Block] = [
        text(*(f"{sentences.best_term(briefing, side)} " for side in briefing.sides)),
        text(f"Each term by itself, in the order of what it is worth to {nation(briefing.seat)} against no deal."),
        Legend(name(briefing.seat), name(briefing.other)),
        _charts(briefing, worth),
        source(f"Mark: full solve; line: eight draws in ten. {model_source(briefing)}"),
        _value(briefing, worth, {term.id for term, _ in outside}),
        *(text(sentence(note), kind="note") for note in notes),
        _sectors(briefing, worth),
        _revenue(briefing, worth),
        text(sentences.BALANCES, kind="note"),
    ]
    if outside:
        blocks.append(_money(briefing, outside))
    blocks += [_kinds(worth), _assumed(worth)]
    return Section("terms", title, "Terms", tuple(blocks))


def _charts(briefing: Briefing, worth: tuple[TermValue, ...]) -> Figures:
    numbers = [
        number
        for term in worth
        for block in (term.against_no_deal, term.against_status_quo)
        for side in briefing.sides
        for interval in [sentences.gain(block, side)]
        for number in (interval.value, interval.p10, interval.p90)
        if number is not None
    ]
    reach = charts.reach(numbers)
    baselines = ("against_no_deal", "against_status_quo")
    return Figures(tuple(charts.terms(worth, baseline, briefing.sides, reach) for baseline in baselines))


def _value(briefing: Briefing, worth: tuple[TermValue, ...], with_money: set[str]) -> Table:
    columns = [Column("Term")]
    for side in briefing.sides:
        columns += [
            Column("Against no deal, USD bn", name(side), "interval"),
            Column("Against no deal, %", name(side), "interval"),
            Column("Against today, USD bn", name(side), "interval"),
        ]
    rows = []
    for term in worth:
        small = f"{term.id}{_STATUS[term.status]}"
        if term.id in with_money and term.status != "unpriced":
            small += " · and money, see below"
        cells = [words(term.title, small)]
        for side in briefing.sides:
            no_deal, today = term.against_no_deal.parties[side], term.against_status_quo.parties[side]
            cells += [usd(no_deal.welfare_net_usd_bn), pct(no_deal.welfare_net_pct), usd(today.welfare_net_usd_bn)]
        rows.append(tuple(cells))
    caption = "Value of each term by itself: real income net of borrowing, a year"
    return Table("terms", caption, tuple(columns), tuple(rows), source(model_source(briefing)))


def _sectors(briefing: Briefing, worth: tuple[TermValue, ...]) -> Table:
    columns = [Column("Term")]
    for side in briefing.sides:
        columns += [Column("Gains most", name(side)), Column("Loses most", name(side))]
    rows = []
    for term in worth:
        cells = [words(term.title)]
        for side in briefing.sides:
            value = term.against_no_deal.parties[side]
            cells += [_changes(value.sectors_gain), _changes(value.sectors_lose)]
        rows.append(tuple(cells))
    where = "USD bn a year of value added in volume, against no deal, the two sectors moved most. " + model_source(
        briefing
    )
    return Table("terms-by-sector", "Each term by sector", tuple(columns), tuple(rows), source(where))


def _changes(changes: tuple[SectorChange, ...]) -> Cell:
    shown = [(one.name, figures.dollars(Interval(value=one.change_usd_bn)).value) for one in changes[:2]]
    said = [f"{sector} {amount}" for sector, amount in shown if amount not in ("0", figures.ABOUT_ZERO)]
    return Cell("; ".join(said) or "none to speak of", known=bool(said))


def _revenue(briefing: Briefing, worth: tuple[TermValue, ...]) -> Table:
    columns = (
        Column("Term"),
        *(Column(f"Tariff revenue of {nation(side)}", kind="interval") for side in briefing.sides),
        Column(f"Balance of {nation(briefing.seat)} with {nation(briefing.other)}", kind="interval"),
    )
    rows = tuple(
        (
            words(term.title),
            *(usd(term.against_no_deal.parties[side].revenue_usd_bn) for side in briefing.sides),
            usd(term.against_no_deal.parties[briefing.seat].bilateral_balance_usd_bn),
        )
        for term in worth
    )
    caption = "Tariff revenue and the balance between the two, USD bn a year against no deal"
    return Table("terms-revenue", caption, columns, rows, source(model_source(briefing)))


def _moves(value: PartyValue) -> bool:
    """Return whether any of the amounts besides duties is other than nothing."""
    shown = (figures.dollars(getattr(value, field)).value for _, field in MONEY)
    return any(text not in ("0", figures.ABOUT_ZERO) for text in shown)


def _money(briefing: Briefing, outside: list[tuple[TermValue, str]]) -> Table:
    columns = (Column("Term"), Column("Party"), *(Column(label, kind="interval") for label, _ in MONEY))
    rows = tuple(
        (
            words(term.title),
            words(name(side)),
            *(usd(getattr(term.against_no_deal.parties[side], field)) for _, field in MONEY),
        )
        for term, side in outside
    )
    caption = "Money besides duties, USD bn against no deal; what flows outside trade is not in real income above"
    where = source(
        f"Source: the assumptions at the end; 10th to 90th percentile of {briefing.packages[0].draws} draws."
    )
    return Table("terms-money", caption, columns, rows, where)


def _kinds(worth: tuple[TermValue, ...]) -> Table:
    rows = tuple(
        (
            words(kind.name.capitalize()),
            words(sentence(kind.computed)),
            words("; ".join(term.title for term in kind.terms)),
        )
        for kind in tables.kinds(worth)
    )
    columns = (Column("Kind"), Column("What the model computes"), Column("Terms"))
    return Table("kinds", "What is computed", columns, rows, source("Source: docs/terms.md of tradetalks."))


def _assumed(worth: tuple[TermValue, ...]) -> Table:
    rows = tuple(
        (
            words(term.title, term.inline),
            words("; ".join(map(_figure, term.reduced_form)) or "Nothing"),
            words(sentence(term.note) if term.note else "–"),
        )
        for term in worth
    )
    columns = (Column("Term"), Column("Assumed (value, interval)"), Column("Remark"))
    where = source(
        "Source: ", code("tradetalks data"), "; the citation of each figure, or why it is not known, is at the end."
    )
    return Table("assumed", "What is assumed", columns, rows, where)


def _figure(figure: AssumptionUsed) -> str:
    said = f"{figure.id}: {assumed(figure.value)}"
    if figure.low is not None and figure.high is not None:
        said += f" ({assumed(figure.low)} to {assumed(figure.high)})"
    return said if figure.value is None else f"{said} {figure.unit}"
