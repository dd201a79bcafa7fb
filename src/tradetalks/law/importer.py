"""Duties of other importers on goods of an exporter: a line has its ordinary rate and that of an agreement.

An importer is a row of ``data/importers.csv`` and a table of lines: ``line`` (digits), ``sector``, ``mfn_pct`` and
``us_pct`` (percent, null where the rate is specific), ``mfn_specific`` and ``us_specific`` (the rate in words).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from tradetalks.ground.countries import country
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput, nearest
from tradetalks.law.component import Component
from tradetalks.law.duty import Duty
from tradetalks.law.measure import DATA
from tradetalks.law.question import check_positive


@dataclass(frozen=True, slots=True)
class Importer:
    """An importer whose tariff on goods of one exporter is shipped."""

    importer: str
    exporter: str
    file: str
    digits: int
    schedule: str
    schedule_day: date
    mfn_authority: str
    mfn_citation: str
    agreement: str
    agreement_since: date
    agreement_citation: str
    stage_from: date
    """The rates of the agreement are those of the stage that begins on this day"""
    stage_until: date
    """and ends on this one."""


@cache
def importers() -> dict[str, Importer]:
    """Return the importers shipped, by ISO3 code."""
    text = (DATA / "importers.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        days = {
            name: date.fromisoformat(row[name]) for name in row if name.endswith(("_day", "_since", "_from", "_until"))
        }
        words = {name: cell for name, cell in row.items() if name not in days and name != "digits"}
        found[row["importer"]] = Importer(**words, **days, digits=int(row["digits"]))  # type: ignore[arg-type]
    return found


def lines_of(importer: Importer) -> pl.DataFrame:
    """Return the table of lines of an importer."""
    return pl.read_parquet(str(DATA / importer.file))


def importer_duty(
    importer: str,
    line: str,
    origin: str,
    on: str | date,
    value: float | None = None,
) -> Duty:
    """Return the duty of another importer on ``line``: the agreement's rate counted, the ordinary one shown.

    Args:
        importer: country whose tariff is asked for.
        line: digits of the importer's tariff, with or without dots; six or more of them.
        origin: country of origin.
        on: day of entry.
        value: customs value in USD, for the amount of duty.

    Raises:
        BadInput: an importer or exporter that is not shipped, no such line, not a date.
    """
    land = country(importer)
    if land.iso3 not in importers():
        names = ", ".join(country(iso3).name for iso3 in importers())
        raise BadInput(f"--importer: the tariff of {land.name} is not shipped; there are the United States, {names}")
    spec = importers()[land.iso3]
    if country(origin).iso3 != spec.exporter:
        seller = country(spec.exporter).name
        raise BadInput(f"--origin: of the tariff of {land.name} only the rates on goods of {seller} are shipped")
    entered = day(on, "on")
    check_positive(value, "value")
    code = "".join(sign for sign in line if sign not in ".- ")
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= spec.digits):
        raise BadInput(f"line: {line[:40]!r} is no line of {land.name}; write 6 to {spec.digits} digits, like 0201.30")
    table = lines_of(spec)
    found = table.filter(pl.col("line").str.starts_with(code)).sort("line")
    if not found.height:
        known = table["line"].str.slice(0, max(6, len(code))).unique().sort().to_list()
        near = nearest(code, [one for one in known if one[:4] == code[:4]]) or nearest(code, known)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise BadInput(f"line: there is no line {line} in {spec.schedule}{hint}")
    return _answer(spec, found, code, entered, value)


def _answer(spec: Importer, found: pl.DataFrame, code: str, entered: date, value: float | None) -> Duty:
    agreed = entered >= spec.agreement_since
    staged = spec.stage_from <= entered <= spec.stage_until
    name = "us" if agreed else "mfn"
    rates, ordinary = found[f"{name}_pct"], found["mfn_pct"]
    same = found.select(f"{name}_pct", f"{name}_specific").unique().height == 1
    rate = rates[0] if same else None
    warnings = []
    if not same:
        warnings.append(
            f"{found.height} lines begin so and their rates differ: give {spec.digits} digits, for example "
            + ", ".join(found["line"].head(4))
            + f"; the parts shown are those of {found['line'][0]}"
        )
    elif rate is None:
        warnings.append(f"the rate is not ad valorem: {found[f'{name}_specific'][0]}")
    if not staged:
        warnings.append(
            f"the rates are those of {spec.schedule}; those of {entered} may differ (stages of the agreement, "
            "temporary rates)"
        )
    line = found["line"][0]
    first = found.row(0, named=True)
    components = [
        Component(
            id="mfn",
            authority=spec.mfn_authority,
            treatment="ordinary",
            rate_pct=first["mfn_pct"],
            status="unknown" if first["mfn_pct"] is None else "applies",
            citation=f"{spec.mfn_citation}; {spec.schedule}",
            heading=line,
            applies_from=spec.schedule_day,
            applies_until=None,
            known_from=None,
            why=f"rate of duty {first['mfn_specific'] or _percent(first['mfn_pct'])}",
        )
    ]
    lower = first["us_pct"] != first["mfn_pct"] or first["us_specific"] != first["mfn_specific"]
    if agreed and lower:
        both = first["us_pct"] is not None and first["mfn_pct"] is not None
        components.append(
            Component(
                id="agreement",
                authority=spec.agreement,
                treatment="replace",
                rate_pct=first["us_pct"] - first["mfn_pct"] if both else None,
                status="conditional",
                citation=spec.agreement_citation,
                heading=line,
                applies_from=max(spec.stage_from, spec.agreement_since),
                applies_until=None,
                known_from=None,
                why=f"{first['us_specific'] or _percent(first['us_pct'])} in place of the ordinary rate if the goods "
                "originate under the agreement and the importer claims it; counted",
            )
        )
    known = [pct for pct in (*rates.to_list(), *(ordinary.to_list() if agreed else ())) if pct is not None]
    complete = not rates.null_count() and not (agreed and ordinary.null_count())
    spread = complete and max(known) - min(known) > 1e-9
    unknown = rate is None and not spread
    decided = [] if same else ["the digits that follow"]
    decided += ["whether the agreement is claimed"] if agreed and lower else []
    return Duty(
        line=line if found.height == 1 else code,
        description="",
        origin=spec.exporter,
        on=entered,
        known=None,
        rate_pct=rate,
        range_pct=(min(known), max(known)) if spread else None,
        decided_by=tuple(decided) if spread else (),
        duty_usd=None if rate is None or value is None else round(value * rate / 100, 2),
        status="unknown" if unknown else "conditional" if spread or not staged or len(components) > 1 else "applies",
        components=tuple(components),
        warnings=tuple(warnings),
        editions=(spec.schedule,),
        schedule_through=spec.schedule_day,
        measures_through=spec.schedule_day,
        importer=spec.importer,
    )


def _percent(pct: float | None) -> str:
    return "unknown" if pct is None else "free" if pct == 0 else f"{pct:g}%"
