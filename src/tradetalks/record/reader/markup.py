"""HTML to text: what a reader of the page sees, paragraphs apart, scripts and forms left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: What is inside these is no text of the article.
SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "footer", "form", "button", "select", "iframe", "aside"}
)
BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section", "article"}
    | {"blockquote", "header", "main", "title", "hr", "dd", "dt", "figcaption", "pre", "body"}
)
#: Elements without content, and so without an end.
VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "source", "wbr", "col", "area", "base", "embed", "track"})
_PUBLISHED = ("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate", "publish-date")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent: list[str] = []
        self.published: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
            if name in _PUBLISHED and given.get("content"):
                self.published.setdefault(name, given["content"])
        if tag == "time" and given.get("datetime"):
            self.published.setdefault("time", given["datetime"])
        if tag in SILENT:
            self.silent.append(tag)
        elif tag in BLOCKS:
            self.pieces.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        # A page that forgets an inner end tag must not stay silent for ever.
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        elif tag in BLOCKS:
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def page_text(html: str) -> tuple[str, str | None]:
    """Return the text of a page, and the day of publication that its head names (as written there), if any."""
    page = _Page()
    page.feed(html)
    page.close()
    text = re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", "".join(page.pieces)))
    named = [page.published[name] for name in (*_PUBLISHED, "time") if name in page.published]
    days = (match[0] for value in named if (match := re.match(r"\d{4}-\d{2}-\d{2}", value)))
    return re.sub(r"\n{2,}", "\n\n", text).strip(), next(days, None)
