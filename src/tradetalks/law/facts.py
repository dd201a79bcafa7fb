"""Facts about goods that decide what the law puts on them, and what is assumed where nobody says.

Each assumption is a share with a source; every answer that rests on one is called conditional.
"""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradetalks.law.measure import DATA
from tradetalks.law.scope import Floats, Lines

METALS = ("steel", "aluminium", "copper")

#: Of the lines that may hold articles of civil aircraft, chapter 88 and the engines and engine parts of
#: heading 8411 are taken to be such; elsewhere the claim depends on end use and none is assumed.
AIRCRAFT = ("88", "841111", "841112", "841121", "841122", "841191")


#: Chapters whose articles are all of the metal.
_OWN_CHAPTERS = {"steel": ("72", "73"), "aluminium": ("76",), "copper": ("74",)}


@cache
def _table() -> pl.DataFrame:
    return pl.read_parquet(str(DATA / "metal_content.parquet"))


def content_known(lines: Lines) -> NDArray[np.bool_]:
    """Return which lines the table of metal content has itself; of the others their eight digits are asked."""
    return np.isin(lines.codes, _table()["line"].to_numpy().astype("U10"))


@cache
def _content(metal: str) -> dict[str, float]:
    """Return the share of ``metal`` by statistical line, and by line of 8 digits the mean of its lines."""
    table = _table().select("line", metal)
    by_8 = table.group_by(pl.col("line").str.slice(0, 8), maintain_order=True).agg(pl.col(metal).mean())
    return dict(by_8.iter_rows()) | dict(table.iter_rows())


def _share(metal: str, lines: Lines) -> Floats:
    """Return the assumed share of ``metal`` in the value of each line (input-output average of its industry).

    Articles of the metal's own chapters are all metal. A line of 8 digits takes the mean of its
    statistical lines; where nothing is known of a line the share is one half.
    """
    share, whole = _content(metal), _OWN_CHAPTERS[metal]
    return np.array(
        [1.0 if code.startswith(whole) else share.get(code, share.get(code[:8], 0.5)) for code in lines.codes.tolist()]
    )


def _aircraft(lines: Lines) -> Floats:
    return np.array([code.startswith(AIRCRAFT) for code in lines.codes.tolist()], dtype=float)


def facts_of(lines: Lines, *, usmca: bool, aircraft: bool | None = None) -> dict[str, Floats]:
    """Return the facts the evaluator asks for: a USMCA claim, civil aircraft, and metal shares of value.

    ``aircraft=None`` is the assumption for averages (:data:`AIRCRAFT`).
    """
    facts = {metal: lines.remember(f"content of {metal}", partial(_share, metal)) for metal in METALS}
    facts["usmca"] = np.full(len(lines), float(usmca))
    facts["aircraft"] = (
        lines.remember("aircraft", _aircraft) if aircraft is None else np.full(len(lines), float(aircraft))
    )
    return facts
