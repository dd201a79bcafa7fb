"""Objectives by name: what a gradient is taken of."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.model.accounts import Accounts
from tradetalks.model.outcome import Outcome, position
from tradetalks.model.system import Array, Base

#: A name, such as ``"welfare:JPN"``, or a function of an outcome that returns a scalar.
Objective = str | Callable[[Outcome], Any]


@lru_cache(maxsize=64)
def objective_of(
    objective: Objective, regions: tuple[str, ...], sectors: tuple[str, ...]
) -> Callable[[Accounts, Base, Accounts], Array]:
    """Return the objective as a function of accounts; cached, so that it compiles once."""
    measure = _named(objective, regions, sectors) if isinstance(objective, str) else objective

    def of_accounts(new: Accounts, base: Base, levels: Accounts) -> Array:
        return measure(Outcome(regions, sectors, base, new, levels, 0.0, 0, None))

    return of_accounts


def _named(name: str, regions: tuple[str, ...], sectors: tuple[str, ...]) -> Callable[[Outcome], Array]:
    """Return the objective ``"property:REGION"`` or ``"property:REGION:SECTOR"``."""
    by_region = ["welfare", "welfare_net", "real_wage", "wages", "price_index", "price_with_wages_held"]
    by_region += ["tariff_revenue", "equivalent_variation", "equivalent_variation_net"]
    by_region += ["exports", "imports", "income", "employment"]
    by_sector = ["output", "output_change", "volume_change", "value_added", "sector_price"]
    parts = name.split(":")
    if parts[0] not in by_region + by_sector:
        raise BadInput(f"objective: no outcome {parts[0]!r}{did_you_mean(parts[0], by_region + by_sector)}")
    needed = 2 if parts[0] in by_region else 3
    if len(parts) != needed:
        example = "welfare:JPN" if needed == 2 else "output:JPN:C29"
        raise BadInput(f"objective: {name!r} needs {needed} parts, like {example!r}")
    region = position(parts[1], regions, "region")
    if needed == 2:
        return lambda outcome: getattr(outcome, parts[0])[region]
    sector = position(parts[2], sectors, "sector")
    return lambda outcome: getattr(outcome, parts[0])[region, sector]
