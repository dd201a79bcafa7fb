"""The second clock of an answer: what it would be by the law as it was known on another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tradetalks.law.measure import Law


@dataclass(frozen=True, slots=True)
class OtherClock:
    """The answer by the other clock, where acts that reach back make it another one."""

    known: date | None
    """The day of entry, of an answer by all the law there is; None (all of it) of an answer as of an earlier day."""
    rate_pct: float | None
    """Percent; None where it is unknown."""

    @property
    def words(self) -> str:
        """By which law it is."""
        return "by all the law known today" if self.known is None else "as published that day"


def other_day(law: Law, origin: str, on: date, known: date) -> date | None:
    """Return the day of knowledge by which the answer for entries of ``origin`` on ``on`` may be another one.

    Of an answer by all the law there is (``known`` is the last day), the day of entry, if acts that became public
    later reach back to it; of an answer as of an earlier day the last day, if later acts do. None where none does.
    """
    read = on if known == date.max else known
    acts = (act for measure in law.measures if origin in measure.origins for act in measure.acts)
    if any(act.known_from > read and act.covers(on, origin) for act in acts) or any(
        rule.known_from > read and rule.applies_from <= on for rule in law.rules
    ):
        return on if known == date.max else date.max
    return None
