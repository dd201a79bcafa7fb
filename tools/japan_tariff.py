"""Read Japan's customs tariff: the rate cells of the published schedule and the rate that applies.

The input is a folder of chapters (``j_NN_tariff_data.json``) with a tree of rows; a leaf row is a
statistical line (six digits and three more) with 27 rate columns. What the columns mean:

- A blank cell takes the nearest rate above it in the tree (a rate printed on a heading is that of
  all its lines).
- The national rate is the temporary one (暫定) where there is one, else the general one (基本).
  The WTO rate (WTO協定) applies where it is lower; where it is not, the schedule prints it in
  brackets. So the most-favoured-nation rate is the WTO rate unless bracketed or absent, else the
  national one; a free national rate always wins. (Customs Tariff Act art. 3; Temporary Tariff
  Measures Act art. 2; GATT art. II.)
- Marks: ◎ quota line, ※ temporary rate with an adjustment levy beside it, * tariffied rate,
  ● rate that differs inside the line, ◆ a note. They do not change the figure.
- A preference (EPA, GSP, LDC) counts only where it is an ad valorem rate for the whole line. Where a
  cell splits the line and covers all of it ("... x%, others y%"; inside and outside a quota) the
  highest part counts; where it covers only a part (inside a quota, one product) it does not count.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GENERAL, TEMPORARY, WTO, GSP, LDC = "基本", "暫定", "WTO協定", "特恵", "特別特恵"
US = "EPA_日米貿易協定"
EU, UK, CPTPP, ASEAN = "EPA_欧州連合", "EPA_英国", "EPA_CPTPP", "EPA_アセアン"
RCEP, RCEP_CHINA, RCEP_KOREA = "EPA_RCEP_アセアン豪州NZ", "EPA_RCEP_中国", "EPA_RCEP_韓国"

_PLAIN = re.compile(r"(無税|免税|[\d.]+%)")
_PARTY = re.compile(r"\(([^()]*)に対する待遇\)\s*(\S+)")
_LACTOSE = re.compile(r"([\d.]+)円に重量比による乳糖の含有率が(\d+)%を超える1%ごとに([\d.]+)円を加えた額")
_PARTY_NAMES = {
    "VNM": "ベトナム",
    "MYS": "マレーシア",
    "CAN": "カナダ",
    "AUS": "オーストラリア",
    "MEX": "メキシコ",
}
_PARTY_NAMES |= {"NZL": "ニュージーランド", "PER": "ペルー", "CHL": "チリ", "SGP": "シンガポール"}
_PARTY_NAMES |= {"BRN": "ブルネイ", "GBR": "英国"}


@dataclass(frozen=True)
class Rate:
    """One rate cell: ``pct`` where it is ad valorem for the whole line, else None and ``text`` says it."""

    pct: float | None
    text: str
    bracketed: bool = False

    @property
    def blank(self) -> bool:
        """Return whether the cell, and every cell above it, was empty."""
        return not self.text


@dataclass(frozen=True)
class Line:
    """One leaf of the schedule with its cells after inheritance."""

    code: str
    """Nine digits: HS6 and the national three."""
    cells: Mapping[str, str]


def parse_rate(cell: str, party: str | None = None) -> Rate:
    """Return the rate in ``cell``; ``party`` (ISO3) chooses where a CPTPP cell differs by party."""
    text = unicodedata.normalize("NFKC", cell).replace("～", "〜").strip()
    clauses = [_PARTY.fullmatch(clause.strip()) for clause in text.split("\n")]
    if party and all(clauses):
        by_party = {clause[1]: clause[2] for clause in clauses if clause}
        own = [rate for names, rate in by_party.items() if _PARTY_NAMES.get(party, "?") in names]
        rest = [rate for names, rate in by_party.items() if names.startswith("他の")]
        return parse_rate((own or rest or [""])[0])
    parts = [re.fullmatch(r"(.*\S)\s+(\S+)", part.strip()) for part in text.split("\n") if part.strip()]
    if len(parts) > 1 and all(parts):
        rates = [parse_rate(part[2]).pct for part in parts if part]
        last = parts[-1][1] if parts[-1] else ""
        whole = last == "その他のもの" or last.endswith("割当数量以外のもの")
        known = [pct for pct in rates if pct is not None]
        return Rate(max(known) if whole and len(known) == len(rates) else None, text)
    text = "".join(text.split()).lstrip("◎※●*")
    outside = re.sub(r"\([^()]*\)", "", text)
    bracketed = bool(text) and not outside.strip("〜、又は*")
    plain = _PLAIN.fullmatch(text.strip("()") if bracketed else text)
    if not plain:
        return Rate(None, text, bracketed)
    pct = 0.0 if plain[1] in ("無税", "免税") else float(plain[1].rstrip("%"))
    return Rate(pct, text, bracketed)


def read_lines(folder: Path) -> Iterator[Line]:
    """Yield every line of the schedule, cells inherited, in the order of the tariff."""

    def walk(row: Mapping[str, Any], above: Mapping[str, str]) -> Iterator[Line]:
        cells = {**above, **{column: cell for column, cell in row["rate"].items() if cell}}
        if row["children"]:
            for child in row["children"]:
                yield from walk(child, cells)
        elif row["rate"]:
            yield Line(row["stat_code"].replace(".", "") + row["hs_code"], cells)

    for file in sorted(folder.glob("j_*_tariff_data.json")):
        for row in json.loads(file.read_text(encoding="utf-8")):
            yield from walk(row, {})


def national(line: Line) -> Rate:
    """Return the temporary rate, else the general one."""
    temporary = parse_rate(line.cells.get(TEMPORARY, ""))
    return parse_rate(line.cells.get(GENERAL, "")) if temporary.blank else temporary


def mfn(line: Line) -> Rate:
    """Return the rate applied to a WTO member without preference."""
    home, bound = national(line), parse_rate(line.cells.get(WTO, ""))
    if bound.blank or bound.bracketed or home.pct == 0:
        return home
    if home.pct is not None and bound.pct is not None and not home.bracketed:
        return min(home, bound, key=lambda rate: rate.pct or 0.0)
    return bound


def applied(line: Line, base: Rate, columns: tuple[str, ...], party: str) -> Rate:
    """Return the lowest of ``base`` and the preferences in ``columns`` that cover the whole line."""
    offers = [parse_rate(line.cells.get(column, ""), party) for column in columns]
    usable = [rate for rate in offers if rate.pct is not None]
    best = min(usable, key=lambda rate: rate.pct or 0.0, default=None)
    if best is None or best.pct is None or (base.pct is not None and base.pct <= best.pct):
        return base
    return best


#: The schedule's wording of specific rates, longer phrases before those they contain.
_ENGLISH = {
    "に係る基準輸入価格に": " standard import price times ",
    "に係る基準輸入価格と課税価格との差額": " standard import price less customs value",
    "を乗じて得た額と課税価格に": " less customs value times ",
    "を乗じて得た額との差額": "",
    "1頭につき、": "per head: ",
    "1キログラムにつき、": "per kg: ",
    "1キログラムにつき": "per kg: ",
    "生きている豚": "live pig",
    "部分肉": "pork cuts",
    "枝肉": "pork carcass",
    "豚肉加工品": "processed pork",
    "のうちいずれか高い税率": ", whichever is higher",
    "のうちいずれか低い税率": ", whichever is lower",
    "ただしその税率が": "; where that is below ",
    "を下回る場合は": ", ",
    "又は": " or ",
    "課税価格": "customs value",
    "円/足": " yen/pair",
    "円/頭": " yen/head",
    "円/本": " yen/piece",
    "円/枚": " yen/piece",
    "円": " yen",
    "無税": "free",
    "、": ", ",
    "−": " - ",
    "+": " + ",
    "〜": " to ",
}


def in_english(text: str) -> str:
    """Return a specific or mixed rate with its figures in English words."""
    text = _LACTOSE.sub(r"\1 yen and \3 yen for each 1% of lactose by weight above \2%", text)
    for words, english in _ENGLISH.items():
        text = text.replace(words, english)
    return text
