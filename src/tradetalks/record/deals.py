"""Deals as packages: what was threatened, what each side gave, how far it came. A file a deal."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, computed_field, model_validator

from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.ground.fields import Number, Strict, faults
from tradetalks.ground.files import parse_yaml, read_yaml
from tradetalks.record.entry import Entry
from tradetalks.record.fields import (
    BOTH,
    Day,
    Government,
    Id,
    IssueId,
    Party,
    Text,
    Topic,
    Unit,
    word,
)
from tradetalks.record.issues import issue_of
from tradetalks.record.ledger import everything

#: How far a deal came. ``announced``: said by leaders or in a statement; ``agreed``: a text signed or a joint
#: statement with terms; ``pending``: talks without a package; ``broken off``: talks ended by one side.
Status = Literal["pending", "announced", "agreed", "in force", "rejected", "broken off"]

#: What a rate is: points on top of the ordinary duty, or the whole duty.
Basis = Literal["added", "in all"]


class _Sourced(Strict):
    """Something with a source: the id of an entry of the record (whose dates it takes), or an address with dates."""

    date: Day
    """The day it happened; that of the entry if not given."""
    known_from: Day
    """The first day it was public; that of the entry if not given."""
    source: Text
    """The id of an entry of the record, or an address."""
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Any:
        if self.known_from < self.date:
            raise ValueError(f"known_from {self.known_from} is before the day it happened, {self.date}")
        return self


class Threat(_Sourced):
    """A country rate that was announced or threatened before the deal."""

    rate_pct: Number = Field(ge=0)
    """Percent, on top of the ordinary duty."""


class Stage(_Sourced):
    """A day on which the deal changed its status."""

    status: Annotated[Status, word("status", Status)]


class Commitment(_Sourced):
    """One term of the deal."""

    issue: IssueId
    topic: Topic | None = None
    by: Party
    """Who commits: the government that gives, or ``both``."""
    amount: Number | None = None
    unit: Unit | None = None
    rate_pct: Number | None = Field(default=None, ge=0)
    """The duty that results, percent."""
    basis: Annotated[Basis | None, word("basis", Basis)] = None
    """What the rate is."""
    years: Number | None = Field(default=None, gt=0)
    """Years over which the amount is spread, where it is a total."""

    @model_validator(mode="after")
    def _consistent(self) -> Commitment:
        if (self.amount is None) != (self.unit is None):
            raise ValueError("amount and unit stand together: give both or neither")
        if (self.rate_pct is None) != (self.basis is None):
            raise ValueError("rate_pct and basis stand together: give both or neither")
        if self.topic is not None and issue_of(self.topic) != self.issue:
            raise ValueError(f"the topic {self.topic} belongs to the issue {issue_of(self.topic)}, not {self.issue}")
        return self


class Deal(Strict):
    """A package that two governments agreed, refused or still talk about."""

    id: Id
    title: Text
    parties: tuple[Government, Government]
    threats: tuple[Threat, ...] = ()
    """Country rates threatened before it, by date."""
    stages: tuple[Stage, ...] = Field(min_length=1)
    """How far it came, by date."""
    terms: tuple[Commitment, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Deal:
        if self.parties[0] == self.parties[1]:
            raise ValueError(f"parties are both {self.parties[0]}; two governments are needed")
        for term in self.terms:
            if term.by not in (*self.parties, BOTH):
                raise ValueError(f"a term is by {term.by}, who is not a party")
        for kind in (self.threats, self.stages):
            if list(kind) != sorted(kind, key=lambda one: one.known_from):
                raise ValueError("threats and stages stand in the order in which they became known")
        return self

    @computed_field  # type: ignore[prop-decorator]
    @property
    def status(self) -> Status:
        """How far it came, by the last stage."""
        return self.stages[-1].status

    @computed_field  # type: ignore[prop-decorator]
    @property
    def date(self) -> datetime.date:
        """The day of the last stage."""
        return self.stages[-1].date

    @computed_field  # type: ignore[prop-decorator]
    @property
    def known_from(self) -> datetime.date:
        """The first day on which there was a deal to know of."""
        return self.stages[0].known_from

    @computed_field  # type: ignore[prop-decorator]
    @property
    def threat_pct(self) -> float | None:
        """The last country rate threatened, percent."""
        return self.threats[-1].rate_pct if self.threats else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rate_pct(self) -> float | None:
        """The country rate of the deal, percent; ``None`` where it sets none."""
        return self._rate("tariffs", "tariff.reciprocal")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def car_rate_pct(self) -> float | None:
        """The duty on cars of the deal, percent; ``None`` where it sets none."""
        return self._rate("cars", "tariff.autos")

    def _rate(self, issue: str, topic: str) -> float | None:
        # A term without a topic is about its issue at large.
        rates = [term.rate_pct for term in self.terms if term.issue == issue and term.topic in (topic, None)]
        return next((rate for rate in rates if rate is not None), None)

    def known(self, as_of: datetime.date) -> Deal | None:
        """Return the deal as a reader of ``as_of`` knew it; ``None`` before its first stage."""
        seen: dict[str, Any] = {
            kind: tuple(one for one in getattr(self, kind) if one.known_from <= as_of)
            for kind in ("threats", "stages", "terms")
        }
        return self.model_copy(update=seen) if seen["stages"] else None


def deals(as_of: datetime.date | str | None = None, case_dir: Path | None = None) -> tuple[Deal, ...]:
    """Return the deals known on ``as_of`` (all when ``None``), in the order they became known.

    A deal shows only the stages, threats and terms that were public by then. Files in ``case_dir/deals`` are added to
    the shipped ones.

    Raises:
        BadInput: ``as_of`` is not a date; a file is malformed (file and field named).
    """
    own = [] if case_dir is None else sorted((case_dir / "deals").glob("*.yaml"))
    found = {deal.id: deal for deal in _shipped()}
    if own:
        entries = {entry.id: entry for entry in everything(None, case_dir)}
        for path in own:
            deal = parse(read_yaml(path), str(path), entries)
            if deal.id in found:
                raise BadInput(f"{path}: id: there is a deal {deal.id!r} already; give yours another id")
            found[deal.id] = deal
    if as_of is None:
        return _in_order(found.values())
    through = day(as_of, "as_of")
    return _in_order(seen for deal in found.values() if (seen := deal.known(through)) is not None)


def parse(content: Any, name: str, entries: Mapping[str, Entry]) -> Deal:
    """Return the deal of a file; ``entries`` are those that its sources may name, by id.

    Raises:
        BadInput: a field is wrong, or a source is neither an entry nor an address; every fault in a line of its own.
    """
    if not isinstance(content, dict):
        raise BadInput(f"{name}: a deal has fields such as id, title, parties, stages and terms")
    filled = dict(content)
    for kind in ("threats", "stages", "terms"):
        if isinstance(items := content.get(kind), list):
            filled[kind] = [_dated(item, entries, f"{name}: {kind}.{number}") for number, item in enumerate(items)]
    if wrong := faults(Deal, filled):
        raise BadInput("\n".join(f"{name}: {field + ': ' if field else ''}{sentence}" for field, sentence in wrong))
    return Deal.model_validate(filled)


def _dated(item: Any, entries: Mapping[str, Entry], where: str) -> Any:
    """Return ``item`` with the dates of the entry that is its source, unless it gives its own."""
    if not isinstance(item, dict) or not isinstance(source := item.get("source"), str):
        return item
    if source in entries:
        entry = entries[source]
        return {"date": entry.date, "known_from": entry.known_from} | item
    if not source.startswith(("http://", "https://")):
        raise BadInput(
            f"{where}: source: there is no entry {source!r} in the record, and it is no address; write "
            "https://..., or put the entry into the record.yaml of the folder"
        )
    return item


@lru_cache
def _shipped() -> tuple[Deal, ...]:
    entries = {entry.id: entry for entry in everything()}
    folder = files("tradetalks.record") / "data" / "deals"
    return tuple(
        parse(parse_yaml(file.read_text(encoding="utf-8"), file.name), file.name, entries)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
    )


def _in_order(found: Iterable[Deal]) -> tuple[Deal, ...]:
    return tuple(sorted(found, key=lambda deal: (deal.known_from, deal.id)))
