"""The data about one thing as a small document: what it says, what names it, their labels."""

from __future__ import annotations

from functools import cache
from itertools import chain

import pyoxigraph as ox

from latticework.build import read_ontology
from latticework.description import ours, with_a_part
from latticework.export import serialize
from latticework.resources import folder
from latticework.vocabulary import CONCEPTS, ONTOLOGY, PREFIXES, RDFS_LABEL

FORMS = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
"""Suffix and media type of every form in which data are given."""
VOCABULARIES = {ONTOLOGY: "latticework.ttl", CONCEPTS: "concepts.ttl"}
WRITERS = {"jsonld": ox.RdfFormat.JSON_LD, "nt": ox.RdfFormat.N_TRIPLES}


def document(store: ox.Store, iri: str, form: str) -> bytes:
    """The data about ``iri`` as ``ttl``, ``jsonld`` or ``nt``.

    Its own statements, the statements that name it, a label for all of ours that occurs, and
    the name and licence of the data set. The ontology and the closed lists come whole.
    """
    if iri in VOCABULARIES:
        return _vocabulary(VOCABULARIES[iri], form)
    node = ox.NamedNode(iri)
    said = store.quads_for_pattern(node, None, None, None)
    naming = store.quads_for_pattern(None, None, node, None)
    own = {quad.triple for quad in chain(said, naming) if _without_blank_nodes(quad.triple)}
    names = {triple for thing in ours(own) for triple in _labels(store, thing)}
    return serialize(own | names | _whole(), form)


def _vocabulary(file: str, form: str) -> bytes:
    """A file of the ontology, as it is or as another form; its lists need blank nodes."""
    if form == "ttl":
        return (folder("ontology") / file).read_bytes()
    written = ox.serialize(read_ontology(file), format=WRITERS[form], prefixes=_prefixes(form))
    assert written is not None
    return written


def _prefixes(form: str) -> dict[str, str] | None:
    return dict(PREFIXES) if form == "jsonld" else None


def _without_blank_nodes(triple: ox.Triple) -> bool:
    return not isinstance(triple.subject, ox.BlankNode) and not isinstance(
        triple.object, ox.BlankNode
    )


@cache
def _whole() -> frozenset[ox.Triple]:
    return frozenset(with_a_part())


def _labels(store: ox.Store, iri: str) -> list[ox.Triple]:
    quads = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDFS_LABEL), None, None)
    return [quad.triple for quad in quads]
