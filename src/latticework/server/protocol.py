"""The SPARQL 1.1 Protocol, its query half: GET, URL-encoded POST and direct POST.

An update in any form is refused. Without a query the endpoint describes itself (SPARQL 1.1
Service Description).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from latticework.errors import (
    Busy,
    InputError,
    LatticeworkError,
    NoAnswer,
    NoSuchForm,
    QueryProblem,
    TooMuch,
)
from latticework.server.forms import GRAPHS, TABLES, preferred
from latticework.server.pool import Pool
from latticework.vocabulary import RDF_TYPE

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
CROSS_ORIGIN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "X-SPARQL-MaxRows, Retry-After, Server-Timing",
}
"""Whoever asks may read; there are no credentials that could be lent."""
STATUS: Final[tuple[tuple[type[LatticeworkError], int], ...]] = (
    (InputError, 400),
    (NoSuchForm, 406),
    (TooMuch, 413),
    (NoAnswer, 503),
)
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES: Final = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}
_WATCH_AFTER: Final = 0.2
"""Seconds after which it is looked whether the client still waits."""
_MOST_FIELDS: Final = 1_000
_READ_ONLY: Final = "this server is read-only: change the files and start it again"

Parameters = Mapping[str, list[str]]


def routes(pool: Pool, path: str = "/sparql", *, people: str | None = None) -> list[Route]:
    """The endpoint at ``path``, and where a running query is cancelled.

    Args:
        pool: answers the queries.
        path: of the endpoint; queries are cancelled at ``path/cancel``.
        people: where a browser is sent that asks for the endpoint without a query.

    """
    endpoint = _Endpoint(pool, path, people)
    return [
        Route(path, endpoint.ask, methods=["GET", "POST", "OPTIONS"]),
        Route(f"{path}/cancel", endpoint.cancel, methods=["POST"]),
    ]


def refusal(error: LatticeworkError) -> Response:
    """An error as an answer."""
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    headers = {**CROSS_ORIGIN}
    if isinstance(error, Busy):
        headers["Retry-After"] = str(error.retry_after)
    return PlainTextResponse(f"{error}\n", status, headers)


def said(status: int, text: str, **headers: str) -> Response:
    """A sentence as an answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return PlainTextResponse(f"{text}\n", status, {**CROSS_ORIGIN, **named})


class _Endpoint:
    """The endpoint: one method a route."""

    def __init__(self, pool: Pool, path: str, people: str | None) -> None:
        self.pool, self.path, self.people = pool, path, people
        self.numbers = count(1)

    async def ask(self, request: Request) -> Response:
        """Answer a query, or describe the endpoint."""
        if request.method == "OPTIONS":
            return _preflight()
        try:
            parameters: Parameters = _decoded(request.scope["query_string"])
            if request.method == "POST":
                media, _, rest = request.headers.get("content-type", "").partition(";")
                media = media.strip().lower()
                if media == UPDATE:
                    return said(403, _READ_ONLY)
                if media not in (FORM, QUERY) or not _utf8(rest):
                    return _unsupported(media, rest)
                body = await request.body()
                if media == QUERY:
                    parameters = {
                        **parameters,
                        "query": [*parameters.get("query", []), _text(body)],
                    }
                else:
                    parameters = _merged(parameters, _decoded(body))
            return await self._answer(request, parameters)
        except LatticeworkError as error:
            return refusal(error)

    async def _answer(self, request: Request, parameters: Parameters) -> Response:
        if "update" in parameters:
            if request.method == "POST" and "query" not in parameters:
                return said(403, _READ_ONLY)
            return said(400, f"an update comes by POST and alone; and {_READ_ONLY}")
        queries = parameters.get("query", [])
        if not queries and request.method in ("GET", "HEAD"):
            return self._describe(request)
        if len(queries) != 1:
            raise QueryProblem(
                "{number} queries are given; give one, as the parameter 'query'",
                number=len(queries),
            )
        name = _last(parameters, "query-id") or f"#{next(self.numbers)}"
        watch: list[asyncio.Task[None]] = []
        loop = asyncio.get_running_loop()
        timer = loop.call_later(
            _WATCH_AFTER, lambda: watch.append(loop.create_task(self._watch(request, name)))
        )
        try:
            answer = await self.pool.answer(
                queries[0],
                _last(parameters, "format"),
                accept=request.headers.get("accept", ""),
                default=parameters.get("default-graph-uri", ()),
                under=parameters.get("named-graph-uri", ()),
                name=name,
            )
        finally:
            timer.cancel()
            for task in watch:
                task.cancel()
        headers = {
            "Content-Type": _with_charset(answer.media_type),
            "Vary": "Accept",
            "Cache-Control": "no-cache",
            "Server-Timing": f"query;dur={answer.milliseconds:.1f}",
            **CROSS_ORIGIN,
        }
        if answer.truncated:
            headers["X-SPARQL-MaxRows"] = str(self.pool.limits.rows)
        return Response(answer.body, headers=headers)

    async def _watch(self, request: Request, name: str) -> None:
        """Cancel a query once its client has gone away."""
        while (await request.receive())["type"] != "http.disconnect":
            pass
        self.pool.cancel(name)

    async def cancel(self, request: Request) -> Response:
        """Cancel the running query whose ``query-id`` is given; only for pages of our own."""
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            return said(403, "only pages of this server may cancel a query")
        try:
            name = _last(_decoded(await request.body()), "query-id")
        except LatticeworkError as error:
            return refusal(error)
        if not self.pool.cancel(name):
            return said(404, "no query of that name is running")
        return Response(status_code=204)

    def _describe(self, request: Request) -> Response:
        """The service description, or a page for people."""
        accept = request.headers.get("accept", "")
        offered = [*GRAPHS, "text/html"] if self.people else [*GRAPHS]
        media = preferred(accept, offered)
        if media is None:
            return said(
                406, f"the endpoint describes itself as: {', '.join(GRAPHS)}", Vary="Accept"
            )
        if media == "text/html":
            return RedirectResponse(str(self.people), 303, {"Vary": "Accept"})
        endpoint = str(request.url.replace(query="", fragment=""))
        body = ox.serialize(
            description(endpoint, sorted(self.pool.graphs)),
            format=GRAPHS[media],
            prefixes={"sd": SD, "formats": FORMATS},
        )
        return Response(
            body, headers={"Content-Type": _with_charset(media), "Vary": "Accept", **CROSS_ORIGIN}
        )


def description(endpoint: str, graphs: Iterable[str]) -> Iterable[ox.Triple]:
    """What the endpoint says of itself: language, formats, and the graphs there are."""
    service, dataset = ox.NamedNode(f"{endpoint}#service"), ox.NamedNode(f"{endpoint}#dataset")
    union, kind = ox.NamedNode(f"{endpoint}#union"), ox.NamedNode(RDF_TYPE)

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(SD + name)

    yield ox.Triple(service, kind, sd("Service"))
    yield ox.Triple(service, sd("endpoint"), ox.NamedNode(endpoint))
    yield ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query"))
    yield ox.Triple(service, sd("feature"), sd("UnionDefaultGraph"))
    for media in (*TABLES, *GRAPHS):
        form = ox.NamedNode(FORMATS + _FORMAT_NAMES[media])
        yield ox.Triple(service, sd("resultFormat"), form)
    yield ox.Triple(service, sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, kind, sd("Dataset"))
    yield ox.Triple(dataset, sd("defaultGraph"), union)
    yield ox.Triple(union, kind, sd("Graph"))
    for iri in graphs:
        graph = ox.NamedNode(iri)
        node = ox.BlankNode()
        yield ox.Triple(dataset, sd("namedGraph"), node)
        yield ox.Triple(node, kind, sd("NamedGraph"))
        yield ox.Triple(node, sd("name"), graph)


# Requests ----------------------------------------------------------------------------------------


def _decoded(text: bytes) -> dict[str, list[str]]:
    """The fields of a form or query string, each with all its values."""
    found: dict[str, list[str]] = {}
    try:
        fields = parse_qsl(
            text.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise QueryProblem("the parameters are no percent-encoded UTF-8") from error
    except ValueError as error:
        raise QueryProblem(
            "there are more than {most} parameters; give fewer", most=_MOST_FIELDS
        ) from error
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


def _merged(one: Parameters, other: Parameters) -> Parameters:
    return {name: [*one.get(name, []), *other.get(name, [])] for name in {**one, **other}}


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryProblem("the query is no UTF-8; encode it so") from error


def _last(parameters: Parameters, name: str) -> str:
    return parameters.get(name, [""])[-1]


def _utf8(rest: str) -> bool:
    """Whether the parameters of a content type name no other encoding than UTF-8."""
    for part in rest.split(";"):
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower() in ("utf-8", "utf8")
    return True


def _unsupported(media: str, rest: str) -> Response:
    given = f"'{media};{rest}'" if rest else f"'{media}'"
    return said(
        415,
        f"the content type is {given[:100] if media else 'missing'}; send {FORM}, or {QUERY}, "
        "in UTF-8",
        Accept_Post=f"{FORM}, {QUERY}",
    )


def _with_charset(media: str) -> str:
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def _preflight() -> Response:
    return Response(
        status_code=204,
        headers={
            **CROSS_ORIGIN,
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Accept, Content-Type",
            "Access-Control-Max-Age": "86400",
            "Allow": "GET, POST, OPTIONS",
        },
    )
