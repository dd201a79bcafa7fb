"""Reading OECD's Inter-Country Input-Output tables as OECD publishes them (the small files, CSV).

One year a file. First column ``V1`` holds the row labels: ``CCC_IND`` for every economy and industry,
then ``TLS`` (taxes less subsidies on products), ``VA`` and ``OUT``. The columns repeat the ``CCC_IND``
and then have six items of final demand an economy and ``OUT``. Current USD million, basic prices. The
small files do not split China and Mexico; rest of the world is ``ROW``.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.sectors import SECTORS
from tradetalks.world.balance import balance
from tradetalks.world.elasticity import DEFAULT_ELASTICITY, SERVICES, elasticity_sets
from tradetalks.world.tariffs import base_tariffs
from tradetalks.world.world import Array, World

#: ICIO's 50 industries in the order of the file: 27 of goods and mining, 23 of services.
INDUSTRIES: tuple[str, ...] = (*(one.code for one in SECTORS if one.code != "SERV"), *SERVICES)

#: Items of final demand of an economy.
FINAL: tuple[str, ...] = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")

#: The year of the shipped duties; for earlier tables the duty stays inside the trade cost.
_DUTY_YEAR = 2022

#: A row's sales and its published output may differ by rounding only.
_ROUNDING = 1e-4


def read_icio_csv(path: Path | str, year: int, sectors: Literal["28", "50"] = "28") -> World:
    """Return the world in OECD's small ICIO file ``path`` of ``year``, balanced.

    Args:
        path: a file such as ``2022_SML.csv``.
        year: its year. From 2022 on the shipped base duties of the United States and Japan are used.
        sectors: ``"28"`` sums the services industries to ``SERV``; ``"50"`` keeps all.

    Raises:
        BadInput: not such a file; a row or column missing, unknown or twice; a cell that is not a number
            (with its row and column); sales that do not add up to the row's output.
    """
    path = Path(path)
    if sectors not in ("28", "50"):
        raise BadInput(f"sectors: {sectors!r} is neither '28' nor '50'")
    regions = _regions(path)
    cells = [f"{region}_{industry}" for region in regions for industry in INDUSTRIES]
    final = [f"{region}_{item}" for region in regions for item in FINAL]
    table = _numbers(path, cells, [*cells, *final, "OUT"])
    n, k, f = len(regions), len(INDUSTRIES), len(FINAL)
    intermediate = table[:, : n * k].reshape(n, k, n, k)  # exporter, input, region, user
    final_demand = table[:, n * k : -1].reshape(n, k, n, f).sum(axis=3)  # exporter, sector, region
    published = table[:, -1]
    sales = table[:, :-1].sum(axis=1)
    gap = np.abs(sales - published) - _ROUNDING * np.maximum(np.abs(published), 100.0)
    if (gap > 0).any():
        worst = int(np.argmax(gap))
        raise BadInput(
            f"{path}: row {cells[worst]}: its sales add up to {sales[worst]:,.4f}, "
            f"but column OUT says {published[worst]:,.4f}"
        )
    names: tuple[str, ...] = INDUSTRIES
    if sectors == "28":
        names = tuple(one.code for one in SECTORS)
        joins = np.eye(len(names))[[min(one, len(names) - 1) for one in range(k)]]
        intermediate = np.einsum("iank,ab,kc->ibnc", intermediate, joins, joins, optimize=True)
        final_demand = np.einsum("ian,ab->ibn", final_demand, joins)
    flows = (intermediate.sum(axis=3) + final_demand).transpose(0, 2, 1)
    tariffs, source = base_tariffs(regions, names, duties=year >= _DUTY_YEAR)
    use = np.einsum("isnk,ins->nks", intermediate, 1.0 + tariffs, optimize=True)
    world = balance(regions, names, flows, use, tariffs)
    return World(
        name=path.stem,
        year=year,
        currency="USD million",
        regions=tuple(regions),
        sectors=names,
        flows=world.flows,
        input_use=world.input_use,
        value_added=world.value_added,
        tariffs=tariffs,
        tariff_known=source > 0,
        elasticities=elasticity_sets(names),
        default_elasticity=DEFAULT_ELASTICITY,
        notes=(
            f"OECD Inter-Country Input-Output Tables, {path.name}, year {year}",
            f"balancing changed {len(world.changes)} cells",
            *(f"{one.step}: {one.cell} {one.before:.6g} -> {one.after:.6g}" for one in world.changes),
        ),
        limits=("Product taxes other than import duty sit inside value added.",),
        tariff_source=source,
    )


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file") from None
    except (PermissionError, IsADirectoryError):
        raise BadInput(f"{path}: this is not a file that can be read") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not a CSV file; unpack the archive first if it is one") from None
    if not header or header[0] != "V1":
        raise BadInput(f"{path}: the first column must be V1, as in OECD's small ICIO files")
    return header


def _regions(path: Path) -> list[str]:
    """Return the economies in the order of the file, after checking every column label."""
    header = _header(path)[1:]
    regions = list(dict.fromkeys(label.partition("_")[0] for label in header if "_" in label))
    expected = [f"{region}_{industry}" for region in regions for industry in INDUSTRIES]
    expected += [f"{region}_{item}" for region in regions for item in FINAL] + ["OUT"]
    _compare(path, "column", header, expected)
    return regions


def _compare(path: Path, what: str, found: Sequence[str], expected: Sequence[str]) -> None:
    """Raise unless ``found`` holds the expected labels, each once."""
    seen, wanted = set[str](), set(expected)
    for label in found:
        if label not in wanted:
            raise BadInput(f"{path}: unknown {what} {label!r}{did_you_mean(label, expected)}")
        if label in seen:
            raise BadInput(f"{path}: the {what} {label} stands twice")
        seen.add(label)
    missing = [label for label in expected if label not in seen]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise BadInput(f"{path}: these {what}s are missing: {', '.join(missing[:5])}{more}")


def _numbers(path: Path, rows: list[str], columns: list[str]) -> Array:
    """Return the cells of ``rows`` and ``columns`` in that order."""
    types: dict[str, Any] = {"V1": pl.String, **dict.fromkeys(columns, pl.Float64)}
    try:
        table = pl.read_csv(path, schema_overrides=types).with_columns(pl.col("V1").fill_null(""))
    except pl.exceptions.PolarsError:
        raise BadInput(_bad_cell(path)) from None
    _compare(path, "row", table["V1"].to_list(), [*rows, "TLS", "VA", "OUT"])
    order = {label: position for position, label in enumerate(table["V1"])}
    numbers = table.select(columns).to_numpy()[[order[label] for label in rows]]
    if not np.isfinite(numbers).all():
        row, column = np.argwhere(~np.isfinite(numbers))[0]
        raise BadInput(f"{path}: row {rows[row]}, column {columns[column]}: a number is missing")
    return np.ascontiguousarray(numbers, dtype=np.float64)


def _bad_cell(path: Path) -> str:
    """Return the sentence that names the first cell that is not a number."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        for number, row in enumerate(reader, start=2):
            if len(row) != len(header):
                return f"{path}, line {number}: {len(row)} cells, but the header has {len(header)}"
            for label, cell in zip(header[1:], row[1:], strict=True):
                try:
                    float(cell or "nan")
                except ValueError:
                    return f"{path}: row {row[0]}, column {label}: {cell!r} is not a number"
    return f"{path}: this is not a table of numbers with commas between them"
