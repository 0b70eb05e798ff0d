"""Overlap of arrangements on a day: shared members, Jaccard similarity, nesting, combinations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from latticework.as_of import overlapping
from latticework.index import Incidence, Mask


@dataclass(frozen=True)
class Overlap:
    """Two arrangements that share a member, by the memberships that certainly hold."""

    one: str
    other: str
    shared: tuple[str, ...]
    jaccard: float
    """Shared members over all members of either (Jaccard 1912), between 0 and 1."""
    nested: bool
    """Whether all members of one are members of the other."""
    sources: tuple[str, ...]
    """The sources of the memberships that make the overlap."""


def overlaps(data: Incidence, on: date) -> list[Overlap]:
    """Every pair of arrangements with a shared member, the closest first."""
    seats: dict[int, dict[int, set[str]]] = {}  # arrangement, state, sources
    for i in np.flatnonzero(data.certain(on.toordinal())):
        own = seats.setdefault(int(data.arrangement[i]), {})
        own.setdefault(int(data.member[i]), set()).add(data.sources[i])
    pairs = overlapping(data, on)
    found = []
    for one, other, jaccard, nested in zip(
        pairs.one.tolist(),
        pairs.other.tolist(),
        pairs.jaccard.tolist(),
        pairs.nested.tolist(),
        strict=True,
    ):
        if min(len(seats[one]), len(seats[other])) < 2:
            continue  # a list of one says nothing
        shared = sorted(seats[one].keys() & seats[other].keys())
        found.append(
            Overlap(
                data.arrangements[one],
                data.arrangements[other],
                tuple(data.states[state] for state in shared),
                jaccard,
                nested,
                tuple(sorted(set().union(*(seats[a][s] for a in (one, other) for s in shared)))),
            )
        )
    return sorted(found, key=lambda o: (-o.jaccard, o.one, o.other))


@dataclass(frozen=True)
class Matrix:
    """How many members every two arrangements share; the diagonal holds their sizes."""

    arrangements: tuple[str, ...]
    shared: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Combination:
    """The states that are in exactly these arrangements and in no other."""

    arrangements: tuple[str, ...]
    states: tuple[str, ...]
    sources: tuple[str, ...]
    """The sources of their memberships."""


def matrix(data: Incidence, on: date) -> Matrix:
    """Shared members of every two arrangements of two or more named members, on a day."""
    held, named = _named(data, on)
    counts = held.astype(np.int64).T @ held.astype(np.int64)
    return Matrix(named, tuple(tuple(int(cell) for cell in row) for row in counts))


def combinations_of(data: Incidence, on: date) -> list[Combination]:
    """Every combination of arrangements that holds some state, the largest set of states first.

    The rows of an UpSet plot (Lex, Gehlenborg, Strobelt, Vuillemot and Pfister 2014, IEEE
    Transactions on Visualization and Computer Graphics 20(12), 1983-1992): each state stands in
    exactly one, so that the counts add up to the number of states.
    """
    held, named = _named(data, on)
    groups: dict[tuple[str, ...], list[int]] = {}
    for row in np.flatnonzero(held.any(axis=1)):
        groups.setdefault(tuple(named[a] for a in np.flatnonzero(held[row])), []).append(int(row))
    sure = data.certain(on.toordinal())
    found = []
    for among, rows in groups.items():
        columns = [data.arrangements.index(arrangement) for arrangement in among]
        own = sure & np.isin(data.member, rows) & np.isin(data.arrangement, columns)
        found.append(
            Combination(
                among,
                tuple(data.states[row] for row in rows),
                tuple(sorted({data.sources[i] for i in np.flatnonzero(own)})),
            )
        )
    return sorted(found, key=lambda c: (-len(c.states), -len(c.arrangements), c.arrangements))


def _named(data: Incidence, on: date) -> tuple[Mask, tuple[str, ...]]:
    """States by those arrangements of which two members or more are named, and their names."""
    sure = data.certain(on.toordinal())
    held = np.zeros((len(data.states), len(data.arrangements)), dtype=bool)
    held[data.member[sure], data.arrangement[sure]] = True
    columns = np.flatnonzero(held.sum(axis=0) >= 2)
    return held[:, columns], tuple(data.arrangements[column] for column in columns)
