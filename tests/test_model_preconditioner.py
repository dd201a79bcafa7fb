"""The first-order response of the base, which guides the solver: it must be about right, and it must help."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from small_world import small_accounts
from tradetalks.model import Economy
from tradetalks.model.closures import NUMBERS
from tradetalks.model.equilibrium import excess, flatten, solve, unflatten
from tradetalks.model.system import Change, State, shock


@pytest.fixture(params=[False, True], ids=["full", "absent cells"])
def economy(request: pytest.FixtureRequest) -> Economy:
    return Economy(**small_accounts(regions=5, sectors=4, absent=request.param))


def test_the_step_undoes_a_small_move_of_wages(economy: Economy) -> None:
    """Move wages, and prices and spending as the response says: goods markets hardly notice, wages go back."""
    base, near = economy._base, economy._near
    wage = 1e-4 * np.random.default_rng(2).standard_normal(5)
    price, spending = np.asarray(near.by_wage @ jnp.asarray(wage)).reshape(2, 4, 5)
    new = shock(base, Change(base.gross, jnp.ones_like(base.gross)))
    moved = flatten(State(jnp.asarray(wage), jnp.asarray(price), jnp.asarray(spending)))
    gap = unflatten(excess(moved, new, base, NUMBERS["fixed"], base.deficit)[0], base)
    present = np.asarray(base.spending) > 0
    assert np.abs(np.asarray(gap.price))[present].max() < 0.01 * np.abs(wage).max()
    assert np.abs(np.asarray(gap.spending))[present].max() < 0.02 * np.abs(wage).max()
    np.testing.assert_allclose(near.wage @ gap.wage, -wage, atol=0.02 * np.abs(wage).max())


def test_it_saves_most_of_the_steps(economy: Economy) -> None:
    base = economy._base
    gross = np.asarray(base.gross) * 1.1
    new = Change(gross, np.ones_like(gross))
    steps = [
        int(solve(base, near, new, base.deficit, economy._origin, NUMBERS["fixed"]).iterations)
        for near in (economy._near, None)
    ]
    assert steps[0] < 0.6 * steps[1]
