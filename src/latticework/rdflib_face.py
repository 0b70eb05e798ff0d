"""The store as an rdflib Dataset whose SPARQL is Oxigraph's."""

from __future__ import annotations

from typing import Any

import oxrdflib
import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from latticework.errors import QueryProblem


class TextQueryStore(oxrdflib.OxigraphStore):
    """Refuses prepared queries, for which rdflib would silently take its own slow engine."""

    def query(self, query: Query | str, *args: Any, **kwargs: Any) -> Result:  # noqa: ANN401
        """Run a query given as text."""
        if isinstance(query, Query):
            raise QueryProblem("give the query as text; a prepared query would bypass Oxigraph")
        return super().query(query, *args, **kwargs)


def dataset(store: ox.Store) -> rdflib.Dataset:
    """A Dataset over the store; its default graph is the union of all graphs."""
    return rdflib.Dataset(store=TextQueryStore(store=store), default_union=True)
