"""What stands round a text: the day its first lines give, its language, and whether it is about the case at all."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from tradetalks.ground.countries import COUNTRIES
from tradetalks.record.reader.dates import dates
from tradetalks.record.reader.governments import parties_named

#: Lines in which a text says where and when it was written, and the longest line that is no sentence.
_FIRST, _SHORT = 6, 80
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: "TOKYO, 30 May 2025 (Kyodo) -": a place, a day, a dash; the report follows.
_PLACE = re.compile(r"(?:[^\W\d_][\w.’' -]*(?:\([\w ]+\))?,\s*){0,3}(?:\w+day,\s*)?\(?")
_DASH = re.compile(r"\)?\s*(?:\([^()\n]{1,40}\)\s*)?[-–—]")
#: A line that gives a day holds little besides: names, a time, words of publishing.
_BESIDES = 8
_LITTLE = re.compile(
    r"[^\W\d_a-zß-ÿ][\w.’':-]*|(?i:[\d.:]+(?:am|pm)?|published|updated|posted|issued|released|last|date|on|at|by|of|the|and|for|in|"
    r"a\.?m\.?|p\.?m\.?):?"
)
#: Before a day that is not the text's own, unless the line says that it is.
_OTHER_DAY = re.compile(
    r"\b(?:since|after|before|until|till|by|from|through|deadline|expires?|(?<!published )(?<!updated )(?<!posted )"
    r"(?<!issued )(?<!released )(?<!made )on|(?<!statement )(?<!remarks )(?<!minutes )(?<!transcript )(?<!readout )of)"
    r"\s(?:the\s)?$",
    re.I,
)

_ENGLISH = re.compile(
    r"\b(?:the|of|to|and|in|an|is|that|for|on|with|as|it|by|was|he|she|at|from|said|its|be|has|have|will|are|not|this|"
    r"their|would|we|they|his|her|were|been|or|which)\b"
)
#: Small words of French, German, Spanish, Portuguese, Italian, Dutch, Swedish and Polish that English has not.
_ABROAD = re.compile(
    r"\b(?:de|la|le|les|des|et|du|une|pour|que|dans|sur|est|der|die|das|und|den|dem|ein|eine|nicht|mit|von|zu|auf|ist|el|"
    r"los|las|y|en|por|con|para|del|una|os|um|uma|não|com|il|di|che|della|het|een|van|niet|och|att|det|som|på|är|na|nie|"
    r"się|jest|ao|da|dos)\b"
)
#: Fewer small words say nothing of the language.
_ENOUGH = 4
#: Share of letters of another alphabet that makes a text one of another language.
_FOREIGN = 0.3


def dateline(text: str) -> date | None:
    """Return the full date (day, month and year) that the first lines give as that of the text; None if none."""
    lines = [line.strip() for line in text[:4000].split("\n") if line.strip()][:_FIRST]
    for line in lines:
        line = line[:400]
        for when in dates(line, date(2025, 1, 1)):
            if not when.exact or not _YEAR.search(line, when.start, when.end):
                continue
            before, after = line[: when.start], line[when.end :]
            words = re.findall(r"[\w.:’'-]*\w[\w.:’'-]*", before + " " + after)
            alone = len(line) <= _SHORT and len(words) <= _BESIDES and all(map(_LITTLE.fullmatch, words))
            if (alone or (_PLACE.fullmatch(before) and _DASH.match(after))) and not _OTHER_DAY.search(before):
                return when.first
    return None


def language(text: str, name: str) -> tuple[str, ...]:
    """Return the warning that ``text`` is not in English, if it is not."""
    letters = [sign for sign in text[:20_000] if sign.isalpha()]
    foreign = sum(not unicodedata.name(sign, "LATIN").startswith("LATIN") for sign in letters)
    ours, theirs = (len(small.findall(text[:20_000].casefold())) for small in (_ENGLISH, _ABROAD))
    if foreign > _FOREIGN * len(letters) or (ours < theirs >= _ENOUGH):
        return (f"{name}: this does not look like English, and only English is read; what is found may be little",)
    return ()


def about(text: str, other: str | None) -> str | None:
    """Return the government besides the United States that ``text`` is about: ``other`` unless it names one more."""
    named = [(party, count) for party, count in parties_named(text).most_common() if party != "USA"]
    if not named or dict(named).get(other or "", 0) * 2 >= named[0][1]:
        return other
    return named[0][0]


def another_pair(text: str, other: str | None, name: str) -> tuple[str, ...]:
    """Return the note that ``text`` is about another government than the ``other`` of the case, if it is."""
    meant = about(text, other)
    if other is None or meant is None or meant == other:
        return ()
    called, ours = (COUNTRIES[one].name if one in COUNTRIES else f"the {one}" for one in (meant, other))
    return (
        f"{name}: this is about {called}, the case about {ours}; its tariffs and deadlines are checked for {called}",
    )
