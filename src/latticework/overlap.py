"""Overlap of arrangements on a day: shared members, Jaccard similarity, nesting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from latticework.index import Incidence


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
    sure = data.certain(on.toordinal())
    members: dict[int, set[int]] = {}
    for i in np.flatnonzero(sure):
        members.setdefault(int(data.arrangement[i]), set()).add(int(data.member[i]))
    found = []
    holding = np.flatnonzero(sure)
    named = [a for a in sorted(members) if len(members[a]) >= 2]  # a list of one says nothing
    for a, b in combinations(named, 2):
        both = members[a] & members[b]
        if both:
            found.append(
                Overlap(
                    data.arrangements[a],
                    data.arrangements[b],
                    tuple(sorted(data.states[m] for m in both)),
                    len(both) / len(members[a] | members[b]),
                    both in (members[a], members[b]),
                    tuple(
                        sorted(
                            {
                                data.sources[i]
                                for i in holding
                                if data.arrangement[i] in (a, b) and data.member[i] in both
                            }
                        )
                    ),
                )
            )
    return sorted(found, key=lambda o: (-o.jaccard, o.one, o.other))
