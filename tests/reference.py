"""The measures by networkx, and by their formulas where it has none: what ours are held to."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np

from latticework.companions import COMPANIONS
from latticework.structure import MEASURES


def held(membership: np.ndarray) -> list[set[int]]:
    """The members of every arrangement that ties somebody."""
    found = [set(np.flatnonzero(column).tolist()) for column in membership.T]
    return [members for members in found if len(members) >= 2]


def projection(arrangements: list[set[int]]) -> nx.Graph:
    return nx.Graph(pair for members in arrangements for pair in combinations(sorted(members), 2))


def lead(arrangements: list[set[int]], hub: int) -> dict[str, float | None]:
    """The lead panel, with the components of networkx."""
    graph = projection(arrangements)
    partners = sorted(graph[hub]) if hub in graph else []
    pairs = list(combinations(partners, 2))
    if not pairs:
        return dict.fromkeys(MEASURES)
    free = projection([members for members in arrangements if hub not in members])
    alone = [pair for pair in pairs if free.has_edge(*pair)]
    tied = [pair for pair in pairs if graph.has_edge(*pair)]
    without = graph.copy()
    without.remove_node(hub)
    return {
        "mediated": 1 - len(tied) / len(pairs),
        "convened": (len(tied) - len(alone)) / len(pairs),
        "autonomous": len(alone) / len(pairs),
        "dependence": 1 - connected(free, partners) / len(pairs),
        "dependence_hub_only": 1 - connected(without, partners) / len(pairs),
    }


def connected(graph: nx.Graph, among: list[int]) -> float:
    sizes = [len(part & set(among)) for part in nx.connected_components(graph)]
    return sum(size * (size - 1) / 2 for size in sizes)


def companions(
    arrangements: list[set[int]], hub: int, *, constraint: bool = True
) -> dict[str, float | None]:
    """The companion measures; without the fit of a core, which networkx has not.

    The constraint can be left out, as networkx is slow at it without SciPy.
    """
    graph = projection(arrangements)
    n, k = len(graph), len(graph[hub]) if hub in graph else 0
    found: dict[str, Any] = {name: None for name in COMPANIONS if name != "core_periphery"}
    if n:
        weights = weighted(arrangements)
        found["hub_share"] = weights.degree(hub, "weight") / weights.size("weight") if k else 0
        many = [members for members in arrangements if len(members) >= 3]
        found["multilateral_share"] = sum(map(len, many)) / sum(map(len, arrangements))
    if any(degree >= 2 for _, degree in graph.degree):
        found["transitivity"] = nx.transitivity(graph)
    if n >= 3:
        degrees = [degree for _, degree in graph.degree]
        brokers = nx.betweenness_centrality(graph).values()
        pairs = (n - 1) * (n - 2)
        found["degree_centralization"] = sum(max(degrees) - d for d in degrees) / pairs
        found["betweenness_centralization"] = sum(max(brokers) - b for b in brokers) / (n - 1)
    if not constraint:
        del found["constraint"]
    elif k:
        found["constraint"] = nx.constraint(graph)[hub]
    if k:
        found["effective_size"] = nx.effective_size(graph, [hub])[hub]
    if k >= 2:
        found["clustering"] = nx.clustering(graph, hub)
    if k and n >= 3:
        rest = graph.copy()
        rest.remove_node(hub)
        whole = nx.global_efficiency(graph)
        found["efficiency_loss"] = (whole - nx.global_efficiency(rest)) / whole
        found["spoke_density"] = nx.density(rest)
    return found


def weighted(arrangements: list[set[int]]) -> nx.Graph:
    """Every member of an arrangement spreads a weight of 1 over the others (Newman 2001)."""
    weights = nx.Graph()
    for members in arrangements:
        for one, other in combinations(sorted(members), 2):
            had = weights.get_edge_data(one, other, {"weight": 0})["weight"]
            weights.add_edge(one, other, weight=had + 1 / (len(members) - 1))
    return weights
