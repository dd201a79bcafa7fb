"""Build the concordance from customs lines to the 28 sectors: ``ground/data/hts_sectors.csv``.

    python tools/build_ground.py [--shared ../shared] [--audit FOLDER]

How an HTS line gets its sector, first rule that decides:

1. *rule*: our own table ``concordance_rules.csv`` (longest prefix). One sector decides; several are
   candidates, the first the default; none means that the line has no sector (chapters 98 and 99,
   electricity).
2. *isic*: the ISIC rev. 4 classes of its HS6 (many to many), without repair (ISIC 33), mining support
   (09) and services, which make no goods: when one sector is left it decides, else they are candidates.
3. *naics*: among candidates, the sector of the NAICS code that Census gives the ten-digit line
   (``naics_sectors.csv``).
4. *sibling*: else the candidate with most 2024 imports among the decided lines of the same HS8, HS6
   or HS4; else the rule's default.

The shipped table holds, for every HS6, the sector with most 2024 imports, and longer prefixes only
where they differ. Japan's nine-digit codes share six digits with the HTS and are read by HS6.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tradetalks.ground.files import write_atomic
from tradetalks.ground.sectors import SECTORS

HERE = Path(__file__).parent
TARGET = HERE.parent / "src/tradetalks/ground/data/hts_sectors.csv"
GOODS = {sector.code for sector in SECTORS if sector.goods}


@dataclass(frozen=True)
class Decision:
    """The sector of one line (None: it has none), how it was found, and among which candidates."""

    sector: str | None
    how: str
    candidates: tuple[str, ...]


def longest(line: str, table: Mapping[str, Any]) -> Any:
    """Return the entry of the longest prefix of ``line`` in ``table``, or None."""
    return next((table[line[:n]] for n in range(len(line), 0, -1) if line[:n] in table), None)


def rules() -> dict[str, tuple[str, ...]]:
    with (HERE / "concordance_rules.csv").open(encoding="utf-8") as file:
        found = {row["prefix"]: tuple(row["sectors"].split()) for row in csv.DictReader(file)}
    assert all(set(sectors) <= GOODS for sectors in found.values())
    return found


def naics_sectors() -> dict[str, str]:
    with (HERE / "naics_sectors.csv").open(encoding="utf-8") as file:
        return {row["prefix"]: row["sector"] for row in csv.DictReader(file)}


def isic_sector(code: str) -> str | None:
    """Return the goods sector of a four-digit ISIC rev. 4 class; None for services, repair, unknown."""
    division, group = code[:2], code[:3]
    if division == "24":
        return "C24A" if group == "241" or code == "2431" else "C24B"
    if division == "30":
        return "C301" if group == "301" else "C302T309"
    spans = {"10": "C10T12", "11": "C10T12", "12": "C10T12", "13": "C13T15", "14": "C13T15", "15": "C13T15"}
    spans |= {"17": "C17_18", "18": "C17_18", "31": "C31T33", "32": "C31T33"}
    if division in spans:
        return spans[division]
    return next((code for code in (f"A{division}", f"B{division}", f"C{division}") if code in GOODS), None)


def read_isic(shared: Path) -> dict[str, tuple[str, ...]]:
    """Return the candidate sectors of each HS6."""
    import rdata

    frame = rdata.read_rda(str(shared / "data/crosswalks/hs_isic4.RData"))["hs_isic4"]
    found: dict[str, set[str]] = defaultdict(set)
    for hs6, isic in zip(frame["HS_6d"], frame["ISIC4_4d"], strict=True):
        sector = isic_sector(isic) if isinstance(isic, str) else None
        if sector:
            found[hs6].add(sector)
    return {hs6: tuple(sorted(sectors)) for hs6, sectors in found.items()}


def read_naics(shared: Path) -> dict[str, str]:
    with (shared / "data/crosswalks/hs10_naics_crosswalk.csv").open(encoding="utf-8") as file:
        return {row["hs10"]: row["naics"] for row in csv.DictReader(file)}


def read_imports(shared: Path) -> pl.DataFrame:
    """Return US imports for consumption 2024: origin (Census code), line, imports_usd, duty_usd.

    Slovakia's own file (4359) is dropped: it is inside the EU file (0003).
    """
    files = sorted((shared / "data/trade/imports_2024").glob("*.parquet"))
    columns = ["CTY_CODE", "HS10", "CON_VAL_YR", "CAL_DUT_YR"]
    table = pl.concat(pl.read_parquet(file, columns=columns) for file in files)
    return table.filter(pl.col("CTY_CODE") != "4359").select(
        origin="CTY_CODE",
        line="HS10",
        imports_usd=pl.col("CON_VAL_YR").cast(pl.Int64),
        duty_usd=pl.col("CAL_DUT_YR").cast(pl.Int64),
    )


def read_hts_lines(shared: Path) -> set[str]:
    """Return every 8- and 10-digit line of every stored HTS release."""
    found: set[str] = set()
    for file in (shared / "data/law/hts").glob("*.json.gz"):
        with gzip.open(file) as stream:
            codes = ((row["htsno"] or "").replace(".", "") for row in json.load(stream))
            found.update(code for code in codes if len(code) in (8, 10))
    return found


def leaves(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["children"]:
            yield from leaves(row["children"])
        else:
            yield row


def read_japan_hs6(shared: Path) -> set[str]:
    """Return the HS6 codes of Japan's tariff (a heading without subdivision is written with 00)."""
    found = set()
    for file in (shared / "data/japan_tariff").glob("j_*.json"):
        for row in leaves(json.loads(file.read_text(encoding="utf-8"))):
            code = row["stat_code"].replace(".", "")
            if code:
                found.add(code.ljust(6, "0"))
    return found


def decide(
    lines: Iterable[str],
    isic: Mapping[str, tuple[str, ...]],
    naics: Mapping[str, str],
    value: Mapping[str, float],
) -> dict[str, Decision]:
    """Return the decision for each line; see the rule at the head of this file."""
    own, industry = rules(), naics_sectors()
    done: dict[str, Decision] = {}
    waiting: dict[str, tuple[str, ...]] = {}
    for line in sorted(lines):
        ruled = longest(line, own)
        candidates = ruled if ruled is not None else isic.get(line[:6], ())
        if ruled is not None and not ruled:
            done[line] = Decision(None, "rule", ())
        elif len(candidates) == 1:
            done[line] = Decision(candidates[0], "isic" if ruled is None else "rule", candidates)
        elif (by_industry := longest(naics.get(line, ""), industry)) in candidates:
            done[line] = Decision(by_industry, "naics", candidates)
        else:
            waiting[line] = candidates
    weight: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for line, one in done.items():
        if one.sector and one.how == "naics":
            for n in (4, 6, 8):
                weight[line[:n]][one.sector] += 1.0 + value.get(line, 0.0)
    for line, candidates in waiting.items():
        near = next((weight[line[:n]] for n in (8, 6, 4) if set(weight.get(line[:n], ())) & set(candidates)), {})
        allowed = {sector: near[sector] for sector in candidates if sector in near}
        if allowed:
            done[line] = Decision(max(allowed, key=lambda s: allowed[s]), "sibling", candidates)
        elif longest(line, own):
            done[line] = Decision(candidates[0], "rule", candidates)
        else:
            raise SystemExit(f"{line}: no sector among {candidates}; add a rule to concordance_rules.csv")
    return done


def shortest(done: Mapping[str, Decision], value: Mapping[str, float]) -> list[tuple[str, str, str]]:
    """Return (prefix, sector, how): each HS6, then longer prefixes only where they change the answer."""
    children: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    how: dict[tuple[str, str], str] = {}
    for line, one in sorted(done.items()):
        if one.sector is None:
            continue
        for n in (6, 8, 10):
            if n <= len(line):
                children[line[:n]][one.sector] += 1.0 + value.get(line, 0.0)
                how.setdefault((line[:n], one.sector), one.how)
    best = {prefix: max(sectors, key=lambda s: sectors[s]) for prefix, sectors in children.items()}
    rows: dict[str, str] = {}
    for prefix in sorted(best, key=lambda p: (len(p), p)):
        known = next((rows[prefix[:n]] for n in (8, 6) if n < len(prefix) and prefix[:n] in rows), None)
        if known != best[prefix]:
            rows[prefix] = best[prefix]
    return [(prefix, sector, how[prefix, sector]) for prefix, sector in sorted(rows.items())]


def to_csv(rows: Iterable[tuple[Any, ...]], header: tuple[str, ...]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description="Build ground/data/hts_sectors.csv")
    default = Path(os.environ.get("TRADETALKS_SHARED", HERE.parent / "../shared"))
    parser.add_argument("--shared", type=Path, default=default, help="folder with data/ (default: %(default)s)")
    parser.add_argument("--audit", type=Path, help="also write the decision for every line in this folder")
    options = parser.parse_args()

    imports = read_imports(options.shared)
    value = dict(imports.group_by("line").agg(pl.col("imports_usd").sum()).iter_rows())
    naics = read_naics(options.shared)
    lines = set(value) | read_hts_lines(options.shared)
    lines |= {code for code in read_japan_hs6(options.shared) if not any(code == line[:6] for line in lines)}
    done = decide(lines, read_isic(options.shared), naics, value)
    rows = shortest(done, value)
    write_atomic(TARGET, to_csv(rows, ("line", "sector", "how")))

    table = pl.DataFrame(
        [(k, d.sector, d.how, " ".join(d.candidates), value.get(k, 0) / 1e9, naics.get(k)) for k, d in done.items()],
        schema=["line", "sector", "how", "candidates", "imports_bn", "naics"],
        orient="row",
    )
    if options.audit:
        table.write_csv(options.audit / "concordance_audit.csv")
    print(f"{len(lines)} lines, {len(rows)} prefixes in {TARGET.name}")
    print(table.group_by("how").agg(pl.len().alias("lines"), pl.col("imports_bn").sum().round(1)).sort("how"))
    open_ = table.filter(pl.col("candidates").str.contains(" "))
    print(f"ambiguous: {len(open_)} lines in {open_['line'].str.slice(0, 6).n_unique()} HS6")
    mixed = sum(len(prefix) > 6 for prefix, _, _ in rows)
    print(f"prefixes longer than six digits: {mixed}")


if __name__ == "__main__":
    main()
