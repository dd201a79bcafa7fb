"""Who speaks and acts in a text: people, governments, people without a name, and those who are no party to talks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from tradetalks.record.reader.words import any_of, family, people, places

ActorKind = Literal["person", "government", "unnamed", "outsider", "pronoun"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A mention of somebody between two offsets."""

    start: int
    end: int
    kind: ActorKind
    who: str
    party: str | None
    role: str | None = None


_CAP = r"[A-ZÀ-ÞŠŽÓ][\w’'À-ž]+(?:-[\w’']+)*"
_NAME = rf"{_CAP}(?:(?: (?:de|da|von|der|van|la|al|bin))* {_CAP}){{0,3}}"
_FIELD = (
    "trade|finance|economy|economic|foreign|agriculture|farm|commerce|industry|energy|environment|defen[cs]e|transport|"
    "deputy|vice|senior|top|chief|former|acting|cabinet|prime|international|digital|external|affairs|revitali[sz]ation|"
    "assistant|undersecretary|special|then|security|national|and"
)
_CORE = (
    r"(?:[Pp]rime [Mm]inister|[Mm]inister|[Vv]ice[- ][Pp]resident|[Pp]resident|"
    r"[Ss]ecretary(?!-)|[Cc]hancellor|[Pp]remier|"
    r"[Cc]ommissioner|[Aa]mbassador|[Rr]epresentative|[Nn]egotiator|[Ss]pokes(?:man|"
    r"woman|person)|[Aa]dvis[eo]r|[Ee]nvoy|"
    r"[Cc]hief(?! (?:executive|of|negotiator|economist|[Cc]abinet|trade))|[Cc]zar|"
    r"[Ss]enator|[Gg]overnor|[Dd]irector|[Uu]nder[- ]?[Ss]ecretary)"
)
#: A capital word before an office; a full stop only where it abbreviates (U.S.).
_CAPITAL = r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)(?:(?:[A-Z]\.){2,}|[A-Z][\w&-]*)"
_FOR = rf"(?:,? (?:for|of|in charge of) (?:(?:{_CAP}|and|the|of|,|{_FIELD}),? ?){{1,8}}?)?"
_TITLED = re.compile(
    rf"(?P<left>(?:(?:{_CAPITAL}(?:['’]s)?|{_FIELD}) ){{0,6}})(?P<core>{_CORE})(?P<of>{_FOR}),? (?P<name>{_NAME})"
)
_MR = re.compile(rf"\b(?:Mr|Ms|Mrs|Dr|MR|MS|MRS)\.? (?P<name>{_NAME})")
_APPOSED = re.compile(
    rf"(?P<name>{_CAP}(?: {_CAP}){{1,3}}), (?P<of>(?:the |a |an )?(?:[\w’'.-]+ ){{0,7}}?{_CORE}[^,.;:]{{0,60}}),"
)
_OFFICE = re.compile(
    rf"\b(?P<lead>[Tt]he |[Aa] |[Aa]n |[Ii]ts |[Hh]is |[Oo]ur )?(?P<left>(?:(?:{_CAPITAL}(?:['’]s)?|"
    rf"{_FIELD}|ministry|government) ){{0,6}})(?P<core>{_CORE})\b(?! of the\b)"
)
_SPOKES = re.compile(r"spokes", re.I)
_GROUP = (
    r"government|administration|side|negotiators?|negotiating team|trade team|delegation|authorities|ministr(?:y|ies)|"
    r"cabinet|leaders?|ministers|envoys|team|counterparts?|lawmakers|parliament|trade officials(?= have)"
)
_NOUN = r"officials?|sources?|diplomats?|insiders?|aides?|people|persons?"
_TAIL = (
    r"(?: (?:who|familiar|briefed|close|with|involved|in|at|from|aware)\b(?! (?:said|"
    r"told))[^,.;:\"”]{0,60}?(?= (?:said|told|says|added|have|has|on condition|"
    r"confirmed)\b|[,.;:]|$))?"
)
_COUNT = (
    r"(?:(?:the|a|an|one|two|three|four|five|several|some|many|senior|top|unnamed|"
    r"other|another|high-ranking|multiple) )*"
)
_OUTSIDE = (
    r"analysts?|economists?|experts?|bankers?|banks?|brokerage|investors?|traders|"
    r"compan(?:y|ies)|carmakers?|automakers?|"
    r"manufacturers?|exporters?|importers?|unions?|workers|clubs?|players?|teams? captain|"
    r"coach|industry (?:group|body|association)s?|"
    r"associations?|lobby|federation|chamber of commerce|think[- ]tanks?|observers|critics|researchers?|professors?|"
    r"opposition(?: \w+)?|judges?|courts?|police|prosecutors?|hospital|university|"
    r"airlines?|producers?|utilit(?:y|ies)|firms?|shareholders|board|"
    r"chief executive|CEO|landlord|tenants?|teachers?|nurses|students?|retailers?|supermarkets?|farmers|fishermen|"
    r"Toyota|Honda|Nissan|Nippon Steel|Hyundai|Samsung|Apple|Nintendo|Sony|BMW|"
    r"Volkswagen|Ford|General Motors|Stellantis|"
    r"voters|residents|campaigners|activists|film-?makers?|studio|museum|directors? of the"
)
_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|we|I|his country|her country|the country|the bloc|the government|the ministry|"
    r"both sides|both countries|both governments|the two sides|the two countries|"
    r"the two governments|the sides|the pair)\b(?!['’]s (?:own )?\w+ (?:tariff|"
    r"rule))",
    re.I,
)
#: After a capital word these make a place of something else ("Washington Post", "Tokyo Electron").
_NOT_SEAT = (
    r"(?! (?:Post|Times|Electron|Stock|Exchange|Gas|Metro|Steel|Motor|University|"
    r"Journal|Bank|Street|Carbide|Club|FC|stocks|stock|shares)\b)"
)
_NOT_NAME = {
    "April",
    "At",
    "August",
    "December",
    "February",
    "Friday",
    "In",
    "January",
    "July",
    "June",
    "March",
    "May",
    "Monday",
    "November",
    "October",
    "On",
    "Saturday",
    "September",
    "Sunday",
    "The",
    "Thursday",
    "Tuesday",
    "Wednesday",
}


@cache
def _seat() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:[Tt]he )?(?P<seat>{any_of(places().seats)})(?![\w-]){_NOT_SEAT}")


@cache
def _adjective() -> str:
    return any_of([*places().adjectives, *places().seats])


@cache
def _groups() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[Tt]he )?(?P<of>(?:{_adjective()})(?:['’]s)?) (?:(?:{_FIELD}|coalition|"
        rf"federal) )*(?:{_GROUP})(?: of \w+)?\b(?! (?:bonds?|debt|securities))"
    )


@cache
def _unnamed() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?P<count>{_COUNT}(?:[Tt]he |[Aa] |[Aa]n |[Ss]enior |[Tt]wo |[Tt]hree |[Ss]everal |[Oo]ne )?)"
        rf"(?P<who>(?:(?:{_adjective()})(?:['’]s)? )?(?:(?:{_FIELD}|government|ministry|"
        rf"diplomatic|administration|industry|White House|Commission) )*"
        rf"(?P<noun>(?i:{_NOUN})))\b(?P<tail>{_TAIL})"
    )


@cache
def _full() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{any_of(people()[0])})(?![\w-])")


#: Goods of a third country that a quarrel is about; they say nothing of who speaks.
_THIRD = re.compile(
    r"Russian(?= (?:\w+ )?(?:oil|gas|crude|energy))|Chinese(?= (?:goods|inputs|parts|components|content))"
)


def party_in(text: str) -> str | None:
    """Return the government that the last place or adjective in ``text`` names, if any."""
    table = places().seats | places().adjectives
    found = list(re.finditer(rf"(?<![\w])(?:{_adjective()})(?![\w])", text))
    return table[found[-1][0]] if found else None


def parties_named(text: str) -> Counter[str]:
    """Return how often each government is named in ``text``, by place, adjective or seat."""
    table = places().seats | places().adjectives
    text = _THIRD.sub("", text)
    return Counter(table[match[0]] for match in re.finditer(rf"(?<![\w])(?:{_adjective()})(?![\w])", text))


def actors(text: str) -> list[Actor]:
    """Return the mentions of actors in ``text``, in order, none inside another."""
    others = [party for party, _ in parties_named(text).most_common() if party != "USA"]
    found: list[Actor] = []
    known = dict(people()[1])

    taken = bytearray(len(text))

    def add(actor: Actor) -> None:
        if not any(taken[actor.start : actor.end]):
            taken[actor.start : actor.end] = b"\1" * (actor.end - actor.start)
            found.append(actor)

    for person in _people(text, others[0] if others else None):
        add(person)
        if person.party is not None:
            known.setdefault(person.who, (person.party, person.who))
    for match in re.finditer(rf"(?<![\w-])(?:{any_of(known)})(?![\w-])", text):
        party, who = known[match[0]]
        add(Actor(*match.span(), "person", who, party))
    called = {name.upper(): entry for name, entry in (people()[0] | known).items()}
    for match in re.finditer(rf"(?<![\w-])(?:{any_of(called)})(?=:)", text):
        party, who = called[match[0]]
        add(Actor(*match.span(), "person", who, party))
    for actor in (*_unnamed_people(text), *_offices(text, found, others), *_governments(text)):
        add(actor)
    for match in re.finditer(rf"\b(?:{_OUTSIDE})\b", text, re.I):
        add(Actor(*match.span(), "outsider", match[0], _whose(text[: match.start()])))
    for match in _PRONOUN.finditer(text):
        add(Actor(*match.span(), "pronoun", match[0].lower(), None))
    return sorted(found, key=lambda one: one.start)


def _whose(before: str) -> str | None:
    """Return the government whose adjective ``before`` ends with ("Swiss companies")."""
    match = re.search(rf"(?<![\w])(?:{_adjective()}) $", before[-24:])
    return party_in(match[0]) if match else None


def _people(text: str, other: str | None) -> list[Actor]:
    """Return the people named in full or with an office; ``other`` is the government of an office without one."""
    full, alone = people()
    found: list[Actor] = []
    for match in _TITLED.finditer(text):
        name = _name(match["name"])
        if not name or name in places().seats:
            continue
        office = " ".join(f"{match['left']}{match['core']}{match['of']}".split())
        party, who = full.get(name) or alone.get(name) or (None, "")
        party = party or _office_party(office) or _near(text, match.start()) or other
        end = match.start("name") + len(name)
        found.append(Actor(match.start(), end, "person", who or family(name, party), party, office))
    for match in _APPOSED.finditer(text):
        name = _name(match["name"])
        if (
            not name
            or name in places().seats
            or any(one.start < match.end("name") and match.start() < one.end for one in found)
        ):
            continue
        party, who = full.get(name) or (None, "")
        party = party or _office_party(match["of"]) or _near(text, match.start()) or other
        found.append(Actor(match.start(), match.end() - 1, "person", who or family(name, party), party, match["of"]))
    for match in _full().finditer(text):
        party, who = full[match[0]]
        found.append(Actor(*match.span(), "person", who, party))
    for match in _MR.finditer(text):
        name = _name(match["name"])
        spelt = name.title() if name.isupper() else name
        party, who = full.get(spelt) or alone.get(spelt) or (None, family(spelt, None))
        found.append(Actor(match.start(), match.start("name") + len(name), "person", who, party))
    return found


def _name(text: str) -> str:
    """Return ``text`` up to a word that begins no part of a name (a weekday, a month)."""
    kept: list[str] = []
    for word in text.split():
        word = re.sub(r"['’]s$", "", word)
        if word in _NOT_NAME:
            break
        kept.append(word)
    return " ".join(kept)


def _office_party(office: str) -> str | None:
    if party := party_in(office):
        return party
    if re.search(
        r"\b(?:Treasury|Commerce|Agriculture|State|Energy|Defen[cs]e) Secretary|"
        r"\bSecretary\b(?! General)|Trade Representative|Senator",
        office,
    ):
        return None if re.search(r"Cabinet|Business|Foreign|Permanent|General", office) else "USA"
    if re.search(r"Commissioner", office):
        return "EU"
    return "JPN" if re.search(r"Economic Revitali[sz]ation|Chief Cabinet Secretary", office) else None


def _near(text: str, start: int) -> str | None:
    """Return the last government but the United States that is named in the same sentence before ``start``."""
    before = re.split(r"(?<=[a-z\d][.!?])\s", text[max(0, start - 200) : start])[-1]
    table = places().seats | places().adjectives
    named = [table[match[0]] for match in re.finditer(rf"(?<![\w])(?:{_adjective()})(?![\w])", _THIRD.sub("", before))]
    return next((party for party in reversed(named) if party != "USA"), None)


def _unnamed_people(text: str) -> list[Actor]:
    found, introduced = [], False
    for match in _unnamed().finditer(text):
        tail = match["tail"] or ""
        noun = match["noun"].lower()
        if noun in ("people", "person", "persons"):
            told = re.search(r"familiar|briefed|knowledge|close to|involved|who|aware|with direct", tail)
            if not told and not (introduced and re.match(r"[Tt]he ", match[0])):
                continue
            introduced = True
        party = party_in(match["who"]) or (party_in(tail) if re.match(r" (?:in|at|from)\b", tail) else None)
        found.append(Actor(match.start(), match.end(), "unnamed", match["who"], party))
    return found


def _offices(text: str, people_found: list[Actor], others: list[str]) -> list[Actor]:
    """Return offices without a name: that of a person already introduced, else the office itself."""
    found = []
    for match in _OFFICE.finditer(text):
        if not match["lead"] and not match["left"]:
            continue
        core = match["core"].split()[-1].lower()
        earlier = [one for one in people_found if one.role and one.end <= match.start() and core in one.role.lower()]
        party = party_in(match["left"])
        if earlier and party in (None, earlier[-1].party) and not _SPOKES.search(core):
            found.append(replace(earlier[-1], start=match.start(), end=match.end()))
            continue
        party = (
            party
            or _office_party(match["left"] + match["core"])
            or _near(text, match.start())
            or next(iter(others), None)
        )
        who = match["core"] if _SPOKES.search(core) else f"{match['left']}{match['core']}".strip()
        found.append(Actor(match.start(), match.end(), "person", who, party, f"{match['left']}{match['core']}".strip()))
    return found


def _governments(text: str) -> list[Actor]:
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
            r" (?!(?:is|was|has|had|will|would|and|to|in|on|for|from|could|should|must|"
            r"may|can|or|but|at|by|if|as|said|wants?|seeks?|agrees?|agreed|offer\w*|"
            r"demand\w*|asked|refus\w+|imposed|reject\w*|propos\w+|threat\w+|also|again|"
            r"did|does|would|cannot|were|are)\b)[a-z]",
            text[match.end() :],
        ):
            continue
        found.append(Actor(*match.span(), "government", match["seat"], places().seats[match["seat"]]))
    return found
