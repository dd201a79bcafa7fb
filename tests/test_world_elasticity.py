"""Elasticities: complete, traceable to the published figure, theta where theta is meant."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.world.elasticity import elasticity_sets, elasticity_spread, elasticity_table
from tradetalks.world.load import load_world

WORLD = load_world()
TABLE = elasticity_table()


def test_sets_are_complete() -> None:
    assert WORLD.default_elasticity == "fgo2022"
    assert {"fgo2022", "cp2015", "uniform4"} <= set(WORLD.elasticities)
    assert TABLE.height == 28 * len(WORLD.elasticities)
    assert TABLE.select(pl.struct("set", "sector").is_duplicated().any()).item() is False


def test_theta_is_the_published_figure_less_one_where_it_is_theta_plus_one() -> None:
    for row in TABLE.filter(pl.col("published_value").is_not_null() & (pl.col("published_value") != "")).to_dicts():
        published = np.mean([float(one) for one in row["published_value"].split(";")])
        less = {"theta": 0.0, "theta+1": 1.0}[row["is_theta_or_sigma"]]
        assert row["theta"] == pytest.approx(published - less, rel=1e-5), row
    kinds = dict(TABLE.filter(pl.col("sector") == "C29").select("set", "is_theta_or_sigma").iter_rows())
    assert [name for name, kind in kinds.items() if kind == "theta+1"] == ["fgo2022"]


@pytest.mark.parametrize(
    ("name", "sector", "theta"),
    [
        ("fgo2022", "C29", 7.92),
        ("fgo2022", "C20", 9.56),
        ("cp2015", "C19", 64.85),
        ("cp2015", "C29", 1.84),
        ("cp2015", "C26", (12.95 + 3.95 + 8.71) / 3),
        ("uniform4", "SERV", 4.0),
    ],
)
def test_figures(name: str, sector: str, theta: float) -> None:
    assert WORLD.elasticities[name][WORLD.sector(sector)] == pytest.approx(theta, rel=1e-5)


def test_services_are_an_assumption() -> None:
    rows = TABLE.filter((pl.col("sector") == "SERV") & (pl.col("set") != "uniform4")).to_dicts()
    assert {row["theta"] for row in rows} == {5.0}
    assert {row["source"] for row in rows} == {"assumption"}


def test_a_neighbour_is_named_where_a_paper_has_no_estimate() -> None:
    row = TABLE.row(by_predicate=(pl.col("set") == "gyy2021") & (pl.col("sector") == "A01"), named=True)
    assert "manufacturing only" in row["note"]


def test_spread_is_that_between_papers_and_one_far_figure_does_not_rule_it() -> None:
    spread = dict(zip(WORLD.sectors, elasticity_spread(WORLD.sectors), strict=True))
    assert all(0.1 < one < 1.5 for one in spread.values())
    # 90% of draws of services between 2 and 8.
    assert np.exp(2 * 1.645 * spread["SERV"]) == pytest.approx(4.0)
    assert spread["C19"] < np.std(np.log([2.67, 64.85, 5.63, 3.75, 0.636, 8.95]))


def test_services_industries_and_unknown_sectors() -> None:
    sets = elasticity_sets(("C29", "D", "K"))
    assert sets["fgo2022"][1:].tolist() == [5.0, 5.0]
    with pytest.raises(BadInput, match="no trade elasticity for sector 'C92'"):
        elasticity_sets(("C92",))
