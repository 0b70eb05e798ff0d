"""A server on loopback that does what real endpoints do on a bad day, one thing a path.

It keeps every request, so that a test can count the tries and read what was sent.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time
from urllib.parse import parse_qs, urlsplit

JSON = "application/sparql-results+json"
NT = "application/n-triples"
OK = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}}]}}'
HEAD = b'{"head":{"vars":["n"]},"results":{"bindings":['
ROW = b'{"n":{"type":"literal","value":"1"}},'
TRIPLE = b"<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n"
NESTED_TERM = b'{"value":{"object":' * 50_000


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, list[str]]:
        """The fields of the URL and of a form."""
        return parse_qs(urlsplit(self.path).query) | parse_qs(self.body.decode("ascii", "ignore"))


class Server(ThreadingHTTPServer):
    """Listens on a free port of loopback."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[Seen] = []
        self.over = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what we test; it is no news."""


class Handler(BaseHTTPRequestHandler):
    """Notes the request and misbehaves as the first part of its path says."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: object) -> None:
        """Silence."""

    def answer(self) -> None:
        self.close_connection = True
        name = urlsplit(self.path).path.strip("/").split("/")[0]
        length = 0 if name == "early-refusal" else int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        self.server.seen.append(Seen(self.command, self.path, dict(self.headers), body))
        BEHAVIOURS[name](self)

    do_GET = do_POST = do_PUT = answer  # noqa: N815

    def tries(self) -> int:
        """How often this path was asked, this time included."""
        return sum(seen.path == self.path for seen in self.server.seen)

    def start(self, status: int = 200, kind: str = JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()

    def whole(self, body: bytes, status: int = 200, kind: str = JSON, **headers: str) -> None:
        self.start(status, kind, Content_Length=str(len(body)), **headers)
        self.wfile.write(body)

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def drip(self) -> None:
        while not self.server.over.wait(0.05):
            self.wfile.write(b" ")

    def reset(self) -> None:
        """Hang up so that the other side gets a reset."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def redirect(self, to: str, status: int = 302) -> None:
        self.whole(b"", status, Location=to)


Behaviour = Callable[[Handler], None]


def hang(handler: Handler) -> None:
    handler.server.over.wait(30)


def drip(handler: Handler) -> None:
    handler.start()
    handler.drip()


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow:")
    handler.drip()


def endless(handler: Handler) -> None:
    handler.start(Transfer_Encoding="chunked")
    handler.chunk(HEAD)
    while not handler.server.over.is_set():
        handler.chunk(ROW * 1_000)


def short(handler: Handler) -> None:
    handler.start(kind=NT, Content_Length="1000")
    handler.wfile.write(TRIPLE)


def cut_chunks(handler: Handler) -> None:
    handler.start(kind=NT, Transfer_Encoding="chunked")
    handler.chunk(TRIPLE)


def cut_then_reset(handler: Handler) -> None:
    handler.start(Content_Length="1000")
    handler.wfile.write(HEAD)
    handler.wfile.flush()
    handler.server.over.wait(0.2)
    handler.reset()


def reset_once(handler: Handler) -> None:
    if handler.tries() == 1:
        handler.reset()
    else:
        handler.whole(OK)


def hang_up_once(handler: Handler) -> None:
    if handler.tries() > 1:
        handler.whole(OK)


def later_once(handler: Handler) -> None:
    if handler.tries() == 1:
        handler.whole(b"", 429, Retry_After="1")
    else:
        handler.whole(OK)


def later_once_by_date(handler: Handler) -> None:
    if handler.tries() == 1:
        handler.whole(b"", 503, Retry_After=formatdate(time() + 2, usegmt=True))
    else:
        handler.whole(OK)


def store(handler: Handler) -> None:
    """A graph store that takes every graph but those whose name ends with a misbehaviour."""
    graph = parse_qs(urlsplit(handler.path).query).get("graph", [handler.path])[0]
    name = graph.rpartition("/")[2]
    if name in BEHAVIOURS:
        BEHAVIOURS[name](handler)
    else:
        handler.whole(b"", 201)


def says(body: bytes, status: int = 200, kind: str = JSON, **headers: str) -> Behaviour:
    """One plain answer."""
    return lambda handler: handler.whole(body, status, kind, **headers)


def raw(data: bytes) -> Behaviour:
    """These bytes and nothing else."""

    def write(handler: Handler) -> None:
        handler.wfile.write(data)

    return write


def sends_to(where: str, status: int = 302) -> Behaviour:
    """A redirect."""
    return lambda handler: handler.redirect(where, status)


BEHAVIOURS: dict[str, Behaviour] = {
    "ok": says(OK),
    "ok-json": says(OK, kind="application/json; charset=utf-8"),
    "ok-triples": says(TRIPLE, kind=NT),
    "no-triples": says(b"", kind=NT),
    "ok-turtle": says(b"@prefix : <#> . <> :b [ :c 'x' ] .", kind="text/turtle;charset=utf-8"),
    "hang": hang,
    "drip": drip,
    "drip-headers": drip_headers,
    "endless": endless,
    "announced-large": lambda handler: handler.start(Content_Length=str(10**12)),
    "truncated-json": says(HEAD + ROW[:-1]),
    "error-in-json": says(HEAD + ROW + b"\njava.util.concurrent.TimeoutException: deadline"),
    "truncated-triples": says(TRIPLE * 3 + TRIPLE[:30], kind=NT),
    "short-content-length": short,
    "cut-chunks": cut_chunks,
    "cut-then-reset": cut_then_reset,
    "virtuoso-partial": says(OK, X_SQL_State="S1TAT", X_SQL_Message="RC...: incomplete results"),
    "virtuoso-rows": says(OK, X_SPARQL_MaxRows="10000"),
    "html-200": says(b"<!DOCTYPE html><p>Welcome", kind="text/html; charset=utf-8"),
    "wrong-type": says(TRIPLE, kind="application/rdf+xml"),
    "no-type": raw(b"HTTP/1.1 200 OK\r\n\r\n" + OK),
    "not-json": says(b"Everything is fine"),
    "other-json": says(b'{"message": "hello"}'),
    "not-triples": says(b"Everything is fine\n" * 3, kind=NT),
    "bad-iri": says(OK.replace(b'"literal","value":"1"', b'"uri","value":"no iri"')),
    "empty": says(b""),
    "no-content": lambda handler: handler.start(204),
    "gzip-bomb": says(gzip.compress(OK + b" " * 10**6), Content_Encoding="gzip"),
    "nested-json": says(HEAD + b'{"n":' + NESTED_TERM),
    "nested-json-escaped": says(HEAD + b'{"n":' + NESTED_TERM.replace(b"v", rb"\u0076")),
    "nested-triples": says(b"<a:b> <a:b> " + b"<<(<a:b> <a:b> " * 200_000, kind=NT),
    "ask": says(b'{"head":{},"boolean":true}'),
    "no-http": raw(b"220 mail.example.org ESMTP\r\n"),
    "400": says(b"\n  error at 1:7: expected {\x1b[31m\nmore", 400, "text/plain"),
    "403": says(b"not for you", 403, "text/plain"),
    "404": says(b"<html>gone", 404, "text/html"),
    "early-refusal": says(b"too much", 413, "text/plain"),
    "500": says(b"out of memory\nat line 3", 500, "text/plain"),
    "500-timeout": says(b"SPARQL-QUERY: ...\njava.util.concurrent.TimeoutException", 500),
    "504": says(b"", 504),
    "304": says(b"", 304),
    "reset-once": reset_once,
    "hang-up": lambda handler: None,
    "hang-up-once": hang_up_once,
    "later-once": later_once,
    "later-once-by-date": later_once_by_date,
    "later-forever": says(b"", 429, Retry_After="0"),
    "later-tomorrow": says(b"", 429, Retry_After="86400"),
    "busy": says(b"", 503),
    "redirect": lambda handler: handler.redirect("ok?" + urlsplit(handler.path).query),
    "redirect-307": sends_to("/ok", 307),
    "redirect-303": sends_to("/ok", 303),
    "redirect-loop": sends_to("/redirect-loop"),
    "redirect-to-file": sends_to("file:///etc/hostname"),
    "redirect-to-user": sends_to("http://somebody:secret@127.0.0.1/"),
    "redirect-to-nonsense": sends_to("http://[::1/"),
    "redirect-away": sends_to("http://elsewhere.example/ok"),
    "store": store,
}


@contextmanager
def running(certificate: Path | None = None) -> Iterator[Server]:
    """The server, in a thread of its own; with TLS where a folder with a certificate is given."""
    server = Server()
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        with suppress(OSError):
            server.server_close()
