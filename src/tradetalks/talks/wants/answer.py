"""The shape of an answer of ``tradetalks wants``, and how it is made from a posterior."""

from __future__ import annotations

import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from tradetalks.ground.answer import Meta
from tradetalks.record.entry import Act
from tradetalks.record.issues import issue as issue_of
from tradetalks.talks.stakes import gives, units
from tradetalks.talks.wants.importance import UNRELIABLE
from tradetalks.talks.wants.influence import Influence, influences
from tradetalks.talks.wants.likelihood import Density
from tradetalks.talks.wants.posterior import Wants
from tradetalks.talks.wants.questions import changes, questions
from tradetalks.value.case import Case

Floats = NDArray[np.float64]

#: Draws of the prior, and the seed that makes them the same in every answer.
PRIOR_DRAWS, PRIOR_SEED = 5_000, 1
#: The most drivers of a weight, and the least change of its logarithm that counts as one.
DRIVERS, LEAST = 4, 0.03


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Spread(_Answer):
    """A quantity, USD bn."""

    mean: float
    p10: float
    median: float
    p90: float


class Driver(_Answer):
    """An entry or deal that moves a weight."""

    source: str
    """Id of the entry or the deal."""
    factor: float
    """What it multiplies the weight by (the geometric mean of the draws with it over that without it)."""


class IssueWant(_Answer):
    """One issue, in billion dollars per unit, on top of plain economics."""

    issue: str
    title: str
    unit: str
    """What one unit is."""
    side: Literal["wants", "gives", "either"]
    """Whether the party wants the issue of the other side, or is the one that gives it."""
    weight: Spread
    prior: Spread
    rank_interval: tuple[int, int]
    """10% and 90% points of its rank among the issues listed, the heaviest first."""
    evidence: tuple[str, ...]
    """Ids of the entries and deals that speak of the issue or move it, the most telling first."""
    drivers: tuple[Driver, ...]
    """What moves the weight most, entries on other issues included."""


class Scale(_Answer):
    """A parameter that talk alone does not tell, prior and posterior side by side."""

    posterior: Spread
    prior: Spread


class Speaker(_Answer):
    """How far a kind of speech is taken to follow the weights."""

    kind: str
    title: str
    bluff: Spread
    """Share of what is said that follows nothing."""
    bluff_prior: Spread


class Source(_Answer):
    """An entry or deal used."""

    id: str
    date: datetime.date
    known_from: datetime.date
    who: str
    act: Act | Literal["deal"]
    """``deal``: a package, agreed or rejected."""
    words: str
    """The position, or the title of the deal."""
    source: str
    url: str | None
    k_hat: float | None
    """Of the weights that its influence is read from; ``None``: it has next to none."""
    refitted: bool
    """Whether the posterior without it was fitted, since reweighting could not be trusted."""


class Asked(_Answer):
    """A question to the party."""

    text: str
    issue: str
    expected_information: float
    """Nats about its weights."""


class Engine(_Answer):
    """How the posterior was found, and how good it is."""

    method: str
    parameters: int
    k_hat: float | None
    """Of the importance weights; above 0.7 they are not to be trusted."""
    reliable: bool
    effective_draws: float
    """What the proposals are worth in independent draws."""
    draws: int


class WantsAnswer(_Answer):
    """The answer of ``tradetalks wants``."""

    party: str
    counterpart: str
    as_of: datetime.date
    issues: tuple[IssueWant, ...]
    """By median weight."""
    reservation: Scale
    """What a package must exceed no deal by, USD bn a year."""
    noise: Scale
    """Scale of the logistic, USD bn a year."""
    speakers: tuple[Speaker, ...]
    unlisted_probability: float
    """That an issue that nobody has listed is brought up before the deadline."""
    what_would_change_this: tuple[str, ...]
    next_questions: tuple[Asked, ...]
    record: tuple[Source, ...]
    """What the posterior rests on, by the day it became known."""
    engine: Engine
    sentences: tuple[str, ...]
    """What a reader must know."""
    meta: Meta


def answer(case: Case, wants: Wants) -> WantsAnswer:
    """Return the answer for ``wants``, what each entry does to it included."""
    found = influences(wants)
    prior = wants.density.point(np.random.default_rng(PRIOR_SEED).standard_normal((PRIOR_DRAWS, wants.density.size)))
    row = wants.density.counterparts.index(wants.counterpart)
    rows = [_issue(wants, k, np.exp(prior.log_weights[:, row, k]), found) for k in range(len(wants.issues))]
    return WantsAnswer(
        party=wants.party,
        counterpart=wants.counterpart,
        as_of=wants.as_of,
        issues=tuple(sorted(rows, key=lambda one: -one.weight.median)),
        reservation=Scale(posterior=_spread(wants.reservation), prior=_spread(prior.reservation)),
        noise=Scale(posterior=_spread(wants.noise), prior=_spread(prior.noise)),
        speakers=_speakers(wants.density, wants.point.bluff, prior.bluff),
        unlisted_probability=wants.unlisted,
        what_would_change_this=changes(wants),
        next_questions=tuple(
            Asked(text=one.text, issue=one.issue, expected_information=one.expected_information)
            for one in questions(wants)
        ),
        record=tuple(_source(wants, one) for one in found),
        engine=_engine(wants),
        sentences=_sentences(wants),
        meta=Meta(
            case=case.name,
            as_of=case.as_of,
            known_through=wants.as_of,
            usd_year=case.as_of.year,
            seed=case.seed,
            warnings=_warnings(wants),
        ),
    )


def _spread(values: Floats) -> Spread:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return Spread(mean=float(values.mean()), p10=float(low), median=float(middle), p90=float(high))


def _issue(wants: Wants, k: int, prior: Floats, found: tuple[Influence, ...]) -> IssueWant:
    name = wants.issues[k]
    rank = 1 + (-wants.weights).argsort(1).argsort(1)[:, k]
    low, high = np.quantile(rank, [0.1, 0.9], method="inverted_cdf")
    telling = sorted(found, key=lambda one: -abs(one.shift[k]))
    wanted, given = wants.wanted(name), gives(wants.party, wants.counterpart, name)
    return IssueWant(
        issue=name,
        title=issue_of(name).title,
        unit=units()[name].unit,
        side="either" if wanted and given else "wants" if wanted else "gives",
        weight=_spread(wants.weights[:, k]),
        prior=_spread(prior),
        rank_interval=(int(low), int(high)),
        evidence=tuple(one.source for one in telling if name in one.touches),
        drivers=tuple(
            Driver(source=one.source, factor=float(np.exp(one.shift[k])))
            for one in telling[:DRIVERS]
            if abs(one.shift[k]) >= LEAST
        ),
    )


def _speakers(density: Density, bluff: Floats, prior: Floats) -> tuple[Speaker, ...]:
    titles = {kind.id: kind.title for kind in density.priors.kinds}
    return tuple(
        Speaker(kind=kind, title=titles[kind], bluff=_spread(bluff[:, n]), bluff_prior=_spread(prior[:, n]))
        for n, kind in enumerate(density.kinds)
    )


def _source(wants: Wants, one: Influence) -> Source:
    k_hat = one.k_hat if np.isfinite(one.k_hat) else None
    if one.source in wants.evidence.entries:
        entry = wants.evidence.entries[one.source]
        return Source(
            id=entry.id,
            date=entry.date,
            known_from=entry.known_from,
            who=entry.who,
            act=entry.act,
            words=entry.position,
            source=entry.source,
            url=entry.url,
            k_hat=k_hat,
            refitted=one.refitted,
        )
    deal = wants.evidence.deals[one.source]
    return Source(
        id=deal.id,
        date=deal.date,
        known_from=deal.known_from,
        who=" and ".join(deal.parties),
        act="deal",
        words=f"{deal.title} ({deal.status})",
        source=deal.stages[-1].source,
        url=None,
        k_hat=k_hat,
        refitted=one.refitted,
    )


def _engine(wants: Wants) -> Engine:
    fit = wants.fit
    return Engine(
        method="nearest normal, importance resampling",
        parameters=wants.density.size,
        k_hat=fit.k_hat if np.isfinite(fit.k_hat) else None,
        reliable=not fit.k_hat > UNRELIABLE,
        effective_draws=fit.effective,
        draws=len(wants.weights),
    )


def _sentences(wants: Wants) -> tuple[str, ...]:
    found = wants.evidence
    across = [(p.source, p.counterpart) for p in found.picks] + [(c.source, c.counterpart) for c in found.choices]
    own = len({source for source, counterpart in across if counterpart == wants.counterpart})
    if not found.sources:
        first = f"The record holds nothing on what {wants.party} wants by {wants.as_of}: this is the prior."
    else:
        first = (
            f"Entries and deals that tell what {wants.party} wants: {len(found.sources)}, of them {own} with "
            f"{wants.counterpart}; those with others or with all count for less."
        )
    return (
        first,
        "A weight is what a unit of the issue is worth to the party beyond plain economics, in billion dollars a year; "
        "its level rests on the prior and on a few deeds, its rank on what was said.",
        "Every interval runs from the 10% to the 90% point. Where prior and posterior are alike, nothing was learnt.",
    )


def _warnings(wants: Wants) -> tuple[str, ...]:
    found = []
    if wants.fit.k_hat > UNRELIABLE:
        found.append(
            f"The importance weights of the posterior are not reliable (k-hat {wants.fit.k_hat:.2f}, above "
            f"{UNRELIABLE}): the intervals are rougher than they look."
        )
    if wants.unknown:
        found.append(f"No plain-economics value is known of {'; '.join(wants.unknown)}: counted as nothing.")
    return tuple(found)
