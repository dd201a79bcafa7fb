"""The surrogate: exact where its assumption holds, blocks where terms act on each other, a core in full."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tradetalks.talks.deals import surrogate as module
from tradetalks.talks.deals.surrogate import Surrogate, blocks, core_of, summed

Floats = NDArray[np.float64]


def random(seed: int, levels: tuple[int, ...], size: float = 1.0, core: tuple[int, ...] = ()) -> Surrogate:
    rng = np.random.default_rng(seed)

    def nil(values: Floats) -> Floats:
        """Leaving a factor out adds nothing."""
        for axis in range(values.ndim - 1):
            values[(slice(None),) * axis + (0,)] = 0.0
        return values

    single = tuple(nil(rng.normal(size=(n, 2))) for n in levels)
    pair = {
        (f, g): size * nil(rng.normal(size=(levels[f], levels[g], 2))) for f, g in combinations(range(len(levels)), 2)
    }
    residual = rng.normal(size=(*(levels[f] for f in core), 2)) if core else np.zeros(2)
    return Surrogate(single, pair, core, residual)


def every(levels: tuple[int, ...]) -> NDArray[np.intp]:
    return np.array(list(product(*(range(n) for n in levels))), dtype=np.intp)


shapes = st.lists(st.integers(1, 4), min_size=1, max_size=5).map(tuple)


@given(shapes, st.integers(0, 999), st.booleans())
def test_a_listed_block_is_the_value_of_each_choice(levels: tuple[int, ...], seed: int, with_core: bool) -> None:
    core = tuple(range(min(3, len(levels)))) if with_core else ()
    one = random(seed, levels, core=core)
    np.testing.assert_allclose(one.listed(range(len(levels))), one.of(every(levels)), atol=1e-12)


@given(shapes, st.integers(0, 999))
def test_blocks_add(levels: tuple[int, ...], seed: int) -> None:
    one = random(seed, levels)
    cut = [tuple(range(0, len(levels), 2)), tuple(range(1, len(levels), 2))]
    cut = [block for block in cut if block]
    added = one.within(cut)
    choices = every(levels)
    total = np.zeros((len(choices), 2))
    for block in cut:
        at = np.ravel_multi_index(tuple(choices[:, f] for f in block), [levels[f] for f in block])
        total += added.listed(block)[at]
    np.testing.assert_allclose(total, added.of(choices), atol=1e-12)


@given(shapes, st.integers(0, 999))
def test_sums_run_with_the_last_factor_fastest(levels: tuple[int, ...], seed: int) -> None:
    single = random(seed, levels).single
    truth = [sum(own[level] for own, level in zip(single, choice, strict=True)) for choice in every(levels)]
    np.testing.assert_allclose(summed(single), truth, atol=1e-12)


def test_only_terms_that_act_on_each_other_are_joined() -> None:
    ten = np.array([[0.0, 0.0], [10.0, -10.0]])

    def extra(amount: float) -> Floats:
        return np.array([[[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, amount]]])

    pair = {(0, 1): extra(0.21), (0, 2): extra(0.19), (1, 2): extra(0.0), (2, 3): extra(-0.5), (0, 3): extra(0.0)}
    found, share = blocks(Surrogate((ten, ten, ten, ten), pair))
    assert found == ((0, 1), (2, 3))
    assert share == 0.02
    assert blocks(Surrogate((ten, ten, ten, ten), pair), [(1, 3)])[0] == ((0, 1, 2, 3),)


def test_the_smaller_term_decides() -> None:
    large, small = np.array([[0.0, 0.0], [10.0, 10.0]]), np.array([[0.0, 0.0], [0.1, 10.0]])
    extra = np.zeros((2, 2, 2))
    extra[1, 1, 0] = 0.005
    assert blocks(Surrogate((large, small), {(0, 1): extra}))[0] == ((0, 1),)
    assert blocks(Surrogate((large, large), {(0, 1): extra}))[0] == ((0,), (1,))


def test_dust_joins_nothing() -> None:
    nothing = np.zeros((2, 2))
    extra = np.zeros((2, 2, 2))
    extra[1, 1] = 1e-7
    assert blocks(Surrogate((nothing, nothing), {(0, 1): extra}))[0] == ((0,), (1,))


def test_blocks_too_large_to_list_are_cut_where_they_act_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 8)
    one = random(3, (2, 2, 2, 2, 2), size=0.5)
    found, share = blocks(one)
    assert max(len(block) for block in found) == 3
    assert share > 0.02


def test_the_core_is_the_strongest_that_can_be_solved() -> None:
    def extra(amount: float) -> Floats:
        return np.full((2, 2, 2), amount)

    pair = {(0, 1): extra(5.0), (1, 2): extra(-4.0), (3, 4): extra(0.1)}
    assert core_of(pair, [2, 2, 2, 2, 2]) == (0, 1, 2, 3, 4)
    assert core_of(pair, [4, 4, 4, 4, 4]) == (0, 1, 2)
    # Two alone are a pair, which is solved already.
    assert core_of({(0, 1): extra(5.0)}, [2, 2]) == ()


@given(st.integers(0, 500))
def test_a_core_makes_any_interplay_of_its_factors_exact(seed: int) -> None:
    levels = (2, 3, 2, 2)
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(*levels, 2))
    truth -= truth[0, 0, 0, 0]
    # Any value whatever of the first three; the fourth only adds.
    truth = truth[:, :, :, :1] + np.array([0.0, 1.5])[None, None, None, :, None]

    def at(**chosen: int) -> Floats:
        return np.asarray(truth[tuple(chosen.get(f"f{f}", 0) for f in range(4))])

    single = tuple(np.array([at(**{f"f{f}": k}) for k in range(n)]) for f, n in enumerate(levels))
    pair = {
        (f, g): np.array([[at(**{f"f{f}": a, f"f{g}": b}) - single[f][a] - single[g][b] for b in range(levels[g])]
                          for a in range(levels[f])])
        for f, g in combinations(range(4), 2)
    }  # fmt: skip
    sums = Surrogate(single, pair)
    inner = np.array([(*choice, 0) for choice in product(range(2), range(3), range(2))])
    residual = (truth[tuple(inner.T)] - sums.of(inner)).reshape(2, 3, 2, 2)
    choices = every(levels)
    found = Surrogate(single, pair, (0, 1, 2), residual).of(choices)
    np.testing.assert_allclose(found, truth[tuple(choices.T)], atol=1e-12)
