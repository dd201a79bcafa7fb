"""A file to plain text: text, HTML, PDF or Word, known by its first bytes and not by its name."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Literal

from tradetalks.ground.errors import BadInput
from tradetalks.record.reader.markup import page_text
from tradetalks.record.reader.notes import dateline, language
from tradetalks.record.reader.signs import clean

Kind = Literal["text", "html", "pdf", "docx"]

#: Larger files are no article, statement or transcript.
MAX_BYTES = 20_000_000
#: Seconds that the parser of a PDF or Word file may take.
MAX_SECONDS = 30.0

#: Text beyond this is no article, statement or transcript.
MAX_CHARACTERS = 500_000

_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p|meta|h1)\b", re.I | re.S)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.I)


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document; the offsets of all spans count its characters."""

    name: str
    kind: Kind
    text: str
    published: date | None
    """The day of publication: of the page's head, the file's name, else of the first lines."""
    warnings: tuple[str, ...] = ()


def load(path: Path | None) -> Document:
    """Return the document at ``path``, or on standard input when ``None``.

    Raises:
        BadInput: missing, unreadable, too large, empty, binary, damaged, or without text.
    """
    if path is None:
        return document(_read(sys.stdin.buffer), "standard input")
    try:
        with open(path, "rb") as file:
            return document(_read(file), str(path))
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise BadInput(f"{path}: this is a folder, a file is needed") from None
    except PermissionError:
        raise BadInput(f"{path}: no permission to read this file") from None
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{path}: this file cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _read(file: IO[bytes]) -> bytes:
    return file.read(MAX_BYTES + 1)


def document(content: bytes, name: str) -> Document:
    """Return the document whose bytes are ``content``; ``name`` is what errors call it.

    Raises:
        BadInput: as :func:`load`.
    """
    if len(content) > MAX_BYTES:
        raise BadInput(
            f"{name}: larger than {MAX_BYTES // 1_000_000} MB; save the part that matters in a file of its own"
        )
    if not content.strip():
        raise BadInput(f"{name}: the file is empty")
    kind = _kind(content, name)
    published: str | None = None
    if kind in ("pdf", "docx"):
        text = _apart(content, kind, name)
    elif kind == "html":
        text, published = page_text(_decoded(content, name, html=True))
    else:
        text = _decoded(content, name, html=False)
    text, warnings = clean(text.replace("\r\n", "\n").replace("\r", "\n"), name)
    text = text.replace("\xa0", " ")
    if not re.search(r"\w", text):
        raise BadInput(f"{name}: there is no text in it")
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        warnings += (f"{name} is long: only its first {MAX_CHARACTERS:,} characters were read",)
    day = re.search(r"(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)", published or Path(name).name)
    return Document(name, kind, text, _day(day) or dateline(text), warnings + language(text, name))


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _kind(content: bytes, name: str) -> Kind:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        if b"word/" in content:
            return "docx"
        raise BadInput(f"{name}: a zip archive that is no Word document; give the document itself")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(f"{name}: an old Office file (.doc, .xls); save it as .docx or PDF")
    if content.startswith(b"{\\rtf"):
        raise BadInput(f"{name}: a rich-text file; save it as .docx or plain text")
    if _HTML.match(content[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return "text"


def _decoded(content: bytes, name: str, *, html: bool) -> str:
    """Return the text of ``content``: UTF-8, UTF-16 with its mark, what a page declares, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        if b"\0" in content:
            raise BadInput(f"{name}: this is a binary file; text, HTML, PDF and Word (.docx) are read")
        declared = _CHARSET.search(content[:4096]) if html else None
        encodings = [*([declared[1].decode()] if declared else []), "utf-8-sig"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    odd = sum(1 for sign in text if ord(sign) > 126 and not sign.isalpha() and sign not in "‘’“”–—…€£•§°·« »\xa0")
    # Half a page of accents is another alphabet read as if it were ours, or no text at all.
    if not text or odd + sum(1 for sign in text if ord(sign) > 126 and sign.isalpha()) / 3 > 0.1 * len(text):
        raise BadInput(f"{name}: not UTF-8 text, and in no encoding we know; save it as UTF-8")
    if any(ord(sign) < 32 and sign not in "\n\r\t\f" for sign in text):
        raise BadInput(f"{name}: this is a binary file; text, HTML, PDF and Word (.docx) are read")
    return text


def _apart(content: bytes, kind: Kind, name: str) -> str:
    """Return the text of a PDF or Word file, taken apart in a process of its own."""
    command = [sys.executable, "-m", "tradetalks.record.reader.child", kind]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=MAX_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BadInput(f"{name}: reading it took more than {MAX_SECONDS:g} seconds; nothing was read") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = {"refused": "its parser ran out of time or memory, or broke down on it"}
    if "refused" in answer:
        raise BadInput(f"{name}: {answer['refused']}")
    text: str = answer["text"]
    return text
