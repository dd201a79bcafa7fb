"""The model of wants once more, in numpyro, sampled by NUTS: the reference that the engine is held against.

Written from the equations of docs/wants.md, not from talks/wants/likelihood.py. Needs numpyro, which the product does
not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.talks.wants.evidence import GENERAL, Evidence
from tradetalks.talks.wants.priors import Priors

Floats = NDArray[np.float64]


def model(evidence: Evidence, priors: Priors) -> Any:
    """Return the numpyro model of ``evidence``."""
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    issues = evidence.issues
    others = sorted({one.counterpart for kind in (evidence.picks, evidence.choices) for one in kind} - {GENERAL})
    others = [evidence.counterpart, *(name for name in others if name != evidence.counterpart)]
    rows = [GENERAL, *others]
    kinds = [
        kind
        for kind in priors.kinds
        if kind.id in {p.voice for p in evidence.picks} | {c.voice for c in evidence.choices}
    ]
    at = [kind.id for kind in kinds]

    def program() -> None:
        prior = priors.weights
        level = numpyro.sample("level", dist.Normal(0, 1))
        general = (
            jnp.log(prior.median)
            + prior.level * level
            + numpyro.sample("issue", dist.Normal(0, prior.issue).expand([len(issues)]))
        )
        apart = numpyro.sample("apart", dist.Normal(0, 1).expand([len(others), len(issues)]))
        log_w = jnp.concatenate([general[None], general[None] + prior.counterpart * apart])
        salience = (
            numpyro.sample("salience", dist.Normal(0, 1).expand([len(kinds), len(issues)])) * priors.salience_scale
        )
        logit = jnp.array([np.log(kind.bluff / (1 - kind.bluff)) for kind in kinds])
        raw = numpyro.sample("raw_bluff", dist.Normal(0, 1).expand([len(kinds)]))
        bluff = 1 / (1 + jnp.exp(-(logit + priors.bluff_scale * raw)))
        reservation = numpyro.sample("reservation", dist.Normal(priors.reservation.mean, priors.reservation.scale))
        noise = numpyro.sample("noise", dist.LogNormal(jnp.log(priors.noise.median), priors.noise.scale))
        numpyro.deterministic("log_weights", log_w[1])
        for n, pick in enumerate(evidence.picks):
            kind, open_ = at.index(pick.voice), [issues.index(one) for one in pick.among]
            score = pick.sign * kinds[kind].follows * log_w[rows.index(pick.counterpart)] + salience[kind]
            chosen = score[issues.index(pick.issue)] - jnp.log(jnp.sum(jnp.exp(score[jnp.array(open_)])))
            meant = pick.reliability * (1 - bluff[kind])
            chance = meant * jnp.exp(chosen) * pick.firm + (1 - meant) * pick.bluff / len(open_)
            numpyro.factor(f"pick{n}", jnp.log(chance))
        for n, choice in enumerate(evidence.choices):
            stakes = jnp.array([choice.stakes.get(issue, 0.0) for issue in issues])
            gain = choice.economic + jnp.exp(log_w[rows.index(choice.counterpart)]) @ stakes
            gain = gain - reservation if choice.package else gain
            yes = 1 / (1 + jnp.exp(-gain / noise))
            meant = choice.reliability * (1.0 if choice.voice is None else 1 - bluff[at.index(choice.voice)])
            numpyro.factor(f"choice{n}", jnp.log(meant * (yes if choice.taken else 1 - yes) + (1 - meant) / 2))

    return program


def sampled(
    evidence: Evidence, priors: Priors, warmup: int = 500, draws: int = 2000, seed: int = 0
) -> dict[str, Floats]:
    """Return NUTS draws: ``log_weights`` to the counterpart of the case [draw, issue], ``reservation``, ``noise``."""
    import jax
    from numpyro.infer import MCMC, NUTS

    with jax.enable_x64(True):
        chain = MCMC(NUTS(model(evidence, priors)), num_warmup=warmup, num_samples=draws, progress_bar=False)
        chain.run(jax.random.PRNGKey(seed))
        found = chain.get_samples()
    return {name: np.asarray(found[name]) for name in ("log_weights", "reservation", "noise")}
