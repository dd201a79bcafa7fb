"""What the commands ``tradetalks law ...`` print as JSON: what they found, and what it was read from."""

from __future__ import annotations

from datetime import date

from tradetalks.law.changes import Diff, InForce
from tradetalks.law.compare import Compared
from tradetalks.law.provenance import LawAnswer
from tradetalks.law.search import Hit


class DiffAnswer(Diff, LawAnswer):
    """What ``tradetalks law diff --json`` prints."""


class MeasuresAnswer(LawAnswer):
    """What ``tradetalks law list --json`` prints."""

    on: date
    origin: str | None
    measures: tuple[InForce, ...]


class CompareAnswer(LawAnswer):
    """What ``tradetalks law compare --json`` prints."""

    rows: tuple[Compared, ...]


class SearchAnswer(LawAnswer):
    """What ``tradetalks law search --json`` prints."""

    asked: str
    on: date
    hits: tuple[Hit, ...]
