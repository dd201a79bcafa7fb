"""What the tests of deals and offers share: a case small enough to solve in full, and wants that are given."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.files import parse_yaml
from tradetalks.talks.deals.acceptance import Table
from tradetalks.talks.deals.space import space_of
from tradetalks.talks.deals.valued import surrogate_of
from tradetalks.talks.stakes import case_reference
from tradetalks.value.case import Case, load_case
from tradetalks.value.constraints import limits
from tradetalks.value.valuation import Valuation

Floats = NDArray[np.float64]
DRAWS = 24

CASE = """
schema: 1
name: small
title: A small case
parties: [JPN, USA]
seat: JPN
as_of: 2025-04-20
deadline: 2025-07-09
no_deal:
  - {outcome: snap-back, probability: 0.75}
  - {outcome: extension, probability: 0.25}
terms:
  - {id: ten, tariff: {importer: USA, exporter: JPN, measure: ieepa-reciprocal, rate: 10}}
  - {id: none, tariff: {importer: USA, exporter: JPN, measure: ieepa-reciprocal, rate: 0}}
  - {id: cars, tariff: {importer: USA, exporter: JPN, lines: ["8703"], total: 15}}
  - {id: parts, tariff: {importer: USA, exporter: JPN, measure: s232-auto-parts, rate: 0}}
  - {id: gas, purchases: {buyer: JPN, seller: USA, sector: B06, amount_usd_bn: 8}}
  - {id: funds, investment: {from: JPN, to: USA, sector: C29, amount_usd_bn: 100, years: 5}}
packages:
  - {id: exchange, terms: [ten, cars, gas]}
  - {id: gift, terms: [gas, funds]}
"""


@dataclass(frozen=True)
class Given:
    """Wants that are set by hand; the same names as :class:`tradetalks.talks.wants.posterior.Wants`."""

    party: str
    issues: tuple[str, ...]
    weights: Floats
    reservation: Floats
    noise: Floats
    unlisted: float = 0.4

    def weighted(self, stakes: Any) -> Floats:
        return np.asarray(self.weights @ np.array([stakes.get(issue, 0.0) for issue in self.issues]))

    def acceptance(self, economic: Any, stakes: Any) -> Floats:
        return np.asarray(1.0 / (1.0 + np.exp(-(economic + self.weighted(stakes) - self.reservation) / self.noise)))


def given(party: str, seed: int, **means: float) -> Given:
    """Wants spread round ``means`` (issue -> billion dollars a unit)."""
    rng = np.random.default_rng(seed)
    centre = np.array(list(means.values()))
    weights = centre * np.exp(0.5 * rng.standard_normal((DRAWS, len(centre))))
    return Given(party, tuple(means), weights, rng.normal(0.2, 0.5, DRAWS), np.exp(rng.normal(0.0, 0.3, DRAWS)))


@cache
def case() -> Case:
    """The small case, without limits."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "case.yaml").write_text(CASE, encoding="utf-8")
        return replace(load_case(folder), folder=None)


@cache
def table() -> Table:
    """The table of the small case; shared by all tests of the session."""
    of = case()
    space = space_of(of)
    valuation = Valuation(of, draws=DRAWS)
    surrogate, solved = surrogate_of(valuation, space)
    japan = given("JPN", 1, tariffs=0.5, cars=1.0, energy=0.3, investment=1.0)
    america = given("USA", 2, tariffs=0.2, cars=0.4, energy=3.0, investment=1.5)
    both: Any = (japan, america)
    return Table(valuation, space, surrogate, both, case_reference(of.deadline, of.as_of), solved)


def limited(text: str) -> Table:
    """The same table where the case has the limits of ``text`` (the YAML of ``constraints``)."""
    of, free = case(), table()
    own = limits(parse_yaml(text, "limits"), of.parties, [term.id for term in of.terms], "constraints")
    valuation = copy(free.valuation)  # what is solved stays solved: limits change no equilibrium
    valuation.case = replace(of, constraints=own)
    space = space_of(valuation.case)
    surrogate, solved = surrogate_of(valuation, space)
    return Table(valuation, space, surrogate, free.whole, free.reference, solved)


def every(of: Table) -> NDArray[np.intp]:
    """Every choice of levels."""
    return np.array(list(product(*(range(n) for n in of.surrogate.levels))), dtype=np.intp)
