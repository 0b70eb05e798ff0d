"""The command that serves: serve."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import click

from latticework.cli.common import EXTRA, LANGUAGE, built
from latticework.errors import InputError
from latticework.phrases import say
from latticework.server.limits import Limits

LOOPBACK = {"127.0.0.1": socket.AF_INET, "localhost": socket.AF_INET, "::1": socket.AF_INET6}
MOST_CONNECTIONS = 500
LONGEST_URL = 65_536
_Command = TypeVar("_Command", bound=Callable[..., None])


def limit_options(command: _Command) -> _Command:
    """An option for every limit."""
    for one in reversed(fields(Limits)):
        command = click.option(
            f"--{one.name.replace('_', '-')}",
            type=type(one.default),
            default=one.default,
            show_default=one.name != "workers" or "one for each processor, at least 3",
            help=one.metadata["says"],
        )(command)
    return command


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=8733, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="A name of this machine.")
@EXTRA
@limit_options
@LANGUAGE
def serve(port: int, host: str, extra: Sequence[Path], language: str, **given: float) -> None:
    """Serve the graph on this machine: a site to browse and ask, and a SPARQL endpoint at /sparql.

    Nobody else can reach it. docs/serving.md says what the limits mean.

    \b
    Example:  latticework serve --port 8733
    """
    limits = Limits(**given)  # type: ignore[arg-type]
    line = _listen(host, port)
    try:
        _run(line, extra, limits, language)
    finally:
        line.close()


def _listen(host: str, port: int) -> socket.socket:
    """A socket at an address that only this machine can reach."""
    if host not in LOOPBACK:
        raise InputError(
            "'{host}' is not this machine alone; the server listens only at {known}",
            host=host,
            known=list(LOOPBACK),
        )
    # the protocol is said, or asyncio would let small answers wait for more to send (Nagle)
    line = socket.socket(LOOPBACK[host], socket.SOCK_STREAM, socket.IPPROTO_TCP)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((host, port))
    except OSError as error:
        line.close()
        raise InputError(
            "port {port} cannot be used ({reason}); end the program that has it, or choose "
            "another with --port",
            port=port,
            reason=error.strerror,
        ) from error
    return line


def _run(line: socket.socket, extra: Sequence[Path], limits: Limits, language: str) -> None:
    import uvicorn

    from latticework.server.app import create_app
    from latticework.server.site import PEOPLE, routes

    store = built(extra, validate=False).store
    app = create_app(store, limits, people=PEOPLE, extra_routes=routes(store))

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.pool.give_up()  # or those who wait would hold up the end
            await super().shutdown(sockets)

    server = Server(
        uvicorn.Config(
            app,
            http="h11",  # bounds the head of a request, as httptools does not
            loop="asyncio",
            lifespan="on",
            ws="none",
            log_level="error",
            access_log=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            h11_max_incomplete_event_size=LONGEST_URL,
            timeout_graceful_shutdown=2,
        )
    )
    name, port = line.getsockname()[:2]
    address = f"http://{f'[{name}]' if ':' in name else name}:{port}"
    place = "latticework: open {address}/ to browse and to ask; programs ask {address}/sparql"
    click.echo(say(place, language, address=address))
    click.echo(say("Ctrl-C ends it", language))
    try:
        server.run(sockets=[line])
    except KeyboardInterrupt:
        click.echo(say("latticework: ended", language), err=True)
