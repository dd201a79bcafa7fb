"""Rates by sector of many origins at once; one without trade of its own in a sector takes the world's mix there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import numpy as np
import polars as pl

from tradetalks.law.editions import Added, added
from tradetalks.law.flow_rates import evaluations
from tradetalks.law.measure import Law, origin_key, override, us_law
from tradetalks.law.rates import BASE_DAY, check_dates, only_usa
from tradetalks.law.scope import Floats
from tradetalks.law.trade import REGIONS, SECTOR_PLACE, Trade, own_trades, proxy_trade


def sector_rates(
    importer: str,
    on: str | date,
    known: str | date | None = None,
    rates: Mapping[str, float] | None = None,
    origins: Sequence[str] = REGIONS,
) -> pl.DataFrame:
    """Return the import-weighted rate of every origin and goods sector.

    Columns: ``origin`` (ISO3, or ROW), ``sector``, ``rate_pct``, ``base_rate_pct`` (on 2025-01-01),
    ``imports_usd`` (2024; null where the weights are not the origin's own), ``weights``: ``own``, or
    ``proxy`` where the mix within the sector is the EU's (members) or the world's.

    Raises:
        BadInput: an unknown importer, date or measure.
    """
    only_usa(importer)
    entered, public = check_dates(on, known)
    law = override(us_law(), rates or {})
    keys = {origin_key(origin) for origin in origins}
    now = {key: _profile(law, key, entered, public, tuple(origins)) for key in keys}
    rows = []
    for origin in dict.fromkeys(origins):
        rate, imports, own = now[origin_key(origin)]
        base = _base_profile(origin_key(origin), tuple(origins), added())
        for sector, position in SECTOR_PLACE.items():
            weights = "own" if own[position] and origin_key(origin) == origin else "proxy"
            value = imports[position] if weights == "own" else None
            rows.append((origin, sector, rate[position], base[position], value, weights))
    names = ["origin", "sector", "rate_pct", "base_rate_pct", "imports_usd", "weights"]
    frame = pl.DataFrame(rows, schema=names, orient="row").filter(pl.col("rate_pct").is_not_nan())
    return frame.sort("origin", "sector")


def _means(law: Law, key: str, trade: Trade, on: date, known: date) -> tuple[Floats, Floats]:
    """Return (import-weighted duty, imports) by sector, both in USD; the first is percent times USD."""
    rate = np.zeros(len(trade.lines))
    for share, case in evaluations(law, key, trade, on, known):
        rate = rate + share * case.total()

    def by_sector(value: Floats) -> Floats:
        return np.bincount(trade.sector + 1, value, len(SECTOR_PLACE) + 1)[1:].astype(np.float64)

    return by_sector(rate * trade.imports), by_sector(trade.imports)


def _profile(
    law: Law, key: str, on: date, known: date, regions: tuple[str, ...]
) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return by sector the rate of ``key`` (percent), its imports, and whether the weights are its own."""
    trades = own_trades()
    named = {origin_key(region) for region in regions}
    sellers = [other for other in trades if other not in named] if key == "ROW" else [key]
    duty, imports = np.zeros(len(SECTOR_PLACE)), np.zeros(len(SECTOR_PLACE))
    for seller in sellers:
        if seller in trades:
            more, bought = _means(law, seller, trades[seller], on, known)
            duty, imports = duty + more, imports + bought
    own = imports > 0
    if not own.all():
        absent = proxy_trade(tuple(np.flatnonzero(~own).tolist()))
        proxy_duty, proxy_imports = _means(law, key, absent, on, known)
        duty, imports = np.where(own, duty, proxy_duty), np.where(own, imports, proxy_imports)
    with np.errstate(invalid="ignore"):
        return duty / imports, imports, own


@cache
def _base_profile(key: str, regions: tuple[str, ...], more: tuple[Added, ...]) -> Floats:
    return _profile(us_law(), key, BASE_DAY, date.max, regions)[0]
