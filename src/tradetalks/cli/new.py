"""``tradetalks new``: a case drawn from the data, ready to edit."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from tradetalks.cli.options import AsJson, print_json
from tradetalks.ground.answer import Meta
from tradetalks.ground.countries import government
from tradetalks.ground.errors import BadInput


class NewTerm(BaseModel):
    """A term of the case that was made."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: str
    title: str
    kind: str
    """The kind of term: tariff, purchases, standards ..."""
    asked_by: str
    """The party that would ask for it, ISO3 or EU."""
    issues: tuple[str, ...]
    """Issues of the record that it would settle."""
    illustrative: bool
    """Whether nobody named its size."""


class NewAnswer(BaseModel):
    """What ``tradetalks new --json`` prints."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    folder: str
    """Where the case lies."""
    parties: tuple[str, str]
    seat: str
    as_of: date
    deadline: date
    deadline_why: str
    """Why that day."""
    terms: tuple[NewTerm, ...]
    packages: dict[str, tuple[str, ...]]
    """Id -> ids of its terms; the first is valued when none is named."""
    record_entries: int
    """Entries of the shipped record public on the day that were read for the terms: on the two, or on all."""
    limits: tuple[str, ...]
    """What the case cannot say for want of data."""
    meta: Meta


def new(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The folder to make; nothing may be there yet.")],
    parties: Annotated[
        tuple[str, str],
        typer.Option(metavar="A B", help="The two governments: codes or names of countries, or EU."),
    ],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day whose law and record it stands on.")],
    deadline: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="When no deal sets in.  [default: the law's next large move, or 90 days on]"),
    ] = None,
    seat: Annotated[
        str | None,
        typer.Option(metavar="A", help="Whose brief it is.  [default: the one across from the United States, or A]"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a case from two governments and a day: terms, packages and record drawn from the data, to edit.

    \b
    Example:
      tradetalks new talks --parties KOR USA --as-of 2025-07-01
      tradetalks new ours --parties Japan Australia --as-of 2026-03-01 --deadline 2026-06-30 --seat Australia
    """
    from tradetalks.talks.draft.draft import draft
    from tradetalks.talks.draft.folder import check_free, write_case

    folder = Path(case)
    check_free(folder)
    one, other = (_region("--parties", party) for party in parties)
    made = draft((one, other), as_of, deadline, None if seat is None else _region("--seat", seat))
    written = write_case(made, folder)
    if as_json:
        print_json(
            NewAnswer(
                folder=str(folder),
                parties=made.parties,
                seat=made.seat,
                as_of=made.as_of,
                deadline=made.deadline,
                deadline_why=made.deadline_why,
                terms=tuple(
                    NewTerm(
                        id=term.id,
                        title=term.title,
                        kind=term.kind,
                        asked_by=term.asked_by,
                        issues=term.issues,
                        illustrative=term.illustrative,
                    )
                    for term in made.terms
                ),
                packages={name: terms for name, (_, terms) in made.packages.items()},
                record_entries=len(made.entries),
                limits=made.limits,
                meta=Meta(case=written.name, as_of=made.as_of, known_through=made.as_of, seed=written.seed),
            )
        )
        return
    typer.echo(f"{folder}: {written.title}")
    typer.echo(f"deadline {made.deadline}: {made.deadline_why}")
    for term in made.terms:
        typer.echo(f"  {term.id:<28} {term.title}{' (illustrative)' if term.illustrative else ''}")
    typer.echo(f"{len(made.packages)} packages: {', '.join(made.packages) or 'none'}")
    for limit in made.limits:
        typer.echo(f"note: {limit}", err=True)
    typer.echo(f"edit {folder / 'case.yaml'}, then: tradetalks value {shlex.quote(str(folder))}", err=True)


def _region(option: str, text: str) -> str:
    try:
        return "ROW" if text == "ROW" else government(text)
    except BadInput as error:
        raise BadInput(f"{option}: {error}") from None
