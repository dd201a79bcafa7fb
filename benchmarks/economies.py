"""The economies that the benchmarks solve."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradetalks.model import Economy
from tradetalks.model.presets.caliendo_parro_2015 import read_nafta
from tradetalks.world.aggregate import aggregate
from tradetalks.world.load import load_world
from tradetalks.world.world import World

Floats = NDArray[np.float64]

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parents[2] / "shared"))


@dataclass(frozen=True)
class Case:
    """An economy, new tariffs [i, n, s], and the most milliseconds that a solve may take."""

    name: str
    economy: Economy
    tariffs: Floats
    target: float


def cases() -> Iterator[Case]:
    """Yield the economies that the targets speak of."""
    folder = SHARED / "reference" / "cp2015"
    if folder.is_dir():
        economy, tariffs = read_nafta(folder)
        yield Case("Caliendo-Parro, NAFTA", economy.counterfactual(deficits="zero").economy(), tariffs, 5.0)
    else:
        yield synthetic("synthetic", 31, 40, 5.0)
    world = load_world("icio-2022")
    yield shocked("icio-2022, US tariffs", world, 12.0)
    yield synthetic("synthetic", 77, 45, 30.0)
    largest = [world.regions[n] for n in np.argsort(-world.value_added.sum(1)) if world.regions[n] != "ROW"]
    yield shocked("icio-2022 summed, US tariffs", aggregate(world, largest[:15]), 1.0)


def shocked(name: str, world: World, target: float) -> Case:
    """Return the case of 10 points more on all goods into the US, and 135 points on those of China."""
    economy = Economy.from_world(world)
    usa, china, goods = world.regions.index("USA"), world.regions.index("CHN"), world.sectors.index("SERV")
    tariffs = economy.tariffs.copy()
    tariffs[:, usa, :goods] += 0.10
    tariffs[china, usa, :goods] += 1.25
    tariffs[usa, usa] = 0.0
    return Case(name, economy, tariffs, target)


def synthetic(name: str, regions: int, sectors: int, target: float, seed: int = 1) -> Case:
    """Return a random world of that size: a fifth of spending imported, inputs half of output."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(0.0, 1.5, regions))
    flows = np.exp(rng.normal(0.0, 1.0, (regions, regions, sectors))) * np.outer(size, size)[:, :, None]
    own = np.arange(regions)
    flows[own, own] = 4.0 * (flows.sum(0) - flows[own, own])
    duty = rng.uniform(0.0, 0.1, flows.shape)
    duty[own, own] = 0.0
    output, spending = flows.sum(1), (flows * (1 + duty)).sum(0)
    mix = rng.uniform(0.2, 1.0, (regions, sectors, sectors))
    inputs = 0.5 * output[:, :, None] * mix / mix.sum(2, keepdims=True)
    inputs *= np.minimum(1.0, 0.66 * spending / inputs.sum(1))[:, None, :]
    economy = Economy(
        [f"R{n}" for n in range(regions)],
        [f"S{s}" for s in range(sectors)],
        flows,
        duty,
        inputs,
        output - inputs.sum(2),
        rng.uniform(2.0, 9.0, sectors),
    )
    tariffs = economy.tariffs.copy()
    tariffs[:, 0] += 0.10
    tariffs[1, 0] += 1.25
    tariffs[0, 0] = 0.0
    return Case(name, economy, tariffs, target)
