"""The two maps with their tables: what every origin pays, and who gains and loses at no deal."""

from __future__ import annotations

from collections.abc import Sequence

from tradetalks.brief import world_map
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Block, Column, Figures, Heading, Table, code, source, text
from tradetalks.brief.geography import Geography, OriginDuty, RegionGain
from tradetalks.brief.sections.cells import point, rate, words
from tradetalks.brief.words import long_date, name, nation, series

#: Rows shown before the rest folds away.
LARGEST = 10

#: Regions named in the sentence on either side, of those that gain or lose as much (USD bn a year).
NAMED, TO_SPEAK_OF = 4, 0.1


def duties(briefing: Briefing, found: Geography) -> list[Block]:
    """Return what every origin pays to the United States: the map, where the other party stands, the table."""
    exporter = next(party for party in briefing.parties if party != "USA")
    later = max(briefing.deadline, briefing.as_of)
    columns = (
        Column("Origin"),
        Column("Imports of 2024, USD bn", kind="number"),
        Column(f"{long_date(found.new_year)}, %", kind="number"),
        Column("Today, %", kind="number"),
        Column(f"From {long_date(later)}, %", kind="number"),
    )
    rows = tuple(
        (
            words(name(one.origin)),
            rate(one.imports_usd_bn),
            rate(one.before_pct),
            rate(one.today_pct),
            rate(one.deadline_pct),
        )
        for one in found.duties
    )
    total = (
        words(f"All {len(found.duties)} origins"),
        rate(sum(one.imports_usd_bn for one in found.duties)),
        *(rate(_mean(found.duties, field)) for field in ("before_pct", "today_pct", "deadline_pct")),
    )
    command = f"tradetalks rates --origin all --on {briefing.as_of} --known {briefing.as_of}"
    return [
        Heading("Where others stand"),
        text(_standing(briefing, found.duties, exporter)),
        Figures((world_map.duty_map(found.duties, "USA", briefing.sides),)),
        source(
            f"Duty over US imports of 2024 by the law of {long_date(briefing.as_of)}. Outlined: {_outlined(briefing)}. "
            "White: the importer. Hatched: no figure, since imports by line are not shipped. Source: USITC, US Census "
            "Bureau, Federal Register; ",
            code(command),
            f". {world_map.OUTLINES}",
        ),
        Table(
            "duties-by-origin",
            "Average US duty by origin, per cent of customs value; the largest sellers first",
            columns,
            rows,
            source(
                f"Weighted with US imports of 2024 line by line; the last column is the law known on "
                f"{long_date(briefing.as_of)} as it applies then. Source: as above."
            ),
            total,
            LARGEST,
        ),
    ]


def _standing(briefing: Briefing, found: Sequence[OriginDuty], exporter: str) -> str:
    """Return how the duty on the other party's goods compares with that on its competitors'."""
    own = next((one for one in found if one.origin == exporter), None)
    if own is None:
        return (
            f"{nation('USA', True)} charges {_mean(found, 'today_pct'):.1f}% on average on the goods of its "
            f"{len(found)} largest sellers. For {nation(exporter)} there is no average of its own: imports by line are "
            "not shipped."
        )
    others = [one for one in found if one is not own]
    less = [one for one in others if one.today_pct < own.today_pct]
    then = [one for one in others if one.deadline_pct < own.deadline_pct]
    all_others = sum(one.imports_usd_bn for one in others)
    share, later = (
        100.0 * sum(one.imports_usd_bn for one in group) / all_others if all_others else 0.0 for group in (less, then)
    )
    return (
        f"Goods from {nation(exporter)} pay {own.today_pct:.1f}% today. Of the {len(others)} other origins with a "
        f"figure {len(less)} pay less; they supply {share:.0f}% of what the others sell to {nation('USA')}. From "
        f"{long_date(max(briefing.deadline, briefing.as_of))}, by the law known today, goods from {nation(exporter)} "
        f"pay {own.deadline_pct:.1f}%, and {len(then)} origins with {later:.0f}% of these sales pay less."
    )


def _mean(found: Sequence[OriginDuty], field: str) -> float:
    whole = sum(one.imports_usd_bn for one in found)
    return float(sum(one.imports_usd_bn * getattr(one, field) for one in found) / whole)


def _outlined(briefing: Briefing) -> str:
    """Return whose the outlines are; a party too small for the map is named as that."""
    said = [
        f"{nation(side)} ({colour})" if world_map.is_drawn(side) else f"not {nation(side)}, too small for this map"
        for side, colour in zip(briefing.sides, ("dark", "light"), strict=True)
    ]
    return series(said)


def gains(briefing: Briefing, found: Geography) -> list[Block]:
    """Return who gains and loses at no deal: the extremes, the map, the table; nothing where nobody does."""
    if all(abs(one.welfare_pct) < world_map.LOSSES[0] for one in found.gains):
        return []
    columns = (
        Column("Region"),
        Column("Real income, %", kind="number"),
        Column("USD bn a year", kind="number"),
    )
    rows = tuple(
        (
            words("All others together" if one.region == "ROW" else name(one.region)),
            point(one.welfare_pct, "pct"),
            point(one.welfare_usd_bn),
        )
        for one in found.gains
    )
    prices = briefing.packages[0].meta.usd_year or "the base year"
    where = f"full solves without draws. Source: tradetalks world trade model, prices of {prices}"
    return [
        Heading("Who else gains or loses if nothing is agreed"),
        text(_extremes(briefing, found.gains)),
        Figures((world_map.gains_map(found.gains, briefing.sides),)),
        source(
            f"Real income net of borrowing, no deal against today, per cent; {where}. Outlined: {_outlined(briefing)}. "
            f"Hatched: told apart only as one region, “all others together”, in the table. {world_map.OUTLINES}"
        ),
        Table(
            "no-deal-by-region",
            "No deal against today by region, real income net of borrowing; the largest loss first",
            columns,
            rows,
            source(f"In per cent and in USD bn a year; {where}."),
            fold=LARGEST,
        ),
    ]


def _extremes(briefing: Briefing, found: Sequence[RegionGain]) -> str:
    third = [
        one for one in found if one.region not in (*briefing.parties, "ROW") and abs(one.welfare_usd_bn) >= TO_SPEAK_OF
    ]
    lose = [one for one in third if one.welfare_pct < -world_map.LOSSES[0]][:NAMED]
    win = [one for one in reversed(third) if one.welfare_pct > world_map.LOSSES[0]][:NAMED]
    said = []
    if lose:
        verbs = ("loses", "shares") if len(lose) == 1 else ("lose", "share")
        said.append(f"besides the two, {_listed(lose)} {verbs[0]} most and {verbs[1]} an interest in another outcome")
    if win:
        said.append(f"{_listed(win)} {'gains' if len(win) == 1 else 'gain'} most")
    if not said:
        return f"Nobody else gains or loses more than {world_map.LOSSES[0]:g}% of real income by it."
    joined = "; ".join(said)
    return f"{joined[:1].upper()}{joined[1:]}."


def _listed(regions: Sequence[RegionGain]) -> str:
    return series([f"{nation(one.region)} ({point(one.welfare_pct, 'pct').text}%)" for one in regions])
