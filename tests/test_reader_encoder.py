"""The reader's encoder: word pieces, what it sees of a clause, and its answers."""

from __future__ import annotations

from importlib.resources import files
from typing import get_args

import numpy as np
import pytest

from tradetalks.record.entry import Act
from tradetalks.record.issues import issues
from tradetalks.record.reader import judge
from tradetalks.record.reader.encoder import encoder
from tradetalks.record.reader.model import regression
from tradetalks.record.reader.scenes import Told, scenes
from tradetalks.record.reader.who import actors
from tradetalks.record.reader.window import WITHIN, window
from tradetalks.record.reader.wordpiece import SPECIAL, pieces

TEXT = "Tokyo refused to lower its duty on rice. It would buy more gas, Akazawa said, if Washington spared its cars."
VOCABULARY = {piece: n for n, piece in enumerate([*SPECIAL, "tariff", "un", "##fair", "##s", "cafe", "'", "s"])}


def told(text: str) -> list[Told]:
    return list(scenes(text, actors(text)))


def test_the_table_is_small_and_answers_in_the_words_of_the_record() -> None:
    folder = files("tradetalks.record") / "data" / "encoder"
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) <= 10_000_000
    assert encoder().acts == ("none", *get_args(Act)) == regression("act").answers
    assert set(encoder().issues) == {one.id for one in issues()}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tariff", ["tariff"]),
        ("Tariffs", ["tariff", "##s"]),
        ("unfair", ["un", "##fair"]),
        ("Café", ["cafe"]),
        ("’s", ["'", "s"]),
        ("关税", ["[UNK]"]),
        ("unknown", ["[UNK]"]),
        ("un" * 1000, ["[UNK]"]),
        ("", []),
    ],
)
def test_a_word_falls_to_the_longest_pieces_that_are_known(text: str, wanted: list[str]) -> None:
    names = list(VOCABULARY)
    assert [names[number] for number, *_ in pieces(text, 0, len(text), VOCABULARY)] == wanted


def test_a_piece_knows_where_its_word_stands() -> None:
    found = pieces(TEXT, 6, 20, encoder().vocabulary)
    assert next(TEXT[low:high] for _, low, high in found) == "refused"
    assert all(6 <= low < high <= 20 for _, low, high in found)


def test_the_window_shows_who_is_named_and_where() -> None:
    names = list(encoder().vocabulary)
    seen = window(told(TEXT)[0], encoder().vocabulary)
    assert set(seen.parties) == {"JPN", "USA"}
    by_party = dict(zip(seen.parties, seen.places, strict=True))
    assert "tokyo" in [names[seen.pieces[n]] for n in by_party["JPN"]]
    assert not by_party["USA"]
    assert all(seen.inside[n] for places in seen.places for n in places)
    assert len(seen.pieces) == len(seen.inside) == len(seen.marks)


def test_who_is_named_only_before_the_clause_is_seen_there() -> None:
    names = list(encoder().vocabulary)
    seen = window(told("Tokyo refused to lower its duty. It would buy more gas.")[1], encoder().vocabulary)
    places = dict(zip(seen.parties, seen.places, strict=True))["JPN"]
    assert [names[seen.pieces[n]] for n in places] == ["tokyo"]
    assert not any(seen.inside[n] for n in places)


def test_a_clause_without_end_is_cut() -> None:
    text = "Tokyo refused " + "rice and beef and " * 2000 + "gas."
    assert max(sum(window(one, encoder().vocabulary).inside) for one in told(text)) <= WITHIN


def test_answers_are_probabilities_and_do_not_depend_on_the_company() -> None:
    clauses = told(TEXT) + told("Brussels threatened a duty of 25% on American bourbon and on motorcycles.")
    together = encoder().answers(clauses)
    assert len(together) == len(clauses)
    for one, answer in zip(clauses, together, strict=True):
        (alone,) = encoder().answers([one])
        assert answer.parties == alone.parties
        for given, own in ((answer.acts, alone.acts), (answer.issues, alone.issues)):
            assert given == pytest.approx(own, abs=1e-4)
            assert given.sum(axis=1) == pytest.approx(np.ones(len(answer.parties)), abs=1e-5)
    assert encoder().answers([]) == []


@pytest.mark.parametrize(
    ("text", "party", "act", "issue"),
    [
        ("Tokyo refused to lower its tariffs on American rice.", "JPN", "refuse", "agriculture"),
        ("Trump threatened a 50% tariff on European wine.", "USA", "threat", "tariffs"),
        ("Seoul offered to build ships in American yards.", "KOR", "offer", "shipbuilding"),
    ],
)
def test_plain_moves_are_told_by_the_encoder_alone(text: str, party: str, act: str, issue: str) -> None:
    (answer,) = encoder().answers(told(text))
    row = answer.parties.index(party)
    assert encoder().acts[int(answer.acts[row].argmax())] == act
    if act != "threat":
        assert encoder().issues[int(answer.issues[row].argmax())] == issue


def test_the_act_is_that_of_the_government_that_is_asked_for() -> None:
    (answer,) = encoder().answers(told("Washington demanded that Tokyo open its rice market; Tokyo looked on."))[:1]
    none = encoder().acts.index("none")
    assert answer.acts[answer.parties.index("JPN"), none] > answer.acts[answer.parties.index("USA"), none]


def test_two_judges_that_agree_are_surer_than_one_and_a_veto_is_no_zero() -> None:
    ours, theirs = np.array([0.2, 0.7, 0.1]), np.array([0.0, 1.0, 0.0])
    both = judge._together(ours, theirs, 0.5)
    assert both.sum() == pytest.approx(1)
    assert both[1] > ours[1]
    assert np.all(both > 0)
    assert judge._together(ours, theirs, 0.0) == pytest.approx(ours)


def test_clauses_without_hope_are_not_shown_to_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Tokyo refused to lower its tariffs on rice. The Paris river was high and the boats of Nice lay still."
    assert len(judge.judged(told(text))) >= 1
    monkeypatch.setattr(judge, "HOPELESS", 1.1)
    assert judge.judged(told(text)) == []
