"""Whom the reader names for a move: the speaker, else the body or person that the clause is about."""

from __future__ import annotations

from datetime import date

import pytest

from tradetalks.record.reader.proposals import Proposal, read

DAY = date(2025, 5, 2)


def proposals(text: str) -> tuple[Proposal, ...]:
    return read(text, DAY).proposals


@pytest.mark.parametrize(
    ("text", "party", "who"),
    [
        ("Akazawa met Lutnick in Washington and asked for relief on steel.", "JPN", "Akazawa"),
        ("Greer spoke with Akazawa by phone and threatened a tariff of 30% on cars.", "USA", "Greer"),
        (
            "Tokyo, 1 May. The agriculture ministry offered to raise the quota for American rice.",
            "JPN",
            "agriculture ministry",
        ),
        (
            "Japan is ready to buy more liquefied gas from Alaska, the economy ministry in Tokyo said on Friday.",
            "JPN",
            "economy ministry in Tokyo",
        ),
        ("Seoul rejected any target for the exchange rate, Rhee Chang-yong said.", "KOR", "Rhee"),
    ],
)
def test_who_makes_a_move_is_called_as_the_text_calls_it(text: str, party: str, who: str) -> None:
    found = [one for one in proposals(text) if one.party == party]
    assert found
    assert {one.who for one in found} == {who}


def test_the_government_alone_stands_where_nobody_closer_is_named() -> None:
    (found,) = proposals("Japan offered to buy more soybeans from the United States.")
    assert (found.party, found.who) == ("JPN", "Japan")


def test_what_somebody_said_goes_on_as_his() -> None:
    text = "Akazawa told reporters that the talks were hard. Japan is asking for an end to the duty on cars."
    assert [one.who for one in proposals(text) if one.party == "JPN"] == ["Akazawa"]


def test_a_move_told_by_the_other_side_is_said_to_be() -> None:
    text = "Washington demanded a larger quota for rice, Akazawa told reporters in Tokyo."
    (found,) = (one for one in proposals(text) if one.party == "USA")
    assert (found.who, found.recorded_as) == ("Akazawa", "reported by the other side")


def test_a_source_without_a_name_stays_without_one() -> None:
    text = "Japan has offered to raise its rice quota, two officials familiar with the talks said."
    (found,) = proposals(text)
    assert (found.party, found.attribution, found.recorded_as) == ("JPN", "unnamed", "sources")


def test_figures_of_every_place_that_tells_a_move_are_its_figures() -> None:
    text = (
        "Japan offered to buy liquefied gas worth $5 billion a year. The talks went on until late.\n\n"
        "Japan also offered to buy crude oil worth $2 billion a year."
    )
    (found,) = (one for one in proposals(text) if one.act == "offer" and one.issue == "energy")
    assert found.more
    assert {one.value for one in found.quantities} == {5.0, 2.0}
