"""The child process in which a PDF or Word file is taken apart: it may hang, swell or crash, we do not.

``python -m tradetalks.record.reader.child pdf|docx`` reads the file on standard input and prints JSON: its text, or the
sentence with which it is refused. The parent limits the time; memory, processor and files are limited here.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO

#: Address space of the child: a few times what a long report needs.
MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 20
MAX_PAGES = 300
#: More text than the parent reads.
MAX_CHARACTERS = 2_000_000
#: What a Word file, a zip archive, may unpack to.
MAX_UNPACKED = 100_000_000


def limit_resources() -> None:
    """Bind this process to its limits, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def pdf_text(content: bytes) -> str:
    """Return the text of a PDF, pages apart.

    Raises:
        ValueError: it is locked, has too many pages, or no text.
    """
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("the PDF is locked with a password; save a copy without one")
    if len(reader.pages) > MAX_PAGES:
        raise ValueError(f"the PDF has {len(reader.pages)} pages; at most {MAX_PAGES} are read, save those that matter")
    text = "\n\n".join(page.extract_text() for page in reader.pages)
    if not text.strip():
        raise ValueError("the PDF holds pictures of pages and no text; run it through text recognition (OCR) first")
    return text


def docx_text(content: bytes) -> str:
    """Return the text of a Word document, paragraphs and table cells apart.

    Raises:
        ValueError: it unpacks to too much, or has no text.
    """
    from zipfile import ZipFile

    from docx import Document

    with ZipFile(BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
            raise ValueError(f"the Word file unpacks to more than {MAX_UNPACKED // 1_000_000} MB; nothing was read")
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    if not text.strip():
        raise ValueError("the Word file holds no text")
    return text


def main(kind: str) -> None:
    """Print the text of the file on standard input, or why there is none, as JSON."""
    limit_resources()
    try:
        text = {"pdf": pdf_text, "docx": docx_text}[kind](sys.stdin.buffer.read())
        answer = {"text": text[:MAX_CHARACTERS]}
    except MemoryError:
        answer = {"refused": f"reading it takes more than {MEMORY_BYTES // 1_000_000} MB of memory"}
    except ValueError as error:
        answer = {"refused": str(error)}
    except Exception as error:  # whatever a broken file makes the parser say, it is the file's fault
        answer = {"refused": f"it is damaged or no such file at all ({type(error).__name__})"}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
