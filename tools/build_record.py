"""Build the shipped record: ``python tools/build_record.py [SHARED]``.

SHARED is the folder with the raw inputs (default: the environment variable TRADETALKS_SHARED, else
``../shared`` beside the project). Reads the fact base (``data/record``) and ``tools/record_curation.yaml``, and writes
``src/tradetalks/record/data/entries/*.yaml``, a file a pair and series, in the schema of
:class:`tradetalks.record.entry.Entry`. The issues and the deals beside them are curated by hand.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tradetalks.ground.files import read_yaml, write_atomic
from tradetalks.record.entry import Entry
from tradetalks.record.issues import issue_of

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "tradetalks" / "record" / "data" / "entries"
CURATION = ROOT / "tools" / "record_curation.yaml"

#: What a kind of fact is as an act; a statement is curated one by one.
ACTS = {
    "threat": "threat",
    "action": "act",
    "implementation": "act",
    "agreement": "agree",
    "pledge": "agree",
}
SOURCE_TYPES = {
    "official": "official",
    "institution": "institution",
    "law-or-customs-firm": "law or customs firm",
    "press-or-aggregator": "press or aggregator",
}
#: Earlier deals stand in one file of the fact base; these are their counterparts.
EARLIER = {
    **dict.fromkeys(("pre-001", "pre-002", "pre-003", "pre-004"), "KOR"),
    **dict.fromkeys(("pre-005", "pre-006", "pre-007"), "JPN"),
    **dict.fromkeys(("pre-008", "pre-009"), "CHN"),
}
ALL = "all"


def sides(side: str, counterpart: str) -> tuple[str, str]:
    """Return party and counterpart of an entry on the ``side`` of the US, of ``counterpart``, or of both."""
    if side == "both":
        return "both", "+".join(sorted(("USA", counterpart)))
    return ("USA", counterpart) if side == "US" else (counterpart, "USA")


def common(raw: dict[str, Any], counterpart: str) -> dict[str, Any]:
    """Return the fields that the log and the facts share."""
    party, across = sides(raw["side"], counterpart)
    address = raw["source"].replace("\\", "/")  # one address of the fact base has backslashes
    return {
        "id": raw["id"],
        "date": raw["date"],
        "known_from": raw["known_from"],
        "party": party,
        "counterpart": across,
        "issue": issue_of(raw["issue"]),
        "topic": raw["issue"],
        "source": urlsplit(address).netloc.removeprefix("www."),
        "source_type": SOURCE_TYPES[raw["source_type"]],
        "url": address,
    }


def logged(raw: dict[str, Any], curation: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the talks log as fields of an entry."""
    attribution = curation["attributions"].get(raw["attribution"], raw["attribution"])
    return common(raw, "JPN") | {
        "who": raw["who"],
        "role": raw["role"],
        "act": "act" if raw["act"] == "action" else raw["act"],
        "position": raw["position"],
        "attribution": attribution,
        "confidence": curation["confidence"][attribution],
        "series": "talks",
    }


def fact(raw: dict[str, Any], counterpart: str, name: str, curation: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the facts as fields of an entry."""
    unit = curation["units"].get(raw["unit"])
    who = {"US": "US government", "both": f"United States and {name}"}.get(raw["side"], f"government of {name}")
    fields = common(raw, counterpart) | {
        "who": who,
        "act": ACTS.get(raw["kind"]),
        "position": raw["text"],
        "confidence": raw["confidence"],
        "series": "facts",
    }
    if unit is not None and raw["value"] is not None:
        fields |= {"amount": raw["value"], "unit": unit}
    return fields | ({"note": "The day is ours: the source gives none."} if "note" in raw else {})


def rows(shared: Path, curation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every entry of the fact base as fields, curated."""
    folder = shared / "data" / "record"
    names = {"KOR": "Korea", "JPN": "Japan", "CHN": "China"}
    found = [logged(raw, curation) for raw in read_yaml(folder / "japan-log.yaml")["entries"]]
    for path in sorted(folder.glob("*.yaml")):
        content = read_yaml(path)
        for raw in content.get("facts", ()):
            code = EARLIER.get(raw["id"], content["counterpart"]["code"])
            name = names.get(code) or content["counterpart"]["name"].partition(" (")[0]
            found.append(fact(raw, ALL if code == "USA" else code, name, curation))
    changes = curation["entries"]
    strangers = changes.keys() - {row["id"] for row in found}
    if strangers:
        raise SystemExit(f"curated entries that the fact base does not hold: {sorted(strangers)}")
    return [row | changes.get(row["id"], {}) for row in found] + curation["added"]


def files_of(shared: Path) -> dict[str, str]:
    """Return the text of every file of the shipped record, by name."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for row in rows(shared, read_yaml(CURATION)):
        one = Entry.model_validate(row)
        other = next(side for side in sorted(one.sides) if side != "USA").lower()
        groups[f"usa-{other}{'-talks' if one.series == 'talks' else ''}.yaml"].append(one)
    texts = {}
    for name, entries in groups.items():
        if "talks" not in name:
            entries.sort(key=lambda entry: (entry.known_from, entry.date, entry.id))
        plain = [one.model_dump(exclude_defaults=True) | {"series": one.series} for one in entries]
        for one in plain:
            if "also" in one:
                one["also"] = list(one["also"])
        head = "# Made by tools/build_record.py; do not edit: curation goes to tools/record_curation.yaml.\n"
        texts[name] = head + yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)
    return texts


def main() -> None:
    default = os.environ.get("TRADETALKS_SHARED", str(ROOT.parent / "shared"))
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else default)
    TARGET.mkdir(parents=True, exist_ok=True)
    texts = files_of(shared)
    for stale in set(TARGET.glob("*.yaml")) - {TARGET / name for name in texts}:
        stale.unlink()
    for name, text in sorted(texts.items()):
        write_atomic(TARGET / name, text)
    print(f"wrote {len(texts)} files in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
