"""What changed since an earlier day, or between an earlier version of the case and this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tradetalks.brief.words import nation
from tradetalks.ground.errors import BadInput
from tradetalks.law.changes import Change, Diff
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import ledger
from tradetalks.value.case import Case
from tradetalks.value.package import Package, Term


@dataclass(frozen=True, slots=True)
class Changed:
    """Everything that an earlier brief did not say."""

    since: date
    """The as-of day of the earlier brief."""
    version: bool
    """Whether an earlier version of the case was given, not a day."""
    law: Diff | None
    """Of US duties on the other party's goods; ``None`` where the US is no party or the days are the same."""
    entries: tuple[Entry, ...]
    """Known now and not then."""
    case: tuple[str, ...]
    """Terms, packages, days and odds of the case that differ, a sentence each."""


def changed(case: Case, since: date | Case) -> Changed:
    """Return what changed up to the as-of day of ``case``.

    Raises:
        BadInput: ``since`` is after the as-of day, or a case of other parties.
    """
    earlier = since if isinstance(since, Case) else None
    day = since.as_of if isinstance(since, Case) else since
    if earlier is not None and set(earlier.parties) != set(case.parties):
        raise BadInput(
            f"--since: case {earlier.name} is of {' and '.join(earlier.parties)}, this one of "
            f"{' and '.join(case.parties)}"
        )
    if day > case.as_of or (earlier is None and day == case.as_of):
        raise BadInput(f"--since: {day} is not before the as-of day of the case, {case.as_of}")
    then = {entry.id: entry for entry in ledger(day, earlier.folder if earlier else case.folder, case.parties)}
    now = ledger(case.as_of, case.folder, case.parties)
    return Changed(
        since=day,
        version=earlier is not None,
        law=_law(case, day) if "USA" in case.parties and day < case.as_of else None,
        entries=tuple(entry for entry in now if then.get(entry.id) != entry),
        case=() if earlier is None else (*_facts(earlier, case), *_terms(earlier, case), *_packages(earlier, case)),
    )


def _law(case: Case, day: date) -> Diff:
    from tradetalks.law.changes import diff

    return diff(case.other("USA"), day, case.as_of, case.as_of)


def turned(change: Change) -> str:
    """Return what a measure did before and does now."""
    if not change.before:
        return f"begins: {change.after}"
    return f"ends: {change.before}" if not change.after else f"{change.before}, now {change.after}"


def _facts(old: Case, new: Case) -> list[str]:
    found = []
    for what, before, after in (
        ("The as-of day", old.as_of, new.as_of),
        ("The deadline", old.deadline, new.deadline),
        ("The seat", old.seat, new.seat),
        ("The marking", old.marking or "none", new.marking or "none"),
        ("No deal", _odds(old), _odds(new)),
    ):
        if before != after:
            found.append(f"{what} was {before} and is {after}.")
    for name, figure in new.assumptions.items():
        earlier = old.assumptions.get(name)
        if earlier is not None and earlier.value != figure.value:
            found.append(f"Assumption {name} was {_number(earlier.value)} and is {_number(figure.value)}.")
    for party in new.parties:
        if old.constraints.get(party) != new.constraints.get(party):
            found.append(f"The limits of {nation(party)} differ.")
    return found


def _odds(case: Case) -> str:
    return ", ".join(f"{one.outcome} {one.probability:.0%}" for one in case.no_deal)


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:g}"


def _terms(old: Case, new: Case) -> list[str]:
    before, after = ({term.id: term for term in case.terms} for case in (old, new))
    found = [f"New term: “{term.title}” ({term.body.inline()})." for name, term in after.items() if name not in before]
    found += [f"Term gone: “{term.title}”." for name, term in before.items() if name not in after]
    found += [_term(before[name], term) for name, term in after.items() if name in before and before[name] != term]
    return found


def _term(before: Term, after: Term) -> str:
    if before.body != after.body:
        return f"Term “{after.title}” was {before.body.inline()} and is {after.body.inline()}."
    if before.title != after.title:
        return f"Term {after.id} was called “{before.title}” and is called “{after.title}”."
    return f"Term “{after.title}”: its note or source differs."


def _packages(old: Case, new: Case) -> list[str]:
    before, after = ({one.id: one for one in case.packages} for case in (old, new))
    found = [f"New package: “{one.title}” ({_ids(one)})." for name, one in after.items() if name not in before]
    found += [f"Package gone: “{one.title}”." for name, one in before.items() if name not in after]
    found += [
        f"Package “{one.title}” was {_ids(before[name])} and is {_ids(one)}."
        for name, one in after.items()
        if name in before and _ids(before[name]) != _ids(one)
    ]
    return found


def _ids(package: Package) -> str:
    return ", ".join(term.id for term in package.terms) or "empty"
