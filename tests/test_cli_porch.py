"""The porch: help, versions, exit codes, what goes to which stream."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
from jsonschema import Draft202012Validator

import tradetalks
from tradetalks.cli import main, schema
from tradetalks.cli.main import run
from tradetalks.cli.options import DEFAULT_CASE, chosen_case, print_json
from tradetalks.ground.errors import BadInput, NotConverged


def commands() -> dict[str, str]:
    """Return the help text of every command, subcommands included, by its words."""
    found = {}

    def visit(command: object, words: tuple[str, ...]) -> None:
        found[" ".join(words)] = getattr(command, "help", "") or ""
        for name, inner in getattr(command, "commands", {}).items():
            visit(inner, (*words, name))

    visit(typer.main.get_command(main.app), ())
    return found


COMMANDS = commands()
#: Those that answer in a second; the others are tried by the tests of their floor.
QUICK = {"duty", "rates", "record list", "data", "schema"}


def leave(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line in this process; return exit code, standard output, standard error."""
    with pytest.raises(SystemExit) as done:
        run(list(arguments))
    out, err = capsys.readouterr()
    assert isinstance(done.value.code, int)
    return done.value.code, out, err


def examples(words: str) -> list[str]:
    """Return the command lines under ``Example:`` in the help of a command."""
    _, _, block = COMMANDS[words].partition("Example:")
    return [line.strip() for line in block.splitlines() if line.strip().startswith("tradetalks ")]


def test_the_porch_loads_nothing_heavy() -> None:
    """Every command would wait for it; and numpy must not be there before the threads of its library are set."""
    code = (
        "import sys, tradetalks.cli.main; print([m for m in ('numpy', 'polars', 'jax', 'altair') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_floors_have_their_commands() -> None:
    assert {"duty", "rates", "record", "value", "brief", "validate", "data", "schema"} <= set(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS)
def test_help_says_what_and_shows_how(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = leave(capsys, *words.split(), "--help")
    assert code == 0
    assert err == ""
    assert "\\b" not in out, "write the docstring without r, or the help shows the mark"
    if words == "" or not [other for other in COMMANDS if other.startswith(words + " ")]:
        assert f"tradetalks {words}".strip() in " ".join(examples(words)), "the help has no example"


@pytest.mark.parametrize("words", sorted(QUICK & set(COMMANDS)))
def test_the_examples_of_quick_commands_run(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    for example in examples(words):
        code, out, err = leave(capsys, *shlex.split(example)[1:])
        assert (code, err.count("Traceback")) == (0, 0), err
        assert out.strip()


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(capsys, "--version") == (0, f"tradetalks {tradetalks.__version__}\n", "")


@pytest.mark.parametrize("arguments", [["nonsense"], ["data", "--nonsense"], ["schema"]], ids=" ".join)
def test_usage_errors_exit_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = leave(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr(import_module("tradetalks.cli.data"), "shipped", broken)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BadInput("--on: not a date"), 2, "tradetalks: --on: not a date\n"),
        (NotConverged("no equilibrium after 500 steps"), 3, "tradetalks: no equilibrium after 500 steps\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=["bad input", "not converged", "interrupted"],
)
def test_errors_become_exit_codes(
    error: BaseException,
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_with(error, monkeypatch)
    assert leave(capsys, "data", "--json") == (code, "", said)


def test_a_bug_says_so_in_a_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(KeyError("C29"), monkeypatch)
    monkeypatch.delenv("TRADETALKS_DEBUG", raising=False)
    code, out, err = leave(capsys, "data")
    assert (code, out) == (1, "")
    assert "this is a bug" in err
    assert "KeyError: 'C29'" in err
    assert "TRADETALKS_DEBUG=1" in err
    assert "Traceback" not in err
    monkeypatch.setenv("TRADETALKS_DEBUG", "1")
    code, out, err = leave(capsys, "data")
    assert (code, out) == (1, "")
    assert "Traceback" in err


def test_the_installed_command_and_a_closed_pipe() -> None:
    """``tradetalks data --json | head`` ends quietly although the reader leaves early."""
    command = Path(sys.executable).with_name("tradetalks")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([command, "data", "--json"], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert done.stderr == ""


def test_the_default_case_and_two_ways_to_name_one() -> None:
    assert chosen_case(None, None) == DEFAULT_CASE == "us-japan-2025"
    assert chosen_case("mine", None) == chosen_case(None, "mine") == chosen_case("mine", "mine") == "mine"
    with pytest.raises(BadInput, match="--case: the command names two cases, 'mine' and 'yours'"):
        chosen_case("mine", "yours")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_no_answer_holds_a_number_that_is_none(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        print_json({"welfare_pct": number})


def test_every_table_is_listed_with_its_digest(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = leave(capsys, "data", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["tables"]
    for table in answer["tables"]:
        assert re.fullmatch("[0-9a-f]{64}", table["sha256"])
        assert table["bytes"] > 0
    code, listing, _ = leave(capsys, "data")
    assert code == 0
    for table in answer["tables"]:
        assert table["citation"] in listing


@pytest.mark.parametrize("command", schema.ANSWERS)
def test_every_answer_has_a_schema_and_a_meta_block(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = leave(capsys, "schema", command)
    assert (code, err) == (0, "")
    published = json.loads(out)
    Draft202012Validator.check_schema(published)
    assert "meta" in published["required"]


@pytest.mark.parametrize("words", sorted(QUICK & set(COMMANDS)))
def test_answers_of_quick_commands_obey_their_schema(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = words.split()[0]
    if command == "schema":
        return
    example = shlex.split(examples(words)[0])[1:]
    code, out, err = leave(capsys, *example, *([] if "--json" in example else ["--json"]))
    assert code == 0, err
    answer = json.loads(out)
    Draft202012Validator(schema.answer_model(command).model_json_schema(mode="serialization")).validate(answer)
    assert answer["meta"]["version"] == tradetalks.__version__
    assert set(answer["meta"]) >= {
        "version",
        "case",
        "as_of",
        "known_through",
        "usd_year",
        "seed",
        "warnings",
    }


def test_no_schema_of_that_name(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = leave(capsys, "schema", "dat")
    assert (code, out) == (2, "")
    assert "did you mean data" in err
