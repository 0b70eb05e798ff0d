"""The data set as files that other projects can use as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyoxigraph as ox

from latticework import turtle
from latticework.build import Built
from latticework.errors import UnknownName
from latticework.resources import folder
from latticework.vocabulary import DCT_SOURCE, LW, ONTOLOGY, PREFIXES, RDF_TYPE

SUBJECT_AREAS = {
    "agreements": ("Instrument", "Signature"),
    "arrangements": ("Arrangement", "Spell", "Membership", "Milestone", "FormAsOf", "WorkingGroup"),
    "claims": ("Claim", "Discrepancy"),
    "meetings": ("Meeting", "MeetingSeries", "Participation", "AgendaItem", "Office", "Tenure"),
    "numbers": ("Indicator", "Observation"),
    "perceptions": ("ThreatPerception", "Divergence", "Stance", "Relation"),
    "theory": ("Variable", "Coding", "TheoryRule"),
    "works": ("Work", "Venue", "Citation"),
}
"""Subject areas by which an export may be cut, and the kinds that belong to each."""


def to_turtle(built: Built) -> str:
    """All facts, concept lists and derived statements as one Turtle graph."""
    return turtle.write(everything(built.store))


def to_trig(built: Built) -> str:
    """The same as TriG: a named graph for every source, every rule and the concept lists."""
    return turtle.write_trig(
        {name: built.graph(name) for name in built.graph_names() if name != ONTOLOGY}
    )


def ontology() -> dict[str, bytes]:
    """The vocabulary's own files, as they are."""
    names = ("latticework.ttl", "alignments.ttl", "shapes.ttl")
    return {f"ontology-{name}": (folder("ontology") / name).read_bytes() for name in names}


def everything(store: ox.Store) -> list[ox.Triple]:
    """All triples but those of the ontology, each once, sorted."""
    return _sorted({quad.triple for quad in store if _graph(quad) != ONTOLOGY})


def of_source(store: ox.Store, source: str) -> list[ox.Triple]:
    """The triples of one source."""
    graph = ox.NamedNode(source)
    return _sorted({quad.triple for quad in store.quads_for_pattern(None, None, None, graph)})


def of_area(store: ox.Store, area: str) -> list[ox.Triple]:
    """The things of one subject area, with the passages they rest on."""
    if area not in SUBJECT_AREAS:
        known = ", ".join(sorted(SUBJECT_AREAS))
        raise UnknownName(f"there is no subject area '{area}'; there are: {known}")
    things = {
        quad.subject
        for kind in SUBJECT_AREAS[area]
        for quad in store.quads_for_pattern(
            None, ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + kind), None
        )
        if isinstance(quad.subject, ox.NamedNode)
    }
    return _described(store, things)


def of_thing(store: ox.Store, iri: str) -> list[ox.Triple]:
    """One thing, every fact that names it, and what those facts name, with passages."""
    thing = ox.NamedNode(iri)
    facts = {
        quad.subject
        for quad in store.quads_for_pattern(None, None, thing, None)
        if isinstance(quad.subject, ox.NamedNode)
    }
    return _described(store, {thing, *facts})


def serialize(triples: Iterable[ox.Triple], form: str) -> bytes:
    """Triples as ``ttl``, ``nt`` or ``jsonld``; stable order, declared prefixes."""
    if form == "ttl":
        return turtle.write(triples).encode()
    rdf = {"nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}[form]
    return ox.serialize(_sorted(set(triples)), format=rdf, prefixes=PREFIXES) or b""


def to_nquads(store: ox.Store) -> bytes:
    """All quads but those of the ontology, one a line, sorted."""
    lines = sorted(f"{quad} .\n" for quad in store if _graph(quad) != ONTOLOGY)
    return "".join(lines).encode()


def _described(store: ox.Store, things: Collection[ox.NamedNode]) -> list[ox.Triple]:
    """The triples of things, and of what they name outside of arrangements and sources."""
    own = {t for thing in things for t in _triples(store, thing)}
    named = {t.object for t in own if isinstance(t.object, ox.NamedNode)} - set(things)
    labels = {t for thing in named for t in _triples(store, thing) if _says_what_it_is(t)}
    return _sorted(own | labels)


def _triples(store: ox.Store, thing: ox.NamedNode) -> list[ox.Triple]:
    quads = store.quads_for_pattern(thing, None, None, None)
    return [quad.triple for quad in quads if _graph(quad) != ONTOLOGY]


def _says_what_it_is(triple: ox.Triple) -> bool:
    """Whether a triple identifies its subject: kind, name, source, place, paraphrase."""
    short = {
        RDF_TYPE,
        DCT_SOURCE,
        PREFIXES["rdfs"] + "label",
        LW + "gist",
        LW + "sectionNumber",
        LW + "printedPage",
    }
    return triple.predicate.value in short


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _sorted(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    return sorted(triples, key=str)
