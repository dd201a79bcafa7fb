"""The worlds that a package is compared with: the status quo, the scheduled law, each outcome of no deal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.law.editions import of_case
from tradetalks.law.rates import BASE_DAY
from tradetalks.value.case import Case
from tradetalks.value.package import NOTHING, Package
from tradetalks.value.status_quo import Duties, duties_on
from tradetalks.world.world import World

STATUS_QUO, SCHEDULED = "status quo", "scheduled"


@dataclass(frozen=True, eq=False)
class Baseline:
    """A world to compare with: duties of a day, and changes beyond the law."""

    name: str
    sentence: str
    probability: float
    """Of being what no deal brings; zero for the status quo and the scheduled law."""
    law: Callable[[], Duties] = field(repr=False)
    """Reads the duties of the day."""
    changes: Package = NOTHING

    @cached_property
    def duties(self) -> Duties:
        """The duties of the day; their law is read when they are first asked for."""
        return self.law()


def baselines(case: Case, world: World) -> dict[str, Baseline]:
    """Return the status quo, the scheduled law and each outcome of no deal, by name.

    Raises :class:`BadInput` for a day before the law that is shipped and for a party that the world lacks.
    """
    if case.as_of < BASE_DAY:
        raise BadInput(f"as_of: {case.as_of} is before {BASE_DAY}, the first day of the law that is shipped")
    for party in case.parties:
        if party not in world.regions:
            raise BadInput(f"parties: {party} is no region of {world.name}{did_you_mean(party, world.regions)}")

    def law(on: date, sentence: str) -> Callable[[], Duties]:
        @cache
        def read() -> Duties:
            with of_case(case.folder):
                return duties_on(world, on, case.as_of, sentence)

        return read

    eve = case.deadline - timedelta(days=1)
    now = f"the duties in force on {case.as_of}, on every origin"
    before = f"the law known on {case.as_of} as it applies on {eve}, before the deadline"
    eve_law = law(eve, before)
    found = {
        STATUS_QUO: Baseline(STATUS_QUO, now, 0.0, law(case.as_of, now)),
        SCHEDULED: Baseline(SCHEDULED, before, 0.0, eve_law),
    }
    for outcome in case.no_deal:
        name, then = f"no deal: {outcome.outcome}", eve_law
        sentence = f"{name}, on the duties in force before {case.deadline}"
        if outcome.outcome == "snap-back":
            sentence = f"no deal: the law known on {case.as_of} as it applies from {case.deadline}, on every origin"
            then = law(case.deadline, sentence)
        found[name] = Baseline(name, sentence, outcome.probability, then, outcome.terms)
    return found


def weights_of(baselines: list[Baseline]) -> NDArray[np.float64]:
    """Return the probabilities of outcomes of no deal, or one for a single baseline that is not one."""
    weights = np.array([baseline.probability for baseline in baselines])
    return np.asarray(weights / weights.sum()) if weights.sum() > 0 else np.ones(1)
