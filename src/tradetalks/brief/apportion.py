"""How many draws it takes to tell the causes of doubt apart."""

from __future__ import annotations

from tradetalks.value.package import Package
from tradetalks.value.valuation import Valuation


def fewest(valuation: Valuation, package: Package) -> int:
    """Return the fewest draws from which the doubt about ``package`` can be apportioned to its causes.

    The regression behind the shares (:func:`tradetalks.value.variance.first_order`) needs more than three draws for
    each coefficient. Counted are the inputs that vary: those of the world, and the assumptions that the package uses.
    """
    from tradetalks.value.variance import DEGREE

    used = {name for term in package.terms for name in term.body.assumptions}
    inputs = valuation.uncertain.columns.items()
    varied = sum(
        1 for name, draws in inputs if (name in used or name not in valuation.figures) and draws.min() < draws.max()
    )
    return 3 * DEGREE * max(varied, 1) + 1
