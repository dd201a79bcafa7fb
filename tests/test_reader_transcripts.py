"""Who has the floor in a transcript: labels, those who only ask, and the government of a label without a country."""

from __future__ import annotations

from datetime import date

import pytest

from tradetalks.record.reader.proposals import read
from tradetalks.record.reader.scenes import flat, scenes
from tradetalks.record.reader.who import actors


def floor(text: str) -> list[tuple[str, str | None, str | None]]:
    """Return (clause, speaker, party of the speaker) of every clause that is not a questioner's."""
    return [
        (
            told.scene.text[told.scene.start : told.scene.end],
            told.context.speaker.who if told.context.speaker else None,
            told.context.speaker.party if told.context.speaker else None,
        )
        for told in scenes(flat(text), actors(flat(text)))
    ]


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("Q", "A"),
        ("REPORTER", "SPOKESPERSON"),
        ("Question", "Answer"),
        ("HOST", "TRADE MINISTER"),
        ("Radio Nord", "Reply"),
    ],
)
def test_the_answer_after_a_question_is_read_and_the_question_is_not(asks: str, answers: str) -> None:
    text = (
        f"{asks}: Does Norway give up its duty on cheese?\n{answers}: No. We will keep the duty.\n"
        f"{asks}: And the salmon?\n{answers}: Norway has asked Washington for a lower rate."
    )
    heard = floor(text)
    assert [clause for clause, *_ in heard] == [
        "No.",
        "We will keep the duty.",
        "Norway has asked Washington for a lower rate.",
    ]
    assert {party for *_, party in heard} == {"NOR"}


def test_a_question_may_have_no_colon() -> None:
    text = "THE PRESIDENT: Canada will pay 35 percent.\n\nQ    Will you lower it?\n\nTHE PRESIDENT: No."
    assert [clause for clause, *_ in floor(text)] == ["Canada will pay 35 percent.", "No."]


def test_a_label_in_capitals_is_the_person_whom_the_text_names() -> None:
    text = (
        "Trade Minister Hana Lindqvist of Sweden met the press. REPORTER: What did you offer? LINDQVIST: We offered "
        "to buy more gas. REPORTER: More? LINDQVIST: Not yet."
    )
    assert [(clause, who) for clause, who, _ in floor(text)][1:] == [
        ("We offered to buy more gas.", "Lindqvist"),
        ("Not yet.", "Lindqvist"),
    ]


def test_the_president_of_a_transcript_is_the_american_one() -> None:
    text = "Q: Sir, is Canada next? THE PRESIDENT: We will put 35 percent on Canada. Q: All of it? THE PRESIDENT: Yes."
    assert {party for *_, party in floor(text)} == {"USA"}


def test_a_host_who_tells_something_is_no_speaker() -> None:
    text = "HOST: Morning. HOST: They want our beef market, minister. MINISTER: Korea will not open it. HOST: Thanks."
    assert [clause for clause, *_ in floor(text)] == ["Korea will not open it."]


@pytest.mark.parametrize(
    "text",
    [
        "The terms are plain: no quota, no duty. Japan agreed. One thing is open: the yen.",
        "The week ahead. Monday: talks in Geneva. Tuesday: Swiss figures. Wednesday: a hearing.",
        "Goods: rice. Rate: 15%. Goods: beef. Rate: 20%. Goods: Japanese cars. Rate: 25%.",
    ],
)
def test_a_colon_in_prose_gives_nobody_the_floor(text: str) -> None:
    assert all(who is None for _, who, _ in floor(text)[:1])
    assert len(floor(text)) >= 3


def test_what_is_told_behind_after_is_not_the_speakers() -> None:
    text = "The European Commission said it would wait after President Trump threatened a duty of 30%."
    first, second = scenes(text, actors(text))
    assert [voice.actor.party for voice in first.scene.voices] == ["EU"]
    assert not second.scene.voices


def test_a_report_speaks_for_the_country_of_its_dateline() -> None:
    text = "MASERU, May 5 - The trade minister asked Washington on Monday to drop the 50% duty on garments."
    parties = {actor.party for told in scenes(text, actors(text)) for actor in (told.context.home,) if actor}
    assert parties == {"LSO"}


def test_answers_without_a_label_are_read() -> None:
    text = (
        "Q: Does Norway pay more? Norway pays 15 percent. It has asked for less.\n\nQ: Why? Norway refused to buy gas."
    )
    assert [clause for clause, *_ in floor(text)] == [
        "Norway pays 15 percent.",
        "It has asked for less.",
        "Norway refused to buy gas.",
    ]


def test_a_heading_that_asks_nothing_silences_nobody() -> None:
    assert [clause for clause, *_ in floor("Media: Norway has asked Washington for a lower rate. It will wait.")] == [
        "Norway has asked Washington for a lower rate.",
        "It will wait.",
    ]


def test_a_transcript_that_names_no_country_proposes_nothing() -> None:
    text = "Q: Will you agree? A: We have agreed to nothing on beef. Q: And cars? A: We refuse to talk of them."
    assert read(text, date(2025, 5, 5)).proposals == ()
