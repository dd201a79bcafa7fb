"""The page: one self-contained HTML file, without script, that prints on A4 and reads on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from tradetalks.brief import charts, document
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.compose import document as composed
from tradetalks.brief.document import Document
from tradetalks.brief.words import long_date, name

if TYPE_CHECKING:
    from jinja2 import Environment


def page(briefing: Briefing) -> str:
    """Return the brief as HTML. The same briefing gives the same bytes.

    Nothing is loaded from elsewhere: styles and charts stand in the file; only citations link out.
    """
    return render(composed(briefing))


def render(brief: Document) -> str:
    """Return a document as HTML."""
    style, running = Markup(_text("page.css")), Markup(_running(brief))
    return _environment().get_template("page.html.j2").render(d=brief, style=style, running=running)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "element": lambda picture, key: Markup(charts.element(picture, key)),
        "long_date": long_date,
        "name": name,
        "web": _web,
    }
    environment.tests |= {kind.__name__.lower(): _is(kind) for kind in document.BLOCKS}
    return environment


def _is(kind: type) -> Callable[[object], bool]:
    return lambda block: isinstance(block, kind)


def _web(url: str | None) -> str | None:
    """Return ``url`` if a reader may be sent there, else None."""
    return url if url and url.startswith(("https://", "http://")) else None


def _text(file: str) -> str:
    return (files("tradetalks.brief") / file).read_text(encoding="utf-8")


def _running(brief: Document) -> str:
    """Return the line printed at the head of every sheet, as a CSS string."""
    line = f"{brief.marking}  ·  {brief.title}"
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in line)
