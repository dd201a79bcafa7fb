"""Time many counterfactuals at once against one at a time.

    python benchmarks/bench_batch.py [--rounds 5] [--vectorised]

First with the elasticities different in each, as in draws: one at a time, and all at once
(``Economy.counterfactuals``), in counterfactuals a second, and in milliseconds of processor time each, which
other work on the machine disturbs less. Then what would be gained where only the duties of one
importer differ and the rest of the matrices could be shared: the three products of a step for 16 counterfactuals,
each with its own matrix against one matrix for all.

Last, vectorised chunks at 81 x 28 to 1e-8, as a graphics processor solves them: counterfactuals a second, first of
the program alone, inputs and results on the device, then of ``Economy.counterfactuals``, outcomes in hand. Where there
is no graphics processor this says "not measured"; ``--vectorised`` makes the processor do it, to see that it runs.
"""

from __future__ import annotations

import argparse
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

import jax
import jax.numpy as jnp
import numpy as np

from economies import cases, shocked
from measure import machine, medians, memory
from tradetalks.model import Economy, Question, batch
from tradetalks.model.batch import THREADS
from tradetalks.world.load import load_world

MANY = {16: 200, 81: 24}


def throughput(economy: Economy, tariffs: np.ndarray, rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """Return seconds and seconds of processor time of a counterfactual, one at a time and all at once, [2] each; the
    best of the rounds."""
    rng = np.random.default_rng(1)
    many = MANY[len(economy.regions)]
    thetas = economy.trade_elasticity * np.exp(0.3 * rng.standard_normal((many, len(economy.sectors))))
    questions = [Question(tariffs, trade_elasticity=theta) for theta in thetas]
    economies = [economy.with_elasticity(theta) for theta in thetas]
    economy.counterfactuals(questions)
    economies[0].counterfactual(tariffs)
    clocks = []
    for _ in range(rounds):
        clocks.append([(perf_counter(), process_time())])
        for one in economies:
            one.counterfactual(tariffs)
        clocks[-1].append((perf_counter(), process_time()))
        economy.counterfactuals(questions)
        clocks[-1].append((perf_counter(), process_time()))
    wall, cpu = np.diff(clocks, axis=1).min(0).T / many
    return wall, cpu


def products(regions: int, sectors: int, many: int) -> tuple[float, float]:
    """Return the milliseconds of a step's three products for ``many``, own matrices and a shared one."""
    rng = np.random.default_rng(2)
    matrix = jnp.asarray(rng.random((sectors, regions, regions)))
    stack = jnp.asarray(rng.random((many, sectors, regions, regions)))
    vectors = jnp.asarray(rng.random((many, sectors, regions)))
    own = jax.jit(
        lambda m, v: [
            jax.lax.map(lambda p: jnp.einsum("sin,si->sn", *p), (m, v)),
            jax.lax.map(lambda p: jnp.einsum("sin,sn->si", *p), (m, v)),
            jax.lax.map(lambda p: jnp.einsum("sin,si->sn", *p), (m, v + 1.0)),
        ]
    )
    shared = jax.jit(
        lambda m, v: [
            jnp.einsum("sin,ksi->ksn", m, v),
            jnp.einsum("sin,ksn->ksi", m, v),
            jnp.einsum("sin,ksi->ksn", m, v + 1.0),
        ]
    )
    calls = [lambda: jax.block_until_ready(own(stack, vectors)), lambda: jax.block_until_ready(shared(matrix, vectors))]
    rounds = medians(calls, 10, 5)
    return min(times[0] for times in rounds), min(times[1] for times in rounds)


def vectorised(device: jax.Device, rounds: int, chunks: int) -> None:
    """Print counterfactuals a second of vectorised chunks of icio-2022 on ``device``; the best of the rounds."""
    case = shocked("icio-2022, US tariffs", load_world("icio-2022"), 12.0)
    economy, rng = case.economy, np.random.default_rng(3)
    size = batch.lanes(economy.flows.size)
    many = chunks * size
    print(f"\n{'vectorised, 81x28 to 1e-8':<34} {'lanes':>6} {'many':>6} {'on the device /s':>17} {'outcomes /s':>12}")
    thetas = economy.trade_elasticity * np.exp(0.3 * rng.standard_normal((many, len(economy.sectors))))
    scales = rng.uniform(0.8, 1.2, many)
    for name, questions in (
        ("elasticities differ", [Question(case.tariffs, trade_elasticity=theta) for theta in thetas]),
        ("duties differ", [Question(case.tariffs * scale) for scale in scales]),
    ):
        sent: list[tuple[Any, ...]] = []
        solve = batch.solve_lanes

        def keep(*arguments: Any, sent: list[tuple[Any, ...]] = sent, solve: Any = solve) -> Any:
            sent[:] = [arguments]
            return solve(*arguments)

        with patch.object(batch, "solve_lanes", keep):
            economy.counterfactuals(questions[:size], 1e-8)
        on_device, in_hand = [], []
        for _ in range(rounds):
            begun = perf_counter()
            jax.block_until_ready(solve(*sent[0]))
            on_device.append(perf_counter() - begun)
            begun = perf_counter()
            outcomes = economy.counterfactuals(questions, 1e-8)
            in_hand.append(perf_counter() - begun)
        assert max(one.residual for one in outcomes) <= 1e-8
        print(f"{name:<34} {size:6d} {many:6d} {size / min(on_device):17.0f} {many / min(in_hand):12.0f}")
    print(f"on {device}, best of {rounds} rounds")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time many counterfactuals at once.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--vectorised", action="store_true", help="vectorised chunks on the processor too")
    options = parser.parse_args()
    rounds = options.rounds
    print(f"{machine()}\nbackend {jax.default_backend()}, {THREADS} threads, best of {rounds} rounds\n")
    # The first table is the processor's, whatever else there is.
    with patch.object(batch, "accelerator", lambda: None):
        tables(rounds)
    device = batch.accelerator()
    if device is not None:
        vectorised(device, rounds, chunks=8)
    elif options.vectorised:
        own = jax.devices()[0]
        with patch.object(batch, "accelerator", lambda: own), patch.object(batch, "LANES", 8):
            vectorised(own, rounds, chunks=2)
    else:
        print("\nvectorised, 81x28 to 1e-8, on a graphics processor: not measured (none here)")
    print(f"\nmemory at most {memory()}")


def tables(rounds: int) -> None:
    """Print what the processor does."""
    print(
        f"{'elasticities differ':<22} {'size':>7} {'many':>5} {'one by one /s':>14} {'at once /s':>11} {'ratio':>6} "
        f"{'CPU ms':>7} {'CPU ms':>7}"
    )
    for case in cases():
        if len(case.economy.regions) in MANY:
            (alone, together), (cpu_alone, cpu_together) = throughput(case.economy, case.tariffs, rounds)
            size = f"{len(case.economy.regions)}x{len(case.economy.sectors)}"
            many = MANY[len(case.economy.regions)]
            print(
                f"{case.name[:22]:<22} {size:>7} {many:5d} {1 / alone:14.0f} {1 / together:11.0f} "
                f"{alone / together:6.2f} {1000 * cpu_alone:7.2f} {1000 * cpu_together:7.2f}"
            )
    print(f"\n{'products of a step, 16 at once':<32} {'own matrices ms':>16} {'shared matrix ms':>17} {'ratio':>6}")
    for regions in (16, 81):
        own, shared = products(regions, 28, 16)
        print(f"{f'{regions}x28':<32} {own:16.2f} {shared:17.2f} {own / shared:6.2f}")


if __name__ == "__main__":
    main()
