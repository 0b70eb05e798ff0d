"""Exports: every parser reads the same statements, parts can be read alone, nothing is dropped."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT, TESTS, MakeSource, entities, membership
from latticework import __version__, description, export, networks
from latticework.build import Built, build
from latticework.cli import cli
from latticework.coverage import NOT_COVERED, Coverage, read_coverage
from latticework.errors import InputError
from latticework.index import Incidence, incidence
from latticework.store import select
from latticework.vocabulary import BASE, LW, LWC, ONTOLOGY, PREFIXES, shorten
from latticework.web import alliance_web, ties

Term = tuple[str, str, str, str]
"""Kind (``NamedNode``, ``Literal``, ``DefaultGraph``), value, datatype, language."""
Reader = Callable[[Path, str], Iterable[tuple[Term, ...]]]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
PAPER, COW = PREFIXES["source"] + "paper", PREFIXES["source"] + "cow-alliances-4.1"
RDF_LANG_STRING = PREFIXES["rdf"] + "langString"
XSD_STRING = PREFIXES["xsd"] + "string"
WITH_GRAPHS = ("trig", "nq")
FORMS = ("ttl", "nt", "jsonld", *WITH_GRAPHS)


# Four parsers ------------------------------------------------------------------------------------


def canonical(quads: Iterable[tuple[Term, ...]], *, graphs: bool) -> str:
    """SHA-256 of the sorted statements in canonical N-Quads; the graphs have no blank nodes."""
    lines = {" ".join(map(written, quad if graphs else quad[:3])) + " .\n" for quad in quads}
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def written(term: Term) -> str:
    kind, value, datatype, language = term
    if kind == "NamedNode":
        return f"<{value}>"
    assert kind == "Literal", f"{kind}: exports have no blank nodes, and name every graph"
    for old, new in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        value = value.replace(old, new)
    if language:
        return f'"{value}"@{language.lower()}'
    return f'"{value}"' + ("" if datatype == XSD_STRING else f"^^<{datatype}>")


def with_rdflib(path: Path, form: str) -> Iterator[tuple[Term, ...]]:
    data = rdflib.Dataset()
    names = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "trig": "trig", "nq": "nquads"}
    graph = data if form in WITH_GRAPHS else data.default_graph
    graph.parse(path, format=names[form])
    for s, p, o, g in data.quads():
        yield tuple(map(of_rdflib, (s, p, o, *([g] if form in WITH_GRAPHS else []))))


def of_rdflib(term: object) -> Term:
    if isinstance(term, rdflib.Literal):
        plain = RDF_LANG_STRING if term.language else XSD_STRING
        return "Literal", str(term), str(term.datatype or plain), term.language or ""
    return type(term).__name__.replace("URIRef", "NamedNode"), str(term), "", ""


def with_oxigraph(path: Path, form: str) -> Iterator[tuple[Term, ...]]:
    for q in ox.parse(path=path, format=ox.RdfFormat.from_extension(form)):
        yield tuple(map(of_oxigraph, (q.subject, q.predicate, q.object, q.graph_name)))


def of_oxigraph(term: object) -> Term:
    if isinstance(term, ox.Literal):
        return "Literal", term.value, term.datatype.value, term.language or ""
    return type(term).__name__, getattr(term, "value", ""), "", ""


def with_rapper(path: Path, form: str) -> Iterator[tuple[Term, ...]]:
    if (rapper := shutil.which("rapper")) is None:
        pytest.skip("no 'rapper' here (Debian: raptor2-utils)")
    names = {"ttl": "turtle", "nt": "ntriples", "trig": "trig", "nq": "nquads"}
    command = [rapper, "-q", "-i", names[form], "-o", "nquads", str(path), "http://example.org/"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    return map(of_a_line, done.stdout.splitlines())


IRI, TEXT = r"<([^>]*)>", r'"((?:[^"\\]|\\.)*)"'
LINE = re.compile(rf"{IRI} {IRI} (?:{IRI}|{TEXT}(?:@([\w-]+)|\^\^{IRI})?)(?: {IRI})? \.")
ESCAPE = re.compile(r"\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))")


def of_a_line(line: str) -> tuple[Term, ...]:
    """The terms of a line of N-Quads."""
    found = LINE.fullmatch(line)
    assert found, line
    s, p, o, text, language, datatype, g = (
        None
        if part is None
        else ESCAPE.sub(
            lambda m: (
                {"n": "\n", "r": "\r", "t": "\t"}.get(m[3], m[3])
                if m[3]
                else chr(int(m[1] or m[2], 16))
            ),
            part,
        )
        for part in found.groups()
    )
    object_ = (
        ("NamedNode", o, "", "")
        if o is not None
        else ("Literal", text, datatype or XSD_STRING, language or "")
    )
    named = [("NamedNode", part, "", "") for part in (s, p, g) if part is not None]
    return named[0], named[1], object_, *named[2:]


N3 = "n3@1.26.0"


@pytest.fixture(scope="session")
def n3(request: pytest.FixtureRequest) -> Path:
    """A folder into which npm installed N3.js; kept in pytest's cache."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no node and npm here, which N3.js needs")
    folder = Path(request.config.cache.mkdir(N3.replace("@", "-")))
    if not (folder / "node_modules" / "n3" / "package.json").is_file():
        command = [npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
        command += ["--fetch-retries=1", "--prefix", str(folder), N3]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        except subprocess.TimeoutExpired:
            pytest.skip(f"npm did not get {N3} within two minutes")
        if done.returncode:
            pytest.skip(f"npm could not install {N3}: {done.stderr.strip().splitlines()[-1:]}")
    return folder


def with_n3(folder: Path) -> Reader:
    names = {"ttl": "text/turtle", "nt": "application/n-triples", "trig": "application/trig"}
    names["nq"] = "application/n-quads"

    def read(path: Path, form: str) -> Iterator[tuple[Term, ...]]:
        command = ["node", str(TESTS / "read_with_n3.mjs"), str(folder), str(path), names[form]]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        lines = done.stdout.decode().splitlines()
        return (tuple(map(tuple, json.loads(line))) for line in lines)

    return read


@pytest.fixture(scope="session")
def files(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The whole data set in every format."""
    folder, whole = tmp_path_factory.mktemp("exports"), export.everything(built.store)
    contents = {
        "ttl": export.to_turtle(built).encode(),
        "trig": export.to_trig(built).encode(),
        "nq": export.to_nquads(built.store),
        **{form: export.serialize(whole, form) for form in ("nt", "jsonld")},
    }
    found = {form: folder / f"latticework.{form}" for form in contents}
    for form, path in found.items():
        path.write_bytes(contents[form])
    return found


@pytest.fixture(scope="session")
def whole(built: Built) -> dict[str, set[ox.Triple]]:
    """What every export of the whole must hold, as terms that no parser has read."""
    return export.graphs(built.store)


READERS: dict[str, Reader] = {
    "rdflib": with_rdflib,
    "oxigraph": with_oxigraph,
    "rapper": with_rapper,
}


@pytest.fixture(scope="session")
def everything(whole: dict[str, set[ox.Triple]]) -> set[ox.Triple]:
    return set().union(*whole.values())


@pytest.mark.parametrize(
    ("reader", "form"),
    [
        pytest.param(reader, form, marks=pytest.mark.slow if reader == "rdflib" else [])
        for reader in ("rdflib", "oxigraph", "rapper", "n3")
        for form in FORMS
        if form != "jsonld" or reader in ("rdflib", "oxigraph")
    ],
)
def test_every_parser_reads_the_same_statements(
    reader: str,
    form: str,
    files: dict[str, Path],
    whole: dict[str, set[ox.Triple]],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    read = READERS.get(reader) or with_n3(request.getfixturevalue("n3"))
    graphs = form in WITH_GRAPHS
    meant = [
        tuple(map(of_oxigraph, (t.subject, t.predicate, t.object, ox.NamedNode(name))))
        for name, triples in whole.items()
        for t in triples
    ]
    found = list(read(files[form], form))
    assert len(found) == len(meant) if graphs else len(set(found)) == len({q[:3] for q in meant})
    assert canonical(found, graphs=graphs) == canonical(meant, graphs=graphs)


def test_the_hash_sees_every_difference(whole: dict[str, set[ox.Triple]]) -> None:
    quads = [tuple(map(of_oxigraph, (t.subject, t.predicate, t.object))) for t in whole[PAPER]]
    one = canonical(quads, graphs=False)
    *head, (kind, value, datatype, language) = next(q for q in quads if q[2][3] == "en")
    for other in (
        quads[1:],
        [*quads, (*head, (kind, value, datatype, "de"))],
        [*quads, (*head, (kind, value + " ", datatype, language))],
        [*quads, (*head, (kind, value, XSD_STRING, ""))],
    ):
        assert canonical(other, graphs=False) != one
    assert canonical(reversed(quads), graphs=False) == one


def test_nothing_of_the_graph_is_dropped(built: Built, whole: dict[str, set[ox.Triple]]) -> None:
    for name in built.graph_names():
        if name != ONTOLOGY:
            there = {(t.subject, t.predicate, by_value(t.object)) for t in whole[name]}
            assert all(
                (t.subject, t.predicate, by_value(t.object)) in there for t in built.graph(name)
            )
    assert set(whole) == {*built.graph_names(), description.DOCUMENT}


def by_value(term: object) -> object:
    """A term, a decimal by its number: the store drops the point of 90.0, Turtle needs none."""
    decimal = isinstance(term, ox.Literal) and term.datatype.value == expand("xsd:decimal")
    return Decimal(term.value) if decimal else term


@pytest.mark.parametrize("form", FORMS)
def test_stable_order_and_declared_prefixes(form: str, files: dict[str, Path]) -> None:
    text = files[form].read_text(encoding="utf-8")
    if form in ("nt", "nq"):
        lines = text.splitlines()
        assert lines == sorted(set(lines))
        return
    declared = (
        {name for name, iri in json.loads(text)["@context"].items() if isinstance(iri, str)}
        if form == "jsonld"
        else set(re.findall(r"^@prefix ([a-z]*):", text, flags=re.MULTILINE))
    )
    assert (
        {"lw", "lwc", "arr", "mem", "psg", "rdfs", "dct", "void", "dcat"} <= declared <= {*PREFIXES}
    )


def test_json_ld_has_its_own_context_and_reads_well(files: dict[str, Path]) -> None:
    whole = json.loads(files["jsonld"].read_text(encoding="utf-8"))
    assert list(whole) == ["@context", "@graph"]
    assert isinstance(whole["@context"], dict), "a context that must be fetched is of no use"
    node = next(node for node in whole["@graph"] if node["@id"] == "mem:quad-india-2017")
    assert node["@type"] == "lw:Membership"
    assert node["lw:member"] == "state:india"
    assert node["lw:begin"] == "2017-11"
    assert set(node["rdfs:label"]) == {"en", "zh-Hans"}
    assert whole["@context"]["lw:begin"] == {"@type": "edtf:EDTF"}


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld"])
def test_any_term_survives(form: str) -> None:
    text = """
        @prefix : <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        :a a :B , :C ; :mixed :x , "x" , "x"@en , 1 , 1.5 , true , "2022-05-25"^^xsd:date ;
            :text "a \\"b\\"\\n\\t\\\\ 🕊 مرحبا {}}" ; :whole 1 , -7 , 123456789012345678901 ;
            :odd "007"^^xsd:integer , "1"^^xsd:boolean , "abc"^^xsd:integer ;
            :texts "one"@en , "two"@en , "三"@zh-Hans ; :in <urn:isbn:1> , <mailto:a@b.c> ;
            :empty "" , <http://example.org/> , <https://w3id.org/latticework/id/state/> .
    """
    triples = {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}
    content = export.serialize(triples, form)
    rdf = ox.RdfFormat.from_extension(form)
    assert {quad.triple for quad in ox.parse(content, format=rdf)} == triples


@pytest.mark.slow
def test_the_same_bytes_whatever_the_order_of_hashes() -> None:
    code = """if True:
        import hashlib
        from latticework import export, networks
        from latticework.build import build
        from latticework.coverage import read_coverage
        from latticework.index import incidence
        from latticework.vocabulary import PREFIXES
        built = build(validate=False)
        store, data = built.store, incidence(built.store)
        whole, part = export.everything(store), export.of_thing(store, PREFIXES["arr"] + "quad")
        texts = [
            export.to_turtle(built), export.to_trig(built), networks.to_graphml(store, data),
            networks.to_gexf(store, data), networks.spells_csv(store),
            networks.dyad_year_csv(store, data, read_coverage(store)),
        ]
        contents = [text.encode() for text in texts] + [
            export.to_nquads(store), export.description(store),
            *(export.serialize(some, form) for some in (whole, part) for form in ("nt", "jsonld")),
        ]
        print(*(hashlib.sha256(content).hexdigest() for content in contents))"""
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    one, other = (process.communicate()[0] for process in runs)
    assert re.fullmatch(r"([0-9a-f]{64}[ \n]){12}", one)
    assert one == other


# The description ---------------------------------------------------------------------------------

DATASET = description.DATASET


class Facts:
    """Triples by subject and property, to look up what they say."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.objects: dict[tuple[str, str], list[ox.NamedNode | ox.Literal]] = {}
        for t in triples:
            self.objects.setdefault((t.subject.value, t.predicate.value), []).append(t.object)

    def terms(self, subject: str, name: str) -> list[ox.NamedNode | ox.Literal]:
        return self.objects.get((subject, expand(name)), [])

    def values(self, subject: str, name: str) -> set[str]:
        return {term.value for term in self.terms(subject, name)}

    def languages(self, subject: str, name: str) -> set[str]:
        return {getattr(term, "language", None) or "" for term in self.terms(subject, name)}

    def all(self, name: str) -> set[str]:
        """The values of a property of anything."""
        return {t.value for (_, p), own in self.objects.items() if p == expand(name) for t in own}


def expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


@pytest.fixture(scope="session")
def about(whole: dict[str, set[ox.Triple]]) -> Facts:
    """What the description says."""
    return Facts(whole[description.DOCUMENT])


def test_the_data_set_says_what_it_is(about: Facts) -> None:
    kinds = {expand("void:Dataset"), expand("dcat:Dataset")}
    assert about.values(DATASET, "rdf:type") == kinds
    for name in ("dct:title", "dct:description", "dct:rights", "dcat:keyword"):
        assert about.languages(DATASET, name) == {"en", "zh-hans"}
    assert about.values(DATASET, "dct:license") == {description.LICENCE}
    assert about.values(DATASET, "dcat:version") == {__version__}
    assert about.values(DATASET, "dct:creator")
    assert len(about.values(DATASET, "void:exampleResource")) == len(description.EXAMPLES)


def test_the_description_counts_what_is_there(
    about: Facts, whole: dict[str, set[ox.Triple]], everything: set[ox.Triple]
) -> None:
    said = Facts(everything)
    assert about.values(DATASET, "void:triples") == {str(len(everything))}
    parts = about.values(DATASET, "void:subset")
    assert parts == set(whole) - {ONTOLOGY, description.DOCUMENT}
    for part in parts:
        assert about.values(part, "void:triples") == {str(len(whole[part]))}
        assert len(said.values(part, "dct:license")) == 1, f"{part} has one licence"


def test_the_description_names_every_vocabulary(about: Facts, everything: set[ox.Triple]) -> None:
    spaces = tuple(about.values(DATASET, "void:vocabulary"))
    used = {triple.predicate.value for triple in everything} | Facts(everything).all("rdf:type")
    assert not [term for term in used if not term.startswith(spaces)]


def test_the_description_names_the_files_of_a_build(about: Facts) -> None:
    files = about.values(DATASET, "dcat:distribution")
    assert files == about.values(DATASET, "void:dataDump")
    source = (ROOT / "src" / "latticework" / "cli" / "building.py").read_text(encoding="utf-8")
    assert all(f'"{file.removeprefix(BASE)}"' in source for file in files)


def test_the_period_is_that_of_the_coverage(built: Built, about: Facts) -> None:
    period = f"{DATASET}/period"
    told = [c for c in read_coverage(built.store) if c.degree != NOT_COVERED]
    first, last = min(c.first for c in told), max(c.last for c in told)
    assert about.values(period, "dcat:startDate") == {first.isoformat()}
    assert about.values(period, "dcat:endDate") == {last.isoformat()}


def test_the_only_date_is_the_one_that_is_given(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert b"dct:modified" not in export.description(built.store)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert b'dct:modified "2023-11-14"^^xsd:date' in export.description(built.store)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(InputError, match="seconds since 1970"):
        export.description(built.store)


def test_the_description_is_in_every_whole_and_a_file_of_its_own(
    built: Built, files: dict[str, Path], whole: dict[str, set[ox.Triple]]
) -> None:
    own = parsed(export.description(built.store), "ttl")
    assert own == whole[description.DOCUMENT]
    assert all(own <= parsed(path.read_bytes(), form) for form, path in files.items())


def parsed(content: bytes, form: str) -> set[ox.Triple]:
    return {q.triple for q in ox.parse(content, format=ox.RdfFormat.from_extension(form))}


def test_a_source_of_ones_own_is_described_too(make_source: MakeSource) -> None:
    folder = make_source(entities("xy") + membership("x", "1951"))
    extended = build([folder], graph=TESTS / "world", validate=False)
    text = export.description(extended.store).decode()
    said = r"^source:tiny\n    a void:Dataset ;\n    void:triples \d+ \.$"
    assert re.search(said, text, re.MULTILINE)


# Parts -------------------------------------------------------------------------------------------

CONSTRUCT = f"""PREFIX lw: <{LW}> PREFIX arr: <{PREFIXES["arr"]}>
    CONSTRUCT {{ ?m lw:member ?s ; lw:begin ?begin }}
    WHERE {{ ?m lw:arrangement arr:aukus ; lw:member ?s ; lw:begin ?begin }}"""
SOURCES = {"paper": [PAPER], "cow": [COW], "both": [PAPER, COW]}
THINGS = ("arr:aukus", "arr:quad", "arr:seato", "state:india", "mem:quad-india-2017")
PARTS = (
    *(("source", name) for name in SOURCES),
    *(("area", name) for name in export.SUBJECT_AREAS),
    *(("thing", name) for name in THINGS),
    ("construct", ""),
)


def part_of(store: ox.Store, kind: str, name: str) -> list[ox.Triple]:
    match kind:
        case "source":
            return export.of_sources(store, SOURCES[name])
        case "area":
            return export.of_area(store, name)
        case "thing":
            return export.of_thing(store, expand(name))
        case _:
            return export.readable_alone(store, constructed(store))


def constructed(store: ox.Store) -> list[ox.Triple]:
    found = store.query(CONSTRUCT, use_default_graph_as_union=True)
    assert isinstance(found, ox.QueryTriples)
    return list(found)


def unnamed(triples: Iterable[ox.Triple]) -> set[str]:
    """The IRIs of ours that are used without a label in both languages; not positions."""
    triples = list(triples)
    said = Facts(triples)
    terms = {term for t in triples for term in (t.subject, t.predicate, t.object)}
    used = {t.value for t in terms if isinstance(t, ox.NamedNode) and t.value.startswith(BASE)}
    things = {iri for iri in used if not iri.startswith(PREFIXES["sel"])}
    return {iri for iri in things if not said.languages(iri, "rdfs:label") >= {"en", "zh-hans"}}


def test_everything_of_ours_has_a_label(everything: set[ox.Triple]) -> None:
    assert unnamed(everything) == set()


@pytest.mark.parametrize(("kind", "name"), PARTS)
def test_a_part_is_a_subset_that_can_be_read_alone(
    kind: str, name: str, built: Built, everything: set[ox.Triple]
) -> None:
    part = part_of(built.store, kind, name)
    assert part == sorted(set(part), key=str)
    assert set(part) <= everything
    assert unnamed(part) == set()
    said = Facts(part)
    assert said.values(DATASET, "dct:license") == {description.LICENCE}
    assert said.values(DATASET, "dcat:version") == {__version__}
    assert not said.values(DATASET, "void:triples"), "that is the number of the whole"
    assert all(said.values(source, "dct:license") for source in said.all("dct:source"))
    for form in ("ttl", "nt", "jsonld"):
        assert parsed(export.serialize(part, form), form) == set(part)


@pytest.mark.parametrize("source", [PAPER, COW])
def test_a_source_comes_whole_and_with_the_bounds_of_its_facts(
    source: str, built: Built, whole: dict[str, set[ox.Triple]]
) -> None:
    part = export.of_sources(built.store, [source])
    assert whole[source] <= set(part)
    said, bounds = Facts(part), Facts(whole[BASE + "derived/bounds"])
    facts = {t.subject.value for t in part if t.predicate.value == LW + "member"}
    assert facts
    for name in ("lw:earliestBegin", "lw:latestBegin", "lw:earliestEnd", "lw:latestEnd"):
        assert all(said.values(fact, name) == bounds.values(fact, name) for fact in facts)
    assert said.all("dct:source") == {source}


def test_an_arrangement_comes_with_all_that_belongs_to_it(
    built: Built, everything: set[ox.Triple]
) -> None:
    part = export.of_thing(built.store, expand("arr:quad"))
    head = f"PREFIX lw: <{LW}> PREFIX arr: <{PREFIXES['arr']}> SELECT DISTINCT ?fact "
    facts = set()
    for pattern in (
        "{ ?fact ?names arr:quad ; lw:evidence ?passage }",
        "{ ?meeting a lw:Meeting ; lw:arrangement arr:quad . ?fact lw:event ?meeting }",
    ):
        found = {row["fact"] for row in select(built.store, head + pattern)}
        assert found
        facts |= found
    assert {triple for triple in everything if triple.subject in facts} <= set(part)
    said = Facts(part)
    assert all(said.values(passage, "lw:sha256") for passage in said.all("lw:evidence"))
    assert all(said.values(position, "oa:start") for position in said.all("oa:hasSelector"))


def test_every_kind_of_fact_is_in_an_area(built: Built) -> None:
    rows = select(
        built.store,
        f"""PREFIX lw: <{LW}> PREFIX rdfs: <{PREFIXES["rdfs"]}>
        SELECT ?kind {{ ?kind rdfs:subClassOf+ lw:Fact }}""",
    )
    areas = {kind for kinds in export.SUBJECT_AREAS.values() for kind in kinds}
    assert rows
    assert {row["kind"].value.removeprefix(LW) for row in rows} <= areas


# Network formats ---------------------------------------------------------------------------------

SETS = {"all": None, "paper": [PAPER], "cow": [COW]}


@pytest.fixture(scope="module", params=SETS)
def data(request: pytest.FixtureRequest, built: Built) -> Incidence:
    return incidence(built.store, sources=SETS[request.param])


def test_networkx_reads_every_tie_from_graphml(built: Built, data: Incidence) -> None:
    graph = nx.parse_graphml(networks.to_graphml(built.store, data), force_multigraph=True)
    assert set(graph.nodes) == {shorten(iri) for iri in data.states}
    assert all(graph.nodes[node]["iri"].endswith(node.partition(":")[2]) for node in graph)
    found = {
        (
            frozenset((one, other)),
            edge["arrangement"],
            edge["layer"],
            frozenset(edge["memberships"].split()),
            frozenset(edge["sources"].split()),
            *(edge.get(name, "") for name in ("earliest_begin", "latest_begin")),
            *(edge.get(name, "") for name in ("earliest_end", "latest_end")),
        )
        for one, other, edge in graph.edges(data=True)
    }
    meant = {
        (
            frozenset((shorten(tie.one), shorten(tie.other))),
            shorten(tie.arrangement),
            shorten(tie.layer),
            frozenset(map(shorten, tie.memberships)),
            frozenset(map(shorten, tie.sources)),
            *("" if day is None else day.isoformat() for day in bounds(tie)),
        )
        for tie in ties(data)
    }
    assert found == meant
    assert graph.number_of_edges() == len(ties(data))
    assert graph.graph["licence"] == description.LICENCE


ML = "{http://graphml.graphdrawing.org/xmlns}"


def test_graphml_keeps_to_the_format(built: Built, data: Incidence) -> None:
    """What strict readers, such as igraph's, rely upon."""
    text = networks.to_graphml(built.store, data)
    root = ET.fromstring(text)
    assert [child.tag for child in root].count(f"{ML}graph") == 1
    keys = {key.get("id"): key.attrib for key in root.iter(f"{ML}key")}
    assert {key["attr.type"] for key in keys.values()} == {"string"}
    named = [(key["for"], key["attr.name"]) for key in keys.values()]
    assert len(named) == len(set(named))
    nodes = [node.get("id") for node in root.iter(f"{ML}node")]
    edges = [edge.get("id") for edge in root.iter(f"{ML}edge")]
    assert len(nodes) == len(set(nodes))
    assert len(edges) == len(set(edges))
    for element in [*root.iter(f"{ML}node"), *root.iter(f"{ML}edge")]:
        used = [keys[value.get("key")]["for"] for value in element]
        assert set(used) <= {element.tag.removeprefix(ML)}
    assert {
        edge.get(end) for edge in root.iter(f"{ML}edge") for end in ("source", "target")
    } <= set(nodes)
    assert "None" not in text


def bounds(tie: object) -> list[date | None]:
    names = ("earliest_begin", "latest_begin", "earliest_end", "latest_end")
    return [getattr(tie, name) for name in names]


def read_gexf(text: str) -> nx.MultiGraph:
    graph = nx.read_gexf(io.BytesIO(text.encode()), version="1.3")
    return nx.MultiGraph(graph)


def within(spans: Iterable[tuple[str, str]], day: date) -> bool:
    return any(
        (a in ("", "..") or a <= day.isoformat()) and (b in ("", "..") or day.isoformat() <= b)
        for a, b in spans
    )


def spans(text: str) -> list[tuple[str, str]]:
    return [tuple(span.split("/")) for span in text.split()]


def test_networkx_reads_the_web_of_any_day_from_gexf(built: Built, data: Incidence) -> None:
    graph = read_gexf(networks.to_gexf(built.store, data))
    assert set(graph.nodes) == {shorten(iri) for iri in data.states}
    days = data.change_points()
    for day in sorted({d + timedelta(days=n) for d in days for n in (-1, 0)}):
        found = {
            (frozenset((one, other)), edge["arrangement"]): (
                "certain" if within(spans(edge.get("certain", "")), day) else "possible",
                set(edge["memberships"].split()),
            )
            for one, other, edge in graph.edges(data=True)
            if within(spans(edge["possible"]), day)
        }
        web = alliance_web(data, day)
        meant = {
            (frozenset((shorten(one), shorten(other))), shorten(key)): edge
            for one, other, key, edge in web.edges(keys=True, data=True)
        }
        assert found.keys() == meant.keys(), day
        for key, (status, memberships) in found.items():
            assert status == meant[key]["status"], (day, key)
            assert set(map(shorten, meant[key]["memberships"])) <= memberships
        sure = {key for key, edge in meant.items() if edge["status"] == "certain"}
        shown = {
            (frozenset((one, other)), edge["arrangement"])
            for one, other, edge in graph.edges(data=True)
            if edge["status"] == "certain" and within(edge["spells"], day)
        }
        assert shown == sure, f"Gephi shows on {day} what is certain"


G = f"{{{networks.GEXF}}}"


def test_gexf_keeps_to_the_format(built: Built, data: Incidence) -> None:
    text = networks.to_gexf(built.store, data)
    assert "None" not in text
    assert "lastmodifieddate" not in text
    root = ET.fromstring(text)
    assert (root.tag, root.get("version")) == (f"{G}gexf", "1.3")
    assert [child.tag for child in root] == [f"{G}meta", f"{G}graph"]
    graph = root[1]
    assert graph.attrib == {
        "mode": "dynamic",
        "defaultedgetype": "undirected",
        "idtype": "string",
        "timeformat": "date",
        "timerepresentation": "interval",
    }
    assert [c.tag.removeprefix(G) for c in graph] == ["attributes", "attributes", "nodes", "edges"]
    nodes, edges = graph[2], graph[3]
    assert (int(nodes.get("count", 0)), int(edges.get("count", 0))) == (len(nodes), len(edges))
    ids = [node.get("id") for node in nodes]
    assert len(ids) == len(set(ids))
    names = [edge.get("id") for edge in edges]
    assert len(names) == len(set(names))
    ends = [(*sorted((e.get("source"), e.get("target"))), e.get("kind")) for e in edges]
    assert len(ends) == len(set(ends)), "parallel edges of one kind would be merged by Gephi"
    assert {end for one, other, _ in ends for end in (one, other)} <= set(ids)
    declared = {
        group.get("class"): {attribute.get("id") for attribute in group}
        for group in graph.findall(f"{G}attributes")
    }
    there = {node.get("id"): days_of(node) for node in nodes}
    for kind, elements in (("node", nodes), ("edge", edges)):
        for element in elements:
            given = [value.get("for") for value in element.iter(f"{G}attvalue")]
            assert len(given) == len(set(given))
            assert set(given) <= declared[kind]
            assert all(value.get("value") for value in element.iter(f"{G}attvalue"))
            own = days_of(element)
            assert all(first <= last for first, last in own)
            assert all(a[1] < b[0] for a, b in pairwise(own)), "apart, in order"
    for edge in edges:
        assert days_of(edge), "a tie without days would be there for ever"
        for end in (edge.get("source"), edge.get("target")):
            assert all(
                any(a <= first and last <= b for a, b in there[end])
                for first, last in days_of(edge)
            ), "no tie without its states"


def days_of(element: ET.Element) -> list[tuple[date, date]]:
    return [
        (
            date.fromisoformat(spell.get("start", "0001-01-01")),
            date.fromisoformat(spell.get("end", "9999-12-31")),
        )
        for spell in element.iter(f"{G}spell")
    ]


def test_open_sides_are_left_out(make_source: MakeSource) -> None:
    attested = 'lw:attested "1951"^^edtf:EDTF ; lw:unknownEnd lwc:notStated ;'
    folder = make_source(
        entities("xy", "club")
        + membership("x", more=attested, name="club-x", arrangement="club")
        + membership("y", more=attested, name="club-y", arrangement="club")
    )
    store = build([folder], graph=TESTS / "world", validate=False).store
    data = incidence(store, sources=[PREFIXES["source"] + "tiny"])
    (relation,) = networks.relations(data)
    assert relation.possible[0][0] is None
    text = networks.to_gexf(store, data)
    assert "None" not in text
    (edge,) = ET.fromstring(text).iter(f"{G}edge")
    if not relation.certain:
        assert [set(spell.attrib) for spell in edge.iter(f"{G}spell")] == [{"end"}]
    graphml = nx.parse_graphml(networks.to_graphml(store, data), force_multigraph=True)
    ((_, _, attributes),) = graphml.edges(data=True)
    assert "earliest_begin" not in attributes


DAYS = st.integers(min_value=1, max_value=40).map(date.fromordinal) | st.none()


@given(st.lists(st.tuples(DAYS, DAYS), max_size=6))
def test_stretches_hold_the_same_days_in_order_and_apart(some: list[networks.Span]) -> None:
    def holds(spans: Iterable[networks.Span], day: date) -> bool:
        return any((a is None or a <= day) and (b is None or day <= b) for a, b in spans)

    joined = networks.stretches(some)
    for n in range(1, 60):
        assert holds(joined, date.fromordinal(n)) == holds(some, date.fromordinal(n))
    for (_, last), (first, _) in pairwise(joined):
        assert last is not None
        assert first is not None
        assert last + timedelta(days=1) < first


# Tables ------------------------------------------------------------------------------------------


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_spells_are_the_memberships(built: Built) -> None:
    rows = rows_of(networks.spells_csv(built.store))
    assert [r["membership"] for r in rows] == sorted(
        (r["membership"] for r in rows), key=[r["membership"] for r in rows].index
    )
    found = select(
        built.store,
        f"""PREFIX lw: <{LW}> PREFIX dct: <{PREFIXES["dct"]}>
        SELECT * {{
          ?membership a lw:Membership ; lw:member ?state_id ; lw:arrangement ?arrangement_id ;
              dct:source ?source .
          ?arrangement_id lw:layer ?layer ; lw:ofAsiaPacific ?asia_pacific ; lw:status ?status .
          OPTIONAL {{ ?state_id lw:isoCode ?iso }} OPTIONAL {{ ?state_id lw:cowCode ?ccode }}
          OPTIONAL {{ ?membership lw:membershipRole ?role }}
          OPTIONAL {{ ?membership lw:begin ?begin }} OPTIONAL {{ ?membership lw:end ?end }}
          OPTIONAL {{ ?membership lw:unknownBegin ?begin_unknown }}
          OPTIONAL {{ ?membership lw:unknownEnd ?end_unknown }}
          OPTIONAL {{ ?membership lw:attested ?attested }}
          OPTIONAL {{ ?membership lw:earliestBegin ?earliest_begin }}
          OPTIONAL {{ ?membership lw:latestBegin ?latest_begin }}
          OPTIONAL {{ ?membership lw:earliestEnd ?earliest_end }}
          OPTIONAL {{ ?membership lw:latestEnd ?latest_end }}
        }}""",
    )
    meant = {frozenset({n: short(term) for n, term in row.items()}.items()) for row in found}
    labels = {"state", "arrangement"}
    own = {frozenset((n, v) for n, v in row.items() if v and n not in labels) for row in rows}
    assert own == meant
    assert len(rows) == len(found)
    assert all(row["state"] and row["arrangement"] for row in rows)


def short(term: object) -> str:
    return shorten(term.value) if isinstance(term, ox.NamedNode) else str(term.value)


def test_spells_of_one_source(built: Built) -> None:
    rows = rows_of(networks.spells_csv(built.store, [COW]))
    assert rows
    assert {row["source"] for row in rows} == {"source:cow-alliances-4.1"}


@pytest.fixture(scope="module", params=SETS)
def dyads(
    request: pytest.FixtureRequest, built: Built
) -> tuple[list[dict[str, str]], Incidence, list[Coverage]]:
    sources = SETS[request.param]
    data, coverage = incidence(built.store, sources=sources), read_coverage(built.store, sources)
    return rows_of(networks.dyad_year_csv(built.store, data, coverage)), data, coverage


COUNTS = {
    LWC + "securityCooperation": "security_cooperation",
    LWC + "treatyAlliance": "treaty_alliance",
}


def test_dyad_years_are_symmetric_and_whole(dyads) -> None:
    rows, data, _ = dyads
    held = {
        (row["state1"], row["state2"], row["year"]): {
            k: v for k, v in row.items() if k[-1] not in "12"
        }
        for row in rows
    }
    assert len(held) == len(rows), "one row for a dyad and a year"
    assert all(held[other, one, year] == row for (one, other, year), row in held.items())
    years = {int(row["year"]) for row in rows}
    assert years == set(range(min(years), max(years) + 1))
    assert len(rows) == len(years) * len(data.states) * (len(data.states) - 1)


def test_dyad_years_outside_coverage_are_empty(dyads) -> None:
    rows, _, coverage = dyads
    horizon = max(c.last for c in coverage)
    told = {
        (layer, year)
        for layer in COUNTS
        for year in {int(row["year"]) for row in rows}
        if all(
            any(
                c.layer == layer and c.degree != NOT_COVERED and c.first <= day <= c.last
                for c in coverage
            )
            for day in days_of_year(year, horizon)
        )
    }
    for row in rows:
        for layer, column in COUNTS.items():
            cells = row[f"{column}_certain"], row[f"{column}_possible"]
            if (layer, int(row["year"])) in told:
                assert 0 <= int(cells[0]) <= int(cells[1])
            else:
                assert cells == ("", ""), "not covered is not 0"
    assert told


def days_of_year(year: int, horizon: date) -> list[date]:
    first, last = date(year, 1, 1), min(date(year, 12, 31), horizon)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize("year", [1951, 1953, 1956, 1977, 1985, 2007, 2012, 2017, 2021, 2022])
def test_dyad_years_count_the_web_of_each_day(year: int, dyads, built: Built) -> None:
    rows, data, coverage = dyads
    names = {row["state1"] for row in rows}
    of_state = {name: iri for iri in data.states if (name := name_of(built, iri)) in names}
    days = days_of_year(year, max(c.last for c in coverage))
    moments = [day for day in days if day == days[0] or day in set(data.change_points())]
    held: dict[tuple[str, str, str, str], set[str]] = {}
    for day in moments:
        for one, other, key, edge in alliance_web(data, day).edges(keys=True, data=True):
            for status in {"possible", edge["status"]}:
                for pair in ((one, other), (other, one)):
                    held.setdefault((*pair, edge["layer"], status), set()).add(key)
    checked = 0
    for row in rows:
        if int(row["year"]) != year:
            continue
        pair = of_state[row["state1"]], of_state[row["state2"]]
        for layer, column in COUNTS.items():
            for status in ("certain", "possible"):
                if (cell := row[f"{column}_{status}"]) != "":
                    assert int(cell) == len(held.get((*pair, layer, status), ()))
                    checked += 1
    if any(
        c.degree != NOT_COVERED and c.first <= days[0] and days[-1] <= c.last
        for c in coverage
        if days
    ):
        assert checked


def name_of(built: Built, iri: str) -> str:
    labels = built.store.quads_for_pattern(
        ox.NamedNode(iri), ox.NamedNode(PREFIXES["rdfs"] + "label"), None, None
    )
    return next(q.object.value for q in labels if q.object.language == "en")


def test_codes_are_those_of_the_sources(dyads, built: Built) -> None:
    rows, data, _ = dyads
    listed = {}
    for row in rows:
        listed[row["state1"]] = row["iso1"], row["ccode1"]
        assert listed.get(row["state2"], (row["iso2"], row["ccode2"])) == (
            row["iso2"],
            row["ccode2"],
        )
    for iri in data.states:
        iso, ccode = listed[name_of(built, iri)]
        said = {
            name: {
                q.object.value
                for q in built.store.quads_for_pattern(
                    ox.NamedNode(iri), ox.NamedNode(LW + name), None, None
                )
            }
            for name in ("isoCode", "cowCode")
        }
        assert {iso} - {""} == said["isoCode"]
        assert {ccode} - {""} == said["cowCode"]
        assert re.fullmatch(r"[A-Z]{3}|", iso)
        assert re.fullmatch(r"\d{1,3}|", ccode)
    assert listed["Japan"] == ("JPN", "740")


# The command line --------------------------------------------------------------------------------


@pytest.fixture
def run(built: Built, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command on the graph that is built already."""
    monkeypatch.setattr("latticework.cli.exchange.built", lambda *_, **__: built)
    return lambda *arguments: CliRunner().invoke(cli, ["export", *arguments])


@pytest.mark.parametrize("form", ["ttl", "graphml", "gexf", "spells-csv", "dyad-year-csv", "void"])
def test_the_command_writes_what_the_functions_return(
    form: str, run: Callable[..., Result], built: Built, tmp_path: Path
) -> None:
    data = incidence(built.store)
    meant = {
        "ttl": lambda: export.to_turtle(built),
        "graphml": lambda: networks.to_graphml(built.store, data),
        "gexf": lambda: networks.to_gexf(built.store, data),
        "spells-csv": lambda: networks.spells_csv(built.store),
        "dyad-year-csv": lambda: networks.dyad_year_csv(
            built.store, data, read_coverage(built.store)
        ),
        "void": lambda: export.description(built.store).decode(),
    }[form]
    path = tmp_path / "file"
    assert run("-o", str(path), "--format", form).exit_code == 0
    assert path.read_text(encoding="utf-8") == meant()


def test_the_command_cuts_out_parts(
    run: Callable[..., Result], built: Built, tmp_path: Path
) -> None:
    query = tmp_path / "part.rq"
    query.write_text(CONSTRUCT, encoding="utf-8")
    for arguments, part in (
        (("--source", "cow-alliances-4.1"), export.of_sources(built.store, [COW])),
        (("--area", "theory"), export.of_area(built.store, "theory")),
        (("--about", "AUKUS"), export.of_thing(built.store, expand("arr:aukus"))),
        (
            ("--construct", str(query)),
            export.readable_alone(built.store, constructed(built.store)),
        ),
    ):
        done = run(*arguments, "--format", "nt")
        assert done.exit_code == 0
        assert done.stdout_bytes == export.serialize(part, "nt")


# What the documentation says ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("Memberships (`spells-csv`)", lambda built: networks.spells_csv(built.store)),
        (
            "Dyads by year (`dyad-year-csv`)",
            lambda built: networks.dyad_year_csv(
                built.store, incidence(built.store), read_coverage(built.store)
            ),
        ),
    ],
)
def test_every_column_is_described(
    heading: str, columns: Callable[[Built], str], built: Built
) -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}")[2].partition("\n## ")[0]
    firsts = re.findall(r"^\| ([^|]*) \|", section, flags=re.MULTILINE)
    described = [name for cell in firsts for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(described) == sorted(columns(built).partition("\n")[0].split(","))


def test_every_attribute_is_described(built: Built) -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    graph = networks.period_web(built.store, incidence(built.store))
    used = {name for _, node in graph.nodes(data=True) for name in node} | set(graph.graph)
    used |= {name for _, _, edge in graph.edges(data=True) for name in edge}
    text = networks.to_gexf(built.store, incidence(built.store))
    used |= {a.get("id") for a in ET.fromstring(text).iter(f"{G}attribute")}
    section = page.partition("## GraphML")[2].partition("\n## Memberships")[0]
    assert used <= set(re.findall(r"`(\w+)`", section))


def test_every_area_is_listed() -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    listed = page.partition("\nAreas: ")[2].partition(".")[0]
    assert re.findall(r"`(\w+)`", listed) == sorted(export.SUBJECT_AREAS)
