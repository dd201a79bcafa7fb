"""The backtest: what it scores, that a placebo loses, that deals come in as files, and what the command prints."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.record.deals import deals
from tradetalks.record.whole import Record, more_deals, whole_record
from tradetalks.talks.proof import backtest as module
from tradetalks.talks.proof import placebo
from tradetalks.talks.proof.amounts import KINDS
from tradetalks.talks.proof.backtest import backtest
from tradetalks.talks.proof.baselines import amount_baselines, issue_baselines, rate_baselines, ridge
from tradetalks.talks.proof.forecast import Leaning, Material, forecast_on, no_leaning
from tradetalks.talks.proof.page import page
from tradetalks.talks.proof.rates import Position
from tradetalks.talks.proof.shapes import OURS, RATE, BacktestAnswer, ScoreTable, Trial
from tradetalks.talks.proof.struck import eve, held, pledged, struck_on
from tradetalks.talks.wants.evidence import evidence
from tradetalks.talks.wants.posterior import wants
from tradetalks.talks.wants.priors import priors
from tradetalks.value.case import Case, load_case

NEWLAND = """\
id: us-newland-2026
title: A framework with New Land
parties: [USA, NZL]
threats:
  - {rate_pct: 30, date: 2025-08-01, known_from: 2025-08-01, source: "https://example.org/letter"}
stages:
  - {status: announced, date: 2026-01-09, known_from: 2026-01-10, source: "https://example.org/statement"}
terms:
  - {issue: tariffs, topic: tariff.reciprocal, by: USA, rate_pct: 15, basis: added,
     date: 2026-01-09, known_from: 2026-01-10, source: "https://example.org/statement"}
  - {issue: investment, topic: investment.total, by: NZL, amount: 12, unit: USD bn,
     date: 2026-01-09, known_from: 2026-01-10, source: "https://example.org/statement"}
"""

FARLAND = """\
id: us-farland-2026
title: Minerals from Far Land
parties: [USA, CHE]
stages:
  - {status: announced, date: 2026-02-20, known_from: 2026-02-20, source: "https://example.org/farland"}
  - {status: in force, date: 2026-05-01, known_from: 2026-05-02, source: "https://example.org/farland"}
terms:
  - {issue: minerals, by: CHE, date: 2026-02-20, known_from: 2026-02-20, source: "https://example.org/farland"}
"""


@pytest.fixture(scope="module")
def answer() -> BacktestAnswer:
    """Return the backtest of the shipped case without its wants, which have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "leaning_of", lambda case, as_of, whole: no_leaning)
        patch.setattr(placebo, "SHUFFLES", 10)
        return backtest(load_case("us-japan-2025"))


def table(test: Trial, quantity: str, score: str) -> ScoreTable:
    return next(one for one in test.scores if (one.quantity, one.score) == (quantity, score))


def means(found: ScoreTable) -> dict[str, float]:
    return {row.method: row.mean for row in found.methods}


def test_the_case_is_forecast_on_its_day_and_opened(answer: BacktestAnswer) -> None:
    case = answer.case
    assert (case.deal, case.as_of, case.struck) == ("us-japan-2025", date(2025, 4, 20), date(2025, 7, 22))
    assert (case.learned_from, case.threat) == (3, 24)
    came = {row.issue for row in case.issues if row.happened}
    assert {"tariffs", "cars", "investment", "agriculture", "energy", "currency"} <= came
    assert "minerals" not in {row.issue for row in case.issues}
    outcomes = {number.quantity: number.outcome for number in case.numbers}
    assert (outcomes[RATE], outcomes["duty on cars"], outcomes["Investment, USD bn in all"]) == (15, 15, 550)
    assert "investment.profit_split_us" in answer.new_in_detail
    assert case.unlisted_came == ()


def test_every_deal_is_scored_on_its_eve(answer: BacktestAnswer) -> None:
    known = {deal.id: deal for deal in deals()}
    for test in (answer.rolling, answer.leave_one_out):
        assert len(test.deals) == len({one.deal for one in test.deals}) >= 20
        for one in test.deals:
            assert one.as_of == eve(known[one.deal])
            assert {row.issue for row in one.issues if row.happened} <= held(known[one.deal])
    for one in answer.rolling.deals:
        before = [deal for deal in known.values() if (day := struck_on(deal)) is not None and day <= one.as_of]
        assert one.learned_from == len(before)
    assert {one.learned_from for one in answer.leave_one_out.deals} == {
        sum(struck_on(deal) is not None for deal in known.values()) - 1
    }
    assert (answer.rolling.is_forecast, answer.leave_one_out.is_forecast) == (True, False)


def test_what_comes_after_the_list_is_unlisted(answer: BacktestAnswer) -> None:
    came = {one.deal: one.unlisted_came for one in answer.rolling.deals if one.unlisted_came}
    for issues in came.values():
        assert set(issues) == {"minerals"} or issues


def test_scores_are_those_of_the_rows(answer: BacktestAnswer) -> None:
    test = answer.rolling
    by_deal = [np.mean([(row.probability - row.happened) ** 2 for row in one.issues]) for one in test.deals]
    assert means(table(test, "issues", "Brier"))[OURS] == pytest.approx(np.mean(by_deal))
    rates = [
        number
        for one in test.deals
        for number in one.numbers
        if number.quantity == RATE and number.outcome is not None and not one.truce
    ]
    found = table(test, RATE, "absolute error")
    assert found.deals == len(rates) == 13
    for method in ("the threat", "ridge"):
        errors = [abs(number.others[method] - (number.outcome or 0.0)) for number in rates]
        assert means(found)[method] == pytest.approx(np.mean(errors))
    assert sum(one.forecasts for one in test.calibration) == sum(len(one.issues) for one in test.deals)


def test_a_placebo_with_shuffled_labels_loses(answer: BacktestAnswer) -> None:
    for test in (answer.rolling, answer.leave_one_out):
        assert {row.quantity for row in test.placebo} == {"issues", RATE}
        for row in test.placebo:
            assert row.placebo > row.ours
            assert row.better_than_ours <= row.shuffles // 20


def test_the_forecast_beats_the_baselines_on_issues_and_the_naive_ones_on_rates(answer: BacktestAnswer) -> None:
    for test in (answer.rolling, answer.leave_one_out):
        for score in ("Brier", "log score"):
            issues = means(table(test, "issues", score))
            assert issues[OURS] == pytest.approx(min(issues.values()))
        rates = means(table(test, RATE, "CRPS"))
        assert rates[OURS] < min(rates[method] for method in ("the threat", "the last deal", "the median"))


def test_the_page_tells_the_misses_and_what_is_no_forecast(answer: BacktestAnswer) -> None:
    text = page(answer)
    assert "not a forecast" in text
    assert "13 agreed country rates cannot prove much" in text
    for one in answer.rolling.deals:
        assert one.deal in text
    missed = [row for one in answer.rolling.deals for row in one.issues if row.happened and row.probability < 0.25]
    assert text.count(" came at ") == len(missed) > 0
    assert not [line for line in text.splitlines() if "{" in line or "None" in line.split("|")]


# --- baselines ----------------------------------------------------------------------------------------------------


def test_the_ridge_against_its_normal_equations_and_its_limits() -> None:
    past = [(Position(10, threat, income, surplus), 10 + 0.2 * (threat - 10)) for threat, income, surplus in
            [(20, 30, 0.1), (30, 10, 0.5), (40, 50, 0.2), (50, 5, 0.9), (35, 20, 0.4)]]  # fmt: skip
    rows = np.array([(p.threat, p.surplus, p.income) for p, _ in past])
    rates = np.array([rate for _, rate in past])
    x = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    slopes = np.linalg.lstsq(np.vstack([x, np.eye(3)]), np.append(rates - rates.mean(), np.zeros(3)), rcond=None)[0]
    here = Position(10, 28, 25, 0.3)
    at = (np.array([28, 0.3, 25]) - rows.mean(axis=0)) / rows.std(axis=0)
    assert ridge(here, past) == pytest.approx(rates.mean() + at @ slopes)
    assert ridge(here, past[:1]) == 28
    assert np.isfinite(ridge(Position(10, 28), past))


def test_baselines_say_what_their_names_say() -> None:
    here = Position(10, 24)
    past = [(Position(10, 46), 20.0), (Position(10, 32), 19.0), (Position(10, 10), 10.0)]
    said = rate_baselines(here, past)
    assert (said["the threat"], said["the last deal"], said["the median"]) == (24, 10, 19)
    assert set(rate_baselines(here, []).values()) == {24}
    issues = issue_baselines(["a", "b"], [frozenset({"a"}), frozenset({"a", "z"})], {"a": 0, "b": 2})
    assert issues["one share for all"] == {"a": 0.5, "b": 0.5}
    assert issues["base rate"] == {"a": 0.75, "b": 0.25}
    assert issues["the last deal"] == {"a": 0.95, "b": 0.05}
    assert issues["what was raised"] == {"a": 0.25, "b": 0.75}
    assert amount_baselines([0.1, 0.3, 0.2]) == {"the last deal": 0.2, "the median": pytest.approx(0.2)}
    assert amount_baselines([]) == {}


# --- deals as files -----------------------------------------------------------------------------------------------


def test_a_folder_of_files_adds_deals_and_progress_moves_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = NEWLAND.replace("us-newland-2026", "us-newland-2012").replace("2026-", "2012-").replace("2025-", "2011-")
    others = NEWLAND.replace("us-newland-2026", "eu-newland-2026").replace("USA", "EU")
    refused = NEWLAND.replace("us-newland-2026", "us-newland-no").replace("announced", "rejected")
    refused = refused.replace("2026-01", "2026-02")
    for name, text in {"newland": NEWLAND, "early": early, "others": others, "refused": refused}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "leaning_of", lambda case, as_of, whole: no_leaning)
    monkeypatch.setattr(placebo, "SHUFFLES", 1)
    steps: list[float] = []
    found = backtest(load_case("us-japan-2025"), tmp_path, lambda what, share: steps.append(share))
    assert set(found.added) == {"us-newland-2026", "us-newland-2012", "eu-newland-2026", "us-newland-no"}
    # Before the list of issues, of others, never struck: told, and not scored.
    assert {one.deal for one in found.rolling.deals} & set(found.added) == {"us-newland-2026"}
    notes = {note.partition(",")[0]: note for note in found.notes}
    assert "us-newland-2012" in notes["Learned from and not scored"]
    assert "us-newland-no" in notes["Never struck"]
    assert "eu-newland-2026" in notes["Evidence on wants alone"]
    assert found.case.learned_from == 4
    for test in (found.rolling, found.leave_one_out):
        one = next(one for one in test.deals if one.deal == "us-newland-2026")
        assert (one.as_of, one.threat, one.counterpart) == (date(2026, 1, 9), 30, "NZL")
        assert {row.issue for row in one.issues if row.happened} == {"tariffs", "investment"}
        outcomes = {number.quantity: number.outcome for number in one.numbers if number.outcome is not None}
        assert outcomes == {RATE: 15, "Investment, USD bn in all": 12}
    assert steps == sorted(steps)
    assert 0 <= steps[0] < 0.1 < 0.9 < steps[-1] <= 1


def test_deals_may_lie_in_a_folder_of_their_own_beside_their_sources(tmp_path: Path) -> None:
    (tmp_path / "deals").mkdir()
    (tmp_path / "deals" / "newland.yaml").write_text(
        NEWLAND.replace(
            'date: 2025-08-01, known_from: 2025-08-01, source: "https://example.org/letter"', "source: nzl-1"
        ),
        encoding="utf-8",
    )
    (tmp_path / "record.yaml").write_text(
        "- {id: nzl-1, date: 2025-08-02, known_from: 2025-08-02, who: Trump, party: USA, counterpart: NZL, "
        "act: threat, issue: tariffs, position: A letter., source: our notes}\n",
        encoding="utf-8",
    )
    (deal,) = more_deals(tmp_path)
    assert deal.threats[0].known_from == date(2025, 8, 2)


def test_an_added_deal_teaches_later_ones_only(tmp_path: Path) -> None:
    (tmp_path / "newland.yaml").write_text(NEWLAND, encoding="utf-8")
    material = Material((*deals(), *more_deals(tmp_path)), ())
    assert "us-newland-2026" not in forecast_on(material, "JPN", date(2026, 1, 9)).learned_from
    assert "us-newland-2026" in forecast_on(material, "JPN", date(2026, 1, 10)).learned_from


def test_an_added_deal_is_evidence_on_wants(tmp_path: Path) -> None:
    (tmp_path / "newland.yaml").write_text(NEWLAND, encoding="utf-8")
    (tmp_path / "farland.yml").write_text(FARLAND, encoding="utf-8")
    case = load_case("us-japan-2025")
    whole = whole_record(case.folder, tmp_path)
    added = {"us-newland-2026", "us-farland-2026"}
    assert added <= {deal.id for deal in whole.deals}

    def read(on: date, whole: Record | None) -> set[str]:
        return set(evidence(case, "USA", on, priors(), lambda *_: 0.0, whole=whole).sources)

    assert read(date(2026, 1, 10), whole) - read(date(2026, 1, 10), None) == {"us-newland-2026"}
    assert read(date(2026, 3, 1), whole) - read(date(2026, 3, 1), None) == added
    assert read(date(2026, 1, 9), whole) == read(date(2026, 1, 9), None)
    # And it moves the weights: a deal that pays for minerals says that they are wanted.
    before, after = (
        wants(case, "USA", date(2026, 3, 1), 300, worth=lambda *_: 0.0, whole=record) for record in (None, whole)
    )
    k = after.issues.index("minerals")
    assert np.log(after.weights[:, k]).mean() > np.log(before.weights[:, k]).mean()


def test_the_wants_of_the_backtest_read_the_added_deals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "newland.yaml").write_text(NEWLAND, encoding="utf-8")
    given = []

    def noted(case: Case, as_of: date, whole: Record) -> Leaning:
        given.append({deal.id for deal in whole.deals})
        raise InterruptedError

    monkeypatch.setattr(module, "leaning_of", noted)
    with pytest.raises(InterruptedError):
        backtest(load_case("us-japan-2025"), tmp_path)
    assert "us-newland-2026" in given[0]


def test_the_example_of_the_documentation_is_a_deal(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "docs" / "record.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    (deal,) = more_deals(tmp_path, deals())
    amounts = {kind.issue: pledged(deal, kind) for kind in KINDS}
    assert (deal.rate_pct, deal.threat_pct) == (10, 15)
    assert (amounts["investment"], amounts["energy"]) == (20, 2)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("issue: tariffs", "issue: tarifs"), "newland.yaml: terms.0.issue: there is no issue 'tarifs'"),
        (("issue: tariffs", "issue: tarifs"), "did you mean tariffs"),
        (
            ("issue: investment, topic: investment.total", "issue: fish"),
            "newland.yaml: terms.1.issue: there is no issue 'fish'",
        ),
        (("issue: investment, topic: investment.total", "issue: fish"), "other"),
        (("id: us-newland-2026", "id: us-japan-2025"), "the record has a deal 'us-japan-2025' already"),
        (('source: "https://example.org/letter"', "source: nzl-001"), "there is no entry 'nzl-001' in the record"),
        (("unit: USD bn", "unit: bucks"), "newland.yaml: terms.1.unit: there is no unit 'bucks'"),
        (("amount: 12", "amount: twelve"), "newland.yaml: terms.1.amount"),
        (("amount: 12", "amount: .nan"), "newland.yaml: terms.1.amount"),
        (("known_from: 2026-01-10, source", "known_from: 2026-01-32, source"), "newland.yaml"),
        (("known_from: 2026-01-10, source", "known_from: 2026-01-08, source"), "is before the day it happened"),
        (("parties: [USA, NZL]", "parties: [USA, Atlantis]"), "newland.yaml: parties.1"),
        (("by: NZL", "by: KOR"), "a term is by KOR, who is not a party"),
        (("status: announced", "status: done"), "newland.yaml: stages.0.status"),
        (("title:", "titel:"), "newland.yaml: titel"),
        (("id: us-newland-2026", "- id: us-newland-2026"), "newland.yaml"),
    ],
)
def test_a_wrong_file_is_refused(change: tuple[str, str], says: str, tmp_path: Path) -> None:
    assert change[0] in NEWLAND
    (tmp_path / "newland.yaml").write_text(NEWLAND.replace(*change), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        backtest(load_case("us-japan-2025"), tmp_path)
    assert says in str(error.value)


def test_a_deal_told_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(NEWLAND, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(NEWLAND.replace("us-newland-2026", "another-name"), encoding="utf-8")
    with pytest.raises(BadInput, match="has the deal already, as 'us-newland-2026'"):
        more_deals(tmp_path)
    (tmp_path / "a.yaml").unlink()
    japan = next(deal for deal in deals() if deal.id == "us-japan-2025")
    text = (
        NEWLAND.replace("NZL", "JPN").replace("2026-01-10", str(japan.known_from)).replace("2026-01-09", "2025-07-22")
    )
    (tmp_path / "b.yaml").write_text(text.replace("2025-08-01", "2025-07-07"), encoding="utf-8")
    with pytest.raises(BadInput, match="the record has the deal already, as 'us-japan-2025'"):
        whole_record(None, tmp_path)


def test_a_wrong_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no folder"):
        more_deals(tmp_path / "none")
    with pytest.raises(BadInput, match="there is no deal in"):
        more_deals(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(NEWLAND, encoding="utf-8")
    with pytest.raises(BadInput, match="has a deal 'us-newland-2026' already"):
        more_deals(tmp_path)


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_prints_tables_and_json_that_obeys_its_schema(
    answer: BacktestAnswer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "backtest", lambda *arguments: answer)

    def said(*arguments: str) -> str:
        with pytest.raises(SystemExit) as done:
            run(["backtest", *arguments])
        assert done.value.code == 0
        return capsys.readouterr().out

    shown = json.loads(said("--json", "-o", str(tmp_path / "page.md")))
    Draft202012Validator(BacktestAnswer.model_json_schema(mode="serialization")).validate(shown)
    assert shown["meta"]["case"] == "us-japan-2025"
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page(answer)
    human = said()
    assert "LEAVE ONE OUT (not a forecast)" in human
    assert "shuffles beat us" in human


def test_bad_input_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        run(["backtest", "--deals", "no-such-folder"])
    assert done.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "there is no folder" in err
