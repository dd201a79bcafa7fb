"""Reading and writing files so that nothing is lost and every error names the place.

Writing is atomic (a new file beside the target, then a rename). YAML is read as the plain part of
YAML 1.2: lists, maps, words and numbers. Refused, with line and column: aliases (an alias bomb is
a few lines that expand to gigabytes), merge keys, tags, deep nesting, and duplicate keys (the last
would silently win). Words stay words: YAML 1.1 would read Norway's code ``NO`` as false, the line
``0201.30`` as the number 201.3 and ``12:30`` as 750.
"""

from __future__ import annotations

import math
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from tradetalks.ground.errors import BadInput

#: Larger text files than this are not a case or a package; refuse them before parsing.
MAX_BYTES = 4_000_000
#: Deeper nesting than this is not a case or a package (the reader recurses once a level).
MAX_DEPTH = 50

#: Longer numbers are a slip of the hand.
MAX_DIGITS = 40

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    spelling: word == "true" for word in ("true", "false") for spelling in (word, word.title(), word.upper())
}


def read_text(path: Path) -> str:
    """Return the UTF-8 text of ``path``, without a byte-order mark.

    Raises:
        BadInput: the file is missing, unreadable, a folder, not UTF-8, or too large.
    """
    try:
        with open(path, "rb") as file:
            # One byte more than allowed, and not stat(): a pipe has no size to ask for.
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        what = "a link to a file that does not exist" if path.is_symlink() else "there is no such file"
        raise BadInput(f"{path}: {what}") from None
    except IsADirectoryError:
        raise BadInput(f"{path}: this is a folder, a file is needed") from None
    except PermissionError:
        raise BadInput(f"{path}: no permission to read this file") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: this file cannot be read ({_reason(error)})") from None
    if len(content) > MAX_BYTES:
        raise BadInput(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; this is not a file tradetalks reads")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise BadInput(f"{path}, line {line}, column {column}: not UTF-8 text; save it as UTF-8") from None


def read_yaml(path: Path, empty: Any = None) -> Any:
    """Return the content of the YAML file ``path``; see :func:`parse_yaml`."""
    return parse_yaml(read_text(path), str(path), empty)


def parse_yaml(text: str, name: str, empty: Any = None) -> Any:
    """Return the content of YAML ``text``; ``name`` is the file name that errors show.

    The result is made of lists, maps (their keys words or whole numbers), words, finite numbers,
    true and false, dates (written ``2025-04-20``) and ``None``.

    Args:
        text: the YAML.
        name: the file name that errors show.
        empty: what a file without content means, where it means something.

    Raises:
        BadInput: malformed YAML or something this module refuses (with line and column), or there is no content and no
            ``empty``.
    """
    import yaml

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        events = yaml.parse(text, Loader=loader)
        content = None
        for number, event in enumerate(_documents(events)):
            if number:
                raise BadInput(f"{_place(name, event)}: a second document starts here; one file holds one")
            content = _value(next(events), events, name, depth=0)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}, line {mark.line + 1}, column {mark.column + 1}" if mark else name
        raise BadInput(f"{where}: malformed YAML, {_plainly(error)}") from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        raise BadInput(f"{name}, line {line}, column {column}: a control character; remove it") from None
    if content is None and empty is None:
        raise BadInput(f"{name}: the file is empty")
    return empty if content is None else content


def _documents(events: Iterator[Any]) -> Iterator[Any]:
    """Yield the start of each document; the caller consumes the content that follows it."""
    from yaml.events import DocumentStartEvent

    for event in events:
        if isinstance(event, DocumentStartEvent):
            yield event


def _value(event: Any, events: Iterator[Any], name: str, depth: int) -> Any:
    """Return the value that ``event`` starts, consuming its events."""
    from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

    if isinstance(event, AliasEvent):
        raise BadInput(f"{_place(name, event)}: YAML aliases (*{event.anchor}) are not allowed; write the value out")
    if event.tag is not None:
        raise BadInput(f"{_place(name, event)}: YAML tags ({event.tag}) are not allowed; write a plain value")
    if isinstance(event, ScalarEvent):
        return _scalar(event.value, _place(name, event)) if event.implicit[0] else event.value
    if depth == MAX_DEPTH:
        raise BadInput(f"{_place(name, event)}: nested deeper than {MAX_DEPTH} levels")
    if not isinstance(event, MappingStartEvent):
        items = []
        while not isinstance(event := next(events), SequenceEndEvent):
            items.append(_value(event, events, name, depth + 1))
        return items
    mapping: dict[str | int, Any] = {}
    while not isinstance(event := next(events), MappingEndEvent):
        key = _value(event, events, name, depth + 1)
        if isinstance(key, bool) or not isinstance(key, str | int):
            raise BadInput(f"{_place(name, event)}: a key must be a word or a whole number; put it in quotes")
        if key == "<<":
            raise BadInput(f"{_place(name, event)}: merge keys (<<) are not allowed; write the values out")
        if key in mapping:
            raise BadInput(f"{_place(name, event)}: the key {key!r} stands twice; keep one")
        mapping[key] = _value(next(events), events, name, depth + 1)
    return mapping


def _scalar(text: str, where: str) -> str | int | float | bool | date | None:
    """Return what the unquoted ``text`` means; a leading zero makes a code, not a number."""
    if text in _WORDS:
        return _WORDS[text]
    if _DECIMAL.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise BadInput(f"{where}: the number {text[:10]}... has more than {MAX_DIGITS} digits")
        number = int(text) if _INTEGER.fullmatch(text) else float(text)
        if not math.isfinite(number):
            raise BadInput(f"{where}: the number {text} is too large")
        return number
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadInput(f"{where}: {text} is not a day of the calendar") from None
    return text


def _place(name: str, event: Any) -> str:
    mark = event.start_mark
    return f"{name}, line {mark.line + 1}, column {mark.column + 1}"


def _plainly(error: Any) -> str:
    """Return the parser's complaint, with the remedy for the commonest one."""
    problem: str = error.problem or error.context or "cannot be parsed"
    return f"{problem} (indent with spaces, not tabs)" if "cannot start any token" in problem else problem


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` whole or not at all (a new file beside it, then a rename).

    A link is followed; an existing file keeps its permissions.

    Raises:
        BadInput: the folder is missing or not writable, the disk is full, or ``path`` is a folder.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        if target.is_dir():
            raise BadInput(f"{path}: this is a folder, a file name is needed")
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
    except FileNotFoundError:
        raise BadInput(f"{path}: the folder {path.parent} does not exist") from None
    except PermissionError:
        raise BadInput(f"{path}: no permission to write in {path.parent}") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be written ({_reason(error)})") from None
    finally:
        with suppress(OSError):  # after the rename there is nothing left to remove
            temporary.unlink()


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
