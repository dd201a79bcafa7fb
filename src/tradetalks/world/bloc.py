"""The world as talks see it: where the European Union is a party, its members are one region."""

from __future__ import annotations

from functools import cache

from tradetalks.ground.countries import EU27
from tradetalks.world.aggregate import aggregate
from tradetalks.world.load import load_world
from tradetalks.world.world import World


@cache
def world_of(parties: tuple[str, str]) -> World:
    """Return the shipped world; with ``EU`` among ``parties`` its 27 members are one region of that name.

    Trade between members is then domestic; the US duty on the bloc is the same as on each member, for the
    statistics know no member's own.
    """
    world = load_world()
    if "EU" not in parties:
        return world
    members = [region for region in world.regions if region in EU27]
    others = {region: [region] for region in world.regions if region not in EU27}
    return aggregate(world, {"EU": members, **others})
