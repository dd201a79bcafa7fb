"""Map the published trade elasticities to the 28 sectors: ``python tools/build_elasticities.py [SHARED]``.

Writes ``src/tradetalks/world/data/elasticities.csv``. The mapping below is the whole judgement: which
published sectors stand for which of ours (several: their simple mean), and which neighbour is used
where a paper has no estimate.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from pathlib import Path

from tradetalks.ground.files import write_atomic
from tradetalks.ground.sectors import SECTORS

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "tradetalks" / "world" / "data" / "elasticities.csv"

#: The trade elasticity of services, by assumption; no set has a usable estimate.
SERVICES = 5.0

#: Our name of a set -> (its name in the input, what is subtracted from the figure to get theta, what it is).
SETS = {
    "fgo2022": ("fontagne_2022", 1.0, "theta+1"),
    "cp2015": ("caliendo_parro_2015", 0.0, "theta"),
    "bsy2021": ("bagwell_staiger_yurukoglu_2021", 0.0, "theta"),
    "gyy2021": ("giri_yi_yilmazkuday_2021", 0.0, "theta"),
    "ll2023": ("lashkaripour_lugovskyy_2023", 0.0, "theta"),
    "shapiro2016": ("shapiro_2016", 0.0, "theta"),
}

#: Groups of our sectors used by most papers.
FARM, MINE = "A01 A02 A03", "B05 B06 B07 B08 B09"

#: set -> {our sectors: (published sectors, note)}. Published sectors by code where the paper gives
#: one, else by name; several are separated by ";".
MAPPING: dict[str, dict[str, tuple[str, str]]] = {
    "fgo2022": {
        FARM: ("C01T05", ""),
        MINE: ("C10T14", ""),
        "C10T12": ("C15T16", ""),
        "C13T15": ("C17T19", ""),
        "C16": ("C20", ""),
        "C17_18": ("C21T22", ""),
        "C19": ("C23", ""),
        "C20": ("C24", ""),
        "C21": ("C24", "pharmaceuticals are part of chemicals in ISIC revision 3"),
        "C22": ("C25", ""),
        "C23": ("C26", ""),
        "C24A C24B": ("C27", ""),
        "C25": ("C28", ""),
        "C26": ("C30T33X", ""),
        "C27": ("C31", ""),
        "C28": ("C29", ""),
        "C29": ("C34", ""),
        "C301 C302T309": ("C35", ""),
        "C31T33": ("C36T37", ""),
    },
    "cp2015": {
        FARM: ("01-05", ""),
        MINE: ("10-14", ""),
        "C10T12": ("15-16", ""),
        "C13T15": ("17-19", ""),
        "C16": ("20", ""),
        "C17_18": ("21-22", ""),
        "C19": ("23", "kept as published (99% sample); far above every other set"),
        "C20": ("24", ""),
        "C21": ("24", "pharmaceuticals are part of chemicals in ISIC revision 3"),
        "C22": ("25", ""),
        "C23": ("26", ""),
        "C24A C24B": ("27", ""),
        "C25": ("28", ""),
        "C26": ("30;32;33", "simple mean of office, communication and medical equipment"),
        "C27": ("31", ""),
        "C28": ("29", ""),
        "C29": ("34", ""),
        "C301 C302T309": ("35", "kept as published; far below every other set"),
        "C31T33": ("36-37", ""),
    },
    "bsy2021": {
        "A01": (
            "Live animals;Cereals;Vegetables and fruit;Coffee, tea, spices;Textile fibers",
            "simple mean",
        ),
        "A02": ("Cork and wood", "raw wood stands in SITC 24"),
        "A03": ("Seafood", ""),
        "B05": ("Coal", ""),
        "B06": ("Petroleum", "SITC 33 and 34, gas included"),
        "B07": ("Metal ores", ""),
        "B08": ("Fertilizers", "includes crude fertilisers and minerals, SITC 27"),
        "B09": ("Petroleum", "no estimate for mining services; that of oil and gas, which they mostly serve"),
        "C10T12": (
            "Meat;Dairy;Sugar;Feeding stuff;Misc. edible;Beverages;Tobacco;Animal oils and fats",
            "simple mean",
        ),
        "C13T15": (
            "Fabrics;Footwear;Travel goods and bags;Hides and skins",
            "simple mean; clothing is with bags",
        ),
        "C16": ("Wood manufactures;Cork and wood", "simple mean"),
        "C17_18": ("Pulp and waste paper;Paper manufactures", "simple mean"),
        "C19": ("Petroleum", "SITC 33 and 34"),
        "C20": (
            "Organic chemicals;Inorganic chemicals;Dyeing and tanning;Fertilizers;Resins;Chemical",
            "simple mean",
        ),
        "C21": ("Pharmaceutical", ""),
        "C22": ("Rubber manufactures;Resins", "simple mean; plastics goods are not estimated apart"),
        "C23": ("Nonmetallic mineral mfg", ""),
        "C24A": ("Iron and steel", ""),
        "C24B": ("Nonferrous metals", "SITC 68 and 69"),
        "C25": ("Nonferrous metals", "SITC 68 and 69: metal products are in this group"),
        "C26": ("Office machines;Scientific instruments", "simple mean; SITC 75, 76, 87, 88"),
        "C27": ("Electrical machinery", ""),
        "C28": ("Power generating machinery;Specialized machinery", "simple mean"),
        "C29": ("Road vehicles", ""),
        "C301 C302T309": ("Other transport equipment", ""),
        "C31T33": ("Furniture and parts;Misc manufactures", "simple mean"),
    },
    "gyy2021": {
        FARM: ("311", "manufacturing only; that of food, the nearest use of the same products"),
        MINE: ("369", "manufacturing only; that of non-metallic minerals, the nearest material"),
        "C10T12": ("311;313-314", "simple mean"),
        "C13T15": ("321;322;323;324", "simple mean"),
        "C16": ("331", ""),
        "C17_18": ("341-342", ""),
        "C19": ("352", "no estimate for petroleum; that of chemicals, the nearest process"),
        "C20 C21": ("352", "other chemicals, pharmaceuticals included"),
        "C22": ("355;356", "simple mean"),
        "C23": ("361;362;369", "simple mean"),
        "C24A": ("371", ""),
        "C24B": ("371", "no estimate for non-ferrous metals; that of iron and steel"),
        "C25": ("381", ""),
        "C26": ("383", "electronics are part of electric machinery in ISIC revision 2"),
        "C27": ("383", ""),
        "C28": ("383", "no estimate for machinery; that of electric machinery"),
        "C29 C301 C302T309": ("384", ""),
        "C31T33": ("332", "furniture"),
    },
    "ll2023": {
        FARM: ("Agriculture and Mining", ""),
        MINE: ("Agriculture and Mining", ""),
        "C10T12": ("Food", ""),
        "C13T15": ("Textiles, Leather, Footwear", ""),
        "C16": ("Wood", ""),
        "C17_18": ("Paper", ""),
        "C19": ("Petroleum", ""),
        "C20 C21": ("Chemicals", ""),
        "C22": ("Rubber and Plastic", ""),
        "C23": ("Minerals", ""),
        "C24A C24B C25": ("Basic and Fabricated Metals", ""),
        "C26 C27": ("Electrical and Optical Equipment", ""),
        "C28": ("Machinery", ""),
        "C29 C301 C302T309": ("Transport Equipment", ""),
        "C31T33": ("N.E.C. and Recycling", ""),
    },
    "shapiro2016": {
        "A01 A02": ("Agriculture, forestry", ""),
        "A03": ("Agriculture, forestry", "no estimate for fishing; that of farming and forestry"),
        MINE: ("Mining", ""),
        "C10T12": ("Food, beverages, tobacco", ""),
        "C13T15": ("Textiles;Apparel, leather", "simple mean"),
        "C16": ("Wood", ""),
        "C17_18": ("Paper, printing", ""),
        "C19 C23": ("Petroleum, coal, minerals", ""),
        "C20 C21 C22": ("Chemicals, rubber, plastics", ""),
        "C24A C24B C25": ("Metals", ""),
        "C26 C27 C28": ("Machinery, electrical", ""),
        "C29 C301 C302T309": ("Transport equipment", ""),
        "C31T33": ("Other", ""),
    },
}

SERVICES_NOTE = "assumption, interval 2 to 8; not an estimate of any paper"
SERVICES_NOTES = {
    "fgo2022": f"{SERVICES_NOTE} (the published 8.35 of C90T93 is for the few goods booked there)",
}
B09_NOTE = "mining services: that of mining, the industry they serve"
HEADER = [
    *("set", "sector", "theta", "published_code", "published_value", "is_theta_or_sigma"),
    *("source", "se", "note"),
]


def rows(shared: Path) -> list[list[str]]:
    published: dict[str, dict[str, tuple[str, str]]] = {}
    with (shared / "data" / "elasticities" / "trade_elasticities.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = row["code"] or row["sector"]
            published.setdefault(row["set"], {})[key] = (row["trade_elasticity"], row["source"])
    found: list[list[str]] = []
    for name, (publisher, less, what) in SETS.items():
        figures = published[publisher]
        chosen = {code: pick for codes, pick in MAPPING[name].items() for code in codes.split()}
        source = next(iter(figures.values()))[1]
        for one in SECTORS:
            if one.code == "SERV":
                note = SERVICES_NOTES.get(name, SERVICES_NOTE)
                found.append([name, "SERV", f"{SERVICES:g}", "", "", "theta", "assumption", "", note])
                continue
            keys, note = chosen[one.code]
            values = [float(figures[key][0]) for key in keys.split(";")]
            theta = sum(values) / len(values) - less
            if one.code == "B09" and not note:
                note = B09_NOTE
            shown = ";".join(f"{value:g}" for value in values)
            found.append([name, one.code, f"{theta:.6g}", keys, shown, what, source, "", note])
    uniform = "Simonovska & Waugh 2014, Journal of International Economics 92(1)"
    for one in SECTORS:
        note = "one figure for every sector, services included: that is what the set is for"
        found.append(["uniform4", one.code, "4", "", "4", "theta", uniform, "", note])
    return found


def main(shared: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows(shared))
    write_atomic(TARGET, text.getvalue())


if __name__ == "__main__":
    default = os.environ.get("TRADETALKS_SHARED", str(ROOT.parent / "shared"))
    main(Path(sys.argv[1] if len(sys.argv) > 1 else default))
