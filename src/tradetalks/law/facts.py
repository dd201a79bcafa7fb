"""Facts about goods that decide what the law puts on them, and what is assumed where nobody says.

Each assumption is a share with a source; every answer that rests on one is called conditional.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from tradetalks.law.measure import DATA
from tradetalks.law.scope import Floats, Lines

METALS = ("steel", "aluminium", "copper")

#: Of the lines that may hold articles of civil aircraft, chapter 88 and the engines and engine parts of
#: heading 8411 are taken to be such; elsewhere the claim depends on end use and none is assumed.
AIRCRAFT = ("88", "841111", "841112", "841121", "841122", "841191")


@cache
def _content() -> pl.DataFrame:
    return pl.read_parquet(str(DATA / "metal_content.parquet"))


def metal_content(lines: Lines) -> dict[str, Floats]:
    """Return the assumed share of each metal in the value of each line (input-output average of its industry).

    Articles of the metal's own chapters are all metal. A line of 8 digits takes the mean of its
    statistical lines; where nothing is known of a listed line the share is one half.
    """
    table = _content()
    exact = dict(zip(table["line"].to_list(), table.select(METALS).rows(), strict=True))
    parent = {
        row[0]: row[1:]
        for row in table.group_by(pl.col("line").str.slice(0, 8)).agg(pl.col(METALS).mean()).iter_rows()
    }
    unknown = (0.5, 0.5, 0.5)
    found = np.array([exact.get(code) or parent.get(code[:8]) or unknown for code in lines.codes.tolist()])
    shares = {metal: found[:, column].copy() for column, metal in enumerate(METALS)} if len(lines) else {}
    for metal, chapters in {"steel": ("72", "73"), "aluminium": ("76",), "copper": ("74",)}.items():
        shares[metal][np.isin(lines.codes.astype("U2"), chapters)] = 1.0
    return shares


def facts_of(lines: Lines, *, usmca: bool, aircraft: bool | None = None) -> dict[str, Floats]:
    """Return the facts the evaluator asks for: a USMCA claim, civil aircraft, and metal shares of value.

    ``aircraft=None`` is the assumption for averages (:data:`AIRCRAFT`).
    """
    if aircraft is None:
        flying = np.array([code.startswith(AIRCRAFT) for code in lines.codes.tolist()], dtype=float)
    else:
        flying = np.full(len(lines), float(aircraft))
    return {"usmca": np.full(len(lines), float(usmca)), "aircraft": flying, **metal_content(lines)}
