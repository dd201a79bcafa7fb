"""The ledger: the shipped record, a case's own entries over it, as it could be read on a given day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.ground.fields import faults
from tradetalks.ground.files import parse_yaml, read_yaml
from tradetalks.record.entry import Entry
from tradetalks.record.fields import same_side

#: The talks whose log ships.
US_JAPAN = ("JPN", "USA")


def ledger(
    as_of: date | str | None = None,
    case_dir: Path | None = None,
    between: tuple[str, str] = US_JAPAN,
    *,
    facts: bool = False,
) -> tuple[Entry, ...]:
    """Return what was known on ``as_of`` of the talks ``between`` two governments, by the day it became known.

    That is the log of their talks; where none ships, the facts on the two; with ``facts`` both, and the measures that
    bear on every country. Facts may repeat what a log tells (``Entry.repeats``). A case's own entries are always in it.
    Only ``known_from`` decides what is seen: a meeting of 16 April reported on 24 April is not known on 20 April.

    Args:
        as_of: the day of the reader; everything when ``None``.
        case_dir: the folder of a case; its ``record.yaml``, if it has one, is laid over the shipped record.
        between: ISO3 codes, or ``EU``; the EU speaks for its members.
        facts: add the facts to a log.

    Raises:
        BadInput: ``as_of`` is not a date; the case's record is malformed (file, entry and field named).
    """
    own = _own(case_dir)
    theirs = [entry for entry in shipped() if _is_between(entry, between)]
    log = [entry for entry in theirs if entry.series == "talks"]
    chosen = theirs if facts or not log else log
    if facts:
        chosen = [*chosen, *(entry for entry in shipped() if entry.for_all)]
    return known((*chosen, *own), as_of)


def everything(as_of: date | str | None = None, case_dir: Path | None = None) -> tuple[Entry, ...]:
    """Return every entry known on ``as_of``: all pairs, logs and facts, and the case's own.

    Raises:
        BadInput: as :func:`ledger`.
    """
    return known((*shipped(), *_own(case_dir)), as_of)


@lru_cache
def shipped() -> tuple[Entry, ...]:
    """Return every entry of the shipped record."""
    folder = files("tradetalks.record") / "data" / "entries"
    entries: list[Entry] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        entries += parse(parse_yaml(file.read_text(encoding="utf-8"), file.name), file.name)
    return tuple(entries)


def known(entries: Iterable[Entry], as_of: date | str | None) -> tuple[Entry, ...]:
    """Return those of ``entries`` that were public on ``as_of``, in the order they became so.

    An entry that another, public by then, corrects is left out.

    Raises:
        BadInput: ``as_of`` is not a date.
    """
    through = date.max if as_of is None else day(as_of, "as_of")
    public = [entry for entry in entries if entry.known_from <= through]
    corrected = {entry.corrects for entry in public if entry.corrects}
    left = (entry for entry in public if entry.id not in corrected)
    return tuple(sorted(left, key=lambda entry: (entry.known_from, entry.date, entry.id)))


def parse(content: Any, name: str) -> list[Entry]:
    """Return the entries of a record file; ``name`` is what errors call it.

    Raises:
        BadInput: it is no list, or an entry is wrong; the first fault is told.
    """
    if not isinstance(content, list):
        raise BadInput(f"{name}: a record is a list of entries, each beginning with '- id: ...'; write [] for none")
    entries: dict[str, Entry] = {}
    for number, item in enumerate(content, start=1):
        where = place(name, number, item)
        if wrong := faults(Entry, item):
            field, sentence = wrong[0]
            raise BadInput(f"{where}: {field + ': ' if field else ''}{sentence}")
        entry = Entry.model_validate(item)
        if entry.id in entries:
            raise BadInput(f"{where}: the id {entry.id!r} stands twice; give one another id")
        entries[entry.id] = entry
    return list(entries.values())


def place(name: str, number: int, item: Any) -> str:
    """Return how errors call entry ``number`` of the file ``name``."""
    label = f" ({item['id']})" if isinstance(item, dict) and "id" in item else ""
    return f"{name}, entry {number}{label}"


def _own(case_dir: Path | None) -> list[Entry]:
    path = None if case_dir is None else case_dir / "record.yaml"
    if path is None or not path.exists():
        return []
    own = parse(read_yaml(path, empty=[]), str(path))
    ids = {entry.id for entry in shipped()}
    for number, entry in enumerate(own, start=1):
        if sentence := clash(entry, ids, {one.id for one in own}):
            raise BadInput(f"{place(str(path), number, {'id': entry.id})}: {sentence}")
    return own


def clash(entry: Entry, taken: set[str], own: set[str]) -> str | None:
    """Return how a case's entry disagrees with the ids of the shipped record (``taken``) and the case's (``own``)."""
    if entry.id in taken:
        return (
            f"id: the shipped record has an entry {entry.id!r}; give yours another id, and corrects: {entry.id} "
            "if it is to take its place"
        )
    for field in ("corrects", "repeats"):
        named = getattr(entry, field)
        if named is not None and named not in taken | own:
            return f"{field}: there is no entry {named!r}"
    return None


def _is_between(entry: Entry, pair: tuple[str, str]) -> bool:
    """Return whether ``entry`` is of the talks of ``pair``: each side named, each name a side."""
    sides = entry.sides
    return len(sides) == 2 and any(
        same_side(sides[0], one) and same_side(sides[1], other) for one, other in (pair, pair[::-1])
    )
