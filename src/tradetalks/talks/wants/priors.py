"""The priors of the model of wants, as ``data/priors.yaml`` states them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from tradetalks.ground.files import parse_yaml


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Weights(_Part):
    """Prior of the weights: the log of each is normal around the log of the median."""

    median: float
    level: float
    issue: float
    counterpart: float
    why: str


class Reservation(_Part):
    """Prior of the reservation level, USD bn."""

    mean: float
    scale: float
    why: str


class Noise(_Part):
    """Prior of the scale of the logistic, USD bn."""

    median: float
    scale: float
    why: str


class Refusals(_Part):
    """How refusals fare."""

    days: float
    firm_moves: float
    bluff_moves: float
    why: str


class Voice(_Part):
    """How a kind of speaker talks."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    follows: float = 1.0
    bluff: float
    why: str


class _Kind(_Part):
    follows: float = 1.0
    bluff: float
    why: str


class Unlisted(_Part):
    """Gamma prior of the concentration of Hoppe's urn."""

    shape: float
    rate: float
    why: str


class Priors(_Part):
    """Every prior."""

    weights: Weights
    reservation: Reservation
    noise: Noise
    half_life_days: float
    time_why: str
    refusals: Refusals
    salience_scale: float
    bluff_scale: float
    voices: tuple[Voice, ...]
    deal: _Kind
    offer: _Kind
    offered: _Kind
    threat: _Kind
    attribution: dict[str, float]
    confidence: dict[str, float]
    also: float
    unlisted: Unlisted

    @property
    def kinds(self) -> tuple[Voice, ...]:
        """Every kind of speech: the speakers, then deals, offers made and received, and threats."""
        more = (
            ("deal", "terms of deals"),
            ("offer", "its own offers"),
            ("offered", "what others offered it"),
            ("threat", "threats of a duty"),
        )
        made = (Voice(id=name, title=title, **dict(getattr(self, name))) for name, title in more)
        return (*self.voices, *made)

    def voice(self, role: str | None, who: str) -> str:
        """Return the kind of speaker, by the words of the role, or of the name where no role is given."""
        text = role or who
        for voice in self.voices:
            if any(word in text if word.isupper() else word in text.casefold() for word in voice.words):
                return voice.id
        return self.voices[-1].id


@cache
def priors() -> Priors:
    """Return the priors that ship."""
    text = (files("tradetalks.talks") / "data" / "priors.yaml").read_text(encoding="utf-8")
    return Priors.model_validate(parse_yaml(text, "priors.yaml"))
