"""What the tests of ``value`` share: one valuation of the shipped case, and a small stage whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from small_world import small_accounts
from tradetalks.model import Economy
from tradetalks.value.case import Case, load_case
from tradetalks.value.package import Package, inline, package_of
from tradetalks.value.stage import Stage
from tradetalks.value.valuation import Valuation
from tradetalks.world.world import World

Floats = NDArray[np.float64]

REGIONS, SECTORS = ("USA", "JPN", "CHN", "DEU"), ("A01", "B06", "C29")


@cache
def shipped() -> Case:
    """The case that ships."""
    return load_case("us-japan-2025")


@cache
def valuation() -> Valuation:
    """The shipped case at work, with few draws; shared by all tests of the session."""
    return Valuation(shipped(), draws=8)


def package(*terms: str) -> Package:
    """A package of one-line terms."""
    return package_of(inline(term) for term in terms)


def small_world(seed: int = 1, tariffs: bool = True, absent: bool = False, known: Any = True) -> World:
    """Four countries, three sectors, money of a few units a flow."""
    accounts = small_accounts(len(REGIONS), len(SECTORS), seed, tariffs, absent)
    theta = accounts.pop("trade_elasticity")
    accounts.update(regions=REGIONS, sectors=SECTORS)
    return World(
        name="small",
        year=2022,
        currency="USD million",
        tariff_known=np.broadcast_to(known, accounts["flows"].shape),
        elasticities={"own": theta},
        default_elasticity="own",
        **accounts,
    )


def small_stage(world: World, scale: Sequence[float] | float = 1000.0, customs: Floats | None = None) -> Stage:
    """``world`` as a stage; at the scale 1,000 a unit of money is a billion dollars."""
    n, s = len(world.regions), len(world.sectors)
    return Stage(
        world=world,
        economy=Economy.from_world(world),
        scale=np.broadcast_to(np.asarray(scale, dtype=float), n),
        usd_year=2025,
        note="small",
        groups=np.eye(n),
        full_flows=world.flows,
        customs=np.full((n, s), np.nan) if customs is None else customs,
    )
