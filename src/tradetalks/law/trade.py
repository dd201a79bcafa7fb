"""US imports of 2024 by line, from each origin that is shipped by line and from the world: the weights of averages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradetalks.ground.concordance import sectors_of
from tradetalks.ground.countries import country
from tradetalks.ground.sectors import SECTORS
from tradetalks.law.measure import DATA, origin_key
from tradetalks.law.scope import Floats, Lines

Positions = NDArray[np.intp]
_CODES = (
    "AGO ARE ARG AUS AUT BEL BGD BGR BLR BRA BRN CAN CHE CHL CHN CIV CMR COD COL CRI "
    "CYP CZE DEU DNK EGY ESP EST FIN FRA GBR GRC HKG HRV HUN IDN IND IRL ISL ISR ITA "
    "JOR JPN KAZ KHM KOR LAO LTU LUX LVA MAR MEX MLT MMR MYS NGA NLD NOR NZL PAK PER "
    "PHL POL PRT ROU RUS SAU SEN SGP STP SVK SVN SWE THA TUN TUR TWN UKR VNM ZAF ROW "
)
#: The regions of the world table (OECD ICIO, 2025 edition), the United States left out; ROW is the rest.
REGIONS: tuple[str, ...] = tuple(_CODES.split())
#: Position of each goods sector in the arrays below.
SECTOR_PLACE = {code: position for position, code in enumerate(s.code for s in SECTORS if s.goods)}
#: Name of the sector at each position; the last one, at -1, is that of a line without one.
SECTOR_NAMES = np.array([*SECTOR_PLACE, None], dtype=object)


@dataclass(frozen=True, slots=True)
class Trade:
    """US imports of 2024 by line: lines L, their sectors, values and duty."""

    lines: Lines
    place: Positions
    """Position of each line among the world's."""
    sector: Positions
    """Position of each line's sector; -1 where it has none."""
    imports: Floats
    duty: Floats
    usmca: Floats
    """Share that claimed USMCA in 2024; zero for other origins."""
    usmca_late: Floats
    """The same in the second half of 2025, when a claim had come to be worth the paper."""
    own: bool
    """True for trade of the origin itself, whose duty then says what its goods paid; False for a proxy."""


@cache
def weight_table() -> pl.DataFrame:
    """Return imports (USD), duty and claims of 2024 by line and origin, as shipped."""
    return pl.read_parquet(str(DATA / "weights_2024.parquet"))


@cache
def whole_world() -> Trade:
    """Return the imports of 2024 from all origins together, by line."""
    whole = weight_table().group_by("line").agg(pl.col("imports_usd", "duty_usd").sum()).sort("line")
    codes = whole["line"].to_list()
    sectors = np.array([-1 if sector is None else SECTOR_PLACE[sector] for sector in sectors_of(codes)])
    imports, duty = (whole[name].cast(pl.Float64).to_numpy() for name in ("imports_usd", "duty_usd"))
    nobody = np.zeros(len(codes))
    return Trade(Lines(codes), np.arange(len(codes)), sectors, imports, duty, nobody, nobody, own=False)


@cache
def own_trades() -> dict[str, Trade]:
    """Return the imports of 2024 from each origin that is shipped by line: ISO3 codes and ``EU``."""
    world = whole_world()
    numbers = ("imports_usd", "duty_usd", "usmca_2024", "usmca_2025h2")
    flows = weight_table().select(
        "origin",
        pl.col("line").cast(pl.Enum(world.lines.codes.tolist())).to_physical().alias("place"),
        *(pl.col(name).fill_null(0).cast(pl.Float64) for name in numbers),
    )
    trades = {}
    for (origin,), flow in flows.sort("origin", "place").partition_by("origin", as_dict=True).items():
        place = flow["place"].to_numpy().astype(np.intp)
        imports, duty, early, late = (flow[name].to_numpy() for name in numbers)
        trades[str(origin)] = Trade(
            world.lines.take(place), place, world.sector[place], imports, duty, early, late, own=True
        )
    return trades


def trade_of(origin: str) -> Trade:
    """Return the imports of 2024 from ``origin`` (ISO3, ``EU``), or the world's where it has none by line."""
    return own_trades().get(origin, whole_world())


@cache
def proxy_trade(sectors: tuple[int, ...]) -> Trade:
    """Return the world's imports in ``sectors``, for an origin that has none there."""
    world = whole_world()
    place = np.flatnonzero(np.isin(world.sector, sectors))
    nobody = np.zeros(len(place))
    return Trade(
        world.lines.take(place),
        place,
        world.sector[place],
        world.imports[place],
        world.duty[place],
        nobody,
        nobody,
        own=False,
    )


def weighted_origins() -> tuple[str, ...]:
    """Return the origins whose imports are shipped by line: ISO3 codes and ``EU``."""
    return tuple(own_trades())


def origin_of(origin: str) -> str:
    """Return the law's name of an origin typed by a user; the EU as a bloc is one."""
    return "EU" if origin.strip().upper() == "EU" else origin_key(country(origin).iso3)


def land_of(origin: str) -> str:
    """Return the ISO3 code of an origin typed by a user, or ``EU``."""
    return "EU" if origin.strip().upper() == "EU" else country(origin).iso3


def sector_names(trade: Trade) -> NDArray[np.str_]:
    """Return the sector code of each line, "none" where it has none."""
    return np.array([*SECTOR_PLACE, "none"])[trade.sector]


def goods_of(trade: Trade) -> NDArray[np.bool_]:
    """Return which lines are in chapters 1 to 97, over which averages are taken."""
    return np.asarray(trade.lines.codes < "98")
