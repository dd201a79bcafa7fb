"""Duties of a day as the model takes them: every origin, and the changes that a term makes.

The base year's duty of a flow is what was collected (US: 2024, calculated duty over imports). The law gives
statutory averages; what counts is how far they moved since 1 January 2025, so that quotas, preferences
and end uses stay as observed:

    duty on the day = base duty + (statutory average on the day - statutory average on 1 January 2025),

never below zero, and zero where every line is free. Retaliation adds the points of its lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.sectors import BY_CODE
from tradetalks.law.evaluate import Evaluation
from tradetalks.law.flow_rates import evaluations, evaluations_at
from tradetalks.law.measure import origin_key, us_law
from tradetalks.law.rates import line_rates
from tradetalks.law.retaliation import retaliation
from tradetalks.law.schedule import on_day
from tradetalks.law.sector_rates import sector_rates
from tradetalks.law.trade import origin_of, trade_of, weighted_origins
from tradetalks.value.effect import RateEdit
from tradetalks.world.world import World

Floats = NDArray[np.float64]

#: The one importer whose law is shipped line by line.
LAW_OF = "USA"

#: Readings of the law by line that are kept with the duties of a day, some 60 kilobytes each.
KEPT = 64


@dataclass(frozen=True, eq=False)
class _ByLine:
    """The lines of an origin that have a sector and a known rate."""

    frame: pl.DataFrame
    """``line`` and ``sector``."""
    here: NDArray[np.bool_]
    """Which of all the lines of the origin's trade these are."""
    rate: Floats
    """[line] percent."""
    imports: Floats
    """[line] USD of 2024."""
    sectors: tuple[str, ...]
    """The sectors that there are."""
    place: NDArray[np.intp]
    """[line] position of its sector."""
    reached: dict[tuple[str, ...], NDArray[np.bool_]] = field(default_factory=dict)
    """Scope and names of an edit -> [line] which lines it means, as asked before."""

    def averages(self, rate: Floats) -> dict[str, float]:
        """Return the average of ``rate`` [line] by sector, weighted with imports."""
        paid, whole = (np.bincount(self.place, each) for each in (rate * self.imports, self.imports))
        with np.errstate(invalid="ignore"):
            return dict(zip(self.sectors, (paid / whole).tolist(), strict=True))


@dataclass(frozen=True)
class Duties:
    """The world's duties on a day, and what they are made of."""

    sentence: str
    """What day and what law, for the reader."""
    on: date
    known: date
    tariffs: Floats
    """[i, n, s] fractions."""
    statutory: dict[tuple[str, str], float]
    """(origin, sector) -> US statutory average on the day, percent."""
    statutory_base: dict[tuple[str, str], float]
    """The same on 1 January 2025."""
    by_line: dict[tuple[str, tuple[tuple[str, float], ...]], _ByLine] = field(
        default_factory=dict, repr=False, compare=False
    )
    """(origin, other rates of measures) -> US rates by line, the last few read."""
    evaluated: dict[str, list[tuple[Floats, Evaluation]]] = field(default_factory=dict, repr=False, compare=False)
    """Origin -> the shares of each flow and what the law puts on it, where a measure's rate was changed."""


def duties_on(world: World, on: date, known: date, sentence: str) -> Duties:
    """Return the duties of ``on`` as the law was public on ``known``: US duties on every origin, and retaliation.

    Raises:
        BadInput: a date before the first schedule.
    """
    tariffs = world.tariffs.copy()
    now: dict[tuple[str, str], float] = {}
    base: dict[tuple[str, str], float] = {}
    if LAW_OF in world.regions:
        n = world.regions.index(LAW_OF)
        origins = [region for region in world.regions if region != LAW_OF]
        for row in sector_rates(LAW_OF, on, known, origins=origins).iter_rows(named=True):
            origin, sector = row["origin"], row["sector"]
            now[origin, sector], base[origin, sector] = row["rate_pct"], row["base_rate_pct"]
            i, s = world.regions.index(origin), world.sectors.index(sector)
            tariffs[i, n, s] = _duty(world.tariffs[i, n, s], row["rate_pct"], row["base_rate_pct"])
    for row in retaliation(on, known).iter_rows(named=True):
        if row["importer"] in world.regions and row["exporter"] in world.regions:
            i, n = world.regions.index(row["exporter"]), world.regions.index(row["importer"])
            tariffs[i, n, world.sectors.index(row["sector"])] += row["add_pct"] / 100.0
    return Duties(sentence, on, known, tariffs, now, base)


def _duty(base: float, rate_pct: float, base_rate_pct: float) -> float:
    """Return the duty (fraction) of a flow whose base duty moved with the statutory average."""
    if rate_pct == 0.0:
        return 0.0
    return max(0.0, base + (rate_pct - base_rate_pct) / 100.0)


def edited(world: World, duties: Duties, *layers: Sequence[RateEdit]) -> Floats:
    """Return the tariffs [i, n, s] of ``duties`` with the terms' edits made.

    Each layer is made on what the one before left: first what an outcome of no deal changes, then the
    deal. Within a layer edits combine by kind, not by order: rates of measures first, then totals, then
    points on top and off together.

    Raises:
        BadInput: an unknown region, line or measure, a duty nobody knows, a sector the importer
            buys nothing of, or two totals on one line.
    """
    tariffs = duties.tariffs.copy()
    for importer, exporter in sorted({(edit.importer, edit.exporter) for layer in layers for edit in layer}):
        ours = [[edit for edit in layer if (edit.importer, edit.exporter) == (importer, exporter)] for layer in layers]
        i, n = world.region(exporter), world.region(importer)
        if importer == LAW_OF:
            for sector, rate_pct in _by_line(duties, exporter, ours).items():
                s = world.sectors.index(sector)
                base_pct = duties.statutory_base.get((exporter, sector), 0.0)
                tariffs[i, n, s] = _duty(world.tariffs[i, n, s], rate_pct, base_pct)
        else:
            for edits in ours:
                tariffs[i, n] = _by_sector(world, tariffs[i, n], world.tariff_known[i, n], edits)
    return tariffs


def _by_line(duties: Duties, exporter: str, layers: Sequence[Sequence[RateEdit]]) -> dict[str, float]:
    """Return the new US average by sector, percent, for the sectors that the edits touch."""
    if origin_key(exporter) not in weighted_origins():
        raise BadInput(
            f"tariff: no US imports by line from {exporter} are shipped, so its duty cannot be changed line by line"
        )
    lines = _lines(duties, exporter, {})
    before = lines.averages(lines.rate)
    rates: dict[str, float] = {}
    rate = lines.rate
    for edits in layers:
        under = _lines(duties, exporter, rates).rate
        rates = {**rates, **_measure_rates(exporter, edits)}
        moved = _lines(duties, exporter, rates).rate - under
        rate = _edit_lines(lines, np.maximum(rate + moved, 0.0), edits, duties.on)
    after = lines.averages(rate)
    touched = {sector for sector, new in after.items() if abs(new - before[sector]) > 1e-12}
    # The shift is taken from the sector average of the day, which for members of a bloc is the bloc's.
    start = {sector: duties.statutory.get((exporter, sector), before[sector]) for sector in touched}
    return {s: 0.0 if after[s] == 0.0 else max(0.0, start[s] + after[s] - before[s]) for s in touched}


def _lines(duties: Duties, exporter: str, rates: dict[str, float]) -> _ByLine:
    key = (exporter, tuple(sorted(rates.items())))
    if key not in duties.by_line:
        duties.by_line[key] = _read(duties, exporter) if not rates else _with_rates(duties, exporter, rates)
        while len(duties.by_line) > KEPT:
            duties.by_line.pop(next(iter(duties.by_line)), None)
    return duties.by_line[key]


def _read(duties: Duties, exporter: str) -> _ByLine:
    frame = line_rates(LAW_OF, exporter, duties.on, duties.known)
    here = (frame["sector"].is_not_null() & frame["rate_pct"].is_not_nan()).to_numpy()
    frame = frame.filter(here)
    sectors, place = np.unique(frame["sector"].to_numpy().astype(str), return_inverse=True)
    rate, imports = (frame[name].to_numpy() for name in ("rate_pct", "imports_usd"))
    return _ByLine(frame.select("line", "sector"), here, rate, imports, tuple(sectors.tolist()), place)


def _with_rates(duties: Duties, exporter: str, rates: dict[str, float]) -> _ByLine:
    """Return the lines with other rates of measures; the rates alone are read, since nothing else changes."""
    lines, origin = _lines(duties, exporter, {}), origin_of(exporter)
    asked = us_law(), origin, trade_of(origin), duties.on, duties.known
    if exporter not in duties.evaluated:
        duties.evaluated[exporter] = evaluations(*asked)
    found = evaluations_at(rates, duties.evaluated[exporter], *asked)
    rate = np.sum([share * case.total() for share, case in found], axis=0)
    return replace(lines, rate=rate[lines.here])


def _measure_rates(exporter: str, edits: Sequence[RateEdit]) -> dict[str, float]:
    """Return measure id -> rate for the edits of measures; a group stands for all its measures."""
    key = origin_key(exporter)
    ours = [measure for measure in us_law().measures if not measure.exempts and key in measure.origins]
    rates: dict[str, float] = {}
    for edit in (edit for edit in edits if edit.scope == "measure"):
        name = edit.names[0]
        hit = [measure.id for measure in ours if name in (measure.id, measure.group)]
        if not hit:
            known = sorted({one for measure in ours for one in (measure.id, measure.group) if one})
            raise BadInput(f"tariff: measure: no US measure {name!r} on {exporter}{did_you_mean(name, known)}")
        for measure in hit:
            if rates.get(measure, edit.pct) != edit.pct:
                raise BadInput(f"tariff: two terms give the measure {measure} different rates; keep one")
            rates[measure] = edit.pct
    return rates


def _edit_lines(lines: _ByLine, rate: Floats, edits: Sequence[RateEdit], on: date) -> Floats:
    """Return ``rate`` of each of ``lines`` after totals, then points on top and off."""
    points = np.zeros(len(rate))
    total = np.full(len(rate), np.nan)
    for edit in edits:
        if edit.scope == "measure":
            continue
        key = (edit.scope, *edit.names)
        if key not in lines.reached:
            lines.reached[key] = _reach(lines.frame, edit, on)
        here = lines.reached[key]
        if edit.how == "total":
            clash = here & ~np.isnan(total) & (total != edit.pct)
            if clash.any():
                line = lines.frame["line"][int(np.argmax(clash))]
                raise BadInput(f"tariff: two terms set the total duty of line {line}; keep one")
            total[here] = edit.pct
        else:
            points[here] += edit.pct if edit.how == "add" else -edit.pct
    return np.maximum(np.where(np.isnan(total), rate, total) + points, 0.0)


def _reach(frame: pl.DataFrame, edit: RateEdit, on: date) -> NDArray[np.bool_]:
    """Return which lines of ``frame`` the edit means."""
    if edit.scope == "sector":
        if edit.names == ("all",):
            return np.ones(frame.height, dtype=bool)
        hit = np.asarray((frame["sector"] == edit.names[0]).to_numpy())
        if not hit.any():
            raise BadInput(
                f"tariff: sector: {edit.importer} imported no line of {edit.names[0]} from {edit.exporter} in 2024, "
                "so there is no duty to change"
            )
        return hit
    here = np.zeros(frame.height, dtype=bool)
    for prefix in edit.names:
        hit = frame["line"].str.starts_with(prefix).to_numpy()
        if not hit.any():
            _refuse_unknown_line(prefix, on)
        here |= hit
    return here


def _refuse_unknown_line(prefix: str, on: date) -> None:
    """Refuse a prefix that no line of the schedule has; a line without trade is no error."""
    codes: list[str] = on_day(on).select("line").collect()["line"].to_list()
    if any(code.startswith(prefix) for code in codes):
        return
    near = did_you_mean(prefix, {code[: len(prefix)] for code in codes})
    raise BadInput(f"tariff: lines: there is no line {prefix!r} in the schedule of {on}{near}")


def _by_sector(world: World, tariffs: Floats, known: NDArray[np.bool_], edits: Sequence[RateEdit]) -> Floats:
    """Return the duties [s] of an importer whose law is not shipped by line, edited by sector."""
    total = np.full(len(tariffs), np.nan)
    points = np.zeros(len(tariffs))
    for edit in edits:
        if edit.scope != "sector":
            raise BadInput(
                f"tariff: {edit.scope}: the law of {edit.importer} is not shipped by line; change its duty by sector"
            )
        goods = [code for code in world.sectors if code not in BY_CODE or BY_CODE[code].goods]
        for name in goods if edit.names == ("all",) else edit.names:
            if name not in goods:
                raise BadInput(f"tariff: sector: no duty falls on {name}")
            s = world.sectors.index(name)
            if edit.how == "add":
                points[s] += edit.pct / 100.0
            elif not known[s] and not (edit.how == "cut" and edit.pct / 100.0 <= tariffs[s] + 1e-12):
                # What was put on top since (retaliation) is known, and can be taken off again.
                raise BadInput(
                    f"tariff: the duty of {edit.importer} on {edit.exporter}'s {name} is not known (it is inside "
                    "the trade cost); only points on top can be priced: use add, or cut what retaliation added"
                )
            elif edit.how == "cut":
                points[s] -= edit.pct / 100.0
            elif not np.isnan(total[s]) and total[s] != edit.pct / 100.0:
                raise BadInput(f"tariff: two terms set the total duty of sector {name}; keep one")
            else:
                total[s] = edit.pct / 100.0
    return np.maximum(np.where(np.isnan(total), tariffs, total) + points, 0.0)
