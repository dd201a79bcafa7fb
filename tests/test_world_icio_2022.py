"""The shipped world: its labels, its identities, and the figures it is known for."""

from __future__ import annotations

import csv
import os
import pickle
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.ground.sectors import SECTORS
from tradetalks.world.check import check
from tradetalks.world.load import load_world
from tradetalks.world.world import World

WORLD = load_world()
GOODS = slice(0, 27)
SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parents[2] / "shared"))


def at(exporter: str, importer: str, sectors: slice | int = GOODS) -> float:
    flow = WORLD.flows[WORLD.region(exporter), WORLD.region(importer), sectors]
    return float(np.sum(flow)) / 1e3


def test_labels() -> None:
    assert len(WORLD.regions) == 81
    assert WORLD.regions[-1] == "ROW"
    assert WORLD.sectors == tuple(one.code for one in SECTORS)
    assert (WORLD.year, WORLD.currency) == (2022, "USD million")
    assert WORLD.limits
    assert WORLD.notes


def test_identities_hold_to_1e8_of_world_gdp() -> None:
    assert check(WORLD, 1e-8) == []
    gdp = WORLD.gdp.sum()
    assert abs(WORLD.deficits.sum()) < 1e-8 * gdp
    assert np.abs(WORLD.output - WORLD.value_added - WORLD.input_use.sum(axis=2)).max() < 1e-8 * gdp
    assert WORLD.final_demand.min() >= 0
    assert 90e6 < gdp < 102e6


def test_absent_sectors_are_masked() -> None:
    assert WORLD.absent.sum() == 41
    assert WORLD.absent[WORLD.region("SAU"), WORLD.sector("B05")]
    assert WORLD.flows.sum(axis=1)[WORLD.absent].sum() == 0
    assert WORLD.input_use.sum(axis=2)[WORLD.absent].sum() == 0
    assert WORLD.value_added[WORLD.absent].sum() == 0


def test_every_other_sector_has_value_added() -> None:
    share = WORLD.value_added[~WORLD.absent] / WORLD.output[~WORLD.absent]
    assert share.min() >= 0.02 - 1e-12
    assert share.max() <= 1


def test_the_figures_the_table_is_known_for() -> None:
    cars = WORLD.sector("motor vehicles")
    assert at("JPN", "USA", cars) == pytest.approx(48.0, abs=0.05)
    assert at("USA", "JPN", cars) == pytest.approx(0.87, abs=0.005)
    assert at("JPN", "USA") == pytest.approx(109.7, abs=0.05)
    assert at("USA", "JPN") == pytest.approx(62.7, abs=0.05)
    value_added = WORLD.value_added.sum(axis=1) / 1e6
    # Known with duties inside value added; duties on inputs have since moved out (0.1% of it).
    assert value_added[WORLD.region("USA")] == pytest.approx(25.1, abs=0.1)
    assert value_added[WORLD.region("JPN")] == pytest.approx(4.05, abs=0.02)


@pytest.mark.skipif(not SHARED.is_dir(), reason="raw inputs are not here")
def test_output_is_the_published_output() -> None:
    with np.load(SHARED / "data" / "world" / "icio2022_80c_28s.npz") as raw:
        published = raw["go"].T
    gap = np.abs(WORLD.output[:80] - published)
    assert gap[:, GOODS].max() < 0.3
    assert (gap - 1e-4 * published).max() < 0.5


def test_every_balanced_cell_is_listed() -> None:
    path = files("tradetalks.world") / "data" / "icio-2022_balancing.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    capped = {(row["region"], row["cell"].split(", ")[-1].rstrip("]")) for row in rows if "cap" in row["step"]}
    assert capped == {("ROW", "B05"), ("ROW", "B07")}
    least = {(row["region"], row["sector"]) for row in rows if row["step"] == "least value added"}
    assert least == {("MAR", "C19"), ("ISL", "C21"), ("HKG", "C26")}
    for row in rows:
        region, user, good = row["cell"].removeprefix("input_use[").removesuffix("]").split(", ")
        now = WORLD.input_use[WORLD.region(region), WORLD.sector(user), WORLD.sector(good)]
        assert now == pytest.approx(float(row["to"]), rel=1e-5)
        assert float(row["to"]) < float(row["from"])
        assert row["why"]


def test_names() -> None:
    assert WORLD.region("Japan") == WORLD.region("JPN") == WORLD.region("jp")
    assert WORLD.sector("c29") == WORLD.sector("motor vehicles")
    with pytest.raises(BadInput, match=r"did you mean C29 \(motor vehicles\)"):
        WORLD.sector("cars")
    with pytest.raises(BadInput, match="part of ROW"):
        WORLD.region("Kenya")
    with pytest.raises(BadInput, match="did you mean"):
        WORLD.region("Jappan")
    with pytest.raises(BadInput, match="icio-2022"):
        load_world("icio-2021")


def test_arrays_cannot_be_changed() -> None:
    for array in (WORLD.flows, WORLD.tariffs, WORLD.tariff_known, WORLD.trade_elasticity, WORLD.output):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(TypeError):
        WORLD.elasticities["mine"] = WORLD.trade_elasticity  # type: ignore[index]


def test_pickles_for_worker_processes() -> None:
    again = pickle.loads(pickle.dumps(WORLD))
    assert np.array_equal(again.flows, WORLD.flows)
    assert again.elasticities.keys() == WORLD.elasticities.keys()


def _changed(what: str, value: float) -> World:
    array = np.array(getattr(WORLD, what))
    array[(2, 1, 3)[: array.ndim]] = value
    return replace(WORLD, **{what: array})


@pytest.mark.parametrize(
    ("what", "value", "words"),
    [
        ("flows", -1.0, r"flows\[ARG, ARE, B05\] is -1.0; it must be a number, zero or more"),
        ("flows", np.nan, r"flows\[ARG, ARE, B05\] is nan"),
        ("input_use", -0.1, r"input_use\[ARG, A02, B05\]"),
        ("value_added", np.inf, r"value_added\[ARG, A02\]"),
        ("tariffs", -1.0, r"tariffs\[ARG, ARE, B05\] is -1.0; a tariff must be above -100%"),
    ],
)
def test_bad_cells_are_named(what: str, value: float, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        _changed(what, value)


def test_bad_shapes_labels_and_sets_are_named() -> None:
    with pytest.raises(BadInput, match=r"flows has shape \(80, 81, 28\)"):
        replace(WORLD, flows=WORLD.flows[:80])
    with pytest.raises(BadInput, match="the region ARE stands twice"):
        replace(WORLD, regions=("ARE", *WORLD.regions[1:]))
    with pytest.raises(BadInput, match="no elasticity set 'mine'"):
        replace(WORLD, default_elasticity="mine")
    theta = np.array(WORLD.trade_elasticity)
    theta[4] = 0.0
    with pytest.raises(BadInput, match=r"trade elasticity of B06 in set 'fgo2022' is 0\.0"):
        replace(WORLD, elasticities={"fgo2022": theta})


def test_check_names_what_breaks_and_by_how_much() -> None:
    japan, cars = WORLD.region("JPN"), WORLD.sector("C29")
    array = np.array(WORLD.value_added)
    array[japan, cars] += 5000.0
    findings = check(replace(WORLD, value_added=array))
    first = next(one for one in findings if one.sector == "C29")
    assert (first.region, first.amount) == ("JPN", pytest.approx(-5000.0))
    assert first.share == pytest.approx(5000.0 / WORLD.gdp.sum(), rel=1e-3)
    assert "value added plus input use" in str(first)
    assert any(one.what == "income equals final demand" for one in findings)

    use = np.array(WORLD.input_use)
    use[japan, cars] *= 40.0
    broken = check(replace(WORLD, input_use=use))
    assert "spending covers input use" in {one.what for one in broken}
