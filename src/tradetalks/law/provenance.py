"""What every answer of the law says of itself: the editions it read and the two days through which they reach.

Light, so that commands may import it before they know what is asked.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from tradetalks.ground.answer import Meta


class LawAnswer(BaseModel):
    """The part that all answers of the law have."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    editions: tuple[str, ...]
    """What was read to answer, added editions included."""
    schedule_through: date
    """Last day whose schedule is known."""
    measures_through: date
    """Last day until which measures are verified."""
    meta: Meta


def provenance(as_of: date | None, known: date | None = None, warnings: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the fields of :class:`LawAnswer` for an answer about the law of a day."""
    from tradetalks.law.editions import editions, schedule_through
    from tradetalks.law.measure import MEASURES_THROUGH

    return {
        "editions": editions(),
        "schedule_through": schedule_through(),
        "measures_through": MEASURES_THROUGH,
        "meta": Meta(as_of=as_of, known_through=known, warnings=warnings),
    }
