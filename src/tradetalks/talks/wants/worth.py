"""What a step is worth to a party by plain economics, so that a want is a departure from it.

Duties are solved for the points of the step itself, other issues for a small piece that is multiplied up. A full solve
of the status quo of the case and one or two a step, kept in the user's cache directory: the next run takes none.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tradetalks import __version__
from tradetalks.ground.countries import EU27
from tradetalks.ground.errors import TradetalksError
from tradetalks.talks.stakes import DUTIES, LAW_OF, units
from tradetalks.talks.wants.evidence import GENERAL
from tradetalks.value.case import Case

if TYPE_CHECKING:
    from tradetalks.value.effect import Effect
    from tradetalks.value.settle import Settled
    from tradetalks.value.stage import Stage

#: Sectors of a duty that is an issue; none named: every goods sector.
SECTORS = {"cars": ("C29",), "metals": ("C24A", "C24B"), "pharma-chips": ("C21", "C26")}
#: Sector that stands for a purchase, the dollars solved for (billions a year; a small country takes no more), and how
#: many such make a unit.
BOUGHT = {"agriculture": ("A01", 0.5, 10.0), "energy": ("B06", 1.0, 10.0), "purchases": ("C302T309", 1.0, 10.0)}
MARKET, STANDARDS = "market-access", "standards"
#: Who stands for the EU where one country must buy or sell.
LARGEST = "DEU"


@dataclass
class PlainEconomics:
    """The value of steps to a party in the world of ``case``, USD bn a year, net of debt; solved when asked for."""

    case: Case
    unknown: set[str] = field(default_factory=set, init=False)
    """What carries no number; it counts as nothing."""
    _new: bool = field(default=False, init=False)

    def __call__(self, party: str, across: str, stakes: Mapping[str, float]) -> float:
        """Return what ``stakes`` (units of each issue that ``party`` gets from ``across``) are worth to it."""
        return sum(self._step(party, across, issue, amount) for issue, amount in stakes.items())

    def _step(self, party: str, across: str, issue: str, amount: float) -> float:
        """Return the value of ``amount`` units of one issue, zero where the issue has no plain value."""
        if issue in DUTIES:
            # Among the evidence where the US is no party, a duty is one that the party itself puts on.
            importer = LAW_OF if LAW_OF in (party, across) else party
            exporter = across if party == importer else party
            points = amount * units()[issue].size["points"]
            rise = points if party == importer else -points
            return math.copysign(1.0, rise) * self._value(
                f"{abs(rise):.1f} points of {issue}", importer, exporter, party
            )
        if issue in (MARKET, STANDARDS, *BOUGHT):
            giver, taker = (across, party) if amount > 0 else (party, across)
            return abs(amount) * self._value(issue, giver, taker, party)
        return 0.0

    def _value(self, what: str, giver: str, taker: str, party: str) -> float:
        """Return what ``what`` from ``giver`` to ``taker`` is worth to ``party``: a duty more, a unit of others."""
        key = f"{what} from {giver} to {taker} for {party}"
        if key not in self._known:
            self._known[key], self._new = self._solved(what, giver, taker, party), True
        value = self._known[key]
        if value is None:
            self.unknown.add(key)
        return value or 0.0

    def keep(self) -> None:
        """Write what was solved to the cache; a directory that cannot be written costs the solves again."""
        if self._new:
            with suppress(OSError):
                self._file.parent.mkdir(parents=True, exist_ok=True)
                part = self._file.with_suffix(f".{os.getpid()}")
                part.write_text(json.dumps(self._known), encoding="utf-8")
                part.replace(self._file)
                self._new = False

    # The cache.

    @cached_property
    def _file(self) -> Path:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(home, "tradetalks", "worth", f"{_fingerprint(self.case)}.json")

    @cached_property
    def _known(self) -> dict[str, float | None]:
        with suppress(OSError, ValueError, RuntimeError):  # RuntimeError: a user without a home
            found = json.loads(self._file.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return found
        return {}

    # The solves.

    @cached_property
    def _status_quo(self) -> tuple[Stage, Settled]:
        from tradetalks.law.editions import of_case
        from tradetalks.law.rates import BASE_DAY
        from tradetalks.value.effect import Effect
        from tradetalks.value.settle import settle
        from tradetalks.value.stage import full_stage
        from tradetalks.value.status_quo import duties_on
        from tradetalks.world.load import load_world

        world, on = load_world(), max(self.case.as_of, BASE_DAY)
        stage = full_stage(world, self.case.as_of.year)
        with of_case(self.case.folder):
            duties = duties_on(world, on, on, "")
        return stage, settle(stage, duties.tariffs, Effect(), None)

    def _solved(self, what: str, giver: str, taker: str, party: str) -> float | None:
        from tradetalks.value.settle import settle

        stage, quo = self._status_quo
        givers, takers = (self._regions(side, giver, taker) for side in (giver, taker))
        if not givers or not takers or (party != "EU" and party not in stage.world.regions):
            return None
        amount, _, issue = what.rpartition(" points of ")
        try:
            if amount:
                return self._duty_more(float(amount) / 100.0, issue, givers, takers, party)
            if issue == MARKET:
                # A duty near zero can rise, not fall: the rise, with its sign turned.
                return -self._duty_more(units()[issue].size["points"] / 100.0, issue, givers, takers, party)
            effect, times = self._effect(givers, takers, issue)
            return times * self._net(settle(stage, quo.duties, effect, quo), quo, party)
        except TradetalksError:  # a flow or a purchase that the country is too small for
            return None

    def _duty_more(self, points: float, issue: str, givers: list[int], takers: list[int], party: str) -> float:
        """Return the value to ``party`` of ``points`` (a fraction) of duty put on what ``takers`` sell to ``givers``.

        It is put on the base year's duties of that flow, the rest of the world as in the status quo: what was put on it
        since is the quarrel that the step is part of.
        """
        from tradetalks.value.effect import Effect
        from tradetalks.value.settle import settle

        stage, quo = self._status_quo
        here = np.ix_(takers, givers, self._sectors(issue))
        low, high = quo.duties.copy(), quo.duties.copy()
        low[here] = np.minimum(quo.duties[here], stage.world.tariffs[here])
        high[here] = low[here] + points
        without = settle(stage, low, Effect(), quo)
        return self._net(settle(stage, high, Effect(), without), without, party)

    def _net(self, new: Settled, old: Settled, party: str) -> float:
        """Return the welfare net of debt of ``new`` against ``old``, USD bn a year; of the EU that of its members."""
        from tradetalks.value.measures import NET_USD, measured

        stage = self._status_quo[0]
        regions = [name for name in (EU27 if party == "EU" else (party,)) if name in stage.world.regions]
        other = next(name for name in stage.world.regions if name not in regions)
        return sum(float(measured(stage, new, old, (name, other))[0, NET_USD]) for name in regions)

    def _regions(self, side: str, giver: str, taker: str) -> list[int]:
        regions = self._status_quo[0].world.regions
        if side == GENERAL:
            return [n for n, name in enumerate(regions) if name not in (giver, taker)]
        names = EU27 if side == "EU" else (side,)
        return [regions.index(name) for name in names if name in regions]

    def _sectors(self, issue: str) -> list[int]:
        from tradetalks.ground.sectors import BY_CODE

        sectors = self._status_quo[0].world.sectors
        named = SECTORS.get(issue) or tuple(code for code in sectors if BY_CODE[code].goods)
        return [sectors.index(code) for code in named]

    def _effect(self, givers: list[int], takers: list[int], issue: str) -> tuple[Effect, float]:
        """Return the effect that is solved for, and how many such make a unit."""
        from tradetalks.value.terms import Purchases, Standards

        regions = self._status_quo[0].world.regions
        one, other = (
            LARGEST if len(side) > 1 and regions.index(LARGEST) in side else regions[side[0]]
            for side in (givers, takers)
        )
        assumed = {name: figure.value for name, figure in self.case.assumptions.items()}
        if issue in BOUGHT:
            sector, amount, times = BOUGHT[issue]
            return Purchases(buyer=one, seller=other, sector=sector, amount_usd_bn=amount).effect(assumed), times
        return Standards(importer=one, exporter=other, sector="C29").effect(assumed), 1.0


def _fingerprint(case: Case) -> str:
    """Return a name for what the values depend on: the case's day, figures and law, and what solves them.

    The record is not among it, so that an entry more costs no solve.
    """
    root = Path(__file__).parents[2]
    figures = sorted(figure.model_dump_json() for figure in case.assumptions.values())
    parts = [__version__, str(case.as_of), *figures, Path(__file__).read_text(encoding="utf-8")]
    folders = [(root, floor) for floor in ("law", "model", "value", "world")]
    if case.folder is not None:
        folders.append((case.folder, "law"))
    for home, name in folders:
        for path in sorted((home / name).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                stat = path.stat()
                parts.append(f"{path.relative_to(home)} {stat.st_size} {stat.st_mtime_ns}")
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
