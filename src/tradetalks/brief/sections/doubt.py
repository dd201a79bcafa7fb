"""What drives the uncertainty: causes, other assumptions of the model, the error of the smaller economy."""

from __future__ import annotations

from tradetalks.brief import charts, sentences
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Block, Cell, Column, Figures, Section, Table, source, text
from tradetalks.brief.sections.cells import point, rate, words
from tradetalks.brief.words import name, sentence, spelled
from tradetalks.value.answer import ValueAnswer

#: Causes listed of each side.
CAUSES = 8

#: What the intervals hold.
COVERED = (
    "The intervals hold eight of ten draws of the trade elasticities, the base-year flows and the assumptions listed "
    "at the end, not the choice of model."
)


def doubt(briefing: Briefing) -> Section:
    """Return what the intervals of ``briefing`` come from."""
    best = sentences.best_for(briefing, briefing.seat) or briefing.packages[0]
    blocks: list[Block] = []
    if any(best.drivers.values()):
        blocks += [
            text(sentences.main_doubt(briefing)),
            Figures(
                tuple(
                    charts.drivers(best.drivers.get(side, ()), side, side == briefing.seat) for side in briefing.sides
                )
            ),
            _causes(briefing, best),
        ]
    else:
        blocks.append(text(_elsewhere(briefing, best)))
    if best.sensitivity:
        blocks.append(_sensitivity(briefing, best))
    if best.aggregation is not None:
        blocks.append(_aggregation(briefing))
    return Section("doubt", "What drives the uncertainty", "Doubt", tuple(blocks))


def _elsewhere(briefing: Briefing, best: ValueAnswer) -> str:
    """Return why no causes are shown, and what the intervals hold all the same."""
    if briefing.shared:
        return COVERED
    if best.draws == 0:
        return "This brief was made without draws: there are no intervals, and nothing to apportion."
    if not best.terms:
        return "No package with terms was valued, so there is nothing to apportion."
    needed = next(
        (most for one, most in zip(briefing.packages, briefing.apportioned_from, strict=False) if one is best), 0
    )
    if best.draws < needed:
        return f"{best.draws} draws are too few to say which cause the doubt comes from: {needed} are needed. {COVERED}"
    return f"No single cause stands out from chance among those drawn. {COVERED}"


def _causes(briefing: Briefing, best: ValueAnswer) -> Table:
    columns = (
        Column("Cause"),
        Column("Party"),
        Column("Share of the variance, %", kind="number"),
        Column("Standard error, points", kind="number"),
    )
    rows = tuple(
        (words(spelled(cause.assumption)), words(name(side)), rate(100 * cause.share), rate(100 * cause.error))
        for side in briefing.sides
        for cause in sorted(best.drivers.get(side, ()), key=lambda cause: -cause.share)[:CAUSES]
    )
    where = source(
        f"Shares of the variance of real income against no deal under “{best.package}”: first-order Sobol indices from "
        f"{best.draws} draws; what they leave is interaction and smaller causes. Intervals cover elasticities, "
        "base-year "
        "flows and the assumptions at the end, not the choice of model. Source: tradetalks world trade model."
    )
    return Table("drivers", "What the gain depends on", columns, rows, where)


def _sensitivity(briefing: Briefing, best: ValueAnswer) -> Table:
    blocks = (best.against_no_deal, best.against_status_quo)
    columns = (
        Column("What is changed"),
        *(Column(name(side), "Against no deal, %", "number") for side in briefing.sides),
        *(Column(name(side), "Against today, %", "number") for side in briefing.sides),
    )
    own = (
        words("Nothing: this brief"),
        *(point(block.parties[side].welfare_net_pct.value, "pct") for block in blocks for side in briefing.sides),
    )
    others = (
        (
            words(sentence(one.changed)[:-1]),
            *(
                point(values.get(side), "pct")
                for values in (one.against_no_deal_welfare_net_pct, one.against_status_quo_welfare_net_pct)
                for side in briefing.sides
            ),
        )
        for one in best.sensitivity
    )
    caption = f"“{best.package}” under other assumptions of the model, real income net of borrowing, per cent"
    where = source("Source: tradetalks world trade model, full solves.")
    return Table("sensitivity", caption, columns, (own, *others), where)


def _aggregation(briefing: Briefing) -> Table:
    columns = (
        Column("Package"),
        Column("Full draws", kind="number"),
        *(Column(label, name(side), "number") for side in briefing.sides for label in ("typical", "largest")),
    )
    rows = []
    for answer in briefing.packages:
        one = answer.aggregation
        if one is None:
            rows.append((words(answer.package), *(Cell("not known", known=False) for _ in columns[1:])))
            continue
        cells = [Cell(str(one.draws), None, (float(one.draws),))]
        for side in briefing.sides:
            cells += [rate(one.welfare_net_pct_rms.get(side), 4), rate(one.welfare_net_pct_max.get(side), 4)]
        rows.append((words(answer.package), *cells))
    caption = "Error of the smaller economy that the draws use, percentage points of real income"
    where = source(
        "Source: the same draws solved in the full economy and in the aggregated one; root mean square and largest gap."
    )
    return Table("aggregation", caption, columns, tuple(rows), where)
