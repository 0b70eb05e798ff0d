"""Other people's endpoints: a real server answers as we do, a misbehaving one does no harm."""

from __future__ import annotations

import gc
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework import __version__, endpoint, errors
from latticework.build import Built
from latticework.catalogue import questions
from latticework.endpoint import (
    Limits,
    ask_endpoint,
    construct_endpoint,
    push,
    truth_at_endpoint,
)
from latticework.errors import EndpointError, InputError, PushStopped, QueryProblem
from latticework.results import Table, table
from latticework.store import add
from misbehaving_server import BEHAVIOURS, Server, running

QUESTION = "SELECT ?n WHERE { VALUES ?n { 1 } }"
WISH = "CONSTRUCT WHERE { ?s ?p ?o }"
QUICK = Limits(seconds=3, tries=2)
SHORT = Limits(seconds=0.3)
PAUSE = 0.2
G1, G2 = "http://example.org/graph/1", "http://example.org/graph/2?part=b&x=ü#y"
FACTS = {
    G1: """
        @prefix : <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        :quad :label "Quad"@en , "四方安全对话"@zh-Hans ; :since "2007-05-25"^^xsd:date ;
            :member :japan , <http://example.org/日本> ; :size 4 ;
            :share 0.25 , "1.5"^^xsd:double ; :big true .
        :odd :text "a \\"b\\"\\n\\t\\\\ 🕊 مرحبا {}}}" ; :part [ :of [ :of :quad ] ] .
    """,
    G2: "<http://example.org/aukus> <http://example.org/size> 3 .",
}


@pytest.fixture(autouse=True)
def _quick_and_direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "FIRST_PAUSE", PAUSE)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as misbehaving:
        yield misbehaving


def facts() -> dict[str, list[ox.Triple]]:
    return {
        name: [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
        for name, text in FACTS.items()
    }


# A real server -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty Oxigraph server that answers over the union of its graphs."""
    binary = Path(sys.executable).with_name("oxigraph")
    found = str(binary) if binary.exists() else shutil.which("oxigraph")
    if not found:
        pytest.skip("no 'oxigraph' server here; pip install oxigraph")
    with socket.create_server(("127.0.0.1", 0)) as free:
        where = f"127.0.0.1:{free.getsockname()[1]}"
    place = str(tmp_path_factory.mktemp("oxigraph"))
    process = subprocess.Popen(
        [found, "serve", "--location", place, "--bind", where, "--union-default-graph"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(where)
        yield f"http://{where}"
    finally:
        process.terminate()
        process.wait(10)


def wait_for(where: str) -> None:
    host, port = where.split(":")
    for _ in range(200):
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"no server at {where}")


@pytest.fixture(scope="module")
def loaded(oxigraph: str) -> str:
    push(f"{oxigraph}/store", facts())
    return oxigraph


def same(triples: Iterable[ox.Triple]) -> set[ox.Quad]:
    """Triples with canonical names for their blank nodes."""
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def in_process(query: str, graphs: dict[str, list[ox.Triple]]) -> Table:
    store = ox.Store()
    for name, triples in graphs.items():
        add(store, triples, name)
    return table(store.query(query, use_default_graph_as_union=True))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p ?o WHERE { <http://example.org/quad> ?p ?o } ORDER BY ?p ?o",
        "SELECT ?t ?none WHERE { ?s <http://example.org/text> ?t }",
        'SELECT ?s WHERE { ?s <http://example.org/label> "四方安全对话"@zh-Hans }',
        "SELECT ?s WHERE { ?s <http://example.org/nothing> ?o }",
        "SELECT ?g ?n WHERE { GRAPH ?g { ?s <http://example.org/size> ?n } } ORDER BY ?g",
        "# who\n# added and loaded this\nSELECT ?s { ?s <http://example.org/big> true }",
        "SELECT ?s WHERE { ?s <http://example.org/size> 3 } " + "#" * 3_000,
        "SELECT ?s WHERE { ?s ?p '" + "四" * 500 + "' }",
    ],
)
def test_rows_are_those_of_the_store_in_process(loaded: str, query: str) -> None:
    assert ask_endpoint(f"{loaded}/query", query) == in_process(query, facts())


def test_pushed_graphs_come_back_as_the_same_triples(loaded: str) -> None:
    for name, triples in facts().items():
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        found = construct_endpoint(f"{loaded}/query", query)
        assert same(found) == same(triples)
        assert found


def test_a_graph_is_replaced_and_each_is_reported(loaded: str) -> None:
    name, query = "http://example.org/graph/again", f"{loaded}/query"
    told: list[endpoint.Written] = []
    wish = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    first, second = facts()[G1], facts()[G2]
    for triples in (first, second, []):
        push(f"{loaded}/store", {name: iter(triples)}, report=told.append)
        assert same(construct_endpoint(query, wish)) == same(triples)
    assert [(w.graph, w.triples, w.new) for w in told] == [
        (name, len(first), True),
        (name, len(second), False),
        (name, 0, False),
    ]


def test_a_graph_can_be_put_at_its_own_iri(oxigraph: str) -> None:
    name = f"{oxigraph}/store/of/aukus"
    push(f"{oxigraph}/store", {name: facts()[G2]}, direct=True)
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    assert construct_endpoint(f"{oxigraph}/query", query) == facts()[G2]


def test_a_graph_elsewhere_is_not_put_directly(server: Server) -> None:
    with pytest.raises(InputError, match="nothing was sent"):
        push(server.url("store"), {"http://example.org/a": []}, direct=True)


def test_a_real_server_says_where_a_query_is_wrong(oxigraph: str) -> None:
    with pytest.raises(errors.EndpointRefused, match=r"400: error at 1:13: expected"):
        ask_endpoint(f"{oxigraph}/query", "SELECT ?s {{")
    with pytest.raises(errors.NotSparql, match="a web page"):
        ask_endpoint(oxigraph, QUESTION)


def test_an_ask_is_answered_and_not_taken_for_a_table(loaded: str) -> None:
    assert truth_at_endpoint(f"{loaded}/query", "ASK { ?s ?p ?o }") is True
    assert truth_at_endpoint(f"{loaded}/query", "ASK { ?s <urn:never> ?o }") is False
    with pytest.raises(errors.QueryProblem, match="no ASK query but a SELECT"):
        truth_at_endpoint(f"{loaded}/query", "SELECT * { ?s ?p ?o } LIMIT 1")


def test_every_named_question_has_the_same_rows(oxigraph: str, built: Built) -> None:
    graphs: dict[str, list[ox.Triple]] = {}
    for quad in built.store:
        graphs.setdefault(quad.graph_name.value, []).append(quad.triple)
    push(f"{oxigraph}/store", graphs)
    for question in questions():
        here = table(built.store.query(question.text, use_default_graph_as_union=True))
        there = ask_endpoint(f"{oxigraph}/query", question.text)
        assert there.columns == here.columns, question.name
        assert sorted(map(str, there.terms)) == sorted(map(str, here.terms)), question.name


# What is sent ------------------------------------------------------------------------------------


def test_request_is_as_the_protocol_wants_it(server: Server) -> None:
    assert ask_endpoint(server.url("ok?default-graph-uri=http%3A%2F%2Fa.b%2F%23c"), "SELECT 中")
    seen = server.seen[-1]
    assert seen.method == "GET"
    assert seen.fields == {"default-graph-uri": ["http://a.b/#c"], "query": ["SELECT 中"]}
    assert seen.headers["User-Agent"] == (
        f"latticework/{__version__} (+https://w3id.org/latticework)"
    )
    assert seen.headers["Accept"].startswith("application/sparql-results+json")


@pytest.mark.parametrize("query", ["SELECT" + " " * 2_000, "SELECT" + "中" * 250])
def test_long_query_goes_by_post(server: Server, query: str) -> None:
    assert ask_endpoint(server.url("ok?x=1"), query)
    seen = server.seen[-1]
    assert (seen.method, seen.path) == ("POST", "/ok")
    assert seen.fields == {"x": ["1"], "query": [query]}


def test_comments_do_not_make_a_query_an_update(server: Server) -> None:
    ask_endpoint(server.url("ok"), "# a\n# what did they INSERT and DELETE\nSELECT * {}")
    assert "query" in server.seen[-1].fields


def test_address_with_letters_of_other_scripts_is_written_in_ascii(server: Server) -> None:
    ask_endpoint(server.url("ok/中文?x=ü"), QUESTION)
    assert server.seen[-1].path.startswith("/ok/%E4%B8%AD%E6%96%87?x=%C3%BC&query=")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "query.example.org/sparql",
        "file:///etc/hostname",
        "ftp://example.org/",
        "http://",
        "http:///sparql",
        "http://[::1",
        "http://example.org:port/",
        "http://a..b/",
        "http://example.org/a b",
        "http://example.org/\r\nX: y",
        "http://somebody:secret@example.org/",
        "http://somebody@example.org/",
    ],
)
def test_unusable_address_is_refused_before_anything_is_sent(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "_sent", lambda *_: pytest.fail("sent"))
    for attempt in (lambda: ask_endpoint(url, QUESTION), lambda: push(url, facts())):
        with pytest.raises(InputError) as caught:
            attempt()
        assert "secret" not in str(caught.value)
        assert "\n" not in str(caught.value)


def test_address_with_a_query_in_it_is_refused(server: Server) -> None:
    with pytest.raises(InputError, match="holds a query already"):
        ask_endpoint(server.url("ok?query=SELECT"), QUESTION)


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"bytes": -1}, {"tries": 0}])
def test_limits_are_more_than_nothing(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError):
        Limits(**wrong)


def test_good_answers_of_all_types_are_read(server: Server) -> None:
    assert ask_endpoint(server.url("ok"), QUESTION).column("n") == ["1"]
    assert ask_endpoint(server.url("ok-json"), QUESTION).column("n") == ["1"]
    assert len(construct_endpoint(server.url("ok-triples"), WISH)) == 1
    turtle = construct_endpoint(server.url("ok-turtle"), WISH)
    assert [t for t in turtle if str(t.subject).startswith(f"<{server.url('ok-turtle')}")]
    assert construct_endpoint(server.url("no-triples"), WISH) == []


# A misbehaving server ----------------------------------------------------------------------------


def refused(
    server: Server, path: str, limits: Limits, *, construct: bool = False
) -> tuple[EndpointError, int]:
    """The error that a path gives, and how often the server was asked."""
    before, begin = len(server.seen), time.monotonic()
    ask = construct_endpoint if construct else ask_endpoint
    with pytest.raises(EndpointError) as caught:
        ask(server.url(path), WISH if construct else QUESTION, limits=limits)
    assert time.monotonic() - begin < limits.seconds + 1
    text = str(caught.value)
    assert text.isprintable()
    assert f"127.0.0.1:{server.server_port}" in text
    assert "; " in text, "says what to do"
    return caught.value, len(server.seen) - before


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("announced-large", errors.TooLarge, "more than 50,000,000 bytes"),
        ("truncated-json", errors.PartialAnswer, "breaks off"),
        ("error-in-json", errors.PartialAnswer, "breaks off"),
        ("cut-then-reset", errors.PartialAnswer, "broke off"),
        ("virtuoso-partial", errors.PartialAnswer, "RC...: incomplete results"),
        ("virtuoso-rows", errors.PartialAnswer, "no more than 10000 rows"),
        ("html-200", errors.NotSparql, "sent a web page"),
        ("wrong-type", errors.NotSparql, "application/rdf+xml"),
        ("no-type", errors.NotSparql, "without a type"),
        ("not-json", errors.NotSparql, "no SPARQL answer"),
        ("other-json", errors.NotSparql, "no SPARQL answer"),
        ("bad-iri", errors.NotSparql, "no SPARQL answer"),
        ("empty", errors.NotSparql, "sent nothing"),
        ("no-content", errors.NotSparql, "sent nothing"),
        ("gzip-bomb", errors.NotSparql, "compressed"),
        ("nested-json", errors.NotSparql, "RDF 1.2"),
        ("nested-json-escaped", errors.NotSparql, "RDF 1.2"),
        ("no-http", errors.NotSparql, "does not speak HTTP"),
        ("400", errors.EndpointRefused, r"400: error at 1:7: expected { [31m); check the question"),
        ("403", errors.EndpointRefused, "403: not for you"),
        ("404", errors.EndpointRefused, "404: Not Found); check the address"),
        ("500", errors.EndpointDown, "500: out of memory)"),
        ("500-timeout", errors.EndpointTimeout, "gave up"),
        ("504", errors.EndpointTimeout, "gave up"),
        ("304", errors.NotSparql, "304: Not Modified"),
        ("redirect-to-file", errors.BadRedirect, "'file:///etc/hostname', which is not followed"),
        ("redirect-to-user", errors.BadRedirect, "not followed"),
        ("redirect-to-nonsense", errors.BadRedirect, "not followed"),
        ("later-tomorrow", errors.EndpointOverloaded, "try again after 20"),
    ],
)
def test_bad_answer_has_its_name_and_is_not_asked_for_again(
    server: Server, path: str, error: type[EndpointError], says: str
) -> None:
    found, asked = refused(server, path, QUICK)
    assert type(found) is error
    assert says in str(found)
    assert asked == 1
    assert found.exit_code == (4 if error is errors.EndpointTimeout else 3)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("truncated-triples", errors.PartialAnswer),
        ("short-content-length", errors.PartialAnswer),
        ("cut-chunks", errors.PartialAnswer),
        ("not-triples", errors.NotSparql),
        ("nested-triples", errors.NotSparql),
        ("html-200", errors.NotSparql),
        ("ok", errors.NotSparql),
        ("no-content", errors.NotSparql),
    ],
)
def test_bad_triples_have_their_name(server: Server, path: str, error: type[EndpointError]) -> None:
    found, asked = refused(server, path, QUICK, construct=True)
    assert (type(found), asked) == (error, 1)


@pytest.mark.parametrize("path", ["hang", "drip", "drip-headers", "endless"])
def test_deadline_holds_and_leaves_nothing_behind(server: Server, path: str) -> None:
    found, asked = refused(server, path, Limits(seconds=0.3, bytes=10**12))
    assert (type(found), asked) == (errors.EndpointTimeout, 1)
    assert found.exit_code == 4
    assert "0.3 seconds" in str(found)
    threads = [t for t in threading.enumerate() if t.name == "latticework-endpoint"]
    for thread in threads:
        thread.join(0.5)
    assert not any(thread.is_alive() for thread in threads)


def test_deadline_holds_for_what_cannot_be_interrupted(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that does not answer, for one."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1.5))
    begin = time.monotonic()
    with pytest.raises(errors.EndpointTimeout):
        ask_endpoint(server.url("ok"), QUESTION, limits=SHORT)
    assert time.monotonic() - begin < 1


def test_endless_answer_stops_at_the_cap(server: Server) -> None:
    found, asked = refused(server, "endless", Limits(seconds=3, bytes=1_000_000))
    assert (type(found), asked) == (errors.TooLarge, 1)


def test_one_is_asked_at_a_time(server: Server) -> None:
    """Whoever waits for their turn waits no longer than their own deadline."""
    slow = threading.Thread(target=refused, args=(server, "hang", Limits(seconds=0.9)))
    slow.start()
    time.sleep(0.1)
    _, asked = refused(server, "ok", SHORT)
    assert asked == 0
    slow.join()


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("later-once", 1),
        ("later-once-by-date", 0.9),
        ("reset-once", PAUSE),
        ("hang-up-once", PAUSE),
    ],
)
def test_asks_again_after_the_wait_that_the_server_wants(
    server: Server, path: str, least: float
) -> None:
    before, begin = len(server.seen), time.monotonic()
    assert len(ask_endpoint(server.url(path), QUESTION, limits=QUICK)) == 1
    assert len(server.seen) - before == 2
    assert least <= time.monotonic() - begin < 2.5


def test_asks_as_often_as_told_and_no_more(server: Server) -> None:
    found, asked = refused(server, "later-forever", Limits(seconds=3, tries=4))
    assert (type(found), asked) == (errors.EndpointOverloaded, 4)
    found, asked = refused(server, "busy", Limits(seconds=3, tries=2))
    assert (type(found), asked) == (errors.EndpointOverloaded, 2)
    found, asked = refused(server, "busy", Limits(seconds=PAUSE, tries=2))
    assert (type(found), asked) == (errors.EndpointOverloaded, 1)
    found, asked = refused(server, "hang-up", Limits(seconds=3, tries=2))
    assert (type(found), asked) == (errors.EndpointDown, 2)


def test_overloaded_server_says_when_to_try_again(server: Server) -> None:
    found, _ = refused(server, "later-tomorrow", QUICK)
    at = datetime.strptime(str(found).rpartition(" after ")[2], "%Y-%m-%d %H:%M:%S UTC")
    tomorrow = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    assert abs(at - tomorrow) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("soon", None),
        ("٣", None),
        ("9" * 30, None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read(text: str, seconds: float | None) -> None:
    assert endpoint._retry_after(text) == seconds


def test_retry_after_may_be_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3590 < (endpoint._retry_after(soon) or 0) <= 3600


@given(st.text())
def test_retry_after_is_never_a_surprise(text: str) -> None:
    seconds = endpoint._retry_after(text)
    assert seconds is None or 0 <= seconds <= 1e9


def test_closed_port_is_tried_again_and_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        where = f"127.0.0.1:{free.getsockname()[1]}"
    begin = time.monotonic()
    with pytest.raises(errors.EndpointDown, match=f"nothing answers at {where}; check"):
        ask_endpoint(f"http://{where}/", QUESTION, limits=QUICK)
    assert time.monotonic() - begin > PAUSE


def test_unknown_host_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(errors.EndpointDown, match=r"nowhere\.example is not known; check"):
        ask_endpoint("http://nowhere.example/sparql", QUESTION, limits=QUICK)


def test_ask_query_is_not_a_table(server: Server) -> None:
    with pytest.raises(QueryProblem):
        ask_endpoint(server.url("ask"), "ASK {}")


def test_an_unreadable_answer_leaves_no_parser_to_another_thread(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a parser complains on the terminal when it is thrown away."""
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    for path in ("bad-iri", "truncated-json", "error-in-json"):
        refused(server, path, QUICK)
    refused(server, "truncated-triples", QUICK, construct=True)
    gc.collect()
    assert complaints == []


def test_every_misbehaviour_is_tested() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in BEHAVIOURS if f'"{name}' not in text and f"/{name}" not in text] == []


# Redirects and proxies ---------------------------------------------------------------------------


def test_redirects_are_followed_with_the_question(server: Server) -> None:
    assert ask_endpoint(server.url("redirect"), QUESTION)
    assert server.seen[-1].fields == {"query": [QUESTION]}
    long = QUESTION + " " * 3_000
    assert ask_endpoint(server.url("redirect-307"), long)
    assert server.seen[-1].method == "POST"
    assert server.seen[-1].fields == {"query": [long]}
    assert ask_endpoint(server.url("redirect-303"), long)
    assert (server.seen[-1].method, server.seen[-1].body) == ("GET", b"")
    assert "Content-Type" not in server.seen[-1].headers


def test_redirects_end(server: Server) -> None:
    found, asked = refused(server, "redirect-loop", QUICK)
    assert (type(found), asked) == (errors.BadRedirect, 6)


def test_public_host_does_not_lead_into_a_private_network(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = iter([True, False])
    monkeypatch.setattr(endpoint, "_public", lambda address: next(public))
    found, asked = refused(server, "redirect", QUICK)
    assert (type(found), asked) == (errors.BadRedirect, 1)
    assert "private network" in str(found)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("91.198.174.192", True),
        ("2620:0:862:ed1a::1", True),
    ],
)
def test_private_addresses_are_known(address: str, public: bool) -> None:
    assert endpoint._public(address) is public


def test_proxy_of_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))
    assert ask_endpoint("http://far.example/ok", QUESTION)
    assert server.seen[-1].path.startswith("http://far.example/ok?query=")
    assert ask_endpoint("http://far.example/hang-up-once", QUESTION, limits=QUICK)
    assert ask_endpoint("http://far.example/redirect", QUESTION)
    with pytest.raises(errors.BadRedirect, match=r"has moved to 'http://elsewhere\.example/ok'"):
        ask_endpoint("http://far.example/redirect-away", QUESTION)


# TLS ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, its key in the same file."""
    if not shutil.which("openssl"):
        pytest.skip("no 'openssl' here to make a certificate")
    place = tmp_path_factory.mktemp("tls")
    call = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    more = ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"]
    more += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    files = ["-keyout", str(place / "key.pem"), "-out", str(place / "cert.pem")]
    subprocess.run([*call.split(), *more, *files], check=True, capture_output=True)
    return place


def test_secure_server_is_asked_if_its_certificate_is_good(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(certificate) as secure:
        url = secure.url("ok").replace("http:", "https:")
        with pytest.raises(errors.EndpointDown, match=r"no secure connection .*; check"):
            ask_endpoint(url, QUESTION, limits=QUICK)
        assert secure.seen == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        assert ask_endpoint(url, QUESTION, limits=QUICK)
        with pytest.raises(errors.EndpointTimeout):
            ask_endpoint(url.replace("ok", "drip"), QUESTION, limits=SHORT)


def test_plain_server_is_not_asked_securely(server: Server) -> None:
    with pytest.raises(errors.EndpointDown, match="no secure connection"):
        ask_endpoint(server.url("ok").replace("http:", "https:"), QUESTION, limits=QUICK)


# Pushing to a misbehaving server -----------------------------------------------------------------


def stopped(server: Server, last: str, limits: Limits = QUICK) -> PushStopped:
    """Push three graphs of which the second gives trouble."""
    names = ["http://a.example/one", f"http://a.example/{last}", "http://a.example/three"]
    with pytest.raises(PushStopped) as caught:
        push(server.url("store?x=1"), dict.fromkeys(names, facts()[G2]), limits=limits)
    error = caught.value
    assert error.written == ("http://a.example/one",)
    assert error.unsure + error.unwritten == tuple(names[1:])
    assert "written: http://a.example/one; " in str(error)
    return error


@pytest.mark.parametrize(
    ("trouble", "sure", "code"),
    [("403", True, 3), ("busy", True, 3), ("redirect", True, 3), ("500", False, 3)],
)
def test_push_says_what_was_written_and_what_not(
    server: Server, trouble: str, sure: bool, code: int
) -> None:
    error = stopped(server, trouble)
    assert len(error.unsure) == (not sure)
    assert error.exit_code == code
    assert ("perhaps written: http://a.example/500" in str(error)) == (not sure)
    assert "not written: " in str(error)


def test_push_keeps_the_deadline(server: Server) -> None:
    begin = time.monotonic()
    assert stopped(server, "hang", SHORT).exit_code == 4
    assert time.monotonic() - begin < 1.5


def test_put_is_as_the_protocol_wants_it(server: Server) -> None:
    push(server.url("store?x=1"), {G2: facts()[G2]})
    seen = server.seen[-1]
    assert seen.method == "PUT"
    assert seen.path.startswith("/store?x=1&graph=")
    assert seen.fields["graph"] == [G2]
    assert seen.headers["Content-Type"] == "text/turtle"
    assert seen.headers["User-Agent"].startswith("latticework/")


def test_push_is_tried_again_but_not_sent_elsewhere(server: Server) -> None:
    assert push(server.url("store"), {"http://a.example/hang-up-once": []}, limits=QUICK)
    before = len(server.seen)
    with pytest.raises(PushStopped, match="if you trust that, give it instead"):
        push(server.url("redirect-307"), {G2: []}, limits=QUICK)
    assert len(server.seen) - before == 1


def test_push_hears_a_refusal_before_all_is_sent(server: Server) -> None:
    node = ox.NamedNode("http://example.org/a")
    large = [ox.Triple(node, node, ox.Literal(str(n) * 100)) for n in range(20_000)]
    with pytest.raises(PushStopped, match="413: too much"):
        push(server.url("early-refusal"), {G2: large}, limits=QUICK)


def test_bad_name_stops_a_push_before_it_begins(server: Server) -> None:
    before = len(server.seen)
    with pytest.raises(InputError, match="nothing was sent"):
        push(server.url("store"), {G1: [], "not an iri": []})
    assert len(server.seen) == before
