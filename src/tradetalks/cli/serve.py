"""``tradetalks serve``: the app in the browser."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from tradetalks.cli.options import CaseArgument, CaseOption, chosen_case
from tradetalks.ground.errors import BadInput

#: Addresses of this machine alone.
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(
    argument: CaseArgument = None,
    case: CaseOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen on; others than loopback are seen by your network.")] = (
        "127.0.0.1"
    ),
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser of this machine.")] = False,
) -> None:
    """Show a case in the browser: tariffs, moves with sliders, wants, deals, the record, the brief.

    The address that is printed carries the key of this run; without it nobody gets in. The folder of the case is the
    state: edits are written there, those to a shipped case to a copy in ./NAME. Ctrl-C ends it.

    \b
    Example:
      tradetalks serve us-japan-2025
      tradetalks serve ./my-case --port 8080 --open
    """
    import uvicorn

    from tradetalks.app.guard import Lock
    from tradetalks.app.office import Office
    from tradetalks.app.server import build
    from tradetalks.value.case import load_case

    reference = chosen_case(argument, case)
    load_case(reference)
    listening = _socket(host, port)
    port = listening.getsockname()[1]
    names = {*LOOPBACK, host} - {"::1", "0.0.0.0", "::"}
    hosts = frozenset({f"{name}:{port}" for name in names} | {f"[::1]:{port}"})
    lock, office = Lock(), Office(reference, Path.cwd())
    app = build(office, lock, hosts)
    office.view()  # the first solves begin before anybody asks
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/?key={lock.key}"
    typer.echo(f"{address}\nThe key in it is for this run only. Ctrl-C ends it.", err=False)
    if host not in LOOPBACK:
        typer.echo(f"warning: {host} is seen by your network, and what is sent there is not encrypted", err=True)
    if open_:
        import webbrowser

        webbrowser.open(address)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_keep_alive=60,  # a connection closed under a move that is on its way is an error on the page
        timeout_graceful_shutdown=2,  # who still waits for a solve is not waited for
    )
    with suppress(KeyboardInterrupt):  # uvicorn ends its work on Ctrl-C and then passes it on
        uvicorn.Server(config).run(sockets=[listening])
    # Threads that still compute cannot be interrupted, and Python would wait for them, or crash in their midst; every
    # request that writes has been answered by now.
    os._exit(0)


def _socket(host: str, port: int):  # type: ignore[no-untyped-def]
    import socket

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)  # the address works from when it is printed
    except OSError as error:
        raise BadInput(
            f"--port: {host}:{port} cannot be listened on ({error.strerror or error}); try --port 0"
        ) from None
    return listening
