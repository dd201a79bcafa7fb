"""What to ask next: the expected information of an answer about the weights, and what would change the picture.

The information of an answer is its mutual information with the weights, in nats (Lindley 1956): H(E p) - E H(p) over
the draws, p the probability of a yes. An answer is a statement: a share of them follows nothing, as the record has of
ministers, and is then yes or no alike. So no question gives more than log 2, and a question whose answer we know, or
whose answer would be bluff, gives nothing. Questions are chosen one after the other, each for what it adds to those
before it, so that none asks the same thing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from tradetalks.record.issues import issue as issue_of
from tradetalks.talks.stakes import units
from tradetalks.talks.wants.posterior import Wants
from tradetalks.talks.wants.priors import Voice
from tradetalks.talks.wants.table import Thing

Floats = NDArray[np.float64]

#: Who answers.
VOICE = "minister"
#: "Among the first" of a ranking; things likeliest to be first that are compared by twos: what comes last is no matter.
FIRST, COMPARED = 3, 4
#: Questions given.
MOST = 5


@dataclass(frozen=True)
class Question:
    """A question to the party, and what its answer teaches."""

    text: str
    issue: str
    expected_information: float
    """Nats about the party's weights, beyond what the answers to the questions before it tell."""


@dataclass(frozen=True)
class _Option:
    text: str
    thing: Thing
    yes: Floats
    """[draw] the probability of a yes (of the first of two)."""


def information(*yes: Floats) -> float:
    """Return the mutual information in nats of yes-or-no answers with the draws, ``yes`` their probability in each."""
    return _told(_outcomes(*yes))


def questions(wants: Wants) -> tuple[Question, ...]:
    """Return the questions that teach most together, the first alone the most, one on each issue."""
    left, chosen, so_far = list(_options(wants)), np.ones((1, len(wants.weights))), 0.0
    found: list[Question] = []
    while left and len(found) < MOST:
        told = [_told(_joined(chosen, option.yes)) for option in left]
        best = int(np.argmax(told))
        option = left[best]
        found.append(Question(option.text, option.thing.issue, told[best] - so_far))
        chosen, so_far = _joined(chosen, option.yes), told[best]
        left = [one for one in left if one.thing.words != option.thing.words and one.thing.issue != option.thing.issue]
    return tuple(found)


def _options(wants: Wants) -> Iterator[_Option]:
    """Yield what may be asked: what comes first, which of two comes first, what would be given for it."""
    bluff = _bluff(wants)
    things = wants.evidence.things
    got, given = [one for one in things if one.got], [one for one in things if not one.got]
    worth = {one.words: wants.weighted(one.stakes) for one in got}
    rank = (-np.array(list(worth.values())).reshape(len(got), -1)).argsort(0).argsort(0)
    first = rank < min(FIRST, len(got) - 1)
    likely = [got[place] for place in np.argsort(-first.mean(1))[:COMPARED]]
    for place, one in enumerate(got):
        if len(got) > 2:
            count = {2: "two", 3: "three"}[min(FIRST, len(got) - 1)]
            text = f"Is this one of the {count} things you need most from us: {one.words}?"
            yield _Option(text, one, _answered(first[place], bluff))
        for other in likely if one in likely else ():
            if other.issue != one.issue:
                text = f"Which do you need more from us: {one.words}, or {other.words}?"
                yield _Option(text, one, _answered(worth[one.words] > worth[other.words], bluff))
        for other in given:
            if other.issue != one.issue:
                gain = (worth[one.words] + wants.weighted(other.stakes)) / wants.noise
                text = f"Would you take {one.size}, and give {other.size} for it?"
                yield _Option(text, one, _answered(0.5 * (1.0 + np.tanh(0.5 * gain)), bluff))


def changes(wants: Wants) -> tuple[str, ...]:
    """Return the news that would move a weight most, in sentences, by reweighting the draws with its likelihood."""
    found = []
    for k, issue in enumerate(wants.issues):
        before = float(np.median(wants.weights[:, k]))
        for words, chance in _news(wants, k):
            after = _median(wants.weights[:, k], chance)
            found.append((abs(log(after / before)), issue, words, before, after))
    best: dict[str, str] = {}
    for _, issue, words, before, after in sorted(found, key=lambda one: -one[0]):
        sentence = (
            f"If {words}, the median weight of {_lower(issue_of(issue).title)} moves from {before:.1f} to {after:.1f} "
            "billion dollars a unit."
        )
        best.setdefault(issue, sentence)
    return tuple(best.values())[:MOST]


def _news(wants: Wants, k: int) -> list[tuple[str, Floats]]:
    """Return what may be heard of issue ``k`` next, each with its probability in each draw."""
    issue, title = wants.issues[k], _lower(issue_of(wants.issues[k]).title)
    open_ = [j for j, other in enumerate(wants.issues) if wants.wanted(other) == wants.wanted(issue)]
    raised = wants.weights[:, open_] ** _kind(wants).follows
    bluff = _bluff(wants)
    named = (1 - bluff) * raised[:, open_.index(k)] / raised.sum(1) + bluff / len(open_)
    given = 0.5 * (1.0 + np.tanh(0.5 * (-wants.weights[:, k] - wants.reservation) / wants.noise))
    if wants.wanted(issue):
        return [(f"a minister of {wants.party} brings up {title} as a demand once more", named)]
    return [
        (f"a minister of {wants.party} refuses to move on {title} once more", named),
        (f"{wants.party} grants this without anything in return: {units()[issue].unit}", given),
    ]


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    shares = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(shares, 0.5 * shares[-1])]])


def _kind(wants: Wants) -> Voice:
    return next(kind for kind in wants.density.priors.kinds if kind.id == VOICE)


def _bluff(wants: Wants) -> Floats:
    """Return the share of ministers' statements that follow nothing [draw]; the prior's where none was heard."""
    if VOICE in wants.density.kinds:
        return wants.point.bluff[:, wants.density.kinds.index(VOICE)]
    return np.full(len(wants.weights), _kind(wants).bluff)


def _answered(truth: Floats | NDArray[np.bool_], bluff: Floats) -> Floats:
    """Return the probability of a yes: the truth, or either word alike where it is bluff."""
    return np.asarray((1.0 - bluff) * truth + 0.5 * bluff)


def _outcomes(*yes: Floats) -> Floats:
    """Return the probability of every combination of answers [combination, draw]."""
    found = np.ones((1, len(yes[0])))
    for one in yes:
        found = _joined(found, one)
    return found


def _joined(outcomes: Floats, yes: Floats) -> Floats:
    return np.concatenate([outcomes * yes, outcomes * (1.0 - yes)])


def _told(outcomes: Floats) -> float:
    """Return the mutual information of the outcomes and the draws: entropy less the mean entropy in each draw."""
    return float(_entropy(outcomes.mean(1)) - _entropy(outcomes).mean())


def _entropy(chances: Floats) -> Floats:
    """Return the entropy of ``chances`` [outcome, ...], which sum to one."""
    return np.asarray(-(chances * np.log(np.maximum(chances, 1e-300))).sum(0))


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
