"""What sides could do with their tariffs, as an answer: the best strike, the war, the bargain, and who pays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from tradetalks.ground.answer import Meta
from tradetalks.ground.countries import EU27, country
from tradetalks.ground.sectors import BY_CODE
from tradetalks.model.economy import Economy
from tradetalks.model.policy.result import Choice
from tradetalks.value.baseline import STATUS_QUO
from tradetalks.value.case import load_case
from tradetalks.value.status_quo import edited
from tradetalks.value.valuation import Valuation
from tradetalks.world.load import load_world

if TYPE_CHECKING:
    from tradetalks.world.world import World

#: Sectors that are named of each side.
NAMED = 5


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SectorEffect(_Answer):
    """One sector of a side."""

    sector: str
    name: str
    value_added_change_usd_bn: float
    """Real change of value added, at base prices."""
    value_added_change_pct: float


class SideEffect(_Answer):
    """One side in one stage."""

    side: str
    welfare_pct: float
    """Real income net of a larger deficit, percent."""
    welfare_usd_bn: float
    average_tariff_pct: float | None
    """Mean of the tariffs that it chose, by base-year imports; ``None`` where it chose none."""
    average_tariff_before_pct: float | None
    """What they were in the base: the best tariffs may be lower. ``None`` where the data do not tell, since the duties
    are inside the trade cost: what is chosen then comes on top of them."""
    sectors_pay: tuple[SectorEffect, ...]
    """Those that lose most."""
    sectors_gain: tuple[SectorEffect, ...]


class RegionEffect(_Answer):
    """One region of the world in one stage."""

    region: str
    welfare_pct: float
    welfare_usd_bn: float


class Stage(_Answer):
    """What one step of the question leads to, against the base."""

    stage: str
    sides: tuple[SideEffect, ...]
    world_usd_bn: float
    """Sum over all regions."""
    others: tuple[RegionEffect, ...]
    """Regions that take no part, those that lose most first."""
    certified: bool
    certificate: tuple[str, ...]
    """What was checked, a sentence a choice."""


class StrategyAnswer(_Answer):
    """What ``tradetalks optimal``, ``war`` and ``bargain`` print with ``--json``."""

    question: Literal["optimal", "war", "bargain"]
    base: str
    """What everything is measured against."""
    instruments: str
    sectors: tuple[str, ...]
    """Whose tariffs are chosen."""
    solution: str | None
    """Rule of the bargain."""
    threat: str | None
    gains_over_threat_pct: tuple[float, ...] | None
    """By side, in the order of the sides; only of a bargain."""
    lost_to_instruments_pct: tuple[float, ...] | None
    """By side: how much more it gains, in points, where every tariff is on the table, by the same rule and threat;
    only of a bargain with fewer instruments. Below zero for a side that coarse instruments favour."""
    stages: tuple[Stage, ...]
    meta: Meta


class Table:
    """The economy of the question: the base year, or the status quo of a case."""

    def __init__(self, case: str | None, services: bool) -> None:
        if case is None:
            self.world: World = load_world()
            self.base = f"the economy of {self.world.year} ({self.world.name})"
            self.economy = Economy.from_world(self.world)
            self.meta = Meta(usd_year=self.world.year)
        else:
            valuation = Valuation(load_case(case))
            self.world = valuation.world
            self.base = f"the status quo of {case}: the duties in force on {valuation.case.as_of}, on every origin"
            tariffs = edited(self.world, valuation.baselines[STATUS_QUO].duties)
            self.economy = Economy.from_world(self.world).counterfactual(tariffs=tariffs).economy()
            as_of = valuation.case.as_of
            self.meta = Meta(case=valuation.case.name, as_of=as_of, known_through=as_of, usd_year=self.world.year)
        self.sectors = tuple(s for s in self.world.sectors if services or s not in BY_CODE or BY_CODE[s].goods)

    def side(self, text: str) -> str | tuple[str, ...]:
        """Return the region or bloc that ``text`` names: a country by code or name, or EU."""
        if text.strip().casefold() in ("eu", "european union"):
            return "EU" if "EU" in self.economy.regions else EU27
        if text in self.economy.regions:
            return text
        return country(text).iso3

    def duties_known(self, members: Sequence[str]) -> bool:
        """Return whether the base duties on what ``members`` buy abroad are known."""
        at = [self.world.regions.index(member) for member in members]
        abroad = self.world.flows[:, at] * (np.arange(len(self.world.regions))[:, None] != at)[:, :, None] > 0
        goods = np.array([s not in BY_CODE or BY_CODE[s].goods for s in self.world.sectors])
        return bool((self.world.tariff_known[:, at] | ~abroad | ~goods).all())

    def name(self, members: Sequence[str], name: str) -> str:
        """Return the short name of a side."""
        return "EU" if tuple(members) == EU27 else name

    def stage(self, title: str, choice: Choice, sides: Sequence[str | tuple[str, ...]]) -> Stage:
        """Return a choice as a stage, told for ``sides``, who need not all have chosen."""
        outcome = choice.outcome
        worth = np.asarray(outcome.equivalent_variation_net) / 1000.0
        regions = outcome.regions
        named = {tuple(p.members): p.name for p in choice.players}
        told = []
        taking_part: set[str] = set()
        for side in sides:
            members = (side,) if isinstance(side, str) else tuple(side)
            taking_part |= set(members)
            at = [regions.index(member) for member in members]
            income = float(np.asarray(outcome.reference.income)[at].sum()) / 1000.0
            gained = float(worth[at].sum())
            average, before = (
                choice.average_tariff(named[members], when) if members in named else None for when in (False, True)
            )
            if not self.duties_known(members):
                before = None
            rows = choice.sectors(members).to_dicts()
            effects = [
                SectorEffect(
                    sector=row["sector"],
                    name=BY_CODE[row["sector"]].name if row["sector"] in BY_CODE else row["sector"],
                    value_added_change_usd_bn=row["value_added_change"] / 1000.0,
                    value_added_change_pct=row["value_added_pct"],
                )
                for row in rows
                if row["value_added"] > 0
            ]
            told.append(
                SideEffect(
                    side=self.name(members, members[0]),
                    welfare_pct=100.0 * gained / income,
                    welfare_usd_bn=gained,
                    average_tariff_pct=None if average is None else 100.0 * average,
                    average_tariff_before_pct=None if before is None else 100.0 * before,
                    sectors_pay=tuple(e for e in effects[:NAMED] if e.value_added_change_usd_bn < 0),
                    sectors_gain=tuple(e for e in effects[: -NAMED - 1 : -1] if e.value_added_change_usd_bn > 0),
                )
            )
        percent = np.asarray(outcome.welfare_net)
        others = [
            RegionEffect(region=name, welfare_pct=float(percent[n]), welfare_usd_bn=float(worth[n]))
            for n, name in enumerate(regions)
            if name not in taking_part
        ]
        return Stage(
            stage=title,
            sides=tuple(told),
            world_usd_bn=float(worth.sum()),
            others=tuple(sorted(others, key=lambda row: row.welfare_usd_bn)),
            certified=choice.certified,
            certificate=tuple(one.sentence() for one in choice.certificates),
        )


def optimal(region: str, against: Sequence[str], instruments: str, services: bool, case: str | None) -> StrategyAnswer:
    """Return the best tariffs of ``region``, on the goods of ``against`` (empty: everybody's).

    Raises:
        BadInput: a name is wrong.
        NotConverged: no optimum was found.
    """
    table = Table(case, services)
    own, others = table.side(region), [table.side(name) for name in against]
    best = table.economy.optimal_tariffs(own, others or None, instruments, table.sectors)
    stage = table.stage("best tariffs, nobody answers", best, [own, *others])
    return _answer("optimal", table, instruments, [stage])


def war(sides: Sequence[str], retaliate: bool, instruments: str, services: bool, case: str | None) -> StrategyAnswer:
    """Return what the first side's best strike at the others does, and, with ``retaliate``, the war.

    Raises:
        BadInput: a name is wrong.
        NotConverged: no equilibrium was found.
    """
    table = Table(case, services)
    who = [table.side(name) for name in sides]
    economy = table.economy
    strike = economy.optimal_tariffs(who[0], who[1:], instruments, table.sectors)
    stages = [table.stage(f"best tariffs of {sides[0]}, nobody answers", strike, who)]
    if retaliate:
        fought = economy.nash_tariffs(who, instruments=instruments, sectors=table.sectors)
        stages.append(table.stage("war: everyone's best answer to everyone else's", fought, who))
    return _answer("war", table, instruments, stages)


def bargain(
    sides: Sequence[str], solution: str, threat: str, instruments: str, services: bool, case: str | None
) -> StrategyAnswer:
    """Return the tariffs that ``sides`` agree on, and the war where that is the threat.

    Raises:
        BadInput: a name is wrong.
        NotConverged: no bargain was found.
    """
    table = Table(case, services)
    who = [table.side(name) for name in sides]
    economy = table.economy
    deal = economy.bargain(who, solution, threat, instruments=instruments, sectors=table.sectors)
    stages = [] if deal.war is None else [table.stage("threat: war", deal.war, who)]
    stages.append(table.stage(f"bargain ({solution})", deal, who))
    lost = None if deal.efficient is None else tuple(map(float, deal.loss))
    return _answer("bargain", table, instruments, stages, solution, threat, tuple(map(float, deal.gains)), lost)


def _answer(
    question: Literal["optimal", "war", "bargain"],
    table: Table,
    instruments: str,
    stages: Sequence[Stage],
    solution: str | None = None,
    threat: str | None = None,
    gains: tuple[float, ...] | None = None,
    lost: tuple[float, ...] | None = None,
) -> StrategyAnswer:
    warnings = tuple(f"{stage.stage}: not certified" for stage in stages if not stage.certified)
    return StrategyAnswer(
        question=question,
        base=table.base,
        instruments=instruments,
        sectors=table.sectors,
        solution=solution,
        threat=threat,
        gains_over_threat_pct=gains,
        lost_to_instruments_pct=lost,
        stages=tuple(stages),
        meta=table.meta.model_copy(update={"warnings": warnings}),
    )
