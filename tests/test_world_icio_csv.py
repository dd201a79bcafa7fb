"""Reading OECD's file format, on a file of three economies that the test writes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.world.check import check
from tradetalks.world.icio import FINAL, INDUSTRIES, read_icio_csv

REGIONS = ("USA", "JPN", "ROW")
CELLS = [f"{region}_{industry}" for region in REGIONS for industry in INDUSTRIES]
FINALS = [f"{region}_{item}" for region in REGIONS for item in FINAL]
RNG = np.random.default_rng(2022)
Z = RNG.random((150, 150)).round(4)
F = (60 * RNG.random((150, 18))).round(4)


def table() -> list[list[str]]:
    """The rows of the file, header first."""
    output = Z.sum(axis=1) + F.sum(axis=1)
    rows = [["V1", *CELLS, *FINALS, "OUT"]]
    rows += [
        [name, *map(str, z), *map(str, f), f"{out:.4f}"] for name, z, f, out in zip(CELLS, Z, F, output, strict=True)
    ]
    rows.append(["TLS", *["0"] * 168, "0"])
    rows.append(["VA", *map(str, output - Z.sum(axis=0)), *["0"] * 18, "0"])
    rows.append(["OUT", *map(str, output), *["0"] * 18, "0"])
    return rows


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


@pytest.mark.parametrize(("sectors", "size"), [("28", 28), ("50", 50)])
def test_reads_what_was_written(tmp_path: Path, sectors: str, size: int) -> None:
    world = read_icio_csv(write(tmp_path / "2019_SML.csv", table()), 2019, sectors)  # type: ignore[arg-type]
    assert world.regions == REGIONS
    assert (world.name, world.year, len(world.sectors)) == ("2019_SML", 2019, size)
    assert check(world) == []
    z, f = Z.reshape(3, 50, 3, 50), F.reshape(3, 50, 3, 6).sum(axis=3)
    usa, japan, cars = 0, 1, INDUSTRIES.index("C29")
    assert world.flows[japan, usa, cars] == pytest.approx(z[japan, cars, usa].sum() + f[japan, cars, usa])
    assert world.input_use[japan, cars, 2] == pytest.approx(z[:, 2, japan, cars].sum())
    assert world.output.sum() == pytest.approx(Z.sum() + F.sum())
    services = world.flows[japan, usa, 27:].sum()
    assert services == pytest.approx(z[japan, 27:, usa].sum() + f[japan, 27:, usa].sum())
    assert world.rate_pct("USA", "JPN", "C29") is None


def test_duties_of_2022_and_later_are_attached(tmp_path: Path) -> None:
    world = read_icio_csv(write(tmp_path / "2022_SML.csv", table()), 2022)
    assert world.rate_pct("USA", "JPN", "C29") == pytest.approx(2.4, abs=0.3)
    assert world.rate_pct("ROW", "JPN", "C29") is None
    assert check(world) == []
    plain = read_icio_csv(tmp_path / "2022_SML.csv", 2021)
    usa = 0
    assert world.input_use[usa].sum() > plain.input_use[usa].sum()
    assert world.value_added[usa].sum() < plain.value_added[usa].sum()


def test_rows_and_columns_in_another_order_read_the_same(tmp_path: Path) -> None:
    rows = table()
    straight = read_icio_csv(write(tmp_path / "a.csv", rows), 2019)
    order = [0, *RNG.permutation(range(1, 150)), *range(150, 170)]
    mixed = [[row[i] for i in order] for row in [rows[0], *[rows[i] for i in RNG.permutation(range(1, 154))]]]
    other = read_icio_csv(write(tmp_path / "b.csv", mixed), 2019)
    place = [other.regions.index(region) for region in straight.regions]
    np.testing.assert_allclose(other.flows[np.ix_(place, place)], straight.flows)


def test_negative_flows_are_set_to_zero_and_listed(tmp_path: Path) -> None:
    rows = table()
    z, f = 1 + CELLS.index("USA_A02"), 1 + 150 + FINALS.index("JPN_INVNT")
    row = next(row for row in rows if row[0] == "USA_A02")
    sold = sum(float(row[1 + i]) for i in range(50, 100)) + sum(float(row[151 + i]) for i in range(6, 12))
    row[f] = str(float(row[f]) - sold - 7.0)
    row[-1] = f"{float(row[-1]) - sold - 7.0:.4f}"
    world = read_icio_csv(write(tmp_path / "c.csv", rows), 2019)
    assert world.flows[0, 1, 1] == 0.0
    assert any("flows[USA, JPN, A02] -7 -> 0" in note for note in world.notes)
    assert check(world) == []
    assert z < f


def drop_row(rows: list[list[str]]) -> None:
    del rows[3]


def drop_column(rows: list[list[str]]) -> None:
    for row in rows:
        del row[CELLS.index("JPN_C29") + 1]


def rename(rows: list[list[str]]) -> None:
    rows[0][1] = "USA_A1"


def rename_row(rows: list[list[str]]) -> None:
    rows[5][0] = "USA_B66"


def twice(rows: list[list[str]]) -> None:
    rows[5][0] = rows[4][0]


def word(rows: list[list[str]]) -> None:
    rows[2][CELLS.index("JPN_C29") + 1] = "n.a."


def hole(rows: list[list[str]]) -> None:
    rows[2][CELLS.index("JPN_C29") + 1] = ""


def short(rows: list[list[str]]) -> None:
    rows[2].pop()


def wrong_output(rows: list[list[str]]) -> None:
    rows[2][-1] = "1"


def blank_label(rows: list[list[str]]) -> None:
    rows[2][0] = ""


def wrong_corner(rows: list[list[str]]) -> None:
    rows[0][0] = "name"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (drop_row, r"these rows are missing: USA_A03"),
        (drop_column, r"these columns are missing: JPN_C29"),
        (rename, r"unknown column 'USA_A1'; did you mean USA_A0"),
        (rename_row, r"unknown row 'USA_B66'; did you mean USA_B0"),
        (twice, r"the row USA_B05 stands twice"),
        (word, r"row USA_A02, column JPN_C29: 'n.a.' is not a number"),
        (hole, r"row USA_A02, column JPN_C29: a number is missing"),
        (short, r"row USA_A02, column OUT: a number is missing|line 3: 169 cells"),
        (wrong_output, r"row USA_A02: its sales add up to [0-9,.]+, but column OUT says 1.0000"),
        (blank_label, r"unknown row ''"),
        (wrong_corner, r"the first column must be V1"),
    ],
)
def test_damage_is_named(tmp_path: Path, damage: Callable[[list[list[str]]], None], words: str) -> None:
    rows = table()
    damage(rows)
    with pytest.raises(BadInput, match=words):
        read_icio_csv(write(tmp_path / "2022_SML.csv", rows), 2022)


def test_no_file_and_no_such_sectors(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_icio_csv(tmp_path / "none.csv", 2022)
    with pytest.raises(BadInput, match="not a file"):
        read_icio_csv(tmp_path, 2022)
    (tmp_path / "SML.zip").write_bytes(b"PK\x03\x04\xff\xfe\x90")
    with pytest.raises(BadInput, match="not a CSV file; unpack"):
        read_icio_csv(tmp_path / "SML.zip", 2022)
    rows = write(tmp_path / "latin.csv", table()).read_bytes().replace(b"\nOUT,", b"\nO\xe9T,")
    (tmp_path / "latin.csv").write_bytes(rows)
    with pytest.raises(BadInput, match=r"not a table of numbers|unknown row"):
        read_icio_csv(tmp_path / "latin.csv", 2022)
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(BadInput, match="must be V1"):
        read_icio_csv(tmp_path / "empty.csv", 2022)
    with pytest.raises(BadInput, match="neither '28' nor '50'"):
        read_icio_csv(tmp_path / "empty.csv", 2022, "45")  # type: ignore[arg-type]
