"""The whole brief as a document, composed from its parts."""

from __future__ import annotations

from tradetalks.brief.briefing import Briefing
from tradetalks.brief.document import Document
from tradetalks.brief.sections.changed import changed
from tradetalks.brief.sections.deals import packages
from tradetalks.brief.sections.doubt import doubt
from tradetalks.brief.sections.front import front
from tradetalks.brief.sections.ground import ground
from tradetalks.brief.sections.leverage import leverage
from tradetalks.brief.sections.record import record
from tradetalks.brief.sections.stand import stand
from tradetalks.brief.sections.wants import wants
from tradetalks.brief.sections.worth import terms
from tradetalks.brief.words import long_date, name, nation


def document(briefing: Briefing) -> Document:
    """Return ``briefing`` as a document: the first page, then a section a question."""
    parts = [
        *([changed(briefing)] if briefing.changed is not None else []),
        stand(briefing),
        leverage(briefing),
        terms(briefing),
        *([wants(briefing)] if briefing.negotiation is not None else []),
        *([] if briefing.shared else [packages(briefing)]),
        doubt(briefing),
        record(briefing),
        ground(briefing),
    ]
    base = briefing.packages[0]
    shared = "shared version: without own weights, limits, reserve and private entries"
    return Document(
        title=briefing.title,
        subtitle=f"Brief for {nation(briefing.seat)}" + (f" ({shared})" if briefing.shared else ""),
        marking=briefing.marking,
        facts=(
            ("Seen from", name(briefing.seat)),
            ("Opposite", name(briefing.other)),
            ("As of", long_date(briefing.as_of)),
            ("Deadline", long_date(briefing.deadline)),
            ("Days left", str(briefing.days_left)),
        ),
        front=front(briefing),
        sections=tuple(parts),
        command=briefing.command,
        colophon=(
            ("tradetalks", base.meta.version),
            ("Case", briefing.name),
            *((("Case hash", briefing.hash),) if briefing.hash else ()),
            ("Seed", str(briefing.seed)),
            ("Draws", str(base.draws)),
            ("Known through", long_date(base.meta.known_through or briefing.as_of)),
        ),
        version=base.meta.version,
    )
