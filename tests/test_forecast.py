"""The forecast: it reads nothing later than its day, learns the right way, and is wide where it knows little."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.record import deals as deals_module
from tradetalks.record import ledger as ledger_module
from tradetalks.record.deals import Deal, deals
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import everything
from tradetalks.talks.proof.amounts import KINDS, amount_forecast
from tradetalks.talks.proof.distribution import Distribution
from tradetalks.talks.proof.economies import economy
from tradetalks.talks.proof.faced import position
from tradetalks.talks.proof.forecast import NO_TERM, Forecast, Material, forecast, forecast_on, listed_on
from tradetalks.talks.proof.inclusion import Sheet, chances
from tradetalks.talks.proof.rates import Position, rate_forecast
from tradetalks.talks.proof.struck import eve, held, partner, pledged, struck_by
from tradetalks.value.case import load_case

CUTOFF = date(2025, 4, 20)
FULL = Material(deals(), everything())
DEALS = {deal.id: deal for deal in deals()}


def numbers(found: Forecast) -> list[float]:
    """Return every number of a forecast."""
    laws = [found.rate, found.car_rate, *found.amounts.values()]
    flat = [value for law in laws if law is not None for value in (*law.values, *law.weights)]
    rows = [(one.probability, one.p10, one.p90, one.usual, one.raised, one.refused) for one in found.issues]
    return [*flat, *np.ravel(rows), found.unlisted, found.threat or -1.0]


def same(one: Forecast, other: Forecast) -> bool:
    return one.learned_from == other.learned_from and numbers(one) == pytest.approx(numbers(other), abs=1e-7)


# --- nothing later than the day -----------------------------------------------------------------------------------


def corrupt(entry: Entry) -> Entry:
    """Return an entry that says something else, on other things, as loudly as can be."""
    return entry.model_copy(update={"issue": "treasuries", "also": ("energy", "shipbuilding"), "act": "refuse"})


def corrupted(deal: Deal, after: date) -> Deal:
    """Return the deal with everything public after the day changed."""
    terms = tuple(
        term.model_copy(update={"issue": "shipbuilding", "rate_pct": 99.0, "amount": 9e5})
        if term.known_from > after
        else term
        for term in deal.terms
    )
    threats = tuple(
        threat.model_copy(update={"rate_pct": 99.0}) if threat.known_from > after else threat for threat in deal.threats
    )
    stages = tuple(
        stage.model_copy(update={"status": "rejected"}) if stage.known_from > after else stage for stage in deal.stages
    )
    return deal.model_copy(update={"terms": terms, "threats": threats, "stages": stages})


def truncated(deal: Deal, after: date) -> Deal:
    kept = {
        kind: tuple(one for one in getattr(deal, kind) if one.known_from <= after)
        for kind in ("threats", "stages", "terms")
    }
    return deal.model_copy(update=kept)


@settings(max_examples=15, deadline=None)
@given(
    after=st.dates(date(2025, 3, 1), date(2026, 3, 1)),
    counterpart=st.sampled_from(["JPN", "EU", "VNM", "CHN", "GBR", "ECU", "KOR"]),
    choose=st.randoms(use_true_random=False),
)
def test_what_became_public_later_changes_nothing(after: date, counterpart: str, choose: object) -> None:
    keep = choose.random()  # type: ignore[attr-defined]
    entries = tuple(
        entry if entry.known_from <= after else corrupt(entry)
        for entry in FULL.entries
        if entry.known_from <= after or choose.random() < keep  # type: ignore[attr-defined]
    )
    full = forecast_on(FULL, counterpart, after)
    assert same(
        full, forecast_on(Material(tuple(corrupted(deal, after) for deal in FULL.deals), entries), counterpart, after)
    )
    gone = tuple(short for deal in FULL.deals if (short := truncated(deal, after)).stages or short.threats)
    known = tuple(entry for entry in FULL.entries if entry.known_from <= after)
    assert same(full, forecast_on(Material(gone, known), counterpart, after))


@pytest.mark.slow
def test_the_whole_forecast_with_its_wants_reads_nothing_later(monkeypatch: pytest.MonkeyPatch) -> None:
    case = load_case("us-japan-2025")
    full = forecast(case)
    changed = tuple(entry if entry.known_from <= CUTOFF else corrupt(entry) for entry in ledger_module.shipped())
    shut = tuple(corrupted(deal, CUTOFF) for deal in deals())
    monkeypatch.setattr(ledger_module, "shipped", lambda: changed)
    monkeypatch.setattr(deals_module, "_shipped", lambda: shut)
    assert same(full, forecast(case))


def test_what_was_public_does_change_it() -> None:
    less = Material(FULL.deals, tuple(entry for entry in FULL.entries if entry.issue != "energy"))
    before, after = (
        {one.issue.id: one.probability for one in forecast_on(material, "JPN", CUTOFF).issues}
        for material in (FULL, less)
    )
    assert after["energy"] < before["energy"] - 0.1


def test_the_list_is_frozen_at_the_day() -> None:
    listed = {issue.id for issue in listed_on(CUTOFF)}
    assert "minerals" not in listed
    assert not listed & set(NO_TERM)
    assert {one.issue.id for one in forecast_on(FULL, "JPN", CUTOFF).issues} == listed
    assert "minerals" in {issue.id for issue in listed_on(date(2025, 6, 1))}


# --- what is read off the record ----------------------------------------------------------------------------------


def test_threats_are_those_of_the_day() -> None:
    def threat(counterpart: str, day: str) -> float | None:
        found = position(FULL.deals, counterpart, date.fromisoformat(day))
        return None if found is None else found.threat

    assert threat("JPN", "2025-04-01") is None
    assert threat("JPN", "2025-04-20") == 24
    assert threat("JPN", "2025-07-08") == 25
    assert threat("EU", "2025-07-20") == 30
    assert threat("KOR", "2025-04-20") == 25  # no deal of 2025 in the record: the order's own rate
    assert threat("ECU", "2025-04-20") == 10
    assert threat("ECU", "2025-08-01") == 15


def test_deals_are_known_from_their_day() -> None:
    assert [deal.id for deal in struck_by(FULL.deals, CUTOFF)] == ["us-korea-2018", "us-japan-2019", "us-china-2020"]
    for deal in struck_by(FULL.deals, date(2026, 12, 31)):
        assert deal.id not in {one.id for one in struck_by(FULL.deals, eve(deal))}
    assert "us-japan-2025-05" not in {deal.id for deal in struck_by(FULL.deals, date(2026, 12, 31))}


def test_pledges_are_those_of_the_texts() -> None:
    kinds = {kind.issue: kind for kind in KINDS}
    assert pledged(DEALS["us-japan-2025"], kinds["investment"]) == 550
    assert pledged(DEALS["us-japan-2025"], kinds["agriculture"]) == 8  # told twice, counted once
    assert pledged(DEALS["us-eu-2025"], kinds["energy"]) == 250  # 750 over three years
    assert pledged(DEALS["us-china-2020"], kinds["purchases"]) == 100  # 200 over two
    assert pledged(DEALS["us-uk-2025"], kinds["investment"]) is None


@pytest.mark.parametrize("name", ["us-japan-2025", "us-eu-2025"])
def test_a_term_without_a_topic_is_about_its_issue_at_large(name: str) -> None:
    bare = {
        ("tariffs", "tariff.reciprocal"),
        ("cars", "tariff.autos"),
        ("investment", "investment.total"),
        ("energy", "purchases.energy"),
    }
    deal = DEALS[name]
    terms = [t.model_copy(update={"topic": None}) if (t.issue, t.topic) in bare else t for t in deal.terms]
    plain = deal.model_copy(update={"terms": tuple(terms)})
    assert plain != deal
    assert (plain.rate_pct, plain.car_rate_pct) == (deal.rate_pct, deal.car_rate_pct)
    assert [pledged(plain, kind) for kind in KINDS] == [pledged(deal, kind) for kind in KINDS]


def test_economies_have_the_size_that_everybody_knows() -> None:
    japan, union = economy("JPN"), economy("EU")
    assert japan is not None
    assert union is not None
    assert 4000 < japan.gdp < 4500
    assert 30 < japan.income < 37
    assert 16000 < union.gdp < 18000
    assert (japan.surplus or 0) > 0.2
    guatemala = economy("GTM")
    assert guatemala is not None
    assert (guatemala.surplus or 0) < 0
    assert economy("XKX") is None or economy("XKX").us_imports is None  # type: ignore[union-attr]


# --- the three models ---------------------------------------------------------------------------------------------

SLOPES = ((0.8, 0.4),)


def test_chances_against_brute_force() -> None:
    """One issue, three deals: importance sampling from the prior over every parameter, averaged over the grid."""
    from tradetalks.talks.proof.inclusion import SPREADS, USUAL

    features, came = np.array([2.0, 0.0, 1.0]), np.array([True, False, False])
    earlier = [Sheet(np.array([[x]]), np.array([y])) for x, y in zip(features, came, strict=True)]
    found = chances(Sheet(np.array([[1.5]])), earlier, SLOPES)
    rng, many = np.random.default_rng(1), 200_000
    top = bottom = 0.0
    for of_issues, of_deals in SPREADS:
        m = rng.normal(*USUAL, many) + rng.normal(0, of_issues, many)
        b = rng.normal(*SLOPES[0], many)
        logit = m[:, None] + b[:, None] * features + rng.normal(0, of_deals, (many, 3))
        likelihood = np.prod(np.where(came, 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(logit))), axis=1)
        new = 1 / (1 + np.exp(-(m + 1.5 * b + rng.normal(0, of_deals, many))))
        top, bottom = top + likelihood @ new, bottom + likelihood.sum()
    assert found.mean[0] == pytest.approx(top / bottom, abs=0.02)


def test_without_deals_and_record_every_issue_has_the_prior() -> None:
    found = chances(Sheet(np.zeros((3, 1))), [], SLOPES)
    assert np.ptp(found.mean) == pytest.approx(0, abs=1e-12)
    assert found.mean == pytest.approx(found.usual)
    assert found.p10[0] < 0.15 < 0.5 < found.p90[0]


@settings(deadline=None)
@given(st.integers(0, 2), st.floats(0.1, 3))
def test_without_deals_more_said_of_an_issue_makes_it_likelier(issue: int, more: float) -> None:
    features = np.array([[0.0], [1.0], [2.0]])
    raised = features.copy()
    raised[issue] += more
    assert chances(Sheet(raised), [], SLOPES).mean[issue] > chances(Sheet(features), [], SLOPES).mean[issue]


def test_an_issue_of_every_deal_is_likelier_than_one_of_none() -> None:
    earlier = [Sheet(np.zeros((2, 1)), np.array([True, False]))] * 6
    often, never = chances(Sheet(np.zeros((2, 1))), earlier, SLOPES).mean
    assert often > 0.7
    assert never < 0.2


HERE = Position(10, 24, 33.6, 0.27)


def total(law: Distribution) -> float:
    return float(law.weights.sum())


@settings(deadline=None, max_examples=30)
@given(
    threat=st.integers(10, 60).map(float),
    earlier=st.lists(
        st.tuples(st.integers(10, 60).map(float), st.integers(0, 60).map(float), st.floats(1, 80)), max_size=5
    ),
)
def test_a_rate_is_a_law_that_no_outcome_surprises(threat: float, earlier: list[tuple[float, float, float]]) -> None:
    past = [(Position(10, faced, income, 0.1), rate) for faced, rate, income in earlier]
    law = rate_forecast(Position(10, threat, 20, None), past)
    assert total(law) == pytest.approx(1)
    assert (np.diff(law.values) > 0).all()
    assert law.values.min() == 0
    assert all(law.at(float(rate)) > 0 for rate in range(int(threat) + 1))


def test_before_any_deal_the_mass_points_are_where_they_were_argued() -> None:
    law = rate_forecast(HERE, [])
    assert law.at(10) == pytest.approx(0.30)
    assert law.at(24) == pytest.approx(0.10)
    assert law.at(15) == pytest.approx(3 * law.at(16))
    assert law.below(10) == pytest.approx(0.10)


def test_a_like_counterparts_rate_is_lent_and_an_unlike_ones_less() -> None:
    like, unlike = replace(HERE, threat=25), Position(10, 49, 1.8, 0.9)
    alone = rate_forecast(HERE, []).at(15)
    assert rate_forecast(HERE, [(like, 15)]).at(15) > rate_forecast(HERE, [(unlike, 15)]).at(15) > alone / 2
    assert rate_forecast(HERE, [(like, 15)]).at(15) > 0.3


def test_who_was_never_threatened_teaches_nothing_on_giving_back_a_threat() -> None:
    unlike = Position(10, 10, 0.01, -0.9)
    assert rate_forecast(HERE, [(unlike, 10)] * 4).at(10) == pytest.approx(rate_forecast(HERE, []).at(10), abs=0.02)


def test_pledges_are_wide_before_any_deal_and_narrow_with_many() -> None:
    kind = KINDS[0]

    def width(ratios: list[float]) -> float:
        law = amount_forecast(kind, ratios)
        return math.log(law.quantile(0.9) / law.quantile(0.1))

    assert amount_forecast(kind, []).median == pytest.approx(kind.centre, rel=0.06)
    assert width([]) > math.log(10)
    assert width([0.04, 0.05, 0.06] * 10) < width([0.04, 0.05, 0.06]) < width([])
    assert amount_forecast(kind, [0.2] * 50).median == pytest.approx(0.2, rel=0.15)


def test_the_forecast_of_april_2025_is_wide() -> None:
    found = forecast_on(FULL, "JPN", CUTOFF)
    assert found.rate is not None
    assert found.rate.quantile(0.9) - found.rate.quantile(0.1) >= 10
    assert all(one.p10 < one.probability < one.p90 for one in found.issues)
    assert found.learned_from == ("us-korea-2018", "us-japan-2019", "us-china-2020")
    assert 0 < found.unlisted < 1


def test_a_counterpart_outside_the_tables_has_a_forecast_with_what_is_known() -> None:
    found = forecast_on(FULL, "NRU", CUTOFF)
    assert found.rate is not None
    assert found.threat in (10, 30)
    assert "energy" not in found.amounts


def test_a_case_without_the_united_states_is_refused(tmp_path: Path) -> None:
    case = replace(load_case("us-japan-2025"), parties=("JPN", "KOR"))
    with pytest.raises(BadInput, match="United States"):
        forecast(case)


def test_partners_and_issues_of_a_deal() -> None:
    deal = DEALS["us-vietnam-2025"]
    assert partner(deal) == "VNM"
    assert {"tariffs", "agriculture"} <= held(deal)
    assert eve(deal) == date(2025, 7, 2) - timedelta(days=1)
