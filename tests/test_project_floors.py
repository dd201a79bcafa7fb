"""The house: each floor stands only on those below, and the porch opens without the machinery."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "tradetalks"

#: What each floor may import besides itself. ``world``, ``law`` and ``record`` do not know each other;
#: ``model`` knows the world and nothing of law.
MAY_IMPORT = {
    "ground": set(),
    "world": {"ground"},
    "law": {"ground"},
    "record": {"ground"},
    "model": {"ground", "world"},
    "value": {"ground", "world", "law", "model"},
    "talks": {"ground", "world", "law", "record", "model", "value"},
    "brief": {"ground", "world", "law", "record", "model", "value", "talks"},
    "app": {"ground", "world", "law", "record", "model", "value", "talks", "brief"},
    "cli": {"ground", "world", "law", "record", "model", "value", "talks", "brief", "app"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))

#: Libraries that a quick command must not load: each costs more than the command itself.
HEAVY = ("jax", "altair", "numpyro", "fastapi", "pandas", "scipy", "vl_convert")


def imports(path: Path, *, at_start: bool = False) -> list[tuple[int, str]]:
    """Return (line, absolute dotted name) of what the module at ``path`` imports.

    With ``at_start`` only what is loaded when the module itself is imported: nothing inside a
    function, nothing for the type checker alone.
    """
    package = path.relative_to(PACKAGE.parent).parts[:-1]
    found = []
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += node.module.split(".") if node.module else []
            found += [(node.lineno, ".".join([*base, alias.name])) for alias in node.names]
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        )
        if not (at_start and later):
            waiting += ast.iter_child_nodes(node)
    return found


def test_every_folder_is_a_floor() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders <= set(MAY_IMPORT)
    assert {"ground", "cli"} <= folders


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_nothing_imports_upward(path: Path) -> None:
    floor = path.relative_to(PACKAGE).parts[0]
    ours = [(line, name.split(".")) for line, name in imports(path) if name.split(".")[0] == "tradetalks"]
    if floor == "__init__.py":
        assert not ours
        return
    allowed = MAY_IMPORT[floor] | {floor, "__version__"}
    wrong = [f"line {line}: {'.'.join(name)}" for line, name in ours if name[1] not in allowed]
    assert not wrong, f"{floor} may import {sorted(allowed)} only"


@pytest.mark.parametrize("floor", ["ground", "law", "record", "cli"])
def test_light_floors_load_no_heavy_library_at_the_start(floor: str) -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in sorted((PACKAGE / floor).rglob("*.py"))
        for _, name in imports(path, at_start=True)
        if name.split(".")[0] in HEAVY
    ]
    assert not wrong


def loaded_by(*arguments: str) -> set[str]:
    """Return the top-level modules in memory after ``tradetalks ARGUMENTS`` ran in a process of its own."""
    program = (
        "import sys\n"
        "from tradetalks.cli.main import run\n"
        "try: run(sys.argv[1:])\n"
        "except SystemExit as done: code = done.code\n"
        "print(code, *{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    code, *modules = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    return set(modules)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["duty", "--help"],
        ["rates", "--help"],
        ["record", "--help"],
        ["value", "--help"],
        ["brief", "--help"],
        ["data"],
        ["duty", "8703.23.01", "--origin", "JP", "--on", "2025-04-20", "--value", "30000"],
        ["rates", "--origin", "JP", "--on", "2025-04-20"],
        ["record", "list"],
    ],
    ids=" ".join,
)
def test_quick_commands_load_nothing_heavy(arguments: list[str]) -> None:
    assert not loaded_by(*arguments) & set(HEAVY)
