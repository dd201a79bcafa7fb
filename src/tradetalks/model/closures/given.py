"""Deficits as the caller gives them: the transfer problem (Dekle, Eaton & Kortum 2008)."""

from tradetalks.model.system import Array, Base


def given(base: Base, labour_income: Array, given: Array) -> Array:
    """Return ``given``, base currency with world labour income as numeraire."""
    return given
