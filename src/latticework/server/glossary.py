"""The vocabulary term by term: classes, properties, closed lists, with how often each is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import pyoxigraph as ox

from latticework.server.things import Value, named, texts
from latticework.vocabulary import CONCEPTS, LW, LWC, ONTOLOGY, PREFIXES, RDF_TYPE

RDFS, SKOS, OWL = PREFIXES["rdfs"], PREFIXES["skos"], PREFIXES["owl"]
CLASSES = ("Class",)
PROPERTIES = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")


@dataclass(frozen=True)
class Term:
    """A class, a property or a concept, as its entry shows it."""

    iri: str
    anchor: str
    name: str
    other_name: str
    definition: str
    examples: tuple[str, ...]
    parents: tuple[Value, ...]
    domain: tuple[Value, ...]
    range: tuple[Value, ...]
    rules: tuple[Value, ...]
    uses: int


@dataclass(frozen=True)
class Scheme:
    """A closed list with its values."""

    term: Term
    values: tuple[Term, ...]


@dataclass(frozen=True)
class Disjoint:
    """Classes of which nothing is two at once."""

    anchor: str
    members: tuple[Value, ...]


def classes(store: ox.Store, language: str) -> list[Term]:
    """The classes of ours, by name of the term."""
    return _terms(store, CLASSES, LW, _instances(store), language)


def properties(store: ox.Store, language: str) -> list[Term]:
    """The properties of ours, by name of the term."""
    return _terms(store, PROPERTIES, LW, _statements(store), language)


def structures(store: ox.Store, language: str) -> list[Term]:
    """The structures of data cubes that the vocabulary defines."""
    kind = ox.NamedNode(PREFIXES["qb"] + "DataStructureDefinition")
    iris = sorted(set(_subjects(store, RDF_TYPE, kind, LW)))
    return [_term(store, iri, 0, language) for iri in iris]


def disjoint(store: ox.Store, language: str) -> list[Disjoint]:
    """The sets of classes of which nothing is two at once."""
    kind = ox.NamedNode(OWL + "AllDisjointClasses")
    return [
        Disjoint(
            iri.partition("#")[2],
            tuple(named(store, one, language) for one in _members(store, iri)),
        )
        for iri in sorted(set(_subjects(store, RDF_TYPE, kind, LW)))
    ]


def _members(store: ox.Store, iri: str) -> list[str]:
    """The members of an axiom, which stand in a list of blank nodes."""
    found = []
    rest = _object(store, ox.NamedNode(iri), OWL + "members")
    while isinstance(rest, ox.BlankNode):
        first = _object(store, rest, PREFIXES["rdf"] + "first")
        found += [first.value] if isinstance(first, ox.NamedNode) else []
        rest = _object(store, rest, PREFIXES["rdf"] + "rest")
    return found


def _object(store: ox.Store, node: ox.NamedNode | ox.BlankNode, name: str) -> object:
    quads = list(store.quads_for_pattern(node, ox.NamedNode(name), None, None))
    return quads[0].object if quads else None


def schemes(store: ox.Store, language: str) -> list[Scheme]:
    """The closed lists of ours, each with its values."""
    uses = _mentions(store)
    kind = ox.NamedNode(SKOS + "ConceptScheme")
    lists = sorted(set(_subjects(store, RDF_TYPE, kind, LWC)))
    return [
        Scheme(
            _term(store, one, 0, language),
            tuple(
                _term(store, value, uses[value], language)
                for value in sorted(set(_subjects(store, SKOS + "inScheme", ox.NamedNode(one), "")))
                if value.startswith(LWC)
            ),
        )
        for one in lists
    ]


def users(store: ox.Store, iri: str, language: str) -> list[Value]:
    """The things that use a term: that are of a class, have a property, or name a concept."""
    node = ox.NamedNode(iri)
    quads = chain(
        store.quads_for_pattern(None, None, node, None),
        store.quads_for_pattern(None, node, None, None),
    )
    found = {
        quad.subject.value
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and _of_data(quad)
    }
    return sorted((named(store, one, language) for one in found), key=lambda value: value.text)


def _terms(
    store: ox.Store, kinds: Iterable[str], space: str, uses: Counter[str], language: str
) -> list[Term]:
    iris = {
        iri for kind in kinds for iri in _subjects(store, RDF_TYPE, ox.NamedNode(OWL + kind), space)
    }
    return [_term(store, iri, uses[iri], language) for iri in sorted(iris, key=str.casefold)]


def _term(store: ox.Store, iri: str, uses: int, language: str) -> Term:
    def linked(name: str) -> tuple[Value, ...]:
        return tuple(
            named(store, one, language) for one in texts(store, iri, name) if one.startswith("http")
        )

    name, other = (
        _worded(store, iri, RDFS + "label", tag)
        for tag in ((language, "zh") if language == "en" else (language, "en"))
    )
    return Term(
        iri=iri,
        anchor=iri.partition("#")[2],
        name=name,
        other_name=other,
        definition=_worded(store, iri, SKOS + "definition", language),
        examples=tuple(texts(store, iri, SKOS + "example")),
        parents=linked(RDFS + "subClassOf") + linked(RDFS + "subPropertyOf"),
        domain=linked(RDFS + "domain"),
        range=linked(RDFS + "range"),
        rules=linked(LW + "derivedBy"),
        uses=uses,
    )


def _worded(store: ox.Store, iri: str, name: str, language: str) -> str:
    """A text in a language, or else in any."""
    quads = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(name), None, None)
    found = {
        q.object.language or "": q.object.value for q in quads if isinstance(q.object, ox.Literal)
    }
    own = {tag.split("-")[0]: text for tag, text in found.items()}
    return own.get(language) or next(iter(sorted(own.values())), "")


def _subjects(store: ox.Store, name: str, value: ox.NamedNode, space: str) -> list[str]:
    quads = store.quads_for_pattern(None, ox.NamedNode(name), value, None)
    return [
        quad.subject.value
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(space)
    ]


def _instances(store: ox.Store) -> Counter[str]:
    quads = store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None, None)
    return Counter(str(getattr(quad.object, "value", "")) for quad in quads if _of_data(quad))


def _statements(store: ox.Store) -> Counter[str]:
    return Counter(quad.predicate.value for quad in store if _of_data(quad))


def _mentions(store: ox.Store) -> Counter[str]:
    objects = (quad.object for quad in store if _of_data(quad))
    return Counter(term.value for term in objects if isinstance(term, ox.NamedNode))


def _of_data(quad: ox.Quad) -> bool:
    """Whether a statement is of a source or a rule, and not of the vocabulary itself."""
    return getattr(quad.graph_name, "value", "") not in (ONTOLOGY, CONCEPTS)
