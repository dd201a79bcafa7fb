"""One entry of the record: who said or did what, when, and since when that is public."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

#: What an entry can be. ``demand`` asks for a concession, ``ask`` for relief from a measure or for an
#: answer; ``offer`` puts something on the table; ``signal`` hints; ``act`` is a measure taken or a
#: signature given; ``report`` is what a third party says of the talks.
Act = Literal["demand", "ask", "offer", "refuse", "signal", "threat", "agree", "reject", "act", "report"]

#: How plainly the source states the entry; see the provenance of the shipped ledger for the rule.
Confidence = Literal["high", "medium", "low"]


class Entry(BaseModel):
    """One dated statement or move.

    Unknown is ``None``. An entry is never edited after it is shipped: a correction is a new entry,
    or an entry with the same ``id`` in a case's own record.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: str
    """Unique in a ledger."""
    date: datetime.date
    """The day it happened."""
    known_from: datetime.date
    """The first day it was public; a replay as of an earlier day does not see it."""
    who: str
    """The speaker or actor, as the source names them."""
    role: str | None = None
    """Their office on that day."""
    party: str
    """The government they stand for, ISO3, or ``both`` for a joint act."""
    act: Act
    """What kind of move it is."""
    issue: str
    """What it is about: a dotted word such as ``tariff.autos``."""
    position: str
    """The substance, in one sentence of ours."""
    amount: float | None = None
    """The figure named, if one was."""
    unit: str | None = None
    """What the figure counts."""
    attribution: str | None = None
    """How it was said: on record, readout, testimony, by unnamed sources ..."""
    confidence: Confidence | None = None
    """How plainly the source states it."""
    source: str
    """The publisher, as its site is called."""
    source_type: str | None = None
    """What kind of publisher: official, institution, press or aggregator."""
    url: str | None = None
    """Where to read it."""

    @model_validator(mode="after")
    def _consistent(self) -> Entry:
        if self.known_from < self.date:
            raise ValueError(f"known_from {self.known_from} is before the day it happened, {self.date}")
        if (self.amount is None) != (self.unit is None):
            raise ValueError("amount and unit stand together: give both or neither")
        if not self.id.strip() or not self.position.strip():
            raise ValueError("id and position must not be empty")
        return self
