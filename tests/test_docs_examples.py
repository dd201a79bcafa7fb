"""Every example of the documents runs; every command they name exists; every command is documented."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from docs_examples import PAGES, ROOT, Example, alike, examples, play

sys.path.insert(0, str(ROOT / "tools"))

from cli_reference import commands, page

WITH_EXAMPLES = [name for name in PAGES if any(example.runs for example in examples(name))]
WITH_SLOW = {name for name in WITH_EXAMPLES if any(example.mark == "slow" for example in examples(name))}
COMMANDS = commands()
EVERY_BLOCK = [example for name in PAGES for example in examples(name)]


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each page a folder of its own, and keep what it installs out of the user's data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user-data"))
    monkeypatch.setenv("COLUMNS", "120")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in WITH_SLOW else []) for name in WITH_EXAMPLES]
)
def test_examples_run(name: str) -> None:
    play(name)


@pytest.mark.parametrize(
    "example", [one for one in EVERY_BLOCK if "tradetalks " in one.text], ids=lambda one: one.where
)
def test_no_command_stands_in_a_block_that_nobody_runs(example: Example) -> None:
    shown = re.search(r"^\W*tradetalks \w", example.text, re.M)
    assert not shown or example.runs or example.mark.startswith("not run: "), (
        f"{example.where}: write ```sh so that a test runs it, or say above it <!-- not run: REASON -->"
    )


@pytest.mark.parametrize("example", EVERY_BLOCK, ids=lambda one: one.where)
def test_marks_are_understood(example: Example) -> None:
    # Any other comment above a fence is a remark and does not concern the runner.
    if re.match(r"(slow|file|output|not run)\b", example.mark):
        assert re.fullmatch(r"slow|file: \S+|output|not run: .+", example.mark), example.mark
        assert example.mark not in ("slow",) or example.language in ("sh", "python")


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_a_document_names_exists(name: str) -> None:
    text = PAGES[name].read_text(encoding="utf-8")
    groups = {words.split()[0] for words in COMMANDS if " " in words}
    for first, second in re.findall(r"(?:^|`)tradetalks ([a-z]+)(?: ([a-z]+))?", text, re.M):
        known = f"{first} {second}" in COMMANDS if first in groups and second else first in COMMANDS or first in groups
        assert known, f"{name}: tradetalks {first} {second}"


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_and_option_is_documented(words: str) -> None:
    command = COMMANDS[words]
    text = page(words, command)
    assert re.match(r"[A-Z][^\n]+\.\Z", (command.help or "").partition("\n\n")[0].replace("\n", " ")), "no sentence"
    (usage,) = re.findall(rf"^tradetalks {words} \[OPTIONS\](.*)$", text, re.M)
    assert not re.search(r"\[\[|\]\]|\.\.\.\S", usage), usage
    for parameter in command.params:
        said = getattr(parameter, "help", None) or ""
        assert re.match(r"\S.*[.?)\]]\Z", said, re.S), f"{words} {parameter.name}: no sentence of help"
        for name in parameter.opts if parameter.param_type_name == "option" else []:
            assert re.search(rf"^\| `[^`]*(?<![\w-]){name}\b[^`]*` \| \S", text, re.M), f"{words}: {name} is missing"


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_its_place_in_the_guide(words: str) -> None:
    guide = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    first = words.split()[0]
    assert f"`tradetalks {first}" in guide, f"docs/index.md does not say what tradetalks {first} is for"


def test_every_page_of_a_command_shows_an_example() -> None:
    missing = [words for words, command in COMMANDS.items() if "## Examples" not in page(words, command)]
    assert not missing


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("duty  27.50%", "  duty 27.50%", True),
        ("duty 27.50%", "duty 27.51%", True),
        ("duty 27.50%", "duty 27.52%", False),
        ("in 2024", "in 2025", False),
        ("duty 27.50%", "rate 27.50%", False),
    ],
)
def test_shown_figures_may_differ_in_the_last_digit_behind_the_point_only(shown: str, printed: str, same: bool) -> None:
    assert alike(shown, printed) is same


def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> str:
    """Make ``text`` a page of its own; return its name."""
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setitem(PAGES, "page.md", path)
    return "page.md"


@pytest.mark.parametrize(
    "text",
    [
        "```sh\ntradetalks duty 8703.23.01 --origin Nowhere\n```\n",
        "```sh\nfalse\n```\n",
        "```python\nassert 1 == 2\n```\n",
        "```sh\ntradetalks --version\n```\n\n<!-- output -->\n```text\nanother thing\n```\n",
    ],
)
def test_a_wrong_example_is_found(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = broken(monkeypatch, tmp_path, text)
    with pytest.raises(AssertionError):
        play(name)


def test_reference_lists_only_what_the_application_has() -> None:
    listed: dict[str, Any] = commands()
    assert {"duty", "law diff", "record add"} <= set(listed)
    assert "law" not in listed
