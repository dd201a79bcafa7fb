"""People named in a text, with or without their office, and offices without a name."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.governments import FIELD, near, party_in
from tradetalks.record.reader.words import any_of, family, people, places

_CAP = r"[A-ZÀ-ÞŠŽÓ][\w’'À-ž]+(?:-[\w’']+)*"
_NAME = rf"{_CAP}(?:(?: (?:de|da|von|der|van|la|al|bin))* {_CAP}){{0,3}}"
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
_FOR = rf"(?:,? (?:for|of|in charge of) (?:(?:{_CAP}|and|the|of|,|{FIELD}),? ?){{1,8}}?)?"
_TITLED = re.compile(
    rf"(?P<left>(?:(?:{_CAPITAL}(?:['’]s)?|{FIELD}) ){{0,6}})(?P<core>{_CORE})(?P<of>{_FOR}),? (?P<name>{_NAME})"
)
_MR = re.compile(rf"\b(?:Mr|Ms|Mrs|Dr|MR|MS|MRS)\.? (?P<name>{_NAME})")
_APPOSED = re.compile(
    rf"(?P<name>{_CAP}(?: {_CAP}){{1,3}}), (?P<of>(?:the |a |an )?(?:[\w’'.-]+ ){{0,7}}?{_CORE}[^,.;:]{{0,60}}),"
)
_OFFICE = re.compile(
    rf"\b(?P<lead>[Tt]he |[Aa] |[Aa]n |[Ii]ts |[Hh]is |[Oo]ur )?(?P<left>(?:(?:{_CAPITAL}(?:['’]s)?|"
    rf"{FIELD}|ministry|government) ){{0,6}})(?P<core>{_CORE})\b(?! of the\b)"
)
_SPOKES = re.compile(r"spokes", re.I)
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
def _full() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{any_of(people()[0])})(?![\w-])")


def named_people(text: str, other: str | None) -> list[Actor]:
    """Return the people named in full or with an office; ``other`` is the government of an office without one."""
    full, alone = people()
    found: list[Actor] = []
    for match in _TITLED.finditer(text):
        name = _name(match["name"])
        if not name or name in places().seats:
            continue
        office = " ".join(f"{match['left']}{match['core']}{match['of']}".split())
        party, who = full.get(name) or alone.get(name) or (None, "")
        party = party or _office_party(office) or near(text, match.start()) or other
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
        party = party or _office_party(match["of"]) or near(text, match.start()) or other
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


def offices(text: str, people_found: list[Actor], others: list[str]) -> list[Actor]:
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
            or near(text, match.start())
            or next(iter(others), None)
        )
        who = match["core"] if _SPOKES.search(core) else f"{match['left']}{match['core']}".strip()
        found.append(Actor(match.start(), match.end(), "person", who, party, f"{match['left']}{match['core']}".strip()))
    return found
