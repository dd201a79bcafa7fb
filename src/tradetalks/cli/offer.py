"""``tradetalks offer``: what to offer, what to ask, what to keep back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.cli.deals import Draws, Levels, deal_table
from tradetalks.cli.options import AsJson, CaseArgument, CaseOption, chosen_case, print_json, progress_bar

if TYPE_CHECKING:
    from rich.console import Console

    from tradetalks.talks.deals.shapes import Offer, OfferAnswer, TermAdvice


def offer(
    case: CaseArgument = None,
    case_option: CaseOption = None,
    seat: Annotated[
        str | None, typer.Option(metavar="PARTY", help="The side that asks.  [default: the seat of the case]")
    ] = None,
    levels: Levels = None,
    draws: Draws = 200,
    as_json: AsJson = False,
) -> None:
    """Advise one side: the best offer, three that teach, what to ask, keep back and refuse.

    \b
    Example:
      tradetalks offer us-japan-2025
      tradetalks offer us-japan-2025 --seat USA --json
    """
    from tradetalks.ground.countries import country
    from tradetalks.talks.deals.space import read_grid
    from tradetalks.talks.offer.answer import offer as answer_of
    from tradetalks.value.case import load_case

    chosen = load_case(chosen_case(case, case_option))
    grid = None if levels is None else read_grid(levels, chosen)
    party = seat if seat is None or seat in chosen.parties else country(seat).iso3
    with progress_bar() as progress:
        answer = answer_of(chosen, party, grid, draws, progress)
    if as_json:
        print_json(answer)
    else:
        _show(chosen.title, chosen.marking, answer)


def _show(title: str, marking: str, answer: OfferAnswer) -> None:
    from rich.console import Console

    console = Console(width=None if Console().is_terminal else 120, highlight=False)
    console.print(f"[bold]{title}[/bold]: advice to {answer.seat}")
    if marking:
        console.print(marking, style="italic")
    console.print("\n[bold]Best single offer[/bold]")
    console.print(deal_table([answer.best.deal], answer.parties, {}))
    console.print(f"{answer.best.deal.title}.")
    gain = answer.best.expected_gain_usd_bn
    console.print(f"Expected gain to {answer.seat}: {gain.value or 0.0:+.2f} billion dollars a year.")
    if len(answer.equivalent) > 1:
        console.print(
            f"\n[bold]Offers to make together[/bold]: worth about the same to {answer.seat}; which one {answer.other} "
            f"takes tells {answer.information_bits or 0.0:.2f} bits"
        )
        console.print(deal_table([one.deal for one in answer.equivalent], answer.parties, {}))
        for one in answer.equivalent:
            console.print(f"{one.deal.label} {_taught(one, answer.other)}")
    if answer.question is not None:
        console.print(f"\n[bold]Ask[/bold]: {answer.question.text}")
    _advise(console, "Keep back, cheapest first", answer.keep_back, answer)
    _advise(console, "Refuse", answer.refuse, answer)
    _advise(console, "Ask for, but not at the price of the deal", answer.ask, answer)
    if answer.refuse_packages:
        console.print(f"Packages of the case below no deal for {answer.seat}: {', '.join(answer.refuse_packages)}.")
    console.print("\n[bold]As the deadline nears[/bold]")
    for stage in answer.waiting:
        month = ", ".join(f"{party} {round(cost, 2) + 0.0:+.2f}" for party, cost in stage.month_usd_bn.items())
        console.print(f"- {stage.stage}: a month without this deal costs (minus: brings), in billion dollars, {month}.")
    for row in answer.outcomes:
        console.print(
            f"- If {row.outcome} is sure ({row.probability:.0%} in the case): {answer.other} takes the best offer with "
            f"{row.best_offer_accepted:.0%}, gain {row.best_offer_gain_usd_bn:+.2f}; the offer to make then: "
            f"{', '.join(row.then_best) or 'nothing'} ({row.then_accepted:.0%}, {row.then_gain_usd_bn:+.2f})."
        )
    console.print()
    for sentence in answer.sentences:
        console.print(f"- {sentence}")
    console.print(
        f"{answer.considered:,} packages compared, {answer.solved} solved in full; {answer.draws} draws, "
        f"seed {answer.meta.seed}; dollars of {answer.meta.usd_year}."
    )
    for warning in answer.meta.warnings:
        typer.echo(f"warning: {warning}", err=True)


#: How a change of the best offer begins.
_CHANGES = {"add": "", "replace": "instead: ", "drop": "without: "}


def _taught(offer: Offer, other: str) -> str:
    """Return how likely the offer is taken, and what that would say."""
    moves = "; ".join(
        f"{one.issue} matters {'more' if one.then_usd_bn > one.weight_usd_bn else 'less'} "
        f"({one.weight_usd_bn:.1f} to {one.then_usd_bn:.1f} bn a unit)"
        for one in offer.teaches
    )
    return f"is taken with {offer.chosen or 0.0:.0%}; if so, to {other} {moves}."


def _advise(console: Console, heading: str, rows: tuple[TermAdvice, ...], answer: OfferAnswer) -> None:
    if not rows:
        return
    console.print(f"\n[bold]{heading}[/bold]")
    for row in rows:
        worth = f"{answer.seat} {row.own_usd_bn:+.2f}, {answer.other} {row.other_usd_bn:+.2f}"
        console.print(
            f"- {_CHANGES[row.change]}{row.title}: {worth}, which then accepts at {row.accepts:.0%}; {row.why}."
        )
