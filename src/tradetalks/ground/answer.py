"""What every JSON answer says about itself, so that a number can be remade and a replay trusted."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from tradetalks import __version__


class Meta(BaseModel):
    """The ``meta`` block of every JSON answer; ``None`` where the question has no such thing."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    version: str = __version__
    """The tradetalks that answered."""
    case: str | None = None
    """Name of the case."""
    as_of: date | None = None
    """The day whose law and economy the answer describes."""
    known_through: date | None = None
    """Nothing that became public after this day was used."""
    usd_year: int | None = None
    """The year whose prices the dollars are in."""
    seed: int | None = None
    """Seed of the random draws."""
    warnings: tuple[str, ...] = ()
    """What the reader must know before using the numbers."""
