"""Sectors: 28, in the order of the world table; a common word is proposed, never matched."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tradetalks.ground.errors import BadInput
from tradetalks.ground.sectors import BY_CODE, SECTORS, WORDS, sector

SHARED = Path(os.environ.get("TRADETALKS_SHARED", Path(__file__).parent / "../../shared"))


def test_round_trip() -> None:
    assert len(SECTORS) == len(BY_CODE) == 28
    for one in SECTORS:
        for text in (one.code, one.code.lower(), one.name, f"  {one.name.upper()} "):
            assert sector(text) is one


def test_services_are_no_goods() -> None:
    assert [one.code for one in SECTORS if not one.goods] == ["B09", "SERV"]


@pytest.mark.parametrize(
    ("word", "proposals"),
    [
        ("cars", "C29 (motor vehicles)"),
        ("rice", "A01 (crops and livestock) or C10T12 (food, drink and tobacco)"),
        ("steel", "C24A (iron and steel)"),
        ("Semiconductors", "C26 (computers and electronics)"),
        ("C24", "C24A (iron and steel) or C24B (non-ferrous metals)"),
        ("Chemcals", "C20 (chemicals)"),
        ("motor vehicle", "C29 (motor vehicles)"),
    ],
)
def test_words_are_proposed(word: str, proposals: str) -> None:
    with pytest.raises(BadInput) as error:
        sector(word)
    assert str(error.value) == f"no sector {word!r} in icio-2022; did you mean {proposals}?"


@pytest.mark.parametrize("word", ["", "   ", "x" * 100_000, "\u4eca\u65e5"])
def test_nonsense(word: str) -> None:
    with pytest.raises(BadInput) as error:
        sector(word)
    assert len(str(error.value)) < 200


def test_no_word_is_a_name() -> None:
    names = {text.casefold() for one in SECTORS for text in (one.code, one.name)}
    for code, words in WORDS.items():
        assert code in BY_CODE
        # "coal", "chemicals", "services" and the like are names and match; no other word does.
        for word in set(words.split()) - names:
            with pytest.raises(BadInput, match=code):
                sector(word)


@pytest.mark.skipif(not (SHARED / "data/world").is_dir(), reason="raw inputs absent")
def test_order_is_that_of_the_raw_world_table() -> None:
    with np.load(SHARED / "data/world/icio2022_80c_28s.npz") as world:
        raw = [str(code) for code in world["sectors"]]
    assert [one.code for one in SECTORS] == [*raw[:-1], "SERV"]
    assert raw[-1] == "Services (aggregate)"
