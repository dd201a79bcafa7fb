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
    r"(?:[Cc]rown [Pp]rince|[Pp]rime [Mm]inister|[Mm]inister|[Vv]ice[- ][Pp]resident|[Pp]resident|"
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
    rf"\b(?P<lead>[Tt]he |[Aa] |[Aa]n |[Ii]ts |[Hh]is |[Hh]er |[Tt]heir |[Oo]ur )?(?P<left>(?:(?:{_CAPITAL}(?:['’]s)?|"
    rf"{FIELD}|ministry|government) ){{0,6}})(?P<core>{_CORE})\b(?! of the\b)"
)
_SPOKES = re.compile(r"spokes", re.I)
#: Words with a capital that begin no name: days, months, and what ministries are of.
_NOT_NAME = frozenset(
    (  # noqa: SIM905
        "Affairs Agriculture April At August Business Commerce December Defence Defense Development Digital Economic "
        "Economy Energy Environment External February Finance Food Foreign Friday Growth In Industry Innovation "
        "International Investment January July June Labour March May Monday November October On Revitalisation "
        "Revitalization Saturday Security September State Sunday The Thursday Trade Transport Treasury Tuesday "
        "Wednesday "
    ).split()
)


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
        longer = f"{match['of'].split()[-1]} {name}" if match["of"].split() else name
        party, who = full.get(name) or full.get(longer) or alone.get(name) or (None, "")
        party = party or office_party(office) or near(text, match.start()) or other
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
        party = party or office_party(match["of"]) or near(text, match.start()) or other
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


def office_party(office: str) -> str | None:
    """Return the government that an office speaks for by its words alone, if any."""
    if party := party_in(office):
        return party
    if re.search(
        r"\b(?:Treasury|Commerce|Agriculture|State|Energy|Defen[cs]e) Secretary|"
        r"\bSecretary\b(?! General)|Trade Representative|Senator",
        office,
    ):
        return None if re.search(r"Cabinet|Business|Foreign|Permanent|General", office) else "USA"
    if re.search(r"[Tt]rade [Cc]ommissioner|Commissioner", office):
        return "EU"
    return "JPN" if re.search(r"Economic Revitali[sz]ation|Chief Cabinet Secretary", office) else None


def offices(text: str, people_found: list[Actor], others: list[str]) -> list[Actor]:
    """Return offices without a name: that of the person whom the text names with it, else the office itself."""
    found = []
    people_found = sorted(people_found, key=lambda one: one.start)
    for match in _OFFICE.finditer(text):
        if not match["lead"] and not match["left"]:
            continue
        core = match["core"].split()[-1].lower()
        office = f"{match['left']}{match['core']}".strip().removeprefix("and ")
        of = re.match(rf" of (?:the )?({any_of(places().seats)})\b", text[match.end() : match.end() + 40])
        party = party_in(match["left"]) or (places().seats[of[1]] if of else None) or office_party(office)
        if not party and (match["lead"] or "").lower() in ("its ", "his ", "her ", "their "):
            party = next((one.party for one in reversed(people_found) if one.end <= match.start() and one.party), None)
        holder = None if _SPOKES.search(core) else _holder(office.lower(), party, match.start(), people_found)
        if holder is not None:
            found.append(replace(holder, start=match.start(), end=match.end()))
            continue
        party = party or near(text, match.start()) or next(iter(others), None)
        who = match["core"] if _SPOKES.search(core) else office
        found.append(Actor(match.start(), match.end(), "person", who, party, office))
    return found


def _holder(office: str, party: str | None, place: int, people_found: list[Actor]) -> Actor | None:
    """Return whom the text names with an office: the last before ``place``, else the first after it.

    A person named without an office is taken where nobody else of that government is named, or was named last.
    """
    core = office.split()[-1].replace("-", " ")
    vice = "vice" in office
    same = [
        one for one in people_found
        if one.role and core in one.role.lower() and vice == ("vice" in one.role.lower()) and party in (None, one.party)
    ]  # fmt: skip
    fields = {word for word in office.split()[:-1] if len(word) > 3} - {"prime"}
    closer = [one for one in same if one.role and any(word in one.role.lower() for word in fields)]
    for held in (closer, [] if fields and core == "minister" and "prime" not in office else same):
        before = [one for one in held if one.end <= place]
        if before or held:
            return before[-1] if before else held[0]
    if party is None:
        lately = [one for one in people_found if place - 400 < one.end <= place and one.party not in (None, "USA")]
        if lately and lately[-1].role is None:
            return lately[-1]
        return same[-1] if same and same[-1].end <= place and not fields else None
    mine = {one.who: one for one in people_found if one.party == party}
    alone = next(iter(mine.values())) if len(mine) == 1 else None
    return alone if alone is not None and alone.role is None else None
