"""Where we stand: the rate through time, the clock, duties by sector."""

from __future__ import annotations

from datetime import timedelta

from tradetalks.brief import charts, sentences, tables
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Block, Clock, Column, Figures, Heading, Section, Table, Text, code, source, text
from tradetalks.brief.sections import geography
from tradetalks.brief.sections.cells import rate, words
from tradetalks.brief.words import long_date, nation

#: Sectors shown before the rest folds away.
LARGEST = 10


def stand(briefing: Briefing) -> Section:
    """Return where ``briefing`` stands."""
    seat, other = briefing.sides
    blocks: list[Block] = [text(sentences.standing(briefing))]
    if briefing.path is not None:
        blocks += _path(briefing)
    if briefing.geography is not None and briefing.geography.duties:
        blocks += geography.duties(briefing, briefing.geography)
    blocks += [Heading("The clock"), Clock(tables.timeline(briefing))]
    for importer, exporter in ((other, seat), (seat, other)):
        blocks += _duties(briefing, importer, exporter)
    return Section("stand", "Where we stand", "Where we stand", tuple(blocks))


def _path(briefing: Briefing) -> list[Block]:
    path = briefing.path
    assert path is not None
    exporter = next(party for party in briefing.parties if party != "USA")
    numbers = charts.numbered(path)
    rows = []
    for number, step in numbers:
        before = max((one for one in path.steps if one.on < step.on), key=lambda one: one.on).rate_pct
        what = "; ".join(f"{event.authority}: {event.what.replace('->', '→')}" for event in step.events)
        cites = "; ".join(dict.fromkeys(event.citation for event in step.events))
        rows.append((words(str(number), long_date(step.on)), words(what, cites), rate(before), rate(step.rate_pct)))
    picture = charts.rate_path(path, briefing.as_of, "USA", exporter)
    dashed = f"dashed: what the law known on {long_date(briefing.as_of)} schedules"
    weights = "" if path.weights == "own" else " The weights are those of a proxy: the EU or the world."
    columns = (
        Column("Day"),
        Column("What moved it"),
        Column("Before, %", kind="number"),
        Column("From that day, %", kind="number"),
    )
    command = f"tradetalks rates --origin {exporter} --since {path.since} --until {path.until} --known {briefing.as_of}"
    caption = "The days that moved it by a tenth of a point or more"
    where = source(
        f"Duty over US imports of 2024, chapters 1 to 97; {dashed}.{weights} Source: USITC, US Census Bureau, Federal "
        "Register; ",
        code(command),
        ".",
    )
    found: list[Block] = [Figures((picture,))]
    if not rows:
        return [*found, where]
    return [*found, Table("rate-path", caption, columns, tuple(rows), where)]


def _duties(briefing: Briefing, importer: str, exporter: str) -> list[Block]:
    rows = tables.duties(briefing, importer, exporter)
    if not rows:
        duty = f"The duty of {nation(importer)} on goods from {nation(exporter)}"
        return [text(f"{duty} is not known: no rates are shipped for it.")]
    days = tables.columns(rows)
    columns = (
        Column("Sector"),
        Column("Imports, USD bn", kind="number"),
        *(Column(label, kind="number") for label, _ in days),
    )
    cells = tuple(
        (words(r.name, r.sector), rate(r.imports_usd_bn), *(rate(getattr(r, field)) for _, field in days)) for r in rows
    )
    total = (
        words("All goods, weighted with imports"),
        rate(tables.imports(rows)),
        *(rate(tables.average(rows, field)) for _, field in days),
    )
    order = "; the largest imports first" if tables.imports(rows) is not None else ""
    caption = f"Duty of {nation(importer)} on goods from {nation(exporter)}, per cent of customs value{order}"
    found: list[Block] = [
        Table(f"duties-{importer}", caption, columns, cells, _whence(briefing, importer, exporter), total, LARGEST)
    ]
    if tables.has_unknown(rows):
        found.append(
            source(
                "“Not known” is not zero: no rate in per cent has been published or computed for that flow (no trade "
                "of "
                "its own, only specific duties, or a duty that stays inside the trade cost)."
            )
        )
    return found


def _whence(briefing: Briefing, importer: str, exporter: str) -> Text:
    if importer == "USA":
        return source(
            f"Scheduled: law known today as it applies on {long_date(briefing.deadline - timedelta(days=1))}, deal or "
            f"no deal; no deal: as it applies from {long_date(briefing.deadline)} if nothing is agreed. "
            f"{_likeliest(briefing)}Base: calculated duty over imports in 2024. Today, scheduled, no deal: the acts "
            "cited under the clock, line by line, weighted with US imports of 2024 (a member of the European Union: "
            "with the Union’s within a sector): the duty collected in 2024 plus the change of the statutory average "
            "since. Source: USITC, US Census Bureau, Federal Register; ",
            code(f"tradetalks rates --origin {exporter} --on {briefing.as_of} --known {briefing.as_of}"),
            ".",
        )
    if importer == "JPN":
        return source(
            "Base: the mean over tariff lines, without weights, at the stage of the published schedule. Source: the "
            "customs tariff of Japan, see the sources at the end."
        )
    return source(
        f"The tariff of {nation(importer)} is not shipped: its duty is inside the trade cost, and only a change of it "
        "can be valued."
    )


def _likeliest(briefing: Briefing) -> str:
    """Return which outcome the column of no deal shows, where there are several."""
    if len(briefing.outcomes) < 2:
        return ""
    first = briefing.outcomes[0]
    return f"No deal: the outcome {first.name} alone ({100 * first.probability:.0f}%). "
