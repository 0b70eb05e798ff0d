"""The alliance web for network software and for IR data sets: GraphML, GEXF, CSV.

What each holds, column by column, stands in docs/exports.md.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from xml.etree import ElementTree as ET

import networkx as nx
import pyoxigraph as ox

from latticework import __version__
from latticework.coverage import NOT_COVERED, Coverage
from latticework.description import LICENCE
from latticework.index import FIRST_DAY, LAST_DAY, Incidence
from latticework.store import select
from latticework.terms import label
from latticework.vocabulary import DCT_SOURCE, LW, shorten
from latticework.web import Tie, ties

Cell = str | int | None
Span = tuple[date | None, date | None]
"""First and last day, both included; ``None`` is unbounded."""

GEXF = "http://gexf.net/1.3"
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"


# Every tie: GraphML ------------------------------------------------------------------------------


def period_web(store: ox.Store, data: Incidence) -> nx.MultiGraph:
    """Every tie of the whole period as an edge of its own, dates and sources as attributes."""
    graph = nx.MultiGraph(name="The alliance web", licence=LICENCE)
    for iri in data.states:
        graph.add_node(shorten(iri), **_state(store, iri))
    for number, tie in enumerate(ties(data), start=1):
        name = label(store, tie.arrangement)
        bounds = {
            "earliest_begin": _iso(tie.earliest_begin),
            "latest_begin": _iso(tie.latest_begin),
            "earliest_end": _iso(tie.earliest_end),
            "latest_end": _iso(tie.latest_end),
        }
        graph.add_edge(
            shorten(tie.one),
            shorten(tie.other),
            key=f"tie-{number}",
            label=name.en,
            label_zh=name.zh,
            arrangement=shorten(tie.arrangement),
            layer=shorten(tie.layer),
            status="certain" if tie.latest_begin <= tie.earliest_end else "possible",
            sources=" ".join(map(shorten, tie.sources)),
            memberships=" ".join(map(shorten, tie.memberships)),
            **{name: day for name, day in bounds.items() if day},
        )
    return graph


def to_graphml(store: ox.Store, data: Incidence) -> str:
    """The whole period as GraphML; a filter by day goes over the edge attributes."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + "\n".join(nx.generate_graphml(period_web(store, data))) + "\n"


def _state(store: ox.Store, iri: str) -> dict[str, str]:
    """What network software is told of a state; codes that it has none of are left out."""
    name = label(store, iri)
    codes = {"iso": _values(store, iri, "isoCode"), "ccode": _values(store, iri, "cowCode")}
    known = {key: code for key, code in codes.items() if code}
    return {"label": name.en, "label_zh": name.zh, "iri": iri} | known


# Two states by one arrangement, with its spells: GEXF --------------------------------------------


@dataclass(frozen=True)
class Relation:
    """Two states and an arrangement that holds both: all ties of the three, over all days."""

    one: str
    other: str
    arrangement: str
    layer: str
    sources: tuple[str, ...]
    memberships: tuple[str, ...]
    certain: tuple[Span, ...]
    """The stretches of days on which it certainly holds, in order and apart from each other."""
    possible: tuple[Span, ...]
    """The same for the days on which it may hold; these include the certain ones."""

    @property
    def spells(self) -> tuple[Span, ...]:
        """The certain stretches, or the possible ones where none is certain."""
        return self.certain or self.possible


def relations(data: Incidence) -> list[Relation]:
    """All ties, those of the same two states by the same arrangement put together."""
    found: dict[tuple[str, str, str], list[Tie]] = {}
    for tie in ties(data):
        found.setdefault((tie.one, tie.other, tie.arrangement), []).append(tie)
    return [
        Relation(
            *key,
            layer=own[0].layer,
            sources=tuple(sorted({source for tie in own for source in tie.sources})),
            memberships=tuple(sorted({name for tie in own for name in tie.memberships})),
            certain=stretches((tie.latest_begin, tie.earliest_end) for tie in own),
            possible=stretches((tie.earliest_begin, tie.latest_end) for tie in own),
        )
        for key, own in found.items()
    ]


def stretches(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans joined where they overlap or follow each other day by day; empty ones left out.

    >>> stretches([(date(2007, 1, 1), date(2007, 1, 2)), (date(2007, 1, 3), None)])
    ((datetime.date(2007, 1, 1), None),)
    """
    joined: list[list[int]] = []
    for first, last in sorted((_first(span), _last(span)) for span in spans):
        if first > last:
            continue
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return tuple(
        (
            None if first == FIRST_DAY else date.fromordinal(first),
            None if last == LAST_DAY else date.fromordinal(last),
        )
        for first, last in joined
    )


def _first(span: Span) -> int:
    return span[0].toordinal() if span[0] else FIRST_DAY


def _last(span: Span) -> int:
    return span[1].toordinal() if span[1] else LAST_DAY


def to_gexf(store: ox.Store, data: Incidence) -> str:
    """The whole period as dynamic GEXF 1.3: an edge a relation, a spell a stretch of days.

    Parallel edges differ in ``kind``, the arrangement, so that Gephi keeps them apart. A state is
    there while it is a member of something, and as long as its ties.
    """
    tied = relations(data)
    root = ET.Element("gexf", {"xmlns": GEXF, "xmlns:xsi": SCHEMA, "version": "1.3"})
    root.set("xsi:schemaLocation", f"{GEXF} {GEXF}/gexf.xsd")
    _meta(ET.SubElement(root, "meta"))
    graph = ET.SubElement(root, "graph", defaultedgetype="undirected", idtype="string")
    graph.attrib |= {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    states = [_state(store, iri) for iri in data.states]
    edges = [_edge(store, relation) for relation in tied]
    _declare(graph, "node", states)
    _declare(graph, "edge", edges)
    there = _presence(data, tied)
    nodes = ET.SubElement(graph, "nodes", count=str(len(states)))
    for iri, state in zip(data.states, states, strict=True):
        _add(nodes, "node", {"id": shorten(iri)}, state, there[iri])
    lines = ET.SubElement(graph, "edges", count=str(len(edges)))
    for number, (relation, edge) in enumerate(zip(tied, edges, strict=True), start=1):
        ends = {"source": shorten(relation.one), "target": shorten(relation.other)}
        kind = {"kind": shorten(relation.arrangement)}
        _add(lines, "edge", {"id": f"relation-{number}"} | ends | kind, edge, relation.spells)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _meta(meta: ET.Element) -> None:
    """Who made it and under which licence; no date, so that the same data give the same bytes."""
    ET.SubElement(meta, "creator").text = f"latticework {__version__}"
    ET.SubElement(meta, "description").text = (
        "The alliance web: states, and the arrangements that tie them. A spell is what is certain, "
        "or what is possible where nothing is (attribute status); days are inclusive. "
        f"Licence: {LICENCE}; background sources keep their own terms."
    )


def _edge(store: ox.Store, relation: Relation) -> dict[str, str]:
    name = label(store, relation.arrangement)
    return {
        "label": name.en,
        "label_zh": name.zh,
        "arrangement": shorten(relation.arrangement),
        "layer": shorten(relation.layer),
        "status": "certain" if relation.certain else "possible",
        "certain": _text(relation.certain),
        "possible": _text(relation.possible),
        "sources": " ".join(map(shorten, relation.sources)),
        "memberships": " ".join(map(shorten, relation.memberships)),
    }


def _presence(data: Incidence, tied: Iterable[Relation]) -> dict[str, tuple[Span, ...]]:
    """When each state is there: as a certain member of something, or at an end of a tie."""
    spans: dict[str, list[Span]] = {iri: [] for iri in data.states}
    for i, state in enumerate(data.member):
        first, last = int(data.latest_begin[i]), int(data.earliest_end[i])
        if first <= last:
            spans[data.states[state]].append((date.fromordinal(first), date.fromordinal(last)))
    for relation in tied:
        spans[relation.one] += relation.spells
        spans[relation.other] += relation.spells
    return {iri: stretches(own) for iri, own in spans.items()}


def _declare(graph: ET.Element, kind: str, elements: Iterable[dict[str, str]]) -> None:
    """The attributes of nodes or edges; the label is none of them."""
    declared = ET.SubElement(graph, "attributes", {"class": kind, "mode": "static"})
    for name in sorted({name for values in elements for name in values} - {"label"}):
        ET.SubElement(declared, "attribute", id=name, title=name, type="string")


def _add(
    parent: ET.Element,
    kind: str,
    identity: dict[str, str],
    values: dict[str, str],
    spans: Iterable[Span],
) -> None:
    """A node or an edge; an unbounded side of a spell is left out, as the format has it."""
    element = ET.SubElement(parent, kind, identity | {"label": values["label"]})
    given = ET.SubElement(element, "attvalues")
    for name, value in sorted(values.items()):
        if value and name != "label":
            ET.SubElement(given, "attvalue", {"for": name, "value": value})
    spells = ET.SubElement(element, "spells")
    for first, last in spans:
        bounds = {"start": _iso(first), "end": _iso(last)}
        ET.SubElement(spells, "spell", {name: day for name, day in bounds.items() if day})
    if not len(spells):
        element.remove(spells)


def _text(spans: Iterable[Span]) -> str:
    """Stretches as ``1951-09-01/1952-12-31 2017-11-01/..``."""
    return " ".join(f"{_iso(first) or '..'}/{_iso(last) or '..'}" for first, last in spans)


# Tables ------------------------------------------------------------------------------------------


def spells_csv(store: ox.Store, sources: Collection[str] | None = None) -> str:
    """State by arrangement by spell: one row a membership, whatever its layer, status and role.

    Args:
        store: the data set.
        sources: source IRIs; all by default.

    """
    head = (
        "state_id", "state", "iso", "ccode", "arrangement_id", "arrangement", "layer",
        "asia_pacific", "status", "role", "begin", "begin_unknown", "attested", "end",
        "end_unknown", "earliest_begin", "latest_begin", "earliest_end", "latest_end", "source",
        "membership",
    )  # fmt: skip
    rows = []
    for row in select(store, _MEMBERSHIPS):
        membership, member, arrangement, source = (
            str(getattr(row[name], "value", ""))
            for name in ("membership", "member", "arrangement", "source")
        )
        if sources is not None and source not in sources:
            continue
        rows.append(
            (
                shorten(member),
                label(store, member).en,
                _values(store, member, "isoCode"),
                _values(store, member, "cowCode"),
                shorten(arrangement),
                label(store, arrangement).en,
                *(_values(store, arrangement, n) for n in ("layer", "ofAsiaPacific", "status")),
                *(_values(store, membership, name) for name in _OF_A_MEMBERSHIP),
                shorten(source),
                shorten(membership),
            )
        )
    return _csv(head, sorted(rows))


_MEMBERSHIPS = f"""PREFIX lw: <{LW}>
SELECT ?membership ?member ?arrangement ?source {{
  ?membership a lw:Membership ; lw:member ?member ; lw:arrangement ?arrangement ;
      <{DCT_SOURCE}> ?source
}}"""
_OF_A_MEMBERSHIP = (
    "membershipRole", "begin", "unknownBegin", "attested", "end", "unknownEnd",
    "earliestBegin", "latestBegin", "earliestEnd", "latestEnd",
)  # fmt: skip


def dyad_year_csv(store: ox.Store, data: Incidence, coverage: Sequence[Coverage]) -> str:
    """Dyad by year, both directions: numbers of arrangements that hold both, by layer.

    ``certain`` counts arrangements that certainly held both on some day of the year, ``possible``
    those that may have; both are empty in years that the sources do not cover throughout.
    """
    layers = sorted(data.asked)
    head = ["state1", "iso1", "ccode1", "state2", "iso2", "ccode2", "year"]
    head += [f"{_snake(layer)}_{sure}" for layer in layers for sure in ("certain", "possible")]
    named = {
        iri: (label(store, iri).en, *(_values(store, iri, n) for n in ("isoCode", "cowCode")))
        for iri in data.states
    }
    held: dict[tuple[str, str], list[Relation]] = {}
    for relation in relations(data):
        held.setdefault((relation.one, relation.other), []).append(relation)
        held.setdefault((relation.other, relation.one), []).append(relation)
    years = _years(coverage)
    told = {layer: _covered(coverage, layer) for layer in layers}
    rows: list[tuple[Cell, ...]] = []
    for one, other in permutations(data.states, 2):
        for year in years:
            counts = [
                count
                for layer in layers
                for count in _counts(held.get((one, other), []), layer, year, told[layer])
            ]
            rows.append((*named[one], *named[other], year[0].year, *counts))
    return _csv(head, rows)


def _years(coverage: Sequence[Coverage]) -> list[tuple[date, date]]:
    """First and last day of every year of which a source speaks; the last ends at the horizon."""
    if not coverage:
        return []
    horizon = max(c.last for c in coverage)
    first = min(c.first for c in coverage)
    return [
        (date(year, 1, 1), min(date(year, 12, 31), horizon))
        for year in range(first.year, horizon.year + 1)
    ]


def _covered(coverage: Iterable[Coverage], layer: str) -> tuple[Span, ...]:
    """The stretches of days on which some source covers a layer, at least partly."""
    own = (c for c in coverage if c.layer == layer and c.degree != NOT_COVERED)
    return stretches((c.first, c.last) for c in own)


def _counts(
    own: Iterable[Relation], layer: str, year: tuple[date, date], covered: Iterable[Span]
) -> tuple[int | None, int | None]:
    """Arrangements of a layer that certainly, and possibly, hold the two on a day of a year."""
    if not any(_first(span) <= _first(year) and _last(year) <= _last(span) for span in covered):
        return None, None
    chosen = [relation for relation in own if relation.layer == layer]
    return (
        sum(_meet(relation.certain, year) for relation in chosen),
        sum(_meet(relation.possible, year) for relation in chosen),
    )


def _meet(spans: Iterable[Span], year: Span) -> bool:
    return any(_first(span) <= _last(year) and _first(year) <= _last(span) for span in spans)


def _values(store: ox.Store, subject: str, name: str) -> str:
    """The values of one property of a thing, texts as they are and names in short form."""
    quads = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(LW + name), None, None)
    terms = {quad.object for quad in quads}
    return " ".join(
        sorted(
            shorten(t.value) if isinstance(t, ox.NamedNode) else str(getattr(t, "value", t))
            for t in terms
        )
    )


def _snake(iri: str) -> str:
    """The name of a concept as a column: ``treaty_alliance``."""
    return re.sub(r"(?=[A-Z])", "_", iri.rpartition("#")[2]).lower()


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue()
