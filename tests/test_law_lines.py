"""Golden lines over all measures, each worked out from the heading or order that it names.

Each line of ``LINES``: line, origin, day of entry, total in percent, how it comes about. Where facts are open the
total is that of goods without a claim.
"""

from __future__ import annotations

import pytest

from tradetalks.law.component import Component
from tradetalks.law.duty import Duty, line_duty

LINES = [
    # Section 301, lists 1 to 4A and the review: US notes 20 and 31
    (
        "8517.62.00.90",
        "CN",
        "2025-01-15",
        7.5,
        "note 20(g)(2) leaves .90 out of list 3, note 20(s)(ii)(2) puts it on 4A",
    ),
    ("8517.62.00.20", "CN", "2025-01-15", 25, "list 3, 9903.88.04"),
    ("8443.32.10.50", "CN", "2025-01-15", 7.5, "printers, list 4A"),
    ("9401.71.00.01", "CN", "2025-01-15", 0, "high chairs are on neither list: notes 20(g)(5), 20(s)(ii)(4)"),
    ("9401.71.00.07", "CN", "2025-01-15", 7.5, "swings for children, list 4A"),
    ("9401.71.00.31", "CN", "2025-01-15", 25, "list 3"),
    ("9401.80.60.21", "CN", "2025-01-15", 0, "child safety seats, note 20(g)(9)"),
    ("4901.99.00.40", "CN", "2025-01-15", 0, "Bibles, note 20(s)(ii)(1)"),
    ("8507.60.00.10", "CN", "2025-01-15", 28.4, "3.4 + 25, 9903.91.01, note 31(b)(4)"),
    ("8507.60.00.20", "CN", "2025-01-15", 10.9, "3.4 + 7.5, list 4A until the end of 2025"),
    ("8507.60.00.20", "CN", "2025-04-15", 155.9, "3.4 + 7.5 + 20 + 125"),
    ("8507.60.00.20", "CN", "2025-06-01", 40.9, "3.4 + 7.5 + 20 + 10"),
    ("8507.60.00.20", "CN", "2026-01-15", 48.4, "3.4 + 25, 9903.91.06, + 10 + 10"),
    ("6307.90.98.42", "CN", "2025-06-01", 62, "respirators: 7 + 25, note 31(b)(1), + 20 + 10"),
    ("6307.90.98.70", "CN", "2025-06-01", 62, "disposable masks: 7 + 25, 9903.91.04, + 20 + 10"),
    ("6307.90.98.70", "CN", "2026-04-10", 67, "7 + 50, 9903.91.07, + 10"),
    ("4015.12.10.10", "CN", "2025-06-01", 80, "medical gloves: 50, note 31(f)(3), + 20 + 10"),
    ("4015.12.10.10", "CN", "2026-04-10", 110, "100, 9903.91.08, + 10"),
    # Magnets: US note 2(v)(iii) names 8505.11.00.70 alone, the others pay the reciprocal duty
    ("8505.11.00.70", "CN", "2025-09-07", 32.1, "2.1 + 20 + 10"),
    ("8505.11.00.70", "CN", "2025-12-31", 12.1, "2.1 + 10, 9903.01.32 since 8 September"),
    ("8505.11.00.50", "CN", "2025-12-31", 22.1, "2.1 + 10 + 10"),
    ("8505.11.00.50", "CN", "2026-01-01", 47.1, "2.1 + 25, note 31(g)(4), + 10 + 10"),
    ("8505.11.00.50", "JP", "2025-12-31", 15, "the ceiling, 9903.02.73"),
    ("8505.11.00.70", "JP", "2025-12-31", 2.1, "9903.01.32"),
    ("8703.80.00.20", "CN", "2025-06-01", 147.5, "2.5 + 100, 9903.91.03, + 25 + 20"),
    ("9018.31.00.40", "CN", "2025-06-01", 130, "syringes: 100 + 20 + 10"),
    ("8541.43.00.10", "CN", "2025-06-01", 94, "modules: 14, 9903.45.25, + 50, 9903.91.02, + 20 + 10"),
    ("8505.11.00.70", "CN", "2026-04-10", 27.1, "magnets: 2.1 + 25, 9903.91.06; outside section 122"),
    ("9503.00.00.73", "CN", "2025-04-20", 145, "toys: 20 + 125"),
    ("9503.00.00.73", "CN", "2025-06-01", 30, "20 + 10"),
    ("8517.13.00.00", "CN", "2025-04-20", 20, "telephones: the fentanyl duty only"),
    ("8517.13.00.00", "CN", "2025-11-15", 10, "EO 14357"),
    ("8517.13.00.00", "IN", "2025-09-01", 0, "outside EO 14329 too, 9903.01.86"),
    ("9401.69.60.31", "CN", "2026-04-10", 35, "list 3, 9903.88.04, + 10"),
    # Metals
    ("7616.99.51.30", "RU", "2026-04-10", 255, "column 2, 45, + 200, 9903.85.67, + 10: note 2(aa)(v) does not name it"),
    ("7208.51.00.30", "GB", "2026-03-15", 25, "9903.81.94"),
    ("7612.10.00.00", "VN", "2026-04-10", 52.4, "2.4 + 50, note 16(c)(ii)"),
    ("7323.93.00.80", "VN", "2026-04-10", 27, "2 + 25, note 16(c)(vii)"),
    ("7615.10.71.80", "VN", "2026-04-10", 28.1, "3.1 + 25, note 16(c)(vi)"),
    ("7206.90.00.00", "RU", "2026-04-10", 70, "column 2, 20, + 50"),
    ("7206.90.00.00", "VN", "2026-06-10", 50, "no surcharge: HTS revision 11 restored 9903.82.02 in note 2(aa)(v)(1)"),
    ("8429.51.10.15", "DE", "2026-06-10", 15, "9903.82.22"),
    ("8429.51.10.15", "VN", "2026-06-10", 25, "9903.82.09"),
    ("8701.21.00.80", "DE", "2026-04-24", 29, "4 + 25, 9903.74.01, not metals: note 38(a)(1)"),
    ("7403.11.00.00", "CL", "2025-09-01", 1, "cathodes are not in note 36, and stay in Annex II"),
    ("7408.11.60.00", "CL", "2025-09-01", 53, "3 + 50, 9903.78.01"),
    # Russia: US note 30, in place of column 2
    ("8703.23.01.40", "RU", "2025-02-01", 35, "9903.90.08"),
    ("8703.23.01.40", "RU", "2026-10-10", 60, "35 + 25, 9903.94.01; no forced-labour duty beside section 232"),
    ("7208.10.30.00", "RU", "2025-02-01", 95, "70, 9903.90.09, + 25, 9903.80.01"),
    ("7208.10.30.00", "RU", "2026-10-10", 120, "70 + 50, 9903.82.02"),
    ("7601.10.60.90", "RU", "2025-02-01", 270, "70 + 200, 9903.85.67"),
    ("8703.23.01.40", "BY", "2025-02-01", 10, "column 2: note 30 names only Russia"),
    # Cars and their parts
    ("8703.23.01.90", "MX", "2025-04-10", 27.5, "without a claim"),
    ("8703.23.01.90", "CA", "2025-03-20", 27.5, "2.5 + 25, EO 14193"),
    ("8703.80.00.20", "DE", "2025-07-31", 27.5, "before 1 August"),
    ("8703.80.00.20", "DE", "2025-08-01", 15, "9903.94.51, retroactive"),
    ("8703.80.00.20", "GB", "2025-06-29", 27.5, "before EO 14309"),
    ("8703.80.00.20", "GB", "2025-06-30", 10, "2.5 + 7.5, 9903.94.31"),
    ("8704.21.01.00", "GB", "2025-06-29", 50, "25 + 25"),
    ("8704.21.01.00", "GB", "2025-07-01", 50, "note 33(i) names 8703 alone: 9903.94.01"),
    ("8704.31.01", "GB", "2026-03-15", 50, "and no surcharge: note 2(aa)(v)"),
    ("8704.60.00.00", "GB", "2026-10-01", 50, "25 + 25, no forced-labour duty"),
    ("8708.29.51.60", "GB", "2025-07-01", 10, "9903.94.32"),
    # Countries
    ("3104.20.00.10", "CA", "2025-03-06", 25, "potash on the first days"),
    ("3104.20.00.10", "CA", "2025-03-07", 10, "EO 14231"),
    ("3104.20.00.10", "CA", "2026-02-20", 10, "9903.01.15"),
    ("2711.11.00.00", "CA", "2025-03-05", 10, "energy, 9903.01.13"),
    ("6307.90.98.70", "CA", "2026-02-20", 42, "7 + 35"),
    ("6307.90.98.70", "MX", "2026-02-20", 32, "7 + 25"),
    ("6307.90.98.70", "VN", "2026-02-20", 27, "7 + 20, 9903.02.69"),
    ("6307.90.98.70", "IN", "2026-02-20", 32, "7 + 25; the duty for Russian oil ended on 7 February"),
    ("6307.90.98.70", "SG", "2026-02-20", 17, "7 + 10, 9903.01.25"),
    ("6307.90.98.70", "GB", "2026-02-20", 17, "7 + 10, 9903.02.66"),
    ("6307.90.98.70", "DE", "2026-02-20", 15, "9903.02.20"),
    ("6307.90.98.70", "KR", "2026-02-20", 15, "9903.02.80"),
    ("6307.90.98.70", "CH", "2026-02-20", 15, "9903.02.83"),
    ("6307.90.98.70", "BR", "2026-02-20", 57, "7 + 10 + 40"),
    ("6307.90.98.70", "RU", "2026-02-20", 40, "column 2 only, 9903.01.29"),
    ("7113.19.50.90", "IN", "2025-09-01", 55.5, "jewellery: 5.5 + 25 + 25"),
    ("7113.19.50.90", "IN", "2026-02-10", 30.5, "5.5 + 25"),
    ("0901.11.00.25", "BR", "2025-09-01", 50, "coffee: 10 + 40"),
    ("3926.90.99.89", "BR", "2025-09-10", 55.3, "5.3 + 10 + 40: only aircraft articles are free, note 2(x)(iv)"),
    ("7201.10.00.00", "BR", "2025-09-05", 10, "pig iron is free of the 40, 9903.01.81"),
    ("9403.40.90.60", "BR", "2025-11-10", 25, "9903.76.03 in place of both duties on Brazil"),
    ("0406.90.56.00", "IT", "2025-08-10", 15, "pecorino of Italy, 9903.02.20"),
    ("4503.10.20.00", "PT", "2025-08-31", 15, "cork, before 1 September"),
    ("4503.10.20.00", "PT", "2025-09-01", 0, "9903.02.74, retroactive"),
    ("4503.10.20.00", "PT", "2026-03-15", 10, "the surcharge knows no such exemption"),
    ("4503.10.20.00", "PT", "2026-07-29", 0, "9903.05.97, US note 52(j)(2)"),
    ("8542.31.00.45", "TW", "2025-06-01", 0, "chips, Annex II"),
    ("7601.10.60.30", "IN", "2025-09-20", 50, "section 232 in place of both duties on India"),
    # Section 122, forced labour and the lists of single countries
    ("0711.90.30.00", "DE", "2026-04-10", 8, "9903.03.03"),
    ("0101.21.00.10", "JP", "2026-01-15", 15, "9903.02.73"),
    ("0101.21.00.10", "JP", "2026-04-10", 10, "no ceiling under section 122"),
    ("6109.10.00.04", "RU", "2026-07-29", 102.5, "column 2, 90, + 12.5, 9903.05.66"),
    ("6109.10.00.04", "KE", "2026-07-29", 16.5, "not among the 60"),
    ("6109.10.00.04", "JO", "2026-07-29", 16.5, "9903.06.20"),
    ("2208.30.30.30", "GB", "2026-07-29", 0, "whisky, 9903.05.96"),
    ("2208.30.30.30", "GB", "2026-07-23", 10, "the surcharge"),
    ("9018.12.00.00", "GB", "2026-08-15", 0, "medical devices, note 52(j)(1)"),
    ("1511.10.00.00", "MY", "2026-07-29", 0, "palm oil, 9903.05.99, note 52(j)(4)"),
    ("4412.31.06.40", "ID", "2026-07-29", 0, "plywood, note 52(j)(11); its ordinary rate is free"),
    ("4412.31.06.40", "VN", "2026-07-29", 12.5, "Viet Nam has no list"),
    ("0603.11.00.30", "EC", "2026-08-15", 6.8, "roses, note 52(j)(12); ordinary rate 6.8"),
    ("0603.11.00.30", "CO", "2026-08-15", 19.3, "6.8 + 12.5"),
    ("5007.20.00.15", "KH", "2026-08-15", 0, "silk, note 52(j)(5)"),
    # Canada: section 338
    ("2203.00.00.30", "CA", "2026-09-28", 60, "50 + 10, the last day"),
    ("8711.40.30.00", "CA", "2026-09-29", 10, "500 to 800 cc: neither list nor ban"),
    ("0402.10.05.00", "CA", "2026-09-30", None, "milk powder pays; it is not banned"),
    ("4818.90.00.20", "CA", "2026-09-20", 60, "50 + 10"),
    ("2501.00.00.00", "CA", "2026-09-20", 10, "salt left the list on 15 September"),
    ("8903.31.00.15", "CA", "2026-09-20", None, "boats joined it"),
    # A customs lawyer's rounds
    ("7108.12.10.13", "CH", "2025-08-20", 0, "gold bullion, Annex II"),
    ("7108.13.55.00", "CH", "2025-08-20", 39, "bars of a kilogram: not in Annex II until 8 September, 9903.02.58"),
    ("7108.13.55.00", "CH", "2025-09-20", 0, "EO 14346"),
    ("2009.11.00.60", "VN", "2025-11-20", None, "juice in Annex II from 13 November; its ordinary rate is specific"),
    ("7318.15.20.65", "TW", "2025-04-20", 25, "bolts of chapter 73, 9903.81.90, in place of the 10%"),
    ("7318.15.20.65", "CA", "2025-05-20", 25, "the duty on Canada in place of that on steel: EO 14289, sec. 3(b)"),
    ("7318.15.20.65", "CA", "2025-07-20", 50, "that on steel in place of the duty on Canada: Proc 10947"),
    ("8703.23.01.40", "KR", "2025-10-31", 27.5, "2.5 + 25 without a claim"),
    ("8703.23.01.40", "KR", "2025-11-01", 15, "9903.94.61, claimed or not: note 33(s)"),
    ("8704.21.01.00", "KR", "2025-11-20", 25, "9903.94.60: light trucks pay 25% under KORUS too"),
    ("7601.10.60.90", "RU", "2026-05-01", 280, "70, note 30(d), + 200, 9903.85.67, + 10"),
    ("4407.11.00.42", "CA", "2025-11-01", 10, "lumber, 9903.76.01, in place of 35"),
    ("0901.11.00.25", "BR", "2025-11-25", 0, "coffee is free of both, 9903.01.32 and .90"),
    # Safeguards
    ("6810.99.00.20", "IN", "2026-08-20", 35, "25 + 10"),
    ("6810.99.00.20", "VN", "2026-08-14", 12.5, "the day before"),
    ("6810.99.00.20", "MX", "2026-08-20", 10, "note 41(c); forced labour without a claim"),
    ("6810.99.00.20", "VN", "2030-08-14", 31.5, "19 + 12.5, the last day"),
    ("8541.43.00.10", "KH", "2025-02-10", 0, "note 18(b): developing countries are outside section 201"),
    ("8541.43.00.10", "MY", "2025-02-06", 14.25, "9903.45.25"),
    ("8541.43.00.10", "MY", "2025-02-07", 14, "its last year"),
]


@pytest.mark.parametrize(("line", "origin", "on", "rate", "why"), LINES)
def test_golden(line: str, origin: str, on: str, rate: float | None, why: str) -> None:
    found = line_duty(line, origin, on)
    parts = [(part.id, part.rate_pct, part.status) for part in found.components]
    if rate is None and origin != "CA":  # the ordinary rate is specific, and nothing stands on it
        assert all(part.treatment == "ordinary" for part in found.components if part.rate_pct), parts
        return
    if rate is None:  # the ordinary rate is specific or unknown here: what counts is what stands on it
        assert component(found, "s338").rate_pct == 50, parts
        assert found.status != "prohibited"
        return
    assert found.rate_pct == pytest.approx(rate, abs=0.005), parts


#: Line, origin, day, a duty that another takes away, the heading that does, its first day.
EXCLUDED = [
    ("9403.40.90.60", "BR", "2025-11-10", "ieepa-brazil", "9903.01.83", "2025-08-06"),
    ("9403.40.90.60", "BR", "2025-11-10", "ieepa-reciprocal-br", "9903.01.33", "2025-10-14"),
    ("8701.21.00.80", "IN", "2025-11-10", "ieepa-india", "9903.01.87", "2025-08-27"),
    ("8701.21.00.80", "IN", "2025-11-10", "ieepa-reciprocal-in", "9903.01.33", "2025-11-01"),
    ("7601.10.60.30", "IN", "2025-09-20", "ieepa-india", "9903.01.87", "2025-08-27"),
    ("9401.61.40.11", "CA", "2025-11-10", "ieepa-fentanyl-ca", "9903.76.01, 9903.76.02, 9903.76.03", "2025-10-14"),
]


@pytest.mark.parametrize(("line", "origin", "on", "duty", "heading", "since"), EXCLUDED)
def test_the_heading_that_takes_a_duty_away(
    line: str, origin: str, on: str, duty: str, heading: str, since: str
) -> None:
    (part,) = (part for part in line_duty(line, origin, on).components if part.id == duty)
    assert (part.status, part.heading, str(part.applies_from)) == ("excluded", heading, since)
    assert part.known_from is not None
    assert part.known_from <= part.applies_from


def test_an_aircraft_of_brazil_is_free_of_the_forty_if_claimed() -> None:
    plane = line_duty("8802.40.01", "BR", "2025-11-10")
    assert plane.range_pct == pytest.approx((10, 50))
    (claim,) = (part for part in plane.components if part.id == "ieepa-brazil-aircraft")
    assert (claim.heading, claim.status) == ("9903.01.82", "conditional")


def component(found: Duty, name: str) -> Component:
    (part,) = (part for part in found.components if part.id.startswith(name) and part.rate_pct)
    return part
