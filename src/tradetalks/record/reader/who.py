"""Who speaks and acts in a text: people, governments, people without a name, and those who are no party to talks."""

from __future__ import annotations

import re
from functools import cache

from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.governments import FIELD, adjective, governments, parties_named, party_in, whose
from tradetalks.record.reader.persons import named_people, offices
from tradetalks.record.reader.words import any_of, people

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


@cache
def _unnamed() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?P<count>{_COUNT}(?:[Tt]he |[Aa] |[Aa]n |[Ss]enior |[Tt]wo |[Tt]hree |[Ss]everal |[Oo]ne )?)"
        rf"(?P<who>(?:(?:{adjective()})(?:['’]s)? )?(?:(?:{FIELD}|government|ministry|"
        rf"diplomatic|administration|industry|White House|Commission) )*"
        rf"(?P<noun>(?i:{_NOUN})))\b(?P<tail>{_TAIL})"
    )


def actors(text: str) -> list[Actor]:
    """Return the mentions of actors in ``text``, in order, none inside another."""
    others = [party for party, _ in parties_named(text).most_common() if party != "USA"]
    found: list[Actor] = []
    known = dict(people()[1])
    known |= {who[0].upper() + who[1:]: named for who, named in known.items()}

    taken = bytearray(len(text))

    def add(actor: Actor) -> None:
        if not any(taken[actor.start : actor.end]):
            taken[actor.start : actor.end] = b"\1" * (actor.end - actor.start)
            found.append(actor)

    for person in named_people(text, others[0] if others else None):
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
    for actor in (*_unnamed_people(text), *offices(text, found, others), *governments(text)):
        add(actor)
    for match in re.finditer(rf"\b(?:{_OUTSIDE})\b", text, re.I):
        add(Actor(*match.span(), "outsider", match[0], whose(text[: match.start()])))
    for match in _PRONOUN.finditer(text):
        add(Actor(*match.span(), "pronoun", match[0].lower(), None))
    return sorted(found, key=lambda one: one.start)


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
