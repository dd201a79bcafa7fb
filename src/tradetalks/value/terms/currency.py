"""A currency clause: in a long-run model, a shift of the external balance."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from tradetalks.ground.fields import Number
from tradetalks.value.effect import DeficitShift, Effect
from tradetalks.value.fields import Region
from tradetalks.value.terms.term import Assumed, Body, shown

#: Largest shift that is priced, percent of GDP; see the refusal below.
LIMIT_PCT = 3.0

#: A case may set a lower limit.
LIMIT = "currency.refusal_limit"


class Currency(Body):
    """The party's deficit rises by ``deficit_shift_pct_gdp`` of its GDP (its currency is dearer).

    The counter-entry falls on the counterpart, or on all other regions by GDP. Valued by welfare
    net: what is spent now is borrowed at the market rate.
    """

    kind: ClassVar[str] = "currency"
    ends: ClassVar[tuple[str, str]] = ("party", "counterpart")
    computed: ClassVar[str] = (
        "A shift of the deficit in the world equilibrium (the transfer problem, Dekle, Eaton and Kortum 2008), lent at "
        "the market rate and valued by welfare net; timing and pass-through are outside the model."
    )

    party: Region
    counterpart: Region | None = None
    deficit_shift_pct_gdp: Number

    @model_validator(mode="after")
    def _within_reach(self) -> Self:
        if abs(self.deficit_shift_pct_gdp) > LIMIT_PCT:
            raise ValueError(
                f"deficit_shift_pct_gdp is {shown(self.deficit_shift_pct_gdp)}, beyond the {shown(LIMIT_PCT)} percent "
                "of GDP that is priced: a long-run model cannot deliver a large real exchange-rate change (a 10 "
                "percent real rise of the yen would need about 20 percent of Japan's GDP)"
            )
        return self

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The limit beyond which a shift is refused."""
        return (LIMIT,)

    def effect(self, assumed: Assumed) -> Effect:
        """Return the shift of deficits."""
        stated = assumed.get(LIMIT)
        limit = LIMIT_PCT if stated is None else min(stated, LIMIT_PCT)
        return Effect(deficits=(DeficitShift(self.party, self.counterpart, self.deficit_shift_pct_gdp, limit),))

    def inline(self) -> str:
        """Return, for example, ``currency:JPN<USA:gdp=1``."""
        return f"currency:{self.party}<{self.counterpart or 'all'}:gdp={shown(self.deficit_shift_pct_gdp)}"

    @classmethod
    def parse(cls, flow: tuple[str, str], scope: str, how: str, amount: str) -> dict[str, object]:
        """Return the fields; the scope is the word ``gdp``, the amount percent of GDP."""
        counterpart = None if flow[1].casefold() == "all" else flow[1]
        return {"party": flow[0], "counterpart": counterpart, "deficit_shift_pct_gdp": float(amount)}
