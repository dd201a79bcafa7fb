"""Governments named in a text: by country, capital, building, adjective or as somebody's ministers."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.words import any_of, places

#: Fields of government that stand before a group or an office.
FIELD = (
    "trade|finance|economy|economic|foreign|agriculture|farm|commerce|industry|energy|environment|defen[cs]e|transport|"
    "deputy|vice|senior|top|chief|former|acting|cabinet|prime|international|digital|external|affairs|revitali[sz]ation|"
    "assistant|undersecretary|special|then|security|national|and"
)
_GROUP = (
    r"government|administration|side|negotiators?|negotiating team|trade team|delegation|authorities|ministr(?:y|ies)|"
    r"cabinet|leaders?|ministers|envoys|team|counterparts?|lawmakers|parliament|trade officials(?= have)|governments|"
    r"capitals|member states|planners|customs|embassy|mission|presidency"
)
#: After a capital word these make a place of something else ("Washington Post", "Tokyo Electron").
_NOT_SEAT = (
    r"(?! (?:Post|Times|Electron|Stock|Exchange|Gas|Metro|Steel|Motor|University|"
    r"Journal|Bank|Street|Carbide|Club|FC|stocks|stock|shares)\b)"
)
#: Goods of a third country that a quarrel is about; they say nothing of who speaks.
_THIRD = re.compile(
    r"Russian(?= (?:\w+ )?(?:oil|gas|crude|energy))|Chinese(?= (?:goods|inputs|parts|components|content))"
)


@cache
def adjective() -> str:
    """Return a pattern of every word that names a government."""
    return any_of([*places().adjectives, *places().seats])


@cache
def _seat() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:[Tt]he )?(?P<seat>{any_of(places().seats)})(?![\w-]){_NOT_SEAT}")


@cache
def _groups() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[Tt]he )?(?P<of>(?:{adjective()})(?:['’]s)?) (?:(?:{FIELD}|coalition|"
        rf"federal) )*(?:{_GROUP})(?: of \w+)?\b(?! (?:bonds?|debt|securities))"
    )


def party_in(text: str) -> str | None:
    """Return the government that the last place or adjective in ``text`` names, if any."""
    table = places().seats | places().adjectives
    found = list(re.finditer(rf"(?<![\w])(?:{adjective()})(?![\w])", text))
    return table[found[-1][0]] if found else None


def parties_named(text: str) -> Counter[str]:
    """Return how often each government is named in ``text``, by place, adjective or seat."""
    table = places().seats | places().adjectives
    text = _THIRD.sub("", text)
    return Counter(table[match[0]] for match in re.finditer(rf"(?<![\w])(?:{adjective()})(?![\w])", text))


def whose(before: str) -> str | None:
    """Return the government whose adjective ``before`` ends with ("Swiss companies")."""
    match = re.search(rf"(?<![\w])(?:{adjective()}) $", before[-24:])
    return party_in(match[0]) if match else None


def near(text: str, start: int) -> str | None:
    """Return the last government but the United States that is named in the same sentence before ``start``."""
    before = re.split(r"(?<=[a-z\d][.!?])\s", text[max(0, start - 200) : start])[-1]
    table = places().seats | places().adjectives
    named = [table[match[0]] for match in re.finditer(rf"(?<![\w])(?:{adjective()})(?![\w])", _THIRD.sub("", before))]
    return next((party for party in reversed(named) if party != "USA"), None)


def governments(text: str) -> list[Actor]:
    """Return the governments named in ``text``; an adjective before a noun is none."""
    table = places().seats | places().adjectives
    found = [
        Actor(
            *match.span(),
            "government",
            match[0].removeprefix("the ").removeprefix("The "),
            table[re.sub(r"['’]s$", "", match["of"])],
        )
        for match in _groups().finditer(text)
    ]
    adjectives = set(places().adjectives)
    for match in _seat().finditer(text):
        # "U.S. beef", "US tariffs", "EU deal": the word stands before a noun and is an adjective there.
        if match["seat"] in adjectives and re.match(
            r" (?!(?:is|was|has|had|will|would|and|to|in|on|for|from|could|should|must|may|can|or|but|at|by|if|as|said|"
            r"wants?|seeks?|agrees?|offer\w*|demands?|propos\w+|threat\w+|also|again|did|does|cannot|were|are|not|says|"
            r"sought|told|put|let|made|gave|took|won|kept|held|met|with|while|when|than|who|which|that|weighs?|plans?|"
            r"\w{2,}ed)\b)[a-z]",
            text[match.end() :],
        ):
            continue
        found.append(Actor(*match.span(), "government", match["seat"], places().seats[match["seat"]]))
    return found
