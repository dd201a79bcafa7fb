"""Deficits fixed in units of world GDP (Caliendo & Parro 2015, section 2.4)."""

from tradetalks.model.system import Array, Base


def fixed(base: Base, labour_income: Array, given: Array) -> Array:
    """Return the base deficits: world labour income is the numeraire, so they do not move."""
    return base.deficit
