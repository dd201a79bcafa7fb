"""Draws of what we are unsure of: trade elasticities, reduced-form assumptions and base-year flows, together.

Every package and every baseline is valued under the same draws, so that differences between
packages have honest intervals. A draw's trade elasticities are the default set times a lognormal
factor whose spread is how far the published sets differ in the sector; sectors that share one
published figure share the factor. Draw 0 is the central one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import NotConverged
from tradetalks.model import Sample
from tradetalks.value.assumptions import Assumption
from tradetalks.value.base_error import base_costs
from tradetalks.value.effect import Effect, Money, total
from tradetalks.value.measures import Levels, compared, levels
from tradetalks.value.nearby import Place, Places, added, placed
from tradetalks.value.package import NOTHING, Package
from tradetalks.value.settle import Settled, brings_to_targets, settle_all, settle_in_each, settling
from tradetalks.value.stage import Stage
from tradetalks.value.terms.term import Assumed
from tradetalks.world.elasticity import elasticity_spread, elasticity_table

Floats = NDArray[np.float64]

#: A draw may miss a purchase's increment by this share, and its markets clear this closely: far below what
#: an interval shows.
NEAR_TARGET, NEAR_CLEAR = 0.01, 1e-8

#: A package's tariffs [i, n, s] on a baseline and its changes, for the stage of the draws.
Tariffs = Callable[[Package, str], Floats]


@dataclass(frozen=True)
class Uncertain:
    """What is drawn, draw 0 central."""

    theta: Floats
    """[draw, s] trade elasticities."""
    assumed: tuple[Assumed, ...]
    columns: dict[str, Floats]
    """Name of each uncertain input -> its draws [draw], for finding what drives the result."""
    flows: dict[tuple[str, str], Floats] = field(default_factory=dict)
    """(exporter, importer) -> log of the factor on the base-year flow [draw]; see ``base_error``."""


def uncertain(
    theta: Floats,
    sectors: Sequence[str],
    figures: Mapping[str, Assumption],
    seed: int,
    draws: int,
    flow_errors: Mapping[tuple[str, str], float] | None = None,
) -> Uncertain:
    """Return ``draws`` draws and the central one before them.

    Args:
        theta: [s] central trade elasticities.
        sectors: their codes.
        figures: the assumptions by id.
        seed: of all streams; each input has a stream of its own.
        draws: how many.
        flow_errors: (exporter, importer) -> standard error of the log of the base-year flow.
    """
    spread = elasticity_spread(sectors)
    table = elasticity_table()
    default = table.filter(table["set"] == table["set"][0])
    published = dict(default.select("sector", "published_code").iter_rows())
    factors: dict[str, Floats] = {}
    columns: dict[str, Floats] = {}
    drawn = np.empty((draws + 1, len(sectors)))
    for s, code in enumerate(sectors):
        family = published.get(code) or code
        if family not in factors:
            stream = np.random.default_rng([seed, crc32(f"theta {family}".encode())])
            factors[family] = np.concatenate([[0.0], stream.standard_normal(draws)])
        drawn[:, s] = theta[s] * np.exp(spread[s] * factors[family])
    for family, factor in factors.items():
        members = [code for code in sectors if (published.get(code) or code) == family]
        columns["trade elasticity of " + ", ".join(members)] = factor
    samples = {name: figure.sample(seed, draws) for name, figure in figures.items()}
    assumed: list[Assumed] = [{name: figure.value for name, figure in figures.items()}]
    for k in range(draws):
        assumed.append({name: None if np.isnan(x[k]) else float(x[k]) for name, x in samples.items()})
    for name, sample in samples.items():
        centre = figures[name].value
        if centre is not None and draws and np.ptp(sample) > 0:
            columns[name] = np.concatenate([[centre], sample])
    flows: dict[tuple[str, str], Floats] = {}
    for (exporter, importer), error in (flow_errors or {}).items():
        stream = np.random.default_rng([seed, crc32(f"flow {exporter} {importer}".encode())])
        flows[exporter, importer] = error * np.concatenate([[0.0], stream.standard_normal(draws)])
        columns[f"base-year sales of {exporter} to {importer}"] = flows[exporter, importer]
    return Uncertain(drawn, tuple(assumed), columns, flows)


@dataclass(frozen=True, eq=False)
class Draws:
    """The draws played on one stage: baselines once, packages on demand."""

    stage: Stage
    parties: tuple[str, str]
    uncertain: Uncertain
    baselines: Mapping[str, Package]
    """Name -> what changes beyond the duties of that baseline (nothing for most)."""
    tariffs: Tariffs
    _known: dict[str, list[Settled]] = field(default_factory=dict, init=False, repr=False)
    _places: dict[str, Places] = field(default_factory=dict, init=False, repr=False)
    _levels: dict[str, Levels] = field(default_factory=dict, init=False, repr=False)

    def _settled(self, baseline: str) -> list[Settled]:
        """Return the baseline itself in every draw; solved once."""
        if baseline not in self._known:
            self._known[baseline] = self._played(NOTHING, baseline)
        return self._known[baseline]

    def _played(self, package: Package, baseline: str, near: Place | None = None) -> list[Settled]:
        """Return ``package`` on ``baseline`` in every draw, each begun where it is likely to be or at the baseline."""
        known = self._settled(baseline) if package.terms else None
        tariffs, effects = self.tariffs(package, baseline), self._effects(package, baseline)
        shared = effects[0]
        if not brings_to_targets(shared) and all(effect is shared for effect in effects):
            points = None if near is None else near.point.astype(float)
            return settle_in_each(self.stage, tariffs, shared, self._sample, known, points, NEAR_CLEAR)
        starts: Sequence[Settled | None] = known or [None] * len(effects)
        runs = [
            settling(
                self.stage,
                tariffs,
                effect,
                start,
                NEAR_TARGET,
                self.uncertain.theta[k],
                self._base_costs[k],
                near=None if near is None else near.of(k),
            )
            for k, (effect, start) in enumerate(zip(effects, starts, strict=True))
        ]
        return settle_all(self.stage, runs, NEAR_CLEAR)

    @cached_property
    def _base_costs(self) -> list[Floats | None]:
        """Trade cost hats by which each draw's base-year flows differ from the table's."""
        flows = self.uncertain.flows.items()
        return [
            base_costs(self.stage, {pair: float(logs[k]) for pair, logs in flows}, theta)
            for k, theta in enumerate(self.uncertain.theta)
        ]

    @cached_property
    def _sample(self) -> Sample:
        return self.stage.economy.sample(self.uncertain.theta, self._base_costs)

    def _effects(self, package: Package, baseline: str) -> list[Effect]:
        """Return what ``package`` and the changes of ``baseline`` do in each draw."""
        changes, drawn = self.baselines[baseline], self.uncertain.assumed
        if _assumes(changes) or _assumes(package):
            return [total((changes.effect(assumed), package.effect(assumed))) for assumed in drawn]
        return [total((changes.effect(drawn[0]), package.effect(drawn[0])))] * len(drawn)

    def _money(self, package: Package) -> list[tuple[Money, ...]]:
        """Return what ``package`` moves outside the model in each draw."""
        drawn = self.uncertain.assumed
        if _assumes(package):
            return [package.effect(assumed).money for assumed in drawn]
        return [package.effect(drawn[0]).money] * len(drawn)

    def value(self, package: Package, baseline: str) -> Floats:
        """Return the figures [draw, party, measure] of ``package`` against ``baseline``."""
        return self._figures(self._played(package, baseline), package, baseline)

    def value_nearby(self, package: Package, baseline: str) -> Floats:
        """Return :meth:`value`, begun near what this method was asked before, within what clears the markets.

        Its terms alone and in pairs on this baseline point to it, or itself on another baseline.
        """
        terms = frozenset(package.terms)
        places = self._places_on(baseline)
        near = places.sum(terms)
        if near is None:
            for other, known in self._places.items():
                elsewhere = known.of(terms)
                if elsewhere is not None and other != baseline:
                    near = added([(1.0, places.origin), (-1.0, known.origin), (1.0, elsewhere)])
        try:
            played = self._played(package, baseline, near)
        except NotConverged:
            played = self._played(package, baseline)  # a start that misled
        places.learn(terms, placed(played))
        return self._figures(played, package, baseline)

    def _places_on(self, baseline: str) -> Places:
        if baseline not in self._places:
            self._places[baseline] = Places(placed(self._settled(baseline)))
        return self._places[baseline]

    def _figures(self, played: Sequence[Settled], package: Package, baseline: str) -> Floats:
        return self._compared(levels(self.stage, played, self.parties), self.reference(baseline), package)

    def between(self, baseline: str, other: str) -> Floats:
        """Return the figures [draw, party, measure] of one baseline against another."""
        return self._compared(self.reference(baseline), self.reference(other), self.baselines[baseline])

    def reference(self, baseline: str) -> Levels:
        """Return where the baseline leaves the parties."""
        if baseline not in self._levels:
            self._levels[baseline] = levels(self.stage, self._settled(baseline), self.parties)
        return self._levels[baseline]

    def _compared(self, new: Levels, reference: Levels, package: Package) -> Floats:
        return compared(new, reference, self.parties, self._money(package))


def _assumes(package: Package) -> bool:
    """Return whether what ``package`` does rests on an assumption."""
    return any(term.body.assumptions for term in package.terms)
