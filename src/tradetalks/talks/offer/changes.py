"""What to do with each other way to settle one factor of the best offer: keep back, refuse or ask."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tradetalks.talks.deals.shapes import Change, TermAdvice
from tradetalks.talks.offer.desk import NOTHING_USD_BN, Desk


def changes(desk: Desk, best: int) -> dict[str, list[TermAdvice]]:
    """Return what to do with each other way to settle one factor, the rest of the best offer as it is."""
    table, seat = desk.table, desk.seat
    base, at = desk.judged[best], desk.choices[best]
    advice: dict[str, list[TermAdvice]] = {"keep back": [], "refuse": [], "ask": []}
    for f, factor in enumerate(table.space.factors):
        held = factor.levels[at[f]]
        for level, terms in enumerate(factor.levels):
            if level == at[f]:
                continue
            choice = np.array(at)
            choice[f] = level
            changed = table.judged(table.space.package(choice), choice=tuple(map(int, choice)))
            own, other = (float(changed.expected[p] - base.expected[p]) for p in (seat, 1 - seat))
            what, why = _verdict(own, other, changed.refused)
            # A demand may be dropped as a concession; a concession that the offer makes is there to be made.
            if what is None or (not terms and what != "keep back"):
                continue
            change: Change = "add" if not held else "replace" if terms else "drop"
            advice[what].append(
                TermAdvice(
                    terms=tuple(term.id for term in terms or held),
                    title="; ".join(term.title for term in terms or held),
                    change=change,
                    own_usd_bn=own,
                    other_usd_bn=other,
                    accepts=float(changed.accepted[:, 1 - seat].mean()),
                    why=why,
                )
            )
    return advice


def _verdict(own: float, other: float, refused: Mapping[str, tuple[str, ...]]) -> tuple[str | None, str]:
    """Return what to do with a change of the best offer, and why."""
    limits = [f"{party}: {reason}" for party, reasons in refused.items() for reason in reasons]
    if limits:
        return "refuse", f"it cannot be ratified ({'; '.join(limits)})"
    if own > NOTHING_USD_BN:
        return (
            "ask",
            "it would be a gain, and the other side would lose by it" if other < 0 else "both would gain by it",
        )
    if own < -NOTHING_USD_BN:
        if other > -own:
            return "keep back", f"each billion that it costs brings the other side {other / -own:.2f}"
        if other > 0:
            return "refuse", f"each billion that it costs brings the other side only {other / -own:.2f}"
        return "refuse", "both would lose by it"
    return None, ""
