"""``tradetalks offer``: what to offer, what to ask, what to keep back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.brief.words import name, nation
from tradetalks.cli.deal_table import (
    WIDE,
    AsOf,
    Draws,
    Levels,
    contents,
    groups,
    named,
    notes,
    opened,
    payoffs,
    screen,
)
from tradetalks.cli.options import AsJson, CaseArgument, CaseOption, print_json, progress_bar

if TYPE_CHECKING:
    from rich.console import Console

    from tradetalks.talks.deals.shapes import Offer, OfferAnswer, TermAdvice


def offer(
    case: CaseArgument = None,
    case_option: CaseOption = None,
    seat: Annotated[
        str | None, typer.Option(metavar="PARTY", help="The side that asks.  [default: the seat of the case]")
    ] = None,
    as_of: AsOf = None,
    levels: Levels = None,
    draws: Draws = 200,
    as_json: AsJson = False,
) -> None:
    """Advise one side: the best offer, three that teach, what to ask, keep back and refuse.

    \b
    Example:
      tradetalks offer us-japan-2025
      tradetalks offer us-japan-2025 --seat USA --json
      tradetalks offer us-japan-2025 --as-of 2025-06-20
    """
    from tradetalks.ground.countries import government
    from tradetalks.talks.offer.answer import offer as answer_of

    chosen, grid = opened(case, case_option, as_of, levels)
    party = seat if seat is None or seat in chosen.parties else government(seat)
    with progress_bar() as progress:
        answer = answer_of(chosen, party, grid, draws, progress)
    if as_json:
        print_json(answer)
    else:
        _show(chosen.title, chosen.marking, answer)


def _show(title: str, marking: str, answer: OfferAnswer) -> None:
    console = screen()
    console.print(f"[bold]{title}[/bold]: advice to {nation(answer.seat)}, known on {answer.meta.as_of}")
    if marking:
        console.print(marking, style="italic")
    _best(console, answer)
    if len(answer.equivalent) > 1:
        _together(console, answer)
    if answer.question is not None:
        console.print(f"\n[bold]Ask {nation(answer.other)}[/bold]: {answer.question.text}")
    _advise(console, "Keep back, the cheapest for what it brings first", answer.keep_back, answer)
    _advise(console, "Refuse", answer.refuse, answer)
    _advise(console, "Ask for, but not at the price of the deal", answer.ask, answer)
    if answer.refuse_packages:
        below = ", ".join(answer.refuse_packages)
        console.print(f"\nPackages of the case that leave {nation(answer.seat)} below no deal: {below}.")
    _deadline(console, answer)
    console.print()
    notes(console, answer.sentences, answer.parties, answer.meta.warnings)
    console.print(
        f"{answer.considered:,} packages compared, {answer.solved} solved in full; {answer.draws} draws, "
        f"seed {answer.meta.seed}; dollars of {answer.meta.usd_year}."
    )


def _best(console: Console, answer: OfferAnswer) -> None:
    console.print("\n[bold]Best single offer[/bold]")
    deal = answer.best.deal
    given = groups(answer.terms, set(deal.terms), answer.seat)
    for giver, terms in given.items():
        titles = "; ".join(term.title + ("*" if term.id in deal.unpriced else "") for term in terms)
        console.print(f"[bold]{giver}[/bold]: {titles}.")
    if not given:
        console.print("Nothing: no package is worth more than to wait.")
    console.print(payoffs([deal], answer.parties, {}))
    gain = answer.best.expected_gain_usd_bn
    console.print(
        f"Expected gain to {nation(answer.seat)}, its payoff times the chance that {nation(answer.other)} accepts: "
        f"{gain.value or 0.0:+.2f} billion dollars a year."
    )


def _together(console: Console, answer: OfferAnswer) -> None:
    seat, other, deals = nation(answer.seat), nation(answer.other), [one.deal for one in answer.equivalent]
    console.print(
        f"\n[bold]Offers to make together[/bold]: worth about the same to {seat}; which one {other} takes "
        f"tells {answer.information_bits or 0.0:.2f} bits about what it wants (a choice among three and none tells at "
        "most 2)"
    )
    console.print(payoffs(deals, answer.parties, {}))
    console.print(contents(deals, answer.terms, answer.seat, console.width >= WIDE))
    for one in answer.equivalent:
        console.print(f"- {one.deal.label} {_taught(one, other)}")


def _taught(offer: Offer, other: str) -> str:
    """Return how likely the offer is taken, and what that would say."""
    from tradetalks.record.issues import issue

    moves = ", ".join(
        f"{issue(one.issue).title.casefold()} {'more' if one.then_usd_bn > one.weight_usd_bn else 'less'} "
        f"({one.weight_usd_bn:.1f} to {one.then_usd_bn:.1f})"
        for one in offer.teaches
    )
    return (
        f"is taken with {offer.chosen or 0.0:.0%}; it would say what matters to {other}: {moves}, in billion dollars a "
        "unit of the issue."
    )


#: How a change of the best offer begins.
_CHANGES = {"add": "", "replace": "instead: ", "drop": "without: "}


def _advise(console: Console, heading: str, rows: tuple[TermAdvice, ...], answer: OfferAnswer) -> None:
    if not rows:
        return
    seat, other = name(answer.seat), name(answer.other)
    console.print(f"\n[bold]{heading}[/bold]")
    for row in rows:
        console.print(
            f"- {_CHANGES[row.change]}{row.title}: {seat} {row.own_usd_bn:+.2f}, {other} {row.other_usd_bn:+.2f} "
            f"billion a year, accepted then with {row.accepts:.0%}; {named(row.why, answer.parties)}."
        )


def _deadline(console: Console, answer: OfferAnswer) -> None:
    titles, other = {term.id: term.title for term in answer.terms}, nation(answer.other)
    console.print("\n[bold]As the deadline nears[/bold]")
    console.print("A month without this deal costs (minus: brings), economy only, in billion dollars:")
    for stage in answer.waiting:
        month = ", ".join(f"{name(party)} {round(cost, 2) + 0.0:+.2f}" for party, cost in stage.month_usd_bn.items())
        console.print(f"- {stage.stage}: {month}")
    for row in answer.outcomes:
        console.print(
            f"- If {row.outcome} is sure ({row.probability:.0%} in the case) {other} takes the best offer "
            f"with {row.best_offer_accepted:.0%}, expected gain {row.best_offer_gain_usd_bn:+.2f}."
        )
        if row.then_best != answer.best.deal.terms:
            changed = _changed(answer.best.deal.terms, row.then_best, titles)
            console.print(f"  Better then: {changed} ({row.then_accepted:.0%}, {row.then_gain_usd_bn:+.2f}).")


def _changed(before: tuple[str, ...], after: tuple[str, ...], titles: dict[str, str]) -> str:
    """Return what joins and what leaves a package, in words."""
    parts = []
    for words, some in (("with", set(after) - set(before)), ("without", set(before) - set(after))):
        if some:
            parts.append(f"{words} {'; '.join(title for one, title in titles.items() if one in some)}")
    return ", ".join(parts) if after else "offer nothing"
