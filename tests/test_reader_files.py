"""Documents of every kind, good and bad, and the command: what is proposed, reviewed, refused."""

from __future__ import annotations

import json
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tradetalks.cli.main import run
from tradetalks.ground.errors import BadInput
from tradetalks.record.ledger import ledger
from tradetalks.record.reader import extract
from tradetalks.record.reader.amounts import figures
from tradetalks.record.reader.extract import document
from tradetalks.record.reader.signs import clean
from tradetalks.talks.read_answer import ReadAnswer

SENTENCE = "Tokyo offered on Friday to buy American corn."
CASE = "schema: 1\nas_of: 2025-04-20\nparties: [JPN, USA]\n"


def pdf(*pages: str) -> bytes:
    """Return a PDF whose pages hold one line each."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET" if text else ""
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Contents {len(objects)} 0 R /Resources << /Font << /F1 {font} >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


def docx(*paragraphs: str) -> bytes:
    from docx import Document

    word, out = Document(), BytesIO()
    for text in paragraphs:
        word.add_paragraph(text)
    word.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """Return a small zip that calls itself a Word file and unpacks to 200 MB."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 200_000_000)
    return out.getvalue()


PAGE = f"""<!DOCTYPE html><html><head><title>News</title>
<meta property="article:published_time" content="2025-04-18T09:00:00Z"><script>var x = "Tokyo offered rice";</script>
<style>p {{color: red}}</style></head><body><nav>Home</nav><p>{SENTENCE}</p><p>Fish &amp; chips<br>too</p>
</body></html>"""


def test_a_page_is_read_without_its_scripts() -> None:
    found = document(PAGE.encode(), "page.html")
    assert (found.kind, str(found.published)) == ("html", "2025-04-18")
    assert SENTENCE in found.text
    assert "Fish & chips" in found.text
    assert not any(word in found.text for word in ("var x", "color", "Home", "<"))


def test_pdf_and_word() -> None:
    assert document(pdf(SENTENCE), "a.pdf").text.strip() == SENTENCE
    found = document(docx("A heading", SENTENCE), "a.docx")
    assert (found.kind, found.text) == ("docx", f"A heading\n\n{SENTENCE}")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x00\x01\x02\x03", "binary"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)), "binary"),
        ("Токио предложил".encode("koi8-r") * 20, "UTF-8"),
        (b"\xff\xfeT\x00o\x00\x00\xd8", "UTF-8"),
        (b"PK\x03\x04 not a word file", "no Word document"),
        (b"PK\x03\x04word/ and then nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0old", "old Office"),
        (b"{\\rtf1 text}", "rich-text"),
        (b"%PDF-1.4 and then nothing", "damaged"),
        (pdf(""), "pictures of pages"),
        (b"<html><script>only()</script></html>", "no text"),
        (b"--- ... ---", "no text"),
        (b"x" * (extract.MAX_BYTES + 1), "larger than 20 MB"),
    ],
    ids=range(15),
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, told: str) -> None:
    with pytest.raises(BadInput, match=told) as refused:
        document(content, "the file")
    assert str(refused.value).startswith("the file: ")


def test_a_word_file_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(BadInput, match="unpacks to more than 100 MB"):
        document(bomb(), "bomb.docx")


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    with pytest.raises(BadInput, match="301 pages"):
        document(pdf(*["x"] * 301), "long.pdf")


def test_a_parser_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "MAX_SECONDS", 0.01)
    with pytest.raises(BadInput, match="took more than"):
        document(pdf(SENTENCE), "slow.pdf")


def test_windows_quotes_and_accents_are_read() -> None:
    assert document("Šefčovič said “no”".encode(), "a").text == "Šefčovič said “no”"
    assert document("“No,” said the café owner’s friend in a long sentence".encode("cp1252"), "a").text.startswith(
        "“No,”"
    )
    assert document("Tokyo said no".encode("utf-16"), "a").text == "Tokyo said no"


UNSEEN = ("\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")


def broken(text: str) -> str:
    """Return ``text`` with an unseen character in the middle of each long word."""
    words = text.split(" ")
    return " ".join(word[:3] + UNSEEN[n % 6] + word[3:] if len(word) > 4 else word for n, word in enumerate(words))


@pytest.mark.parametrize("kind", ["text", "html", "docx"])
def test_unseen_characters_part_no_word(kind: str) -> None:
    text = broken(SENTENCE)
    content = {
        "text": text.encode(),
        "html": f"<html><body><p>{text.replace(UNSEEN[0], '&shy;').replace(UNSEEN[1], '&#8203;')}</p></body>".encode(),
        "docx": docx(text),
    }[kind]
    found = document(content, "a")
    assert (found.kind, found.text, found.warnings) == (kind, SENTENCE, ())


def test_a_soft_hyphen_in_a_pdf_joins_its_word() -> None:
    # 255 (octal) is the soft hyphen of the font's encoding.
    assert document(pdf(SENTENCE.replace("American", "Amer\\255ican")), "a.pdf").text.strip() == SENTENCE
    assert clean("the tar\u00ad\niffs stay", "a") == ("the tariffs stay", ())


def test_signs_decoded_wrongly_are_put_right_and_told() -> None:
    right = "Brussels’ offer of €5 billion and ¥800 billion – “café” money"
    wrong = _mangled(right)
    found = document(wrong.encode(), "a.txt")
    assert found.text == right
    assert len(found.warnings) == 1
    assert "decoded wrongly" in found.warnings[0]
    # Mixed with signs that are right, and twice over.
    assert document(f"{wrong} for £2 billion".encode(), "a").text == f"{right} for £2 billion"
    assert document(_mangled(wrong).encode(), "a").text == right
    assert document(right.encode(), "a").warnings == ()


def _mangled(text: str) -> str:
    """Return what a program makes of ``text`` that takes its UTF-8 for Windows-1252."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )


def test_a_lost_sign_gives_a_warning_and_no_dollars() -> None:
    found = document("Brussels offered \ufffd5 billion, and â‚\ufffd7 billion more.".encode(), "a.txt")
    assert "lost" in found.warnings[-1]
    assert figures(found.text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("日本政府は自動車への関税の撤廃を求めた。交渉は続く。", True),
        ("Le Japon demande la fin des droits de douane sur les voitures et une baisse pour le riz.", True),
        ("Die Regierung will den Zoll auf Autos nicht zahlen und verhandelt mit der Kommission.", True),
        (SENTENCE, False),
        ("Der Spiegel and Le Monde say that Tokyo has offered to buy corn from the United States.", False),
        ("Akazawa (赤沢) said that Tokyo has offered to buy corn.", False),
    ],
)
def test_a_text_not_in_english_is_said_to_be_so(text: str, told: bool) -> None:
    warnings = document(text.encode(), "a.txt").warnings
    assert any("only English is read" in one for one in warnings) == told


# ---- the command


def leave(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as done:
        run(["read", *arguments])
    out, err = capsys.readouterr()
    assert isinstance(done.value.code, int)
    return done.value.code, out, err


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "note-2025-04-18.txt"
    path.write_text(f"{SENTENCE} The 25% tariff on cars stays.\n", encoding="utf-8")
    return path


def case(folder: Path) -> Path:
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    return folder


def test_json_obeys_its_schema_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path
) -> None:
    folder = case(tmp_path / "mine")
    code, out, err = leave(capsys, str(article), "--case", str(folder), "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    Draft202012Validator(ReadAnswer.model_json_schema(mode="serialization")).validate(answer)
    (first, *_) = answer["proposals"]
    assert (first["party"], first["act"], first["issue"], first["date"]) == (
        "JPN",
        "offer",
        "agriculture",
        "2025-04-18",
    )
    assert first["span"] == {"start": 0, "end": len(SENTENCE), "text": SENTENCE}
    assert [fact["verdict"] for fact in answer["facts"]] == ["confirmed"]
    assert [path.name for path in folder.iterdir()] == ["case.yaml"]


def test_the_page_shows_the_span_and_the_citation(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    code, out, err = leave(capsys, str(article))
    assert (code, err) == (0, "")
    assert "JPN offer agriculture" in out
    assert f"[0-{len(SENTENCE)}]" in out
    assert "90 FR 14705" in " ".join(out.split())


def test_control_characters_of_a_document_do_not_reach_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "evil-2025-04-18.txt"
    path.write_text("Tokyo offered to buy \x1b[2J[red]American corn[/red].", encoding="utf-8")
    code, out, _ = leave(capsys, str(path))
    assert code == 0
    assert "\x1b" not in out
    assert "[red]" in out


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    waiting = list(answers)

    def prompt(question: str, default: str = "", **_: object) -> str:
        return waiting.pop(0) or default

    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)


def test_review_enters_only_what_is_accepted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "note-2025-04-18.txt"
    path.write_text(
        f"{SENTENCE} Trump has imposed a 25% tariff on Japanese cars. Kato ruled out a sale of Treasuries.",
        encoding="utf-8",
    )
    folder = case(tmp_path / "mine")
    # accept the first, skip the second, edit the third: its act, the other fields as proposed
    answering(monkeypatch, "a", "s", "e", "", "", "", "signal", "", "", "")
    code, out, err = leave(capsys, str(path), "--case", str(folder), "--review", "--source", "our notes")
    assert code == 0, err
    own = [entry for entry in ledger(None, folder) if entry.source == "our notes"]
    assert [(entry.id, entry.party, entry.act, entry.issue) for entry in own] == [
        ("own-1", "JPN", "offer", "agriculture"),
        ("own-2", "JPN", "signal", "treasuries"),
    ]
    assert [str(entry.known_from) for entry in own] == ["2025-04-18"] * 2
    assert [entry.counterpart for entry in own] == ["USA"] * 2
    assert "2 of 3 entered" in out


def test_the_review_explains_its_keys(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, article: Path, tmp_path: Path
) -> None:
    answering(monkeypatch, "?", "q")
    code, _, err = leave(capsys, str(article), "--case", str(case(tmp_path / "mine")), "--review")
    assert code == 0
    assert [line.split()[0] for line in err.splitlines()] == ["a", "e", "s", "q"]


def test_the_day_of_the_dateline_is_that_of_publication(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(f"OSAKA, 30 May 2025 - {SENTENCE}", encoding="utf-8")
    code, out, _ = leave(capsys, str(path), "--json")
    assert (code, json.loads(out)["published"]) == (0, "2025-05-30")
    # What is given counts more.
    code, out, _ = leave(capsys, str(path), "--published", "2025-06-01", "--json")
    assert json.loads(out)["published"] == "2025-06-01"


def test_large_counts_and_repeated_facts_are_shown_as_people_write(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "note-2025-04-18.txt"
    text = "Tokyo offered to buy 1.5 million tonnes of American corn. Japan pays a 25% tariff on cars. "
    path.write_text(text + "The 25% tariff on cars stays.", encoding="utf-8")
    code, out, _ = leave(capsys, str(path))
    told = " ".join(out.split())
    assert code == 0
    assert "1.5 million tonnes" in told
    assert "e+06" not in told
    assert "(and once more)" in told
    assert "1 fact checked" in told


def test_a_text_about_another_pair_is_noted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "note-2025-05-02.txt"
    path.write_text("Seoul and Washington talk. The pause on tariffs ends on July 9.", encoding="utf-8")
    code, out, _ = leave(capsys, str(path), "--json")
    answer = json.loads(out)
    assert code == 0
    assert [one for one in answer["meta"]["warnings"] if "about" in one and "Korea" in one]
    assert [one["claim"]["country"] for one in answer["facts"]] == ["KOR"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing.txt"], "no such file"),
        (["https://example.org/page.html"], "download"),
        (["."], "folder"),
        (["{article}", "--case", "nowhere"], "no case"),
        (["{article}", "--published", "Friday"], "--published"),
        (["{undated}"], "--published"),
        (["{article}", "--review", "--json"], "--json"),
        (["-", "--review"], "--review"),
        (["{article}", "--review"], "terminal"),
        (["{article}", "--endpoint"], "TRADETALKS_LLM_URL"),
    ],
)
def test_bad_questions(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, article: Path, tmp_path: Path,
    arguments: list[str], told: str,
) -> None:  # fmt: skip
    monkeypatch.delenv("TRADETALKS_LLM_URL", raising=False)
    undated = tmp_path / "undated.txt"
    undated.write_text(SENTENCE, encoding="utf-8")
    named = [one.format(article=article, undated=undated) for one in arguments]
    code, _, err = leave(capsys, *named)
    assert code == 2
    assert told in err
    assert err.count("\n") == 1
