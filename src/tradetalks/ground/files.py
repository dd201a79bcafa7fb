"""Reading and writing files so that nothing is lost and every error names the place.

Writing is atomic (a temporary file beside the target, then a rename). YAML is read with line
and column in every error, without aliases (an alias bomb is a few lines that expand to
gigabytes) and without duplicate keys (the last would silently win).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from tradetalks.ground.errors import BadInput

#: Larger text files than this are not a case or a package; refuse them before parsing.
MAX_YAML_BYTES = 4_000_000


def read_text(path: Path) -> str:
    """Return the UTF-8 text of ``path``.

    Raises:
        BadInput: the file is missing, unreadable, a folder, not UTF-8, or too large.
    """
    try:
        if path.stat().st_size > MAX_YAML_BYTES:
            raise BadInput(f"{path}: larger than {MAX_YAML_BYTES // 1_000_000} MB; this is not a file tradetalks reads")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise BadInput(f"{path}: this is a folder, a file is needed") from None
    except PermissionError:
        raise BadInput(f"{path}: no permission to read this file") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def read_yaml(path: Path) -> Any:
    """Return the content of the YAML file ``path``; see :func:`parse_yaml`."""
    return parse_yaml(read_text(path), str(path))


def parse_yaml(text: str, name: str) -> Any:
    """Return the content of YAML ``text``; ``name`` is the file name that errors show.

    Raises:
        BadInput: malformed YAML (with line and column), an alias, a duplicate key.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.events.AliasEvent):
                mark = self.peek_event().start_mark
                raise BadInput(f"{name}, line {mark.line + 1}, column {mark.column + 1}: YAML aliases (*name) are not allowed; write the value out")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[Any] = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=True)
                mark = key_node.start_mark
                where = f"{name}, line {mark.line + 1}, column {mark.column + 1}"
                try:
                    repeated = key in seen
                except TypeError:
                    raise BadInput(f"{where}: a key must be a word or a number") from None
                if repeated:
                    raise BadInput(f"{where}: the key {key!r} stands twice; keep one")
                seen.add(key)
            return super().construct_mapping(node, deep=deep)

    try:
        return yaml.load(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise BadInput(f"{name}{where}: malformed YAML, {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise BadInput(f"{name}: malformed YAML, {error}") from None
    except (RecursionError, ValueError) as error:
        raise BadInput(f"{name}: malformed YAML, {error}") from None


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write ``content`` to ``path`` whole or not at all (temporary file, then rename).

    Raises:
        BadInput: the folder is missing or not writable.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except FileNotFoundError:
        raise BadInput(f"{path}: the folder {path.parent} does not exist") from None
    except PermissionError:
        raise BadInput(f"{path}: no permission to write in {path.parent}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except IsADirectoryError:
        Path(temporary).unlink(missing_ok=True)
        raise BadInput(f"{path}: this is a folder, a file name is needed") from None
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
