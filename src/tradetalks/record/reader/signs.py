"""The signs of a text put in order before anything reads it: unseen ones left out, wrongly decoded ones put right."""

from __future__ import annotations

import re

#: A soft hyphen at the end of a line: the word goes on in the next one.
_BROKEN = re.compile(r"\u00ad[ \t]*\n[ \t]*(?=\w)")
#: Soft hyphens, and characters of no width: joiners, marks of direction, the mark of byte order.
_UNSEEN = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
#: The bytes 80 to BF read as Windows-1252; five of them mean nothing there.
_BYTES = "".join(bytes([one]).decode("cp1252", "replace").replace("\ufffd", chr(one)) for one in range(0x80, 0xC0))
#: What UTF-8 becomes when it is read as Windows-1252: "â‚¬" for the euro sign, "Â¥" for the yen.
_MANGLED = re.compile(rf"[ÂÃÄÅ][{re.escape(_BYTES)}]|[âã][{re.escape(_BYTES)}]{{2}}")
#: It is read so twice at times.
_TIMES = 2


def clean(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` without unseen characters and decoded aright, and what a reader must be told of it.

    Where the whole text decodes back it is put right as a whole, else each mangled sign that does.
    """
    warnings: list[str] = []
    right = text
    for _ in range(_TIMES):
        if _MANGLED.search(right):
            right = _decoded_back(right) or _MANGLED.sub(lambda sign: _decoded_back(sign[0]) or sign[0], right)
    if right != text:
        warnings.append(
            f"{name}: its signs had been decoded wrongly (such as â‚¬ for €) and were put right; check sums and names"
        )
    if _MANGLED.search(right) or "\ufffd" in right:
        warnings.append(f"{name}: some of its signs are lost; a sum beside one may lack its currency")
    return _UNSEEN.sub("", _BROKEN.sub("", right)), tuple(warnings)


def _decoded_back(text: str) -> str | None:
    """Return what ``text`` is when its Windows-1252 bytes are read as UTF-8; None where they cannot be."""
    try:
        return b"".join(_byte(sign) for sign in text).decode("utf-8")
    except UnicodeError:
        return None


def _byte(sign: str) -> bytes:
    # Decoders leave the five bytes without a meaning as control characters.
    return bytes([ord(sign)]) if "\x80" <= sign <= "\x9f" else sign.encode("cp1252")
