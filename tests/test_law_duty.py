"""Single duties: golden lines, two clocks, conditions, bad input."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.law.clock import clock
from tradetalks.law.duty import line_duty
from tradetalks.law.duty_text import parse_rate, programmes
from tradetalks.law.measure import MEASURES_THROUGH, us_law

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.mark.parametrize(
    ("line", "origin", "on", "known", "rate"),
    [
        # Cars: MFN 2.5, section 232 from 3 April, the deal's 15% in all from 16 September (not retroactive).
        ("8703.23.01", "JP", "2025-04-02", None, 2.5),
        ("8703.23.01", "JP", "2025-04-20", None, 27.5),
        ("8703.23.01", "JP", "2025-09-15", None, 27.5),
        ("8703.23.01", "JP", "2025-09-16", None, 15.0),
        # Light trucks: MFN 25, so the ceiling adds nothing.
        ("8704.21.01", "JP", "2025-08-01", None, 50.0),
        ("8704.21.01", "JP", "2025-09-16", None, 25.0),
        # Ball bearing rings, 9.9%: the baseline, the one day of 24%, the suspension.
        ("8482.99.05", "JP", "2025-04-04", None, 9.9),
        ("8482.99.05", "JP", "2025-04-05", None, 19.9),
        ("8482.99.05", "JP", "2025-04-09", None, 33.9),
        ("8482.99.05", "JP", "2025-04-10", None, 19.9),
        # What 20 April knew of 9 July: the country rate returns. What happened: it was put off.
        ("8482.99.05", "JP", "2025-07-08", "2025-04-20", 19.9),
        ("8482.99.05", "JP", "2025-07-09", "2025-04-20", 33.9),
        ("8482.99.05", "JP", "2025-07-09", None, 19.9),
        ("8482.99.05", "JP", "2025-08-01", "2025-07-10", 33.9),
        # On 8 April nobody knew that 24% would last a day.
        ("8482.99.05", "JP", "2025-05-01", "2025-04-08", 33.9),
        # 7 August: MFN + 15 as published, a ceiling of 15 since the order of 4 September.
        ("8482.99.05", "JP", "2025-08-07", "2025-08-10", 24.9),
        ("8482.99.05", "JP", "2025-08-07", "2025-10-01", 15.0),
        # Sports shoes, 20%: above the ceiling, which adds nothing.
        ("6404.11.90", "JP", "2025-08-10", "2025-10-01", 20.0),
        # Computers: exempt since 5 April, as was known from 11 April.
        ("8471.30.01", "JP", "2025-04-06", "2025-04-10", 10.0),
        ("8471.30.01", "JP", "2025-04-06", "2025-04-11", 0.0),
        # Parts: 25% from 3 May; outside the 10% from 5 April (note 2(v)(xi) as Customs reads it).
        ("8708.30.50", "JP", "2025-04-20", None, 2.5),
        ("8708.30.50", "JP", "2025-05-03", None, 27.5),
        ("8708.30.50", "JP", "2025-05-03", "2025-04-20", 27.5),
        # Steel: Japan's quota ended on 12 March; 50% from 4 June. Aluminium paid 10% since 2018.
        ("7208.10.15", "JP", "2025-03-11", None, 0.0),
        ("7208.10.15", "JP", "2025-03-12", None, 25.0),
        ("7208.10.15", "JP", "2025-06-04", None, 50.0),
        ("7606.12.30", "JP", "2025-01-15", None, 13.0),
        # Copper left Annex II for its own duty.
        ("7408.11.30", "JP", "2025-07-31", None, 1.0),
        # China: section 301, 20 and 125; the 10% after Geneva; phones pay the 20 only.
        ("8413.91.90", "CN", "2025-04-20", None, None),
        ("9403.60.80", "CN", "2025-04-20", None, 25.0 + 20 + 125),
        ("9403.60.80", "CN", "2025-05-14", None, 25.0 + 20 + 10),
        ("8517.13.00", "CN", "2025-04-20", None, 20.0),
        # Country rates from the words of the headings, not the chart of 2 April.
        ("6402.99.31", "KR", "2025-04-09", None, 31.0),
        ("6402.99.31", "VN", "2025-04-09", None, 52.0),
        # Canada outside USMCA; Russia in column 2, outside the reciprocal duty.
        ("4407.11.00.42", "CA", "2025-04-20", None, 25.0),
        ("4412.33.26", "RU", "2025-04-20", None, 40.0),
        # The EU ceiling of 7 August.
        ("8482.99.05", "DE", "2025-08-10", None, 15.0),
    ],
)
def test_duty(line: str, origin: str, on: str, known: str | None, rate: float | None) -> None:
    found = line_duty(line, origin, on, known)
    if rate is None:
        assert found.rate_pct is None
        assert found.range_pct is not None
    else:
        assert found.rate_pct == pytest.approx(rate, abs=0.005)


def test_reference_lines() -> None:
    path = SHARED / "reference" / "law" / "duty_lines.csv"
    if not path.exists():
        pytest.skip("no ../shared")
    rows = [r for r in csv.DictReader(path.open()) if r["date"] <= str(MEASURES_THROUGH)]
    assert rows
    for row in rows:
        found = line_duty(row["hts"], row["origin"], row["date"])
        assert found.rate_pct == pytest.approx(float(row["total_rate_pct"]), abs=0.005), row


def test_components_explain_the_total() -> None:
    found = line_duty("8703.23.01", "JP", "2025-04-20", value=30000)
    parts = {part.id: part for part in found.components}
    assert found.duty_usd == 8250.0
    assert found.status == "applies"
    assert [parts["mfn"].rate_pct, parts["s232-autos"].rate_pct] == [2.5, 25.0]
    excluded = parts["ieepa-reciprocal-jp"]
    assert (excluded.status, excluded.rate_pct) == ("excluded", 0.0)
    assert "2(v)(x)" in excluded.citation
    assert "10908" in parts["s232-autos"].citation


@pytest.mark.parametrize("line", ["8703.23.01", "8482.99.05", "7326.90.86", "8708.30.50", "8479.89.95.99"])
def test_components_sum_to_the_total(line: str) -> None:
    for on in ("2025-01-01", "2025-04-09", "2025-06-04", "2025-08-20"):
        found = line_duty(line, "JP", on)
        if found.rate_pct is not None:
            assert sum(part.rate_pct or 0 for part in found.components) == pytest.approx(
                found.rate_pct, abs=1e-4
            )


def test_metal_content_is_conditional() -> None:
    found = line_duty("9403.20.00.86", "JP", "2025-07-01")
    assert found.status == "conditional"
    assert found.range_pct is not None
    assert found.rate_pct is not None
    assert found.range_pct[0] < found.rate_pct < found.range_pct[1]
    assert found.range_pct[1] <= 50.0 + 10.0


def test_a_contested_reading_is_a_range() -> None:
    found = line_duty("8708.30.50", "JP", "2025-04-20")
    assert (found.status, found.rate_pct, found.range_pct) == ("conditional", 2.5, (2.5, 12.5))
    assert any("9903.94.05" in part.note for part in found.components)


def test_usmca_claim_is_a_range() -> None:
    found = line_duty("8703.23.01", "CA", "2025-06-20")
    assert found.rate_pct == pytest.approx(27.5)
    assert found.range_pct == pytest.approx((15.0, 27.5))


def test_specific_duty_needs_quantity_or_the_average() -> None:
    exact = line_duty("0402.10.50", "JP", "2025-06-20", value=100, quantity=50)
    assert exact.components[0].rate_pct == pytest.approx(43.25)
    assert "kg" in exact.components[0].why


def test_before_2025_the_total_is_unknown() -> None:
    found = line_duty("7606.12.30", "JP", "2019-05-01")
    assert (found.rate_pct, found.status) == (None, "unknown")
    assert any(part.id == "s232-aluminium" and part.rate_pct == 10 for part in found.components)


def test_beyond_what_is_verified_warns() -> None:
    assert "2025-09-30" in " ".join(line_duty("8703.23.01", "JP", "2026-01-01").warnings)


@pytest.mark.parametrize(
    ("line", "origin", "on", "says"),
    [
        ("8703.23.02", "JP", "2025-04-20", "8703.23.01"),
        ("870", "JP", "2025-04-20", "digits"),
        ("cars", "JP", "2025-04-20", "8703.23.01"),
        ("8703.23.01", "Japn", "2025-04-20", "Japan"),
        ("8703.23.01", "JP", "20 April", "YYYY-MM-DD"),
        ("8703.23.01", "JP", "2010-01-01", "2018"),
        ("8703.23.01", "US", "2025-04-20", "another country"),
    ],
)
def test_bad_input(line: str, origin: str, on: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        line_duty(line, origin, on)


@pytest.mark.parametrize("value", [-1.0, 0.0, float("nan"), float("inf")])
def test_bad_value(value: float) -> None:
    with pytest.raises(BadInput, match="value"):
        line_duty("8703.23.01", "JP", "2025-04-20", value=value)


def test_the_clock_of_20_april() -> None:
    events = {(event.on.isoformat(), event.measure): event for event in clock("JP", "2025-04-20")}
    parts = events["2025-05-03", "s232-auto-parts"]
    assert (parts.before_pct, parts.after_pct) == (None, 25.0)
    country = events["2025-07-09", "ieepa-reciprocal-jp"]
    assert (country.before_pct, country.after_pct) == (10.0, 24.0)
    assert "14266" in country.citation
    # Nothing scheduled may rest on an act signed later.
    assert all(event.known_from.isoformat() <= "2025-04-20" for event in events.values())


def test_every_act_is_cited_and_known_no_later_than_it_could_be() -> None:
    law = us_law()
    assert len({measure.id for measure in law.measures}) == len(law.measures)
    groups = {measure.group for measure in law.measures if not measure.exempts}
    for measure in law.measures:
        assert measure.acts, measure.id
        assert set(measure.exempts) <= groups, measure.id
        for act in measure.acts:
            assert act.citation, measure.id
            assert act.heading.startswith("9903"), measure.id
            assert act.applies_until is None or act.applies_from < act.applies_until
            assert 0 <= act.rate_pct <= 200
    for rule in law.rules:
        assert set(rule.when) | set(rule.excludes) <= groups, rule.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Free", (0.0, 0.0, None)),
        ("2.5%", (2.5, 0.0, None)),
        ("86.5¢/kg", (0.0, 0.865, "kg")),
        ("$1.646/kg", (0.0, 1.646, "kg")),
        ("1.2¢/kg + 3%", (3.0, 0.012, "kg")),
        ("40¢ each + 6%", (6.0, 0.4, "each")),
        ("32.5¢/kg + 5%", (5.0, 0.325, "kg")),
    ],
)
def test_rates_are_read(text: str, expected: tuple[float, float, str | None]) -> None:
    rate = parse_rate(text)
    assert rate is not None
    assert (rate.pct, rate.amount, rate.unit) == expected


@pytest.mark.parametrize(
    "text", ["", "6% on the case", "See note 4", "72¢ each + 6% on the case + 14% on the strap"]
)
def test_what_is_no_plain_rate_is_unknown(text: str) -> None:
    assert parse_rate(text) is None


def test_programmes() -> None:
    assert programmes("Free (A+,AU,KR) 1.2% (JP) See 9823.02.01 (S+)")["JP"] == "1.2%"
