"""Write DATA_LICENSES.md from the provenance entries of the shipped tables (``make data-licenses``)."""

from __future__ import annotations

from pathlib import Path

from tradetalks.ground.files import write_atomic
from tradetalks.ground.sources import Source, catalogue

HEAD = """# Data licences

The code is under the MIT licence ([LICENSE](LICENSE)). The tables in the package hold facts and
figures made from the publications below, each under the terms of its publisher. Made by
`make data-licenses` from the `sources.yaml` beside each table; `tradetalks data` prints the same
with sizes and digests.
"""


def entry(floor: str, source: Source) -> str:
    """Return the section of one table."""
    name = f"[{source.title}]({source.url})" if source.url else source.title
    lines = [
        f"### {source.table}",
        "",
        f"`{floor}/data/{source.file}`",
        "",
        f"- Publisher: {source.publisher}",
        f"- Publication: {name}, {source.edition}, {source.date}",
        f"- Licence: {source.licence}",
        f"- Citation: {source.citation}",
        f"- What was done: {source.done}",
    ]
    if source.limits:
        lines.append(f"- Limits: {source.limits}")
    return "\n".join(" ".join(line.split()) for line in lines)


def page() -> str:
    """Return the whole document."""
    floors = [
        f"## {floor}\n\n" + "\n\n".join(entry(floor, source) for source in sources)
        for floor, sources in catalogue().items()
    ]
    return "\n\n".join([HEAD.rstrip(), *floors]) + "\n"


if __name__ == "__main__":
    write_atomic(Path(__file__).parents[1] / "DATA_LICENSES.md", page())
