"""What happens to deficits: one file a closure, each a pure function of the new wages.

Every closure has the signature of :data:`tradetalks.model.system.Closure`:
``(base, labour_income [n], given [n]) -> deficits [n]``, all in base currency with world labour
income held constant (the numeraire), and every result sums to zero over regions.
"""

from __future__ import annotations

import jax.numpy as jnp

from tradetalks.model.closures.fixed import fixed
from tradetalks.model.closures.given import given
from tradetalks.model.closures.own_gdp import own_gdp
from tradetalks.model.closures.zero import zero
from tradetalks.model.system import Array, Base, Closure

CLOSURES: dict[str, Closure] = {"fixed": fixed, "own-gdp": own_gdp, "zero": zero, "given": given}

#: The position of each, by which compiled programs know it.
NUMBERS: dict[str, int] = {name: number for number, name in enumerate(CLOSURES)}


def closed_by(number: Array) -> Closure:
    """Return the closure of that ``NUMBERS``.

    All are taken and one is chosen, since that is nothing beside compiling the solver for each.
    """

    def closure(base: Base, labour_income: Array, given: Array) -> Array:
        return jnp.stack([rule(base, labour_income, given) for rule in CLOSURES.values()])[number]

    return closure


__all__ = ["CLOSURES", "NUMBERS", "closed_by", "fixed", "given", "own_gdp", "zero"]
