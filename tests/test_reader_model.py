"""The reader's model: its table, its clauses and features, and how sure it says it is."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import get_args

import numpy as np
import pytest

from tradetalks.record.entry import Act
from tradetalks.record.issues import issues
from tradetalks.record.reader.clauses import clauses
from tradetalks.record.reader.features import act_features
from tradetalks.record.reader.model import Task, regression
from tradetalks.record.reader.moves import LEAST
from tradetalks.record.reader.proposals import read
from tradetalks.record.reader.scenes import scenes
from tradetalks.record.reader.tokens import stem, tokens
from tradetalks.record.reader.who import actors

DAY = date(2025, 7, 18)


@pytest.mark.parametrize("task", get_args(Task))
def test_the_table_answers_in_the_words_of_the_record(task: Task) -> None:
    fit = regression(task)
    known = {"mover": {"no", "yes"}, "act": {"none", *get_args(Act)}, "issue": {one.id for one in issues()}}
    assert set(fit.answers) <= known[task]
    for features in ([], ["a feature that nothing has"], list(fit.rows)[:40]):
        chances = fit.probabilities(features, ["refuse", "zzz"])
        assert chances.shape == (len(fit.answers),)
        assert np.all(chances > 0)
        assert chances.sum() == pytest.approx(1)


def test_the_table_is_small() -> None:
    assert len((files("tradetalks.record") / "data" / "reader.parquet").read_bytes()) < 1_500_000


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Tokyo offered to buy corn, but Washington refused to lift its duty.", 2),
        ("Seoul agreed to buy gas and rejected the demand for a fund.", 2),
        ("Seoul agreed to buy gas and rice from the United States.", 1),
        ("Tokyo is prepared to import more soybeans and corn if Washington lowers its tariffs.", 1),
        ("The offer of a quota stands; Brussels called it unacceptable.", 2),
        ("Brussels said it would hold off after President Trump threatened a duty of 30%.", 2),
        ("Tokyo asked for relief after a week of talks in Washington.", 1),
    ],
)
def test_clauses_with_a_move_of_their_own(sentence: str, wanted: int) -> None:
    found = clauses(sentence, 0, len(sentence), actors(sentence))
    assert len(found) == wanted
    assert all(0 <= start < end <= len(sentence) for start, end in found)


def test_words_become_stems_and_names_classes() -> None:
    assert stem("offers") == stem("offered") == stem("offering")
    text = "President Trump raised the duty on Japanese cars to 25% for $3 billion."
    found = [one.stem for one in tokens(text, 0, len(text), actors(text))]
    assert {"PERUS", "ADJGOV", "PCT", "MONEY"} <= set(found)
    assert not {"trump", "japanes", "25"} & set(found)


def test_features_of_an_act_do_not_see_the_goods() -> None:
    rows = []
    for goods in ("beef", "steel"):
        text = f"Jakarta refused to discuss {goods}."
        (told,) = scenes(text, actors(text))
        rows.append({one for one in act_features(told.scene, "X") if not one.startswith("topic=")})
    assert rows[0] == rows[1]


def test_what_is_proposed_is_sure_enough_and_less_so_where_it_is_vague() -> None:
    plain = read("Tokyo refused to lower its tariffs on American rice.", DAY).proposals
    assert [(one.party, one.act, one.issue) for one in plain] == [("JPN", "refuse", "agriculture")]
    assert plain[0].confidence is not None
    assert plain[0].confidence > 0.5
    for one in read("Tokyo might perhaps look at rice one day, and Seoul at cars, Hanoi at gas.", DAY).proposals:
        assert one.confidence is not None
        assert LEAST * 0.5 <= one.confidence < plain[0].confidence
