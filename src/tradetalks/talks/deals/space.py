"""The packages that could be on the table: each factor at one of its levels.

Every term of a case is in or out. Terms that touch the same duties are levels of one factor and never in a deal
together: 15 percent on cars, or 2.5, or neither. A grid file may set the levels of a factor by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.concordance import concordance
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import read_yaml
from tradetalks.law.measure import us_law
from tradetalks.talks.deals.constraints import bought, forbidden
from tradetalks.value.case import Case
from tradetalks.value.package import Package, Term
from tradetalks.value.package import terms as read_terms
from tradetalks.value.terms import Currency, Securities, Tariff

#: Most levels of one factor.
MOST_LEVELS = 64

Level = tuple[Term, ...]
"""What is agreed on a factor; no terms where it is left out."""


@dataclass(frozen=True)
class Factor:
    """One thing that can be settled in several ways; the first level leaves it out, unless a red line forbids that."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, eq=False)
class Space:
    """All packages: one level of each factor."""

    factors: tuple[Factor, ...]
    left_out: tuple[tuple[Term, str], ...] = ()
    """Terms of the case that are in no package, and why."""

    @property
    def size(self) -> int:
        """How many packages there are."""
        return prod(len(factor.levels) for factor in self.factors)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term that some package holds, in the order of the factors."""
        found = (term for factor in self.factors for level in factor.levels for term in level)
        return tuple({term.id: term for term in found}.values())

    def package(self, choice: Sequence[int] | NDArray[np.intp]) -> Package:
        """Return the package of one level a factor."""
        inside = tuple(
            term for factor, level in zip(self.factors, choice, strict=True) for term in factor.levels[level]
        )
        title = "; ".join(term.title for term in inside) or "Nothing"
        return Package("+".join(term.id for term in inside) or "nothing", title, inside)

    def choice(self, package: Package) -> tuple[int, ...] | None:
        """Return the levels that make up ``package``, or ``None`` where no choice does."""
        wanted = {term.id for term in package.terms}
        found = []
        for factor in self.factors:
            ours = wanted & {term.id for level in factor.levels for term in level}
            hit = [k for k, level in enumerate(factor.levels) if {term.id for term in level} == ours]
            if not hit:
                return None
            found.append(hit[0])
            wanted -= ours
        return None if wanted else tuple(found)

    def costs(self, party: str) -> tuple[NDArray[np.float64], ...]:
        """Return, per factor, what ``party`` promises to buy at each level, billion dollars a year."""
        return tuple(
            np.array([sum(bought(term, party) for term in level) for level in factor.levels], dtype=float)
            for factor in self.factors
        )


def space_of(case: Case, grid: Mapping[str, Sequence[Term]] | None = None) -> Space:
    """Return the space of a case's terms, less those that a party's limits forbid.

    Args:
        case: the case.
        grid: factor -> the terms that are its levels, set by hand; the case's other terms as they are.

    Raises:
        BadInput: a term stands in two factors of the grid, or touches the same duties as one of another factor.
    """
    by_hand = {term.id: name for name, levels in (grid or {}).items() for term in levels}
    named = [term for levels in (grid or {}).values() for term in levels]
    twice = next((term.id for k, term in enumerate(named) if term.id in {one.id for one in named[:k]}), None)
    if twice:
        raise BadInput(f"levels: the term {twice!r} stands twice; keep it at one place")
    left_out, inside = [], []
    for term in (*named, *(term for term in case.terms if term.id not in by_hand)):
        reason = _no_offer(term) or forbidden(case, term)
        if reason:
            left_out.append((term, reason))
        else:
            inside.append(term)
    joined = {frozenset((a.id, b.id)) for a, b in combinations(inside, 2) if conflict(a, b)}
    groups: list[list[Term]] = []
    for term in inside:
        hits = [group for group in groups if any(_same(term, one, joined, by_hand) for one in group)]
        groups = [group for group in groups if group not in hits] + [[one for group in hits for one in group] + [term]]
    order = {term.id: place for place, term in enumerate(inside)}
    groups.sort(key=lambda group: min(order[term.id] for term in group))
    return Space(tuple(_factor(group, joined, by_hand) for group in groups), tuple(left_out))


def _no_offer(term: Term) -> str | None:
    if isinstance(term.body, Securities) and term.body.action == "sell":
        return "a sale of bonds is a threat, not a term of a deal"
    return None


def _same(one: Term, other: Term, joined: set[frozenset[str]], by_hand: Mapping[str, str]) -> bool:
    home = by_hand.get(one.id)
    if frozenset((one.id, other.id)) in joined:
        if home != by_hand.get(other.id):
            raise BadInput(
                f"levels: {one.id} and {other.id} touch the same duties and cannot be in different factors; "
                "name both under one"
            )
        return True
    return home is not None and home == by_hand.get(other.id)


def _factor(group: Sequence[Term], joined: set[frozenset[str]], by_hand: Mapping[str, str]) -> Factor:
    """Return the factor of terms that touch each other: its levels are the sets without a conflict."""
    name = by_hand.get(group[0].id)
    if name is not None:
        return Factor(name, ((), *((term,) for term in group)))
    levels: list[Level] = [()]
    for term in group:
        levels += [(*level, term) for level in levels if not any(frozenset((term.id, x.id)) in joined for x in level)]
        if len(levels) > MOST_LEVELS:
            raise BadInput(
                f"terms: {group[0].id} and the terms that touch the same duties can be combined in more than "
                f"{MOST_LEVELS} ways; name the levels you mean in a file (--levels)"
            )
    return Factor(" / ".join(term.id for term in group), tuple(sorted(levels, key=len)))


def conflict(one: Term, other: Term) -> bool:
    """Return whether two terms touch the same thing, so that a deal can hold only one of them.

    Duties conflict on the same lines, sector or measure; other terms where they are of one kind, between the same
    two countries and on the same sector (a purchase at two sizes), two clauses on one currency too.
    """
    a, b = one.body, other.body
    if isinstance(a, Tariff) and isinstance(b, Tariff):
        return (a.importer, a.exporter) == (b.importer, b.exporter) and _overlap(a, b)
    if isinstance(a, Currency) and isinstance(b, Currency):
        return a.party == b.party
    ends = [getattr(a, name) for name in a.ends] == [getattr(b, name, None) for name in a.ends]
    return a.kind == b.kind and ends and getattr(a, "sector", None) == getattr(b, "sector", None)


def _overlap(a: Tariff, b: Tariff) -> bool:
    if a.measure is not None or b.measure is not None:
        return a.measure is not None and b.measure is not None and bool(_measures(a) & _measures(b))
    if a.lines is not None and b.lines is not None:
        return any(x.startswith(y) or y.startswith(x) for x in a.lines for y in b.lines)
    if a.sector is not None and b.sector is not None:
        return a.sector == b.sector or "all" in (a.sector, b.sector)
    sector, lines = (a.sector, b.lines) if a.sector is not None else (b.sector, a.lines)
    return sector == "all" or any(sector in _sectors(line) for line in lines or ())


def _sectors(line: str) -> set[str]:
    """Return the sectors of the lines under an HTS prefix."""
    table = concordance()
    known = table["line"]
    return set(table.filter(known.str.starts_with(line))["sector"]) or {
        sector for code, sector in zip(known, table["sector"], strict=True) if line.startswith(code)
    }


def _measures(body: Tariff) -> set[str]:
    """Return the measures that the body's name stands for: its own, or all of a group."""
    hit = {m.id for m in us_law().measures if body.measure in (m.id, m.group)}
    return hit or {str(body.measure)}


def read_grid(path: Path, case: Case) -> dict[str, tuple[Term, ...]]:
    """Return the levels by hand in a YAML file: factor -> terms, by id of the case or written in a line.

    Raises:
        BadInput: the file cannot be read, is no such mapping, or a term in it is wrong.
    """
    entries: Any = read_yaml(path)
    if not isinstance(entries, dict) or not entries:
        raise BadInput(f"{path}: factors and their levels are needed, such as 'cars: [cars-15, cars-mfn]'")
    known = {term.id: term for term in case.terms}
    return {str(name): read_terms(levels, f"{path}: {name}", known) for name, levels in entries.items()}
