"""Deficits fixed as a share of each region's own value added, made to sum to zero."""

from tradetalks.model.system import Array, Base


def own_gdp(base: Base, labour_income: Array, given: Array) -> Array:
    """Return deficits that move with own value added.

    What is left over in the world is spread by value added, so that each region's ratio to its
    own value added moves by the same number of points.
    """
    unbalanced = base.deficit * labour_income / base.labour_income
    return unbalanced - unbalanced.sum() * labour_income / labour_income.sum()
