"""The alliance web: which states are tied by which arrangements, at a date and over time.

Every tie is kept: the same two states may be tied by a treaty, a trilateral and the Quad at
once, and each is an edge of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import networkx as nx
import numpy as np

from latticework.index import FIRST_DAY, LAST_DAY, Incidence, Mask


@dataclass(frozen=True)
class Tie:
    """Two states held together by one arrangement, on the word of two memberships.

    Days are inclusive; ``None`` is unbounded. The tie is certain from ``latest_begin`` to
    ``earliest_end`` (where the first does not come after the second) and possible from
    ``earliest_begin`` to ``latest_end``.
    """

    one: str
    other: str
    arrangement: str
    layer: str
    memberships: tuple[str, str]
    sources: tuple[str, ...]
    earliest_begin: date | None
    latest_begin: date
    earliest_end: date
    latest_end: date | None


def ties(data: Incidence, among: Mask | None = None) -> list[Tie]:
    """All ties over the whole period, in stable order; without those that can never have held.

    Args:
        data: the dated incidence.
        among: the memberships to look at, all by default.

    """
    by_arrangement: dict[int, list[int]] = {}
    for i in range(len(data.member)) if among is None else np.flatnonzero(among):
        by_arrangement.setdefault(int(data.arrangement[i]), []).append(int(i))
    found = [
        tie
        for members in by_arrangement.values()
        for i, j in combinations(members, 2)
        if (tie := _tie(data, i, j)) is not None
    ]
    return sorted(found, key=lambda t: (t.one, t.other, t.arrangement, t.memberships))


def _tie(data: Incidence, i: int, j: int) -> Tie | None:
    if data.states[data.member[i]] > data.states[data.member[j]]:
        i, j = j, i
    first = max(int(data.earliest_begin[i]), int(data.earliest_begin[j]))
    last = min(int(data.latest_end[i]), int(data.latest_end[j]))
    if data.member[i] == data.member[j] or first > last:
        return None
    arrangement = int(data.arrangement[i])
    return Tie(
        one=data.states[data.member[i]],
        other=data.states[data.member[j]],
        arrangement=data.arrangements[arrangement],
        layer=data.layers[arrangement],
        memberships=(data.memberships[i], data.memberships[j]),
        sources=tuple(sorted({data.sources[i], data.sources[j]})),
        earliest_begin=None if first <= FIRST_DAY else date.fromordinal(first),
        latest_begin=_day(max(int(data.latest_begin[i]), int(data.latest_begin[j]))),
        earliest_end=_day(min(int(data.earliest_end[i]), int(data.earliest_end[j]))),
        latest_end=None if last >= LAST_DAY else date.fromordinal(last),
    )


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


def ties_on(data: Incidence, on: date) -> Iterator[tuple[Tie, bool]]:
    """The ties that may hold on a day, each with whether it certainly does."""
    for tie in ties(data, data.possible(on.toordinal())):
        yield tie, tie.latest_begin <= on <= tie.earliest_end


def alliance_web(data: Incidence, on: date) -> nx.MultiGraph:
    """The alliance web on a day as a networkx multigraph.

    Nodes are IRIs of states that have a tie; the key of an edge is the arrangement. Edges carry
    ``layer``, ``status`` ("certain" or "possible"), ``memberships`` and ``sources``. Two sources
    that attest one tie make one edge.
    """
    graph = nx.MultiGraph(as_of=on.isoformat())
    for tie, sure in ties_on(data, on):
        if graph.has_edge(tie.one, tie.other, key=tie.arrangement):
            edge = graph.edges[tie.one, tie.other, tie.arrangement]
            edge["status"] = "certain" if sure else edge["status"]
            edge["memberships"] = sorted({*edge["memberships"], *tie.memberships})
            edge["sources"] = sorted({*edge["sources"], *tie.sources})
            continue
        graph.add_edge(
            tie.one,
            tie.other,
            key=tie.arrangement,
            layer=tie.layer,
            status="certain" if sure else "possible",
            memberships=sorted(tie.memberships),
            sources=list(tie.sources),
        )
    return graph
