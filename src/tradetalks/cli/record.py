"""``tradetalks record``: what was said and done, as it could be known on a day."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict

from tradetalks.cli.cases import addressed, case_day, case_folder, case_pair, is_shipped, next_id, said
from tradetalks.cli.options import DEFAULT_CASE, AsJson, CaseArgument, CaseOption, chosen_case, print_json
from tradetalks.ground.answer import Meta
from tradetalks.ground.countries import government
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.ground.fields import faults
from tradetalks.record.append import append, copy_case
from tradetalks.record.check import check
from tradetalks.record.deals import Deal, deals
from tradetalks.record.entry import Act, Entry
from tradetalks.record.fields import BOTH, same_side, word
from tradetalks.record.issues import Issue, issue, issue_of, issues
from tradetalks.record.ledger import everything, known, ledger, shipped

app = typer.Typer(no_args_is_help=True, help="What was said and done, as it could be known on a day.")


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    meta: Meta


class RecordAnswer(_Answer):
    """What ``tradetalks record list --json`` prints."""

    entries: tuple[Entry, ...]
    """By the day they became known."""


class AddedAnswer(_Answer):
    """What ``tradetalks record add --json`` prints."""

    entry: Entry
    file: str
    """The record it was added to."""
    copied: bool
    """Whether a shipped case was copied to this folder first."""


class IssuesAnswer(_Answer):
    """What ``tradetalks record issues --json`` prints."""

    issues: tuple[Issue, ...]


class DealsAnswer(_Answer):
    """What ``tradetalks record deals --json`` prints."""

    deals: tuple[Deal, ...]
    """By the day they became known."""


@app.callback()
def _group() -> None:
    """What was said and done, as it could be known on a day."""


@app.command("list")
def list_entries(
    argument: CaseArgument = None,
    case: CaseOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day of the reader.  [default: the case's]")
    ] = None,
    party: Annotated[
        str | None, typer.Option(help="Only what this government said or did: a code or name, or EU.")
    ] = None,
    issue_: Annotated[
        str | None, typer.Option("--issue", help="Only what touches this issue or topic (see: record issues).")
    ] = None,
    act: Annotated[str | None, typer.Option(help="Only such moves: demand, ask, offer, refuse, threat ...")] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Add measures and terms of deals to the log of talks.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="The whole record, not only the talks of the case.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the statements and moves known on a day.

    \b
    Example:
      tradetalks record list us-japan-2025 --as-of 2025-04-20
      tradetalks record list us-japan-2025 --issue agriculture --party JPN
      tradetalks record list --all --party EU --as-of 2025-08-01 --json
    """
    name = chosen_case(argument, case)
    folder = case_folder(name)
    through = day(as_of, "--as-of") if as_of else case_day(folder)
    entries = everything(through, folder) if every else ledger(through, folder, case_pair(folder), facts=facts)
    chosen = tuple(entry for entry in entries if _wanted(entry, party, issue_, act))
    if as_json:
        print_json(RecordAnswer(entries=chosen, meta=Meta(case=name, as_of=through, known_through=through)))
        return
    for entry in chosen:
        typer.echo(
            f"{entry.known_from}  {entry.party:<4}  {entry.act:<7} {entry.topic or entry.issue:<24} {entry.who}: "
            f"{entry.position}  [{entry.id}]"
        )
    of = "" if len(chosen) == len(entries) else f" of {len(entries)}"
    typer.echo(f"{len(chosen)}{of} entries known on {through}", err=True)


def _wanted(entry: Entry, party: str | None, wanted: str | None, act: str | None) -> bool:
    if party is not None:
        code = BOTH if party == BOTH else said("--party", government, party)
        speakers = (BOTH, *entry.sides) if entry.party == BOTH else (entry.party,)
        if not any(same_side(code, one) for one in speakers):
            return False
    if wanted is not None:
        if "." in wanted:
            said("--issue", issue_of, wanted)
            if entry.topic != wanted:
                return False
        elif said("--issue", issue, wanted).id not in entry.issues:
            return False
    if act is not None:
        said("--act", word("act", Act).func, act)
    return act is None or entry.act == act


#: Fields without which there is no entry; a terminal is asked for them.
REQUIRED = ("date", "who", "party", "act", "issue", "position", "source")


@app.command("add")
def add_entry(
    argument: CaseArgument = None,
    case: CaseOption = None,
    date_: Annotated[str | None, typer.Option("--date", metavar="DATE", help="The day it happened.")] = None,
    known_from: Annotated[
        str | None, typer.Option(metavar="DATE", help="The first day it was public.  [default: the day it happened]")
    ] = None,
    who: Annotated[str | None, typer.Option(help="The speaker or actor.")] = None,
    role: Annotated[str | None, typer.Option(help="Their office on that day.")] = None,
    party: Annotated[str | None, typer.Option(help="The government they stand for: ISO3, EU, or both.")] = None,
    counterpart: Annotated[
        str | None, typer.Option(help="The government addressed.  [default: the other party of the case]")
    ] = None,
    act: Annotated[str | None, typer.Option(help="demand, ask, offer, refuse, signal, threat, agree ...")] = None,
    issue_: Annotated[str | None, typer.Option("--issue", help="What it is about (see: record issues).")] = None,
    topic: Annotated[str | None, typer.Option(help="The finer word, such as market.rice.")] = None,
    also: Annotated[list[str] | None, typer.Option(help="Another issue that it touches; may be repeated.")] = None,
    position: Annotated[str | None, typer.Option(help="The substance, in one sentence of yours.")] = None,
    amount: Annotated[float | None, typer.Option(help="The figure named, if one was; needs --unit.")] = None,
    unit: Annotated[str | None, typer.Option(help="What the figure counts, such as 'percent, in all'.")] = None,
    attribution: Annotated[str | None, typer.Option(help="How it was said: on record, sources, readout ...")] = None,
    confidence: Annotated[str | None, typer.Option(help="How plainly the source states it: high, medium, low.")] = None,
    source: Annotated[str | None, typer.Option(help="The publisher.")] = None,
    source_type: Annotated[str | None, typer.Option(help="official, institution, press or aggregator ...")] = None,
    url: Annotated[str | None, typer.Option(help="Where to read it.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="Its name.  [default: the next own-N]")] = None,
    corrects: Annotated[str | None, typer.Option(metavar="ID", help="The entry whose place it takes.")] = None,
    repeats: Annotated[str | None, typer.Option(metavar="ID", help="The entry that tells the same event.")] = None,
    note: Annotated[str | None, typer.Option(help="A doubt that a reader must know.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add an entry to the record of a case; a shipped case is first copied to a folder here.

    \b
    Example:
      tradetalks record add us-japan-2025 --date 2025-04-22 --who Akazawa --party JPN --act offer \\
        --issue energy --position 'More gas from 2030.' --source 'our notes'
    """
    name = chosen_case(argument, case)
    folder = case_folder(name)
    given: dict[str, Any] = {
        "id": id_ or next_id(folder),
        "date": date_,
        "known_from": known_from,
        "who": who,
        "role": role,
        "party": party,
        "counterpart": counterpart,
        "act": act,
        "issue": issue_,
        "topic": topic,
        "also": also or None,
        "position": position,
        "amount": amount,
        "unit": unit,
        "attribution": attribution,
        "confidence": confidence,
        "source": source,
        "source_type": source_type,
        "url": url,
        "repeats": repeats,
        "corrects": corrects,
        "note": note,
    }
    missing = [field for field in REQUIRED if given[field] is None]
    if missing and sys.stdin.isatty():
        given |= {
            field: typer.prompt(f"{field} ({Entry.model_fields[field].description})", err=True) for field in missing
        }
    elif missing:
        raise BadInput(f"nothing was added: {', '.join('--' + field for field in missing)} missing")
    fields = {field: value for field, value in given.items() if value is not None}
    fields.setdefault("known_from", fields["date"])
    if wrong := faults(Entry, fields):
        raise BadInput("\n".join(["nothing was added:", *(_option(field, sentence) for field, sentence in wrong)]))
    entry = Entry.model_validate(addressed(fields, case_pair(folder)))
    copied = is_shipped(folder)
    file = copy_case(folder, Path(name), entry) if copied else append(folder, entry)
    if as_json:
        print_json(AddedAnswer(entry=entry, file=str(file), copied=copied, meta=Meta(case=name)))
        return
    typer.echo(f"{entry.id} added to {file}{', in a copy of the shipped case' if copied else ''}")


def _option(field: str, sentence: str) -> str:
    name = field.partition(".")[0].replace("_", "-")
    return f"--{name}: {sentence}" if name else sentence


@app.command("check")
def check_record(
    target: Annotated[
        str | None, typer.Argument(metavar="[FILE|CASE]", help=f"A record file, or a case.  [default: {DEFAULT_CASE}]")
    ] = None,
) -> None:
    """Check a record: every fault with its line, entry and field.

    Of a shipped case the whole shipped record is checked, its issues and deals included.

    \b
    Example:
      tradetalks record check us-japan-2025
      tradetalks record check my-case/record.yaml
    """
    name = target or DEFAULT_CASE
    path = Path(name)
    if not path.is_file():
        folder = case_folder(name)
        if is_shipped(folder):
            entries, found = known(shipped(), None), deals()
            typer.echo(
                f"the shipped record is sound: {len(entries)} entries, {len(issues())} issues, {len(found)} deals"
            )
            return
        path = folder / "record.yaml"
        deals(None, folder)
        if not path.exists():
            typer.echo(f"{folder} has no record of its own")
            return
    sound, wrong = check(path)
    if wrong:
        raise BadInput("\n".join([f"{len(wrong)} {'fault' if len(wrong) == 1 else 'faults'}:", *map(str, wrong)]))
    typer.echo(f"{path} is sound: {len(sound)} {'entry' if len(sound) == 1 else 'entries'}")


@app.command("issues")
def list_issues(
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Only what was public in a negotiation by then.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what trade talks are about: issues, their terms, and since when each was public.

    \b
    Example:
      tradetalks record issues --as-of 2025-04-20
    """
    through = day(as_of, "--as-of") if as_of else None
    found = issues(through)
    if as_json:
        print_json(IssuesAnswer(issues=found, meta=Meta(as_of=through, known_through=through)))
        return
    for one in found:
        terms = ", ".join(one.terms) or "no term"
        typer.echo(f"{one.id:<18} {one.since or ''!s:<11} {one.title} ({terms})\n{'':<31}{one.definition.strip()}")


@app.command("deals")
def list_deals(
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="As a reader of that day knew them.")
    ] = None,
    party: Annotated[str | None, typer.Option(help="Only those of this government: a code or name, or EU.")] = None,
    case: CaseOption = None,
    as_json: AsJson = False,
) -> None:
    """List the deals, agreed, refused and pending: rates threatened and agreed, and the terms.

    \b
    Example:
      tradetalks record deals --as-of 2025-08-01
      tradetalks record deals --party JPN --json
    """
    through = day(as_of, "--as-of") if as_of else None
    code = said("--party", government, party) if party else None
    every = deals(through, case_folder(case) if case else None)
    found = tuple(deal for deal in every if code is None or any(same_side(code, one) for one in deal.parties))
    if as_json:
        print_json(DealsAnswer(deals=found, meta=Meta(case=case, as_of=through, known_through=through)))
        return
    for deal in found:
        typer.echo(f"{deal.id:<22} {deal.date!s}  {deal.status:<10} {_rates(deal):<32} {deal.title}")
        for term in deal.terms:
            typer.echo(f"{'':<24}{term.by:<5} {term.topic or term.issue:<28} {_figure(term)}  [{term.source}]")
    typer.echo(f"{len(found)} deals{f' known on {through}' if through else ''}", err=True)


def _rates(deal: Deal) -> str:
    if deal.rate_pct is None:
        return ""
    threat = f" after {deal.threat_pct:g}% threatened" if deal.threat_pct is not None else ""
    return f"{deal.rate_pct:g}%{threat}"


def _figure(term: Any) -> str:
    figures = []
    if term.rate_pct is not None:
        figures.append(f"{term.rate_pct:g}% {term.basis}")
    if term.amount is not None:
        figures.append(f"{term.amount:g} {term.unit}")
    return "; ".join([*figures, *([term.note] if term.note else [])])
