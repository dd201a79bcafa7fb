"""What was asked, demanded or offered by the day of the case, as terms: the record made into proposals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tradetalks.record.entry import Entry
from tradetalks.record.fields import same_side
from tradetalks.record.issues import issues
from tradetalks.record.ledger import ledger
from tradetalks.talks.draft.proposal import Proposal, money, name_of, rounded, sector_name
from tradetalks.talks.draft.trade import Amount, flow, largest, purchase, standards
from tradetalks.world.world import World

#: Moves by which a party says what it wants, and those by which it says what it would give.
ASKS, OFFERS = ("demand", "ask"), ("offer",)

#: Euro and yen in dollars where the record counts in them: round figures of 2025, for a size only.
DOLLARS = {"USD": 1.0, "EUR": 1.1, "JPY": 0.007}

#: Sectors that a topic, or else an issue, is about; of several the one that the seller sells most of.
SECTORS = {
    "energy": ("B06", "C19", "B05"),
    "agriculture": ("A01", "C10T12"),
    "purchases.aircraft": ("C302T309",),
    "purchases.defence": ("C302T309",),
    "purchases.chips": ("C26",),
}

#: Rice inside a quota, billion dollars a year: 70,000 tonnes (as in the Trans-Pacific talks of 2015) at 700 dollars.
RICE_USD_BN = 0.05

#: The group of measures that holds the rate set for one country.
COUNTRY_RATE = "ieepa-reciprocal"

#: Years over which a pledge without a term is spread, and its yearly size by rule as a share of the lender's GDP.
PLEDGE_YEARS, PLEDGE_SHARE = 5.0, 0.01

#: The shift of a deficit by which a currency clause is shown, percent of the GDP of the smaller party.
SHIFT_PCT = 1.0


def known_by(parties: tuple[str, str], as_of: date) -> tuple[Entry, ...]:
    """Return the shipped record of the two as it could be read on ``as_of``, facts included that no log tells.

    What the United States ask of everybody is in it where they are a party.
    """
    found = ledger(as_of, None, parties, facts="USA" in parties)
    told = {entry.id for entry in found}
    return tuple(entry for entry in found if entry.repeats not in told)


def from_record(world: World, parties: tuple[str, str], entries: Iterable[Entry]) -> list[Proposal]:
    """Return the terms that the record suggests, one a slot: by the latest word with an amount, else the latest.

    Of the United States others want relief from its duties, which the law defines better than the record.
    """
    found: dict[str, Proposal] = {}
    for entry in entries:
        asker = _asker(entry, parties)
        giver = parties[1] if asker == parties[0] else parties[0]
        if asker is None or giver == "USA":
            continue
        for issue in entry.issues:
            made = _term(world, entry, issue, asker, giver)
            if made is None:
                continue
            before = found.get(made.slot)
            if before is None or not made.illustrative or before.illustrative:
                found[made.slot] = made
    return list(found.values())


def named_rate(entries: Iterable[Entry], relief: Iterable[Proposal]) -> list[Proposal]:
    """Return the country rate last offered or agreed, where the ``relief`` from it knows no such rate."""
    ours = [term for term in relief if term.slot == COUNTRY_RATE]
    named = [
        entry
        for entry in entries
        if entry.act in ("offer", "agree")
        and entry.topic in ("tariff.reciprocal", "tariff.baseline")
        and entry.unit in ("percent", "percent, added")
        and not entry.for_all
    ]
    if not ours or not named or named[-1].amount in [term.body["rate"] for term in ours]:
        return []
    last = named[-1]
    return [
        replace(
            ours[0],
            id=f"{COUNTRY_RATE}-{last.amount:g}",
            title=f"{ours[0].title.partition(':')[0]}: {last.amount:g}%, as named on {last.date}",
            body={**ours[0].body, "rate": last.amount},
            source=f"record:{last.id}",
            note=f"{last.known_from}: {last.position.rstrip('.')}.",
            modest=True,
            illustrative=False,
        )
    ]


def without_term(parties: tuple[str, str], entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Return the issues that were raised and that no kind of term can settle, with the ids of their entries."""
    kinds = {one.id: one.terms for one in issues()}
    raised: dict[str, list[str]] = {}
    for entry in entries:
        if _asker(entry, parties) is not None and not kinds[entry.issue] and entry.issue not in ("procedure", "other"):
            raised.setdefault(entry.issue, []).append(entry.id)
    return raised


def _asker(entry: Entry, parties: tuple[str, str]) -> str | None:
    """Return the party that would receive what the entry puts on the table; None where it puts nothing."""
    for one, other in (parties, parties[::-1]):
        if same_side(entry.party, one):
            if entry.act in ASKS:
                return one
            return other if entry.act in OFFERS else None
    return None


def _term(world: World, entry: Entry, issue: str, asker: str, giver: str) -> Proposal | None:
    source, said = f"record:{entry.id}", f"{entry.known_from}: {entry.position.rstrip('.')}."
    own = issue == entry.issue
    topic = entry.topic if own else None
    amount = _amount(entry) if own else None
    if topic == "market.rice":
        return _rice(world, asker, giver, source, said)
    if issue in ("energy", "agriculture", "purchases") and own:
        choices = SECTORS.get(topic or "") or SECTORS.get(issue) or tuple(largest(world, asker, giver)[:1])
        sector = max(choices, key=lambda code: flow(world, asker, giver, code), default=None)
        if sector is None:
            return None
        return purchase(world, giver, asker, sector, amount, source=source, said=said, issue=issue)
    if issue == "standards":
        cars = topic == "ntb.auto_standards" or re.search(r"\b(cars?|vehicles?)\b", entry.position)
        sector = "C29" if cars and flow(world, asker, giver, "C29") > 0 else None
        return standards(world, giver, asker, sector=sector, source=source, said=said)
    if issue in ("investment", "shipbuilding") and own:
        return _investment(world, issue, asker, giver, amount, source, said)
    if issue == "currency":
        return _currency(world, asker, giver, source, said)
    return None


def _amount(entry: Entry) -> Amount | None:
    """Return the billion dollars that an entry names, as a flow; None where it names none, or something else.

    A qualifier of the unit that is no period (the cost of a project, a stock, a gap to close) makes it something else.
    """
    unit = entry.unit or ""
    money = re.fullmatch(r"(USD|EUR|JPY) bn( a year)?(?:, (?:.*?to (20\d\d)|over (\d+) years))?", unit)
    if money is None or entry.amount is None or entry.amount <= 0:
        return None
    currency, yearly, until, over = money.groups()
    usd_bn = rounded(entry.amount * DOLLARS[currency], 3)
    period = 1.0 if yearly else float(over) if over else float(int(until) - entry.date.year) if until else None
    years = PLEDGE_YEARS if period is None else max(period, 1.0)
    return Amount(usd_bn, years, exact=currency == "USD" and period is not None)


def _rice(world: World, asker: str, giver: str, source: str, said: str) -> Proposal | None:
    if flow(world, asker, giver, "A01") <= 0:
        return None
    return Proposal(
        id=f"{giver.lower()}-rice",
        title=f"{name_of(giver, start=True)} takes more rice from {name_of(asker)} inside its quota",
        kind="quota",
        body={"importer": giver, "exporter": asker, "sector": "A01", "amount_usd_bn": RICE_USD_BN},
        asked_by=asker,
        slot=f"rice-{giver}",
        source=source,
        note=f"{said} 70,000 tonnes at 700 dollars, moved from other suppliers; the figure is ours.",
        modest=True,
        illustrative=True,
        issues=("agriculture",),
    )


def _investment(
    world: World, issue: str, asker: str, giver: str, named: Amount | None, source: str, said: str
) -> Proposal | None:
    made = largest(world, giver, asker, made=True)
    if not made:
        return None
    sector = "C301" if issue == "shipbuilding" else made[0]
    gdp = float(world.gdp[world.region(giver)]) / 1000
    amount = named or Amount(rounded(PLEDGE_SHARE * gdp * PLEDGE_YEARS), PLEDGE_YEARS, exact=False)
    size = (
        f"Spread over {amount.years:g} years."
        if named
        else f"Sized by rule: {PLEDGE_SHARE:.0%} of the {gdp:,.0f} billion dollars of GDP of {world.year}, each of "
        f"{amount.years:g} years."
    )
    return Proposal(
        id=f"{giver.lower()}-{issue}",
        title=f"{name_of(giver, start=True)} invests {money(amount.usd_bn)} in {name_of(asker)}",
        kind="investment",
        body={
            "from": giver,
            "to": asker,
            "sector": sector,
            "amount_usd_bn": amount.usd_bn,
            "years": amount.years,
        },
        asked_by=asker,
        slot=f"{issue}-{giver}",
        source=source,
        note=(
            f"{said} {size} {sector_name(sector).capitalize()} stand for the sector, which matters only if a "
            "productivity effect is assumed. Shown unpriced: how much would be additional is not known."
        ),
        illustrative=not amount.exact,
        issues=(issue,),
    )


def _currency(world: World, asker: str, giver: str, source: str, said: str) -> Proposal:
    gdp = {party: float(world.gdp[world.region(party)]) for party in (asker, giver)}
    pct = rounded(SHIFT_PCT * min(1.0, gdp[asker] / gdp[giver]))
    return Proposal(
        id=f"{giver.lower()}-currency",
        title=f"A dearer currency of {name_of(giver)}, by {pct:g} percent of its GDP",
        kind="currency",
        body={"party": giver, "counterpart": asker, "deficit_shift_pct_gdp": pct},
        asked_by=asker,
        slot=f"currency-{giver}",
        source=source,
        note=f"{said} No rate was named; the size shows the scale, well inside what a long-run model can say.",
        illustrative=True,
        issues=("currency",),
    )
