"""The draft of a case: terms from law, trade and record, packages of them, a deadline from the law's own clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tradetalks.ground.countries import EU27
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.law.clock import Event
from tradetalks.law.editions import beyond
from tradetalks.law.rates import BASE_DAY
from tradetalks.record.entry import Entry
from tradetalks.talks.draft import asked, measures, tariffs, trade
from tradetalks.talks.draft.proposal import Proposal, name_of
from tradetalks.world.bloc import world_of
from tradetalks.world.world import World

#: A date of the law this near, days, that moves the average duty by this much, points, is a deadline of talks.
NEAR, MOVES = 180, 0.1
#: Purchases by one side that trade alone suggests, where the record names fewer.
PURCHASES = 2
#: Days to the deadline where the law sets none.
DEFAULT_DAYS = 90


@dataclass(frozen=True)
class Draft:
    """Everything that a new case holds, before it is written."""

    parties: tuple[str, str]
    seat: str
    as_of: date
    deadline: date
    deadline_why: str
    outcome: str
    """What no deal brings by law: ``snap-back`` where a duty moves by the deadline, else ``extension``."""
    terms: tuple[Proposal, ...]
    packages: dict[str, tuple[str, tuple[str, ...]]]
    """Id -> title and ids of terms."""
    signed: date
    """When the last act of US law on the other side became public."""
    dates: tuple[tuple[date, list[Event], float], ...]
    """Days on which US law known then moves by itself, with the points by which the average duty moves."""
    entries: tuple[Entry, ...]
    """What the shipped record held of the two on the day."""
    limits: tuple[str, ...]
    """What this case cannot say for want of data, a sentence each."""


def draft(
    parties: tuple[str, str], as_of: str | date, deadline: str | date | None = None, seat: str | None = None
) -> Draft:
    """Return the draft of a case between two ``parties`` (regions of the world, or ``EU``) on ``as_of``.

    Args:
        parties: codes of two governments, ISO3 or ``EU`` (or ``ROW``).
        as_of: the day; law and record are those known on it.
        deadline: when no deal sets in; by default the day of the law's clock that moves the average duty most within
            180 days, else 90 days on.
        seat: the party whose brief it is (default: the one across the table from the United States, else the first).

    Raises:
        BadInput: a country that is no region of the world, the same twice, a day before the law that ships.
    """
    today = day(as_of, "--as-of")
    if today < BASE_DAY:
        raise BadInput(f"--as-of: {today} is before {BASE_DAY}, the first day of the law that is shipped")
    world = _world(parties)
    seat = seat or (parties[1] if parties[0] == "USA" else parties[0])
    if seat not in parties:
        raise BadInput(f"--seat: {seat} is not one of the parties {' and '.join(parties)}")
    other = _across_from_usa(parties)
    moves = measures.dates(other, today) if other else []
    end, why = _deadline(moves, today, deadline, other)
    entries = asked.known_by(parties, today)
    terms = _terms(world, parties, today, end, entries)
    return Draft(
        parties=parties,
        seat=seat,
        as_of=today,
        deadline=end,
        deadline_why=why,
        outcome="snap-back" if any(when <= end for when, _, _ in moves) else "extension",
        terms=terms,
        packages=_packages(parties, seat, terms),
        signed=measures.signed(other, today) if other else BASE_DAY,
        dates=tuple(moves),
        entries=entries,
        limits=_limits(world, parties, today, terms, entries),
    )


def _world(parties: tuple[str, str]) -> World:
    for one, other in (parties, parties[::-1]):
        if one == other:
            raise BadInput(f"--parties: both are {one}; two governments are needed")
        if one == "EU" and other in EU27:
            raise BadInput(f"--parties: {other} is a member of the EU, which cannot talk with itself")
    world = world_of(parties)
    for party in parties:
        if party not in world.regions:
            raise BadInput(
                f"--parties: {name_of(party)} ({party}) is no region of {world.name}: it is inside ROW, the rest of "
                f"the world; regions are {', '.join(world.regions)}"
            )
    return world


def _across_from_usa(parties: tuple[str, str]) -> str | None:
    if "USA" not in parties:
        return None
    return parties[1] if parties[0] == "USA" else parties[0]


def _deadline(
    moves: list[tuple[date, list[Event], float]], today: date, given: str | date | None, other: str | None
) -> tuple[date, str]:
    if given is not None:
        end = day(given, "--deadline")
        if end <= today:
            raise BadInput(f"--deadline: {end} is not after --as-of, {today}")
        return end, "given on the command line"
    near = [move for move in moves if (move[0] - today).days <= NEAR and abs(move[2]) >= MOVES]
    if near:
        when, events, points = max(near, key=lambda move: abs(move[2]))
        cited = "; ".join(dict.fromkeys(event.citation for event in events))
        whose = name_of(other or "")
        return when, f"the law known then moves the average duty on {whose} by {points:+.1f} points ({cited})"
    law = "US law known then sets no day within half a year" if other else "no law of either side ships"
    if today > date.max - timedelta(days=DEFAULT_DAYS):
        raise BadInput(f"--as-of: {today} leaves no day for a deadline")
    return today + timedelta(days=DEFAULT_DAYS), f"ours: {law}, so {DEFAULT_DAYS} days on; put your own"


def _terms(
    world: World, parties: tuple[str, str], as_of: date, deadline: date, entries: tuple[Entry, ...]
) -> tuple[Proposal, ...]:
    found: list[Proposal] = []
    for importer, exporter in (parties[::-1], parties):
        if importer == "USA":
            relief = measures.us_duties(exporter, as_of, deadline)
            found += [*asked.named_rate(entries, relief), *relief]
            found += tariffs.us_tariff(exporter, as_of)
        else:
            found += tariffs.known_tariffs(world, importer, exporter)
            found += tariffs.retaliation_ends(world, importer, exporter, as_of, deadline)
    found += asked.from_record(world, parties, entries)
    for giver, asker in (parties, parties[::-1]):
        if giver == "USA" and any(one.asked_by == asker for one in found):
            continue  # what the other side wants of the United States is relief from its duties
        have = sum(one.kind in ("purchases", "quota") and one.asked_by == asker for one in found)
        sectors = trade.largest(world, asker, giver)[: max(0, PURCHASES - have)]
        wanted = [trade.purchase(world, giver, asker, sector) for sector in sectors]
        found += [one for one in (*wanted, trade.standards(world, giver, asker)) if one is not None]
    slots: dict[tuple[str, str], set[str]] = {}
    kept = []
    for one in found:  # the record's own word on a slot comes before a rule's
        taken = slots.setdefault((one.slot, one.asked_by), set())
        if one.kind == "tariff" or not taken:
            kept.append(_sourced(one, entries))
        taken.add(one.id)
    names = [one.id for one in kept]
    assert len(set(names)) == len(names), names
    return tuple(kept)


def _sourced(term: Proposal, entries: tuple[Entry, ...]) -> Proposal:
    """Return a duty with the entries of the record that speak of its issue as further sources, the last three."""
    if term.kind != "tariff" or not term.issues or term.issues[0] not in ("cars", "metals", "tariffs", "pharma-chips"):
        return term
    moves = (*asked.ASKS, *asked.OFFERS)
    spoke = [entry.id for entry in entries if entry.issue == term.issues[0] and entry.act in moves]
    more = "; ".join(f"record:{name}" for name in spoke[-3:])
    return replace(term, source=f"{term.source}; {more}") if more else term


def _packages(
    parties: tuple[str, str], seat: str, terms: tuple[Proposal, ...]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    other = parties[1] if seat == parties[0] else parties[0]
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    middle = _one_a_slot(terms, modest=True)
    sides = {term.asked_by for term in terms if term.id in middle}
    if len(sides) == 2:
        found["exchange"] = ("The middle way: what each side could give", middle)
    for party in (seat, other):
        asks = _one_a_slot([term for term in terms if term.asked_by == party], modest=False)
        if asks:
            found[f"{party.lower()}-asks"] = (f"What {name_of(party)} would ask, with nothing in return", asks)
    return found


def _one_a_slot(terms: tuple[Proposal, ...] | list[Proposal], modest: bool) -> tuple[str, ...]:
    """Return the ids of one term a slot: the middle way, or the furthest; slots without a middle way stay out."""
    chosen: dict[tuple[str, str], str] = {}
    for term in terms:
        key = (term.asked_by, term.slot)
        if modest and term.modest:
            chosen.setdefault(key, term.id)
        elif not modest and (key not in chosen or not term.modest):
            chosen[key] = term.id
    return tuple(term.id for term in terms if term.id in chosen.values())


def _limits(
    world: World, parties: tuple[str, str], as_of: date, terms: tuple[Proposal, ...], entries: tuple[Entry, ...]
) -> tuple[str, ...]:
    said = []
    for importer, exporter in (parties[::-1], parties):
        if importer == "USA" and not measures.has_lines(exporter):
            said.append(
                f"No US imports by line from {name_of(exporter)} are shipped, so the duties of the United States on it "
                "cannot be changed; the baselines have them at the mix of all origins."
            )
        n = world.region(importer)
        if importer != "USA" and not world.tariff_known[:, n].all(axis=1).sum() > 1:
            said.append(
                f"No tariff of {name_of(importer)} is shipped: its duties are inside the trade cost, and only points "
                "on top of them can be priced (add)."
            )
    said += [
        f"{name_of(party)} is a member of the EU, which alone can change its tariff: think of EU as the party."
        for party in parties
        if party in EU27
    ]
    if not entries:
        said.append("The shipped record holds nothing on these two; add what was said with: tradetalks record add.")
    if "USA" not in parties:
        said.append(
            "No law that ships separates no deal from today, so both are the same world; give no_deal terms of its own."
        )
    if not terms:
        said.append("No term could be drawn from the data.")
    return (*said, *beyond(as_of, None))
