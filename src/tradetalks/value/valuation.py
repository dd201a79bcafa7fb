"""Valuing a case: what each term and package is worth to each side, with intervals.

Point values are full solves of the world. Intervals come from draws on the world summed to the
parties and their largest partners, shifted so that their central draw meets the point value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.answer import Meta
from tradetalks.law.editions import beyond, of_case
from tradetalks.model.batch import side_by_side
from tradetalks.value.answer import Block, TermValue
from tradetalks.value.assumptions import Assumption
from tradetalks.value.base_error import flow_error
from tradetalks.value.baseline import STATUS_QUO, Baseline, baselines, weights_of
from tradetalks.value.blocks import as_block, blank, used
from tradetalks.value.case import Case
from tradetalks.value.draws import Draws, Uncertain, uncertain
from tradetalks.value.effect import Effect, RateEdit, total
from tradetalks.value.measures import MEASURES, compared, levels, measured, sector_changes
from tradetalks.value.nearby import Asked, Nearby, rounds
from tradetalks.value.package import NOTHING, Package, Term
from tradetalks.value.settle import Settled, settle
from tradetalks.value.stage import Stage, draw_stage, full_stage
from tradetalks.value.status_quo import edited
from tradetalks.world.bloc import world_of
from tradetalks.world.world import World

Floats = NDArray[np.float64]

#: Draws for intervals, and draws solved in full to show the aggregation error.
DRAWS, CHECKED = 200, 32

#: Packages solved side by side; each holds the whole world while it is measured.
AT_ONCE = 16

#: Where many packages are solved: the share of a purchase's or quota's increment that may be missed, which saves a
#: fifth of the equilibria, and the log excess to which markets clear. Values differ in the eighth digit.
CLOSE, CLEAR = 1e-4, 1e-9

#: Equilibria of packages that are kept, some five megabytes each.
RECENT = 64

Key = TypeVar("Key")
Kept = TypeVar("Kept")

#: Called with a sentence and the share done (0 to 1).
Progress = Callable[[str, float], None]


def _silent(what: str, share: float) -> None:
    """Report no progress."""


#: (baseline, the package's terms) -> figures [draw, party, measure].
Drawn = dict[tuple[str, str], Floats]


@dataclass(eq=False)
class Valuation:
    """The case at work; everything is computed once, when first asked for."""

    case: Case
    draws: int = DRAWS
    progress: Progress = _silent
    _baselines: dict[tuple[str, str], Settled] = field(default_factory=dict, init=False, repr=False)
    _points: dict[tuple[str, str], Settled] = field(default_factory=dict, init=False, repr=False)
    _edited: dict[tuple[str, tuple[tuple[RateEdit, ...], ...]], Floats] = field(
        default_factory=dict, init=False, repr=False
    )
    _drawn: Drawn = field(default_factory=dict, init=False, repr=False)
    _small: dict[tuple[str, ...], Draws] = field(default_factory=dict, init=False, repr=False)
    _reading: Lock = field(default_factory=Lock, init=False, repr=False)
    """Held while the law is read: packages are drawn on more than one thread."""
    _nearby: dict[str, Nearby] = field(default_factory=dict, init=False, repr=False)
    _alone_in: dict[str, tuple[TermValue, Floats, Floats]] = field(default_factory=dict, init=False, repr=False)

    # What the case stands on.

    @cached_property
    def world(self) -> World:
        """The base-year world, the EU one region where it is a party."""
        return world_of(self.case.parties)

    @cached_property
    def baselines(self) -> dict[str, Baseline]:
        """Status quo, scheduled, and each outcome of no deal."""
        self.progress("reading the law of each date", 0.0)
        return baselines(self.case, self.world)

    @property
    def no_deal(self) -> list[Baseline]:
        """The outcomes of no deal, with their probabilities."""
        return [baseline for baseline in self.baselines.values() if baseline.probability > 0]

    @cached_property
    def stage(self) -> Stage:
        """The full world."""
        return full_stage(self.world, self.case.as_of.year)

    @cached_property
    def uncertain(self) -> Uncertain:
        """The draws of elasticities and assumptions."""
        return uncertain(
            self.world.trade_elasticity,
            self.world.sectors,
            self.figures,
            self.case.seed,
            self.draws,
            {pair: flow_error(self.stage, *pair) for pair in (self.case.parties, self.case.parties[::-1])},
        )

    @cached_property
    def figures(self) -> dict[str, Assumption]:
        """The assumptions that some term may use."""
        return {name: figure for name, figure in self.case.assumptions.items() if figure.term != "no_deal"}

    def sampled(self, package: Package) -> Draws:
        """Return the draws on a world with every region ``package`` or no deal names; one a set of regions."""
        effects = [package.effect(self.central), *(b.changes.effect(self.central) for b in self.no_deal)]
        named = sorted(set().union(*(effect.regions for effect in effects)) - set(self.case.parties))
        regions = (*self.case.parties, *(name for name in named if name in self.world.regions))
        if regions not in self._small:
            stage = draw_stage(self.world, self.case.as_of.year, regions)
            self._small[regions] = self._draws_on(stage, self.uncertain)
        return self._small[regions]

    @cached_property
    def checked(self) -> Draws:
        """The first :data:`CHECKED` draws on the full world, to show what summing it costs."""
        flows = {pair: logs[: CHECKED + 1] for pair, logs in self.uncertain.flows.items()}
        few = Uncertain(self.uncertain.theta[: CHECKED + 1], self.uncertain.assumed[: CHECKED + 1], {}, flows)
        return self._draws_on(self.stage, few)

    def _draws_on(self, stage: Stage, drawn: Uncertain) -> Draws:
        changes = {name: baseline.changes for name, baseline in self.baselines.items()}
        return Draws(stage, self.case.parties, drawn, changes, lambda p, b: stage.duties(self.tariffs(p, b)))

    # Point values.

    @property
    def central(self) -> dict[str, float | None]:
        """The central value of each assumption."""
        return dict(self.uncertain.assumed[0])

    def tariffs(self, package: Package, baseline: str) -> Floats:
        """Return the duties [i, n, s] of the full world under ``package`` on ``baseline`` and its changes."""
        # The edits of duties rest on no assumption, so the central ones serve for every draw.
        against = self.baselines[baseline]
        layers = (against.changes.effect(self.central).rates, package.effect(self.central).rates)
        with self._reading, of_case(self.case.folder):
            if (baseline, layers) not in self._edited:
                _keep(self._edited, (baseline, layers), edited(self.world, against.duties, *layers))
            return self._edited[baseline, layers]

    def effect(self, package: Package, baseline: str) -> Effect:
        """Return the central effect of ``package`` and of the changes of ``baseline``."""
        return self.joined(package.effect(self.central), baseline)

    def joined(self, effect: Effect, baseline: str) -> Effect:
        """Return ``effect`` and that of the changes of ``baseline``."""
        changes = self.baselines[baseline].changes
        return total((changes.effect(self.central), effect)) if changes.terms else effect

    def settled(self, package: Package, baseline: str) -> Settled:
        """Return the full equilibrium of ``package`` on top of ``baseline``."""
        key = (baseline, repr(package.effect(self.central)))
        if key in self._baselines:
            return self._baselines[key]
        if key not in self._points:
            start = None if package is NOTHING else self.settled(NOTHING, baseline)
            effect = self.effect(package, baseline)
            new = settle(self.stage, self.tariffs(package, baseline), effect, start)
            if package is NOTHING:
                self._baselines[key] = new
                return new
            _keep(self._points, key, new)
        return self._points[key]

    def point(self, package: Package, baseline: str) -> Floats:
        """Return the figures [party, measure] of ``package`` against ``baseline``."""
        new, reference = self.settled(package, baseline), self.settled(NOTHING, baseline)
        return measured(self.stage, new, reference, self.case.parties, package.effect(self.central).money)

    def points(self, packages: Sequence[Package], baseline: str, progress: Progress = _silent) -> Floats:
        """Return the figures [package, party, measure] of many packages against ``baseline``, by full solves.

        Solved side by side, a few at a time, and none kept. Those that fail raise as :meth:`point` would.
        """
        nearby = self._nearby.setdefault(baseline, Nearby(self.stage, self.settled(NOTHING, baseline)))
        before = levels(self.stage, [nearby.reference], self.case.parties)
        terms = [self._moving(one) for one in packages]
        found: dict[int, Floats] = {}
        for some in rounds(terms, AT_ONCE):
            progress(f"solving {len(packages)} packages in full", len(found) / len(packages))
            asked = [
                Asked(terms[k], self.tariffs(packages[k], baseline), self.effect(packages[k], baseline)) for k in some
            ]
            after = levels(self.stage, nearby.settled(asked, CLEAR), self.case.parties)
            money = [packages[k].effect(self.central).money for k in some]
            found.update(zip(some, compared(after, before, self.case.parties, money), strict=True))
        figures = [found[k] for k in range(len(packages))]
        return np.array(figures).reshape(len(packages), len(self.case.parties), len(MEASURES))

    def _moving(self, package: Package) -> frozenset[Term]:
        """Return the terms of ``package`` that move anything in the model."""
        return frozenset(
            term for term in package.terms if replace(term.body.effect(self.central), money=()) != Effect()
        )

    # Blocks: point values with intervals.

    def block(self, package: Package, against: list[Baseline], sentence: str) -> tuple[Block, Floats]:
        """Return ``package`` against baselines weighted by probability, and its draws [draw, party, measure]."""
        pairs = list(zip(weights_of(against), against, strict=True))
        points = sum(w * self.point(package, b.name) for w, b in pairs)
        drawn = sum(w * self.value_of_draws(package, b.name) for w, b in pairs)
        likeliest = max(against, key=lambda baseline: baseline.probability).name
        pair = (self.settled(package, likeliest), self.settled(NOTHING, likeliest))
        sectors = {party: sector_changes(self.stage, *pair, party) for party in self.case.parties}
        return as_block(self.case.parties, np.asarray(points), np.asarray(drawn), sentence, sectors), np.asarray(drawn)

    def value_of_draws(self, package: Package, baseline: str) -> Floats:
        """Return :meth:`drawn`, which is kept; nothing but zeros for a package without terms."""
        if not package.terms:
            return np.zeros((self.draws + 1, 2, len(MEASURES)))
        key = (baseline, repr(package.terms))
        if key not in self._drawn:
            self._drawn[key] = self.drawn(package, baseline)
        return self._drawn[key]

    def draw(self, packages: Iterable[Package], against: Iterable[Baseline]) -> Drawn:
        """Value ``packages`` in every draw and keep it, for :meth:`value_of_draws`; return their figures.

        Done together this takes less: one package is prepared while another is solved, and one that was valued on
        another baseline, or whose terms were valued alone, begins near its equilibrium.
        """
        inside = {repr(one.terms): one for one in packages if one.terms}
        found: Drawn = {}
        for baseline in against:
            asked = {(baseline.name, key): one for key, one in inside.items()}
            new = [key for key in asked if key not in self._drawn]
            for key in new:
                self.sampled(asked[key]).reference(baseline.name)
            # Round by round, so that where each begins does not depend on which thread was first.
            for places in rounds([frozenset(asked[key].terms) for key in new], len(new)):
                some = [new[place] for place in places]

                def figures(key: tuple[str, str], asked: Mapping[tuple[str, str], Package] = asked) -> Floats:
                    return self.sampled(asked[key]).value_nearby(asked[key], key[0])

                self._drawn.update(zip(some, side_by_side(figures, some), strict=True))
            found.update((key, self._drawn[key]) for key in asked)
        return found

    def drawn(self, package: Package, baseline: str) -> Floats:
        """Return the figures [draw, party, measure] of ``package`` against ``baseline`` on the summed world.

        Draw 0 is the central one. Nothing is kept, so that any number of packages can be asked for.
        """
        return self.sampled(package).value(package, baseline)

    # Answers.

    @property
    def quo_sentence(self) -> str:
        """What the status quo is, in words."""
        return self.baselines[STATUS_QUO].sentence

    @property
    def no_deal_sentence(self) -> str:
        """What no deal is, in words, with the probabilities of its outcomes."""
        if len(self.no_deal) == 1:
            return self.no_deal[0].sentence
        shares = zip(weights_of(self.no_deal), self.no_deal, strict=True)
        parts = [f"{weight:.0%} {b.name.removeprefix('no deal: ')}" for weight, b in shares]
        return f"no deal, expected over {', '.join(parts)}"

    def terms(self, terms: Iterable[Term]) -> tuple[TermValue, ...]:
        """Return each term on its own, against the status quo and against no deal."""
        whole = tuple(terms)
        found = []
        for number, term in enumerate(whole):
            self.progress(f"valuing {term.title}", number / max(len(whole), 1))
            found.append(self.term(term))
        return tuple(found)

    def term(self, term: Term) -> TermValue:
        """Return one term on its own."""
        return self.term_and_draws(term)[0]

    def term_and_draws(self, term: Term) -> tuple[TermValue, Floats, Floats]:
        """Return the term's value and its draws against the status quo and against no deal; done once."""
        key = repr(term)
        if key not in self._alone_in:
            self._alone_in[key] = self._value_term(term)
        return self._alone_in[key]

    def _value_term(self, term: Term) -> tuple[TermValue, Floats, Floats]:
        alone = Package(term.id, term.title, (term,))
        quo, quo_draws = self.block(alone, [self.baselines[STATUS_QUO]], self.quo_sentence)
        none, none_draws = self.block(alone, self.no_deal, self.no_deal_sentence)
        effect = alone.effect(self.central)
        rests_on = tuple(used(self.case.assumptions[name]) for name in term.body.assumptions)
        unknown = term.body.unpriced is not None or any(figure.value is None for figure in rests_on)
        shocks = effect.rates + effect.costs + effect.purchases + effect.diversions + effect.deficits
        known_money = any(one.usd_bn is not None for one in effect.money)
        status: Literal["priced", "part", "unpriced"] = "priced"
        if unknown:
            status = "part" if shocks or known_money else "unpriced"
        if status == "unpriced":
            quo, none = blank(quo), blank(none)
        value = TermValue(
            id=term.id,
            title=term.title,
            inline=term.body.inline(),
            kind=term.body.kind,
            status=status,
            computed=term.body.computed,
            reduced_form=rests_on,
            note="; ".join(text for text in (term.body.unpriced, term.note) if text) or None,
            against_status_quo=quo,
            against_no_deal=none,
        )
        return value, quo_draws, none_draws

    @property
    def meta(self) -> Meta:
        """What every answer says about itself."""
        return Meta(
            case=self.case.name,
            as_of=self.case.as_of,
            known_through=self.case.as_of,
            usd_year=self.stage.usd_year,
            seed=self.case.seed,
            warnings=(*beyond(self.case.as_of, None), self.stage.note),
        )

    @property
    def likeliest(self) -> Baseline:
        """The most probable outcome of no deal."""
        return max(self.no_deal, key=lambda baseline: baseline.probability)


def _keep(cache: dict[Key, Kept], key: Key, value: Kept) -> None:
    """Put ``value`` into a cache of the last few: each holds the whole world, and a frontier asks for thousands."""
    cache[key] = value
    if len(cache) > RECENT:
        del cache[next(iter(cache))]
