"""How large, how rich and how unbalanced a counterpart is: what threats and pledges are measured by."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tradetalks.ground.countries import EU27


@dataclass(frozen=True)
class Economy:
    """One counterpart of the United States; ``None`` is unknown (see ``tradetalks data economies``)."""

    gdp: float
    """Of 2022, USD billion."""
    people: float
    """Millions."""
    us_imports: float | None
    """Goods that the United States buys there, USD billion a year."""
    us_exports: float | None
    """Goods that it sells there, USD billion a year."""

    @property
    def income(self) -> float:
        """GDP per head, USD thousand."""
        return self.gdp / self.people

    @property
    def surplus(self) -> float | None:
        """The counterpart's surplus with the United States over their trade, from -1 to 1."""
        if self.us_imports is None or self.us_exports is None:
            return None
        return (self.us_imports - self.us_exports) / (self.us_imports + self.us_exports)


def economy(government: str) -> Economy | None:
    """Return the economy of a country (ISO3) or of the ``EU``; ``None`` where the table has none."""
    if government != "EU":
        return _table().get(government)
    members = [_table()[code] for code in EU27]
    return Economy(
        sum(one.gdp for one in members),
        sum(one.people for one in members),
        sum(one.us_imports or 0.0 for one in members),
        sum(one.us_exports or 0.0 for one in members),
    )


@cache
def _table() -> Mapping[str, Economy]:
    text = (files("tradetalks.talks") / "data" / "economies.csv").read_text(encoding="utf-8")
    return {
        row["iso3"]: Economy(
            float(row["gdp_2022_usd_bn"]),
            float(row["population_mn"]),
            *(float(row[column]) if row[column] else None for column in ("us_imports_usd_bn", "us_exports_usd_bn")),
        )
        for row in csv.DictReader(text.splitlines())
    }
