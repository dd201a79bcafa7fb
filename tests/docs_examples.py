"""The fenced examples of the documents: found, told apart, run.

An HTML comment right above a fence, invisible to readers, says what is special about it:
``<!-- slow -->`` (its page runs with the slow tests only), ``<!-- file: NAME -->`` (the block is the text of a
file that later blocks of the page read), ``<!-- output -->`` (what the block before prints, or lines of it),
``<!-- not run: REASON -->``.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tradetalks.cli.main import run

ROOT = Path(__file__).parents[1]
PAGES = {
    path.relative_to(ROOT).as_posix(): path for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
}
BLOCK = re.compile(r"(?:^<!-- *([^>]*?) *-->\n+)?^```(\w*)[^\n]*\n(.*?)^```$", re.S | re.M)
#: A number, with its digits behind the point.
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.(\d+))?")


@dataclass(frozen=True)
class Example:
    """One fenced block: the page, its first line there, the language, the text, and the comment above it."""

    page: str
    line: int
    language: str
    text: str
    mark: str

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def runs(self) -> bool:
        return self.language in ("sh", "python") and not self.mark.startswith("not run")


def examples(page: str) -> list[Example]:
    """Return the fenced blocks of a page, in order."""
    text = PAGES[page].read_text(encoding="utf-8")
    return [
        Example(page, text.count("\n", 0, found.start(2)) + 1, found[2], found[3], found[1] or "")
        for found in BLOCK.finditer(text)
    ]


def play(page: str) -> None:
    """Run the examples of a page one after another in the current folder.

    Every ``tradetalks`` line must exit with 0, every other line too; Python blocks of a page share their names.
    Where the page shows an output, each line of it must be printed, in that order (``...`` stands for
    lines left out), figures within one unit of their last digit.
    """
    names: dict[str, object] = {}
    printed = ""
    for example in examples(page):
        if example.mark.startswith("file:"):
            Path(example.mark.removeprefix("file:").strip()).write_text(example.text, encoding="utf-8")
        elif example.mark == "output":
            compare(example, printed)
        elif example.runs:
            printed = shell(example) if example.language == "sh" else python(example, names)


def python(example: Example, names: dict[str, object]) -> str:
    """Run a Python block; return what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile("\n" * example.line + example.text, example.page, "exec"), names)
    return out.getvalue()


def shell(example: Example) -> str:
    """Run the commands of a shell block; return what they printed on standard output."""
    printed = ""
    for command in statements(example.text):
        words = shlex.split(command.replace("\\\n", " "), comments=True)
        marks = set(shlex.shlex(command, posix=True, punctuation_chars=True))
        if words[0] == "tradetalks" and not {">", "<", "|", "&&", ";"} & marks:
            printed += tradetalks(words[1:], f"{example.where}: {command}")
        else:
            path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
            bash = ["bash", "-euo", "pipefail", "-c", command]
            done = subprocess.run(bash, capture_output=True, text=True, env={**os.environ, "PATH": path})
            assert done.returncode == 0, f"{example.where}: {command}\n{done.stderr}"
            printed += done.stdout
    return printed


def statements(text: str) -> Iterator[str]:
    """Yield the commands of a shell block; one goes on where a quote is open or a line ends in a backslash."""
    command = ""
    for line in text.splitlines():
        command += line
        try:
            whole = not command.endswith("\\")
            words = shlex.split(command, comments=True) if whole else []
        except ValueError:
            whole = False
        if not whole:
            command += "\n"
            continue
        if words:
            yield command
        command = ""
    assert not command.strip(), f"not a whole command: {command}"


def tradetalks(arguments: list[str], where: str) -> str:
    """Run the command line in this process (no new import of jax); return its standard output."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as done:
        run(arguments)
    assert done.value.code == 0, f"{where}\n{err.getvalue()}"
    return out.getvalue()


def compare(shown: Example, printed: str) -> None:
    """Fail unless every line that the page shows was printed, in order."""
    left = iter(printed.splitlines())
    for line in shown.text.splitlines():
        if line.strip() not in ("", "..."):
            assert any(alike(line, other) for other in left), f"{shown.where}: not printed: {line}\n\n{printed}"


def alike(shown: str, printed: str) -> bool:
    """Tell whether two lines are the same but for spaces and the last digit of their figures."""
    if " ".join(NUMBER.sub("#", shown).split()) != " ".join(NUMBER.sub("#", printed).split()):
        return False
    pairs = zip(NUMBER.finditer(shown), NUMBER.finditer(printed), strict=True)
    return all(
        abs(float(one[0].replace(",", "")) - float(two[0].replace(",", "")))
        <= 1.001 * 10.0 ** -len(one[1] or "") * bool(one[1])
        for one, two in pairs
    )
