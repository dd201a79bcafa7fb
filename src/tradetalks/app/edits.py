"""Edits of a case's text: what stands there, comments included, stays; what is added reads back as what was meant."""

from __future__ import annotations

from typing import Any

from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import parse_yaml
from tradetalks.value.package import Package, Term


def with_package(text: str, package: Package, name: str = "case.yaml") -> str:
    """Return the ``text`` of a case file with ``package``, and those of its terms that the case does not have.

    Raises:
        BadInput: the file cannot be read, the id is taken, or its lists are written in a way we do not add to.
    """
    before = parse_yaml(text, name)
    ids = {term.get("id") for term in before.get("terms", []) if isinstance(term, dict)}
    if any(isinstance(one, dict) and one.get("id") == package.id for one in before.get("packages", [])):
        raise BadInput(f"the case has a package {package.id!r}; give yours another name")
    new_terms = [_row(term) for term in package.terms if term.id not in ids]
    new = {"id": package.id, "title": package.title, "terms": [term.id for term in package.terms]}
    after = _appended(_appended(text, "terms", new_terms, name), "packages", [new], name)
    wanted = {**before}
    if new_terms:
        wanted["terms"] = [*before.get("terms", []), *new_terms]
    wanted["packages"] = [*before.get("packages", []), new]
    if parse_yaml(after, name) != wanted:
        raise BadInput(f"{name}: nothing was added: its lists are not written as lines that begin with '- '")
    return after


def _row(term: Term) -> dict[str, Any]:
    fields = term.body.model_dump(exclude_none=True, by_alias=True, mode="json")
    return {
        "id": term.id,
        "title": term.title,
        term.body.kind: fields,
        "size": "illustrative",
        "note": "Set in the app.",
    }


def _appended(text: str, key: str, rows: list[dict[str, Any]], name: str) -> str:
    """Return ``text`` with ``rows`` at the end of the list under the top-level ``key``."""
    import yaml

    if not rows:
        return text
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    found = next((value for at, value in (root.value if root else ()) if at.value == key), None)
    if found is None or not found.value:
        if found is not None:
            raise BadInput(f"{name}: nothing was added: write the first of {key} by hand, or take the empty list away")
        return text.rstrip("\n") + f"\n\n{key}:\n" + _lines(rows, 2)
    if found.flow_style:
        raise BadInput(f"{name}: nothing was added: {key} is written in brackets, not a line each")
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    # The list ends where its last item does; blank lines and comments after it belong to what follows.
    last = found.value[-1].end_mark
    end = last.line + (1 if last.column and lines[min(last.line, len(lines) - 1)].strip() else 0)
    end = min(end, len(lines))
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "".join(lines[:end]) + _lines(rows, found.start_mark.column) + "".join(lines[end:])


def _lines(rows: list[dict[str, Any]], indent: int) -> str:
    import yaml

    text: str = yaml.safe_dump(rows, sort_keys=False, allow_unicode=True, width=110)
    return "".join(" " * indent + line for line in text.splitlines(keepends=True))
