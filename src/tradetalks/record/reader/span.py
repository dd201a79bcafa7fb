"""The place of a piece of text in its document."""

from __future__ import annotations

from tradetalks.ground.fields import Strict


class Span(Strict):
    """Characters ``start`` to ``end`` (exclusive) of the document's text, and what stands there."""

    start: int
    end: int
    text: str


def span(text: str, start: int, end: int) -> Span:
    """Return the span of ``text`` between two offsets, without blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end, text=text[start:end])
