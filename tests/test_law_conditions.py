"""Conditions: what is open about goods gives a range that says what decides it, and averages take a share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.law.conditions import holding
from tradetalks.law.duty import line_duty
from tradetalks.law.flow_rates import evaluations
from tradetalks.law.measure import us_law
from tradetalks.law.trade import trade_of

LAW = us_law()
BEARING = "8482.99.05"


@pytest.mark.parametrize(
    ("line", "origin", "on", "rate", "spread", "heading"),
    [
        # MFN 9.9: nothing, 10% or 24% for what was loaded before 5 April, before 9 April, or later.
        (BEARING, "JP", "2025-04-05", 19.9, (9.9, 19.9), "9903.01.28"),
        (BEARING, "JP", "2025-04-09", 33.9, (9.9, 33.9), "9903.01.28"),
        (BEARING, "JP", "2025-05-27", 19.9, (9.9, 19.9), "9903.01.28"),
        # 9.9 + list 25 + fentanyl 20 + 125, or 10, or nothing.
        (BEARING, "CN", "2025-04-20", 179.9, (54.9, 179.9), "9903.01.28"),
        (BEARING, "CN", "2025-02-10", 44.9, (34.9, 44.9), "9903.01.23"),
        (BEARING, "IN", "2025-09-01", 59.9, (19.9, 59.9), "9903.01.85"),
        ("0901.11.00", "BR", "2025-09-01", 50.0, (10.0, 50.0), "9903.01.78"),
        ("8703.23.01", "GB", "2025-09-01", 10.0, (10.0, 27.5), "9903.94.01"),
        ("8806.93.00", "JP", "2026-09-18", 27.5, (15.0, 112.5), "9903.08.21"),
        ("7208.10.15", "CA", "2026-05-01", 50.0, (25.0, 50.0), "9903.82.18, 9903.82.19"),
        # Enriched uranium of Canada: 25%, or 10% if the heading's word is read wide; a claim under USMCA frees it.
        ("2844.20.00.20", "CA", "2025-04-20", 25.0, (0.0, 25.0), "9903.01.13"),
        # Brake discs for a maker of cars with an offset (note 33(g)): no duty, and it displaces the others still.
        ("8708.30.50.30", "DE", "2025-06-20", 27.5, (2.5, 27.5), "9903.94.05"),
        ("8708.30.50.20", "JP", "2025-09-20", 15.0, (2.5, 15.0), "9903.94.05"),
        # 50% on the metals, or 10% if they are of the United States; the agreement takes the ordinary 2.9.
        ("7326.90.86.88", "MX", "2026-05-01", 52.9, (10.0, 52.9), "9903.82.06"),
    ],
)
def test_the_range_and_what_decides_it(
    line: str, origin: str, on: str, rate: float, spread: tuple[float, float], heading: str
) -> None:
    found = line_duty(line, origin, on)
    assert (found.rate_pct, found.range_pct, found.status) == (rate, spread, "conditional")
    open_ = {part.heading: part for part in found.components if part.status == "conditional"}
    assert open_[heading].rate_pct == 0
    assert "not counted (in averages taken not to be so)" in open_[heading].why
    assert open_[heading].citation


@pytest.mark.parametrize(
    ("line", "origin", "on"),
    [
        (BEARING, "JP", "2025-05-28"),  # the window is over
        ("8703.23.01", "JP", "2025-04-20"),  # the reciprocal duty is not due on cars at all
        ("7208.10.15", "DE", "2026-05-01"),  # mill steel: neither weight nor origin of the metal matters
    ],
)
def test_nothing_is_open_where_it_would_change_nothing(line: str, origin: str, on: str) -> None:
    found = line_duty(line, origin, on)
    assert (found.range_pct, found.status) == (None, "applies")


def test_what_the_duty_on_metals_displaced_comes_back() -> None:
    light = line_duty("8203.40.60.00", "DE", "2026-05-01")  # pliers: 25% on metals, or the surcharge of 10%
    assert light.range_pct is not None
    ordinary = light.components[0].rate_pct
    assert ordinary is not None
    assert light.range_pct[0] == pytest.approx(ordinary + 10)


def test_conditions_unknown_on_a_day_are_not_open_on_it() -> None:
    known = line_duty(BEARING, "IN", "2025-09-01", known="2025-08-05")
    assert not any("27 August" in part.why for part in known.components)


def test_every_condition_names_duties_and_has_a_citation() -> None:
    assert len({one.terms.id for one in LAW.conditions}) == len(LAW.conditions)
    for one in LAW.conditions:
        assert one.measures <= {measure.id for measure in LAW.measures if not measure.exempts}
        assert all(act.citation and act.heading for act in one.terms.acts)


@settings(max_examples=20, deadline=None)
@given(
    share=st.floats(0, 1),
    on=st.dates(date(2025, 4, 1), date(2025, 6, 10)),
    origin=st.sampled_from(["JPN", "CHN", "EU", "CAN"]),
)
def test_averages_take_the_share(share: float, on: date, origin: str) -> None:
    def average(share: float) -> float:
        law = replace(
            LAW,
            conditions=tuple(
                replace(one, share=share if one.terms.id == "loaded-before-2025-04-05" else 0.0)
                for one in LAW.conditions
            ),
        )
        trade = trade_of(origin)
        return sum(
            float((part * case.total()) @ trade.imports) for part, case in evaluations(law, origin, trade, on, on)
        ) / float(trade.imports.sum())

    none, all_, some = average(0), average(1), average(share)
    assert all_ <= none + 1e-9
    assert some == pytest.approx((1 - share) * none + share * all_, abs=1e-9)
    inside = date(2025, 4, 5) <= on < date(2025, 5, 28) and origin != "CAN"
    assert (all_ < none - 1e-6) == inside


def test_conditions_of_one_fact_exclude_each_other() -> None:
    one, other, apart = (
        next(c for c in LAW.conditions if c.terms.id == name)
        for name in ("loaded-before-2025-04-05", "loaded-before-2025-04-09", "metal-under-15-percent")
    )
    assert len(holding([one, other, apart])) == 6
    assert holding([]) == [frozenset()]


@pytest.mark.parametrize(
    ("line", "origin", "on", "content", "rate", "low"),
    [
        # 16.5 + 20%, on the 65% that is not of the United States; below a fifth nothing is free (note 2(v)(xvii)).
        ("6109.10.00.12", "VN", "2025-12-20", 0.35, 29.5, None),
        ("6109.10.00.12", "VN", "2025-12-20", 0.19, 36.5, None),
        ("6109.10.00.12", "VN", "2025-12-20", 1.0, 16.5, None),
        # The surcharge of section 122 knows no such heading.
        ("6109.10.00.12", "VN", "2026-03-20", 0.35, 26.5, None),
        # A car of Mexico: 2.5 + 25, or if claimed under USMCA 25% of what is not of the United States (note 33(d)).
        ("8703.23.01", "MX", "2025-12-20", 0.5, 27.5, 12.5),
        ("8703.23.01", "MX", "2025-12-20", None, 27.5, 15.0),
    ],
)
def test_us_content(line: str, origin: str, on: str, content: float | None, rate: float, low: float | None) -> None:
    found = line_duty(line, origin, on, us_content=content)
    assert found.rate_pct == pytest.approx(rate)
    assert (found.range_pct[0] if found.range_pct else None) == (low if low is None else pytest.approx(low))
    if low is None:
        assert found.status == "applies"  # what is stated is open no more


def test_of_equipment_at_most_two_fifths_are_free() -> None:
    """US note 16(j): 25% on what is not of the United States, 15% at least."""
    for content, freed in ((0.8, "40% of"), (0.1, "10% of")):
        found = line_duty("8429.51.10.15", "MX", "2026-06-10", us_content=content)
        (part,) = (part for part in found.components if part.id == "s232-metals-1c-usmca")
        assert f"if so and claimed, {freed}" in part.why


def test_us_content_is_cited_where_it_counts() -> None:
    (part,) = (
        part
        for part in line_duty("6109.10.00.12", "VN", "2025-12-20", us_content=0.35).components
        if part.id == "ieepa-reciprocal-vn"
    )
    assert "note 2(v)(xvii)" in part.citation
    assert "less 35.0%" in part.why


@pytest.mark.parametrize(
    ("content", "says"), [(35, "write 0.35 for 35%"), (-0.1, "between 0 and 1"), (1000, "between")]
)
def test_a_share_is_a_share(content: float, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        line_duty("6109.10.00.12", "VN", "2025-12-20", us_content=content)


@settings(max_examples=20, deadline=None)
@given(contents=st.tuples(st.floats(0, 1), st.floats(0, 1)), origin=st.sampled_from(["VN", "CN", "DE", "CA"]))
def test_more_of_the_united_states_never_costs_more(contents: tuple[float, float], origin: str) -> None:
    more, less = (line_duty("8481.80.30.10", origin, "2025-06-20", us_content=one) for one in sorted(contents)[::-1])
    assert more.rate_pct is not None
    assert less.rate_pct is not None
    assert more.rate_pct <= less.rate_pct + 1e-9
