"""What a party wants: the posterior of its weights on issues, from what was said and done.

docs/wants.md has the model in mathematics, the priors and why, and what it cannot tell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.countries import country
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.record.whole import Record
from tradetalks.talks.stakes import gives
from tradetalks.talks.wants.engine import Fit, fit
from tradetalks.talks.wants.evidence import Evidence, Worth, evidence
from tradetalks.talks.wants.likelihood import Density, Point
from tradetalks.talks.wants.priors import Priors, priors
from tradetalks.talks.wants.urn import unlisted
from tradetalks.talks.wants.worth import PlainEconomics
from tradetalks.value.case import Case

Floats = NDArray[np.float64]

#: Draws of the posterior.
DRAWS = 1000


@dataclass(frozen=True)
class Wants:
    """The posterior of one party (the prior where there is no evidence)."""

    party: str
    counterpart: str
    as_of: date
    issues: tuple[str, ...]
    weights: Floats
    """[draw, issue] USD bn per unit of the issue, on top of the party's own economic value (coefficient 1)."""
    reservation: Floats
    """[draw] USD bn that a package must exceed no deal by, to be accepted."""
    noise: Floats
    """[draw] USD bn, the scale of the logistic."""
    unlisted: float
    """Probability that an issue that nobody has listed is brought up before the deadline."""
    density: Density
    fit: Fit
    unknown: tuple[str, ...] = ()
    """Steps whose value by plain economics nobody knows; they count as worth nothing."""

    @property
    def evidence(self) -> Evidence:
        """What the posterior rests on."""
        return self.density.evidence

    @property
    def point(self) -> Point:
        """Every parameter, a draw a point."""
        return self.density.point(self.fit.z)

    def wanted(self, issue: str) -> bool:
        """Return whether the party gets the issue from the other side (else it gives it)."""
        return gives(self.counterpart, self.party, issue)

    def weighted(self, stakes: Mapping[str, float]) -> Floats:
        """Return weights @ stakes [draw], USD bn; an issue that is not listed counts nothing."""
        return np.asarray(self.weights @ np.array([stakes.get(issue, 0.0) for issue in self.issues]))

    def acceptance(self, economic: Floats | float, stakes: Mapping[str, float]) -> Floats:
        """Return the probability [draw] that the party accepts.

        Args:
            economic: welfare net against no deal, USD bn a year; a number or [draw].
            stakes: units of each issue that the package gives the party.
        """
        surplus = (economic + self.weighted(stakes) - self.reservation) / self.noise
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * surplus)))


def wants(
    case: Case,
    party: str,
    as_of: date | None = None,
    draws: int = DRAWS,
    seed: int | None = None,
    *,
    without: Collection[str] = (),
    worth: Worth | None = None,
    given: Priors | None = None,
    whole: Record | None = None,
) -> Wants:
    """Return what ``party`` wants as a reader of ``as_of`` could tell.

    Args:
        case: its parties, deadline, record and seed.
        party: one of the parties, by code or name.
        as_of: the day of the reader; that of the case if not given.
        draws: draws of the posterior.
        seed: of the draws; that of the case if not given.
        without: ids of entries and deals to leave out.
        worth: what a step is worth by plain economics; solved in the case's world if not given.
        given: priors in place of those that ship.
        whole: the record to read; what ships and what the case adds if not given.

    Raises:
        BadInput: ``party`` is not a party of the case, or no issue was public on ``as_of``.
    """
    side = _side(case, party)
    chosen = given or priors()
    economics = worth or PlainEconomics(case)
    found = evidence(case, side, as_of or case.as_of, chosen, economics, without, whole)
    if not found.issues:
        raise BadInput(f"as_of: no issue of trade talks is listed on {found.as_of}; the record begins in 2018")
    if isinstance(economics, PlainEconomics):
        economics.keep()
    unknown = tuple(sorted(economics.unknown)) if isinstance(economics, PlainEconomics) else ()
    return posterior(Density(found, chosen), draws, case.seed if seed is None else seed, unknown)


def posterior(density: Density, draws: int, seed: int, unknown: tuple[str, ...] = ()) -> Wants:
    """Return the posterior of the wants behind ``density``."""
    found, result = density.evidence, fit(density, draws, np.random.default_rng(seed))
    at = density.point(result.z)
    return Wants(
        found.party,
        found.counterpart,
        found.as_of,
        found.issues,
        np.exp(at.log_weights[:, density.counterparts.index(found.counterpart)]),
        at.reservation,
        at.noise,
        unlisted(found.said, len(found.issues), found.ahead, density.priors.unlisted),
        density,
        result,
        unknown,
    )


def _side(case: Case, party: str) -> str:
    if party in case.parties:
        return party
    try:
        code = country(party).iso3
    except BadInput:
        code = party
    if code not in case.parties:
        raise BadInput(
            f"party: {party!r} is not a party of {case.name}{did_you_mean(party, case.parties)}; "
            f"they are {' and '.join(case.parties)}"
        )
    return code
