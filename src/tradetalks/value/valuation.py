"""Valuing a case: what each term and package is worth to each side, with intervals.

Point values are full solves of the world. Intervals come from draws on the world summed to the
parties and their largest partners, shifted so that their central draw meets the point value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.answer import Meta
from tradetalks.ground.countries import EU27
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.sectors import BY_CODE
from tradetalks.law.editions import beyond, of_case
from tradetalks.law.rates import BASE_DAY
from tradetalks.value.answer import (
    AggregationError,
    AssumptionUsed,
    Block,
    Driver,
    Interval,
    PartyValue,
    RateChange,
    Reconciliation,
    SectorChange,
    Sensitivity,
    TermValue,
    ValueAnswer,
)
from tradetalks.value.assumptions import Assumption
from tradetalks.value.base_error import flow_error
from tradetalks.value.case import Case
from tradetalks.value.draws import NOTHING, Draws, Uncertain, uncertain
from tradetalks.value.effect import Effect, RateEdit, total
from tradetalks.value.measures import MEASURES, NET_PCT, NET_USD, measured, revenue, sector_changes
from tradetalks.value.package import Package, Term
from tradetalks.value.settle import Settled, settle, settle_all, settling
from tradetalks.value.stage import Stage, draw_stage, full_stage
from tradetalks.value.status_quo import Duties, duties_on, edited
from tradetalks.value.terms import Tariff
from tradetalks.value.variance import first_order
from tradetalks.world.bloc import world_of
from tradetalks.world.world import World

Floats = NDArray[np.float64]

#: Draws for intervals, and draws solved in full to show the aggregation error.
DRAWS, CHECKED = 200, 32

#: Elasticity sets shown as alternatives, and how they are named.
SETS = {
    "fgo2022": "of Fontagne, Guimbard and Orefice (2022)",
    "cp2015": "of Caliendo and Parro (2015)",
    "uniform4": "of 4 in every sector",
}

STATUS_QUO, SCHEDULED = "status quo", "scheduled"

#: Packages solved side by side; each holds the whole world while it is measured.
AT_ONCE = 16

#: Equilibria of packages that are kept, some five megabytes each.
RECENT = 64

Key = TypeVar("Key")
Kept = TypeVar("Kept")

#: Called with a sentence and the share done (0 to 1).
Progress = Callable[[str, float], None]


def _silent(what: str, share: float) -> None:
    """Report no progress."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """A world to compare with: duties of a day, and changes beyond the law."""

    name: str
    sentence: str
    probability: float
    """Of being what no deal brings; zero for the status quo and the scheduled law."""
    duties: Duties
    changes: Package = NOTHING


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
    _drawn: dict[tuple[str, str], Floats] = field(default_factory=dict, init=False, repr=False)
    _small: dict[tuple[str, ...], Draws] = field(default_factory=dict, init=False, repr=False)
    _alone_in: dict[str, tuple[TermValue, Floats, Floats]] = field(default_factory=dict, init=False, repr=False)

    # What the case stands on.

    @cached_property
    def world(self) -> World:
        """The base-year world, the EU one region where it is a party."""
        return world_of(self.case.parties)

    @cached_property
    def baselines(self) -> dict[str, Baseline]:
        """Status quo, scheduled, and each outcome of no deal."""
        case, eve = self.case, self.case.deadline - timedelta(days=1)
        if case.as_of < BASE_DAY:
            raise BadInput(f"as_of: {case.as_of} is before {BASE_DAY}, the first day of the law that is shipped")
        for party in case.parties:
            if party not in self.world.regions:
                raise BadInput(
                    f"parties: {party} is no region of {self.world.name}{did_you_mean(party, self.world.regions)}"
                )
        self.progress("reading the law of each date", 0.0)
        now = self._duties("status quo", case.as_of, f"the duties in force on {case.as_of}, on every origin")
        eve_law = self._duties(
            SCHEDULED, eve, f"the law known on {case.as_of} as it applies on {eve}, before the deadline"
        )
        found = {STATUS_QUO: now, SCHEDULED: eve_law}
        for outcome in case.no_deal:
            if outcome.outcome == "snap-back":
                law = self._duties(
                    "no deal: snap-back",
                    case.deadline,
                    f"no deal: the law known on {case.as_of} as it applies from {case.deadline}, on every origin",
                ).duties
                sentence = law.sentence
            else:
                law = eve_law.duties
                sentence = f"no deal: {outcome.outcome}, on the duties in force before {case.deadline}"
            name = f"no deal: {outcome.outcome}"
            found[name] = Baseline(name, sentence, outcome.probability, law, outcome.terms)
        return found

    def _duties(self, name: str, on: date, sentence: str) -> Baseline:
        with of_case(self.case.folder):
            return Baseline(name, sentence, 0.0, duties_on(self.world, on, self.case.as_of, sentence))

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
            self._figures,
            self.case.seed,
            self.draws,
            {pair: flow_error(self.stage, *pair) for pair in (self.case.parties, self.case.parties[::-1])},
        )

    @cached_property
    def _figures(self) -> dict[str, Assumption]:
        """The assumptions that some term may use."""
        return {name: figure for name, figure in self.case.assumptions.items() if figure.term != "no_deal"}

    def _sampled(self, package: Package) -> Draws:
        """Return the draws on a world with every region ``package`` or no deal names; one a set of regions."""
        effects = [package.effect(self._central), *(b.changes.effect(self._central) for b in self.no_deal)]
        named = sorted(set().union(*(effect.regions for effect in effects)) - set(self.case.parties))
        regions = (*self.case.parties, *(name for name in named if name in self.world.regions))
        if regions not in self._small:
            stage = draw_stage(self.world, self.case.as_of.year, regions)
            self._small[regions] = self._draws_on(stage, self.uncertain)
        return self._small[regions]

    @cached_property
    def _checked(self) -> Draws:
        flows = {pair: logs[: CHECKED + 1] for pair, logs in self.uncertain.flows.items()}
        few = Uncertain(self.uncertain.theta[: CHECKED + 1], self.uncertain.assumed[: CHECKED + 1], {}, flows)
        return self._draws_on(self.stage, few)

    def _draws_on(self, stage: Stage, drawn: Uncertain) -> Draws:
        changes = {name: baseline.changes for name, baseline in self.baselines.items()}
        return Draws(stage, self.case.parties, drawn, changes, lambda p, b: stage.duties(self._tariffs(p, b)))

    # Point values.

    @property
    def _central(self) -> dict[str, float | None]:
        return dict(self.uncertain.assumed[0])

    def _tariffs(self, package: Package, baseline: str) -> Floats:
        """Return the duties [i, n, s] of the full world under ``package`` on ``baseline`` and its changes."""
        # The edits of duties rest on no assumption, so the central ones serve for every draw.
        against = self.baselines[baseline]
        layers = (against.changes.effect(self._central).rates, package.effect(self._central).rates)
        if (baseline, layers) not in self._edited:
            with of_case(self.case.folder):
                _keep(self._edited, (baseline, layers), edited(self.world, against.duties, *layers))
        return self._edited[baseline, layers]

    def _effect(self, package: Package, baseline: str) -> Effect:
        """Return the central effect of ``package`` and of the changes of ``baseline``."""
        changes = self.baselines[baseline].changes
        return total((changes.effect(self._central), package.effect(self._central)))

    def settled(self, package: Package, baseline: str) -> Settled:
        """Return the full equilibrium of ``package`` on top of ``baseline``."""
        key = (baseline, repr(package.effect(self._central)))
        if key in self._baselines:
            return self._baselines[key]
        if key not in self._points:
            start = None if package is NOTHING else self.settled(NOTHING, baseline)
            effect = self._effect(package, baseline)
            new = settle(self.stage, self._tariffs(package, baseline), effect, start)
            if package is NOTHING:
                self._baselines[key] = new
                return new
            _keep(self._points, key, new)
        return self._points[key]

    def point(self, package: Package, baseline: str) -> Floats:
        """Return the figures [party, measure] of ``package`` against ``baseline``."""
        new, reference = self.settled(package, baseline), self.settled(NOTHING, baseline)
        return measured(self.stage, new, reference, self.case.parties, package.effect(self._central).money)

    def points(self, packages: Sequence[Package], baseline: str, progress: Progress = _silent) -> Floats:
        """Return the figures [package, party, measure] of many packages against ``baseline``, by full solves.

        Solved side by side, a few at a time, and none kept. Those that fail raise as :meth:`point` would.
        """
        reference = self.settled(NOTHING, baseline)
        rows: list[Floats] = []
        for begin in range(0, len(packages), AT_ONCE):
            some = packages[begin : begin + AT_ONCE]
            progress(f"solving {len(packages)} packages in full", begin / len(packages))
            runs = [
                settling(self.stage, self._tariffs(one, baseline), self._effect(one, baseline), reference)
                for one in some
            ]
            rows += [
                measured(self.stage, new, reference, self.case.parties, one.effect(self._central).money)
                for new, one in zip(settle_all(self.stage, runs), some, strict=True)
            ]
        return np.array(rows).reshape(len(packages), len(self.case.parties), len(MEASURES))

    # Blocks: point values with intervals.

    def block(self, package: Package, against: list[Baseline], sentence: str) -> tuple[Block, Floats]:
        """Return ``package`` against baselines weighted by probability, and its draws [draw, party, measure]."""
        pairs = list(zip(_weights(against), against, strict=True))
        points = sum(w * self.point(package, b.name) for w, b in pairs)
        drawn = sum(w * self._value_of_draws(package, b.name) for w, b in pairs)
        names = {code: known.name for code, known in BY_CODE.items()}
        likeliest = max(against, key=lambda baseline: baseline.probability).name
        pair = (self.settled(package, likeliest), self.settled(NOTHING, likeliest))
        sectors = {party: sector_changes(self.stage, *pair, party, names) for party in self.case.parties}
        return self._as_block(np.asarray(points), np.asarray(drawn), sentence, sectors), np.asarray(drawn)

    def _value_of_draws(self, package: Package, baseline: str) -> Floats:
        if not package.terms:
            return np.zeros((self.draws + 1, 2, len(MEASURES)))
        key = (baseline, repr(package.terms))
        if key not in self._drawn:
            self._drawn[key] = self.drawn(package, baseline)
        return self._drawn[key]

    def drawn(self, package: Package, baseline: str) -> Floats:
        """Return the figures [draw, party, measure] of ``package`` against ``baseline`` on the summed world.

        Draw 0 is the central one. Nothing is kept, so that any number of packages can be asked for.
        """
        return self._sampled(package).value(package, baseline)

    def _as_block(self, point: Floats, drawn: Floats, sentence: str, sectors: dict[str, list[SectorChange]]) -> Block:
        parties = {}
        for place, party in enumerate(self.case.parties):
            figures = {name: _interval(point[place, m], drawn[:, place, m]) for m, name in enumerate(MEASURES)}
            ranked = sectors[party]
            parties[party] = PartyValue(
                **figures,
                sectors_gain=tuple(change for change in ranked[:5] if change.change_usd_bn > 0),
                sectors_lose=tuple(change for change in ranked[:-6:-1] if change.change_usd_bn < 0),
            )
        return Block(baseline=sentence, parties=parties)

    def _between(self, baselines: list[Baseline], sentence: str) -> Block:
        """Return the baselines (weighted by probability) against the status quo."""
        weights = _weights(baselines)
        quo = self.settled(NOTHING, STATUS_QUO)
        names = {code: known.name for code, known in BY_CODE.items()}
        point, drawn = np.zeros((2, len(MEASURES))), np.zeros((self.draws + 1, 2, len(MEASURES)))
        for weight, baseline in zip(weights, baselines, strict=True):
            new = self.settled(NOTHING, baseline.name)
            money = baseline.changes.effect(self._central).money
            point += weight * measured(self.stage, new, quo, self.case.parties, money)
            drawn += weight * self._sampled(NOTHING).between(baseline.name, STATUS_QUO)
        likeliest = self.settled(NOTHING, max(baselines, key=lambda b: b.probability).name)
        sectors = {p: sector_changes(self.stage, likeliest, quo, p, names) for p in self.case.parties}
        return self._as_block(point, drawn, sentence, sectors)

    def _others_held(self) -> Block:
        """Return no deal against the status quo when only the parties' duties on each other change."""
        now = self.baselines[STATUS_QUO].duties.tariffs
        weights = _weights(self.no_deal)
        a, b = (self.stage.region(party) for party in self.case.parties)
        quo = self.settled(NOTHING, STATUS_QUO)
        names = {code: known.name for code, known in BY_CODE.items()}
        point = np.zeros((2, len(MEASURES)))
        likeliest, most = quo, 0.0
        for weight, baseline in zip(weights, self.no_deal, strict=True):
            tariffs = now.copy()
            then = self._tariffs(NOTHING, baseline.name)
            tariffs[a, b], tariffs[b, a] = then[a, b], then[b, a]
            effect = baseline.changes.effect(self._central)
            new = settle(self.stage, tariffs, effect, quo)
            point += weight * measured(self.stage, new, quo, self.case.parties, effect.money)
            if weight > most:
                likeliest, most = new, weight
        sectors = {p: sector_changes(self.stage, likeliest, quo, p, names) for p in self.case.parties}
        sentence = f"{self._quo_sentence}; the parties' duties on each other change, nobody else's"
        return self._as_block(point, np.full((1, 2, len(MEASURES)), np.nan), sentence, sectors)

    # Answers.

    @property
    def _quo_sentence(self) -> str:
        return self.baselines[STATUS_QUO].sentence

    @property
    def _no_deal_sentence(self) -> str:
        if len(self.no_deal) == 1:
            return self.no_deal[0].sentence
        parts = [f"{b.probability:.0%} {b.name.removeprefix('no deal: ')}" for b in self.no_deal]
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
        return self._term_and_draws(term)[0]

    def _term_and_draws(self, term: Term) -> tuple[TermValue, Floats, Floats]:
        """Return the term's value and its draws against the status quo and against no deal; done once."""
        key = repr(term)
        if key not in self._alone_in:
            self._alone_in[key] = self._value_term(term)
        return self._alone_in[key]

    def _value_term(self, term: Term) -> tuple[TermValue, Floats, Floats]:
        alone = Package(term.id, term.title, (term,))
        quo, quo_draws = self.block(alone, [self.baselines[STATUS_QUO]], self._quo_sentence)
        none, none_draws = self.block(alone, self.no_deal, self._no_deal_sentence)
        effect = alone.effect(self._central)
        used = tuple(_used(self.case.assumptions[name]) for name in term.body.assumptions)
        unknown = term.body.unpriced is not None or any(figure.value is None for figure in used)
        shocks = effect.rates + effect.costs + effect.purchases + effect.diversions + effect.deficits
        known_money = any(one.usd_bn is not None for one in effect.money)
        status: Literal["priced", "part", "unpriced"] = "priced"
        if unknown:
            status = "part" if shocks or known_money else "unpriced"
        if status == "unpriced":
            quo, none = _blank(quo), _blank(none)
        value = TermValue(
            id=term.id,
            title=term.title,
            inline=term.body.inline(),
            kind=term.body.kind,
            status=status,
            computed=term.body.computed,
            reduced_form=used,
            note="; ".join(text for text in (term.body.unpriced, term.note) if text) or None,
            against_status_quo=quo,
            against_no_deal=none,
        )
        return value, quo_draws, none_draws

    def answer(self, package: Package) -> ValueAnswer:
        """Return the full answer for ``package``."""
        singles = []
        for number, term in enumerate(package.terms):
            self.progress(f"valuing {term.title}", number / (len(package.terms) + 3))
            singles.append(self._term_and_draws(term))
        self.progress("valuing the package", (len(package.terms) + 1) / (len(package.terms) + 3))
        quo, quo_draws = self.block(package, [self.baselines[STATUS_QUO]], self._quo_sentence)
        none, none_draws = self.block(package, self.no_deal, self._no_deal_sentence)
        terms = tuple(value for value, _, _ in singles)
        unpriced = tuple(term.title for term in terms if term.status == "unpriced")
        if terms and len(unpriced) == len(terms):
            quo, none = _blank(quo), _blank(none)
        interaction = {
            "against_status_quo": self._interaction(quo, quo_draws, [(t.against_status_quo, q) for t, q, _ in singles]),
            "against_no_deal": self._interaction(none, none_draws, [(t.against_no_deal, n) for t, _, n in singles]),
        }
        self.progress("checking the draws against the full world", (len(package.terms) + 2) / (len(package.terms) + 3))
        answer = ValueAnswer(
            package=package.title,
            against_status_quo=quo,
            against_no_deal=none,
            no_deal=self._between(self.no_deal, f"{self._no_deal_sentence}; against {self._quo_sentence}"),
            no_deal_others_held=self._others_held(),
            scheduled=self._between(
                [self.baselines[SCHEDULED]],
                f"{self.baselines[SCHEDULED].sentence}; against {self._quo_sentence}",
            ),
            terms=terms,
            interaction=interaction,
            rates=self._rates(package),
            reconciliation=self._reconciliation(),
            revenue_notes=self._revenue_notes(package),
            aggregation=self._aggregation(package),
            drivers=self._drivers(package, none_draws),
            sensitivity=self._sensitivity(package),
            draws=self.draws,
            sentences=(
                *(f"Not priced, and not in the package's value: {title}." for title in unpriced),
                *self._sentences(),
            ),
            meta=self.meta,
        )
        self.progress("done", 1.0)
        return answer

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

    def _interaction(self, whole: Block, draws: Floats, parts: list[tuple[Block, Floats]]) -> dict[str, Interval]:
        found = {}
        for place, party in enumerate(self.case.parties):
            values = [block.parties[party].welfare_net_usd_bn.value or 0.0 for block, _ in parts]
            point = (whole.parties[party].welfare_net_usd_bn.value or 0.0) - sum(values)
            rest = draws[:, place, NET_USD] - sum(part[:, place, NET_USD] for _, part in parts)
            found[party] = _interval(point, np.asarray(rest))
        return found

    def _drivers(self, package: Package, drawn: Floats) -> dict[str, tuple[Driver, ...]]:
        used = {name for term in package.terms for name in term.body.assumptions}
        columns = {
            self._figures[name].sentence.rstrip(".") if name in self._figures else name: column
            for name, column in self.uncertain.columns.items()
            if name in used or name not in self._figures
        }
        return {
            party: tuple(
                Driver(assumption=one.name, share=one.share, error=one.error)
                for one in first_order(columns, drawn[:, place, NET_PCT])
            )
            for place, party in enumerate(self.case.parties)
        }

    def _aggregation(self, package: Package) -> AggregationError | None:
        if not package.terms or self.draws == 0:
            return None
        many = min(CHECKED, self.draws)
        full = self._checked.value(package, STATUS_QUO)[: many + 1, :, NET_PCT]
        small = self._value_of_draws(package, STATUS_QUO)[: many + 1, :, NET_PCT]
        # Intervals are shifted to the full point, so only how the two move apart counts.
        gap = (full - full[0]) - (small - small[0])
        return AggregationError(
            draws=many,
            welfare_net_pct_rms={p: float(np.sqrt((gap[:, k] ** 2).mean())) for k, p in enumerate(self.case.parties)},
            welfare_net_pct_max={p: float(np.abs(gap[:, k]).max()) for k, p in enumerate(self.case.parties)},
            welfare_net_pct_level={p: float(small[0, k] - full[0, k]) for k, p in enumerate(self.case.parties)},
        )

    @cached_property
    def _alternatives(self) -> list[tuple[str, Stage]]:
        """Other closures and elasticities: a sentence and the stage."""
        own = "deficits fixed as a share of each region's own value added"
        found = [(own, replace(self.stage, closure="own-gdp"))]
        for name in self.world.elasticities:
            if name in SETS and name != self.world.default_elasticity:
                economy = self.stage.economy.with_elasticity(self.world.elasticities[name])
                found.append((f"trade elasticities {SETS[name]}", replace(self.stage, economy=economy)))
        return found

    def _sensitivity(self, package: Package) -> tuple[Sensitivity, ...]:
        """Return the package's welfare under other closures and elasticities, by full solves."""
        shifted = [baseline for baseline in self.no_deal if self._effect(package, baseline.name).deficits]
        # A term that sets deficits leaves nothing for the other closure to say.
        others = [one for one in self._alternatives if one[1].closure == "fixed" or not shifted]
        rows = []
        for sentence, stage in others:
            quo = self._alone(stage, package, [self.baselines[STATUS_QUO]])
            none = self._alone(stage, package, self.no_deal)
            rows.append(
                Sensitivity(
                    changed=sentence,
                    against_status_quo_welfare_net_pct=dict(zip(self.case.parties, quo, strict=True)),
                    against_no_deal_welfare_net_pct=dict(zip(self.case.parties, none, strict=True)),
                )
            )
        return tuple(rows)

    def _alone(self, stage: Stage, package: Package, against: list[Baseline]) -> list[float]:
        """Return the welfare of ``package`` in percent on another stage, by party."""
        weights = _weights(against)
        welfare = np.zeros(2)
        for weight, baseline in zip(weights, against, strict=True):
            before = self._effect(NOTHING, baseline.name)
            reference = settle(stage, self._tariffs(NOTHING, baseline.name), before)
            effect = self._effect(package, baseline.name)
            new = settle(stage, self._tariffs(package, baseline.name), effect, reference)
            welfare += weight * measured(stage, new, reference, self.case.parties)[:, NET_PCT]
        return [_tidy(change) for change in welfare]

    def _rates(self, package: Package) -> tuple[RateChange, ...]:
        rows = []
        likeliest = self._likeliest.name
        for importer, exporter in (self.case.parties[::-1], self.case.parties):
            i, n = self.stage.region(exporter), self.stage.region(importer)
            package_on = self._tariffs(package, likeliest)[i, n]
            under = {name: self._tariffs(NOTHING, name)[i, n] for name in (STATUS_QUO, SCHEDULED, likeliest)}
            for s, sector in enumerate(self.world.sectors):
                known = bool(self.world.tariff_known[i, n, s])
                flow = self.world.flows[i, n, s]
                if not BY_CODE[sector].goods or flow == 0:
                    continue
                customs = self.stage.customs[i, s] / self.stage.customs_growth if importer == "USA" else np.nan
                imports = customs if np.isfinite(customs) else flow * self.stage.flow_scale
                duties = {name: tariffs[s] for name, tariffs in under.items()}
                rows.append(
                    RateChange(
                        importer=importer,
                        exporter=exporter,
                        sector=sector,
                        name=BY_CODE[sector].name,
                        base_pct=100 * self.world.tariffs[i, n, s] if known else None,
                        status_quo_pct=100 * duties[STATUS_QUO] if known else None,
                        scheduled_pct=100 * duties[SCHEDULED] if known else None,
                        no_deal_pct=100 * duties[likeliest] if known else None,
                        package_pct=100 * package_on[s] if known else None,
                        imports_usd_bn=float(imports),
                    )
                )
        return tuple(sorted(rows, key=lambda row: (row.importer != "USA", -(row.imports_usd_bn or 0.0))))

    def _reconciliation(self) -> tuple[Reconciliation, ...]:
        if "USA" not in self.case.parties:
            return ()
        exporter = self.case.other("USA")
        i, n = self.stage.region(exporter), self.stage.region("USA")
        rows = []
        for s, sector in enumerate(self.world.sectors):
            customs = self.stage.customs[i, s] / self.stage.customs_growth
            table = self.world.flows[i, n, s] / 1000.0
            if BY_CODE[sector].goods and (np.isfinite(customs) or table > 0):
                known = float(customs) if np.isfinite(customs) else None
                ratio = known / table if known is not None and table > 0 else None
                rows.append(
                    Reconciliation(
                        importer="USA",
                        exporter=exporter,
                        sector=sector,
                        customs_usd_bn=known,
                        table_usd_bn=float(table),
                        ratio=ratio,
                    )
                )
        return tuple(rows)

    def _revenue_notes(self, package: Package) -> tuple[str, ...]:
        """Say where a lower duty brings more revenue, or a higher one less (the Laffer curve)."""
        single = [Package(term.id, term.title, (term,)) for term in package.terms]
        notes = []
        for each in single if len(single) == 1 else [*single, package]:
            if not each.terms or any(not isinstance(term.body, Tariff) for term in each.terms):
                continue
            for baseline, words in ((STATUS_QUO, "the status quo"), (self._likeliest.name, "no deal")):
                new, old = (self.settled(one, baseline) for one in (each, NOTHING))
                for party in self.case.parties:
                    n = self.stage.region(party)
                    duty = float(((new.duties - old.duties)[:, n] * self.stage.full_flows[:, n]).sum())
                    change = revenue(self.stage, new, n) - revenue(self.stage, old, n)
                    if duty * change < 0 and abs(change) > 0.005:
                        way = ("lower", "more") if duty < 0 else ("higher", "less")
                        notes.append(
                            f"{each.title}: against {words} the duty is {way[0]} and {party} collects "
                            f"{abs(change):.2f} billion dollars {way[1]}, since imports move by more than the rate."
                        )
        return tuple(notes)

    @property
    def _likeliest(self) -> Baseline:
        return max(self.no_deal, key=lambda baseline: baseline.probability)

    def _sentences(self) -> tuple[str, ...]:
        a, b = self.case.parties
        growth = [float(self.stage.scale[self.stage.region(party)]) for party in (a, b)]
        return (
            "With deficits fixed no tariff or purchase changes a country's total trade balance: a bilateral balance "
            f"between {a} and {b} that improves is another that worsens.",
            "Against no deal, both the deal and no deal have every other origin's duties as the law has them on "
            f"{self.case.deadline}; against the status quo, as on {self.case.as_of}: the two columns are two worlds.",
            f"Welfare in dollars grows from {self.world.year} with each country's own GDP ({a} by {growth[0]:.3f}, "
            f"{b} by {growth[1]:.3f}), trade with the world's ({1000 * self.stage.flow_scale:.3f}). Tariff revenue "
            "follows customs values; what of it is in welfare is on the input-output table's flows, shown beside it.",
            "Dollar values of trade hold world labour income constant; percentages do not depend on that.",
            "Deficits are fixed in units of world GDP; tariff revenue goes back to households as a lump sum.",
            "The model is one of the long run: it has no unemployment, no time path and no financial markets.",
            "US base duties are those collected in 2024 and stand in for 2022; Japan's are unweighted averages of "
            "its 2026 schedule; elsewhere the duty is inside the trade cost and no rate is given.",
            "Services are one sector; its trade elasticity of 5 (2 to 8) is an assumption.",
            *(
                "The European Union is one region here: trade among its members is domestic, and no member's gain or "
                "loss is shown."
                for p in (a, b)
                if p == "EU"
            ),
            *(
                f"{p} is a member of the European Union, whose duties and deals are the Union's."
                for p in (a, b)
                if p in EU27
            ),
            self.stage.note,
        )


def _keep(cache: dict[Key, Kept], key: Key, value: Kept) -> None:
    """Put ``value`` into a cache of the last few: each holds the whole world, and a frontier asks for thousands."""
    cache[key] = value
    if len(cache) > RECENT:
        del cache[next(iter(cache))]


def _weights(baselines: list[Baseline]) -> Floats:
    """Return the probabilities of outcomes of no deal, or one for a single baseline that is not one."""
    weights = np.array([baseline.probability for baseline in baselines])
    return np.asarray(weights / weights.sum()) if weights.sum() > 0 else np.ones(1)


def _interval(point: float, drawn: Floats) -> Interval:
    """Return the point with the percentiles of the draws, moved so that the central draw meets it."""
    if not np.isfinite(point):
        return Interval(value=None)
    if len(drawn) < 2 or not np.isfinite(drawn).all():
        return Interval(value=_tidy(point))
    low, high = np.quantile(drawn[1:], [0.1, 0.9])
    centre = float(drawn[0])
    # The draws' economy is summed: bring its interval to the full point, by a factor where the two are
    # alike (so that a bound of zero stays zero), else by a shift.
    if centre != 0.0 and 0.5 < point / centre < 2.0:
        low, high = low * point / centre, high * point / centre
    else:
        low, high = low + point - centre, high + point - centre
    return Interval(value=_tidy(point), p10=_tidy(low), p90=_tidy(high))


def _tidy(number: float) -> float:
    """Return ``number`` with the solver's dust (below a trillionth) and minus zero as zero."""
    return 0.0 if abs(number) < 1e-12 else float(number)


def _used(figure: Assumption) -> AssumptionUsed:
    return AssumptionUsed(
        id=figure.id,
        sentence=figure.sentence,
        unit=figure.unit,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        citation=figure.citation or "no source",
        reason=figure.reason,
    )


def _blank(block: Block) -> Block:
    """Return ``block`` without numbers, for a term that nobody can price."""
    empty = PartyValue(**{name: Interval(value=None) for name in MEASURES}, sectors_gain=(), sectors_lose=())
    return Block(baseline=block.baseline, parties=dict.fromkeys(block.parties, empty))
