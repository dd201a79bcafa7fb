"""Smaller worlds: regions and sectors summed into groups, the identities and duty revenue kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.world.world import TARIFF_SOURCES, Array, World

Groups = Mapping[str, Sequence[str]]
_AGGREGATED = TARIFF_SOURCES.index("aggregated")


def aggregate(world: World, regions: Groups | Sequence[str] | None = None, sectors: Groups | None = None) -> World:
    """Return ``world`` with its regions and sectors summed into groups.

    Flows, input use and value added are summed. A group's duty is weighted by imports, so that the
    revenue of every importer is kept; it is known where every cell with trade in it is known. Trade
    elasticities are weighted by international trade (flows between different regions of ``world``).
    Trade inside a group of regions becomes domestic.

    Args:
        world: the world to sum.
        regions: group label -> regions, every region in exactly one group; or the regions to keep, the
            rest becomes ``ROW``; or None to keep all.
        sectors: group label -> sectors, every sector in exactly one group; or None to keep all.

    Raises:
        BadInput: an unknown name, an empty group, a region or sector in two groups or in none.
    """
    if isinstance(regions, str):
        raise BadInput(f"regions: a list of names is needed, not the word {regions!r}")
    if regions is not None and not isinstance(regions, Mapping):
        regions = _keep(world, regions)
    region_of, region_names = _partition(world, "region", world.regions, regions)
    sector_of, sector_names = _partition(world, "sector", world.sectors, sectors)

    def total(array: Array, *axes: npt.NDArray[np.intp]) -> Array:
        for axis, group in enumerate(axes):
            joins = np.eye(int(group.max()) + 1)[group]
            array = np.moveaxis(np.tensordot(joins, array, axes=(0, axis)), 0, axis)
        return array

    cube = (region_of, region_of, sector_of)
    flows = total(world.flows, *cube)
    tariffs, source = _duties(world, flows, total(world.flows * world.tariffs, *cube), cube)

    foreign = world.flows.sum(axis=(0, 1)) - np.einsum("iis->s", world.flows)
    weights = np.where(total(foreign, sector_of)[sector_of] > 0, foreign, 1.0)
    divisor = total(weights, sector_of)
    elasticities = {name: total(weights * theta, sector_of) / divisor for name, theta in world.elasticities.items()}
    members: list[tuple[str, ...]] = [()] * len(region_names)
    for here, group in enumerate(region_of):
        members[group] += world.members[here]
    return World(
        name=world.name,
        year=world.year,
        currency=world.currency,
        regions=region_names,
        sectors=sector_names,
        flows=flows,
        input_use=total(world.input_use, region_of, sector_of, sector_of),
        value_added=total(world.value_added, region_of, sector_of),
        tariffs=tariffs,
        tariff_known=source > 0,
        elasticities=elasticities,
        default_elasticity=world.default_elasticity,
        notes=(*world.notes, f"summed to {len(region_names)} regions and {len(sector_names)} sectors"),
        limits=world.limits,
        tariff_source=source,
        members=tuple(members),
    )


def _keep(world: World, regions: Sequence[str]) -> dict[str, list[str]]:
    kept = [world.regions[world.region(text)] if text != "ROW" else "ROW" for text in regions]
    twice = next((label for label in kept if kept.count(label) > 1), None)
    if twice:
        raise BadInput(f"regions: {twice} stands twice in the list to keep")
    rest = [label for label in world.regions if label not in kept or label == "ROW"]
    groups = {label: [label] for label in kept if label != "ROW"}
    return {**groups, "ROW": rest} if rest else groups


def _partition(
    world: World, what: str, labels: tuple[str, ...], groups: Groups | None
) -> tuple[npt.NDArray[np.intp], tuple[str, ...]]:
    """Return the group number of each label, and the group names."""
    if groups is None:
        return np.arange(len(labels)), labels
    home: dict[str, str] = {}
    for name, members in groups.items():
        if isinstance(members, str):
            raise BadInput(f"{what} group {name}: a list of {what}s is needed, not the word {members!r}")
        if not members:
            raise BadInput(f"{what} group {name} is empty")
        for member in members:
            if member not in labels:
                raise BadInput(
                    f"{what} group {name}: no {what} {member!r} in {world.name}{did_you_mean(member, labels)}"
                )
            if member in home:
                where = f"twice in {name}" if home[member] == name else f"in two groups, {home[member]} and {name}"
                raise BadInput(f"{what} {member} stands {where}; it must stand in one")
            home[member] = name
    missing = [label for label in labels if label not in home]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise BadInput(f"these {what}s of {world.name} are in no group: {', '.join(missing[:5])}{more}")
    names = tuple(groups)
    return np.array([names.index(home[label]) for label in labels]), names


def _duties(
    world: World, flows: Array, revenue: Array, cube: tuple[npt.NDArray[np.intp], ...]
) -> tuple[Array, npt.NDArray[np.int8]]:
    """Return the groups' duties (revenue over flows) and the code of their source.

    Only cells with trade count where a group has any. A group of equal duties keeps that duty, and the
    source if there is one; unequal duties without trade have no mean, so the duty is not known.
    """
    where = np.ix_(*cube)
    assert world.tariff_source is not None
    counts = (world.flows > 0) | (flows[where] == 0)

    def range_of(array: npt.NDArray[np.generic]) -> tuple[Array, Array]:
        low, high = np.full(flows.shape, np.inf), np.full(flows.shape, -np.inf)
        np.minimum.at(low, where, np.where(counts, array, np.inf))
        np.maximum.at(high, where, np.where(counts, array, -np.inf))
        return low, high

    least, most = range_of(world.tariffs)
    first, last = range_of(world.tariff_source)
    mean = np.divide(revenue, flows, out=np.zeros_like(flows), where=flows > 0)
    known = (first > 0) & ((flows > 0) | (least == most))
    source = np.where(known, np.where(first == last, first, _AGGREGATED), 0)
    return np.where(least == most, least, mean), source.astype(np.int8)
