"""What changed since an earlier day or an earlier version of the case."""

from __future__ import annotations

from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Block, Cell, Column, Section, Table, points, source, text
from tradetalks.brief.sections.cells import rate, words
from tradetalks.brief.sections.record import COLUMNS, rows
from tradetalks.brief.since import turned
from tradetalks.brief.words import long_date, nation, sentence
from tradetalks.law.changes import Diff

#: Measures that move the duty by less (USD a year) are counted, not listed.
SHOWN = 5e6

#: Entries of the record that are listed.
NEWEST = 15


def changed(briefing: Briefing) -> Section:
    """Return what is new in ``briefing``."""
    found = briefing.changed
    assert found is not None
    day = long_date(found.since)
    blocks: list[Block] = []
    if found.version:
        same = "The terms, packages, days and assumptions of the case are the same."
        blocks.append(points(*(sentence(line) for line in found.case)) if found.case else text(same))
    if found.law is not None:
        blocks += _law(briefing, found.law)
    if found.entries:
        newest = sorted(found.entries, key=lambda entry: (entry.known_from, entry.id), reverse=True)
        caption = f"Entries of the record known now and not on {day}; the newest of {len(newest)}"
        where = source("Source: the record of tradetalks, in our words.")
        blocks.append(Table("new-entries", caption, COLUMNS, rows(newest[:NEWEST]), where))
    else:
        blocks.append(text(f"Nothing was added to the record since {day}."))
    return Section("changed", f"What changed since {day}", "What changed", tuple(blocks))


def _law(briefing: Briefing, law: Diff) -> list[Block]:
    exporter = next(party for party in briefing.parties if party != "USA")
    said = (
        f"The average duty of {nation('USA')} on goods from {nation(exporter)} was {law.before_pct:.1f}% on "
        f"{long_date(law.first)} and is {law.after_pct:.1f}% on {long_date(law.second)}: "
        f"{_billions(law.worth_usd)} a year on the imports of 2024."
    )
    if not law.changes:
        return [text(said)]
    large = [one for one in law.changes if one.worth_usd is None or abs(one.worth_usd) >= SHOWN]
    lines = tuple(
        (
            words(one.authority, one.citation),
            words(turned(one)),
            Cell("not known", known=False) if one.lines is None else Cell(f"{one.lines:,}", None, (float(one.lines),)),
            rate(None if one.worth_usd is None else one.worth_usd / 1e9, 2),
        )
        for one in large
    )
    columns = (
        Column("Measure"),
        Column("What it does now"),
        Column("Lines", kind="number"),
        Column("Duty on the imports of 2024, USD bn a year", kind="number"),
    )
    left = len(law.changes) - len(large)
    small = f"{left} smaller changes and exemptions are left out. " if left else ""
    where = source(f"{small}Weights: US imports of 2024. Source: USITC, US Census Bureau, Federal Register.")
    return [text(said), Table("law-changes", "Measures that bear otherwise now", columns, lines, where)]


def _billions(usd: float) -> str:
    if abs(usd) < SHOWN:
        return "no more duty and no less"
    return f"USD {abs(usd) / 1e9:.1f} bn {'more' if usd >= 0 else 'less'} duty"
