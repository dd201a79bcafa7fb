"""Load on the app: many users on loopback, two moves a second each, for a minute.

Run ``python benchmarks/bench_app.py [users] [seconds]``; the app is started for it. What must hold (issue 6): no error,
95% of the answers within 400 ms.

A user takes a lever, slides it in small steps (eight moves on the small economy), lets go (a full solve), and takes
another, which stands where it was left: so the users come to stand in different places, and few of their packages are
alike. A move is sent on the beat whether or not the last one has been answered, as the page does, and the time of an
answer counts from that beat.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

#: Sliders that users move, by their lever: the highest amount (the lowest is zero), and the step.
SLIDERS = {
    "reciprocal-10": (50.0, 0.5),
    "cars-mfn": (50.0, 0.5),
    "parts-mfn": (50.0, 0.5),
    "steel-mfn": (50.0, 0.5),
    "lng": (10.0, 0.1),
    "farm": (3.0, 0.01),
    "rice": (0.2, 0.001),
}
START = {"reciprocal-10": 10, "cars-mfn": 15, "parts-mfn": 0, "lng": 3, "farm": 1, "rice": 0.05, "car-standards": 1}

#: Moves of a slide before it is let go.
SLIDE = 8


@dataclass
class Seen:
    """What the users saw: seconds to each answer by its kind, and how often something else came."""

    took: dict[str, list[float]] = field(default_factory=lambda: {"quick": [], "full": []})
    counts: Counter[str] = field(default_factory=Counter)


def main(users: int = 50, seconds: float = 60.0, every: float = 0.5) -> None:
    """Print how fast the app answered, and how many errors there were."""
    with tempfile.TemporaryDirectory() as desk:
        command = [sys.executable, "-uc", "from tradetalks.cli.main import run; run()", "serve", "--port", "0"]
        begun = time.monotonic()
        server = subprocess.Popen(command, cwd=desk, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        print(f"up after {time.monotonic() - begun:.1f} s")
        try:
            asyncio.run(_load(address, users, seconds, every, server.pid))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


async def _load(address: str, users: int, seconds: float, every: float, server: int) -> None:
    home = address.split("/?")[0]
    async with httpx.AsyncClient(timeout=180) as first:
        page = await first.get(address, follow_redirects=True)
        assert page.status_code == 200
        # What the app works out at its start (wants, frontier) comes before the load, as it does for a team.
        while not (await first.get(f"{home}/api/job/deals")).json()["done"]:
            await asyncio.sleep(1)
    print(f"{users} users begin", flush=True)
    seen = Seen()
    used = [_cpu(server), time.process_time()]
    await asyncio.gather(*(_user(k, address, seconds, every, seen) for k in range(users)))
    used = [_cpu(server) - used[0], time.process_time() - used[1]]
    whole = sum(seen.counts.values())
    print(f"{users} users, {whole} moves in {seconds:g} s: {dict(seen.counts)}")
    for what, times in (*seen.took.items(), ("all", [*seen.took["quick"], *seen.took["full"]])):
        times = sorted(times)
        at = {share: 1000 * times[min(len(times) - 1, int(share * len(times)))] for share in (0.5, 0.95, 0.99)}
        print(
            f"{what}: {len(times)} answers, p50 {at[0.5]:.0f} ms, p95 {at[0.95]:.0f} ms, p99 {at[0.99]:.0f} ms, "
            f"max {1000 * times[-1]:.0f} ms"
        )
    print(
        f"processor seconds: the app {used[0]:.1f} ({1000 * used[0] / whole:.1f} ms a move), the users {used[1]:.1f}; "
        f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )


def _cpu(process: int) -> float:
    """Return the processor seconds that ``process`` has used; on Linux."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _user(k: int, address: str, seconds: float, every: float, seen: Seen) -> None:
    """Slide a lever, let it go, take the next."""
    chance, home = Random(k), address.split("/?")[0]
    async with httpx.AsyncClient(timeout=60) as client:
        page = await client.get(address, follow_redirects=True)
        found = re.search(r'name="token" content="([0-9a-f]+)"', page.text)
        assert found is not None
        client.headers["x-tradetalks-token"] = found[1]

        async def ask(stage: str, lever: str, stand: dict[str, float], due: float) -> None:
            body = {"levers": stand, "moving": lever, "stage": stage, "tab": "bench"}
            try:
                reply = await client.post(f"{home}/api/move", json=body)
                if reply.status_code != 200:
                    came = f"error {reply.status_code}"
                else:
                    came = f"{stage} overtaken" if reply.json()["overtaken"] else "answered"
            except httpx.HTTPError as error:
                came = f"error {type(error).__name__}"
            seen.counts[came] += 1
            if came == "answered":
                seen.took[stage].append(time.monotonic() - due)

        stand: dict[str, float] = dict(START)
        due = time.monotonic() + chance.random() * every
        # Somewhere in a slide: users are no choir, and do not all let go at once.
        end, left, lever, way = due + seconds, chance.randrange(1, SLIDE + 2), chance.choice(list(SLIDERS)), 1
        sent: list[asyncio.Task[None]] = []
        while due < end:
            if not left:
                lever, left, way = chance.choice(list(SLIDERS)), SLIDE + 1, chance.choice((-1, 1))
            left -= 1
            high, step = SLIDERS[lever]
            if left:
                at = stand.get(lever, 0.0) + way * step * chance.randrange(1, 6)
                way = way if 0 <= at <= high else -way
                stand[lever] = round(min(max(at, 0.0), high), 3)
            await asyncio.sleep(due - time.monotonic())
            sent.append(asyncio.create_task(ask("quick" if left else "full", lever, dict(stand), due)))
            due += every
        await asyncio.gather(*sent)


if __name__ == "__main__":
    main(*(kind(text) for kind, text in zip((int, float), sys.argv[1:], strict=False)))
