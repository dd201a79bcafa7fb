"""``tradetalks value`` as a user meets it: JSON for machines, a table for people, a sentence for what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from tradetalks.cli.main import run
from tradetalks.cli.value import _show
from tradetalks.value.answer import ValueAnswer
from tradetalks.value.measures import MEASURES
from value_world import shipped

OFFER = ("cars-15", "lng")


@cache
def printed() -> tuple[str, str]:
    """Standard output and error of a fresh process."""
    code = "from tradetalks.cli.main import run; run()"
    command = [sys.executable, "-c", code, "value", "us-japan-2025", *OFFER, "--json", "--draws", "20"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@cache
def answer() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed()[0])
    return found


def test_standard_output_is_json_and_nothing_else() -> None:
    out, err = printed()
    assert out.startswith("{")
    assert out.endswith("}\n")
    assert "NaN" not in out
    assert "Warning" not in err
    assert "Traceback" not in err


def test_the_answer_keeps_the_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        run(["schema", "value"])
    assert done.value.code == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer(), schema)
    broken = json.loads(printed()[0])
    broken["against_status_quo"]["parties"]["JPN"]["welfare_pct"]["value"] = "much"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_the_names_that_others_rely_on() -> None:
    for which in ("against_status_quo", "against_no_deal"):
        for party in ("JPN", "USA"):
            value = answer()[which]["parties"][party]
            for name in MEASURES:
                assert set(value[name]) == {"value", "p10", "p90"}
            assert value["welfare_pct"]["p10"] < value["welfare_pct"]["p90"]
        for term in answer()["terms"]:
            assert set(term[which]["parties"]) == {"JPN", "USA"}
    assert [term["id"] for term in answer()["terms"]] == list(OFFER)
    assert set(answer()["meta"]) == {"version", "case", "as_of", "known_through", "usd_year", "seed", "warnings"}
    assert answer()["meta"]["as_of"] == answer()["meta"]["known_through"] == "2025-04-20"
    assert answer()["meta"]["seed"] == shipped().seed
    assert answer()["draws"] == 20


def test_the_interaction_is_what_the_terms_leave() -> None:
    for which in ("against_status_quo", "against_no_deal"):
        for party in ("JPN", "USA"):
            whole = answer()[which]["parties"][party]["welfare_usd_bn"]["value"]
            alone = sum(term[which]["parties"][party]["welfare_usd_bn"]["value"] for term in answer()["terms"])
            assert answer()["interaction"][which][party]["value"] == pytest.approx(whole - alone, abs=1e-10)


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    _show(shipped(), ValueAnswer.model_validate(answer()))
    out = capsys.readouterr().out
    for words in (
        shipped().title,
        shipped().marking,
        "Against the status quo",
        "Against no deal",
        "Welfare net of debt, %",
        "Tariff revenue",
        "Cost of purchases",
        "Each term alone",
        "Interaction",
        "total trade balance",
        "Dollars of 2025; 20 draws",
    ):
        assert words in out, words
    assert "Outside trade" not in out
    assert max(len(line) for line in out.splitlines()) <= 110
    shown = answer()["against_status_quo"]["parties"]["JPN"]["welfare_usd_bn"]["value"]
    assert f"{shown:+.2f}" in out


# What is refused.


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2) -> str:
    with pytest.raises(SystemExit) as done:
        run(["value", *arguments])
    out, err = capsys.readouterr()
    assert done.value.code == code, err
    assert out == ""
    assert "Traceback" not in err
    assert err.startswith("tradetalks: ") or "Usage:" in err
    return err


TYPED = {
    ("us-japan-2025", "cars15"): "did you mean cars-15",
    ("us-japan-2025", "tariff:USA<JPN:C29"): "the amount is missing",
    ("tariff:USA<JPN:C29=15", "tariff:USA<JPN:C29=15"): "named twice",
    ("cars-15", "cars-15"): "named twice",
    ("--package", "exchange", "cars-15"): "--package: give a package or terms, not both",
    ("--package", "exchang"): "exchang",
    ("--case", "nowhere"): "no case 'nowhere'",
    ("nowhere",): "'nowhere' is no case and no term",
    ("quota:JPN<USA:A01=-1",): "amount_usd_bn",
    ("purchases:JPN<USA:B06=3/-1",): "years",
    ("currency:JPN<USA:gdp=5",): "beyond the 3 percent of GDP",
    ("securities:USA<JPN:sell=-5",): "amount_usd_bn",
    ("standards:JPN<USA:cars",): "C29",
    ("purchases:JPN<Atlantis:B06=3",): "seller",
    ("tariff:USA<JPN:no-such-measure=3",): "no US measure 'no-such-measure'",
    ("tariff:CHN<USA:C29=5",): "not known",
    ("tariff:JPN<USA:8703=5",): "by sector",
    ("quota:JPN<USA:A01=500",): "amount_usd_bn",
    ("--draws", "-1"): "--draws",
    ("--draws", "many"): "--draws",
}


@pytest.mark.parametrize("typed", TYPED, ids=" ".join)
def test_typed(typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert TYPED[typed] in refused(capsys, *typed)


def test_a_mistyped_term_is_compared_with_the_terms(capsys: pytest.CaptureFixture[str]) -> None:
    assert "cars-15" in refused(capsys, "cars15")


#: Package files -> words of the refusal.
FILES = {
    "- tariff: {importer: USA, exporter: JPN, sector: C29, total: 15}\n  quota: {importer: JPN}\n": "one body",
    "- id: a\n": "exactly one body",
    "- purchases: {buyer: JPN, seller: USA, sector: B06, amount_usd_bn: -3}\n": "amount_usd_bn: -3",
    "- quota: {importer: JPN, exporter: USA, sector: A99, amount_usd_bn: 1}\n": "A99",
    "- purchases: {buyer: JPN, seller: XX, sector: B06, amount_usd_bn: 1}\n": "seller",
    "- tariff: {importer: USA, exporter: JPN, lines: ['9999.99'], total: 0}\n": "999999",
    "- a\n- a\n": "no term 'a' in this case",
    "- cars-15\n- cars-15\n": "stands twice",
    "terms: []\n": "a list of terms",
    "- {tariff: {importer: USA, exporter: JPN, sector: C29, total: 15}}\n- tariff: [\n": "line 3, column 1",
    "- currency: {party: JPN, deficit_shift_pct_gdp: 12}\n": "20 percent of Japan's GDP",
}


@pytest.mark.parametrize("text", FILES)
def test_package_files(text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "offer.yaml"
    path.write_text(text, encoding="utf-8")
    assert FILES[text] in refused(capsys, "--package", str(path), "--json")


def test_case_folders(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "holds no case.yaml" in refused(capsys, str(tmp_path))
    path = tmp_path / "case.yaml"
    path.write_text("schema: 1\nname: x\n  title: y\n", encoding="utf-8")
    assert "line 3, column 8" in refused(capsys, str(tmp_path))
    path.write_text("schema: 1\nname: &n [a]\ntitle: *n\n", encoding="utf-8")
    assert "aliases" in refused(capsys, str(tmp_path))
    path.write_text("schema: 1\n", encoding="utf-8")
    said = refused(capsys, str(tmp_path))
    assert "parties: this field is missing" in said
    assert "deadline: this field is missing" in said
    whole = "schema: 1\nname: x\ntitle: x\nparties: [JPN, USA]\nseat: JPN\ndeadline: 2025-07-09\nas_of: "
    path.write_text(whole + "2024-05-01\n", encoding="utf-8")
    assert "2024-05-01" in refused(capsys, str(tmp_path))
    if os.geteuid():
        path.chmod(0)
        assert "no permission" in refused(capsys, str(tmp_path))


def test_more_than_all_that_is_bought_abroad_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "abroad in all" in refused(capsys, "purchases:JPN<USA:A01=100000", "--draws", "0")
