"""Build lists of lines of section 301 and of ``law/data/measures_later.yaml``, and the forced-labour rates.

    python tools/law_lists_later.py [SHARED]

SHARED as in ``build_law.py``. Code lists of the law only; every list has the format of ``build_law.py``:
one column ``line`` of prefixes, or ``line,share`` where an assumption says which share of the trade is meant.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src" / "tradetalks" / "law" / "data"

#: Section 232 metals, Annexes of Proclamation 11021; Proclamation 11032 moved lines on this day.
JUNE = "2026-06-08"

#: Section 338, alcohol list of note 51(b)(1) from 15 September 2026 (Proclamation 11064): lines of 8 digits
#: narrowed to statistical numbers, and additions.
WHISKY = ["2208306020", "2208306040", "2208306055", "2208306065", "2208306075", "2208700030"]
#: Additions named one by one in our sources. Of 21 more cheeses they say only that they lie between 0406.10.64 and
#: 0406.90.97: all of those are listed apart, with the share that joined.
ALCOHOL_ADDED = ["04061064", "04069097", "15180040", "41015010", "41019010", "41071150", "43016060"]
ALCOHOL_ADDED += ["43021930", "43021945", "43021960", "89033100", "89033200", "89039320"]
ALCOHOL_NARROWED = ["22083060", "22087000"]
#: Vehicles list of note 51(b)(3) from 15 September 2026 (Proclamation 11065).
VEHICLES_REMOVED = ["25010000", "25232900", "29400060", "48030040", "78011000", "48189000", "85371091", "95071000"]
VEHICLES_ADDED = ["04069099", "73089030", "73089060", "73089095", "76081000", "76082000", "87031050", "87032101"]
VEHICLES_ADDED += ["8537109130", "8537109150", "8537109160", "8537109170", "89039921", "4818900020", "9507100040"]
VEHICLES_ADDED += ["940521", "940529"]
#: Additions of which our sources give only the range (first and last line) and how many lines of it joined.
CHEESES = [(["04061064", "04069097"], 23)]
VEHICLES_RANGES = [
    (["48026100", "48026999"], 10),
    (["76040000", "76049999"], 3),
    (["83070000", "83119999"], 16),
    (["94014100", "94019999", "94033000", "94038999", "94041000", "94042999"], 32),
]
#: Prohibited from 29 September 2026, Annexes of Proclamations 11061 (alcohol, any container and only packaged), 11062
#: and 11063, as attached to CSMS 70050970.
BANNED_ALCOHOL = """22042120 22042130 22042150 22042160 22042180 22042220 22042240 22051030 22082020 22082030 22082040
2208306020 2208306055 2208306065 22084020 22084040 22086010 22086020 2208700030 22089012 22089020 22089025 22089030
22089050 22089072"""
BANNED_PACKAGED = """22030000 22041000 22042260 22042280 22042961 22042981 22060015 22060030 22060045 22060060 22060090
22071030 22082010 22082050 22082060 22083030 2208306040 2208306075 22084060 22084080 22085000 22086050 22089010 22089014
22089015 22089035 22089040 22089075"""
BANNED_DAIRY = """04041005 04041008 04041011 04041015 04041020 04041048 04041050 04041090 17029035 17031030 17031050
17039030 17039050 22029100"""

#: Note 40(c) since 29 September 2026 (91 FR 60360): numbers split, with the same goods, are listed by eight digits.
MEDICINES_SPLIT = ["29221909", "29349947", "29372200", "29419030", "29419050", "30043100"]
MEDICINES_REMOVED = ["3004200083", "3004320060", "3004390055", "3004909225"]
MEDICINES_ADDED = """3004200042 3004200058 3004200073 3004200074 3004200078 3004200085 3004320020 3004320080 3004390015
3004390080 3004909212 3004909217 3004909218 3004909226"""

#: Note 20(g) (list 3, heading 9903.88.04) and note 20(s)(ii) (list 4A): lines but for statistical numbers.
LIST_3_BUT = {
    "29319090": ["52"],
    "85176200": ["90"],
    "94016140": ["01"],
    "94016960": ["01"],
    "94017100": ["01", "05", "06", "07"],
    "94017900": ["01", "02", "03", "04"],
    "94018020": ["01"],
    "94018040": ["01"],
    "94018060": ["21", "23"],
    "94037040": ["03"],
    "94037080": ["03"],
}
LIST_4A_BUT = {
    "49019900": ["40"],
    "63079098": ["42", "44", "50", "70", "75"],
    "85176200": ["10", "20"],
    "94016960": ["11", "31"],
    "94017100": ["01", "05", "06", "08", "11", "31"],
}
#: Where the subdivisions of US note 20 that list lines begin, and the next one.
NOTE_20 = {
    "s301-list-1": ("(b) Heading 9903.88.01 applies", "(c) For the purposes of heading 9903.88.02"),
    "s301-list-2": ("(d) Heading 9903.88.02 applies", "(e) For the purposes of heading 9903.88.03"),
    "s301-list-3": ("(f) Heading 9903.88.03 applies", "(g) For the purposes of heading 9903.88.04"),
    "s301-list-4a": ("(s) Heading 9903.88.15 applies", "(ii) the following products of China"),
}

#: Unmanned aircraft, US note 43(c): above 25 kg (100%), and to 25 kg (25% without thermal imaging).
DRONES_HEAVY = ["88062400", "88062900", "88069400", "88069900"]
DRONES_LIGHT = ["88062100", "88062200", "88062300", "88069100", "88069200", "88069300"]
#: General-purpose lines of note 43(c)(1), and parts of aircraft: only if for unmanned aircraft.
DRONE_PARTS = ["8504409580", "8537109170", "8807"]

#: Semiconductors: numbers of US note 31(f) among the lines of heading 9903.91.05.
FACEMASKS = ["6307909842", "6307909844", "6307909850", "6307909870", "6307909875"]

#: US note 52(b), as far as the compiled list of exempt lines lacks it: seeds, sugar, works of art and others.
LABOUR_ADDED = """29182975
02012030 05119930 06021000 07011000 0712908550 07131010 07132010 07133110 07133210 07133310 07133410
07133911 07134010 07135010 07136010 07139011 07139050 10011100 10019100 10021000 10031000 10041000
10051000 10071000 10082100 12011000 12023005 12023040 12023080 1204000010 1205100010 1205900010
1206000031 12072100 12077000 12091000 12092100 12092220 12092240 12092300 12092400 12092500 12092910
12092991 12093000 12099110 12099120 12099140 12099150 12099160 12099180 12099920 12099941 14049090
17011210 17011310 17011410 17019110 17019910 17029010 20083035 21011121 21069044 25030000 26011100
26012000 27082000 28020000 28043000 28070000 28141000 28142000 28183000 28253000 28259020 28273925
28342910 28469080 29269030 29302010 29331923 30045040 41133030 41133060 41139030 41139060 44039800
4407990295 63090000 71123001 72011000 72012000 72015030 72031000 72039000 72041000 72043000 72044100
74040060 76020000 81129920 84713001 84717010 84719000 8505110070 85249190 85491300 90308200 90309084
90314100 90318040 90319045 90319054 90319070 96019020 97012100 97012200 97012900 97019100 97019200
97019900 97021000 97029000 97031000 97039000 97040000 97051000 97052100 97052200 97052900 97053100
97053900 97061000 97069000"""

#: Textiles and apparel of general note 29(d)(v), by heading: raw silk, wool, cotton and bast fibres are none, textile
#: luggage, hats, glass fibre and bedding are. Jordan's list in note 52(j)(13) is of the same goods.
TEXTILES = """4202 50079060 5104 5105 5106 5107 5108 5109 5110 5111 5112 5113 5203 5204 5205 5206 5207 5208 5209 5210
5211 5212 5306 5307 5308 5309 5310 5311 54 55 56 57 58 59 60 61 62 6301 6302 6303 6304 6305 6306 6307 6308 6310 6501
6502 6504 6505 650691 650699 6507 7019 940430 940440 940490"""
#: Economies with a list of their own in note 52(j).
NOTE_52J = ["ARG", "BGD", "CHE", "ECU", "EU", "GBR", "GTM", "IDN", "JOR", "KHM", "MYS", "SLV", "TWN"]

#: Forced labour (US note 52(a), 91 FR 47318): heading and economy, +12.5% but where a set below says otherwise.
ECONOMIES = """20 DZA 21 AGO 22 ARG 23 AUS 24 BHS 25 BHR 26 BGD 27 BRA 28 KHM 29 CAN 30 CHL 31 CHN 32 COL 33 CRI
34 DOM 35 ECU 36 EGY 37 SLV 39 EU 40 GTM 41 GUY 42 HND 43 HKG 44 IND 45 IDN 46 IRQ 47 ISR 49 JPN 50 JOR 51 KAZ
52 KWT 53 LBY 54 MYS 55 MEX 56 MAR 57 NZL 58 NIC 59 NGA 60 NOR 61 OMN 62 PAK 63 PER 64 PHL 65 QAT 66 RUS 67 SAU
68 SGP 69 ZAF 71 KOR 72 LKA 74 CHE 76 TWN 77 THA 78 TTO 79 TUR 80 ARE 81 GBR 82 URY 83 VEN 84 VNM"""
TEN = """ARG BGD KHM CAN ECU SLV EU GTM HND IND IDN JOR MYS MEX PAK LKA TWN TTO GBR"""
#: Note 52(k): the rate is a total that tops the column 1 rate up.
TOTALS = {"EU", "JPN", "KOR", "CHE", "TWN"}
#: The share of the trade of a line that holds other goods too, where nothing says how much of it is meant.
MEANT = 0.9


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file whose comment lines begin with #."""
    text = path.read_text(encoding="utf-8-sig").splitlines()
    return list(csv.DictReader(line for line in text if not line.startswith("#")))


def codes(path: Path, column: str = "HTSUS", **where: str) -> list[str]:
    """Return the digits of one column, of the rows with the given values."""
    return [re.sub(r"\D", "", r[column]) for r in rows(path) if all(r[k] == v for k, v in where.items())]


@cache
def chapter_99(law: Path) -> str:
    """Return the text of chapter 99 in HTS 2026 revision 6."""
    with gzip.open(law / "legal" / "chapter99_2026_rev_6.txt.gz", "rt", encoding="utf-8", errors="replace") as file:
        return file.read()


def note(law: Path, begin: str, end: str) -> list[str]:
    """Return the codes printed between two phrases of the notes to chapter 99 (HTS 2026 revision 6)."""
    text = chapter_99(law)
    # A subdivision may name other headings in its sentence: only codes of chapters 1 to 97 are goods.
    part = text[(start := text.index(begin)) : text.index(end, start)]
    found = re.findall(r"\b(\d{4}\.\d{2}\.\d{2}(?:\d{2})?)\b", part)
    return [re.sub(r"\D", "", code) for code in found if code[:2] < "98"]


def china(law: Path) -> dict[str, list[str] | dict[str, float]]:
    """Return lists 1 to 4A of section 301 from the text of US note 20.

    The compiled list has the lines named only in part whole, and a few that the note does not have.
    """
    found: dict[str, list[str] | dict[str, float]] = {}
    for name, (begin, end) in NOTE_20.items():
        but = {"s301-list-3": LIST_3_BUT, "s301-list-4a": LIST_4A_BUT}.get(name, {})
        whole = dict.fromkeys([*note(law, begin, end), *but], 1.0)
        found[name] = whole | {line + number: 0.0 for line, numbers in but.items() for number in numbers}
        if not but:
            found[name] = list(whole)
    return found


def exclusions(law: Path, lists: Mapping[str, list[str] | dict[str, float]]) -> dict[str, float]:
    """Return the share of each line's trade that claimed an exclusion, September 2025 to March 2026.

    The compiled share is what was not collected over the full rate of section 301. Where its full rate is not that
    of the line (it took that of other numbers of the same eight digits) the share is taken anew from ours.
    """
    rate = {
        "s301-list-1": 0.25,
        "s301-list-2": 0.25,
        "s301-list-3": 0.25,
        "s301-list-4a": 0.075,
        "s301-review-25": 0.25,
    }
    found = {}
    for row in rows(law / "lists" / "s301_exclusion_claim_shares.csv"):
        line, share = row["hts10"], float(row["claim_share"])
        full = max((own for name, own in rate.items() if {line, line[:8]} & set(lists[name])), default=0.0)
        if full and abs(full - float(row["full_301_vw"])) > 1e-3:
            share = 1 - (float(row["realized_vw"]) - float(row["stat_other_vw"])) / full
        if share > 0:
            found[line] = round(min(share, 1.0), 3)
    return found


def leaves(law: Path, weights: Path) -> list[str]:
    """Return all statistical lines of the schedules of April and June 2026 and of the trade of 2024."""
    found: set[str] = set()
    for name in ("2026_rev_5", "2026_rev_10"):
        with gzip.open(law / "hts" / f"hts_{name}.json.gz") as file:
            plain = (re.sub(r"\D", "", row["htsno"]) for row in json.load(file))
            found |= {code.ljust(10, "0") for code in plain if len(code) in (8, 10) and code[:2] < "98"}
    found |= set(pl.read_parquet(weights, columns=["line"])["line"].unique().to_list())
    return sorted(found)


#: Subdivisions of US note 16(c) in their order, with the words that begin each, and the kind of its goods.
SUBDIVISIONS = {
    "(i) Articles of aluminum:": "1a",
    "(ii) Derivative aluminum articles:": "1a",
    "(iii) Articles of steel:": "1a",
    "(iv) Derivative steel articles:": "1a",
    "(v) Articles of copper:": "1a-copper",
    "(vi) Derivative aluminum articles:": "1b",
    "(vii) Derivative steel articles:": "1b",
    "(viii) Articles of copper:": "1b-copper",
    "(ix) Derivative aluminum articles:": "3",
    "(x) Derivative steel articles:": "3",
    "(d) Headings 9903.82.04": "",
}


def note_16(law: Path) -> dict[str, str]:
    """Return ``{prefix: kind}`` of US note 16(c) as of 6 April 2026 (HTS 2026 revision 6).

    The text of the note is taken, not the compiled list of the annexes: there the headings above statistical
    numbers (8471, 8427 ...) were read as if they were listed. Columns of adjacent subdivisions run together
    in the text, so copper is told by its chapter.
    """
    text = chapter_99(law)
    text = text[text.index("16. (a)  Except as provided in headings 9903.85.67") :]
    starts = [text.index(words) for words in SUBDIVISIONS]
    found: dict[str, str] = {}
    for kind, begin, end in zip(SUBDIVISIONS.values(), starts, starts[1:], strict=False):
        for code in re.findall(r"(?<![\d.-])(\d{4}(?:\.\d{2}(?:\.\d{2}(?:\d{2})?)?)?)(?![\d.])", text[begin:end]):
            plain = re.sub(r"\D", "", code)
            # Four digits are a heading only in the chapters of the metals; elsewhere a year or a page.
            if plain[:2] == "99" or (len(plain) == 4 and plain[:2] not in ("72", "73", "76")):
                continue
            found.setdefault(plain, "1a-copper" if kind == "1a" and plain[:2] == "74" else kind)
    return found


def owners(prefixes: Mapping[str, str], lines: list[str]) -> dict[str, str]:
    """Return ``{line: kind}``: the longest prefix wins."""
    found = {}
    for line in lines:
        for length in (10, 8, 6, 4):
            if line[:length] in prefixes:
                found[line] = prefixes[line[:length]]
                break
    return found


def shortest(chosen: set[str], lines: list[str]) -> list[str]:
    """Return the fewest prefixes of 4, 8 or 10 digits that cover exactly ``chosen`` among ``lines``."""
    found: list[str] = []
    left = set(chosen)
    for length in (4, 8, 10):
        groups: dict[str, set[str]] = {}
        for line in lines:
            groups.setdefault(line[:length], set()).add(line)
        for prefix in sorted({line[:length] for line in left}):
            if groups[prefix] <= chosen and groups[prefix] & left:
                found.append(prefix)
                left -= groups[prefix]
    return sorted(found)


def metals(law: Path, lines: list[str]) -> dict[str, list[str]]:
    """Return the lists of the metals annexes: of both dates, and of what moved on 8 June 2026."""
    april = note_16(law)
    moved = [row for row in rows(law / "lists" / "s232_annex_products.csv") if row["effective_date"] == JUNE]
    june = april | {row["hts_prefix"]: row["annex"] for row in moved}
    early, late = owners(april, lines), owners(june, lines)
    found = {}
    for kind in ("1a", "1a-copper", "1b", "1b-copper", "3", "1c"):
        before, after = ({line for line in lines if own.get(line) == kind} for own in (early, late))
        found[f"metals-{kind}"] = shortest(before & after or after, lines)
        if before and (gone := before - after):
            found[f"metals-{kind}-until-2026-06-07"] = shortest(gone, lines)
        if before and (new := after - before):
            found[f"metals-{kind}-from-2026-06-08"] = shortest(new, lines)
    aluminium = [row["hts_prefix"] for row in moved if row["metal_type"] == "aluminum" and row["annex"] != "2"]
    found["metals-aluminium"] = sorted({*aluminium, *(code for code in april if code in aluminium_of(law))})
    return found


def aluminium_of(law: Path) -> set[str]:
    """Return what subdivisions (i), (ii), (vi) and (ix) of US note 16(c) list: aluminium and its derivatives."""
    table = rows(law / "lists" / "s232_annex_products.csv")
    return {row["hts_prefix"] for row in table if row["metal_type"] == "aluminum"} | {
        code for code in note_16(law) if code[:2] == "76"
    }


def shares(shared: Path, law: Path) -> dict[str, dict[str, float]]:
    """Return the lists of which only a share of the trade is meant."""
    lists = law / "lists"
    parts = set((lists / "s232_auto_parts.txt").read_text().split())
    trucks = [re.sub(r"\D", "", code) for code in (lists / "s232_mhd_parts.txt").read_text().split()]

    def also_car(code: str) -> bool:
        return any(code.startswith(other) or other.startswith(code) for other in parts)

    # What both lists name is taken to be of passenger vehicles.
    found: dict[str, dict[str, float]] = {"mhd-parts": {code: float(not also_car(code)) for code in trucks}}
    gate = rows(lists / "semi_qualifying_shares.csv")
    # No line holds chips of note 39(b) alone, and uses of 9903.79.03-.09 are free: all of a line is an upper bound.
    found["semiconductors"] = {r["hts10"]: min(float(r["qualifying_share"]), MEANT) for r in gate}
    # Patented articles of companies without an agreement: nobody publishes their share, none is assumed.
    medicines = [
        c for c in codes(lists / "s232_pharma_products.csv", "hts10") if not c.startswith(tuple(MEDICINES_SPLIT))
    ]
    found["pharmaceuticals"] = dict.fromkeys(
        [c for c in medicines if c not in MEDICINES_REMOVED] + MEDICINES_SPLIT, 0.0
    )
    found["pharmaceuticals-until-2026-09-28"] = dict.fromkeys(MEDICINES_REMOVED, 0.0)
    found["pharmaceuticals-from-2026-09-29"] = dict.fromkeys(MEDICINES_ADDED.split(), 0.0)
    particular = codes(law / "lists_country_actions" / "section122-specific-exemptions.csv", "hts_code")
    found["particular-articles"] = dict.fromkeys(particular, 0.0)
    found["drone-parts"] = dict.fromkeys(DRONE_PARTS, 0.0)
    certified = codes(lists / "s232_subdivision_r_products.csv", "hts_prefix")
    found["auto-parts-certified"] = dict.fromkeys(certified, 0.5)
    found["ship-to-shore-cranes"] = {"84261900": 1.0}
    # The chassis lines hold castors and parts of any trailer: only the statistical number of trailers is taken.
    found["chassis"] = {"8716390090": 1.0, "87169030": 0.0, "87169050": 0.0}
    found["quartz"] = {"6810990020": 1.0, "6810990040": 1.0, "7020006000": 0.0}
    floor = rows(lists / "floor_exempt_products.csv")
    generics = {r["hts8"] for r in floor if r["category"] == "pharma"}
    brazil = codes(law / "lists_country_actions" / "brazil-301-exemptions.csv", "HTSUS", category="pharma")

    def pharma_use(found: Iterable[str]) -> dict[str, float]:
        return {code: 1.0 if code.startswith("30") else 0.5 for code in found}

    found["pharmaceutical-use"] = pharma_use(generics)
    found["pharmaceutical-use-2026"] = pharma_use(brazil)
    preferred = {
        (r["hs2"], r["cty_code"]): float(r["exemption_share"])
        for r in rows(shared / "data" / "shares" / "mfn_exemption_shares.csv")
    }
    cafta = ["2230", "2470", "2110", "2050", "2150", "2190"]  # CRI DOM SLV GTM HND NIC, Census codes
    chapters = [f"{chapter:02}" for chapter in range(1, 98) if chapter != 77]
    found["nicaragua-preference"] = {hs2: round(preferred.get((hs2, "2190"), 0.0), 3) or 0.001 for hs2 in chapters}
    found["cafta-textiles"] = {
        prefix: round(sum(preferred.get((prefix[:2], c), 0.0) for c in cafta) / len(cafta), 3)
        for prefix in TEXTILES.split()
    }
    return found


def build_lists(shared: Path) -> Mapping[str, list[str] | dict[str, float]]:
    """Return every list by name: prefixes, or prefixes with a share."""
    law = shared / "data" / "law"
    lists, country = law / "lists", law / "lists_country_actions"
    lines = leaves(law, OUT / "weights_2024.parquet")
    products = rows(lists / "s301_product_lists.csv")
    single = rows(ROOT / "tools" / "note_52j.csv")
    floor = rows(lists / "floor_exempt_products.csv")
    particular = set(codes(country / "section122-specific-exemptions.csv", "hts_code"))
    annex = rows(lists / "annex_ii_first_appearance.csv")
    autumn = {r["prefix"] for r in annex if r["first_effective_date"] == "2025-11-13"}
    aircraft = set(codes(country / "section122-aircraft-exemptions.csv", "hts_code"))
    labour = set(codes(lists / "s301fl_exempt_products.csv", "hts8"))
    medicines = set(codes(country / "brazil-301-exemptions.csv", "HTSUS", category="pharma"))
    alcohol = codes(country / "canada-338-alcohol.csv")
    vehicles = codes(country / "canada-338-autos.csv")

    def heading(*names: str) -> list[str]:
        return [r["hts8"] for r in products if r["ch99_code"] in names]

    def listed(category: str, group: str) -> list[str]:
        return [r["hts8"] for r in floor if (r["category"], r["country_group"]) == (category, group)]

    def joined(ranges: list[tuple[list[str], int]], known: Iterable[str]) -> dict[str, float]:
        """Return the lines of the ranges that are not ``known``, each with the share of its range that joined."""
        found: dict[str, float] = {}
        eight = sorted({line[:8] for line in lines})
        for bounds, number in ranges:
            pairs = list(zip(bounds[::2], bounds[1::2], strict=True))
            inside = [line for line in eight if any(first <= line <= last for first, last in pairs)]
            named = [line for line in inside if line in ALCOHOL_ADDED]
            found |= dict.fromkeys(
                [line for line in inside if line not in known],
                round((number - len(named)) / len([line for line in inside if line not in known]), 2),
            )
        return found

    def of(land: str) -> list[str]:
        return [r["line"] for r in single if land in r["origins"].split()]

    review = heading("9903.91.01")
    return {
        **metals(law, lines),
        **shares(shared, law),
        **china(law),
        "s301-exclusions": exclusions(law, {**china(law), "s301-review-25": review}),
        "s301-list-4a-until-2025-12-31": {"85076000": 1.0, "8507600010": 0.0},
        "s301-review-25": review,
        "s301-review-25-until-2025-12-31": ["8507600010", *(line for line in FACEMASKS if line != "6307909870")],
        "s301-review-facemasks": ["6307909870"],
        "s301-review-solar": heading("9903.91.02"),
        "s301-review-100": heading("9903.91.03"),
        "s301-review-semiconductors": [c for c in heading("9903.91.05") if c.startswith("854")],
        "s301-review-polysilicon": [c for c in heading("9903.91.05") if not c.startswith("854")],
        "s301-review-gloves": heading("9903.91.08"),
        "s301-review-tungsten": heading("9903.91.11"),
        **{f"s301-labour-exempt-{land.lower()}": of(land) for land in NOTE_52J},
        "s338-alcohol-ranges": joined(CHEESES, ALCOHOL_ADDED),
        "s338-vehicles-ranges": joined(VEHICLES_RANGES, vehicles),
        "s338-banned-alcohol": BANNED_ALCOHOL.split(),
        "s338-banned-packaged": BANNED_PACKAGED.split(),
        "s338-banned-dairy": BANNED_DAIRY.split(),
        "s338-banned-motorcycles": ["87115000"],
        "machinery-chapters": ["84", "85", "87"],
        "metal-chapters": ["72", "73", "74", "76"],
        "russia-35": note(law, "(b) Heading 9903.90.08 applies", "(c) For the purposes of heading 9903.90.09"),
        "russia-70": note(law, "(d) Heading 9903.90.09 applies", "31. (a)"),
        "polysilicon-raw": ["2804610000"],
        "beef-trimmings": ["0201305091", "0201305097", "0202305091", "0202305097"],
        "softwood": note(law, "(b) The rates of duty set forth in heading 9903.76.01", "(c) Heading 9903.76.02"),
        "upholstered-furniture": note(
            law, "(d) The rates of duty set forth in headings 9903.76.02", "(e) Except for as"
        ),
        "kitchen-cabinets": note(law, "(f) Except for as provided by 9903.76.04, the rates", "(g) Heading 9903.76.04"),
        "mhd-vehicles": note(law, "(b) The rate of duty set forth in heading 9903.74.01", "(c) Heading 9903.74.02"),
        "buses": note(law, "(c) Heading 9903.74.02 applies to buses", "(d) Heading 9903.74.03"),
        "taiwan-aircraft": codes(lists / "s232_aircraft_exempt_taiwan.csv", "hts8"),
        "annex-ii-from-2025-11-13": sorted(autumn - particular),
        "brazil-exempt-from-2025-11-13": [
            re.sub(r"\D", "", r["hts10"])
            for r in rows(lists / "country_eo_exempt_products.csv")
            if r["effective_date_start"] == "2025-11-13" and not r["hts10"].startswith("99")
        ],
        "textiles": TEXTILES.split(),
        "mhd-parts-named": [re.sub(r"\D", "", code) for code in (lists / "s232_mhd_parts.txt").read_text().split()],
        "natural-resources-eu": listed("ptaap", "eu"),
        "natural-resources-swiss": listed("ptaap", "swiss"),
        "civil-aircraft-2026": sorted(aircraft),
        "s122-exempt": codes(country / "section122-product-exemptions.csv", "hts_code"),
        "s301-brazil-exempt": codes(country / "brazil-301-exemptions.csv", "HTSUS", category="flat"),
        # The compiled list names goods that note 52(b) leaves to pharmaceutical use, note 52(e).
        "s301-labour-exempt": sorted(
            (labour - aircraft - particular - medicines) | {*LABOUR_ADDED.split(), "29182975"}
        ),
        "s301-semiconductors": [c for c in heading("9903.91.05") if c.startswith(("8541", "8542"))],
        "s301-2026-25": heading("9903.91.06"),
        "s301-2026-50": FACEMASKS,
        "s338-alcohol": [c for c in alcohol if c not in ALCOHOL_NARROWED],
        "s338-alcohol-until-2026-09-14": ALCOHOL_NARROWED,
        "s338-alcohol-from-2026-09-15": [*WHISKY, *ALCOHOL_ADDED],
        "s338-dairy": codes(country / "canada-338-dairy.csv"),
        "s338-vehicles": [c for c in vehicles if c not in VEHICLES_REMOVED],
        "s338-vehicles-until-2026-09-14": VEHICLES_REMOVED,
        "s338-vehicles-from-2026-09-15": VEHICLES_ADDED,
        "drones-heavy": DRONES_HEAVY,
        "drones-light": DRONES_LIGHT,
        # The numbers of the wafers are those of 1 July 2026; 3818.00.00.95 is what they were before.
        "polysilicon-wafers": ["3818000020", "3818000040", "3818000045", "3818000050", "3818000091", "3818000095"],
        "polysilicon-cells": ["854142"],
        "polysilicon-modules": ["854143"],
    }


def labour_rates() -> str:
    """Return the CSV of forced-labour rates: a rate on top, or a total, for each economy of note 52(a)."""
    words = ECONOMIES.split()
    text = "origin,labour_add,labour_total,heading\n"
    for number, origin in sorted(zip(words[::2], words[1::2], strict=True), key=lambda pair: pair[1]):
        rate = "10" if origin in TEN.split() else "12.5"
        cells = ("", rate) if origin in TOTALS else (rate, "")
        text += f"{origin},{cells[0]},{cells[1]},9903.05.{number}\n"
    return text


def main() -> None:
    project = Path(os.environ.get("TRADETALKS_SHARED", ROOT.parent / "shared"))
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else project
    for name, content in build_lists(shared).items():
        if isinstance(content, dict):
            text = "line,share\n" + "".join(f"{code},{share:g}\n" for code, share in sorted(content.items()))
        else:
            text = "line\n" + "".join(f"{code}\n" for code in sorted(set(content)))
        assert content, name
        (OUT / "lists" / f"{name}.csv").write_text(text)
        print(f"{name:36} {len(content):6}")
    (OUT / "forced_labour_rates.csv").write_text(labour_rates())


if __name__ == "__main__":
    main()
