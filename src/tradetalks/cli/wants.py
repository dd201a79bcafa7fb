"""``tradetalks wants``: what a party seems to want, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.cli.options import AsJson, CaseArgument, CaseOption, chosen_case, print_json, progress_bar
from tradetalks.ground.dates import day

if TYPE_CHECKING:
    from rich.table import Table

    from tradetalks.talks.wants.answer import Spread, WantsAnswer


def wants(
    argument: CaseArgument = None,
    case: CaseOption = None,
    party: Annotated[
        str | None, typer.Option(help="Whose wants: a party of the case.  [default: the one across the table]")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day of the reader.  [default: the case's]")
    ] = None,
    draws: Annotated[int, typer.Option(min=100, max=20_000, help="Draws of the posterior.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """Infer what a party wants from what was said and done, with the prior beside it and the questions to ask next.

    \b
    Example:
      tradetalks wants us-japan-2025 --party USA
      tradetalks wants --case us-japan-2025 --party USA --as-of 2025-04-20 --json
    """
    from tradetalks.talks.wants.answer import answer
    from tradetalks.talks.wants.posterior import wants as infer
    from tradetalks.value.case import load_case

    chosen = load_case(chosen_case(argument, case))
    through = day(as_of, "--as-of") if as_of else chosen.as_of
    with progress_bar() as progress:
        progress("reading the record", 0.1)
        found = infer(chosen, party or chosen.other(chosen.seat), through, draws)
        progress("what each entry does", 0.7)
        result = answer(chosen, found)
    if as_json:
        print_json(result)
    else:
        _show(result)


#: Sources shown beside an issue, and in the list below.
_SHOWN = 3


def _show(result: WantsAnswer) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if Console().is_terminal else 110, highlight=False)
    console.print(f"[bold]What {result.party} wants in talks with {result.counterpart}[/bold], known on {result.as_of}")
    for sentence in result.sentences:
        console.print(f"[dim]{sentence}[/dim]")
    console.print(_weights(result))
    scales = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("", "posterior", "prior"):
        scales.add_column(heading)
    for words, scale in (
        ("Reservation: what a package must exceed no deal by, USD bn a year", result.reservation),
        ("Noise: scale of the logistic, USD bn a year", result.noise),
    ):
        scales.add_row(words, _text(scale.posterior), _text(scale.prior))
    for speaker in result.speakers:
        scales.add_row(f"Bluff of {speaker.title}, share", _text(speaker.bluff, 2), _text(speaker.bluff_prior, 2))
    console.print(scales)
    unlisted = f"[bold]{result.unlisted_probability:.0%}[/bold]"
    console.print(f"\nProbability that something nobody has listed comes up before the deadline: {unlisted}")
    if result.record:
        console.print("\n[bold]What this rests on, the most telling entries[/bold]")
        console.print(_record(result))
    console.print("\n[bold]Questions that teach most[/bold] (nats; a fair yes or no is 0.69)")
    for asked in result.next_questions:
        console.print(f"  {asked.expected_information:.3f}  {asked.text}")
    console.print("\n[bold]What would change this[/bold]")
    for sentence in result.what_would_change_this:
        console.print(f"- {sentence}")
    engine = result.engine
    tail = "no weights to judge" if engine.k_hat is None else f"k-hat {engine.k_hat:.2f}"
    console.print(
        f"\n{engine.method}: {tail}, {engine.effective_draws:.0f} effective of the proposals, {engine.draws} draws, "
        f"{engine.parameters} parameters, seed {result.meta.seed}.",
        style="dim",
    )
    for warning in result.meta.warnings:
        typer.echo(f"warning: {warning}", err=True)


def _weights(result: WantsAnswer) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("\nIssue", "\nside", "weight, USD bn a unit\nmedian (10% to 90%)", "prior\n", "rank\n10-90%"):
        table.add_column(heading)
    table.add_column("entries\n", justify="right")
    table.add_column("moved most by\n")
    for row in result.issues:
        drivers = ", ".join(f"{one.source} ×{one.factor:.2f}" for one in row.drivers[:2])
        low, high = row.rank_interval
        table.add_row(
            row.title, row.side, _text(row.weight), _text(row.prior), f"{low}-{high}", str(len(row.evidence)), drivers
        )
    return table


def _record(result: WantsAnswer) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("known", "id", "who", "act", "what"):
        table.add_column(heading, no_wrap=heading in ("known", "id"))
    telling = {source for row in result.issues for source in row.evidence[:_SHOWN]}
    for entry in result.record:
        if entry.id in telling:
            table.add_row(str(entry.known_from), entry.id, entry.who, entry.act, entry.words)
    return table


def _text(spread: Spread, digits: int = 1) -> str:
    return f"{spread.median:.{digits}f} ({spread.p10:.{digits}f} to {spread.p90:.{digits}f})"
