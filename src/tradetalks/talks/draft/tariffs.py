"""Ordinary tariffs as terms, and retaliation: what each side charges apart from the measures of the United States."""

from __future__ import annotations

from datetime import date

import polars as pl

from tradetalks.ground.sectors import BY_CODE
from tradetalks.law.rates import line_rates
from tradetalks.law.retaliation import retaliation
from tradetalks.talks.draft.measures import has_lines
from tradetalks.talks.draft.proposal import Proposal, money, name_of, sector_name
from tradetalks.world.world import World

#: The United States: proposed where one sector brings this share of all duty on the origin, at this rate, percent.
WORTH, PCT = 0.1, 2.0
#: Elsewhere, where the tariff is known: at most so many sectors, each this share of the duty on the exporter.
MOST, SHARE = 2, 0.05


def us_tariff(exporter: str, as_of: date) -> list[Proposal]:
    """Return a cut of the ordinary US duty on the sector where it weighs most, if it weighs at all."""
    if not has_lines(exporter):
        return []
    frame = line_rates("USA", exporter, as_of, as_of).filter(pl.col("sector").is_not_null())
    frame = frame.filter(pl.col("rate_pct").is_not_nan())
    ordinary, whole = ((pl.col(name) * pl.col("imports_usd")).sum() / 1e11 for name in ("mfn_pct", "rate_pct"))
    table = frame.group_by("sector").agg(
        ordinary.alias("paid"), whole.alias("whole"), pl.col("imports_usd").sum() / 1e9
    )
    if not table.height:
        return []
    sector, paid, _, imports = table.sort(-pl.col("paid")).row(0)
    pct = 100 * paid / imports
    if pct < PCT or paid < WORTH * float(table["whole"].sum()):
        return []
    return [
        Proposal(
            id=f"ordinary-{sector.lower()}",
            title=f"Ordinary US duty on {sector_name(sector)} from {name_of(exporter)} halved",
            kind="tariff",
            body={"importer": "USA", "exporter": exporter, "sector": sector, "cut": round(pct / 2, 1)},
            asked_by=exporter,
            slot=f"ordinary-{sector}",
            source="law: Harmonized Tariff Schedule of the United States",
            note=(
                f"{pct:.1f}% on average in 2024, {money(paid)} on {money(imports)} of imports. The President cannot "
                "cut an ordinary duty alone; it takes an act of Congress."
            ),
            illustrative=True,
        )
    ]


def known_tariffs(world: World, importer: str, exporter: str) -> list[Proposal]:
    """Return cuts of ``importer``'s tariff on the sectors where it weighs most, where its duties are known."""
    i, n = world.region(exporter), world.region(importer)
    found = []
    duty = world.tariffs[i, n] * world.flows[i, n]
    for s in (-duty).argsort()[:MOST].tolist():
        pct, sector = 100 * float(world.tariffs[i, n, s]), world.sectors[s]
        if not world.tariff_known[i, n, s] or pct < PCT or duty[s] < SHARE * duty.sum():
            continue
        found.append(
            Proposal(
                id=f"{importer.lower()}-duty-{sector.lower()}",
                title=(
                    f"{name_of(importer, start=True)} halves its duty on {sector_name(sector)} from {name_of(exporter)}"
                ),
                kind="tariff",
                body={"importer": importer, "exporter": exporter, "sector": sector, "cut": round(pct / 2, 1)},
                asked_by=exporter,
                slot=f"duty-{importer}-{sector}",
                source="world: Japan's tariff schedule of 9 July 2026, simple mean over lines",
                note=(
                    f"{pct:.1f}% on average over lines, on {money(world.flows[i, n, s] / 1000)} of trade in "
                    f"{world.year}. Quota lines and specific duties are not in the mean."
                ),
                modest=s == int(duty.argmax()),
                illustrative=True,
                issues=("agriculture",) if sector in ("A01", "C10T12") else ("market-access",),
            )
        )
    return found


def retaliation_ends(world: World, importer: str, exporter: str, as_of: date, deadline: date) -> list[Proposal]:
    """Return the end of ``importer``'s retaliation on ``exporter``: on all goods where it is on all, else by sector.

    Only what is in force on both days: of other countries' duties no more is known than the points on top.
    """
    now, then = (
        {row["sector"]: row for row in retaliation(on, as_of).iter_rows(named=True) if row["importer"] == importer}
        for on in (as_of, deadline)
    )
    both = {code: now[code] for code in now.keys() & then.keys() if now[code]["exporter"] == exporter}
    if not both:
        return []
    i, n = world.region(exporter), world.region(importer)
    points = {code: min(row["add_pct"], then[code]["add_pct"]) for code, row in both.items()}
    citations = {code: row["citation"] for code, row in both.items()}
    goods = [code for code in world.sectors if BY_CODE[code].goods]
    floor = min((points.get(code, 0.0) for code in goods), default=0.0)
    weight = {code: pct * float(world.flows[i, n, world.sector(code)]) for code, pct in points.items()}
    dearest = sorted(weight, key=lambda code: -weight[code])
    chosen = [("all", floor, dearest[0])] if floor > 0 else [(code, points[code], code) for code in dearest[:3]]
    found = []
    for scope, pct, cited in chosen:
        what = "all goods" if scope == "all" else sector_name(scope)
        trade = float(sum(world.flows[i, n, world.sector(code)] for code in (goods if scope == "all" else [scope])))
        found.append(
            Proposal(
                id=f"{importer.lower()}-retaliation-{scope.lower()}",
                title=f"{name_of(importer, start=True)} ends its retaliation on {what} from {name_of(exporter)}",
                kind="tariff",
                body={"importer": importer, "exporter": exporter, "sector": scope, "cut": round(pct, 2)},
                asked_by=exporter,
                slot=f"retaliation-{scope}",
                source=f"law: {citations[cited]}",
                note=(
                    f"{pct:.3g} points on the sector on {as_of} (the rate times the share of its headings listed), on "
                    f"{money(trade / 1000)} of trade in {world.year}."
                    if scope != "all"
                    else f"At least {pct:.3g} points on every sector on {as_of}, on {money(trade / 1000)} of trade in "
                    f"{world.year}; some sectors pay more, which stays."
                ),
                modest=True,
                issues=("procedure",),
            )
        )
    return found
