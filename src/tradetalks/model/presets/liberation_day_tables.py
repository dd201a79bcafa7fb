"""Ours beside the tables of Ignatenko and others (2025)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.model.economy import Economy
from tradetalks.model.presets.comparison import Cell, Comparison, Table
from tradetalks.model.presets.liberation_day_2025 import uniform_optimum, uniform_retaliation
from tradetalks.model.presets.liberation_day_data import Data, read_data, read_rows
from tradetalks.model.presets.liberation_day_scenarios import (
    SCENARIOS,
    Columns,
    announced,
    averaged,
    deficit_shared_out,
    reciprocal,
    scenario_of,
    solved,
    transfers_without_us,
    world_change,
)

Floats = NDArray[np.float64]

CITATION = (
    "A. Ignatenko, A. Lashkaripour, L. Macedoni and I. Simonovska, “Making America great again? The economic "
    "impacts of Liberation Day tariffs”, *Journal of International Economics* 157, 2025, 104138."
)


def validate_liberation_day(directory: Path) -> Comparison:
    """Return our figures beside the published ones in ``directory``, and those of every scenario.

    Args:
        directory: holds the data that :func:`read_data` reads, and CSV tables with the columns source, table,
            section, case, country and those of ``Columns.NAMES``; empty cells are skipped.

    Raises:
        BadInput: the folder does not have that layout.
        NotConverged: an equilibrium was not found.
    """
    data = read_data(directory)
    found = {key: scenario.solve(data) for key, scenario in SCENARIOS.items()}
    cells: list[Cell] = []
    unknown: list[str] = []
    for row in _published(directory):
        key = scenario_of(row["table"], row["section"], row["case"])
        if key is None:
            unknown.append(f"{row['table']} {row['section']} {row['case']}".replace("  ", " "))
            continue
        ours = averaged(found[key], SCENARIOS[key], data, row["country"])
        label = " ".join(part for part in key if part).replace("_", " ")
        for column, figure in zip(Columns.NAMES, ours, strict=True):
            text = (row.get(column) or "").strip()
            if text:
                digits = len(text.partition(".")[2])
                cells.append(Cell(f"{label}: {column}", row["country"], float(figure), float(text), digits))
    if not cells:
        raise BadInput(f"{directory}: no table with published figures of a known scenario")
    left = [f"Panels that we do not have: {'; '.join(dict.fromkeys(unknown))}."] if unknown else []
    return Comparison(
        "liberation_day",
        CITATION,
        "percent",
        tuple(cells),
        (*_notes(data, found), *left),
        _tables(data, found),
    )


def _notes(data: Data, found: Mapping[tuple[str, str, str], Floats]) -> tuple[str, ...]:
    usa = data.usa
    main = data.main
    exact = welfare_by_utility(data)
    spread = deficit_shared_out(data)[usa]
    taken = found["Table_10", "", "(2)"][usa]
    steps = [solved(e, e.announced).iterations for e in (main, data.inputs)]
    return (
        "The economy: one sector, 194 countries, trade elasticity 4, labour supply elasticity 0.5, scale elasticity "
        f"0.67/4; share of services {main.nu[usa]:.4f} in the USA and {np.delete(main.nu, usa)[0]:.4f} elsewhere "
        "(solved), so pass-through to what buyers feel "
        f"{main.phi[usa]:.3f} and {np.delete(main.phi, usa)[0]:.3f}.",
        "Welfare here is the paper's figure. Its disutility of labour moves with the real wage bill, which is right "
        "where duties are paid out as a lump sum. Under income-tax relief labour supply follows the wage after tax, "
        "and so should its disutility: measured by the utility that the labour supply comes from "
        "(`with_switches(..., welfare='utility')`), the announced tariffs with relief raise US welfare by "
        f"{exact[0]:.2f}%, not {found['Table_1', '', 'Case 1'][usa, 0]:.2f}%, and with reciprocal retaliation change "
        f"it by {exact[1]:.2f}%, not {found['Table_2', '', '(1)'][usa, 0]:.2f}%.",
        "“EU” is the 25 members over which the authors average: Czechia and Slovakia are left out. Averages are "
        "weighted by base spending, in table 4 by GDP; welfare in table 10 is a plain mean over countries.",
        "Prices are measured against the world's price level, in table 4 against the world's wages, as the authors do.",
        "Table 10, second and fourth panel: the authors take imbalances with the USA out of transfers; the rest sums "
        f"to USD {transfers_without_us(data).sum() / 1e9:.2f} trillion over the world instead of zero, and the labour "
        f"market of the last country, {data.regions[-1]}, does not clear. Our figures are of the same computation. "
        f"With the sum shared out by GDP and every market cleared, US welfare in the second panel is {spread[0]:.2f}% "
        f"({taken[0]:.2f}% as computed there) and exports over GDP {spread[2]:.1f}% ({taken[2]:.1f}%). The non-US "
        "welfare that the authors' program prints in the fourth panel is that of the third; ours is of the fourth.",
        f"The optimal tariff of table 1 is the paper's formula, {100 * uniform_optimum(main):.2f}% on all origins; "
        f"in the last panel of table 2 their program divides by income in the place of spending, "
        f"{100 * uniform_optimum(main, 'income'):.2f}%. Optimal retaliation is {100 * uniform_retaliation(main):.2f}%.",
        _optimum(data),
        f"Every market clears within 1e-10 (log excess), after {steps[0]} evaluations of the system in the "
        f"main economy and {steps[1]} with inputs.",
        "Several sectors (table 4, third panels; table 9, first alternative; half of table 11) need sector data that "
        "the folder does not hold; the switches are the same.",
    )


def _optimum(data: Data) -> str:
    """Return what the optimum with inputs is, 193 duties at once, and how it is certified."""
    best = data.inputs.optimal_tariffs("USA")
    one = data.inputs.optimal_tariffs("USA", instruments="uniform")
    proof, rate = best.certificates[0], best.tariffs[-1, data.usa, 0]
    mean, mean_one = (100.0 * (choice.average_tariff("USA") or 0.0) for choice in (best, one))
    welfare, welfare_one = (choice.outcome.welfare[data.usa] for choice in (best, one))
    return (
        f"The optimum with inputs (table 4), {proof.tariffs} duties at once by gradients: US welfare {welfare:.3f}%, "
        f"duties {mean:.1f}% on average (base weights). {'Certified' if best.certified else 'Not certified'}: what "
        f"moves of the duties would still gain is {proof.unrest:.0e}%, the greatest curvature in {proof.directions} "
        f"directions is {proof.curvature:.2f} (negative at a peak), and {proof.rivals} climbs from elsewhere end no "
        f"higher. One rate for all gives {welfare_one:.3f}% at {mean_one:.1f}%. The authors charge all origins the "
        f"rate found for the last country, {100 * rate:.1f}% here, and the panel above does the same. Their joint "
        "retaliation is a search that stops after 200 steps; ours ends where the first-order conditions hold."
    )


def welfare_by_utility(data: Data) -> tuple[float, float]:
    """Return US welfare by utility, percent: announced tariffs with relief, and with reciprocal retaliation.

    The tax that relief takes off is as large as the duties collected, as the paper has it.
    """
    main = data.main
    plain = Economy(
        main.regions,
        main.sectors,
        main.flows,
        main.tariffs,
        np.zeros((len(main.regions), 1, 1)),
        main.output,
        main.trade_elasticity,
    )
    found = []
    for duties in (announced(main), reciprocal(main)):
        new = solved(main, duties).new
        exact = plain.with_switches(
            labour_supply=0.5,
            revenue="income-tax",
            labour_tax=np.maximum(new.duties, 0.0) / new.labour_income,
            services=main.nu,
            pass_through=main.phi,
            scale=0.67 / 4.0,
        )
        found.append(float(exact.counterfactual(tariffs=duties).welfare[data.usa]))
    return found[0], found[1]


def _tables(data: Data, found: Mapping[tuple[str, str, str], Floats]) -> tuple[Table, ...]:
    def shown(key: tuple[str, str, str], country: str) -> tuple[str | float, ...]:
        return (
            " ".join(part for part in key if part).replace("_", " "),
            country,
            *map(float, averaged(found[key], SCENARIOS[key], data, country)[:6]),
        )

    every = Table(
        "Every scenario, percent",
        ("panel", "country", "welfare", "deficit", "exports/GDP", "imports/GDP", "employment", "prices"),
        tuple(shown(key, country) for key in SCENARIOS for country in ("USA", "CHN", "EU", "RoW", "non-US")),
    )
    revenue = [
        ("USTR tariff", found["Table_1", "", "Case 1"]),
        ("optimal tariff", found["Table_1", "", "Case 3"]),
        ("optimal retaliation", found["Table_2", "", "(3)"]),
        ("reciprocal retaliation", found["Table_2", "", "(1)"]),
    ]
    share = [(name, 100.0 * float(each[data.usa, 6])) for name, each in revenue]
    third = Table(
        "Table 3: duties collected by the USA, percent",
        ("scenario", "of GDP", "of the federal budget (23% of GDP)"),
        tuple((name, of_gdp, of_gdp / 0.23) for name, of_gdp in share),
    )
    rows = []
    for name, e in (("main", data.main), ("inputs", data.inputs)):
        for when, duties in (("before", announced(e)), ("after", reciprocal(e))):
            rows.append((f"{name}, {when} retaliation", *world_change(solved(e, duties))))
    world = Table("Table 11: the world, percent", ("economy", "trade over GDP", "employment"), tuple(rows))
    return every, third, world


def _published(directory: Path) -> list[dict[str, str]]:
    """Return the rows of the published tables among the CSV files of ``directory``."""
    rows = []
    for path in sorted(directory.glob("*.csv")):
        if path.name.startswith("liberation_day_"):
            continue
        for row in read_rows(path, "table", "case", "country", *Columns.NAMES[:1]):
            if not row.get("source") or row["source"] == "matlab_published":
                for column in Columns.NAMES:
                    if (row.get(column) or "").strip():
                        _figure(row[column], path, column)
                rows.append({**row, "section": row.get("section") or ""})
    return rows


def _figure(text: str, path: Path, column: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadInput(f"{path}: {column}: {text!r} is not a number") from None
