"""Duties of a day, and what terms make of them, against averages computed here line by line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.law.rates import line_rates
from tradetalks.law.retaliation import retaliation
from tradetalks.value.baseline import SCHEDULED, STATUS_QUO
from tradetalks.value.effect import RateEdit
from tradetalks.value.status_quo import Duties, duties_on, edited
from tradetalks.world.load import load_world
from tradetalks.world.world import TARIFF_SOURCES
from value_world import Floats, package, small_world, valuation

WORLD = load_world()
DAY = date(2025, 4, 20)
USA = WORLD.regions.index("USA")


@cache
def today() -> Duties:
    return valuation().baselines[STATUS_QUO].duties


def cell(exporter: str, sector: str, importer: str = "USA") -> tuple[int, int, int]:
    return WORLD.regions.index(exporter), WORLD.regions.index(importer), WORLD.sectors.index(sector)


def duty(tariffs: Floats, exporter: str, sector: str, importer: str = "USA") -> float:
    """Percent."""
    return float(100 * tariffs[cell(exporter, sector, importer)])


def change(*terms: str) -> Floats:
    return edited(WORLD, today(), package(*terms).effect({}).rates)


# The status quo.


def test_the_duties_of_20_april() -> None:
    assert 22 <= duty(today().tariffs, "JPN", "C29") <= 24
    assert duty(today().tariffs, "CHN", "C29") > 70
    assert duty(today().tariffs, "CHN", "C13T15") > 100
    assert duty(today().tariffs, "KOR", "C29") > 15


def test_every_origin_is_taxed() -> None:
    goods = WORLD.flows[:, USA] > 0
    goods[USA] = False
    goods[:, [WORLD.sectors.index(s) for s in ("B09", "SERV")]] = False
    more = today().tariffs[:, USA] > WORLD.tariffs[:, USA]
    dearer = [region for i, region in enumerate(WORLD.regions) if (more[i] & goods[i]).any()]
    assert set(dearer) == set(WORLD.regions) - {"USA"}
    assert (today().tariffs[USA, USA] == 0).all()
    assert (today().tariffs[:, USA, WORLD.sectors.index("SERV")] == 0).all()


def test_a_duty_is_the_base_duty_and_the_move_of_the_law() -> None:
    """Base (what was paid in 2024) + statutory average on the day - statutory average on 1 January 2025."""
    for exporter, sector in (("JPN", "C29"), ("JPN", "C28"), ("DEU", "C29"), ("CHN", "C26"), ("MEX", "C29")):
        now, before = (
            float(rates.select((pl.col("rate_pct") * pl.col("imports_usd")).sum() / pl.col("imports_usd").sum()).item())
            for rates in (
                line_rates("USA", exporter, day, DAY).filter(pl.col("sector") == sector)
                for day in (DAY, date(2025, 1, 1))
            )
        )
        base = 100 * WORLD.tariffs[cell(exporter, sector)]
        assert duty(today().tariffs, exporter, sector) == pytest.approx(base + now - before, abs=1e-9)


def test_the_first_of_january_is_the_base() -> None:
    eve = duties_on(WORLD, date(2025, 1, 1), date(2025, 1, 1), "before")
    free = (eve.tariffs == 0) & (WORLD.tariffs > 0)
    np.testing.assert_allclose(np.where(free, 0, eve.tariffs), np.where(free, 0, WORLD.tariffs), atol=1e-12)
    # Where the law says free (Jordan, Morocco) a base duty that is the world's average goes with it.
    assert WORLD.tariff_source is not None
    proxy = WORLD.tariff_source == TARIFF_SOURCES.index("world-average")
    assert (proxy | (WORLD.tariffs < 0.002))[free].all()


def test_retaliation_is_in_the_status_quo() -> None:
    acts = retaliation(DAY, DAY)
    assert acts.height > 0
    for importer, exporter, sector, points in acts.select("importer", "exporter", "sector", "add_pct").iter_rows():
        at = cell(exporter, sector, importer)
        assert 100 * (today().tariffs[at] - WORLD.tariffs[at]) == pytest.approx(points)
    assert duty(today().tariffs, "USA", "A01", "CHN") - 100 * WORLD.tariffs[cell("USA", "A01", "CHN")] > 100


def test_other_duties_are_those_of_the_base() -> None:
    changed = np.argwhere(today().tariffs != WORLD.tariffs)
    pairs = {(WORLD.regions[i], WORLD.regions[n]) for i, n, _ in changed}
    taxed_back = set(retaliation(DAY, DAY).select("exporter", "importer").iter_rows())
    assert {pair for pair in pairs if pair[1] != "USA"} == taxed_back


def test_scheduled_law_and_no_deal() -> None:
    """25% on parts from 3 May is scheduled; the 24% returns on 9 July."""
    found = valuation().baselines
    scheduled, none = (found[name].duties.tariffs for name in (SCHEDULED, "no deal: snap-back"))
    assert duty(scheduled, "JPN", "C29") > duty(today().tariffs, "JPN", "C29") + 2
    assert duty(scheduled, "JPN", "C28") == pytest.approx(duty(today().tariffs, "JPN", "C28"), abs=1.5)
    assert 12 < duty(none, "JPN", "C21") - duty(scheduled, "JPN", "C21") + 12 < 26.1
    assert 10 < duty(none, "JPN", "C28") - duty(scheduled, "JPN", "C28") < 14.001


def test_what_was_not_public_is_not_known() -> None:
    """The agreement of July 2025 is no part of a day seen from April."""
    foreseen = duties_on(WORLD, date(2025, 9, 20), DAY, "x").tariffs
    known = duties_on(WORLD, date(2025, 9, 20), date(2025, 9, 20), "x").tariffs
    assert duty(known, "JPN", "C29") < duty(foreseen, "JPN", "C29") - 5


# Terms on US duties, line by line.


def expected(exporter: str, new: Callable[[pl.Expr], pl.Expr], rates: dict[str, float]) -> dict[str, float]:
    """Duty by sector in percent when the lines' rates become ``new`` of them: computed from the lines alone."""
    lines = pl.col("sector").is_not_null()
    before = line_rates("USA", exporter, DAY, DAY).filter(lines)
    after = line_rates("USA", exporter, DAY, DAY, rates).filter(lines)

    def mean(frame: pl.DataFrame, rate: pl.Expr) -> dict[str, float]:
        weight = pl.col("imports_usd")
        return dict(frame.group_by("sector").agg((rate * weight).sum() / weight.sum()).iter_rows())

    old, young = mean(before, pl.col("rate_pct")), mean(after, new(pl.col("rate_pct")))
    found = {}
    for sector, rate in young.items():
        moved = duty(today().tariffs, exporter, sector) + rate - old[sector]
        found[sector] = 0.0 if rate == 0 else max(0.0, moved)
    return found


def on(prefix: str) -> pl.Expr:
    return pl.col("line").str.starts_with(prefix)


HELD = {
    "tariff:USA<JPN:8703=15": ("JPN", lambda r: pl.when(on("8703")).then(15.0).otherwise(r), {}),
    "tariff:USA<JPN:8703+=7": ("JPN", lambda r: pl.when(on("8703")).then(r + 7).otherwise(r), {}),
    "tariff:USA<JPN:8703-=7": ("JPN", lambda r: pl.when(on("8703")).then(r - 7).otherwise(r), {}),
    "tariff:USA<JPN:C29=15": ("JPN", lambda r: pl.when(pl.col("sector") == "C29").then(15.0).otherwise(r), {}),
    "tariff:USA<JPN:C29-=24": (
        "JPN",
        lambda r: pl.when(pl.col("sector") == "C29").then((r - 24).clip(0)).otherwise(r),
        {},
    ),
    "tariff:USA<JPN:all+=10": ("JPN", lambda r: r + 10, {}),
    "tariff:USA<JPN:all-=500": ("JPN", lambda r: r * 0, {}),
    "tariff:USA<JPN:all=0": ("JPN", lambda r: r * 0, {}),
    "tariff:USA<JPN:ieepa-reciprocal=24": ("JPN", lambda r: r, {"ieepa-reciprocal-jp": 24.0}),
    "tariff:USA<JPN:ieepa-reciprocal-jp=0": ("JPN", lambda r: r, {"ieepa-reciprocal-jp": 0.0}),
    "tariff:USA<CHN:all-=50": ("CHN", lambda r: (r - 50).clip(0), {}),
    "tariff:USA<DEU:C29=10": ("EU", lambda r: pl.when(pl.col("sector") == "C29").then(10.0).otherwise(r), {}),
}


@pytest.mark.parametrize("term", HELD)
def test_a_term_against_the_lines(term: str) -> None:
    origin, new, rates = HELD[term]
    exporter = "DEU" if origin == "EU" else origin
    if origin == "EU":
        old = line_rates("USA", "EU", DAY, DAY).filter(pl.col("sector") == "C29")
        mean = float(
            old.select((pl.col("rate_pct") * pl.col("imports_usd")).sum() / pl.col("imports_usd").sum()).item()
        )
        want = {"C29": duty(today().tariffs, "DEU", "C29") + 10 - mean}
    else:
        want = expected(exporter, new, rates)
    got = change(term)
    for sector, pct in want.items():
        assert duty(got, exporter, sector) == pytest.approx(pct, abs=1e-9), sector
    i = WORLD.regions.index(exporter)
    others = np.ones(got.shape, dtype=bool)
    others[i, USA] = False
    assert (got[others] == today().tariffs[others]).all()


def test_a_whole_sector_at_zero_is_free_and_at_its_own_rate_unchanged() -> None:
    assert duty(change("tariff:USA<JPN:C29=0"), "JPN", "C29") == 0
    assert (change("tariff:USA<JPN:C29+=0") == today().tariffs).all()
    assert (edited(WORLD, today(), ()) == today().tariffs).all()


def test_measures_first_then_totals_then_points() -> None:
    both = change("tariff:USA<JPN:8703=15", "tariff:USA<JPN:8703-=5", "tariff:USA<JPN:8703+=1")
    assert both == pytest.approx(change("tariff:USA<JPN:8703=11"), abs=1e-12)
    # A total is all in: what the measures are no longer matters there.
    total = change("tariff:USA<JPN:all=12", "tariff:USA<JPN:ieepa-reciprocal=24")
    assert total == pytest.approx(change("tariff:USA<JPN:all=12"), abs=1e-12)
    # Points are netted before the floor.
    assert duty(change("tariff:USA<JPN:C29=2", "tariff:USA<JPN:C29-=5", "tariff:USA<JPN:C29+=4"), "JPN", "C29") == (
        pytest.approx(duty(change("tariff:USA<JPN:C29=1"), "JPN", "C29"), abs=1e-12)
    )


def test_a_measure_at_zero_still_keeps_out_what_it_kept_out() -> None:
    """docs/terms.md: cars with section 232 at zero pay the ordinary 2.5%, not 2.5% and the 10%."""
    cars = line_rates("USA", "JPN", DAY, DAY).filter(on("870323"))
    assert cars["rate_pct"].max() == pytest.approx(27.5)
    freed = change("tariff:USA<JPN:s232-autos=0")
    same = change("tariff:USA<JPN:s232-autos=0", "tariff:USA<JPN:8703.23=2.5")
    assert duty(freed, "JPN", "C29") == pytest.approx(duty(same, "JPN", "C29"), abs=1e-3)


def test_conflicts_are_refused() -> None:
    with pytest.raises(BadInput, match="two terms set the total duty of line 8703"):
        change("tariff:USA<JPN:C29=15", "tariff:USA<JPN:8703=10")
    with pytest.raises(BadInput, match="different rates"):
        change("tariff:USA<JPN:ieepa-reciprocal=5", "tariff:USA<JPN:ieepa-reciprocal-jp=6")
    # The same total twice is no conflict.
    assert duty(change("tariff:USA<JPN:C29=15", "tariff:USA<JPN:8703=15"), "JPN", "C29") == pytest.approx(
        duty(change("tariff:USA<JPN:C29=15"), "JPN", "C29")
    )


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("tariff:USA<JPN:9999.99=5", "no line '999999' in the schedule"),
        ("tariff:USA<JPN:77=5", "no line '77'"),
        ("tariff:USA<JPN:s301-china-1=5", "no US measure 's301-china-1' on JPN"),
        ("tariff:USA<JPN:s232-car=5", "did you mean s232"),
        ("tariff:USA<ROW:C29=5", "from ROW"),
        ("tariff:USA<ISL:C29=5", "from ISL"),
        ("tariff:USA<CUB:C29=5", "CUB"),
        ("tariff:JPN<USA:8703=5", "change its duty by sector"),
        ("tariff:JPN<USA:ieepa-reciprocal=5", "change its duty by sector"),
        ("tariff:CHN<USA:C29=5", "not known"),
        ("tariff:KOR<USA:C29-=5", "only points on top"),
    ],
)
def test_unknown_things_are_refused(term: str, words: str) -> None:
    with pytest.raises(BadInput) as error:
        change(term)
    assert words in str(error.value)


def test_a_line_without_trade_is_no_error() -> None:
    """Japan sold no live asses (0101.30) in 2024."""
    assert not any(line.startswith("010130") for line in line_rates("USA", "JPN", DAY, DAY)["line"])
    assert (change("tariff:USA<JPN:0101.30=50") == today().tariffs).all()


@pytest.mark.parametrize("line", ["8703.23.99.99", "8703.23.77"])
def test_a_line_that_does_not_exist_is_refused(line: str) -> None:
    with pytest.raises(BadInput, match="no line"):
        change(f"tariff:USA<JPN:{line}=5")


@pytest.mark.parametrize("sector", ["SERV", "B09", "B06"])
def test_a_duty_that_cannot_be_changed_is_refused(sector: str) -> None:
    """Services pay no duty; of B06 Japan sold nothing by line in 2024, though the world table has 6 million."""
    with pytest.raises(BadInput, match=sector):
        change(f"tariff:USA<JPN:{sector}=50")


# Importers whose law is not shipped by line.


def by_sector(*edits: tuple[str, str, float], known: object = True) -> Floats:
    """Japan's duties [s] on US goods after ``edits`` (sector, how, pct), from 10%, 5% and 0%."""
    world = small_world(known=known)
    tariffs = world.tariffs.copy()
    tariffs[0, 1] = 0.10, 0.05, 0.0
    start = Duties("small", DAY, DAY, tariffs, {}, {})
    terms = [RateEdit("JPN", "USA", "sector", (name,), how, pct) for name, how, pct in edits]  # type: ignore[arg-type]
    after = edited(world, start, terms)
    untouched = np.ones(after.shape, dtype=bool)
    untouched[0, 1] = False
    assert (after[untouched] == tariffs[untouched]).all()
    return np.asarray(after[0, 1])


def test_by_sector() -> None:
    assert by_sector(("A01", "total", 3)) == pytest.approx([0.03, 0.05, 0])
    assert by_sector(("A01", "add", 3)) == pytest.approx([0.13, 0.05, 0])
    assert by_sector(("A01", "cut", 3)) == pytest.approx([0.07, 0.05, 0])
    assert by_sector(("all", "cut", 7)) == pytest.approx([0.03, 0, 0])
    assert by_sector(("all", "total", 2), ("B06", "add", 1)) == pytest.approx([0.02, 0.03, 0.02])
    assert by_sector(("B06", "add", 1), ("all", "total", 2)) == pytest.approx([0.02, 0.03, 0.02])


def test_by_sector_where_no_duty_is_known() -> None:
    known = np.array([True, True, False])
    assert by_sector(("C29", "add", 3), known=known) == pytest.approx([0.10, 0.05, 0.03])
    for edit in (("C29", "total", 3), ("C29", "cut", 3), ("all", "total", 3)):
        with pytest.raises(BadInput, match="C29 is not known"):
            by_sector(edit, known=known)


def test_two_totals_of_a_sector_are_refused() -> None:
    with pytest.raises(BadInput, match="two terms set the total"):
        by_sector(("A01", "total", 3), ("A01", "total", 5))


def test_points_by_sector_are_netted_before_the_floor() -> None:
    assert by_sector(("B06", "cut", 8), ("B06", "add", 4)) == pytest.approx(by_sector(("B06", "cut", 4)))


# Properties.

US_EDITS = st.one_of(
    st.builds(
        lambda names, how, pct: RateEdit("USA", "JPN", "sector", (names,), how, pct),
        st.sampled_from(["C29", "C28", "all"]),
        st.sampled_from(["add", "cut"]),
        st.floats(0, 60),
    ),
    st.builds(
        lambda names, how, pct: RateEdit("USA", "JPN", "lines", (names,), how, pct),
        st.sampled_from(["8703", "87", "84", "9018"]),
        st.sampled_from(["add", "cut"]),
        st.floats(0, 60),
    ),
    st.just(RateEdit("USA", "JPN", "lines", ("8704",), "total", 12.5)),
    st.just(RateEdit("USA", "JPN", "measure", ("s232-steel",), "rate", 7.0)),
)


@given(edits=st.lists(US_EDITS, max_size=5), data=st.data())
@settings(max_examples=15, deadline=None)
def test_the_order_of_edits_does_not_matter_and_no_duty_is_negative(edits: list[RateEdit], data: st.DataObject) -> None:
    first = edited(WORLD, today(), edits)
    again = edited(WORLD, today(), data.draw(st.permutations(edits)))
    np.testing.assert_allclose(again, first, rtol=0, atol=1e-10)
    assert (first >= 0).all()
    only = np.ones(first.shape, dtype=bool)
    only[WORLD.regions.index("JPN"), USA] = False
    assert (first[only] == today().tariffs[only]).all()


JAPANESE = st.tuples(st.sampled_from(["A01", "B06", "C29", "all"]), st.sampled_from(["add", "cut"]), st.floats(0, 30))


@given(st.lists(JAPANESE, max_size=5))
@settings(deadline=None)
def test_no_duty_by_sector_is_negative(edits: list[tuple[str, str, float]]) -> None:
    assert (by_sector(*edits) >= 0).all()
