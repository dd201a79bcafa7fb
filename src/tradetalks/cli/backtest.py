"""``tradetalks backtest``: forecasts of deals, opened and scored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradetalks.cli.options import AsJson, CaseArgument, CaseOption, chosen_case, print_json, progress_bar
from tradetalks.ground.files import write_atomic

if TYPE_CHECKING:
    from tradetalks.talks.proof.shapes import BacktestAnswer, Trial


def backtest(
    argument: CaseArgument = None,
    case: CaseOption = None,
    deals: Annotated[
        Path | None,
        typer.Option("--deals", metavar="DIR", help="Add the deals of this folder, a YAML file each (docs/record.md)."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE.md", help="Write the page as well.")] = None,
    as_json: AsJson = False,
) -> None:
    """Forecast deals from what their eve knew, open them, and score the forecasts beside simple ones.

    First the talks of the case on its day, then every deal of the record on its eve, then every deal left out in
    turn, which uses later deals and is not a forecast. Lower scores are better. A minute or two.

    \b
    Example:
      tradetalks backtest us-japan-2025
      tradetalks backtest --deals more-deals --json
      tradetalks backtest -o docs/validation/backtest.md
    """
    from tradetalks.talks.proof.backtest import backtest as run
    from tradetalks.talks.proof.page import page
    from tradetalks.value.case import load_case

    loaded = load_case(chosen_case(argument, case))
    with progress_bar() as progress:
        answer = run(loaded, deals, progress)
    if out:
        write_atomic(out, page(answer))
    if as_json:
        print_json(answer)
        return
    _print_case(answer)
    for test in (answer.rolling, answer.leave_one_out):
        _print_test(test)
    for note in answer.notes:
        typer.echo(f"- {note}")


def _print_case(answer: BacktestAnswer) -> None:
    test = answer.case
    typer.echo(f"{test.title} ({test.struck}), forecast on {test.as_of} from {test.learned_from} earlier deals\n")
    typer.echo(f"{'issue':<18} {'probability':>11} {'10% to 90%':>14} {'silent':>7}  in the deal")
    for row in sorted(test.issues, key=lambda row: -row.probability):
        span = f"{row.p10:.0%} to {row.p90:.0%}"
        typer.echo(
            f"{row.issue:<18} {row.probability:>11.0%} {span:>14} {row.usual:>7.0%}  {'yes' if row.happened else 'no'}"
        )
    typer.echo(f"\n{'quantity':<42} {'10%':>8} {'median':>8} {'90%':>8} {'came':>8}")
    for number in test.numbers:
        came = "-" if number.outcome is None else f"{number.outcome:.1f}"
        label = f"{number.quantity} (percent)" if "percent" in number.unit else number.quantity
        typer.echo(f"{label:<42} {number.p10:>8.1f} {number.p50:>8.1f} {number.p90:>8.1f} {came:>8}")
    came = ", ".join(test.unlisted_came) or "nothing"
    typer.echo(f"\nSomething unlisted: {test.unlisted:.0%}; it came: {came}")
    for score, by_method in answer.case_scores.items():
        typer.echo(f"{score}: {', '.join(f'{method} {value:.3f}' for method, value in by_method.items())}")


def _print_test(test: Trial) -> None:
    typer.echo(f"\n{test.name.upper()}{'' if test.is_forecast else ' (not a forecast)'}: {len(test.deals)} deals")
    for table in test.scores:
        means = ", ".join(f"{row.method} {row.mean:.3f}" for row in table.methods)
        typer.echo(f"  {table.quantity}, {table.score} of {table.forecasts} ({table.unit}): {means}")
    typer.echo("  calibration: given, came of forecasts, 90% interval for the true share")
    for row in test.calibration:
        if row.mean_probability is not None:
            typer.echo(
                f"    {row.mean_probability:.2f}  {row.came:>3} of {row.forecasts:<4} {row.p05:.2f} to {row.p95:.2f}"
            )
    for one in test.coverage:
        typer.echo(
            f"  {one.interval_pct:.0f}% interval, {one.quantity}: held {one.inside} of {one.of} "
            f"(true share {one.p05:.2f} to {one.p95:.2f})"
        )
    for placebo in test.placebo:
        typer.echo(
            f"  placebo, {placebo.quantity} {placebo.score}: ours {placebo.ours:.3f}, shuffled {placebo.placebo:.3f}; "
            f"{placebo.better_than_ours} of {placebo.shuffles} shuffles beat us"
        )
