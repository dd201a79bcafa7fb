"""What happens to deficits: one file a closure, each a pure function of the new wages.

Every closure has the signature of :data:`tradetalks.model.system.Closure`:
``(base, labour_income [n], given [n]) -> deficits [n]``, all in base currency with world labour
income held constant (the numeraire), and every result sums to zero over regions.
"""

from __future__ import annotations

from tradetalks.model.closures.fixed import fixed
from tradetalks.model.closures.given import given
from tradetalks.model.closures.own_gdp import own_gdp
from tradetalks.model.closures.zero import zero
from tradetalks.model.system import Closure

CLOSURES: dict[str, Closure] = {"fixed": fixed, "own-gdp": own_gdp, "zero": zero, "given": given}

__all__ = ["CLOSURES", "fixed", "given", "own_gdp", "zero"]
