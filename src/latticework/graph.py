"""The Python face: open the graph, ask it, walk it with rdflib and networkx.

>>> graph = open_graph()
>>> [row["state"].rpartition("/")[2] for row in graph.ask("overlap/in-one-not-in-the-other")]
['canada', 'new-zealand']
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.errors import InputError, QueryProblem
from latticework.names import resolve
from latticework.results import Table, table
from latticework.vocabulary import PREFIXES, XSD

if TYPE_CHECKING:
    import networkx
    import rdflib

    from latticework.theory import Theory

PARAMETER_KINDS = {
    "state": ("state",),
    "arrangement": ("arr",),
    "person": ("person",),
    "series": ("series",),
    "instrument": ("ins",),
    "topic": ("topic",),
    "work": ("wrk",),
    "indicator": ("ind",),
    "concept": ("lwc",),
    "layer": ("lwc",),
    "actor": ("state", "group", "adm", "body", "person"),
}
"""Which kinds of thing a parameter may name; other kinds of parameter may name anything."""


class KnowledgeGraph:
    """The data set, asked through Oxigraph; see :func:`open_graph`."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def ask(self, name: str, **parameters: str | int | date) -> Table:
        """Answer a named question; parameters take names in either language, dates as text."""
        return self.query(self.bind(name, **parameters))

    def bind(self, name: str, **parameters: str | int | date) -> str:
        """Return the SPARQL of a named question with its parameters filled in."""
        asked = question(name)
        kinds = dict(asked.parameters)
        return asked.bind(
            {key: self._term(kinds.get(key, "thing"), given) for key, given in parameters.items()}
        )

    def kind(self, sparql: str) -> str:
        """``SELECT``, ``ASK`` or ``CONSTRUCT`` (which stands for DESCRIBE too)."""
        found = self._run(sparql)
        if isinstance(found, ox.QuerySolutions):
            return "SELECT"
        return "ASK" if isinstance(found, ox.QueryBoolean) else "CONSTRUCT"

    def query(self, sparql: str) -> Table:
        """Answer a SELECT over the union of all sources and rules."""
        found = self._run(sparql)
        if not isinstance(found, ox.QuerySolutions):
            raise QueryProblem("this is no SELECT query; use construct() or test()")
        return table(found)

    def construct(self, sparql: str) -> rdflib.Graph:
        """Run a CONSTRUCT or DESCRIBE and return an rdflib graph."""
        import rdflib

        data = ox.serialize(self.triples(sparql), format=ox.RdfFormat.N_TRIPLES)
        return rdflib.Graph().parse(data=data, format="nt")

    def triples(self, sparql: str) -> list[ox.Triple]:
        """Run a CONSTRUCT or DESCRIBE and return pyoxigraph triples."""
        found = self._run(sparql)
        if not isinstance(found, ox.QueryTriples):
            raise QueryProblem("this is no CONSTRUCT or DESCRIBE query; use query() or test()")
        return list(found)

    def test(self, sparql: str) -> bool:
        """Answer an ASK."""
        found = self._run(sparql)
        if not isinstance(found, ox.QueryBoolean):
            raise QueryProblem("this is no ASK query; use query() or construct()")
        return bool(found)

    @property
    def dataset(self) -> rdflib.Dataset:
        """The same data as an rdflib Dataset whose SPARQL is Oxigraph's."""
        from latticework.rdflib_face import dataset

        return dataset(self.store)

    def web(
        self,
        as_of: str | date,
        *,
        layers: Collection[str] | None = None,
        sources: Collection[str] | None = None,
        beyond_region: bool = False,
    ) -> networkx.MultiGraph:
        """The alliance web on a day, as :func:`latticework.web.alliance_web` gives it."""
        from latticework.dates import day
        from latticework.index import DEFAULT_LAYERS, incidence
        from latticework.web import alliance_web

        data = incidence(
            self.store,
            layers=DEFAULT_LAYERS if layers is None else layers,
            sources=sources,
            beyond_region=beyond_region,
        )
        return alliance_web(data, as_of if isinstance(as_of, date) else day(as_of))

    def theory(self, sources: Collection[str] | None = None) -> Theory:
        """What the sources (all by default) say of the framework; see :mod:`latticework.theory`."""
        from latticework.theory import read_theory

        return read_theory(self.store, sources)

    def _run(self, sparql: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        try:
            return self.store.query(sparql, use_default_graph_as_union=True, prefixes=PREFIXES)
        except SyntaxError as error:
            reason = str(error.msg).removeprefix("error at ")
            raise QueryProblem(f"the query does not parse: {reason}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryProblem(str(error)) from error

    def _term(self, kind: str, given: str | int | date) -> ox.NamedNode | ox.Literal:
        from latticework.dates import day

        if kind == "date":
            on = given if isinstance(given, date) else day(str(given))
            return ox.Literal(on.isoformat(), datatype=ox.NamedNode(XSD + "date"))
        if kind in ("integer", "number"):
            if not str(given).lstrip("-").isdigit():
                raise InputError(f"'{given}' is no whole number")
            return ox.Literal(str(given), datatype=ox.NamedNode(XSD + "integer"))
        if kind in ("text", "string"):
            return ox.Literal(str(given))
        return ox.NamedNode(resolve(self.store, str(given), PARAMETER_KINDS.get(kind, ())))


def open_graph(
    extra: Sequence[Path | str] = (), *, store: Path | str | None = None
) -> KnowledgeGraph:
    """Open the shipped graph, with further source folders if given.

    Args:
        extra: folders of further sources.
        store: a folder in which Oxigraph keeps the data on disk, for larger data; built there
            when new, opened as it is otherwise. In memory by default.

    """
    from latticework import build as building

    paths = [Path(path) for path in extra]
    if store is None:
        return KnowledgeGraph(building.build(paths, validate=False).store)
    place = Path(store)
    if place.is_dir() and any(place.iterdir()):
        return KnowledgeGraph(ox.Store.read_only(str(place)))
    built = building.build(paths)
    disk = ox.Store(str(place))
    disk.bulk_extend(built.store)
    disk.flush()
    return KnowledgeGraph(disk)
