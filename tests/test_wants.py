"""What the record says a party wants: evidence, posterior, influence, questions, and the command."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.record.issues import issues
from tradetalks.talks.wants.answer import WantsAnswer, answer
from tradetalks.talks.wants.calibration import calibrate
from tradetalks.talks.wants.engine import fit
from tradetalks.talks.wants.evidence import Choice, Evidence, Pick, evidence
from tradetalks.talks.wants.influence import influences
from tradetalks.talks.wants.laplace import mode
from tradetalks.talks.wants.likelihood import Density
from tradetalks.talks.wants.posterior import Wants, posterior, wants
from tradetalks.talks.wants.priors import priors
from tradetalks.talks.wants.questions import changes, information, questions
from tradetalks.talks.wants.worth import PlainEconomics
from tradetalks.value.case import Case, load_case
from tradetalks.value.package import inline

CASE = load_case("us-japan-2025")
APRIL = date(2025, 4, 20)


def no_worth(party: str, across: str, stakes: Mapping[str, float]) -> float:
    return 0.0


def of_record(party: str = "USA", on: date = APRIL, **more) -> Evidence:
    return evidence(CASE, party, on, priors(), no_worth, **more)


def between(*parties: str) -> Case:
    return replace(CASE, parties=parties, seat=parties[0], name="-".join(parties).lower())


@pytest.fixture(scope="module")
def april() -> Wants:
    return wants(CASE, "USA", APRIL, worth=no_worth)


# Evidence.


def test_nothing_known_later_is_used() -> None:
    found = of_record()
    assert all(entry.known_from <= APRIL for entry in found.entries.values())
    assert all(deal.known_from <= APRIL for deal in found.deals.values())
    assert set(found.issues) <= {issue.id for issue in issues(APRIL)}
    assert "minerals" not in found.issues  # listed from 15 May 2025
    # A statement of 16 April that became known on the 24th is not there on the 20th.
    late = [
        entry for entry in of_record(on=date(2025, 4, 30)).entries.values() if entry.date <= APRIL < entry.known_from
    ]
    assert late
    assert not {entry.id for entry in late} & set(found.sources)


def test_what_repeats_an_entry_is_not_counted_twice() -> None:
    found = of_record()
    assert "jpnlog-013" in found.sources
    assert "jpn-005" not in found.sources
    assert all(entry.repeats is None for entry in found.entries.values())


def test_evidence_of_others_and_of_both_sides_is_there() -> None:
    found = of_record()
    assert {"JPN", "KOR", "EU", "all"} <= {pick.counterpart for pick in found.picks}
    assert {choice.counterpart for choice in found.choices} > {"JPN"}
    # What Japan offered tells what it thinks is wanted.
    assert any(pick.voice == "offered" and pick.issue == "investment" for pick in found.picks)
    theirs = of_record("JPN")
    assert any(pick.sign < 0 and pick.issue == "energy" for pick in theirs.picks)
    assert any(pick.issue == "treasuries" and pick.sign > 0 and pick.firm < 1 for pick in theirs.picks)


def test_what_is_left_out_is_not_there() -> None:
    left = of_record(without={"jpnlog-020", "us-china-2020"})
    assert set(of_record().sources) - set(left.sources) == {"jpnlog-020", "us-china-2020"}


def test_an_issue_touched_is_picked_from_those_that_are_left() -> None:
    first, second = (pick for pick in of_record().picks if pick.source == "jpnlog-020")
    assert (first.issue, second.issue) == ("standards", "market-access")
    assert first.issue in first.among
    assert first.issue not in second.among
    assert second.reliability == pytest.approx(priors().also * first.reliability)


def test_a_refusal_that_moved_is_likelier_a_bluff() -> None:
    pick = next(pick for pick in of_record("JPN").picks if pick.source == "jpnlog-044")
    assert pick.firm > pick.bluff  # held so far
    later = [p for p in of_record("JPN", date(2025, 9, 1)).picks if p.firm != 1.0 and p.firm < p.bluff]
    assert later  # of the refusals of spring some had moved by autumn


def test_old_statements_count_for_less() -> None:
    by_source = {pick.source: pick.reliability for pick in of_record().picks}
    assert by_source["us-china-2020"] < 0.1 < by_source["jpnlog-049"]


def test_duties_for_other_ends_price_no_issue() -> None:
    moves = {choice.source for choice in of_record().choices}
    assert not moves & {"chn-001", "chn-002"}  # fentanyl; 125%
    assert {"jpnlog-008", "jpnlog-013"} <= moves


# The posterior.


def test_without_a_record_it_is_the_prior_and_says_so() -> None:
    found = wants(between("JPN", "DEU"), "JPN", date(2018, 10, 1), worth=no_worth)
    assert found.evidence.sources == ()
    told = answer(CASE, found)
    assert "this is the prior" in told.sentences[0]
    for row in told.issues:
        assert row.weight.median == pytest.approx(row.prior.median, rel=0.25)
        assert row.evidence == ()
    assert told.next_questions  # even then there is something to ask


def test_what_is_said_often_weighs_more_than_what_is_not_said(april: Wants) -> None:
    median = dict(zip(april.issues, np.median(april.weights, axis=0), strict=True))
    assert min(median["standards"], median["energy"], median["agriculture"]) > max(
        median["treasuries"], median["purchases"], median["shipbuilding"]
    )


def test_acceptance_rises_with_what_is_given(april: Wants) -> None:
    low, high = april.acceptance(0.0, {"energy": 0.1}), april.acceptance(0.0, {"energy": 1.0})
    assert low.shape == (1000,)
    assert ((high >= low) & (low > 0) & (high <= 1)).all()
    assert (april.acceptance(1.0, {}) > april.acceptance(-1.0, {})).all()
    assert (april.acceptance(0.0, {"other": 5.0}) == april.acceptance(0.0, {})).all()


def fixed_speakers() -> Density:
    still = priors().model_copy(update={"bluff_scale": 0.0, "salience_scale": 0.0})
    return Density(evidence(CASE, "USA", APRIL, still, lambda party, across, stakes: 0.5 * sum(stakes.values())), still)


SPEAKERS = fixed_speakers()
DEMANDED = next(pick for pick in SPEAKERS.evidence.picks if pick.sign > 0).among


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kept=st.lists(st.booleans(), min_size=400, max_size=400),
    issue=st.sampled_from(DEMANDED),
    counterpart=st.sampled_from(["JPN", "KOR", "all"]),
    voice=st.sampled_from(["leader", "minister", "record"]),
    reliability=st.floats(0.05, 1.0),
)
def test_a_demand_never_lowers_the_weight_of_its_issue(
    kept: list[bool], issue: str, counterpart: str, voice: str, reliability: float
) -> None:
    whole = SPEAKERS.evidence
    picks = tuple(pick for pick, keep in zip(whole.picks, kept, strict=False) if keep)
    choices = tuple(one for one, keep in zip(whole.choices, reversed(kept), strict=False) if keep)
    more = Pick("new", counterpart, voice, issue, DEMANDED, 1, reliability)
    modes = []
    for said in (picks, (*picks, more)):
        density = replace(SPEAKERS, evidence=replace(whole, picks=said, choices=choices))
        modes.append(density.point(mode(density)[None]).log_weights[0, 1, whole.issues.index(issue)])
    assert modes[1] >= modes[0] - 1e-6


def two_statements(first: float, second: float) -> float:
    """Return how much heavier energy is than standards, said ``first`` and ``second`` years ago."""
    fresh = [Pick("a", "JPN", "minister", "energy", DEMANDED, 1, 2.0**-first)] * 4
    stale = [Pick("b", "JPN", "minister", "standards", DEMANDED, 1, 2.0**-second)] * 6
    density = Density(replace(SPEAKERS.evidence, picks=(*fresh, *stale), choices=()), priors())
    at = density.point(mode(density)[None]).log_weights[0, 1]
    names = density.evidence.issues
    return float(at[names.index("energy")] - at[names.index("standards")])


def test_later_evidence_can_outweigh_more_that_is_older() -> None:
    assert two_statements(0.0, 0.0) < 0
    assert two_statements(0.0, 3.0) > 0


def test_third_countries_tell_less_than_the_talks_themselves() -> None:
    def weight(counterpart: str) -> float:
        said = [Pick("a", counterpart, "minister", "digital", DEMANDED, 1, 1.0)] * 5
        density = Density(replace(SPEAKERS.evidence, picks=tuple(said), choices=()), priors())
        return float(density.point(mode(density)[None]).log_weights[0, 1, density.evidence.issues.index("digital")])

    assert weight("JPN") > weight("KOR") > np.log(priors().weights.median)


def test_a_package_accepted_and_one_refused_move_weights_apart() -> None:
    def weight(taken: bool) -> float:
        chosen = Choice("a", "JPN", None, {"energy": 1.0, "cars": -1.0}, 0.0, taken, True, 1.0)
        density = Density(replace(SPEAKERS.evidence, picks=(), choices=(chosen,)), priors())
        at = density.point(mode(density)[None]).log_weights[0, 1]
        return float(at[density.evidence.issues.index("energy")] - at[density.evidence.issues.index("cars")])

    assert weight(True) > 0 > weight(False)


def test_a_duty_that_costs_its_owner_tells_more_than_one_that_pays() -> None:
    def weight(economic: float) -> float:
        chosen = Choice("a", "JPN", None, {"cars": 2.5}, economic, True, False, 1.0)
        density = Density(replace(SPEAKERS.evidence, picks=(), choices=(chosen,)), priors())
        return float(density.point(mode(density)[None]).log_weights[0, 1, density.evidence.issues.index("cars")])

    assert weight(-5.0) > weight(0.0) > weight(5.0) > np.log(priors().weights.median)


# Influence, questions.


def test_reweighting_agrees_with_fitting_without_the_entry(april: Wants) -> None:
    by_source = {one.source: one for one in influences(april)}
    k = april.issues.index("energy")
    for source in ("jpnlog-022", "jpnlog-025"):
        again = wants(CASE, "USA", APRIL, 4000, worth=no_worth, without={source})
        shift = np.log(april.weights).mean(0)[k] - np.log(again.weights).mean(0)[k]
        assert by_source[source].shift[k] == pytest.approx(shift, abs=0.12)
        assert by_source[source].shift[k] > 0.1


def test_every_entry_has_an_influence_and_every_weight_its_evidence(april: Wants) -> None:
    told = answer(CASE, april)
    assert {row.id for row in told.record} == set(april.evidence.sources)
    energy = next(row for row in told.issues if row.issue == "energy")
    assert {"jpnlog-001", "jpnlog-022", "kor-001"} <= set(energy.evidence)
    assert energy.drivers[0].factor > 1.1
    assert all(set(row.evidence) <= set(april.evidence.sources) for row in told.issues)


def test_information_of_an_answer() -> None:
    assert information(np.array([0.0, 1.0])) == pytest.approx(np.log(2))
    assert information(np.full(10, 0.3)) == pytest.approx(0.0)
    # By hand: H(0.5) - (H(0.25) + H(0.75)) / 2.
    by_hand = np.log(2) + 0.25 * np.log(0.25) + 0.75 * np.log(0.75)
    assert information(np.array([0.25, 0.75])) == pytest.approx(by_hand)


def test_questions_are_ranked_and_about_what_the_party_may_want(april: Wants) -> None:
    asked = questions(april)
    told = [one.expected_information for one in asked]
    assert told == sorted(told, reverse=True)
    assert all(0 < nats < np.log(2) for nats in told)
    assert all(april.wanted(one.issue) for one in asked)
    assert len({one.issue for one in asked}) == len(asked) == 5
    assert len(changes(april)) == 5


def test_a_question_whose_answer_is_known_teaches_nothing() -> None:
    settled = posterior(SPEAKERS, 200, 0)
    sure = replace(settled, weights=np.tile(np.linspace(1, 30, len(settled.issues)), (200, 1)))
    assert all(one.expected_information < 0.05 for one in questions(sure) if "give" not in one.text)


def test_the_questions_add_to_each_other() -> None:
    # The same question twice tells little more than once; another as much as it would alone, if it is of another thing.
    one, other = np.array([0.1, 0.1, 0.9, 0.9]), np.array([0.1, 0.9, 0.1, 0.9])
    assert information(one, other) == pytest.approx(information(one) + information(other))
    assert information(one) < information(one, one) < 1.5 * information(one)


def test_the_questions_are_in_plain_words_and_each_is_another(april: Wants) -> None:
    texts = [one.text for one in questions(april)]
    assert len(set(texts)) == len(texts)
    assert all(text.endswith("?") for text in texts)
    codes = {issue for issue in april.issues if "-" in issue}
    assert not [text for text in texts for code in codes if code in text]


def test_talks_without_the_us_are_asked_about_their_own_terms() -> None:
    terms = ("purchases:CHN<CAN:A01=1/1", "standards:CAN<CHN:C29", "purchases:CAN<CHN:C26=3/1")
    case = replace(between("CAN", "CHN"), terms=tuple(inline(term) for term in terms))
    for party in case.parties:
        found = wants(case, party, APRIL, 200, worth=no_worth)
        asked = questions(found)
        assert asked
        titles = [term.title for term in case.terms]
        assert all(any(title in one.text for title in titles) for one in asked)
    bare = wants(replace(case, terms=()), "CAN", APRIL, 200, worth=no_worth)
    assert len(questions(bare)) == 5


# Plain economics.


def test_a_step_is_worth_what_the_model_says(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    ours = PlainEconomics(CASE)
    # A duty costs the exporter, relief pays it, by the same; words are worth nothing.
    cost = ours("JPN", "USA", {"cars": -2.5})
    assert cost < 0
    assert ours("JPN", "USA", {"cars": 2.5}) == pytest.approx(-cost)
    assert ours("USA", "JPN", {"digital": 1.0, "defence": 1.0, "currency": 1.0}) == 0.0
    assert ours("USA", "JPN", {"energy": 0.5}) == pytest.approx(0.5 * ours("USA", "JPN", {"energy": 1.0}))
    ours.keep()
    kept = list(tmp_path.rglob("*.json"))
    assert len(kept) == 1
    again = PlainEconomics(CASE)
    assert again("JPN", "USA", {"cars": -2.5}) == cost
    assert "_status_quo" not in vars(again)  # nothing was solved
    kept[0].write_text("{")
    assert PlainEconomics(CASE)("JPN", "USA", {"cars": -2.5}) == pytest.approx(cost)


def test_what_nobody_knows_counts_nothing_and_is_told(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    ours = PlainEconomics(CASE)
    assert ours("USA", "GTM", {"standards": 1.0}) == 0.0  # no region of the world table
    assert len(ours.unknown) == 1


# The command.


def leave(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as done:
        run(["wants", *arguments])
    out, err = capsys.readouterr()
    assert isinstance(done.value.code, int)
    return done.value.code, out, err


def test_the_command_answers_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--case", "us-japan-2025", "--party", "USA", "--as-of", "2025-04-20", "--json")
    code, out, _ = leave(capsys, *arguments)
    assert code == 0
    told = WantsAnswer.model_validate_json(out)
    assert told.meta.known_through == APRIL
    assert 0 < told.unlisted_probability < 1
    for row in told.issues:
        assert row.weight.p10 < row.weight.median < row.weight.p90
        assert 1 <= row.rank_interval[0] <= row.rank_interval[1] <= len(told.issues)
        # By 20 April little is known: no weight is known to a factor of three.
        assert row.weight.p90 > 3 * row.weight.p10
    assert json.loads(out) == json.loads(leave(capsys, *arguments)[1])


def test_the_command_shows_prior_and_posterior_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = leave(capsys, "us-japan-2025", "--party", "Japan")
    assert code == 0
    for words in ("What JPN wants in talks with USA", "prior", "2025-04-09", "Kato", "Questions", "What would change"):
        assert words in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--party", "KOR"], "JPN and USA"),
        (["--party", "Atlantis"], "JPN and USA"),
        (["--as-of", "2010-01-01"], "no issue of trade talks is listed on 2010-01-01"),
        (["--as-of", "20250420"], "--as-of"),
        (["nowhere"], "no case 'nowhere'"),
    ],
)
def test_bad_input_is_told(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = leave(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_an_entry_of_the_case_moves_the_answer(capsys: pytest.CaptureFixture[str], tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    entry = {
        "date": "2025-04-19", "who": "Greer", "role": "USTR", "party": "USA", "act": "demand", "issue": "digital",
        "position": "No taxes on digital services.", "source": "own notes",
    }  # fmt: skip
    with pytest.raises(SystemExit) as done:
        run(["record", "add", "us-japan-2025", *(word for name, text in entry.items() for word in (f"--{name}", text))])
    assert done.value.code == 0
    capsys.readouterr()
    before, after = (wants(case, "USA", worth=no_worth) for case in (CASE, load_case("us-japan-2025")))
    assert set(after.evidence.sources) - set(before.evidence.sources) == {"own-1"}
    k = after.issues.index("digital")
    assert np.log(after.weights[:, k]).mean() > np.log(before.weights[:, k]).mean() + 0.15


@pytest.mark.parametrize("parties", [("KOR", "USA"), ("DEU", "USA"), ("BRA", "CHN"), ("ROW", "AGO")])
def test_any_pair_of_regions_has_an_answer(parties: tuple[str, str]) -> None:
    case = between(*parties)
    for party in parties:
        found = wants(case, party, APRIL, 200, worth=no_worth)
        assert found.weights.shape == (200, len(found.issues))
        assert np.isfinite(found.weights).all()
        answer(case, found)


def test_a_party_must_be_of_the_case() -> None:
    with pytest.raises(BadInput, match="JPN and USA"):
        wants(CASE, "DEU", worth=no_worth)


# Validation that takes minutes.


@pytest.mark.slow
def test_intervals_hold_what_they_say() -> None:
    # Japan's side on the eve of August: statements, refusals that moved, offers, a deal. docs/validation/wants.md does
    # the same for the United States, in spring and with the deals of summer.
    found = calibrate(Density(of_record("JPN", date(2025, 7, 30)), priors()), 400)
    coverage, error = found.coverage(0, found.weights)
    assert 0.75 < coverage < 0.85
    assert error < 0.02
    gap, allowed = found.uniform()
    assert gap < 1.5 * allowed
    assert found.unreliable < 0.05


def test_calibration_counts_right() -> None:
    few = calibrate(Density(of_record("JPN"), priors()), 3)
    assert few.places.shape == (3, len(few.names))
    assert ((few.places >= 0) & (few.places <= 1)).all()
    assert few.histogram.sum() == 3 * few.weights
    known = replace(few, places=np.repeat([[0.05], [0.5], [0.95]], len(few.names), axis=1))
    assert known.coverage(0, 1)[0] == pytest.approx(1 / 3)
    assert known.histogram[[0, 5, 9]].tolist() == [few.weights] * 3


@pytest.mark.slow
@pytest.mark.parametrize(("party", "on"), [("USA", APRIL), ("JPN", date(2025, 7, 30))])
def test_the_engine_agrees_with_nuts(party: str, on: date) -> None:
    pytest.importorskip("numpyro")
    path = Path(__file__).parents[1] / "tools" / "wants_reference.py"
    spec = importlib.util.spec_from_file_location("wants_reference", path)
    assert spec
    assert spec.loader
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    density = Density(of_record(party, on), priors())
    ours = density.point(fit(density, 4000, np.random.default_rng(0)).z)
    theirs = reference.sampled(density.evidence, density.priors)
    logs = ours.log_weights[:, 1]
    scale = theirs["log_weights"].std(0)
    assert (np.abs(logs.mean(0) - theirs["log_weights"].mean(0)) / scale).max() < 0.2
    assert logs.std(0) / scale == pytest.approx(np.ones(len(scale)), abs=0.15)
    assert ours.reservation.mean() == pytest.approx(theirs["reservation"].mean(), abs=0.4)
