"""The ledger: the shipped record, a case's own entries over it, as it could be read on a given day."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import parse_yaml, read_yaml
from tradetalks.record.entry import Entry


def ledger(as_of: date | str | None = None, case_dir: Path | None = None) -> tuple[Entry, ...]:
    """Return the entries known on ``as_of`` (all of them when ``None``), by the day they became known.

    An entry of ``case_dir/record.yaml`` whose id is in the shipped ledger takes its place; the
    others are added. Only ``known_from`` decides what is seen: a meeting of 16 April reported on
    24 April is not known on 20 April.

    Raises:
        BadInput: ``as_of`` is not a date; the case's record is malformed (file, entry and field named).
    """
    shipped = files("tradetalks.record") / "data" / "us-japan.yaml"
    entries = _index(parse_yaml(shipped.read_text(encoding="utf-8"), shipped.name), shipped.name)
    own = None if case_dir is None else case_dir / "record.yaml"
    if own is not None and own.exists():
        entries |= _index(read_yaml(own), str(own))
    through = date.max if as_of is None else day(as_of, "as_of")
    known = (entry for entry in entries.values() if entry.known_from <= through)
    return tuple(sorted(known, key=lambda entry: (entry.known_from, entry.date, entry.id)))


def _index(content: Any, name: str) -> dict[str, Entry]:
    """Return the entries of a record file by id."""
    if not isinstance(content, list):
        raise BadInput(
            f"{name}: a record is a list of entries, each beginning with '- id: ...'; write [] for none"
        )
    entries: dict[str, Entry] = {}
    for number, item in enumerate(content, start=1):
        entry = _entry(item, f"{name}, entry {number}")
        if entry.id in entries:
            raise BadInput(f"{name}, entry {number}: the id {entry.id!r} stands twice; give one another id")
        entries[entry.id] = entry
    return entries


def _entry(item: Any, where: str) -> Entry:
    if not isinstance(item, dict):
        raise BadInput(f"{where}: an entry has fields such as id, date, who and position")
    where = f"{where} ({item['id']})" if "id" in item else where
    try:
        return Entry.model_validate(item)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{where}: {field + ': ' if field else ''}{first['msg']}") from None
