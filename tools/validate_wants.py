"""Write docs/validation/wants.md: calibration by simulation, prior predictive, and the engine beside NUTS.

    python tools/validate_wants.py [--cases 400]

Takes some minutes. NUTS needs numpyro (a development dependency).
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np

from tradetalks.talks.wants.calibration import BINS, calibrate
from tradetalks.talks.wants.engine import fit
from tradetalks.talks.wants.evidence import Evidence, evidence
from tradetalks.talks.wants.likelihood import Density
from tradetalks.talks.wants.priors import priors
from tradetalks.talks.wants.worth import PlainEconomics
from tradetalks.value.case import load_case
from wants_reference import sampled

PAGE = Path(__file__).parents[1] / "docs" / "validation" / "wants.md"
CASE, PARTY = "us-japan-2025", "USA"
#: The day of the case, and one by which nine deals of the year are in the record.
DAY, LATER = date(2025, 4, 20), date(2025, 8, 1)
#: Days and cases on which the engine is tried.
DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        *("2025-04-20", "2025-05-15", "2025-07-01", "2025-07-20", "2025-07-30"),
        *("2025-08-15", "2025-10-01", "2026-01-15", "2026-06-01", "2026-11-01"),
    )
)
CASES = ("us-japan-2025", "us-eu-2025")
#: Draws of the prior predictive.
PREDICTED = 400


def calibration(density: Density, cases: int) -> list[str]:
    found, one = calibrate(density, cases), density.evidence
    gap, allowed = found.uniform()
    count = len(found.names)
    rows = [("all weights", *found.coverage(0, found.weights))]
    rows += [(name, *found.coverage(n, n + 1)) for n, name in enumerate(found.names)]
    return [
        f"## Calibration by simulation: the design of {one.as_of}",
        "",
        f"{cases} cases: parameters from the prior, evidence of the design of {one.as_of} "
        f"({len(one.entries)} entries and {len(one.deals)} deals; {density.size} parameters) from the likelihood, "
        "posterior by the engine. The interval from the 10% to the 90% point should hold the truth in 80% of the "
        f"cases. In {found.unreliable:.1%} of the cases the importance weights were not to be trusted (k-hat above "
        "0.7); these are in the table like the others.",
        "",
        "| What | held by the 80% interval | standard error |",
        "|---|---:|---:|",
        *(f"| {name} | {share:.1%} | {error:.1%} |" for name, share, error in rows[: count + 1]),
        "",
        f"Places of the true weights in their posteriors, counts in {BINS} bins: "
        + ", ".join(str(number) for number in found.histogram)
        + f". The bin furthest from an even share is {gap:.1f} standard errors away (95% of the time chance keeps "
        f"the furthest within {allowed:.1f}).",
        "",
    ]


def shape(one: Evidence) -> tuple[float, float, float, float]:
    """Return issues named, the share of the one named most, duties put on or threatened, packages taken."""
    demands = [pick.issue for pick in one.picks if pick.sign > 0 and pick.counterpart == one.counterpart]
    _, counts = np.unique(demands, return_counts=True)
    moves = [choice.taken for choice in one.choices if not choice.package]
    packages = [choice.taken for choice in one.choices if choice.package]
    return float(len(counts)), counts.max() / counts.sum(), float(np.mean(moves)), float(np.mean(packages))


def predictive(density: Density) -> list[str]:
    rng = np.random.default_rng(0)
    drawn = [shape(density.simulated(rng.standard_normal((1, density.size)), rng)) for _ in range(PREDICTED)]
    low, middle, high = np.quantile(drawn, [0.1, 0.5, 0.9], axis=0)
    words = (
        "issues named by the US to Japan",
        "share of the one named most",
        "share of the duties considered that are put on or threatened",
        "share of the packages accepted",
    )
    rows = zip(words, low, middle, high, shape(density.evidence), strict=True)
    return [
        "## Prior predictive",
        "",
        f"What the model expects of a record of this design before it sees one ({PREDICTED} draws of the prior), and "
        "the record. Steps considered and not taken are not recorded, so that the record's shares of steps are 100% by "
        "the way it is kept: the model is told only what was done, and weighs it by the probability of doing it.",
        "",
        "| | 10% | median | 90% | record |",
        "|---|---:|---:|---:|---:|",
        *(f"| {word} | {a:.2f} | {b:.2f} | {c:.2f} | {seen:.2f} |" for word, a, b, c, seen in rows),
        "",
    ]


def beside_nuts(density: Density) -> list[str]:
    result = fit(density, 4000, np.random.default_rng(0))
    at, row = density.point(result.z), density.counterparts.index(density.evidence.counterpart)
    theirs = sampled(density.evidence, density.priors)
    pairs = [
        (issue, at.log_weights[:, row, k], theirs["log_weights"][:, k])
        for k, issue in enumerate(density.evidence.issues)
    ]
    pairs += [
        ("reservation", at.reservation, theirs["reservation"]),
        ("log noise", np.log(at.noise), np.log(theirs["noise"])),
    ]
    rows = []
    for name, ours, reference in pairs:
        a, b = (np.quantile(x, [0.1, 0.9]) for x in (ours, reference))
        means = f"{ours.mean():.2f} | {reference.mean():.2f}"
        rows.append(f"| {name} | {means} | {a[0]:.2f} to {a[1]:.2f} | {b[0]:.2f} to {b[1]:.2f} |")
    worst = max(abs(ours.mean() - reference.mean()) / reference.std() for _, ours, reference in pairs)
    return [
        "## The engine beside NUTS",
        "",
        f"The model written a second time in numpyro (tools/wants_reference.py) and sampled by NUTS, 2,000 draws after "
        f"500. Log weights of {PARTY} as of {DAY}; engine k-hat {result.k_hat:.2f}. The largest gap between means is "
        f"{worst:.2f} posterior standard deviations.",
        "",
        "| | mean, engine | NUTS | 10% to 90%, engine | NUTS |",
        "|---|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def grid() -> list[str]:
    rows = []
    for name in CASES:
        case = load_case(name)
        economics = PlainEconomics(case)
        for party in case.parties:
            for day in DAYS:
                density = Density(evidence(case, party, day, priors(), economics), priors())
                begun = process_time()
                found = fit(density, 1000, np.random.default_rng(case.seed))
                spent = process_time() - begun
                told = f"{density.size} | {len(density.evidence.entries)} | {len(density.evidence.deals)}"
                worth = f"{found.k_hat:.2f} | {found.effective:.0f} | {spent:.2f}"
                rows.append(f"| {name} | {party} | {day} | {told} | {worth} |")
        economics.keep()
    return [
        "## The engine through time",
        "",
        "Both parties of the shipped cases, 1,000 draws of 8,000 proposals. Below 0.7 k-hat says that the importance "
        "weights can be trusted; the last columns are what the proposals are worth in independent draws, and processor "
        "seconds, on a machine that others used.",
        "",
        "| case | party | as of | parameters | entries | deals | k-hat | worth | seconds |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=400)
    cases = parser.parse_args().cases
    case, prior = load_case(CASE), priors()
    economics = PlainEconomics(case)
    density = Density(evidence(case, PARTY, DAY, prior, economics), prior)
    parts = [
        "# Wants: validation",
        "",
        "Made by `python tools/validate_wants.py`; do not edit. The model is in [wants.md](../wants.md).",
        "",
        *predictive(density),
        *beside_nuts(density),
        *calibration(density, cases),
        *calibration(Density(evidence(case, PARTY, LATER, prior, economics), prior), cases),
        *grid(),
    ]
    PAGE.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
