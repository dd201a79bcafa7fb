"""From customs lines to the 28 sectors.

The shipped table has one sector for every six-digit heading of the Harmonized System (2022 edition)
and longer HTS prefixes where lines inside a heading differ; ``tools/build_ground.py`` says how each
was decided. Three groups of lines have no sector, and for each the reason is given by
:func:`no_sector_reason`: chapters 98 and 99 (they name circumstances, not goods) and electricity.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tradetalks.ground.errors import BadInput

if TYPE_CHECKING:
    import polars as pl

_NO_SECTOR = {
    "2716": "electricity is inside services in the world table, and services bear no customs duty",
    "98": "chapter 98 is for goods by the circumstance of entry (returned, repaired); it names no good",
    "99": "chapter 99 holds temporary provisions and low-value shipments; it names no good",
}


@cache
def _table() -> dict[str, str]:
    text = (files("tradetalks.ground") / "data" / "hts_sectors.csv").read_text(encoding="utf-8")
    return {row["line"]: row["sector"] for row in csv.DictReader(text.splitlines())}


def digits(line: str) -> str:
    """Return ``line`` without dots and blanks, checked to be 6, 8 or 10 digits.

    Raises:
        BadInput: anything else.
    """
    plain = line.strip().replace(".", "").replace(" ", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) in (6, 8, 10)):
        raise BadInput(f"line: {line[:40]!r} is not a tariff line; write 6, 8 or 10 digits, for example 8703.23.01")
    return plain


def sector_of(line: str) -> str | None:
    """Return the sector code of an HTS line of 6, 8 or 10 digits; the longest known prefix decides.

    ``None`` where the line has no sector (:func:`no_sector_reason` says why). A six-digit heading
    whose lines differ gets the sector with most US imports in 2024. Codes of other countries are
    read by their first six digits: pass those only.

    Raises:
        BadInput: not a line, or a heading that is not in the Harmonized System.
    """
    plain, table = digits(line), _table()
    if found := _longest(plain, table):
        return found
    if no_sector_reason(plain):
        return None
    near = sorted(known for known in table if len(known) == 6 and known.startswith(plain[:4]))
    known = f"; heading {plain[:4]} has {', '.join(near[:6])}" if near else ""
    raise BadInput(f"line: there is no heading {plain[:6]} in the Harmonized System{known}")


def sectors_of(lines: Iterable[str]) -> list[str | None]:
    """Return :func:`sector_of` each of many HTS lines without dots or blanks, which is several times faster.

    Raises:
        BadInput: as :func:`sector_of`.
    """
    table = _table()
    return [_longest(line, table) or sector_of(line) for line in lines]


def _longest(line: str, table: Mapping[str, str]) -> str | None:
    """Return the sector of the longest prefix of ``line`` that the table has."""
    return table.get(line) or table.get(line[:8]) or table.get(line[:6])


def no_sector_reason(line: str) -> str | None:
    """Return why ``line`` has no sector, or ``None`` when nothing bars it from having one.

    Raises:
        BadInput: not a line.
    """
    plain = digits(line)
    return next((why for prefix, why in _NO_SECTOR.items() if plain.startswith(prefix)), None)


def concordance() -> pl.DataFrame:
    """Return the table: ``line`` (str, 6, 8 or 10 digits), ``sector`` (code), ``how`` it was decided.

    ``how`` is ``rule`` (our own rule, by ISIC class), ``isic`` (the only ISIC sector of the heading),
    ``naics`` (the US industry code chose among several) or ``sibling`` (as neighbouring lines).
    """
    import polars as pl

    path = files("tradetalks.ground") / "data" / "hts_sectors.csv"
    return pl.read_csv(path.read_bytes(), schema={"line": pl.String, "sector": pl.String, "how": pl.String})
