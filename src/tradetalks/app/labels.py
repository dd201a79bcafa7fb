"""What the pages call fields and places, for sentences that were written for files and commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tradetalks.app.levers import Lever
from tradetalks.brief.words import name
from tradetalks.record.issues import issues

#: Field of a form -> what stands beside it on the page.
LABELS = {
    "who": "Who said or did it",
    "party": "For",
    "act": "Act",
    "issue": "Issue",
    "date": "Day it happened",
    "known_from": "Public from",
    "position": "What, in one sentence",
    "amount": "Figure",
    "unit": "It counts",
    "attribution": "How it was said",
    "confidence": "How plainly",
    "source": "Source",
    "url": "Address",
    "title": "Package",
}

#: What sentences of other floors send a reader to, and where that is here.
_HERE = (
    (re.compile(r'tradetalks law search "[^"]*"'), "write what the goods are called, for example passenger cars"),
    (re.compile(r"see tradetalks wants"), "see the page Wants"),
)


def here(sentence: str) -> str:
    """Return ``sentence`` with pages of the app in place of commands."""
    for command, page in _HERE:
        sentence = command.sub(page, sentence)
    return sentence


def apart(words: str) -> str:
    """Return ``words`` between marks that keep what they do to the direction of writing to themselves."""
    return f"\u2068{words}\u2069"


def faults(text: str) -> list[str]:
    """Return what is wrong with an entry, a sentence a fault, the fields named as the form names them."""
    return [_fault(line) for line in text.split("\n")]


def told(form: Mapping[str, str], every: Iterable[Lever]) -> list[tuple[str, str]]:
    """Return what a form says, as pairs of a label and words; what was not ticked or filled in says nothing."""
    by_id = {lever.id: lever for lever in every}
    titles = {one.id: one.title for one in issues()}
    said = []
    for field, value in form.items():
        kind, _, rest = field.partition(":")
        label = LABELS.get(rest if kind.isdigit() else field)
        if label and value and (not kind.isdigit() or f"use:{kind}" in form):
            words = {"party": name(value), "issue": titles.get(value, value)}.get(field.rpartition(":")[2], value)
            said.append((f"Proposal {int(kind) + 1}: {label}" if kind.isdigit() else label, words))
        elif kind == "on" and rest in by_id:
            lever = by_id[rest]
            said.append((lever.title, f"{form.get(f'at:{rest}', '')} {lever.unit}".strip() or "yes"))
    return said


def _fault(line: str) -> str:
    field, colon, rest = line.removeprefix("the entry: ").partition(": ")
    return f"{LABELS[field]}: {rest}" if colon and field in LABELS else line.removeprefix("the entry: ")
