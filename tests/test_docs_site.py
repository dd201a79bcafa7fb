"""The documentation site: built without a warning and without a network, and asking for nothing when read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="the extra `docs` is not installed")
pytest.importorskip("latex2mathml", reason="the extra `docs` is not installed")
ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow

#: No name can be resolved and no connection opened in a process that starts with this.
OFFLINE = """
import socket, sys
def refuse(*_, **__):
    raise OSError("the build asked for the network")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from mkdocs.__main__ import cli
cli(["build", "--strict", "--quiet", "--site-dir", sys.argv[1]])
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once, strictly and offline."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert "WARNING" not in built.stderr
    return folder


class Loads(HTMLParser):
    """What a browser fetches for a page, without a click."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed"):
            self.addresses.append(given.get("src") or "")
        if tag == "link" and given.get("rel") not in ("canonical", "next", "prev"):
            self.addresses.append(given.get("href") or "")


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 100
    for page in pages:
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert loads.addresses, page
        assert not [one for one in loads.addresses if re.match(r"(?:\w+:)?//", one)], page


def test_no_style_loads_anything_from_elsewhere(site: Path) -> None:
    for style in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")), style


def test_every_link_leads_to_a_page_and_a_heading(site: Path) -> None:
    """mkdocs checks the links that are written; this checks those that are made, the reference's own included."""
    ids: dict[Path, set[str]] = {}
    for page in site.rglob("*.html"):
        ids[page] = set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8")))
    broken = []
    for page in ids:
        if page.name == "404.html":
            continue
        for address in set(re.findall(r'<a [^>]*?href="([^"]+)"', page.read_text(encoding="utf-8"))):
            target, _, anchor = address.partition("#")
            if re.match(r"\w+:", address):
                continue
            goal = (page.parent / target).resolve() if target else page
            if not goal.exists() or (anchor and goal in ids and anchor not in ids[goal]):
                broken.append(f"{page.relative_to(site)}: {address}")
    assert not broken


def test_equations_are_mathml_and_no_script_is_needed_for_them(site: Path) -> None:
    text = (site / "concepts.html").read_text(encoding="utf-8")
    source = (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8")
    assert text.count('<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"') >= source.count("$$") // 2 > 5
    assert "arithmatex" not in text
    assert "merror" not in text


def test_the_reference_has_every_command_and_every_floor(site: Path) -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    from cli_reference import commands

    contents = (site / "reference" / "index.html").read_text(encoding="utf-8")
    for words in commands():
        name = words.replace(" ", "-")
        assert (site / "reference" / "cli" / f"{name}.html").is_file()
        assert f'href="cli/{name}.html"' in contents
    for module in ("model/economy", "law/duty", "talks/wants/posterior", "value/case"):
        assert "doc-heading" in (site / "reference" / "api" / f"{module}.html").read_text(encoding="utf-8")
