"""``tradetalks data``: every table the package ships, and where it comes from."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

import typer
from pydantic import BaseModel, ConfigDict

from tradetalks.cli.options import AsJson, print_json
from tradetalks.ground.answer import Meta
from tradetalks.ground.sources import Source, catalogue


class Shipped(Source):
    """One shipped table: its provenance, and the file (or folder of files) as it is installed here."""

    floor: str
    """The floor that ships it: ground, world, law, record or value."""
    bytes: int
    """Size of what is installed."""
    sha256: str
    """Digest of the installed file; of a folder, the digest of its files' digests in order of name."""


class DataAnswer(BaseModel):
    """What ``tradetalks data --json`` prints."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    tables: tuple[Shipped, ...]
    meta: Meta


def shipped() -> tuple[Shipped, ...]:
    """Return every shipped table in the order of the house, with the size and digest of its file."""
    found = []
    for floor, sources in catalogue().items():
        folder = Path(str(files(f"tradetalks.{floor}") / "data"))
        for source in sources:
            size, digest = _weigh(folder / source.file)
            found.append(Shipped(**source.model_dump(), floor=floor, bytes=size, sha256=digest))
    return tuple(found)


def _weigh(path: Path) -> tuple[int, str]:
    """Return the size in bytes and the SHA-256 of a file, or of a folder of files."""
    if path.is_dir():
        inside = [_weigh(file) for file in sorted(path.iterdir())]
        digests = "".join(digest for _, digest in inside)
        return sum(size for size, _ in inside), hashlib.sha256(digests.encode()).hexdigest()
    content = path.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()


def data(as_json: AsJson = False) -> None:
    """List the shipped tables and their licences.

    For each: publisher, edition, licence, citation, what was done to the figures, size, digest.

    \b
    Example:
      tradetalks data --json
    """
    tables = shipped()
    if as_json:
        print_json(DataAnswer(tables=tables, meta=Meta()))
        return
    for table in tables:
        typer.echo(f"{table.table}  ({table.floor}/data/{table.file}, {table.bytes:,} bytes)")
        for name in ("publisher", "title", "edition", "date", "licence", "citation", "url", "done", "limits"):
            if (value := getattr(table, name)) is not None:
                typer.echo(f"  {name + ':':<11}{value}")
        typer.echo(f"  {'sha256:':<11}{table.sha256}\n")
