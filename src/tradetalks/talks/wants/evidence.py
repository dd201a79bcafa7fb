"""What the record says that bears on one party's wants: what it brought up, what it chose, and with whom.

Two kinds of evidence. A :class:`Pick` is an issue that somebody brought up where others were open: a demand, a
refusal, an offer, a term of a deal. A :class:`Choice` is a step taken or left: a duty put on or threatened, a package
accepted or rejected; it is held against what the step is worth by plain economics. docs/wants.md says which entries
become what.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from tradetalks.record.deals import Deal
from tradetalks.record.entry import Entry
from tradetalks.record.fields import ALL, BOTH, same_side
from tradetalks.record.issues import issues
from tradetalks.record.whole import Record, whole_record
from tradetalks.talks.stakes import DUTIES, deal_stakes, gives, units
from tradetalks.talks.wants.priors import Priors
from tradetalks.talks.wants.table import Thing, on_table
from tradetalks.value.case import Case

#: (party, counterpart, units of each issue that the party gets) -> USD bn a year by plain economics.
Worth = Callable[[str, str, Mapping[str, float]], float]

#: What is said to everybody, or done to all.
GENERAL = "all"
#: How far back the pace of the talks is measured, and the fewest days that they are taken to go on.
PACE_DAYS, AHEAD_DAYS = 90, 30

#: A duty of more points than this stops trade: it is a quarrel, and prices no issue.
MOST_POINTS = 50.0
#: Duties put on for ends outside trade.
POLITICAL = ("tariff.fentanyl", "tariff.political")

ACCEPTED = ("announced", "agreed", "in force")


@dataclass(frozen=True)
class Pick:
    """An issue brought up among others."""

    source: str
    """Id of the entry or the deal."""
    counterpart: str
    voice: str
    issue: str
    among: tuple[str, ...]
    """The issues that could have been brought up in its place, itself included."""
    sign: int
    """1 where more weight makes it likelier (demand, refusal), -1 where less does (offer)."""
    reliability: float
    """Probability that it tells what was said, of the weights as they are today."""
    firm: float = 1.0
    """Of a refusal: probability of what became of it since, if it was meant."""
    bluff: float = 1.0
    """The same, if it was not."""


@dataclass(frozen=True)
class Choice:
    """A step taken or left."""

    source: str
    counterpart: str
    voice: str | None
    """``threat`` for a step that is only announced."""
    stakes: Mapping[str, float]
    """Units of each issue that the step gives the party."""
    economic: float
    """What it is worth by plain economics, USD bn a year."""
    taken: bool
    package: bool
    """Whether it is a package, which must exceed the reservation level."""
    reliability: float


@dataclass(frozen=True)
class Evidence:
    """What the record of a day says about a party's wants."""

    party: str
    counterpart: str
    as_of: date
    issues: tuple[str, ...]
    """The issues that are listed on the day and have a unit."""
    picks: tuple[Pick, ...]
    choices: tuple[Choice, ...]
    entries: Mapping[str, Entry]
    """The entries used, by id."""
    deals: Mapping[str, Deal]
    """The deals used, by id."""
    said: int
    """How often an issue was named in the whole record, by anybody."""
    things: tuple[Thing, ...]
    """What the two can give each other: a unit of each issue, or where the US is no party the terms of the case."""
    ahead: float
    """How often the party will name one until the deadline, at the pace of the last 90 days."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the entries and deals used, each once, in their order."""
        picks, choices = ([one.source for one in kind] for kind in (self.picks, self.choices))
        return tuple(dict.fromkeys([*picks, *choices]))


def evidence(
    case: Case,
    party: str,
    as_of: date,
    priors: Priors,
    worth: Worth,
    without: Collection[str] = (),
    whole: Record | None = None,
) -> Evidence:
    """Return the evidence on ``party`` that was public on ``as_of``, the case's own record included.

    Args:
        case: names the counterpart, the deadline and the folder.
        party: one of the parties of the case.
        as_of: nothing that became known later is used.
        priors: how far each kind of entry is trusted.
        worth: what a step is worth by plain economics.
        without: ids of entries and deals to leave out.
        whole: the record to read; what ships and what the case adds if not given.
    """
    other = case.other(party)
    listed = tuple(issue.id for issue in issues(as_of) if issue.id in units())
    public = (whole or whole_record(case.folder)).known(as_of)
    record, done = public.entries, {deal.id: deal for deal in public.deals}
    reader = _Reader(party, other, as_of, listed, priors, worth, record, tuple(done.values()))
    picks: list[Pick] = []
    choices: list[Choice] = []
    for entry in record:
        if entry.repeats is None and entry.id not in without and same_side(entry.party, party):
            picks += reader.picks(entry)
            choices += reader.choices(entry)
        elif entry.repeats is None and entry.id not in without and entry.act == "offer":
            picks += reader.offered(entry)
    for deal in done.values():
        if deal.id not in without and any(same_side(one, party) for one in deal.parties):
            picks += reader.terms(deal)
            choices += reader.verdict(deal)
    used = {one.source for one in picks} | {one.source for one in choices}
    spoken = [issue for entry in record if entry.repeats is None for issue in entry.issues if issue in listed]
    return Evidence(
        party,
        other,
        as_of,
        listed,
        tuple(picks),
        tuple(choices),
        {entry.id: entry for entry in record if entry.id in used},
        {name: deal for name, deal in done.items() if name in used},
        len(spoken),
        on_table(case, party, listed),
        _ahead(picks, {entry.id: entry for entry in record}, other, as_of, case.deadline),
    )


def _ahead(picks: list[Pick], known: Mapping[str, Entry], other: str, as_of: date, deadline: date) -> float:
    recent = [p for p in picks if p.counterpart == other and p.source in known]
    since = as_of - timedelta(days=PACE_DAYS)
    pace = sum(known[p.source].date >= since for p in recent) / PACE_DAYS
    return pace * max((deadline - as_of).days, AHEAD_DAYS)


@dataclass(frozen=True)
class _Reader:
    party: str
    other: str
    as_of: date
    listed: tuple[str, ...]
    priors: Priors
    worth: Worth
    record: tuple[Entry, ...]
    done: tuple[Deal, ...]

    def picks(self, entry: Entry) -> list[Pick]:
        """Return what a statement brings up: its issue, then each that it touches, out of those left."""
        if entry.act not in ("demand", "ask", "offer", "refuse", "threat") or self._is_move(entry):
            return []
        across = self._across(entry.counterpart)
        giving = entry.act in ("offer", "refuse")
        among = self._open(giving, across)
        sign = -1 if entry.act == "offer" else 1
        voice = "offer" if entry.act == "offer" else self.priors.voice(entry.role, entry.who)
        firm, bluff = self._since(entry) if entry.act == "refuse" else (1.0, 1.0)
        return self._brought_up(entry, across, voice, among, sign, firm, bluff)

    def offered(self, entry: Entry) -> list[Pick]:
        """Return what another's offer says of the party's wants: people offer what they think is wanted."""
        if not same_side(entry.counterpart or "", self.party):
            return []
        across = self._across(entry.party)
        return self._brought_up(entry, across, "offered", self._open(False, across), 1)

    def _brought_up(
        self,
        entry: Entry,
        across: str,
        voice: str,
        among: tuple[str, ...],
        sign: int,
        firm: float = 1.0,
        bluff: float = 1.0,
    ) -> list[Pick]:
        found = []
        trust = self._trust(entry)
        for issue in entry.issues:
            if issue in among and len(among) > 1:
                part = 1.0 if issue == entry.issue else self.priors.also
                found.append(Pick(entry.id, across, voice, issue, among, sign, trust * part, firm, bluff))
                among = tuple(one for one in among if one != issue)
        return found

    def choices(self, entry: Entry) -> list[Choice]:
        """Return a duty put on or threatened, against not doing so."""
        if not self._is_move(entry) or self._settled_before(entry):
            return []
        across = self._across(entry.counterpart)
        stakes = {entry.issue: (entry.amount or 0.0) / units()[entry.issue].size["points"]}
        economic = self.worth(self.party, across, stakes)
        voice = "threat" if entry.act == "threat" else None
        return [Choice(entry.id, across, voice, stakes, economic, True, False, self._trust(entry))]

    def terms(self, deal: Deal) -> list[Pick]:
        """Return the issues of a deal: what the party got it picked to ask for, what it gave to offer."""
        across = self._across(next(one for one in deal.parties if not same_side(one, self.party)))
        if deal.status not in ACCEPTED:
            return []
        trust = self._age(deal.known_from)
        found = []
        for issue, amount in deal_stakes(deal, self.party).items():
            if issue == "deficit":  # moved by purchases, not itself a term
                continue
            among = self._open(amount < 0, across)
            if issue in among and len(among) > 1:
                voice, sign = ("deal", 1) if amount > 0 else ("offer", -1)
                found.append(Pick(deal.id, across, voice, issue, among, sign, trust))
        return found

    def verdict(self, deal: Deal) -> list[Choice]:
        """Return the party's answer to a package: both accepted an agreed one; who rejected another its source says."""
        across = self._across(next(one for one in deal.parties if not same_side(one, self.party)))
        stakes = {i: amount for i, amount in deal_stakes(deal, self.party).items() if i in self.listed}
        if deal.status == "pending" or not stakes:
            return []
        last = deal.stages[-1]
        taken = deal.status in ACCEPTED
        if not taken:
            by = next((entry.party for entry in self.record if entry.id == last.source), BOTH)
            if by != BOTH and not same_side(by, self.party):
                return []
        economic = self.worth(self.party, across, stakes)
        return [Choice(deal.id, across, None, stakes, economic, taken, True, self._age(last.known_from))]

    def _open(self, giving: bool, across: str) -> tuple[str, ...]:
        """Return the issues that the party may give to ``across``, or may want of it."""
        other = self.other if across == GENERAL else across
        pair = (self.party, other) if giving else (other, self.party)
        return tuple(issue for issue in self.listed if gives(*pair, issue))

    def _is_move(self, entry: Entry) -> bool:
        return (
            entry.act in ("act", "threat")
            and entry.issue in DUTIES
            and entry.issue in self.listed
            and entry.topic not in POLITICAL
            and (entry.unit or "").startswith("percent")
            and 0.0 < (entry.amount or 0.0) <= MOST_POINTS
        )

    def _settled_before(self, entry: Entry) -> bool:
        """Return whether the pair had a deal by then, which the duty carries out."""
        return any(
            deal.status in ACCEPTED
            and deal.known_from <= entry.known_from
            and any(same_side(one, entry.counterpart or "") for one in deal.parties)
            and (entry.date - deal.known_from).days < 365
            for deal in self.done
        )

    def _across(self, counterpart: str | None) -> str:
        if counterpart is None:
            return self.other
        return self.other if same_side(counterpart, self.other) else GENERAL if counterpart == ALL else counterpart

    def _trust(self, entry: Entry) -> float:
        how = self.priors.attribution[entry.attribution or "unknown"]
        return how * self.priors.confidence[entry.confidence or "unknown"] * self._age(entry.date)

    def _age(self, then: date) -> float:
        days = max((self.as_of - then).days, 0)
        return float(2.0 ** (-days / self.priors.half_life_days))

    def _since(self, refusal: Entry) -> tuple[float, float]:
        """Return the probability of what became of a refusal: if it was meant, and if it was a bluff."""
        moved = [
            entry.known_from
            for entry in self.record
            if entry.date > refusal.date
            and entry.act in ("offer", "agree")
            and (same_side(entry.party, refusal.party) or entry.party == BOTH)
            and refusal.issue in entry.issues
            and (None in (entry.topic, refusal.topic) or entry.topic == refusal.topic)
            and any(same_side(one, refusal.counterpart or "") for one in entry.sides)
        ]
        prior = self.priors.refusals
        days = (min(moved, default=self.as_of) - refusal.known_from).days
        share = 1.0 - exp(-max(days, 1) / prior.days)
        parts = (prior.firm_moves * share, prior.bluff_moves * share)
        return parts if moved else (1.0 - parts[0], 1.0 - parts[1])
