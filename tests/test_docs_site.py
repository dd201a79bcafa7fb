"""The documentation site: built without a warning and without a network, and asking for nothing when read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from shutil import which

import pytest

pytest.importorskip("mkdocs", reason="the extra `docs` is not installed")
pytest.importorskip("latex2mathml", reason="the extra `docs` is not installed")
sync_api = pytest.importorskip("playwright.sync_api")
ROOT = Path(__file__).parents[1]
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")
pytestmark = pytest.mark.slow

#: No name can be resolved and no connection opened in a process that starts with this.
OFFLINE = """
import socket, sys
def refuse(*_, **__):
    raise OSError("the build asked for the network")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from mkdocs.__main__ import cli
cli(["build", "--strict", "--site-dir", sys.argv[1]])
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


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[there](other.md#here)", None),
        ("[nowhere](missing.md)", "'missing.md'"),
        ("[nowhere](other.md#gone)", "does not contain an anchor '#gone'"),
    ],
)
def test_what_the_build_warns_of_fails_the_build(tmp_path: Path, line: str, fault: str | None) -> None:
    """The command of `make docs` on two pages under our own settings, without the plugins and the hooks."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Home\n\n{line}\n", encoding="utf-8")
    (tmp_path / "docs" / "other.md").write_text("# Other\n\n## Here\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        f"INHERIT: {ROOT / 'mkdocs.yml'}\ndocs_dir: docs\nsite_dir: site\nplugins: []\nhooks: []\n"
        "nav: [index.md, other.md]\n",
        encoding="utf-8",
    )
    (options,) = re.findall(r"/mkdocs (build.*)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", *options.split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert (built.returncode == 0) is (fault is None), built.stderr
    assert (fault or "") in built.stderr


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


def test_no_formula_is_printed_as_code() -> None:
    for name in ("concepts", "model", "policy"):
        text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        assert not re.findall(r"`[^`\n]*(?:[ΣΠ∝·^]|theta|pi\[)[^`\n]*`", text), name


@pytest.fixture(scope="module")
def reader(site: Path) -> Iterator[sync_api.Page]:
    """A browser that opens the site from its folder, as wide as a phone; what goes wrong in it fails the test."""
    with sync_api.sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]).new_page(
            viewport={"width": 390, "height": 844}
        )
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        yield page
        assert wrong == []


@BROWSER
def test_pages_opened_from_a_folder_can_be_searched(site: Path, reader: sync_api.Page) -> None:
    reader.goto((site / "reference" / "cli" / "value.html").as_uri())
    reader.locator("label.md-header__button[for=__search]").click()
    reader.locator(".md-search__input").press_sequentially("Lanczos")
    found = reader.locator(".md-search-result__item a[href*='policy.html']").first
    found.wait_for(timeout=30_000)
    found.click()
    reader.wait_for_url("**/policy.html*")


@BROWSER
def test_brackets_grow_with_what_they_hold_and_long_formulas_scroll(site: Path, reader: sync_api.Page) -> None:
    reader.goto((site / "model.html").as_uri())
    reader.evaluate("document.fonts.ready")
    assert reader.evaluate("document.fonts.check('16px \"tradetalks maths\"')")
    held = reader.evaluate(
        """() => [...document.querySelectorAll('.formula mfrac')]
            .map((one) => [one, one.parentElement.firstElementChild])
            .filter(([one, fence]) => fence.textContent === '(' && fence !== one)
            .map((both) => both.map((one) => one.getBoundingClientRect().height))"""
    )
    assert held
    assert all(fence >= fraction for fraction, fence in held), held
    wide = reader.evaluate("[...document.querySelectorAll('.formula')].map((one) => one.scrollWidth - one.clientWidth)")
    assert max(wide) > 0, "no formula of this page is wider than a phone: take another"
    assert reader.evaluate("document.documentElement.scrollWidth") <= 390


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
