"""What holds on a day, straight from the arrays: members, arrangements, who shares what.

Each answer has the rows of a named question, found by comparing and counting instead of joining;
a test holds the two equal. States and arrangements are rows and columns of the incidence, whose
layers, sources and region bound what is seen. A membership is *certain* on a day, or else
*possible* (see :class:`latticework.index.Incidence`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from latticework.index import Incidence, Indices, Mask

Counts = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

BLOCK = 256
"""Arrangements that are compared with all later ones at once, to bound the memory."""


@dataclass(frozen=True)
class Sizes:
    """Arrangements with members, and how many states belong to each."""

    arrangement: Indices
    certain: Counts
    at_most: Counts


@dataclass(frozen=True)
class Sharing:
    """Pairs of states (``one`` before ``other``), and how many arrangements hold both."""

    one: Indices
    other: Indices
    certain: Counts
    at_most: Counts


@dataclass(frozen=True)
class Overlapping:
    """Pairs of arrangements (``one`` before ``other``) that certainly share a member."""

    one: Indices
    other: Indices
    shared: Counts
    """States that are members of both."""
    either: Counts
    """States that are members of one or both."""
    nested: Mask
    """All members of one are members of the other."""

    @property
    def jaccard(self) -> Shares:
        """Shared members over members of either (Jaccard 1912), above 0 to 1."""
        return np.asarray(self.shared / self.either)


@dataclass(frozen=True)
class Participation:
    """States with members' seats: in how many arrangements, and with how many other states."""

    state: Indices
    arrangements: Counts
    partners: Counts


def members(data: Incidence, arrangement: str, on: date) -> tuple[Indices, Mask]:
    """The memberships of an arrangement that may hold, and which of them certainly do.

    The question is ``membership/members-at-a-date``.
    """
    return _held(data, _of(data.arrangements, arrangement, data.arrangement), on)


def memberships_of(data: Incidence, state: str, on: date) -> tuple[Indices, Mask]:
    """The memberships of a state that may hold, and which of them certainly do.

    The question is ``membership/memberships-of-a-state-at-a-date``.
    """
    return _held(data, _of(data.states, state, data.member), on)


def sizes(data: Incidence, on: date) -> Sizes:
    """The arrangements in being (``membership/arrangements-at-a-date``)."""
    certain, at_most = (
        np.bincount(seats // len(data.states), minlength=len(data.arrangements))
        for seats in _seats(data, on)
    )
    there = np.flatnonzero(at_most)
    return Sizes(there, certain[there], at_most[there])


def shared_by(data: Incidence, one: str, other: str, on: date) -> tuple[Indices, Mask]:
    """The arrangements that may hold both states, and which of them certainly do.

    The question is ``overlap/shared-by-two-states``.
    """
    return _common(data, [_seats_of(data, state, on) for state in (one, other)])


def in_all(data: Incidence, arrangements: Sequence[str], on: date) -> tuple[Indices, Mask]:
    """The states that may belong to all of these, and which certainly do.

    The question is ``overlap/in-all-of-these``.
    """
    return _common(data, [_states_of(data, arrangement, on) for arrangement in arrangements])


def in_any(data: Incidence, arrangements: Sequence[str], on: date) -> tuple[Indices, Counts]:
    """The states that certainly belong to one of these, and to how many.

    The question is ``overlap/in-any-of-these``.
    """
    held = [_states_of(data, arrangement, on)[0] for arrangement in set(arrangements)]
    counts = np.count_nonzero(held, axis=0)
    there = np.flatnonzero(counts)
    return there, counts[there]


def sharing(data: Incidence, on: date) -> Sharing:
    """The pairs of states in common arrangements (``overlap/states-sharing-arrangements``)."""
    certain, at_most = (_meetings(seats, len(data.states)) for seats in _seats(data, on))
    one, other = np.nonzero(at_most)
    return Sharing(one, other, certain[one, other], at_most[one, other])


def participation(data: Incidence, on: date) -> Participation:
    """The states in arrangements, for certain (``overlap/states-by-number-of-arrangements``)."""
    seats, _ = _seats(data, on)
    own = np.bincount(seats % len(data.states), minlength=len(data.states))
    together = _meetings(seats, len(data.states))
    partners = np.count_nonzero(together, axis=0) + np.count_nonzero(together, axis=1)
    state = np.flatnonzero(own)
    return Participation(state, own[state], partners[state])


def overlapping(data: Incidence, on: date) -> Overlapping:
    """The pairs of arrangements with a common member (``overlap/overlapping-arrangements``)."""
    certain = data.certain(on.toordinal())
    there, row = np.unique(data.arrangement[certain], return_inverse=True)
    seats = np.zeros((len(there), len(data.states)), dtype=np.float32)
    seats[row, data.member[certain]] = 1
    size = np.count_nonzero(seats, axis=1)
    ones, others, counts = [], [], []
    for first in range(0, len(there), BLOCK):
        block = seats[first : first + BLOCK] @ seats[first:].T  # whole numbers, hence exact
        one, other = np.nonzero(block > 0)
        later = other > one
        one, other = one[later], other[later]
        ones.append(one + first)
        others.append(other + first)
        counts.append(block[one, other])
    if not counts:
        nothing = np.zeros(0, dtype=np.intp)
        return Overlapping(nothing, nothing, nothing, nothing, nothing > 0)
    one, other = np.concatenate(ones), np.concatenate(others)
    shared = np.concatenate(counts).astype(np.int64)
    return Overlapping(
        there[one],
        there[other],
        shared,
        size[one] + size[other] - shared,
        (shared == size[one]) | (shared == size[other]),
    )


def _of(names: Sequence[str], name: str, column: Indices) -> Mask:
    if name not in names:
        return np.zeros(len(column), dtype=bool)
    return np.asarray(column == names.index(name))


def _held(data: Incidence, chosen: Mask, on: date) -> tuple[Indices, Mask]:
    day = on.toordinal()
    found = np.flatnonzero(chosen & data.possible(day))
    return found, data.certain(day)[found]


def _seats(data: Incidence, on: date) -> tuple[Indices, Indices]:
    """States in arrangements, each once, for certain and at most: arrangement * states + state."""
    day, number = on.toordinal(), data.arrangement * len(data.states) + data.member
    found = []
    for holds in (data.certain(day), data.possible(day)):
        taken = np.zeros(len(data.arrangements) * len(data.states), dtype=bool)
        taken[number[holds]] = True
        found.append(np.flatnonzero(taken))
    return found[0], found[1]


def _seats_of(data: Incidence, state: str, on: date) -> tuple[Mask, Mask]:
    """In which arrangements a state is, for certain and at most."""
    found, sure = memberships_of(data, state, on)
    return _marked(data.arrangement[found], sure, len(data.arrangements))


def _states_of(data: Incidence, arrangement: str, on: date) -> tuple[Mask, Mask]:
    """Which states an arrangement holds, for certain and at most."""
    found, sure = members(data, arrangement, on)
    return _marked(data.member[found], sure, len(data.states))


def _marked(places: Indices, sure: Mask, length: int) -> tuple[Mask, Mask]:
    certain, at_most = np.zeros((2, length), dtype=bool)
    certain[places[sure]] = True
    at_most[places] = True
    return certain, at_most


def _common(data: Incidence, marked: Sequence[tuple[Mask, Mask]]) -> tuple[Indices, Mask]:
    certain, at_most = (np.logical_and.reduce(masks) for masks in zip(*marked, strict=True))
    found = np.flatnonzero(at_most)
    return found, certain[found]


def _meetings(seats: Indices, states: int) -> Counts:
    """States by states, the lower index first: how many arrangements hold both.

    Seats come in order of arrangement and state; each is paired with the later ones of its
    arrangement, which spares a matrix of all seats.
    """
    arrangement, state = np.divmod(seats, states)
    size = np.bincount(arrangement)
    later = np.cumsum(size)[arrangement] - np.arange(len(seats)) - 1
    first = np.cumsum(later) - later
    step = np.arange(later.sum()) - np.repeat(first - np.arange(len(seats)) - 1, later)
    pairs = np.repeat(state, later) * states + state[step]
    return np.bincount(pairs, minlength=states * states).reshape(states, states)
