"""The history of a line: its whole duty on every day on which it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tradetalks.law.duty import line_duty
from tradetalks.law.measure import us_law
from tradetalks.law.panel import change_days

#: The first day of a history: the tariffs of the first months of 2025 and what went before are in it.
SINCE = date(2025, 1, 1)


@dataclass(frozen=True)
class Step:
    """The duty from a day until the next step."""

    since: date
    rate_pct: float | None
    parts: tuple[tuple[str, float | None], ...]
    """Authority and points of what applies."""


def history(line: str, origin: str, on: date, known: str | None = None) -> list[Step]:
    """Return the duty on ``line`` from the start of 2025 (or of the year of ``on``) through half a year after ``on``.

    Raises:
        BadInput: as :func:`tradetalks.law.duty.line_duty`.
    """
    first = min(SINCE, date(on.year, 1, 1))
    days = change_days(us_law(), first, on + timedelta(days=183))
    steps: list[Step] = []
    for day in days:
        duty = line_duty(line, origin, day, known)
        parts = tuple(
            (p.authority, p.rate_pct) for p in duty.components if p.status in ("applies", "conditional") and p.rate_pct
        )
        if not steps or (steps[-1].rate_pct, steps[-1].parts) != (duty.rate_pct, parts):
            steps.append(Step(day, duty.rate_pct, parts))
    return steps
