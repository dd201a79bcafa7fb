"""Duties of other countries on goods of the United States, in answer to US measures, by sector."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from tradetalks.ground.dates import day
from tradetalks.law.measure import DATA


@cache
def acts() -> pl.DataFrame:
    """Return every act by sector: importer, exporter, sector, add_pct, days, citation, basis, note."""
    days = dict.fromkeys(("applies_from", "applies_until", "known_from", "until_known_from"), pl.Date)
    return pl.read_csv((DATA / "retaliation.csv").read_bytes(), schema_overrides=days)


def retaliation(on: str | date, known: str | date | None = None) -> pl.DataFrame:
    """Return the retaliation in force on ``on`` as known on ``known``.

    Columns: importer, exporter, sector, add_pct, citation. ``add_pct`` is percentage points on the sector:
    the rate times the share of its six-digit headings listed, for want of US exports by line. Acts on the
    same sector add up. Countries without rows had none in force (the EU's was adopted and suspended until
    14 July 2025).

    Raises:
        BadInput: not a date.
    """
    entered = day(on, "on")
    public = date.max if known is None else day(known, "known")
    ended = (pl.col("applies_until") <= entered) & (pl.col("until_known_from") <= public)
    return (
        acts()
        .filter(pl.col("known_from") <= public, pl.col("applies_from") <= entered, ~ended.fill_null(False))
        .group_by("importer", "exporter", "sector")
        .agg(pl.col("add_pct").sum(), pl.col("citation").unique().sort().str.join("; "))
        .sort("importer", "sector")
    )
