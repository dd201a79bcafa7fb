"""Golden lines of the law after 30 September 2025: reference lines, and lines worked out from the legal text.

Each line of ``LINES`` is: line, origin, day of entry, known on (None: all), total in percent, and the text it rests on.
"""

from __future__ import annotations

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from tradetalks.ground.countries import COUNTRIES
from tradetalks.law.duty import line_duty
from tradetalks.law.measure import us_law
from tradetalks.law.rates import effective_rate
from tradetalks.law.scope import scope_list

if "s122" not in {measure.id for measure in us_law().measures}:
    pytest.skip("measures_later.yaml is not read by us_law() yet", allow_module_level=True)

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parents[2] / "shared"))
REFERENCE = SHARED / "reference" / "law"
DUTY_LINES = list(csv.DictReader(path.open())) if (path := REFERENCE / "duty_lines.csv").exists() else []

LINES = [
    # Metals: Proclamation 11021 of 2 April 2026 and 11032 of 1 June 2026, US note 16
    ("7208.10.15.00", "DE", "2026-04-05", None, 50, "9903.81.87, Proc 10947"),
    ("7208.10.15.00", "DE", "2026-04-06", None, 50, "9903.82.02, Proc 11021 cl. 2(a)"),
    ("7208.10.15.00", "GB", "2026-04-06", None, 25, "9903.82.04, cl. 2(b)"),
    ("7408.11.60.00", "JP", "2026-04-06", None, 53, "copper 3% + 50%, US note 16(c)(v)"),
    ("7326.90.86.88", "JP", "2026-05-01", None, 52.9, "2.9% + 50%, US note 16(c)(iv)"),
    ("8544.42.90.90", "JP", "2026-04-06", None, 27.6, "2.6% + 25%, US note 16(c)(viii)"),
    ("8418.10.00.10", "MY", "2026-04-06", None, 25, "9903.82.09, US note 16(c)(vi)"),
    ("8418.10.00.10", "GB", "2026-04-06", None, 15, "9903.82.05, cl. 3(b)"),
    ("8427.20.80.20", "JP", "2026-06-07", None, 25, "Annex I-B until 7 June"),
    ("8427.20.80.20", "JP", "2026-06-08", None, 15, "Annex I-C, 9903.82.22: 15% in all"),
    ("8427.20.80.20", "JP", "2026-06-08", "2026-05-31", 25, "Proc 11032 was signed on 1 June"),
    ("8427.20.80.20", "JP", "2028-01-01", None, 25, "the relief of Annex I-C ends on 31 December 2027"),
    ("8427.20.80.20", "CN", "2026-06-08", None, 50, "25% of Annex I-C + 25% of section 301 list 1"),
    ("8457.10.00.15", "JP", "2026-05-01", None, 15, "Annex III, 4.2% topped up to 15%, cl. 5(a)"),
    ("8457.10.00.15", "JP", "2028-01-01", None, 29.2, "cl. 7: 4.2% + 25%"),
    ("8457.10.00.15", "RU", "2026-05-01", None, 55, "column 2, 30% + 25%, cl. 5(c)"),
    ("8701.94.10.00", "DE", "2026-06-07", None, 25, "tractors, Annex I-B"),
    ("8701.94.10.00", "DE", "2026-06-08", None, 15, "tractors to Annex III, Proc 11032"),
    (
        "8471.50.01.50",
        "MX",
        "2026-04-06",
        None,
        0,
        "computers are not in US note 16(c); US note 2(aa)(ii)",
    ),
    (
        "7601.10.60.90",
        "RU",
        "2026-05-01",
        None,
        280,
        "70, 9903.90.09 in place of column 2, + 200, 9903.85.67, + 10: not in note 2(aa)(v)",
    ),
    # Wood: Proclamation 10976, US note 37
    ("4407.11.00.01", "CA", "2025-10-13", None, 35, "EO 14325"),
    ("4407.11.00.01", "CA", "2025-10-14", None, 10, "9903.76.01 in place of the duty on Canada"),
    ("9401.61.40.11", "VN", "2025-10-14", None, 25, "9903.76.02"),
    ("9401.61.40.11", "VN", "2026-01-01", "2025-12-30", 30, "Proc 10976 as first signed"),
    ("9401.61.40.11", "VN", "2026-01-01", None, 25, "the step put off on 31 December 2025"),
    ("9401.61.40.11", "VN", "2027-01-01", None, 30, "the step of 2027; no forced-labour duty beside it, US note 52(f)"),
    ("9403.40.90.60", "VN", "2027-01-01", None, 50, "9903.76.03"),
    ("9403.40.90.60", "JP", "2025-10-14", None, 15, "9903.76.21"),
    ("9403.40.90.60", "GB", "2025-10-14", None, 10, "9903.76.20"),
    ("9403.40.90.60", "KR", "2025-11-14", "2025-11-20", 25, "90 FR 55964 came on 4 December"),
    ("9403.40.90.60", "KR", "2025-11-14", None, 15, "retroactive, 9903.76.23"),
    ("9403.40.90.60", "TW", "2026-05-01", None, 15, "9903.76.24, 91 FR 31818"),
    # Trucks, buses, cars and parts
    ("8704.22.51.60", "JP", "2025-11-01", None, 50, "25% + 25%, 9903.74.01: no ceiling for Japan"),
    ("8702.10.31.00", "DE", "2025-11-01", None, 12, "2% + 10%, 9903.74.02"),
    ("8703.23.01.40", "KR", "2025-11-01", "2025-11-30", 27.5, "2.5% + 25% before 90 FR 55964"),
    ("8703.23.01.40", "KR", "2025-11-01", None, 15, "retroactive to 1 November, 9903.94.61"),
    ("8703.23.01.40", "JP", "2026-03-01", None, 15, "no surcharge beside section 232, US note 2(aa)(v)"),
    ("8708.30.50.90", "TW", "2026-05-01", "2026-05-15", 27.5, "before 91 FR 31818"),
    ("8708.30.50.90", "TW", "2026-05-01", None, 15, "9903.94.67"),
    # IEEPA: EO 14357, 14358, 14360, 14361, 14384, 14389; notices of December 2025
    ("6109.10.00.12", "CN", "2025-11-09", None, 54, "16.5 + 7.5 + 20 + 10"),
    ("6109.10.00.12", "CN", "2025-11-10", None, 44, "EO 14357: 20% to 10%"),
    ("6109.10.00.12", "CN", "2026-02-23", None, 44, "Customs collected through 23 February"),
    ("6109.10.00.12", "CN", "2026-02-24", None, 34, "EO 14389 and Proc 11012: 16.5 + 7.5 + 10"),
    ("6109.10.00.12", "CN", "2026-02-24", "2026-02-19", 44, "before the ruling"),
    ("6109.10.00.12", "IN", "2026-02-06", None, 66.5, "16.5 + 25 + 25"),
    ("6109.10.00.12", "IN", "2026-02-07", None, 41.5, "EO 14384"),
    ("0901.11.00.15", "BR", "2025-11-14", "2025-11-13", 50, "10 + 40"),
    ("0901.11.00.15", "BR", "2025-11-14", "2025-11-14", 40, "EO 14360 of 14 November"),
    ("0901.11.00.15", "BR", "2025-11-14", None, 0, "EO 14361 of 20 November, retroactive"),
    ("3926.90.99.89", "KR", "2025-11-13", None, 20.3, "5.3 + 15, EO 14326"),
    ("3926.90.99.89", "KR", "2025-11-14", None, 15, "15% in all, 9903.02.80"),
    ("3926.90.99.89", "CH", "2025-11-14", "2025-12-17", 44.3, "5.3 + 39 before 90 FR 59281"),
    ("3926.90.99.89", "CH", "2025-11-14", None, 15, "9903.02.83"),
    # Section 122: 24 February to 23 July 2026
    ("3926.90.99.89", "JP", "2026-02-24", None, 15.3, "5.3 + 10: no ceiling for Japan"),
    ("3926.90.99.89", "JP", "2026-07-23", None, 15.3, "last day of the 150"),
    ("3926.90.99.89", "KE", "2026-07-24", None, 5.3, "Kenya is not among the 60 economies"),
    ("8517.13.00.00", "VN", "2026-03-15", None, 0, "US note 2(aa)(ii)"),
    # Forced labour: US note 52, 91 FR 47318; Brazil: US note 50, 91 FR 45516
    ("3926.90.99.89", "JP", "2026-07-24", None, 12.5, "a total, 9903.05.49, US note 52(k)"),
    ("3926.90.99.89", "KR", "2026-07-24", None, 12.5, "a total, 9903.05.71"),
    ("3926.90.99.89", "DE", "2026-07-24", None, 10, "a total, 9903.05.39"),
    ("3926.90.99.89", "TW", "2026-07-24", None, 10, "a total, 9903.05.76"),
    ("3926.90.99.89", "GB", "2026-07-24", None, 15.3, "5.3 + 10, 9903.05.81"),
    ("3926.90.99.89", "VN", "2026-07-24", None, 17.8, "5.3 + 12.5, 9903.05.84"),
    ("3926.90.99.89", "RU", "2026-07-24", None, 92.5, "column 2, 80 + 12.5, 9903.05.66"),
    ("6204.62.80.11", "JP", "2026-07-24", None, 16.6, "ordinary rate above 12.5: nothing, 9903.05.48"),
    ("8542.31.00.45", "JP", "2026-07-24", None, 0, "US note 52(b)"),
    ("8471.30.01.00", "CN", "2026-07-24", None, 0, "US note 52(b); list 4B never applied"),
    ("0805.90.01.00", "BR", "2026-10-10", None, 38.3, "0.8 + 25 + 12.5"),
    ("6109.10.00.12", "BR", "2026-07-22", None, 51.5, "16.5 + 10 + 25"),
    ("6109.10.00.12", "CN", "2026-07-24", None, 36.5, "16.5 + 7.5 + 12.5"),
    # Section 301: four-year review, cranes, Nicaragua
    ("4015.12.10.10", "CN", "2026-01-01", None, 120, "ordinary rate free; 100, 9903.91.08, + 10 + 10"),
    ("8426.19.00.00", "CN", "2025-11-09", "2025-11-09", 155, "25 + 100 + 20 + 10"),
    ("8426.19.00.00", "CN", "2025-11-10", None, 45, "90 FR 50947: suspended; 25 + 10 + 10"),
    ("8426.19.00.00", "CN", "2026-11-10", None, 137.5, "25 + 100 + 12.5"),
    ("3926.90.99.89", "NI", "2027-01-01", None, 27.8, "5.3 + 12.5 + 10, 9903.89.01"),
    # Section 338, quartz, polysilicon
    ("2203.00.00.30", "CA", "2026-08-21", None, 10, "put off to 22 August, Proc 11056"),
    ("2203.00.00.30", "CA", "2026-08-19", "2026-08-10", 60, "as signed on 20 July"),
    ("2203.00.00.30", "CA", "2026-08-22", None, 60, "50 + 10, US note 51(a)"),
    ("2208.30.60.85", "CA", "2026-09-14", None, 60, "whisky as listed in July"),
    ("2208.30.60.85", "CA", "2026-09-15", None, 10, "narrowed by Proc 11064"),
    ("9403.20.00.82", "CA", "2026-09-10", None, 25, "section 232 in place of section 338, US note 51(c)"),
    ("9403.20.00.82", "CA", "2026-09-20", None, 75, "both, Proc 11065"),
    ("6810.99.00.40", "VN", "2026-08-25", None, 37.5, "25 + 12.5, US note 41"),
    ("6810.99.00.40", "VN", "2027-08-15", None, 35.5, "23 + 12.5, US note 41(e)"),
    ("8806.22.00.00", "CN", "2026-09-05", None, 62.5, "25 + 25 + 12.5: US note 52(f) does not name drones"),
    ("8806.24.00.00", "IN", "2026-09-05", None, 110, "100, 9903.08.21, + 10"),
    ("8541.43.00.10", "VN", "2026-12-04", None, 27.5, "15 + 12.5: US note 52(f) does not name it"),
]


@pytest.mark.parametrize(("line", "origin", "on", "known", "rate", "why"), LINES)
def test_golden(line: str, origin: str, on: str, known: str | None, rate: float, why: str) -> None:
    found = line_duty(line, origin, on, known)
    assert found.rate_pct == pytest.approx(rate, abs=0.005), [
        (part.id, part.rate_pct, part.status) for part in found.components
    ]


@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference data")
@pytest.mark.parametrize("row", DUTY_LINES)
def test_reference_lines(row: dict[str, str]) -> None:
    found = line_duty(row["hts"], row["origin"], row["date"])
    assert found.rate_pct == pytest.approx(float(row["total_rate_pct"]), abs=0.005), row["source"]


@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference data")
def test_reference_averages_after_september_2025() -> None:
    rows = list(csv.DictReader((REFERENCE / "effective_rates.csv").open()))
    later = [row for row in rows if row["date"] > "2025-09-30"]
    assert later
    for row in later:
        rate = effective_rate("US", row["scope"], row["date"]).rate_pct
        assert rate == pytest.approx(float(row["effective_rate_pct"]), abs=0.7), row


def test_every_claim_under_usmca_frees_of_the_surcharge() -> None:
    found = line_duty("6109.10.00.12", "MX", "2026-03-15")
    assert found.rate_pct == pytest.approx(26.5)
    assert found.range_pct is not None
    assert found.range_pct[0] == pytest.approx(0)


def test_every_later_list_origin_and_group_is_known() -> None:
    law = us_law()
    groups = {measure.group for measure in law.measures}
    for measure in law.measures:
        for name in (*measure.lists, *measure.except_lists):
            assert name == "all" or scope_list(name)
        assert set(measure.exempts) <= groups, measure.id
        for origins in (measure.origins, *(act.origins for act in measure.acts)):
            assert (origins.named or frozenset()) | origins.excluded <= COUNTRIES.keys() | {"EU"}, measure.id
    for rule in law.rules:
        assert {*rule.when, *rule.excludes} <= groups, rule.id


def test_no_ieepa_duty_and_no_earlier_metals_duty_survives() -> None:
    law, day = us_law(), date(2026, 4, 6)
    for origin in ("CHN", "CAN", "MEX", "BRA", "IND", "EU", "JPN", "KEN", "RUS", "GBR"):
        alive = {measure.group for measure, _ in law.in_force(origin, day, date.max) if not measure.exempts}
        assert not {group for group in alive if group.startswith("ieepa")}
        assert not alive & {"s232-steel", "s232-aluminium", "s232-copper"}


def test_sixty_economies() -> None:
    acts = [measure for measure in us_law().measures if measure.group == "s301-labour"]
    assert len(acts) == 60
    rates = [measure.acts[0].rate_pct for measure in acts]
    assert (rates.count(12.5), rates.count(10.0)) == (41, 19)
    assert sum(measure.acts[0].treatment == "ceiling" for measure in acts) == 5


def test_advanced_chips_pay_by_what_they_can_do() -> None:
    """US note 39(b) asks for processing power and bandwidth, 39(d) frees uses: 8471.80.40 may pay 25% or nothing."""
    assert line_duty("8471.80.40", "TW", "2026-01-14").rate_pct == 0
    found = line_duty("8471.80.40", "TW", "2026-01-15")
    assert (found.rate_pct, found.range_pct) == (25.0, (0.0, 25.0))
    assert found.decided_by == ("whether they are the goods of the line that a duty is meant for",)
