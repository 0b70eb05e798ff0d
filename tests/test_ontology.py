"""The vocabulary keeps its style, and neither it nor the facts contradict it."""

from __future__ import annotations

import io
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from conftest import ROOT
from latticework.build import RULES, Built
from latticework.vocabulary import DERIVED, LW, LWC, ONTOLOGY, PREFIXES, shorten

FOLDER = ROOT / "ontology"
FILES = ("latticework.ttl", "concepts.ttl", "alignments.ttl")
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in FILES:
        graph.parse(FOLDER / name)
    return graph


def classes(graph: rdflib.Graph) -> set[str]:
    return {str(s) for s in graph.subjects(RDF.type, OWL.Class) if str(s).startswith(LW)}


def properties(graph: rdflib.Graph) -> set[str]:
    found = (s for kind in PROPERTY_KINDS for s in graph.subjects(RDF.type, kind))
    return {str(s) for s in found if str(s).startswith(LW)}


def concepts(graph: rdflib.Graph) -> set[str]:
    return {str(s) for s in graph.subjects(RDF.type, SKOS.Concept)}


def schemes(graph: rdflib.Graph) -> set[str]:
    return {str(s) for s in graph.subjects(RDF.type, SKOS.ConceptScheme)}


def without_both(graph: rdflib.Graph, terms: set[str], predicate: URIRef) -> list[str]:
    """Terms that lack one text, and only one, in each of the two languages."""
    return sorted(
        shorten(term)
        for term in terms
        if sorted(
            text.language.lower() if isinstance(text, rdflib.Literal) and text.language else ""
            for text in graph.objects(URIRef(term), predicate)
            if str(text).strip()
        )
        != ["en", "zh-hans"]
    )


def inconsistent(*graphs: rdflib.Graph) -> bool:
    """Whether HermiT finds the graphs, taken together, inconsistent."""
    import owlready2

    triples = "".join(graph.serialize(format="ntriples") for graph in graphs)
    world = owlready2.World()
    onto = world.get_ontology("https://w3id.org/latticework/tests/")
    onto.load(fileobj=io.BytesIO(triples.encode()), format="ntriples")
    try:
        owlready2.sync_reasoner_hermit(world, ignore_unsupported_datatypes=True, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return True
    return bool(list(world.inconsistent_classes()))


needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java (no java)")


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition], ids=["label", "definition"])
@pytest.mark.parametrize("terms", [classes, properties, concepts, schemes])
def test_every_term_has_texts_in_both_languages(ontology, terms, predicate) -> None:
    found = terms(ontology)
    assert len(found) > 10
    assert without_both(ontology, found, predicate) == []


def test_classes_are_upper_camel_case_and_the_rest_lower_camel_case(ontology) -> None:
    upper, lower = re.compile(r"[A-Z][A-Za-z0-9]+"), re.compile(r"[a-z][A-Za-z0-9]+")
    wrong = [c for c in classes(ontology) if not upper.fullmatch(c.removeprefix(LW))]
    wrong += [p for p in properties(ontology) if not lower.fullmatch(p.removeprefix(LW))]
    wrong += [
        c
        for c in concepts(ontology) | schemes(ontology)
        if not lower.fullmatch(c.removeprefix(LWC))
    ]
    assert wrong == []


def test_english_labels_and_definitions_are_written_in_one_style(ontology) -> None:
    terms = classes(ontology) | properties(ontology) | concepts(ontology) | schemes(ontology)
    wrong = []
    for term in sorted(terms):
        for text in ontology.objects(URIRef(term), SKOS.definition):
            good = str(text).endswith("。" if text.language.lower() == "zh-hans" else ".")
            wrong += [] if good and str(text).strip() == str(text) else [(shorten(term), text)]
        for text in ontology.objects(URIRef(term), RDFS.label):
            if str(text).endswith((".", "。")) or str(text).strip() != str(text):
                wrong.append((shorten(term), text))
    assert wrong == []


def test_blocks_are_sorted_by_name_inside_each_part() -> None:
    text = (FOLDER / "latticework.ttl").read_text(encoding="utf-8")
    for part in ("Classes", "Properties"):
        section = re.split(rf"^# {part}$", text, flags=re.MULTILINE)[1]
        names = re.findall(r"^lw:(\w+)$", re.split(r"^# ", section, flags=re.MULTILINE)[0], re.M)
        assert len(names) > 10
        assert [a for a, b in pairwise(names) if a.lower() >= b.lower()] == []


def test_every_term_stands_in_one_block() -> None:
    for name, prefix in (("latticework.ttl", "lw"), ("concepts.ttl", "lwc")):
        text = (FOLDER / name).read_text(encoding="utf-8")
        names = re.findall(rf"^{prefix}:(\w+)", text, flags=re.MULTILINE)
        assert len(names) == len(set(names))


def test_every_property_says_where_it_is_defined(ontology) -> None:
    for term in classes(ontology) | properties(ontology):
        assert list(ontology.objects(URIRef(term), RDFS.isDefinedBy)) == [URIRef(ONTOLOGY)], term


def test_no_property_has_two_domains_or_ranges(ontology) -> None:
    """In OWL two domains mean both at once, which is hardly ever meant."""
    for term in properties(ontology):
        for predicate in (RDFS.domain, RDFS.range):
            assert len(list(ontology.objects(URIRef(term), predicate))) <= 1, (term, predicate)


def test_domains_and_ranges_are_declared(ontology) -> None:
    declared = set(ontology.subjects(RDF.type, OWL.Class))
    declared |= set(ontology.subjects(RDF.type, RDFS.Datatype))
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf):
        for subject, named in ontology.subject_objects(predicate):
            builtin = str(named).startswith((PREFIXES["xsd"], PREFIXES["rdf"]))
            assert builtin or named in declared, (subject, predicate, named)


def test_a_property_with_a_datatype_as_range_is_no_object_property(ontology) -> None:
    datatypes = set(ontology.subjects(RDF.type, RDFS.Datatype))
    for term, named in ontology.subject_objects(RDFS.range):
        literal = named in datatypes or str(named).startswith((PREFIXES["xsd"], PREFIXES["rdf"]))
        kind = OWL.DatatypeProperty if literal else OWL.ObjectProperty
        assert (term, RDF.type, kind) in ontology, term


def test_derived_properties_name_an_existing_rule_and_every_rule_is_run(ontology) -> None:
    rules = {path.stem for path in (FOLDER / "rules").glob("*.rq")}
    assert set(RULES) == rules
    named = {str(rule) for rule in ontology.objects(None, URIRef(LW + "derivedBy"))}
    assert named
    assert named <= {f"{ONTOLOGY}/rules/{rule}" for rule in rules}


def test_rules_give_authored_nodes_nothing_but_derived_properties_and_labels(built: Built) -> None:
    """And, in the data cube, the type that the outside vocabulary asks for."""
    marked = {q.subject.value for q in built.store if q.predicate.value == LW + "derivedBy"}
    authored = {t.subject for source in built.sources for t in built.graph(source.iri)}
    for rule in RULES:
        graph = built.graph(DERIVED + rule)
        given = {
            t.predicate.value
            for t in graph
            if t.subject in authored and t.object.value != PREFIXES["qb"] + "Observation"
        }
        assert given <= marked | {str(RDFS.label)}, rule


def test_there_are_no_inverse_properties(ontology) -> None:
    assert list(ontology.subject_objects(OWL.inverseOf)) == []


def test_every_concept_stands_in_one_existing_list(ontology) -> None:
    known = schemes(ontology)
    for concept in concepts(ontology):
        lists = [str(s) for s in ontology.objects(URIRef(concept), SKOS.inScheme)]
        assert len(lists) == 1, concept
        assert set(lists) <= known, concept


def test_domains_and_ranges_hold_for_every_use(ontology, built: Built) -> None:
    """Otherwise a reasoner takes a coverage for an arrangement, because it has a layer."""
    above = {
        str(c): {str(s) for s in ontology.transitive_objects(c, RDFS.subClassOf)}
        for c in ontology.subjects(RDF.type, OWL.Class)
    }
    kinds: dict[object, set[str]] = {}
    for quad in built.store:
        if quad.predicate.value == str(RDF.type):
            kinds.setdefault(quad.subject, set()).update(above.get(quad.object.value, set()))
    domains, ranges = (
        {str(term): str(named) for term, named in ontology.subject_objects(predicate)}
        for predicate in (RDFS.domain, RDFS.range)
    )
    wrong = set()
    for quad in built.store:
        used, thing = quad.predicate.value, quad.object
        if domains.get(used) not in {None, *kinds.get(quad.subject, ())}:
            wrong.add(f"{shorten(quad.subject.value)} {shorten(used)}")
        is_literal = hasattr(thing, "datatype")
        held = {thing.datatype.value} if is_literal else kinds.get(thing, set())
        if ranges.get(used) not in {None, *held}:
            wrong.add(f"{shorten(used)} {thing if is_literal else shorten(thing.value)}")
    assert wrong == set()


def test_a_property_takes_its_values_from_one_list(ontology, built: Built) -> None:
    """A shape asks for a concept; that it is one of the right list is asked here."""
    scheme = {
        q.subject: q.object.value for q in built.store if q.predicate.value == str(SKOS.inScheme)
    }
    of_concepts = {str(term) for term in ontology.subjects(RDFS.range, SKOS.Concept)}
    used: dict[str, set[str]] = {}
    for quad in built.store:
        if quad.predicate.value in of_concepts and quad.object in scheme:
            used.setdefault(shorten(quad.predicate.value), set()).add(scheme[quad.object])
    several = {term for term, lists in used.items() if len(lists) > 1}
    assert several <= {"lw:codedValue"}, "the value of a variable, of whichever it is"
    assert used["lw:layer"] == {LWC + "layers"}


@pytest.mark.slow
@needs_java
def test_ontology_is_consistent(ontology) -> None:
    assert not inconsistent(ontology)


@pytest.mark.slow
@needs_java
def test_a_state_that_is_a_place_is_found_inconsistent(ontology) -> None:
    broken = rdflib.Graph()
    thing = URIRef("https://w3id.org/latticework/id/state/broken")
    broken.add((thing, RDF.type, URIRef(LW + "State")))
    broken.add((thing, RDF.type, URIRef(LW + "Place")))
    assert inconsistent(ontology, broken)


@pytest.mark.slow
@needs_java
def test_facts_are_consistent_with_the_ontology(ontology) -> None:
    facts = rdflib.Graph()
    for file in sorted(Path(ROOT / "graph").rglob("*.ttl")):
        facts.parse(file)
    assert not inconsistent(ontology, facts)


def test_facts_use_declared_properties_of_the_right_kind(ontology, built: Built) -> None:
    """OWL 2 DL: an object property points to things, a datatype property to literals."""
    kinds = {kind: {str(s) for s in ontology.subjects(RDF.type, kind)} for kind in PROPERTY_KINDS}
    builtin = {str(RDF.type), str(RDFS.label), str(RDFS.seeAlso), str(RDFS.comment)}
    wrong = set()
    for source in built.sources:
        for triple in built.graph(source.iri):
            used = triple.predicate.value
            right = (
                OWL.DatatypeProperty if hasattr(triple.object, "datatype") else OWL.ObjectProperty
            )
            if used not in builtin | kinds[OWL.AnnotationProperty] | kinds[right]:
                wrong.add((shorten(used), shorten(source.iri)))
    assert wrong == set()
