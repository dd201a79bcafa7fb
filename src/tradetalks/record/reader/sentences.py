"""Where sentences begin and end, and what stands in quotation marks."""

from __future__ import annotations

import re

#: A full stop after these ends no sentence.
_SHORT = (
    r"Mr|Mrs|MR|MRS|MS|DR|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|St|Jr|Sr|vs|No|Art|Sec|Inc|Ltd|Co|Corp|approx|est|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sept|Sep|Oct|Nov|Dec|bn|mn|a\.m|p\.m|e\.g|i\.e|U\.S|U\.K|U\.N|E\.U|[A-Z]"
)
_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s|$)")
_NOT_END = re.compile(rf"(?:\b(?:{_SHORT}))\.$")
#: Lines longer than this are paragraphs; shorter ones are a text folded at the margin.
_PARAGRAPH = 160
#: No sentence of a document is longer.
_LONGEST = 1_500


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of ``text``, headings and list items included, in order."""
    found = []
    for start, end in _paragraphs(text):
        here = start
        for match in _END.finditer(text, start, end):
            if _goes_on(text, match, end):
                continue
            found.append((here, match.end()))
            here = match.end()
        found.append((here, end))
    found = [piece for start, end in found for piece in _short(text, start, end)]
    trimmed = [_trim(text, start, end) for start, end in found]
    return [(start, end) for start, end in trimmed if end > start]


def _short(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the piece between two offsets, cut at a blank where it is too long for any sentence (tables, lists)."""
    pieces = []
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]


def _goes_on(text: str, match: re.Match[str], end: int) -> bool:
    """Return whether the stop at ``match`` is that of an abbreviation, or inside a sentence."""
    rest = text[match.end() : end].lstrip()
    if not rest:
        return False
    if rest[0].islower():
        return True
    before = text[max(0, match.start() - 12) : match.start() + 1]
    if text[match.start()] != "." or not _NOT_END.search(before):
        return False
    if re.search(r"\bNo\.$", before):
        return rest[0].isdigit()  # "No. 5", but "No. We will not."
    # "in the U.S. The" ends; "U.S. Treasury" does not: only a word that opens sentences tells.
    opens = re.match(
        r"(?:The|A|An|It|He|She|They|But|In|On|We|This|That|Both|His|Her|Its)\b|"
        r"(?!Treasury|Congress|Commerce|President|Trade|Secretary|Senate|Supreme|Department|Government)"
        r"[A-Z]\w+ (?:has|have|had|is|was|will|would|said|says)\b",
        rest,
    )
    return not (before.endswith((".S.", ".K.", ".m.", "bn.")) and opens)


def folded(text: str) -> bool:
    """Return whether a line's end in ``text`` is only the margin; where lines are long each is a paragraph."""
    return max((len(line) for line in text.split("\n")), default=0) <= _PARAGRAPH


def _paragraphs(text: str) -> list[tuple[int, int]]:
    gap = r"\n[ \t]*\n\s*|\n(?=[A-ZÀ-Ž][^\n:]{0,40}:\s)" if folded(text) else r"\n+"
    bounds, here = [], 0
    for match in re.finditer(gap, text):
        bounds.append((here, match.start()))
        here = match.end()
    return [*bounds, (here, len(text))]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def quotations(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of what stands between double quotation marks, marks left out; none crosses a blank line."""
    found = []
    for pattern in (r"“([^“”]{1,1500}?)(?:”|(?=\n\s*\n))", r"(?<![\w\"])\"([^\"]{1,1500}?)\"", r"«([^«»]{1,1500}?)»"):
        for match in re.finditer(pattern, text):
            if not re.search(r"\n\s*\n", match[1]):
                found.append(match.span(1))
    return sorted(found)
