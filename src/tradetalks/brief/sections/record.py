"""What was said: the last word of each side on each issue, with links."""

from __future__ import annotations

from collections.abc import Sequence

from tradetalks.brief import tables
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Cell, Column, Section, Table, code, source, text
from tradetalks.brief.sections.cells import words
from tradetalks.brief.words import long_date, name
from tradetalks.record.entry import Entry

COLUMNS = (
    Column("Date"),
    Column("Party"),
    Column("Act"),
    Column("Issue"),
    Column("Position"),
    Column("Source"),
)


def record(briefing: Briefing) -> Section:
    """Return what the record of ``briefing`` holds."""
    day = long_date(briefing.as_of)
    chosen = tables.latest(briefing.record)
    if not chosen:
        said = f"Nothing is in the record that was known on {day}."
        return Section("record", "What was said", "What was said", (text(said),))
    caption = (
        f"The last word of each side on each issue known on {day}; {len(chosen)} of {len(briefing.record)} entries"
    )
    where = source("Source: the record of tradetalks, in our words; all of it: ", code(briefing.record_command), ".")
    table = Table("record", caption, COLUMNS, rows(chosen), where)
    return Section("record", "What was said", "What was said", (table,))


def rows(entries: Sequence[Entry]) -> tuple[tuple[Cell, ...], ...]:
    """Return a row for each entry, by its date, the newest first."""
    return tuple(
        (
            words(str(entry.date), entry.id),
            words("Both" if entry.party == "both" else name(entry.party)),
            words(entry.act),
            words(entry.issue.replace(".", ", ").replace("-", " ").replace("_", " ")),
            words(f"{entry.who}: {entry.position}"),
            words(entry.source, url=entry.url),
        )
        for entry in sorted(entries, key=lambda one: (one.date, one.known_from, one.id), reverse=True)
    )
