"""What to ask next: the expected information of an answer about the weights, and what would change the picture.

The information of a question is the mutual information of its answer and the weights, in nats (Lindley 1956):
H(E p) - E H(p) over the draws, p the probability of a yes. An answer is a statement: a share of them follows nothing,
as the record has it of ministers, and is then yes or no alike. So no question gives more than log 2, and a question
whose answer we know, or whose answer would be bluff, gives nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from tradetalks.record.issues import issue as issue_of
from tradetalks.talks.stakes import units
from tradetalks.talks.wants.posterior import Wants
from tradetalks.talks.wants.priors import Voice

Floats = NDArray[np.float64]

#: Who answers.
VOICE = "minister"
#: "Among the first" of a ranking.
FIRST = 3
#: Questions given.
MOST = 5


@dataclass(frozen=True)
class Question:
    """A question to the party, and what its answer teaches."""

    text: str
    issue: str
    expected_information: float
    """Nats about the party's weights."""


def information(yes: Floats) -> float:
    """Return the mutual information in nats of a yes-or-no answer, ``yes`` its probability in each draw."""
    return float(_entropy(np.asarray(yes.mean())) - _entropy(yes).mean())


def questions(wants: Wants) -> tuple[Question, ...]:
    """Return the questions that teach most, one an issue, the best first."""
    bluff = _bluff(wants)
    theirs = [k for k, issue in enumerate(wants.issues) if wants.wanted(issue)]
    rank = (-wants.weights[:, theirs]).argsort(1).argsort(1)
    found = []
    for place, k in enumerate(theirs):
        issue = wants.issues[k]
        among = _answered(rank[:, place] < min(FIRST, len(theirs) - 1), bluff)
        text = f"Is this among the {FIRST} things you need most from us: {_lower(issue_of(issue).title)}?"
        options = [Question(text, issue, information(among))]
        for other, name in enumerate(wants.issues):
            if name != issue and not wants.wanted(name):
                gain = (wants.weights[:, k] - wants.weights[:, other]) / wants.noise
                chance = _answered(0.5 * (1.0 + np.tanh(0.5 * gain)), bluff)
                text = f"Would you take {units()[issue].unit}, and give {units()[name].unit} for it?"
                options.append(Question(text, issue, information(chance)))
        found.append(max(options, key=lambda one: one.expected_information))
    return tuple(sorted(found, key=lambda one: -one.expected_information)[:MOST])


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
            f"If {words}, the weight of {_lower(issue_of(issue).title)} moves from {before:.1f} to {after:.1f} "
            "billion dollars a unit (median)."
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
        return [(f"a minister of {wants.party} asks for {title} once more", named)]
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


def _entropy(p: Floats) -> Floats:
    clipped = np.clip(p, 1e-12, 1.0 - 1e-12)
    return np.asarray(-clipped * np.log(clipped) - (1 - clipped) * np.log1p(-clipped))


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
