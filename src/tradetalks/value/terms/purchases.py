"""A purchase commitment: the buyer's state brings a flow above what the market would buy."""

from __future__ import annotations

from typing import ClassVar

from tradetalks.value.effect import Effect, Purchase
from tradetalks.value.fields import Positive, Region, SectorCode
from tradetalks.value.terms.term import Assumed, Body, shown

DELIVERY = "purchases.delivery"


class Purchases(Body):
    """The buyer takes ``amount_usd_bn`` more over ``years``, at exporter prices.

    The yearly increment that arrives is the amount over the years times the share delivered; it
    comes on top of the flow in the same package without purchases.
    """

    kind: ClassVar[str] = "purchases"
    ends: ClassVar[tuple[str, str]] = ("buyer", "seller")
    computed: ClassVar[str] = (
        "The import subsidy that brings the flow to its target, solved jointly with the equilibrium; the buyer's "
        "budget pays it. Fiscal cost and welfare are shown apart."
    )

    buyer: Region
    seller: Region
    sector: SectorCode
    amount_usd_bn: Positive
    """Total over the years, billion dollars of the as-of year."""
    years: Positive = 1.0

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The share of promised purchases that arrives."""
        return (DELIVERY,)

    def effect(self, assumed: Assumed) -> Effect:
        """Return the increment delivered."""
        share = assumed.get(DELIVERY)
        if share is None:
            return Effect()
        increment = self.amount_usd_bn / self.years * share
        return Effect(purchases=(Purchase(self.seller, self.buyer, self.sector, increment),))

    def inline(self) -> str:
        """Return, for example, ``purchases:JPN<USA:B06=3/1``."""
        amount = f"{shown(self.amount_usd_bn)}/{shown(self.years)}"
        return f"purchases:{self.buyer}<{self.seller}:{self.sector}={amount}"

    @classmethod
    def parse(cls, flow: tuple[str, str], scope: str, how: str, amount: str) -> dict[str, object]:
        """Return the fields; the amount is ``TOTAL`` or ``TOTAL/YEARS`` in billion dollars."""
        total, _, years = amount.partition("/")
        fields: dict[str, object] = {"buyer": flow[0], "seller": flow[1], "sector": scope}
        fields["amount_usd_bn"] = float(total)
        return {**fields, "years": float(years)} if years else fields
