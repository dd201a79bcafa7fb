"""The app in a real browser: each page, a slider, an entry, a download, an error; and nothing wrong for axe."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("uvicorn")

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")

SHOTS = Path(__file__).parents[1] / "out" / "app"
PAGES = (
    "/",
    "/tariffs?line=8703.23.01",
    "/tariffs?q=cars",
    "/moves",
    "/wants",
    "/deals",
    "/record",
    "/record/read",
    "/brief",
)
#: Seconds for what takes seconds; the machine may be busy.
PATIENCE = 180_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the app is started."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def address(desk: Path) -> Iterator[str]:
    """The app, started as a user starts it."""
    started = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-c", "from tradetalks.cli.main import run; run()", "serve", "us-japan-2025", "--port", "0"],
        cwd=desk,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert server.stdout is not None
    line = server.stdout.readline().strip()
    assert line.startswith("http://127.0.0.1:"), line
    print(f"up after {time.monotonic() - started:.1f} s")
    yield line
    server.send_signal(signal.SIGINT)
    server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Visit:
    """A page that remembers what it complained of and whom it asked."""

    def __init__(self, browser: sync_api.Browser, address: str, width: int = 1280, scheme: str = "light") -> None:
        self.home = address.split("/?")[0]
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            accept_downloads=True,
            reduced_motion="reduce",
        )
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    def go(self, path: str) -> sync_api.Page:
        self.page.goto(self.home + path)
        self.page.wait_for_function("() => !document.querySelector('[data-job]')", timeout=PATIENCE)
        if path == "/moves":
            self.page.wait_for_function("() => /Full solve/.test(document.querySelector('[data-state]').textContent)")
        if path == "/":
            self.page.wait_for_function(
                "() => ![...document.querySelectorAll('[data-party]')].some(c => c.textContent === '…')"
            )
        return self.page


#: What a page is looked at as: a desk and a telephone, by day and by night.
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]

#: Rules of axe-core by what the page is looked at as: by night only the colours are others.
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}

#: Returns what axe-core finds wrong, a line each, minor findings left out; what is inside a frame is the frame's own.
FOUND = """async (rules) => {
    const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
    return found.violations.filter((one) => ["moderate", "serious", "critical"].includes(one.impact))
        .filter((one) => !one.nodes[0].target[0].includes("iframe"))
        .map((one) => `${one.id} (${one.impact}): ${one.nodes[0].html.slice(0, 150)}`);
}"""


def test_every_page_opens_is_accessible_and_asks_nobody_else(browser: sync_api.Browser, address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.base")
    visit = Visit(browser, address)
    SHOTS.mkdir(parents=True, exist_ok=True)
    found = []
    for path in PAGES:
        page = visit.go(path)
        page.evaluate(axe.AXE_SCRIPT)
        name = re.sub(r"\W+", "-", path).strip("-") or "overview"
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than the window"
            found += [f"{path} at {width}, {scheme}: {one}" for one in page.evaluate(FOUND, RULES[scheme])]
    assert not found
    assert not visit.complaints
    assert all(url.startswith(visit.home) for url in visit.asked)


def test_a_slider_moves_both_sides_by_keyboard(browser: sync_api.Browser, address: str) -> None:
    visit = Visit(browser, address)
    page = visit.go("/moves")
    stages: list[str] = []
    page.on(
        "request", lambda request: stages.append(request.post_data or "") if request.url.endswith("/api/move") else None
    )
    slider = page.locator('[data-lever="cars-mfn"] input[type=range]')
    before = page.locator('[data-score="JPN"]').inner_text()
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "12 %"
    assert page.locator('[data-lever="cars-mfn"] input[type=number]').input_value() == "12"
    page.wait_for_function(
        "before => document.querySelector('[data-score=\"JPN\"]').textContent !== before && "
        "/Full solve/.test(document.querySelector('[data-state]').textContent)",
        arg=before,
    )
    assert any('"stage":"quick"' in body for body in stages)
    assert any('"stage":"full"' in body for body in stages)
    assert float(page.locator('[data-score="JPN"]').inner_text().replace("+", "")) > float(before.replace("+", ""))
    assert not visit.complaints


def test_an_approximate_number_is_marked(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/moves")
    page.evaluate(
        """() => {
            const slider = document.querySelector('[data-lever="cars-mfn"] input[type=range]');
            slider.value = 20;
            slider.dispatchEvent(new Event('input', {bubbles: true}));
        }"""
    )
    page.wait_for_function("() => document.querySelector('.scores.approximate')")
    assert "Approximate" in page.locator("[data-state]").inner_text()


def test_a_number_off_the_slider_is_an_error_without_a_number(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/moves")
    box = page.locator('[data-lever="cars-mfn"] input[type=number]')
    box.fill("500")
    box.press("Enter")
    page.locator("[data-wrong]").wait_for(state="visible")
    assert "outside 0 to 50" in page.locator("[data-wrong]").inner_text()
    assert page.locator('[data-score="JPN"]').inner_text() == "–"
    box.fill("15")
    page.wait_for_function("() => /Full solve|Approximate/.test(document.querySelector('[data-state]').textContent)")
    box.fill("")
    box.press("Enter")
    page.locator("[data-wrong]", has_text="Passenger cars: its box holds no number").wait_for(state="visible")
    page.wait_for_timeout(300)  # an answer to what stood there before comes too late to be shown
    assert page.locator('[data-score="JPN"]').inner_text() == "–"
    assert not "".join(page.locator("[data-accept]").all_inner_texts())


def test_the_frontier_is_taken_away_as_a_table(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/deals")
    with page.expect_download() as table:
        page.get_by_text("Download all (CSV)").click()
    assert Path(table.value.path()).read_bytes().startswith(b"\xef\xbb\xbfpackage,terms")


def test_the_brief_is_taken_away_in_every_form(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/brief")
    assert "USD" in page.frame_locator("iframe").locator("body").inner_text()
    for words, ending, begins in (
        ("PDF", "pdf", b"%PDF-"),
        ("HTML, one file", "html", b"<!doctype html>"),
        ("Tables, Excel", "xlsx", b"PK"),
        ("Tables, CSV", "csv.zip", b"PK"),
    ):
        with page.expect_download() as taken:
            page.get_by_role("link", name=words, exact=True).click()
        assert taken.value.suggested_filename == f"us-japan-2025-brief.{ending}"
        content = Path(taken.value.path()).read_bytes()
        assert content[:16].lower().startswith(begins.lower()), content[:40]
        if ending == "xlsx":
            assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_the_brief_to_share_says_nothing_that_is_the_teams_own(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/brief?version=shared")
    assert "without wants" in page.locator(".lead").inner_text()
    shown = page.frame_locator("iframe").locator("body").inner_text()
    assert "USD" in shown
    assert "Cars at 15% against purchases" not in shown  # a package of the team's own
    with page.expect_download() as taken:
        page.get_by_role("link", name="HTML, one file", exact=True).click()
    assert taken.value.suggested_filename == "us-japan-2025-brief-to-share.html"
    assert "Cars at 15% against purchases" not in Path(taken.value.path()).read_text()


def test_packages_are_picked_by_keyboard_and_compared(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/deals")
    page.locator('[data-point="F1"]').focus()
    assert "F1: Japan" in page.locator("[data-hovered]").inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#F1 input").is_checked()
    page.get_by_text("Compare the ticked ones").click()
    page.locator(".compare th", has_text="F1").first.wait_for()
    assert {"United States gives", "Japan gives"} <= set(page.locator(".compare .giver").all_inner_texts())
    holds = page.locator(".fair tbody td:nth-of-type(4)").all_inner_texts()
    assert len(holds) == 4
    assert all(0 <= int(share.rstrip("%")) <= 100 for share in holds)
    losses = page.locator("section[aria-labelledby=beyond] td.down").all_inner_texts()
    assert losses
    assert all(text.startswith("−") for text in losses)


def test_the_frontier_is_walked_with_the_arrow_keys(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/deals")
    points = page.locator("[data-point]")
    assert page.locator('[data-point][tabindex="0"]').count() == 1
    points.first.focus()
    said = page.locator("[data-hovered]")
    for key, step in (("Home", None), ("ArrowRight", 1), ("ArrowRight", 1), ("ArrowLeft", -1), ("End", None)):
        before = page.evaluate("document.activeElement.getBoundingClientRect().left")
        page.keyboard.press(key)
        after = page.evaluate("document.activeElement.getBoundingClientRect().left")
        assert step is None or (after - before) * step > 0
        assert page.evaluate("document.activeElement.getAttribute('tabindex')") == "0"
        assert said.inner_text().startswith(f"{page.evaluate('document.activeElement.dataset.point')}: ")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-frontier]')") is None


def test_what_is_picked_and_not_compared_is_named(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/deals")
    heads = page.locator(".compare thead th").all_inner_texts()
    assert any(head.startswith("exchange") for head in heads)  # the case's own package
    page = Visit(browser, address).go("/deals?pick=F1&pick=F2&pick=F3&pick=F4&pick=F5&pick=F6&pick=ZZZ")
    assert page.locator(".compare thead th").all_inner_texts()[1:5]
    notes = " ".join(page.locator(".caution").all_inner_texts())
    assert "Left out: F5, F6." in notes
    assert "no package “ZZZ”" in notes
    assert page.locator("#F6 input").is_checked()
    page = Visit(browser, address).go("/deals?pick=ZZZ")
    assert page.locator(".compare thead th").all_inner_texts() == heads


def test_moves_and_deals_say_how_likely_a_package_is_alike_and_name_what_differs(
    browser: sync_api.Browser, address: str
) -> None:
    page = Visit(browser, address).go("/deals?pick=exchange")
    deals = page.locator(".compare tr", has=page.locator("th", has_text=re.compile("^accepts$"))).locator("td")
    shares = [text.strip() for text in deals.all_inner_texts()]
    assert "payoff" in page.locator(".compare").inner_text()
    assert all("Payoff" in text for text in page.locator(".axis-title").all_text_contents())
    page = Visit(browser, address).go("/moves")  # the case's own package
    assert page.locator("[data-accept]").all_inner_texts() == [f"accepts with {share}" for share in shares]
    assert "plain economics" in page.locator(".scores").inner_text()


def test_a_file_too_large_is_not_sent_and_nothing_typed_is_lost(browser: sync_api.Browser, address: str) -> None:
    visit = Visit(browser, address)
    page = visit.go("/record/read")
    page.fill("input[name=source]", "kept")
    content = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 5_000_001}
    page.set_input_files("input[name=file]", content)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read it").click()
    assert "larger than the 5 MB" in page.locator("input[name=file]").evaluate("box => box.validationMessage")
    assert page.input_value("input[name=source]") == "kept"
    assert page.url.endswith("/record/read")
    assert not visit.complaints


def test_an_entry_moves_the_wants_and_is_undone(browser: sync_api.Browser, address: str) -> None:
    visit = Visit(browser, address)
    page = visit.go("/wants")
    page.fill("input[name=who]", "Bessent <b>Scott</b>")
    page.select_option("select[name=act]", "demand")
    page.select_option("select[name=issue]", "shipbuilding")
    page.fill("textarea[name=position]", "Ships built in Japan's yards {{ 7*7 }}.")
    page.fill("input[name=source]", "a test")
    page.get_by_text("Add to the record").click()
    page.wait_for_url(re.compile("done="))
    page.wait_for_function("() => !document.querySelector('[data-job]')", timeout=PATIENCE)
    assert "Added as own-1" in page.locator(".notice").inner_text()
    row = page.locator(".weights tr", has_text="Shipbuilding")
    assert float(row.locator("td span.up").inner_text().removeprefix("×")) > 1.02
    assert "Bessent <b>Scott</b>" in page.locator("#own-1").inner_text()
    assert "{{ 7*7 }}" in page.locator("#own-1").inner_text()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(re.compile("done="))
    assert "Taken back" in page.locator(".notice").inner_text()
    assert not visit.complaints


def test_the_search_finds_a_line_by_keyboard(browser: sync_api.Browser, address: str) -> None:
    page = Visit(browser, address).go("/tariffs")
    page.get_by_label("Goods or a line").fill("passenger cars")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile(r"^8703\.")).first.click()
    page.get_by_text("in all").first.wait_for()
    assert "MFN" in page.locator(".stack").inner_text()


def test_an_edit_upon_a_case_changed_on_disk_is_asked_again(
    browser: sync_api.Browser, address: str, desk: Path
) -> None:
    page = Visit(browser, address).go("/moves")
    page.fill("input[name=title]", "Mine")
    page.get_by_role("button", name="Save to the case").click()
    page.wait_for_url(re.compile("done="))
    page.fill("input[name=title]", "Mine too")
    file = desk / "us-japan-2025" / "case.yaml"
    by_hand = file.read_text().replace("marking: Illustrative", "marking: Changed by a colleague")
    file.write_text(by_hand)
    page.get_by_role("button", name="Save to the case").click()
    page.get_by_role("heading", name="The case has changed on disk").wait_for()
    assert "+marking: Changed by a colleague" in page.locator(".diff").inner_text()
    assert "Mine too" in page.locator("dl").inner_text()
    assert file.read_text() == by_hand
    page.get_by_role("button", name="Do it on the case as it is on disk now").click()
    page.wait_for_url(re.compile("done="))
    both = file.read_text()
    assert "marking: Changed by a colleague" in both
    assert "title: Mine too" in both
