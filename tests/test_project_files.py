"""The project as it is published: every table sourced, no stray addresses or paths, sizes, versions."""

from __future__ import annotations

import re
import runpy
import subprocess
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import tradetalks
from tradetalks.ground.sources import FLOORS, catalogue

ROOT = Path(__file__).parents[1]


def tracked() -> list[Path]:
    """Return the files that belong to the project: tracked, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_large_file() -> None:
    large = {path.name: path.stat().st_size for path in tracked() if path.stat().st_size > 4_000_000}
    assert not large


# Spelled in pieces, or this file would find itself.
STRAY = {
    "the home folder of a machine": "/" + r"(?:home|root|Users)/\w",
    "the folder of a workplace": "/" + r"work/\w",
    "the address of a package index": "index" + r"[-_]url|pypi\." + "org|files" + r"\.pythonhosted|proxy\." + "golang",
    "a credential": "(?i)(?:api[_-]?key|passw" + "ord|secret[_-]?key)\\s*[=:]\\s*['\"]\\w{8}",
}


@pytest.mark.parametrize("what", STRAY)
def test_no_stray_text(what: str) -> None:
    pattern = re.compile(STRAY[what].encode())
    hits = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            hits += [
                f"{path.relative_to(ROOT)}:{content.count(10, 0, match.start()) + 1}"
                for match in pattern.finditer(content)
            ]
    assert not hits


@pytest.mark.parametrize("floor", FLOORS)
def test_every_shipped_table_has_a_source_and_every_source_a_table(floor: str) -> None:
    data = Path(str(files("tradetalks"))) / floor / "data"
    shipped = {
        str(path.relative_to(data)) for path in data.rglob("*") if path.is_file() and not path.name.startswith(".")
    } - {"sources.yaml"}
    sources = [source.file for source in catalogue().get(floor, [])]
    folders = tuple(f"{name}/" for name in sources if (data / name).is_dir())
    assert len(sources) == len(set(sources))
    assert not [name for name in sources if not (data / name).exists()]
    assert not [name for name in shipped if name not in sources and not name.startswith(folders)]


def test_sources_are_complete_sentences_of_ours() -> None:
    everything = [source for sources in catalogue().values() for source in sources]
    names = [source.table for source in everything]
    assert len(names) == len(set(names))
    for source in everything:
        for field, text in source:
            assert text is None or text.strip(), f"{source.table}: {field} is empty"
        assert source.url is None or source.url.startswith("https://"), source.table


def test_no_data_outside_the_floors_that_list_it() -> None:
    package = Path(str(files("tradetalks")))
    tables = {".csv", ".parquet", ".npz", ".npy", ".json", ".gz", ".xlsx", ".arrow", ".feather"}
    stray = [
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.suffix in tables and path.relative_to(package).parts[1:2] != ("data",)
    ]
    assert not stray


def test_data_licences_are_up_to_date() -> None:
    page = runpy.run_path(str(ROOT / "tools" / "build_data_licenses.py"))["page"]
    assert (ROOT / "DATA_LICENSES.md").read_text(encoding="utf-8") == page(), "run: make data-licenses"


def test_constraints_pin_every_dependency_and_name_no_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n")
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", pin) for pin in pins)
    pinned = {re.sub("[-_.]+", "-", pin.partition("==")[0]).lower() for pin in pins}
    wanted = project["dependencies"] + [
        name for extra in ("dev", "tools") for name in project["optional-dependencies"][extra]
    ]
    names = {re.sub("[-_.]+", "-", re.split(r"[<>=!~;\[ ]", one)[0]).lower() for one in wanted}
    assert names <= pinned


def test_changelog_speaks_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {tradetalks.__version__}" in text


def test_links_between_the_documents_lead_somewhere() -> None:
    broken = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")
    assert not broken


def test_the_readme_example_runs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", text, re.S)
    assert example, "the README has a Python example"
    exec(compile(example[1], "README.md", "exec"), {})
