"""``tradetalks schema COMMAND``: the JSON schema of what a command prints under ``--json``."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer
from pydantic import BaseModel

from tradetalks.cli.options import print_json
from tradetalks.ground.errors import BadInput, did_you_mean

#: Command -> ``module:class`` of the pydantic model it prints; imported only when asked for.
ANSWERS = {
    "duty": "tradetalks.cli.duty:DutyAnswer",
    "rates": "tradetalks.cli.rates:RatesAnswer",
    "rates-path": "tradetalks.cli.rates:PathAnswer",
    "law-diff": "tradetalks.law.answers:DiffAnswer",
    "law-list": "tradetalks.law.answers:MeasuresAnswer",
    "law-compare": "tradetalks.law.answers:CompareAnswer",
    "law-search": "tradetalks.law.answers:SearchAnswer",
    "new": "tradetalks.cli.new:NewAnswer",
    "value": "tradetalks.value.answer:ValueAnswer",
    "wants": "tradetalks.talks.wants.answer:WantsAnswer",
    "deals": "tradetalks.talks.deals.shapes:DealsAnswer",
    "offer": "tradetalks.talks.deals.shapes:OfferAnswer",
    "sweep": "tradetalks.cli.sweep:SweepAnswer",
    "read": "tradetalks.talks.read_answer:ReadAnswer",
    "record": "tradetalks.cli.record:RecordAnswer",
    "record add": "tradetalks.cli.record:AddedAnswer",
    "record issues": "tradetalks.cli.record:IssuesAnswer",
    "record deals": "tradetalks.cli.record:DealsAnswer",
    "backtest": "tradetalks.talks.proof.shapes:BacktestAnswer",
    "optimal": "tradetalks.talks.strategy:StrategyAnswer",
    "war": "tradetalks.talks.strategy:StrategyAnswer",
    "bargain": "tradetalks.talks.strategy:StrategyAnswer",
    "validate": "tradetalks.cli.validate:ValidateAnswer",
    "data": "tradetalks.cli.data:DataAnswer",
}


def answer_model(command: str) -> type[BaseModel]:
    """Return the pydantic model of the JSON that ``tradetalks COMMAND --json`` prints.

    Raises:
        BadInput: there is no such command, or it prints no JSON.
    """
    if command not in ANSWERS:
        raise BadInput(
            f"COMMAND: no JSON answer is called {command!r}{did_you_mean(command, ANSWERS)}; "
            f"there are {', '.join(ANSWERS)}"
        )
    module, _, name = ANSWERS[command].partition(":")
    model: type[BaseModel] = getattr(import_module(module), name)
    return model


def schema(command: Annotated[str, typer.Argument(help=f"One of: {', '.join(ANSWERS)}.")]) -> None:
    """Print the JSON schema of a command's answer.

    \b
    Example:
      tradetalks schema data
    """
    print_json(answer_model(command).model_json_schema(mode="serialization"))
