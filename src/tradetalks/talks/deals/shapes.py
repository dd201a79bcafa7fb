"""The shape of what ``tradetalks deals`` and ``tradetalks offer`` answer.

Dollars are billions a year in prices of ``meta.usd_year``, against no deal; probabilities lie between 0 and 1. An
interval runs from the 10th to the 90th percentile of the draws; a number that we do not know is ``None``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tradetalks.ground.answer import Meta
from tradetalks.value.answer import Interval


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Side(_Answer):
    """What a package is to one party."""

    payoff_usd_bn: Interval
    """Economic value plus what the party's wants add; the value at the full solve and the mean of the wants."""
    economic_usd_bn: Interval
    """Welfare net of debt and known yearly flows outside trade; ``None`` where no part of the package is priced."""
    wanted_usd_bn: Interval
    """Weights on the issues times the units it gets."""
    acceptance: Interval
    """Probability that the party accepts; the value is the mean of the draws."""
    refused: tuple[str, ...]
    """Limits of the party that forbid the package."""


class Deal(_Answer):
    """A package, solved in full, as both sides see it."""

    label: str
    """Its name in this answer: F1 is the efficient package that is best for the seat."""
    terms: tuple[str, ...]
    """Ids of the terms in it."""
    title: str
    sides: dict[str, Side]
    both_accept: Interval
    """Probability that both accept."""
    efficient_share: float | None
    """Share of draws in which no other package is better for both."""
    unpriced: tuple[str, ...]
    """Terms whose economic value is not known, or only in part, and so not counted."""


class FairPoint(_Answer):
    """What one idea of fairness picks."""

    concept: str
    fair_means: str
    deal: str | None
    """Label of the package; ``None`` where no package leaves both at or above no deal."""
    gains_usd_bn: dict[str, float]
    """Expected payoffs at the full solve, by party; the intervals are those of the deal."""
    holds: float | None = None
    """Share of draws in which the package leaves no side below no deal and comes within a tenth of the best, by what
    this idea makes as large as it can be; among the packages solved in full."""
    by_surrogate: str | None
    """Terms of the package that the surrogate alone would have picked, where it is another."""


class Beyond(_Answer):
    """An efficient package by which a side would lose against no deal, solved in full."""

    terms: tuple[str, ...]
    payoff_usd_bn: dict[str, float]
    """By party, at the full solve and the mean of the wants."""


class TermShown(_Answer):
    """A term that some package of the answer holds."""

    id: str
    title: str
    given_by: str | None
    """The party that gives; ``None`` where the term moves no issue."""


class CasePackage(_Answer):
    """A package that the case names."""

    id: str
    deal: Deal
    efficient: bool
    """Whether both can ratify it and no package beats it for both, packages below no deal counted."""
    beaten_by: str | None
    """Label of the package shown that is better for both, by most for the one that gains less by it."""


class Level(_Answer):
    """One way to settle a factor."""

    terms: tuple[str, ...]
    """Ids; empty: left out."""


class FactorShown(_Answer):
    """A factor and its levels."""

    name: str
    levels: tuple[Level, ...]


class LeftOut(_Answer):
    """A term of the case that is in no package."""

    term: str
    reason: str


class SurrogateError(_Answer):
    """How the space was searched, and how far the search was off."""

    solved: int
    """Packages solved in full to build the surrogate."""
    blocks: tuple[tuple[str, ...], ...]
    """Names of the factors that were listed together; blocks add."""
    interaction_share: float
    """Two terms are in one block when their interaction exceeds this share of the smaller one's value."""
    core: tuple[str, ...]
    """Factors whose every combination was solved in full."""
    frontier: int
    """Packages on the surrogate's frontier, those by which a side loses with them."""
    near: int | None
    """Further packages within the error of it; ``None`` where they are too many to count."""
    not_solved: int
    """How many of both were not solved in full; their payoffs are the surrogate's."""
    error_usd_bn: dict[str, float]
    """By party: the largest gap between the full solve and the surrogate among the packages solved."""
    draws_error_usd_bn: dict[str, float]
    """By party: root mean square gap between the draws shown and draws of the package itself, at the Nash point."""


class DealsAnswer(_Answer):
    """The answer of ``tradetalks deals``."""

    parties: tuple[str, str]
    seat: str
    no_deal: str
    """What payoffs are measured against."""
    factors: tuple[FactorShown, ...]
    packages: int
    """How many packages the factors make."""
    left_out: tuple[LeftOut, ...]
    frontier: tuple[Deal, ...]
    """The efficient packages that leave neither side below no deal (all efficient ones where there is none)."""
    beyond: tuple[Beyond, ...] = ()
    """The other efficient packages, by which a side would lose, the best for the seat first."""
    terms: tuple[TermShown, ...] = ()
    """What the ids in packages stand for."""
    rational: bool
    """Whether some package leaves neither side below no deal."""
    ideal_usd_bn: dict[str, float]
    """The most that each side could gain where the other is not below no deal."""
    fair: tuple[FairPoint, ...]
    case_packages: tuple[CasePackage, ...]
    surrogate: SurrogateError
    unlisted: dict[str, float]
    """By party: probability that it brings up an issue that nobody has listed, before the deadline."""
    draws: int
    sentences: tuple[str, ...]
    meta: Meta


class Learned(_Answer):
    """What a choice would teach about one issue."""

    issue: str
    weight_usd_bn: float
    """Mean weight of the issue to the other side now, billion dollars a unit."""
    then_usd_bn: float
    """Mean weight if it chooses this offer."""


class Offer(_Answer):
    """A package to put on the table."""

    deal: Deal
    expected_gain_usd_bn: Interval
    """Own payoff times the probability that the other side accepts, over the draws."""
    chosen: float | None
    """Where offers are made together: probability that the other side takes this one."""
    teaches: tuple[Learned, ...]
    """What its choice would teach, the issue that moves most first."""


class Asked(_Answer):
    """A question to the other side."""

    text: str
    issue: str
    expected_information: float
    """Of the answer about the side's weights, nats, as ``tradetalks wants`` gives it."""


#: How the best offer is changed.
Change = Literal["add", "replace", "drop"]


class TermAdvice(_Answer):
    """What to do with one change of the best offer."""

    terms: tuple[str, ...]
    """Ids of the terms that join the offer, or leave it."""
    title: str
    change: Change
    """They join it, take the place of another level of the same factor, or leave it."""
    own_usd_bn: float
    """Change of the seat's expected payoff."""
    other_usd_bn: float
    """Change of the other side's."""
    accepts: float
    """Probability that the other side accepts the best offer so changed."""
    why: str


class Waiting(_Answer):
    """What a month without the best offer costs, at one stage of the talks."""

    stage: str
    baseline: str
    month_usd_bn: dict[str, float]
    """By party: economic value of the best offer against the duties of that stage, for a month."""


class Outcome(_Answer):
    """The offers if one thing is sure to happen at the deadline."""

    outcome: str
    probability: float
    """Of it in the case."""
    against: str
    best_offer_accepted: float
    """Probability that the other side accepts the best offer."""
    best_offer_gain_usd_bn: float
    """Its expected gain to the seat."""
    then_best: tuple[str, ...]
    """Terms of the offer that would be best then, among those solved in full."""
    then_accepted: float
    then_gain_usd_bn: float


class OfferAnswer(_Answer):
    """The answer of ``tradetalks offer``."""

    parties: tuple[str, str]
    seat: str
    other: str
    terms: tuple[TermShown, ...] = ()
    """What the ids in packages stand for."""
    best: Offer
    equivalent: tuple[Offer, ...]
    """Offers of about the same worth to the seat, to be made together."""
    information_bits: float | None
    """What the other side's choice among them is expected to tell about its wants."""
    question: Asked | None
    """The question that is expected to teach most."""
    keep_back: tuple[TermAdvice, ...]
    """Concessions in reserve, demands to drop among them, the cheapest for what it brings first."""
    refuse: tuple[TermAdvice, ...]
    """Changes that cost the seat more than they bring the other side, or cannot be ratified."""
    ask: tuple[TermAdvice, ...]
    """What the seat would like and the best offer leaves out."""
    refuse_packages: tuple[str, ...]
    """Packages of the case that are expected to leave the seat below no deal."""
    waiting: tuple[Waiting, ...]
    outcomes: tuple[Outcome, ...]
    considered: int
    """Packages compared."""
    solved: int
    """Of them solved in full."""
    draws: int
    sentences: tuple[str, ...]
    meta: Meta
