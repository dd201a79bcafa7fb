"""Build the shipped ledger of the US-Japan talks: ``python tools/build_record.py [SHARED]``.

SHARED is the folder with the raw inputs (default: the environment variable TRADETALKS_SHARED, else
``../shared`` beside the project). Writes ``src/tradetalks/record/data/us-japan.yaml`` in the one
schema of :class:`tradetalks.record.entry.Entry`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tradetalks.ground.files import read_yaml, write_atomic
from tradetalks.record.entry import Entry

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "tradetalks" / "record" / "data" / "us-japan.yaml"

PARTIES = {"US": "USA", "JPN": "JPN", "both": "both"}

#: How plainly a way of speaking lets a source state the entry.
CONFIDENCE = {
    **dict.fromkeys(
        ("on record", "official", "readout", "testimony", "Diet", "letter", "resolution"), "high"
    ),
    **dict.fromkeys(("sources", "reported by Ishiba", "reported by Muto"), "medium"),
    "second hand": "low",
}

#: Figures that the positions name, by entry.
AMOUNTS: dict[str, tuple[float, str]] = {
    "jpnlog-002": (44, "USD bn, cost of the project"),
    "jpnlog-003": (1000, "USD bn, stock"),
    "jpnlog-008": (25, "percent, added"),
    "jpnlog-013": (24, "percent, added"),
    "jpnlog-016": (700, "percent, claimed"),
    "jpnlog-033": (0, "USD bn, balance"),
    "jpnlog-075": (3.5, "percent of GDP"),
    "jpnlog-076": (25, "percent, added"),
    "jpnlog-078": (35, "percent, highest named"),
    "jpnlog-080": (25, "percent, added"),
    "jpnlog-084": (550, "USD bn"),
    "jpnlog-085": (15, "percent, in all"),
    "jpnlog-087": (25, "percent"),
    "jpnlog-091": (15, "percent, in all"),
    "jpnlog-095": (15, "percent, in all"),
}


def entry(raw: dict[str, Any]) -> Entry:
    """Return one raw log entry in the schema of the ledger."""
    amount, unit = AMOUNTS.get(raw["id"], (None, None))
    return Entry(
        id=raw["id"],
        date=raw["date"],
        known_from=raw["known_from"],
        who=raw["who"],
        role=raw["role"],
        party=PARTIES[raw["side"]],
        act="act" if raw["act"] == "action" else raw["act"],
        issue=raw["issue"],
        position=raw["position"],
        amount=amount,
        unit=unit,
        attribution=raw["attribution"],
        confidence=CONFIDENCE[raw["attribution"]],
        source=urlsplit(raw["source"]).netloc.removeprefix("www."),
        source_type=raw["source_type"].replace("-", " "),
        url=raw["source"],
    )


def build(shared: Path) -> str:
    """Return the text of the shipped ledger."""
    log = read_yaml(shared / "data" / "record" / "japan-log.yaml")
    entries = [entry(raw) for raw in log["entries"]]
    missing = AMOUNTS.keys() - {one.id for one in entries}
    if missing:
        raise SystemExit(f"amounts for entries that the log does not hold: {sorted(missing)}")
    rows = [one.model_dump(exclude_none=True) for one in entries]
    return yaml.safe_dump(rows, sort_keys=False, allow_unicode=True, width=100)


def main() -> None:
    default = os.environ.get("TRADETALKS_SHARED", str(ROOT.parent / "shared"))
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else default)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(TARGET, build(shared))
    print(f"wrote {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
