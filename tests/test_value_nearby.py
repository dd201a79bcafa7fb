"""Many packages at once: begun near each other or in another process, and worth the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradetalks.value.draws import NEAR_TARGET
from tradetalks.value.measures import MEASURES, NET_USD
from tradetalks.value.nearby import Place, Places, rounds
from tradetalks.value.package import Package, Term, inline, package_of
from tradetalks.value.valuation import Valuation
from value_world import Floats, shipped, valuation

#: A duty, a rule and two purchases: together they act on each other.
TERMS = tuple(
    inline(text)
    for text in (
        "tariff:USA<JPN:C29=15",
        "standards:JPN<USA:C29",
        "purchases:JPN<USA:B06=6",
        "purchases:JPN<USA:A01=2",
    )
)
#: Ten thousand dollars: what clearing markets to 1e-9 leaves open of trade worth thousands of billions.
CLEARED = 1e-5

IMPORTS = MEASURES.index("imports_usd_bn")


def some() -> list[Package]:
    """Every single, two pairs, and all together."""
    car, rule, gas, farm = TERMS
    return [package_of(terms) for terms in ((car,), (rule,), (gas,), (farm,), (car, gas), (rule, farm), TERMS)]


def fresh(draws: int = 3) -> Valuation:
    """A valuation that has solved nothing; what it stands on is shared."""
    found = Valuation(replace(shipped()), draws=draws)
    found.__dict__.update({name: getattr(valuation(), name) for name in ("world", "baselines", "stage")})
    return found


def test_packages_begun_near_each_other_are_worth_what_each_is_alone() -> None:
    baseline = valuation().likeliest.name
    together = fresh().points(some(), baseline)
    for package, figures in zip(some(), together, strict=True):
        np.testing.assert_allclose(figures, valuation().point(package, baseline), rtol=1e-6, atol=CLEARED)


def test_a_start_that_misleads_costs_time_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Places, terms: frozenset[Term]) -> Place | None:
        cells = {cell: -3.9 for place in self._known.values() for cell in place.logs}
        return Place(self.origin.point + 2.0, cells) if len(terms) > 1 else None

    baseline = valuation().likeliest.name
    monkeypatch.setattr(Places, "sum", wrong)
    figures = fresh().points(some(), baseline)
    np.testing.assert_allclose(figures[-1], valuation().point(some()[-1], baseline), rtol=1e-6, atol=CLEARED)


def test_draws_begun_near_each_other_are_worth_what_each_is_alone() -> None:
    found, baseline = fresh(), valuation().likeliest
    found.draw(some(), [baseline])
    for package in some():
        near, alone = found.value_of_draws(package, baseline.name), found.drawn(package, baseline.name)
        assert near.shape == (4, 2, len(MEASURES))
        # What is bought may miss its target by a share of the increment, here 8 billion in all.
        bought = any(term.body.kind == "purchases" for term in package.terms)
        assert np.abs(near - alone)[..., IMPORTS].max() < (2 * NEAR_TARGET * 8.0 if bought else 1e-4)
        assert np.abs(near - alone)[..., NET_USD].max() < (NEAR_TARGET if bought else 1e-4)


def test_the_sum_of_terms_and_pairs_is_exact_where_nothing_else_acts() -> None:
    rng = np.random.default_rng(1)
    alone = {term: rng.normal(size=5) for term in TERMS}
    pair = {frozenset(TERMS[:2]): rng.normal(size=5), frozenset(TERMS[1:3]): rng.normal(size=5)}

    def truth(terms: frozenset[Term]) -> Floats:
        return np.ones(5) + sum(alone[t] for t in terms) + sum(x for two, x in pair.items() if two <= terms)

    cell = ((0, 1, 2),)
    places = Places(Place(np.ones(5), {}))
    for terms in [*map(frozenset, ([t] for t in TERMS)), *pair]:
        places.learn(frozenset(terms), Place(truth(frozenset(terms)), {cell: -0.1} if TERMS[2] in terms else {}))
    whole = places.sum(frozenset(TERMS))
    assert whole is not None
    np.testing.assert_allclose(whole.point, truth(frozenset(TERMS)))
    assert whole.logs[cell] == pytest.approx(-0.1)
    assert places.sum(frozenset(TERMS[:1])) is None
    assert places.sum(frozenset()) is None


def test_rounds_take_the_small_ones_first_and_each_once() -> None:
    packages = [frozenset(TERMS), frozenset(TERMS[:2]), frozenset(TERMS[:1]), frozenset(TERMS[1:3]), frozenset()]
    found = list(rounds(packages, 1))
    assert sorted(k for some in found for k in some) == list(range(5))
    sizes = [len(packages[k]) for some in found for k in some]
    assert sizes == sorted(sizes)
    assert [len(some) for some in rounds([frozenset(TERMS[:1])] * 5, 2)] == [2, 2, 1]
