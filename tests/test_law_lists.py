"""The lists of lines that measures name: what the tools make of the raw inputs is what is shipped."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from tradetalks.law.measure import DATA

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parents[2] / "shared"))
#: Made of the list auto-parts with the shares of trade that are meant.
WITH_SHARES = {"auto-parts", "auto-parts-mixed"}


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "data" / "law").exists(), reason="no raw inputs")
def test_every_list_is_made_by_a_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "tools"))
    import build_law
    import law_lists_later

    made = {**build_law.build_lists(SHARED / "data" / "law"), **law_lists_later.build_lists(SHARED)}
    shipped = {path.stem for path in (DATA / "lists").glob("*.csv")}
    assert made.keys() | WITH_SHARES == shipped
    for name, codes in made.items():
        if name in WITH_SHARES:
            continue
        rows = list(csv.DictReader((DATA / "lists" / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        assert [row["line"] for row in rows] == sorted(set(codes)), name
        if isinstance(codes, dict):
            assert [float(row["share"]) for row in rows] == pytest.approx([codes[row["line"]] for row in rows])
