"""Method, assumptions, limits and sources."""

from __future__ import annotations

from tradetalks.brief import tables
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Block, Cell, Column, Heading, Points, Section, Table, code, source, text
from tradetalks.brief.sections.cells import assumed, rate, words
from tradetalks.brief.sections.stand import LARGEST
from tradetalks.brief.words import long_date, name, sentence, spelled
from tradetalks.value.answer import AssumptionUsed


def ground(briefing: Briefing) -> Section:
    """Return what ``briefing`` stands on."""
    lines = dict.fromkeys(line for answer in briefing.packages for line in (*answer.sentences, *answer.meta.warnings))
    blocks: list[Block] = [
        Heading("Method"),
        text(
            "Values are full solutions of a world trade model (Caliendo and Parro, 2015) on the input-output tables of "
            f"the OECD, with the tariffs of {long_date(briefing.as_of)} on every origin; ranges come from draws of the "
            "trade elasticities, the base-year flows and the assumptions below on a smaller economy, moved to the full "
            "solution. A package’s value counts what its terms do to each other."
        ),
    ]
    if not briefing.shared:
        blocks.append(
            text(
                "Wants are a Bayesian estimate from the dated record: what a unit of each issue is worth to a side "
                "beyond "
                "plain economics. The frontier lists packages that no other beats for both; the best offer has the "
                "largest payoff times its probability of being accepted. Each is an estimate, not a forecast."
            )
        )
    figures = tables.assumptions(briefing)
    blocks.append(
        _assumptions(figures) if figures else text("No term of this case rests on a reduced-form assumption.")
    )
    blocks += [
        _reconciliation(briefing),
        Heading("Limits"),
        Points(
            (*(text(sentence(line)) for line in lines), text("This brief is no legal advice: read the acts cited."))
        ),
        _sources(briefing),
    ]
    return Section("ground", "Method, assumptions, limits and sources", "Method and sources", tuple(blocks))


def _assumptions(figures: tuple[AssumptionUsed, ...]) -> Table:
    rows = []
    for one in figures:
        known = one.value is not None and one.low is not None and one.high is not None
        ends = f"{assumed(one.low)} to {assumed(one.high)}" if known else None
        cited = "" if one.citation == "no source" else one.citation
        reason = sentence(one.reason or "No source was found") if one.value is None else ""
        rows.append(
            (
                words(one.sentence, one.id, anchor=f"assumption-{one.id}"),
                Cell(assumed(one.value), ends, (one.value, one.low, one.high), one.value is not None),
                words(one.unit),
                words(f"{reason} {cited}".strip()),
            )
        )
    columns = (
        Column("Figure"),
        Column("Value, and its interval", kind="interval"),
        Column("Unit"),
        Column("Citation, or why it is not known"),
    )
    where = source("Source: ", code("tradetalks data"), ", table “reduced-form assumptions”.")
    caption = "Reduced-form assumptions: figures that the model does not compute"
    return Table("assumptions", caption, columns, tuple(rows), where)


def _reconciliation(briefing: Briefing) -> Block:
    rows = sorted(briefing.packages[0].reconciliation, key=lambda row: -row.table_usd_bn)
    if not rows:
        return text(
            "How far customs figures differ from the input-output table is not known: none are shipped for this pair."
        )
    columns = (
        Column("Sector"),
        Column("Flow"),
        Column("Customs", kind="number"),
        Column("Input-output table", kind="number"),
        Column("Ratio", kind="number"),
    )
    cells = tuple(
        (
            words(spelled(r.sector), r.sector),
            words(f"{name(r.exporter)} to {name(r.importer)}"),
            rate(r.customs_usd_bn),
            rate(r.table_usd_bn),
            rate(r.ratio, 2),
        )
        for r in rows
    )
    where = source(
        "Source: US Census Bureau imports for consumption, 2024; OECD Inter-Country Input-Output tables, flows of "
        "2022 in "
        "dollars of 2022. Tariff revenue in dollars follows the customs value."
    )
    caption = "Customs figures against the input-output table, imports in USD bn a year"
    return Table("reconciliation", caption, columns, cells, where, fold=LARGEST)


def _sources(briefing: Briefing) -> Table:
    rows = tuple(
        (
            words(one.table, url=one.url),
            words(f"{one.publisher}. {one.edition} ({one.date})"),
            words(one.licence),
            words(" ".join(one.citation.split()), one.limits or None),
        )
        for sources in briefing.sources.values()
        for one in sources
    )
    columns = (Column("Table"), Column("Publisher and edition"), Column("Licence"), Column("Citation"))
    where = source("Source: ", code("tradetalks data"), ", which also says what was done to each table.")
    return Table("sources", "Sources and licences: the tables behind this brief", columns, rows, where, fold=LARGEST)
