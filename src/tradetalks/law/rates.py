"""Rates by line, and averages weighted with US imports of 2024 with their breakdowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tradetalks.ground.countries import country
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.law.editions import beyond
from tradetalks.law.flow_rates import evaluations
from tradetalks.law.measure import DATA, override, us_law
from tradetalks.law.other_clock import OtherClock, other_day
from tradetalks.law.scope import Floats
from tradetalks.law.trade import SECTOR_NAMES, origin_of, trade_of, weighted_origins

#: The day whose rates are called "base": the schedule and the measures of 2018 to 2024.
BASE_DAY = date(2025, 1, 1)
#: How an average may be broken down.
BREAKDOWNS = ("sector", "authority", "chapter", "line")


def check_dates(on: str | date, known: str | date | None, name: str = "on") -> tuple[date, date]:
    """Return the day of entry and the day of knowledge (the last day there is for None).

    Raises:
        BadInput: not dates, or entry before the schedule begins.
    """
    entered = day(on, name)
    if entered < BASE_DAY:
        raise BadInput(
            f"{name}: {entered} is before {BASE_DAY}, the first schedule shipped; averages need ordinary rates"
        )
    return entered, date.max if known is None else day(known, "known")


def only_usa(importer: str) -> None:
    """Check that the importer is the United States.

    Raises:
        BadInput: another, or no such country.
    """
    if country(importer).iso3 != "USA":
        raise BadInput(f"importer: the law of {country(importer).name} is not shipped, only that of the United States")


def line_rates(
    importer: str,
    origin: str,
    on: str | date,
    known: str | date | None = None,
    rates: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Return the rate of every line that ``origin`` sold to the United States in 2024.

    An origin without imports by line here has those of the world, a member of the EU those of the EU.

    Columns: ``line``, ``sector`` (null in chapters 98 and 99), ``imports_usd`` (2024), ``mfn_pct`` (ordinary
    rate), ``rate_pct`` (all together), and for each measure in force its percentage points, by its id.

    Args:
        importer: the United States; or Japan, for goods of the United States: lines of Japan's tariff of
            2026 without imports (unweighted) and with a null rate where a part is specific.
        origin: ``EU``, or a country by ISO2, ISO3, name or Census code.
        on: day of entry for consumption.
        known: the law as it was public on this day (default: everything shipped).
        rates: other rates for named measures, percent, e.g. ``{"ieepa-reciprocal-jp": 10.0}``.

    Raises:
        BadInput: an unknown importer, origin, date or measure.
    """
    if country(importer).iso3 == "JPN":
        return _japan(origin, rates)
    only_usa(importer)
    key = origin_of(origin)
    if key == "USA":
        raise BadInput("origin: goods of the United States are not foreign goods; name another country")
    entered, public = check_dates(on, known)
    trade = trade_of(key)
    mixed = evaluations(override(us_law(), rates or {}), key, trade, entered, public)
    columns: dict[str, Floats] = {}
    for share, case in mixed:
        for name, points in [
            ("mfn_pct", case.base),
            ("rate_pct", case.total()),
            *((p.measure.id, p.points()) for p in case.parts),
        ]:
            columns[name] = columns.get(name, np.zeros(len(trade.lines))) + share * points
    return pl.DataFrame(
        {
            "line": trade.lines.codes.tolist(),
            "sector": pl.Series(SECTOR_NAMES[trade.sector].tolist(), dtype=pl.String),
            "imports_usd": trade.imports,
            **columns,
        }
    )


def _japan(origin: str, rates: Mapping[str, float] | None) -> pl.DataFrame:
    if country(origin).iso3 != "USA":
        raise BadInput("origin: of Japan's tariff only the rates on goods of the United States are shipped")
    if rates:
        raise BadInput(f"rates: Japan's tariff has no measure {next(iter(rates))!r}; its lines have one rate each")
    lines = pl.read_parquet(str(DATA / "japan_lines_2026.parquet"))
    plain = pl.col("us_specific").is_null()
    return lines.select(
        "line",
        "sector",
        pl.lit(None, dtype=pl.Float64).alias("imports_usd"),
        pl.when(pl.col("mfn_specific").is_null()).then("mfn_pct").alias("mfn_pct"),
        pl.when(plain).then("us_pct").alias("rate_pct"),
    )


@dataclass(frozen=True, slots=True)
class Effective:
    """An effective rate and its breakdown."""

    origin: str
    on: date
    known: date | None
    rate_pct: float
    imports_usd: float
    rows: tuple[tuple[str, float, float], ...]
    """(key, rate in percent, imports in USD); of an authority the rate is its points of all imports."""
    weights: str
    warnings: tuple[str, ...]
    other_clock: OtherClock | None
    """The average as published on the day of entry, or by all the law known today; None where it is the same."""


def effective_rate(
    importer: str,
    origin: str,
    on: str | date,
    known: str | date | None = None,
    by: str | None = None,
) -> Effective:
    """Return duty over imports in chapters 1 to 97, of one origin or of ``all``, with weights of 2024.

    Args:
        importer: the United States.
        origin: a country, ``EU``, or ``all``.
        on: day of entry.
        known: the law as it was public on this day (default: everything shipped).
        by: sector, chapter, line or authority; ``all`` without it comes by origin.

    Raises:
        BadInput: an unknown importer, origin, date or breakdown.
    """
    if by not in (None, *BREAKDOWNS):
        raise BadInput(f"by: {by!r} is no breakdown; choose {', '.join(BREAKDOWNS)}")
    entered, public = check_dates(on, known)
    everyone = origin.strip().casefold() == "all"
    keys = weighted_origins() if everyone else (origin_of(origin),)
    frame = _rated(importer, keys, entered, public)
    imports = float(frame["imports_usd"].sum())
    weight = pl.col("imports_usd")
    if by == "authority":
        names = {"mfn_pct": "MFN and column 2"} | {
            m.id: m.authority for m in us_law().measures if m.id in frame.columns
        }
        points: dict[str, float] = {}
        for name, authority in names.items():
            duty = float((frame[name] * frame["imports_usd"]).sum())
            points[authority] = points.get(authority, 0.0) + duty / imports
        rows = tuple((name, rate, imports) for name, rate in sorted(points.items(), key=lambda one: -one[1]))
    elif by is None and not everyone:
        rows = ()
    else:
        group = {
            "sector": pl.col("sector").fill_null("none"),
            "chapter": pl.col("line").str.slice(0, 2),
            "line": pl.col("line"),
        }
        table = (
            frame.group_by(key=group[by] if by else pl.col("origin"))
            .agg((pl.col("rate_pct") * weight).sum() / weight.sum(), weight.sum())
            .sort("key")
        )
        rows = tuple(table.iter_rows())
    bloc = origin.strip().upper() == "EU"
    land = "all" if everyone else "EU" if bloc else country(origin).iso3
    own = everyone or bloc or land in weighted_origins()
    warnings = beyond(entered, None if known is None else public)
    if not own:
        whose = "the EU" if keys == ("EU",) else "the world"
        warnings = (*warnings, f"weights and imports are those of {whose}: there are none by line for {land}")
    rate = round(_average(frame), 6)
    return Effective(
        origin=land,
        on=entered,
        known=None if known is None else public,
        rate_pct=rate,
        imports_usd=imports,
        rows=tuple((key, round(rate, 6), value) for key, rate, value in rows),
        weights="own" if own else "proxy",
        warnings=warnings,
        other_clock=_by_other_clock(importer, keys, entered, public, frame),
    )


def _rated(importer: str, keys: Sequence[str], on: date, known: date) -> pl.DataFrame:
    """Return :func:`line_rates` of chapters 1 to 97 of several origins (column ``origin``)."""
    frames = [
        line_rates(importer, key, on, known).filter(pl.col("line") < "98").with_columns(origin=pl.lit(key))
        for key in keys
    ]
    return pl.concat(frames, how="diagonal").fill_null(0.0)


def _average(frame: pl.DataFrame) -> float:
    return float((frame["rate_pct"] * frame["imports_usd"]).sum()) / float(frame["imports_usd"].sum())


def _by_other_clock(
    importer: str, keys: Sequence[str], on: date, known: date, frame: pl.DataFrame
) -> OtherClock | None:
    """Return the average of ``frame`` by the law as it was, or came to be, known; None where it is the same."""
    others = {key: other for key in keys if (other := other_day(us_law(), key, on, known))}
    if not others:
        return None
    then = next(iter(others.values()))
    anew = _rated(importer, tuple(others), on, then)
    kept = frame.filter(~pl.col("origin").is_in(list(others)))
    rate = _average(pl.concat([part.select("rate_pct", "imports_usd") for part in (kept, anew)]))
    if abs(rate - _average(frame)) < 5e-7:
        return None
    return OtherClock(None if then == date.max else then, round(rate, 6))
