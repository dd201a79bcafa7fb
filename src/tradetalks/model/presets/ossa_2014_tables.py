"""Ours beside the tables of Ossa (2014) and the author's tariffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.model.economy import Economy
from tradetalks.model.outcome import Outcome
from tradetalks.model.policy.result import Choice
from tradetalks.model.presets.comparison import Cell, Comparison, Table
from tradetalks.model.presets.ossa_2014 import PANELS, columns, mean_tariff, payoffs, read_ossa
from tradetalks.model.presets.ossa_2014_misses import apart, in_turn, misses
from tradetalks.model.presets.ossa_2014_published import COLUMNS, Experiment, published

Floats = NDArray[np.float64]

CITATION = (
    'R. Ossa, "Trade Wars and Trade Talks with Data", *American Economic Review* 104(12), 2014, table 4: Nash '
    "tariffs without (panel A) and with political weights (panel B), and the author's tariffs."
)

#: Experiment -> the author's tariffs of it.
AUTHORS = {
    "nash": "nash_tariff",
    "MFN nash": "mfn_nash_tariff",
    "optimal": "optimal_tariff",
    "MFN optimal": "mfn_optimal_tariff",
}


def validate_ossa(directory: Path) -> Comparison:
    """Return our figures beside those of the tables in ``directory``, and ours beside the author's tariffs.

    Args:
        directory: holds what :func:`read_ossa` reads, and tables that :func:`published` reads; a row of an
            experiment or region that we do not know is named and left out.

    Raises:
        BadInput: the folder does not have that layout.
        NotConverged: an equilibrium was not found.
    """
    plain, political, data = read_ossa(directory)
    trade = np.asarray(data["trade_ijs"], dtype=float)
    solved = _Solved(plain, political, data)
    cells: list[Cell] = []
    unknown: list[str] = []
    names = (*plain.regions, "Mean")
    for row in published(directory):
        if row.experiment is None or row.region not in names:
            unknown.append(row.name)
            continue
        found, known, at = solved.columns(row.experiment), solved.authors(row.experiment), names.index(row.region)
        for name, text in row.figures.items():
            digits, there = len(text.partition(".")[2]), None if known is None else float(known[name][at])
            label = f"{row.experiment.label}: {name}"
            cells.append(Cell(label, row.region, float(found[name][at]), float(text), digits, there))
    if not cells:
        raise BadInput(
            f"{directory}: no table with figures; needed is a CSV file with region and some of {', '.join(COLUMNS)}, "
            "such as ossa2014_table4_nash_tariffs.csv"
        )
    short: list[tuple[str | float, ...]] = []
    differing: list[tuple[Table, Table]] = []
    moved, routes = 0.0, []
    for panel, (suffix, _) in PANELS.items():
        war = Experiment("nash", panel == "B", False)
        economy, nash = solved.economies[war.political], solved.choice(war)
        authors = economy.counterfactual(tariffs=np.asarray(data[f"nash_tariff_{suffix}"]))
        theirs, ours = np.asarray(authors.tariffs), nash.tariffs
        short += _short_of_best(panel, economy, authors)
        moved = max(
            moved, float(np.abs(economy.nash_tariffs(economy.regions, given=authors).payoffs - nash.payoffs).max())
        )
        routes.append((*in_turn(economy, ours, theirs, trade), apart(ours, theirs, trade)))
        mine = [cell for cell in cells if cell.result.startswith(f"{panel}: ")]
        differing.append(misses(economy, mine, ours, theirs, trade))
    others = _beside_the_authors(solved, trade)
    certified = solved.certificates()
    return Comparison(
        "ossa2014",
        CITATION,
        "percent",
        tuple(cells),
        (
            *_notes(cells, short, moved, routes),
            f"{sum(certified)} of {len(certified)} certificates hold (first and second-order conditions, climbs from "
            "elsewhere).",
            *([f"Rows that we do not have: {'; '.join(dict.fromkeys(unknown))}."] if unknown else []),
        ),
        (
            *_differing(differing),
            Table(
                "How far the author's Nash tariffs are from mutual best answers",
                ("region", "a best answer gains, millionths of a point", "tariff factors move by, percent"),
                tuple(short),
            ),
            *others,
        ),
    )


class _Solved:
    """Each experiment solved once, when it is first asked for."""

    def __init__(self, plain: Economy, political: Economy, data: Mapping[str, Any]) -> None:
        self.economies = {False: plain, True: political}
        self.data = data
        self._choices: dict[tuple[Experiment, str], Choice] = {}

    def choice(self, of: Experiment, region: str = "") -> Choice:
        """Return the tariffs that are chosen; optimal ones are those of ``region``."""
        if (of, region) not in self._choices:
            economy = self.economies[of.political]
            kind = "mfn" if of.mfn else "bilateral"
            if of.kind == "optimal":
                found: Choice = economy.optimal_tariffs(region, instruments=kind)
            elif of.kind == "nash":
                found = economy.nash_tariffs(economy.regions, instruments=kind)
            else:
                found = economy.bargain(economy.regions, "egalitarian", self._start(of), instruments=kind)
            self._choices[of, region] = found
        return self._choices[of, region]

    def columns(self, of: Experiment) -> dict[str, Floats]:
        """Return our columns of the table [j + 1], the mean behind."""
        economy = self.economies[of.political]
        if of.kind == "optimal":
            return _own(columns(economy, self.choice(of, region).outcome) for region in economy.regions)
        found = self.choice(of)
        if of.kind == "nash":
            return columns(economy, found.outcome)
        start = self._start(of)
        before = start if isinstance(start, Outcome) else start.outcome
        worth, worth_before = (1.0 + payoffs(economy, one) / 100.0 for one in (found.outcome, before))
        return columns(economy, found.outcome.relative_to(before), 100.0 * (worth / worth_before - 1.0))

    def authors(self, of: Experiment) -> dict[str, Floats] | None:
        """Return the columns at the author's tariffs; ``None`` where they are not in the folder."""
        economy = self.economies[of.political]
        if of.kind == "optimal":
            return _own(
                columns(economy, economy.counterfactual(tariffs=self.their_optimum(of, j)))
                for j in range(len(economy.regions))
            )
        tariffs = self.their_tariffs(of)
        return None if tariffs is None else columns(economy, economy.counterfactual(tariffs=tariffs))

    def their_tariffs(self, of: Experiment) -> Floats | None:
        """Return the author's tariffs of the experiment as the folder has them, or ``None``."""
        name = AUTHORS.get(("MFN " if of.mfn else "") + of.kind)
        return None if name is None else np.asarray(self.data[f"{name}_{'pol' if of.political else 'base'}"], float)

    def their_optimum(self, of: Experiment, j: int) -> Floats:
        """Return factual tariffs [i, j, s] with the author's optimal ones of importer ``j``."""
        tariffs, best = np.array(self.data["tariff_ijs"], dtype=float), self.their_tariffs(of)
        assert best is not None
        tariffs[:, j] = best[:, j][None, :] if of.mfn else best[:, j]
        tariffs[j, j] = 0.0
        return tariffs

    def certificates(self) -> list[bool]:
        """Return whether each certificate holds, of all that was solved."""
        return [one.holds for choice in self._choices.values() for one in choice.certificates]

    def _start(self, of: Experiment) -> Outcome | Choice:
        """Return where the talks begin."""
        economy = self.economies[of.political]
        if of.start == "war":
            return self.choice(Experiment("nash", of.political, of.mfn))
        return economy.counterfactual(tariffs=np.zeros_like(economy.tariffs) if of.start == "free trade" else None)


def _own(each: Any) -> dict[str, Floats]:
    """Return the columns of which each region has its own outcome: from ``each`` its own row, and the mean of these."""
    found: dict[str, list[float]] = {name: [] for name in COLUMNS}
    for j, one in enumerate(each):
        for name in COLUMNS:
            found[name].append(float(one[name][j]))
    return {name: np.array([*own, np.mean(own)]) for name, own in found.items()}


def _short_of_best(panel: str, economy: Economy, outcome: Outcome) -> list[tuple[str | float, ...]]:
    """Return for each government what its best answer to ``outcome`` would still gain it, millionths of a point, and
    how far that answer is: the root mean square change of one plus the tariff, percent, weighted by trade."""
    rows: list[tuple[str | float, ...]] = []
    for j, region in enumerate(economy.regions):
        best = economy.best_response(region, outcome)
        weight = np.asarray(outcome.flows)[:, j].copy()
        weight[j] = 0.0
        distance = np.log1p(best.tariffs[:, j]) - np.log1p(np.asarray(outcome.tariffs)[:, j])
        gain = 1e6 * float(best.payoffs[0] - payoffs(economy, outcome)[j])
        rows.append((f"{panel}: {region}", gain, float(100.0 * np.sqrt((weight * distance**2).sum() / weight.sum()))))
    return rows


def _beside_the_authors(solved: _Solved, trade: Floats) -> list[Table]:
    """Return our payoffs and mean tariffs beside those at the author's tariffs, a table an experiment."""
    tables = []
    for title, kind, mfn in (
        ("Nash tariffs", "nash", False),
        ("Optimal tariffs", "optimal", False),
        ("MFN optimal tariffs", "optimal", True),
        ("MFN Nash tariffs", "nash", True),
    ):
        rows: list[tuple[str | float, ...]] = []
        for panel, (_, called) in PANELS.items():
            of = Experiment(kind, panel == "B", mfn)
            economy, theirs = solved.economies[of.political], solved.their_tariffs(of)
            for j, region in enumerate(economy.regions):
                own = kind == "optimal"
                choice, at = (solved.choice(of, region), 0) if own else (solved.choice(of), j)
                tariffs = solved.their_optimum(of, j) if own else theirs
                assert tariffs is not None
                there = payoffs(economy, economy.counterfactual(tariffs=tariffs))
                means = mean_tariff(choice.tariffs, trade)[j], mean_tariff(tariffs, trade)[j]
                rows.append((f"{region}, {called}", *map(float, (choice.payoffs[at], there[j], *means))))
        heads = ("region", "welfare, ours", "at the author's", "mean tariff, ours", "the author's")
        tables.append(
            Table(f"{title}: government welfare and tariffs weighted by factual trade, percent", heads, tuple(rows))
        )
    return tables


def _differing(panels: Sequence[tuple[Table, Table]]) -> list[Table]:
    figures, medians = (tuple(row for panel in panels for row in panel[k].rows) for k in (0, 1))
    found = []
    if figures:
        found.append(
            Table(
                "Wages and welfare that differ, and whose tariffs make the difference",
                panels[0][0].columns,
                figures,
                "From the author's Nash tariffs to ours, one importer's after the other's: what each step adds.",
            )
        )
    if medians:
        found.append(
            Table(
                "Medians that differ",
                panels[0][1].columns,
                medians,
                "A median is the mean of the 99th and the 100th of a region's 198 tariffs, whatever these tax. Between "
                "his median and ours lie the tariffs, his or ours, of the cells counted here. The last column is what "
                "all 198 tariffs of his, in the place of its own, would cost the region in our Nash equilibrium. Where "
                "the mean over regions differs, it is by the mean of these.",
            )
        )
    return found


def _notes(
    cells: Sequence[Cell],
    short: Sequence[tuple[str | float, ...]],
    moved: float,
    routes: Sequence[tuple[float, float, float]],
) -> tuple[str, ...]:
    welfare = [cell for cell in cells if "welfare" in cell.result]
    worst = max(welfare, key=lambda cell: abs(cell.difference))
    near = sum(abs(cell.difference) <= 0.05 + 1e-9 for cell in welfare)
    known = [cell for cell in cells if cell.at_theirs is not None]
    there = sum(cell.agrees_at_theirs for cell in known)
    differ = [cell for cell in known if not cell.agrees]
    theirs = sum(cell.agrees_at_theirs for cell in differ)
    gain, far = (max(float(row[column]) for row in short) for column in (1, 2))
    to_ours, to_theirs = (max(route[k] for route in routes) for k in (0, 1))
    return (
        f"Of {len(welfare)} welfare figures {near} are within 0.05 points; the farthest is {worst.result} of "
        f"{worst.region}, {worst.difference:+.3f}.",
        f"At the author's own tariffs our equations print {there} of {len(known)} figures as he did, {theirs} of the "
        f"{len(differ)} that differ at ours among them (the last two columns). Where they do, the equations agree and "
        "the tariffs differ: the author's search stopped where a government still gains up to "
        f"{1e-6 * gain:.5f} points by its best answer and moves its tariff factors by up to {far:.2f} percent for it "
        "(table below). What one gains by that is of second order; what the others lose is of the first, and that is "
        "the difference.",
        "It is not another equilibrium: the war begun at the author's tariffs ends at ours, payoffs within "
        f"{moved:.0e} points.",
        "Nor is it our search: best answers in turn, from factual tariffs, are after three rounds within "
        f"{to_ours:.4f} percent of our Nash tariffs and {to_theirs:.2f} percent from the author's (root mean square "
        "of tariff factors, weighted by trade, the larger of the two panels).",
        "Wages are less their average over regions, with world labour income held constant; profits are over the wage. "
        "Both are what reproduces the paper's columns from the author's tariffs.",
        "Medians are over cells, whatever these trade: they say little of what tariffs do. Means weighted by trade are "
        "in the tables below.",
        "With political weights Japan's payoff has several peaks: keeping wheat and rice out, at the upper bound of "
        "1000%, is the highest. From factual tariffs alone a climb ends lower; the search for rivals finds it.",
        "Cooperative tariffs, where the folder has a table of them, are those by which all governments gain alike "
        "(section IV of the paper), measured against where the talks begin.",
    )
