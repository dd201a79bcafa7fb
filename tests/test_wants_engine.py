"""The engine: the density's gradient, the normal approximation, the importance weights, the urn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import lgamma

import numpy as np
import pytest

from tradetalks.talks.wants.engine import fit
from tradetalks.talks.wants.evidence import Evidence, evidence
from tradetalks.talks.wants.importance import resampled, smoothed
from tradetalks.talks.wants.laplace import Normal, mode
from tradetalks.talks.wants.likelihood import Density
from tradetalks.talks.wants.priors import Unlisted, priors
from tradetalks.talks.wants.urn import unlisted
from tradetalks.talks.wants.variational import nearest, proposal
from tradetalks.value.case import load_case

CASE = load_case("us-japan-2025")


def some_worth(party: str, across: str, stakes) -> float:
    return 0.3 * sum(stakes.values())


def found(party: str = "USA", on: date = date(2025, 4, 20)) -> Evidence:
    return evidence(CASE, party, on, priors(), some_worth)


@pytest.mark.parametrize(("party", "on"), [("USA", date(2025, 4, 20)), ("JPN", date(2025, 7, 30))])
def test_the_gradient_is_that_of_the_density(party: str, on: date) -> None:
    density = Density(found(party, on), priors())
    rng = np.random.default_rng(1)
    z = 0.7 * rng.standard_normal((1, density.size))
    step = 1e-5 * np.eye(density.size)
    by_difference = (density.log_posterior(z + step) - density.log_posterior(z - step)) / 2e-5
    assert density.gradient(z)[0] == pytest.approx(by_difference, abs=1e-6)


@dataclass(frozen=True)
class Bell:
    """A normal that is known, for the engine to find."""

    mean: np.ndarray
    curvature: np.ndarray

    @property
    def size(self) -> int:
        return len(self.mean)

    def log_posterior(self, z):
        away = z - self.mean
        return -0.5 * np.einsum("pi,ij,pj->p", away, self.curvature, away)

    def gradient(self, z):
        return -(z - self.mean) @ self.curvature


def bell(size: int = 6) -> Bell:
    rng = np.random.default_rng(2)
    root = rng.standard_normal((size, size))
    return Bell(rng.standard_normal(size), root @ root.T + np.eye(size))


def test_a_normal_is_found_exactly() -> None:
    truth = bell()
    assert mode(truth) == pytest.approx(truth.mean, abs=1e-5)
    result = fit(truth, 4000, np.random.default_rng(0))
    assert result.effective == pytest.approx(32_000, rel=0.02)
    assert np.cov(result.z.T) == pytest.approx(np.linalg.inv(truth.curvature), abs=0.06)


@dataclass(frozen=True)
class Skewed:
    """z = log of a gamma variate of shape 3, which a normal fits badly in the tails."""

    size: int = 2

    def log_posterior(self, z):
        return (3.0 * z - np.exp(z)).sum(1)

    def gradient(self, z):
        return 3.0 - np.exp(z)


def test_a_skewed_density_is_met_by_reweighting() -> None:
    draws = fit(Skewed(), 4000, np.random.default_rng(0)).z
    # Mean and variance of the log of a gamma variate of shape 3: digamma and trigamma of 3.
    assert draws.mean(0) == pytest.approx([0.9228, 0.9228], abs=0.03)
    assert draws.var(0) == pytest.approx([0.3949, 0.3949], abs=0.03)


@dataclass(frozen=True)
class HeavyTailed:
    """Two densities whose tails fall with the power 1.1 of the distance: nothing of ours proposes so far out."""

    size: int = 2

    def log_posterior(self, z):
        return -0.55 * np.log1p(z**2).sum(1)

    def gradient(self, z):
        return -1.1 * z / (1 + z**2)


def test_weights_that_cannot_be_trusted_are_told() -> None:
    result = fit(HeavyTailed(), 1000, np.random.default_rng(0))
    assert result.k_hat > 0.7
    assert len(result.z) == 1000


def test_the_nearest_normal_has_the_mean_slope_and_the_mean_curvature_of_the_density() -> None:
    # log p = 3 z - exp(z): under a normal the slope is 3 - exp(m + v/2) on average, and the curvature exp(m + v/2).
    found = nearest(Skewed(), Normal(np.zeros(2), np.eye(2)), np.random.default_rng(0))
    variance = np.diag(found.root.T @ found.root)
    assert variance == pytest.approx(np.full(2, 1 / 3), abs=0.03)
    assert found.mean == pytest.approx(np.full(2, np.log(3) - 1 / 6), abs=0.03)


def test_the_density_of_a_proposal_is_its_own() -> None:
    # E q [p / q] is the integral of p, whatever the tails: here that of a normal, (2 pi)^(n/2) / sqrt(det curvature).
    truth, off = bell(), Normal(bell().mean + 0.5, np.eye(6))
    found = proposal(truth, off, 200_000, np.random.default_rng(0))
    weights = np.exp(truth.log_posterior(found.z) - found.log_density)
    error = weights.std() / np.sqrt(len(weights))
    # The proposal's own constant: each heavy direction's t, the others' normal.
    heavy = np.log(2 * np.pi) / 2 - (lgamma(2.5) - lgamma(3.0) + 0.5 * np.log(5 * np.pi))
    constants = weights.mean() * np.exp(-heavy * np.arange(7))
    integral = 1 / np.sqrt(np.linalg.det(truth.curvature))
    assert min(abs(constants - integral)) < 4 * error


@pytest.mark.parametrize("on", [date(2025, 8, 15), date(2026, 11, 1)])
def test_with_many_deals_the_weights_can_still_be_trusted(on: date) -> None:
    density = Density(found("USA", on), priors())
    assert len(density.evidence.deals) > 5
    result = fit(density, 500, np.random.default_rng(0))
    assert result.k_hat < 0.7
    # A second fit that begins at the end of the first tells the same.
    again = fit(density, 500, np.random.default_rng(1), result.near)
    assert again.k_hat < 0.7
    means, other = (density.point(one.z).log_weights[:, 1].mean(0) for one in (result, again))
    assert np.abs(means - other).max() < 0.25


def test_the_tail_of_the_weights_is_measured() -> None:
    rng = np.random.default_rng(0)
    for shape in (0.3, 0.9):
        # Weights with a Pareto tail of that shape.
        weights, k_hat = smoothed(np.log(rng.pareto(1 / shape, 20_000) + 1))
        assert k_hat == pytest.approx(shape, abs=0.15)
        assert weights.sum() == pytest.approx(1.0)
    assert smoothed(np.zeros(100))[1] == -np.inf


def test_resampling_keeps_the_expected_number() -> None:
    weights = np.array([0.5, 0.25, 0.25, 0.0])
    assert np.bincount(resampled(weights, 400, np.random.default_rng(0)), minlength=4) == pytest.approx(
        [200, 100, 100, 0], abs=1
    )


def test_without_evidence_the_density_is_the_prior() -> None:
    nothing = replace(found(), picks=(), choices=())
    density = Density(nothing, priors())
    draws = fit(density, 4000, np.random.default_rng(0))
    assert draws.effective == pytest.approx(32_000)
    logs = density.point(draws.z).log_weights[:, 1]
    prior = priors().weights
    assert logs.mean(0) == pytest.approx(np.full(len(nothing.issues), np.log(prior.median)), abs=0.08)
    scale = np.sqrt(prior.level**2 + prior.issue**2 + prior.counterpart**2)
    assert logs.std(0) == pytest.approx(np.full(len(nothing.issues), scale), rel=0.06)


def test_simulated_evidence_follows_the_weights() -> None:
    density = Density(found(), priors())
    z = np.zeros((1, density.size))
    heavy = density.evidence.issues.index("energy")
    z[0, 1 + heavy] = 4.0  # the general weight of the issue, four scales up
    rng = np.random.default_rng(0)
    counts = [0, 0]
    for _ in range(30):
        for at, where in ((0, np.zeros_like(z)), (1, z)):
            counts[at] += sum(pick.issue == "energy" and pick.sign > 0 for pick in density.simulated(where, rng).picks)
    assert counts[1] > 2 * counts[0]


def test_the_urn_against_a_sum_by_hand() -> None:
    # With the concentration known to be 1 the next of n + 1 things is new with probability 1 / (n + 1).
    sharp = Unlisted(shape=1e6, rate=1e6, why="")
    assert unlisted(20, 4, 5.0, sharp) == pytest.approx(1 - np.prod([(20 + i) / (21 + i) for i in range(5)]), rel=1e-3)
    # The evidence: many issues in few statements point to more.
    prior = priors().unlisted
    assert unlisted(30, 20, 20, prior) > unlisted(300, 20, 20, prior)
    assert unlisted(100, 20, 40, prior) > unlisted(100, 20, 20, prior)
    assert 0 < unlisted(0, 0, 0, prior) < 1
