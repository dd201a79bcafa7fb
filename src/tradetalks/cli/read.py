"""``tradetalks read``: what a document says about the talks, proposed for the record and checked against the law."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradetalks.cli.cases import addressed, case_folder, case_pair, is_shipped, next_id
from tradetalks.cli.options import DEFAULT_CASE, AsJson, print_json
from tradetalks.ground.answer import Meta
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput
from tradetalks.ground.fields import faults
from tradetalks.record.append import append, copy_case
from tradetalks.record.entry import Entry
from tradetalks.record.fields import UNITS

if TYPE_CHECKING:
    from rich.console import Console

    from tradetalks.record.reader.extract import Document
    from tradetalks.record.reader.proposals import Proposal, Quantity
    from tradetalks.talks.read_answer import ReadAnswer

#: Colours of the verdicts; the word stands beside the colour.
COLOURS = {"confirmed": "green", "contradicted": "red", "open": "yellow"}
#: Fields that a person is asked for when a proposal is edited.
EDITED = ("date", "who", "party", "act", "issue", "position", "attribution")
#: What each key of the review does.
KEYS = {
    "a": "accept: the proposal enters the record as shown",
    "e": "edit: each field is asked for, Enter keeps what is proposed; then it enters the record",
    "s": "skip: it is left out (Enter does the same)",
    "q": "quit: it and all that follow are left out, what was accepted stays",
}


def read(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="Text, HTML, PDF or Word (.docx); - is standard input.")
    ],
    case: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help=f"The case it is read for.  [default: {DEFAULT_CASE}]")
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="The day of publication.  [default: as the page, the file's name or the first lines say]",
        ),
    ] = None,
    review: Annotated[bool, typer.Option("--review", help="Accept, edit or skip each proposal.")] = False,
    source: Annotated[
        str | None, typer.Option(help="The publisher, for the record.  [default: the file's name]")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where to read it, for the record.")] = None,
    endpoint: Annotated[
        bool,
        typer.Option(
            "--endpoint",
            help="Also send the text to the language model of TRADETALKS_LLM_URL and TRADETALKS_LLM_MODEL.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Propose record entries from a document, and check the tariffs and deadlines it names against the law.

    Nothing enters the record unless you accept it under --review. The text stays on this machine unless you give
    --endpoint.

    \b
    Example:
      tradetalks read article-2025-04-20.txt --case us-japan-2025
      tradetalks read page.html --published 2025-04-20 --review --source 'Nikkei Asia'
      tradetalks read - --published 2025-04-20 --json < notes.txt
    """
    from tradetalks.record.reader.extract import load
    from tradetalks.record.reader.facts import claims
    from tradetalks.record.reader.notes import another_pair
    from tradetalks.record.reader.proposals import read as read_text
    from tradetalks.talks.article_check import check
    from tradetalks.talks.read_answer import ReadAnswer

    if review and (as_json or file == "-"):
        raise BadInput(
            f"--review: asks its questions in the terminal, so it does not go with {'--json' if as_json else '-'}"
        )
    if re.match(r"https?:/", file, re.I):
        raise BadInput(
            f"{file}: this is an address, and nothing is fetched from the network; download the page first, give the "
            "file, and the address under --url"
        )
    name = case or DEFAULT_CASE
    folder = case_folder(name)
    pair = case_pair(folder)
    document = load(None if file == "-" else Path(file))
    on = day(published, "--published") if published else document.published
    if on is None:
        raise BadInput(
            f"{document.name}: neither the text nor its name says when it was published, and 'Monday' means nothing "
            "without it; give --published YYYY-MM-DD"
        )
    reading = read_text(document.text, on)
    proposals = reading.proposals
    if endpoint:
        from tradetalks.record.reader.endpoint import ask

        proposals = ask(document.text, on, proposals)
    other = next((party for party in pair if party != "USA"), None)
    warnings = document.warnings + another_pair(document.text, other, document.name)
    answer = ReadAnswer(
        meta=Meta(case=name, as_of=on, known_through=on, warnings=warnings),
        document=document.name,
        kind=document.kind,
        published=on,
        characters=len(document.text),
        proposals=proposals,
        facts=check(claims(document.text, on, other), on),
        quantities=reading.quantities,
        days=reading.days,
    )
    if as_json:
        print_json(answer)
        return
    from rich.console import Console

    console = Console(highlight=False)
    _show(console, answer, document)
    if review:
        _review(console, answer, document, name, source or Path(file).name, url)


def _show(console: Console, answer: ReadAnswer, document: Document) -> None:
    from rich.markup import escape

    for warning in answer.meta.warnings:
        console.print(f"[yellow]{escape(warning)}[/]")
    console.print(f"[bold]{escape(answer.document)}[/], published {answer.published}", soft_wrap=True)
    for proposal in answer.proposals:
        console.print()
        _show_proposal(console, proposal, document)
    if answer.facts:
        console.print("\n[bold]Facts it names[/]")
    for fact in answer.facts:
        cited = f"  [dim]{escape(fact.citation)}[/]" if fact.citation else ""
        colour = COLOURS[fact.verdict]
        console.print(f"  [{colour}]{fact.verdict:<12}[/] [italic]{escape(_one_line(fact.claim.span.text))}[/]")
        console.print(f"  {'':<12} {escape(fact.sentence)}{cited}{_again(len(fact.claim.more))}")
    count = len(answer.proposals)
    console.print(
        f"\n{count} {'proposal' if count == 1 else 'proposals'}, "
        f"{len(answer.facts)} {'fact' if len(answer.facts) == 1 else 'facts'} checked; "
        "nothing was entered (--review asks about each)" if count else "\nno statement or move of a government found"
    )  # fmt: skip


def _again(times: int) -> str:
    """Return how often more a fact is stated."""
    return f"  [dim](and {'once' if times == 1 else f'{times} times'} more)[/]" if times else ""


def _show_proposal(console: Console, proposal: Proposal, document: Document) -> None:
    from rich.text import Text

    head = Text.assemble(
        (f"{proposal.number:>2} ", "dim"),
        (f"{proposal.party} ", "bold cyan"),
        (f"{proposal.act} ", "bold magenta"),
        (proposal.issue, "bold"),
        f"  {proposal.who}",
        (f"  {proposal.attribution}, {proposal.date}", "dim"),
        (f"  {proposal.confidence:.0%}" if proposal.confidence is not None else "", "dim"),
    )
    if proposal.quantities:
        head.append("  " + ", ".join(_figure(one) for one in proposal.quantities), "green")
    console.print(head)
    console.print(_in_context(proposal, document.text))


def _in_context(proposal: Proposal, text: str) -> Any:
    """Return the span, highlighted, with the words around it, and its offsets."""
    from rich.padding import Padding
    from rich.text import Text

    start, end = proposal.span.start, proposal.span.end
    before = _one_line(text[max(0, start - 60) : start]).partition(" ")[2] if start > 60 else _one_line(text[:start])
    after = _one_line(text[end : end + 60]).rpartition(" ")[0]
    words = Text(f"{before} " if before else "", "dim")
    words.append(_one_line(proposal.span.text), "reverse")
    words.append(f" {after} ", "dim")
    words.append(f"[{start}-{end}]", "dim italic")
    return Padding(words, (0, 0, 0, 3))


def _one_line(text: str) -> str:
    # A control character in a document must not move the cursor of the terminal.
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _figure(one: Quantity) -> str:
    """Return a figure as it is written: 25%, 550 USD bn, 250,000 cars, 1.5 million tonnes."""
    if one.unit == "percent":
        return f"{one.value:g}%"
    if one.value >= 1e6 and " bn" not in one.unit:
        return f"{one.value / 1e6:,.10g} million {one.unit}"
    return f"{one.value:,.10g} {one.unit}"


def _review(console: Console, answer: ReadAnswer, document: Document, name: str, source: str, url: str | None) -> None:
    """Ask about each proposal; what is accepted is appended to the case's record at once."""
    if not sys.stdin.isatty():
        raise BadInput("--review: asks its questions in the terminal; run it in one, or use --json")
    added = 0
    for proposal in answer.proposals:
        console.print()
        _show_proposal(console, proposal, document)
        choice = ""
        while choice not in KEYS:
            question = "accept, edit, skip or quit (a/e/s/q, ? explains)"
            choice = typer.prompt(question, default="s", err=True).strip().lower()[:1]
            if choice not in KEYS:
                typer.echo("\n".join(f"  {key}  {what}" for key, what in KEYS.items()), err=True)
        if choice == "q":
            break
        if choice != "s" and _enter(proposal, name, answer.published, source, url, edit=choice == "e"):
            added += 1
    console.print(f"\n{added} of {len(answer.proposals)} entered in the record of {name}")


def _enter(proposal: Proposal, name: str, published: date, source: str, url: str | None, *, edit: bool) -> bool:
    """Append the proposal to the record of the case, as edited; return whether it was entered."""
    folder = case_folder(name)
    fields = record_fields(proposal, published, source, url) | {"id": next_id(folder)}
    while True:
        if edit:
            for field in EDITED:
                fields[field] = typer.prompt(field, default=str(fields[field]), err=True)
        wrong = faults(Entry, fields)
        if not wrong:
            break
        typer.echo("\n".join(f"{field}: {sentence}" for field, sentence in wrong), err=True)
        if not typer.confirm("edit it again?", default=True, err=True):
            return False
        edit = True
    entry = Entry.model_validate(addressed(fields, case_pair(folder)))
    file = copy_case(folder, Path(name), entry) if is_shipped(folder) else append(folder, entry)
    typer.echo(f"{entry.id} added to {file}", err=True)
    return True


def record_fields(proposal: Proposal, published: date, source: str, url: str | None) -> dict[str, Any]:
    """Return the fields of a record entry for ``proposal``; the amount is the first figure in a unit it knows."""
    quoted = _one_line(proposal.span.text)
    position = f"{proposal.act.capitalize()}, {proposal.issue}: {quoted}"
    fields: dict[str, Any] = {
        "date": proposal.date.isoformat(),
        "known_from": published.isoformat(),
        "who": proposal.who,
        "party": proposal.party,
        "act": proposal.act,
        "issue": proposal.issue,
        "position": position if len(position) <= 400 else position[:397] + "...",
        "attribution": proposal.recorded_as,
        "source": source,
    }
    if proposal.role:
        fields["role"] = proposal.role
    if url:
        fields["url"] = url
    for one in proposal.quantities:
        if one.unit in UNITS:
            return fields | {"amount": one.value, "unit": one.unit}
    return fields
