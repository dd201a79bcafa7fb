"""Where every shipped table comes from.

Each floor that ships data has ``data/sources.yaml``: a list of entries, one a table. The
command ``tradetalks data`` prints them, ``DATA_LICENSES.md`` is made from them.
"""

from __future__ import annotations

import datetime
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tradetalks.ground.files import parse_yaml

#: The floors that ship tables.
FLOORS = ("ground", "world", "law", "record", "value", "talks", "brief")


def _as_written(value: Any) -> Any:
    """Return a bare year or day, which YAML takes for a number or a date, as the text it was."""
    return str(value) if isinstance(value, int | datetime.date) else value


Written = Annotated[str, BeforeValidator(_as_written)]


class Source(BaseModel):
    """Provenance of one shipped table."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    table: str
    """A short name, unique in the product."""
    file: str
    """File inside the floor's ``data`` folder, or a folder of files of one kind there."""
    publisher: str
    title: str
    edition: Written
    date: Written
    """Publication date or reference period, as the publisher gives it."""
    licence: str
    citation: str
    url: str | None = None
    done: str
    """What our script did to the publisher's figures."""
    limits: str | None = None
    """What the table cannot say."""


def catalogue() -> dict[str, list[Source]]:
    """Return the provenance entries of every floor, in the order of the house."""
    found: dict[str, list[Source]] = {}
    for floor in FLOORS:
        path = files(f"tradetalks.{floor}") / "data" / "sources.yaml"
        if path.is_file():
            entries = parse_yaml(path.read_text(encoding="utf-8"), f"{floor}/data/sources.yaml")
            found[floor] = [Source.model_validate(entry) for entry in entries]
    return found
