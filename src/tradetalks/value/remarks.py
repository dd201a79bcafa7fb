"""What stands beside the values of a package: its duties, the data they rest on, what surprises, what is assumed."""

from __future__ import annotations

import numpy as np

from tradetalks.ground.countries import EU27
from tradetalks.ground.sectors import BY_CODE
from tradetalks.value.answer import RateChange, Reconciliation
from tradetalks.value.baseline import SCHEDULED, STATUS_QUO
from tradetalks.value.measures import revenue
from tradetalks.value.package import NOTHING, Package
from tradetalks.value.terms import Tariff
from tradetalks.value.valuation import Valuation


def rates(valuation: Valuation, package: Package) -> tuple[RateChange, ...]:
    """Return the duty of each goods sector on the parties' trade, under each baseline and the package."""
    rows = []
    likeliest = valuation.likeliest.name
    for importer, exporter in (valuation.case.parties[::-1], valuation.case.parties):
        i, n = valuation.stage.region(exporter), valuation.stage.region(importer)
        package_on = valuation.tariffs(package, likeliest)[i, n]
        under = {name: valuation.tariffs(NOTHING, name)[i, n] for name in (STATUS_QUO, SCHEDULED, likeliest)}
        for s, sector in enumerate(valuation.world.sectors):
            known = bool(valuation.world.tariff_known[i, n, s])
            flow = valuation.world.flows[i, n, s]
            if not BY_CODE[sector].goods or flow == 0:
                continue
            customs = valuation.stage.customs[i, s] / valuation.stage.customs_growth if importer == "USA" else np.nan
            imports = customs if np.isfinite(customs) else flow * valuation.stage.flow_scale
            duties = {name: tariffs[s] for name, tariffs in under.items()}
            rows.append(
                RateChange(
                    importer=importer,
                    exporter=exporter,
                    sector=sector,
                    name=BY_CODE[sector].name,
                    base_pct=100 * valuation.world.tariffs[i, n, s] if known else None,
                    status_quo_pct=100 * duties[STATUS_QUO] if known else None,
                    scheduled_pct=100 * duties[SCHEDULED] if known else None,
                    no_deal_pct=100 * duties[likeliest] if known else None,
                    package_pct=100 * package_on[s] if known else None,
                    imports_usd_bn=float(imports),
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.importer != "USA", -(row.imports_usd_bn or 0.0))))


def reconciliation(valuation: Valuation) -> tuple[Reconciliation, ...]:
    """Return US imports from the other party by sector: customs figures beside those of the table (USD billion)."""
    if "USA" not in valuation.case.parties:
        return ()
    exporter = valuation.case.other("USA")
    i, n = valuation.stage.region(exporter), valuation.stage.region("USA")
    rows = []
    for s, sector in enumerate(valuation.world.sectors):
        customs = valuation.stage.customs[i, s] / valuation.stage.customs_growth
        table = valuation.world.flows[i, n, s] / 1000.0
        if BY_CODE[sector].goods and (np.isfinite(customs) or table > 0):
            known = float(customs) if np.isfinite(customs) else None
            ratio = known / table if known is not None and table > 0 else None
            rows.append(
                Reconciliation(
                    importer="USA",
                    exporter=exporter,
                    sector=sector,
                    customs_usd_bn=known,
                    table_usd_bn=float(table),
                    ratio=ratio,
                )
            )
    return tuple(rows)


def revenue_notes(valuation: Valuation, package: Package) -> tuple[str, ...]:
    """Say where a lower duty brings more revenue, or a higher one less (the Laffer curve)."""
    single = [Package(term.id, term.title, (term,)) for term in package.terms]
    notes = []
    for each in single if len(single) == 1 else [*single, package]:
        if not each.terms or any(not isinstance(term.body, Tariff) for term in each.terms):
            continue
        for baseline, words in ((STATUS_QUO, "the status quo"), (valuation.likeliest.name, "no deal")):
            new, old = (valuation.settled(one, baseline) for one in (each, NOTHING))
            for party in valuation.case.parties:
                n = valuation.stage.region(party)
                duty = float(((new.duties - old.duties)[:, n] * valuation.stage.full_flows[:, n]).sum())
                change = revenue(valuation.stage, new, n) - revenue(valuation.stage, old, n)
                if duty * change < 0 and abs(change) > 0.005:
                    way = ("lower", "more") if duty < 0 else ("higher", "less")
                    notes.append(
                        f"{each.title}: against {words} the duty is {way[0]} and {party} collects "
                        f"{abs(change):.2f} billion dollars {way[1]}, since imports move by more than the rate."
                    )
    return tuple(notes)


def sentences(valuation: Valuation) -> tuple[str, ...]:
    """Return what a reader must know to read the figures rightly."""
    a, b = valuation.case.parties
    growth = [float(valuation.stage.scale[valuation.stage.region(party)]) for party in (a, b)]
    return (
        "With deficits fixed no tariff or purchase changes a country's total trade balance: a bilateral balance "
        f"between {a} and {b} that improves is another that worsens.",
        "Against no deal, both the deal and no deal have every other origin's duties as the law has them on "
        f"{valuation.case.deadline}; against the status quo, as on {valuation.case.as_of}: the two columns are two "
        "worlds.",
        f"Welfare in dollars grows from {valuation.world.year} with each country's own GDP ({a} by {growth[0]:.3f}, "
        f"{b} by {growth[1]:.3f}), trade with the world's ({1000 * valuation.stage.flow_scale:.3f}). Tariff revenue "
        "follows customs values; what of it is in welfare is on the input-output table's flows, shown beside it.",
        "Dollar values of trade hold world labour income constant; percentages do not depend on that.",
        "Deficits are fixed in units of world GDP; tariff revenue goes back to households as a lump sum.",
        "The model is one of the long run: it has no unemployment, no time path and no financial markets.",
        "US base duties are those collected in 2024 and stand in for 2022; Japan's are unweighted averages of "
        "its 2026 schedule; elsewhere the duty is inside the trade cost and no rate is given.",
        "Services are one sector; its trade elasticity of 5 (2 to 8) is an assumption.",
        *(
            "The European Union is one region here: trade among its members is domestic, and no member's gain or "
            "loss is shown."
            for p in (a, b)
            if p == "EU"
        ),
        *(
            f"{p} is a member of the European Union, whose duties and deals are the Union's."
            for p in (a, b)
            if p in EU27
        ),
        valuation.stage.note,
    )
