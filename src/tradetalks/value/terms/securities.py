"""A sale or purchase of the other side's bonds: yields move, holders and the issuer pay."""

from __future__ import annotations

from typing import ClassVar, Literal

from tradetalks.ground.errors import BadInput
from tradetalks.value.effect import Effect, Money
from tradetalks.value.fields import Positive, Region
from tradetalks.value.terms.term import Assumed, Body, shown

YIELD, DURATION = "securities.yield_long_run", "securities.duration"
HOLDINGS, DEBT = "securities.japan_holdings", "securities.debt_held_by_public"
FOREIGN, REFINANCED = "securities.foreign_share", "securities.refinanced_share"


class Securities(Body):
    """The holder sells or buys ``amount_usd_bn`` of the issuer's government bonds.

    dy = elasticity x amount / 100 (basis points). Price change on what the holder keeps = duration x
    dy x holdings, once. Interest of the issuer to foreigners on what is refinanced in a year =
    debt x foreign share x refinanced share x dy, a year's flow.
    """

    kind: ClassVar[str] = "securities"
    ends: ClassVar[tuple[str, str]] = ("holder", "issuer")
    computed: ClassVar[str] = (
        "No trade changes. The price loss on the holder's own remaining bonds (once) and the issuer's interest to "
        "foreigners on debt refinanced in a year (a yearly flow) are shown apart and never added."
    )

    holder: Region
    issuer: Region
    action: Literal["sell", "buy"] = "sell"
    amount_usd_bn: Positive

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Yield elasticity, duration, holdings and debt; only for Japan's holdings of US debt."""
        return (YIELD, DURATION, HOLDINGS, DEBT, FOREIGN, REFINANCED) if self.unpriced is None else ()

    @property
    def unpriced(self) -> str | None:
        """Holdings and yield response are known for Japan and US Treasuries only."""
        if (self.holder, self.issuer) == ("JPN", "USA"):
            return None
        return f"no holdings of {self.holder} and yield response of {self.issuer} bonds with a source are shipped"

    def effect(self, assumed: Assumed) -> Effect:
        """Return the one-off price change and the yearly interest."""
        once = yearly = None
        figures = [assumed.get(name) for name in self.assumptions]
        if figures and all(figure is not None for figure in figures):
            basis_points, duration, holdings, debt, foreign, refinanced = (float(f or 0.0) for f in figures)
            if self.action == "sell" and self.amount_usd_bn > holdings:
                raise BadInput(
                    f"securities: amount_usd_bn: {self.holder} holds {holdings:.5g} billion dollars of them, and "
                    f"cannot sell {self.amount_usd_bn:.5g}"
                )
            sold = self.amount_usd_bn if self.action == "sell" else -self.amount_usd_bn
            rise = basis_points * sold / 100.0 / 10_000.0
            once = -duration * rise * (holdings - sold)
            yearly = -debt * foreign * refinanced * rise
        return Effect(money=(Money(self.holder, once, once=True), Money(self.issuer, yearly, once=False)))

    def inline(self) -> str:
        """Return, for example, ``securities:USA<JPN:sell=100``."""
        return f"securities:{self.issuer}<{self.holder}:{self.action}={shown(self.amount_usd_bn)}"

    @classmethod
    def parse(cls, flow: tuple[str, str], scope: str, how: str, amount: str) -> dict[str, object]:
        """Return the fields; the scope is ``sell`` or ``buy``, the amount billion dollars."""
        return {"issuer": flow[0], "holder": flow[1], "action": scope, "amount_usd_bn": float(amount)}
