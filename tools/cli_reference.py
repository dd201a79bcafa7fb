"""The reference of the command line, a page a command, made from the typer application itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from inspect import formatannotation
from itertools import zip_longest
from typing import Any

import typer
from pydantic import BaseModel

from tradetalks.cli.main import app
from tradetalks.cli.schema import ANSWERS, answer_model


def commands() -> dict[str, Any]:
    """Return every command that does something, by its words (``law diff``), groups left out."""
    return dict(_below(typer.main.get_command(app), ()))


def _below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from _below(inner, (*words, name))
    if not hasattr(command, "commands"):
        yield " ".join(words), command


def page(words: str, command: Any) -> str:
    """Return the page of one command: what it does, arguments, options, examples, its JSON."""
    prose, _, examples = (command.help or "").replace("\b", "").partition("Example:")
    context = command.context_class(command, info_name=f"tradetalks {words}")
    parts = [
        f"# tradetalks {words}",
        prose.strip(),
        "```text\n" + " ".join([context.command_path, *map(_usage, command.collect_usage_pieces(context))]) + "\n```",
    ]
    rows = [record for parameter in command.params if (record := parameter.get_help_record(context))]
    if rows:
        table = [f"| `{_plain(name)}` | {_cell(text)} |" for name, text in rows]
        parts.append("\n".join(["| argument or option | meaning |", "|---|---|", *table]))
    if examples.strip():
        lines = "\n".join(line.strip() for line in examples.strip().splitlines())
        parts.append(f"## Examples\n\n```sh\n{lines}\n```")
    if words in ANSWERS:
        parts.append(_answer(words))
    return "\n\n".join(parts) + "\n"


def _usage(piece: str) -> str:
    """Return a part of a usage line without the brackets that are set around those of the argument's own name."""
    once = re.sub(r"\[(\[.*)\](?:\.\.\.)?", r"\1", piece)
    return re.sub(r"\{([^|]*?)(?:\.\.\.)?\}(\.\.\.)?", r"\1\2", once)


def _answer(words: str) -> str:
    model = answer_model(words)
    rows = [
        f"| `{name}` | `{_plain(_kind(field.annotation))}` | {_cell(_meaning(model, name))} |"
        for name, field in model.model_fields.items()
    ]
    return "\n".join(
        [
            "## The JSON answer",
            "",
            f"`tradetalks schema {words!r}` prints its schema in full."
            if " " in words
            else f"`tradetalks schema {words}` prints its schema in full.",
            "",
            "| field | type | what |",
            "|---|---|---|",
            *rows,
        ]
    )


def _kind(annotation: Any) -> str:
    """Return a type as it is written, without the modules it comes from."""
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", formatannotation(annotation))


def _meaning(model: type[BaseModel], name: str) -> str:
    """Return what is said of a field: its own sentence, else the first line of the type's."""
    field = model.model_fields[name]
    if field.description:
        return field.description
    kind = field.annotation
    while kind is not None and not hasattr(kind, "model_fields"):
        kind = next((one for one in getattr(kind, "__args__", ()) if one is not type(None)), None)
    return ((kind.__doc__ or "") if kind is not None else "").strip().partition("\n")[0]


def _plain(text: str) -> str:
    """Return ``text`` in one line; the tables of Python-Markdown leave what stands in code alone."""
    return " ".join(text.split())


def _cell(text: str) -> str:
    """Return ``text`` in one line, fit for a cell of a table: of Markdown only code means something in it."""
    pieces = " ".join(text.split()).replace("``", "`").split("`")
    plain = [re.sub(r"([\\|\[\]*_])", r"\\\1", escape(piece, quote=False)) for piece in pieces[::2]]
    code = [_plain(piece) for piece in pieces[1::2]]
    return "`".join(piece for pair in zip_longest(plain, code) for piece in pair if piece is not None)
