"""The endpoint speaks the SPARQL 1.1 Protocol: the W3C's own tests, formats, statuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from starlette.testclient import TestClient

from latticework.server.app import create_app
from latticework.server.limits import DEFAULT

SUITE = Path(__file__).resolve().parent.parent / ".." / "shared" / "data" / "w3c-sparql11"
KASEI = "http://kasei.us/2009/09/sparql/data/"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
SD = "http://www.w3.org/ns/sparql-service-description#"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
SELECT = "SELECT ?s WHERE { ?s a <http://xmlns.com/foaf/0.1/Document> }"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """An endpoint over the graphs of the W3C's protocol tests.

    The tests name data0.rdf as a default graph and ask nothing of it; it is there, and empty.
    """
    store = ox.Store()
    document = ox.NamedNode("http://xmlns.com/foaf/0.1/Document")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store.add_graph(ox.NamedNode(f"{KASEI}data0.rdf"))
    for number in (1, 2, 3):
        graph = ox.NamedNode(f"{KASEI}data{number}.rdf")
        store.add(ox.Quad(graph, kind, document, graph))
    app = create_app(store, replace(DEFAULT, rows=50, workers=2))
    with TestClient(app, base_url="http://127.0.0.1:8733") as found:
        yield found


def ask(client: TestClient, query: str, accept: str = "", **parameters: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": accept})


# The tests of the W3C ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Exchange:
    """A request of the manifest, and what it expects."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None
    form: str | None


def manifest(part: str) -> rdflib.Graph:
    file = SUITE / part / "manifest.ttl"
    if not file.exists():
        pytest.skip("the W3C's tests are not here")
    return rdflib.Graph().parse(file)


def entries() -> list[str]:
    file = SUITE / "protocol" / "manifest.ttl"
    if not file.exists():
        return ["none"]
    graph = rdflib.Graph().parse(file)
    (head,) = graph.objects(None, MF.entries)
    return [str(entry).rpartition("#")[2] for entry in Collection(graph, head)]


def exchanges(graph: rdflib.Graph, name: str) -> list[Exchange]:
    entry = next(s for s in set(graph.subjects()) if str(s).endswith(f"#{name}"))
    action = graph.value(entry, MF.action)
    requests = graph.value(action, HT.requests)
    return [exchange(graph, request) for request in Collection(graph, requests)]


def exchange(graph: rdflib.Graph, request: Any) -> Exchange:
    headers = graph.value(request, HT.headers)
    body = graph.value(request, HT.body)
    encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
    answer = graph.value(request, HT.resp)
    boolean = graph.value(answer, MF.expectedBoolean)
    form = graph.value(answer, MF.expectedFormat)
    return Exchange(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql"),
        headers={
            str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
            for header in (Collection(graph, headers) if headers else ())
        },
        body=str(graph.value(body, CNT.chars) or "").encode(encoding),
        statuses=tuple(str(s)[-3] for s in graph.objects(answer, MF.expectedStatus)),
        boolean=None if boolean is None else bool(boolean),
        form=None if form is None else str(form),
    )


@pytest.mark.parametrize("name", entries())
def test_protocol_of_the_w3c(client: TestClient, name: str) -> None:
    """The query half passes; what would change the data is refused."""
    for one in exchanges(manifest("protocol"), name):
        answer = client.request(one.method, one.path, content=one.body, headers=one.headers)
        if name.startswith("update_"):
            if "sparql-query" not in one.headers.get("content-type", ""):
                assert answer.status_code == 403
                assert "read-only" in answer.text
            continue
        assert str(answer.status_code)[0] in one.statuses, answer.text
        media = answer.headers["content-type"].partition(";")[0]
        if one.form == "boolean":
            assert media in ("application/sparql-results+json", "application/sparql-results+xml")
        elif one.form == "tabular":
            assert media in ("application/sparql-results+json", "text/csv")
        elif one.form == "RDF":
            assert media in ("text/turtle", "application/n-triples")
        if one.boolean is not None:
            assert answer.json()["boolean"] is one.boolean


def test_nothing_was_changed_by_all_that(client: TestClient) -> None:
    rows = ask(client, "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }").json()["results"]["bindings"]
    assert len(rows) == 3


KNOWN = {
    "Service": {"endpoint", "supportedLanguage", "feature", "resultFormat", "defaultDataset"},
    "Dataset": {"defaultGraph", "namedGraph"},
    "NamedGraph": {"name"},
    "Graph": set(),
}
"""What the schema lets each kind of node have (its domains), of what we use."""


@pytest.mark.parametrize("name", ["returns-rdf", "has-endpoint-triple", "conforms-to-schema"])
def test_service_description_of_the_w3c(client: TestClient, name: str) -> None:
    assert any(str(s).endswith(f"#{name}") for s in manifest("service-description").subjects())
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    triples = [quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)]
    endpoints = [t.object for t in triples if t.predicate.value == f"{SD}endpoint"]
    if name == "returns-rdf":
        assert triples
    elif name == "has-endpoint-triple":
        assert endpoints == [ox.NamedNode("http://127.0.0.1:8733/sparql")]
    else:
        kinds = {
            t.subject: t.object.value.removeprefix(SD)
            for t in triples
            if t.predicate.value.endswith("#type")
        }
        for t in triples:
            name = t.predicate.value.removeprefix(SD)
            assert t.predicate.value.endswith("#type") or name in KNOWN[kinds[t.subject]]
            assert name not in ("defaultGraph", "namedGraph") or kinds[t.object].endswith("Graph")
        assert set(kinds.values()) == set(KNOWN)


# Forms of answers --------------------------------------------------------------------------------

FORMS = [
    ("SELECT * { ?s ?p ?o }", "application/sparql-results+json", "json"),
    ("SELECT * { ?s ?p ?o }", "application/sparql-results+xml", "xml"),
    ("SELECT * { ?s ?p ?o }", "text/csv", "csv"),
    ("SELECT * { ?s ?p ?o }", "text/tab-separated-values", "tsv"),
    ("ASK {}", "application/sparql-results+json", "json"),
    ("ASK {}", "application/sparql-results+xml", "xml"),
    ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "text/turtle", "ttl"),
    ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/n-triples", "nt"),
    ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/ld+json", "jsonld"),
    ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/rdf+xml", "rdf"),
    (f"DESCRIBE <{KASEI}data1.rdf>", "application/ld+json", "json"),
    (f"DESCRIBE <{KASEI}data1.rdf>", "application/rdf+xml", "xml"),
]


@pytest.mark.parametrize(("query", "media", "short"), FORMS)
def test_every_form_by_negotiation_and_by_name(
    client: TestClient, query: str, media: str, short: str
) -> None:
    for answer in (ask(client, query, media), ask(client, query, "", format=short)):
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media
        assert answer.headers["vary"] == "Accept"
        parsed = rdflib.Graph() if "CONSTRUCT" in query or "DESCRIBE" in query else None
        if parsed is not None:
            assert len(parsed.parse(data=answer.content, format=media)) in (1, 3)
        elif media != "text/tab-separated-values":
            form = rdflib.query.Result.parse
            result = form(BytesIO(answer.content), content_type=media)
            assert result.askAnswer if query.startswith("ASK") else len(result) == 3


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.6", "text/tab-separated-values"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
         "application/sparql-results+xml"),
        ("application/pdf, text/csv;q=0.1", "text/csv"),
        ("TEXT/CSV", "text/csv"),
    ],
)  # fmt: skip
def test_the_client_gets_what_it_prefers(client: TestClient, accept: str, media: str) -> None:
    assert ask(client, SELECT, accept).headers["content-type"].partition(";")[0] == media


@pytest.mark.parametrize(
    ("query", "accept"),
    [(SELECT, "application/pdf"), (SELECT, "text/turtle"), (SELECT, "text/csv;q=0"),
     ("DESCRIBE <x>", "text/csv")],
)  # fmt: skip
def test_what_we_do_not_write_is_not_acceptable(
    client: TestClient, query: str, accept: str
) -> None:
    answer = ask(client, query, accept)
    assert answer.status_code == 406
    assert "there are: " in answer.text


def test_the_description_is_negotiated_too(client: TestClient) -> None:
    for media in ("text/turtle", "application/n-triples", "application/ld+json"):
        answer = client.get("/sparql", headers={"Accept": media})
        assert answer.headers["content-type"].startswith(media)
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


def test_a_shortened_answer_says_so(client: TestClient) -> None:
    whole = "SELECT ?x { VALUES ?x {" + " 1" * 50 + "} }"
    longer = "SELECT ?x { VALUES ?x {" + " 1" * 51 + "} }"
    for form in ("json", "xml", "csv", "tsv"):
        assert "x-sparql-maxrows" not in ask(client, whole, format=form).headers
        assert ask(client, longer, format=form).headers["x-sparql-maxrows"] == "50"
    assert len(ask(client, longer, format="json").json()["results"]["bindings"]) == 50
    assert "only the first 50 rows" in ask(client, longer, format="xml").text
    triples = "CONSTRUCT { ?x ?x ?x } { VALUES ?n {" + "".join(f" {n}" for n in range(51))
    triples += "} BIND(IRI(CONCAT('http://e/', STR(?n))) AS ?x) }"
    for form in ("ttl", "nt", "rdf"):
        answer = ask(client, triples, format=form)
        assert answer.headers["x-sparql-maxrows"] == "50"
        assert "only the first 50 triples" in answer.text
        media = answer.headers["content-type"].partition(";")[0]
        if form != "rdf":  # these predicates have no short name, which the reader wants
            assert len(rdflib.Graph().parse(data=answer.content, format=media)) == 50


# Requests ----------------------------------------------------------------------------------------


def test_a_query_by_every_way(client: TestClient) -> None:
    form = {"query": SELECT, "default-graph-uri": f"{KASEI}data2.rdf"}
    graph = quote(form["default-graph-uri"])
    answers = [
        client.get("/sparql", params=form),
        client.post("/sparql", data=form),
        client.post(f"/sparql?default-graph-uri={graph}", data={"query": SELECT}),
        client.post(
            f"/sparql?default-graph-uri={graph}",
            content=SELECT,
            headers={"Content-Type": f"{QUERY}; charset=UTF-8"},
        ),
    ]
    for answer in answers:
        rows = answer.json()["results"]["bindings"]
        assert [row["s"]["value"] for row in rows] == [f"{KASEI}data2.rdf"]


def test_no_query_is_decoded_twice(client: TestClient) -> None:
    answer = client.post("/sparql", data={"query": 'SELECT ("a%20b+c" AS ?x) {}'})
    assert answer.json()["results"]["bindings"][0]["x"]["value"] == "a%20b+c"


@pytest.mark.parametrize(
    ("method", "path", "content", "media", "status"),
    [
        ("POST", "", b"", "", 415),
        ("POST", "", b"<a> <b> <c> .", "text/turtle", 415),
        ("POST", "", b"{}", "application/ld+json", 415),
        ("POST", "", b"ASK {}", f"{QUERY}; charset=latin1", 415),
        ("POST", "", b"ASK { ?s ?p '\xff' }", QUERY, 400),
        ("POST", "", b"query=ASK%20%7B%20?s%20?p%20'%ff'%20%7D", FORM, 400),
        ("POST", "", b"query=\xff", FORM, 400),
        ("POST", "", b"", FORM, 400),
        ("POST", "?query=ASK%7B%7D", b"ASK {}", QUERY, 400),
        ("POST", "", b"&".join([b"a=b"] * 1_001), FORM, 400),
        ("GET", "?query=", b"", "", 400),
        ("GET", "?query=ASK%7B%7D&query=ASK%7B%7D", b"", "", 400),
        ("GET", "?update=CLEAR%20ALL", b"", "", 400),
        ("GET", "?query=CLEAR%20ALL", b"", "", 400),
        ("POST", "", b"update=CLEAR%20ALL", FORM, 403),
        ("POST", "", b"update=CLEAR%20ALL&query=ASK%7B%7D", FORM, 400),
        ("POST", "", b"CLEAR ALL", "application/sparql-update", 403),
        ("POST", "", b"CLEAR ALL", QUERY, 400),
        ("PUT", "?graph=x", b"<a> <b> <c> .", "text/turtle", 405),
        ("DELETE", "?default", b"", "", 405),
        ("PATCH", "", b"", "", 405),
        ("POST", "", b"x" * 1_000_001, QUERY, 413),
    ],
)  # fmt: skip
def test_what_is_no_query_is_refused(
    client: TestClient, method: str, path: str, content: bytes, media: str, status: int
) -> None:
    headers = {"Content-Type": media} if media else {}
    answer = client.request(method, f"/sparql{path}", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.text.strip()
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize(
    "graph", ["http://example.org/", "file:///etc/passwd", "", "x", "a b", "_:b"]
)
def test_graphs_outside_the_data_set_are_refused(
    client: TestClient, parameter: str, graph: str
) -> None:
    answer = ask(client, SELECT, **{parameter: graph})
    assert answer.status_code == 400
    assert "there is no graph" in answer.text


def test_what_is_asked_of_which_graphs(client: TestClient) -> None:
    one, two = f"{KASEI}data1.rdf", f"{KASEI}data2.rdf"
    names = "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"

    def count(query: str, **parameters: str) -> int:
        return len(ask(client, query, **parameters).json()["results"]["bindings"])

    assert count(SELECT) == 3
    assert count(names) == 3
    assert count(SELECT, **{"default-graph-uri": one}) == 1
    assert count(names, **{"default-graph-uri": one}) == 0
    assert count(SELECT, **{"named-graph-uri": one}) == 0
    assert count(names, **{"named-graph-uri": two}) == 1
    assert count(SELECT.replace("WHERE", f"FROM <{one}> FROM <{two}> WHERE")) == 2
    assert count(SELECT.replace("WHERE", f"FROM <{one}> WHERE"), **{"default-graph-uri": two}) == 1


def test_every_origin_may_read_and_none_with_credentials(client: TestClient) -> None:
    origin = {"Origin": "https://example.org"}
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    flight = client.options("/sparql", headers={**origin, "Access-Control-Request-Method": "POST"})
    assert flight.status_code == 204
    assert flight.headers["access-control-allow-methods"] == "GET, POST"
    assert "x-sparql-maxrows" in answer.headers["access-control-expose-headers"].lower()


def test_every_answer_has_its_headers(client: TestClient) -> None:
    for path in ("/sparql", "/sparql?query=FOO", "/nowhere", "/sparql?query=ASK%7B%7D"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8733", "", "[::2]", "0.0.0.0"]
)
def test_other_hosts_are_misdirected(client: TestClient, host: str) -> None:
    answer = client.get("/sparql", params={"query": "ASK {}"}, headers={"Host": host})
    assert answer.status_code == 421
    assert "boolean" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:80", "[::1]", "[::1]:8733"])
def test_our_own_hosts_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/sparql", headers={"Host": host}).status_code == 200


def test_a_syntax_error_says_where(client: TestClient) -> None:
    answer = ask(client, "SELECT ?s WHERE {\n ?s ?p }")
    assert answer.status_code == 400
    assert answer.text.startswith("the query does not parse: 2:")


def test_only_pages_of_ours_may_cancel(client: TestClient) -> None:
    body = {"query-id": "x"}
    assert client.post("/sparql/cancel", data=body).status_code == 404
    foreign = {"Origin": "https://example.org"}
    assert client.post("/sparql/cancel", data=body, headers=foreign).status_code == 403
    ours = {"Origin": "http://127.0.0.1:8733"}
    assert client.post("/sparql/cancel", data=body, headers=ours).status_code == 404


def test_a_browser_is_sent_to_the_page_for_people() -> None:
    app = create_app(ox.Store(), replace(DEFAULT, workers=2), people="/ask")
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        answer = client.get("/sparql", headers={"Accept": page})
        assert (answer.status_code, answer.headers["location"]) == (303, "/ask")
        assert client.get("/sparql", headers={"Accept": "*/*"}).status_code == 200
        asked = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": page})
        assert asked.status_code == 200
