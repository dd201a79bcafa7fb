"""Adding an entry to a case's record: whole or not at all, and nothing that stood there is rewritten."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tradetalks.ground.errors import BadInput
from tradetalks.ground.fields import faults
from tradetalks.ground.files import parse_yaml, read_text, write_atomic
from tradetalks.record.check import check_text
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import clash, shipped

HEAD = "# What this case adds to the shipped record: docs/record.md. Append; correct an entry by a new one.\n"


def append(folder: Path, entry: Entry) -> Path:
    """Add ``entry`` to ``folder/record.yaml``, made if missing, and return the file.

    The text that stands there, comments included, stays as it is.

    Raises:
        BadInput: the file there is not sound or is written in a way we do not append to, the id is taken, or the
            folder is not writable. The file is then as it was.
    """
    path = folder / "record.yaml"
    with _alone(folder):
        before = read_text(path) if path.exists() or path.is_symlink() else ""
        write_atomic(path, appended(before, entry, str(path)))
    return path


def appended(text: str, entry: Entry, name: str = "record.yaml") -> str:
    """Return the ``text`` of a record file with ``entry`` at its end.

    Raises:
        BadInput: as :func:`append`.
    """
    bare = "".join(line for line in text.splitlines(keepends=True) if line.strip() != "[]")
    # A lone [] is the record without entries; it makes way for the first.
    content = [] if _only_comments(bare) else parse_yaml(text, name)
    _, wrong = check_text(text, name) if content != [] else ((), ())
    if wrong:
        raise BadInput("\n".join(["nothing was added, because the record has faults:", *map(str, wrong)]))
    ids = {str(item["id"]) for item in content}
    sentence = f"id: the case has an entry {entry.id!r}" if entry.id in ids else clash(entry, _taken(), ids)
    if sentence:
        raise BadInput(f"{name}: nothing was added: {sentence}")
    kept = bare if not content else text
    start = (kept or HEAD).removesuffix("\n") + "\n" + _row(entry, _indent(kept))
    # What we write must read back as what stood there and the entry, or the file is in a style we do not know.
    try:
        read = parse_yaml(start, name)
    except BadInput:
        read = None
    if not isinstance(read, list) or read[:-1] != content or _entry(read[-1]) != entry:
        raise BadInput(f"{name}: nothing was added: the list is not written as lines that begin with '- id: ...'")
    return start


def copy_case(source: Path, target: Path, entry: Entry) -> Path:
    """Copy the case in ``source`` to ``target`` with ``entry`` in its record; return the record file.

    Raises:
        BadInput: ``target`` exists, or cannot be written. Nothing is left behind.
    """
    if target.exists() or target.is_symlink():
        raise BadInput(
            f"{target}: there is something of that name here that is no case; move it, or add to a case of yours"
        )
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        shutil.copytree(source, part, copy_function=shutil.copyfile)
        part.chmod(0o755)  # the installed package may be read-only, the copy is not
        append(part, entry)
        part.rename(target)
    except PermissionError:
        raise BadInput(f"{target}: no permission to write in {target.resolve().parent}") from None
    except OSError as error:
        raise BadInput(f"{target}: cannot be written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target / "record.yaml"


def _entry(item: Any) -> Entry | None:
    return None if faults(Entry, item) else Entry.model_validate(item)


def _taken() -> set[str]:
    return {entry.id for entry in shipped()}


def _only_comments(text: str) -> bool:
    return all(line.strip() in ("", "---") or line.lstrip().startswith("#") for line in text.splitlines())


def _indent(text: str) -> str:
    """Return the blanks before the dash of the last entry."""
    dashes = [line for line in text.splitlines() if line.lstrip().startswith("- ")]
    first = dashes[0] if dashes else ""
    return first[: len(first) - len(first.lstrip())]


def _row(entry: Entry, indent: str) -> str:
    import yaml

    fields: dict[str, Any] = entry.model_dump(exclude_defaults=True)
    if "also" in fields:
        fields["also"] = list(fields["also"])
    text: str = yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=120)
    return "".join(indent + line for line in text.splitlines(keepends=True))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other additions to the same case waiting, where the system can: of two, none must be lost."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    try:
        handle = open(folder / "case.yaml", "rb")  # noqa: SIM115 (closed below; a file that is never replaced by us)
    except OSError:
        yield
        return
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
