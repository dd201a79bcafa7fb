"""Lists of shipments: equal to single duties, forgiving headers, errors by row."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradetalks.cli.main import run
from tradetalks.ground.countries import COUNTRIES
from tradetalks.ground.errors import BadInput
from tradetalks.law.batch import Answer, answers, header
from tradetalks.law.duty import line_duty
from tradetalks.law.schedule import book
from tradetalks.law.shipment_file import Shipment, read_shipments

CODES = book(date(2025, 6, 30)).codes
#: Metals, vehicles, electronics and drinks, where measures meet.
BUSY = [code for code in CODES if code[:2] in ("22", "72", "73", "76", "84", "85", "87", "94")]
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))
SHIPMENTS = st.fixed_dictionaries(
    {
        "line": st.one_of(
            st.sampled_from(CODES), st.sampled_from(BUSY), st.sampled_from(BUSY).map(lambda code: code[:8])
        ),
        "origin": st.one_of(
            st.sampled_from(["CN", "CA", "MEX", "DE", "KOR", "5880", "GB", "Russia", "NI"]),
            st.sampled_from([iso3 for iso3 in COUNTRIES if iso3 != "USA"]),
        ),
        "date": DAYS.map(str),
        "known": st.one_of(st.just(""), DAYS.map(str)),
        "value": st.sampled_from(["", "1000", "12.5", "3,000,000"]),
        "quantity": st.sampled_from(["", "1", "250"]),
    }
)


def settle(rows: list[dict[str, str]]) -> list[Answer]:
    return list(answers([Shipment(n, row) for n, row in enumerate(rows, start=1)]))


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(SHIPMENTS, min_size=1, max_size=25))
def test_a_list_says_what_single_duties_say(rows: list[dict[str, str]]) -> None:
    for row, answer in zip(rows, settle(rows), strict=True):
        value, quantity = (float(row[name].replace(",", "")) if row[name] else None for name in ("value", "quantity"))
        asked = (row["line"], row["origin"], row["date"], row["known"] or None, value, quantity)
        if answer.error:
            with pytest.raises(BadInput) as refused:
                line_duty(*asked)
            assert answer.error == str(refused.value)
            continue
        single = line_duty(*asked)
        assert answer.rate_pct == pytest.approx(single.rate_pct, abs=1e-9)
        assert answer.duty_usd == pytest.approx(single.duty_usd, abs=0.005)
        found = None if answer.low_pct is None else (answer.low_pct, answer.high_pct)
        assert found == pytest.approx(single.range_pct, abs=1e-6)
        assert answer.status == single.status
        assert answer.decided_by == single.decided_by
        assert bool(single.decided_by) == (single.range_pct is not None)
        cited = "; ".join(answer.citations)
        for part in single.components:
            if part.status == "applies" and part.treatment != "ordinary":
                assert part.citation.split(";")[0] in cited


@pytest.mark.parametrize(
    ("line", "origin", "on", "says"),
    [
        ("9403.20.00.86", "CA", "2025-08-20", {"whether a preference is claimed", "the metal they contain"}),
        ("8471.30.01", "CN", "2025-05-20", {"whether they are the goods of the line that a duty is meant for"}),
        (
            "8807.30.00.60",
            "JP",
            "2025-10-20",
            {"whether they are articles of civil aircraft", "the metal they contain"},
        ),
        (
            "8703.23.01",
            "GB",
            "2025-07-09",
            {"vehicles of the United Kingdom beyond 100,000 a year, counted by quarters"},
        ),
        ("6109.10.00.12", "VN", "2025-06-01", set()),
    ],
)
def test_a_range_names_what_decides_it(line: str, origin: str, on: str, says: set[str]) -> None:
    (answer,) = settle([{"line": line, "origin": origin, "date": on}])
    assert set(answer.decided_by) == says


@pytest.mark.parametrize(
    ("written", "rate"),
    [("1,234.50", 3.5), ("$1234.5", 3.5), ("1,5", None), ("1.234,50", None), ("12,34", None)],
)
def test_a_comma_parts_thousands_and_nothing_else(written: str, rate: float | None) -> None:
    (answer,) = settle([{"line": "8507.10.00", "origin": "JP", "date": "2025-01-20", "value": written}])
    assert answer.rate_pct == rate
    assert ("a point before decimals" in answer.error) == (rate is None)


def test_us_content_has_a_column() -> None:
    shirt = {"line": "6109.10.00.12", "origin": "VN", "date": "2025-12-20"}
    found = settle([{**shirt, "us_content": text} for text in ("", "0.35", "0", "35")])
    assert [answer.rate_pct for answer in found] == [36.5, 29.5, 36.5, None]
    assert "write 0.35 for 35%" in found[-1].error


def test_a_contested_text_decides_only_where_it_moves_the_rate() -> None:
    (parts,) = settle([{"line": "8708.30.50", "origin": "JP", "date": "2025-04-20"}])
    assert "how a contested text is read" in parts.decided_by
    (cars,) = settle([{"line": "8703.23.01", "origin": "JP", "date": "2025-04-20"}])
    assert cars.decided_by == ()


def test_a_suffix_that_is_not_given_decides() -> None:
    """Of the medicines of 3004.90.92 the notice of August 2025 names one number, for its metal."""
    (answer,) = settle([{"line": "3004.90.92", "origin": "IE", "date": "2025-09-01"}])
    assert answer.rate_pct is None
    assert set(answer.decided_by) == {"the statistical suffix", "the metal they contain"}
    for suffix, low, high in (("44", 0.0, 50.0), ("20", None, None)):
        (answer,) = settle([{"line": f"3004.90.92.{suffix}", "origin": "IE", "date": "2025-09-01"}])
        assert (answer.low_pct, answer.high_pct) == (low, high)


def test_many_rows_agree_with_a_few() -> None:
    """Above a few hundred rows the lines of the whole schedule are asked once."""
    rows = [
        {"line": code, "origin": origin, "date": on}
        for code in BUSY[::60]
        for origin in ("JP", "CN", "CA")
        for on in ("2025-04-20", "2026-05-01")
    ]
    assert len(rows) > 300
    many = settle(rows)
    few = [answer for begin in range(0, len(rows), 50) for answer in settle(rows[begin : begin + 50])]
    for one, other in zip(many, few, strict=True):
        assert one.cells()[1:] == other.cells()[1:]


def test_headers_are_read_with_good_will(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "\ufeffEntry Date;HTS Code;Country of Origin;Customs Value (USD);importer\n"
        "2025-04-20;8703.23.01;Japan;30,000;me\n\n2025-04-20;8482.99.05;JP;;me\n",
        encoding="utf-8",
    )
    found = list(answers(read_shipments(file).shipments))
    assert [(answer.rate_pct, answer.duty_usd) for answer in found] == [(27.5, 8250.0), (19.9, None)]
    assert [answer.shipment.row for answer in found] == [1, 3]


@pytest.mark.parametrize(
    ("header", "says"),
    [("line,date", "no column origin"), ("hts,cuontry,date", "no column origin"), ("", "no column line nor origin")],
)
def test_a_missing_column_is_named(tmp_path: Path, header: str, says: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(header + "\n1,2,3\n", encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        read_shipments(file)


def test_cells_may_hold_line_breaks(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text('line,remark,origin,date\n8703.23.01,"two\nlines",JP,2025-04-20\n', encoding="utf-8")
    assert [answer.rate_pct for answer in answers(read_shipments(file).shipments)] == [27.5]


@pytest.mark.parametrize("more", [["8703.23.01"], ["--origin", "JP"], ["--json"], ["--known", "2025-04-20"]])
def test_a_list_takes_no_question_beside_it(
    tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("line,origin,date\n8703.23.01,JP,2025-04-20\n", encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        run(["duty", *more, "--batch", str(file)])
    out, err = capsys.readouterr()
    assert (done.value.code, out) == (2, "")
    assert "leave" in err


BAD = """line,origin,date,value
8703.23.01,JP,2025-04-20,30000
8703.23.02,JP,2025-04-20,5
cars,JP,2025-04-20,1
8471.30.01,Japn,2025-04-20,
8471.30.01,CN,2010-01-01,1
8471.30.01,CN,2025-05-20,-1
8471.30.01,CN,2025-05-20,much
,JP,2025-01-01,4
8471.30.01,US,2025-05-20,1
"""


def test_bad_rows_are_reported_and_the_rest_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_text(BAD, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        run(["duty", "--batch", str(file)])
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert done.value.code == 0
    assert tuple(rows[0]) == header()
    assert len(rows) == 9, "no row is dropped"
    assert (rows[0]["duty_usd"], rows[0]["status"], rows[0]["error"]) == ("8250.0", "applies", "")
    assert "Proc 10908" in rows[0]["citations"]
    for row, says in zip(
        rows[1:],
        ("8703.23.01", "not a tariff line", "Japan", "2018", "positive", "not a number", "empty", "another country"),
        strict=True,
    ):
        assert (row["status"], row["rate_pct"]) == ("error", "")
        assert says in row["error"]
        assert f"row {row['row']}: " in err
    assert "9 rows, 1 answered, 8 with errors" in err


def test_a_list_of_bad_rows_only_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "list.csv", tmp_path / "out.csv"
    file.write_text("line,origin,date\nx,JP,2025-04-20\n", encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        run(["duty", "--batch", str(file), "-o", str(out)])
    assert done.value.code == 2
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2
    assert capsys.readouterr().out == ""


def test_a_row_that_goes_on_after_the_last_column_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('line,origin,date,value\n8703.23.01,JP,2025-04-20,30,000\n8703.23.01,JP,2025-04-20,"30,000",\n')
    split, quoted = answers(read_shipments(path).shipments)
    assert "'000'" in split.error
    assert split.duty_usd is None
    assert not quoted.error
    assert quoted.duty_usd == pytest.approx(8250.0)


def batch(path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, str]], str]:
    """Return the rows and the standard error of the command on a file of this text."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        run(["duty", "--batch", str(path)])
    out, err = capsys.readouterr()
    assert done.value.code == 0, err
    return list(csv.DictReader(io.StringIO(out))), err


def test_columns_of_the_user_are_carried_over_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "invoice_no,line,status,origin,date,,unit,\n 007 ,8703.23.01,hold,JP,2025-04-20,x,NO,\n8,no,,JP,2025-04-20,,,\n"
    )
    rows, err = batch(tmp_path / "list.csv", text, capsys)
    assert [row["invoice_no"] for row in rows] == [" 007 ", "8"]
    assert [row["status_given"] for row in rows] == ["hold", ""]
    assert [row["status"] for row in rows] == ["applies", "error"], "what is answered keeps its name"
    assert (rows[0]["column 6"], rows[0]["unit"]) == ("x", "NO")
    assert "column 8" not in rows[0], "an empty column without a name is nothing"
    assert "carried over, not read: invoice_no, status, column 6, unit" in err.replace(" (near units)", "")


def test_the_answer_of_a_list_is_a_list_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (first,), _ = batch(tmp_path / "a.csv", "line,origin,date,value\n8703.23.01,JP,2025-04-20,30000\n", capsys)
    again = io.StringIO()
    table = csv.DictWriter(again, first)
    table.writeheader()
    table.writerow(first)
    (second,), _ = batch(tmp_path / "b.csv", again.getvalue(), capsys)
    assert second["duty_usd"] == second["duty_usd_given"] == first["duty_usd"] == "8250.0"


@pytest.mark.parametrize(
    ("column", "meant"),
    [("valu_usd", "value_usd"), ("Vaule", "value"), ("quantitty", "quantity"), ("us_contend", "us_content"),
     ("knwon", "known"), ("valu", "value")],
)  # fmt: skip
def test_a_slip_in_the_name_of_a_column_is_refused(tmp_path: Path, column: str, meant: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"line,origin,date,{column}\n8703.23.01,JP,2025-04-20,1\n", encoding="utf-8")
    with pytest.raises(BadInput, match=rf"'{column}' is not known; did you mean {meant} \("):
        read_shipments(file)


@pytest.mark.parametrize("column", ["unit", "value_eur", "invoice_value", "entry_no", "export_date", "supplier"])
def test_a_column_of_another_meaning_is_no_slip(tmp_path: Path, column: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"line,origin,date,{column}\n8703.23.01,JP,2025-04-20,1\n", encoding="utf-8")
    assert read_shipments(file).carried == (column,)


def test_what_is_near_is_told_beside_the_column_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = batch(tmp_path / "a.csv", "line,orgin,origin,date\n8703.23.01,CN,JP,2025-04-20\n", capsys)
    assert "carried over, not read: orgin (near origin)" in err


def test_two_columns_that_mean_the_same_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Line,HTS code,origin,date\n1,8703.23.01,JP,2025-04-20\n", encoding="utf-8")
    with pytest.raises(BadInput, match="'Line' and 'HTS code' are both read as line"):
        read_shipments(file)


def test_the_answer_does_not_replace_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_text("line,origin,date,value\n8703.23.01,JP,2025-05-01,1000\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(SystemExit) as stopped:
        run(["duty", "--batch", str(path), "-o", str(tmp_path / "." / "list.csv")])
    assert stopped.value.code == 2
    assert "is the list itself" in capsys.readouterr().err
    assert path.read_bytes() == before
