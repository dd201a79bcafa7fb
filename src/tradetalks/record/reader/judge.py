"""How probable each move of a clause is: the linear models and the encoder, each asked by itself, taken together.

Two judges' probabilities are joined by the mean of their logarithms (a logarithmic opinion pool, Genest and Zidek
1986), with weights by cross-validation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.acts import Cue
from tradetalks.record.reader.encoder import Answer, encoder
from tradetalks.record.reader.features import act_features, issue_features, mover_features, words
from tradetalks.record.reader.model import regression
from tradetalks.record.reader.mover import candidates, subject
from tradetalks.record.reader.scenes import Told

#: Weight of the encoder beside the linear models, for party and act and for the issue.
OF_ACT, OF_ISSUE = 0.5, 0.5
#: Below this by the linear models a clause tells no move.
HOPELESS = 0.02
#: Most clauses of a text that the encoder sees, the likeliest first: what bounds the time of a long document.
MOST = 300
#: The least probability that a clause tells of its speaker's own move where it names nobody else.
SPOKEN = 0.7
#: What no judge is surer of than: that something is not so.
_NEVER = 1e-4


@dataclass(frozen=True, slots=True)
class Judged:
    """A clause with, for each government, how surely the move is its own, the mention that says so, and the acts."""

    told: Told
    cue: Cue | None
    parties: dict[str, tuple[float, Actor]]
    acts: dict[str, Any]
    """``acts[party][answer]``, none first: the probability that the clause tells this act of this party."""
    answer: Answer | None = None

    def issues(self, party: str, mover: str) -> tuple[tuple[str, ...], Any]:
        """Return the issues and their probabilities for a move of ``party``; ``mover`` is its side (US or X)."""
        fit = regression("issue")
        scene = self.told.scene
        plain = [one.word for one in scene.tokens if one.word.isalpha() and not one.stem.isupper()]
        chances = fit.probabilities(issue_features(scene, mover), plain)
        if self.answer is not None and party in self.answer.parties:
            by_name = dict(zip(encoder().issues, self.answer.issues[self.answer.parties.index(party)], strict=True))
            chances = _together(chances, np.array([by_name[one] for one in fit.answers]), OF_ISSUE)
        return fit.answers, chances


def side(party: str) -> str:
    """Return the class of a government for the linear models: the United States or another."""
    return "US" if party == "USA" else "X"


def judged(clauses: Sequence[Told]) -> list[Judged]:
    """Return the clauses that may tell a move, judged by both."""
    hopeful = [one for told in clauses if (one := _linear(told)) is not None]
    shown = sorted(range(len(hopeful)), key=lambda n: -_chance(hopeful[n].acts))[:MOST]
    for n, answer in zip(shown, encoder().answers([hopeful[n].told for n in shown]), strict=True):
        hopeful[n] = _with(hopeful[n], answer)
    return hopeful


def _chance(acts: dict[str, Any]) -> float:
    """Return the probability of the likeliest act of any party."""
    return max(float(own[1:].max()) for own in acts.values())


def _linear(told: Told) -> Judged | None:
    scene = told.scene
    cue = next((one for one in scene.cues if not one.weak), None) or next(iter(scene.cues), None)
    parties = _parties(told, subject(scene, cue, told.context))
    fit, plain = regression("act"), [one.word for one in words(scene)]
    acts = {}
    for party, (sure, mention) in parties.items():
        own = fit.probabilities(act_features(scene, side(party), mention), plain) * sure
        own[0] += 1 - sure
        acts[party] = own
    return Judged(told, cue, parties, acts) if _chance(acts) >= HOPELESS else None


def _with(one: Judged, answer: Answer) -> Judged:
    acts = {party: _together(own, answer.acts[answer.parties.index(party)], OF_ACT) for party, own in one.acts.items()}
    return Judged(one.told, one.cue, one.parties, acts, answer)


def _together(ours: Any, theirs: Any, weight: float) -> Any:
    odds = np.maximum(ours, _NEVER) ** (1 - weight) * np.maximum(theirs, _NEVER) ** weight
    return odds / odds.sum()


def _parties(told: Told, pick: Actor | None) -> dict[str, tuple[float, Actor]]:
    """Return for each government the probability that the move is its own, and the mention that says so."""
    scene = told.scene
    found: dict[str, tuple[float, Actor]] = {}
    fit, known = regression("mover"), candidates(scene, told.context)
    for one, how in known:
        chance = float(fit.probabilities(mover_features(scene, one, how, pick))[1])
        party = cast(str, one.party)
        if party not in found or chance > found[party][0]:
            # The words that name it are kept where only what is implied makes it surer.
            mention = found[party][1] if how == "implied" and party in found else one
            found[party] = (chance, mention)
    named = {one.party for one, how in known if how in ("named", "spoken")}
    if len(named) == 1 and len(scene.voices) == 1 and scene.voices[0].trailing and scene.voices[0].actor.party in named:
        # "..., X said", and nobody else is named: the words are X's own.
        party = cast(str, scene.voices[0].actor.party)
        found[party] = (max(found[party][0], SPOKEN), found[party][1])
    return found
