"""Classic measures of one web beside the lead panel, and through time.

They are here for comparison with the literature. All look at the *projection*: states that have a
tie are the nodes, and two are tied if some arrangement holds both; only ``hub_share`` and
``multilateral_share`` look at the arrangements themselves. All are numbers without a unit.

Computed with numpy alone, on dense matrices: shortest paths are counted from all states at once
by matrix products (Brandes 2001, Journal of Mathematical Sociology 25(2), 163-177).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from latticework.core_periphery import best_core
from latticework.coverage import Coverage, covered
from latticework.index import Incidence, Mask
from latticework.structure import UNITED_STATES, change_days, world
from latticework.ties import projection

Matrix = npt.NDArray[np.float64]

COMPANIONS = (
    "degree_centralization",
    "betweenness_centralization",
    "hub_share",
    "spoke_density",
    "constraint",
    "effective_size",
    "clustering",
    "core_periphery",
    "transitivity",
    "efficiency_loss",
    "multilateral_share",
)
"""The fields of :class:`Companions` that are measures, in the order in which they are shown."""

TINY = 1e-12
"""Differences below this are rounding."""


@dataclass(frozen=True)
class Companions:
    """The companion measures of one web; ``None`` where a measure is not defined.

    In the formulas d(i) is the number of states tied to i, h the hub, N its partners. *Star* is
    the hub with k spokes, *clique* is k + 1 states all tied to each other, one n-ary pact as well.
    """

    n: int
    """States with any tie."""
    k: int
    """Partners of the hub."""
    degree_centralization: float | None = None
    """How far ties gather at the state with most: sum of (max d - d(i)) / ((n - 1)(n - 2)).

    From 0 to 1; star 1, clique 0; not defined for n < 3. Whose ties they are it does not say.
    Freeman 1979, Social Networks 1(3), 215-239.
    """
    betweenness_centralization: float | None = None
    """The same for brokerage: sum of (max b - b(i)) / (n - 1).

    b(i) is the share of shortest paths between two others that lead through i, averaged over all
    pairs of others. From 0 to 1; star 1, clique 0; not defined for n < 3. Freeman 1979 (as above).
    """
    most_central: tuple[int, ...] = ()
    """Rows of the states with the greatest betweenness, which need not be the hub.

    Star: the hub. Clique: none, as nobody stands between two others.
    """
    hub_share: float | None = None
    """The hub's part of all tie weight: sum of w(h, j) over j / sum of w(i, j) over all pairs.

    w(i, j) is the sum of 1 / (members - 1) over the arrangements that hold both (Newman 2001,
    Physical Review E 64, 016132), so that a member spreads a weight of 1 over the others. From 0
    to 1; star 1, clique 2 / (k + 1), as has one n-ary pact; not defined without a tie.
    """
    spoke_density: float | None = None
    """Tied pairs of the n - 1 other states / all their pairs, partners of the hub or not.

    From 0 to 1; star 0, clique 1; not defined for n < 3 or k = 0. Equals ``clustering`` where all
    others are partners. (Density: Wasserman and Faust 1994, Social Network Analysis, ch. 4.)
    """
    constraint: float | None = None
    """Burt's constraint on the hub: sum over j in N of (p(h, j) + sum over q of p(h, q) p(q, j))^2.

    p(i, j) = 1 / d(i) for states that are tied, else 0. Low where many partners are not tied to
    each other. Above 0, mostly below 1 (9/8 in a triangle); star 1 / k, clique (2k - 1)^2 / k^3;
    not defined for k = 0. Burt 1992, Structural Holes, ch. 2.
    """
    effective_size: float | None = None
    """Partners of the hub that are not redundant: k - 2t / k, t the tied pairs of partners.

    Equals k - (k - 1) * clustering. From 1 to k; star k, clique 1; not defined for k = 0.
    Burt 1992 (as above), in the form of Borgatti 1997, Connections 20(1), 35-38.
    """
    clustering: float | None = None
    """Tied pairs of partners of the hub / all pairs of partners.

    From 0 to 1; star 0, clique 1; not defined for k < 2. Equals convened + autonomous. Watts and
    Strogatz 1998, Nature 393, 440-442.
    """
    core_periphery: float | None = None
    """How well the best core fits: the correlation with a web in which two states are tied exactly
    if at least one of them is in the core.

    Pearson's correlation over all pairs of states, the greatest over all cores of 1 to n - 2
    states: exact for n up to 16, beyond that the best that a search finds, a lower bound (see
    :func:`latticework.core_periphery.best_core`). Above 0 to 1; star 1; clique not defined, as all
    pairs are alike; not defined for n < 3. Borgatti and Everett 1999, Social Networks 21(4),
    375-395.
    """
    core: tuple[int, ...] = ()
    """Rows of the states of that core; of several as good (n up to 16), one of the smallest."""
    transitivity: float | None = None
    """Closed triples / all triples of states of which one is tied to the two others.

    From 0 to 1; star 0, clique 1; not defined where no state has two ties. Newman 2001 (as above).
    """
    efficiency_loss: float | None = None
    """Global efficiency lost without the hub: (E(G) - E(G without h)) / E(G).

    E is 1 / distance, averaged over all pairs of states, 0 for two that are not connected; without
    the hub it is that of the n - 1 others. At most 1; star 1, clique 0; below 0 where the others
    are closer to each other than to the hub; not defined for n < 3 or k = 0. Latora and Marchiori
    2001, Physical Review Letters 87, 198701; as loss 2005, Physical Review E 71, 015103.
    """
    multilateral_share: float | None = None
    """Memberships in arrangements of three or more / memberships in arrangements of two or more.

    Counted are members that are named. From 0 to 1; star of bilateral ties 0, one pact of three or
    more 1; not defined without a tie.
    """


@dataclass(frozen=True)
class Measured:
    """The companion measures at a date."""

    date: date
    covered: bool
    """False outside the coverage of the sources: the measures are then missing, not 0."""
    companions: Companions | None
    """Those of the certain web."""
    most_central: tuple[str, ...]
    """IRIs of the states with the greatest betweenness."""
    core: tuple[str, ...]
    """IRIs of the states of the best core."""


def companions(membership: Mask, hub: int) -> Companions:
    """Companion measures of one web.

    Args:
        membership: states by arrangements, True where the state is a member.
        hub: row of the hub.

    """
    return _with_arrangements(of_graph(projection(membership), hub), membership, hub)


def companion_series(
    data: Incidence,
    coverage: Sequence[Coverage],
    hub: str = UNITED_STATES,
    days: Iterable[date] | None = None,
) -> list[Measured]:
    """The companion measures on the given days, by default at every change point.

    What depends on the projection alone is computed once for each distinct one.
    """
    known: dict[bytes, Companions] = {}
    found = []
    for on in change_days(data, coverage) if days is None else days:
        if hub not in data.states or not covered(coverage, on, data.asked):
            found.append(Measured(on, False, None, (), ()))
            continue
        row = data.states.index(hub)
        membership = world(data, data.certain(on.toordinal()))
        tied = projection(membership)
        key = np.packbits(tied).tobytes()
        if key not in known:
            known[key] = of_graph(tied, row)
        one = _with_arrangements(known[key], membership, row)
        named = (tuple(data.states[i] for i in rows) for rows in (one.most_central, one.core))
        found.append(Measured(on, True, one, *named))
    return found


def _with_arrangements(graph: Companions, membership: Mask, hub: int) -> Companions:
    """Fill in the two measures that need the arrangements.

    Every member of an arrangement spreads a weight of 1 over the others, so that the weights need
    not be made: the hub's is the number of its arrangements, that of all half the memberships.
    """
    sizes = np.count_nonzero(membership, axis=0)
    tying = sizes >= 2
    memberships = int(sizes[tying].sum())
    if not memberships:
        return graph
    return replace(
        graph,
        hub_share=int(np.count_nonzero(membership[hub] & tying)) / (memberships / 2),
        multilateral_share=int(sizes[sizes >= 3].sum()) / memberships,
    )


def of_graph(tied: Mask, hub: int) -> Companions:
    """The measures of a projection; the two that need the arrangements are left out.

    Args:
        tied: states by states, symmetric, without a diagonal.
        hub: row of the hub.

    """
    nodes = np.flatnonzero(tied.any(axis=1))
    n, k = len(nodes), int(np.count_nonzero(tied[hub]))
    own = tied[np.ix_(nodes, nodes)]
    ties = own.astype(np.float64)
    two_steps = ties @ ties
    degrees = ties.sum(axis=1)
    triples = float((degrees * (degrees - 1)).sum())
    fit, core = best_core(own)
    found = Companions(
        n=n,
        k=k,
        core_periphery=fit,
        core=tuple(int(nodes[i]) for i in core),
        transitivity=float((two_steps * ties).sum()) / triples if triples else None,
    )
    row = int(np.searchsorted(nodes, hub))
    if k:
        found = _with_contacts(found, ties, two_steps, row)
    if n < 3:
        return found
    levels = _shortest_paths(ties, two_steps)
    betweenness = _betweenness(ties, levels)
    others = (n - 1) * (n - 2)
    found = replace(
        found,
        degree_centralization=float((degrees.max() - degrees).sum()) / others,
        betweenness_centralization=float((betweenness.max() - betweenness).sum()) / (n - 1),
        most_central=tuple(int(nodes[i]) for i in _greatest(betweenness)),
    )
    if not k:
        return found
    pairs = [int(np.count_nonzero(level)) for level in levels]
    whole = _closeness(pairs) / (n * (n - 1))
    left = _closeness(_pairs_without(ties, two_steps, row)) / others
    return replace(
        found,
        spoke_density=(float(degrees.sum()) - 2 * k) / others,
        efficiency_loss=(whole - left) / whole,
    )


def _with_contacts(found: Companions, ties: Matrix, two_steps: Matrix, hub: int) -> Companions:
    """Fill in the measures of the hub and its partners alone."""
    partners, k = np.flatnonzero(ties[hub]), found.k
    tied_pairs = float(two_steps[hub, partners].sum()) / 2
    spread = ties[partners] / ties[partners].sum(axis=1, keepdims=True)
    reach = (1 + spread[:, partners].sum(axis=0)) / k
    return replace(
        found,
        constraint=float((reach**2).sum()),
        effective_size=k - 2 * tied_pairs / k,
        clustering=tied_pairs / (k * (k - 1) / 2) if k >= 2 else None,
    )


# Shortest paths ----------------------------------------------------------------------------------


def _shortest_paths(ties: Matrix, two_steps: Matrix) -> list[Matrix]:
    """How many shortest paths there are, by length from 1: 0 for pairs at another distance."""
    found, front = [ties], two_steps
    apart = ties == 0
    np.fill_diagonal(apart, False)
    while (fresh := front * apart).any():
        found.append(fresh)
        apart &= fresh == 0
        front = _product(fresh, ties, apart)
    return found


def _product(left: Matrix, right: Matrix, wanted: Mask) -> Matrix:
    """The matrix product in the rows in which something is wanted, which are often few."""
    rows = np.flatnonzero(wanted.any(axis=1))
    if len(rows) == len(left):
        return np.asarray(left @ right)
    found = np.zeros_like(left)
    if len(rows):
        found[rows] = left[rows] @ right
    return found


def _betweenness(ties: Matrix, levels: Sequence[Matrix]) -> Matrix:
    """Betweenness of every state, between 0 and 1, from all sources at once, the farthest first."""
    n = len(ties)
    through = np.zeros(n)  # how much of the paths between all others leads through each
    resting = np.zeros((n, n))  # [s, v]: how much of the paths from s to others, at one distance
    for nearer, paths in zip(reversed(levels[:-1]), reversed(levels[1:]), strict=True):
        there = paths > 0
        share = np.divide(1 + resting, paths, out=np.zeros((n, n)), where=there)
        resting = nearer * _product(share, ties, there)
        through += resting.sum(axis=0)
    return through / ((n - 1) * (n - 2))


def _greatest(betweenness: Matrix) -> tuple[int, ...]:
    greatest = betweenness.max()
    if greatest < TINY:
        return ()
    return tuple(int(i) for i in np.flatnonzero(betweenness > greatest * (1 - 1e-9)))


def _pairs_without(ties: Matrix, two_steps: Matrix, hub: int) -> list[int]:
    """Ordered pairs of states by distance from 1, with the ties of the hub gone.

    Single precision is enough to tell whether there is a step.
    """
    steps = ties.astype(np.float32)
    steps[hub] = steps[:, hub] = 0
    found = [int(np.count_nonzero(steps))]
    apart = steps == 0
    apart[hub] = apart[:, hub] = False
    np.fill_diagonal(apart, False)
    fresh = apart & (two_steps > np.outer(ties[hub], ties[hub]))
    while count := int(np.count_nonzero(fresh)):
        found.append(count)
        apart &= ~fresh
        fresh = apart & (fresh.astype(np.float32) @ steps > 0)
    return found


def _closeness(pairs: Sequence[int]) -> float:
    """The sum of 1 / distance over ordered pairs, given how many there are by distance from 1."""
    return sum(count / length for length, count in enumerate(pairs, start=1))
