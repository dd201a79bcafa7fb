"""What packages are worth to both sides in dollars, from full solves, against no deal.

The economic value of a package to a party is its welfare net of debt plus yearly flows outside trade, in
billion dollars a year, expected over the outcomes of no deal. Flows that nobody can price count nothing and
the term is named as unpriced; one-off gains are no yearly flow and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, product
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput, NotConverged
from tradetalks.model.batch import side_by_side
from tradetalks.talks.deals.space import Space
from tradetalks.talks.deals.surrogate import Surrogate, core_of
from tradetalks.value.baseline import weights_of
from tradetalks.value.effect import Effect, total
from tradetalks.value.measures import MEASURES, NET_USD
from tradetalks.value.package import Package, Term, package_of
from tradetalks.value.valuation import Valuation

Floats = NDArray[np.float64]

#: Called with a sentence and the share done (0 to 1).
Progress = Callable[[str, float], None]

OUTSIDE = MEASURES.index("outside_usd_bn")


def economic(figures: Floats) -> Floats:
    """Return welfare net plus known yearly flows outside trade [..., party] of figures [..., party, measure]."""
    return np.asarray(figures[..., NET_USD] + np.nan_to_num(figures[..., OUTSIDE]))


def worth(valuation: Valuation, package: Package, baseline: str | None = None) -> Floats:
    """Return the economic value [party] of ``package`` by full solves, against no deal or one ``baseline``."""
    return np.asarray(worths(valuation, [package], baseline)[0])


def worths(
    valuation: Valuation,
    packages: Sequence[Package],
    baseline: str | None = None,
    progress: Progress = lambda what, share: None,
) -> Floats:
    """Return the economic value [package, party] of many packages, as :func:`worth` of each, solved side by side.

    Packages that differ only in money outside the model share an equilibrium, and none is solved twice.
    """
    value = np.array([_outside(valuation, package) for package in packages], dtype=float).reshape(-1, 2)
    names = [baseline] if baseline is not None else [outcome.name for outcome in valuation.no_deal]
    weights = [1.0] if baseline is not None else weights_of(valuation.no_deal)
    shares = dict.fromkeys(names, 0.0)

    def net(name: str) -> Floats:
        def done(what: str, share: float) -> None:
            shares[name] = share
            progress(what, sum(shares.values()) / len(names))

        return _net(valuation, packages, name, done)

    # Side by side, so that one outcome's last solves leave no core idle.
    for weight, found in zip(weights, side_by_side(net, names), strict=True):
        value += weight * found
    return value


#: (baseline, shocks) -> welfare net [party] of what was solved in full, as long as the valuation lives.
_solved_in: WeakKeyDictionary[Valuation, dict[tuple[str, Effect], Floats]] = WeakKeyDictionary()


def _net(valuation: Valuation, packages: Sequence[Package], baseline: str, progress: Progress) -> Floats:
    """Return welfare net [package, party] against ``baseline``."""
    known = _solved_in.setdefault(valuation, {})
    keys = [(baseline, replace(total([one.effect(valuation.central)]), money=())) for one in packages]
    new = {key: one for key, one in zip(keys, packages, strict=True) if key not in known}
    still = {key for key in new if key[1] == Effect()}
    known.update(dict.fromkeys(still, np.zeros(2)))
    asked = [key for key in new if key not in still]
    figures = valuation.points([new[key] for key in asked], baseline, progress)[..., NET_USD]
    known.update(zip(asked, figures, strict=True))
    return np.array([known[key] for key in keys]).reshape(-1, 2)


def _outside(valuation: Valuation, package: Package) -> Floats:
    """Return the yearly flows outside trade [party], those that are known."""
    money = package.effect(valuation.central).money
    return np.array(
        [sum(one.usd_bn or 0.0 for one in money if one.party == p and not one.once) for p in valuation.case.parties]
    )


def worth_drawn(valuation: Valuation, package: Package) -> Floats:
    """Return the economic value [draw, party], without the central draw, moved so that the centre is the full solve's.

    By a factor where the two are alike, so that a term worth nothing in a draw stays so; else by a shift.
    """
    if not package.terms or valuation.draws == 0:
        return np.zeros((valuation.draws, 2))
    pairs = zip(weights_of(valuation.no_deal), valuation.no_deal, strict=True)
    drawn = np.asarray(sum(w * economic(valuation.value_of_draws(package, b.name)) for w, b in pairs))
    point, centre = worth(valuation, package), drawn[0]
    ratio = np.where(centre == 0.0, 0.0, point / np.where(centre == 0.0, 1.0, centre))
    alike = (ratio > 0.5) & (ratio < 2.0)
    return np.asarray(drawn[1:] * np.where(alike, ratio, 1.0) + np.where(alike, 0.0, point - centre))


def unpriced(term: Term, valuation: Valuation) -> bool:
    """Return whether some part of the term's value is not known."""
    figures = valuation.case.assumptions
    return term.body.unpriced is not None or any(figures[name].value is None for name in term.body.assumptions)


def surrogate_of(
    valuation: Valuation, space: Space, progress: Progress = lambda what, share: None
) -> tuple[Surrogate, int]:
    """Return the surrogate of the economic value over ``space``, and how many packages were solved for it.

    Args:
        valuation: the case at work.
        space: its packages.
        progress: called with a sentence and the share of the solves done.

    Raises:
        BadInput: two terms cannot be valued together; the message names them.
    """
    factors = space.factors
    counts = [len(factor.levels) for factor in factors]
    alone = [(f, a) for f, count in enumerate(counts) for a in range(1, count)]
    pairs = [((f, a), (g, b)) for (f, a), (g, b) in combinations(alone, 2) if f != g]
    chosen: list[tuple[tuple[int, int], ...]] = [*((one,) for one in alone), *pairs]
    value = dict(zip(chosen, _solved(valuation, space, chosen, progress), strict=True))
    single = tuple(np.array([np.zeros(2), *(value[(f, a),] for a in range(1, counts[f]))]) for f in range(len(factors)))
    pair = {(f, g): np.zeros((counts[f], counts[g], 2)) for f, g in combinations(range(len(factors)), 2)}
    for (f, a), (g, b) in pairs:
        pair[f, g][a, b] = value[(f, a), (g, b)] - single[f][a] - single[g][b]
    core = core_of(pair, counts)
    sums = Surrogate(single, pair)
    if not core:
        return sums, len(chosen)
    residual = np.zeros((*(counts[f] for f in core), 2))
    more = [levels for levels in product(*(range(counts[f]) for f in core)) if np.count_nonzero(levels) > 2]
    inside = [tuple((f, a) for f, a in zip(core, levels, strict=True) if a) for levels in more]
    for levels, full in zip(more, _solved(valuation, space, inside, progress), strict=True):
        choice = np.zeros((1, len(factors)), dtype=np.intp)
        choice[0, list(core)] = levels
        residual[levels] = full - sums.of(choice)[0]
    return Surrogate(single, pair, core, residual), len(chosen) + len(more)


def _solved(
    valuation: Valuation, space: Space, chosen: Sequence[tuple[tuple[int, int], ...]], progress: Progress
) -> Floats:
    """Return the value [package, party] of packages, each given by (factor, level) of what is in it."""
    insides = [[term for f, a in one for term in space.factors[f].levels[a]] for one in chosen]
    packages = [package_of(inside) for inside in insides]
    try:
        return worths(valuation, packages, progress=progress)
    except (BadInput, NotConverged):
        # One of them has no value: find it, so that the sentence names it.
        for inside, package in zip(insides, packages, strict=True):
            try:
                worth(valuation, package)
            except (BadInput, NotConverged) as error:
                if len(inside) == 1:
                    raise
                names = " and ".join(term.id for term in inside)
                raise type(error)(
                    f"{names} cannot be valued in one package ({error}); make them levels of one factor in a file "
                    "(--levels)"
                ) from None
        raise
