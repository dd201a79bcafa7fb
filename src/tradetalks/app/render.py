"""Pages from templates. What the record says is data: it is escaped where it stands and never read as a template."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from tradetalks.app.labels import here
from tradetalks.app.numbers import chance, dollars, money, percent, rate, span
from tradetalks.brief.words import long_date, name, nation, plainly, sentence, spelled

if TYPE_CHECKING:
    from tradetalks.brief.document import Picture


def rendered(template: str, **values: Any) -> str:
    """Return the page ``template`` with ``values``."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "long_date": long_date,
        "name": name,
        "nation": nation,
        "sentence": sentence,
        "spelled": spelled,
        "dollars": dollars,
        "money": money,
        "percent": percent,
        "rate": rate,
        "chance": chance,
        "span": span,
        "link": link,
        "picture": _drawn,
        "plainly": plainly,
        "here": here,
    }
    return environment


def _drawn(picture: Picture, key: str) -> Markup:
    from tradetalks.brief.charts import element

    return Markup(element(picture, key))


def link(url: str | None) -> str | None:
    """Return ``url`` if a reader may be sent there, else None."""
    return url if url and url.startswith(("https://", "http://")) else None


def _text(file: str) -> str:
    return (files("tradetalks.app") / "templates" / file).read_text(encoding="utf-8")
