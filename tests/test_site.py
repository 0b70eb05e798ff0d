"""The site, page by page: everything resolves, links lead somewhere, nothing given can break it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from latticework.build import Built, build
from latticework.catalogue import questions
from latticework.server import asking, editor, wording
from latticework.server.app import create_app
from latticework.server.day_words import in_words, span_in_words
from latticework.server.limits import Limits
from latticework.server.pool import Answer
from latticework.server.rendering import best_language
from latticework.server.search import Index
from latticework.server.site import PEOPLE, routes
from latticework.server.timeline import Row, timeline
from latticework.vocabulary import BASE, KINDS, LW, LWC, ONTOLOGY, PREFIXES, RDF_TYPE

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx`")
LANGUAGES = ("en", "zh")
HORIZON = date(2022, 5, 25)


def serving(store: ox.Store, limits: Limits | None = None) -> TestClient:
    app = create_app(
        store,
        limits or Limits(),
        hosts={"testserver"},
        people=PEOPLE,
        extra_routes=routes(store),
    )
    return TestClient(app, follow_redirects=False)


@pytest.fixture(scope="module")
def client(built: Built) -> Iterator[TestClient]:
    with serving(built.store) as found:
        yield found


class Reading(HTMLParser):
    """What a page is made of: elements, attributes, links, anchors, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def is_harmless(page: Reading) -> None:
    """Nothing inline, nothing from elsewhere, nothing that runs but our own two scripts."""
    for tag, attributes in page.elements:
        assert tag not in ("style", "iframe", "object", "embed", "base"), tag
        assert tag != "script" or attributes["src"].startswith("/static/"), attributes
        assert "style" not in attributes, attributes
        assert not [name for name in attributes if name.startswith("on")], attributes
        if tag in ("link", "img", "script"):
            source = attributes.get("src") or attributes.get("href", "")
            assert source.startswith("/"), attributes
        assert not re.match(r"\s*(javascript|data|vbscript):", attributes.get("href", ""), re.I)


def ours(store: ox.Store) -> set[str]:
    """Every IRI of ours that occurs in the graph, fragments cut off."""
    terms = (term for quad in store for term in (quad.subject, quad.predicate, quad.object))
    graphs = (quad.graph_name for quad in store)
    named = {t.value for some in (terms, graphs) for t in some if isinstance(t, ox.NamedNode)}
    return {iri.partition("#")[0] for iri in named if iri.startswith(BASE)}


def sample(store: ox.Store) -> list[str]:
    """A thing of every kind, and some that are special."""
    found = {}
    for iri in sorted(ours(store)):
        found[iri.rpartition("/")[0]] = iri
    special = ("id/state/united-states", "id/arrangement/quad", "id/passage/1.3-05", "source/paper")
    return sorted(
        {*found.values(), *(BASE + one for one in special)} - {ONTOLOGY, BASE + "concept"}
    )


def path(iri: str) -> str:
    return "/page/" + quote(iri.removeprefix(BASE).removeprefix("id/"))


UNLISTED = {"selector", "scenario"}
"""Kinds of which nothing is in the graph as a thing of its own."""
PAGES = (
    "/", "/ask", "/query", "/ontology", "/concepts", "/search", "/search?q=Quad", "/search?q=zzz",
    "/search?q=四边机制&kind=clm", "/uses/lw:Membership", "/uses/lwc:treatyAlliance",
    "/ask/membership/members-at-a-date", "/query?query=SELECT * { ?s a lw:State }",
    "/query?query=ASK {}", "/query?query=DESCRIBE state:japan", "/query?query=oops", "/nowhere",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_page_is_there_and_says_its_language(
    client: TestClient, built: Built, language: str
) -> None:
    paths = [*PAGES, *(f"/kind/{kind}" for kind in KINDS.values() if kind not in UNLISTED)]
    paths += [path(iri) for iri in sample(built.store)]
    for one in paths:
        answer = client.get(f"/{language}{one}")
        expected = {"/nowhere": 404, "/query?query=oops": 400}.get(one, 200)
        assert answer.status_code == expected, one
        page = Reading(answer.text)
        is_harmless(page)
        assert page.elements[0][1]["lang"] == {"en": "en", "zh": "zh-Hans"}[language]
        assert [tag for tag, _ in page.elements].count("h1") == 1, one
        assert len(page.values("id")) == len(set(page.values("id"))), one
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        other = f"/{'zh' if language == 'en' else 'en'}{one.partition('?')[0]}"
        assert quote(other) in {link.partition("?")[0] for link in page.values("href")}, one


def test_every_iri_of_the_graph_leads_to_a_page(client: TestClient, built: Built) -> None:
    there = set()
    for iri in ours(built.store):
        answer = client.get("/" + quote(iri.removeprefix(BASE)), headers={"Accept": "text/html"})
        assert answer.status_code == 303, iri
        there.add(answer.headers["location"])
    assert len(there) > 2_500
    every_nth = sorted(there)[::100]
    assert all(client.get(one).status_code == 200 for one in every_nth)


def test_every_term_has_a_place_on_its_page(client: TestClient, built: Built) -> None:
    for name, space in (("ontology", LW), ("concepts", LWC)):
        anchors = set(Reading(client.get(f"/en/{name}").text).values("id"))
        of_graph = ONTOLOGY if space == LW else BASE + "concept"
        quads = built.store.quads_for_pattern(None, None, None, ox.NamedNode(of_graph))
        terms = {str(getattr(quad.subject, "value", "")) for quad in quads}
        missing = {t for t in terms if t.startswith(space)} - {space + a for a in anchors}
        assert not missing


def test_links_lead_somewhere(client: TestClient, built: Built) -> None:
    links: set[str] = set()
    for one in [*PAGES, *map(path, sample(built.store))]:
        here = f"http://testserver/zh{one}"
        hrefs = Reading(client.get(f"/zh{one}").text).values("href")
        links |= {urljoin(here, href).partition("#")[0] for href in hrefs}
    inside = sorted(link for link in links if urlsplit(link).netloc == "testserver")
    assert len(inside) > 1_000
    # pages that are wrong on purpose
    wrong = re.compile(r"/(nowhere|query\?(plain&)?query=oops.*)$")
    for link in inside[::25]:
        status = client.get(link).status_code
        assert status < 400 or wrong.search(link), link


def test_links_go_both_ways(client: TestClient) -> None:
    membership = client.get("/en/page/membership/quad-india-2017").text
    assert '"/en/page/arrangement/quad"' in membership
    assert '"/en/page/passage/1.3-05"' in membership
    assert '"/en/page/membership/quad-india-2017"' in client.get("/en/page/arrangement/quad").text
    passage = client.get("/en/page/passage/1.3-05").text
    assert '"/en/page/membership/quad-india-2017"' in passage
    assert "code points 2641 to 2673" in passage


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html", "/en/page/state/japan"),
        ("", "/en/page/state/japan"),
        ("*/*", "/en/page/state/japan"),
        ("text/turtle", "/data/state/japan.ttl"),
        ("application/ld+json", "/data/state/japan.jsonld"),
        ("application/n-triples", "/data/state/japan.nt"),
        ("text/turtle;q=0.9, text/html;q=0.4", "/data/state/japan.ttl"),
        ("text/turtle;q=0.4, text/*;q=0.9", "/en/page/state/japan"),
        ("application/*", "/data/state/japan.jsonld"),
        ("text/html;q=0, */*;q=0.1", "/data/state/japan.ttl"),
        ("application/pdf", None),
        ("text/html;q=0", None),
    ],
)
def test_a_thing_answers_with_what_the_client_wants(
    client: TestClient, accept: str, location: str | None
) -> None:
    answer = client.get("/id/state/japan", headers={"Accept": accept})
    assert answer.status_code == (303 if location else 406)
    assert answer.headers.get("location") == location
    assert "Accept" in answer.headers["vary"]


def test_the_page_comes_in_the_language_that_the_browser_prefers(client: TestClient) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "fr, zh-CN;q=0.8, en;q=0.5"}
    assert client.get("/id/state/japan", headers=headers).headers["location"].startswith("/zh/")
    assert client.get("/", headers=headers).headers["location"] == "/zh/"
    assert best_language("xx;q=, ,;, zh;q=9") == "en"
    assert best_language("zh;q=0") == "en"


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt"])
@pytest.mark.parametrize("name", ["arrangement/quad", "passage/1.3-05", "source/paper"])
def test_data_are_what_the_graph_says(
    client: TestClient, built: Built, name: str, suffix: str
) -> None:
    answer = client.get(f"/data/{name}.{suffix}")
    form = ox.RdfFormat.from_extension(suffix)
    assert form is not None
    assert answer.headers["content-type"].partition(";")[0] == form.media_type
    told = {quad.triple for quad in ox.parse(answer.content, format=form)}
    node = ox.NamedNode(BASE + ("" if name.startswith("source/") else "id/") + name)
    own = {quad.triple for quad in built.store.quads_for_pattern(node, None, None, None)}
    named = {quad.triple for quad in built.store.quads_for_pattern(None, None, node, None)}
    assert {(t.predicate, str(getattr(t.object, "value", ""))) for t in own} <= {
        (t.predicate, str(getattr(t.object, "value", ""))) for t in told
    }
    assert {t.subject for t in named} <= {t.subject for t in told}


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt"])
@pytest.mark.parametrize("name", ["ontology", "concept"])
def test_the_vocabulary_comes_whole(client: TestClient, name: str, suffix: str) -> None:
    form = ox.RdfFormat.from_extension(suffix)
    triples = list(ox.parse(client.get(f"/data/{name}.{suffix}").content, format=form))
    assert len(triples) > 800


def test_the_data_set_describes_itself_at_the_known_place(client: TestClient) -> None:
    answer = client.get("/.well-known/void", headers={"Accept": "application/n-triples"})
    assert f"<{BASE}dataset>" in answer.text
    assert client.get("/.well-known/void").headers["content-type"].startswith("text/turtle")
    assert client.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/dataset").headers["location"] == "/.well-known/void"
    for name in ("latticework.ttl", "latticework.trig"):
        form = ox.RdfFormat.from_extension(name.rpartition(".")[2])
        assert len(list(ox.parse(client.get(f"/{name}").content, format=form))) > 30_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_is_said_with_what_may_be_meant(
    client: TestClient, language: str
) -> None:
    answer = client.get(f"/{language}/page/arrangement/five-eye")
    assert answer.status_code == 404
    assert f'"/{language}/page/arrangement/five-eyes"' in answer.text
    for one in ("/en/page/", "/en/kind/zebra", "/en/ask/nothing", "/en/uses/x:y", "/data/x.ttl",
                "/data/state/japan.exe", "/id/state/atlantis", "/static/no.css", "/x"):  # fmt: skip
        assert client.get(one).status_code == 404, one


def test_the_start_page_leads_to_everything(client: TestClient, built: Built) -> None:
    page = Reading(client.get("/en/").text)
    links = set(page.values("href"))
    listed = {f"/en/kind/{kind}" for kind in KINDS.values() if kind not in UNLISTED}
    assert listed <= links
    assert {"/web#lang=en", "/en/ask", "/en/ontology", "/en/query"} <= links
    assert "/en/page/source/paper" in links
    quads = built.store.quads_for_pattern(
        None, ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + "Discrepancy"), None
    )
    iris = {str(getattr(quad.subject, "value", "")) for quad in quads}
    slugs = {iri.rpartition("/")[2] for iri in iris if iri.startswith(PREFIXES["dis"])}
    assert {f"/en/page/discrepancy/{slug}" for slug in slugs} <= links
    shown = dict(
        re.findall(
            r'/en/kind/([\w-]+)">[^<]*</a> <span class="number">(\d+)', client.get("/en/").text
        )
    )
    states = built.store.quads_for_pattern(
        None, ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + "State"), None
    )
    assert int(shown["state"]) == len({quad.subject for quad in states})


# Search ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("AUKUS", "arrangement/aukus"),
        ("aukus", "arrangement/aukus"),
        ("ＡＵＫＵＳ", "arrangement/aukus"),
        ("five-eyes", "arrangement/five-eyes"),
        ("japan", "state/japan"),
        ("日本", "state/japan"),
        ("布林肯", "person/antony-blinken"),
        ("blinken", "person/antony-blinken"),
        ("五眼联盟", "arrangement/five-eyes"),
    ],
)
def test_search_finds_names_in_both_languages(client: TestClient, text: str, first: str) -> None:
    found = Reading(client.get("/en/search", params={"q": text}).text)
    things = [link for link in found.values("href") if link.startswith("/en/page/")]
    assert things[0] == f"/en/page/{first}", things[:4]
    suggested = client.get("/suggest", params={"q": text, "lang": "zh"}).json()
    assert suggested[0]["address"] == f"/zh/page/{first}"


def test_search_finds_words_of_what_is_said_and_helps_with_slips(client: TestClient) -> None:
    assert "/en/page/claim/" in client.get("/en/search", params={"q": "indispensable America"}).text
    slip = client.get("/en/search", params={"q": "austrlia"}).text
    assert "australia" in slip
    assert client.get("/suggest").json() == []


def test_an_index_ranks_things_before_their_facts(built: Built) -> None:
    found = [one.iri for one in Index(built.store).find("quad")]
    assert found[0] == PREFIXES["arr"] + "quad"
    assert Index(built.store).find("") == []


# Asking ------------------------------------------------------------------------------------------


def test_every_question_is_a_form_with_an_answer(client: TestClient) -> None:
    for number, asked in enumerate(questions()):
        language = LANGUAGES[number % 2]
        answer = client.get(f"/{language}/ask/{asked.name}")
        assert answer.status_code == 200, asked.name
        fields = {attributes["name"] for tag, attributes in Reading(answer.text).elements
                  if tag in ("input", "select") and "name" in attributes} - {"q"}  # fmt: skip
        assert fields == {name for name, _ in asked.parameters}, asked.name
        assert 'id="answer"' in answer.text, asked.name


def test_the_form_keeps_what_was_asked(client: TestClient) -> None:
    """What a select or a field holds is what was asked; asking it again changes nothing."""
    given = {"arrangement": "四边机制", "asOf": "2021-01-01"}
    page = client.get("/en/ask/membership/members-at-a-date", params=given).text
    assert '<option value="arr:quad" selected>' in page
    assert 'value="2021-01-01"' in page
    assert "/web#" in page
    assert "date=2021-01-01" in page
    default = client.get("/en/ask/membership/members-at-a-date").text
    assert '<option value="arr:five-eyes" selected>' in default


def test_answers_link_their_things_and_can_be_taken_away(client: TestClient) -> None:
    name = "/en/ask/overlap/in-one-not-in-the-other?first=Quad&second=AUKUS"
    page = client.get(name)
    assert "/en/page/state/india" in page.text
    assert "/en/page/state/japan" in page.text
    table = client.get(f"{name}&format=csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {row["state"].rpartition("/")[2] for row in rows} == {"india", "japan"}
    assert "attachment" in table.headers["content-disposition"]
    parsed = client.get(f"{name}&format=json").json()
    assert len(parsed["results"]["bindings"]) == len(rows)
    assert client.get(f"{name}&format=xml").text.startswith("<?xml")
    assert client.get(f"{name}&format=tsv").text.startswith("?state")


def test_the_sparql_of_an_answer_gives_the_same_answer(client: TestClient) -> None:
    name = "/en/ask/overlap/in-one-not-in-the-other?first=Quad&second=AUKUS"
    links = Reading(client.get(name).text).values("href")
    editor = next(link for link in links if link.startswith("/en/query?query="))
    page = client.get(editor)
    assert "state:india" in page.text
    assert "VALUES ?second { &lt;" in page.text
    again = client.get(editor + "&format=csv")
    assert again.text == client.get(f"{name}&format=csv").text


def test_a_graph_comes_as_turtle(client: TestClient) -> None:
    asked = {"query": "CONSTRUCT { ?s a lw:State } WHERE { ?s a lw:State }", "format": "ttl"}
    answer = client.get("/en/query", params=asked)
    assert answer.headers["content-type"].startswith("text/turtle")
    assert len(list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE))) >= 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_asked_is_said_in_a_sentence(client: TestClient, language: str) -> None:
    for wrong in ("asOf=yesterday", "arrangement=Warsaw Pact", "arrangement=http://a b"):
        answer = client.get(f"/{language}/ask/membership/members-at-a-date?{wrong}")
        assert answer.status_code == 400, wrong
        said = re.search(r'role="alert"><h2>[^<]*</h2><p>([^<]+)</p>', answer.text)
        assert said
        assert bool(re.search("[\u4e00-\u9fff]", said[1])) == (language == "zh"), said[1]
    refused = client.get(
        f"/{language}/query", params={"query": "SELECT * { SERVICE <http://x> {} }"}
    )
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text


def test_an_answer_that_is_cut_says_so(built: Built) -> None:
    with serving(built.store, Limits(rows=3)) as client:
        page = client.get("/en/ask/treaties/treaties-and-parties").text
        assert wording.words()["en"]["truncated"] in page
        download = client.get("/en/ask/treaties/treaties-and-parties?format=csv")
        assert download.headers["x-sparql-maxrows"] == "3"
        assert len(download.text.strip().splitlines()) == 4


def test_rows_beyond_what_a_page_shows_are_counted(client: TestClient) -> None:
    page = client.get("/en/query", params={"query": "SELECT ?s { ?s ?p ?o } LIMIT 1500"}).text
    assert "The first 1000 of 1500 rows are shown" in page


def test_the_page_speaks_the_reader_s_language_where_the_query_does_not(client: TestClient) -> None:
    page = client.get("/zh/ask/timeline/milestones").text
    row = re.search(r"<tbody>(.*?)</tbody>", page, re.S)
    assert row
    assert not re.search(r'lang="en"', row[1])
    assert (
        "certain" not in client.get("/zh/ask/membership/members-at-a-date").text.split("<tbody>")[1]
    )


def test_every_parameter_and_column_has_a_name_in_both_languages() -> None:
    for asked in questions():
        for name, _ in asked.parameters:
            assert set(asking.TITLES[name]) == set(LANGUAGES), name
        found = ox.Store().query(asked.text)
        assert isinstance(found, ox.QuerySolutions)
        for column in (variable.value for variable in found.variables):
            assert all(column in wording.columns()[language] for language in LANGUAGES), column


def test_every_text_is_there_in_both_languages() -> None:
    texts = wording.words()
    assert texts["en"].keys() == texts["zh"].keys()
    assert all(text for language in LANGUAGES for text in texts[language].values())
    assert texts["en"]["outside"].keys() == texts["zh"]["outside"].keys()
    same = {key for key, text in texts["en"].items() if text == texts["zh"][key]}
    assert same <= {"site", "sparql"}


# What is hostile ---------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}</textarea></title>"
FACTS = f"""
state:evil a lw:State ; rdfs:label {json.dumps(HOSTILE)}@en , {json.dumps(HOSTILE + "恶")}@zh-Hans ;
    lw:gist {json.dumps(HOSTILE)}@en ; lw:locator "javascript:alert(1)" ; dct:source source:tiny ;
    rdfs:seeAlso <javascript:alert(1)> , <data:text/html,x> , <http://x.example/%22onclick=%22a> .
<{PREFIXES["state"]}%22%3E%3Cscript%3E> a lw:State ; rdfs:label "odd"@en , "怪"@zh-Hans ;
    rdfs:seeAlso state:evil ; dct:source source:tiny .
"""


EVIL_PATHS = (
    "/", "/page/state/evil", "/page/state/%2522%253E%253Cscript%253E", "/page/source/tiny",
    "/kind/state", "/uses/lw:State", "/search?q=script", "/query?query=SELECT*{?s ?p ?o}",
    *(place + quote(HOSTILE) for place in (
        "/page/", "/search?q=", "/query?query=", "/ask/claims/claims-with-a-word?word=",
        "/ask/membership/memberships-of-a-state?state=",
    )),
)  # fmt: skip


def test_what_the_data_say_is_never_run(make_source: Callable[..., Path]) -> None:
    store = build(graph=make_source(FACTS), validate=False).store
    with serving(store) as client:
        for path_ in (f"/{language}{one}" for language in LANGUAGES for one in EVIL_PATHS):
            answer = client.get(path_)
            assert answer.status_code < 500, path_
            is_harmless(Reading(answer.text))
        assert "&lt;script&gt;alert(1)" in client.get("/en/page/state/evil").text
        assert "{{7*7}}" in client.get("/en/page/state/evil").text
        assert client.get("/suggest?q=script").headers["content-type"] == "application/json"


@pytest.mark.parametrize("name", ["x><img src=x onerror=alert(1)>", "__proto__", "<b>"])
def test_names_of_variables_are_text(client: TestClient, built: Built, name: str) -> None:
    """A hostile endpoint may send any name; ours cannot, and the page would show it as text."""
    body = {
        "head": {"vars": [name]},
        "results": {"bindings": [{name: {"type": "literal", "value": "<i>"}}]},
    }
    answer = Answer(json.dumps(body).encode(), "application/sparql-results+json", False, 0.0)
    try:
        shown = asking.show(built.store, answer, "en", HORIZON, as_written=True)
    except (ValueError, SyntaxError):
        return  # refused as no variable
    assert shown.rows[0][0].text == "<i>"


TEXT = st.text(max_size=60)
NAMES = st.sampled_from([
    "q", "kind", "query", "format", "name", "lang", "state", "asOf", "word", "arrangement",
    "first", "plain", "x",
])  # fmt: skip
PLACES = st.sampled_from([
    "/en/search", "/zh/search", "/suggest", "/completions", "/en/query", "/zh/query", "/en/",
    "/sparql", "/en/kind/state", "/en/ask/membership/members-at-a-date",
    "/zh/ask/claims/claims-with-a-word", "/zh/ask/theory/what-if",
    "/en/ask/overlap/states-by-number-of-arrangements",
])  # fmt: skip
FOLDERS = st.sampled_from([
    "/en/page/", "/zh/page/state/", "/id/", "/id/state/", "/data/", "/en/kind/", "/en/uses/",
    "/en/uses/lw:", "/en/ask/", "/source/", "/ontology/", "/static/", "/derived/", "/",
])  # fmt: skip


@settings(max_examples=80)
@given(PLACES, st.dictionaries(NAMES, TEXT, max_size=4))
def test_no_parameter_breaks_a_page(
    client: TestClient, place: str, parameters: dict[str, str]
) -> None:
    answer = client.get(place, params=parameters)
    assert answer.status_code < 500, answer.text
    if answer.headers.get("content-type", "").startswith("text/html"):
        is_harmless(Reading(answer.text))


@settings(max_examples=80)
@given(FOLDERS, TEXT, st.sampled_from(["", ".ttl", ".nt"]), st.one_of(st.none(), TEXT))
def test_no_address_breaks_the_site(
    client: TestClient, folder: str, text: str, suffix: str, accept: str | None
) -> None:
    safe = (accept or "").encode("ascii", "ignore").decode()
    headers = {"Accept": re.sub(r"[^\x20-\x7e]", "", safe)} if accept is not None else {}
    answer = client.get(folder + quote(text) + suffix, headers=headers)
    assert answer.status_code < 500, answer.text


@settings(max_examples=25)
@given(TEXT.map(lambda text: text.encode("utf-8", "surrogatepass") + b"%ff%00"))
def test_bytes_that_are_no_text_break_nothing(client: TestClient, raw: bytes) -> None:
    for place in ("/en/search?q=", "/en/query?query=", "/en/page/", "/suggest?q="):
        assert client.get(place + quote(raw)).status_code < 500


def test_the_editor_is_the_pinned_one_or_not_here() -> None:
    """What lies in the folder is shipped; so it is there as pinned, or it is not there."""
    place = Path(editor.__file__).parent / "static" / "yasgui"
    assert editor.is_here() == place.is_dir()


# Parts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "en", "zh"),
    [
        ("2017-11", "", "from 2017-11", "自2017-11起"),
        ("2007", "[2007-01..2017-11]", "from 2007, ended between 2007-01 and 2017-11",
         "自2007起，2007-01至2017-11间结束"),
        ("[..1949]", "1991", "begun by 1949, until 1991", "不晚于1949开始，至1991止"),
        ("", "1977-06-30", "until 1977-06-30", "至1977-06-30止"),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_spans_are_said_in_words(begin: str, end: str, en: str, zh: str) -> None:
    assert span_in_words(begin, end, "en") == en
    assert span_in_words(begin, end, "zh") == zh


def test_dates_are_said_in_words() -> None:
    assert in_words("2021-06-19/2021-06-23", "en") == "2021-06-19 to 2021-06-23"
    assert in_words("[2007..]", "zh") == "不早于2007"
    assert in_words("whatever", "en") == "whatever"


def test_bars_are_light_where_dates_are_uncertain_and_open_where_nothing_ended() -> None:
    rows = [
        Row("spell", "", "2007", "[2007-01..2017-11]", ""),
        Row("now", "", "2017-11", "", ""),
        Row("meeting", "", "2021-06-19/2021-06-23", "2021-06-19/2021-06-23", ""),
        Row("undated", "", "", "", ""),
        Row("before", "", "[..1990]", "", ""),
    ]
    drawn = timeline(rows, HORIZON)
    assert drawn is not None
    assert drawn.undated == 1
    bars = {bar.row.text: bar for bar in drawn.bars}
    assert bars["spell"].sure_width == 0
    assert not bars["spell"].open_end
    assert bars["now"].open_end
    assert 0 < bars["now"].sure_width < bars["now"].width
    assert bars["meeting"].sure_width > 0
    assert bars["before"].open_start
    assert timeline([], HORIZON) is None
    assert all(0 <= bar.left <= 1000 for bar in drawn.bars)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "",
                    "2007",
                    "[..1990]",
                    "[2007..]",
                    "2021-06-19/2021-06-23",
                    "x",
                    "9999-12",
                    "0001",
                ]
            ),
            st.sampled_from(["", "2007", "[..1990]", "[2007..]", "1066", "x"]),
        )
    )
)
def test_any_dates_can_be_drawn(pairs: list[tuple[str, str]]) -> None:
    drawn = timeline([Row("r", "", begin, end, "") for begin, end in pairs], HORIZON)
    for bar in drawn.bars if drawn else ():
        assert bar.width > 0
        assert bar.sure_width >= 0
