"""The server as people start it: it stays up, reaches nowhere, and ends cleanly."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import HEAD, ROOT, MakeSource
from latticework.endpoint import ask_endpoint
from latticework.errors import PartialAnswer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")

SECONDS, ROWS = 2, 5_000
SMALL = "SELECT ?s WHERE { ?s a <https://w3id.org/latticework/ontology#State> } LIMIT 5"


@dataclass(frozen=True)
class Reply:
    """A whole answer, and the seconds that it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Server:
    """A server of ours in a process of its own."""

    port: int
    process: subprocess.Popen[str]

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        begin = time.monotonic()
        try:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            content = answer.read()  # raises if it is not whole
        finally:
            line.close()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, named, content, time.monotonic() - begin)

    def ask(self, query: str, **parameters: str) -> Reply:
        body = urlencode({"query": query, **parameters}).encode()
        return self.send("POST", "/sparql", body, {"Content-Type": FORM})

    def family(self) -> list[int]:
        """The processes of the server: itself, its keeper and the children."""
        found = [self.process.pid]
        for pid in found:
            tasks = Path(f"/proc/{pid}/task/{pid}/children")
            with suppress(OSError):
                found += [int(child) for child in tasks.read_text().split()]
        return found


FORM = "application/x-www-form-urlencoded"


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, "-m", "latticework.cli", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        port = re.search(r"http://127\.0\.0\.1:(\d+)/sparql", said)
        assert port, said or process.communicate(timeout=9)[1]
        server = Server(int(port[1]), process)
        for _ in range(100):
            with suppress(ConnectionError):
                server.ask("ASK {}")
                break
            time.sleep(0.05)
        yield server
    finally:
        process.kill()
        process.communicate(timeout=9)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server with short limits over the shipped graph."""
    limits = ("--seconds", str(SECONDS), "--cpu-seconds", "3", "--memory", "256")
    with serving(*limits, "--rows", str(ROWS), "--workers", "3", "--queue", "40") as found:
        yield found


# It stays up -------------------------------------------------------------------------------------

NAMES = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
RUNAWAYS = {
    "counted cross product": (f"SELECT (COUNT(*) AS ?n) {{ {NAMES} }}", {503}),
    "cross product": (f"SELECT * {{ {NAMES} }}", {200}),
    "hungry sort": (f"SELECT * {{ {NAMES} }} ORDER BY ?c ?f ?i ?l", {503}),
    "hungry distinct": (f"SELECT DISTINCT ?a ?d ?g ?j {{ {NAMES} }} ORDER BY ?a", {503}),
    "hungry group": (f"SELECT ?a (GROUP_CONCAT(?f) AS ?t) {{ {NAMES} }} GROUP BY ?a", {503}),
    "long path": ("SELECT (COUNT(*) AS ?n) { ?a (!<x:>)* ?b . ?c (!<x:>)* ?d }", {503}),
    "chain of patterns": ("ASK {" + "?s ?p ?o . " * 1_000 + "}", {400}),
    "most patterns": (f"ASK {{ ?s {';'.join(f'?p{i} ?o{i}' for i in range(100))} }}", {200, 503}),
    "nested braces": ("ASK " + "{" * 5_000 + "}" * 5_000, {400}),
    "nested brackets": ("ASK { FILTER(" + "(" * 9_000 + "1" + ")" * 9_000 + ") }", {400}),
    "hidden brackets": ("ASK { FILTER(1<'>'||" + "(" * 9_000 + "') }", {400}),
    "unions": ("ASK { " + " UNION ".join(["{ ?s ?p ?o }"] * 20_000) + " }", {400}),
    "alternatives": ("ASK { FILTER(" + "||".join(["false"] * 30_000) + ") }", {400}),
    "catastrophic regex": (
        "SELECT * { ?s ?p ?o FILTER(REGEX(CONCAT(STR(?o), '"
        + "a" * 40_000
        + "'), '(a*)*(a|aa)+$b')) }",
        {200, 400, 503},
    ),
    "endless text": (
        "SELECT ?x11 { BIND('a' AS ?x0) "
        + "".join(f"BIND(CONCAT({f'?x{i}, ' * 8}'a') AS ?x{i + 1}) " for i in range(11))
        + "}",
        {413, 503},
    ),
    "huge body": ("a" * 30_000_000, {413}),
}  # fmt: skip
"""Kinds of query that bring servers down, and the statuses with which they may end."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", RUNAWAYS)
def test_a_runaway_ends_within_its_limit(server: Server, kind: str) -> None:
    query, statuses = RUNAWAYS[kind]
    answer = server.ask(query)
    assert answer.status in statuses, answer.body[:300]
    assert answer.seconds < SECONDS + 1
    assert answer.body.strip()
    if answer.status == 200 and kind == "cross product":
        assert answer.headers["x-sparql-maxrows"] == str(ROWS)
        assert len(json.loads(answer.body)["results"]["bindings"]) == ROWS
    assert server.ask(f"{SMALL} # after {kind}").status == 200


@pytest.mark.slow
def test_sixteen_runaways_at_once_while_small_questions_go_on(server: Server) -> None:
    before = memory(server)
    kinds = list(RUNAWAYS)
    with ThreadPoolExecutor(17) as crowd:
        runaways = {kind: crowd.submit(server.ask, RUNAWAYS[kind][0]) for kind in kinds[:16]}
        took = []
        while not all(one.done() for one in runaways.values()):
            answer = server.ask(f"{SMALL} # {len(took)}")  # never a kept answer
            assert answer.status == 200, answer.body
            took.append(answer.seconds)
    for kind, one in runaways.items():
        answer = one.result()
        assert answer.status in {*RUNAWAYS[kind][1], 503}, (kind, answer.body[:300])
        assert answer.seconds < SECONDS + 2, kind  # sixteen clients in Python take time too
    assert took, "no small question was answered meanwhile"
    assert max(took) < SECONDS + 1
    time.sleep(0.5)
    assert memory(server) < before + 30_000_000
    assert server.process.poll() is None


def memory(server: Server) -> int:
    """Bytes of memory that the server and its children do not share, once nothing runs."""
    server.ask("ASK {}")
    total = 0
    for pid in server.family():
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Private_Dirty"):
                    total += int(line.split()[1]) * 1024
    return total


def test_our_own_client_takes_no_part_for_the_whole(server: Server) -> None:
    url = f"http://127.0.0.1:{server.port}/sparql"
    assert len(ask_endpoint(url, SMALL)) == 5
    with pytest.raises(PartialAnswer):
        ask_endpoint(url, RUNAWAYS["cross product"][0])


def test_a_client_that_goes_away_takes_its_query_with_it(server: Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port)
    query = quote(RUNAWAYS["counted cross product"][0] + "# gone")
    line.request("GET", f"/sparql?query-id=gone&query={query}")
    time.sleep(0.6)
    line.close()
    time.sleep(0.3)
    body, headers = b"query-id=gone", {"Content-Type": FORM}
    assert server.send("POST", "/sparql/cancel", body, headers).status == 404


def test_a_query_is_cancelled_from_another_connection(server: Server) -> None:
    with ThreadPoolExecutor(1) as other:
        query = RUNAWAYS["counted cross product"][0]
        running = other.submit(lambda: server.ask(query, **{"query-id": "mine"}))
        time.sleep(0.3)
        body, headers = b"query-id=mine", {"Content-Type": FORM}
        assert server.send("POST", "/sparql/cancel", body, headers).status == 204
        answer = running.result()
    assert answer.status == 503
    assert b"cancelled" in answer.body
    assert answer.seconds < SECONDS


def test_a_body_without_a_length_is_capped_too(server: Server) -> None:
    line = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Content-Type": "application/sparql-query"}
    line.request("POST", "/sparql", (b"#" * 65_536 for _ in range(40)), headers)
    assert line.getresponse().status == 413


def test_a_request_that_does_not_come_to_an_end_is_ended(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.settimeout(SECONDS + 2)
        head = f"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\n"
        line.sendall(f"{head}Content-Length: 100\r\n\r\nquery=".encode())
        assert b" 408 " in line.recv(1_000)


def test_what_is_no_http_is_survived(server: Server) -> None:
    for rubbish in (
        b"\0" * 100,
        b"GET /" + b"a" * 200_000,
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 9_000,
    ):
        with socket.create_connection(("127.0.0.1", server.port)) as line, suppress(OSError):
            line.settimeout(2)
            line.sendall(rubbish + b"\r\n\r\n")
            line.recv(100)
    assert server.ask("ASK {}").status == 200


# It reaches nowhere ------------------------------------------------------------------------------


class Canary:
    """A server and a file that nobody may touch."""

    def __init__(self, folder: Path) -> None:
        self.requests: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.requests.append(self.requestline)
                self.send_response(200)
                self.end_headers()

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/canary"
        file = folder / "canary.ttl"
        file.write_text("<urn:canary> <urn:canary> <urn:canary> .")
        self.file = file.as_uri()
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.watch = self.libc.inotify_init1(os.O_NONBLOCK)
        assert self.libc.inotify_add_watch(self.watch, bytes(file), 0x1 | 0x20) > 0

    def touched(self) -> list[str]:
        """What was done to the canaries: requests, and whether the file was opened or read."""
        with suppress(BlockingIOError):
            if os.read(self.watch, 4_096):
                return [*self.requests, "file"]
        return self.requests


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    if not sys.platform.startswith("linux"):
        pytest.skip("the file is watched by Linux's inotify")
    found = Canary(tmp_path)
    yield found
    found.http.shutdown()
    found.http.server_close()
    os.close(found.watch)


def test_the_canaries_sing(canary: Canary) -> None:
    """The test below can fail: touching is noticed."""
    assert canary.touched() == []
    host, port = canary.url.removeprefix("http://").partition("/")[0].split(":")
    line = http.client.HTTPConnection(host, int(port))
    line.request("GET", "/canary")
    line.getresponse().read()
    assert canary.touched() == ["GET /canary HTTP/1.1"]
    Path(canary.file.removeprefix("file://")).read_text()
    assert canary.touched()[-1] == "file"


def test_nothing_outside_is_touched(server: Server, canary: Canary) -> None:
    for outside in (canary.url, canary.file):
        for query in (
            f"SELECT * {{ SERVICE <{outside}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{outside}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ BIND(<{outside}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{outside}> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{outside}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"LOAD <{outside}>",
            f"LOAD SILENT <{outside}> INTO GRAPH <urn:g>",
        ):
            answer = server.ask(query)
            assert answer.status == 400, query
            assert b"urn:canary" not in answer.body
            assert re.search(rb"nothing is fetched|which is not done here|read-only", answer.body)
        for parameter in ("default-graph-uri", "named-graph-uri"):
            assert server.ask("SELECT * { ?s ?p ?o }", **{parameter: outside}).status == 400
        assert server.ask(f"SELECT * {{ GRAPH <{outside}> {{ ?s ?p ?o }} }}").status == 200
        assert server.ask(f"DESCRIBE <{outside}>").status == 200
        documents = {
            "application/ld+json": f'{{"@context": "{outside}", "a": "b"}}',
            "application/rdf+xml": f'<!DOCTYPE r [<!ENTITY x SYSTEM "{outside}">]><r>&x;</r>',
            "text/turtle": f"<> <http://www.w3.org/2002/07/owl#imports> <{outside}> .",
            "application/sparql-update": f"LOAD <{outside}>",
            "application/sparql-results+xml": f'<!DOCTYPE r SYSTEM "{outside}"><r/>',
        }
        for media, document in documents.items():
            for method in ("POST", "PUT"):
                answer = server.send(method, "/sparql", document.encode(), {"Content-Type": media})
                assert answer.status in (403, 405, 415)
    assert canary.touched() == []


def test_no_import_of_a_source_is_followed(canary: Canary, make_source: MakeSource) -> None:
    from latticework.build import build

    folder = make_source(
        f"source:tiny owl:imports <{canary.url}> , <{canary.file}> .\n"
        f"source:tiny rdfs:seeAlso <{canary.url}> .\n"
    )
    (folder / "more.jsonld").write_text(f'{{"@context": "{canary.url}"}}')
    (folder / "more.rdf").write_text(f'<!DOCTYPE r [<!ENTITY x SYSTEM "{canary.file}">]><r>&x;</r>')
    with suppress(Exception):
        build([folder], validate=False)
    assert HEAD
    assert canary.touched() == []


# Whatever is sent --------------------------------------------------------------------------------

TEXTS = st.text(max_size=60) | st.sampled_from(
    [
        "SELECT * {}",
        "ASK {}",
        "x" * 5_000,
        "<script>alert(1)</script>",
        "'; DROP ALL",
        "\0",
        "%",
        "{" * 500,
    ]
)
PARAMETERS = st.lists(
    st.tuples(
        st.sampled_from(
            ["query", "default-graph-uri", "named-graph-uri", "format", "query-id", "update", "x"]
        ),
        TEXTS,
    ),
    max_size=5,
)
HEADERS = st.dictionaries(
    st.sampled_from(["Accept", "Content-Type", "Origin", "Accept-Encoding", "Range", "Cookie"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
    | st.sampled_from(
        ["text/csv;q=" + "9" * 99, FORM, "application/sparql-query", "," * 99, ";q=1"]
    ),
    max_size=3,
)


def test_whatever_is_sent_gets_a_clean_answer(server: Server) -> None:
    @given(
        st.sampled_from(["GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "FOO"]),
        st.sampled_from(["/sparql", "/sparql/cancel", "/", "/sparql/", "/%00", "/..%2fetc/passwd"]),
        PARAMETERS,
        HEADERS,
        st.binary(max_size=200) | PARAMETERS.map(lambda p: urlencode(p).encode()),
    )  # fmt: skip
    @hypothesis_settings(max_examples=150)
    def send(
        method: str,
        path: str,
        parameters: list[tuple[str, str]],
        headers: dict[str, str],
        body: bytes,
    ) -> None:
        answer = server.send(method, f"{path}?{urlencode(parameters)}", body, headers)
        assert answer.status in (200, 204, 303, 307, 400, 403, 404, 405, 406, 413, 415, 503)
        assert b"Traceback" not in answer.body
        assert b"latticework/server" not in answer.body
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.seconds < SECONDS + 1
        if answer.status >= 400:
            kind = answer.headers["content-type"]
            page = kind.startswith("text/html") and not path.startswith("/sparql")
            assert page or kind.startswith("text/plain")

    send()
    assert server.process.poll() is None


# Starting and ending -----------------------------------------------------------------------------


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "latticework.cli", "serve", *options],
        capture_output=True,
        text=True,
        timeout=20,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.org", "192.168.1.1", ""])
def test_only_this_machine_is_listened_to(host: str) -> None:
    done = serve("--host", host)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "not this machine alone" in done.stderr


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = serve("--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "choose another with --port" in done.stderr


@pytest.mark.parametrize("limit", ["--seconds=0", "--rows=-1", "--workers=1", "--memory=nan"])
def test_a_limit_that_is_none_is_told_in_a_sentence(limit: str) -> None:
    done = serve(limit)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_with_all_its_children_even_in_the_midst(how: signal.Signals) -> None:
    with serving() as found, ThreadPoolExecutor(1) as other:
        family = found.family()
        assert len(family) >= 5
        running = other.submit(found.ask, RUNAWAYS["counted cross product"][0])
        time.sleep(0.3)
        found.process.send_signal(how)
        _, said = found.process.communicate(timeout=9)
        with suppress(Exception):
            running.result()
        assert found.process.returncode in (0, -how)
        assert "Traceback" not in said
        for pid in family:
            assert not Path(f"/proc/{pid}").exists()


def test_children_end_when_the_server_is_killed() -> None:
    with serving() as found:
        family = found.family()
        found.process.kill()
        for _ in range(40):
            time.sleep(0.05)
            if not any(Path(f"/proc/{pid}").exists() for pid in family[1:]):
                return
    raise AssertionError("a child lives on")
