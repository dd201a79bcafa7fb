"""``tradetalks optimal``, ``war``, ``bargain``: what each side could do with its tariffs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.cli.options import AsJson, print_json
from tradetalks.ground.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console

    from tradetalks.talks.strategy import StrategyAnswer

Instruments = Annotated[
    str, typer.Option(help="bilateral (a tariff a sector and partner), mfn (a sector) or uniform (one rate).")
]
Services = Annotated[bool, typer.Option("--services", help="Tax services too; goods alone otherwise.")]
Case = Annotated[
    str | None,
    typer.Option("--case", metavar="CASE", help="Start from the status quo of a case.  [default: the economy of 2022]"),
]
Chart = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="Draw who gains and who pays: .svg, .png or .html.")
]
Sides = Annotated[list[str], typer.Argument(metavar="SIDE...", help="Countries by code or name; EU is one side.")]


def optimal(
    region: Annotated[str, typer.Argument(help="Country by code or name, or EU.")],
    against: Annotated[
        list[str] | None, typer.Option("--against", help="Whose goods are taxed; repeat it. [default: everybody's]")
    ] = None,
    instruments: Instruments = "bilateral",
    services: Services = False,
    case: Case = None,
    chart: Chart = None,
    json: AsJson = False,
) -> None:
    """Find the best tariffs of one side when nobody answers.

    \b
    Example:
      tradetalks optimal USA --against JPN
      tradetalks optimal EU --instruments mfn --json
    """
    from tradetalks.talks import strategy

    _show(strategy.optimal(region, against or [], instruments, services, case), chart, json)


def war(
    sides: Sides,
    retaliate: Annotated[
        bool, typer.Option("--retaliate", help="Everybody answers, until nobody wants to change a tariff.")
    ] = False,
    instruments: Instruments = "bilateral",
    services: Services = False,
    case: Case = None,
    chart: Chart = None,
    json: AsJson = False,
) -> None:
    """Fight a tariff war: the first side strikes the others; with --retaliate all answer.

    \b
    Example:
      tradetalks war USA CHN --retaliate
      tradetalks war US China EU Japan --retaliate --json
    """
    from tradetalks.talks import strategy

    _two(sides)
    _show(strategy.war(sides, retaliate, instruments, services, case), chart, json)


def bargain(
    sides: Sides,
    solution: Annotated[
        str, typer.Option(help="nash, kalai-smorodinsky, egalitarian or utilitarian: how the gain is shared.")
    ] = "nash",
    threat: Annotated[str, typer.Option(help="What happens without agreement: 'status quo' or war.")] = "war",
    instruments: Instruments = "bilateral",
    services: Services = False,
    case: Case = None,
    chart: Chart = None,
    json: AsJson = False,
) -> None:
    """Find the tariffs on each other's goods that the sides would agree on.

    \b
    Example:
      tradetalks bargain USA JPN
      tradetalks bargain USA EU --solution egalitarian --json
    """
    from tradetalks.talks import strategy

    _two(sides)
    _show(strategy.bargain(sides, solution, threat, instruments, services, case), chart, json)


def _two(sides: list[str]) -> None:
    if len(sides) < 2:
        raise BadInput("SIDE: name two or more, such as USA CHN")


def _show(answer: StrategyAnswer, chart: Path | None, json: bool) -> None:
    if chart:
        _draw(answer, chart)
    if json:
        print_json(answer)
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if Console().is_terminal else 100, highlight=False)
    console.print(f"Against {answer.base}; {answer.instruments} tariffs on {len(answer.sectors)} sectors.")
    hidden = False
    for stage in answer.stages:
        console.print(f"\n[bold]{stage.stage}[/bold]")
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("", "welfare, %", "USD bn", "own tariffs, %", "before, %"):
            table.add_column(heading, justify="left" if not heading else "right")
        for side in stage.sides:
            rates = (side.average_tariff_pct, side.average_tariff_before_pct)
            shown = ["" if rate is None else f"{rate:.1f}" for rate in rates]
            if rates[0] is not None and rates[1] is None:
                shown, hidden = [f"+{rates[0]:.1f}", "inside costs"], True
            table.add_row(side.side, f"{side.welfare_pct:+.3f}", f"{side.welfare_usd_bn:+.2f}", *shown)
        table.add_row("world", "", f"{stage.world_usd_bn:+.2f}", "", "")
        console.print(table)
        for side in stage.sides:
            for words, effects in (("pay", side.sectors_pay), ("gain", side.sectors_gain)):
                moved = [e for e in effects[:3] if abs(e.value_added_change_usd_bn) >= 0.005]
                if moved:
                    named = ", ".join(f"{e.name} {e.value_added_change_usd_bn:+.2f} bn" for e in moved)
                    console.print(f"{side.side} sectors that {words} most: {named}")
        bystanders = [row for row in stage.others if abs(row.welfare_usd_bn) >= 0.005]
        for words, rows in (("lose", bystanders[:3]), ("gain", bystanders[:-4:-1])):
            right = [row for row in rows if (row.welfare_usd_bn < 0) == (words == "lose")]
            if right:
                named = ", ".join(f"{row.region} {row.welfare_usd_bn:+.2f} bn" for row in right)
                console.print(f"bystanders that {words} most: {named}")
        for sentence in stage.certificate:
            console.print(f"[dim]{sentence}[/dim]")
    if answer.gains_over_threat_pct is not None:
        _print_gains(answer, answer.gains_over_threat_pct, console)
    if hidden:
        console.print("inside costs: the data have no duties of this side apart from its trade costs; + is on top.")
    console.print(f"Dollars of {answer.meta.usd_year}. Deficits are fixed: no tariff changes a total balance.")


def _print_gains(answer: StrategyAnswer, gains: Sequence[float], console: Console) -> None:
    """Print what each side gains by a bargain, and what the coarseness of the instruments costs it."""
    from rich.table import Table

    console.print(f"\nAgainst no agreement ({answer.threat}):")
    table = Table(box=None, pad_edge=False, header_style="bold")
    headings = ["", "gain, %"]
    if answer.lost_to_instruments_pct is not None:
        headings += ["bilateral tariffs, %", f"lost by {answer.instruments}, points"]
    for heading in headings:
        table.add_column(heading, justify="left" if not heading else "right")
    for at, (side, gain) in enumerate(zip(answer.stages[-1].sides, gains, strict=True)):
        row = [side.side, f"{gain:+.3f}"]
        if answer.lost_to_instruments_pct is not None:
            lost = answer.lost_to_instruments_pct[at]
            row += [f"{gain + lost:+.3f}", f"{lost:.3f}"]
        table.add_row(*row)
    console.print(table)


def _draw(answer: StrategyAnswer, file: Path) -> None:
    """Draw welfare of the sides and of the bystanders that move most, a panel a stage."""
    import altair as alt

    if file.suffix.lower() not in (".svg", ".png", ".html"):
        raise BadInput(f"--chart: {file.name} ends in none of .svg, .png, .html")
    panels = []
    for stage in answer.stages:
        rows = [{"who": side.side, "worth": side.welfare_usd_bn, "part": "side"} for side in stage.sides]
        moved = sorted(stage.others, key=lambda row: -abs(row.welfare_usd_bn))[:8]
        rows += [{"who": row.region, "worth": row.welfare_usd_bn, "part": "bystander"} for row in moved]
        panels.append(
            alt.Chart(alt.InlineData(values=rows))
            .mark_bar()
            .encode(
                x=alt.X("worth:Q", title=f"welfare, USD bn of {answer.meta.usd_year} a year"),
                y=alt.Y("who:N", title=None, sort=None),
                color=alt.Color(
                    "part:N",
                    title=None,
                    scale=alt.Scale(domain=["side", "bystander"], range=["#14365d", "#b9c2cb"]),
                ),
            )
            .properties(width=520, title=alt.TitleParams(stage.stage, anchor="start"))
        )
    try:
        alt.vconcat(*panels).configure_view(stroke=None).save(str(file))
    except OSError as error:
        raise BadInput(f"--chart: {file} cannot be written ({error.strerror or error})") from None
