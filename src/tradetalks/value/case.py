"""The case: a folder that a team keeps under version control.

``case.yaml`` holds the facts of the talks; ``record.yaml`` beside it adds to the record that ships, ``law/``
adds editions of the tariff schedule (``tradetalks law update --into CASE``).
A case that we do not fully understand is refused, not guessed at.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from tradetalks.ground.countries import EU27
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.fields import Strict, validated
from tradetalks.ground.files import parse_yaml, read_text
from tradetalks.value.assumptions import Assumption, assumptions
from tradetalks.value.constraints import Limits, limits
from tradetalks.value.fields import NotNegative, Region
from tradetalks.value.package import Package, Term, inline, package_of, terms

#: Outcomes of no deal that the law alone defines; any other needs terms of its own.
BY_LAW = ("snap-back", "extension")


class _NoDeal(Strict):
    outcome: str
    probability: NotNegative = Field(le=1)
    terms: list[Any] | None = None


class _Package(Strict):
    id: str
    title: str | None = None
    terms: list[str]


class _CaseFile(Strict):
    schema_: Literal[1] = Field(alias="schema")
    name: str
    title: str
    parties: tuple[Region, Region]
    seat: Region
    as_of: date
    deadline: date
    seed: int = Field(default=0, ge=0)
    marking: str = ""
    no_deal: list[Any] = Field(default_factory=lambda: [{"outcome": "snap-back", "probability": 1.0}])
    terms: list[Any] = Field(default_factory=list)
    packages: list[Any] = Field(default_factory=list)
    package: str | None = None
    """The package that is valued when none is named; the first one if not given."""
    assumptions: dict[str, Any] = Field(default_factory=dict)
    constraints: dict[str, Any] = Field(default_factory=dict)

    @field_validator("as_of", "deadline", mode="before")
    @classmethod
    def _day(cls, value: Any) -> date:
        return day(value)

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.parties[0] == self.parties[1]:
            raise ValueError(f"parties: both are {self.parties[0]}; two governments are needed")
        member = next((party for party in self.parties if party in EU27), None)
        if "EU" in self.parties and member:
            raise ValueError(f"parties: {member} is a member of the EU, which cannot talk with itself")
        if self.seat not in self.parties:
            raise ValueError(f"seat: {self.seat} is not one of the parties {' and '.join(self.parties)}")
        if self.deadline <= self.as_of:
            raise ValueError(f"deadline: {self.deadline} is not after as_of, {self.as_of}")
        return self


@dataclass(frozen=True)
class NoDeal:
    """One thing that may happen at the deadline if nothing is agreed."""

    outcome: str
    probability: float
    terms: Package
    """Changes beyond the law, for an outcome that the law does not define."""


@dataclass(frozen=True)
class Case:
    """Everything a team brings: parties, dates, terms, packages, assumptions."""

    name: str
    title: str
    parties: tuple[str, str]
    seat: str
    as_of: date
    deadline: date
    seed: int
    marking: str
    no_deal: tuple[NoDeal, ...]
    terms: tuple[Term, ...]
    packages: tuple[Package, ...]
    default_package: str | None
    assumptions: dict[str, Assumption]
    constraints: dict[str, Limits]
    """What each party cannot ratify."""
    folder: Path | None
    """Where the case lies; ``None`` for one that ships."""
    hash: str
    """First 12 hex digits of the SHA-256 of its files."""

    def package(self, name: str | None = None) -> Package:
        """Return the package ``name``, or the one valued by default.

        Raises:
            BadInput: there is no such package.
        """
        wanted = name or self.default_package
        if wanted is None:
            return package_of((), "no terms")
        for package in self.packages:
            if package.id == wanted:
                return package
        names = [package.id for package in self.packages]
        raise BadInput(
            f"no package {wanted!r} in case {self.name}{did_you_mean(wanted, names)}; it has {', '.join(names)}"
        )

    def term(self, name: str) -> Term:
        """Return the term ``name``: an id of the case, or a one-line form.

        Raises:
            BadInput: there is no such term.
        """
        if ":" in name:
            return inline(name)
        for term in self.terms:
            if term.id == name:
                return term
        names = [term.id for term in self.terms]
        raise BadInput(
            f"no term {name!r} in case {self.name}{did_you_mean(name, names)}; it has {', '.join(names) or 'none'}; "
            "or write one in a line, such as tariff:USA<JPN:C29=15"
        )

    def other(self, party: str) -> str:
        """Return the party across the table from ``party``."""
        return self.parties[1] if party == self.parties[0] else self.parties[0]


def shipped_cases() -> tuple[str, ...]:
    """Return the names of the cases that ship."""
    folder = files("tradetalks.value") / "cases"
    return tuple(sorted(entry.name for entry in folder.iterdir() if (entry / "case.yaml").is_file()))


def load_case(name: str) -> Case:
    """Return the shipped case ``name``, or the case in the folder ``name``.

    Raises:
        BadInput: there is no such case, or its file does not validate.
    """
    folder = Path(name)
    if (folder / "case.yaml").exists() or folder.is_dir():
        if not (folder / "case.yaml").exists():
            raise BadInput(f"{folder}: this folder holds no case.yaml")
        beside = [folder / "record.yaml", *sorted((folder / "law").rglob("*"))]
        more = b"".join(path.read_bytes() for path in beside if path.is_file())
        return _case(read_text(folder / "case.yaml"), str(folder / "case.yaml"), folder, more)
    if name in shipped_cases():
        with as_file(files("tradetalks.value") / "cases" / name / "case.yaml") as path:
            return _case(read_text(path), f"{name}/case.yaml", None, b"")
    raise BadInput(
        f"no case {name!r}{did_you_mean(name, shipped_cases())}; shipped cases are {', '.join(shipped_cases())}, "
        "or name a folder that holds a case.yaml"
    )


def _case(text: str, where: str, folder: Path | None, more: bytes) -> Case:
    file = validated(_CaseFile, parse_yaml(text, where), where)
    known = terms(file.terms, f"{where}: terms")
    by_id = {term.id: term for term in known}
    packages = []
    for number, entry in enumerate(file.packages):
        at = f"{where}: packages[{number}]"
        given = validated(_Package, entry, at)
        missing = [name for name in given.terms if name not in by_id]
        if missing:
            raise BadInput(f"{at}: terms: no term {missing[0]!r} in this case{did_you_mean(missing[0], by_id)}")
        inside = package_of(by_id[name] for name in given.terms)
        packages.append(Package(given.id, given.title or given.id, inside.terms))
    names = [package.id for package in packages]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadInput(f"{where}: packages: the id {twice!r} stands twice; give each its own")
    if file.package is not None and file.package not in names:
        raise BadInput(f"{where}: package: no package {file.package!r} in this case{did_you_mean(file.package, names)}")
    return Case(
        name=file.name,
        title=file.title,
        parties=file.parties,
        seat=file.seat,
        as_of=file.as_of,
        deadline=file.deadline,
        seed=file.seed,
        marking=file.marking,
        no_deal=_no_deal(file.no_deal, where),
        terms=known,
        packages=tuple(packages),
        default_package=file.package or (names[0] if names else None),
        assumptions=assumptions(file.assumptions, f"{where}: assumptions"),
        constraints=limits(file.constraints, file.parties, by_id, f"{where}: constraints"),
        folder=folder,
        hash=hashlib.sha256(text.encode() + more).hexdigest()[:12],
    )


def _no_deal(entries: list[Any], where: str) -> tuple[NoDeal, ...]:
    found = []
    for number, entry in enumerate(entries):
        at = f"{where}: no_deal[{number}]"
        given = validated(_NoDeal, entry, at)
        if given.outcome not in BY_LAW and not given.terms:
            raise BadInput(
                f"{at}: {given.outcome!r} is defined by no law; list its terms, or use {' or '.join(BY_LAW)}"
            )
        changes = Package(given.outcome, given.outcome, terms(given.terms or [], f"{at}: terms"))
        found.append(NoDeal(given.outcome, given.probability, changes))
    names = [outcome.outcome for outcome in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadInput(f"{where}: no_deal: the outcome {twice!r} stands twice; join them or name them apart")
    sum_of = sum(outcome.probability for outcome in found)
    if abs(sum_of - 1.0) > 1e-9:
        raise BadInput(f"{where}: no_deal: the probabilities sum to {sum_of:.6g}, not 1")
    return tuple(outcome for outcome in found if outcome.probability > 0)
