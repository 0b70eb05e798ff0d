"""The data set in memory: one Oxigraph store with a named graph for every source and rule.

``SELECT`` and ``CONSTRUCT`` run over the union of the graphs, so that a question needs no
``GRAPH`` unless it asks who says so.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

Row = dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]


def select(store: ox.Store, query: str) -> list[Row]:
    """Run a SELECT over the union of all graphs; unbound variables are absent from a row."""
    solutions = store.query(query, use_default_graph_as_union=True)
    if not isinstance(solutions, ox.QuerySolutions):
        raise TypeError("not a SELECT query")
    names = [variable.value for variable in solutions.variables]
    return [
        {name: term for name in names if (term := solution[name]) is not None}
        for solution in solutions
    ]


def construct(store: ox.Store, query: str) -> list[ox.Triple]:
    """Run a CONSTRUCT over the union of all graphs."""
    triples = store.query(query, use_default_graph_as_union=True)
    if not isinstance(triples, ox.QueryTriples):
        raise TypeError("not a CONSTRUCT query")
    return list(triples)


def add(store: ox.Store, triples: Iterable[ox.Triple], graph: str) -> None:
    """Add triples under one named graph."""
    name = ox.NamedNode(graph)
    store.extend(ox.Quad(t.subject, t.predicate, t.object, name) for t in triples)
