"""The Python face: open the graph, ask it, walk it with rdflib and networkx.

>>> graph = open_graph()
>>> [row["state"].rpartition("/")[2] for row in graph.ask("overlap/in-one-not-in-the-other")]
['canada', 'new-zealand']
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.errors import InputError, OutputError, QueryProblem
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


Given = str | int | date


def _each(given: Given | Sequence[Given]) -> Sequence[Given]:
    return given if isinstance(given, list | tuple) else [given]  # type: ignore[list-item]


class KnowledgeGraph:
    """The data set, asked through Oxigraph; see :func:`open_graph`."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def ask(self, name: str, /, **parameters: Given | Sequence[Given]) -> Table:
        """Answer a named question; parameters take names in either language, dates as text.

        A list gives a parameter several values.
        """
        return self.query(self.bind(name, **parameters))

    def bind(self, name: str, /, **parameters: Given | Sequence[Given]) -> str:
        """Return the SPARQL of a named question with its parameters filled in."""
        asked = question(name)
        asked.check(parameters)
        kinds = dict(asked.parameters)
        return asked.bind(
            {
                key: [self._term(kinds.get(key, "thing"), one) for one in _each(given)]
                for key, given in parameters.items()
            }
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
        with _problems():
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
        with _problems():
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
        whole = not FROM.search(ASIDE.sub(" ", sparql))  # the union would make FROM mean nothing
        with _problems():
            return self.store.query(sparql, use_default_graph_as_union=whole, prefixes=PREFIXES)

    def _term(self, kind: str, given: str | int | date) -> ox.NamedNode | ox.Literal:
        from latticework.dates import day

        if kind == "date":
            on = given if isinstance(given, date) else day(str(given))
            return ox.Literal(on.isoformat(), datatype=ox.NamedNode(XSD + "date"))
        if kind in ("integer", "number"):
            if not str(given).lstrip("-").isdigit():
                raise InputError("'{given}' is no whole number", given=given)
            return ox.Literal(str(given), datatype=ox.NamedNode(XSD + "integer"))
        if kind in ("text", "string"):
            return ox.Literal(str(given))
        return ox.NamedNode(resolve(self.store, str(given), PARAMETER_KINDS.get(kind, ())))


@contextmanager
def _problems() -> Iterator[None]:
    """What the engine says of a query, when it reads it and while it answers, as our error."""
    try:
        yield
    except SyntaxError as error:
        reason = str(error.msg).removeprefix("error at ")
        raise QueryProblem("the query does not parse: {reason}", reason=_plain(reason)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryProblem("the query cannot be answered: {reason}", reason=error) from error


ASIDE = re.compile(r"<[^<>\s]*>|#[^\n]*|'[^'\n]*'|\"[^\"\n]*\"")
FROM = re.compile(r"(?<![\w?$:@-])FROM(?![\w:-])", re.IGNORECASE)
"""A query that names its own graphs, once IRIs, comments and strings are put aside."""


def _plain(reason: str) -> str:
    """The engine's reason without a list of all that would have been right there."""
    place, _, expected = reason.partition(" expected ")
    if expected.startswith("one of ") and len(expected) > 80:
        return f"{place} what stands there does not fit"
    return " ".join(reason.split())


def open_graph(
    extra: Sequence[Path | str] = (),
    *,
    sources: Collection[str] = (),
    store: Path | str | None = None,
) -> KnowledgeGraph:
    """Open the shipped graph, with further source folders if given.

    Args:
        extra: folders of further sources.
        sources: names of the sources whose facts to take, such as ``paper``; all by default.
        store: a folder in which Oxigraph keeps the data on disk, for larger data; built there
            when new, opened as it is otherwise. In memory by default.

    """
    from latticework import build as building

    paths = [Path(path) for path in extra]
    if store is None:
        return KnowledgeGraph(building.build(paths, only=sources, validate=False).store)
    place = Path(store)
    if not (place.is_dir() and any(place.iterdir())):
        _keep(building.build(paths, only=sources).store, place)
    try:
        return KnowledgeGraph(ox.Store.read_only(str(place)))
    except OSError as error:
        raise InputError(
            "{place} holds no data set of Oxigraph ({reason}); choose another folder",
            place=place,
            reason=error,
        ) from error


def _keep(store: ox.Store, place: Path) -> None:
    """Write a store to disk, whole or not at all."""
    from tempfile import TemporaryDirectory

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=place.parent, prefix=f".{place.name}-") as aside:
            disk = ox.Store(str(Path(aside) / "store"))
            disk.bulk_extend(store)
            disk.flush()
            del disk
            if place.is_dir():
                place.rmdir()
            (Path(aside) / "store").rename(place)
    except OSError as error:
        raise OutputError(
            "{target} cannot be written ({reason}); free some space or choose another place; "
            "nothing was changed",
            target=place,
            reason=error.strerror or error,
        ) from error
