"""An investment pledge: a loan and equity stream, and what it does to the host."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradetalks.value.effect import CostCut, Effect, Money
from tradetalks.value.fields import NotNegative, Positive, Region, SectorCode
from tradetalks.value.terms.term import Assumed, Body, shown

REALISED, ADDITIONAL = "investment.realisation", "investment.additionality"
REQUIRED, OWN_RETURN, OWN_SHARE = (
    "investment.required_return",
    "investment.own_return",
    "investment.own_share",
)
PRODUCTIVITY = "investment.host_productivity"


class Investment(Body):
    """The lender places ``amount_usd_bn`` over ``years`` in a sector of the host.

    Yearly cost to the lender, once all is placed: the amount that is realised and additional, times
    (required return - own share x own return). What the lender forgoes of the return goes to the host.
    """

    kind: ClassVar[str] = "investment"
    ends: ClassVar[tuple[str, str]] = ("lender", "host")
    computed: ClassVar[str] = (
        "The host's sector gets a productivity shift only where a study gives one; the lender's yearly cost is the "
        "additional amount times (required return - own share x return). The loan itself is an exchange of assets."
    )

    lender: Region = Field(alias="from")
    host: Region = Field(alias="to")
    sector: SectorCode
    amount_usd_bn: Positive
    years: Positive = 1.0
    own_share: NotNegative | None = Field(default=None, le=1)
    """Share of the profits that the lender keeps, where the case sets it."""

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Realisation, additionality, returns, and the host's productivity."""
        shares = () if self.own_share is not None else (OWN_SHARE,)
        return (REALISED, ADDITIONAL, REQUIRED, OWN_RETURN, *shares, PRODUCTIVITY)

    def effect(self, assumed: Assumed) -> Effect:
        """Return the money outside the model, and the productivity shift where one is cited."""
        own_share = self.own_share if self.own_share is not None else assumed.get(OWN_SHARE)
        figures = [assumed.get(name) for name in (REALISED, ADDITIONAL, REQUIRED, OWN_RETURN)] + [own_share]
        cost = gift = placed = None
        if all(figure is not None for figure in figures):
            realised, additional, required, own_return, kept = (float(figure or 0.0) for figure in figures)
            placed = self.amount_usd_bn * realised * additional
            cost = -placed * (required - kept * own_return) / 100.0
            gift = placed * (1.0 - kept) * own_return / 100.0
        money = (Money(self.lender, cost, once=False), Money(self.host, gift, once=False))
        gain = assumed.get(PRODUCTIVITY)
        if gain is None or placed is None:
            return Effect(money=money)
        hat = 1.0 / (1.0 + gain * placed / 100.0)
        return Effect(money=money, costs=(CostCut(self.host, "*", self.sector, hat),))

    def inline(self) -> str:
        """Return, for example, ``investment:USA<JPN:C29=216.7/5``."""
        amount = f"{shown(self.amount_usd_bn)}/{shown(self.years)}"
        return f"investment:{self.host}<{self.lender}:{self.sector}={amount}"

    @classmethod
    def parse(cls, flow: tuple[str, str], scope: str, how: str, amount: str) -> dict[str, object]:
        """Return the fields; the amount is ``TOTAL`` or ``TOTAL/YEARS`` in billion dollars."""
        total, _, years = amount.partition("/")
        fields: dict[str, object] = {"to": flow[0], "from": flow[1], "sector": scope}
        fields["amount_usd_bn"] = float(total)
        return {**fields, "years": float(years)} if years else fields
