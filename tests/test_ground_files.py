"""Files: what is refused, with line and column, and that nothing is lost in writing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.ground import files
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput, did_you_mean, nearest
from tradetalks.ground.files import parse_yaml, read_text, read_yaml, write_atomic


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML: not every platform has the C one, and they must give the same places."""
    if request.param == "pure Python":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML without libyaml")


REFUSED = {
    "alias bomb": ("a: &a [x, x]\nb: [*a, *a]\n", "line 2, column 5: YAML aliases (*a) are not allowed"),
    "merge key": ("a: 1\n<<: {b: 2}\n", "line 2, column 1: merge keys (<<) are not allowed"),
    "tag": ("a: 1\nb: !!python/name:os.system x\n", "line 2, column 4: YAML tags"),
    "harmless tag": ("a: !mine 1\n", "line 1, column 4: YAML tags (!mine) are not allowed"),
    "tab": ("a:\n\tb: 1\n", "line 2, column 1: malformed YAML"),
    "open brace": ("- tariff: {importer: USA, total: 15\n", "line 2, column 1: malformed YAML"),
    "colon": ("term: value: 3\n", "line 1, column 12: malformed YAML"),
    "indent": ("a: 1\n  b: 2\n", "line 2, column 4: malformed YAML"),
    "quote": ('a: "b\n', "malformed YAML"),
    "deep lists": ("[" * 100_000, "line 1, column 51: nested deeper than 50 levels"),
    "deep maps": ("".join(" " * n + "a:\n" for n in range(300)), "line 51, column 51: nested deeper than 50"),
    "duplicate key": ("a: 1\nb: 2\na: 3\n", "line 3, column 1: the key 'a' stands twice"),
    "duplicate number": ("1: a\n1: b\n", "line 2, column 1: the key 1 stands twice"),
    "list as key": ("? [a]\n: 1\n", "line 1, column 3: a key must be a word or a whole number"),
    "no key": ("a: 1\n: 1\n", "line 2, column 1: malformed YAML"),
    "null as key": ("~: 1\n", "line 1, column 1: a key must be"),
    "number as key": ("8703.23: 1\n", "line 1, column 1: a key must be"),
    "huge whole number": (
        "a: " + "9" * 5000,
        "line 1, column 4: the number 9999999999... has more than 40 digits",
    ),
    "huge number": ("a: 1e999", "line 1, column 4: the number 1e999 is too large"),
    "no such day": ("on: 2025-02-30", "line 1, column 5: 2025-02-30 is not a day of the calendar"),
    "two documents": ("a: 1\n---\nb: 2\n", "line 2, column 1: a second document starts here"),
    "control character": ("a: 1\nb: x\x07\n", "line 2, column 5: a control character"),
    "empty": ("", "case.yaml: the file is empty"),
    "only a comment": ("# nothing yet\n", "case.yaml: the file is empty"),
    "only a start": ("---\n", "case.yaml: the file is empty"),
}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_place(name: str) -> None:
    text, message = REFUSED[name]
    with pytest.raises(BadInput) as error:
        parse_yaml(text, "case.yaml")
    assert str(error.value).startswith("case.yaml")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_where_no_content_means_something_it_is_that(text: str) -> None:
    assert parse_yaml(text, "record.yaml", empty=[]) == []
    assert parse_yaml(text + "a: 1\n", "record.yaml", empty=[]) == {"a": 1}


@pytest.mark.usefixtures("parser")
def test_an_alias_bomb_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(BadInput, match=r"line 2, column 10: YAML aliases \(\*a0\)"):
        parse_yaml("\n".join(lines), "bomb.yaml")


PLAIN = {
    "NO": "NO",
    "no": "no",
    "on": "on",
    "y": "y",
    "true": True,
    "False": False,
    "~": None,
    "null": None,
    "0201.30": "0201.30",
    "0101": "0101",
    "0x1f": "0x1f",
    "1_000": "1_000",
    "12:30:45": "12:30:45",
    ".nan": ".nan",
    ".inf": ".inf",
    "-.inf": "-.inf",
    "8703.23.01": "8703.23.01",
    "24": 24,
    "-3": -3,
    "0": 0,
    "2.5": 2.5,
    ".5": 0.5,
    "1e3": 1000.0,
    "-1.5e-2": -0.015,
    "2025-04-20": date(2025, 4, 20),
    "2025-04-20T10:00:00": "2025-04-20T10:00:00",
    "'24'": "24",
    '"true"': "true",
    "'~'": "~",
    "tariff:USA<JPN:C29=15": "tariff:USA<JPN:C29=15",
}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", PLAIN)
def test_what_an_unquoted_word_means(text: str) -> None:
    value = parse_yaml(f"a: {text}\n", "case.yaml")["a"]
    assert value == PLAIN[text]
    assert type(value) is type(PLAIN[text])


@pytest.mark.usefixtures("parser")
def test_byte_order_mark_and_windows_line_ends() -> None:
    assert parse_yaml("\ufeffa: 1\r\nb: 2\r\n", "case.yaml") == {"a": 1, "b": 2}


# Control characters and odd line ends do not survive PyYAML's own round trip; it writes the word 1e3 bare.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12).filter(
    lambda word: not re.fullmatch(r"<<|[-+.0-9]+[eE][-+0-9]+", word)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.dates() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


class WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


@given(VALUES, st.sampled_from([None, False, True]))
def test_reads_what_pyyaml_writes(value: object, flow: bool | None) -> None:
    text = yaml.dump({"value": value}, Dumper=WithoutAliases, allow_unicode=True, default_flow_style=flow)
    assert parse_yaml(text, "x.yaml") == {"value": value}


@given(st.text(alphabet=st.sampled_from("ab1.: -[]{},&*!|>'\"%#?<\n\t\x00\ufeff~"), max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    refusal = "x.yaml"
    try:
        parse_yaml(text, "x.yaml")
    except BadInput as error:
        refusal = str(error)
    assert refusal.startswith("x.yaml")
    assert "\n" not in refusal


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nothing\.yaml: there is no such file"):
        read_yaml(tmp_path / "nothing.yaml")


def test_broken_link(tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(tmp_path / "gone.yaml")
    with pytest.raises(BadInput, match=r"link\.yaml: a link to a file that does not exist"):
        read_text(link)


def test_link_to_itself(tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(link)
    with pytest.raises(BadInput, match="this file cannot be read"):
        read_text(link)


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="this is a folder, a file is needed"):
        read_text(tmp_path)


@pytest.mark.parametrize("name", ["file.yaml/inside.yaml", "a" * 5000, "zero\0byte"])
def test_impossible_names(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.yaml").write_text("a: 1")
    with pytest.raises(BadInput, match="this file cannot be read"):
        read_text(tmp_path / name)


def test_without_permission(tmp_path: Path) -> None:
    """Root reads everything, so the reader runs as nobody when the tests run as root."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("a: 1")
    secret.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if os.geteuid() == 0 and folder.stat().st_uid == 0 and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o055)
    ask = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tradetalks.ground import errors, files\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: files.read_text(Path(sys.argv[1]))\n"
        "except errors.BadInput as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", ask, str(secret)], capture_output=True, text=True, check=True)
    assert done.stdout == f"{secret}: no permission to read this file\n"


def test_not_utf8_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"name: ok\nplace: M\xfcnchen\n")
    with pytest.raises(BadInput, match=r"latin\.yaml, line 2, column 9: not UTF-8 text; save it as UTF-8"):
        read_text(path)


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_text(path) == "a: 1\n"
    assert read_yaml(path) == {"a": 1}


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1_000_000)
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * 1_000_000)
    assert len(read_text(path)) == 1_000_000
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadInput, match="larger than 1 MB"):
        read_text(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this platform")
def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("a: 1\n",))
    writer.start()
    assert read_yaml(pipe) == {"a": 1}
    writer.join()


def test_write_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "case.yaml"
    write_atomic(path, "old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(BadInput, match=r"case\.yaml: cannot be written \(No space left on device\)"):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["case.yaml"]


def test_write_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    write_atomic(link, "new – ü")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new – ü"
    assert real.stat().st_mode & 0o777 == 0o640


def test_new_file_obeys_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "new.bin", b"\x00\x01")
    finally:
        os.umask(before)
    assert (tmp_path / "new.bin").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "new.bin").read_bytes() == b"\x00\x01"


def test_write_refusals_name_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"the folder .*gone does not exist"):
        write_atomic(tmp_path / "gone" / "a.html", "x")
    with pytest.raises(BadInput, match="this is a folder, a file name is needed"):
        write_atomic(tmp_path, "x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="cannot be written"):
        write_atomic(tmp_path / "file" / "a.html", "x")
    assert os.listdir(tmp_path) == ["file"]


def test_days() -> None:
    assert day(" 2025-04-20 ") == day(date(2025, 4, 20)) == date(2025, 4, 20)
    for text in ("20250420", "2025-W16-7", "20/04/2025", "yesterday", "", "2025-4-20", "٢٠٢٥-04-20"):
        with pytest.raises(BadInput, match=r"--on: .* is not a date; write YYYY-MM-DD"):
            day(text, "--on")
    with pytest.raises(BadInput, match="--on: 2025-02-29 is not a day of the calendar"):
        day("2025-02-29", "--on")


def test_nearest_names() -> None:
    assert nearest("welfre", ["welfare", "wages", "Output"]) == ["welfare"]
    assert nearest("OUTPUTS", ["welfare", "Output"]) == ["Output"]
    assert did_you_mean("zzz", ["welfare"]) == ""
    assert did_you_mean("welfre", ["welfare"]) == "; did you mean welfare?"
