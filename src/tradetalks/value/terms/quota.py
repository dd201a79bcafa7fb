"""A share of a quota: volume moved from other suppliers to one, the total unchanged."""

from __future__ import annotations

from typing import ClassVar

from tradetalks.value.effect import Diversion, Effect
from tradetalks.value.fields import Positive, Region, SectorCode
from tradetalks.value.terms.term import Assumed, Body, shown


class Quota(Body):
    """The importer's state moves ``amount_usd_bn`` a year inside its quota to the exporter."""

    kind: ClassVar[str] = "quota"
    ends: ClassVar[tuple[str, str]] = ("importer", "exporter")
    computed: ClassVar[str] = (
        "The exporter's flow rises and the other foreign suppliers' falls by the same value, by licences that cost "
        "the budget nothing net; total imports stay. Nothing is reduced-form but the size."
    )

    importer: Region
    exporter: Region
    sector: SectorCode
    amount_usd_bn: Positive

    def effect(self, assumed: Assumed) -> Effect:
        """Return the diversion."""
        return Effect(diversions=(Diversion(self.exporter, self.importer, self.sector, self.amount_usd_bn),))

    def inline(self) -> str:
        """Return, for example, ``quota:JPN<USA:A01=0.05``."""
        return f"quota:{self.importer}<{self.exporter}:{self.sector}={shown(self.amount_usd_bn)}"

    @classmethod
    def parse(cls, flow: tuple[str, str], scope: str, how: str, amount: str) -> dict[str, object]:
        """Return the fields; the amount is billion dollars a year."""
        return {"importer": flow[0], "exporter": flow[1], "sector": scope, "amount_usd_bn": float(amount)}
