"""The application: its routes behind one door that checks who asks and how much is sent."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Final

import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from latticework.server import protocol
from latticework.server.limits import DEFAULT, MB, Limits
from latticework.server.pool import Pool

HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names by which the server may be called. A page elsewhere whose name was made to lead here
calls it by its own name (DNS rebinding), and is refused."""
SECURITY: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Headers of every answer that does not set them itself."""
_SECURITY: Final = tuple((name.lower().encode(), v.encode()) for name, v in SECURITY.items())
DRAINED: Final = 64
"""How many times the limit of a body is read and dropped, so that the refusal arrives whole."""


def create_app(
    store: ox.Store,
    limits: Limits = DEFAULT,
    *,
    hosts: Collection[str] = HOSTS,
    people: str | None = None,
    extra_routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The endpoint at ``/sparql``, and other routes beside it.

    It forks here; so call it before there is an event loop, or threads. The pool that answers
    questions is ``app.state.pool``, the store ``app.state.store``.

    Args:
        store: the data; what changes in it later is not seen by queries.
        limits: what a question may take.
        hosts: names by which the server may be called.
        people: where a browser is sent that opens the endpoint without a query.
        extra_routes: other routes, which come first.

    """
    pool = Pool(store, limits)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await pool.open()
        try:
            yield
        finally:
            await pool.close()

    app = Starlette(
        routes=[*extra_routes, *protocol.routes(pool, people=people)],
        middleware=[Middleware(Door, hosts=hosts, limits=limits)],
        lifespan=lifespan,
    )
    app.state.pool, app.state.store = pool, store
    return app


class Door:
    """Lets in what is small and calls us by our name; gives every answer its headers."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], limits: Limits) -> None:
        self.app, self.hosts, self.limits = app, hosts, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        began = False

        async def dressed(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                there = {name for name, _ in message["headers"]}
                message["headers"] += [pair for pair in _SECURITY if pair[0] not in there]
            await send(message)

        try:
            refused, receive = await self._enter(scope, receive)
            await (refused or self.app)(scope, receive, dressed)
        except Exception as error:
            print(
                f"latticework: {scope['method']} {scope['path']} failed: "
                f"{type(error).__name__}: {error}",
                file=sys.stderr,
            )
            if not began:
                await protocol.said(500, "the server failed; this is its fault, not yours")(
                    scope, receive, dressed
                )

    async def _enter(self, scope: Scope, receive: Receive) -> tuple[Response | None, Receive]:
        """A refusal, if any, and from where the body is received."""
        headers = Headers(scope=scope)
        if _name(headers.get("host", "")) not in self.hosts:
            return protocol.said(
                421, f"this server answers only as {', '.join(self.hosts)}"
            ), receive
        if scope["method"] in ("GET", "HEAD", "OPTIONS") and "content-length" not in headers:
            return None, receive
        try:
            async with asyncio.timeout(self.limits.seconds):
                body = await _body(receive, int(self.limits.body * MB))
        except TimeoutError:
            return protocol.said(
                408, "the request did not arrive in time", Connection="close"
            ), receive
        if body is None:
            text = f"the request is larger than {self.limits.body} MB; ask in parts"
            return protocol.said(413, text, Connection="close"), receive
        return None, _again(body, receive)


def _name(host: str) -> str:
    """The name in a ``Host`` header, without the port."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdecimal() else host.lower()


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body; ``None`` if it is larger than ``most`` bytes."""
    taken, pieces = 0, []
    while taken <= most * DRAINED:
        message = await receive()
        if message["type"] != "http.request":
            break
        piece = message.get("body", b"")
        taken += len(piece)
        if taken <= most:
            pieces.append(piece)
        if not message.get("more_body", False):
            break
    return b"".join(pieces) if taken <= most else None


def _again(body: bytes, receive: Receive) -> Receive:
    """Receive a body that was read already, and then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
