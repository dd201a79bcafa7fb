"""What a term gives each side on each issue, in units of ``data/units.yaml``.

A term moves an issue from the side that gives to the side that wants it: the two sides' stakes in one term are
equal and opposite. Relief from a duty is counted against the duty that no deal would leave (:class:`Reference`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tradetalks.ground.files import parse_yaml
from tradetalks.law.measure import origin_key, us_law
from tradetalks.record.deals import Commitment, Deal
from tradetalks.record.fields import BOTH, same_side
from tradetalks.value.package import Package, Term
from tradetalks.value.terms import Currency, Investment, Purchases, Quota, Securities, Standards, Tariff

#: The country whose additional duties are the issues ``tariffs``, ``cars``, ``metals`` and ``pharma-chips``; a cut of
#: anyone else's duties is ``market-access`` or ``agriculture``.
LAW_OF = "USA"

#: The issues that are additional duties.
DUTIES = ("tariffs", "cars", "metals", "pharma-chips")

#: Sector -> issue, of purchases and of the ordinary duties of others.
FARM = ("A01", "A02", "A03", "C10T12")
ENERGY = ("B05", "B06", "C19")
SHIPS = "C301"
#: Issues that purchases settle; they move the balance too.
BOUGHT = ("energy", "purchases", "agriculture")

#: US duty -> issue and the share of the issue that it is (2024 customs value: parts about a quarter of cars and parts;
#: steel about half of the metals under section 232, copper a tenth).
GROUPS = {
    "s232-autos": ("cars", 0.75),
    "s232-auto-parts": ("cars", 0.25),
    "s232-steel": ("metals", 0.5),
    "s232-aluminium": ("metals", 0.4),
    "s232-copper": ("metals", 0.1),
}
SECTORS = {"C29": "cars", "C24A": "metals", "C24B": "metals", "C21": "pharma-chips", "C26": "pharma-chips"}
CHAPTERS = {"87": "cars", "72": "metals", "73": "metals", "74": "metals", "76": "metals", "30": "pharma-chips"}
#: The measure whose rate is the reference of an issue.
MEASURE = {"tariffs": "ieepa-reciprocal", "cars": "s232-autos", "metals": "s232-steel"}
#: What the country rates threatened before a deal are about.
THREATENED = "tariff.reciprocal"
#: Ordinary US duty beneath the additional one, percent.
ORDINARY = {"cars": 2.5}
#: One industry or one good among all: the share of the issue that it is, for want of a weight.
PART = 0.1
#: A good behind a quota, opened: half a unit for half a billion dollars a year (``data/units.yaml``, agriculture).
OPENED_USD_BN = 0.5
#: Years over which a total is counted where none are given: a term of a US president.
YEARS = 4.0
#: Billion dollars of one aircraft on delivery; Pakistan's and other orders of 2025 name 18.8 billion for 80.
AIRCRAFT_USD_BN = 18.8 / 80
#: Years over which an order of aircraft is delivered.
DELIVERY_YEARS = 10.0


class Unit(BaseModel):
    """One unit of an issue."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: str
    giver: Literal["USA", "other", "either"] = Field(alias="from")
    """Who gives it in talks with the United States; in other talks either may."""
    unit: str
    words: str
    """What it is, as a question puts it to the side that wants it."""
    size: dict[str, float] = {}
    whole: bool = False
    unsized: float
    topics: dict[str, float] = {}


@cache
def units() -> Mapping[str, Unit]:
    """Return the unit of each issue that has one, in the order of the issues."""
    text = (files("tradetalks.talks") / "data" / "units.yaml").read_text(encoding="utf-8")
    return {entry["id"]: Unit.model_validate(entry) for entry in parse_yaml(text, "units.yaml")}


def gives(party: str, other: str, issue: str) -> bool:
    """Return whether ``issue`` is one that ``party`` gives in talks with ``other``."""
    giver = units()[issue].giver
    if giver == "either" or LAW_OF not in (party, other):
        return True
    return (party == LAW_OF) == (giver == LAW_OF)


@dataclass(frozen=True)
class Reference:
    """The US duties that no deal would leave: those of the day ``on`` by the law public on ``known``."""

    on: date = date(2025, 7, 9)
    known: date = date(2025, 4, 20)
    stated: Mapping[str, float] = field(default_factory=dict)
    """Issue -> percent on top, where a record states it: the country rate threatened before a deal."""

    def points(self, issue: str, origin: str, group: str | None = None) -> float:
        """Return the additional duty on ``origin`` under ``issue``, percentage points."""
        if issue in self.stated and group in (None, MEASURE.get(issue)):
            return self.stated[issue]
        return _in_force(group or MEASURE.get(issue, ""), origin_key(origin), self.on, self.known)


#: By the law as it stood when the country rates of April 2025 were suspended.
DEFAULT = Reference()


@cache
def _in_force(group: str, origin: str, on: date, known: date) -> float:
    acts = [m.act(on, known, origin) for m in us_law().measures if group in (m.group, m.id) and not m.exempts]
    return max((act.rate_pct for act in acts if act is not None and act.treatment == "add"), default=0.0)


def stakes(term: Term, party: str, reference: Reference = DEFAULT) -> Mapping[str, float]:
    """Return the units of each issue that ``term`` gives ``party``; negative where it gives the issue away.

    Issues that the term does not touch are absent; a party that is not in the term has no stakes in it.
    """
    giver, wants, moved = _moved(term, reference)
    sign = 1.0 if party == wants else -1.0 if party == giver else 0.0
    return {issue: sign * amount for issue, amount in moved.items() if sign * amount != 0.0}


def package_stakes(package: Package, party: str, reference: Reference = DEFAULT) -> Mapping[str, float]:
    """Return the stakes of ``party`` in ``package``: the sums over its terms."""
    return _sum(stakes(term, party, reference) for term in package.terms)


def commitment_stakes(term: Commitment, party: str, reference: Reference = DEFAULT) -> Mapping[str, float]:
    """Return the units of each issue that a recorded term gives ``party``, which must be a party of its deal.

    What both commit to gives each half a unit's worth: neither gives it away.
    """
    moved = _recorded(term, reference)
    if term.by == BOTH:
        return {issue: 0.5 * amount for issue, amount in moved.items() if amount}
    sign = -1.0 if same_side(term.by, party) else 1.0
    return {issue: sign * amount for issue, amount in moved.items() if amount}


def deal_stakes(deal: Deal, party: str) -> Mapping[str, float]:
    """Return the stakes of ``party`` in a recorded deal, against the duties threatened before it.

    Where the record tells a term twice (a total, then the same as a yearly figure), the larger counts once.
    """
    day = deal.known_from
    stated = {} if deal.threat_pct is None else {"tariffs": deal.threat_pct}
    found: dict[tuple[str, str], dict[str, float]] = {}
    for term in deal.terms:
        new = dict(commitment_stakes(term, party, Reference(day, day, stated)))
        key = (term.by, term.topic or term.issue)
        old = found.get(key, {})
        found[key] = {i: max(old.get(i, 0.0), new.get(i, 0.0), key=abs) for i in {*old, *new}}
    return _sum(found.values())


def case_reference(deadline: date, known: date) -> Reference:
    """Return the reference of a case: the law known on ``known`` as it applies on the ``deadline``."""
    return Reference(deadline, known)


def _sum(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for part in parts:
        for issue, amount in part.items():
            total[issue] = total.get(issue, 0.0) + amount
    return total


def _units(issue: str, kind: str, figure: float) -> float:
    return figure / units()[issue].size[kind]


def _moved(term: Term, reference: Reference) -> tuple[str, str, dict[str, float]]:
    """Return who gives, who wants, and the units of each issue that move."""
    body = term.body
    if isinstance(body, Tariff):
        issue, points = _duty_cut(body, reference)
        return body.importer, body.exporter, {issue: points}
    if isinstance(body, Purchases):
        issue = "energy" if body.sector in ENERGY else "agriculture" if body.sector in FARM else "purchases"
        return body.buyer, body.seller, _bought(issue, body.amount_usd_bn / body.years)
    if isinstance(body, Quota):
        issue = "agriculture" if body.sector in FARM else "market-access"
        return body.importer, body.exporter, {issue: units()[issue].unsized * body.amount_usd_bn / OPENED_USD_BN}
    if isinstance(body, Investment):
        issue = "shipbuilding" if body.sector == SHIPS else "investment"
        return body.lender, body.host, {issue: _units(issue, "usd_bn", body.amount_usd_bn)}
    if isinstance(body, Standards):
        return body.importer, body.exporter, {"standards": units()["standards"].unsized}
    if isinstance(body, Currency):
        units_moved = _units("currency", "pct_gdp", body.deficit_shift_pct_gdp)
        return body.party, body.counterpart or "", {"currency": units_moved}
    if isinstance(body, Securities):
        sold = body.amount_usd_bn if body.action == "sell" else -body.amount_usd_bn
        return body.holder, body.issuer, {"treasuries": -_units("treasuries", "usd_bn", sold)}
    raise TypeError(f"no stakes are defined for {body.kind}")


def _bought(issue: str, usd_bn_a_year: float) -> dict[str, float]:
    """Return the units of a purchase: of its issue, and of the balance that it moves."""
    return {
        issue: _units(issue, "usd_bn_a_year", usd_bn_a_year),
        "deficit": _units("deficit", "usd_bn_a_year", usd_bn_a_year),
    }


def _duty_cut(body: Tariff, reference: Reference) -> tuple[str, float]:
    """Return the issue of a change of duty and the units of relief in it."""
    issue, share, group = _scope(body)
    if body.importer == LAW_OF:
        before = reference.points(issue, body.exporter, group)
        ordinary = ORDINARY.get(issue, 0.0)
    else:
        before, ordinary = 0.0, _ordinary_abroad()
    if body.rate is not None:
        points = before - body.rate
    elif body.total is not None:
        points = before + ordinary - body.total
    elif body.cut is not None:
        points = min(body.cut, before + ordinary)
    else:
        points = -(body.add or 0.0)
    if issue == "agriculture":
        return issue, units()[issue].unsized * share * points / _ordinary_abroad()
    return issue, share * _units(issue, "points", points)


def _ordinary_abroad() -> float:
    """Return the ordinary duty of others that a unit of market access takes off, points."""
    return units()["market-access"].size["points"]


def _scope(body: Tariff) -> tuple[str, float, str | None]:
    """Return the issue, the share of it, and the US measure, of a tariff term's scope."""
    if body.importer != LAW_OF:
        if body.sector == "all":
            return "market-access", 1.0, None
        farm = body.sector in FARM or (body.lines is not None and all(line[:2] < "25" for line in body.lines))
        return ("agriculture", 1.0, None) if farm else ("market-access", PART, None)
    if body.measure is not None:
        group = next((m.group for m in us_law().measures if body.measure in (m.id, m.group)), body.measure)
        issue, share = GROUPS.get(group, ("tariffs", 1.0))
        return issue, share, group
    if body.sector is not None:
        return (SECTORS[body.sector], 1.0, None) if body.sector in SECTORS else _general(body.sector == "all")
    lines = body.lines or ()
    named = {CHAPTERS.get(line[:2], "") for line in lines}
    if len(named) != 1 or "" in named:
        return _general(False)
    (issue,) = named
    if issue != "cars":
        return issue, 1.0, None
    parts = all(line.startswith("8708") for line in lines)
    return issue, GROUPS["s232-auto-parts" if parts else "s232-autos"][1], None


def _general(whole: bool) -> tuple[str, float, str | None]:
    return "tariffs", 1.0 if whole else PART, None


def _recorded(term: Commitment, reference: Reference) -> dict[str, float]:
    """Return the units that a recorded term moves, from who commits to the other."""
    if term.issue not in units():
        return {}
    unit = units()[term.issue]
    if term.topic in unit.topics:
        return {term.issue: unit.topics[term.topic]}
    if term.rate_pct is not None and "points" in unit.size and (relief := _relief(term, reference)) is not None:
        return {term.issue: _units(term.issue, "points", relief)}
    yearly = _usd_bn_a_year(term)
    if yearly is not None and term.issue in BOUGHT:
        return _bought(term.issue, yearly)
    if yearly is not None and "usd_bn_a_year" in unit.size:
        return {term.issue: _units(term.issue, "usd_bn_a_year", yearly)}
    if term.amount is not None and (term.unit or "").startswith("USD bn") and "usd_bn" in unit.size:
        return {term.issue: _units(term.issue, "usd_bn", term.amount)}
    if term.amount is not None and (term.unit or "").startswith("percent of lines") and "lines_pct" in unit.size:
        return {term.issue: _units(term.issue, "lines_pct", term.amount)}
    return {term.issue: unit.unsized}


def _relief(term: Commitment, reference: Reference) -> float | None:
    """Return the points that a recorded rate takes off what no deal would leave; ``None`` where none is known."""
    if not same_side(term.by, LAW_OF):
        return 0.0  # the other side bears a duty left as it was
    if term.issue == "tariffs" and term.topic not in (THREATENED, None):
        return None
    before = reference.points(term.issue, "")
    if before == 0.0:
        return None  # a cap on a duty that is only announced
    if term.basis == "in all":
        before += ORDINARY.get(term.issue, 0.0)
    return before - (term.rate_pct or 0.0)


def _usd_bn_a_year(term: Commitment) -> float | None:
    """Return the yearly dollars of a recorded purchase, billions; ``None`` where it has none."""
    if term.amount is None or term.unit is None:
        return None
    base, _, words = term.unit.partition(",")
    if base == "aircraft":
        return term.amount * AIRCRAFT_USD_BN / (term.years or DELIVERY_YEARS)
    if base == "USD bn a year":
        return term.amount
    if base == "USD bn" and "covered" not in words:
        return term.amount / (term.years or YEARS)
    return None
