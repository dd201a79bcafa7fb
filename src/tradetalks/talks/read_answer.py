"""What reading a document gives: proposals for the record, and the facts it names, checked."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from tradetalks.ground.answer import Meta
from tradetalks.record.reader.proposals import Day, Proposal, Quantity
from tradetalks.talks.article_check import Checked


class ReadAnswer(BaseModel):
    """What ``tradetalks read --json`` prints."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    meta: Meta
    document: str
    """The file, or standard input."""
    kind: str
    """text, html, pdf or docx."""
    published: date
    """The day against which dates are resolved."""
    characters: int
    """Length of the text that all offsets count."""
    proposals: tuple[Proposal, ...]
    """What could enter the record; nothing has."""
    facts: tuple[Checked, ...]
    """Tariffs, deadlines and holdings that the document names, checked."""
    quantities: tuple[Quantity, ...]
    """Every percentage, sum and count of goods."""
    days: tuple[Day, ...]
    """Every date."""
