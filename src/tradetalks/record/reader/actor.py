"""A mention of somebody in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "government", "unnamed", "outsider", "pronoun"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A mention of somebody between two offsets."""

    start: int
    end: int
    kind: ActorKind
    who: str
    party: str | None
    role: str | None = None
