"""Every fault of a record file, each with its line, entry and field."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tradetalks.ground.errors import BadInput
from tradetalks.ground.fields import faults
from tradetalks.ground.files import parse_yaml, read_text
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import clash, shipped


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a record file."""

    file: str
    row: int
    """Which entry, counted from 1."""
    id: str | None
    line: int
    """Where the field stands, or the entry where the field is missing."""
    field: str
    sentence: str

    def __str__(self) -> str:
        label = f" ({self.id})" if self.id else ""
        field = f"{self.field}: " if self.field else ""
        return f"{self.file}, line {self.line}, entry {self.row}{label}: {field}{self.sentence}"


def check(path: Path) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Return the sound entries of the record file ``path`` and every fault in it.

    Ids are checked against the shipped record as well as against each other.

    Raises:
        BadInput: the file cannot be read, is malformed YAML, or is not a list.
    """
    return check_text(read_text(path), str(path))


def check_text(text: str, name: str) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Return what :func:`check` returns, of a ``text`` that errors call ``name``."""
    content = parse_yaml(text, name, empty=[])
    if not isinstance(content, list):
        raise BadInput(f"{name}: a record is a list of entries, each beginning with '- id: ...'; write [] for none")
    lines = _lines(text)
    found: list[Fault] = []
    sound: dict[str, tuple[int, Entry]] = {}

    def fault(row: int, field: str, sentence: str) -> None:
        item = content[row - 1]
        label = str(item["id"]) if isinstance(item, dict) and item.get("id") is not None else None
        at = lines[row - 1]
        line = at.get(field.partition(".")[0], at[""])
        found.append(Fault(name, row, label, line, field, sentence))

    for row, item in enumerate(content, start=1):
        if wrong := faults(Entry, item):
            for field, sentence in wrong:
                fault(row, field, sentence)
            continue
        entry = Entry.model_validate(item)
        if entry.id in sound:
            fault(row, "id", f"{entry.id!r} stands twice, first in entry {sound[entry.id][0]}; give one another id")
        else:
            sound[entry.id] = (row, entry)
    ids = {str(item["id"]) for item in content if isinstance(item, dict) and "id" in item}
    taken = {entry.id for entry in shipped()}
    for row, entry in sound.values():
        if disagreement := clash(entry, taken, ids):
            field, _, rest = disagreement.partition(": ")
            fault(row, field, rest)
    return tuple(entry for _, entry in sound.values()), tuple(sorted(found, key=lambda one: (one.row, one.line)))


def _lines(text: str) -> list[dict[str, int]]:
    """Return the line of each field of each entry, and of the entry itself under ``""``; ``text`` is a sound list."""
    import yaml

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    top = yaml.compose(text, Loader=loader)
    found = []
    for node in top.value if top is not None else ():
        at = {"": node.start_mark.line + 1}
        if isinstance(node, yaml.MappingNode):
            at |= {key.value: key.start_mark.line + 1 for key, _ in node.value}
        found.append(at)
    return found
