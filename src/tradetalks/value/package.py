"""Packages: sets of terms, read from YAML or from one-line forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.fields import validated
from tradetalks.ground.files import read_yaml
from tradetalks.value.effect import Effect, total
from tradetalks.value.terms import KINDS, Body
from tradetalks.value.terms.term import Assumed

_INLINE = re.compile(
    r"(?P<kind>[a-z-]+):(?P<a>[^<:=]+)<(?P<b>[^<:=]+):(?P<scope>[^=+]*?)(?:(?P<how>\+=|-=|=)(?P<amount>.+))?"
)

#: What a one-line term looks like, for errors.
EXAMPLE = "tariff:USA<JPN:C29=15"


@dataclass(frozen=True)
class Term:
    """A commitment with its name."""

    id: str
    title: str
    body: Body
    note: str | None = None
    source: str | None = None
    size: str | None = None


@dataclass(frozen=True)
class Package:
    """A set of terms, worth what their joint effect is worth."""

    id: str
    title: str
    terms: tuple[Term, ...]

    def effect(self, assumed: Assumed) -> Effect:
        """Return the joint effect; the order of terms does not matter."""
        return total(term.body.effect(assumed) for term in self.terms)


#: A package without terms.
NOTHING = Package("nothing", "nothing", ())


def body(fields: Any, where: str) -> Body:
    """Return the one term body in ``fields``, such as ``{"tariff": {...}}``.

    Raises:
        BadInput: no body, two bodies, an unknown kind, or wrong fields.
    """
    if not isinstance(fields, dict):
        raise BadInput(f"{where}: a term is written '- tariff: {{importer: USA, ...}}', not {fields!r}")
    unknown = [name for name in fields if name not in KINDS]
    if unknown:
        raise BadInput(
            f"{where}: there is no term {unknown[0]!r}{did_you_mean(str(unknown[0]), KINDS)}; "
            f"terms are {', '.join(KINDS)}"
        )
    if len(fields) != 1:
        raise BadInput(f"{where}: a term has exactly one body; {' and '.join(fields) or 'none'} given")
    ((kind, inside),) = fields.items()
    return validated(KINDS[kind], inside, f"{where}: {kind}")


def inline(text: str) -> Term:
    """Return the term of a one-line form such as ``tariff:USA<JPN:C29=15``.

    Raises:
        BadInput: the text has not that form, or a field is wrong.
    """
    found = _INLINE.fullmatch(text.strip())
    if not found:
        raise BadInput(f"{text!r} is not a term in one line; it looks like {EXAMPLE!r}")
    kind = found["kind"]
    if kind not in KINDS:
        raise BadInput(f"{text!r}: there is no term {kind!r}{did_you_mean(kind, KINDS)}; terms are {', '.join(KINDS)}")
    how, amount = found["how"] or "=", found["amount"] or ""
    if how != "=" and kind != "tariff":
        raise BadInput(f"{text!r}: {how} is for tariffs; write = here")
    if not amount and kind != "standards":
        raise BadInput(f"{text!r}: the amount is missing; it looks like {EXAMPLE!r}")
    try:
        fields = KINDS[kind].parse(
            (found["a"].strip(), found["b"].strip()), found["scope"].strip(), how, amount.strip()
        )
    except ValueError:
        raise BadInput(f"{text!r}: {amount!r} is not a number") from None
    term = validated(KINDS[kind], fields, text)
    return Term(term.inline(), term.inline(), term)


def terms(entries: Any, where: str, known: Mapping[str, Term] | None = None) -> tuple[Term, ...]:
    """Return the terms of a YAML list: each a body (with id and title), a one-line form, or an id of ``known``.

    Raises:
        BadInput: not a list, or an entry is wrong; two terms have the same id.
    """
    if not isinstance(entries, list):
        raise BadInput(
            f"{where}: a list of terms is needed, one '- tariff: {{...}}' a line"
            + ("; the file is empty, write [] for a package without terms" if entries is None else "")
        )
    found = [_term(entry, f"{where}[{number}]", known or {}) for number, entry in enumerate(entries)]
    names = [term.id for term in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadInput(f"{where}: the term {twice!r} stands twice; keep one or give them different ids")
    return tuple(found)


def _term(entry: Any, where: str, known: Mapping[str, Term]) -> Term:
    if isinstance(entry, str):
        if ":" in entry or not known:
            return inline(entry)
        if entry not in known:
            raise BadInput(f"{where}: no term {entry!r} in this case{did_you_mean(entry, known)}")
        return known[entry]
    if not isinstance(entry, dict):
        raise BadInput(f"{where}: a term is written '- tariff: {{importer: USA, ...}}', not {entry!r}")
    words = {name: entry[name] for name in ("id", "title", "note", "source", "size") if name in entry}
    for name, word in words.items():
        if not isinstance(word, str):
            raise BadInput(f"{where}: {name}: a text is needed, not {word!r}")
    what = body({name: value for name, value in entry.items() if name not in words}, where)
    name = words.get("id", what.inline())
    return Term(name, words.get("title", name), what, words.get("note"), words.get("source"), words.get("size"))


def read_package(path: Path, known: Mapping[str, Term] | None = None) -> Package:
    """Return the package in the YAML file ``path``; it may name terms of a case (``known``) by their ids.

    Raises:
        BadInput: the file cannot be read, or a term in it is wrong.
    """
    return Package(path.stem, path.stem, terms(read_yaml(path), str(path), known))


def package_of(found: Iterable[Term], title: str | None = None) -> Package:
    """Return the package of ``found`` terms.

    Raises:
        BadInput: two terms have the same id.
    """
    whole = tuple(found)
    names = [term.id for term in whole]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadInput(f"the term {twice!r} is named twice; name it once")
    return Package("package", title or "; ".join(term.title for term in whole) or "no terms", whole)
