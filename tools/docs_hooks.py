"""What mkdocs does beside copying pages (``hooks`` in mkdocs.yml).

- The reference is made from the code at build time: a page a command (:mod:`cli_reference`), a page a
  module (mkdocstrings), so that neither can go stale.
- The papers of the project that lie outside ``docs/`` become pages, and links that are right on a code
  host are turned to the page that shows the same thing.
- Equations between dollar signs, as code hosts read them, become MathML: no script, no request.
"""

from __future__ import annotations

import ast
import html
import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from cli_reference import commands, page  # noqa: E402

#: Papers outside docs/ -> their page.
PAPERS = {
    "DATA_LICENSES.md": "project/data-licences.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "benchmarks/README.md": "project/benchmarks.md",
}
FLOORS = ("ground", "world", "law", "record", "model", "value", "talks", "brief", "app")
PACKAGE = "src/tradetalks"
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)")
FENCE = re.compile(r"^( *)(```|~~~).*?^\1\2[ ]*$", re.S | re.M)
MATH = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.S)


def modules(floor: str) -> dict[str, str]:
    """Return the modules of a floor that hold something public: path in src -> first line of its docstring."""
    found = {}
    for path in sorted((ROOT / PACKAGE / floor).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        public = [node for node in tree.body if not getattr(node, "name", "_").startswith("_")]
        if public:
            said = (ast.get_docstring(tree) or "").partition("\n")[0]
            found[path.relative_to(ROOT).as_posix()] = said
    return found


def dotted(path: str) -> str:
    """Return ``tradetalks.model.system`` of ``src/tradetalks/model/system.py``."""
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def api_page(path: str) -> str:
    """Return where the page of a module lies in the site's sources."""
    return "reference/api/" + dotted(path).removeprefix("tradetalks.").replace(".", "/") + ".md"


def generated() -> dict[str, str]:
    """Return every page that is made at build time: place -> Markdown."""
    pages = {place: (ROOT / paper).read_text(encoding="utf-8") for paper, place in PAPERS.items()}
    for words, command in commands().items():
        pages[f"reference/cli/{words.replace(' ', '-')}.md"] = page(words, command)
    for floor in FLOORS:
        for path in modules(floor):
            pages[api_page(path)] = f"# {dotted(path).removeprefix('tradetalks.')}\n\n::: {dotted(path)}\n"
    return pages


def on_config(config: Any) -> Any:
    """Add the made pages to the navigation, and the pages meant by a pattern (those that no entry names)."""
    named = set(re.findall(r"[\w./-]+\.md", str(config.nav)))
    config.nav = _spelled(config.nav, named)
    reference = next(entry["Reference"] for entry in config.nav if isinstance(entry, dict) and "Reference" in entry)
    reference.append(
        {"Commands": [{f"tradetalks {words}": f"reference/cli/{words.replace(' ', '-')}.md"} for words in commands()]}
    )
    floors = {
        floor: [{dotted(path).partition(f"{floor}.")[2] or floor: api_page(path)} for path in modules(floor)]
        for floor in FLOORS
    }
    reference.append({"Python": [{floor: pages} for floor, pages in floors.items() if pages]})
    titles = ("Data licences", "Changelog", "Contributing", "Benchmark scripts")
    config.nav.append({"Project": [{title: place} for title, place in zip(titles, PAPERS.values(), strict=True)]})
    return config


def _spelled(entry: Any, named: set[str]) -> Any:
    """Return an entry of the navigation with each pattern in its lists replaced by the pages that it means."""
    if isinstance(entry, str):
        return entry
    if isinstance(entry, dict):
        return {title: _spelled(inside, named) for title, inside in entry.items()}
    found = []
    for item in entry:
        found += _meant(item, named) if isinstance(item, str) and "*" in item else [_spelled(item, named)]
    return found


def _meant(pattern: str, named: set[str]) -> list[str]:
    """Return the pages that ``pattern`` means and nothing else names."""
    pages = (path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob(pattern))
    return sorted(page for page in pages if page not in named)


def on_files(files: Files, config: Any) -> Files:
    """Put the made pages beside the written ones."""
    for place, text in generated().items():
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Turn links that leave docs/ to the page that shows the same; complete the reference's own list."""
    place = page.file.src_uri
    if place == "reference/index.md":
        markdown += _contents()
    origin = {made: paper for paper, made in PAPERS.items()}.get(place, f"docs/{place}")
    fences = [match.span() for match in FENCE.finditer(markdown)]

    def turned(match: re.Match[str]) -> str:
        picture, text, target, anchor = match.groups()
        inside = any(start <= match.start() < end for start, end in fences)
        if picture or inside or not target or "://" in target or target.startswith("mailto:"):
            return match[0]
        goal = posixpath.normpath(posixpath.join(posixpath.dirname(origin), target))
        found = _shown(goal, files)
        if found is None:
            return match[0] if goal.startswith("docs/") else text
        return f"[{text}]({posixpath.relpath(found, posixpath.dirname(place) or '.')}{anchor or ''})"

    return LINK.sub(turned, markdown)


def _shown(goal: str, files: Files) -> str | None:
    """Return the page that shows the file ``goal`` of the project, if one does."""
    if goal in PAPERS:
        return PAPERS[goal]
    if goal == "README.md":
        return "index.md"
    inside = (
        goal.removeprefix("docs/") if goal.startswith("docs/") else api_page(goal) if goal.endswith(".py") else None
    )
    return inside if inside and files.get_file_from_path(inside) else None


def _contents() -> str:
    lines = ["", "## Commands", "", "| command | what it does |", "|---|---|"]
    for words, command in commands().items():
        said = " ".join((command.help or "").partition("\n\n")[0].split()).replace("|", "\\|")
        lines.append(f"| [`tradetalks {words}`](cli/{words.replace(' ', '-')}.md) | {said} |")
    lines += ["", "## Python", ""]
    for floor in FLOORS:
        found = modules(floor)
        if found:
            lines += [f"### {floor}", "", "| module | what is there |", "|---|---|"]
            lines += [
                f"| [`{dotted(path)}`]({posixpath.relpath(api_page(path), 'reference')}) | {_cell(said)} |"
                for path, said in found.items()
            ]
            lines.append("")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return re.sub(r"``?([^`]+)``?", r"`\1`", re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)).replace("|", "\\|")


def on_page_content(html_text: str, **_: Any) -> str:
    """Turn the equations that arithmatex marked into MathML; one on a line of its own may scroll."""

    def mathml(match: re.Match[str]) -> str:
        apart = match[2] == "["
        formula = str(convert(html.unescape(match[3]).strip(), display="block" if apart else "inline"))
        return f'<div class="formula">{formula}</div>' if apart else formula

    return MATH.sub(mathml, html_text)
