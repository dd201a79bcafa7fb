"""What Ignatenko and others (2025) start from, and the economies of their variants."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import read_text
from tradetalks.model.presets.liberation_day_2025 import LiberationDayEconomy, liberation_day_2025, paper_economy

Floats = NDArray[np.float64]

#: The members of the EU over which the authors average: Czechia and Slovakia are not among them.
EU25 = (
    *("AUT", "BEL", "BGR", "CYP", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN"),
    *("IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVN", "SWE"),
)

#: The least duty announced, and what the authors put in the place of any lower one.
FLOOR = 0.10

#: Labour's share in cost in the variant with inputs.
BETA = 0.49

#: Pass-through to the prices of firms in the variant with incomplete pass-through.
PARTIAL = 0.25


@dataclass(frozen=True)
class Data:
    """What the paper starts from."""

    regions: tuple[str, ...]
    flows: Floats = field(repr=False)
    """[j, i] exports of j to i, USD thousand."""
    gdp: Floats = field(repr=False)
    """[i] USD thousand."""
    tariffs: Floats = field(repr=False)
    """[j] announced duties on imports into the USA, as fractions."""

    @cached_property
    def usa(self) -> int:
        """Index of the USA."""
        return self.regions.index("USA")

    @cached_property
    def main(self) -> LiberationDayEconomy:
        """The paper's main economy: one sector, income-tax relief."""
        return liberation_day_2025(self.flows, self.gdp, self.tariffs, self.regions)

    @cached_property
    def lump_sum(self) -> LiberationDayEconomy:
        """The same, duties paid out as a lump sum."""
        return liberation_day_2025(self.flows, self.gdp, self.tariffs, self.regions, income_tax_relief=False)

    @cached_property
    def partial(self) -> LiberationDayEconomy:
        """The same, pass-through to the prices of firms a quarter."""
        return liberation_day_2025(self.flows, self.gdp, self.tariffs, self.regions, phi_tilde=PARTIAL)

    @cached_property
    def elastic(self) -> LiberationDayEconomy:
        """The same, trade elasticity 8; scale and pass-through stay."""
        return liberation_day_2025(self.flows, self.gdp, self.tariffs, self.regions, eps=8.0)

    @cached_property
    def eaton_kortum(self) -> LiberationDayEconomy:
        """The same flows without services and with complete pass-through (Eaton, Kortum and Krugman)."""
        main, N = self.main, len(self.regions)
        none = np.zeros(N)
        return paper_economy(
            self.regions, self.usa, main.flows[:, :, 0], self.tariffs, none, none + 1.0, main.eps, 0.5, 0.67 / 4.0
        )

    @cached_property
    def inputs(self) -> LiberationDayEconomy:
        """The main economy with roundabout production."""
        return liberation_day_2025(self.flows, self.gdp, self.tariffs, self.regions, beta=BETA)


def read_data(directory: Path) -> Data:
    """Return the data in ``directory``: four CSV files, ``liberation_day_*.csv``.

    Raises:
        BadInput: a file is missing, or the files do not fit each other.
    """
    regions = tuple(row["iso3"] for row in read_rows(directory / "liberation_day_country_labels.csv", "iso3"))
    flows = _numbers(directory / "liberation_day_trade_cepii.csv")
    gdp = _numbers(directory / "liberation_day_gdp.csv")
    tariffs = _numbers(directory / "liberation_day_tariffs.csv")
    N = len(regions)
    for name, array, columns_ in (("trade_cepii", flows, N), ("gdp", gdp, 1), ("tariffs", tariffs, 1)):
        if array.shape != (N, columns_):
            raise BadInput(
                f"{directory / f'liberation_day_{name}.csv'}: {array.shape[0]} rows of {array.shape[1]} numbers, "
                f"needed are {N} of {columns_}, one for each of the countries of liberation_day_country_labels.csv"
            )
    if "USA" not in regions:
        raise BadInput(f"{directory / 'liberation_day_country_labels.csv'}: there is no USA among the countries")
    # Trade is in USD thousand and GDP in USD; no trade stands as an empty cell.
    return Data(regions, np.nan_to_num(flows), gdp[:, 0] / 1000.0, np.maximum(tariffs[:, 0], FLOOR))


def read_rows(path: Path, *needed: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file that has the columns ``needed``.

    Raises:
        BadInput: no such file or column.
    """
    reader = csv.DictReader(StringIO(read_text(path)))
    missing = set(needed) - set(reader.fieldnames or ())
    if missing:
        raise BadInput(f"{path}: the column {min(missing)} is missing; needed are {', '.join(needed)}")
    return list(reader)


def _numbers(path: Path) -> Floats:
    """Return the numbers of a CSV file with one line of headings; an empty cell is NaN."""
    text = read_text(path)
    try:
        return np.genfromtxt(StringIO(text), delimiter=",", skip_header=1, ndmin=2, dtype=float).reshape(
            -1, text.partition("\n")[0].count(",") + 1
        )
    except ValueError as error:
        raise BadInput(f"{path}: cannot be read as a table of numbers ({error})") from None
