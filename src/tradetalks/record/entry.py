"""One entry of the record: who said or did what, when, and since when that is public."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tradetalks.ground.fields import Number, Strict
from tradetalks.record.fields import (
    ALL,
    BOTH,
    Confidence,
    Counterpart,
    Day,
    Id,
    IssueId,
    Party,
    Text,
    Topic,
    Unit,
    Url,
    word,
)
from tradetalks.record.issues import issue_of

#: What an entry can be. ``demand`` asks for a concession, ``ask`` for relief from a measure or for an
#: answer; ``offer`` puts something on the table; ``signal`` hints; ``act`` is a measure taken or a
#: signature given; ``report`` is what a third party says of the talks.
Act = Literal["demand", "ask", "offer", "refuse", "signal", "threat", "agree", "reject", "act", "report"]

#: How it was said. ``sources`` are people without a name; ``reported by the other side`` is one side's
#: account of what the other said.
Attribution = Literal[
    "on record",
    "official",
    "readout",
    "testimony",
    "parliament",
    "letter",
    "resolution",
    "sources",
    "reported by the other side",
    "second hand",
]

#: What kind of publisher the source is; ``own notes`` are the team's.
SourceType = Literal["official", "institution", "law or customs firm", "press or aggregator", "own notes"]

#: ``talks`` logs what was said and done, move by move; ``facts`` lists measures, terms of deals and how they were
#: carried out, and may tell again what a log tells.
Series = Literal["talks", "facts"]


class Entry(Strict):
    """One dated statement or move.

    Unknown is ``None``. An entry is never edited once others may have read it: a correction is a new entry that names
    the one it ``corrects``, and is itself unknown before its ``known_from``.
    """

    id: Id
    """Unique in the whole record."""
    date: Day
    """The day it happened."""
    known_from: Day
    """The first day it was public; a replay as of an earlier day does not see it."""
    who: Text
    """The speaker or actor, as the source names them."""
    role: Text | None = None
    """Their office on that day."""
    party: Party
    """The government they stand for: ISO3, ``EU``, or ``both`` for a joint act."""
    counterpart: Counterpart | None = None
    """The government it is addressed to: ISO3, ``EU``, ``all``; both, as ``JPN+USA``, for a joint act."""
    act: Annotated[Act, word("act", Act)]
    """What kind of move it is."""
    issue: IssueId
    """What it is about, of the issues of the record."""
    topic: Topic | None = None
    """The finer word, such as ``market.rice``."""
    also: tuple[IssueId, ...] = ()
    """Other issues that it touches."""
    position: Text = Field(max_length=400)
    """The substance, in one sentence of ours."""
    amount: Number | None = None
    """The figure named, if one was."""
    unit: Unit | None = None
    """What the figure counts."""
    attribution: Annotated[Attribution | None, word("attribution", Attribution)] = None
    """How it was said."""
    confidence: Annotated[Confidence | None, word("confidence", Confidence)] = None
    """How plainly the source states it, not whether it is true."""
    source: Text
    """The publisher, as its site is called."""
    source_type: Annotated[SourceType | None, word("source type", SourceType)] = None
    """What kind of publisher."""
    url: Url | None = None
    """Where to read it."""
    series: Annotated[Series, word("series", Series)] = "talks"
    """The log of talks, or the list of facts."""
    repeats: Id | None = None
    """The entry that tells the same event, so that nobody counts it twice."""
    corrects: Id | None = None
    """The entry whose place this one takes from its ``known_from`` on."""
    note: Text | None = None
    """A doubt that a reader must know; like the position it tells nothing that came later."""

    @model_validator(mode="after")
    def _consistent(self) -> Entry:
        if self.known_from < self.date:
            raise ValueError(f"known_from {self.known_from} is before the day it happened, {self.date}")
        if (self.amount is None) != (self.unit is None):
            raise ValueError("amount and unit stand together: give both or neither")
        if self.topic is not None and issue_of(self.topic) != self.issue:
            raise ValueError(f"the topic {self.topic} belongs to the issue {issue_of(self.topic)}, not {self.issue}")
        if self.issue in self.also or len(set(self.also)) < len(self.also):
            raise ValueError("also names the other issues, each once, and not the issue itself")
        if self.counterpart is not None and (self.party == BOTH) != ("+" in self.counterpart):
            raise ValueError("a joint act has party both and a counterpart such as JPN+USA, any other one government")
        if self.party == self.counterpart:
            raise ValueError(f"party and counterpart are both {self.party}; two governments are needed")
        if self.id in (self.repeats, self.corrects):
            raise ValueError("an entry cannot repeat or correct itself")
        return self

    @property
    def issues(self) -> tuple[str, ...]:
        """The issue, then the others that it touches."""
        return (self.issue, *self.also)

    @property
    def sides(self) -> tuple[str, ...]:
        """The governments it names; empty parts left out, ``all`` kept."""
        named = (self.counterpart or "").split("+") if self.party == BOTH else (self.party, self.counterpart or "")
        return tuple(one for one in named if one)

    @property
    def for_all(self) -> bool:
        """Whether it bears on every country."""
        return self.counterpart == ALL
