"""Leverage: what each side could do to the other with its tariffs, from today's duties, and what it would cost itself.

The searches run on the world summed to the parties and their largest partners, as the draws do; that economy is
shown beside the numbers. Tariffs are those on the other party's goods, one a sector, and no government is assumed to
want anything but its real income net of borrowing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradetalks.brief.words import nation
from tradetalks.ground.errors import NotConverged
from tradetalks.ground.sectors import BY_CODE
from tradetalks.model.economy import Economy
from tradetalks.model.policy.result import Choice
from tradetalks.value.case import Case
from tradetalks.value.stage import draw_stage
from tradetalks.value.status_quo import Duties
from tradetalks.world.world import World


@dataclass(frozen=True, slots=True)
class Move:
    """One thing the parties could do, and what it does to each against today."""

    what: str
    welfare_usd_bn: dict[str, float]
    """By party: real income net of borrowing, a year."""
    welfare_pct: dict[str, float]
    tariff_pct: dict[str, float | None]
    """By party: mean of the tariffs it chooses, by today's imports; ``None`` where it chooses none."""
    third: tuple[tuple[str, float], ...]
    """Other regions, USD billion a year, the largest loss first."""
    certified: bool
    """Whether first and second-order conditions and climbs from elsewhere confirm the optimum."""


@dataclass(frozen=True, slots=True)
class Leverage:
    """The moves, each against the duties of the as-of day."""

    moves: tuple[Move, ...]
    today_pct: dict[str, float]
    """By party: mean of today's duties on the other's goods, by the same imports as the chosen ones."""
    regions: tuple[str, ...]
    """Regions of the smaller economy, ISO3; ROW is everybody else."""
    not_found: tuple[str, ...]
    """Moves for which no optimum was found."""


def leverage(case: Case, world: World, today: Duties) -> Leverage:
    """Return each side's best tariffs on the other if nobody answers, and the war in which both answer."""
    stage = draw_stage(world, case.as_of.year, case.parties)
    economy = stage.economy.counterfactual(tariffs=stage.duties(today.tariffs)).economy()
    goods = tuple(code for code in economy.sectors if code in BY_CODE and BY_CODE[code].goods)
    moves: list[Move] = []
    missing: list[str] = []
    for party in case.parties:
        what = f"best tariffs of {nation(party)} on the other’s goods, unanswered"
        try:
            best = economy.optimal_tariffs(party, case.other(party), "bilateral", goods)
        except NotConverged:
            missing.append(what)
        else:
            moves.append(_move(what, best, case.parties, stage.scale / 1000.0))
    what = "tariff war: each side’s best answer to the other’s"
    try:
        war = economy.nash_tariffs(list(case.parties), instruments="bilateral", sectors=goods)
    except NotConverged:
        missing.append(what)
    else:
        moves.append(_move(what, war, case.parties, stage.scale / 1000.0))
    return Leverage(tuple(moves), _today(economy, case.parties, goods), tuple(economy.regions), tuple(missing))


def _today(economy: Economy, parties: tuple[str, str], goods: tuple[str, ...]) -> dict[str, float]:
    taxed = [economy.sectors.index(code) for code in goods]
    at = {party: economy.regions.index(party) for party in parties}
    found = {}
    for importer, exporter in (parties, parties[::-1]):
        duty = np.asarray(economy.tariffs)[at[exporter], at[importer], taxed]
        flow = np.asarray(economy.flows)[at[exporter], at[importer], taxed]
        found[importer] = 100.0 * float(np.average(duty, weights=flow))
    return found


def _move(what: str, choice: Choice, parties: tuple[str, str], scale: NDArray[np.float64]) -> Move:
    regions = choice.outcome.regions
    percent = np.asarray(choice.outcome.welfare_net)
    # Dollars of the as-of year, region by region, as everywhere in the brief.
    dollars = np.asarray(choice.outcome.equivalent_variation_net) * scale
    at = {party: regions.index(party) for party in parties}
    playing = {player.name for player in choice.players}
    third = [(name, float(dollars[n])) for n, name in enumerate(regions) if name not in parties]
    tariffs = {party: choice.average_tariff(party) if party in playing else None for party in parties}
    return Move(
        what=what,
        welfare_usd_bn={party: float(dollars[n]) for party, n in at.items()},
        welfare_pct={party: float(percent[n]) for party, n in at.items()},
        tariff_pct={party: None if rate is None else 100.0 * rate for party, rate in tariffs.items()},
        third=tuple(sorted(third, key=lambda row: row[1])),
        certified=choice.certified,
    )
