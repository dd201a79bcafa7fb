"""Which of a few packages no other beats for both sides.

A package is efficient among those compared when no other gives each party at least as much and
one of them more (Pareto). It is individually rational when neither party is worse off than at no deal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Gains of both parties above no deal, in one unit.
Gains = Sequence[float]


def dominates(one: Gains, other: Gains) -> bool:
    """Return whether ``one`` gives every party at least as much as ``other``, and some party more."""
    pairs = list(zip(one, other, strict=True))
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)


def efficient(packages: Mapping[str, Gains]) -> tuple[str, ...]:
    """Return the names of the packages that no other dominates, in the order given."""
    return tuple(
        name
        for name, gains in packages.items()
        if not any(dominates(other, gains) for key, other in packages.items() if key != name)
    )


def rational(packages: Mapping[str, Gains]) -> tuple[str, ...]:
    """Return the names of the packages that leave neither party below no deal, in the order given."""
    return tuple(name for name, gains in packages.items() if all(gain >= 0 for gain in gains))
