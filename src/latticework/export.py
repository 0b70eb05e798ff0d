"""The data set as files that other projects can use as they are.

Every export is in stable order, declares its prefixes and carries the licence; a part carries
the labels of all that it names, so that it can be read alone.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import pyoxigraph as ox

from latticework import turtle
from latticework.build import Built
from latticework.description import DOCUMENT, described, labels, ours, with_a_part
from latticework.errors import UnknownName
from latticework.resources import folder
from latticework.vocabulary import (
    DCT_SOURCE,
    DERIVED,
    LW,
    ONTOLOGY,
    PREFIXES,
    RDF_TYPE,
    RDFS_LABEL,
    XSD,
    shorten,
)

SUBJECT_AREAS = {
    "agreements": ("Instrument", "Signature"),
    "arrangements": (
        "Arrangement", "FormAsOf", "Membership", "Milestone", "Spell", "Undertaking",
        "WorkingGroup",
    ),
    "claims": ("Claim", "Discrepancy"),
    "meetings": (
        "AgendaItem", "Event", "Meeting", "MeetingSeries", "Office", "Participation", "Tenure",
    ),
    "numbers": ("Indicator", "Observation"),
    "perceptions": (
        "Divergence", "Policy", "Pursuit", "Relation", "Stance", "ThreatPerception",
    ),
    "theory": ("Coding", "Prediction", "TheoryRule", "Variable"),
    "works": ("Citation", "Venue", "Work"),
}  # fmt: skip
"""Subject areas by which an export may be cut, and the kinds that belong to each."""

HAVE_PARTS = ("Event", "Instrument", "Meeting", "MeetingSeries", "WorkingGroup")
"""What belongs to these belongs to the thing to which they belong."""
OWN_RULES = (DERIVED + "bounds", DERIVED + "labels")
"""Rules whose results on a fact rest on that fact alone, and so on its source."""

Triples = list[ox.Triple]


# The whole ---------------------------------------------------------------------------------------


def graphs(store: ox.Store) -> dict[str, set[ox.Triple]]:
    """The named graphs of the data set, with the description and without the ontology."""
    found: dict[str, set[ox.Triple]] = {}
    for quad in store:
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value != ONTOLOGY:
            found.setdefault(quad.graph_name.value, set()).add(_as_written(quad.triple))
    return described(store, {name: found[name] for name in sorted(found)})


def everything(store: ox.Store) -> Triples:
    """All triples but those of the ontology, each once, sorted."""
    return _sorted(_all(store))


def to_turtle(built: Built) -> str:
    """All facts, concept lists and derived statements as one Turtle graph."""
    return turtle.write(_all(built.store))


def to_trig(built: Built) -> str:
    """The same as TriG: a named graph for every source, every rule and the concept lists."""
    return turtle.write_trig(graphs(built.store))


def to_nquads(store: ox.Store) -> bytes:
    """The same as N-Quads, one a line, sorted."""
    lines = [
        f"{_statement(triple)} <{name}> .\n"
        for name, triples in graphs(store).items()
        for triple in triples
    ]
    return "".join(sorted(lines)).encode()


def description(store: ox.Store) -> bytes:
    """The description of the data set (VoID, DCAT) as a Turtle file of its own."""
    return serialize(graphs(store)[DOCUMENT], "ttl")


def ontology() -> dict[str, bytes]:
    """The vocabulary's own files, as they are."""
    names = ("latticework.ttl", "alignments.ttl", "shapes.ttl")
    return {f"ontology-{name}": (folder("ontology") / name).read_bytes() for name in names}


def _all(store: ox.Store) -> set[ox.Triple]:
    return set().union(*graphs(store).values())


# Parts -------------------------------------------------------------------------------------------


def of_sources(store: ox.Store, sources: Collection[str]) -> Triples:
    """What sources say, with the bounds and labels that rules derive from each fact."""
    own = {t for source in sources for t in _of_graph(store, source)}
    facts = {triple.subject for triple in own if triple.predicate.value == DCT_SOURCE}
    derived = {t for rule in OWN_RULES for t in _of_graph(store, rule) if t.subject in facts}
    return readable_alone(store, own | derived)


def of_area(store: ox.Store, area: str) -> Triples:
    """The things of one subject area, with the passages they rest on."""
    if area not in SUBJECT_AREAS:
        known = sorted(SUBJECT_AREAS)
        raise UnknownName(
            "there is no subject area '{area}'; there are: {known}", area=area, known=known
        )
    return readable_alone(store, _in_full(store, _of_kinds(store, SUBJECT_AREAS[area])))


def of_thing(store: ox.Store, iri: str) -> Triples:
    """One thing with all that belongs to it: every fact that names it, and what those rest on.

    Of meetings and agreements among these facts also who took part or signed, and on what.
    """
    thing = ox.NamedNode(iri)
    facts = _naming(store, thing)
    parts = {
        part for whole in facts & _of_kinds(store, HAVE_PARTS) for part in _naming(store, whole)
    }
    return readable_alone(store, _in_full(store, {thing} | facts | parts))


def readable_alone(store: ox.Store, triples: Iterable[ox.Triple]) -> Triples:
    """A part of the data set with its licences, and a label for everything of ours in it."""
    part = {_as_written(triple) for triple in triples} | with_a_part()
    for source in _objects(part, DCT_SOURCE):
        part |= {triple for triple in _of_subject(store, source) if _says_what_it_is(triple)}
    known = labels(_all(store))
    return _sorted(part.union(*(known.get(iri, ()) for iri in ours(part))))


def _as_written(triple: ox.Triple) -> ox.Triple:
    """A decimal as Turtle writes it, with a point, which the store drops."""
    term = triple.object
    if not isinstance(term, ox.Literal) or term.datatype.value != XSD + "decimal":
        return triple
    pointed = re.sub(r"^-?\d+$", r"\g<0>.0", term.value)
    literal = ox.Literal(pointed, datatype=term.datatype)
    return ox.Triple(triple.subject, triple.predicate, literal)


def _in_full(store: ox.Store, things: Collection[ox.NamedNode]) -> set[ox.Triple]:
    """The triples of things and of their passages; of what else they name, what that is."""
    own = {triple for thing in things for triple in _of_subject(store, thing)}
    passages = _objects(own, LW + "evidence")
    own |= {triple for passage in passages for triple in _of_subject(store, passage)}
    positions = _objects(own, PREFIXES["oa"] + "hasSelector")
    own |= {triple for position in positions for triple in _of_subject(store, position)}
    named = {t.object for t in own if isinstance(t.object, ox.NamedNode)}
    named -= {*things, *passages, *positions}
    return own | {t for thing in named for t in _of_subject(store, thing) if _says_what_it_is(t)}


def _says_what_it_is(triple: ox.Triple) -> bool:
    """Whether a triple identifies its subject: kind, name, source, licence, how it was counted."""
    return triple.predicate.value in {
        RDF_TYPE,
        RDFS_LABEL,
        DCT_SOURCE,
        PREFIXES["dct"] + "license",
        LW + "normalisation",
    }


def _naming(store: ox.Store, thing: ox.NamedNode) -> set[ox.NamedNode]:
    quads = store.quads_for_pattern(None, None, thing, None)
    return {quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def _of_kinds(store: ox.Store, kinds: Iterable[str]) -> set[ox.NamedNode]:
    return {
        quad.subject
        for kind in kinds
        for quad in store.quads_for_pattern(
            None, ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + kind), None
        )
        if isinstance(quad.subject, ox.NamedNode)
    }


def _of_subject(store: ox.Store, thing: ox.NamedNode) -> Triples:
    quads = store.quads_for_pattern(thing, None, None, None)
    return [quad.triple for quad in quads if quad.graph_name != ox.NamedNode(ONTOLOGY)]


def _of_graph(store: ox.Store, name: str) -> Triples:
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(name))
    return [quad.triple for quad in quads]


def _objects(triples: Iterable[ox.Triple], predicate: str) -> set[ox.NamedNode]:
    return {
        triple.object
        for triple in triples
        if triple.predicate.value == predicate and isinstance(triple.object, ox.NamedNode)
    }


# Formats of one graph ----------------------------------------------------------------------------


def serialize(triples: Iterable[ox.Triple], form: str) -> bytes:
    """Triples as ``ttl``, ``nt`` or ``jsonld``; stable order, declared prefixes."""
    writers: dict[str, Callable[[Iterable[ox.Triple]], str]] = {
        "ttl": turtle.write,
        "nt": _ntriples,
        "jsonld": _jsonld,
    }
    return writers[form](triples).encode()


def _ntriples(triples: Iterable[ox.Triple]) -> str:
    return "".join(sorted({f"{_statement(triple)} .\n" for triple in triples}))


def _statement(triple: ox.Triple) -> str:
    return f"{triple.subject} {triple.predicate} {_line_term(triple.object)}"


def _line_term(term: Any) -> str:  # noqa: ANN401
    """A term as in N-Triples, its language tag written as in the Turtle."""
    text = str(term)
    if isinstance(term, ox.Literal) and term.language in turtle.LANGUAGE_CASE:
        return text.removesuffix(term.language) + turtle.LANGUAGE_CASE[term.language]
    return text


def _jsonld(triples: Iterable[ox.Triple]) -> str:
    """JSON-LD with a context of its own: prefixes, and what the values of each property are.

    Texts are objects by language; whole numbers and truth values are those of JSON.
    """
    nodes: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    kinds: dict[str, set[str]] = defaultdict(set)
    for triple in _sorted(set(triples)):
        predicate = "@type" if triple.predicate.value == RDF_TYPE else _name(triple.predicate)
        nodes[_name(triple.subject)][predicate].append(triple.object)
        kinds[predicate].add(_kind(triple.object))
    kind_of = {name: next(iter(some)) if len(some) == 1 else "" for name, some in kinds.items()}
    terms = {
        name: {"@container" if kind == "@language" else "@type": kind}
        for name, kind in sorted(kind_of.items())
        if kind and name != "@type"
    }
    lines = [
        _json({"@id": name} | {key: _values(own[key], kind_of[key]) for key in sorted(own)})
        for name, own in sorted(nodes.items(), key=lambda node: turtle.natural(node[0]))
    ]
    used = set(re.findall(r'"([a-z]+):', "".join([_json(terms), *lines])))
    context = {name: iri for name, iri in PREFIXES.items() if name in used} | terms
    heads = [f"  {_json(name)}: {_json(context[name])}" for name in context]
    return (
        '{"@context": {\n'
        + ",\n".join(heads)
        + '\n},\n"@graph": [\n'
        + ",\n".join(lines)
        + "\n]}\n"
    )


def _json(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value, ensure_ascii=False)


def _kind(term: Any) -> str:  # noqa: ANN401
    """How JSON-LD types a value: an IRI, a text in a language, a datatype, nothing for a string."""
    if not isinstance(term, ox.Literal):
        return "@id"
    if term.language:
        return "@language"
    return "" if term.datatype.value == XSD + "string" else _name(term.datatype)


def _values(terms: Sequence[Any], kind: str) -> Any:  # noqa: ANN401
    """The values of a property of one node, the only one without brackets."""
    if kind != "@language":
        values = [_value(term, typed=bool(kind)) for term in terms]
        return values[0] if len(values) == 1 else values
    texts: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        texts[turtle.LANGUAGE_CASE.get(term.language, term.language)].append(term.value)
    return {tag: some[0] if len(some) == 1 else some for tag, some in sorted(texts.items())}


def _value(term: Any, *, typed: bool) -> Any:  # noqa: ANN401
    """One value; ``typed`` where the context says what the values of its property are."""
    if not isinstance(term, ox.Literal):
        return _name(term) if typed else {"@id": _name(term)}
    if term.language:
        tag = turtle.LANGUAGE_CASE.get(term.language, term.language)
        return {"@language": tag, "@value": term.value}
    if term.datatype.value == XSD + "boolean" and term.value in ("true", "false"):
        return term.value == "true"
    if term.datatype.value == XSD + "integer" and re.fullmatch(r"0|-?[1-9]\d{0,14}", term.value):
        return int(term.value)
    if typed or term.datatype.value == XSD + "string":
        return term.value
    return {"@type": _name(term.datatype), "@value": term.value}


def _name(term: Any) -> str:  # noqa: ANN401
    """The short form of an IRI, if it has one; that of a blank node."""
    if not isinstance(term, ox.NamedNode):
        return str(term)
    return shorten(term.value).removeprefix("<").removesuffix(">")


def _sorted(triples: Iterable[ox.Triple]) -> Triples:
    return sorted(triples, key=str)
