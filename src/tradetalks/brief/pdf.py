"""The brief as PDF, set by Typst: no browser and no library of the system, with the fonts that Typst carries.

The template reads the document as JSON. What stands there is text to it and never markup, so that words of a record
stay words.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tradetalks.brief.briefing import Briefing
from tradetalks.brief.compose import document
from tradetalks.brief.document import Block, Clock, Document, Figures, Picture, Table
from tradetalks.brief.words import long_date, name

#: The fonts of the charts are those of the page; in the PDF they are Typst's own.
_FONT = re.compile(r"font-family=\"[^\"]*\"")


def pdf(briefing: Briefing) -> bytes:
    """Return the brief as PDF, tagged for readers of the screen. The same briefing gives the same bytes."""
    return render(document(briefing), briefing)


def render(brief: Document, briefing: Briefing) -> bytes:
    """Return a document as PDF."""
    import typst

    with TemporaryDirectory(prefix="tradetalks-") as folder:
        root = Path(folder)
        content = _content(brief, root)
        (root / "brief.json").write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
        template = (files("tradetalks.brief") / "brief.typ").read_text(encoding="utf-8")
        (root / "brief.typ").write_text(template, encoding="utf-8")
        day = briefing.as_of
        stamp = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        made = typst.compile(root / "brief.typ", root=root, ignore_system_fonts=True, format="pdf", timestamp=stamp)
    assert isinstance(made, bytes)
    return made


def _content(brief: Document, root: Path) -> dict[str, Any]:
    """Return ``brief`` as the template reads it; its charts are written into ``root``."""
    drawn = 0

    def picture(one: Picture) -> dict[str, str]:
        nonlocal drawn
        drawn += 1
        file = f"chart-{drawn}.svg"
        svg = _FONT.sub('font-family="Libertinus Serif"', one.svg)
        (root / file).write_text(svg, encoding="utf-8")
        return {"file": file, "title": one.title, "alt": f"{one.title}. {one.description}"}

    def block(one: Block) -> dict[str, Any]:
        fields: dict[str, Any] = {} if isinstance(one, Figures | Clock) else asdict(one)
        fields["block"] = type(one).__name__.lower()
        if isinstance(one, Table):
            fields["slim"] = one.slim
        if isinstance(one, Figures):
            fields["pictures"] = [picture(each) for each in one.pictures]
        if isinstance(one, Clock):
            fields["stops"] = [{**asdict(stop), "on": long_date(stop.on)} for stop in one.stops]
        return fields

    front = brief.front
    return {
        **{field: getattr(brief, field) for field in ("title", "subtitle", "marking", "command", "version")},
        "facts": brief.facts,
        "colophon": brief.colophon,
        "front": {
            "sentences": front.sentences,
            "picture": picture(front.picture),
            "note": front.note,
            "recommendation": front.recommendation,
            "draft": front.draft,
            "seat": name(front.seat),
            "other": name(front.other),
        },
        "sections": [
            {"title": section.title, "blocks": [block(one) for one in section.blocks]} for section in brief.sections
        ],
    }
