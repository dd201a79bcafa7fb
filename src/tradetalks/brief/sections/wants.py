"""What each side seems to want, with the evidence behind each weight."""

from __future__ import annotations

from tradetalks.brief import charts
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Block, Cell, Column, Figures, Heading, Section, Table, code, points, source, text
from tradetalks.brief.sections.cells import spread, words
from tradetalks.brief.words import long_date, name, nation, plainly, series
from tradetalks.talks.wants.answer import IssueWant, Source, Spread, WantsAnswer

#: Entries named beside an issue, and those told in full.
NAMED, TOLD = 3, 10


def wants(briefing: Briefing) -> Section:
    """Return what both sides want, the counterpart first."""
    assert briefing.negotiation is not None
    found = briefing.negotiation.wants
    order = (briefing.other, briefing.seat)
    first = found[briefing.other]
    blocks: list[Block] = [
        text(
            f"{plainly(first.sentences[1], briefing.parties)} Every weight is an estimate from the record known on "
            f"{long_date(briefing.as_of)}; where posterior and prior are alike, nothing was learnt."
        ),
        Figures(tuple(charts.weights(found[side], side == briefing.seat) for side in order)),
        source(
            "Mark: median; line: eight draws in ten; grey stroke: the prior’s median. The unit of each issue stands in "
            "the table. Source: tradetalks, from the record."
        ),
    ]
    for side in order:
        blocks += _side(briefing, found[side])
    return Section("wants", "What each side seems to want", "Wants", tuple(blocks))


def _side(briefing: Briefing, one: WantsAnswer) -> list[Block]:
    parties = briefing.parties
    columns = (
        Column("Issue, and what one unit is"),
        Column("Wants or gives"),
        Column("Weight, USD bn a year", kind="interval"),
        Column("Prior, USD bn a year", kind="interval"),
        Column("Rank, 10 to 90%"),
        Column("Evidence"),
        Column("Entries that moved it most"),
    )
    scales = (
        ("What a package must exceed no deal by", one.reservation.posterior, one.reservation.prior),
        ("Noise of its decision (scale of the logistic)", one.noise.posterior, one.noise.prior),
    )
    engine = one.engine
    reliable = (
        "" if engine.reliable else " The importance weights are not reliable; the draws were moved by Monte Carlo."
    )
    blocks: list[Block] = [
        Heading(f"{name(one.party)}"),
        Table(
            f"wants-{one.party}",
            f"Weights of {nation(one.party)} on the issues between the two",
            columns,
            tuple(_row(row) for row in one.issues),
            source(
                f"{engine.method.capitalize()}, {engine.draws} draws, {engine.effective_draws:.0f} "
                f"effective.{reliable} "
                "Source: tradetalks, from the record; ",
                code(f"tradetalks wants {briefing.name} --party {one.party}"),
                ".",
            ),
            fold=8,
        ),
        Table(
            f"scales-{one.party}",
            f"How {nation(one.party)} decides, USD bn a year",
            (Column("Quantity"), Column("Posterior", kind="interval"), Column("Prior", kind="interval")),
            tuple((words(label), _spread(now), _spread(prior)) for label, now, prior in scales),
            source("Talk alone hardly tells these: they rest on the prior and on packages taken or refused."),
        ),
        _evidence(briefing, one),
    ]
    if one.party == briefing.other and one.next_questions:
        blocks += [
            Heading(f"Questions to {nation(one.party)} that teach most"),
            points(*(f"{asked.text} ({asked.expected_information:.2f} nats)" for asked in one.next_questions)),
            source("Expected information of the answer about the weights; a fair yes or no tells 0.69 nats."),
        ]
    if one.what_would_change_this:
        blocks += [
            Heading(f"What would change the picture of {nation(one.party)}"),
            points(*(plainly(said, parties) for said in one.what_would_change_this)),
        ]
    unlisted = f"{100 * one.unlisted_probability:.0f}%"
    blocks.append(
        text(
            f"With a probability of {unlisted} {nation(one.party)} brings up something before the deadline that nobody "
            "has listed.",
            kind="note",
        )
    )
    return blocks


def _row(row: IssueWant) -> tuple[Cell, ...]:
    low, high = row.rank_interval
    drivers = ", ".join(f"{driver.source} ×{driver.factor:.2f}" for driver in row.drivers[:2])
    more = len(row.evidence) - NAMED
    named = ", ".join(row.evidence[:NAMED]) + (f" and {more} more" if more > 0 else "")
    return (
        words(row.title, row.unit),
        words(row.side),
        _spread(row.weight),
        _spread(row.prior),
        words(f"{low} to {high}"),
        words(named or "none"),
        words(drivers or "none"),
    )


def _spread(one: Spread) -> Cell:
    return spread(one.median, one.p10, one.p90)


def _evidence(briefing: Briefing, one: WantsAnswer) -> Table:
    telling = dict.fromkeys(source for row in one.issues for source in row.evidence[:NAMED])
    order = {id: place for place, id in enumerate(telling)}
    chosen = sorted((entry for entry in one.record if entry.id in order), key=lambda entry: order[entry.id])[:TOLD]
    rows = tuple(
        (
            words(entry.id, str(entry.known_from)),
            words(entry.act),
            words(f"{_who(entry)}: {entry.words}"),
            words(entry.source, url=entry.url),
        )
        for entry in chosen
    )
    columns = (Column("Entry, public since"), Column("Act"), Column("Who, and what"), Column("Source"))
    caption = f"The entries that tell most of what {nation(one.party)} wants; {len(rows)} of {len(one.record)}"
    where = source("Source: the record of tradetalks, in our words; the heaviest issues’ entries first.")
    return Table(f"evidence-{one.party}", caption, columns, rows, where)


def _who(entry: Source) -> str:
    """Return who spoke; of a deal the parties by name."""
    if entry.act != "deal":
        return entry.who
    return series([name(party) for party in entry.who.split(" and ")])
