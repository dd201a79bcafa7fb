"""Measures as data: what an act of law puts on which lines of which origins, from when, known since when.

A :class:`Measure` is one scope of lines and origins; its :class:`Act` s set the rate over time. Two
clocks: an act *applies* from its first day, and *was known* from its signature or publication. Of
the acts known by a day, the one known last that covers the day of entry holds. So a later act amends
an earlier one by covering its days, and the law as it stood earlier is what remains without it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from tradetalks.ground.countries import COUNTRIES, EU27
from tradetalks.ground.files import parse_yaml

DATA = files("tradetalks.law") / "data"

#: The last act entered, and so the day until which measures are checked against their sources.
MEASURES_THROUGH = date(2026, 10, 7)
#: The last day whose schedule is shipped: HTS 2026 revision 10.
SCHEDULE_THROUGH = date(2026, 6, 8)
#: The schedule begins here; before it there are measures but no ordinary rates.
SCHEDULE_SINCE = date(2025, 1, 1)

Treatment = Literal["add", "ceiling", "replace", "exempt", "prohibit", "minimum", "specific"]

#: Treatments that say no percentage: importing is forbidden, or the duty is in USD a unit.
_NO_RATE = ("prohibit", "minimum", "specific")


@dataclass(frozen=True, slots=True)
class Origins:
    """A set of origins: ISO3 codes and ``EU``; everyone but ``excluded`` where ``named`` is None."""

    named: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()

    def __contains__(self, origin: str) -> bool:
        return origin not in self.excluded if self.named is None else origin in self.named


@dataclass(frozen=True, slots=True)
class Act:
    """What one act of law says of a measure's scope between two days."""

    citation: str
    """The order, proclamation or notice and its page in the Federal Register."""
    heading: str
    """Heading of chapter 99 under which the goods are entered."""
    known_from: date
    """Signature of an order or proclamation, publication of a notice."""
    applies_from: date
    applies_until: date | None
    """First day on which it no longer applies; None while open."""
    treatment: Treatment
    rate_pct: float
    """Percent of customs value: added, or the total that a ceiling tops up to, or the new ordinary rate; NaN where
    the goods may not be imported or the duty is in USD a unit."""
    exempting: bool = True
    """False where the act ends an exemption."""
    origins: Origins = Origins()
    why: str = ""
    note: str = ""
    """Conditions that are not modelled, and where sources disagree."""
    usd: float = math.nan
    """USD a unit: the price that a ``minimum`` tops the value up to, or a ``specific`` duty."""
    unit: str = ""
    """Unit of quantity of these."""

    @property
    def priced(self) -> bool:
        """Whether value and quantity are needed to say what it puts on goods."""
        return self.treatment in ("minimum", "specific")

    def covers(self, on: date, origin: str) -> bool:
        """Return whether the act says something about entries of ``origin`` on the day ``on``."""
        return (
            self.applies_from <= on
            and (self.applies_until is None or on < self.applies_until)
            and origin in self.origins
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """A scope of lines and origins and the acts that govern it."""

    id: str
    authority: str
    group: str
    """What stacking rules and exemptions call it."""
    lists: tuple[str, ...]
    """Scope lists in ``data/lists``; ``all`` is chapters 1 to 97."""
    except_lists: tuple[str, ...]
    origins: Origins
    acts: tuple[Act, ...]
    why: str
    exempts: tuple[str, ...] = ()
    """Groups that an ``exempt`` measure relieves of duty."""
    claim: str | None = None
    """What decides whether it applies: usmca, aircraft, list (goods of the list among others of its lines), listed
    (the same, of an exemption of the goods on which a list puts a duty), preference (a claim under the origin's
    agreement; the list's share in averages), or us-content (the share of value that is stated to be of the United
    States)."""
    claim_times: float = 1.0
    us_content: tuple[float, float] | None = None
    """The least US content that frees goods and the most that counts, shares of value, where a claim frees no more
    than that; ``claim_times`` is the content taken where nobody states it."""
    content: str | None = None
    """The metal on whose share of the value the duty falls."""
    contested: bool = False
    """True where sources read the law differently: the answer is then a range."""

    def act(self, on: date, known: date, origin: str) -> Act | None:
        """Return the act that governs entries on ``on`` as the law was known on ``known``."""
        if origin not in self.origins:
            return None
        covering = [act for act in self.acts if act.known_from <= known and act.covers(on, origin)]
        # Of two parts of one act (10% from 5 April, the country rate from 9 April) the later one holds;
        # of two that begin together (34%, of which 24 points are suspended) the one written last.
        return max(reversed(covering), key=lambda act: (act.known_from, act.applies_from), default=None)

    def turns(self, known: date, origin: str) -> list[date]:
        """Return the days on which acts known on ``known`` begin or end for ``origin``, in order."""
        acts = [act for act in self.acts if act.known_from <= known and origin in act.origins]
        return sorted({day for act in acts for day in (act.applies_from, act.applies_until) if day})

    def until(self, act: Act, on: date, known: date, origin: str) -> date | None:
        """Return the first day after ``on`` that ``act`` no longer governs, as known on ``known``."""
        later = (turn for turn in self.turns(known, origin) if turn > on)
        return next((turn for turn in later if self.act(turn, known, origin) is not act), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """Goods that pay a duty of the groups ``when`` do not pay the duties of the groups ``excludes``."""

    id: str
    when: tuple[str, ...]
    excludes: tuple[str, ...]
    part: Literal["whole", "content"]
    """``whole``: the article leaves the other duty whole; ``content``: only its dutiable content does."""
    applies_from: date
    known_from: date
    citation: str
    why: str
    heading: str = ""
    """Heading of chapter 99 that names the goods left out; empty where none does."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Terms that hold in place of those of the measures named where a fact is so that nobody states."""

    fact: str
    """Conditions of one fact exclude each other, those of different facts combine."""
    measures: frozenset[str]
    """Ids of the duties whose terms these take the place of."""
    terms: Measure
    """Its id, lines, origins and acts; an act that exempts takes the duty away."""
    share: float = 0.0
    """Of the trade concerned, what is taken to be so in averages."""


@dataclass(frozen=True, slots=True)
class Law:
    """The measures and the stacking rules of one importer."""

    measures: tuple[Measure, ...]
    rules: tuple[Rule, ...]
    conditions: tuple[Condition, ...] = ()

    def in_force(self, origin: str, on: date, known: date) -> list[tuple[Measure, Act]]:
        """Return the measures that bear on ``origin`` on the day ``on``, with the act that governs each."""
        found = []
        for measure in self.measures:
            act = measure.act(on, known, origin)
            if act is not None and act.exempting:
                found.append((measure, act))
        return found

    def rules_of(self, on: date, known: date) -> list[Rule]:
        """Return the stacking rules of the day ``on`` as known on ``known``, in the order of their names."""
        chosen: dict[str, Rule | None] = {}
        for rule in self.rules:
            rival = chosen.setdefault(rule.id, None)
            if (
                rule.known_from <= known
                and rule.applies_from <= on
                and (rival is None or rule.known_from >= rival.known_from)
            ):
                chosen[rule.id] = rule
        return [rule for rule in chosen.values() if rule is not None]


def override(law: Law, rates: Mapping[str, float]) -> Law:
    """Return ``law`` with the rate of the named measures replaced by ``rates`` (percent), at every date.

    Raises:
        BadInput: a name is no measure, is an exemption, or its rate is negative or not a number.
    """
    check_rates(law, rates)

    def changed(measure: Measure) -> Measure:
        if measure.id not in rates:
            return measure
        return replace(measure, acts=tuple(replace(act, rate_pct=float(rates[measure.id])) for act in measure.acts))

    return replace(law, measures=tuple(changed(measure) for measure in law.measures))


def check_rates(law: Law, rates: Mapping[str, float]) -> None:
    """Check that the named measures of ``law`` can have these ``rates``, in percent.

    Raises:
        BadInput: as :func:`override`.
    """
    from tradetalks.ground.errors import BadInput, did_you_mean

    known = {measure.id: measure for measure in law.measures}
    for name, rate in rates.items():
        if name not in known:
            raise BadInput(f"rates: there is no measure {name!r}{did_you_mean(name, known)}")
        if known[name].exempts:
            raise BadInput(f"rates: {name} is an exemption and has no rate")
        if any(act.treatment in _NO_RATE for act in known[name].acts):
            raise BadInput(f"rates: {name} has no rate in percent")
        if not 0 <= rate < float("inf"):
            raise BadInput(f"rates: {name} must have a rate of zero or more percent, not {rate}")


def origin_key(iso3: str) -> str:
    """Return the name by which the law knows an origin: ``EU`` for a member state, else its ISO3 code."""
    return "EU" if iso3 in EU27 else iso3


def _origins(spec: Mapping[str, Any] | None, tables: Mapping[str, Iterable[str]]) -> Origins:
    if not spec:
        return Origins()
    if "only" in spec:
        return Origins(named=frozenset(spec["only"]))
    group = tables[spec["not_in"]] if "not_in" in spec else ()
    return Origins(excluded=frozenset(spec.get("not", ())) | frozenset(group))


_ACT = {
    "add",
    "ceiling",
    "replace",
    "exempt",
    "prohibit",
    "minimum",
    "specific",
    "unit",
    "else",
    "from",
    "until",
    "known",
    "citation",
    "heading",
    "origins",
    "why",
    "note",
}


_RULE = {"id", "if", "not", "part", "from", "known", "citation", "heading", "why"}


def _check_words(spec: Mapping[str, Any], known: set[str]) -> None:
    """Raise ValueError where ``spec`` has other words than ``known``: a text cut at a comma makes such."""
    if strange := spec.keys() - known:
        raise ValueError(f"measures.yaml: {sorted(map(str, strange))} in {spec['citation']}; quote text with commas")


def _rule(spec: Mapping[str, Any]) -> Rule:
    _check_words(spec, _RULE)
    return Rule(
        id=spec["id"],
        when=tuple(spec["if"]),
        excludes=tuple(spec["not"]),
        part=spec["part"],
        applies_from=spec["from"],
        known_from=spec["known"],
        citation=spec["citation"],
        why=spec["why"],
        heading=str(spec.get("heading", "")),
    )


def _act(spec: Mapping[str, Any], row: Mapping[str, str]) -> Act | None:
    """Return the act of ``spec``; a rate or heading may name a column of the country's ``row``."""
    _check_words(spec, _ACT)
    treatment: Treatment = next(word for word in get_args(Treatment) if word in spec)
    value = spec[treatment]
    heading = str(spec.get("heading", ""))
    if isinstance(value, str):
        value = row[value] or spec.get("else")
        heading = row[heading] or "9903.01.25"
        if value is None:
            return None
    return Act(
        citation=spec["citation"],
        heading=heading,
        known_from=spec["known"],
        applies_from=spec["from"],
        applies_until=spec.get("until"),
        treatment=treatment,
        rate_pct=0.0 if treatment == "exempt" else math.nan if treatment in _NO_RATE else float(value),
        exempting=value is not False,
        origins=_origins(spec.get("origins"), {}),
        why=spec.get("why", ""),
        note=spec.get("note", ""),
        usd=float(value) if treatment in ("minimum", "specific") else math.nan,
        unit=spec.get("unit", ""),
    )


def _measure(spec: Mapping[str, Any], row: Mapping[str, str], tables: Mapping[str, Iterable[str]]) -> Measure:
    origin = row.get("origin", "")
    name = origin if origin in ("", "EU") else COUNTRIES[origin].iso2
    made = (_act(act, row) for act in spec["acts"])
    return Measure(
        id=spec["id"].replace("{origin}", name.lower()),
        authority=spec["authority"],
        group=spec.get("group", spec["id"]),
        lists=tuple(spec["lines"]),
        except_lists=tuple(spec.get("except_lines", ())),
        origins=Origins(named=frozenset({origin})) if origin else _origins(spec.get("origins"), tables),
        acts=tuple(act for act in made if act is not None),
        why=spec["why"],
        exempts=tuple(spec.get("exempts", ())),
        claim=spec.get("claim"),
        claim_times=float(spec.get("claim_times", 1.0)),
        us_content=tuple(spec["us_content"]) if "us_content" in spec else None,
        content=spec.get("content"),
        contested=spec.get("contested", False),
    )


def _table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of countries: origin, and rates (percent) and headings, or the group it is of."""
    text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _amend(specs: list[dict[str, Any]], amendments: Iterable[Mapping[str, Any]]) -> None:
    """Add the acts of later law to the measures they name; ``*`` stands for any text, of duties only."""
    for amendment in amendments:
        for name in amendment["measures"]:
            found = [
                spec
                for spec in specs
                if spec["id"] == name or (not spec.get("exempts") and fnmatchcase(spec["id"], name))
            ]
            if not found:
                raise ValueError(f"law: an amendment names {name!r}, which is no measure")
            for spec in found:
                spec["acts"] = [*spec["acts"], *amendment["acts"]]


@cache
def us_law() -> Law:
    """Return the law of the United States: ``data/measures.yaml``, the later law that amends it, conditions."""
    specs: list[dict[str, Any]] = []
    stacking: list[dict[str, Any]] = []
    for name in ("measures.yaml", "measures_later.yaml"):
        spec = parse_yaml((DATA / name).read_text(encoding="utf-8"), f"law/data/{name}")
        _amend(specs, spec.get("amendments", ()))
        specs += spec["measures"]
        stacking += spec["stacking"]
    tables: dict[str, list[str]] = {"country_rates": [row["origin"] for row in _table("country_rates")]}
    for row in _table("origin_groups"):
        tables.setdefault(row["group"], []).append(row["origin"])
    measures = [
        _measure(spec, row, tables) for spec in specs for row in (_table(spec["each"]) if "each" in spec else [{}])
    ]
    return Law(tuple(measures), tuple(map(_rule, stacking)), _conditions(measures, tables))


def _conditions(measures: Sequence[Measure], tables: Mapping[str, Iterable[str]]) -> tuple[Condition, ...]:
    """Return the conditions; they name measures as ``data/measures.yaml`` writes them, or by their own ids."""
    made = []
    text = (DATA / "conditions.yaml").read_text(encoding="utf-8")
    for spec in parse_yaml(text, "law/data/conditions.yaml")["conditions"]:
        named = set()
        for name in spec["measures"]:
            pattern = name.replace("{origin}", "[a-z][a-z]")
            found = {one.id for one in measures if not one.exempts and fnmatchcase(one.id, pattern)}
            if not found:
                raise ValueError(f"law: the condition {spec['id']} names {name!r}, which is no duty")
            named |= found
        terms = _measure({"authority": "", "lines": ["all"], **spec}, {}, tables)
        made.append(Condition(spec["fact"], frozenset(named), terms, float(spec.get("share", 0.0))))
    return tuple(made)
