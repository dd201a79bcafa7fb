"""A change of duty: the one term that the law defines to the line."""

from __future__ import annotations

import re
from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from tradetalks.ground.errors import BadInput
from tradetalks.value.effect import Effect, RateEdit
from tradetalks.value.fields import NotNegative, Region, SectorOrAll
from tradetalks.value.terms.term import Assumed, Body, shown

How = Literal["total", "add", "cut", "rate"]


class Tariff(Body):
    """The importer's duty on one exporter's goods: on lines, a sector, or through a measure.

    Exactly one of ``lines``, ``sector``, ``measure``; on lines or a sector exactly one of ``total`` (the
    whole duty becomes this), ``add`` (points on top of the duty in force) or ``cut`` (points off, never
    below zero); on a measure ``rate``, which becomes its own rate. Rates in percent. Where a measure
    keeps another out, it does so at a rate of zero too: the lawyers' "zero under section 232".
    """

    kind: ClassVar[str] = "tariff"
    ends: ClassVar[tuple[str, str]] = ("importer", "exporter")
    computed: ClassVar[str] = (
        "The duty on the lines, weighted to sectors with 2024 customs imports, in the world equilibrium; "
        "nothing is reduced-form."
    )

    importer: Region
    exporter: Region
    lines: tuple[str, ...] | None = Field(default=None, min_length=1)
    sector: SectorOrAll | None = None
    measure: str | None = None
    total: NotNegative | None = None
    add: NotNegative | None = None
    cut: NotNegative | None = None
    rate: NotNegative | None = None

    @field_validator("lines", mode="before")
    @classmethod
    def _digits(cls, lines: object) -> object:
        if lines is None:
            return None
        if not isinstance(lines, list | tuple):
            raise ValueError(f"a list of HTS codes is needed, such as ['8703', '8704.21'], not {lines!r}")
        codes = [str(line).replace(".", "").replace(" ", "") for line in lines]
        for code, line in zip(codes, lines, strict=True):
            if not (code.isdigit() and 2 <= len(code) <= 10):
                raise ValueError(f"{line!r} is not an HTS code: 2 to 10 digits, quoted (a bare 01 loses its zero)")
        return tuple(sorted(set(codes)))

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        scopes = [name for name in ("lines", "sector", "measure") if getattr(self, name) is not None]
        if len(scopes) != 1:
            raise ValueError(f"give exactly one of lines, sector, measure; {' and '.join(scopes) or 'none'} given")
        allowed = ("rate",) if self.measure is not None else ("total", "add", "cut")
        hows = [name for name in ("total", "add", "cut", "rate") if getattr(self, name) is not None]
        if len(hows) != 1 or hows[0] not in allowed:
            raise ValueError(
                f"give exactly one of {', '.join(allowed)} with {scopes[0]}; {' and '.join(hows) or 'none'} given"
            )
        return self

    @property
    def _how(self) -> How:
        names: tuple[How, ...] = ("total", "add", "cut", "rate")
        return next(name for name in names if getattr(self, name) is not None)

    def effect(self, assumed: Assumed) -> Effect:
        """Return the edit of the duty; it rests on no assumption."""
        how = self._how
        pct = float(getattr(self, how))
        if self.lines is not None:
            edit = RateEdit(self.importer, self.exporter, "lines", self.lines, how, pct)
        elif self.sector is not None:
            edit = RateEdit(self.importer, self.exporter, "sector", (self.sector,), how, pct)
        else:
            assert self.measure is not None
            edit = RateEdit(self.importer, self.exporter, "measure", (self.measure,), how, pct)
        return Effect(rates=(edit,))

    def inline(self) -> str:
        """Return, for example, ``tariff:USA<JPN:C29=15``."""
        scope = self.sector or self.measure or ",".join(self.lines or ())
        sign = {"total": "=", "rate": "=", "add": "+=", "cut": "-="}[self._how]
        return f"tariff:{self.importer}<{self.exporter}:{scope}{sign}{shown(getattr(self, self._how))}"

    @classmethod
    def parse(cls, flow: tuple[str, str], scope: str, how: str, amount: str) -> dict[str, object]:
        """Return the fields; the scope is a sector, ``all``, HTS codes with commas, or a measure."""
        fields: dict[str, object] = {"importer": flow[0], "exporter": flow[1]}
        value = _float(amount)
        if re.fullmatch(r"[\d.]+(,[\d.]+)*", scope):
            fields["lines"] = scope.split(",")
        elif "-" in scope:
            return {**fields, "measure": scope, {"=": "rate", "+=": "add", "-=": "cut"}[how]: value}
        else:
            fields["sector"] = scope
        return {**fields, {"=": "total", "+=": "add", "-=": "cut"}[how]: value}


def _float(text: str) -> float:
    try:
        return float(text.strip().rstrip("%"))
    except ValueError:
        raise BadInput(f"{text!r} is not a number; write the rate in percent, such as 15") from None
