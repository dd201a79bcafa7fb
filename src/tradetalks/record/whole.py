"""The whole record: every entry and every deal, those of a case and of a folder of more deals included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import read_yaml
from tradetalks.record.deals import Deal, deals, parse
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import everything, known

#: Files of a folder of deals that are none.
NO_DEALS = ("record", "case")


@dataclass(frozen=True)
class Record:
    """What was said, done and agreed, by anybody."""

    entries: tuple[Entry, ...]
    deals: tuple[Deal, ...]

    def known(self, as_of: date) -> Record:
        """Return what was public on ``as_of``, in the order it became so."""
        seen = [deal for one in self.deals if (deal := one.known(as_of)) is not None]
        return Record(known(self.entries, as_of), tuple(sorted(seen, key=lambda deal: (deal.known_from, deal.id))))


def whole_record(case_dir: Path | None = None, more: Path | None = None) -> Record:
    """Return every entry and deal that ships, those of a case and those of the folder ``more`` added.

    Raises:
        BadInput: a file is wrong (file and field named), or tells a deal or an entry that is there already.
    """
    entries, every = everything(None, case_dir), deals(None, case_dir)
    if more is None:
        return Record(entries, every)
    there = {entry.id: entry for entry in entries}
    for entry in everything(None, more):
        if there.setdefault(entry.id, entry) != entry:
            raise BadInput(
                f"{more / 'record.yaml'}: id: the case has another entry {entry.id!r}; give yours another id"
            )
    return Record(tuple(there.values()), (*every, *more_deals(more, every)))


def more_deals(folder: Path, there: Sequence[Deal] = ()) -> tuple[Deal, ...]:
    """Return the deals of a folder: its YAML files but ``record.yaml``, and those of its ``deals``.

    Args:
        folder: where they lie; its ``record.yaml`` may hold the entries that are their sources.
        there: deals that none of them may be.

    Raises:
        BadInput: there is no such folder, no deal in it, a file is wrong (file and field named), or two are one deal.
    """
    if not folder.is_dir():
        raise BadInput(f"--deals: there is no folder {folder}; name one that holds deals, a YAML file each")
    paths = [
        path
        for place in (folder, folder / "deals")
        for path in sorted(place.glob("*.y*ml"))
        if path.suffix in (".yaml", ".yml") and not (place == folder and path.stem in NO_DEALS)
    ]
    if not paths:
        raise BadInput(f"--deals: there is no deal in {folder}; a deal is a .yaml file (see docs/record.md)")
    entries = {entry.id: entry for entry in everything(None, folder)}
    found: list[Deal] = []
    for path in paths:
        deal = parse(read_yaml(path), str(path), entries)
        for places, others in ((f"the folder {folder}", found), ("the record", there)):
            for other in others:
                if deal.id == other.id:
                    raise BadInput(f"{path}: id: {places} has a deal {deal.id!r} already; give yours another id")
                if _same(deal, other):
                    raise BadInput(
                        f"{path}: {places} has the deal already, as {other.id!r}: the same parties, the same first "
                        f"day {deal.known_from} and a term on the same topic; leave one out, or it counts twice"
                    )
        found.append(deal)
    return tuple(found)


def _same(one: Deal, other: Deal) -> bool:
    """Return whether two files tell one deal: between the same two, known from the same day, on a topic of both."""
    topics = [{(term.issue, term.topic) for term in deal.terms} for deal in (one, other)]
    return set(one.parties) == set(other.parties) and one.known_from == other.known_from and bool(topics[0] & topics[1])
