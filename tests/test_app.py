"""The app over HTTP: every page, what may write, who may ask, and what hostile words become."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import numpy as np
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from starlette.testclient import TestClient

from tradetalks.app.desk import Conflict, Desk
from tradetalks.app.edits import with_package
from tradetalks.app.exports import as_csv, cell
from tradetalks.app.full import Full
from tradetalks.app.guard import LARGEST_FORM, LARGEST_UPLOAD, POLICY, Guard, Lock
from tradetalks.app.levers import chosen, levers, settings_of
from tradetalks.app.office import Office
from tradetalks.app.play import Move, Play
from tradetalks.app.quick import Quick
from tradetalks.app.server import build
from tradetalks.app.worker import OVERTAKEN, Player
from tradetalks.ground.errors import BadInput
from tradetalks.value.case import Case, load_case
from tradetalks.value.package import Package, package_of
from tradetalks.value.terms import Tariff

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx`")

HOST = "127.0.0.1:8765"
HOME = f"http://{HOST}"
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% include 'x' %} ${7*7} \" onmouseover=x '=cmd()"


class Bench:
    """An app with a session, as a browser has it."""

    def __init__(self, reference: str, home: Path) -> None:
        self.lock, self.office = Lock(), Office(reference, home)
        self.app: Guard = build(self.office, self.lock, frozenset({HOST}))
        self.client = TestClient(self.app, base_url=HOME)  # type: ignore[arg-type]
        page = self.client.get(f"/?key={self.lock.key}")
        assert page.status_code == 200
        self.token = re.search(r'name="token" content="([0-9a-f]+)"', page.text)[1]  # type: ignore[index]

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as the page would, with what it saw last."""
        fields = {"token": self.token, "seen": self.office.desk.look().hash, **fields}
        return self.client.post(path, data=fields)  # type: ignore[return-value]

    def move(self, **body: Any) -> httpx.Response:
        return self.client.post("/api/move", json=body, headers={"x-tradetalks-token": self.token})  # type: ignore[return-value]


ENTRY = {
    "who": "Akazawa", "party": "JPN", "act": "offer", "issue": "energy", "date": "2025-04-19",
    "known_from": "2025-04-20", "position": "More gas from 2030.", "source": "our notes",
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """An app on a shipped case that no test edits."""
    bench = Bench("us-japan-2025", tmp_path_factory.mktemp("desk"))
    yield bench
    bench.office.close(60)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """An app on a case of its own that works nothing out."""
    monkeypatch.setattr(Play, "prepare", lambda self: None)
    monkeypatch.setattr("tradetalks.app.worker.Jobs.job", lambda self, name, work, first=False: _idle(name))
    bench = Bench("us-japan-2025", tmp_path)
    yield bench
    bench.office.close(60)


def _idle(name: str) -> Any:
    from tradetalks.app.worker import Job

    return Job(name)


# Pages.


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Where we stand"),
        ("/tariffs?q=passenger+cars", "8703"),
        ("/tariffs?line=8703.23.01&origin=JPN&on=2025-04-20", "27.5%"),
        ("/moves", "Passenger cars at 15%"),
        ("/wants", "United States"),
        ("/deals", "Deals both sides could accept"),
        ("/record", "The record"),
        ("/record/read", "Read a document"),
        ("/brief", "Brief"),
    ],
)
def test_every_page_answers_and_loads_nothing_from_elsewhere(shared: Bench, path: str, words: str) -> None:
    page = shared.client.get(path)
    assert page.status_code == 200
    assert words in page.text
    assert page.headers["content-security-policy"] == POLICY
    assert not re.search(r'(?:src|srcset|data|poster|action)="(?:https?:)?//', page.text)
    assert not re.search(r'<link[^>]+href="(?:https?:)?//', page.text)
    # The policy allows no script or style in the page; there must be none that it would stop.
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page.text)


def test_the_policy_is_strict() -> None:
    assert "default-src 'self'" in POLICY
    assert "unsafe" not in POLICY


def test_a_page_that_is_not_there_says_so(shared: Bench) -> None:
    page = shared.client.get("/nothing")
    assert page.status_code == 404
    assert "There is no such page." in page.text


def test_what_the_law_cannot_answer_is_a_sentence(shared: Bench) -> None:
    page = shared.client.get("/tariffs?line=9999.99.99&on=2025-04-20")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert shared.client.get("/tariffs?line=8703.23.01&on=yesterday").status_code == 422
    assert shared.client.get("/record?since=soon").status_code == 422
    assert shared.client.get("/wants?party=FRA").status_code == 422


def test_the_record_is_filtered_by_date(shared: Bench) -> None:
    page = shared.client.get("/record?since=2025-04-10&until=2025-04-16").text
    days = re.findall(r'<td class="day">([0-9-]+)</td>', page)
    assert days
    assert all("2025-04-10" <= day <= "2025-04-16" for day in days)


def test_the_record_counts_what_is_public_by_the_day_asked_for(own: Bench) -> None:
    for until in ("2025-04-10", "2025-04-20", "2026-01-01"):
        page = own.client.get(f"/record?until={until}").text
        found = re.search(r"(\d+) of the (\d+) entries public by", page)
        assert found
        assert int(found[1]) == int(found[2]) == len(re.findall(r'<td class="day">', page))
        assert ("what is public later moves nothing" in page) == (until > "2025-04-20")
    fewer = re.search(r"(\d+) of the (\d+) entries", own.client.get("/record?act=offer").text)
    assert fewer
    assert int(fewer[1]) < int(fewer[2])


def test_no_page_sends_to_a_command_for_what_the_app_does(own: Bench) -> None:
    page = own.client.get("/tariffs?line=abc")
    assert page.status_code == 422
    assert "passenger cars" in re.findall(r'role="alert">(.*?)<', page.text)[0]
    assert "tradetalks law" not in page.text


def test_a_case_without_packages_says_where_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Play, "prepare", lambda self: None)
    monkeypatch.setattr("tradetalks.app.worker.Jobs.job", lambda self, name, work, first=False: _idle(name))
    desk = Desk("us-japan-2025", tmp_path)
    desk.edit(desk.look().hash, "a note", "case.yaml", lambda text: f"{text}\n# a note\n")
    file = tmp_path / "us-japan-2025" / "case.yaml"
    case = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump({key: case[key] for key in case if key not in ("packages", "package")}))
    bench = Bench(str(file.parent), tmp_path)
    page = bench.client.get("/").text
    assert "has no package yet" in page
    assert "data-packages" not in page
    bench.office.close(60)


@pytest.mark.parametrize("apart", [0, 1, 8, 15, 60])
def test_the_names_of_days_do_not_stand_over_each_other(apart: int) -> None:
    from datetime import date, timedelta
    from types import SimpleNamespace

    from tradetalks.app.pictures import rates

    today = date(2025, 7, 1)
    steps = [SimpleNamespace(on=date(2025, 3, 3), rate_pct=2.0), SimpleNamespace(on=date(2025, 4, 5), rate_pct=12.0)]
    path: Any = SimpleNamespace(steps=steps, until=today + timedelta(days=apart + 30), origin="KOR")
    for picture in rates(path, today, today + timedelta(days=apart)):
        found = re.findall(r"<text[^>]*translate\(([\d.-]+),([\d.-]+)\)[^>]*>((?:today|deadline),[^<]*)<", picture.svg)
        (a, up, one), (b, down, other) = sorted((float(x), float(y), words) for x, y, words in found)
        # At 11.5 pixels a letter is some 5.5 wide and a row some 13 high.
        assert abs(up - down) >= 13 or b - a >= 5.5 * (len(one) + len(other)) / 2


# Moves.


def test_a_move_is_quick_on_sixteen_regions_and_then_full(shared: Bench) -> None:
    case = load_case("us-japan-2025")
    every = levers(case)
    settings = settings_of(every, case.package("exchange"))
    full = shared.move(levers=settings, stage="full").json()
    quick = shared.move(levers=settings, stage="quick", moving="cars-mfn").json()
    assert full["approximate"] is False
    assert quick["approximate"] is True
    for against in ("no_deal", "today"):
        for party in case.parties:
            exact, rough = (answer[against][party]["welfare_net_usd_bn"] for answer in (full, quick))
            assert rough == pytest.approx(exact, abs=0.05)


def test_the_full_move_is_the_engines_own_number(shared: Bench) -> None:
    from tradetalks.value.baseline import STATUS_QUO
    from tradetalks.value.measures import MEASURES
    from tradetalks.value.valuation import Valuation

    case = load_case("us-japan-2025")
    valuation = Valuation(case, draws=0)
    point = valuation.point(package_of([case.term("cars-15")]), STATUS_QUO)
    answer = shared.move(levers={"cars-mfn": 15.0}).json()
    for place, party in enumerate(case.parties):
        for measure, value in zip(MEASURES, point[place], strict=True):
            assert answer["today"][party][measure] == pytest.approx(value, abs=1e-9)


def same_as_the_engine(answer: dict[str, Any], case: Case, package: Package) -> None:
    """Ask for figures that the page would show alike: three digits in percent, two in billion dollars."""
    from tradetalks.value.baseline import STATUS_QUO
    from tradetalks.value.measures import MEASURES
    from tradetalks.value.valuation import Valuation

    point = Valuation(case, draws=0).point(package, STATUS_QUO)
    for place, party in enumerate(case.parties):
        for measure, value in zip(MEASURES, point[place], strict=True):
            half = 5e-4 if measure.endswith("pct") else 5e-3
            assert answer["today"][party][measure] == pytest.approx(value, abs=half)


def test_full_moves_that_buy_are_the_engines_numbers_as_far_as_the_page_shows_them(shared: Bench) -> None:
    case = load_case("us-japan-2025")
    settings = settings_of(levers(case), case.package("exchange"))
    # The second begins where the first settled, the third far from both.
    for more in ({}, {"lng": 4.0, "cars-mfn": 12.0}, {"lng": 0.5, "cars-mfn": 45.0, "reciprocal-10": 30.0}):
        stand = {**settings, **more}
        answer = shared.move(levers=stand).json()
        same_as_the_engine(answer, case, chosen(levers(case), stand))


def test_a_full_move_whose_start_misleads_is_solved_from_the_baseline() -> None:
    case = load_case("us-japan-2025")
    play, settings = Full(case), settings_of(levers(case), case.package("exchange"))
    play.play([Move(settings)])
    (known,) = play._near.values()
    for name, near in known.items():
        known[name] = near._replace(logs=dict.fromkeys(near.logs, -5.0))
    (answer,) = play.play([Move({**settings, "lng": 4.0})])
    assert isinstance(answer, dict)
    same_as_the_engine(answer, case, chosen(levers(case), {**settings, "lng": 4.0}))


@pytest.mark.parametrize("stage", ["quick", "full"])
def test_a_move_of_nothing_is_worth_nothing(shared: Bench, stage: str) -> None:
    answer = shared.move(levers={}, stage=stage).json()
    for party in ("JPN", "USA"):
        assert answer["no_deal"][party]["exports_usd_bn"] == pytest.approx(0.0, abs=1e-6)
        assert answer["today"][party]["welfare_net_usd_bn"] == pytest.approx(0.0, abs=1e-6)


def test_between_knots_the_quick_duty_is_near_the_law(shared: Bench) -> None:
    play = shared.office.view().player.plays[True]
    lever = play.levers["cars-mfn"]
    move = Move({"cars-mfn": 17.3}, "cars-mfn")
    package = chosen(play.levers.values(), move.settings)
    assert isinstance(play, Quick)
    rough = play.duties(move, "status quo")
    exact = play.stage.duties(play.valuation.tariffs(package, "status quo"))
    assert lever.low < 17.3 < lever.high
    assert abs(rough - exact).max() < 1e-9  # passenger cars pay the total: linear in it


@pytest.mark.parametrize("name", ["us-japan-2025", "us-eu-2025"])
def test_duties_read_apart_are_the_laws(name: str) -> None:
    play, chance = Quick(load_case(name)), Random(1)
    groups = {lever: group for group in play.apart for lever in group}
    assert set(groups) == {lever.id for lever in play.levers.values() if isinstance(lever.terms[0].body, Tariff)}
    if name == "us-eu-2025":  # points off a line that pays the country rate are no more than that rate
        assert {"reciprocal-10", "aircraft-spirits"} <= groups["reciprocal-10"]
        assert "cars-mfn" not in groups["reciprocal-10"]
    for _ in range(20):
        stand = {
            lever: chance.uniform(play.levers[lever].low, play.levers[lever].high)
            for lever in sorted(groups)
            if chance.random() < 0.7
        }
        package = chosen(play.levers.values(), stand)
        for baseline in play.references:
            exact = play.stage.duties(play.valuation.tariffs(package, baseline))
            np.testing.assert_allclose(play.duties(Move(stand), baseline), exact, atol=1e-12)


@pytest.mark.parametrize(
    ("parties", "how", "lines", "stand"),
    [
        # All lines of a sector are free only together, and its duty is then none, whatever was collected in 2024.
        (("JPN", "USA"), "total", (["72"], ["73"], ["26"]), 5.0),
        # Two cuts take off less than the duty of a line, three more.
        (("CHN", "USA"), "cut", (["9503"], ["9503", "0101"], ["9503", "0102"]), 50.0),
    ],
)
def test_duties_that_add_up_by_twos_alone_are_read_together(
    tmp_path: Path, parties: tuple[str, str], how: str, lines: tuple[list[str], ...], stand: float
) -> None:
    terms = [
        {
            "id": name,
            "title": name,
            "tariff": {"importer": "USA", "exporter": parties[0], "lines": some, how: 5.0},
        }
        for name, some in zip("abc", lines, strict=True)
    ]
    case = {
        "schema": 1, "name": "own", "title": "own", "parties": list(parties), "seat": "USA", "as_of": "2025-04-20",
        "deadline": "2025-07-09", "marking": "test", "no_deal": [{"outcome": "snap-back", "probability": 1.0}],
        "terms": terms, "package": "p", "packages": [{"id": "p", "title": "p", "terms": ["a"]}],
    }  # fmt: skip
    (tmp_path / "case.yaml").write_text(yaml.safe_dump(case))
    play = Quick(load_case(str(tmp_path)))
    for last in (stand, 0.0):
        at = {"a": stand, "b": stand, "c": last}
        package = chosen(play.levers.values(), at)
        for baseline in play.references:
            exact = play.stage.duties(play.valuation.tariffs(package, baseline))
            np.testing.assert_allclose(play.duties(Move(at), baseline), exact, atol=1e-12)


@pytest.mark.parametrize("kind", [Quick, Full])
def test_moves_of_many_solved_together_are_each_ones_own(kind: type[Play]) -> None:
    case = load_case("us-japan-2025")
    settings = settings_of(levers(case), case.package("exchange"))
    moves = [
        Move(settings),
        Move({**settings, "cars-mfn": 3.0, "lng": 1.0}, "cars-mfn"),
        Move({"cars": 1.0}),  # cannot be made, and fails nobody else
        Move({"yen": 1.0, "farm": 2.0, "steel-mfn": 10.0}),
        Move(settings),
    ]
    play = kind(case)
    together = play.play(moves)
    assert isinstance(together[2], BadInput)
    for move, found in zip(moves, together, strict=True):
        play._answers.clear()
        (alone,) = play.play([move])
        assert type(alone) is type(found)
        if isinstance(found, dict) and isinstance(alone, dict):
            for against in ("no_deal", "today"):
                for party in case.parties:
                    assert found[against][party] == pytest.approx(alone[against][party], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"levers": {"cars": 15}}, "no lever"),
        ({"levers": {"cars-mfn": 1e9}}, "outside"),
        ({"levers": {"cars-mfn": -1}}, "outside"),
        ({"levers": {"cars-mfn": "much"}}, "number"),
        ({"levers": {}, "stage": "slow"}, "stage"),
        ({}, "levers"),
        ({"levers": {}, "more": 1}, "more"),
    ],
)
def test_a_wrong_move_yields_a_sentence_and_no_number(shared: Bench, body: dict[str, Any], words: str) -> None:
    answer = shared.move(**body)
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert set(answer.json()) == {"error"}


def test_the_latest_move_of_a_session_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    begin, played = threading.Event(), []
    for play in (Quick, Full):
        monkeypatch.setattr(play, "prepare", lambda self: begin.wait(5))
    monkeypatch.setattr(Play, "play", lambda self, moves: [played.append(m) or {"at": m.settings} for m in moves])
    player = Player(load_case("us-japan-2025"))
    first = player.ask("a", Move({"x": 1}), quick=True)
    other = player.ask("b", Move({"x": 2}), quick=True)
    last = player.ask("a", Move({"x": 3}), quick=True)
    begin.set()
    assert first.result(5) == OVERTAKEN
    assert other.result(5) == {"at": {"x": 2}}
    assert last.result(5) == {"at": {"x": 3}}
    assert [move.settings for move in played] == [{"x": 2}, {"x": 3}]
    player.close()


def test_terms_that_differ_in_one_amount_are_one_lever() -> None:
    case = load_case("us-japan-2025")
    cars = next(one for one in levers(case) if one.id == "cars-mfn")
    assert [term.id for term in cars.terms] == ["cars-mfn", "cars-15"]
    assert cars.term(15.0) is case.term("cars-15")
    assert cars.term(12.0).body.total == 12.0  # type: ignore[union-attr]
    gas = next(one for one in levers(case) if one.id == "lng")
    assert gas.term(0.0) is None


@pytest.mark.parametrize("name", ["us-japan-2025", "us-eu-2025"])
def test_every_package_of_a_case_stands_on_its_levers(name: str) -> None:
    case = load_case(name)
    every = levers(case)
    for package in case.packages:
        assert chosen(every, settings_of(every, package)).terms == tuple(
            term for lever in every for term in lever.terms if term in package.terms
        )


# Writing.


def test_the_first_edit_copies_a_shipped_case_and_undo_takes_it_back(own: Bench, tmp_path: Path) -> None:
    assert not (tmp_path / "us-japan-2025").exists()
    answer = own.post("/record/add", **ENTRY)
    assert answer.status_code == 200, answer.text
    assert "Added as own-1" in answer.text
    written = yaml.safe_load((tmp_path / "us-japan-2025" / "record.yaml").read_text())
    assert written[0]["who"] == "Akazawa"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["us-japan-2025"]
    assert own.post("/undo").status_code == 200
    assert not (tmp_path / "us-japan-2025" / "record.yaml").exists()
    assert own.post("/undo").status_code == 422


def test_a_folder_that_is_in_the_way_is_not_overwritten(own: Bench, tmp_path: Path) -> None:
    (tmp_path / "us-japan-2025").mkdir()
    (tmp_path / "us-japan-2025" / "mine.txt").write_text("mine")
    answer = own.post("/record/add", **ENTRY)
    assert answer.status_code == 422
    assert [path.name for path in (tmp_path / "us-japan-2025").iterdir()] == ["mine.txt"]


def test_a_package_is_saved_with_the_comments_kept(own: Bench, tmp_path: Path) -> None:
    answer = own.post(
        "/moves/save", title="Cars at 12%", **{"on:cars-mfn": "1", "at:cars-mfn": "12", "on:lng": "1", "at:lng": "3"}
    )
    assert answer.status_code == 200, answer.text
    text = (tmp_path / "us-japan-2025" / "case.yaml").read_text()
    assert "# EO 14266" in text
    case = load_case(str(tmp_path / "us-japan-2025"))
    package = case.package("cars-at-12")
    assert [term.id for term in package.terms] == ["cars-mfn-at-12", "lng"]
    assert package.terms[0].body.total == 12.0  # type: ignore[attr-defined]
    assert own.post("/moves/save", title="Cars at 12%", **{"on:lng": "1", "at:lng": "3"}).status_code == 422


def test_a_case_changed_on_disk_is_shown_and_not_overwritten(own: Bench, tmp_path: Path) -> None:
    own.post("/record/add", **ENTRY)
    seen = own.office.desk.look().hash
    path = tmp_path / "us-japan-2025" / "case.yaml"
    path.write_text(path.read_text().replace("marking: Illustrative", "marking: Changed by hand"))
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    answer = own.post("/record/add", **{**ENTRY, "who": "Kato", "seen": seen})
    assert answer.status_code == 409
    assert "+marking: Changed by hand" in answer.text
    assert 'name="who" value="Kato"' in answer.text  # what was typed is not lost
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before
    fresh = own.office.desk.look().hash
    assert f'name="seen" value="{fresh}"' in answer.text
    assert own.post("/record/add", **{**ENTRY, "who": "Kato"}).status_code == 200


def test_undo_does_not_overwrite_what_was_changed_by_hand(tmp_path: Path) -> None:
    desk = Desk("us-japan-2025", tmp_path)
    desk.edit(desk.look().hash, "a note", "case.yaml", lambda text: f"{text}\n# a note\n")
    path = tmp_path / "us-japan-2025" / "case.yaml"
    path.write_text(path.read_text() + "# by hand\n")
    with pytest.raises(Conflict, match="nothing was undone"):
        desk.undo(desk.look().hash)
    assert path.read_text().endswith("# by hand\n")


def test_an_undo_that_cannot_be_is_not_offered_again(own: Bench, tmp_path: Path) -> None:
    own.post("/record/add", **ENTRY)
    path = tmp_path / "us-japan-2025" / "record.yaml"
    path.write_text(path.read_text() + "# by hand\n")
    answer = own.client.post(
        "/undo",
        data={"token": own.token, "seen": own.office.desk.look().hash, "back": "/record"},
        headers={"referer": f"{HOME}/record?act=offer"},
    )
    assert answer.status_code == 409
    main = answer.text.partition("<main")[2]
    assert "+# by hand" in main
    assert "<form" not in main
    assert 'href="/record?act=offer"' in main


def test_a_conflict_speaks_in_the_words_of_the_form(own: Bench, tmp_path: Path) -> None:
    own.post("/record/add", **ENTRY)
    seen = own.office.desk.look().hash
    path = tmp_path / "us-japan-2025" / "record.yaml"
    path.write_text(path.read_text() + "# by hand\n")
    answer = own.post("/record/add", **{**ENTRY, "back": "/wants", "seen": seen}).text
    assert "<dt>Public from</dt><dd><bdi>2025-04-20</bdi></dd>" in answer
    assert "<dt>For</dt><dd><bdi>Japan</bdi></dd>" in answer
    answer = own.post("/moves/save", **{"seen": seen, "title": "T", "on:cars-mfn": "1", "at:cars-mfn": "12"}).text
    assert "<dt>Passenger cars</dt><dd><bdi>12 %</bdi></dd>" in answer
    named = set(re.findall(r"<dt>(.*?)</dt>", answer))
    assert named == {"Package", "Passenger cars"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"at:cars-mfn": "12"}, "tick at least one lever"),
        ({"on:cars-mfn": "1", "at:cars-mfn": ""}, "Passenger cars: its box is empty"),
        ({"on:cars-mfn": "1", "at:cars-mfn": "500"}, "Passenger cars: 500 is outside 0 to 50 %"),
        ({"on:cars-mfn": "1", "at:cars-mfn": "12", "title": "Exchange"}, "exchange"),
    ],
)
def test_a_package_with_a_slip_is_shown_again_as_it_was_typed(
    own: Bench, tmp_path: Path, fields: dict[str, str], words: str
) -> None:
    fields = {"title": "Kept name", "at:lng": "2.5", **fields}
    answer = own.post("/moves/save", **fields)
    assert answer.status_code == 422
    alert = re.findall(r'role="alert">(.*?)<', answer.text)
    assert words in alert[0]
    assert "cars-mfn" not in alert[0]
    assert f'name="title" value="{fields["title"]}"' in answer.text
    for lever in ("cars-mfn", "lng"):
        assert re.search(rf'name="at:{lever}"[^>]* value="{fields[f"at:{lever}"]}"', answer.text)
        ticked = re.search(rf'name="on:{lever}" value="1" checked', answer.text)
        assert bool(ticked) == (f"on:{lever}" in fields)
    assert not list(tmp_path.iterdir())


def test_a_refusal_leads_back_to_where_one_was_and_nowhere_else(own: Bench) -> None:
    for referer, back in (
        (f"{HOME}/deals?pick=F1", "/deals?pick=F1"),
        (f"{HOME}/record/accept", "/record/read"),
        (f"{HOME}//evil.example/x", "/evil.example/x"),
    ):
        page = own.client.get("/moves?package=none", headers={"referer": referer}).text
        assert f'href="{back}"' in page
        assert 'rel="icon"' in page
    for referer in ("http://evil.example/deals", "javascript:alert(1)", "http://[", ""):
        page = own.client.get("/moves?package=none", headers={"referer": referer}).text
        assert set(re.findall(r'<a href="(.*?)"', page)) == {"/"}


def test_an_edit_that_makes_no_case_is_not_written(tmp_path: Path) -> None:
    desk = Desk("us-japan-2025", tmp_path)
    desk.edit(desk.look().hash, "a note", "case.yaml", lambda text: f"{text}\n# a note\n")
    before = (tmp_path / "us-japan-2025" / "case.yaml").read_bytes()
    with pytest.raises(BadInput, match="seat"):
        desk.edit(desk.look().hash, "worse", "case.yaml", lambda text: (text or "").replace("seat: JPN", "seat: FRA"))
    assert (tmp_path / "us-japan-2025" / "case.yaml").read_bytes() == before


def test_a_wrong_entry_is_shown_again_with_what_was_typed(own: Bench, tmp_path: Path) -> None:
    answer = own.post("/record/add", **{**ENTRY, "date": "2025-04-21", "position": "Kept words"})
    assert answer.status_code == 422
    assert "is before the day it happened" in answer.text
    assert "Kept words" in answer.text
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["", "\n", "\n\n# the end\n"])
def test_a_package_is_added_whatever_the_file_ends_with(ending: str) -> None:
    case = load_case("us-japan-2025")
    text = "schema: 1\npackages:\n- id: one\n  terms: [lng]\nterms:\n- {id: lng, purchases: {}}" + ending
    package = Package("two", "Two", (case.term("lng"),))
    after = with_package(text, package)
    assert yaml.safe_load(after)["packages"][1] == {"id": "two", "title": "Two", "terms": ["lng"]}
    assert after.endswith(ending)


# Hostile words.


def test_words_of_the_record_stay_words(own: Bench) -> None:
    answer = own.post(
        "/record/add", **{**ENTRY, "date": "2025-04-20", "who": "=1+1", "position": HOSTILE, "source": HOSTILE}
    )
    assert answer.status_code == 200
    for path in ("/", "/record"):
        page = own.client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page
    table = own.client.get("/record.csv").content.decode("utf-8-sig")
    assert "'=1+1" in table
    assert not re.search(r"(?:^|,)\"?=", table, re.MULTILINE)


@pytest.mark.parametrize(
    "query", ["/tariffs?q={{7*7}}<script>", "/record?issue=<script>", "/?done=<script>alert(1)</script>"]
)
def test_words_of_the_address_stay_words(shared: Bench, query: str) -> None:
    page = shared.client.get(query)
    assert "<script>a" not in page.text
    assert '<script>"' not in page.text


def test_no_path_leaves_the_case(own: Bench, tmp_path: Path) -> None:
    for path in (
        "/static/../../cli/main.py",
        "/static/%2e%2e/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static//etc/passwd",
    ):
        assert own.client.get(path).status_code in (404, 405, 422)
    answer = own.post("/moves/save", title="../../escape", **{"on:lng": "1", "at:lng": "3"})
    assert answer.status_code == 200
    assert [path.name for path in tmp_path.iterdir()] == ["us-japan-2025"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1", "'=1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("a=1", "a=1"),
        (-1.5, -1.5),
        (None, ""),
    ],
)
def test_no_cell_is_a_formula(value: Any, written: Any) -> None:
    assert cell(value) == written


def test_a_table_is_utf8_for_spreadsheets() -> None:
    assert as_csv(["a"], [["é"]]) == "\ufeffa\r\né\r\n".encode()


def test_what_turns_the_direction_of_writing_stays_within_its_own_words(own: Bench) -> None:
    turned = "\u202eturned"
    fields = {"who": turned, "position": turned, "source": turned, "note": turned, "role": turned}
    answer = own.post("/record/add", **{**ENTRY, "date": "2025-04-20", **fields})
    assert f"Added as own-1: \u2068{turned}\u2069, offer" in answer.text
    own.post("/moves/save", **{"title": turned, "on:lng": "1", "at:lng": "3"})
    for path, least in (("/", 4), ("/record", 5)):
        page = own.client.get(path).text
        isolated = re.findall(rf"<bdi[^>]*>{turned}</bdi>|\u2068{turned}\u2069|<a href=[^>]*>{turned}</a></th>", page)
        assert page.partition("<main")[2].count(turned) >= least
        assert len(isolated) + len(re.findall(rf'="[^"]*{turned}[^"]*"', page)) >= page.count(turned)


# The API as it describes itself.

PROMISES = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def test_the_api_keeps_what_it_promises(shared: Bench) -> None:
    """Whatever is sent, the answer is one that the description names, in the shape that it names."""
    cookie = "; ".join(f"{name}={value}" for name, value in shared.client.cookies.items())
    headers = {"host": HOST, "cookie": cookie, "x-tradetalks-token": shared.token}
    described = schemathesis.openapi.from_asgi("/openapi.json", shared.app, headers=headers)
    operations = [found.ok() for found in described.get_all_operations()]
    assert {one.path for one in operations} == {"/api/move", "/api/job/{name}"}
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def kept(case: Any) -> None:
            case.validate_response(case.call(headers=headers), checks=PROMISES)

        kept()


# Who may ask.


def test_nobody_gets_in_without_the_key(shared: Bench) -> None:
    stranger = TestClient(shared.app, base_url=HOME)  # type: ignore[arg-type]
    for path in ("/", "/record", "/record.csv", "/brief/download", "/api/job/deals", "/openapi.json", "/?key=wrong"):
        assert stranger.get(path).status_code == 401
    assert stranger.post("/api/move", json={"levers": {}}).status_code == 401
    stranger.cookies.set("tradetalks-8765", "someone.0123")
    assert stranger.get("/").status_code == 401


def test_the_key_leaves_the_address_and_leads_nowhere_else(shared: Bench) -> None:
    stranger = TestClient(shared.app, base_url=HOME, follow_redirects=False)  # type: ignore[arg-type]
    answer = stranger.get(f"{HOME}//evil.example/?key={shared.lock.key}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/evil.example/"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=Strict" in answer.headers["set-cookie"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", ""])
def test_another_host_is_refused(shared: Bench, host: str) -> None:
    assert shared.client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8765"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_cannot_write(own: Bench, tmp_path: Path, headers: dict[str, str]) -> None:
    fields = {"token": own.token, "seen": own.office.desk.look().hash, **ENTRY}
    assert own.client.post("/record/add", data=fields, headers=headers).status_code == 403
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", ["/record/add", "/record/read", "/record/accept", "/moves/save", "/undo", "/api/move"])
def test_no_write_without_the_sessions_token(own: Bench, tmp_path: Path, path: str) -> None:
    other = own.lock.token("another-session")
    fields = {"seen": own.office.desk.look().hash, "title": "x", **ENTRY}
    for token in ("", "wrong", other):
        answer = own.client.post(path, data={**fields, "token": token})
        assert answer.status_code in (403, 422) if path == "/api/move" else answer.status_code == 403
    assert own.client.post("/api/move", json={"levers": {}}).status_code == 403
    assert not list(tmp_path.iterdir())


def test_large_bodies_are_refused(own: Bench) -> None:
    big = own.post("/record/add", **{**ENTRY, "position": "x" * LARGEST_FORM})
    assert big.status_code == 413
    upload = own.client.post(
        "/record/read", data={"token": own.token}, files={"file": ("a.txt", b"x" * (LARGEST_UPLOAD + 1))}
    )
    assert upload.status_code == 413


def test_a_body_without_a_length_is_counted(own: Bench) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b"a" * 10_000

    answer = own.client.post(
        "/record/add", content=pieces(), headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("virus.exe", b"MZ", 415),
        ("notes", b"words", 415),
        ("bomb.docx", b"PK\x03\x04 not a document", 422),
        ("empty.txt", b"", 422),
        ("scan.pdf", b"%PDF-1.4 nothing", 422),
        ("../../2025-04-20.txt", b"Ishiba said on Sunday that Japan will not sell Treasuries.", 200),
    ],
)
def test_only_documents_are_read(own: Bench, name: str, content: bytes, status: int) -> None:
    answer = own.client.post(
        "/record/read", data={"token": own.token, "published": "2025-04-20"}, files={"file": (name, content)}
    )
    assert answer.status_code == status, re.findall(r'role="alert">(.*?)<', answer.text)


def test_a_word_file_of_nothing_but_zeros_is_refused(own: Bench) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 50_000_000)
    answer = own.client.post(
        "/record/read",
        data={"token": own.token, "published": "2025-04-20"},
        files={"file": ("b.docx", packed.getvalue())},
    )
    assert answer.status_code == 422


def test_a_document_enters_only_as_far_as_it_is_ticked(own: Bench, tmp_path: Path) -> None:
    text = (
        "TOKYO, April 20. Prime Minister Shigeru Ishiba said Japan would not make one concession after another. "
        "U.S. Treasury Secretary Scott Bessent demanded on Friday that Japan buy more liquefied natural gas."
    )
    page = own.client.post(
        "/record/read", data={"token": own.token, "text": text, "published": "2025-04-20", "source": "a test"}
    )
    assert page.status_code == 200
    assert page.text.count('class="proposal"') >= 1
    sure = [int(share) for share in re.findall(r"(\d+)% sure", page.text)]
    assert len(sure) == page.text.count('class="proposal"')
    assert sure == sorted(sure, reverse=True)
    assert not list(tmp_path.iterdir())  # reading writes nothing
    fields = dict(re.findall(r'name="(0:[a-z_]+)"[^>]*value="([^"]*)"', page.text))
    fields |= {"0:act": "demand", "0:issue": "energy", "0:position": "Buy more gas.", "0:party": "USA"}
    assert own.post("/record/accept", **fields).status_code == 422  # nothing is ticked
    answer = own.post("/record/accept", **{"use:0": "1", **fields})
    assert answer.status_code == 200, re.findall(r'role="alert">(.*?)<', answer.text)
    written = yaml.safe_load((tmp_path / "us-japan-2025" / "record.yaml").read_text())
    assert [entry["position"] for entry in written] == ["Buy more gas."]


def test_a_slip_in_a_review_shows_the_review_again_as_it_was_typed(own: Bench, tmp_path: Path) -> None:
    text = (
        "TOKYO, April 20. U.S. Treasury Secretary Scott Bessent demanded on Friday that Japan buy more liquefied "
        "natural gas. Japan pays a tariff of 25% on cars. Prime Minister Shigeru Ishiba said Japan would not agree."
    )
    page = own.client.post("/record/read", data={"token": own.token, "text": text, "published": "2025-04-20"}).text
    basis, facts = re.findall(r"<mark>(.*?)</mark>", page), re.findall(r'<span class="tag (\w+)">', page)
    assert basis
    assert facts

    def typed(shown: str) -> dict[str, str]:
        import html

        kept = re.findall(r'name="(\d:[a-z_]+|review)"[^>]*? value="([^"]*)"', shown)
        kept += re.findall(r'name="(\d:[a-z_]+)"[^>]*>([^<]*)</textarea>', shown)
        kept += re.findall(r'<select name="(\d:[a-z_]+)">.*?<option value="([^"]*)" selected', shown)
        return {name: html.unescape(value) for name, value in kept}

    first = typed(page)
    edited = {**first, "0:source": "a test", "0:position": "Buy <gas> “now”.", "0:amount": "five"}
    for ticks, words in (({"use:0": "1"}, "Figure: &#39;five&#39; is not a number"), ({}, "Tick at least one")):
        again = own.post("/record/accept", **edited, **ticks)
        assert again.status_code == 422
        assert words in again.text
        assert typed(again.text) == edited
        assert ('name="use:0" value="1" checked' in again.text) == bool(ticks)
        assert re.findall(r"<mark>(.*?)</mark>", again.text) == basis
        assert re.findall(r'<span class="tag (\w+)">', again.text) == facts
    assert "<fieldset" in again.text.partition('role="alert"')[2]
    assert not list(tmp_path.iterdir())
    answer = own.post("/record/accept", **{**typed(again.text), "0:amount": "", "use:0": "1"})
    assert "Added 1 entry" in answer.text
    assert own.post("/record/accept", review="{}").status_code == 422


def test_the_form_of_a_document_is_shown_again_with_what_was_typed(own: Bench) -> None:
    fields = {"token": own.token, "source": "kept source", "published": "2025-04-20"}
    for files, status, words in (
        ({}, 422, "Paste a text or choose a file."),
        ({"file": ("virus.exe", b"MZ")}, 415, "virus.exe: .txt"),
    ):
        page = own.client.post("/record/read", data=fields, files=files)
        assert page.status_code == status
        assert words in page.text
        assert 'name="source" maxlength="200" value="kept source"' in page.text


def test_a_file_that_is_not_what_its_name_says_is_read_with_a_warning(own: Bench) -> None:
    for name, warned in (("a.pdf", True), ("a.docx", True), ("a.txt", False), ("a.html", False)):
        page = own.client.post(
            "/record/read", data={"token": own.token, "published": "2025-04-20"}, files={"file": (name, b"Some words.")}
        )
        assert page.status_code == 200
        assert (f"{name} is no " in page.text) == warned


# Attacks.


@pytest.mark.parametrize(
    "path",
    ["/static/../guard.py", "/static/..%2fguard.py", "/static/%2e%2e/guard.py", "/static/..%5cguard.py", "/static/%00"],
)
def test_nothing_beside_the_static_files_is_served(shared: Bench, path: str) -> None:
    assert shared.client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/moves?package=..%2f..%2fetc",
        "/moves?terms=%7b%7b7*7%7d%7d",
        "/wants?party=..%2f..",
        "/brief?version=..%2fcase.yaml",
        "/brief/download?kind=..%2fcase.yaml",
        "/tariffs?line=..%2f..%2fetc&on=2025-04-20",
    ],
)
def test_no_name_in_an_address_reaches_a_file(shared: Bench, path: str) -> None:
    page = shared.client.get(path)
    assert page.status_code == 422
    assert "49" not in re.sub(r"&#\d+;", "", page.text).partition('role="alert"')[2].partition("</p>")[0]


@pytest.mark.parametrize("path", ["/%5cevil.example/", "/%0d%0aSet-Cookie:%20x=1/", "//evil.example/"])
def test_the_way_in_stays_here(shared: Bench, path: str) -> None:
    stranger = TestClient(shared.app, base_url=HOME, follow_redirects=False)  # type: ignore[arg-type]
    answer = stranger.get(f"{HOME}{path}?key={shared.lock.key}")
    assert answer.status_code == 303
    assert re.fullmatch(r"/[\w%.:/-]*", answer.headers["location"])
    assert not re.match(r"/[/\\]", answer.headers["location"])
    assert answer.headers.get_list("set-cookie") == [answer.headers["set-cookie"]]


def test_of_two_origins_neither_counts(own: Bench, tmp_path: Path) -> None:
    headers = [("origin", "http://evil.example"), ("origin", HOME), ("cookie", _cookie_of(own))]
    answer = own.client.request("POST", "/record/add", data={"token": own.token, **ENTRY}, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert not list(tmp_path.iterdir())


def _cookie_of(bench: Bench) -> str:
    return "; ".join(f"{name}={value}" for name, value in bench.client.cookies.items())


def test_two_apps_on_one_machine_keep_their_sessions(shared: Bench) -> None:
    lock = Lock()
    other = build(shared.office, lock, frozenset({"127.0.0.1:8766"}))
    browser = TestClient(other, base_url="http://127.0.0.1:8766")  # type: ignore[arg-type]
    browser.cookies.update(shared.client.cookies)  # a browser sends a host's cookies to each of its ports
    assert browser.get(f"/?key={lock.key}").status_code == 200
    shared_again = TestClient(shared.app, base_url=HOME)  # type: ignore[arg-type]
    for name, value in browser.cookies.items():
        shared_again.cookies.set(name, value)
    assert shared_again.get("/tariffs").status_code == 200


def test_yaml_tags_make_no_objects(own: Bench, tmp_path: Path) -> None:
    tag = "!!python/object/apply:os.mkdir [pwned]"
    assert own.post("/record/add", **{**ENTRY, "position": tag}).status_code == 200
    folder = tmp_path / "us-japan-2025"
    assert yaml.safe_load((folder / "record.yaml").read_text())[0]["position"] == tag  # words, and nothing else
    (folder / "case.yaml").write_text((folder / "case.yaml").read_text() + f"\nextra: {tag}\n")
    page = own.client.get("/record")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert not list(tmp_path.rglob("pwned"))


def test_a_name_of_a_case_is_no_header() -> None:
    from tradetalks.app.pages.common import attachment

    header = attachment(b"", "text/csv", 'a"; x=\r\nSet-Cookie: b/../c.csv').headers["content-disposition"]
    assert header == 'attachment; filename="a-x-Set-Cookie-b-..-c.csv"'


def _pdf(times: int) -> bytes:
    """Return a PDF of one page whose content unpacks to ``times`` steps of a path."""
    packed = zlib.compress(b"0 0 m " * times, 9)
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        ),
        1,
    ):
        places.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(content))
    )


def test_a_pdf_of_170_kilobytes_that_unpacks_to_120_megabytes_ends_in_a_sentence(own: Bench) -> None:
    content = _pdf(20_000_000)
    assert len(content) < 200_000
    answer = own.client.post(
        "/record/read", data={"token": own.token, "published": "2025-04-20"}, files={"file": ("b.pdf", content)}
    )
    assert answer.status_code == 422
    assert "b.pdf: " in re.findall(r'role="alert">(.*?)<', answer.text)[0]


# The brief.


def test_the_brief_to_share_is_made_as_one(own: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from tradetalks.app.worker import Job

    made: list[bool] = []
    monkeypatch.setattr("tradetalks.brief.briefing.assemble", lambda *_, share: made.append(share))
    monkeypatch.setattr("tradetalks.brief.page.page", lambda briefing: "<p>a page</p>")
    view = own.office.view()
    for shared in (True, False):
        assert view._brief(shared, Job("brief")).html == "<p>a page</p>"
    assert made == [True, False]
    page = own.client.get("/brief?version=shared").text
    assert 'data-job="brief to share"' in page
