"""The commands optimal, war and bargain."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from tradetalks.cli.main import run
from tradetalks.cli.schema import answer_model


def leave(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as done:
        run(list(arguments))
    out, err = capsys.readouterr()
    assert isinstance(done.value.code, int)
    return done.value.code, out, err


@pytest.mark.parametrize(
    "arguments",
    [
        ["optimal", "United States", "--against", "jp", "--instruments", "uniform"],
        ["war", "USA", "EU", "--retaliate", "--instruments", "uniform"],
        ["bargain", "USA", "JPN", "--instruments", "uniform"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_json_follows_its_schema_and_adds_up(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = leave(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    Draft202012Validator(answer_model(arguments[0]).model_json_schema(mode="serialization")).validate(answer)
    for stage in answer["stages"]:
        assert stage["certified"]
        total = sum(row["welfare_usd_bn"] for row in (*stage["sides"], *stage["others"]))
        assert stage["world_usd_bn"] == pytest.approx(total)
    if arguments[0] == "optimal":
        assert answer["stages"][0]["sides"][0]["welfare_usd_bn"] > 0
    if arguments[0] == "war":
        assert [side["side"] for side in answer["stages"][1]["sides"]] == ["USA", "EU"]
        assert len(answer["stages"][1]["others"]) == 81 - 28
    if arguments[0] == "bargain":
        assert min(answer["gains_over_threat_pct"]) > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["optimal", "Atlantis"], "Atlantis"),
        (["optimal", "USA", "--against", "USA"], "name other regions"),
        (["war", "USA"], "two or more"),
        (["war", "EU", "DEU"], "DEU"),
        (["bargain", "USA", "JPN", "--solution", "fair"], "egalitarian"),
        (["bargain", "USA", "JPN", "--threat", "peace"], "status quo"),
        (["optimal", "USA", "--instruments", "quota"], "bilateral"),
        (["optimal", "MCO"], "MCO"),
    ],
)
def test_bad_input_is_told_in_a_sentence(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = leave(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
