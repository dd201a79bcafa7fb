"""Build the shipped world from the raw inputs: ``python tools/build_world.py [SHARED]``.

SHARED is the folder with the raw inputs (default: the environment variable TRADETALKS_SHARED, else
``../shared`` beside the project). Writes into ``src/tradetalks/world/data``:

- ``icio-2022.npz``: the balanced world (OECD ICIO 2025 edition, year 2022, 81 regions, 28 sectors);
- ``icio-2022_balancing.csv``: every cell that balancing changed.

Base tariffs come from ``us_duty_2024.csv`` and ``japan_duty_2026.csv`` in the same folder.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tradetalks.ground.files import write_atomic
from tradetalks.ground.sectors import SECTORS
from tradetalks.world.balance import Balanced, balance
from tradetalks.world.tariffs import base_tariffs
from tradetalks.world.world import Array

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "tradetalks" / "world" / "data"


LIMITS = (
    "Rest of the world (ROW) is one region. Its input use is not published: it has the average coefficients "
    "of the 80 economies, and what the 80 buy from it is split over users like their other imports.",
    "All services, electricity, water and construction included, are one sector; its trade elasticity is an "
    "assumption (5, interval 2 to 8).",
    "Product taxes other than the known import duties sit inside value added.",
    "Flows are those of the input-output tables, not customs values: Japan's goods to the United States are "
    "109.7 billion here (2022) and 151.3 billion in US customs data (2024).",
    "Base duties are known for imports into the United States (calculated duties of 2024, a proxy for 2022) "
    "and Japan (unweighted means over lines at the 2026 stage); elsewhere the duty is inside the trade cost.",
)


@dataclass(frozen=True)
class Raw:
    """The extract of OECD's tables: 81 regions (80 and ROW), 28 sectors, USD million."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: Array
    """[81, 81, 28] exporter, importer, sector."""
    intermediate: Array
    """[28, 80, 28, 80] input, source, using sector, using country."""
    output: Array
    """[80, 28] as published."""


def read_raw(shared: Path) -> Raw:
    with np.load(shared / "data" / "world" / "icio2022_80c_28s.npz", allow_pickle=False) as stored:
        sectors = tuple("SERV" if str(s).startswith("Services") else str(s) for s in stored["sectors"])
        assert sectors == tuple(one.code for one in SECTORS)
        return Raw(
            regions=tuple(str(code) for code in stored["countries81"]),
            sectors=sectors,
            flows=stored["X81"].astype(np.float64),
            intermediate=stored["Z"].astype(np.float64),
            output=stored["go"].astype(np.float64).T,
        )


def ratio(a: Array, b: Array) -> Array:
    return np.divide(a, b, out=np.zeros_like(a), where=b > 0)


def input_use(raw: Raw, tariffs: Array) -> Array:
    """Return duty-inclusive input use [81, 28, 28] of region, using sector, input.

    The 80 economies' purchases from each other are published by user; those from ROW are not, so they
    are spread over users, and between intermediate and final use, as the imports of the same good from
    the other 79. ROW's own input use has the output-weighted average coefficients of the 80.
    """
    last = len(raw.regions) - 1
    duty = 1.0 + tariffs
    z = raw.intermediate.transpose(3, 2, 0, 1)  # region n, user k, input s, source i
    own = np.arange(last)
    foreign = z.copy()
    foreign[own, :, :, own] = 0.0
    imports = raw.flows[:last, :last].copy()
    imports[own, own] = 0.0
    row_per_other = ratio(raw.flows[last, :last], imports.sum(axis=0))  # [n, s]
    paid = np.einsum("nksi,ins->nks", z, duty[:last, :last])
    from_row = foreign.sum(axis=3) * (row_per_other * duty[last, :last])[:, None, :]
    use = np.zeros((last + 1, *paid.shape[1:]))
    use[:last] = paid + from_row
    output = raw.flows.sum(axis=1)
    average = ratio(use[:last].sum(axis=0), np.repeat(output[:last].sum(axis=0)[:, None], len(raw.sectors), 1))
    use[last] = average * output[last][:, None]
    return use


def write_balancing(raw: Raw, table: Balanced) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", "region", "sector", "cell", "from", "to", "why"])
    for one in table.changes:
        row = [one.step, one.region, one.sector, one.cell, f"{one.before:.6g}", f"{one.after:.6g}", one.why]
        writer.writerow(row)
    write_atomic(DATA / "icio-2022_balancing.csv", text.getvalue())


def notes(table: Balanced) -> list[str]:
    """Return what was done, in the words the product shows."""
    steps: dict[str, set[str]] = {}
    for one in table.changes:
        if one.step == "cap at absorption":
            what = f"{one.region} inputs of {one.cell.rpartition(', ')[2].rstrip(']')}"
        else:
            what = f"{one.region} {one.sector}"
        steps.setdefault(one.step, set()).add(f"{what} ({one.why})")
    absent = int((table.flows.sum(axis=1) == 0).sum())
    return [
        "OECD Inter-Country Input-Output Tables, 2025 edition, year 2022, USD million at basic prices; "
        "output is the sum of sales.",
        f"Balancing changed {len(table.changes)} cells, each listed in icio-2022_balancing.csv.",
        *(f"{step}: {'; '.join(sorted(where))}." for step, where in steps.items()),
        f"{absent} sectors of regions have no output; they are masked, never seeded.",
    ]


def main(shared: Path) -> None:
    raw = read_raw(shared)
    tariffs, source = base_tariffs(raw.regions, raw.sectors)
    table = balance(raw.regions, raw.sectors, raw.flows, input_use(raw, tariffs), tariffs)
    file = io.BytesIO()
    np.savez_compressed(
        file,
        regions=np.array(raw.regions),
        sectors=np.array(raw.sectors),
        year=2022,
        currency="USD million",
        flows=table.flows,
        input_use=table.input_use,
        value_added=table.value_added,
        tariffs=tariffs,
        tariff_source=source,
        notes=np.array(notes(table)),
        limits=np.array(LIMITS),
    )
    write_atomic(DATA / "icio-2022.npz", file.getvalue())
    write_balancing(raw, table)


if __name__ == "__main__":
    default = os.environ.get("TRADETALKS_SHARED", str(ROOT.parent / "shared"))
    main(Path(sys.argv[1] if len(sys.argv) > 1 else default))
