"""The worlds that a package is compared with: the status quo, the scheduled law, each outcome of no deal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

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
    duties: Duties
    changes: Package = NOTHING


def baselines(case: Case, world: World) -> dict[str, Baseline]:
    """Return the status quo, the scheduled law and each outcome of no deal, by name.

    Raises :class:`BadInput` for a day before the law that is shipped and for a party that the world lacks.
    """
    if case.as_of < BASE_DAY:
        raise BadInput(f"as_of: {case.as_of} is before {BASE_DAY}, the first day of the law that is shipped")
    for party in case.parties:
        if party not in world.regions:
            raise BadInput(f"parties: {party} is no region of {world.name}{did_you_mean(party, world.regions)}")

    def duties(name: str, on: date, sentence: str) -> Baseline:
        with of_case(case.folder):
            return Baseline(name, sentence, 0.0, duties_on(world, on, case.as_of, sentence))

    eve = case.deadline - timedelta(days=1)
    now = duties("status quo", case.as_of, f"the duties in force on {case.as_of}, on every origin")
    eve_law = duties(SCHEDULED, eve, f"the law known on {case.as_of} as it applies on {eve}, before the deadline")
    found = {STATUS_QUO: now, SCHEDULED: eve_law}
    for outcome in case.no_deal:
        if outcome.outcome == "snap-back":
            law = duties(
                "no deal: snap-back",
                case.deadline,
                f"no deal: the law known on {case.as_of} as it applies from {case.deadline}, on every origin",
            ).duties
            sentence = law.sentence
        else:
            law = eve_law.duties
            sentence = f"no deal: {outcome.outcome}, on the duties in force before {case.deadline}"
        name = f"no deal: {outcome.outcome}"
        found[name] = Baseline(name, sentence, outcome.probability, law, outcome.terms)
    return found


def weights_of(baselines: list[Baseline]) -> NDArray[np.float64]:
    """Return the probabilities of outcomes of no deal, or one for a single baseline that is not one."""
    weights = np.array([baseline.probability for baseline in baselines])
    return np.asarray(weights / weights.sum()) if weights.sum() > 0 else np.ones(1)
