"""The command ``tradetalks``: which commands there are, and what becomes of errors.

Exit codes: 0 done; 2 something given is wrong (one sentence on standard error); 3 the model did
not converge; 1 a bug of ours (or the reader of a pipe has gone); 130 interrupted. On errors standard
output stays empty.

Importing this module imports every command's module, so those keep numbers, charts and tables
(jax, altair, polars ...) inside their functions: ``tradetalks --help`` must be instant.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from tradetalks import __version__
from tradetalks.cli import (
    backtest,
    brief,
    data,
    deals,
    duty,
    law,
    new,
    offer,
    rates,
    read,
    record,
    schema,
    serve,
    strategy,
    sweep,
    validate,
    value,
    wants,
)
from tradetalks.ground.errors import TradetalksError

app = typer.Typer(
    name="tradetalks",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tradetalks {__version__}")
        raise typer.Exit


@app.callback()
def _porch(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Where a trade negotiation stands, and what each move is worth to each side.

    \b
    Example:
      tradetalks duty 8703.23.01 --origin JP --on 2025-04-20 --value 30000
      tradetalks value us-japan-2025
      tradetalks brief us-japan-2025 -o brief.html
    """


for _command in (
    duty.duty,
    rates.rates,
    value.value,
    wants.wants,
    sweep.sweep,
    new.new,
    deals.deals,
    offer.offer,
    strategy.optimal,
    strategy.war,
    strategy.bargain,
    brief.brief,
    read.read,
    backtest.backtest,
    validate.validate,
    data.data,
    serve.serve,
    schema.schema,
):
    app.command()(_command)
app.add_typer(law.app, name="law")
app.add_typer(record.app, name="record")


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line (``arguments``, or those of the process) and exit with its code."""
    # Our matrices are small: threads of the linear algebra library cost more than they save, many times over on a
    # busy machine. Set before a command loads it; the user's own setting stands.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A command makes many small objects and few cycles: look for those seldom.
    gc.set_threshold(100_000, 50, 50)
    try:
        code = _answer(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has gone; the pipe must not fail again when Python flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    if arguments is None:
        gc.freeze()  # the process ends: nobody needs to look through what is left on the way out
    sys.exit(code)


def _answer(arguments: list[str] | None) -> int:
    try:
        app(arguments, prog_name="tradetalks")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except TradetalksError as error:
        print(f"tradetalks: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:
        _own_up(error)
        return 1
    return 0


def _own_up(error: Exception) -> None:
    """Say in a sentence that this is our mistake; the traceback only for those who ask for it."""
    if os.environ.get("TRADETALKS_DEBUG"):
        traceback.print_exception(error)
        return
    print(
        f"tradetalks: this is a bug, not your input ({type(error).__name__}: {error}). "
        "Run the command again with TRADETALKS_DEBUG=1 to see where, and please report it.",
        file=sys.stderr,
    )
