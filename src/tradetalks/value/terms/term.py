"""What every kind of term offers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import model_validator

from tradetalks.ground.fields import Strict
from tradetalks.value.effect import Effect

#: Assumption id -> its value in this draw; ``None`` where nobody knows.
Assumed = Mapping[str, float | None]


class Body(Strict):
    """One commitment: validated fields, a one-line form, and an effect."""

    kind: ClassVar[str]
    ends: ClassVar[tuple[str, str]]
    """The two fields that name countries."""
    computed: ClassVar[str]
    """What the model computes, in a sentence."""

    @model_validator(mode="after")
    def _two_countries(self) -> Self:
        one, other = (getattr(self, name) for name in self.ends)
        if one == other:
            raise ValueError(f"{' and '.join(self.ends)} are both {one}; two countries are needed")
        return self

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Ids of the reduced-form figures the term rests on."""
        return ()

    @property
    def unpriced(self) -> str | None:
        """Why a part of the term carries no number whatever the assumptions; ``None`` when it does."""
        return None

    @abstractmethod
    def effect(self, assumed: Assumed) -> Effect:
        """Return the term's shocks under ``assumed``."""

    @abstractmethod
    def inline(self) -> str:
        """Return the term in one line, as the command line takes it."""

    @classmethod
    @abstractmethod
    def parse(cls, flow: tuple[str, str], scope: str, how: str, amount: str) -> dict[str, object]:
        """Return the fields of the one-line form ``kind:A<B:SCOPE=AMOUNT``; ``how`` is ``=``, ``+=`` or ``-=``."""


def shown(number: float) -> str:
    """Return a number as people write it: no trailing zeros."""
    return f"{number:.10g}"
