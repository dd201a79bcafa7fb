"""Build the tables that ``tradetalks.law`` ships from the raw inputs.

    python tools/build_law.py [SHARED]

SHARED is the folder of raw inputs (default: the environment variable TRADETALKS_SHARED, else
``../shared`` beside the project). Raw files are read, never copied: what is written here are
rates, code lists, shares and trade values.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import sys
from datetime import date
from pathlib import Path

import polars as pl

from tradetalks.law.release import lines_of, read_rows, with_numbers

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src" / "tradetalks" / "law" / "data"


def digits(code: str) -> str:
    """Return the digits of a code as typed in a list, with the leading zero that spreadsheets drop."""
    plain = re.sub(r"\D", "", code)
    return plain.zfill(len(plain) + len(plain) % 2)


def column(path: Path, name: str | int = 0, *where: tuple[str, str]) -> list[str]:
    """Return the codes in one column of a CSV file, optionally only rows with every ``column=value``."""
    rows = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line and line[0] != "#"]
    if isinstance(name, int):
        return [digits(row[name]) for row in csv.reader(rows) if digits(row[name])]
    return [digits(r[name]) for r in csv.DictReader(rows) if all(r[key] == value for key, value in where)]


# ---------------------------------------------------------------- schedule


def releases(law: Path) -> list[tuple[date, Path]]:
    """Return (first day, file) of each release, oldest first.

    The first day is the effective date of the release's change record where Budget Lab checked it
    ("policy"), else the date in USITC's list of releases. Revision 8 of 2026 changed wording only.
    """
    found = []
    table = csv.DictReader((law / "legal" / "hts_revision_dates_budgetlab_2026-06.csv").open(encoding="utf-8"))
    for row in table:
        name = row["revision"] if row["revision"].startswith("2026") else f"2025_{row['revision']}"
        since = row["effective_date"]
        # A release shows text before it bites; rates of duty in chapters 1 to 97 change on 1 January and
        # 1 July, which only the checked date of 2025 gets right.
        if row["revision"].startswith("rev_") and row["policy_effective_date"] != "NA":
            since = row["policy_effective_date"]
        found.append((date.fromisoformat(since), law / "hts" / f"hts_{name}.json.gz"))
    return sorted(found, key=lambda item: item[0])


def build_schedule(law: Path) -> pl.DataFrame:
    """Return one row for each spell of a line: since, until (exclusive), rates, words."""
    opened: dict[str, tuple[date, tuple[str, str, str, str]]] = {}
    spells: list[tuple[str, date, date | None, str, str, str, str]] = []
    for since, path in releases(law):
        now = lines_of(read_rows(path))
        for code in [c for c in opened if c not in now or opened[c][1][:3] != now[c][:3]]:
            start, (general, special, other, words) = opened.pop(code)
            spells.append((code, start, since, general, special, other, words))
        for code, content in now.items():
            if code not in opened:
                opened[code] = (since, content)
    for code, (start, (general, special, other, words)) in opened.items():
        spells.append((code, start, None, general, special, other, words))
    names = ["line", "since", "until", "general", "special", "other", "description"]
    frame = pl.DataFrame(spells, schema=names, orient="row").filter(
        pl.col("since") != pl.col("until").fill_null(date.max)
    )
    return with_numbers(frame).sort("line", "since")


def build_headings(law: Path) -> pl.DataFrame:
    """Return the words of headings (4 digits) and subheadings (6) of the last release, for search."""
    rows = read_rows(releases(law)[-1][1])
    found: dict[str, str] = {}
    for row in rows:
        code = re.sub(r"\D", "", row["htsno"] or "")
        if len(code) in (4, 6) and code[:2] != "99":
            found[code] = re.sub(r"<[^>]*>|\s+", " ", row["description"] or "").strip().rstrip(":")[:200]
    return pl.DataFrame({"code": list(found), "words": list(found.values())}).sort("code")


def build_history(law: Path) -> str:
    """Return the CSV of what lines became: old, new, first day, from the changes between releases.

    The changes were matched by words, so some pairs are of other goods ("other" to "other"): kept are those
    with eight digits in common, or six where a line has none with eight.
    """
    first_day = {path.name.removeprefix("hts_").removesuffix(".json.gz"): since for since, path in releases(law)}
    pairs: dict[str, list[tuple[str, date]]] = {}
    for row in csv.DictReader((law / "lists" / "hts_concordance.csv").open(encoding="utf-8")):
        old, new, release = row["old_hts10"], row["new_hts10"], row["revision_to"]
        since = first_day[release if release.startswith("2026") else f"2025_{release}"]
        if old[:6] == new[:6] and old != new:
            pairs.setdefault(old, []).append((new, since))
    text = "old,new,since\n"
    for old, changes in sorted(pairs.items()):
        near = [change for change in changes if change[0][:8] == old[:8]] or changes
        text += "".join(f"{old},{new},{since}\n" for new, since in sorted(near))
    return text


# ---------------------------------------------------------------- weights and shares


def build_weights(shared: Path) -> pl.DataFrame:
    """Return US imports for consumption of 2024 and their duty by line and origin (ISO3, or EU)."""
    data = shared / "data"
    iso3 = dict(csv.reader((data / "crosswalks" / "census_to_iso3.csv").open(encoding="utf-8")))
    iso3["0003"] = "EU"
    frames = []
    for path in sorted((data / "trade" / "imports_2024").glob("*.parquet")):
        code = path.stem[-4:]
        if code == "4359":  # Slovakia: already in the EU file
            continue
        frames.append(
            pl.read_parquet(path, columns=["HS10", "imports", "duty"]).select(
                line=pl.col("HS10").cast(pl.String),
                origin=pl.lit(iso3[code]),
                imports_usd=pl.col("imports").cast(pl.Int64),
                duty_usd=pl.col("duty").cast(pl.Int64),
            )
        )
    weights = pl.concat(frames).filter(pl.col("imports_usd") > 0)
    for name, file in (("usmca_2024", "2024"), ("usmca_2025h2", "2025_h2avg")):
        types = {"hts10": pl.String, "cty_code": pl.String, "usmca_share": pl.Float64}
        claims = pl.read_csv(data / "shares" / f"usmca_product_shares_{file}.csv", schema_overrides=types).select(
            pl.col("usmca_share").round(3).cast(pl.Float32).alias(name),
            line="hts10",
            origin=pl.col("cty_code").replace_strict({"1220": "CAN", "2010": "MEX"}, default=None),
        )
        weights = weights.join(claims, on=["line", "origin"], how="left")
    return weights.sort("origin", "line")


def build_content(shared: Path, lists: dict[str, list[str]]) -> pl.DataFrame:
    """Return metal content shares of the derivative lines whose duty falls on the content."""
    metals = [codes for name, codes in lists.items() if "content" in name or name == "copper"]
    # All of a line's numbers: one without a share of its own has their mean.
    wanted = tuple({code[:8] for codes in metals for code in codes})
    return (
        pl.read_csv(
            shared / "data" / "shares" / "metal_content_shares_bea_hs10.csv",
            schema_overrides={"hs10": pl.String},
        )
        .filter(pl.col("hs10").map_elements(lambda code: code.startswith(wanted), return_dtype=pl.Boolean))
        .select(
            line="hs10",
            steel=pl.col("steel_share").round(4).cast(pl.Float32),
            aluminium=pl.col("aluminum_share").round(4).cast(pl.Float32),
            copper=pl.col("copper_share").round(4).cast(pl.Float32),
        )
        .sort("line")
    )


# ---------------------------------------------------------------- lists


#: BIS notice of 16 June 2025 (90 FR 25208): appliances, and welded wire racks, by steel content.
APPLIANCES = ["84181000", "84183000", "84184000", "84221100", "84501100", "84502000", "84512100", "84512900"]
APPLIANCES += ["85098020", "85166040", "9403999020"]
#: US note 33(b): passenger vehicles and light trucks.
AUTOS = [
    "87032201",
    "87032301",
    "87032401",
    "87033101",
    "87033201",
    "87033301",
    "87034000",
    "87035000",
    "87036000",
]
LIGHT_TRUCKS = ["87042101", "87043101", "87044100", "87045100", "87046000"]
AUTOS += ["87037000", "87038000", "87039001", *LIGHT_TRUCKS]
#: US note 16(n) as of 12 March 2025 (90 FR 11249): steel derivatives outside chapter 73, by steel content.
STEEL_CONTENT = [
    "84313100",
    "84314200",
    "84314910",
    "84314990",
    "84321000",
    "84329000",
    "85479000",
    "94032000",
]
STEEL_CONTENT += ["94059920", "94059940", "94062000", "94069001"]
#: Lines of note 33(g) whose words do not speak of vehicles: motors, batteries, switchboards, bearings, hoists, range
#: finders, counters. Collections do not tell them from the others; a tenth of their trade is assumed not to be meant.
GENERAL_USE = ["850132", "850133", "850134", "850140", "850151", "850152", "850710", "85079040", "85079080", "853710"]
GENERAL_USE += ["853720", "84821010", "84824000", "84825000", "84254900", "84269100", "8431100090", "901510", "902910"]
#: Beer and empty cans, 4 April 2025 (90 FR 14786).
CANS_CONTENT, CANS = ["22030000"], ["76129010"]
#: Statistical numbers of the steel inclusions of 18 August 2025 (90 FR 40326), where the notice names them and
#: our compiled list only their first eight digits.
STEEL_NUMBERS = """2106909998 2710193050 2711120020 2804290010 3004909244 3824999397 8202390040 8207200070
8207306062 8207306095 8412909070 8412909075 8413919055 8413919060 8413919096 8454200010 8454200060 8477908601
8480490010 8480718045 8480718060 8480799010 8482105004 8482105008 8482105012 8482105016 8482105024 8482105028
8482105032 8482105036 8482105052 8482105056 8482105060 8482105064 8482105068 8482200064 8482200067 8482200090
8483101010 8483101050 8483405020 8501640110 8504909634 8504909638 8504909642 8701210080 8701220080 8701230080
8701240080 8701290080 8705900010 8705900020 9403999010 9403999015 9403999020 9403999040 9403999045 9403999051
9403999061"""
#: Of the magnets of 8505.11.00 US note 2(v)(iii) names one number, the sintered ones of neodymium, iron and boron; our
#: compiled list has all.
MAGNETS = ["8505110070"]
#: What headings 9903.01.03, .12, .22, .31, .80 and .89 name: publications, films, posters, records, photographs,
#: tapes, compact discs; of works of art headings 9701 to 9703 (31 CFR 515.332(b)(2)). Stamps, transfers, greeting
#: cards, calendars and antiques are left out.
INFORMATION = ["3705", "3706", "4901", "4902", "4903", "4904", "4905", "4906", "4911", "85232930", "85232940"]
INFORMATION += ["85232950", "85232970", "852349", "85238010", "9701", "9702", "9703"]


def narrowed(codes: list[str], numbers: list[str]) -> list[str]:
    """Return ``codes`` with the statistical numbers in place of the eight digits that they share."""
    named = {code: [number for number in numbers if number.startswith(code)] for code in codes}
    return [number for code in codes for number in named[code] or [code]]


def aluminium_numbers(law: Path) -> list[str]:
    """Return the numbers of US note 19(k), derivative articles of aluminium outside chapter 76, from its text."""
    with gzip.open(law / "legal" / "chapter99_2026_rev_6.txt.gz", "rt", encoding="utf-8", errors="replace") as file:
        text = file.read()
    note = text[text.index("(k) The rates of duty in heading 9903.85.08 apply") :].partition("For any derivative")[0]
    return [digits(code) for code in re.findall(r"\d{4}\.\d\d\.\d{2,4}", note) if not code.startswith("9903")]


def build_lists(law: Path) -> dict[str, list[str]]:
    """Return every scope of lines by name; an entry covers all lines that begin with it."""
    lists, country = law / "lists", law / "lists_country_actions"
    metal = list(csv.DictReader((lists / "s232_metal_chapter_products.csv").open(encoding="utf-8")))
    derivative = list(csv.DictReader((lists / "s232_derivative_products.csv").open(encoding="utf-8")))
    numbers = {"steel": STEEL_NUMBERS.split(), "aluminum": aluminium_numbers(law)}

    def metals(kind: str, name: str, since: str) -> list[str]:
        return [
            row["hts_prefix"]
            for row in metal
            if (row["metal_type"], row["kind"], row["effective_date"]) == (name, kind, since)
        ]

    def content(name: str, since: str) -> list[str]:
        found = [
            row["hts_prefix"]
            for row in derivative
            if (row["derivative_type"], row["effective_date"]) == (name, since)
            and row["hts_prefix"][:2] not in ("72", "73", "76")
        ]
        return narrowed(found, numbers[name])

    # Of 8503.00.95 two numbers came in August; 9401.99.90.81 was split into .30 and .70 on 1 July 2025.
    first = [code for code in content("aluminum", "") if code not in ("8503009546", "8503009570")]
    proclaimed = [*(code for code in first if code[:8] not in ("87081030", "87082921")), "9401999081"]
    included = [code for code in content("aluminum", "2025-08-18") if code not in proclaimed]
    annex = list(csv.DictReader((lists / "annex_ii_first_appearance.csv").open(encoding="utf-8")))

    def annex_ii(first: str, end: str) -> list[str]:
        days = (first, end)
        found = [row["prefix"] for row in annex if (row["first_effective_date"], row["end_effective_date"]) == days]
        return narrowed(found, MAGNETS)

    waived = lists / "fentanyl_carveout_products.csv"
    floor = lists / "floor_exempt_products.csv"
    # Annex I of EO 14323: a compiled list holds both of its parts, goods and articles of civil aircraft.
    first_day = ("ch99_code", "9903.01.77"), ("effective_date_start", "2025-08-06")
    brazil = column(lists / "country_eo_exempt_products.csv", "hts10", *first_day)
    outright = set(column(country / "brazil-non-airplane-exemptions.csv", "HTSUS"))
    return {
        "steel-mill": metals("mill", "steel", ""),
        "steel-derivative-2020": [*metals("derivative", "steel", ""), "87081030", "87082921"],
        "steel-derivative-ch73": metals("derivative", "steel", "2025-03-12"),
        "steel-content-2025-03": STEEL_CONTENT,
        "steel-content-2025-06": APPLIANCES,
        "steel-derivative-2025-08": metals("derivative", "steel", "2025-08-18"),
        "steel-content-2025-08": content("steel", "2025-08-18"),
        "aluminium-mill": metals("mill", "aluminum", ""),
        "aluminium-derivative-2020": [*metals("derivative", "aluminum", ""), "87081030", "87082921"],
        "aluminium-derivative-ch76": metals("derivative", "aluminum", "2025-03-12"),
        "aluminium-content-2025-03": proclaimed,
        "aluminium-derivative-cans": CANS,
        "aluminium-content-beer": CANS_CONTENT,
        "aluminium-derivative-2025-08": metals("derivative", "aluminum", "2025-08-18"),
        # A tower section of chapter 73 is named for its aluminium besides.
        "aluminium-content-2025-08": [*included, "7308200035"],
        "autos": AUTOS,
        "light-trucks": LIGHT_TRUCKS,
        "auto-parts": (parts := [digits(code) for code in (lists / "s232_auto_parts.txt").read_text().split()]),
        "auto-parts-named": parts,
        "copper": column(country / "copper-list.csv", "HTSUS"),
        "annex-ii": annex_ii("NA", "NA"),
        "annex-ii-until-2025-07-31": annex_ii("NA", "2025-07-31"),
        "annex-ii-until-2025-09-07": annex_ii("NA", "2025-09-07"),
        "annex-ii-until-2025-10-13": annex_ii("NA", "2025-10-13"),
        "annex-ii-from-2025-09-08": annex_ii("2025-09-08", "NA"),
        "electronics": annex_ii("2025-04-05", "NA"),
        "informational-materials": INFORMATION,
        "energy-canada": column(waived, "hts8", ("category", "energy_ca")),
        # Named by the words of heading 9903.01.13 (uranium, the movement of flowing water), not by Customs' list.
        "energy-canada-by-words": ["2716", "284420"],
        "potash": column(waived, "hts8", ("category", "potash_ca")),
        "civil-aircraft": column(floor, "hts8", ("category", "civil_aircraft")),
        "brazil-exempt": [code for code in brazil if code in outright],
        "civil-aircraft-brazil": [code for code in brazil if code not in outright and code[:2] < "98"],
        "solar-modules": ["8541430010", "8541430080"],
        "solar-cells": ["8541420010"],
    }


def headings(path: Path, first: str, last: str) -> dict[str, tuple[str, str]]:
    """Return ``{ISO3 or EU: (rate, heading)}`` from the words of the country headings of a release."""
    from tradetalks.ground.countries import country

    found: dict[str, tuple[str, str]] = {}
    with gzip.open(path) as file:
        rows = json.load(file)
    for row in rows:
        rate = re.search(r"\+ ([\d.]+)%", row["general"] or "")
        named = re.search(
            r"articles the product of (.*?),? (?:that are|as provided|with an ad valorem)", row["description"]
        )
        if not (first <= row["htsno"] <= last and rate and named):
            continue
        if "China" in named[1]:
            continue  # its own acts stand in measures.yaml
        for name in re.split(r",? or (?:the )?|, (?:and )?(?:the )?", named[1].replace(" (Burma)", "")):
            plain = name.replace("`", "'").removeprefix("the ").strip()
            if not plain:
                continue
            code = "EU" if "European Union" in plain else country(plain).iso3
            found[code] = (rate[1], row["htsno"])
    return found


def build_country_rates(law: Path) -> str:
    """Return the CSV of country rates: the headings of EO 14257 and of EO 14326, by ISO3 (or EU)."""
    april = headings(law / "hts" / "hts_2025_rev_8.json.gz", "9903.01.43", "9903.01.76")
    august = headings(law / "hts" / "hts_2025_rev_18.json.gz", "9903.02.01", "9903.02.71")
    text = "origin,annex_i,heading_i,annex_i_2025_08,heading_2025_08\n"
    for code in sorted(april.keys() | august.keys()):
        text += ",".join((code, *april.get(code, ("", "")), *august.get(code, ("", "")))) + "\n"
    return text


# ---------------------------------------------------------------- retaliation

#: China, 10 February 2025 (Tariff Commission Announcement 2025 No. 1): 15% on coal and liquefied gas; 10% on
#: crude oil, farm machinery, large cars and pickups, by six digits.
FEBRUARY_15 = ["270111", "270112", "270119", "270120", "270210", "270220", "271111"]
FEBRUARY_10 = [
    "270900",
    "843210",
    "843221",
    "843229",
    "843231",
    "843239",
    "843241",
    "843242",
    "843280",
    "843311",
]
FEBRUARY_10 += [
    "843319",
    "843320",
    "843330",
    "843340",
    "843351",
    "843352",
    "843353",
    "843359",
    "843410",
    "843610",
]
FEBRUARY_10 += ["870323", "870324", "870332", "870333", "870421", "870431"]
#: Canada, 9 April 2025: passenger vehicles and light trucks.
VEHICLES = ["870322", "870323", "870324", "870331", "870332", "870333", "870340", "870350", "870360"]
VEHICLES += ["870370", "870380", "870390", "870421", "870431", "870441", "870451", "870460"]


def build_retaliation(law: Path) -> str:
    """Return the CSV of retaliation: each act's rate times the share of a sector's headings it lists."""
    from tradetalks.ground.concordance import concordance, sector_of
    from tradetalks.ground.sectors import SECTORS

    country = law / "lists_country_actions"
    size: dict[str, int] = {}
    six = {line[:6] for line in concordance()["line"].to_list()}
    for heading in six:
        if sector := sector_of(heading):
            size[sector] = size.get(sector, 0) + 1
    goods = [sector.code for sector in SECTORS if sector.goods and sector.code in size]

    def shares(codes: list[str]) -> dict[str, float]:
        hit: dict[str, int] = {}
        for heading in {code[:6] for code in codes} & six:
            if sector := sector_of(heading):
                hit[sector] = hit.get(sector, 0) + 1
        return {sector: hit[sector] / size[sector] for sector in goods if sector in hit}

    everything = dict.fromkeys(goods, 1.0)
    march_10 = [code[:6] for code in column(country / "china-10-percent-030425.csv", 1)]
    march_15 = [code[:6] for code in column(country / "china-15-percent-030425.csv", 1)]
    thirty = column(country / "canada-march-list.csv", 0)
    metals = column(country / "canada-steel-list.csv", 0)
    acts: list[tuple[str, dict[str, float], float, str, str, str, str, str, str]] = [
        (
            "CHN",
            everything,
            34.0,
            "2025-04-10",
            "2025-04-10",
            "2025-04-04",
            "2025-04-09",
            "State Council Tariff Commission, Announcement 2025 No. 4",
            "raised on the day before it began",
        ),
        (
            "CHN",
            everything,
            84.0,
            "2025-04-10",
            "2025-04-12",
            "2025-04-09",
            "2025-04-11",
            "State Council Tariff Commission, Announcement 2025 No. 5",
            "all goods",
        ),
        (
            "CHN",
            everything,
            125.0,
            "2025-04-12",
            "2025-05-14",
            "2025-04-11",
            "2025-05-12",
            "State Council Tariff Commission, Announcement 2025 No. 6",
            "all goods; exemptions granted case by case are not published",
        ),
        (
            "CHN",
            everything,
            10.0,
            "2025-05-14",
            "",
            "2025-05-12",
            "",
            "State Council Tariff Commission, Announcement 2025 No. 7",
            "34% of which 24 points are suspended",
        ),
        (
            "CHN",
            shares(FEBRUARY_15),
            15.0,
            "2025-02-10",
            "",
            "2025-02-04",
            "",
            "State Council Tariff Commission, Announcement 2025 No. 1",
            "coal and liquefied gas",
        ),
        (
            "CHN",
            shares(FEBRUARY_10),
            10.0,
            "2025-02-10",
            "",
            "2025-02-04",
            "",
            "State Council Tariff Commission, Announcement 2025 No. 1",
            "crude oil, farm machinery, large cars, pickups; headings named in the announcement's list",
        ),
        (
            "CHN",
            shares(march_15),
            15.0,
            "2025-03-10",
            "2025-11-10",
            "2025-03-04",
            "2025-11-05",
            "State Council Tariff Commission, Announcement 2025 No. 2",
            "chicken, wheat, maize, cotton",
        ),
        (
            "CHN",
            shares(march_10),
            10.0,
            "2025-03-10",
            "2025-11-10",
            "2025-03-04",
            "2025-11-05",
            "State Council Tariff Commission, Announcement 2025 No. 2",
            "sorghum, soybeans, pork, beef, fish, fruit, dairy and others",
        ),
        (
            "CAN",
            shares(thirty),
            25.0,
            "2025-03-04",
            "2025-09-01",
            "2025-02-01",
            "2025-08-22",
            "United States Surtax Order (2025-1), SOR/2025-66",
            "goods worth C$30 billion a year",
        ),
        (
            "CAN",
            shares(metals),
            25.0,
            "2025-03-13",
            "",
            "2025-03-12",
            "",
            "United States Surtax Order (Steel and Aluminum 2025), SOR/2025-95",
            "steel, aluminium and other goods, C$29.8 billion a year; since 1 September 2025 metals only",
        ),
        (
            "CAN",
            shares(VEHICLES),
            21.25,
            "2025-04-09",
            "",
            "2025-04-03",
            "",
            "United States Surtax Order (Motor Vehicles 2025), SOR/2025-118",
            "25% on 85% of the value (vehicles of USMCA origin); remission for makers in Canada not modelled",
        ),
    ]
    rows = [
        "importer,exporter,sector,add_pct,applies_from,applies_until,known_from,until_known_from,citation,basis,note"
    ]
    for importer, share, rate, since, until, known, until_known, cited, note in acts:
        basis = "all goods" if share is everything else "share of six-digit headings listed"
        for sector, part in share.items():
            rows.append(
                f"{importer},USA,{sector},{rate * part:.2f},{since},{until},{known},{until_known},"
                f'"{cited}",{basis},"{note}"'
            )
    return "\n".join(rows) + "\n"


def main() -> None:
    project = Path(os.environ.get("TRADETALKS_SHARED", ROOT.parent / "shared"))
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else project
    law = shared / "data" / "law"
    (OUT / "lists").mkdir(parents=True, exist_ok=True)
    lists = build_lists(law)
    for name, codes in lists.items():
        (OUT / "lists" / f"{name}.csv").write_text("line\n" + "".join(f"{code}\n" for code in sorted(set(codes))))
        print(f"{name:32} {len(set(codes)):6}")
    # Note 33(g) names heading 8471 and subheading 8507.60, but computers, and batteries other than of electric
    # vehicles, are no parts of vehicles: no share of their trade.
    meant = dict.fromkeys(lists["auto-parts"], 1.0) | dict.fromkeys(GENERAL_USE, 0.9)
    meant |= dict.fromkeys(("8471", "8507600020", "8507600030", "8507600090"), 0.0)
    text = "".join(f"{code},{share:g}\n" for code, share in sorted(meant.items()))
    (OUT / "lists" / "auto-parts.csv").write_text("line,share\n" + text)
    mixed = "".join(f"{code}\n" for code, share in sorted(meant.items()) if share < 1)
    (OUT / "lists" / "auto-parts-mixed.csv").write_text("line\n" + mixed)
    (OUT / "country_rates.csv").write_text(build_country_rates(law))
    (OUT / "line_history.csv").write_text(build_history(law))
    (OUT / "retaliation.csv").write_text(build_retaliation(law))
    options = {"compression": "zstd", "compression_level": 19, "statistics": True}
    for name, frame in {
        "weights_2024": build_weights(shared),
        "metal_content": build_content(shared, lists),
        "schedule": build_schedule(law),
        "headings": build_headings(law),
    }.items():
        path = OUT / f"{name}.parquet"
        frame.write_parquet(path, row_group_size=4096, **options)  # type: ignore[arg-type]
        print(f"{name:16} {frame.height:8} rows {path.stat().st_size / 1e6:6.2f} MB")


if __name__ == "__main__":
    main()
