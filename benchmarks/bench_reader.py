"""Precision and recall of the document reader on the labelled texts, field by field.

    python benchmarks/bench_reader.py [--set tuning|held_out|held_out_2|article|all] [--errors]

Entries: each proposal is paired with at most one labelled entry of the same text and party that agrees with it in act
or issue, so that the most fields agree. A field is right where the pair agrees in it; precision is right over proposed,
recall right over labelled. ``entry`` asks for party, act and issue together. Names agree where one holds the other
("Eto", "Taku Eto"). Dates, percentages and amounts are compared as lists, the text's labels against what was found;
"a year" behind a unit, a change of scale (million tonnes) and another word for it (planes, aircraft) are no difference.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

from tradetalks.ground.files import parse_yaml, read_text
from tradetalks.record.reader.proposals import Proposal, Reading, read

FOLDER = Path(__file__).parents[1] / "tests" / "reader_texts"
ENTRY_FIELDS = ("party", "who", "act", "issue", "attribution")
#: Where a text lies that is not ours (the article).
SHARED = Path(os.environ.get("TRADETALKS_SHARED", FOLDER.parents[2] / "shared"))
#: The set that was tuned on, those that never were, and the article, whose errors were looked at.
SETS = ("tuning", "held_out", "held_out_2", "article")
FIELDS = (*ENTRY_FIELDS, "entry", "dates", "percents", "amounts")


@dataclass
class Score:
    """Counts of one field."""

    right: int = 0
    proposed: int = 0
    labelled: int = 0

    @property
    def precision(self) -> float | None:
        """Right over proposed."""
        return self.right / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        """Right over labelled."""
        return self.right / self.labelled if self.labelled else None


@dataclass
class Scores:
    """Scores by field, and the differences in words."""

    fields: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in FIELDS})
    errors: list[str] = field(default_factory=list)

    def add(self, name: str, found: Counter[Any], wanted: Counter[Any]) -> None:
        """Add what was found and what was labelled of a field."""
        score = self.fields[name]
        score.right += (found & wanted).total()
        score.proposed += found.total()
        score.labelled += wanted.total()


def texts(name: str) -> list[dict[str, Any]]:
    """Return the labelled texts of a set; those that lie in the shared folder where it is."""
    content = parse_yaml(read_text(FOLDER / f"{name}.yaml"), f"{name}.yaml")
    assert isinstance(content, list)
    here = [row for row in content if "file" not in row or (SHARED / row["file"]).exists()]
    return [row if "text" in row else row | {"text": read_text(SHARED / row["file"])} for row in here]


def same(name: str, proposal: Proposal, entry: dict[str, Any]) -> bool:
    ours, theirs = str(getattr(proposal, name)).casefold(), str(entry[name]).casefold()
    return (ours in theirs or theirs in ours) if name == "who" else ours == theirs


def pairs(proposals: tuple[Proposal, ...], entries: list[dict[str, Any]]) -> list[tuple[Proposal, dict[str, Any]]]:
    """Return the pairing, best pairs first (texts are short: a greedy choice by agreement is the best one)."""
    ranked = sorted(
        (
            (sum(same(name, proposal, entry) for name in ENTRY_FIELDS) + same("issue", proposal, entry), -p, -e)
            for p, proposal in enumerate(proposals)
            for e, entry in enumerate(entries)
            if same("party", proposal, entry) and (same("act", proposal, entry) or same("issue", proposal, entry))
        ),
        reverse=True,
    )
    chosen: list[tuple[Proposal, dict[str, Any]]] = []
    used: set[tuple[str, int]] = set()
    for _, p, e in ranked:
        if ("p", p) not in used and ("e", e) not in used:
            used |= {("p", p), ("e", e)}
            chosen.append((proposals[-p], entries[-e]))
    return chosen


def add(scores: Scores, reading: Reading, labels: dict[str, Any]) -> None:
    """Add what ``reading`` found in a text to ``scores``."""
    entries = labels["entries"]
    matched = pairs(reading.proposals, entries)
    for name in (*ENTRY_FIELDS, "entry"):
        asked = ("party", "act", "issue") if name == "entry" else (name,)
        score = scores.fields[name]
        score.right += sum(all(same(one, *pair) for one in asked) for pair in matched)
        score.proposed += len(reading.proposals)
        score.labelled += len(entries)
    scores.add(
        "dates", Counter({day.first for day in reading.days if day.first == day.last}), Counter(set(labels["dates"]))
    )
    percents = [one.value for one in reading.quantities if one.unit.startswith("percent")]
    scores.add("percents", Counter(set(percents)), Counter({float(one) for one in labels["percents"]}))
    amounts = {amount(one.value, one.unit) for one in reading.quantities if not one.unit.startswith("percent")}
    scores.add(
        "amounts", Counter(amounts), Counter({amount(float(one["value"]), one["unit"]) for one in labels["amounts"]})
    )
    named = labels.get("id", "")
    done = {id(pair[0]) for pair in matched}
    seen = {id(pair[1]) for pair in matched}
    scores.errors += [f"{named}: extra   {shown(one)}" for one in reading.proposals if id(one) not in done]
    scores.errors += [
        f"{named}: missing {one['party']} {one['who']} {one['act']} {one['issue']}"
        for one in entries
        if id(one) not in seen
    ]
    for proposal, entry in matched:
        wrong = [
            f"{name} {getattr(proposal, name)} for {entry[name]}"
            for name in ENTRY_FIELDS
            if not same(name, proposal, entry)
        ]
        if wrong:
            scores.errors.append(f"{named}: wrong   {'; '.join(wrong)} in {shown(proposal)}")
    if amounts != {amount(float(one["value"]), one["unit"]) for one in labels["amounts"]}:
        scores.errors.append(f"{named}: amounts {sorted(amounts)} for {labels['amounts']}")
    found = {day.first for day in reading.days if day.first == day.last}
    if found != set(labels["dates"]):
        scores.errors.append(f"{named}: dates {sorted(map(str, found))} for {sorted(map(str, labels['dates']))}")
    if set(percents) != {float(one) for one in labels["percents"]}:
        scores.errors.append(f"{named}: percents {percents} for {labels['percents']}")


def amount(value: float, unit: str) -> tuple[float, str]:
    base = unit.partition(",")[0].removesuffix(" a year")
    # The same things by other words: Boeing jets, electric vehicles, icebreakers, tons.
    kinds = {
        "aircraft": r"planes?|jets?|aircraft|fighters?|Boeings?|Airbus(es)?|Dreamliners?|F-35s?|737s|Typhoons?",
        "cars": "vehicles|cars",
        "ships": "icebreakers|cutters|ships|vessels",
        "tonnes": "tons|tonnes",
    }
    scale, _, rest = base.partition(" ")
    goods = rest if scale in ("million", "billion") else base
    kind = next((kind for kind, words in kinds.items() if re.search(rf"(^|\s)({words})$", goods)), goods)
    base = f"{scale} {kind}" if goods is rest else kind
    if base.startswith("million "):
        return round(value * 1e6, 6), base.removeprefix("million ")
    if base.startswith("billion "):
        return round(value * 1e9, 6), base.removeprefix("billion ")
    return round(value, 6), base


def shown(one: Proposal) -> str:
    return f"{one.party} {one.who} {one.act} {one.issue} {one.attribution}: {one.span.text[:110]!r}"


def scored(name: str) -> Scores:
    """Return the scores of the reader on the set ``name``."""
    scores = Scores()
    for labels in texts(name):
        published = labels["published"]
        assert isinstance(published, date)
        add(scores, read(labels["text"], published), labels)
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=(*SETS, "all"), default="all", dest="name")
    parser.add_argument("--errors", action="store_true", help="list every difference (of the tuning set only)")
    asked = parser.parse_args()
    for name in SETS if asked.name == "all" else (asked.name,):
        begun = process_time()
        scores = scored(name)
        print(f"{name}: {len(texts(name))} texts, {process_time() - begun:.2f} s of processor time")
        print(f"  {'field':<12} {'precision':>9} {'recall':>7}   right / proposed, labelled")
        for field_name, score in scores.fields.items():
            shares = [f"{one:.2f}" if one is not None else "-" for one in (score.precision, score.recall)]
            print(
                f"  {field_name:<12} {shares[0]:>9} {shares[1]:>7}   {score.right} / {score.proposed}, {score.labelled}"
            )
        if asked.errors and name == "tuning":
            print(*scores.errors, sep="\n")


if __name__ == "__main__":
    main()
