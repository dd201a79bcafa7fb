"""US measures as terms: each one on the other side's goods, in force or scheduled.

A measure is proposed where its duty is a part of the whole worth talking about. What is scheduled to
rise may stay as it is; what is in force may go, or be halved.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from tradetalks.law.clock import Event, clock
from tradetalks.law.measure import Act, Measure, origin_key, us_law
from tradetalks.law.rates import BASE_DAY, effective_rate, line_rates
from tradetalks.law.trade import weighted_origins
from tradetalks.talks.draft.proposal import Proposal, money, name_of

#: A measure is proposed when it brings this share of all additional duty, and at most so many are.
WORTH, MOST = 0.02, 6

#: What the issue of the record is called that a measure belongs to, by the beginning of its group.
_ISSUES = {
    "s232-auto": "cars",
    "s232-truck": "cars",
    "s232-steel": "metals",
    "s232-aluminium": "metals",
    "s232-copper": "metals",
    "s232-metals": "metals",
    "s232-pharmaceuticals": "pharma-chips",
    "s232-semiconductors": "pharma-chips",
    "ieepa": "tariffs",
    "s122": "tariffs",
    "s301": "tariffs",
}


@dataclass(frozen=True)
class Bite:
    """One measure on one origin: what it asks now and at the deadline, and what that brings."""

    measure: Measure
    now: Act | None
    then: Act | None
    imports_usd_bn: float
    """Imports of 2024 that pay it, now or then."""
    duty_now_usd_bn: float
    duty_then_usd_bn: float

    @property
    def duty_usd_bn(self) -> float:
        """The larger of what it brings now and then, at the trade of 2024."""
        return max(self.duty_now_usd_bn, self.duty_then_usd_bn)


def has_lines(exporter: str) -> bool:
    """Return whether US imports from ``exporter`` ship by line, without which no measure on it can be changed."""
    return exporter != "ROW" and origin_key(exporter) in weighted_origins()


def bites(exporter: str, as_of: date, deadline: date) -> dict[str, list[Bite]]:
    """Return the US measures on goods of ``exporter``, by group, the dearest group first.

    Now is ``as_of``, then is ``deadline``, both by the law known on ``as_of``; at the imports of 2024.
    """
    key = origin_key(exporter)
    ours = [measure for measure in us_law().measures if not measure.exempts and key in measure.origins]
    # A ban, or a duty of dollars a unit, has no percentage that a term could change; nor then has its group.
    closed = {measure.group for measure in ours if any(math.isnan(act.rate_pct) for act in measure.acts)}
    frames = [line_rates("USA", exporter, day, as_of) for day in (as_of, deadline)]
    groups: dict[str, list[Bite]] = {}
    for measure in ours:
        if measure.group in closed:
            continue
        acts = [measure.act(day, as_of, key) for day in (as_of, deadline)]
        if not any(act and act.exempting for act in acts):
            continue
        duty, paying = [0.0, 0.0], 0.0
        for place, frame in enumerate(frames):
            if measure.id in frame.columns:
                duty[place] = float((frame[measure.id] * frame["imports_usd"]).sum()) / 1e11
                paying = max(paying, float(frame.filter(pl.col(measure.id) > 0)["imports_usd"].sum()) / 1e9)
        if max(duty) > 0:
            groups.setdefault(measure.group, []).append(Bite(measure, acts[0], acts[1], paying, *duty))
    ordered = sorted(groups.items(), key=lambda item: -sum(bite.duty_usd_bn for bite in item[1]))
    return {group: sorted(found, key=lambda bite: -bite.duty_usd_bn) for group, found in ordered}


def us_duties(exporter: str, as_of: date, deadline: date) -> list[Proposal]:
    """Return what ``exporter`` would ask of the United States: relief from each measure that weighs on it."""
    if not has_lines(exporter):
        return []
    groups = bites(exporter, as_of, deadline)
    whole = sum(bite.duty_usd_bn for found in groups.values() for bite in found)
    found: list[Proposal] = []
    for group, members in list(groups.items())[:MOST]:
        if sum(bite.duty_usd_bn for bite in members) >= WORTH * whole:
            found += _relief(exporter, group, members, deadline)
    titles = [term.title for term in found]
    # Two groups may rest on one authority; their names then tell them apart.
    return [replace(t, title=f"{t.title} ({t.slot})") if titles.count(t.title) > 1 else t for t in found]


def _relief(exporter: str, group: str, members: list[Bite], deadline: date) -> list[Proposal]:
    now, then = (sum(getattr(bite, f"duty_{when}_usd_bn") for bite in members) for when in ("now", "then"))
    main = members[0]
    name = main.measure.authority
    acts = [act for bite in members for act in (bite.now, bite.then) if act]
    source = "law: " + "; ".join(dict.fromkeys(act.citation for act in acts if act.citation))
    issue = next((issue for start, issue in _ISSUES.items() if group.startswith(start)), "tariffs")
    note = _note(members, now, then, deadline)
    common = {"kind": "tariff", "asked_by": exporter, "slot": group, "source": source, "issues": (issue,)}
    flow = {"importer": "USA", "exporter": exporter}
    rate = main.now.rate_pct if main.now and main.duty_now_usd_bn else None
    found = []
    if then > now * 1.02:
        if now == 0:
            return [
                Proposal(
                    id=f"{group}-off",
                    title=f"{name} duty does not begin for {name_of(exporter)}",
                    body={**flow, "measure": group, "rate": 0},
                    note=f"{note} The term keeps the duty away, as today.",
                    modest=True,
                    **common,  # type: ignore[arg-type]
                )
            ]
        if rate is not None and _one_rate(members):
            found.append(
                Proposal(
                    id=f"{group}-held",
                    title=f"{name} duty stays at {rate:g}%",
                    body={**flow, "measure": group, "rate": rate},
                    note=f"{note} The rate in force made lasting: worth nothing against today.",
                    modest=True,
                    **common,  # type: ignore[arg-type]
                )
            )
    found.append(
        Proposal(
            id=f"{group}-0",
            title=f"{name} duty removed for {name_of(exporter)}",
            body={**flow, "measure": group, "rate": 0},
            note=note,
            **common,  # type: ignore[arg-type]
        )
    )
    mixed = not _one_rate(members)
    if rate and not (mixed and main.duty_usd_bn < 0.5 * max(now, then)) and not any(one.modest for one in found):
        half = rate / 2
        only = f", on {main.measure.why} only" if mixed else ""
        found.append(
            Proposal(
                id=f"{group}-half",
                title=f"{name} duty halved to {half:g}%",
                body={**flow, "measure": main.measure.id if mixed else group, "rate": half},
                note=f"{note} Half of the {rate:g}% in force{only}; nobody need have named the figure.",
                modest=True,
                illustrative=True,
                **common,  # type: ignore[arg-type]
            )
        )
    return found


def _one_rate(members: list[Bite]) -> bool:
    acts = [bite.now for bite in members if bite.now and bite.duty_now_usd_bn]
    return len({(act.treatment, act.rate_pct) for act in acts}) == 1


def _note(members: list[Bite], now: float, then: float, deadline: date) -> str:
    paying = sum(bite.imports_usd_bn for bite in members)
    whole = " (where the duty is on metal content, by the article's whole value)"
    trade = f"{money(paying)} of 2024 imports{whole if any(bite.measure.content for bite in members) else ''}"
    if not now:
        due = _rates(bite.then for bite in members if bite.duty_then_usd_bn)
        return f"Scheduled: {due} by {deadline}, on {trade}, about {money(then)} of duty a year at that trade."
    today = _rates(bite.now for bite in members if bite.duty_now_usd_bn)
    said = f"{today} on {trade}, about {money(now)} of duty a year at that trade."
    if abs(then - now) > 0.02 * now:
        said += f" By the law as it stands {money(then)} from {deadline}."
    return said


def _rates(acts: Iterable[Act | None]) -> str:
    """Return the rates of ``acts`` in words, lowest first."""
    rates = sorted({(act.rate_pct, act.treatment == "ceiling") for act in acts if act})
    words = [f"{pct:g}%" + (" in all" if ceiling else "") for pct, ceiling in rates]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def dates(exporter: str, as_of: date) -> list[tuple[date, list[Event], float]]:
    """Return the days after ``as_of`` on which US law known then moves by itself, with the move of the average duty.

    In percentage points of the average duty on ``exporter``, by date; empty for an origin without trade by line.
    """
    if not has_lines(exporter):
        return []
    events = clock(exporter, as_of)
    days = sorted({event.on for event in events})
    rates = [effective_rate("USA", exporter, day, as_of).rate_pct for day in (as_of, *days)]
    return [
        (day, [event for event in events if event.on == day], after - before)
        for day, before, after in zip(days, rates, rates[1:], strict=False)
    ]


def signed(exporter: str, as_of: date) -> date:
    """Return the day on which the last act of the law on goods of ``exporter`` became public, by ``as_of``."""
    if exporter == "ROW":
        return BASE_DAY
    key = origin_key(exporter)
    acts = (
        act for measure in us_law().measures if key in measure.origins for act in measure.acts if key in act.origins
    )
    return max((act.known_from for act in acts if act.known_from <= as_of), default=BASE_DAY)
