"""Levers: what of a case can be moved. Terms that differ in one amount alone are one lever with several marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

from tradetalks.brief.words import name, nation
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.sectors import BY_CODE
from tradetalks.law.measure import us_law
from tradetalks.value.case import Case
from tradetalks.value.package import Package, Term, package_of
from tradetalks.value.terms import Currency, Investment, Purchases, Quota, Securities, Standards, Tariff
from tradetalks.value.terms.term import Body


@dataclass(frozen=True)
class Lever:
    """One thing to move: a duty, an amount, or a yes."""

    id: str
    """Of its first term."""
    terms: tuple[Term, ...]
    about: str
    """What it is, in words."""
    field: str | None
    """The field of the term that moves; None for a term that is in or out."""
    unit: str
    low: float
    high: float
    step: float

    @property
    def title(self) -> str:
        """The title of its only term, the words that all its titles begin with, or what it is about."""
        if len(self.terms) == 1:
            return self.terms[0].title
        together = zip(*(term.title.split() for term in self.terms), strict=False)
        shared = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, together)]
        return " ".join(shared) if len(shared) > 1 else self.about

    def amount(self, term: Term) -> float:
        """Return where ``term`` stands on the lever."""
        return 1.0 if self.field is None else float(getattr(term.body, self.field))

    def term(self, amount: float) -> Term | None:
        """Return the term at ``amount``; None where nothing is committed there.

        Raises:
            BadInput: the amount is off the lever.
        """
        if not self.low <= amount <= self.high:
            raise BadInput(f"{self.title}: {amount:g} is outside {self.low:g} to {self.high:g} {self.unit}".rstrip())
        for known in self.terms:
            if abs(self.amount(known) - amount) < 1e-9:
                return known
        first = self.terms[0]
        if self.field is None or (amount == 0.0 and not isinstance(first.body, Tariff)):
            return None
        body = first.body.model_copy(update={self.field: amount})
        return Term(f"{self.id}-at-{amount:g}".replace(".", "p"), f"{self.about}: {amount:g} {self.unit}", body)


def levers(case: Case) -> tuple[Lever, ...]:
    """Return the levers of ``case`` in the order of its terms."""
    groups: dict[tuple[str, str], list[Term]] = {}
    for term in case.terms:
        field = _field(term.body)
        rest = term.body.model_dump(exclude={field} if field else set())
        groups.setdefault((term.body.kind + (field or ""), repr(sorted(rest.items()))), []).append(term)
    return tuple(_lever(tuple(group)) for group in groups.values())


def chosen(every: Iterable[Lever], settings: Mapping[str, float]) -> Package:
    """Return the package that ``settings`` (lever -> amount) make; levers not named are out.

    Raises:
        BadInput: a lever or amount that is not there.
    """
    by_id = {lever.id: lever for lever in every}
    for wanted in settings:
        if wanted not in by_id:
            raise BadInput(f"there is no lever {wanted[:60]!r} in this case{did_you_mean(wanted[:60], by_id)}")
    found = (lever.term(settings[lever.id]) for lever in by_id.values() if lever.id in settings)
    return package_of(term for term in found if term is not None)


def settings_of(every: Iterable[Lever], package: Package) -> dict[str, float]:
    """Return the settings that make ``package``."""
    inside = {term.id for term in package.terms}
    return {lever.id: lever.amount(term) for lever in every for term in lever.terms if term.id in inside}


def _lever(terms: tuple[Term, ...]) -> Lever:
    body = terms[0].body
    field = _field(body)
    amounts = [float(getattr(term.body, field)) for term in terms] if field else [1.0]
    low, high, step, unit = _reach(body, amounts)
    return Lever(terms[0].id, terms, _about(body), field, unit, low, high, step)


def _field(body: Body) -> str | None:
    match body:
        case Tariff():
            return next(how for how in ("total", "add", "cut", "rate") if getattr(body, how) is not None)
        case Purchases() | Quota() | Investment() | Securities():
            return "amount_usd_bn"
        case Currency():
            return "deficit_shift_pct_gdp"
        case Standards():
            return "cut_pct" if body.cut_pct is not None else None
    return None


def _reach(body: Body, amounts: list[float]) -> tuple[float, float, float, str]:
    """Return lowest, highest, step and unit."""
    most = max(map(abs, amounts))
    match body:
        case Tariff():
            return 0.0, max(50.0, _round(most * 1.5)), 0.5, "points" if body.add or body.cut else "%"
        case Currency():
            return -3.0, 3.0, 0.1, "% of GDP"
        case Standards() if body.cut_pct is not None:
            return 0.0, min(50.0, max(10.0, 2 * most)), 0.5, "% of the price"
        case Standards():
            return 0.0, 1.0, 1.0, ""
    high = _round(3 * most)
    match body:
        case Purchases() | Investment() if body.years != 1:
            return 0.0, high, _step(high), f"USD bn over {body.years:g} years"
        case Purchases() | Investment() | Quota():
            return 0.0, high, _step(high), "USD bn a year"
    return 0.0, high, _step(high), "USD bn"


def _round(number: float) -> float:
    """Return the next of 1, 2, 3, 5 and 10 times a power of ten."""
    power = 10.0 ** len(str(int(number))) / 10.0 if number >= 1 else 0.01
    while number > 10 * power:
        power *= 10
    return next(round(k * power, 6) for k in (1, 2, 3, 5, 10) if k * power >= number - 1e-12)


def _step(high: float) -> float:
    return next(step for step in (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1e9) if high / step <= 300)


def _authority(name: str) -> str:
    """Return what the law calls a measure, or the measures of a group."""
    found = dict.fromkeys(one.authority for one in us_law().measures if name in (one.id, one.group))
    return " and ".join(found) or name


def _about(body: Body) -> str:
    match body:
        case Tariff():
            how = {"add": "added duty", "cut": "cut of the duty"}.get(_field(body) or "", "duty")
            on = f"{name(body.importer)}: {how} on {_of(body.exporter)}"
            if body.sector == "all":
                return f"{on} goods"
            if body.sector:
                return f"{on} {BY_CODE[body.sector].name.lower()}"
            if body.measure:
                return f"{on} goods under {_authority(body.measure)}"
            return f"{on} goods of HTS {', '.join(body.lines or ())}"
        case Purchases():
            return f"{name(body.buyer)} buys {BY_CODE[body.sector].name.lower()} of {nation(body.seller)}"
        case Quota():
            goods = BY_CODE[body.sector].name.lower()
            return f"{_of(body.importer, first=True)} quota for {nation(body.exporter)}: {goods}"
        case Standards():
            return f"{name(body.importer)} accepts {_of(body.exporter)} rules: {BY_CODE[body.sector].name.lower()}"
        case Investment():
            return f"{name(body.lender)} invests in {nation(body.host)}"
        case Currency():
            return f"{_of(body.party, first=True)} deficit, by its currency"
        case Securities():
            return f"Bonds of {nation(body.issuer)} that {nation(body.holder)} holds"
    return body.kind


def _of(country: str, *, first: bool = False) -> str:
    """Return the name of a country as an owner: Japan’s, the United States’."""
    words = nation(country, first)
    return f"{words}’" if words.endswith("s") else f"{words}’s"
