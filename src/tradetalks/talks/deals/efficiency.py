"""When one package beats another for both sides.

A package dominates another when it gives each party at least as much and one of them more (Pareto). The frontier
of many packages is found by :mod:`tradetalks.talks.deals.frontier`.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Gains of both parties above no deal, in one unit.
Gains = Sequence[float]


def dominates(one: Gains, other: Gains) -> bool:
    """Return whether ``one`` gives every party at least as much as ``other``, and some party more."""
    pairs = list(zip(one, other, strict=True))
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)
