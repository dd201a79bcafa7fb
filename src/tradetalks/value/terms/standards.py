"""A change of standards: the cost of meeting two sets of rules falls on one flow."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradetalks.ground.fields import Number
from tradetalks.value.effect import CostCut, Effect
from tradetalks.value.fields import Region, SectorCode
from tradetalks.value.terms.term import Assumed, Body, shown

#: The sectors with a published cost of standards: sector -> (cost, share that governments can remove).
PUBLISHED = {"C29": ("standards.cars_ave", "standards.cars_actionable_share")}


class Standards(Body):
    """The importer accepts goods built to the exporter's rules; the trade cost of the flow falls.

    With ``cut_pct`` the case gives its own figure: percent of the delivered price that is saved.
    """

    kind: ClassVar[str] = "standards"
    ends: ClassVar[tuple[str, str]] = ("importer", "exporter")
    computed: ClassVar[str] = (
        "The trade cost of the flow falls by the reduced-form cut, in the world equilibrium. It saves real "
        "resources, so nobody loses revenue; what the rules protect is not valued."
    )

    importer: Region
    exporter: Region
    sector: SectorCode
    cut_pct: Number | None = Field(default=None, gt=0, lt=100)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The published cost and its removable share, where the case gives no figure of its own."""
        return () if self.cut_pct is not None else PUBLISHED.get(self.sector, ())

    @property
    def unpriced(self) -> str | None:
        """No published cost for this sector, and none given."""
        if self.cut_pct is None and self.sector not in PUBLISHED:
            return f"no published cost of standards for {self.sector}; give cut_pct with a source of your own"
        return None

    def effect(self, assumed: Assumed) -> Effect:
        """Return the trade cost cut: (1 + cost (1 - removable share)) / (1 + cost)."""
        if self.cut_pct is not None:
            hat = 1.0 - self.cut_pct / 100.0
        elif self.sector in PUBLISHED:
            cost, share = (assumed.get(name) for name in PUBLISHED[self.sector])
            if cost is None or share is None:
                return Effect()
            hat = (1.0 + cost / 100.0 * (1.0 - share)) / (1.0 + cost / 100.0)
        else:
            return Effect()
        return Effect(costs=(CostCut(self.exporter, self.importer, self.sector, hat),))

    def inline(self) -> str:
        """Return, for example, ``standards:JPN<USA:C29``."""
        cut = "" if self.cut_pct is None else f"={shown(self.cut_pct)}"
        return f"standards:{self.importer}<{self.exporter}:{self.sector}{cut}"

    @classmethod
    def parse(cls, flow: tuple[str, str], scope: str, how: str, amount: str) -> dict[str, object]:
        """Return the fields; the amount is the cut in percent, or nothing."""
        fields: dict[str, object] = {"importer": flow[0], "exporter": flow[1], "sector": scope}
        return {**fields, "cut_pct": float(amount)} if amount else fields
