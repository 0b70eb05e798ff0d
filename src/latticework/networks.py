"""The alliance web for network software and for IR data sets: GraphML, GEXF, CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date

import networkx as nx
import pyoxigraph as ox

from latticework.coverage import Coverage, covered
from latticework.index import Incidence
from latticework.terms import label
from latticework.vocabulary import LW, shorten
from latticework.web import Tie, ties

Cell = str | int | None


def period_web(store: ox.Store, data: Incidence) -> nx.MultiGraph:
    """Every tie of the whole period as an edge of its own, dates and sources as attributes."""
    graph = nx.MultiGraph()
    for iri in data.states:
        name = label(store, iri)
        graph.add_node(
            shorten(iri), label=name.en, label_zh=name.zh, iri=iri,
            iso=_code(store, iri, "isoCode"), cow=_code(store, iri, "cowCode"),
        )  # fmt: skip
    for number, tie in enumerate(ties(data), start=1):
        name = label(store, tie.arrangement)
        graph.add_edge(
            shorten(tie.one),
            shorten(tie.other),
            key=f"tie-{number}",
            label=name.en,
            label_zh=name.zh,
            kind=shorten(tie.arrangement),
            layer=shorten(tie.layer),
            sources=" ".join(shorten(source) for source in tie.sources),
            memberships=" ".join(shorten(membership) for membership in tie.memberships),
            earliest_begin=_iso(tie.earliest_begin),
            latest_begin=_iso(tie.latest_begin),
            earliest_end=_iso(tie.earliest_end),
            latest_end=_iso(tie.latest_end),
            status="certain" if tie.latest_begin <= tie.earliest_end else "possible",
        )
    return graph


def to_graphml(store: ox.Store, data: Incidence) -> str:
    """The whole period as GraphML; a day or year filter goes over the edge attributes."""
    return "\n".join(nx.generate_graphml(period_web(store, data))) + "\n"


def to_gexf(store: ox.Store, data: Incidence) -> str:
    """The whole period as dynamic GEXF 1.3, one edge a tie, with a spell of inclusive days.

    The spell is what is certain, or what is possible where nothing is (``status`` says which).
    """
    graph = period_web(store, data)
    for tie, (_, _, edge) in zip(ties(data), _edges_in_order(graph), strict=True):
        first, last = _spell(tie)
        edge["start"], edge["end"] = first.isoformat(), last.isoformat()
    for node, attributes in graph.nodes(data=True):
        own = [e for a, b, e in graph.edges(data=True) if node in (a, b)]
        if own:
            attributes["start"] = min(edge["start"] for edge in own)
            attributes["end"] = max(edge["end"] for edge in own)
    text = "\n".join(nx.generate_gexf(graph, version="1.3"))
    text = re.sub(r' lastmodifieddate="[^"]*"', "", text)  # the build must not depend on the day
    return text + "\n"


def _edges_in_order(graph: nx.MultiGraph) -> list[tuple[str, str, dict[str, str]]]:
    edges = graph.edges(keys=True, data=True)
    found = [(int(key.removeprefix("tie-")), a, b, edge) for a, b, key, edge in edges]
    return [(a, b, edge) for _, a, b, edge in sorted(found, key=lambda item: item[0])]


def _spell(tie: Tie) -> tuple[date, date]:
    if tie.latest_begin <= tie.earliest_end:
        return tie.latest_begin, tie.earliest_end
    return tie.earliest_begin or tie.latest_begin, tie.latest_end or tie.latest_begin


def spells_csv(store: ox.Store, data: Incidence) -> str:
    """State by arrangement by spell: one row a membership, with codes, dates as given, bounds."""
    head = (
        "state", "iso", "cow", "arrangement", "layer", "begin", "end", "earliest_begin",
        "latest_begin", "earliest_end", "latest_end", "source", "membership",
    )  # fmt: skip
    rows = []
    for i, membership in enumerate(data.memberships):
        state, arrangement = data.states[data.member[i]], int(data.arrangement[i])
        rows.append(
            (
                label(store, state).en,
                _code(store, state, "isoCode"),
                _code(store, state, "cowCode"),
                label(store, data.arrangements[arrangement]).en,
                shorten(data.layers[arrangement]),
                _literal(store, membership, "begin"),
                _literal(store, membership, "end"),
                _literal(store, membership, "earliestBegin"),
                _literal(store, membership, "latestBegin"),
                _literal(store, membership, "earliestEnd"),
                _literal(store, membership, "latestEnd"),
                shorten(data.sources[i]),
                membership,
            )
        )
    return _csv(head, sorted(rows))


def dyad_year_csv(store: ox.Store, data: Incidence, coverage: Sequence[Coverage]) -> str:
    """Dyad by year, both directions: numbers of arrangements that hold both, by layer.

    ``certain`` counts arrangements that certainly held both on some day of the year, ``possible``
    those that may have; both are empty in years that the sources do not cover in full.
    """
    layers = sorted(set(data.layers))
    head = ["state1", "iso1", "cow1", "state2", "iso2", "cow2", "year"]
    head += [
        f"{layer.rpartition('#')[2]}_{kind}" for layer in layers for kind in ("certain", "possible")
    ]
    named = {
        s: (label(store, s).en, _code(store, s, "isoCode"), _code(store, s, "cowCode"))
        for s in data.states
    }
    between: dict[tuple[str, str], list[Tie]] = {}
    for tie in ties(data):
        between.setdefault((tie.one, tie.other), []).append(tie)
        between.setdefault((tie.other, tie.one), []).append(tie)
    years = range(min(c.first.year for c in coverage), max(c.last.year for c in coverage) + 1)
    last = max(c.last for c in coverage)
    rows: list[tuple[Cell, ...]] = []
    for one in data.states:
        for other in data.states:
            if one == other:
                continue
            own = between.get((one, other), [])
            for year in years:
                counts = [c for layer in layers for c in _counts(own, layer, year, coverage, last)]
                rows.append((*named[one], *named[other], year, *counts))
    return _csv(head, rows)


def _counts(
    own: Iterable[Tie], layer: str, year: int, coverage: Sequence[Coverage], last: date
) -> tuple[int | None, int | None]:
    first, end = date(year, 1, 1), min(date(year, 12, 31), last)
    if not (covered(coverage, first, {layer}) and covered(coverage, end, {layer})):
        return None, None
    certain = {
        t.arrangement
        for t in own
        if t.layer == layer and max(t.latest_begin, first) <= min(t.earliest_end, end)
    }
    possible = {
        t.arrangement
        for t in own
        if t.layer == layer
        and max(t.earliest_begin or first, first) <= min(t.latest_end or end, end)
    }
    return len(certain), len(possible)


def _code(store: ox.Store, state: str, name: str) -> str:
    return _literal(store, state, name)


def _literal(store: ox.Store, subject: str, name: str) -> str:
    quads = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(LW + name), None, None)
    return " ".join(sorted({q.object.value for q in quads if isinstance(q.object, ox.Literal)}))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue()
