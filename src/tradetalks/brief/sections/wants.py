"""What each side seems to want: one figure of the weights, one list of the evidence behind them."""

from __future__ import annotations

import math

from tradetalks.brief import charts
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import (
    Block,
    Cell,
    Column,
    Figures,
    Heading,
    Legend,
    Section,
    Table,
    code,
    points,
    source,
    text,
)
from tradetalks.brief.sections.cells import spread, words
from tradetalks.brief.words import long_date, name, nation, plainly, series
from tradetalks.talks.wants.answer import IssueWant, Source, Spread, WantsAnswer

#: Issues in the figure, and entries told before the rest folds away.
DRAWN, TOLD = 10, 10

#: Entries of a party's list that are told, and issues named beside each.
TELLING, NAMED = 10, 2

#: What an answer can tell at most: that of a fair yes or no.
MOST = math.log(2.0)


def wants(briefing: Briefing) -> Section:
    """Return what both sides want, the counterpart's heaviest issues first."""
    assert briefing.negotiation is not None
    found = briefing.negotiation.wants
    first, own = found[briefing.other], found[briefing.seat]
    issues = tuple(dict.fromkeys(row.issue for one in (first, own) for row in one.issues))
    blocks: list[Block] = [
        text(
            f"{plainly(first.sentences[1], briefing.parties)} Every weight is an estimate from the record known on "
            f"{long_date(briefing.as_of)}; where it is as wide as the prior and lies on it, nothing was learnt."
        ),
        Legend(name(briefing.seat), name(briefing.other)),
        Figures((charts.weights(found, briefing.sides, issues[:DRAWN]),)),
        source(
            f"The {min(DRAWN, len(issues))} issues that weigh most with {nation(briefing.other)}. Mark: median; line: "
            "eight draws in ten; grey stroke: what was assumed before the record was read (the prior’s median). What "
            "one unit is stands in the table. Source: tradetalks, from the record; ",
            code(f"tradetalks wants {briefing.name} --party {briefing.other}"),
            ".",
        ),
        _weights(briefing, issues),
        _evidence(briefing),
        _scales(briefing),
    ]
    if first.next_questions:
        blocks += [
            Heading(f"Questions to {nation(briefing.other)} that teach most"),
            points(
                *(f"{asked.text} ({100 * asked.expected_information / MOST:.0f}%)" for asked in first.next_questions)
            ),
            source(
                "In brackets: how much the answer is expected to tell about the weights, as a share of what a yes or "
                "no can tell at most."
            ),
        ]
    for one in (first, own):
        if one.what_would_change_this:
            blocks += [
                Heading(f"What would change the picture of {nation(one.party)}"),
                points(*(plainly(said, briefing.parties) for said in one.what_would_change_this)),
            ]
    odds = series([f"{100 * one.unlisted_probability:.0f}% by {nation(one.party)}" for one in (first, own)])
    blocks.append(
        text(f"The odds that something nobody has listed is brought up before the deadline: {odds}.", kind="note")
    )
    return Section("wants", "What each side seems to want", "Wants", tuple(blocks))


def _weights(briefing: Briefing, issues: tuple[str, ...]) -> Table:
    assert briefing.negotiation is not None
    found = briefing.negotiation.wants
    order = (briefing.other, briefing.seat)
    rows = {side: {row.issue: row for row in found[side].issues} for side in order}
    columns = [Column("Issue, and what one unit is")]
    for side in order:
        columns += [Column("Role", name(side)), Column("Weight", name(side), "interval"), Column("Rank", name(side))]
    columns.append(Column("Prior", "Both", "interval"))
    cells = []
    for issue in issues:
        known = [rows[side].get(issue) for side in order]
        one = next(row for row in known if row is not None)
        cells.append(
            (words(one.title, one.unit), *(cell for row in known for cell in _row(row)), _spread(one.prior)),
        )
    engines = "; ".join(
        f"{nation(side)}: {found[side].engine.method.lower()}, {found[side].engine.draws:,} draws from proposals worth "
        f"{found[side].engine.effective_draws:,.0f} independent ones"
        + ("" if found[side].engine.reliable else ", importance weights not reliable")
        for side in order
    )
    where = source(
        "Rank: where eight draws in ten place the issue among that side’s, 1 the heaviest. "
        f"{engines[:1].upper()}{engines[1:]}. Source: tradetalks, from the record."
    )
    caption = "Weights of both sides, USD bn a year for one unit beyond plain economics"
    return Table("wants", caption, tuple(columns), tuple(cells), where, fold=DRAWN)


def _row(row: IssueWant | None) -> tuple[Cell, Cell, Cell]:
    if row is None:
        return Cell("–"), Cell("–"), Cell("–")
    low, high = row.rank_interval
    return words(row.side), _spread(row.weight), words(f"{low} to {high}")


def _spread(one: Spread) -> Cell:
    return spread(one.median, one.p10, one.p90)


def _scales(briefing: Briefing) -> Table:
    assert briefing.negotiation is not None
    found = [briefing.negotiation.wants[side] for side in (briefing.other, briefing.seat)]
    columns = (
        Column("Quantity"),
        *(
            Column(label, name(one.party), "interval")
            for one in found
            for label in ("From the record", "Assumed before (prior)")
        ),
    )
    rows = (
        (
            words("What a package must exceed no deal by"),
            *(cell for one in found for cell in (_spread(one.reservation.posterior), _spread(one.reservation.prior))),
        ),
        (
            words("How far chance decides", "scale of the logistic error of its choice"),
            *(cell for one in found for cell in (_spread(one.noise.posterior), _spread(one.noise.prior))),
        ),
    )
    where = source("Talk alone hardly tells these: they rest on the prior and on packages taken or refused.")
    return Table("scales", "How each side decides, USD bn a year", columns, rows, where)


def _evidence(briefing: Briefing) -> Table:
    """Return the entries that move the weights of either side most, each once, with what it moves."""
    assert briefing.negotiation is not None
    found = briefing.negotiation.wants
    told: dict[str, Source] = {}
    moves: dict[str, list[str]] = {}
    for side in (briefing.other, briefing.seat):
        effects = _effects(found[side])
        entries = {entry.id: entry for entry in found[side].record}
        telling = sorted((id for id in effects if id in entries), key=lambda id: -max(map(_size, effects[id])))
        for id in telling[:TELLING]:
            told.setdefault(id, entries[id])
            said = ", ".join(f"{title} ×{factor:.2f}" for title, factor in effects[id][:NAMED])
            moves.setdefault(id, []).append(f"{name(side)}: {said}")
    rows = tuple(
        (
            words(entry.id, str(entry.known_from)),
            words(f"{_who(entry)}: {entry.words}", entry.act),
            words("; ".join(moves[id])),
            words(entry.source, url=entry.url),
        )
        for id, entry in told.items()
    )
    columns = (
        Column("Entry, public since"),
        Column("Who, and what"),
        Column("What it moves most"),
        Column("Source"),
    )
    known = len({entry.id for one in found.values() for entry in one.record})
    caption = f"The evidence: the {len(rows)} of {known} entries and deals that move the weights most"
    where = source(
        "×1.30: with this entry the weight is 1.30 times what it would be without. Words are ours. Source: the record "
        "of tradetalks."
    )
    return Table("evidence", caption, columns, rows, where, fold=TOLD)


def _effects(one: WantsAnswer) -> dict[str, list[tuple[str, float]]]:
    """Return, by entry, the issues that it moves and by what factor, the most moved first."""
    effects: dict[str, list[tuple[str, float]]] = {}
    for row in one.issues:
        for driver in row.drivers:
            effects.setdefault(driver.source, []).append((row.title, driver.factor))
    return {id: sorted(moved, key=_size, reverse=True) for id, moved in effects.items()}


def _size(moved: tuple[str, float]) -> float:
    return abs(math.log(moved[1]))


def _who(entry: Source) -> str:
    """Return who spoke; of a deal the parties by name."""
    if entry.act != "deal":
        return entry.who
    return series([name(party) for party in entry.who.split(" and ")])
