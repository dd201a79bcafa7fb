"""The folder of a case as the record commands see it: where it is, who talks in it, what its next entry is called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from tradetalks.ground.countries import government
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.files import read_yaml
from tradetalks.record.entry import Entry
from tradetalks.record.fields import BOTH, same_side
from tradetalks.record.ledger import US_JAPAN


def case_folder(name: str) -> Path:
    """Return the folder of the case ``name``: a folder of the user's, else a shipped case."""
    own = Path(name)
    if (own / "case.yaml").is_file():
        return own
    cases = _cases()
    if Path(name).name == name and (cases / name / "case.yaml").is_file():
        return cases / name
    if own.is_dir():
        raise BadInput(f"CASE: the folder {name} has no case.yaml")
    names = sorted(path.parent.name for path in cases.glob("*/case.yaml"))
    near = did_you_mean(name, names)
    raise BadInput(f"CASE: there is no case {name!r}{near or '; shipped cases: ' + ', '.join(names)}")


def is_shipped(folder: Path) -> bool:
    """Return whether the case ships with the product; then it is copied before anything is added."""
    return folder.parent == _cases()


def case_day(folder: Path) -> date:
    """Return the case's own as-of date, the default day of the reader."""
    content = _content(folder)
    if "as_of" not in content:
        raise BadInput(
            f"{folder / 'case.yaml'}: as_of is missing; write for example as_of: 2025-04-20, or give --as-of"
        )
    return day(content["as_of"], f"{folder / 'case.yaml'}, as_of")


def case_pair(folder: Path) -> tuple[str, str]:
    """Return the two governments of the case; those of the log that ships where it names none."""
    named = _content(folder).get("parties", US_JAPAN)
    if not isinstance(named, list | tuple) or len(named) != 2:
        raise BadInput(f"{folder / 'case.yaml'}: parties: two governments are needed, such as [JPN, USA]")
    one, other = (said(f"{folder / 'case.yaml'}: parties", government, str(name)) for name in named)
    return one, other


def addressed(fields: dict[str, Any], pair: tuple[str, str]) -> dict[str, Any]:
    """Return the fields with the other party of the case as counterpart, where none is given and one is plain."""
    entry = Entry.model_validate(fields)
    if entry.counterpart is not None:
        return fields
    if entry.party == BOTH:
        return fields | {"counterpart": "+".join(sorted(pair))}
    across = [one for one in pair if not same_side(one, entry.party)]
    return fields | {"counterpart": across[0]} if len(across) == 1 else fields


def next_id(folder: Path) -> str:
    """Return the first ``own-N`` that the case has not used."""
    path = folder / "record.yaml"
    content = read_yaml(path, empty=[]) if path.is_file() else []
    items = content if isinstance(content, list) else []
    taken = {str(item.get("id")) for item in items if isinstance(item, dict)}
    return next(name for number in range(1, len(taken) + 2) if (name := f"own-{number}") not in taken)


def said(option: str, question: Callable[..., Any], text: str) -> Any:
    """Return what ``question`` answers; its complaint names the option."""
    try:
        return question(text)
    except ValueError as error:
        raise BadInput(f"{option}: {error}") from None


def _cases() -> Path:
    return Path(str(files("tradetalks.value") / "cases"))


def _content(folder: Path) -> dict[str, Any]:
    content = read_yaml(folder / "case.yaml")
    if not isinstance(content, dict):
        raise BadInput(f"{folder / 'case.yaml'}: a case has fields such as parties and as_of")
    return content
