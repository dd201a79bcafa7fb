"""``tradetalks deals``: which deals both sides could accept, and which would be fair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tradetalks.brief.words import name, nation
from tradetalks.cli.deal_table import WIDE, AsOf, Draws, Levels, contents, named, notes, opened, payoffs, screen
from tradetalks.cli.options import AsJson, CaseArgument, CaseOption, print_json, progress_bar

if TYPE_CHECKING:
    from rich.console import Console

    from tradetalks.talks.deals.shapes import Deal, DealsAnswer

#: Efficient packages shown in the table; JSON has them all.
SHOWN = 8

#: With fewer packages than this that harm neither side, so many of those that harm one a little are shown beside them.
FEW = 3


def deals(
    case: CaseArgument = None,
    case_option: CaseOption = None,
    as_of: AsOf = None,
    levels: Levels = None,
    draws: Draws = 200,
    as_json: AsJson = False,
) -> None:
    """Find the deals that no other beats for both sides, and the fair ones among them.

    \b
    Example:
      tradetalks deals us-japan-2025
      tradetalks deals us-japan-2025 --as-of 2025-06-20
      tradetalks deals us-japan-2025 --levels levels.yaml --json
    """
    from tradetalks.talks.deals.answer import deals as answer_of

    chosen, grid = opened(case, case_option, as_of, levels)
    with progress_bar() as progress:
        answer = answer_of(chosen, grid, draws, progress)
    if as_json:
        print_json(answer)
    else:
        _show(chosen.title, chosen.marking, answer)


def _show(title: str, marking: str, answer: DealsAnswer) -> None:
    console = screen()
    console.print(f"[bold]{title}[/bold]: deals both sides could accept, known on {answer.meta.as_of}")
    if marking:
        console.print(marking, style="italic")
    console.print(
        f"[dim]A payoff is in billion dollars of {answer.meta.usd_year} a year against {answer.no_deal}; below it, 10% "
        "to 90% of the draws[/dim]"
    )
    if answer.frontier:
        _frontier(console, answer)
    else:
        console.print("\n[bold]No package can be ratified by both sides[/bold]: loosen a red line, a veto or a budget.")
    _beyond(console, answer)
    if answer.case_packages:
        _case_packages(console, answer)
    held = {term for deal in answer.frontier for term in deal.terms}
    offered = {term for factor in answer.factors for level in factor.levels for term in level.terms}
    console.print()
    if answer.frontier and offered - held:
        titles = "; ".join(term.title for term in answer.terms if term.id in offered - held)
        console.print(f"- In no efficient package: {titles}.")
    titles_of = {term.id: term.title for term in answer.terms}
    for left in answer.left_out:
        console.print(
            f"- Not on the table: {titles_of.get(left.term, left.term)} ({named(left.reason, answer.parties)})."
        )
    notes(console, answer.sentences, answer.parties, answer.meta.warnings)
    searched = answer.surrogate
    errors = ", ".join(f"{name(party)} {error:.3f}" for party, error in searched.error_usd_bn.items())
    if not answer.frontier:
        return
    console.print(
        f"Surrogate from {searched.solved} full solves; {searched.frontier} packages on its frontier"
        + ("" if searched.near is None else f" and {searched.near} within its error")
        + (f", {searched.not_solved} of them not solved" if searched.not_solved else ", all solved in full")
        + f"; largest error {errors} billion dollars a year. {answer.draws} draws, seed {answer.meta.seed}."
    )


def _frontier(console: Console, answer: DealsAnswer) -> None:
    """Print the efficient packages: what each is worth, what is in it, which is fair."""
    marks = _marks(answer)
    rows = _chosen(answer, marks)
    heading = "Efficient packages" + (", neither side below no deal" if answer.rational else "")
    console.print(
        f"\n[bold]{heading}[/bold]: {len(rows)} of {len(answer.frontier)}, the best for {nation(answer.seat)} first; "
        f"of {answer.packages:,} packages"
    )
    console.print(payoffs(rows, answer.parties, marks))
    if not any(deal.terms for deal in rows):
        console.print("To agree on nothing is all that leaves neither side below no deal.")
        return
    starred = any(deal.unpriced for deal in rows)
    console.print(f"\n[bold]What is in them[/bold]{' (* not priced in full)' if starred else ''}")
    console.print(contents(rows, answer.terms, answer.seat, console.width >= WIDE))
    if not answer.rational:
        return
    console.print("\n[bold]Fair points[/bold]: gains over no deal, billion dollars a year")
    picks = {point.deal for point in answer.fair}
    if len(picks) == 1:
        (label,) = picks
        concepts = ", ".join(point.concept.title() for point in answer.fair)
        console.print(f"{label} by every idea of fairness ({concepts}): {_gains(answer.fair[0].gains_usd_bn)}.")
        return
    for point in answer.fair:
        console.print(
            f"[bold]{point.concept.title()}[/bold] {point.deal} ({_gains(point.gains_usd_bn)}). {point.fair_means} "
            f"Within a tenth of the best by this idea in {point.holds or 0.0:.0%} of the draws."
        )


def _gains(gains: Mapping[str, float]) -> str:
    return ", ".join(f"{name(party)} {gain:+.2f}" for party, gain in gains.items())


def _beyond(console: Console, answer: DealsAnswer) -> None:
    """Print, where few packages leave both at no deal or above, those by which one side loses least."""
    if len(answer.frontier) >= FEW or not answer.rational or not answer.beyond:
        return
    titles = {term.id: term.title for term in answer.terms}
    console.print(
        "\n[bold]Next to them[/bold]: efficient too, but one side loses; the least loss first, billion dollars a year"
    )
    for one in sorted(answer.beyond, key=lambda one: -min(one.payoff_usd_bn.values()))[:FEW]:
        inside = "; ".join(titles[term] for term in one.terms) or "Nothing"
        console.print(f"- {_gains(one.payoff_usd_bn)}: {inside}.")


def _case_packages(console: Console, answer: DealsAnswer) -> None:
    """Print the packages that the case names, and how they stand to the frontier."""
    console.print("\n[bold]The packages of the case[/bold]")
    rows = [own.deal for own in answer.case_packages]
    marks = {
        own.id: "efficient" if own.efficient else f"less than {own.beaten_by}" if own.beaten_by else ""
        for own in answer.case_packages
    }
    console.print(payoffs(rows, answer.parties, marks))
    console.print()
    console.print(contents(rows, answer.terms, answer.seat, console.width >= WIDE))
    for own in answer.case_packages:
        for party, side in own.deal.sides.items():
            for reason in side.refused:
                console.print(f"- {own.id}: {nation(party)} cannot ratify it: {reason}")


#: What stands beside a package that an idea of fairness picks.
_SHORT = {"nash": "Nash", "kalai-smorodinsky": "Kalai-S.", "egalitarian": "egalit.", "utilitarian": "utilit."}


def _marks(answer: DealsAnswer) -> dict[str, str]:
    """Return the label of each package that some idea of fairness picks, with their names."""
    marks: dict[str, str] = {}
    for point in answer.fair:
        if point.deal is not None:
            short = _SHORT[point.concept]
            marks[point.deal] = f"{marks[point.deal]}, {short}" if point.deal in marks else short
    return marks


def _chosen(answer: DealsAnswer, marks: dict[str, str]) -> list[Deal]:
    """Return the fair packages and others spread along the frontier."""
    front = answer.frontier
    if len(front) <= SHOWN:
        return list(front)
    spread = {round(k * (len(front) - 1) / (SHOWN - 1)) for k in range(SHOWN)}
    return [deal for k, deal in enumerate(front) if k in spread or deal.label in marks]
