"""Who sets tariffs: a region, or several that act as one (the European Union)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from tradetalks.ground.errors import BadInput
from tradetalks.model.outcome import position

#: A region by name, or a bloc as a sequence of names.
Who: TypeAlias = str | Sequence[str]

Name = TypeVar("Name", str, Who)


@dataclass(frozen=True)
class Player:
    """A region or a bloc: its name, and its members' names and positions in the economy."""

    name: str
    members: tuple[str, ...]
    at: tuple[int, ...]


def player(who: Who, regions: tuple[str, ...]) -> Player:
    """Return the player; a bloc is called after its members, ``"A+B"``, the first and a count where many.

    Raises:
        BadInput: no such region, a member twice, or nobody.
    """
    members = (who,) if isinstance(who, str) else _several(who, "region")
    if not members:
        raise BadInput("a bloc needs at least one region")
    at = tuple(position(name, regions, "region") for name in members)
    if len(set(at)) < len(at):
        raise BadInput(f"{'+'.join(members)}: a region stands twice")
    if len(at) == len(regions):
        raise BadInput("a bloc of all regions has nobody to set tariffs against; leave one out")
    name = "+".join(members) if len(members) <= 3 else f"{members[0]} and {len(members) - 1} more"
    return Player(name, members, at)


def players(several: Sequence[Who], regions: tuple[str, ...]) -> tuple[Player, ...]:
    """Return the players, each region in one of them at most.

    Raises:
        BadInput: fewer than two, no such region, or a region in two players.
    """
    if isinstance(several, str):
        raise BadInput(f"regions: {several!r} is one; name two or more, such as ['USA', 'CHN']")
    found = tuple(player(who, regions) for who in _several(several, "regions"))
    if len(found) < 2:
        raise BadInput("regions: name two or more, such as ['USA', 'CHN']")
    _apart(found)
    return found


def partners(against: Who | Sequence[Who] | None, own: Player, regions: tuple[str, ...]) -> tuple[Player, ...]:
    """Return those whose goods ``own`` taxes: one region, a list of regions and blocs, or everybody (``None``).

    Raises:
        BadInput: no such region, one named twice, or a member of ``own``.
    """
    if against is None:
        return tuple(player(name, regions) for n, name in enumerate(regions) if n not in own.at)
    named = (against,) if isinstance(against, str) else _several(against, "against")
    found = tuple(player(who, regions) for who in named)
    if not found:
        raise BadInput("against: nobody is named; leave it out for every other region")
    for other in found:
        if set(other.at) & set(own.at):
            raise BadInput(f"against: {other.name} sets the tariffs; name other regions")
    _apart(found)
    return found


def _several(given: Sequence[Name], field: str) -> tuple[Name, ...]:
    try:
        return tuple(given)
    except TypeError:
        raise BadInput(f"{field}: {given!r} is no name and no list of names, such as ['USA', 'CHN']") from None


def _apart(found: tuple[Player, ...]) -> None:
    seen: set[str] = set()
    for one in found:
        if twice := seen & set(one.members):
            raise BadInput(f"{min(twice)} is named twice; a region belongs to one side")
        seen |= set(one.members)
