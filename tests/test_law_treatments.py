"""Prohibitions, minimum prices, quotas, preferences, lists that are not at hand: what the answer says of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.law.batch import answers
from tradetalks.law.clock import clock
from tradetalks.law.component import Component
from tradetalks.law.duty import Duty, line_duty
from tradetalks.law.evaluate import bearings, rulings, settle
from tradetalks.law.facts import facts_of
from tradetalks.law.measure import Act, Law, Measure, Origins, override, us_law
from tradetalks.law.panel import sheets
from tradetalks.law.rates import line_rates
from tradetalks.law.scope import Lines
from tradetalks.law.shipment_file import Shipment


def part(found: Duty, name: str) -> Component:
    (one,) = (one for one in found.components if one.id == name)
    return one


# ---------------------------------------------------------------- prohibitions


@pytest.mark.parametrize(
    ("line", "measure", "spread"),
    [
        ("2208.30.60.20", "s338-ban-alcohol", (50.0, 60.0)),
        ("2203.00.00.30", "s338-ban-alcohol-packaged", (50.0, 60.0)),
        ("2202.91.00.20", "s338-ban-dairy", None),
        ("8711.50.00.30", "s338-ban-motorcycles", (50.0, 62.4)),
    ],
)
def test_what_may_not_be_imported(line: str, measure: str, spread: tuple[float, float] | None) -> None:
    before, found = line_duty(line, "CA", "2026-09-28"), line_duty(line, "CA", "2026-09-29", value=1000)
    assert before.status == "conditional"
    assert (found.status, found.rate_pct, found.duty_usd) == ("prohibited", None, None)
    ban = part(found, measure)
    assert (ban.treatment, ban.rate_pct, ban.status) == ("prohibit", None, "applies")
    assert "excluded from importation" in ban.why
    assert ban.citation.startswith("Proc 1106")
    # What goods imported before pay.
    assert found.range_pct == before.range_pct
    if spread:
        assert found.range_pct == spread
    assert line_duty(line, "MX", "2026-09-29").status != "prohibited"
    assert line_duty(line, "CA", "2026-09-29", known="2026-09-07").status != "prohibited"


def test_a_list_and_the_panel_say_that_importing_is_prohibited() -> None:
    given = {"line": "8711.50.00.30", "origin": "CA", "date": "2026-09-29", "value": "1000"}
    (answer,) = answers([Shipment(1, given)])
    assert (answer.status, answer.rate_pct, answer.duty_usd) == ("prohibited", None, None)
    assert (answer.low_pct, answer.high_pct) == (50.0, 62.4)
    assert any(reason.endswith("prohibited") for reason in answer.reasons)
    for sheet in sheets(date(2026, 9, 29), date(2026, 9, 29)):
        rates = dict(zip(sheet.table["line"], sheet.table["CAN"], strict=True))
        assert rates["8711500030"] is None
        assert rates["8711403000"] is not None


def test_averages_weigh_goods_that_came_in() -> None:
    rated = line_rates("USA", "CA", "2026-10-01")
    assert not rated["rate_pct"].is_nan().any()


def test_eight_digits_banned_in_part() -> None:
    found = line_duty("2208.30.60", "CA", "2026-09-29")
    assert (found.rate_pct, found.status) == (None, "conditional")
    assert found.range_pct is not None
    assert "depends on the suffix" in " ".join(found.warnings)


def test_beyond_an_absolute_quota_is_said_and_bounds_no_range() -> None:
    found = line_duty("7208.10.15", "BR", "2025-02-10")
    assert (found.rate_pct, found.range_pct, found.status) == (0.0, None, "conditional")
    beyond = part(found, "steel-beyond-absolute-quota")
    assert (beyond.treatment, beyond.status) == ("prohibit", "conditional")
    assert "may not be" in beyond.why


# ---------------------------------------------------------------- quotas until March 2025


@pytest.mark.parametrize(
    ("line", "origin", "spread", "condition"),
    [
        ("7208.10.15", "JP", (0.0, 25.0), "steel-beyond-tariff-rate-quota"),
        ("7208.10.15", "DE", (0.0, 25.0), "steel-beyond-tariff-rate-quota"),
        ("7606.12.30.91", "DE", (3.0, 13.0), "aluminium-beyond-tariff-rate-quota"),
        ("7208.10.15", "MX", (0.0, 25.0), "steel-of-mexico-melted-elsewhere"),
        ("8541.42.00.10", "MY", (0.0, 14.0), "solar-cells-beyond-quota"),
    ],
)
def test_beyond_a_quota(line: str, origin: str, spread: tuple[float, float], condition: str) -> None:
    found = line_duty(line, origin, "2025-03-02")
    assert (found.rate_pct, found.range_pct, found.status) == (spread[0], spread, "conditional")
    assert part(found, condition).citation
    after = line_duty(line, origin, "2025-03-12")
    assert not any(one.id == condition for one in after.components) or condition == "solar-cells-beyond-quota"


def test_who_was_exempt_has_no_quota() -> None:
    for origin in ("AU", "CA", "UA"):
        found = line_duty("7208.10.15", origin, "2025-03-02")
        assert (found.rate_pct, found.range_pct) == (0.0, None)


def test_more_beef_at_the_rate_of_the_quota_line() -> None:
    mine = line_duty("0201.30.50.91", "AR", "2026-03-01")
    assert part(mine, "quota-beef-argentina").heading == "9903.54.01"
    assert not any("quota" in one.id for one in line_duty("0201.30.50.91", "AU", "2026-03-01").components)
    assert part(line_duty("0201.30.50.91", "AU", "2026-09-01"), "quota-beef-others").citation.startswith("Proc 11059")


# ---------------------------------------------------------------- minimum prices


@pytest.mark.parametrize(
    ("line", "price", "due"),
    [
        ("2804.61.00.00", 21.0, 0.0),
        ("2804.61.00.00", 30.0, 0.0),
        ("2804.61.00.00", 14.0, 50.0),
        ("8541.43.00.10", 0.19, 100.0),
        ("8541.42.00.10", 0.20, 10.0),
    ],
)
def test_a_minimum_price_tops_the_value_up(line: str, price: float, due: float) -> None:
    found = line_duty(line, "MX", "2026-12-04", value=1000 * price, quantity=1000)
    (one,) = (one for one in found.components if "minimum" in one.id)
    assert one.rate_pct == pytest.approx(due)
    assert one.treatment == "minimum"
    assert found.range_pct is not None  # without documents the whole price is due
    usd = {"2": 21.0, "8": 0.38 if line.startswith("8541.43") else 0.22}[line[0]]
    others = sum(part.rate_pct or 0 for part in found.components if "minimum" not in part.id)
    assert found.range_pct[1] == pytest.approx(others + 100 * usd / price)


def test_without_a_price_the_minimum_is_named_and_not_counted() -> None:
    for more in ({}, {"value": 1000.0}):
        found = line_duty("8541.43.00.10", "JP", "2026-12-04", **more)
        assert (found.rate_pct, found.status) == (27.5, "conditional")
        one = part(found, "s232-polysilicon-minimum-modules")
        assert (one.status, one.rate_pct) == ("conditional", 0.0)
        assert "give value and quantity (W)" in one.why
        assert "0.38 USD a W" in one.why


def test_a_minimum_price_is_no_percentage() -> None:
    with pytest.raises(BadInput, match="no rate in percent"):
        override(us_law(), {"s232-polysilicon-minimum-raw": 10.0})
    events = {event.measure: event for event in clock("JP", "2026-11-20")}
    assert events["s232-polysilicon-minimum-raw"].after_pct is None
    assert events["s232-polysilicon-minimum-raw"].treatment == "minimum"
    assert events["s232-polysilicon"].after_pct == 15


@settings(max_examples=30, deadline=None)
@given(price=st.floats(0.01, 1e4), usd=st.floats(0.01, 1e3), base=st.floats(0, 60))
def test_a_minimum_price_brings_value_and_duty_to_it(price: float, usd: float, base: float) -> None:
    act = Act("c", "9903", date(2025, 1, 1), date(2025, 1, 1), None, "minimum", float("nan"), usd=usd, unit="kg")
    law = Law((Measure("m", "a", "g", ("all",), (), Origins(), (act,), "w"),), ())
    lines, day = Lines(["2804610000"]), date(2026, 12, 4)
    facts = facts_of(lines, usmca=False) | {"price": np.array([price])}
    found = settle(bearings(law, "JPN", day, day), rulings(law, day, day), lines, np.array([base]), facts)
    assert found.total()[0] - base == pytest.approx(max(0.0, 100 * (usd / price - 1)), rel=1e-9, abs=1e-9)
    assert price * (1 + (found.total()[0] - base) / 100) >= usd * (1 - 1e-9)


# ---------------------------------------------------------------- claims under an agreement


def test_textiles_of_central_america_are_free_if_claimed() -> None:
    shirt = line_duty("6109.10.00.12", "HN", "2026-08-15")
    assert (shirt.rate_pct, shirt.range_pct) == (26.5, (0.0, 26.5))
    assert part(shirt, "s301-labour-cafta-textiles").heading == "9903.05.95"
    # Other goods pay the duty although they claim.
    other = line_duty("6402.99.31.65", "HN", "2026-08-15")
    assert (other.rate_pct, other.range_pct) == (16.0, (10.0, 16.0))


def test_nicaragua_pays_for_what_does_not_claim() -> None:
    found = line_duty("6402.99.31.65", "NI", "2027-01-01")
    assert (found.rate_pct, found.range_pct) == (28.5, (12.5, 28.5))  # 6 + 12.5 + 10


def test_a_ceiling_tops_up_the_rate_that_is_claimed() -> None:
    found = line_duty("6402.99.31.65", "KR", "2025-12-10")
    assert (found.rate_pct, found.range_pct) == (15.0, None)
    before = line_duty("6402.99.31.65", "KR", "2025-11-13")
    assert (before.rate_pct, before.range_pct) == (21.0, (15.0, 21.0))


# ---------------------------------------------------------------- lists that are not at hand


@pytest.mark.parametrize(
    ("line", "rate"),
    [
        ("0406.90.99.00", None),  # named
        ("0406.90.82.00", "range"),
        ("9403.60.40.00", "range"),
        ("4802.61.10.00", "range"),
        ("7604.29.10.10", "range"),
    ],
)
def test_lines_that_may_be_of_a_range_are_never_silently_free(line: str, rate: str | None) -> None:
    before, found = line_duty(line, "CA", "2026-09-14"), line_duty(line, "CA", "2026-09-15")
    named = [one for one in found.components if one.id.startswith("s338")]
    assert not any(one.id.startswith("s338") for one in before.components)
    assert named
    assert found.status == "conditional"
    if rate:
        assert found.range_pct is not None
        assert found.range_pct[1] - found.range_pct[0] >= 50
        assert "not at hand" in named[0].why


def test_medicines_renumbered_in_september() -> None:
    def meant(line: str, on: str) -> bool:
        return any(one.id.startswith("s232-pharmaceuticals") for one in line_duty(line, "IN", on).components)

    assert meant("3004.20.00.83", "2026-09-28")
    assert not meant("3004.20.00.83", "2026-09-29")
    assert not meant("3004.90.92.17", "2026-09-28")
    assert meant("3004.90.92.17", "2026-09-29")
    assert meant("2922.19.09.00", "2026-09-28")
    assert meant("2922.19.09.00", "2026-09-29")
    found = line_duty("2918.99.30.00", "IN", "2026-09-30")
    assert found.range_pct is not None
    assert found.range_pct[1] == 100
    assert "medicines-for-research" in {one.terms.id for one in us_law().conditions}


# ---------------------------------------------------------------- laws of any law


@settings(max_examples=15, deadline=None)
@given(data=st.data(), on=st.dates(date(2025, 1, 1), date(2027, 3, 31)))
def test_an_exemption_never_raises_what_it_exempts(data: st.DataObject, on: date) -> None:
    """The duties that an exemption names fall; what they displaced may come back, but no more than that."""
    law = us_law()
    gone = data.draw(st.sampled_from([measure for measure in law.measures if measure.exempts]))
    origin = data.draw(st.sampled_from(["CHN", "CAN", "MEX", "EU", "JPN", "GBR", "IND", "BRA", "KHM"]))
    lines = Lines(
        sorted({"0901110015", "6109100012", "7326908688", "8708305090", "8802400140", "8517130000", "4901990040"})
    )
    base = np.full(len(lines), 3.0)

    def parts(of: Law) -> dict[str, np.ndarray]:
        facts = facts_of(lines, usmca=True, aircraft=True)
        found = settle(bearings(of, origin, on, date.max), rulings(of, on, date.max), lines, base, facts)
        return {one.measure.id: one.points() for one in found.parts}

    without = parts(replace(law, measures=tuple(one for one in law.measures if one.id != gone.id)))
    with_it = parts(law)
    for measure in law.measures:
        if measure.group in gone.exempts and measure.id in with_it:
            assert (with_it[measure.id] <= without[measure.id] + 1e-9).all()


def test_a_list_says_what_single_duties_say_whatever_the_treatment() -> None:
    asked = [
        ("8711.50.00.30", "CA", "2026-09-29", "", ""),
        ("2804.61.00.00", "KR", "2026-12-10", "14000", "1000"),
        ("2804.61.00.00", "KR", "2026-12-10", "", ""),
        ("7208.10.15", "KR", "2025-02-10", "", ""),
        ("6109.10.00.12", "GT", "2026-08-15", "", ""),
        ("0406.90.82.00", "CA", "2026-09-20", "", ""),
        ("8507.60.00.20", "CN", "2025-05-10", "", ""),
    ]
    names = ("line", "origin", "date", "value", "quantity")
    rows = [Shipment(n, dict(zip(names, row, strict=True))) for n, row in enumerate(asked, start=1)]
    for answer, (line, origin, on, value, quantity) in zip(answers(rows), asked, strict=True):
        single = line_duty(
            line, origin, on, value=float(value) if value else None, quantity=float(quantity or 0) or None
        )
        assert (answer.rate_pct, answer.status) == (single.rate_pct, single.status), (line, answer.error)
        assert (answer.low_pct, answer.high_pct) == (single.range_pct or (None, None))


def test_what_an_act_governs_has_no_gap_and_no_overlap() -> None:
    """From the first day of a measure on, each day has the act that the clock of that day shows."""
    for measure in us_law().measures:
        for origin in ("JPN", "CAN", "CHN", "EU"):
            turns = measure.turns(date.max, origin)
            for day, after in pairwise(turns):
                act = measure.act(day, date.max, origin)
                assert measure.act(after - timedelta(days=1), date.max, origin) is act
