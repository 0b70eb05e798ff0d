"""Other people's SPARQL endpoints: ask them, fetch from them, push graphs to them.

SPARQLWrapper writes the request as the SPARQL protocol wants it. It is sent here, because its own
way out bounds each read only, has no cap and takes what it gets for whole: here one deadline holds
for everything, an answer is capped, its wholeness is checked, and redirects are followed with care.
A server is asked one thing at a time, and nothing is sent anywhere but to the address given.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from threading import Lock, Thread
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.parse import parse_qsl, quote, quote_plus, urljoin, urlsplit, urlunsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

import pyoxigraph as ox
from SPARQLWrapper import CONSTRUCT, GET, POST, SELECT, SPARQLWrapper

from latticework import __version__
from latticework.errors import (
    BadRedirect,
    EndpointDown,
    EndpointError,
    EndpointOverloaded,
    EndpointRefused,
    EndpointTimeout,
    InputError,
    NotSparql,
    PartialAnswer,
    PushStopped,
    QueryProblem,
    TooLarge,
)
from latticework.phrases import Phrase
from latticework.results import Table, table
from latticework.vocabulary import BASE

AGENT = f"latticework/{__version__} (+{BASE.rstrip('/')})"
LONGEST_GET = 2_000
"""Characters of a query, as written in a URL, beyond which it is sent by POST."""
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
LATER = (429, 503)
FIRST_PAUSE = 1.0
"""Seconds before the second try where the server names none; twice as long before each next."""
MOST_NESTED = 100
"""Triple terms of RDF 1.2 in an answer; some thousands in one another crash the parser."""
NESTED = re.compile(rb'<<\(|"value"\s*:\s*\{')
ESCAPED_ASCII = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
CHUNK = 65_536
MOST_OF_REASON = 10_000
TABLE_TYPES = ("application/sparql-results+json", "application/json")
GRAPH_TYPES = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "text/plain": ox.RdfFormat.N_TRIPLES,  # what N-Triples was called before 2014
}
ADVICE = {
    400: Phrase("check the question"),
    401: Phrase("it answers only to those whom it knows"),
    403: Phrase("it does not allow this"),
    404: Phrase("check the address"),
    405: Phrase("check the address"),
    413: Phrase("it takes no more in one piece"),
}

_Result = TypeVar("_Result")
_TURN = Lock()
"""Held while a server is asked: one request at a time."""


@dataclass(frozen=True)
class Limits:
    """How long and how much: seconds over everything, bytes of an answer, tries of a request."""

    seconds: float = 60
    bytes: int = 50_000_000
    tries: int = 3

    def __post_init__(self) -> None:
        if self.seconds <= 0 or self.bytes <= 0 or self.tries <= 0:
            raise InputError("seconds, bytes and tries must be more than 0")


@dataclass(frozen=True)
class Written:
    """One graph that a store has taken; ``new`` if the store says that it had none by the name."""

    graph: str
    triples: int
    new: bool


def ask_endpoint(url: str, query: str, *, limits: Limits = Limits()) -> Table:
    """Answer a SELECT by the SPARQL endpoint at ``url``.

    Raises:
        InputError: the address is not one of an endpoint.
        EndpointError: one of its kinds says what went wrong at the other end.

    """
    call = _Call(_checked(url), limits)
    request = _question(call.url, query, SELECT, TABLE_TYPES)
    return call.within(lambda: _table(call, _answer(call, request)))


def truth_at_endpoint(url: str, query: str, *, limits: Limits = Limits()) -> bool:
    """Answer an ASK by the SPARQL endpoint at ``url``; raises as the SELECT does."""
    call = _Call(_checked(url), limits)
    request = _question(call.url, query, SELECT, TABLE_TYPES)
    return call.within(lambda: _truth(call, _answer(call, request)))


def construct_endpoint(
    url: str,
    query: str,
    *,
    limits: Limits = Limits(),
) -> list[ox.Triple]:
    """Run a CONSTRUCT or DESCRIBE by the SPARQL endpoint at ``url``; raises as the SELECT does."""
    call = _Call(_checked(url), limits)
    request = _question(call.url, query, CONSTRUCT, GRAPH_TYPES)
    return call.within(lambda: _triples(call, _answer(call, request)))


def push(
    url: str,
    graphs: Mapping[str, Iterable[ox.Triple]],
    *,
    direct: bool = False,
    limits: Limits = Limits(),
    report: Callable[[Written], None] = lambda written: None,
) -> list[Written]:
    """Put named graphs into a store, each in the place of what the store has by that name.

    Args:
        url: where the store speaks the SPARQL 1.1 Graph Store Protocol.
        graphs: the triples of every graph, by the IRI of the graph.
        direct: put each graph at its own IRI, which must lie under ``url``, instead of at
            ``url?graph=IRI``.
        limits: the deadline is one for all graphs together.
        report: called for each graph once the store has taken it.

    Raises:
        InputError: the address or the name of a graph cannot be used; nothing was sent.
        PushStopped: a graph was not taken; says which were written and which were not.

    """
    call = _Call(_checked(url), limits)
    requests = {name: _put(_target(call.url, name, direct), graphs[name]) for name in graphs}
    written: list[Written] = []
    for name, (request, triples) in requests.items():
        try:
            answer = call.within(partial(_answer, call, request, follow=False))
        except EndpointError as error:
            left = list(graphs)[len(written) :]
            raise PushStopped(error, [done.graph for done in written], left) from error
        written.append(Written(name, triples, new=answer.status == 201))
        report(written[-1])
    return written


# What is sent ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Request:
    """A request as plain data, so that it can be sent again and elsewhere."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes | None


def _checked(url: str) -> str:
    """The address in ASCII, without fragment, if it is one that may be asked."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError as error:
        raise InputError(
            "the address of the endpoint cannot be read ({error})", error=error
        ) from error
    if "@" in parts.netloc:
        raise InputError("the address holds a user name or password; leave it out")
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise InputError(
            "'{url}' is no address of an endpoint; give one that begins with https://",
            url=_line(url),
        )
    netloc = (f"[{host}]" if ":" in host else host) + port
    path, query = (quote(part, safe="%/:?[]@!$&'()*+,;=~") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, netloc, path, query, ""))


def _question(url: str, query: str, form: str, accept: Iterable[str]) -> _Request:
    """The request that asks ``query``, as SPARQLWrapper writes it."""
    parts = urlsplit(url)
    wrapper = SPARQLWrapper(urlunsplit(parts._replace(query="")), agent=AGENT)
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if not wrapper.addParameter(name, value):
            raise InputError(
                "the address of {host} holds a query already; leave it out", host=parts.netloc
            )
    # Not by setQuery(), which guesses the form and takes words in comments for it.
    wrapper.queryString, wrapper.queryType = query, form
    wrapper.setOnlyConneg(True)
    wrapper.setMethod(POST if len(quote_plus(query)) > LONGEST_GET else GET)
    wrapper.addCustomHttpHeader("Accept", ", ".join(accept))
    request = wrapper._createRequest()
    body = request.data if isinstance(request.data, bytes) else None
    return _Request(request.full_url, request.get_method(), dict(request.header_items()), body)


def _target(url: str, graph: str, direct: bool) -> str:
    """Where a graph is put."""
    try:
        name = ox.NamedNode(graph).value
    except ValueError as error:
        raise InputError(
            "'{graph}' is no IRI of a graph ({error}); nothing was sent", graph=graph, error=error
        ) from error
    if not direct:
        return f"{url}{'&' if urlsplit(url).query else '?'}graph={quote(name, safe='')}"
    if not name.startswith(url.rstrip("/") + "/"):
        raise InputError(
            "<{name}> does not lie under {url}; nothing was sent, put it indirectly",
            name=name,
            url=url,
        )
    return _checked(name)


def _put(url: str, triples: Iterable[ox.Triple]) -> tuple[_Request, int]:
    """The request that puts a graph, and the number of its triples."""
    graph = list(triples)
    body = ox.serialize(graph, format=ox.RdfFormat.N_TRIPLES)  # Turtle that every store reads
    headers = {"User-Agent": AGENT, "Content-Type": "text/turtle", "Accept": "*/*"}
    return _Request(url, "PUT", headers, body), len(graph)


# How it is sent ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Answer:
    """What came back, read to its end."""

    url: str
    status: int
    phrase: str
    headers: Message
    body: bytes

    @property
    def kind(self) -> str:
        """The media type; without one the body could be anything."""
        named = "Content-Type" in self.headers
        return self.headers.get_content_type() if named else "something without a type"


class _Call:
    """Business with one server: its deadline, and the connection that is cut when time is up."""

    def __init__(self, url: str, limits: Limits) -> None:
        self.url = url
        self.host = urlsplit(url).netloc
        self.limits = limits
        self.ends = time.monotonic() + limits.seconds
        self.sock: socket.socket | None = None
        self.public = False
        """Whether a public host was met on the way of redirects."""

    def left(self) -> float:
        """Seconds that are left, or :class:`EndpointTimeout`."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise self.late()
        return left

    def late(self) -> EndpointTimeout:
        """What to say when time is up."""
        return EndpointTimeout(
            "{host} gave no whole answer within {seconds:g} seconds; ask for less or "
            "give it more time",
            host=self.host,
            seconds=self.limits.seconds,
        )

    def within(self, work: Callable[[], _Result]) -> _Result:
        """Do the work in a thread of its own, and be back in time whatever it hangs on."""
        outcome: Future[_Result] = Future()

        def run() -> None:
            try:
                outcome.set_result(work())
            except BaseException as error:
                outcome.set_exception(error)

        if not _TURN.acquire(timeout=self.left()):
            raise self.late()
        try:
            Thread(target=run, name="latticework-endpoint", daemon=True).start()
            return outcome.result(timeout=self.left())
        except TimeoutError:
            raise self.late() from None
        finally:
            self.cut()
            _TURN.release()

    def cut(self) -> None:
        """End the connection under whoever still waits for it."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def connected(self, sock: socket.socket, proxied: bool) -> None:
        """Note a new connection; refuse one that leads from a public host to a private one."""
        self.sock = sock
        self.left()
        public = not proxied and _public(sock.getpeername()[0])
        if self.public and not proxied and not public:
            raise BadRedirect(
                "{host} redirects into a private network, which is not followed; check the address",
                host=self.host,
            )
        self.public = self.public or public


def _public(address: str) -> bool:
    """Whether an IP address is one of the public network."""
    return ipaddress.ip_address(address).is_global


class _Plain(HTTPConnection):
    """A connection that tells the call of its socket."""

    def __init__(self, call: _Call, proxied: bool, host: str, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(host, **settings)
        self.call, self.proxied = call, proxied

    def connect(self) -> None:
        super().connect()
        self.call.connected(self.sock, self.proxied)

    def send(self, data: Any) -> None:  # noqa: ANN401
        if self.sock is None:
            self.connect()
        # A server may answer before it has read everything; its answer says why.
        with suppress(BrokenPipeError, ConnectionResetError):
            super().send(data)


class _Secure(_Plain, HTTPSConnection):
    """The same with TLS."""


class _PlainHandler(HTTPHandler):
    """Opens ``http:`` for a call."""

    def __init__(self, call: _Call) -> None:
        super().__init__()
        self.call = call

    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(partial(_Plain, self.call, _proxied(request)), request)


class _SecureHandler(HTTPSHandler):
    """Opens ``https:`` for a call."""

    def __init__(self, call: _Call) -> None:
        super().__init__()
        self.call = call

    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(partial(_Secure, self.call, _proxied(request)), request)


def _proxied(request: Request) -> bool:
    """Whether the request goes to the proxy that the user's environment names."""
    return request.host != urlsplit(request.full_url).netloc


def _answer(call: _Call, request: _Request, *, follow: bool = True) -> _Answer:
    """A good answer, asked for again where the server is busy or drops the connection."""
    for attempt in range(call.limits.tries):
        problem: EndpointError
        wait: float | None = None
        try:
            answer = _followed(call, request, follow)
        except ConnectionError as error:
            problem = _unreached(call, error)
        except (OSError, HTTPException) as error:
            raise _unreached(call, error) from error
        else:
            if answer.status not in LATER:
                return _good(call, answer)
            wait = _retry_after(answer.headers.get("Retry-After", ""))
            problem = _overloaded(call, answer, wait)
        pause = FIRST_PAUSE * 2**attempt if wait is None else wait
        if attempt + 1 == call.limits.tries or pause >= call.left():
            break
        time.sleep(pause)
    raise problem


def _followed(call: _Call, request: _Request, follow: bool) -> _Answer:
    """The answer at the end of the redirects."""
    call.public = False
    for _ in range(MOST_REDIRECTS + 1):
        answer, proxied = _sent(call, request)
        location = answer.headers.get("Location")
        if answer.status not in REDIRECTS or not location:
            return answer
        request = _redirected(call, request, answer.status, location, follow, proxied)
    raise BadRedirect(
        "{host} redirects more than {most_redirects} times; check the address",
        host=call.host,
        most_redirects=MOST_REDIRECTS,
    )


def _redirected(
    call: _Call, request: _Request, status: int, location: str, follow: bool, proxied: bool
) -> _Request:
    """The request that a redirect asks for, if it may be followed."""
    shown = _line(location)
    try:
        url = _checked(urljoin(request.url, location))
    except (ValueError, InputError) as error:
        raise BadRedirect(
            "{host} redirects to '{shown}', which is not followed; check the address",
            host=call.host,
            shown=shown,
        ) from error
    moved = urlsplit(url).netloc != urlsplit(request.url).netloc
    if not follow or (proxied and moved):  # whom a proxy would reach cannot be checked from here
        raise BadRedirect(
            "{host} has moved to '{shown}'; if you trust that, give it instead",
            host=call.host,
            shown=shown,
        )
    if status != 303:
        return replace(request, url=url)
    headers = {name: text for name, text in request.headers.items() if name != "Content-type"}
    return _Request(url, "GET", headers, None)


def _sent(call: _Call, request: _Request) -> tuple[_Answer, bool]:
    """Send one request and read what comes back; says too whether it went through a proxy."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), _PlainHandler(call), _SecureHandler(call)):
        opener.add_handler(handler)
    outgoing = Request(request.url, request.body, dict(request.headers), method=request.method)
    try:
        response = opener.open(outgoing, timeout=call.left())
    except URLError as error:
        raise (error.reason if isinstance(error.reason, OSError) else error) from error
    with response:
        body = _read(call, response)
    answer = _Answer(request.url, response.status, response.reason, response.headers, body)
    return answer, _proxied(outgoing)


def _read(call: _Call, response: HTTPResponse) -> bytes:
    """The body of an answer, whole and within the cap; of a bad answer only the beginning."""
    good = response.status < 300
    most = call.limits.bytes if good else MOST_OF_REASON
    announced = response.length or 0
    too_large = TooLarge(
        "{host} sends more than {most:,} bytes; ask for less (a LIMIT)", host=call.host, most=most
    )
    if good and announced > most:
        raise too_large
    body, broken = bytearray(), False
    try:
        while len(body) <= most and (chunk := response.read1(CHUNK)):
            body += chunk
            call.left()
    except (ConnectionError, IncompleteRead, ssl.SSLError):
        broken = True
    if good and len(body) > most:
        raise too_large
    if good and (broken or len(body) < announced):
        raise PartialAnswer(
            "{host} broke off in the middle of its answer; ask again, or ask for less",
            host=call.host,
        )
    return bytes(body)


# What went wrong ---------------------------------------------------------------------------------


def _unreached(call: _Call, error: OSError | HTTPException) -> EndpointError:
    """What a failure on the way means."""
    match error:
        case TimeoutError():
            return call.late()
        case ConnectionRefusedError():
            return EndpointDown(
                "nothing answers at {host}; check the address, or start the server", host=call.host
            )
        case ConnectionError():
            return EndpointDown("{host} drops the connection; try again later", host=call.host)
        case HTTPException():
            return NotSparql(
                "{host} does not speak HTTP as it should; check the address", host=call.host
            )
        case socket.gaierror():
            return EndpointDown(
                "{host} is not known; check the address and your connection", host=call.host
            )
        case ssl.SSLError():
            return EndpointDown(
                "{host} offers no secure connection ({reason}); check the address",
                host=call.host,
                reason=_line(error.reason or str(error)),
            )
    return EndpointDown(
        "{host} cannot be reached ({reason}); check the address",
        host=call.host,
        reason=_line(str(error)),
    )


def _good(call: _Call, answer: _Answer) -> _Answer:
    """The answer, if status and headers say that it is one and whole."""
    host, status, reason = call.host, answer.status, _reason(answer)
    if status == 504 or (status == 500 and b"TimeoutException" in answer.body):
        raise EndpointTimeout(
            "{host} gave up on the question ({status}); ask for less", host=host, status=status
        )
    if status >= 500:
        raise EndpointDown(
            "{host} failed ({status}: {reason}); ask for less or try again later",
            host=host,
            status=status,
            reason=reason,
        )
    if status >= 400:
        advice = ADVICE.get(status, Phrase("check the address and the question"))
        raise EndpointRefused(
            "{host} says no ({status}: {reason}); {advice}",
            host=host,
            status=status,
            reason=reason,
            advice=advice,
        )
    if status >= 300:
        raise NotSparql(
            "{host} gives no answer ({status}: {reason}); check the address",
            host=host,
            status=status,
            reason=reason,
        )
    if "X-SQL-State" in answer.headers:  # Virtuoso's "anytime" answers
        said = _line(answer.headers.get("X-SQL-Message", "")) or Phrase("it ran out of time")
        raise PartialAnswer(
            "{host} sent only a part of the answer ({said}); ask for less", host=host, said=said
        )
    if "X-SPARQL-MaxRows" in answer.headers:
        most = _line(answer.headers["X-SPARQL-MaxRows"])
        raise PartialAnswer(
            "{host} sends no more than {most} rows; ask in parts (ORDER BY, LIMIT, OFFSET)",
            host=host,
            most=most,
        )
    return answer


def _overloaded(call: _Call, answer: _Answer, wait: float | None) -> EndpointOverloaded:
    """What to say when the server goes on asking to come back later."""
    when = Phrase("later")
    if wait is not None:
        at = datetime.now(UTC) + timedelta(seconds=wait)
        when = Phrase("after {at:%Y-%m-%d %H:%M:%S} UTC", at=at)
    return EndpointOverloaded(
        "{host} is overloaded ({status}); try again {when}",
        host=call.host,
        status=answer.status,
        when=when,
    )


def _retry_after(text: str) -> float | None:
    """Seconds that a Retry-After header asks to wait; ``None`` where it says nothing usable."""
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", text):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    seconds = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), 1e9)


def _reason(answer: _Answer) -> str:
    """The first line in which the server says why, else what its status is called."""
    text = "" if "html" in answer.kind else answer.body.decode("utf-8", "replace")
    return next((line for line in map(_line, text.splitlines()) if line), _line(answer.phrase))


def _line(text: str) -> str:
    """One short line of a stranger's text, harmless on a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)[:200].strip()


# What it says ------------------------------------------------------------------------------------


def _table(call: _Call, answer: _Answer) -> Table:
    """Read SPARQL JSON results."""
    _expect(call, answer, TABLE_TYPES, Phrase("a table of results"), "SELECT")
    if not answer.body.strip():
        raise NotSparql(
            "{host} sent nothing, not even an empty table; check the address", host=call.host
        )
    found = _rows(answer.body)
    if isinstance(found, str):
        raise _unreadable(call, found, broken=not _is_json(answer.body))
    if isinstance(found, bool):
        raise QueryProblem("this is no SELECT query but an ASK; ask for rows")
    return found


def _truth(call: _Call, answer: _Answer) -> bool:
    """Read the SPARQL JSON answer to an ASK."""
    _expect(call, answer, TABLE_TYPES, Phrase("true or false"), "ASK")
    found = _rows(answer.body)
    if isinstance(found, str):
        raise _unreadable(call, found, broken=not _is_json(answer.body))
    if not isinstance(found, bool):
        raise QueryProblem("this is no ASK query but a SELECT; ask for true or false")
    return found


def _rows(body: bytes) -> Table | str | bool:
    """The table, or the answer to an ASK, or why it cannot be read.

    No error leaves here: with it the parser would, which has to end in the thread it began in.
    """
    try:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        return table(found) if isinstance(found, ox.QuerySolutions) else bool(found)
    except (SyntaxError, ValueError) as error:
        return str(error)


def _triples(call: _Call, answer: _Answer) -> list[ox.Triple]:
    """Read N-Triples or Turtle."""
    _expect(call, answer, GRAPH_TYPES, Phrase("triples"), "CONSTRUCT / DESCRIBE")
    try:
        quads = ox.parse(answer.body, format=GRAPH_TYPES[answer.kind], base_iri=answer.url)
        return [quad.triple for quad in quads]
    except SyntaxError as error:
        last = answer.body.count(b"\n") + (not answer.body.endswith(b"\n"))
        raise _unreadable(call, str(error), broken=(error.lineno or 0) >= last) from error


def _expect(call: _Call, answer: _Answer, kinds: Iterable[str], wanted: Phrase, form: str) -> None:
    """Refuse at once what is not of the kind asked for, or could not be read in safety."""
    advice = Phrase("check the address, and that the question is a {form}", form=form)
    if "html" in answer.kind:
        raise NotSparql(
            "{host} sent a web page, not {wanted}; {advice}",
            host=call.host,
            wanted=wanted,
            advice=advice,
        )
    if answer.kind not in kinds:
        raise NotSparql(
            "{host} sent {kind}, not {wanted}; {advice}",
            host=call.host,
            kind=_line(answer.kind),
            wanted=wanted,
            advice=advice,
        )
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotSparql(
            "{host} sent a compressed answer unasked; {advice}", host=call.host, advice=advice
        )
    plain = ESCAPED_ASCII.sub(lambda code: bytes.fromhex(code[1].decode()), answer.body)
    if len(NESTED.findall(plain)) > MOST_NESTED:
        raise NotSparql(
            "{host} sent more than {most_nested} triple terms (RDF 1.2), which are not "
            "read here; ask for plain triples",
            host=call.host,
            most_nested=MOST_NESTED,
        )


def _unreadable(call: _Call, reason: str, *, broken: bool) -> EndpointError:
    """What a body that does not parse means: broken off, or never an answer."""
    why = _line(reason)
    if broken:
        return PartialAnswer(
            "the answer of {host} breaks off ({why}); ask for less", host=call.host, why=why
        )
    return NotSparql(
        "the answer of {host} is no SPARQL answer ({why}); check the address",
        host=call.host,
        why=why,
    )


def _is_json(body: bytes) -> bool:
    """Whether a body is whole JSON, or never began to be any."""
    if not body.lstrip().startswith(b"{"):
        return True
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
