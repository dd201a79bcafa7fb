"""Single duties: golden lines, two clocks, conditions, bad input."""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.law.clock import clock
from tradetalks.law.component import Component
from tradetalks.law.duty import Duty, line_duty
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
    for row in csv.DictReader(path.open()):
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
            assert sum(part.rate_pct or 0 for part in found.components) == pytest.approx(found.rate_pct, abs=1e-4)


def test_metal_content_is_conditional() -> None:
    found = line_duty("9403.20.00.86", "JP", "2025-07-01")
    assert found.status == "conditional"
    assert found.range_pct is not None
    assert found.rate_pct is not None
    assert found.range_pct[0] < found.rate_pct < found.range_pct[1]
    assert found.range_pct[1] <= 50.0 + 10.0


def component(found: Duty, name: str) -> Component:
    (part,) = (part for part in found.components if part.id == name)
    return part


def test_a_contested_reading_is_a_range() -> None:
    found = line_duty("8708.30.50", "JP", "2025-04-20")
    assert (found.status, found.rate_pct, found.range_pct) == ("conditional", 2.5, (2.5, 12.5))
    part = component(found, "ieepa-reciprocal-jp")
    assert (part.status, part.rate_pct, part.heading) == ("conditional", 0.0, "9903.01.33")
    assert "as Customs reads heading 9903.01.33 (counted)" in part.why
    assert "read strictly, US note 2(v)(xi) means only parts of heading 9903.94.05" in part.why
    assert "otherwise 10%" in part.why
    assert "CSMS 64680374" in part.citation
    # On the one day of 24% the strict reading gives that.
    assert line_duty("8708.30.50", "JP", "2025-04-09").range_pct == (2.5, 26.5)


def test_where_an_undisputed_rule_excludes_the_disputed_one_is_left_out() -> None:
    found = line_duty("8708.30.50", "JP", "2025-05-03")
    part = component(found, "ieepa-reciprocal-jp")
    assert part.note == ""
    assert not any("contested" in fact for fact in found.decided_by)
    assert part.why.startswith("parts that pay the section 232 duty")
    assert "CSMS" not in part.citation


def test_what_is_excluded_says_under_which_heading_and_what_would_be_due() -> None:
    part = component(line_duty("8703.23.01", "JP", "2025-04-20"), "ieepa-reciprocal-jp")
    assert part.heading == "9903.01.33"
    assert part.why.startswith(
        "vehicles that pay the section 232 duty do not pay the reciprocal duty; otherwise 10% (9903.01.25): "
    )
    assert part.citation == "EO 14257, 90 FR 15041, sec. 3(b); US note 2(v)(x); EO 14266, 90 FR 15625"
    computers = component(line_duty("8471.30.01", "CN", "2025-04-10"), "ieepa-reciprocal-cn")
    assert computers.heading == "9903.01.32"
    assert computers.known_from == date(2025, 4, 11)  # the exemption, not the duty
    above = component(line_duty("8703.23.01", "DE", "2025-08-10"), "ieepa-reciprocal-eu")
    assert "otherwise 15% in all" in above.why


def test_an_act_ends_when_another_takes_over() -> None:
    day = component(line_duty("8482.99.05", "JP", "2025-04-09"), "ieepa-reciprocal-jp")
    assert (day.rate_pct, day.applies_from, day.applies_until) == (24.0, date(2025, 4, 9), date(2025, 4, 10))
    unaware = component(line_duty("8482.99.05", "JP", "2025-04-09", "2025-04-08"), "ieepa-reciprocal-jp")
    assert unaware.applies_until is None
    steel = component(line_duty("7208.10.15", "JP", "2025-04-20"), "s232-steel")
    assert steel.applies_until == date(2025, 6, 4)


@pytest.mark.parametrize(
    ("line", "measure", "heading"),
    [
        ("7208.10.15", "s232-steel", "9903.81.94"),
        ("7326.90.86", "s232-steel-derivatives-ch73", "9903.81.97"),
        ("7606.12.30", "s232-aluminium", "9903.85.12"),
        ("7615.10.20.25", "s232-aluminium-derivatives-ch76", "9903.85.14"),
    ],
)
def test_the_united_kingdom_stays_at_25_under_headings_of_its_own(line: str, measure: str, heading: str) -> None:
    part = component(line_duty(line, "GB", "2025-06-04"), measure)
    assert (part.rate_pct, part.heading, part.applies_from) == (25.0, heading, date(2025, 6, 4))
    assert "10947" in part.citation
    assert component(line_duty(line, "GB", "2025-06-03"), measure).heading != heading


@pytest.mark.parametrize(
    ("origin", "heading"), [("CA", "9903.01.26"), ("MX", "9903.01.27"), ("RU", "9903.01.29"), ("CU", "9903.01.29")]
)
def test_who_is_outside_the_reciprocal_duty_is_told_so(origin: str, heading: str) -> None:
    (part,) = (p for p in line_duty("4412.33.26", origin, "2025-04-20").components if "outside" in p.id)
    assert (part.status, part.rate_pct, part.heading) == ("excluded", 0.0, heading)
    assert not any("outside" in p.id for p in line_duty("4412.33.26", origin, "2025-04-04").components)


def test_claims_that_would_lower_the_duty_are_named() -> None:
    wood = line_duty("4407.11.00.42", "CA", "2025-04-20")
    assert wood.range_pct == (0.0, 25.0)
    assert component(wood, "ieepa-fentanyl-usmca").heading == "9903.01.14"
    car = component(line_duty("8703.23.01", "MX", "2025-04-20"), "s232-autos-usmca-us-content")
    assert (car.status, car.rate_pct) == ("conditional", 0.0)
    assert "40% of Section 232 autos" in car.why
    plane = line_duty("8802.40.01", "JP", "2025-09-16")
    assert (plane.rate_pct, plane.range_pct) == (15.0, (0.0, 15.0))
    assert component(plane, "civil-aircraft-japan").heading == "9903.96.02"
    korea = component(line_duty("7326.90.86", "KR", "2025-06-04"), "preference-kr")
    assert korea.citation.endswith("general note 33")


def test_usmca_claim_is_a_range() -> None:
    found = line_duty("8703.23.01", "CA", "2025-06-20")
    assert found.rate_pct == pytest.approx(27.5)
    assert found.range_pct == pytest.approx((15.0, 27.5))


def test_specific_duty_needs_quantity_or_the_average() -> None:
    exact = line_duty("0402.10.50", "JP", "2025-06-20", value=100, quantity=50)
    assert exact.components[0].rate_pct == 43.25
    assert exact.components[0].status == "applies"
    assert "50 kg at 0.865 USD" in exact.components[0].why


def test_an_equivalent_is_an_average_and_says_so() -> None:
    for quantity in (None, 50.0):  # a quantity is of no use without the value
        found = line_duty("0402.10.50", "JP", "2025-06-20", quantity=quantity)
        assert (found.status, found.components[0].status) == ("conditional", "conditional")
        assert "give value and quantity (kg)" in " ".join(found.warnings)
    watch = line_duty("9101.11.40", "CH", "2025-08-10", value=100, quantity=1)  # 6.25% on the case
    assert watch.components[0].status == "conditional"
    assert "give value" not in " ".join(watch.warnings)


def test_an_equivalent_does_not_differ_by_suffix() -> None:
    rice = line_duty("1006.30.90", "JP", "2025-06-20")
    assert (rice.rate_pct is not None, rice.range_pct) == (True, None)


def test_column_2_can_be_specific() -> None:
    found = line_duty("0402.10.50", "RU", "2025-04-09", value=100, quantity=50)
    assert found.rate_pct == 50.9
    assert "50 kg at 1.018 USD" in found.components[0].why


@pytest.mark.parametrize(
    ("line", "origin", "rate"), [("0402.10.50", "NZ", 96.5), ("8482.99.05", "JP", 19.9), ("6404.11.90", "VN", 30.0)]
)
def test_percentages_have_no_float_dust(line: str, origin: str, rate: float) -> None:
    found = line_duty(line, origin, "2025-04-20", value=1e9, quantity=1e9)
    assert found.rate_pct == rate
    assert found.duty_usd == round(rate * 1e7, 2)


def test_a_line_whose_suffixes_differ_says_whose_parts_are_shown() -> None:
    found = line_duty("7616.99.51", "VN", "2025-10-20")
    assert (found.rate_pct, found.range_pct) == (None, (22.5, 52.5))
    assert "parts shown are those of 7616.99.51.20" in " ".join(found.warnings)


def test_before_2025_the_total_is_unknown() -> None:
    found = line_duty("7606.12.30", "JP", "2019-05-01")
    assert (found.rate_pct, found.status) == (None, "unknown")
    assert any(part.id == "s232-aluminium" and part.rate_pct == 10 for part in found.components)
    assert sum("2025-01-01" in warning for warning in found.warnings) == 1


def test_beyond_what_is_verified_warns() -> None:
    assert not line_duty("8703.23.01", "JP", "2026-01-01").warnings
    found = line_duty("8703.23.01", "JP", MEASURES_THROUGH + timedelta(1))
    assert f"measures are verified through {MEASURES_THROUGH}" in " ".join(found.warnings)
    assert "schedule is known through 2026-06-08" in " ".join(found.warnings)
    assert any(str(MEASURES_THROUGH) in edition for edition in found.editions)


@pytest.mark.parametrize(
    ("line", "origin", "on", "says"),
    [
        ("8703.23.02", "JP", "2025-04-20", "8703.23.01"),
        ("870", "JP", "2025-04-20", "has 3 digits; write 6, 8 or 10, for"),
        ("101210010", "FR", "2025-04-20", r"has 9 digits.*did it begin with a zero: 0101\.21\.00\.10\?"),
        ("2.01.30.50", "JP", "2025-04-20", r"has 7 digits.*0201\.30\.50\?"),
        ("cars", "JP", "2025-04-20", "8703.23.01"),
        ("8703.23.01", "Japn", "2025-04-20", "Japan"),
        ("8703.23.01", "JP", "20 April", "YYYY-MM-DD"),
        ("8703.23.01", "JP", "2010-01-01", "2018"),
        ("8703.23.01", "US", "2025-04-20", "another country"),
        ("9903.01.25", "JP", "2025-04-20", "line of the goods themselves"),
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


def test_the_clock_shows_the_end_of_a_safeguard() -> None:
    solar = [event for event in clock("JPN", "2025-04-20") if event.measure == "s201-solar"]
    assert [(event.on, event.before_pct, event.after_pct) for event in solar] == [(date(2026, 2, 7), 14.0, None)]
    assert len(clock("JPN", "2025-04-20")) == 3  # with the parts of 3 May and the country rate of 9 July
    stepped = [event for event in clock("JPN", "2025-01-15") if event.measure == "s201-solar"]
    assert [(event.before_pct, event.after_pct) for event in stepped] == [(14.25, 14.0), (14.0, None)]
    modules = line_duty("8541.43.00.10", "JP", "2026-02-07")
    assert not any(part.id == "s201-solar" for part in modules.components)


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
            assert 0 <= act.rate_pct <= 200 or act.treatment in ("prohibit", "minimum", "specific")
            assert (act.usd > 0 and act.unit in ("kg", "W")) == act.priced
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


@pytest.mark.parametrize("text", ["", "6% on the case", "See note 4", "72¢ each + 6% on the case + 14% on the strap"])
def test_what_is_no_plain_rate_is_unknown(text: str) -> None:
    assert parse_rate(text) is None


def test_programmes() -> None:
    assert programmes("Free (A+,AU,KR) 1.2% (JP) See 9823.02.01 (S+)")["JP"] == "1.2%"


def test_a_rule_that_no_heading_names_has_none() -> None:
    found = line_duty("8703.23.01", "MX", "2025-12-20")
    part = component(found, "ieepa-fentanyl-mx")
    assert (part.status, part.heading) == ("excluded", "")  # EO 14289 made no heading
    assert "otherwise 25% (9903.01.01)" in part.why


def test_of_a_specific_rate_the_certain_end_is_told() -> None:
    """Rapeseed pays 0.58 cents a kilogram, which nothing says in percent; claimed under USMCA it is free."""
    found = line_duty("1205.10.00.20", "CA", "2025-08-20")
    assert (found.rate_pct, found.range_pct, found.status) == (None, (0.0, None), "unknown")
    assert found.decided_by == ("whether a preference is claimed",)
    assert any("the measures alone make 35%" in warning for warning in found.warnings)
    exact = line_duty("1205.10.00.20", "CA", "2025-08-20", value=1000, quantity=2000)
    assert (exact.rate_pct, exact.duty_usd, exact.range_pct) == (36.16, 361.6, (0.0, 36.16))
    early = line_duty("1205.10.00.20", "CA", "2024-08-20")
    assert (early.range_pct, early.status) == (None, "unknown")  # of 2024 there is no schedule, and so no preference


@pytest.mark.parametrize(
    ("line", "origin", "on", "known", "rate", "other", "read"),
    [
        # Relief of the EU's cars published on 25 September, reaching back to 1 August.
        ("8703.23.01", "DE", "2025-08-10", None, 15.0, 27.5, date(2025, 8, 10)),
        ("8703.23.01", "DE", "2025-08-10", "2025-09-24", 27.5, 15.0, None),
        ("8482.99.05", "JP", "2025-08-07", None, 15.0, 24.9, date(2025, 8, 7)),
        ("8471.30.01", "JP", "2025-04-06", None, 0.0, 10.0, date(2025, 4, 6)),
    ],
)
def test_the_other_clock(
    line: str, origin: str, on: str, known: str | None, rate: float, other: float, read: date | None
) -> None:
    found = line_duty(line, origin, on, known)
    assert found.rate_pct == pytest.approx(rate)
    assert found.other_clock is not None
    assert (found.other_clock.known, found.other_clock.rate_pct) == (read, pytest.approx(other))


@pytest.mark.parametrize(
    ("line", "origin", "on", "known"),
    [
        ("8703.23.01", "JP", "2025-09-10", None),  # Japan's ceiling on cars does not reach back
        ("8703.23.01", "DE", "2025-09-26", None),  # public by then
        ("8703.23.01", "DE", "2025-08-10", "2025-09-25"),
    ],
)
def test_clocks_that_agree_are_one_figure(line: str, origin: str, on: str, known: str | None) -> None:
    assert line_duty(line, origin, on, known).other_clock is None


def test_what_stands_outside_the_tariff_is_told() -> None:
    rum = line_duty("2208.40.20.00", "CU", "2025-09-20", value=1000, quantity=400)
    assert rum.rate_pct == 52.8  # column 2: 1.32 USD a proof liter
    assert any("31 CFR part 515" in warning for warning in rum.warnings)
    for on, small in (("2025-05-01", True), ("2025-05-02", False)):
        parcel = line_duty("6109.10.00.12", "CN", on, value=300)
        assert any("19 U.S.C. 1321" in warning for warning in parcel.warnings) == small


@pytest.mark.parametrize("typed", ["8703.23.O1", "87O3230l"])
def test_letters_for_digits(typed: str) -> None:
    with pytest.raises(BadInput, match=r"did you mean 8703\.23\.01\?"):
        line_duty(typed, "JP", "2025-06-01")
