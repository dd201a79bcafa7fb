"""Terms that trade itself suggests: purchases of what the other sells most of, and rules for its largest industry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradetalks.ground.sectors import BY_CODE
from tradetalks.talks.draft.proposal import Proposal, money, name_of, rounded, sector_name
from tradetalks.value.terms.standards import PUBLISHED
from tradetalks.world.world import World

#: A promised purchase is this share of the flow of the base year ...
SHARE = 0.2
#: A figure of the record is taken as a yearly amount up to this share of the flow, and of all the buyer buys abroad.
OF_FLOW, OF_ALL = 1.0, 0.3
#: Smaller yearly amounts are not worth a line, billion dollars.
SMALLEST = 0.005
#: The sector with a published cost of standards is taken where it is this share of the goods sold.
ENOUGH = 0.03
#: Manufactures sold by grade on a world market, where rules of one's own hold up little: fuels and metals.
GRADED = ("C19", "C24A", "C24B")


@dataclass(frozen=True)
class Amount:
    """Money over some years, billion dollars in all."""

    usd_bn: float
    years: float
    exact: bool
    """Whether somebody named both, in dollars."""


def flow(world: World, exporter: str, importer: str, sector: str) -> float:
    """Return what ``exporter`` sold to ``importer`` in the base year, billion dollars."""
    return float(world.flows[world.region(exporter), world.region(importer), world.sector(sector)]) / 1000


def bought_abroad(world: World, importer: str, sector: str) -> float:
    """Return what ``importer`` bought abroad in the base year, billion dollars."""
    n, s = world.region(importer), world.sector(sector)
    return float(world.flows[:, n, s].sum() - world.flows[n, n, s]) / 1000


def largest(world: World, exporter: str, importer: str, made: bool = False) -> list[str]:
    """Return the goods sectors that ``exporter`` sells to ``importer``, largest first; ``made`` manufactures alone."""
    row = world.flows[world.region(exporter), world.region(importer)]
    codes = [world.sectors[s] for s in np.argsort(-row, kind="stable").tolist() if row[s] > 0]
    return [code for code in codes if BY_CODE[code].goods and (not made or code.startswith("C"))]


def purchase(
    world: World,
    buyer: str,
    seller: str,
    sector: str,
    named: Amount | None = None,
    *,
    source: str = "",
    said: str = "",
    issue: str = "purchases",
) -> Proposal | None:
    """Return the buyer's promise to buy more of a sector; None where the amount is too small.

    It is the ``named`` amount, or a share of the flow where none is named or the named one cannot be meant so.
    """
    now, abroad = flow(world, seller, buyer, sector), bought_abroad(world, buyer, sector)
    sized = f"{name_of(seller, start=True)} sold {money(now)} of it in {world.year} (world table)."
    if named and named.usd_bn / named.years > min(OF_FLOW * now, OF_ALL * abroad):
        sized += (
            f" The {named.usd_bn:g} billion dollars of the record, over {named.years:g} years, would more than double "
            "that trade or be too much of all it buys, and are not taken."
        )
        named = None
    if named is None:
        sized += " Sized by rule: a fifth of that."
    amount, years = (named.usd_bn, named.years) if named else (rounded(SHARE * now), 1.0)
    if amount / years < SMALLEST:
        return None
    each = "" if years == 1 else f" over {years:g} years"
    return Proposal(
        id=f"{buyer.lower()}-buys-{sector.lower()}",
        title=(
            f"{name_of(buyer, start=True)} buys {money(amount)} more of {sector_name(sector)} from "
            f"{name_of(seller)}{each or ' a year'}"
        ),
        kind="purchases",
        body={"buyer": buyer, "seller": seller, "sector": sector, "amount_usd_bn": amount, "years": years},
        asked_by=seller,
        slot=f"buys-{buyer}-{sector}",
        source=source or "world: OECD Inter-Country Input-Output tables, 2022",
        note=f"{said + ' ' if said else ''}{sized}",
        modest=True,
        illustrative=named is None or not named.exact,
        issues=(issue,),
    )


def standards(
    world: World, importer: str, exporter: str, *, sector: str | None = None, source: str = "", said: str = ""
) -> Proposal | None:
    """Return the acceptance of the exporter's rules for ``sector``, else for cars or its largest manufacture."""
    sold = [code for code in largest(world, exporter, importer, made=True) if code not in GRADED]
    if not sold:
        return None
    goods = sum(flow(world, exporter, importer, code) for code in largest(world, exporter, importer))
    priced = next((code for code in PUBLISHED if flow(world, exporter, importer, code) >= ENOUGH * goods), None)
    chosen = sector or priced or sold[0]
    cost = (
        "The cost cut is an assumption with a source (docs/terms.md)."
        if chosen in PUBLISHED
        else "No published cost of standards is shipped for this sector, so it is not priced: add cut_pct, percent of "
        "the delivered price that is saved, with a source of your own."
    )
    return Proposal(
        id=f"{importer.lower()}-standards-{chosen.lower()}",
        title=f"{name_of(importer, start=True)} accepts {sector_name(chosen)} made to the rules of {name_of(exporter)}",
        kind="standards",
        body={"importer": importer, "exporter": exporter, "sector": chosen},
        asked_by=exporter,
        slot=f"standards-{importer}",
        source=source or "world: OECD Inter-Country Input-Output tables, 2022",
        note=(
            f"{said + ' ' if said else ''}{money(flow(world, exporter, importer, chosen))} of it were sold in "
            f"{world.year}. {cost}"
        ),
        modest=chosen in PUBLISHED,
        issues=("standards",),
    )
